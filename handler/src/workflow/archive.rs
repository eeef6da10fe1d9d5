//! The archive of runs: what a run gave, kept as it was given, and the draft before the next.

use std::collections::BTreeMap;

use azure::{Put, StorageError};
use drafting::check::RunOutcome;
use drafting::id::RunId;
use drafting::record::{OutputRecord, Record};

use super::form::stored;
use super::{Status, Workflow, WorkflowFault};
use crate::paths::{self, Artifact, CaseKey};
use crate::routine::Artifacts;

/// Refused runs looked behind for the draft before them.
const MOST_REFUSALS: usize = 5;

/// What the record of an archived run says of it.
#[derive(serde::Deserialize)]
pub(super) struct Archived {
    /// How it ended.
    pub outcome: RunOutcome,
    /// Its results by file name, less the record.
    outputs: BTreeMap<String, OutputRecord>,
}

impl Archived {
    /// Whether the run has this result. One from before there were sheets of questions has none, and is served as it is.
    pub(super) fn has(&self, artifact: Artifact) -> bool {
        artifact == Artifact::Record || self.outputs.contains_key(artifact.file_name())
    }
}

impl Workflow {
    /// The record of the draft before this one: of the newest run, and when that made no draft, of the one it was
    /// compared with.
    pub(super) async fn previous(
        &self,
        key: &CaseKey,
        earlier: Option<&Status>,
    ) -> Result<Option<Box<Record>>, WorkflowFault> {
        let mut run = earlier.and_then(|status| status.run.clone());
        for _ in 0..MOST_REFUSALS {
            let Some(named) = run else { return Ok(None) };
            let Some(record) = self.record(key, &named).await? else {
                return Ok(None);
            };
            match &record.outcome {
                RunOutcome::Ready | RunOutcome::NeedsReview => return Ok(Some(record)),
                RunOutcome::Refused { .. } | RunOutcome::Failed { .. } => {
                    run = record.changes.as_ref().map(|changes| changes.since.run.clone());
                }
            }
        }
        Ok(None)
    }

    /// The record of an archived run; `None` when it is not there or of a form that this version does not know.
    pub async fn record(&self, key: &CaseKey, run: &RunId) -> Result<Option<Box<Record>>, WorkflowFault> {
        let name = key.archived(run, Artifact::Record);
        let Some(blob) = self.storage.get(paths::RUNS, &name).await? else {
            return Ok(None);
        };
        let record = serde_json::from_slice(&blob.bytes);
        if record.is_err() {
            tracing::warn!(%run, "an archived record is of a form that this version does not know");
        }
        Ok(record.ok())
    }

    /// What the record of an archived run says; `None` when the run is not archived whole.
    pub(super) async fn archived(
        &self,
        key: &CaseKey,
        run: &RunId,
    ) -> Result<Option<Archived>, WorkflowFault> {
        let name = key.archived(run, Artifact::Record);
        let Some(blob) = self.storage.get(paths::RUNS, &name).await? else {
            return Ok(None);
        };
        stored(&blob.bytes, "an archived record.json", &["outcome", "outputs"]).map(Some)
    }

    /// An artifact of an archived run.
    pub(super) async fn archived_bytes(
        &self,
        key: &CaseKey,
        run: &RunId,
        artifact: Artifact,
    ) -> Result<Vec<u8>, WorkflowFault> {
        self.result(key, run, artifact)
            .await?
            .ok_or(WorkflowFault::Storage(StorageError::NotFound))
    }

    /// An artifact of an archived run, if the run has it.
    pub async fn result(
        &self,
        key: &CaseKey,
        run: &RunId,
        artifact: Artifact,
    ) -> Result<Option<Vec<u8>>, WorkflowFault> {
        let name = key.archived(run, artifact);
        let blob = self.storage.get(paths::RUNS, &name).await?;
        Ok(blob.map(|blob| blob.bytes))
    }

    pub(super) async fn archive(
        &self,
        key: &CaseKey,
        run: &RunId,
        artifacts: &Artifacts,
    ) -> Result<(), WorkflowFault> {
        for (artifact, bytes) in artifacts {
            let put = Put {
                content_type: Some(artifact.content_type()),
                ..Put::default()
            };
            self.storage
                .put(paths::RUNS, &key.archived(run, *artifact), bytes.clone(), put)
                .await?;
        }
        Ok(())
    }
}
