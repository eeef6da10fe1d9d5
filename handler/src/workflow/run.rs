//! Drafting one case: from a request to artifacts for the host to write.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{Event, Note};
use azure::StorageError;
use drafting::check::RunOutcome;
use drafting::hash::Digest;
use drafting::id::RunId;
use drafting::record::fingerprint;
use drafting::source::Rejection;

use super::status::{self, RunProgress, Starts};
use super::{CaseState, Decision, DraftRequest, State, Status, Workflow, WorkflowFault, decide, now, watch};
use crate::intake::{self, Taken, Upload};
use crate::measured::Run;
use crate::paths::{self, Artifact, CaseKey};
use crate::progress::Stage;
use crate::recipes::Usable;
use crate::routine::{self, Artifacts, Finished, Input, RoutineFault};

/// What may be spent after a run on leaving its request behind. With a run of the default length, and with what goes before it,
/// this ends before the host's `functionTimeout` of ten minutes, at which the host would kill every other run as well.
const AFTER_RUN: Duration = Duration::from_secs(80);

/// What a door does after the workflow has looked at a request.
#[derive(Debug)]
pub enum Step {
    /// Nothing: the reason is for the log.
    Settled(&'static str),
    /// Nothing now: a request that comes later was left.
    Delayed,
    /// Give these results to the host, and a confirmation with them.
    Give {
        /// The run.
        run: RunId,
        /// How it ended.
        outcome: RunOutcome,
        /// Its results.
        artifacts: Artifacts,
    },
    /// The app cannot draft this case, and the case officer is told so.
    Failed,
}

impl Workflow {
    /// Does what the request asks for, as far as it can be done now. Passing faults, a busy case and a lost lease
    /// put the request back with a delay: only a crash may spend the host's own retries.
    pub async fn advance(&self, request: &DraftRequest) -> Result<Step, WorkflowFault> {
        let begun = Instant::now();
        let attempted = match self.attempt(request).await {
            Ok(Some(step)) => return Ok(step),
            attempted => attempted,
        };
        let left = (self.limits.run + AFTER_RUN).saturating_sub(begun.elapsed());
        tokio::time::timeout(left, self.come_again(request, attempted))
            .await
            .map_err(|_| WorkflowFault::TooLong(self.limits.run + AFTER_RUN))?
    }

    /// One attempt; `None` when the case is busy.
    async fn attempt(&self, request: &DraftRequest) -> Result<Option<Step>, WorkflowFault> {
        let limit = self.limits.run;
        // The routine ends a little sooner than the time-out, so that what it has is not lost.
        let deadline = Instant::now() + limit * 15 / 16;
        let work = async {
            // A closed semaphore cannot be: nobody closes it.
            let _place = self
                .places
                .acquire()
                .await
                .map_err(|_| WorkflowFault::TooLong(limit))?;
            self.with_lease(&request.key(), self.look(request, deadline))
                .await
        };
        tokio::time::timeout(limit, work)
            .await
            .map_err(|_| WorkflowFault::TooLong(limit))?
    }

    /// Looks at the case under its lease, and drafts it if it is time.
    async fn look(&self, request: &DraftRequest, deadline: Instant) -> Result<Step, WorkflowFault> {
        let key = request.key();
        let usable = match self.shelf.get(&key.recipe) {
            Some(Ok(usable)) => Arc::clone(usable),
            Some(Err(_)) => {
                return self
                    .give_up(
                        request,
                        "the recipe has faults; `handler check-recipe` lists them",
                    )
                    .await;
            }
            None => return self.give_up(request, "there is no recipe of that name").await,
        };
        let status = self.status(&key).await?;
        let state = self.state(&key).await?;
        if cancelled(status.as_ref(), request, &state) {
            self.taken_up(&key, status, request).await?;
            return Err(WorkflowFault::Cancelled);
        }
        match decide(&state, request, usable.recipe.completeness, &self.limits, now()) {
            Decision::Nothing => {
                self.taken_up(&key, status, request).await?;
                Ok(Step::Settled("the case has no documents"))
            }
            Decision::Stale => {
                self.taken_up(&key, status, request).await?;
                Ok(Step::Settled("a newer upload has its own request"))
            }
            Decision::Wait(delay) => self.wait(&key, request, &state, delay).await,
            Decision::Draft => {
                let request = Self::answering(status.as_ref(), request);
                self.draft(&key, &request, &usable, &state, deadline).await
            }
        }
    }

