//! The cases of a recipe, by how they stand.

use drafting::check::RunOutcome;
use drafting::id::{CaseId, RecipeId};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;

use super::{State, Status, Workflow, WorkflowFault, status};
use crate::paths::{self, CaseKey};

/// Blobs of one page of the listing. An archive has six a run, and with a model some hundred kept answers a case.
const PAGE: usize = 1_000;
/// Pages looked through for one list.
const MOST_PAGES: usize = 10;
/// A list with so many cases is long enough; one page may bring it some more.
const ENOUGH: usize = 100;
/// Statuses read side by side.
const SIDE_BY_SIDE: usize = 16;

/// How a case stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Its draft is published, judged and without critical findings.
    Ready,
    /// Its draft is published and has to be read with its findings.
    NeedsReview,
    /// No draft was made, for a reason that the case officer can act on.
    Refused,
    /// The app could not draft it; it can be replayed.
    Failed,
    /// It is being drafted or published.
    Running,
    /// Documents are there, and it is not time yet.
    Waiting,
    /// Somebody stopped its draft; what was published before stands.
    Cancelled,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Ready,
        Self::NeedsReview,
        Self::Refused,
        Self::Failed,
        Self::Running,
        Self::Waiting,
        Self::Cancelled,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NeedsReview => "needs-review",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Cancelled => "cancelled",
        }
    }

    /// How a case in this state stands.
    #[must_use]
    pub const fn of(state: &State) -> Self {
        match state {
            State::Received | State::Waiting { .. } => Self::Waiting,
            State::Running | State::Publishing { .. } => Self::Running,
            State::Published { outcome } => match outcome {
                RunOutcome::Ready => Self::Ready,
                RunOutcome::NeedsReview => Self::NeedsReview,
                RunOutcome::Refused { .. } => Self::Refused,
                RunOutcome::Failed { .. } => Self::Failed,
            },
            State::Cancelled { .. } => Self::Cancelled,
            State::Failed { .. } => Self::Failed,
        }
    }
}

/// A case and where it stands.
#[derive(Debug)]
pub struct ListedCase {
    /// The case.
    pub case: CaseId,
    /// How it stands.
    pub standing: Standing,
    /// The same at length.
    pub status: Status,
}

/// A part of the list of a recipe's cases.
#[derive(Debug, Default)]
pub struct CaseList {
    /// The cases, in order of name.
    pub cases: Vec<ListedCase>,
    /// Where the next part begins, in storage's own words; none after the last. There may be one after an empty part.
    pub next: Option<String>,
}

impl Workflow {
    /// The cases of a recipe that something was done for and that are `wanted`, in order of name, from where an earlier part
    /// ended.
    pub async fn cases(
        &self,
        recipe: &RecipeId,
        wanted: impl Fn(&ListedCase) -> bool,
        after: Option<&str>,
    ) -> Result<CaseList, WorkflowFault> {
        let mut list = CaseList {
            cases: Vec::new(),
            next: after.map(str::to_owned),
        };
        for _ in 0..MOST_PAGES {
            let prefix = format!("{recipe}/");
            let page = self
                .storage
                .page(paths::RUNS, &prefix, list.next.as_deref(), PAGE)
                .await?;
            let keys = page.items.iter().filter_map(|blob| CaseKey::of_blob(&blob.name));
            let keys = keys
                .filter(|(_, rest)| *rest == "status.json")
                .map(|(key, _)| key);
            list.cases.extend(self.standing(keys.collect(), &wanted).await?);
            list.next = page.next;
            if list.next.is_none() || list.cases.len() >= ENOUGH {
                break;
            }
        }
        Ok(list)
    }

    /// Those of the cases that are wanted, in the same order.
    async fn standing(
        &self,
        keys: Vec<CaseKey>,
        wanted: impl Fn(&ListedCase) -> bool,
    ) -> Result<Vec<ListedCase>, WorkflowFault> {
        let cases: Vec<Option<ListedCase>> = stream::iter(keys.into_iter().map(|key| self.listed(key)))
            .buffered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        Ok(cases.into_iter().flatten().filter(|case| wanted(case)).collect())
    }

    async fn listed(&self, key: CaseKey) -> Result<Option<ListedCase>, WorkflowFault> {
        let status = match status::read(&self.storage, &key).await {
            // One case keeps no other from being listed; the sweep has it told and written anew.
            Err(WorkflowFault::Corrupt(what)) => {
                tracing::warn!(what, "a case cannot be listed");
                None
            }
            Err(fault @ WorkflowFault::Newer(_)) => {
                tracing::warn!(%fault, "a case cannot be listed");
                None
            }
            status => status?,
        };
        Ok(status.map(|status| ListedCase {
            case: key.case,
            standing: Standing::of(&status.state),
            status,
        }))
    }
}
