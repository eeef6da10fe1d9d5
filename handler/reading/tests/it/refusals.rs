//! Files that are not read, and what is said of each.

use drafting::source::{Format, Rejection};
use reading::{Limits, parse};

use crate::forge::{Docx, archive};
use crate::shown::shown;

fn refused(bytes: &[u8]) -> Rejection {
    parse(bytes, &Limits::default()).unwrap_err()
}

fn check(bytes: &[u8], expected: &str) {
    assert_eq!(
        refused(bytes),
        Rejection::Unsupported {
            what: expected.into()
        }
    );
}

/// A compound file that names a stream.
fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(600, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(1024, 0);
    bytes
}

#[test]
fn types_that_are_not_read() {
    check(&compound("WordDocument"), "an old Word file (.doc)");
    check(&compound("Workbook"), "an old Excel file (.xls)");
    check(&compound("PowerPoint Document"), "an old PowerPoint file (.ppt)");
    check(&compound("__properties_version1.0"), "an e-mail (.msg)");
    check(&compound("Other"), "an old Office file");
    check(
        b"Received: from x\r\nFrom: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nText",
        "an e-mail (.eml)",
    );
    let saved = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<html>Text</html>";
    check(saved.as_bytes(), "a web archive (.mht)");
    check(
        format!("From: <Saved by Blink>\r\nSnapshot-Content-Location: x\r\n{saved}").as_bytes(),
        "a web archive (.mht)",
    );
    check(b"<?xml version=\"1.0\"?><a/>", "an XML file");
    check(
        &archive(&[
            ("mimetype", b"application/vnd.oasis.opendocument.graphics"),
            ("content.xml", b"<a/>"),
        ]),
        "an OpenDocument file that holds no text",
    );
    check(&archive(&[("xl/workbook.xml", b"<a/>")]), "an Excel file");
    check(
        &archive(&[("ppt/presentation.xml", b"<a/>")]),
        "a PowerPoint file",
    );
    check(&archive(&[("report.docx", b"x")]), "a ZIP archive");
    check(b"\xff\xd8\xff\xe0JFIF", "a photo (JPEG)");
    check(b"\x89PNG\r\n\x1a\n0000", "a picture (PNG)");
    check(b"GIF89a0000", "a picture (GIF)");
    check(b"II*\0aaaa", "a picture (TIFF)");
    check(b"RIFF0000WEBPVP8 ", "a picture (WebP)");
    check(b"\0\0\0\x18ftypheic0000", "a photo (HEIC)");
    check(b"\0\0\0\x18ftypisom0000", "a video");
    check(b"RIFF0000WAVEfmt ", "a sound recording");
    check(b"ID3\x03aaaa", "a sound recording");
    check(b"MZ\x90\0", "a program");
    check(b"\x7fELF\x02\x01", "a program");
    check(
        b"\x01\x02\x03\x04\x05\0\0\0\0\x06",
        "a binary file of an unknown type",
    );
}

#[test]
fn what_to_do_is_said() {
    for what in [
        compound("WordDocument"),
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nx".to_vec(),
    ] {
        let advice = refused(&what).advice();
        assert!(
            advice.ends_with("save it as PDF or DOCX and upload that"),
            "{advice}"
        );
    }
}

#[test]
fn nothing_to_read() {
    for bytes in [
        &b""[..],
        b" \r\n\t ",
        b"\0\0\0\0",
        b"\xef\xbb\xbf \n",
        "\u{a0}\u{200b}".as_bytes(),
    ] {
        assert_eq!(refused(bytes), Rejection::Empty, "{bytes:?}");
    }
    assert_eq!(refused(&Docx::body("<w:p/>").bytes()), Rejection::Empty);
    let scans = "<w:p><w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r></w:p>".repeat(3);
    assert_eq!(
        refused(&Docx::body(&scans).bytes()),
        Rejection::Scanned { pages: 3 }
    );
}

#[test]
fn protected_and_damaged() {
    assert_eq!(refused(&compound("EncryptedPackage")), Rejection::Encrypted);
    let whole = Docx::body("<w:p><w:r><w:t>Text</w:t></w:r></w:p>").bytes();
    assert_eq!(refused(&whole[..whole.len() / 2]), Rejection::Damaged);
    let cut = Docx::body("").changed(|xml| xml[..xml.len() - 9].to_owned());
    assert_eq!(refused(&cut.bytes()), Rejection::Damaged);
}

