//! Files made to hurt their reader.

use std::time::{Duration, Instant};

use drafting::source::Rejection;
use proptest::prelude::*;
use reading::{Limits, parse};

use crate::forge::{Docx, archive, blanks, part};

fn check(bytes: &[u8], expected: &str) {
    let start = Instant::now();
    let rejection = parse(bytes, &Limits::default()).unwrap_err();
    assert_eq!(
        rejection,
        Rejection::Hostile {
            what: expected.into()
        }
    );
    // A child has ten seconds of processor time, and a release build is ten times as fast as this one.
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn bombs() {
    let bomb = blanks("word/document.xml", 1000);
    assert!(bomb.len() < 5_000_000);
    check(&bomb, "memory");
    // The sizes that the archive states are lies.
    let mut liar = bomb;
    let stated = 1_000_000_000_u32.to_le_bytes();
    while let Some(at) = liar.windows(4).position(|four| four == stated) {
        liar[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    assert!(parse(&liar, &Limits::default()).is_err());
}

#[test]
fn nesting() {
    let deep = |open: &str, close: &str| Docx::body(&(open.repeat(100_000) + &close.repeat(100_000))).bytes();
    check(&deep("<w:sdt>", "</w:sdt>"), "the depth of its nesting");
    check(
        &deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        "the depth of its nesting",
    );
    let most = 190 / 3;
    let nested = "<w:tbl><w:tr><w:tc>".repeat(most)
        + "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
        + &"</w:tc></w:tr></w:tbl>".repeat(most);
    assert!(parse(&Docx::body(&nested).bytes(), &Limits::default()).is_ok());
}

#[test]
fn entities() {
    let laughs: Vec<String> = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let doctype = format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{}]>", laughs.concat());
    let docx = Docx::body("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>")
        .changed(|xml| xml.replacen("?>", &format!("?>{doctype}"), 1));
    check(&docx.bytes(), "a document type definition");
    let external =
        Docx::body("").changed(|xml| xml.replacen("?>", "?><!DOCTYPE x SYSTEM \"file:///etc/passwd\">", 1));
    check(&external.bytes(), "a document type definition");
    let unknown = Docx::body("<w:p><w:r><w:t>&secret;</w:t></w:r></w:p>");
    assert_eq!(
        parse(&unknown.bytes(), &Limits::default()),
        Err(Rejection::Damaged)
    );
}

#[test]
fn numbers_of_things() {
    // Each differs, so that it is not their compression that gives them away.
    let spread = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let many: Vec<String> = (0..800_000)
        .map(|n| format!("<w:p w:a=\"{:x}\"/>", spread(n)))
        .collect();
    check(&Docx::body(&many.concat()).bytes(), "memory");
    let wide = "<w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"4000000000\"/></w:tcPr><w:p/></w:tc></w:tr>";
    check(
        &Docx::body(&format!("<w:tbl>{}</w:tbl>", wide.repeat(20_000))).bytes(),
        "memory",
    );
    let cells = "<w:tc><w:p/></w:tc>".repeat(1000);
    check(
        &Docx::body(&format!("<w:tbl><w:tr>{cells}</w:tr></w:tbl>")).bytes(),
        "the number of columns of a table",
    );
    let names: Vec<String> = (0..10_001).map(|n| format!("x{n}")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    check(&archive(&entries), "the number of files in it");
    check(
        &archive(&[("word/document.xml", b"<a/>"), ("Word/Document.xml", b"<b/>")]),
        "two parts of one name",
    );
}

#[test]
fn circles() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"A\"><w:name w:val=\"A\"/><w:basedOn w:val=\"B\"/></w:style>\
                  <w:style w:type=\"paragraph\" w:styleId=\"B\"><w:name w:val=\"B\"/><w:basedOn w:val=\"A\"/></w:style>";
    let notes = "<w:footnote w:id=\"1\"><w:p><w:r><w:t>x</w:t><w:footnoteReference w:id=\"1\"/></w:r></w:p></w:footnote>";
    let body = "<w:p><w:pPr><w:pStyle w:val=\"A\"/></w:pPr><w:r><w:t>x</w:t><w:footnoteReference w:id=\"1\"/></w:r></w:p>";
    let docx = Docx::body(body).with("styles", styles).with("footnotes", notes);
    assert_eq!(parse(&docx.bytes(), &Limits::default()).unwrap().blocks.len(), 2);
}

#[test]
fn nothing_outside_is_opened() {
    let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                     <Relationship Id=\"a\" Type=\"x/officeDocument\" TargetMode=\"External\" Target=\"file:///etc/passwd\"/></Relationships>";
    let document = part("document", "<w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body>");
    let bytes = archive(&[
        ("_rels/.rels", relations.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ]);
    assert_eq!(parse(&bytes, &Limits::default()).unwrap().blocks.len(), 1);
    let up = relations
        .replace(" TargetMode=\"External\"", "")
        .replace("file:///etc", "../../../etc");
    let bytes = archive(&[("_rels/.rels", up.as_bytes())]);
    assert_eq!(
        parse(&bytes, &Limits::default()),
        Err(Rejection::Unsupported {
            what: "a ZIP archive".into()
        })
    );
}

/// Every offset that a reading gives must be one of its text's.
fn is_sound(bytes: &[u8]) -> bool {
    let Ok(reading) = parse(bytes, &Limits::default()) else {
        return true;
    };
    let document = drafting::document::Document::number(1, &reading);
    document
        .sentences
        .iter()
        .all(|s| document.text.get(s.span.0..s.span.1) == Some(s.text.as_str()))
}

fn sample() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/cases/amina/sources/Appendix A.docx"
    );
    std::fs::read(path).unwrap()
}

/// The document part of a sample, to be changed inside a sound archive.
fn sample_xml() -> String {
    part_of(&sample(), "word/document.xml")
}

fn part_of(archive: &[u8], name: &str) -> String {
    use std::io::Read as _;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut xml = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
    xml
}

/// A sample as LibreOffice converts it.
fn converted(extension: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/converted");
    std::fs::read(format!("{folder}/Appendix D - EP.{extension}")).unwrap()
}

/// Control words and groups in any order.
const RICH: &str = r"(\\(par|cell|row|trowd|intbl|itap[0-3]|nestcell|nestrow|cellx[0-9]{1,4}|pard|plain|clmrg|clvmgf|clvmrg|u-?[0-9]{1,5}|uc[0-3]|bin[0-9]|v|fs[0-9]|deleted|'[0-9a-f]{2}|\*) ?|\{\\(footnote|annotation|shptxt|listtext|fonttbl|stylesheet|colortbl|upr|pict|fldinst|\*\\nesttableprops) |[a-z ;.]{1,5}|\{|\}){0,80}\}{0,40}";

/// Tags in any order.
const PAGE: &str = "(</?(table|tr|td|th|thead|tfoot|caption|p|div|li|ul|ol|h1|b|a|select|option|svg|math|template|style|script|textarea|pre|ins|del)( (hidden|rowspan=0|rowspan=3|colspan=9|id=fn1|href='#fn1'|style='display:none'|class=x))?>|<!--|-->|[a-z {}:.]{1,5}|&[a-z]{2,4};){0,80}";

/// Eight times the text must not take much more than eight times the time.
#[test]
fn time_grows_with_length() {
    let rtf = |n: usize| {
        format!("{{\\rtf1{}}}", "\\trowd\\cellx1\\cellx2\\pard\\intbl He reads.\\cell daily\\cell\\row\\pard {\\b He} counts.{\\footnote x}\\par".repeat(n)).into_bytes()
    };
    let html = |n: usize| {
        format!("<html><style>p.x b{{color:red}}</style>{}", "<table><tr><td rowspan=2>He reads.<td>daily<tr><td>x</table><p class=x><b>He</b> counts.<ul><li>x</ul>".repeat(n)).into_bytes()
    };
    let odt = |n: usize| {
        let xml = part_of(&converted("odt"), "content.xml");
        let (start, rest) = xml.split_once("<text:h ").unwrap();
        let (body, end) = rest.split_once("</office:text>").unwrap();
        let xml = format!(
            "{start}{}</office:text>{end}",
            format!("<text:h {body}").repeat(n / 100)
        );
        archive(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", xml.as_bytes()),
        ])
    };
    // The fastest of three counts: other programs only make one slower.
    let time = |bytes: Vec<u8>| {
        let once = || {
            let start = Instant::now();
            assert!(parse(&bytes, &Limits::default()).is_ok());
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap()
    };
    let makers: [&dyn Fn(usize) -> Vec<u8>; 3] = [&rtf, &html, &odt];
    for (at, make) in makers.into_iter().enumerate() {
        let short = time(make(300)).max(Duration::from_millis(20));
        let long = time(make(2400));
        assert!(long < short * 24, "{at}: {short:?} {long:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2048), start in 0..8_usize) {
        let starts: [&[u8]; 8] = [b"", b"{\\rtf1", b"<html>", b"<?xml version='1.0'?><html>", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"# x\n\n"];
        prop_assert!(is_sound(&[starts[start], &bytes].concat()));
    }

    #[test]
    fn any_text(text in "[ -~\n#|*\\-•:1-9\u{ad}é]{0,400}") {
        prop_assert!(is_sound(text.as_bytes()));
    }

    #[test]
    fn any_rich_text(body in RICH) {
        let file = format!("{{\\rtf1{body}");
        prop_assert!(is_sound(file.as_bytes()));
    }

    #[test]
    fn any_page(body in PAGE) {
        let file = format!("<html>{body}");
        prop_assert!(is_sound(file.as_bytes()));
    }

    #[test]
    fn changed_conversions(of in 0..3_usize, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let mut bytes = converted(["odt", "rtf", "html"][of]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        prop_assert!(is_sound(&bytes));
        bytes.truncate(cut.index(bytes.len()));
        prop_assert!(is_sound(&bytes));
    }

    #[test]
    fn changed_order(of in 0..3_usize, moves in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..12)) {
        let (bytes, mark) = match of {
            0 => (converted("rtf"), '\\'),
            1 => (converted("html"), '>'),
            _ => (part_of(&converted("odt"), "content.xml").into_bytes(), '>'),
        };
        let text = String::from_utf8(bytes).unwrap();
        let mut pieces: Vec<&str> = text.split_inclusive(mark).collect();
        for (from, to) in moves {
            let (from, to) = (from.index(pieces.len()), to.index(pieces.len()));
            pieces.swap(from, to);
        }
        let changed = pieces.concat();
        let bytes = match of {
            0 | 1 => changed.into_bytes(),
            _ => archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", changed.as_bytes())]),
        };
        prop_assert!(is_sound(&bytes));
    }

    #[test]
    fn changed_archives(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in 0..50_usize) {
        let mut bytes = sample();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut * 10);
        prop_assert!(is_sound(&bytes));
    }

    #[test]
    fn changed_documents(moves in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6)) {
        let xml = sample_xml();
        let mut tags: Vec<&str> = xml.split_inclusive('>').collect();
        for (from, to) in moves {
            let (from, to) = (from.index(tags.len()), to.index(tags.len()));
            tags.swap(from, to);
        }
        prop_assert!(is_sound(&archive(&[("word/document.xml", tags.concat().as_bytes())])));
    }
}
