//! Drafting one case: from a request to artifacts for the host to write.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{Event, Note};
use azure::{Put, StorageError};
use bytes::Bytes;
use drafting::check::RunOutcome;
use drafting::hash::Digest;
use drafting::id::RunId;
use drafting::record::{OutputRecord, Record, fingerprint};
use drafting::source::Rejection;
use model::Away;

use super::form::stored;
use super::status::{self, RunProgress, Starts};
use super::{CaseState, Decision, DraftRequest, State, Status, Workflow, WorkflowFault, decide, now, watch};
use crate::intake::{self, Taken, Upload};
use crate::measured::Run;
use crate::paths::{self, Artifact, CaseKey};
use crate::progress::Stage;
use crate::recipes::Usable;
use crate::routine::{self, Artifacts, Finished, Input, RoutineFault};

/// A request that was put back this often is given up: some hours of trouble.
const MOST_TRIES: u32 = 60;

/// What may be spent after a run on leaving its request behind. With a run of the default length, and with what goes before it,
/// this ends before the host's `functionTimeout` of ten minutes, at which the host would kill every other run as well.
const AFTER_RUN: Duration = Duration::from_secs(80);

/// The longest that a service may ask a case to wait at a time; a queue message is looked at again then.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);
/// Refused runs looked behind for the draft before them.
const MOST_REFUSALS: usize = 5;

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

    /// Leaves a request behind for what could not be done now.
    async fn come_again(
        &self,
        request: &DraftRequest,
        attempted: Result<Option<Step>, WorkflowFault>,
    ) -> Result<Step, WorkflowFault> {
        let fault = match attempted {
            Ok(Some(step)) => return Ok(step),
            // It will not be another blob the next time.
            Err(WorkflowFault::Corrupt(what)) => {
                tracing::error!(what, "a blob of the app's own cannot be understood");
                return self
                    .give_up(request, "what the app wrote about the case cannot be read")
                    .await;
            }
            Ok(None) => {
                tracing::info!("the case is busy; the request comes again");
                let delay = Duration::from_secs(u64::from(self.limits.lease_seconds) / 2);
                return self.put_back(request, delay).await;
            }
            Err(WorkflowFault::Cancelled) => return Ok(Step::Settled("the draft was cancelled")),
            Err(WorkflowFault::Erased) => return Ok(Step::Settled("the case was erased")),
            Err(fault) => fault,
        };
        tracing::warn!(%fault, tries = request.tries, "the request comes again");
        let delay = Duration::from_secs(5 << request.tries.min(6));
        self.put_back(request, delay).await
    }

    async fn put_back(&self, request: &DraftRequest, delay: Duration) -> Result<Step, WorkflowFault> {
        if request.tries >= MOST_TRIES {
            return self
                .give_up(
                    request,
                    "it could not be drafted after many tries over some hours",
                )
                .await;
        }
        self.leave(&request.again(), delay).await?;
        Ok(Step::Delayed)
    }

    /// Sends the request to the poison queue, whose door tells the case officer and raises the alert.
    async fn give_up(&self, request: &DraftRequest, reason: &str) -> Result<Step, WorkflowFault> {
        let poisoned = DraftRequest {
            failure: Some(reason.to_owned()),
            ..request.clone()
        };
        self.send(
            &format!("{}-poison", paths::REQUESTS),
            &poisoned.to_json(),
            Duration::ZERO,
        )
        .await?;
        Ok(Step::Failed)
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

    /// Whether the request waits for a model service that is away.
    fn patient(&self, request: &DraftRequest) -> bool {
        let patience = self
            .services
            .model
            .as_ref()
            .map_or(Duration::ZERO, |model| model.patience);
        let since = request.model_away_since.unwrap_or_else(now);
        now().duration_since(since).unsigned_abs() < patience
    }

    /// Leaves the request for when the service may be back. The run did nothing wrong: it does not count as a start.
    async fn await_model(
        &self,
        key: &CaseKey,
        request: &DraftRequest,
        running: Status,
        count: u32,
        away: Away,
    ) -> Result<Step, WorkflowFault> {
        let again = DraftRequest {
            model_away_since: request.model_away_since.or_else(|| Some(now())),
            ..request.again()
        };
        let pause = Duration::from_secs(5 << request.tries.min(7));
        let delay = away
            .after
            .unwrap_or_default()
            .clamp(pause, LONGEST_PAUSE.max(pause));
        self.leave(&again, delay).await?;
        tracing::warn!(
            prompts = away.prompts,
            seconds = delay.as_secs(),
            "the model's service is away; the case waits for it"
        );
        let until = now() + jiff::SignedDuration::try_from(delay).unwrap_or(jiff::SignedDuration::ZERO);
        let mut waiting = Status {
            state: State::Waiting {
                until,
                missing: Vec::new(),
                model_away: true,
            },
            progress: None,
            updated: now(),
            ..running
        };
        if let Some(starts) = &mut waiting.starts {
            starts.count = count;
        }
        status::write(&self.storage, key, &mut waiting).await?;
        Ok(Step::Delayed)
    }

    /// A fault of storage does not count as a start: the routine did its part.
    async fn uncounted(
        &self,
        key: &CaseKey,
        mut running: Status,
        count: u32,
        fault: WorkflowFault,
    ) -> WorkflowFault {
        if let Some(starts) = &mut running.starts {
            starts.count = count;
        }
        if let Err(also) = status::write(&self.storage, key, &mut running).await {
            tracing::warn!(fault = %also, "a start that failed by storage stays counted");
        }
        fault
    }

    async fn publishing(
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
    async fn give_again(
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

    /// The record of the draft before this one: of the newest run, and when that made no draft, of the one it was
    /// compared with.
    async fn previous(
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

    async fn archive(&self, key: &CaseKey, run: &RunId, artifacts: &Artifacts) -> Result<(), WorkflowFault> {
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
