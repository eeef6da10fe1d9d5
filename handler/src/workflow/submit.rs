//! Documents that come inside a request: written to `sources/` as if they had been uploaded.

use azure::Put;
use drafting::id::SourceName;
use serde_json::json;

use super::{Reference, ReferenceFault, Workflow, WorkflowFault, state};
use crate::paths::{self, CaseKey};

/// What a request brings.
#[derive(Debug, Default)]
pub struct Submission {
    /// Documents by name.
    pub documents: Vec<(SourceName, Vec<u8>)>,
    /// Documents that lie elsewhere in the account.
    pub references: Vec<Reference>,
    /// The manifest as JSON, if the caller gives one.
    pub manifest: Option<serde_json::Value>,
}

impl Submission {
    /// Whether it brings nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.references.is_empty() && self.manifest.is_none()
    }

    /// What its documents are to be called.
    fn names(&self) -> impl Iterator<Item = &SourceName> {
        let inline = self.documents.iter().map(|(name, _)| name);
        inline.chain(self.references.iter().map(|reference| &reference.name))
    }
}

/// Why a submission cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionFault {
    /// The manifest is not one.
    #[error("{0}")]
    Manifest(String),
    /// A document has the manifest's name.
    #[error("a document cannot be called `case.json`: give the manifest as `case`")]
    ReservedName,
    /// Two documents have the same name.
    #[error("two documents have the same name")]
    SameName,
    /// A document is too large.
    #[error("a document has more than {0} MB; upload it to storage instead")]
    TooLarge(u64),
    /// More documents than a case may have.
    #[error("a case may have at most {0} documents")]
    TooMany(usize),
    /// A document that lies elsewhere.
    #[error(transparent)]
    Reference(#[from] ReferenceFault),
    /// The workflow.
    #[error(transparent)]
    Workflow(#[from] WorkflowFault),
}

impl Workflow {
    /// Writes the documents, and the manifest last, so that the case is not complete before all of them are
    /// there. Without a manifest from the caller, and with none in storage, one that names the documents is
    /// written. What is there already is not written again: the same request can be repeated.
    /// `who` asks, where callers are known.
    pub async fn submit(
        &self,
        key: &CaseKey,
        submission: Submission,
        who: Option<&str>,
    ) -> Result<(), SubmissionFault> {
        self.accept(&submission)?;
        self.look_at_references(&submission).await?;
        self.received(key, submission.documents.len(), who).await;
        let names: Vec<SourceName> = submission.names().cloned().collect();
        for reference in &submission.references {
            self.fetch(key, reference, who).await?;
        }
        for (name, bytes) in submission.documents {
            let content_type = "application/octet-stream";
            self.write_source(&key.source(&name), bytes, content_type).await?;
        }
        let manifest = match submission.manifest {
            Some(manifest) => Some(manifest),
            None if names.is_empty() => None,
            None if self.state(key).await?.manifest_digest.is_some() => None,
            None => {
                let documents: Vec<_> = names
                    .iter()
                    .map(|name| json!({ "file": name.as_str() }))
                    .collect();
                Some(json!({ "documents": documents }))
            }
        };
        if let Some(mut manifest) = manifest {
            self.keep_withdrawals(key, &mut manifest).await?;
            let bytes = serde_json::to_vec_pretty(&manifest)
                .map_err(|_| SubmissionFault::Manifest("`case` has no JSON form".into()))?;
            self.write_source(&key.manifest(), bytes, "application/json")
                .await?;
        }
        Ok(())
    }

    /// A manifest that says nothing of withdrawals does not undo those that stand; `"withdrawn": []` does.
    async fn keep_withdrawals(
        &self,
        key: &CaseKey,
        manifest: &mut serde_json::Value,
    ) -> Result<(), SubmissionFault> {
        let Some(manifest) = manifest
            .as_object_mut()
            .filter(|all| !all.contains_key("withdrawn"))
        else {
            return Ok(());
        };
        let standing = self.state(key).await?.manifest.unwrap_or_default().withdrawn;
        if !standing.is_empty() {
            manifest.insert("withdrawn".into(), json!(standing));
        }
        Ok(())
    }

    /// Whether it can be taken as far as it says itself.
    pub fn accept(&self, submission: &Submission) -> Result<(), SubmissionFault> {
        if let Some(manifest) = &submission.manifest {
            state::parse_manifest(manifest.to_string().as_bytes()).map_err(SubmissionFault::Manifest)?;
        }
        let mut names: Vec<&str> = submission.names().map(SourceName::as_str).collect();
        names.sort_unstable();
        if names.contains(&paths::MANIFEST) {
            return Err(SubmissionFault::ReservedName);
        }
        if names.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(SubmissionFault::SameName);
        }
        if names.len() > self.local.case_documents {
            return Err(SubmissionFault::TooMany(self.local.case_documents));
        }
        let most = self.local.document_bytes;
        if submission
            .documents
            .iter()
            .any(|(_, bytes)| bytes.len() as u64 > most)
        {
            return Err(SubmissionFault::TooLarge(most / 1_000_000));
        }
        Ok(())
    }

    pub(super) async fn write_source(
        &self,
        name: &str,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<(), WorkflowFault> {
        // What was uploaded under the name before may be of any size.
        let there = self.storage.properties(paths::SOURCES, name).await?;
        if there.is_some_and(|there| there.size == bytes.len() as u64) {
            let there = self.storage.get(paths::SOURCES, name).await?;
            if there.is_some_and(|blob| blob.bytes == bytes) {
                return Ok(());
            }
        }
        let put = Put {
            content_type: Some(content_type),
            ..Put::default()
        };
        self.storage.put(paths::SOURCES, name, bytes, put).await?;
        Ok(())
    }
}
