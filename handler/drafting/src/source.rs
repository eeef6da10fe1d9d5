//! What a reader hands over for one file: blocks of text in reading order, or a reason why there are none.
//!
//! These types cross a process boundary as JSON (foreign bytes are parsed in a limited child process), so all
//! of them are `serde`. The reader has already normalised the text: ligatures and hyphenation resolved, runs
//! of white space collapsed, repeated page headers and footers dropped, paragraphs that a page break cut in
//! two joined again.

use serde::{Deserialize, Serialize};

/// The format of a file, decided by its content and never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Portable Document Format, with a text layer.
    Pdf,
    /// A photo or picture of a page, read by text recognition.
    Picture,
    /// Word's Office Open XML.
    Docx,
    /// OpenDocument text, as LibreOffice writes it.
    Odt,
    /// Rich Text Format.
    Rtf,
    /// A web page.
    Html,
    /// Markdown text.
    Markdown,
    /// Plain text.
    Text,
}

/// The readable content of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What the bytes are.
    pub format: Format,
    /// The number of pages where the format has pages; only a PDF and a picture have them.
    pub pages: Option<u32>,
    /// The text in reading order.
    pub blocks: Vec<Block>,
    /// What was seen and kept out of `blocks`, or should be known about them.
    pub notices: Vec<Notice>,
}

/// A heading, paragraph, list item or table, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The page on which the block begins, from 1; `None` where the format has no pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where later pages begin inside the block's own text (the text of a paragraph or list item; for a table
    /// the row index stands in `at`). Empty for a block on one page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<PageBreak>,
    /// What it says.
    pub content: Content,
}

/// From byte offset (or table row) `at` on, the text stands on `page`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageBreak {
    /// Byte offset into the block's text, or row index of a table.
    pub at: usize,
    /// The page from there on, from 1.
    pub page: u32,
}

/// The kinds of block that the routine tells apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A heading; `level` 1 is the outermost.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The heading without its number mark-up, on one line.
        text: String,
    },
    /// A paragraph on one line.
    Paragraph {
        /// The text.
        text: String,
        /// Byte ranges of `text` that were set in bold: a bold run at the start of a paragraph is often a
        /// form label ("Parent 1:"), and a whole bold paragraph an unmarked heading.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        bold: Vec<(usize, usize)>,
    },
    /// One item of a bulleted or numbered list.
    ListItem {
        /// The printed number or letter ("1.", "a)"), `None` for a bullet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// Depth of nesting, 0 for the outermost.
        #[serde(default)]
        depth: u8,
        /// The text without its label.
        text: String,
        /// As in a paragraph.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        bold: Vec<(usize, usize)>,
    },
    /// A table. All rows have the same number of cells; a merged cell is repeated in none but its first place.
    Table {
        /// The column heads, when the first row is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        head: Option<Vec<String>>,
        /// The body rows, each cell on one line (its paragraphs joined by one space).
        rows: Vec<Vec<String>>,
    },
}

/// Something about a file that its reader must be told, although the file could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What was seen.
    pub kind: NoticeKind,
    /// The page, from 1, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The text concerned, where showing it to the case officer helps (hidden text, a comment); never used as
    /// a source. At most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The kinds of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Text that a person would not see (white, below 3 points, hidden by a font attribute, off the page). It
    /// is kept out of the text: it may be written for a machine.
    HiddenText,
    /// Text deleted in tracked changes; kept out.
    TrackedDeletion,
    /// Text inserted in tracked changes that nobody accepted yet; taken in.
    TrackedInsertion,
    /// A reviewer's comment; kept out.
    Comment,
    /// A picture that may hold text; not read.
    Picture,
    /// A page of a PDF without any text, in a file whose other pages have some.
    PageWithoutText,
    /// A scanned page that text recognition was asked to read and did not; the text says why.
    PageNotRecognised,
    /// An embedded file or object; not read.
    EmbeddedObject,
    /// The text seems damaged: many characters could not be decoded.
    DamagedText,
}

/// Why a file gave no text. Each is something that a case officer can act on; [`Rejection::advice`] says how.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Rejection {
    /// No bytes, or no words.
    Empty,
    /// Pages are pictures without a text layer.
    Scanned {
        /// How many pages it has.
        pages: u32,
    },
    /// A password is needed to open it.
    Encrypted,
    /// More bytes, pages or text than the limits allow.
    TooLarge {
        /// What is too large, in words: "312 pages, at most 250".
        what: String,
    },
    /// A type that is not read.
    Unsupported {
        /// What it is, in words: "an old Word file (.doc)", "an e-mail (.msg)", "a photo (JPEG)".
        what: String,
    },
    /// It cannot be parsed.
    Damaged,
    /// It tried to use more memory, time or output than a document needs, or brought the reader down.
    Hostile {
        /// What was exceeded, in words: "memory", "time", "output", "the reader crashed".
        what: String,
    },
}

impl Rejection {
    /// What the case officer is told: what is wrong, and what to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Empty => "the file is empty; ask its author to send it again".into(),
            Self::Scanned { pages } => {
                let s = if *pages == 1 { "" } else { "s" };
                format!(
                    "the file is a scan of {pages} page{s} without a text layer; ask for the original Word or PDF file, or run text recognition over it (save a Word file of pictures as PDF first)"
                )
            }
            Self::Encrypted => {
                "the file is protected by a password; ask its author for an unprotected copy".into()
            }
            Self::TooLarge { what } => {
                format!("the file is too large ({what}); split it or send only the report itself")
            }
            Self::Unsupported { what } => {
                format!("the file is {what}, which is not read; save it as PDF or DOCX and upload that")
            }
            Self::Damaged => {
                "the file is damaged and cannot be opened; ask its author to send it again".into()
            }
            Self::Hostile { what } => format!(
                "reading the file was stopped ({what}); do not open it before your IT service has looked at it, and ask its author for a new copy"
            ),
        }
    }
}
