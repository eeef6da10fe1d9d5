//! The message on the queue `draft-requests`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Newest, Ticket, Unknown};
use crate::paths::CaseKey;
use drafting::id::{CaseId, RecipeId};

/// Asks for a draft of a case. `{"recipe": "ehcp", "case": "EHC-2026-0417"}` is enough, so that a flow or a
/// person can put one on the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRequest {
    /// The recipe. The host fills the output paths from this and `case`.
    pub recipe: RecipeId,
    /// The case.
    pub case: CaseId,
    /// The newest document when the request was left; a request for an older state than the present one ends
    /// without a draft, because the newer upload left its own. `None` asks for whatever is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Newest>,
    /// Whether a person or a flow asked for a draft of what is there, complete or not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub asked: bool,
    /// Which repetition of an unchanged case is wanted: 2 drafts it a second time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u16>,
    /// The ticket of the call that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
    /// How many cancellations of the case there were when somebody asked for it; a later one is meant for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knows: Option<u32>,
    /// When it was first left on the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Timestamp>,
    /// How often the request was put back because of a passing fault.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tries: u32,
    /// Since when the model's service is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_away_since: Option<Timestamp>,
    /// When it was to be taken up: how late it is taken up is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// On the poison queue: why the app gave the case up, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What a newer version has added.
    #[serde(flatten)]
    pub unknown: Unknown,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl DraftRequest {
    /// A request for the present state of a case.
    #[must_use]
    pub fn new(key: &CaseKey, newest: Option<Newest>) -> Self {
        Self {
            recipe: key.recipe.clone(),
            case: key.case.clone(),
            newest,
            asked: false,
            attempt: None,
            ticket: None,
            knows: None,
            left: None,
            tries: 0,
            model_away_since: None,
            due: None,
            failure: None,
            unknown: Unknown::new(),
        }
    }

    /// The case it is for.
    #[must_use]
    pub fn key(&self) -> CaseKey {
        CaseKey {
            recipe: self.recipe.clone(),
            case: self.case.clone(),
        }
    }

    /// The same request, put back once more.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            tries: self.tries.saturating_add(1),
            ..self.clone()
        }
    }

    /// The message's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // A struct of strings, numbers and flags always has a JSON form.
        serde_json::to_string(self).unwrap_or_else(|_| String::from("{}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_message_is_enough() {
        let request: DraftRequest = serde_json::from_str(r#"{"recipe":"ehcp","case":"EHC-1"}"#).unwrap();
        assert_eq!(
            (request.asked, request.tries, request.newest.is_none()),
            (false, 0, true)
        );
        assert_eq!(request.to_json(), r#"{"recipe":"ehcp","case":"EHC-1"}"#);
        for bad in [
            r#"{"recipe":"ehcp","case":"../x"}"#,
            // With more digits the run's id would be longer than an id may be.
            r#"{"recipe":"ehcp","case":"c1","attempt":10000000}"#,
        ] {
            assert!(serde_json::from_str::<DraftRequest>(bad).is_err(), "{bad}");
        }
    }
}
