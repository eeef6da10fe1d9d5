//! Retention: what a recipe keeps for a limited time is erased when that is over.
//!
//! Time counts from the last thing that happened to a case: the newest blob that is held about it, its lock and status aside.
//! So a case that somebody works on is never due, and the parts of a case are due by one clock. `step` is called as often as one
//! likes: it first goes on with erasures that somebody died over, and looks through the cases once a day.

use std::collections::{BTreeMap, BTreeSet};

use drafting::recipe::Retention;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::erase::Order;
use super::holdings::Part;
use super::status::put_json;
use super::{Cause, Workflow, WorkflowFault};
use crate::paths::{self, CaseKey};

/// Cases that one step erases; the next step goes on.
const MOST_CASES: usize = 50;
/// How long after a look at all cases the next one is due.
const A_DAY: SignedDuration = SignedDuration::from_hours(20);

/// A case of which something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The case.
    pub key: CaseKey,
    /// What of it.
    pub parts: BTreeSet<Part>,
    /// The last thing that happened to it.
    pub newest: Timestamp,
}

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Retained {
    /// Erasures that were brought to their end.
    pub finished: usize,
    /// Cases of which something was due and erased.
    pub erased: usize,
    /// Cases that were busy, or of which something could not be deleted: the next look finds them again.
    pub left: usize,
    /// Whether there are more cases that are due.
    pub more: bool,
}

/// When the cases were last looked through.
#[derive(Serialize, serde::Deserialize)]
struct Looked {
    finished: Timestamp,
}

/// What is known of a case from listings alone.
#[derive(Default)]
struct Standing {
    newest: Option<Timestamp>,
    /// When its status or lock was written, which stands for a case of which nothing else is left.
    marked: Option<Timestamp>,
    parts: BTreeSet<Part>,
}

impl Standing {
    /// The last thing that happened to the case, and the parts of it that are held.
    fn known(mut self) -> Option<(Timestamp, BTreeSet<Part>)> {
        if self.parts.is_empty() {
            self.parts.insert(Part::Drafted);
        }
        Some((self.newest.or(self.marked)?, self.parts))
    }
}

/// Whether a blob of the case says that something happened to it.
pub(super) fn counts(name: &str, key: &CaseKey) -> bool {
    name != key.lock() && name != key.status()
}

impl Workflow {
    /// One bounded step, at this moment.
    pub async fn retain(&self, now: Timestamp) -> Result<Retained, WorkflowFault> {
        let mut retained = Retained {
            finished: self.finish_erasures(now).await?,
            ..Retained::default()
        };
        if !self.is_limited() || self.looked_since(now - A_DAY).await? {
            return Ok(retained);
        }
        let mut due = self.due(now).await?;
        retained.more = due.len() > MOST_CASES;
        if retained.more {
            // Cases that policy holds back must not stand before the others for ever.
            let turn = usize::try_from(now.as_second() / 60).unwrap_or(0);
            let count = due.len();
            due.rotate_left(turn % count);
        }
        for one in due.iter().take(MOST_CASES) {
            match self.erase_due(one).await {
                Ok(true) => retained.erased += 1,
                Ok(false) => retained.left += 1,
                Err(fault) if fault.is_passing() => return Err(fault),
                Err(fault) => {
                    tracing::error!(%fault, "a case whose time is up cannot be erased");
                    retained.left += 1;
                }
            }
        }
        if !retained.more {
            let looked = Looked { finished: now };
            put_json(&self.storage, paths::RUNS, paths::RETENTION, &looked).await?;
        }
        tracing::info!(
            erased = retained.erased,
            left = retained.left,
            more = retained.more,
            "retention was applied"
        );
        Ok(retained)
    }

    /// What is due at this moment; nothing is erased.
    pub async fn due(&self, now: Timestamp) -> Result<Vec<Due>, WorkflowFault> {
        let mut due = Vec::new();
        for (id, recipe) in self.shelf.iter() {
            // A recipe with faults says nothing that could be relied on.
            let Ok(usable) = recipe else { continue };
            let retention = usable.recipe.retention;
            if !retention.is_limited() {
                continue;
            }
            let cases = self.standings(&format!("{id}/")).await?;
            due.extend(cases.into_iter().filter_map(|(key, standing)| {
                let (newest, held) = standing.known()?;
                let parts = parts_due(&retention, &held, now.duration_since(newest));
                (!parts.is_empty()).then_some(Due { key, parts, newest })
            }));
        }
        Ok(due)
    }

