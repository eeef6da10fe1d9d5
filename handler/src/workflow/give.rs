//! What a run gave, given to the host: for the first time, or because the same work was done before.

use bytes::Bytes;
use drafting::check::RunOutcome;
use drafting::id::RunId;

use super::archive::Archived;
use super::run::Step;
use super::status;
use super::{CaseState, State, Status, Workflow, WorkflowFault};
use crate::paths::{self, Artifact, CaseKey};
use crate::routine::Artifacts;

impl Workflow {
    pub(super) async fn publishing(
        &self,
        key: &CaseKey,
        earlier: Option<&Status>,
        run: &RunId,
        outcome: &RunOutcome,
    ) -> Result<(), WorkflowFault> {
        let mut status = Status::after(
            earlier,
            State::Publishing {
                outcome: outcome.clone(),
            },
        );
        status.run = Some(run.clone());
        status.starts = None;
        status::write(&self.storage, key, &mut status).await
    }

    /// The same work was done before: its results go out again, unless they are where they belong. `answers` says that the
    /// newest call was for this.
    pub(super) async fn give_again(
        &self,
        key: &CaseKey,
        earlier: Option<&Status>,
        run: RunId,
        archived: Archived,
        answers: bool,
        state: &CaseState,
    ) -> Result<Step, WorkflowFault> {
        let mut status = earlier.cloned();
        if let Some(status) = &mut status {
            status.seen.clone_from(&state.newest);
        }
        let was_published = earlier.is_some_and(|status| status.published.as_ref() == Some(&run));
        let published =
            was_published && earlier.is_some_and(|status| matches!(status.state, State::Published { .. }));
        // An edit of this very draft stands; one of another draft is set aside for this one.
        let edit_stands = was_published && self.edited_in_place(key, earlier).await?.is_some();
        if !was_published
            && let Some(stamp) = self.set_aside(key, &run, earlier).await?
            && let Some(status) = &mut status
        {
            status.edit = Some(stamp);
        }
        let mut artifacts = Artifacts::new();
        let mut stands = true;
        for artifact in Artifact::ALL {
            if artifact == Artifact::Draft && edit_stands {
                continue;
            }
            let there = self.storage.get(paths::DRAFTS, &key.result(artifact)).await?;
            if !archived.has(artifact) {
                stands &= there.is_none();
                continue;
            }
            let bytes = self.archived_bytes(key, &run, artifact).await?;
            stands &= there.is_some_and(|blob| blob.bytes == bytes);
            artifacts.insert(artifact, Bytes::from(bytes));
        }
        if stands && published {
            // What arrived since is the same again. Said once, so that nobody looks for its run.
            let saw_more = earlier.map(|old| &old.seen) != status.as_ref().map(|status| &status.seen);
            if let Some(status) = status.as_mut().filter(|_| answers || saw_more) {
                status::write(&self.storage, key, status).await?;
            }
            return Ok(Step::Settled("the results of this state are published"));
        }
        self.publishing(key, status.as_ref(), &run, &archived.outcome)
            .await?;
        Ok(Step::Give {
            run,
            outcome: archived.outcome,
            artifacts,
        })
    }
}
