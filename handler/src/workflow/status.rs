//! `status.json` of a case: the one blob that the status door reads.

use azure::{Condition, ETag, Put, Storage, StorageError};
use drafting::check::RunOutcome;
use drafting::hash::Digest;
use drafting::id::RunId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EditStamp, Newest, WorkflowFault};
use crate::paths::{self, CaseKey};

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Documents are there and more may come.
    Waiting {
        /// When it is looked at again, at the latest.
        until: Timestamp,
        /// Documents of the manifest that are not there yet.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<String>,
        /// Whether it is the model's service that is waited for.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        model_away: bool,
    },
    /// It is being drafted.
    Running,
    /// The results are archived and on their way to where callers look.
    Publishing {
        /// How the run ended.
        outcome: RunOutcome,
    },
    /// The results of the run are published.
    Published {
        /// How the run ended.
        outcome: RunOutcome,
    },
    /// The app could not draft the case.
    Failed {
        /// Why, in words for the case officer.
        reason: String,
    },
}

/// The status of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
    /// The newest run, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The run whose results are published, which may be an older one than `run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<RunId>,
    /// The newest draft that the officer has edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<EditStamp>,
    /// The newest document when the case was last drafted, or found to be drafted already: what arrived later and has had
    /// no run is seen by it. `None` in what earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Newest>,
    /// When this was written.
    pub updated: Timestamp,
    /// The fingerprint of the inputs that were last started with, and how often they were without an end: a
    /// run that brings its process down every time must not be started for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Starts>,
    /// The state of the blob that this was read from or written as; `None` when there was none. A status is only
    /// written over the one it follows: whoever stood still for longer than its lease lasts, and goes on, must not
    /// write over what was done since.
    #[serde(skip)]
    pub(super) etag: Option<ETag>,
}

/// How often the same inputs were started with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starts {
    /// The fingerprint of the inputs.
    pub fingerprint: Digest,
    /// How often, without an end.
    pub count: u32,
}

impl Status {
    /// The status after `earlier`, in a new state.
    #[must_use]
    pub fn after(earlier: Option<&Self>, state: State) -> Self {
        Self {
            state,
            run: earlier.and_then(|status| status.run.clone()),
            published: earlier.and_then(|status| status.published.clone()),
            edit: earlier.and_then(|status| status.edit.clone()),
            seen: earlier.and_then(|status| status.seen.clone()),
            updated: super::now(),
            starts: earlier.and_then(|status| status.starts.clone()),
            etag: earlier.and_then(|status| status.etag.clone()),
        }
    }
}

pub(super) async fn read(storage: &Storage, key: &CaseKey) -> Result<Option<Status>, WorkflowFault> {
    let Some(blob) = storage.get(paths::RUNS, &key.status()).await? else {
        return Ok(None);
    };
    let status: Status =
        serde_json::from_slice(&blob.bytes).map_err(|_| WorkflowFault::Corrupt("status.json"))?;
    Ok(Some(Status {
        etag: Some(blob.etag),
        ..status
    }))
}

/// Writes the status over the one it follows.
pub(super) async fn write(
    storage: &Storage,
    key: &CaseKey,
    status: &mut Status,
) -> Result<(), WorkflowFault> {
    let put = Put {
        content_type: Some("application/json"),
        condition: status
            .etag
            .clone()
            .map_or(Condition::Absent, Condition::Unchanged),
        ..Put::default()
    };
    let written = storage.put(paths::RUNS, &key.status(), json(status)?, put).await;
    status.etag = Some(written.map_err(|error| match error {
        StorageError::Precondition => WorkflowFault::LostLease,
        error => error.into(),
    })?);
    Ok(())
}

/// JSON that people can read too.
fn json(value: &impl Serialize) -> Result<Vec<u8>, WorkflowFault> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|_| WorkflowFault::Corrupt("a value without JSON form"))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes a small JSON blob, readable by people.
pub(super) async fn put_json(
    storage: &Storage,
    container: &str,
    name: &str,
    value: &impl Serialize,
) -> Result<(), WorkflowFault> {
    let put = Put {
        content_type: Some("application/json"),
        ..Put::default()
    };
    storage.put(container, name, json(value)?, put).await?;
    Ok(())
}
