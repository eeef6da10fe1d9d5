//! A request that comes again: for a busy case, a passing fault or a model's service that is away; and when it is given up.

use std::time::Duration;

use model::Away;

use super::run::Step;
use super::status;
use super::{DraftRequest, State, Status, Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};

/// A request that was put back this often is given up: some hours of trouble.
const MOST_TRIES: u32 = 60;

/// The longest that a service may ask a case to wait at a time; a queue message is looked at again then.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);

impl Workflow {
    /// Leaves a request behind for what could not be done now.
    pub(super) async fn come_again(
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
    pub(super) async fn give_up(&self, request: &DraftRequest, reason: &str) -> Result<Step, WorkflowFault> {
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

    /// Whether the request waits for a model service that is away.
    pub(super) fn patient(&self, request: &DraftRequest) -> bool {
        let patience = self
            .services
            .model
            .as_ref()
            .map_or(Duration::ZERO, |model| model.patience);
        let since = request.model_away_since.unwrap_or_else(now);
        now().duration_since(since).unsigned_abs() < patience
    }

    /// Leaves the request for when the service may be back. The run did nothing wrong: it does not count as a start.
    pub(super) async fn await_model(
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
    pub(super) async fn uncounted(
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
}
