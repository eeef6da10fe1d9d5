//! What a file is, by its bytes.

use drafting::source::Rejection;
use memchr::memmem;

use crate::{html, photo, text};

/// A file that is read.
pub(crate) enum Kind {
    /// A PDF.
    Pdf,
    /// A photo or picture, as a PDF of one page.
    Photo(Vec<u8>),
    /// A zip archive, which may be a DOCX or an ODT.
    Zip,
    /// Rich text.
    Rtf,
    /// A web page.
    Html,
    /// Text with Markdown marks.
    Markdown(String),
    /// Plain text.
    Text(String),
}

/// How far into a file a PDF's header may stand, in bytes; mail programs put lines before it.
const PDF_HEADER_WITHIN: usize = 1024;

/// How much of a text says what it is, in bytes.
const TEXT_BEGINNING: usize = 8192;

const PHOTO_HEIC: &str = "a photo (HEIC)";
const VIDEO: &str = "a video";
const SOUND: &str = "a sound recording";
const PROGRAM: &str = "a program";
const ARCHIVE: &str = "a compressed archive";

/// What files begin with that are not read, and what they are.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"\xff\xd8\xff", "a photo (JPEG)"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"GIF87a", "a picture (GIF)"),
    (b"GIF89a", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"ID3", SOUND),
    (b"\xff\xfb", SOUND),
    (b"\xff\xf3", SOUND),
    (b"OggS", SOUND),
    (b"fLaC", SOUND),
    (b"#!AMR", SOUND),
    (b"\x1a\x45\xdf\xa3", VIDEO),
    (b"\x00\x00\x01\xba", VIDEO),
    (
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        "a video or sound recording (Windows Media)",
    ),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\x1f\x8b", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE),
    (b"%!PS", "a print file (PostScript)"),
    (b"SQLite format 3\0", "a database"),
    (b"\xffWPC", "a WordPerfect file"),
];

/// What the bytes are, or why they are not read.
pub(crate) fn of(bytes: &[u8]) -> Result<Kind, Rejection> {
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(Rejection::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Zip);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(compound(bytes));
    }
    if let Some(page) = photo::page(bytes) {
        return Ok(Kind::Photo(page));
    }
    if let Some(what) = binary(bytes) {
        return Err(unsupported(what));
    }
    let start = bytes.get(..PDF_HEADER_WITHIN).unwrap_or(bytes);
    if memmem::find(start, b"%PDF-").is_some() {
        return Ok(Kind::Pdf);
    }
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Ok(Kind::Rtf);
    }
    of_text(bytes)
}

fn of_text(bytes: &[u8]) -> Result<Kind, Rejection> {
    if html::is(&beginning(bytes)) {
        return Ok(Kind::Html);
    }
    let text = text::decode(bytes).ok_or_else(|| unsupported("a binary file of an unknown type"))?;
    if let Some(what) = marked_up(&text) {
        return Err(unsupported(what));
    }
    Ok(if crate::markdown::is(&text) {
        Kind::Markdown(text.into_owned())
    } else {
        Kind::Text(text.into_owned())
    })
}

/// The beginning of a file, as text; what cannot be decoded is no sign of anything.
fn beginning(bytes: &[u8]) -> String {
    let start = bytes.get(..TEXT_BEGINNING).unwrap_or(bytes);
    let (text, _, _) = encoding_rs::UTF_8.decode(start);
    text.into_owned()
}

pub(crate) fn unsupported(what: &str) -> Rejection {
    Rejection::Unsupported {
        what: what.to_owned(),
    }
}

/// A limit that no document needs to exceed was exceeded.
pub(crate) fn hostile(what: &str) -> Rejection {
    Rejection::Hostile {
        what: what.to_owned(),
    }
}

fn binary(bytes: &[u8]) -> Option<&'static str> {
    let known = BEGINNINGS
        .iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|&(_, what)| what);
    known.or_else(|| riff(bytes)).or_else(|| boxed(bytes))
}

/// WebP, WAV and AVI share one container.
fn riff(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.starts_with(b"RIFF") {
        return None;
    }
    match bytes.get(8..12)? {
        b"WEBP" => Some("a picture (WebP)"),
        b"WAVE" => Some(SOUND),
        b"AVI " => Some(VIDEO),
        _ => None,
    }
}

/// Photos of telephones and most videos share another.
fn boxed(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8)? != b"ftyp" {
        return None;
    }
    match bytes.get(8..12)? {
        b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"avif" => Some(PHOTO_HEIC),
        b"M4A " | b"M4B " => Some(SOUND),
        _ => Some(VIDEO),
    }
}

/// What a compound file (the container of old Office files) holds, by the names in its directory. A message may
/// have any of the others attached, and a presentation or document may embed a workbook.
fn compound(bytes: &[u8]) -> Rejection {
    const STREAMS: &[(&str, &str)] = &[
        ("__properties_version1.0", "an e-mail (.msg)"),
        ("EncryptedPackage", ""),
        ("PowerPoint Document", "an old PowerPoint file (.ppt)"),
        ("WordDocument", "an old Word file (.doc)"),
        ("Workbook", "an old Excel file (.xls)"),
    ];
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wide).is_some()
    };
    match STREAMS.iter().find(|(name, _)| named(name)) {
        Some(("EncryptedPackage", _)) => Rejection::Encrypted,
        Some((_, what)) => unsupported(what),
        None => unsupported("an old Office file"),
    }
}

/// What text is that is written for machines.
fn marked_up(text: &str) -> Option<&'static str> {
    let start: String = text
        .trim_start()
        .chars()
        .take(4096)
        .collect::<String>()
        .to_ascii_lowercase();
    if start.starts_with("<?xml") {
        return Some("an XML file");
    }
    if is_web_archive(&start) {
        return Some("a web archive (.mht)");
    }
    is_mail(&start).then_some("an e-mail (.eml)")
}

/// A page with its pictures as a browser or Word saves it; it is written like a mail of several parts.
fn is_web_archive(start: &str) -> bool {
    let head: Vec<&str> = start.lines().take_while(|line| !line.is_empty()).collect();
    let has = |name: &str| head.iter().any(|line| line.starts_with(name));
    let saved = has("from: <saved by") || has("snapshot-content-location:") || !has("from:");
    let related = head.iter().any(|line| line.contains("multipart/related"));
    saved && related && has("mime-version:")
}

/// A mail as stored by a mail program; one copied into a text file lacks the transport's lines.
fn is_mail(start: &str) -> bool {
    let head: Vec<&str> = start.lines().take_while(|line| !line.is_empty()).collect();
    let has = |name: &str| head.iter().any(|line| line.starts_with(name));
    let transport = [
        "received:",
        "return-path:",
        "mime-version:",
        "message-id:",
        "delivered-to:",
    ];
    let all_heads = head
        .first()
        .is_some_and(|line| line.split_once(':').is_some_and(|(name, _)| !name.contains(' ')));
    all_heads && has("from:") && transport.iter().any(|name| has(name))
}
