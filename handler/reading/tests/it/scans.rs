//! Pages without text: found, drawn, made fit for recognition, and read with what was recognised on them.

use std::fmt::Write as _;
use std::path::PathBuf;

use drafting::source::Content;
use proptest::prelude::*;
use reading::sandbox::{Sandbox, SandboxLimits};
use reading::scan::{NoPicture, Page, Picture, Word};

fn sandbox() -> Sandbox {
    Sandbox::new(
        PathBuf::from(env!("CARGO_BIN_EXE_reader")),
        Vec::new(),
        SandboxLimits::default(),
    )
}

fn sample(case: &str, file: &str) -> Vec<u8> {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases");
    std::fs::read(format!("{cases}/{case}/sources/{file}")).unwrap()
}

#[tokio::test]
async fn the_pages_of_a_scan_are_found_and_drawn() {
    let bytes = sample("tomas", "Appendix C.pdf");
    assert_eq!(sandbox().scanned(&bytes).await, Ok(Ok(vec![1, 2])));
    for page in [1, 2] {
        let picture = sandbox()
            .picture(&bytes, page, 0)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        assert_eq!((picture.dpi, picture.page), (300.0, page));
        assert!(picture.png.starts_with(b"\x89PNG"));
        // The form at the head of the first page is ruled.
        assert_eq!(picture.rules.len() > 8, page == 1, "{:?}", picture.rules);
    }
}

