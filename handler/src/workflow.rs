//! What happens to a case between upload and published draft.
//!
//! Everything is kept in the storage account; an instance can die at any line. Two rules make that safe:
//! whoever works on a case holds its lease, and the same inputs have the same [`drafting::id::RunId`], so that
//! work done twice is recognised. This module knows no HTTP status codes and no host payloads.

use std::sync::Arc;
use std::time::Duration;

use audit::{Event, Note, Pseudonym};
use azure::{Storage, StorageError};
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::audit_log::AuditLog;
use crate::config::{Flows, Limits, Local};
use crate::paths::{self, CaseKey};
use crate::recipes::Shelf;
use crate::routine::Services;

mod again;
mod answers;
mod approve;
mod archive;
mod ask;
mod call_back;
mod cancel;
mod confirm;
mod decide;
mod dependencies;
mod edit;
mod erase;
mod erasure;
mod export;
mod fail;
mod form;
mod give;
mod holdings;
mod keys;
mod lease;
mod list;
mod queued;
mod refer;
mod replay;
mod request;
mod retention;
mod run;
mod state;
mod status;
mod submit;
mod sweep;
mod tombstone;
mod undelivered;
mod watch;
mod withdraw;

pub use approve::{Approval, ApprovalRefusal, Approved, Version};
pub use ask::Ticket;
pub use call_back::{Callback, CallbackStamp, CallbackState};
pub use cancel::{CancelFault, Cancellation};
pub use confirm::Confirmation;
pub use decide::{Decision, decide};
pub use dependencies::{Condition, Dependencies, Dependency};
pub use edit::{EditRefusal, EditStamp, KeptEdit, Origin};
pub use erasure::{Cause, Counts, Erased, Erasure, Remaining};
pub use export::{Export, ExportRefusal};
pub use fail::{FailedWork, Failure};
pub use form::{FORM, Unknown, is_newer};
pub use holdings::{HostAccount, Part};
pub use keys::{Bond, Bound, Kept, KeyFault, KeyedCall};
pub use list::{CaseList, ListedCase, Standing};
pub use refer::{Reference, ReferenceFault};
pub use replay::{PoisonedWork, Replayed, ReplayedAll};
pub use request::DraftRequest;
pub use retention::{Due, Retained};
pub use run::Step;
pub use state::{CaseState, Newest, parse_manifest};
pub use status::{Asked, RunProgress, State, Status};
pub use submit::{Submission, SubmissionFault};
pub use sweep::Swept;
pub use withdraw::WithdrawalFault;

/// Kept answers that are read or written at once, over all runs.
const TRANSFERS: usize = 16;
/// Archives that are made at once; each holds a document or two in memory. Others wait.
const EXPORTS: usize = 2;

/// An arrival goes unnoted rather than keep its case waiting for longer than this.
const LONGEST_NOTE: Duration = Duration::from_secs(10);

/// The parts that every door needs.
pub struct Workflow {
    storage: Storage,
    shelf: Arc<Shelf>,
    services: Services,
    limits: Limits,
    local: Local,
    audit: Arc<AuditLog>,
    places: Semaphore,
    transfers: Arc<Semaphore>,
    flows: Flows,
    exports: Semaphore,
    host: HostAccount,
    found: dependencies::Found,
}

/// Why a step of the workflow could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkflowFault {
    /// Storage did not do what was asked.
    #[error("storage: {0}")]
    Storage(#[from] StorageError),
    /// Another instance took the case over.
    #[error("the lease on the case was lost; whoever holds it goes on")]
    LostLease,
    /// A run, or a look at a case, took longer than it may.
    #[error("it took longer than {} s", .0.as_secs())]
    TooLong(Duration),
    /// Somebody cancelled the draft.
    #[error("the draft was cancelled")]
    Cancelled,
    /// The routine failed.
    #[error("the routine failed: {0}")]
    Routine(#[from] crate::routine::RoutineFault),
    /// All that was held about the case was erased, and nothing has come since.
    #[error("the case was erased")]
    Erased,
    /// A blob of our own making cannot be understood.
    #[error("a blob of the app's own is not what the app wrote: {0}")]
    Corrupt(&'static str),
    /// A blob of our own making in a form that this version does not know.
    #[error(
        "{0} is in the form of a newer version of the app, which is to go on with the case; deploy that again"
    )]
    Newer(&'static str),
}

impl WorkflowFault {
    /// Whether the same step may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Storage(error) => error.is_passing(),
            Self::LostLease | Self::TooLong(_) | Self::Newer(_) => true,
            Self::Routine(_) | Self::Corrupt(_) | Self::Cancelled | Self::Erased => false,
        }
    }
}

impl Workflow {
    /// A workflow over one storage account.
    #[must_use]
    pub fn new(
        storage: Storage,
        shelf: Arc<Shelf>,
        services: Services,
        limits: Limits,
        local: Local,
        audit: Arc<AuditLog>,
    ) -> Self {
        let places = Semaphore::new(limits.concurrent_runs);
        Self {
            storage,
            shelf,
            services,
            limits,
            local,
            audit,
            places,
            transfers: Arc::new(Semaphore::new(TRANSFERS)),
            flows: Flows::default(),
            exports: Semaphore::new(EXPORTS),
            host: HostAccount::Unknown,
            found: dependencies::Found::default(),
        }
    }

