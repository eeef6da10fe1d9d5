//! Erasing all that is held about a case, or the parts of it whose time is up.
//!
//! The mark of the case comes first, then what could begin it anew (messages), then everything under its prefix with earlier
//! versions and snapshots, then the host's receipts, and last the lock. Killed at any line, the mark stands: nothing is done for
//! the case until whoever asks again, or the next look at retention, goes on to the end. Storage is listed again afterwards, and
//! what is still there is told with the reason; it is never called gone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use audit::{Event, Note};
use azure::{Copy, Lease, StorageError};
use drafting::hash::Digest;
use drafting::id::{CaseId, RecipeId};
use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holdings::{Holding, Holdings, HostAccount, Part};
use super::{DraftRequest, State, Workflow, WorkflowFault, now, retention};
use crate::paths::{self, CaseKey};

/// Blobs deleted at once.
const AT_ONCE: usize = 8;
/// Looks at storage, each of which finds what the deletions of the one before left: versions of what was deleted, late writes.
const MOST_LOOKS: usize = 6;
/// How long results may be on their way from the host to storage: as long as a function may run.
const ON_THEIR_WAY: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
/// The form of the report.
const SCHEMA: &str = "golden-thread/erasure/1";
/// What the report says of the audit log.
const AUDIT_LOG: &str = "its entries about the case stay: they hold keyed hashes in the place of names and references, numbers, \
                         and digests of documents";

/// Why a case is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Somebody asked for it.
    Asked,
    /// Its time was up.
    Retention,
}

/// The report of an erasure.
#[derive(Clone, Debug, Serialize)]
pub struct Erasure {
    /// The form of this report.
    pub schema: &'static str,
    /// The recipe.
    pub recipe: RecipeId,
    /// The case.
    pub case: CaseId,
    /// Why.
    pub cause: Cause,
    /// What was to be erased.
    pub parts: BTreeSet<Part>,
    /// When it was begun, by the clock of storage.
    pub at: Timestamp,
    /// Whether nothing of it is left.
    pub complete: bool,
    /// What was deleted.
    pub erased: Counts,
    /// What is still there, and why.
    pub remaining: Vec<Remaining>,
    /// What could not be looked at.
    pub not_seen: Vec<String>,
    /// Documents that arrived after this was begun: they are a new case.
    pub newer_documents: usize,
    /// What is kept of it in the audit log.
    pub audit_log: &'static str,
}

/// How much was deleted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    /// Blobs, by container.
    pub blobs: BTreeMap<&'static str, u64>,
    /// Earlier versions and snapshots of blobs.
    pub earlier_copies: u64,
    /// Messages, by queue.
    pub messages: BTreeMap<String, u64>,
    /// Receipts of the Functions host.
    pub receipts: u64,
}

/// Something that is still there.
#[derive(Clone, Debug, Serialize)]
pub struct Remaining {
    /// The container.
    pub container: &'static str,
    /// The blob.
    pub name: String,
    /// Which of its states.
    pub copy: &'static str,
    /// Why it is there.
    pub why: String,
    /// Until when, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// For how many more days the account keeps it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<u32>,
}

/// What whoever asked is given.
#[derive(Clone, Debug)]
pub struct Erased {
    /// The report.
    pub report: Erasure,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256, which stands in the audit log.
    pub sha256: Digest,
}

/// What is to be erased, why, and for whom.
pub(super) struct Order<'o> {
    pub parts: BTreeSet<Part>,
    pub cause: Cause,
    /// The caller, as the directory knows them.
    pub who: Option<&'o str>,
    /// Whether an erasure that somebody died over is brought to its end.
    pub goes_on: bool,
    /// The last thing that happened to the case, where it is erased because that is long ago: what happened since stops it.
    pub newest: Option<Timestamp>,
}

impl Order<'_> {
    fn whole(&self) -> bool {
        self.parts.len() == Part::ALL.len()
    }
}

