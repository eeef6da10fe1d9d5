//! How long what is held about a case is kept.

/// Days after the last thing that happened to a case. What is not named is kept until somebody erases it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Uploaded documents.
    pub sources: Option<u32>,
    /// All that was drafted, of a case of which nothing was ever approved.
    pub drafts: Option<u32>,
    /// All that was drafted, of a case of which something was approved.
    pub runs: Option<u32>,
    /// Approved documents.
    pub published: Option<u32>,
}

impl Retention {
    /// Whether anything is kept for a limited time only.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        *self != Self::default()
    }
}
