//! Pictures of pages in the codings of fax machines, office scanners and cameras, in PDFs and by themselves, upright and turned.
//! `data/coded/make.py` makes them and has another decoder look at them.

use std::fmt::Write as _;
use std::path::Path;

use drafting::source::Rejection;
use proptest::prelude::*;
use reading::Limits;
use reading::scan::{NoPicture, Picture};

fn data(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/coded");
    std::fs::read(Path::new(folder).join(name)).unwrap()
}

/// A stream as an object of a file.
fn stream(dict: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<<{dict}/Length {}>>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// A page that shows the picture of 320 by 40 dots, as `placed` places it, with more entries of the page; `more` is what the
/// picture's coding refers to.
fn page(entries: &str, coded: &[u8], more: &[u8], placed: &str, turned: &str) -> Vec<u8> {
    let dict = format!(
        "/Type/XObject/Subtype/Image/Width 320/Height 40/ColorSpace/DeviceGray/BitsPerComponent 1{entries}"
    );
    let sheet = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]{turned}/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    );
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        sheet.into_bytes(),
        stream("", placed.as_bytes()),
        stream(&dict, coded),
        stream("", more),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = String::from("xref\n0 7\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        file.extend(format!("{number} 0 obj\n").as_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let end = format!(
        "{table}trailer\n<</Root 1 0 R/Size 7>>\nstartxref\n{}\n%%EOF\n",
        file.len()
    );
    file.extend(end.as_bytes());
    file
}

const UPRIGHT: &str = "q 160 0 0 30 20 90 cm /X Do Q";

fn drawn(file: &[u8], turn: u8) -> Result<Picture, NoPicture> {
    assert_eq!(reading::scanned(file, &Limits::default()), Ok(vec![1]));
    reading::picture(file, &Limits::default(), 1, turn).unwrap()
}

fn plain(placed: &str, turned: &str) -> Vec<u8> {
    page("", &data("plain.bin"), &[], placed, turned)
}

/// Entries of a picture's dictionary, the coded bytes, and those of what they refer to.
type Coding = (&'static str, &'static str, Option<&'static str>);

const CODINGS: [Coding; 6] = [
    (
        "/CCITTFaxDecode/DecodeParms<</Columns 320/Rows 40>>",
        "fax-3.bin",
        None,
    ),
    (
        "/CCITTFaxDecode/DecodeParms<</K 4/Columns 320/Rows 40>>",
        "fax-3-mixed.bin",
        None,
    ),
    (
        "/CCITTFaxDecode/DecodeParms[<</K -1/Columns 320>>]",
        "fax-4.bin",
        None,
    ),
    ("/JBIG2Decode", "jbig2-arithmetic.bin", None),
    ("/JBIG2Decode", "jbig2-fax.bin", None),
    (
        "/JBIG2Decode/DecodeParms<</JBIG2Globals 6 0 R>>",
        "jbig2-symbols.bin",
        Some("jbig2-dictionary.bin"),
    ),
];

fn coded((entries, file, more): Coding, length: Option<usize>) -> Vec<u8> {
    let mut bytes = data(file);
    bytes.truncate(length.unwrap_or(bytes.len()));
    let more = more.map(data).unwrap_or_default();
    page(&format!("/Filter{entries}"), &bytes, &more, UPRIGHT, "")
}

#[test]
fn every_coding_gives_the_same_picture() {
    let expected = drawn(&plain(UPRIGHT, ""), 0).unwrap();
    for coding in CODINGS {
        assert!(
            drawn(&coded(coding, None), 0) == Ok(expected.clone()),
            "{coding:?}"
        );
    }
}

/// Half a page would look like a whole one.
#[test]
fn a_picture_that_breaks_off_is_not_drawn() {
    for coding in CODINGS {
        let length = data(coding.1).len() / 2;
        assert_eq!(
            drawn(&coded(coding, Some(length)), 0),
            Err(NoPicture::Unread),
            "{coding:?}"
        );
    }
    let mut half = data("plain.bin");
    half.truncate(half.len() / 2);
    let file = page("", &half, &[], UPRIGHT, "");
    assert_eq!(drawn(&file, 0), Err(NoPicture::Unread));
}

/// Turned by the page or by the scanner: turned back, it is the picture that it was.
#[test]
fn a_page_that_is_turned_can_be_turned_back() {
    let expected = drawn(&plain(UPRIGHT, ""), 0).unwrap();
    for (turned, back) in [
        ("/Rotate 90", 3),
        ("/Rotate 180", 2),
        ("/Rotate 270", 1),
        ("/Rotate -90", 1),
    ] {
        assert!(
            drawn(&plain(UPRIGHT, turned), back) == Ok(expected.clone()),
            "{turned}"
        );
    }
    for (placed, back) in [
        ("q 0 160 -30 0 110 20 cm /X Do Q", 1),
        ("q -160 0 0 -30 180 110 cm /X Do Q", 2),
        ("q 0 -160 30 0 90 180 cm /X Do Q", 3),
    ] {
        assert!(
            drawn(&plain(placed, ""), back) == Ok(expected.clone()),
            "{placed}"
        );
    }
}

#[test]
fn a_photo_is_a_page() {
    let expected = drawn(&data("grey.png"), 0).unwrap();
    assert_eq!(expected.page, 1);
    for name in ["colour.png", "palette.png", "clear.png"] {
        assert!(drawn(&data(name), 0) == Ok(expected.clone()), "{name}");
    }
    for name in ["grey.png", "photo.jpg", "progressive.jpg"] {
        assert_eq!(
            reading::parse(&data(name), &Limits::default()),
            Err(Rejection::Scanned { pages: 1 }),
            "{name}"
        );
        let drawn = drawn(&data(name), 0).unwrap();
        assert_eq!(
            (drawn.width, drawn.height),
            (expected.width, expected.height),
            "{name}"
        );
    }
}

#[test]
fn a_photo_that_breaks_off_is_not_drawn() {
    for name in ["grey.png", "clear.png", "photo.jpg", "progressive.jpg"] {
        let whole = data(name);
        let read = reading::picture(&whole[..whole.len() / 2], &Limits::default(), 1, 0);
        assert!(!matches!(read, Ok(Ok(_))), "{name} was drawn by half");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_injury_of_a_photo_is_drawn_or_refused(name in 0..6_usize, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let name = ["grey.png", "colour.png", "palette.png", "clear.png", "photo.jpg", "progressive.jpg"][name];
        let mut bytes = data(name);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.index(bytes.len() * 2).max(9));
        _ = reading::picture(&bytes, &Limits::default(), 1, 0);
        prop_assert!(reading::parse(&bytes, &Limits::default()).is_err(), "a picture has no words of its own");
    }
}