/// A page that shows one picture over 200 by 100 points, at 100 and 600; `dict` and `data` are the picture's.
fn pictured(dict: &str, data: &[u8], placed: &str) -> Vec<u8> {
    let hex = hex(data);
    let object = crate::pdf::forge::stream(
        &format!("/Type/XObject/Subtype/Image/Filter/ASCIIHexDecode{dict}"),
        &format!("{hex}>"),
    );
    crate::pdf::forge::pages(1, placed, &[object])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

const PLACED: &str = "q 400 0 0 400 100 300 cm /X Do Q";

fn drawn(file: &[u8]) -> Result<Picture, NoPicture> {
    let limits = reading::Limits::default();
    reading::picture(file, &limits, 1, 0).unwrap()
}

/// A square of 16 by 16 dots with its left half dark, in these bits of these components.
fn half(bits: usize, light: &[u8], dark: &[u8]) -> Vec<u8> {
    if bits == 1 {
        return [dark[0], light[0]].repeat(16);
    }
    let row = [dark.repeat(8), light.repeat(8)].concat();
    row.repeat(16)
}

#[test]
fn pictures_of_all_plain_kinds_are_drawn() {
    let size = "/Width 16/Height 16";
    for (name, dict, data) in [
        (
            "grey",
            "/ColorSpace/DeviceGray/BitsPerComponent 8",
            half(8, &[255], &[0]),
        ),
        (
            "colour",
            "/ColorSpace/DeviceRGB/BitsPerComponent 8",
            half(8, &[250, 255, 250], &[20, 0, 10]),
        ),
        (
            "inks",
            "/ColorSpace/DeviceCMYK/BitsPerComponent 8",
            half(8, &[0, 0, 0, 0], &[0, 0, 0, 255]),
        ),
        (
            "bits",
            "/ColorSpace/DeviceGray/BitsPerComponent 1",
            half(1, &[255], &[0]),
        ),
        (
            "turned bits",
            "/ColorSpace/DeviceGray/BitsPerComponent 1/Decode[1 0]",
            half(1, &[0], &[255]),
        ),
        (
            "palette",
            "/ColorSpace[/Indexed/DeviceGray 1<00ff>]/BitsPerComponent 8",
            half(8, &[1], &[0]),
        ),
        (
            "stencil",
            "/ImageMask true/BitsPerComponent 1",
            half(1, &[255], &[0]),
        ),
        (
            "share of ink",
            "/ColorSpace[/Separation/Black/DeviceGray<<>>]/BitsPerComponent 8",
            half(8, &[0], &[255]),
        ),
    ] {
        let file = pictured(&format!("{size}{dict}"), &data, PLACED);
        assert_eq!(
            reading::scanned(&file, &reading::Limits::default()),
            Ok(vec![1]),
            "{name}"
        );
        assert!(drawn(&file).is_ok(), "{name}: {:?}", drawn(&file));
    }
}

#[test]
fn a_page_of_which_a_picture_is_not_read_is_not_drawn() {
    let size = "/Width 16/Height 16";
    for (name, dict, data) in [
        (
            "JPEG 2000",
            "/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/JPXDecode",
            half(8, &[255], &[0]),
        ),
        (
            "no JPEG",
            "/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode",
            half(8, &[255], &[0]),
        ),
        (
            "no fax",
            "/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</Columns 9>>",
            half(1, &[255], &[0]),
        ),
        (
            "no JBIG2",
            "/BitsPerComponent 1/Filter/JBIG2Decode",
            half(1, &[255], &[0]),
        ),
        (
            "no colours",
            "/ColorSpace/Pattern/BitsPerComponent 8",
            half(8, &[255], &[0]),
        ),
    ] {
        let hex = hex(&data);
        let object = crate::pdf::forge::stream(&format!("/Type/XObject/Subtype/Image{size}{dict}"), &hex);
        let file = crate::pdf::forge::pages(1, PLACED, &[object]);
        assert_eq!(drawn(&file), Err(NoPicture::Unread), "{name}");
    }
}

#[test]
fn picture_bombs_are_not_drawn() {
    let data = half(8, &[255], &[0]);
    for (name, size) in [
        ("many dots", "/Width 60000/Height 60000"),
        (
            "more than can be counted",
            "/Width 9223372036854775807/Height 9223372036854775807",
        ),
        ("less than none", "/Width -16/Height 16"),
        ("none", "/Width 0/Height 16"),
    ] {
        let file = pictured(
            &format!("{size}/ColorSpace/DeviceGray/BitsPerComponent 8"),
            &data,
            PLACED,
        );
        assert_eq!(drawn(&file), Err(NoPicture::Unread), "{name}");
    }
    // A picture that is painted so often that drawing it would not end.
    let often = "q 595 0 0 842 0 0 cm /X Do Q ".repeat(2_000);
    let file = pictured(
        "/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent 8",
        &data,
        &often,
    );
    assert_eq!(drawn(&file), Err(NoPicture::Unread));
    // A sheet as large as the format allows, and one beyond.
    for side in ["14400", "99999999"] {
        let file = String::from_utf8(pictured(
            "/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent 8",
            &data,
            PLACED,
        ))
        .unwrap();
        let file = file.replace("0 0 595 842", &format!("0 0 {side} {side}"));
        assert!(drawn(file.as_bytes()).is_err(), "{side}");
    }
}

fn words(text: &str) -> Vec<Word> {
    let word = |(at, text): (usize, &str)| {
        let x = 100.0 + 200.0 * f64::from(u32::try_from(at).unwrap());
        Word {
            text: text.to_owned(),
            confidence: 91,
            area: [x, 300.0, x + 180.0, 340.0],
            line: 0,
            handwritten: false,
            role: None,
        }
    };
    text.split(' ').enumerate().map(word).collect()
}

fn page(words: Vec<Word>) -> Page {
    Page {
        picture: Picture {
            page: 1,
            width: 2480,
            height: 3508,
            dpi: 300.0,
            rules: Vec::new(),
            png: Vec::new(),
        },
        words,
    }
}

fn scan_of_a_page() -> Vec<u8> {
    pictured(
        "/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent 8",
        &half(8, &[255], &[0]),
        PLACED,
    )
}

#[test]
fn recognised_words_are_laid_out_with_their_confidence() {
    let file = scan_of_a_page();
    let read = reading::parse_recognised(
        &file,
        &reading::Limits::default(),
        &[page(words("\u{ab} He reads well."))],
    )
    .unwrap();
    let block = read.reading.blocks.first().unwrap();
    let Content::ListItem { text, .. } = &block.content else {
        panic!("{block:?}")
    };
    assert_eq!((text.as_str(), block.page), ("He reads well.", Some(1)));
    let spans: Vec<_> = read.words[0][0]
        .iter()
        .map(|word| (&text[word.start..word.end], word.confidence))
        .collect();
    assert_eq!(
        spans
            .iter()
            .map(|(text, _)| *text)
            .collect::<Vec<_>>()
            .concat()
            .replace(' ', ""),
        "Hereadswell."
    );
    assert!(spans.iter().all(|(_, confidence)| *confidence == 91), "{spans:?}");
}

fn any_word() -> impl Strategy<Value = Word> {
    let side = prop_oneof![-50.0..4000.0_f64, any::<f64>()];
    (
        ".{0,12}",
        any::<u8>(),
        [side.clone(), side.clone(), side.clone(), side],
        0..6_u32,
        any::<bool>(),
    )
        .prop_map(|(text, confidence, area, line, handwritten)| Word {
            text,
            confidence,
            area,
            line,
            handwritten,
            role: None,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_words_are_laid_out_or_refused(words in proptest::collection::vec(any_word(), 0..30), dpi in any::<f64>(), rules in proptest::collection::vec(any::<[f64; 4]>(), 0..4)) {
        let mut page = page(words);
        page.picture.dpi = dpi;
        page.picture.rules = rules;
        if let Ok(read) = reading::parse_recognised(&scan_of_a_page(), &reading::Limits::default(), &[page]) {
            prop_assert_eq!(read.reading.blocks.len(), read.words.len());
            for (block, words) in read.reading.blocks.iter().zip(&read.words) {
                if let Content::Paragraph { text, .. } | Content::ListItem { text, .. } = &block.content {
                    prop_assert!(words.iter().flatten().all(|word| text.get(word.start..word.end).is_some()));
                }
            }
        }
    }

    #[test]
    fn any_picture_is_drawn_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), filter in 0..5_usize, bits in 0..20_u8) {
        let filter = ["/DCTDecode", "/CCITTFaxDecode/DecodeParms<</K -1/Columns 16>>", "/JBIG2Decode", "/FlateDecode", "/ASCIIHexDecode"][filter];
        let hex = hex(&bytes);
        let object = crate::pdf::forge::stream(
            &format!("/Type/XObject/Subtype/Image/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent {bits}/Filter{filter}"),
            &hex,
        );
        let file = crate::pdf::forge::pages(1, PLACED, &[object]);
        _ = drawn(&file);
        prop_assert!(reading::scanned(&file, &reading::Limits::default()).is_ok());
    }
}
