//! Callbacks that did not arrive: told where the case officer and whoever runs the app look, and kept until somebody has them
//! made again. The address is a secret of its receiver's, and is kept with the case and nowhere else.

use std::time::Duration;

use audit::{Event, Note};
use azure::StorageError;
use drafting::hash::Digest;

use super::form::stored;
use super::status::put_json;
use super::{Callback, CallbackState, Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};

/// Callbacks of one case that are made again at once; a case that had more has them at the next asking.
const MOST_AGAIN: usize = 100;

impl Workflow {
    /// Sends the callback to the poison queue, whose door tells what became of it and keeps it.
    pub(super) async fn give_up_callback(
        &self,
        callback: &Callback,
        problem: String,
    ) -> Result<(), WorkflowFault> {
        let poisoned = Callback {
            failure: Some(problem),
            ..callback.clone()
        };
        let queue = format!("{}-poison", paths::CALLBACKS);
        self.send(&queue, &poisoned.to_json(), Duration::ZERO).await
    }

    /// Keeps a callback that did not arrive, and tells so. `None` when the case is busy; false when there is nobody to tell,
    /// because the case was erased.
    pub async fn keep_undelivered(&self, callback: &Callback) -> Result<Option<bool>, WorkflowFault> {
        let key = callback.key();
        // Of a case that is no more not even a lock is made.
        if !self.is_known(&key).await? {
            return Ok(Some(false));
        }
        let keeping = self.with_lease(&key, async {
            if !self.is_known(&key).await? {
                return Ok(false);
            }
            let note = Note::of(Event::Failed)
                .with("what", "callback")
                .with("tries", u64::from(callback.tries));
            self.note(&key, note).await?;
            let kept = Callback {
                failure: None,
                ..callback.clone()
            };
            put_json(&self.storage, paths::RUNS, &place(&key, callback), &kept).await?;
            let problem = callback
                .failure
                .clone()
                .unwrap_or_else(|| "calling back failed every time".into());
            self.tell_callback(callback, CallbackState::Failed, Some(problem))
                .await;
            Ok(true)
        });
        match keeping.await {
            Err(WorkflowFault::Erased) => Ok(Some(false)),
            kept => kept,
        }
    }

    /// Whether there is a status; one that cannot be read is told of by others.
    async fn is_known(&self, key: &CaseKey) -> Result<bool, WorkflowFault> {
        match self.status(key).await {
            Err(WorkflowFault::Corrupt(_)) => Ok(true),
            status => Ok(status?.is_some()),
        }
    }

    /// Has the callbacks of a case made again that did not arrive; gives their number. To be called under the case's lease.
    pub(super) async fn repeat_undelivered(
        &self,
        key: &CaseKey,
        who: Option<&str>,
    ) -> Result<usize, WorkflowFault> {
        let prefix = key.undelivered_prefix();
        let kept = self.storage.list(paths::RUNS, &prefix, MOST_AGAIN).await?;
        let mut repeated = 0;
        for item in kept {
            let Some(blob) = self.storage.get(paths::RUNS, &item.name).await? else {
                continue;
            };
            let callback = match stored::<Callback>(&blob.bytes, "a kept callback", &["delivery", "address"])
            {
                Ok(callback) if callback.key() == *key => callback,
                Ok(_) => continue,
                Err(fault) => {
                    tracing::error!(%fault, "a callback that is kept is left alone");
                    continue;
                }
            };
            self.note_replay(key, who, "callback").await?;
            self.repeat(&callback).await?;
            self.storage.delete(paths::RUNS, &item.name).await?;
            repeated += 1;
        }
        Ok(repeated)
    }

    /// Leaves the callback anew, known to its receiver by what it was known by before.
    pub(super) async fn repeat(&self, callback: &Callback) -> Result<(), WorkflowFault> {
        let again = Callback {
            since: now(),
            looks: 0,
            tries: 0,
            failure: None,
            ..callback.clone()
        };
        self.send(paths::CALLBACKS, &again.to_json(), Duration::ZERO)
            .await?;
        self.tell_callback(&again, CallbackState::Retrying, None).await;
        Ok(())
    }

    /// Forgets a callback that arrived after all: one that was repeated from the queue may be kept as well.
    pub(super) async fn forget_undelivered(&self, callback: &Callback) {
        let name = place(&callback.key(), callback);
        match self.storage.delete(paths::RUNS, &name).await {
            Ok(_) | Err(StorageError::NotFound) => {}
            Err(error) => tracing::warn!(%error, "a callback that arrived is still kept"),
        }
    }
}

fn place(key: &CaseKey, callback: &Callback) -> String {
    key.undelivered(&Digest::of(callback.delivery.as_str().as_bytes()))
}
