//! Pages without text: which they are, the picture that each is, and what text recognition read on it.

use serde::{Deserialize, Serialize};

/// A page as a picture fit for recognition: grey, white ground, no specks, upright, without its ruled lines.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// The page, from 1.
    pub page: u32,
    /// Dots across.
    pub width: u32,
    /// Dots down.
    pub height: u32,
    /// Dots to the inch.
    pub dpi: f64,
    /// The ruled lines that were taken out, in dots: left, top, right, bottom.
    pub rules: Vec<[f64; 4]>,
    /// The picture as a PNG file.
    #[serde(skip)]
    pub png: Vec<u8>,
}

/// A page shows somebody's report and is not printed.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Picture(page {}, {} x {} dots)",
            self.page, self.width, self.height
        )
    }
}

/// Why a page without text gave no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoPicture {
    /// Nothing is on it.
    #[error("nothing can be seen on it")]
    Blank,
    /// One of its pictures is not read: JPEG 2000, damaged, or larger than a page at 600 dots an inch.
    #[error("its picture cannot be read; scan it again as JPEG, black and white, or grey")]
    Unread,
}

/// A word that was recognised, in the dots of its picture.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word.
    pub text: String,
    /// How sure the recogniser is, 0 to 100.
    pub confidence: u8,
    /// Left, top, right, bottom.
    pub area: [f64; 4],
    /// Its line: words of one line follow one another and have the same number.
    pub line: u32,
    /// Whether it was written by hand.
    #[serde(default)]
    pub handwritten: bool,
    /// What its paragraph is, where the recogniser says.
    #[serde(default)]
    pub role: Option<Role>,
}

/// Somebody's words are not printed.
impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Word({} %)", self.confidence)
    }
}

/// What a paragraph is besides text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The title of the document.
    Title,
    /// A heading.
    Heading,
}

/// What was recognised on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The picture, without its file.
    pub picture: Picture,
    /// Its words in reading order.
    pub words: Vec<Word>,
}
