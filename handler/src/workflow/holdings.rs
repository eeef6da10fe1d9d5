//! All that is held about a case, and where: what is exported, and what is erased.

use std::borrow::Cow;
use std::collections::BTreeSet;

use azure::{Copy, HeldBlob, Storage, StorageError};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde_json::Value;

use super::{Workflow, WorkflowFault};
use crate::paths::{self, CaseKey};

/// A container's name: the app's own, or one that the settings name.
pub(super) type Container = Cow<'static, str>;

/// Notes that are read side by side.
const SIDE_BY_SIDE: usize = 8;

/// What is kept about a case, by how long it may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The documents that were uploaded, and those that calls may name.
    Sources,
    /// All that was drafted: results, archived runs, edits, kept answers of a model, the status.
    Drafted,
    /// Approved documents.
    Published,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 3] = [Self::Sources, Self::Drafted, Self::Published];

    /// The part that lies in a container in which documents or anything about cases lies.
    #[must_use]
    pub fn of(container: &str) -> Self {
        match container {
            paths::DRAFTS | paths::RUNS => Self::Drafted,
            paths::PUBLISHED => Self::Published,
            // `sources`, and wherever calls take documents from.
            _ => Self::Sources,
        }
    }
}

/// The account in which the host keeps its receipts and its queue of uploads.
#[derive(Clone)]
pub enum HostAccount {
    /// That of the documents.
    Documents,
    /// One of its own.
    Own(Storage),
    /// Not known: it may be that of the documents.
    Unknown,
}

/// A blob about a case, or an earlier state of one.
#[derive(Clone)]
pub(super) struct Holding {
    pub container: Container,
    pub blob: HeldBlob,
}

/// What a look at storage gives.
#[derive(Default)]
pub(super) struct Holdings {
    pub all: Vec<Holding>,
    /// Containers of which earlier states and deleted blobs are not listed by the account.
    pub without_copies: BTreeSet<Container>,
}

impl Holding {
    /// Whether it is what it is now, and not an earlier state or what is left of a deleted one.
    pub fn is_present(&self) -> bool {
        self.blob.copy == Copy::Present && !self.blob.deleted
    }
}

impl Workflow {
    /// What lies under the case's prefixes, of these parts.
    pub(super) async fn holdings(
        &self,
        key: &CaseKey,
        parts: &BTreeSet<Part>,
    ) -> Result<Holdings, WorkflowFault> {
        let mut holdings = Holdings::default();
        let own = paths::OF_CASES.map(|container| (Container::Borrowed(container), key.prefix()));
        let elsewhere = self.flows.incoming.of_case(key).into_iter();
        let elsewhere = elsewhere.map(|(container, prefix)| (Container::Owned(container), prefix));
        let places = own.into_iter().chain(elsewhere);
        for (container, prefix) in places {
            if !parts.contains(&Part::of(&container)) {
                continue;
            }
            let held = self.storage.held(&container, &prefix).await?;
            if !held.with_copies {
                holdings.without_copies.insert(container.clone());
            }
            let blobs = held.blobs.into_iter();
            holdings.all.extend(blobs.map(|blob| Holding {
                container: container.clone(),
                blob,
            }));
        }
        Ok(holdings)
    }