/// Why single blobs could not be deleted.
type Refusals = HashMap<(&'static str, String, Copy), StorageError>;

impl Workflow {
    /// Erases all that is held about a case. May be repeated. `None` when the case is being worked on.
    pub async fn erase(&self, key: &CaseKey, who: Option<&str>) -> Result<Option<Erased>, WorkflowFault> {
        let order = Order {
            parts: Part::ALL.into(),
            cause: Cause::Asked,
            who,
            goes_on: false,
            newest: None,
        };
        self.erase_as(key, &order).await
    }

    pub(super) async fn erase_as(
        &self,
        key: &CaseKey,
        order: &Order<'_>,
    ) -> Result<Option<Erased>, WorkflowFault> {
        let seconds = self.limits.lease_seconds;
        let lock = key.lock();
        let lease = self.storage.acquire_lease(paths::RUNS, &lock, seconds).await?;
        let Some(lease) = lease else {
            return Ok(None);
        };
        let work = async {
            if self.results_on_their_way(key).await? || self.has_moved(key, order).await? {
                return Ok(None);
            }
            self.erase_held(key, order).await.map(Some)
        };
        let erased = self.while_held(&lease, work).await;
        if !matches!(erased, Ok(Some(_))) || !order.parts.contains(&Part::Drafted) {
            self.storage.release_lease(lease).await?;
            return erased;
        }
        self.forget_lock(key, lease).await?;
        if order.whole() {
            self.end_erasing(key).await?;
        }
        erased
    }

    /// Deletes the lock of a case of which nothing is left.
    pub(super) async fn forget_lock(&self, key: &CaseKey, lease: Lease) -> Result<(), WorkflowFault> {
        self.storage.delete_leased(lease).await?;
        self.delete_versions(&key.lock()).await
    }

    /// Deletes the earlier versions of a blob of [`paths::RUNS`], where the account keeps any.
    pub(super) async fn delete_versions(&self, name: &str) -> Result<(), WorkflowFault> {
        let held = self.storage.held(paths::RUNS, name).await?;
        for blob in held.blobs {
            if matches!(blob.copy, Copy::Version(_)) && !blob.deleted {
                self.storage.delete_held(paths::RUNS, &blob, None).await?;
            }
        }
        Ok(())
    }

    /// Whether the host may be writing results of the case just now. It does so without a lease, so that it is waited for.
    async fn results_on_their_way(&self, key: &CaseKey) -> Result<bool, WorkflowFault> {
        let status = match self.status(key).await {
            Err(WorkflowFault::Corrupt(_)) => None,
            status => status?,
        };
        Ok(status.is_some_and(|status| {
            matches!(status.state, State::Publishing { .. })
                && now().duration_since(status.updated) < ON_THEIR_WAY
        }))
    }

    /// Whether something has happened to a case that was to be erased because nothing had for long.
    async fn has_moved(&self, key: &CaseKey, order: &Order<'_>) -> Result<bool, WorkflowFault> {
        let Some(newest) = order.newest else {
            return Ok(false);
        };
        let held = self.holdings(key, &Part::ALL.into()).await?;
        let mut times = held
            .all
            .iter()
            .filter(|one| retention::counts(&one.blob.name, key));
        Ok(times.any(|one| one.blob.last_modified > newest))
    }

    async fn erase_held(&self, key: &CaseKey, order: &Order<'_>) -> Result<Erased, WorkflowFault> {
        self.note_erasure(key, order, Note::of(Event::Erased).with("stage", "begun"))
            .await?;
        let mut counts = Counts::default();
        let mut not_seen = Vec::new();
        let at = if order.whole() {
            let at = self.begin_erasing(key, order.cause, order.goes_on).await?;
            let removed = self.remove_messages(key).await?;
            counts.messages = removed.messages;
            not_seen.extend(removed.hidden.iter().map(|(queue, count)| hidden(queue, *count)));
            order.newest.map_or(at, |newest| newest.min(at))
        } else {
            Timestamp::MAX
        };
        let mut refused = Refusals::new();
        for _ in 0..MOST_LOOKS {
            let held = self.erasable(key, order, at).await?;
            let left = held.all.into_iter().filter(|one| {
                let tried = (one.container, one.blob.name.clone(), one.blob.copy.clone());
                !refused.contains_key(&tried) && !(one.blob.deleted && one.blob.copy == Copy::Present)
            });
            let left: Vec<Holding> = left.collect();
            if left.is_empty() {
                break;
            }
            self.delete(left, &mut counts, &mut refused).await?;
        }
        if order.parts.contains(&Part::Sources) {
            counts.receipts = self.delete_receipts(key, &mut not_seen).await?;
        }
        let held = self.erasable(key, order, at).await?;
        not_seen.extend(
            held.without_copies
                .iter()
                .map(|container| without_copies(container)),
        );
        let remaining: Vec<Remaining> = held.all.iter().map(|one| remaining(one, &refused)).collect();
        let newer_documents = self.newer(key, order, at).await?;
        let report = Erasure {
            schema: SCHEMA,
            recipe: key.recipe.clone(),
            case: key.case.clone(),
            cause: order.cause,
            parts: order.parts.clone(),
            at: if order.whole() { at } else { now() },
            complete: remaining.is_empty(),
            erased: counts,
            remaining,
            not_seen,
            newer_documents,
            audit_log: AUDIT_LOG,
        };
        self.proven(key, order, report).await
    }

    /// Writes into the audit log what was done, with the digest of the report.
    async fn proven(
        &self,
        key: &CaseKey,
        order: &Order<'_>,
        report: Erasure,
    ) -> Result<Erased, WorkflowFault> {
        let mut bytes = serde_json::to_vec_pretty(&report)
            .map_err(|_| WorkflowFault::Corrupt("a report without JSON form"))?;
        bytes.push(b'\n');
        let sha256 = Digest::of(&bytes);
        let note = Note {
            document: Some(sha256.to_string()),
            ..Note::of(Event::Erased)
        };
        let note = note
            .with("stage", "done")
            .with("blobs", report.erased.blobs.values().sum::<u64>())
            .with("copies", report.erased.earlier_copies)
            .with("messages", report.erased.messages.values().sum::<u64>())
            .with("receipts", report.erased.receipts)
            .with("remaining", report.remaining.len());
        self.note_erasure(key, order, note).await?;
        Ok(Erased {
            report,
            bytes,
            sha256,
        })
    }

    async fn note_erasure(&self, key: &CaseKey, order: &Order<'_>, note: Note) -> Result<(), WorkflowFault> {
        let cause = match order.cause {
            Cause::Asked => "asked",
            Cause::Retention => "retention",
        };
        let parts = if order.whole() { "all" } else { "some" };
        let note = Note {
            who: order.who.map(|who| self.audit.person(who)),
            ..note
        };
        self.note(key, note.with("cause", cause).with("parts", parts))
            .await
    }

    /// What is there and to be erased: not the lock, under which this is done, and no document that came since.
    async fn erasable(
        &self,
        key: &CaseKey,
        order: &Order<'_>,
        at: Timestamp,
    ) -> Result<Holdings, WorkflowFault> {
        let mut held = self.holdings(key, &order.parts).await?;
        if order.whole() {
            held.all.extend(self.refusals(key).await?);
        }
        let lock = key.lock();
        held.all.retain(|one| {
            let is_lock = one.container == paths::RUNS && one.blob.name == lock;
            !is_lock && !is_newer(one, at)
        });
        Ok(held)
    }

    /// Documents that have come since: they get a request, as their own may be among the messages that were deleted.
    async fn newer(&self, key: &CaseKey, order: &Order<'_>, at: Timestamp) -> Result<usize, WorkflowFault> {
        if !order.whole() {
            return Ok(0);
        }
        let held = self.holdings(key, &BTreeSet::from([Part::Sources])).await?;
        let newer = held.all.iter().filter(|one| is_newer(one, at));
        let newer = newer.filter(|one| one.is_present()).count();
        if newer > 0 {
            let after = std::time::Duration::from_secs(5);
            self.leave(&DraftRequest::new(key, None), after).await?;
        }
        Ok(newer)
    }

    async fn delete(
        &self,
        holdings: Vec<Holding>,
        counts: &mut Counts,
        refused: &mut Refusals,
    ) -> Result<(), WorkflowFault> {
        let deletions = holdings.into_iter().map(|one| async move {
            let deleted = self.storage.delete_held(one.container, &one.blob, None).await;
            (one, deleted)
        });
        let mut deletions = stream::iter(deletions).buffer_unordered(AT_ONCE);
        while let Some((one, deleted)) = deletions.next().await {
            match deleted {
                Ok(true) if one.blob.copy == Copy::Present => {
                    *counts.blobs.entry(one.container).or_default() += 1;
                }
                Ok(true) => counts.earlier_copies += 1,
                Ok(false) => {}
                Err(error) if error.is_passing() => return Err(error.into()),
                Err(error) => {
                    refused.insert((one.container, one.blob.name, one.blob.copy), error);
                }
            }
        }
        Ok(())
    }

    async fn delete_receipts(&self, key: &CaseKey, not_seen: &mut Vec<String>) -> Result<u64, WorkflowFault> {
        let host = self.host_storage();
        if matches!(self.host, HostAccount::Unknown) {
            not_seen.push(
                "the host's own account, where it is another than the documents': its receipts name uploads"
                    .into(),
            );
        }
        let mut deleted = 0;
        for name in self.receipts(key).await? {
            deleted += u64::from(host.delete(paths::HOST, &name).await?);
            for blob in host.held(paths::HOST, &name).await?.blobs {
                match host.delete_held(paths::HOST, &blob, None).await {
                    Ok(_) => {}
                    Err(error) if error.is_passing() => return Err(error.into()),
                    Err(error) => not_seen.push(format!(
                        "a receipt of the host, which names an upload and holds nothing else, is kept: {}",
                        kept(blob.days_left, &error)
                    )),
                }
            }
        }
        Ok(deleted)
    }

    /// Deletes what came late for an erased case: results that the host was still writing, an archive by whoever stood still.
    /// To be called under the case's lease, when the case has no documents.
    pub(super) async fn erase_late(&self, key: &CaseKey) -> Result<(), WorkflowFault> {
        let order = Order {
            parts: BTreeSet::from([Part::Drafted, Part::Published]),
            cause: Cause::Asked,
            who: None,
            goes_on: true,
            newest: None,
        };
        let mut late = self.erasable(key, &order, Timestamp::MAX).await?.all;
        late.retain(|one| !one.blob.deleted);
        if late.is_empty() {
            return Ok(());
        }
        let note = Note::of(Event::Erased).with("stage", "late");
        self.note_erasure(key, &order, note.with("blobs", late.len()))
            .await?;
        let mut refused = Refusals::new();
        self.delete(late, &mut Counts::default(), &mut refused).await?;
        if !refused.is_empty() {
            tracing::error!(
                blobs = refused.len(),
                "what came late for an erased case cannot be deleted"
            );
        }
        Ok(())
    }
}

/// Whether a document came after the erasure was begun.
fn is_newer(one: &Holding, at: Timestamp) -> bool {
    one.container == paths::SOURCES && !one.blob.deleted && one.blob.last_modified > at
}

fn hidden(queue: &str, count: u64) -> String {
    format!(
        "{count} messages of the queue `{queue}`, of whatever case, are delayed or being worked on and cannot be looked at; one of \
         this case does nothing when it comes, within seven days, and is gone then"
    )
}

fn without_copies(container: &str) -> String {
    format!("the account does not list earlier versions and deleted blobs of the container `{container}`")
}

fn kept(days_left: Option<u32>, error: &StorageError) -> String {
    match days_left {
        Some(days) => format!("by the account's soft delete for {days} more days"),
        None => error.to_string(),
    }
}

fn remaining(one: &Holding, refused: &Refusals) -> Remaining {
    let Holding { container, blob } = one;
    let refusal = refused.get(&(*container, blob.name.clone(), blob.copy.clone()));
    let why = match refusal {
        _ if blob.legal_hold => "a legal hold forbids to delete it".to_owned(),
        _ if blob.immutable_until.is_some() => "an immutability policy forbids to delete it".to_owned(),
        _ if blob.deleted => {
            "it was deleted, and the account's soft delete keeps it; whoever may restore it can read it"
                .to_owned()
        }
        Some(StorageError::Other { code }) if code.starts_with("BlobImmutable") => {
            "an immutability policy or a legal hold of the container forbids to delete it".to_owned()
        }
        Some(StorageError::Leased) => "somebody holds a lease on it".to_owned(),
        Some(error) => error.to_string(),
        None => "it was written while this was done; ask again".to_owned(),
    };
    Remaining {
        container,
        name: blob.name.clone(),
        copy: match (&blob.copy, blob.deleted) {
            (Copy::Present, false) => "blob",
            (Copy::Present, true) => "deleted blob",
            (Copy::Version(_), false) => "earlier version",
            (Copy::Version(_), true) => "deleted version",
            (Copy::Snapshot(_), false) => "snapshot",
            (Copy::Snapshot(_), true) => "deleted snapshot",
        },
        why,
        until: blob.immutable_until,
        days_left: blob.days_left,
    }
}