#[test]
fn limits_hold() {
    let bytes = Docx::body(&"<w:p><w:r><w:t>Many words.</w:t></w:r></w:p>".repeat(100)).bytes();
    let with = |limits: &Limits| match parse(&bytes, limits) {
        Err(Rejection::TooLarge { what }) => what,
        other => panic!("{other:?}"),
    };
    with(&Limits {
        file_bytes: 100,
        ..Limits::default()
    });
    with(&Limits {
        text_chars: 1000,
        ..Limits::default()
    });
    with(&Limits {
        unzipped_bytes: 1000,
        ..Limits::default()
    });
}

#[test]
fn what_is_read() {
    let format = |bytes: &[u8]| parse(bytes, &Limits::default()).unwrap().format;
    assert_eq!(format(b"He reads well. He likes books."), Format::Text);
    assert_eq!(format(b"He scored #3. # is a sign."), Format::Text);
    assert_eq!(
        format(b"From: A\nTo: B\nSubject: C\n\nA mail as text."),
        Format::Text
    );
    assert_eq!(format(b"# Needs\n\nHe reads."), Format::Markdown);
    assert_eq!(format(b"| a | b |\n|---|---|\n| c | d |\n"), Format::Markdown);
    assert_eq!(format(b"{\\rtf1\\ansi Text}"), Format::Rtf);
    assert_eq!(
        format(b"<!DOCTYPE html><html><body>Text</body></html>"),
        Format::Html
    );
    assert_eq!(format(b"\n<HTML><body>Text</body></html>"), Format::Html);
    assert_eq!(format(b"<!-- a --><p>Text</p>"), Format::Html);
    assert_eq!(format(b"He wrote <p> and </p> on paper."), Format::Text);
    assert_eq!(
        format(&Docx::body("<w:p><w:r><w:t>Text</w:t></w:r></w:p>").bytes()),
        Format::Docx
    );
}

#[test]
fn markdown() {
    let text = "# Needs\n\n**Reading.** He reads\nwell. ![logo](x.png)\n\n1. one\n   - two\n2. three\n\n<!-- ignore all -->\n\n\
                | Who | When |\n| --- | --- |\n| **TA** | daily |\n\nName: A  \nBorn: B\n";
    let reading = parse(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(
        shown(&reading),
        [
            "h1 Needs",
            "p *Reading.* He reads well.",
            "li0 1. one",
            "li1 - two",
            "li0 2. three",
            "head Who | When",
            "row TA | daily",
            "p Name: A",
            "p Born: B",
            "! Picture",
            "! HiddenText ignore all",
        ]
    );
    let struck = parse(b"# Needs\n\nHe needs ~~two~~ three hours.", &Limits::default()).unwrap();
    assert_eq!(
        shown(&struck),
        ["h1 Needs", "p He needs three hours.", "! TrackedDeletion two"]
    );
}

#[test]
fn lines_of_markdown_that_begin_as_items_or_labels_are_lines_of_their_own() {
    let text = "# Needs\n\na) He reads\nfor 15 minutes, 1:1.\nb) He counts.\n\nName: A\nBorn: B\n\nHe was seen by\nDr Moss: he is well, see\n\
                (a) below.\n";
    assert_eq!(
        shown(&parse(text.as_bytes(), &Limits::default()).unwrap()),
        [
            "h1 Needs",
            "li0 a) He reads for 15 minutes, 1:1.",
            "li0 b) He counts.",
            "p Name: A",
            "p Born: B",
            "p He was seen by Dr Moss: he is well, see (a) below.",
        ]
    );
}

#[test]
fn words_for_a_machine_in_text() {
    let tags: String = "obey"
        .chars()
        .filter_map(|c| char::from_u32(0xe_0000 + u32::from(c)))
        .collect();
    for start in ["", "# Needs\n\n"] {
        let reading = parse(
            format!("{start}He reads well.{tags}").as_bytes(),
            &Limits::default(),
        )
        .unwrap();
        let lines = shown(&reading);
        assert_eq!(
            lines[lines.len() - 2..],
            ["p He reads well.", "! HiddenText obey"]
        );
    }
}
