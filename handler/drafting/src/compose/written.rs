//! The door for statements that somebody else wrote from the claims: a model, field by field.

use std::collections::BTreeMap;

use crate::claim::ClaimId;

/// A statement that was written from claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its words.
    pub text: String,
    /// The claims it rests on, the one it is mostly about first; never empty.
    pub claims: Vec<ClaimId>,
}

/// Written statements by the key of their field. A field that is not named here stands in its sources' words.
pub type WrittenFields = BTreeMap<String, Vec<Written>>;

/// What is to be written in one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// The key of the field.
    pub field: String,
    /// The claims that belong there, those that say the same behind the one they were merged into.
    pub claims: Vec<ClaimId>,
}