    /// Erases what is due of a case; false when it is busy, has moved since, or something is still there afterwards.
    pub async fn erase_due(&self, due: &Due) -> Result<bool, WorkflowFault> {
        let order = Order {
            parts: due.parts.clone(),
            cause: Cause::Retention,
            who: None,
            goes_on: false,
            newest: Some(due.newest),
        };
        let erased = self.erase_as(&due.key, &order).await?;
        Ok(erased.is_some_and(|erased| erased.report.complete))
    }

    fn is_limited(&self) -> bool {
        let mut recipes = self.shelf.iter().filter_map(|(_, recipe)| recipe.as_ref().ok());
        recipes.any(|usable| usable.recipe.retention.is_limited())
    }

    async fn looked_since(&self, then: Timestamp) -> Result<bool, WorkflowFault> {
        let blob = self.storage.get(paths::RUNS, paths::RETENTION).await?;
        let looked = blob.and_then(|blob| serde_json::from_slice::<Looked>(&blob.bytes).ok());
        Ok(looked.is_some_and(|looked| looked.finished > then))
    }

    /// Goes on with erasures that somebody died over, and takes away the marks that nobody needs any more.
    pub async fn finish_erasures(&self, now: Timestamp) -> Result<usize, WorkflowFault> {
        let (unfinished, old) = self.marks(now).await?;
        let mut finished = 0;
        for (key, cause) in unfinished {
            finished += usize::from(self.finish_erasing(&key, cause).await?);
        }
        for name in old {
            self.storage.delete(paths::RUNS, &name).await?;
        }
        Ok(finished)
    }

    /// The cases under a prefix, in all containers.
    async fn standings(&self, prefix: &str) -> Result<BTreeMap<CaseKey, Standing>, WorkflowFault> {
        let mut cases: BTreeMap<CaseKey, Standing> = BTreeMap::new();
        for container in paths::OF_CASES {
            self.storage
                .walk(container, prefix, |item| {
                    let Some((key, _)) = CaseKey::of_blob(&item.name) else {
                        return;
                    };
                    let counts = counts(&item.name, &key);
                    let standing = cases.entry(key).or_default();
                    let written = Some(item.properties.last_modified);
                    if counts {
                        standing.newest = standing.newest.max(written);
                        standing.parts.insert(Part::of(container));
                    } else {
                        standing.marked = standing.marked.max(written);
                    }
                })
                .await?;
        }
        Ok(cases)
    }
}

/// The parts of a case that are due. All of them, once nothing would be left: then the case itself is erased, with messages and
/// all that names it.
fn parts_due(retention: &Retention, held: &BTreeSet<Part>, age: SignedDuration) -> BTreeSet<Part> {
    let drafted = if held.contains(&Part::Published) {
        retention.runs
    } else {
        retention.drafts
    };
    let days = |part: Part| match part {
        Part::Sources => retention.sources,
        Part::Drafted => drafted,
        Part::Published => retention.published,
    };
    let is_over = |days: u32| age >= SignedDuration::from_hours(i64::from(days) * 24);
    let due = held
        .iter()
        .copied()
        .filter(|part| days(*part).is_some_and(is_over));
    let due: BTreeSet<Part> = due.collect();
    if !due.is_empty() && due == *held {
        Part::ALL.into()
    } else {
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_due_by_its_own_days_and_the_whole_case_once_nothing_would_be_left() {
        use Part::{Drafted, Published, Sources};
        let retention = Retention {
            sources: Some(10),
            drafts: Some(5),
            runs: Some(20),
            published: None,
        };
        let check = |held: &[Part], days: i64, expected: &[Part]| {
            let held = held.iter().copied().collect();
            let due = parts_due(&retention, &held, SignedDuration::from_hours(days * 24));
            assert_eq!(
                due,
                expected.iter().copied().collect(),
                "{held:?} after {days} days"
            );
        };
        check(&[Sources, Drafted], 4, &[]);
        check(&[Sources, Drafted], 5, &[Drafted]);
        check(&[Sources, Drafted], 10, &Part::ALL);
        check(&[Sources], 9, &[]);
        check(&[Sources], 10, &Part::ALL);
        // Something was approved: what was drafted is kept for longer, and the plan for ever.
        check(&[Sources, Drafted, Published], 10, &[Sources]);
        check(&[Sources, Drafted, Published], 20, &[Sources, Drafted]);
        check(&[Published], 100_000, &[]);
        check(&[], 100_000, &[]);
    }
}