    /// Notes that name the case: of refused uploads and messages, and of events that Event Grid could not deliver.
    pub(super) async fn notes(&self, key: &CaseKey) -> Result<Vec<Holding>, WorkflowFault> {
        let mut notes = Vec::new();
        for (container, prefix) in [(paths::RUNS, paths::REFUSED), (paths::UNDELIVERED, "")] {
            self.storage
                .walk(container, prefix, |item| notes.push((container, item.name)))
                .await?;
        }
        let looks: Vec<_> = notes
            .into_iter()
            .map(|(container, name)| self.note_about(key, container, name))
            .collect();
        let found: Vec<Vec<Holding>> = stream::iter(looks).buffered(SIDE_BY_SIDE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// All states of a note, where it names the case.
    async fn note_about(
        &self,
        key: &CaseKey,
        container: &'static str,
        name: String,
    ) -> Result<Vec<Holding>, StorageError> {
        let note = self.storage.get(container, &name).await?;
        if !note.is_some_and(|note| names_case(&note.bytes, key)) {
            return Ok(Vec::new());
        }
        let held = self.storage.held(container, &name).await?;
        let blobs = held.blobs.into_iter();
        Ok(blobs
            .map(|blob| Holding {
                container: container.into(),
                blob,
            })
            .collect())
    }

    /// The host's receipts for the case's uploads. They hold nothing but the upload's name, in their own.
    pub(super) async fn receipts(&self, key: &CaseKey) -> Result<Vec<String>, StorageError> {
        // The state of the upload stands before its name, so that no prefix finds them.
        let upload = format!("/{}", key.uploads());
        let mut found = Vec::new();
        self.host_storage()
            .walk(paths::HOST, paths::RECEIPTS, |item| {
                if item.name.contains(&upload) {
                    found.push(item.name);
                }
            })
            .await?;
        Ok(found)
    }

    /// The account of the host.
    pub(super) fn host_storage(&self) -> &Storage {
        match &self.host {
            HostAccount::Own(storage) => storage,
            HostAccount::Documents | HostAccount::Unknown => &self.storage,
        }
    }

    /// Every account in which queues may name the case.
    pub(super) fn accounts(&self) -> Vec<&Storage> {
        match &self.host {
            HostAccount::Own(host) => vec![&self.storage, host],
            HostAccount::Documents | HostAccount::Unknown => vec![&self.storage],
        }
    }
}

/// Whether a message or a note names the case: as JSON with recipe and case, as the host's event of an upload, or by the
/// address of an upload wherever it stands.
pub(super) fn names_case(bytes: &[u8], key: &CaseKey) -> bool {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => value_names(&value, key),
        Err(_) => has_upload(&String::from_utf8_lossy(bytes), key),
    }
}

fn value_names(value: &Value, key: &CaseKey) -> bool {
    match value {
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or("");
            let asks = text("recipe") == key.recipe.as_str() && text("case") == key.case.as_str();
            let event =
                text("ContainerName") == paths::SOURCES && text("BlobName").starts_with(&key.prefix());
            asks || event || object.values().any(|value| value_names(value, key))
        }
        Value::Array(values) => values.iter().any(|value| value_names(value, key)),
        // A note holds a whole message as text.
        Value::String(text) => {
            has_upload(text, key) || text.starts_with('{') && names_case(text.as_bytes(), key)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn has_upload(text: &str, key: &CaseKey) -> bool {
    let upload = key.uploads();
    text.match_indices(&upload).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '-' | '_'))
    })
}

#[cfg(test)]
mod tests {
    use drafting::id::{CaseId, RecipeId};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_names_its_case_and_no_other() {
        let key = CaseKey {
            recipe: RecipeId::parse("ehcp").unwrap(),
            case: CaseId::parse("EHC-1").unwrap(),
        };
        let check =
            |text: &str, expected: bool| assert_eq!(names_case(text.as_bytes(), &key), expected, "{text}");
        check(r#"{"recipe":"ehcp","case":"EHC-1","asked":true}"#, true);
        check(r#"{"recipe":"ehcp","case":"EHC-10"}"#, false);
        check(r#"{"recipe":"minutes","case":"EHC-1"}"#, false);
        let event = |container: &str, blob: &str| {
            json!({ "Type": "BlobTrigger", "ContainerName": container, "BlobName": blob }).to_string()
        };
        check(&event("sources", "ehcp/EHC-1/Appendix A.pdf"), true);
        check(&event("sources", "ehcp/EHC-1/deeper/x.pdf"), true);
        check(&event("sources", "ehcp/EHC-10/x.pdf"), false);
        check(&event("other", "ehcp/EHC-1/x.pdf"), false);
        let note = |blob: &str| json!({ "reason": "…", "blob": blob, "at": "…" }).to_string();
        check(&note("sources/ehcp/EHC-1/deeper/x.pdf"), true);
        check(
            &note("https://a.blob.core.windows.net/sources/ehcp/EHC-1/x.pdf"),
            true,
        );
        check(&note("old-sources/ehcp/EHC-1/x.pdf"), false);
        check(&note(r#"{"recipe":"ehcp","case":"EHC-1"}"#), true);
        check(&note(r#"{"recipe":"ehcp","case":"EHC-2"}"#), false);
        check("cut off … /sources/ehcp/EHC-1/x", true);
        check("", false);
        check("[[[[", false);
    }
}
