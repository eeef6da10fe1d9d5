//! The report of an erasure: what was deleted, what is still there and why, what could not be looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use azure::{Copy, StorageError};
use drafting::hash::Digest;
use drafting::id::{CaseId, RecipeId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holdings::{Container, Holding, Part};

/// The form of the report.
pub(super) const SCHEMA: &str = "golden-thread/erasure/1";
/// What the report says of the audit log.
pub(super) const AUDIT_LOG: &str = "its entries about the case stay: they hold keyed hashes in the place of names and references, numbers, \
                         and digests of documents";

/// Why a case is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Somebody asked for it.
    Asked,
    /// Its time was up.
    Retention,
}

/// The report of an erasure.
#[derive(Clone, Debug, Serialize)]
pub struct Erasure {
    /// The form of this report.
    pub schema: &'static str,
    /// The recipe.
    pub recipe: RecipeId,
    /// The case.
    pub case: CaseId,
    /// Why.
    pub cause: Cause,
    /// What was to be erased.
    pub parts: BTreeSet<Part>,
    /// When it was begun, by the clock of storage.
    pub at: Timestamp,
    /// Whether nothing of it is left.
    pub complete: bool,
    /// What was deleted.
    pub erased: Counts,
    /// What is still there or may be, and why.
    pub remaining: Vec<Remaining>,
    /// What could not be looked at.
    pub not_seen: Vec<String>,
    /// Documents that arrived after this was begun: they are a new case.
    pub newer_documents: usize,
    /// What is kept of it in the audit log.
    pub audit_log: &'static str,
}

/// How much was deleted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    /// Blobs, by container.
    pub blobs: BTreeMap<String, u64>,
    /// Earlier versions and snapshots of blobs.
    pub earlier_copies: u64,
    /// Messages, by queue.
    pub messages: BTreeMap<String, u64>,
    /// Receipts of the Functions host.
    pub receipts: u64,
}

/// Something that is still there.
#[derive(Clone, Debug, Serialize)]
pub struct Remaining {
    /// The container.
    pub container: String,
    /// The blob.
    pub name: String,
    /// Which of its states.
    pub copy: &'static str,
    /// Why it is there.
    pub why: String,
    /// Until when, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// For how many more days the account keeps it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<u32>,
}

/// What whoever asked is given.
#[derive(Clone, Debug)]
pub struct Erased {
    /// The report.
    pub report: Erasure,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256, which stands in the audit log.
    pub sha256: Digest,
}

/// Why single blobs could not be deleted.
pub(super) type Refusals = HashMap<(Container, String, Copy), StorageError>;

impl Remaining {
    /// A place that the app could not look at, so that something may be there.
    pub(super) fn unseen(container: &str, name: &str, why: impl Into<String>) -> Self {
        Self {
            container: container.to_owned(),
            name: name.to_owned(),
            copy: "not looked at",
            why: why.into(),
            until: None,
            days_left: None,
        }
    }
}

/// What is said of messages that storage does not show.
pub(super) fn hidden(queue: &str, count: u64) -> String {
    format!(
        "{count} messages of the queue `{queue}`, of whatever case, are delayed or being worked on and cannot be looked at; one of \
         this case does nothing when it comes, within seven days, and is gone then"
    )
}

/// What is said of a prefix under which documents of any case lie.
pub(super) fn shared(place: &str) -> String {
    format!(
        "calls may take documents from `{place}`, where it cannot be told whose they are; whoever put some of this case there has to \
         delete them"
    )
}

/// What is said of a container whose account lists present blobs only.
pub(super) fn without_copies(container: &str) -> String {
    format!("the account does not list earlier versions and deleted blobs of the container `{container}`")
}

/// Why a blob is still there.
pub(super) fn remaining(one: &Holding, refused: &Refusals) -> Remaining {
    let Holding { container, blob } = one;
    let refusal = refused.get(&(container.clone(), blob.name.clone(), blob.copy.clone()));
    let why = match refusal {
        _ if blob.legal_hold => "a legal hold forbids to delete it".to_owned(),
        _ if blob.immutable_until.is_some() => "an immutability policy forbids to delete it".to_owned(),
        _ if blob.deleted => {
            "it was deleted, and the account's soft delete keeps it; whoever may restore it can read it"
                .to_owned()
        }
        Some(StorageError::Other { code }) if code.starts_with("BlobImmutable") => {
            "an immutability policy or a legal hold of the container forbids to delete it".to_owned()
        }
        Some(StorageError::Leased) => "somebody holds a lease on it".to_owned(),
        Some(error) => error.to_string(),
        None => "it was written while this was done; ask again".to_owned(),
    };
    Remaining {
        container: container.to_string(),
        name: blob.name.clone(),
        copy: match (&blob.copy, blob.deleted) {
            (Copy::Present, false) => "blob",
            (Copy::Present, true) => "deleted blob",
            (Copy::Version(_), false) => "earlier version",
            (Copy::Version(_), true) => "deleted version",
            (Copy::Snapshot(_), false) => "snapshot",
            (Copy::Snapshot(_), true) => "deleted snapshot",
        },
        why,
        until: blob.immutable_until,
        days_left: blob.days_left,
    }
}
