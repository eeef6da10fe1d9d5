//! The sweep: finds cases that stand still because a message, an event or a process was lost, and takes them up again.
//!
//! Nothing here drafts or publishes. What is found gets the message that is missing, a request or a confirmation, and both may
//! be repeated without harm; so may the sweep. A turn is bounded in time and in cases, and the next goes on where it ended.
//! Leases need no sweeping: they end by themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use audit::{Event, Note};
use azure::{BlobItem, Condition, Put, StorageError};
use drafting::id::{RunId, SourceName};
use drafting::recipe::Completeness;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::status::{self, put_json};
use super::{
    CaseState, Confirmation, Decision, DraftRequest, Newest, State, Status, Workflow, WorkflowFault, decide,
    now,
};
use crate::paths::{self, CaseKey};

mod still;

use still::{Still, is_over, still};

/// Blobs of one page of a listing; the place is kept between pages.
const PAGE: usize = 500;
/// Cases looked at side by side.
const SIDE_BY_SIDE: usize = 8;
/// A turn that hangs in a page is ended after this long: below the host's time-out, which would end all other work too.
const LONGEST_TURN: Duration = Duration::from_secs(270);

/// What a turn of the sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Cases that it looked at.
    pub cases: usize,
    /// Cases that it took up again.
    pub taken_up: usize,
    /// Whether it came to the end of all cases; if not, the next turn goes on.
    pub whole: bool,
}

/// Where the next turn begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    #[serde(default)]
    part: Part,
    /// After this page of the listing, in storage's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// The two listings in which cases are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// Cases with documents.
    #[default]
    Sources,
    /// Cases that were worked on: one without documents may still have a run to publish.
    Runs,
}

/// A case as a listing shows it, with the newest document that the page showed of it.
type Seen = (CaseKey, Option<Newest>);

impl Workflow {
    /// One turn; `None` when another instance sweeps.
    pub async fn sweep(&self) -> Result<Option<Swept>, WorkflowFault> {
        let turn = self.holding(paths::SWEEP_LOCK, self.turn());
        tokio::time::timeout(LONGEST_TURN, turn)
            .await
            .map_err(|_| WorkflowFault::TooLong(LONGEST_TURN))?
    }

    async fn turn(&self) -> Result<Swept, WorkflowFault> {
        let limits = &self.limits.sweep;
        let end = tokio::time::Instant::now() + limits.turn;
        let (mut cursor, unchanged) = self.cursor().await?;
        let mut swept = Swept::default();
        loop {
            let (cases, next) = self.cases_after(&cursor).await?;
            swept.cases += cases.len();
            swept.taken_up += self.look_after(cases).await?;
            let Some(next) = next else {
                swept.whole = true;
                self.begin_anew().await?;
                return Ok(swept);
            };
            cursor = next;
            if swept.cases >= limits.cases || tokio::time::Instant::now() >= end {
                self.remember_cursor(&cursor, unchanged).await?;
                return Ok(swept);
            }
        }
    }

    /// Where the last turn ended, and that nobody has written it since; from the beginning when nobody can tell.
    async fn cursor(&self) -> Result<(Cursor, Condition), WorkflowFault> {
        let Some(blob) = self.storage.get(paths::RUNS, paths::SWEEP_CURSOR).await? else {
            return Ok((Cursor::default(), Condition::Absent));
        };
        let cursor = serde_json::from_slice(&blob.bytes).ok();
        Ok((cursor.unwrap_or_default(), Condition::Unchanged(blob.etag)))
    }