    async fn wait(
        &self,
        key: &CaseKey,
        request: &DraftRequest,
        state: &CaseState,
        delay: Duration,
    ) -> Result<Step, WorkflowFault> {
        let mut earlier = self.status(key).await?;
        if cancelled(earlier.as_ref(), request, state) {
            return Err(WorkflowFault::Cancelled);
        }
        if let Some(earlier) = &mut earlier {
            earlier.answer(request.ticket.as_ref());
        }
        let next = DraftRequest {
            newest: state.newest.clone(),
            // It was not cancelled until now.
            knows: Some(earlier.as_ref().map_or(0, Status::cancellations)),
            ..request.clone()
        };
        self.leave(&next, delay).await?;
        let until = now() + jiff::SignedDuration::try_from(delay).unwrap_or(jiff::SignedDuration::ZERO);
        let missing = state.missing().into_iter().map(ToString::to_string).collect();
        let mut status = Status::after(
            earlier.as_ref(),
            State::Waiting {
                until,
                missing,
                model_away: false,
            },
        );
        status::write(&self.storage, key, &mut status).await?;
        Ok(Step::Delayed)
    }

    async fn draft(
        &self,
        key: &CaseKey,
        request: &DraftRequest,
        usable: &Arc<Usable>,
        state: &CaseState,
        deadline: Instant,
    ) -> Result<Step, WorkflowFault> {
        let Taken {
            uploads,
            manifest,
            digests,
        } = intake::take(self.download(key, state).await?, state.manifest.clone());
        let drafter = self.services.drafter();
        let print = fingerprint(
            &usable.recipe,
            &key.case,
            state.manifest_digest.as_ref(),
            &digests,
            &drafter,
        );
        let mut earlier = self.status(key).await?;
        // Since it was looked at, while the documents came.
        if cancelled(earlier.as_ref(), request, state) {
            return Err(WorkflowFault::Cancelled);
        }
        let newest = earlier
            .as_mut()
            .is_some_and(|earlier| earlier.answer(request.ticket.as_ref()));
        let run = run_id(&print, request.attempt, earlier.as_ref());
        if let Some(archived) = self.archived(key, &run).await? {
            return self
                .give_again(key, earlier.as_ref(), run, archived, newest, state)
                .await;
        }
        let count = earlier
            .as_ref()
            .and_then(|status| status.starts.as_ref())
            .filter(|starts| starts.fingerprint == print)
            .map_or(0, |starts| starts.count);
        if count >= self.limits.most_starts {
            return self
                .give_up(request, "drafting it was started several times and never ended")
                .await;
        }
        // Before the start is counted: a fault of storage is none of the routine's.
        let previous = self.previous(key, earlier.as_ref()).await?;
        let before = previous.as_ref().map(|previous| previous.run.clone());
        let mut running = Status::after(earlier.as_ref(), State::Running);
        running.seen.clone_from(&state.newest);
        running.starts = Some(Starts {
            fingerprint: print,
            count: count + 1,
        });
        let begun = Stage::Reading.into();
        running.progress = Some(RunProgress {
            now: begun,
            started: now(),
            attempt: count + 1,
        });
        status::write(&self.storage, key, &mut running).await?;
        let patient = self.patient(request);
        let input = Input {
            case: key.case.clone(),
            manifest,
            manifest_fault: state.manifest_fault.clone(),
            too_many: state.too_many,
            uploads,
            today: routine::today(),
            run: run.clone(),
            answers: self.answers(key),
            deadline,
            patient,
            previous,
            edited: Box::pin(self.edit_lately(key, before)),
        };
        let (watcher, news) = watch::channel(begun);
        let work = routine::generate(usable, input, &self.services, &watcher);
        let measured = Run::begin(&key.recipe, &run);
        let work = measured.around(work);
        let finished = self.watched(key, &mut running, news, work).await;
        measured.end(finished.as_ref().map_or(Err("cancelled"), ending));
        let finished = match finished? {
            Err(RoutineFault::ModelAway(away)) => {
                return self.await_model(key, request, running, count, away).await;
            }
            finished => finished?,
        };
        // Noted first: a draft that the log does not know must not go out.
        if let Err(fault) = self.note(key, drafted(&run, &finished)).await {
            return Err(self.uncounted(key, running, count, fault).await);
        }
        if let Err(fault) = self.archive(key, &run, &finished.artifacts).await {
            return Err(self.uncounted(key, running, count, fault).await);
        }
        // Whoever edited the draft where it lies finds the edit again: it is kept before it is written over.
        if let Some(edit) = self.set_aside(key, &run, Some(&running)).await? {
            running.edit = Some(edit);
        }
        self.publishing(key, Some(&running), &run, &finished.outcome)
            .await?;
        tracing::info!(%run, outcome = ?finished.outcome, "drafted");
        Ok(Step::Give {
            run,
            outcome: finished.outcome,
            artifacts: finished.artifacts,
        })
    }

