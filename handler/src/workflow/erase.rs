//! Erasing all that is held about a case, or the parts of it whose time is up.
//!
//! The mark of the case comes first, then what could begin it anew (messages), then everything under its prefix with earlier
//! versions and snapshots, then the host's receipts, and last the lock. Killed at any line, the mark stands: nothing is done for
//! the case until whoever asks again, or the next look at retention, goes on to the end. Storage is listed again afterwards, and
//! what is still there is told with the reason; it is never called gone.

use std::collections::BTreeSet;

use audit::{Event, Note};
use azure::{Copy, Lease, Storage, StorageError};
use drafting::hash::Digest;
use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;

use super::erasure::{self, Cause, Counts, Erased, Erasure, Refusals, Remaining, without_copies};
use super::holdings::{Holding, Holdings, HostAccount, Part};
use super::queued::Removed;
use super::{DraftRequest, State, Workflow, WorkflowFault, now, retention};
use crate::paths::{self, CaseKey};

/// Blobs deleted at once.
const AT_ONCE: usize = 8;
/// Looks at storage, each of which finds what the deletions of the one before left: versions of what was deleted, late writes.
const MOST_LOOKS: usize = 6;
/// How long results may be on their way from the host to storage: as long as a function may run.
const ON_THEIR_WAY: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
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

/// What the report will say, while it is found out.
#[derive(Default)]
struct Found {
    counts: Counts,
    remaining: Vec<Remaining>,
    not_seen: Vec<String>,
}

impl Found {
    fn of_queues(&mut self, removed: Removed) {
        self.counts.messages = removed.messages;
        let unseen = |(name, why): &(String, String)| Remaining::unseen("queues", name, why);
        self.remaining.extend(removed.refused.iter().map(unseen));
        let hidden = removed.hidden.iter();
        self.not_seen
            .extend(hidden.map(|(queue, count)| erasure::hidden(queue, *count)));
    }
}