    /// The place is the name of a blob, in storage's words. Where a case was erased during this turn it may be that case's, and
    /// is not kept.
    async fn remember_cursor(&self, cursor: &Cursor, unchanged: Condition) -> Result<(), WorkflowFault> {
        let bytes =
            serde_json::to_vec(cursor).map_err(|_| WorkflowFault::Corrupt("a value without JSON form"))?;
        let put = Put {
            content_type: Some("application/json"),
            condition: unchanged,
            ..Put::default()
        };
        match self
            .storage
            .put(paths::RUNS, paths::SWEEP_CURSOR, bytes, put)
            .await
        {
            Ok(_) => Ok(()),
            Err(StorageError::Precondition) => {
                tracing::info!("a case was erased meanwhile; the next turn of the sweep begins anew");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn begin_anew(&self) -> Result<(), WorkflowFault> {
        put_json(
            &self.storage,
            paths::RUNS,
            paths::SWEEP_CURSOR,
            &Cursor::default(),
        )
        .await
    }

    /// Takes the sweep's place away, with its earlier versions: it may name a case or document that is erased now. To be called
    /// when that is not listed any more. A place is written there instead, by which a sweep that is under way knows of it.
    pub(super) async fn forget_place(&self) -> Result<(), WorkflowFault> {
        self.begin_anew().await?;
        self.delete_versions(paths::SWEEP_CURSOR).await
    }

    /// The cases of one page, and where the next begins; none after the last.
    async fn cases_after(&self, cursor: &Cursor) -> Result<(Vec<Seen>, Option<Cursor>), WorkflowFault> {
        let container = match cursor.part {
            Part::Sources => paths::SOURCES,
            Part::Runs => paths::RUNS,
        };
        let most = PAGE.min(self.limits.sweep.cases);
        let page = self
            .storage
            .page(container, "", cursor.after.as_deref(), most)
            .await;
        let page = match page {
            Ok(page) => page,
            // The service does not know its own place any more: the next turn begins anew.
            Err(error) if cursor.after.is_some() && !error.is_passing() => {
                self.begin_anew().await?;
                return Err(error.into());
            }
            // Nothing was uploaded yet.
            Err(StorageError::NotFound) => azure::BlobPage::default(),
            Err(error) => return Err(error.into()),
        };
        let next = match (cursor.part, page.next) {
            (part, Some(after)) => Some(Cursor {
                part,
                after: Some(after),
            }),
            (Part::Sources, None) => Some(Cursor {
                part: Part::Runs,
                after: None,
            }),
            (Part::Runs, None) => None,
        };
        let grace = self.limits.sweep.grace;
        let cases = match cursor.part {
            Part::Sources => with_documents(&page.items),
            Part::Runs => with_status(&page.items, grace),
        };
        let known = |(key, _): &Seen| self.shelf.get(&key.recipe).is_some();
        Ok((cases.into_iter().filter(known).collect(), next))
    }

    /// Looks at each case; gives the number of those that were taken up.
    async fn look_after(&self, cases: Vec<Seen>) -> Result<usize, WorkflowFault> {
        let looks = cases.into_iter().map(|(key, newest)| self.look_at(key, newest));
        stream::iter(looks)
            .buffer_unordered(SIDE_BY_SIDE)
            .try_fold(0, async |sum, taken_up| Ok(sum + usize::from(taken_up)))
            .await
    }

    /// A fault that passes ends the turn, which comes again from this page; any other is this case's own, and keeps the sweep
    /// from no other.
    async fn look_at(&self, key: CaseKey, newest: Option<Newest>) -> Result<bool, WorkflowFault> {
        let looked = async {
            let status = match self.status(&key).await {
                Err(WorkflowFault::Corrupt(_)) if newest.is_some() => return self.take_up(&key).await,
                // A newer version sweeps as well.
                Err(WorkflowFault::Corrupt(_) | WorkflowFault::Newer(_)) => return Ok(false),
                status => status?,
            };
            match still(status.as_ref(), newest.as_ref(), &self.limits, now()) {
                Some(_) => self.take_up(&key).await,
                None => Ok(false),
            }
        };
        match looked.await {
            // A case that changes at this moment does not stand still.
            Err(WorkflowFault::LostLease | WorkflowFault::Newer(_)) => Ok(false),
            Err(fault) if !fault.is_passing() => {
                tracing::error!(recipe = %key.recipe, %fault, "the sweep cannot look at a case");
                Ok(false)
            }
            looked => looked,
        }
    }

    /// Looks again under the case's lease, and leaves the message that is missing. Whoever holds the lease is at work.
    async fn take_up(&self, key: &CaseKey) -> Result<bool, WorkflowFault> {
        let taken_up = self.with_lease(key, self.leave_what_is_missing(key)).await?;
        Ok(taken_up.unwrap_or(false))
    }

    async fn leave_what_is_missing(&self, key: &CaseKey) -> Result<bool, WorkflowFault> {
        let state = self.state(key).await?;
        let status = match self.status(key).await {
            // Its door says so to the case officer, and writes a status that can be read.
            Err(WorkflowFault::Corrupt(_)) => {
                return self.leave_request(key, &state, false, Still::Unreadable).await;
            }
            status => status?,
        };
        let Some(found) = still(status.as_ref(), state.newest.as_ref(), &self.limits, now()) else {
            return Ok(false);
        };
        let earlier = status.as_ref();
        let run = earlier.and_then(|status| status.run.clone());
        let next = match (found, run, earlier) {
            (Still::Unconfirmed, Some(run), Some(status)) => {
                self.leave_confirmation(key, &run).await?;
                status.state.clone()
            }
            (_, run, _) if self.leave_request(key, &state, run.is_some(), found).await? => {
                self.waiting(&state)
            }
            _ => return Ok(false),
        };
        // Said in the status, so that the next turn gives the message its time.
        status::write(&self.storage, key, &mut Status::after(earlier, next)).await?;
        Ok(true)
    }

    async fn leave_confirmation(&self, key: &CaseKey, run: &RunId) -> Result<(), WorkflowFault> {
        self.say(key, Still::Unconfirmed, "confirmation").await?;
        let confirmation = Confirmation::new(key, run).to_json();
        self.send(paths::CONFIRMATIONS, &confirmation, Duration::ZERO)
            .await
    }

    /// Leaves a request, unless there is nothing to draft.
    async fn leave_request(
        &self,
        key: &CaseKey,
        state: &CaseState,
        drafted: bool,
        found: Still,
    ) -> Result<bool, WorkflowFault> {
        let request = DraftRequest {
            // As whoever withdrew the last document asked.
            asked: drafted && state.has_withdrawals(),
            ..DraftRequest::new(key, None)
        };
        // Of a recipe with faults a request is left, too: its door tells the case officer.
        let completeness = match self.shelf.get(&key.recipe) {
            Some(Ok(usable)) => usable.recipe.completeness,
            Some(Err(_)) | None => Completeness::Quiet,
        };
        match decide(state, &request, completeness, &self.limits, now()) {
            Decision::Nothing | Decision::Stale => Ok(false),
            Decision::Wait(_) | Decision::Draft => {
                self.say(key, found, "request").await?;
                self.leave(&request, Duration::ZERO).await?;
                Ok(true)
            }
        }
    }

    /// Waiting for the request that was left; it is taken up again when that is lost as well.
    pub(super) fn waiting(&self, state: &CaseState) -> State {
        let grace = SignedDuration::try_from(self.limits.sweep.grace).unwrap_or(SignedDuration::ZERO);
        State::Waiting {
            until: now() + grace,
            missing: state.missing().into_iter().map(ToString::to_string).collect(),
            model_away: false,
        }
    }

    /// Notes what is about to be left, and logs it without anything of the case.
    async fn say(&self, key: &CaseKey, found: Still, left: &'static str) -> Result<(), WorkflowFault> {
        let note = Note::of(Event::Swept)
            .with("found", found.word())
            .with("left", left);
        self.note(key, note).await?;
        tracing::warn!(recipe = %key.recipe, found = found.word(), left, "a case that stood still is taken up again");
        Ok(())
    }
}

/// The cases of a page of the sources, each with its newest document there. A case at the page's end may have more on the next,
/// and is looked at again with them.
fn with_documents(items: &[BlobItem]) -> Vec<Seen> {
    let mut cases: BTreeMap<CaseKey, Newest> = BTreeMap::new();
    for item in items {
        let Some((key, rest)) = CaseKey::of_blob(&item.name) else {
            continue;
        };
        let Ok(name) = SourceName::parse(rest) else {
            continue;
        };
        let this = Newest {
            modified: item.properties.last_modified,
            name: name.as_str().to_owned(),
        };
        let newest = cases.entry(key).or_insert_with(|| this.clone());
        if *newest < this {
            *newest = this;
        }
    }
    cases
        .into_iter()
        .map(|(key, newest)| (key, Some(newest)))
        .collect()
}

/// The cases of a page of the runs whose status has stood long enough to be looked at.
fn with_status(items: &[BlobItem], grace: Duration) -> Vec<Seen> {
    items
        .iter()
        .filter(|item| is_over(item.properties.last_modified, grace, now()))
        .filter_map(|item| CaseKey::of_blob(&item.name))
        .filter(|(_, rest)| *rest == "status.json")
        .map(|(key, _)| (key, None))
        .collect()
}
