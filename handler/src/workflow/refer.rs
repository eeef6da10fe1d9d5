//! Documents that a call names instead of sending: copied into `sources/` as if they had been uploaded.

use audit::{Event, Note};
use azure::StorageError;
use drafting::hash::Digest;
use drafting::id::SourceName;

use super::{Submission, SubmissionFault, Workflow, WorkflowFault};
use crate::incoming::Place;
use crate::paths::CaseKey;

/// A document that lies elsewhere in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it is to be called among the sources.
    pub name: SourceName,
    /// Where it lies.
    pub place: Place,
    /// The digest of the bytes that are meant, if the caller gives one.
    pub sha256: Option<Digest>,
}

/// Why a document that was named cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceFault {
    /// It is not there.
    #[error("a document that `from` names is not there")]
    NotThere,
    /// It is another than was meant.
    #[error("a document that `from` names is not the one whose `sha256` was given")]
    Another,
}

impl Workflow {
    /// Looks at every document before one is taken: a call that cannot be followed leaves nothing behind.
    pub(super) async fn look_at_references(&self, submission: &Submission) -> Result<(), SubmissionFault> {
        for reference in &submission.references {
            let Place { container, blob } = &reference.place;
            let properties = self.storage.properties(container, blob).await;
            let properties = properties.map_err(WorkflowFault::from)?;
            let properties = properties.ok_or(ReferenceFault::NotThere)?;
            if properties.size > self.local.document_bytes {
                return Err(SubmissionFault::TooLarge(self.local.document_bytes / 1_000_000));
            }
        }
        Ok(())
    }

    /// Copies a document, one at a time: the largest case must not lie in memory whole.
    pub(super) async fn fetch(
        &self,
        key: &CaseKey,
        reference: &Reference,
        who: Option<&str>,
    ) -> Result<(), SubmissionFault> {
        let Place { container, blob } = &reference.place;
        let there = self.storage.properties(container, blob).await;
        let there = there
            .map_err(WorkflowFault::from)?
            .ok_or(ReferenceFault::NotThere)?;
        if there.size > self.local.document_bytes {
            return Err(SubmissionFault::TooLarge(self.local.document_bytes / 1_000_000));
        }
        let blob = self.storage.get(container, blob).await;
        let blob = blob.map_err(WorkflowFault::from)?;
        // Replaced in this moment: whoever asks again gets what is there then.
        let blob = blob
            .filter(|blob| blob.etag == there.etag)
            .ok_or(WorkflowFault::Storage(StorageError::Unavailable))?;
        let digest = Digest::of(&blob.bytes);
        if reference.sha256.as_ref().is_some_and(|meant| *meant != digest) {
            return Err(ReferenceFault::Another.into());
        }
        let note = Note {
            who: self.caller(who),
            document: Some(digest.to_string()),
            ..Note::of(Event::Received)
        };
        self.note(key, note.with("documents", 1_usize).with("by", "reference"))
            .await?;
        let name = key.source(&reference.name);
        self.write_source(&name, blob.bytes, "application/octet-stream")
            .await?;
        Ok(())
    }
}
