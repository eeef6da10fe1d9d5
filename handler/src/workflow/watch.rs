//! What callers are told of a run while it goes on, and what the run is told of them.
//!
//! Every few seconds at most, the stage is written into the status if it is another one, under the rule that only the status
//! that was written last may be written over; else the status is only looked at. Either way a run learns that it was
//! cancelled or overtaken, and ends.

use std::pin::pin;
use std::time::Duration;

use tokio::sync::watch;

use super::status;
use super::{State, Status, Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};
use crate::progress::{Progress, Watcher};

/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(3);

/// A watcher, and where what it is told can be seen.
pub(super) fn channel(first: Progress) -> (Watcher, watch::Receiver<Progress>) {
    let (sender, news) = watch::channel(first);
    let watcher = Watcher::new(move |progress| {
        sender.send_replace(progress);
    });
    (watcher, news)
}

impl Workflow {
    /// Does `work` and tells how far it is, until it is done, cancelled or overtaken. What is overtaken is dropped where it
    /// stands.
    pub(super) async fn watched<T>(
        &self,
        key: &CaseKey,
        running: &mut Status,
        news: watch::Receiver<Progress>,
        work: impl Future<Output = T>,
    ) -> Result<T, WorkflowFault> {
        let mut work = Box::pin(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(PAUSE) => {}
            }
            let now = *news.borrow();
            let mut done = None;
            let told = {
                let mut tell = pin!(self.tell_progress(key, running, now));
                tokio::select! {
                    told = &mut tell => told,
                    // A write that was begun is ended: what is written next must follow it.
                    value = &mut work => {
                        done = Some(value);
                        tell.await
                    }
                }
            };
            self.heeded(key, told).await?;
            if let Some(done) = done {
                return Ok(done);
            }
        }
    }

    /// Ends the run where the status is not its own any more; a fault of storage costs one look.
    async fn heeded(&self, key: &CaseKey, told: Result<(), WorkflowFault>) -> Result<(), WorkflowFault> {
        match told {
            Ok(()) => Ok(()),
            Err(WorkflowFault::LostLease) => match self.status(key).await {
                Ok(Some(status)) if matches!(status.state, State::Cancelled { .. }) => {
                    Err(WorkflowFault::Cancelled)
                }
                Ok(_) | Err(_) => Err(WorkflowFault::LostLease),
            },
            Err(fault) => {
                tracing::warn!(%fault, "how far a run is could not be told");
                Ok(())
            }
        }
    }

    async fn tell_progress(
        &self,
        key: &CaseKey,
        running: &mut Status,
        now_at: Progress,
    ) -> Result<(), WorkflowFault> {
        let news = running
            .progress
            .as_mut()
            .filter(|progress| progress.now != now_at)
            .map(|progress| progress.now = now_at);
        if news.is_some() {
            running.updated = now();
        } else if self.is_own(key, running).await? {
            return Ok(());
        }
        status::write(&self.storage, key, running).await
    }

    /// Whether the status is as the run wrote it. A status that is gone is the case's, which somebody erased.
    async fn is_own(&self, key: &CaseKey, running: &Status) -> Result<bool, WorkflowFault> {
        let there = self.storage.properties(paths::RUNS, &key.status()).await?;
        let there = there.ok_or(WorkflowFault::LostLease)?;
        Ok(Some(&there.etag) == running.etag.as_ref())
    }
}
