//! Confirming a publication: the host writes the results concurrently and not atomically, so they are compared
//! with the archive before anybody is told that they are there.

use std::collections::BTreeMap;
use std::time::Duration;

use audit::{Event, Note};
use azure::Put;
use drafting::check::RunOutcome;
use drafting::hash::Digest;
use drafting::id::{CaseId, EditId, RecipeId, RunId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::status::{self, put_json};
use super::{EditStamp, Origin, State, Status, Unknown, Workflow, WorkflowFault, now};
use crate::paths::{self, Artifact, CaseKey};

/// The second look comes this long after the first: by then the host has written what it was given, or never
/// will.
const SECOND_LOOK: Duration = Duration::from_secs(45);
/// The pause before a confirmation that met a busy case or a passing fault comes again.
const AGAIN: Duration = Duration::from_secs(10);
/// The longest that a look may take: a storage account that says nothing must not hold it until the host's time-out.
const LONGEST_LOOK: Duration = Duration::from_secs(120);
/// A confirmation that was put back this often goes to the poison queue.
const MOST_TRIES: u32 = 60;

/// The message on the queue `confirmations`: the host was given the results of this run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The recipe.
    pub recipe: RecipeId,
    /// The case.
    pub case: CaseId,
    /// The run.
    pub run: RunId,
    /// Whether this is the second look, after which none follows.
    #[serde(default)]
    pub second: bool,
    /// How often it was put back.
    #[serde(default)]
    pub tries: u32,
    /// What a newer version has added.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// `READY.json` or, for a refused case, `FAILED.json`: the end mark beside the results.
#[derive(Serialize, Deserialize)]
pub(super) struct EndMark {
    pub recipe: RecipeId,
    pub case: CaseId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    pub outcome: RunOutcome,
    pub at: Timestamp,
    /// SHA-256 of the results, by file name.
    pub sha256: BTreeMap<String, Digest>,
    /// The newest draft that the officer has edited: where it is kept, and whether it lies in place of this run's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<EditStamp>,
}

impl Confirmation {
    /// The first confirmation of a run.
    #[must_use]
    pub fn new(key: &CaseKey, run: &RunId) -> Self {
        Self {
            recipe: key.recipe.clone(),
            case: key.case.clone(),
            run: run.clone(),
            second: false,
            tries: 0,
            unknown: Unknown::new(),
        }
    }

    /// The case it is about.
    #[must_use]
    pub fn key(&self) -> CaseKey {
        CaseKey {
            recipe: self.recipe.clone(),
            case: self.case.clone(),
        }
    }

    /// The message's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| String::from("{}"))
    }
}

impl Workflow {
    /// Brings `drafts/` to the newest archived run of the case and says so. Whatever a slow or dead host left
    /// there is mended, also when it is of an older run.
    pub async fn confirm(&self, confirmation: &Confirmation) -> Result<(), WorkflowFault> {
        let key = confirmation.key();
        let published = tokio::time::timeout(LONGEST_LOOK, self.with_lease(&key, self.publish(&key))).await;
        match published.unwrap_or(Err(WorkflowFault::TooLong(LONGEST_LOOK))) {
            Ok(Some(())) if confirmation.second => Ok(()),
            Ok(Some(())) => {
                let second = Confirmation {
                    second: true,
                    tries: 0,
                    ..confirmation.clone()
                };
                self.send(paths::CONFIRMATIONS, &second.to_json(), SECOND_LOOK)
                    .await
            }
            // Whoever holds the case ends within the limit of a run: being busy is no fault to count.
            Ok(None) => {
                self.send(paths::CONFIRMATIONS, &confirmation.to_json(), AGAIN)
                    .await
            }
            Err(WorkflowFault::Erased) => Ok(()),
            // No fault either: a newer version is to publish it.
            Err(fault @ WorkflowFault::Newer(_)) => {
                tracing::warn!(%fault, "the confirmation comes again");
                self.send(paths::CONFIRMATIONS, &confirmation.to_json(), SECOND_LOOK)
                    .await
            }
            Err(fault) => {
                tracing::warn!(%fault, tries = confirmation.tries, "the confirmation comes again");
                self.confirm_later(confirmation).await
            }
        }
    }

    async fn confirm_later(&self, confirmation: &Confirmation) -> Result<(), WorkflowFault> {
        let later = Confirmation {
            tries: confirmation.tries.saturating_add(1),
            ..confirmation.clone()
        };
        if later.tries > MOST_TRIES {
            let poison = format!("{}-poison", paths::CONFIRMATIONS);
            return self.send(&poison, &later.to_json(), Duration::ZERO).await;
        }
        self.send(paths::CONFIRMATIONS, &later.to_json(), AGAIN).await
    }

