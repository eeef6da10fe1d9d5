//! Foreign bytes to blocks of text, in a child process that limits itself.
//!
//! [`parse`] reads one file; [`sandbox::Sandbox`] lets a child do it, and [`child::run`] is that child's life.
//! A file is what its bytes say; its name is not asked. Nothing here knows the words of any one kind of document,
//! and nothing here keeps or logs what it reads.

use drafting::recognised::WordRead;
use drafting::source::{Block, Content, Format, Notice, NoticeKind, Reading, Rejection};

mod block;
mod docx;
mod html;
mod jpeg;
mod kind;
mod label;
mod look;
mod markdown;
mod marks;
mod normal;
mod odt;
mod package;
mod pdf;
mod photo;
mod raster;
mod rtf;
mod story;
mod symbol;
mod table;
mod text;
mod unseen;
mod xml;

pub mod child;
pub mod sandbox;
pub mod scan;

use kind::Kind;

/// Characters of a notice's text: enough to see what it is about (the limit is the core's).
const NOTICE_CHARS: usize = 500;

/// What one file may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file. Default 50 MB: a report with photographs stays below 20 MB.
    pub file_bytes: u64,
    /// Pages, where the format has pages. Default 250: the longest bundles of advice have some 200.
    pub pages: u32,
    /// Characters of text. Default 3,000,000: 250 dense pages have a third of that.
    pub text_chars: usize,
    /// Bytes of the parts of a DOCX or ODT when unpacked, pictures not counted, as they are not unpacked. Default 100 MB.
    pub unzipped_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 50_000_000,
            pages: 250,
            text_chars: 3_000_000,
            unzipped_bytes: 100_000_000,
        }
    }
}

/// Reads one file. It may be brought to use much memory or time by a hostile file: call it in a limited process.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Reading, Rejection> {
    let size = bytes.len() as u64;
    if size > limits.file_bytes {
        let what = format!(
            "{} MB, at most {} MB",
            size.div_ceil(1_000_000),
            limits.file_bytes / 1_000_000
        );
        return Err(Rejection::TooLarge { what });
    }
    let reading = match kind::of(bytes)? {
        Kind::Pdf => pdf::read(bytes, limits)?,
        Kind::Photo(page) => photographed(pdf::read(&page, limits)?),
        Kind::Zip => archive(bytes, limits)?,
        Kind::Rtf => rtf::read(bytes, limits)?,
        Kind::Html => html::read(bytes, limits)?,
        Kind::Markdown(text) => seen(&text, markdown::read),
        Kind::Text(text) => seen(&text, text::read),
    };
    accept(reading, limits)
}

/// A reading with what was recognised on its scanned pages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recognised {
    /// The reading.
    pub reading: Reading,
    /// Which words were recognised: for each block, for each of its texts (that of a paragraph or item, or of each cell of a
    /// table, row by row).
    pub words: Vec<Vec<Vec<WordRead>>>,
}

/// The pages of a file that have no text a person sees, and a picture.
pub fn scanned(bytes: &[u8], limits: &Limits) -> Result<Vec<u32>, Rejection> {
    match kind::of(bytes)? {
        Kind::Pdf => pdf::scanned(bytes, limits),
        Kind::Photo(page) => pdf::scanned(&page, limits),
        _ => Ok(Vec::new()),
    }
}

/// A page without text as a picture fit for recognition, quarter-turned clockwise so many times.
pub fn picture(
    bytes: &[u8],
    limits: &Limits,
    page: u32,
    turn: u8,
) -> Result<Result<scan::Picture, scan::NoPicture>, Rejection> {
    match kind::of(bytes)? {
        Kind::Pdf => pdf::picture(bytes, limits, page, turn),
        Kind::Photo(file) => pdf::picture(&file, limits, page, turn),
        _ => Ok(Err(scan::NoPicture::Blank)),
    }
}

/// Reads a file as [`parse`] does, with what was recognised on its scanned pages.
pub fn parse_recognised(
    bytes: &[u8],
    limits: &Limits,
    pages: &[scan::Page],
) -> Result<Recognised, Rejection> {
    let pdf::ReadWith { reading, words } = match kind::of(bytes)? {
        Kind::Photo(page) => {
            let read = pdf::read_with(&page, limits, pages)?;
            pdf::ReadWith {
                reading: photographed(read.reading),
                ..read
            }
        }
        _ => pdf::read_with(bytes, limits, pages)?,
    };
    let reading = accept(reading, limits)?;
    Ok(Recognised { reading, words })
}

/// What was read of a picture's page.
fn photographed(reading: Reading) -> Reading {
    Reading {
        format: Format::Picture,
        ..reading
    }
}

/// Reads a zip archive: an OpenDocument file names its type, anything else may be a DOCX.
fn archive(bytes: &[u8], limits: &Limits) -> Result<Reading, Rejection> {
    let mut package = package::Package::open(bytes, limits)?;
    let kind = package.text("mimetype")?;
    match kind.as_deref().and_then(odt::subtype) {
        Some(subtype) => odt::read(package, subtype),
        None => docx::read(package),
    }
}

/// Reads what a person sees of a text, and tells of what only a machine would read.
fn seen(text: &str, read: impl Fn(&str) -> Reading) -> Reading {
    let (seen, hidden) = unseen::part(text);
    let mut reading = read(&seen);
    reading.notices.extend(hidden.map(|hidden| Notice {
        kind: NoticeKind::HiddenText,
        page: None,
        text: Some(hidden.chars().take(NOTICE_CHARS).collect()),
    }));
    reading
}

/// Refuses a reading without words and one with too many.
fn accept(reading: Reading, limits: &Limits) -> Result<Reading, Rejection> {
    let chars: usize = reading
        .blocks
        .iter()
        .map(|block| characters(&block.content))
        .sum();
    let notices = reading.notices.iter().filter_map(|notice| notice.text.as_ref());
    if chars + notices.map(String::len).sum::<usize>() > limits.text_chars {
        let what = format!("more than {} characters of text", limits.text_chars);
        return Err(Rejection::TooLarge { what });
    }
    let pictures = reading
        .notices
        .iter()
        .filter(|notice| notice.kind == NoticeKind::Picture)
        .count();
    match (chars, pictures) {
        (0, 0) => Err(Rejection::Empty),
        (0, _) => Err(Rejection::Scanned {
            pages: u32::try_from(pictures).unwrap_or(u32::MAX),
        }),
        _ => Ok(reading),
    }
}

fn characters(content: &Content) -> usize {
    let count = |text: &String| text.chars().count();
    match content {
        Content::Heading { text, .. } | Content::Paragraph { text, .. } | Content::ListItem { text, .. } => {
            count(text)
        }
        Content::Table { head, rows } => {
            head.iter().flatten().map(count).sum::<usize>() + rows.iter().flatten().map(count).sum::<usize>()
        }
    }
}

/// A reading of a format without pages.
fn without_pages(format: Format, contents: Vec<Content>, notices: Vec<Notice>) -> Reading {
    let block = |content| Block {
        page: None,
        breaks: Vec::new(),
        content,
    };
    Reading {
        format,
        pages: None,
        blocks: contents.into_iter().map(block).collect(),
        notices,
    }
}
