//! What can be wrong with a template, and with filling it.
//!
//! The words that an error repeats come from the template, never from the data: a template holds nobody's name.

/// Why a file cannot serve as a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateFault {
    /// The bytes are no `.docx` file.
    #[error("not a Word document (.docx): {0}")]
    NotADocument(String),
    /// A limit that keeps hostile files from exhausting memory.
    #[error("the document is too large: {0}")]
    TooLarge(String),
    /// The document carries macros.
    #[error("the document carries macros: save it as a Word Document (.docx)")]
    Macros,
    /// The document is saved in the strict form of the format, with other namespaces.
    #[error(
        "`{part}` is not in the usual form of the format: save it as \"Word Document\", not \"Strict Open XML\""
    )]
    Strict {
        /// The part of the document.
        part: String,
    },
    /// A part is no well-formed XML.
    #[error("`{part}` is damaged: {reason}")]
    Damaged {
        /// The part of the document.
        part: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A part declares a document type; entities are refused.
    #[error("`{part}` declares a document type, which is refused")]
    DocumentType {
        /// The part of the document.
        part: String,
    },
    /// A tag cannot be understood.
    #[error("`{part}` near `{near}`: {reason}")]
    Tag {
        /// The part of the document.
        part: String,
        /// The template's words there.
        near: String,
        /// What is wrong, and what to do.
        reason: String,
    },
}

/// Why a template could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderFault {
    /// The data is no JSON object.
    #[error("the data must be a JSON object: its keys are the template's placeholders")]
    NotAnObject,
    /// A tag fails on this data.
    #[error("`{part}` near `{near}`: {reason}")]
    Tag {
        /// The part of the document.
        part: String,
        /// The template's words there.
        near: String,
        /// What went wrong.
        reason: String,
    },
    /// The file cannot be put together.
    #[error("the document cannot be written: {0}")]
    Write(String),
}

/// The first words of a text, enough to find it in the template.
pub(crate) fn excerpt(text: &str) -> String {
    const WORDS: usize = 60;
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(WORDS) {
        Some((end, _)) => format!("{}...", flat.get(..end).unwrap_or(&flat)),
        None => flat,
    }
}
