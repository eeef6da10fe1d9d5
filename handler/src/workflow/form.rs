//! What is stored by one version of the app and read by another: while a new version is rolled out both work side by side, and
//! one that was rolled back meets what the other left.
//!
//! The rule, for blobs and messages alike:
//!
//! - Members are added and never change their meaning. One that a reader does not know is passed over, and kept where it
//!   writes the same thing again.
//! - What a reader cannot read, and what says of itself that it must not be read, is *in a newer form*: nothing is done with
//!   it, it is not written over or deleted, and whoever asks is to come again. A newer version takes it up.
//! - What says so has the member `form` with a number above [`FORM`]. It is written where passing over a member would do harm;
//!   nothing needed it yet.
//! - Only what is no JSON object of its kind at all was spoilt, and is [`WorkflowFault::Corrupt`].

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Workflow, WorkflowFault};

/// The newest form that this version reads. What has no member `form` is of the first.
pub const FORM: u64 = 1;
/// The pause before a message in a newer form is looked at again.
const LATER: Duration = Duration::from_secs(60);

/// Members of a stored object that this version does not know.
pub type Unknown = BTreeMap<String, Value>;

/// The members by which an object of some kind is known whatever its form; they stay what they are for ever.
pub(super) type Marks = &'static [&'static str];

#[derive(Deserialize)]
struct Formed {
    #[serde(default)]
    form: Option<u64>,
}

/// What is stored under the name `what`, if this version may read it.
pub(super) fn stored<T: DeserializeOwned>(
    bytes: &[u8],
    what: &'static str,
    marks: Marks,
) -> Result<T, WorkflowFault> {
    if is_newer(bytes) {
        return Err(WorkflowFault::Newer(what));
    }
    serde_json::from_slice(bytes).map_err(|_| {
        let object: Result<Map<String, Value>, _> = serde_json::from_slice(bytes);
        let ours = object.is_ok_and(|object| marks.iter().all(|mark| object.contains_key(*mark)));
        if ours {
            WorkflowFault::Newer(what)
        } else {
            WorkflowFault::Corrupt(what)
        }
    })
}

/// Whether a blob or message says of itself that this version must not read it.
#[must_use]
pub fn is_newer(bytes: &[u8]) -> bool {
    let formed: Result<Formed, _> = serde_json::from_slice(bytes);
    formed.is_ok_and(|formed| formed.form.is_some_and(|form| form > FORM))
}

impl Workflow {
    /// Puts a message in a newer form back, as it is: whoever can read it takes it up. False for any other.
    pub async fn leave_to_newer(&self, queue: &str, text: &str) -> Result<bool, WorkflowFault> {
        if !is_newer(text.as_bytes()) {
            return Ok(false);
        }
        tracing::warn!("a message in a newer form is left to a newer version of the app");
        self.send(queue, text, LATER).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Kind {
        state: State,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum State {
        Known,
    }

    #[test]
    fn what_is_newer_is_told_from_what_was_spoilt() {
        let check = |text: &str, expected: &str| {
            let read = stored::<Kind>(text.as_bytes(), "a kind", &["state", "updated"]);
            let word = match read {
                Ok(_) => "read",
                Err(WorkflowFault::Newer(_)) => "newer",
                Err(_) => "spoilt",
            };
            assert_eq!(word, expected, "{text}");
        };
        check(r#"{"state":"known"}"#, "read");
        check(r#"{"state":"known","updated":"x","more":[1]}"#, "read");
        check(r#"{"state":"known","form":1}"#, "read");
        check(r#"{"state":"known","form":null}"#, "read");
        check(r#"{"state":"known","form":2}"#, "newer");
        check(r#"{"state":"unheard-of","updated":"x"}"#, "newer");
        check(r#"{"state":{"of":"another"},"updated":"x"}"#, "newer");
        check(r#"{"state":"unheard-of"}"#, "spoilt");
        check(r#"{"updated":"x"}"#, "spoilt");
        check(r#"{"state":"kno"#, "spoilt");
        check("[]", "spoilt");
        check("", "spoilt");
    }
}
