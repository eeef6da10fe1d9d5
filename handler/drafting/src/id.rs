//! Names that become parts of blob paths, parsed once at the door.
//!
//! An id is the only way to a blob path, so whatever could widen a path (separators, dots, wildcards, spaces,
//! percent signs) cannot be in one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hash::Digest;

/// Why a text is not an id. The text itself is not repeated: it may hold a child's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// More characters than allowed.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// A character outside the allowed set.
    #[error("holds a character that is not allowed: use letters `a` to `z`, digits, `-` and `_`")]
    Character,
    /// The first character is not a letter or digit.
    #[error("must begin with a letter or a digit")]
    Start,
}

fn check(text: &str, max: usize, upper: bool) -> Result<(), IdFault> {
    if text.is_empty() {
        return Err(IdFault::Empty);
    }
    if text.len() > max {
        return Err(IdFault::TooLong(max));
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || (upper && c.is_ascii_uppercase());
    if !text.chars().all(|c| allowed(c) || c == '-' || c == '_') {
        return Err(IdFault::Character);
    }
    if !text.starts_with(allowed) {
        return Err(IdFault::Start);
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $max:expr, $upper:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses an id; nothing is trimmed or changed.
            pub fn parse(text: &str) -> Result<Self, IdFault> {
                check(text, $max, $upper)?;
                Ok(Self(text.to_owned()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdFault;
            fn try_from(text: String) -> Result<Self, IdFault> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id! {
    /// A document type: the name of a folder under `recipes/`. Lower case, at most 40 characters.
    RecipeId, 40, false
}
id! {
    /// One subject of one recipe: the council's reference number, at most 80 characters, upper and lower case
    /// kept apart. No name should be used, and none is needed.
    CaseId, 80, true
}
id! {
    /// One execution of the routine for one case: a fingerprint of its inputs, so that the same work has the
    /// same id.
    RunId, 40, false
}

id! {
    /// An officer's edit of a draft: a fingerprint of its bytes, so that the same file has the same id.
    EditId, 32, false
}

impl EditId {
    /// The id of the edited file with this digest.
    #[must_use]
    pub fn of(file: &Digest) -> Self {
        Self(file.short(32).to_owned())
    }
}

impl RunId {
    /// The id of the run with this fingerprint: its first 32 hexadecimal digits, with `-2`, `-3`, ... for a
    /// repetition that was forced.
    #[must_use]
    pub fn of(fingerprint: &Digest, attempt: u32) -> Self {
        let short = fingerprint.short(32);
        if attempt <= 1 {
            Self(short.to_owned())
        } else {
            Self(format!("{short}-{attempt}"))
        }
    }
}

/// The file name of a source as its uploader wrote it: one path component, at most 255 characters, no control
/// characters. Unlike an id it may hold spaces, dots and letters of any language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceName(String);

/// Why a text is not a file name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceNameFault {
    /// Nothing was given.
    #[error("a document has an empty name")]
    Empty,
    /// More than 255 characters.
    #[error("a document's name is longer than 255 characters")]
    TooLong,
    /// A slash, a backslash, a control character, or one of the names `.` and `..`.
    #[error(
        "a document's name is not a plain file name: it holds a slash, a backslash or a control character"
    )]
    NotPlain,
}

impl SourceName {
    /// Parses a file name; nothing is trimmed or changed.
    pub fn parse(text: &str) -> Result<Self, SourceNameFault> {
        if text.is_empty() {
            return Err(SourceNameFault::Empty);
        }
        if text.chars().count() > 255 {
            return Err(SourceNameFault::TooLong);
        }
        if text == "." || text == ".." || text.contains(['/', '\\']) || text.chars().any(char::is_control) {
            return Err(SourceNameFault::NotPlain);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SourceName {
    type Error = SourceNameFault;
    fn try_from(text: String) -> Result<Self, SourceNameFault> {
        Self::parse(&text)
    }
}

impl From<SourceName> for String {
    fn from(name: SourceName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_ids() {
        for good in ["EHC-2026-0417", "a", "0", "thale_09"] {
            assert_eq!(CaseId::parse(good).map(String::from), Ok(good.to_owned()));
        }
        for (bad, fault) in [
            ("", IdFault::Empty),
            ("..", IdFault::Character),
            ("a/b", IdFault::Character),
            ("a*", IdFault::Character),
            ("?", IdFault::Character),
            ("a b", IdFault::Character),
            ("é", IdFault::Character),
            ("a%2Fb", IdFault::Character),
            ("-a", IdFault::Start),
            ("_a", IdFault::Start),
        ] {
            assert_eq!(CaseId::parse(bad), Err(fault), "{bad}");
        }
        assert_eq!(CaseId::parse(&"a".repeat(81)), Err(IdFault::TooLong(80)));
        assert_eq!(RecipeId::parse("EHCP"), Err(IdFault::Character));
    }

    #[test]
    fn source_names() {
        for good in ["Appendix A.pdf", "23_Appendix F(2).docx", "Żółć.txt"] {
            assert!(SourceName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a/b", "a\\b", "a\u{0}"] {
            assert!(SourceName::parse(bad).is_err(), "{bad}");
        }
    }
}