impl Order<'_> {
    fn whole(&self) -> bool {
        self.parts.len() == Part::ALL.len()
    }
}

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

    /// Brings an erasure to its end that somebody died over; false when the case is busy.
    pub(super) async fn finish_erasing(&self, key: &CaseKey, cause: Cause) -> Result<bool, WorkflowFault> {
        let order = Order {
            parts: Part::ALL.into(),
            cause,
            who: None,
            goes_on: true,
            newest: None,
        };
        Ok(self.erase_as(key, &order).await?.is_some())
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
        let is_done = matches!(erased, Ok(Some(_)));
        if !is_done || !order.parts.contains(&Part::Drafted) {
            // A lease that cannot be given back ends by itself; what was done counts.
            if let Err(error) = self.storage.release_lease(lease).await {
                tracing::warn!(%error, "a lease could not be given back; it ends by itself");
            }
            if is_done {
                self.forget_place().await?;
            }
            return erased;
        }
        self.forget_lock(key, lease).await?;
        self.forget_place().await?;
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
            // Nobody can tell, but when it was written.
            Err(WorkflowFault::Newer(_)) => {
                let written = self.storage.properties(paths::RUNS, &key.status()).await?;
                return Ok(
                    written.is_some_and(|blob| now().duration_since(blob.last_modified) < ON_THEIR_WAY)
                );
            }
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
        let now_there = held.all.iter().filter(|one| one.is_present());
        let mut told = now_there.filter(|one| retention::counts(&one.blob.name, key));
        Ok(told.any(|one| one.blob.last_modified > newest))
    }

    async fn erase_held(&self, key: &CaseKey, order: &Order<'_>) -> Result<Erased, WorkflowFault> {
        self.note_erasure(key, order, Note::of(Event::Erased).with("stage", "begun"))
            .await?;
        let mut found = Found::default();
        let at = if order.whole() {
            let at = self.begin_erasing(key, order.cause, order.goes_on).await?;
            let removed = self.remove_messages(key).await?;
            found.of_queues(removed);
            order.newest.map_or(at, |newest| newest.min(at))
        } else {
            Timestamp::MAX
        };
        let refused = self.delete_all(key, order, at, &mut found.counts).await?;
        if order.parts.contains(&Part::Sources) {
            self.delete_receipts(key, &mut found).await?;
        }
        let held = self.erasable(key, order, at).await?;
        let unlisted = held.without_copies.iter();
        found
            .not_seen
            .extend(unlisted.map(|container| without_copies(container)));
        if order.parts.contains(&Part::Sources) {
            let shared = self.flows.incoming.of_any_case(key);
            found
                .not_seen
                .extend(shared.iter().map(|place| erasure::shared(place)));
        }
        let left = held.all.iter().map(|one| erasure::remaining(one, &refused));
        found.remaining.extend(left);
        let report = Erasure {
            schema: erasure::SCHEMA,
            recipe: key.recipe.clone(),
            case: key.case.clone(),
            cause: order.cause,
            parts: order.parts.clone(),
            at: if order.whole() { at } else { now() },
            complete: found.remaining.is_empty(),
            erased: found.counts,
            remaining: found.remaining,
            not_seen: found.not_seen,
            newer_documents: self.newer(key, order, at).await?,
            audit_log: erasure::AUDIT_LOG,
        };
        self.proven(key, order, report).await
    }

    /// Deletes everything that is there, and looks again until nothing is left that could be deleted.
    async fn delete_all(
        &self,
        key: &CaseKey,
        order: &Order<'_>,
        at: Timestamp,
        counts: &mut Counts,
    ) -> Result<Refusals, WorkflowFault> {
        let mut refused = Refusals::new();
        for _ in 0..MOST_LOOKS {
            let mut left = self.erasable(key, order, at).await?.all;
            left.retain(|one| {
                let tried = (
                    one.container.clone(),
                    one.blob.name.clone(),
                    one.blob.copy.clone(),
                );
                // No call deletes what soft delete keeps of a blob itself.
                let is_kept = one.blob.deleted && one.blob.copy == Copy::Present;
                !is_kept && !refused.contains_key(&tried)
            });
            if left.is_empty() {
                break;
            }
            delete(&self.storage, left, counts, &mut refused).await?;
        }
        Ok(refused)
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
            who: self.caller(order.who),
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
            held.all.extend(self.notes(key).await?);
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

    async fn delete_receipts(&self, key: &CaseKey, found: &mut Found) -> Result<(), WorkflowFault> {
        let host = self.host_storage();
        let unseen = |why: String| Remaining::unseen(paths::HOST, paths::RECEIPTS, why);
        if matches!(self.host, HostAccount::Unknown) {
            found.remaining.push(unseen(
                "the host's own account is not known to the app (`AzureWebJobsStorage`), where it is another than the documents'"
                    .into(),
            ));
        }
        let receipts = match self.receipts(key).await {
            Err(error @ StorageError::Denied { .. }) => {
                found.remaining.push(unseen(error.to_string()));
                return Ok(());
            }
            receipts => receipts?,
        };
        let (mut counts, mut refused) = (Counts::default(), Refusals::new());
        for name in receipts {
            // Once for the receipt, and once for the version that it leaves where the account keeps versions.
            for _ in 0..2 {
                let mut held = receipt(host, &name).await?;
                held.retain(|one| !one.blob.deleted);
                delete(host, held, &mut counts, &mut refused).await?;
            }
            let left = receipt(host, &name).await?;
            let left = left.iter().map(|one| erasure::remaining(one, &refused));
            found.remaining.extend(left);
        }
        found.counts.receipts = counts.blobs.values().sum();
        Ok(())
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
        delete(&self.storage, late, &mut Counts::default(), &mut refused).await?;
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

/// What is held of a receipt of the host.
async fn receipt(host: &Storage, name: &str) -> Result<Vec<Holding>, StorageError> {
    let held = host.held(paths::HOST, name).await?.blobs.into_iter();
    Ok(held
        .map(|blob| Holding {
            container: paths::HOST.into(),
            blob,
        })
        .collect())
}

/// Deletes what it can, some at once; what cannot be deleted is among the refusals.
async fn delete(
    storage: &Storage,
    holdings: Vec<Holding>,
    counts: &mut Counts,
    refused: &mut Refusals,
) -> Result<(), StorageError> {
    let deletions = holdings.into_iter().map(|one| async move {
        let deleted = storage.delete_held(&one.container, &one.blob, None).await;
        (one, deleted)
    });
    let mut deletions = stream::iter(deletions).buffer_unordered(AT_ONCE);
    while let Some((one, deleted)) = deletions.next().await {
        match deleted {
            Ok(true) if one.blob.copy == Copy::Present => {
                *counts.blobs.entry(one.container.into_owned()).or_default() += 1;
            }
            Ok(true) => counts.earlier_copies += 1,
            Ok(false) => {}
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                refused.insert((one.container, one.blob.name, one.blob.copy), error);
            }
        }
    }
    Ok(())
}
