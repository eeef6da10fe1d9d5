//! The mark of a case that is erased or being erased.
//!
//! Events, requests and confirmations of an erased case still come: delayed messages cannot be looked for, and the host writes
//! results whenever it comes to it. The mark is how they are known. It is written before anything is deleted, and lies under
//! what stands for the case in the audit log, so that it names nobody; only while the case is being erased it says which
//! one that is, so that whoever comes after a crash can go on.
//!
//! Documents that come after a case was erased begin a new case: then the mark is taken away.

use azure::StorageError;
use drafting::id::{CaseId, RecipeId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::erasure::Cause;
use super::form::stored;
use super::status::put_json;
use super::{Workflow, WorkflowFault};
use crate::paths::{self, CaseKey};

/// Finished marks that are older are not needed any more: no message is delayed for longer.
pub(super) const MARKS_STAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);

/// What the mark says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tombstone {
    /// The case, until all is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Unfinished>,
}

/// An erasure that is not at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unfinished {
    pub recipe: RecipeId,
    pub case: CaseId,
    pub cause: Cause,
}

/// Whether a case may be worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// It may.
    Open,
    /// It was being erased, until somebody died over it.
    UnderWay(Cause),
    /// It was erased, and nothing has come since.
    Erased,
}

impl Tombstone {
    fn read(bytes: &[u8]) -> Result<Self, WorkflowFault> {
        stored(bytes, "the mark of an erased case", &["unfinished"])
    }
}

impl Workflow {
    /// Whether the case may be worked on; to be called under its lease. What came late for an erased case is deleted, and the
    /// mark is taken away where documents have come that begin a new one.
    pub(super) async fn gate(&self, key: &CaseKey) -> Result<Gate, WorkflowFault> {
        for pseudonym in self.audit.cases(key) {
            let name = paths::erased(&pseudonym);
            let Some(blob) = self.storage.get(paths::RUNS, &name).await? else {
                continue;
            };
            let mark = Tombstone::read(&blob.bytes)?;
            if let Some(unfinished) = mark.unfinished {
                return Ok(Gate::UnderWay(unfinished.cause));
            }
            if self.state(key).await?.newest.is_none() {
                self.erase_late(key).await?;
                return Ok(Gate::Erased);
            }
            match self
                .storage
                .delete_unchanged(paths::RUNS, &name, &blob.etag)
                .await
            {
                Ok(_) => {}
                // It was written anew, which only whoever holds the lease does.
                Err(StorageError::Precondition) => return Err(WorkflowFault::LostLease),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Gate::Open)
    }

    /// Writes the mark, and gives the moment by the clock of storage: documents that are newer have come since. Whoever goes on
    /// with an unfinished erasure leaves the mark, and so the moment, as it is.
    pub(super) async fn begin_erasing(
        &self,
        key: &CaseKey,
        cause: Cause,
        goes_on: bool,
    ) -> Result<Timestamp, WorkflowFault> {
        // A mark in a newer form is not written over.
        let unfinished = self.unfinished_since(key).await?;
        if let Some(since) = unfinished.filter(|_| goes_on) {
            return Ok(since);
        }
        let mark = Tombstone {
            unfinished: Some(Unfinished {
                recipe: key.recipe.clone(),
                case: key.case.clone(),
                cause,
            }),
        };
        let name = paths::erased(&self.audit.case(key));
        put_json(&self.storage, paths::RUNS, &name, &mark).await?;
        let written = self.storage.properties(paths::RUNS, &name).await?;
        Ok(written.ok_or(StorageError::Unavailable)?.last_modified)
    }

    async fn unfinished_since(&self, key: &CaseKey) -> Result<Option<Timestamp>, WorkflowFault> {
        for pseudonym in self.audit.cases(key) {
            let blob = self.storage.get(paths::RUNS, &paths::erased(&pseudonym)).await?;
            let Some(blob) = blob else { continue };
            match Tombstone::read(&blob.bytes) {
                Ok(mark) if mark.unfinished.is_none() => {}
                Ok(_) => return Ok(Some(blob.last_modified)),
                // It is written anew.
                Err(WorkflowFault::Corrupt(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(None)
    }

    /// Writes into the mark that all is erased; it names the case no more.
    pub(super) async fn end_erasing(&self, key: &CaseKey) -> Result<(), WorkflowFault> {
        let pseudonyms = self.audit.cases(key);
        let (present, earlier) = pseudonyms
            .split_first()
            .ok_or(WorkflowFault::Corrupt("the keys of the audit log"))?;
        let name = paths::erased(present);
        let done = Tombstone { unfinished: None };
        put_json(&self.storage, paths::RUNS, &name, &done).await?;
        // An earlier version of it names the case.
        self.delete_versions(&name).await?;
        for pseudonym in earlier {
            self.storage
                .delete(paths::RUNS, &paths::erased(pseudonym))
                .await?;
        }
        Ok(())
    }

    /// The erasures that somebody died over, and the marks that nobody needs any more.
    pub(super) async fn marks(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<(CaseKey, Cause)>, Vec<String>), WorkflowFault> {
        let (mut unfinished, mut old) = (Vec::new(), Vec::new());
        let mut items = Vec::new();
        self.storage
            .walk(paths::RUNS, paths::ERASED, |item| items.push(item))
            .await?;
        for item in items {
            let Some(blob) = self.storage.get(paths::RUNS, &item.name).await? else {
                continue;
            };
            match Tombstone::read(&blob.bytes).map(|mark| mark.unfinished) {
                Ok(Some(Unfinished { recipe, case, cause })) => {
                    unfinished.push((CaseKey { recipe, case }, cause));
                }
                Ok(None) if now.duration_since(item.properties.last_modified) > MARKS_STAY => {
                    old.push(item.name);
                }
                Ok(None) => {}
                Err(fault) => tracing::error!(%fault, "a mark of an erased case is left alone"),
            }
        }
        Ok((unfinished, old))
    }
}