    /// The same workflow, with what flows may ask of it.
    #[must_use]
    pub fn for_flows(self, flows: Flows) -> Self {
        Self { flows, ..self }
    }

    /// What flows may ask of it.
    #[must_use]
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// The same, knowing the account in which the host keeps its receipts and its queue of uploads.
    #[must_use]
    pub fn beside(self, host: HostAccount) -> Self {
        Self { host, ..self }
    }

    /// The recipes.
    #[must_use]
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Where the model's answers of a case are kept, if they are.
    fn answers(&self, key: &CaseKey) -> Option<Arc<dyn model::Answers>> {
        let modelled = self.services.model.as_ref()?;
        modelled.keep_answers.then(|| {
            Arc::new(answers::CaseAnswers {
                storage: self.storage.clone(),
                key: key.clone(),
                places: Arc::clone(&self.transfers),
            }) as Arc<dyn model::Answers>
        })
    }

    /// Notes in the audit log what is done about a case. What cannot be noted must not be done: the fault comes back.
    async fn note(&self, key: &CaseKey, note: Note) -> Result<(), WorkflowFault> {
        let note = Note {
            case: Some(self.audit.case(key)),
            ..note
        };
        self.audit.tell(note).await.map_err(WorkflowFault::Storage)
    }

    /// What stands in the audit log for a caller, where callers are known.
    fn caller(&self, who: Option<&str>) -> Option<Pseudonym> {
        who.map(|who| self.audit.person(who))
    }

    /// Notes that something arrived for a case, by whom where a caller brought it. It lies in storage already, so that the note
    /// may fail.
    pub async fn received(&self, key: &CaseKey, documents: usize, who: Option<&str>) {
        let note = Note {
            who: self.caller(who),
            ..Note::of(Event::Received)
        };
        let note = note.with("documents", documents);
        let noted = tokio::time::timeout(LONGEST_NOTE, self.note(key, note)).await;
        if let Err(fault) = noted.unwrap_or(Err(WorkflowFault::TooLong(LONGEST_NOTE))) {
            tracing::warn!(%fault, "an arrival could not be noted in the audit log");
        }
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Creates the containers and queues that the app needs and the host does not create.
    pub async fn prepare(&self) -> Result<(), StorageError> {
        for container in [
            paths::SOURCES,
            paths::DRAFTS,
            paths::RUNS,
            paths::PUBLISHED,
            paths::AUDIT,
        ] {
            self.storage.ensure_container(container).await?;
        }
        for container in self.flows.incoming.containers() {
            self.storage.ensure_container(container).await?;
        }
        for queue in [paths::REQUESTS, paths::CONFIRMATIONS, paths::CALLBACKS] {
            self.storage.ensure_queue(queue).await?;
            self.storage.ensure_queue(&format!("{queue}-poison")).await?;
        }
        Ok(())
    }

    /// Leaves a request that becomes visible after `delay`. Tries for some minutes when the queue fails: an
    /// upload whose request is not left would be lost once the host's five immediate retries are spent.
    pub async fn leave(&self, request: &DraftRequest, delay: Duration) -> Result<(), WorkflowFault> {
        let request = DraftRequest {
            // Beyond the end of the calendar nothing is late.
            due: Timestamp::now().checked_add(delay).ok(),
            ..request.clone()
        };
        self.send(paths::REQUESTS, &request.to_json(), delay).await
    }

    /// Leaves a request that will find the work done, unless whoever does it now dies over it or the host does
    /// before it wrote the results. One try only: who asked for the work is waiting for it.
    pub async fn remember(&self, request: &DraftRequest, delay: Duration) {
        if let Err(error) = self
            .storage
            .send(paths::REQUESTS, &request.to_json(), delay)
            .await
        {
            tracing::warn!(%error, "a run goes on without a request that would repeat it");
        }
    }

    /// Leaves a text on a queue that becomes visible after `delay`; as [`Self::leave`] does.
    pub async fn send(&self, queue: &str, text: &str, delay: Duration) -> Result<(), WorkflowFault> {
        const PATIENCE: Duration = Duration::from_secs(240);
        let end = tokio::time::Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(500);
        loop {
            let error = match self.storage.send(queue, text, delay).await {
                Ok(()) => return Ok(()),
                // A queue that somebody deleted is made again.
                Err(StorageError::NotFound) => match self.storage.ensure_queue(queue).await {
                    Ok(()) => StorageError::NotFound,
                    Err(error) => error,
                },
                Err(error) => error,
            };
            let again = error.is_passing() || error == StorageError::NotFound;
            if !again || tokio::time::Instant::now() + pause > end {
                return Err(error.into());
            }
            tracing::warn!(%error, "a queue message could not be sent; trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(15));
        }
    }

    /// The case as it lies in storage now.
    pub async fn state(&self, key: &CaseKey) -> Result<CaseState, WorkflowFault> {
        state::read(&self.storage, key, self.local.case_documents).await
    }

    /// The status of a case; `None` when nothing is known of it.
    pub async fn status(&self, key: &CaseKey) -> Result<Option<Status>, WorkflowFault> {
        status::read(&self.storage, key).await
    }
}

/// The moment, to the second, as it stands in blobs.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
