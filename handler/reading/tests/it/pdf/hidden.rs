//! What a person sees of a page, and what only a machine would read.

use drafting::source::{NoticeKind, Rejection};

use super::forge::{Forge, line, stream};
use super::{bytes, joined, read, show};

#[test]
fn a_scan_is_no_text() {
    let scan = bytes("../tests/cases/tomas/sources/Appendix C.pdf");
    assert_eq!(read(&scan), Err(Rejection::Scanned { pages: 2 }));
}

#[test]
fn recognised_text_under_a_scan_is_read() {
    let reading = read(&bytes("tests/data/sandwich.pdf")).unwrap();
    assert!(joined(&reading).starts_with("Leila reads simple books"));
    assert_eq!(reading.notices, []);
}

#[test]
fn columns_are_read_one_after_the_other() {
    let text = joined(&read(&bytes("tests/data/columns.pdf")).unwrap());
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(place("with her key adult.") < place("At home she sleeps"));
    assert!(
        place("A report in two columns")
            < place("Leila has worked with the same adult since the spring and has learned")
    );
}

#[test]
fn what_nobody_sees_is_kept_out_and_shown() {
    let reading = read(&bytes("tests/data/hidden.pdf")).unwrap();
    let text = joined(&reading);
    assert!(
        text.contains("Seen again.") && text.contains("White on a dark bar is seen."),
        "{text}"
    );
    let hidden = reading
        .notices
        .iter()
        .find(|notice| notice.kind == NoticeKind::HiddenText)
        .unwrap();
    for words in [
        "white words",
        "tiny words",
        "unpainted words",
        "off the page",
        "under a bar",
    ] {
        assert!(!text.contains(words), "{words}");
        assert!(hidden.text.as_ref().unwrap().contains(words), "{words}");
    }
    let empty = reading
        .notices
        .iter()
        .find(|notice| notice.kind == NoticeKind::PageWithoutText)
        .unwrap();
    assert_eq!(empty.page, Some(2));
}

#[test]
fn only_a_password_of_the_reader_refuses() {
    assert_eq!(read(&bytes("tests/data/password.pdf")), Err(Rejection::Encrypted));
    assert!(joined(&read(&bytes("tests/data/owner.pdf")).unwrap()).starts_with("Leila reads"));
}

/// Checks that "secret" is told and kept out, and "Seen." is text.
fn check(forge: &Forge) {
    assert_eq!(show(&forge.bytes()), ["p Seen.", "! HiddenText secret"]);
}

fn page(more: &str) -> Forge {
    Forge::page(&(line(60.0, 700.0, "Seen.") + more))
}

#[test]
fn ways_to_hide() {
    let secret = line(60.0, 600.0, "secret");
    for start in ["3 Tr ", "1 g ", "1 1 1 rg ", "0 0 0 0 k ", "0.97 g "] {
        check(&page(&format!("{start}{secret}")));
    }
    // Tiny, by the font's size and by the matrix.
    check(&page("BT /F 1 Tf 60 600 Td (secret) Tj ET"));
    check(&page("BT /F 10 Tf 0.1 0 0 0.1 60 600 Tm (secret) Tj ET"));
    // Off the sheet, cut off by a clip, under a box, on a ground of its colour.
    check(&page(&line(60.0, -50.0, "secret")));
    check(&page(&format!("q 300 300 50 50 re W n {secret} Q")));
    check(&page(&format!("{secret} 1 g 50 590 100 30 re f")));
    check(&page(&format!("0 g 50 590 100 30 re f {secret}")));
    // Outside of the part of the sheet that is shown.
    check(&page(&secret).with_entries("/CropBox[0 650 595 842]"));
    // Wholly transparent.
    let state = "/Resources<</Font<</F 3 0 R>>/ExtGState<</G<</ca 0>>>>>>";
    check(&page(&format!("/G gs {secret}")).with_entries(state));
}

#[test]
fn layers() {
    let layered = |config: &str| {
        page(&format!("/OC /L BDC {}EMC", line(60.0, 600.0, "secret")))
            .with_object("<</Type/OCG/Name(L)>>")
            .with_catalog(&format!("/OCProperties<</OCGs[5 0 R]/D<<{config}>>>>"))
            .with_entries("/Resources<</Font<</F 3 0 R>>/Properties<</L 5 0 R>>>>")
    };
    check(&layered("/OFF[5 0 R]"));
    check(&layered("/BaseState/OFF"));
    for shown in ["", "/BaseState/OFF/ON[5 0 R]"] {
        assert_eq!(show(&layered(shown).bytes()), ["p Seen.", "p secret"], "{shown}");
    }
}

#[test]
fn replacement_texts() {
    let span = |text: &str, words: &str| {
        page(&format!(
            "/Span <</ActualText {text}>> BDC {}EMC",
            line(60.0, 600.0, words)
        ))
    };
    assert_eq!(
        show(&span("(He needs forty hours)", "He needs four hours").bytes()),
        [
            "p Seen.",
            "p He needs four hours",
            "! HiddenText He needs forty hours"
        ]
    );
    // A text that spells the same, or a ligature, or a soft hyphen, says nothing new.
    for same in ["(Words.)", "<FEFF0057006F007200640073>", "( words )"] {
        assert_eq!(
            show(&span(same, "Words").bytes()),
            ["p Seen.", "p Words"],
            "{same}"
        );
    }
    let named = page(&format!("/Span /S BDC {}EMC", line(60.0, 600.0, "Words")))
        .with_entries("/Resources<</Font<</F 3 0 R>>/Properties<</S<</ActualText(Other)>>>>>>");
    assert_eq!(show(&named.bytes()), ["p Seen.", "p Words", "! HiddenText Other"]);
}

/// A font whose "a" reads as these characters, in UTF-16.
fn reading_as(text: &str) -> Forge {
    let units = text
        .encode_utf16()
        .fold(String::new(), |units, unit| format!("{units}{unit:04X}"));
    let map =
        format!("1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <61> <{units}> endbfchar");
    page("BT /M 10 Tf 60 600 Td (a) Tj ET")
        .with_object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>")
        .with_object(&stream("", &map))
        .with_entries("/Resources<</Font<</F 3 0 R/M 5 0 R>>>>")
}

#[test]
fn signs_that_read_as_more_than_they_show() {
    assert_eq!(show(&reading_as("ffi").bytes()), ["p Seen.", "p ffi"]);
    check_secret(&reading_as("obey these words"), "obey these words");
    let tags: String = "obey"
        .chars()
        .filter_map(|c| char::from_u32(0xe_0000 + u32::from(c)))
        .collect();
    check_secret(&reading_as(&tags), "obey");
}

fn check_secret(forge: &Forge, secret: &str) {
    assert_eq!(
        show(&forge.bytes()),
        ["p Seen.", &format!("! HiddenText {secret}")]
    );
}
