//! Entity tags, in one spelling.

use azure_core::http::Etag;
use std::fmt;

/// The state of a blob as the service names it.
///
/// Headers carry the tag in quotes, listings without; both become the quoted form here, which is what a
/// condition has to send.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ETag(String);

impl ETag {
    /// A tag in either spelling.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(format!(
            "\"{}\"",
            text.trim().trim_start_matches("W/").trim_matches('"')
        ))
    }

    /// The quoted form, as headers carry it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header(&self) -> Etag {
        Etag::from(self.0.clone())
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<Etag> for ETag {
    fn from(tag: Etag) -> Self {
        Self::new(tag.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::ETag;

    #[test]
    fn every_spelling_is_one_tag() {
        for spelling in ["0x8D", "\"0x8D\"", "W/\"0x8D\"", " \"0x8D\" "] {
            assert_eq!(ETag::new(spelling).as_str(), "\"0x8D\"", "{spelling}");
        }
    }
}
