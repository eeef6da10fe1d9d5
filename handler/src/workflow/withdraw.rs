//! Withdrawing a document: it is not drafted from any more, and the case is drafted again.
//!
//! That it is withdrawn is written into `case.json` first, with the digest of its bytes, and only then is it deleted: killed
//! between the two, the document lies there and is not drafted from. The manifest is an input of the run like any other, so
//! that the draft without the document has an id of its own.

use audit::{Event, Note};
use azure::{Condition, Put, StorageError};
use drafting::case::Withdrawal;
use drafting::hash::Digest;
use drafting::id::SourceName;
use serde_json::{Value, json};

use super::{DraftRequest, Workflow, WorkflowFault, state};
use crate::paths::{self, CaseKey};
use crate::routine;

/// Tries to write a manifest that somebody else is writing, too.
const MOST_WRITES: usize = 6;

/// Why a document cannot be withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawalFault {
    /// The manifest is no document.
    #[error("`case.json` is the manifest, not a document: change it instead")]
    Manifest,
    /// The manifest must be mended first.
    #[error("{0}")]
    Unreadable(String),
    /// There is no such document, and there was none.
    #[error("the case has no document of that name")]
    NotThere,
    /// The workflow.
    #[error(transparent)]
    Workflow(#[from] WorkflowFault),
}

impl From<StorageError> for WithdrawalFault {
    fn from(error: StorageError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Workflow {
    /// Withdraws a document and leaves a request to draft the case without it. May be repeated. `who` asks, where callers are
    /// known.
    pub async fn withdraw(
        &self,
        key: &CaseKey,
        name: &SourceName,
        reason: Option<String>,
        who: Option<&str>,
    ) -> Result<(), WithdrawalFault> {
        if name.as_str() == paths::MANIFEST {
            return Err(WithdrawalFault::Manifest);
        }
        let blob_name = key.source(name);
        let there = self.storage.properties(paths::SOURCES, &blob_name).await?;
        let mut sha256 = None;
        if let Some(properties) = there
            .as_ref()
            .filter(|there| there.size <= self.local.document_bytes)
        {
            let blob = self.storage.get(paths::SOURCES, &blob_name).await?;
            let blob = blob.filter(|blob| blob.etag == properties.etag);
            // Replaced or deleted in this moment: whoever asks again sees which.
            let blob = blob.ok_or(StorageError::Unavailable)?;
            sha256 = Some(Digest::of(&blob.bytes));
        }
        let said = Withdrawal {
            file: name.clone(),
            sha256,
            date: Some(routine::today()),
            reason,
        };
        let note = Note {
            who: self.caller(who),
            document: said.sha256.as_ref().map(ToString::to_string),
            ..Note::of(Event::Withdrawn)
        };
        self.note(key, note).await?;
        self.say_withdrawn(key, &said, there.is_some()).await?;
        if let Some(properties) = there {
            let deleted = self
                .storage
                .delete_unchanged(paths::SOURCES, &blob_name, &properties.etag)
                .await;
            match deleted {
                // Another version came meanwhile: it is another document, with an event of its own.
                Ok(_) | Err(StorageError::Precondition) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // A case that was never drafted goes on waiting for what it waits for.
        let drafted = self.status(key).await?.is_some_and(|status| status.run.is_some());
        let request = DraftRequest {
            asked: drafted,
            ..DraftRequest::new(key, None)
        };
        Ok(self.ask(request).await?)
    }

    /// Writes the withdrawal into the manifest, unless it stands there.
    async fn say_withdrawn(
        &self,
        key: &CaseKey,
        said: &Withdrawal,
        is_there: bool,
    ) -> Result<(), WithdrawalFault> {
        for _ in 0..MOST_WRITES {
            let there = self.storage.properties(paths::SOURCES, &key.manifest()).await?;
            if there.is_some_and(|there| !state::is_manifest_size(there.size)) {
                return Err(WithdrawalFault::Unreadable(state::too_large()));
            }
            let standing = self.storage.get(paths::SOURCES, &key.manifest()).await?;
            let (bytes, condition) = match standing {
                Some(blob) => (blob.bytes, Condition::Unchanged(blob.etag)),
                None => (b"{}".to_vec(), Condition::Absent),
            };
            let Some(manifest) = with_withdrawal(&bytes, said, is_there)? else {
                return Ok(());
            };
            let put = Put {
                content_type: Some("application/json"),
                condition,
                ..Put::default()
            };
            match self
                .storage
                .put(paths::SOURCES, &key.manifest(), manifest, put)
                .await
            {
                Ok(_) => return Ok(()),
                // Somebody else wrote it: theirs is read, and this one is added to it.
                Err(StorageError::Precondition) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StorageError::Unavailable.into())
    }
}

/// The manifest with the withdrawal; nothing when it stands there already. What else it holds stays as it is.
fn with_withdrawal(
    bytes: &[u8],
    said: &Withdrawal,
    is_there: bool,
) -> Result<Option<Vec<u8>>, WithdrawalFault> {
    let manifest = state::parse_manifest(bytes).map_err(WithdrawalFault::Unreadable)?;
    let mut standing = manifest.withdrawn.iter().filter(|one| one.file == said.file);
    let known = match &said.sha256 {
        Some(sha256) => manifest.withdraws(&said.file, sha256),
        None => standing.any(|one| !is_there || one.sha256.is_none()),
    };
    if known {
        return Ok(None);
    }
    if !is_there
        && !manifest
            .documents
            .iter()
            .any(|document| document.file == said.file)
    {
        return Err(WithdrawalFault::NotThere);
    }
    let unreadable = |_| WithdrawalFault::Unreadable("case.json cannot be read".into());
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut value: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
    let entry = serde_json::to_value(said).map_err(unreadable)?;
    match value.get_mut("withdrawn").and_then(Value::as_array_mut) {
        Some(list) => list.push(entry),
        None => {
            if let Some(object) = value.as_object_mut() {
                object.insert("withdrawn".into(), json!([entry]));
            }
        }
    }
    serde_json::to_vec_pretty(&value).map(Some).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sha256: Option<&[u8]>) -> Withdrawal {
        Withdrawal {
            file: SourceName::parse("a.pdf").unwrap(),
            sha256: sha256.map(Digest::of),
            date: None,
            reason: None,
        }
    }

    #[test]
    fn a_withdrawal_is_written_once_and_nothing_else_is_touched() {
        let manifest = br#"{"own_key": [1, {"b": 2}], "documents": [{"file": "a.pdf"}]}"#;
        let written = with_withdrawal(manifest, &said(Some(b"x")), true)
            .unwrap()
            .unwrap();
        let value: Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(value["own_key"], json!([1, { "b": 2 }]));
        assert_eq!(value["withdrawn"][0]["file"], "a.pdf");
        assert!(
            with_withdrawal(&written, &said(Some(b"x")), true)
                .unwrap()
                .is_none()
        );
        assert!(with_withdrawal(&written, &said(None), false).unwrap().is_none());
        // Another version of the document is another document.
        assert!(
            with_withdrawal(&written, &said(Some(b"y")), true)
                .unwrap()
                .is_some()
        );
        assert!(matches!(
            with_withdrawal(b"{}", &said(None), false),
            Err(WithdrawalFault::NotThere)
        ));
        for broken in [&b"{"[..], b"[]", br#"{"withdrawn": 7}"#] {
            assert!(matches!(
                with_withdrawal(broken, &said(Some(b"x")), true),
                Err(WithdrawalFault::Unreadable(_))
            ));
        }
    }
}