    /// Reads the documents. One that is too large is not read: its size and state stand for its content.
    async fn download(&self, key: &CaseKey, state: &CaseState) -> Result<Vec<Upload>, WorkflowFault> {
        let mut uploads = Vec::new();
        for listed in &state.documents {
            if listed.bytes > self.local.document_bytes {
                let what = format!(
                    "{} MB, at most {} MB",
                    listed.bytes / 1_000_000,
                    self.local.document_bytes / 1_000_000
                );
                let digest = Digest::of(listed.etag.as_str().as_bytes());
                uploads.push(Upload {
                    name: listed.name.clone().into(),
                    digest,
                    size: listed.bytes,
                    bytes: Err(Rejection::TooLarge { what }),
                });
                continue;
            }
            let blob = self
                .storage
                .get(paths::SOURCES, &key.source(&listed.name))
                .await?;
            // Deleted or replaced since it was listed: the next look sees the case as it is then.
            let Some(blob) = blob.filter(|blob| blob.etag == listed.etag) else {
                return Err(WorkflowFault::Storage(StorageError::Unavailable));
            };
            uploads.push(Upload::new(listed.name.clone(), blob.bytes));
        }
        Ok(uploads)
    }
}

/// Whether somebody has cancelled what the request asks for.
fn cancelled(status: Option<&Status>, request: &DraftRequest, state: &CaseState) -> bool {
    let newest = status.and_then(|status| status.cancellation.as_ref());
    newest.is_some_and(|cancellation| cancellation.stops(request, state))
}

/// How a run ended, or why it has no outcome, for telemetry.
fn ending(finished: &Result<Finished, RoutineFault>) -> Result<&RunOutcome, &'static str> {
    match finished {
        Ok(finished) => Ok(&finished.outcome),
        Err(RoutineFault::ModelAway(_)) => Err("model-away"),
        Err(RoutineFault::Reader(_)) => Err("reader"),
        Err(RoutineFault::Render(_)) => Err("render"),
        Err(RoutineFault::Stopped) => Err("stopped"),
    }
}

/// What the audit log says of a finished run: how it ended, and its findings by weight.
fn drafted(run: &RunId, finished: &Finished) -> Note {
    let event = match &finished.outcome {
        RunOutcome::Ready | RunOutcome::NeedsReview => Event::Drafted,
        RunOutcome::Refused { .. } => Event::Refused,
        RunOutcome::Failed { .. } => Event::Failed,
    };
    let [critical, standard, info] = finished.findings;
    let draft = finished.artifacts.get(&Artifact::Draft);
    let note = Note {
        run: Some(run.to_string()),
        document: draft.map(|bytes| Digest::of(bytes).to_string()),
        ..Note::of(event)
    };
    note.with(
        "ready",
        if matches!(finished.outcome, RunOutcome::Ready) {
            "yes"
        } else {
            "no"
        },
    )
    .with("critical", critical)
    .with("standard", standard)
    .with("info", info)
}

/// The run of these inputs that is wanted. Unless one is named it is the newest that there is of them, so that the
/// event of an old upload does not bring back a draft that a repetition has replaced.
fn run_id(print: &Digest, attempt: Option<u16>, earlier: Option<&Status>) -> RunId {
    let first = RunId::of(print, 1);
    let newest = earlier.and_then(|status| status.run.as_ref());
    match (attempt, newest) {
        (Some(attempt), _) => RunId::of(print, attempt.into()),
        (None, Some(newest)) if newest.as_str().split('-').next() == Some(first.as_str()) => newest.clone(),
        (None, _) => first,
    }
}

impl Step {
    /// One word or sentence for the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Settled(why) => why,
            Self::Delayed => "a request that comes later was left",
            Self::Give { .. } => "results were given to the host",
            Self::Failed => "the case failed",
        }
    }
}
