//! The ends that are no draft: a case given up, and an upload that belongs to no case.

use std::collections::BTreeMap;

use drafting::check::RunOutcome;
use drafting::hash::Digest;
use serde::Serialize;

use super::confirm::EndMark;
use super::status::{self, put_json};
use super::{State, Status, Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};

/// An upload whose name belongs to no case.
#[derive(Serialize)]
struct RefusedUpload<'a> {
    reason: &'a str,
    /// The blob as it was uploaded, so that its uploader can find it.
    blob: &'a str,
    at: jiff::Timestamp,
}

impl Workflow {
    /// Tells the case officer that the case could not be drafted: `FAILED.json` where the draft would be, and the
    /// status. An older draft is no longer called ready.
    pub async fn fail(&self, key: &CaseKey, reason: &str) -> Result<(), WorkflowFault> {
        let mark = EndMark {
            recipe: key.recipe.clone(),
            case: key.case.clone(),
            run: None,
            outcome: RunOutcome::Failed {
                stage: reason.to_owned(),
            },
            at: now(),
            sha256: BTreeMap::new(),
        };
        put_json(&self.storage, paths::DRAFTS, &key.failed(), &mark).await?;
        self.storage.delete(paths::DRAFTS, &key.ready()).await?;
        let earlier = self.status(key).await?;
        let mut status = Status::after(
            earlier.as_ref(),
            State::Failed {
                reason: reason.to_owned(),
            },
        );
        // Whoever asks again after the cause was mended gets all starts anew.
        status.starts = None;
        status::write(&self.storage, key, &status).await
    }

    /// Leaves `runs/refused/<hash>.json` for an upload that belongs to no case. `blob` is its path.
    pub async fn refuse_upload(&self, blob: &str, reason: &str) -> Result<(), WorkflowFault> {
        let name = format!("refused/{}.json", Digest::of(blob.as_bytes()).short(32));
        put_json(
            &self.storage,
            paths::RUNS,
            &name,
            &RefusedUpload {
                reason,
                blob,
                at: now(),
            },
        )
        .await
    }
}