    async fn publish(&self, key: &CaseKey) -> Result<(), WorkflowFault> {
        let earlier = self.status(key).await?;
        let Some(run) = earlier.as_ref().and_then(|status| status.run.clone()) else {
            tracing::warn!("a confirmation for a case without a run");
            return Ok(());
        };
        let Some(archived) = self.archived(key, &run).await? else {
            return Err(WorkflowFault::Corrupt("the archive of a run"));
        };
        let edit = self.edit_there(key, earlier.as_ref(), &run).await?;
        let stands = edit.as_ref().is_some_and(|edit| edit.origin == Origin::Standing);
        let mut sha256 = BTreeMap::new();
        for artifact in Artifact::ALL {
            if !archived.has(artifact) {
                // What another run left there is not this one's.
                self.storage.delete(paths::DRAFTS, &key.result(artifact)).await?;
                continue;
            }
            let bytes = self.archived_bytes(key, &run, artifact).await?;
            sha256.insert(artifact.file_name().to_owned(), Digest::of(&bytes));
            if !(artifact == Artifact::Draft && stands) {
                self.bring(key, artifact, bytes).await?;
            }
        }
        let state = match earlier.as_ref().map(|status| &status.state) {
            // A newer state of the case is on its way, or failed: that stays to be seen.
            Some(
                newer @ (State::Received
                | State::Waiting { .. }
                | State::Running
                | State::Cancelled { .. }
                | State::Failed { .. }),
            ) => newer.clone(),
            Some(State::Publishing { .. } | State::Published { .. }) | None => State::Published {
                outcome: archived.outcome.clone(),
            },
        };
        if !matches!(state, State::Failed { .. }) {
            self.mark(key, &run, &archived.outcome, sha256, edit.as_ref())
                .await?;
        }
        let mut status = Status::after(earlier.as_ref(), state);
        status.progress = earlier.and_then(|status| status.progress);
        status.published = Some(run);
        status.edit = edit;
        status::write(&self.storage, key, &mut status).await
    }

    /// The newest edit of the case's draft, with what lies where the draft goes. An edit made after this run was published
    /// stands there; one that was there before is kept and makes room.
    async fn edit_there(
        &self,
        key: &CaseKey,
        earlier: Option<&Status>,
        run: &RunId,
    ) -> Result<Option<EditStamp>, WorkflowFault> {
        let known = earlier.and_then(|status| status.edit.clone());
        let Some(bytes) = self.edited_in_place(key, earlier).await? else {
            return Ok(known.map(EditStamp::no_longer_there));
        };
        let digest = Digest::of(&bytes);
        if earlier.is_some_and(|status| status.has_set_aside(&digest, run)) {
            return Ok(known);
        }
        let published = earlier.is_some_and(|status| status.published.as_ref() == Some(run));
        let origin = if published {
            Origin::Standing
        } else {
            Origin::SetAside {
                replaced_by: run.clone(),
            }
        };
        let same = |known: &EditStamp| known.id == EditId::of(&digest) && known.origin == origin;
        match known.filter(same) {
            Some(known) => Ok(Some(known)),
            None => self.found(key, bytes, origin).await.map(Some),
        }
    }

    /// Makes one result what the archive says it is.
    async fn bring(&self, key: &CaseKey, artifact: Artifact, bytes: Vec<u8>) -> Result<(), WorkflowFault> {
        let name = key.result(artifact);
        let there = self.storage.get(paths::DRAFTS, &name).await?;
        let wanted = Some(artifact.content_type());
        match there {
            Some(blob) if blob.bytes == bytes && blob.content_type.as_deref() == wanted => {}
            Some(blob) if blob.bytes == bytes => {
                self.storage
                    .set_content_type(paths::DRAFTS, &name, artifact.content_type())
                    .await?;
            }
            _ => {
                let put = Put {
                    content_type: wanted,
                    ..Put::default()
                };
                self.storage.put(paths::DRAFTS, &name, bytes, put).await?;
            }
        }
        Ok(())
    }

    async fn mark(
        &self,
        key: &CaseKey,
        run: &RunId,
        outcome: &RunOutcome,
        sha256: BTreeMap<String, Digest>,
        edit: Option<&EditStamp>,
    ) -> Result<(), WorkflowFault> {
        let (mark, other) = match outcome {
            RunOutcome::Ready | RunOutcome::NeedsReview => (key.ready(), key.failed()),
            RunOutcome::Refused { .. } | RunOutcome::Failed { .. } => (key.failed(), key.ready()),
        };
        let standing = self.storage.get(paths::DRAFTS, &mark).await?;
        let stands = standing
            .and_then(|blob| serde_json::from_slice::<EndMark>(&blob.bytes).ok())
            .is_some_and(|mark| mark.run.as_ref() == Some(run) && mark.edit.as_ref() == edit);
        if !stands {
            let value = EndMark {
                recipe: key.recipe.clone(),
                case: key.case.clone(),
                run: Some(run.clone()),
                outcome: outcome.clone(),
                at: now(),
                sha256,
                edit: edit.cloned(),
            };
            let note = Note {
                run: Some(run.to_string()),
                ..Note::of(Event::Published)
            };
            self.note(key, note).await?;
            put_json(&self.storage, paths::DRAFTS, &mark, &value).await?;
        }
        self.storage.delete(paths::DRAFTS, &other).await?;
        Ok(())
    }
}
