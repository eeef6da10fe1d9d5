//! The ends that are no draft: a case given up, and an upload that belongs to no case.

use std::collections::BTreeMap;
use std::time::Duration;

use audit::{Event, Note};
use drafting::check::RunOutcome;
use drafting::hash::Digest;
use drafting::id::RunId;
use serde::Serialize;
use telemetry::{Attribute, Counter, add, key};

use super::confirm::EndMark;
use super::status::{self, put_json};
use super::{Newest, State, Status, Ticket, Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};

/// The longest that telling may take: a storage account that says nothing must not hold it until the host's time-out.
const LONGEST_TELLING: Duration = Duration::from_secs(120);

/// A case that the app gives up, and why.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The case.
    pub key: CaseKey,
    /// Why, in words for the case officer.
    pub reason: String,
    /// What failed, by which a failure of long ago is known.
    pub work: FailedWork,
    /// The ticket of the call that asked for it.
    pub ticket: Option<Ticket>,
}

/// The work that a failure is about.
#[derive(Clone, Debug)]
pub enum FailedWork {
    /// Drafting the state of the case with this newest document; `None` is whatever state it had.
    Request(Option<Newest>),
    /// Publishing this run.
    Publication(RunId),
}

/// An upload whose name belongs to no case.
#[derive(Serialize)]
struct RefusedUpload<'a> {
    reason: &'a str,
    /// The blob as it was uploaded, so that its uploader can find it.
    blob: &'a str,
    at: jiff::Timestamp,
}

impl Workflow {
    /// Tells the case officer that the case could not be drafted, unless newer work has overtaken what failed. Says
    /// whether it was told; `None` when the case is busy.
    pub async fn fail(&self, failure: &Failure) -> Result<Option<bool>, WorkflowFault> {
        let telling = self.with_lease(&failure.key, async {
            let mut earlier = match self.status(&failure.key).await {
                // Nothing goes on from a status that cannot be read; the one that follows says why.
                Err(WorkflowFault::Corrupt(_)) => {
                    self.storage.delete(paths::RUNS, &failure.key.status()).await?;
                    None
                }
                status => status?,
            };
            let answered = earlier
                .as_mut()
                .is_some_and(|earlier| earlier.answer(failure.ticket.as_ref()));
            if self.overtaken(failure, earlier.as_ref()).await? {
                if let Some(earlier) = earlier.as_mut().filter(|_| answered) {
                    status::write(&self.storage, &failure.key, earlier).await?;
                }
                return Ok(false);
            }
            self.tell(&failure.key, &failure.reason, earlier.as_ref()).await?;
            Ok(true)
        });
        tokio::time::timeout(LONGEST_TELLING, telling)
            .await
            .map_err(|_| WorkflowFault::TooLong(LONGEST_TELLING))?
            .or_else(|fault| match fault {
                // There is nobody to tell.
                WorkflowFault::Erased => Ok(Some(false)),
                fault => Err(fault),
            })
    }

    /// Whether newer work was begun since, which has an end of its own.
    async fn overtaken(&self, failure: &Failure, earlier: Option<&Status>) -> Result<bool, WorkflowFault> {
        Ok(match &failure.work {
            FailedWork::Request(None) => false,
            FailedWork::Request(Some(asked)) => {
                let state = self.state(&failure.key).await?;
                state.newest.is_some_and(|newest| newest > *asked)
            }
            FailedWork::Publication(run) => earlier.is_some_and(|status| {
                let published = matches!(status.state, State::Published { .. });
                published || status.run.as_ref().is_some_and(|newest| newest != run)
            }),
        })
    }

    /// `FAILED.json` where the draft would be, and the status. An older draft is no longer called ready.
    async fn tell(&self, key: &CaseKey, reason: &str, earlier: Option<&Status>) -> Result<(), WorkflowFault> {
        let mark = EndMark {
            recipe: key.recipe.clone(),
            case: key.case.clone(),
            run: None,
            outcome: RunOutcome::Failed {
                stage: reason.to_owned(),
            },
            at: now(),
            sha256: BTreeMap::new(),
            edit: earlier.and_then(|status| status.edit.clone()),
        };
        self.note(key, Note::of(Event::Failed)).await?;
        put_json(&self.storage, paths::DRAFTS, &key.failed(), &mark).await?;
        self.storage.delete(paths::DRAFTS, &key.ready()).await?;
        let mut status = Status::after(
            earlier,
            State::Failed {
                reason: reason.to_owned(),
            },
        );
        // Whoever asks again after the cause was mended gets all starts anew.
        status.starts = None;
        status::write(&self.storage, key, &mut status).await
    }

    /// Leaves `runs/refused/<hash>.json` for an upload that belongs to no case. `blob` is its path.
    pub async fn refuse_upload(&self, blob: &str, reason: &'static str) -> Result<(), WorkflowFault> {
        add(Counter::Refusals, 1, &[Attribute::new(key::REASON, reason)]);
        let name = paths::refused(&Digest::of(blob.as_bytes()));
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
