//! The lock on a case: a blob lease, renewed while work goes on.

use std::time::Duration;

use azure::Lease;

use super::tombstone::Gate;
use super::{Cause, Workflow, WorkflowFault};
use crate::paths::{self, CaseKey};

/// What came of work under a lease.
enum Gated<T> {
    Done(T),
    UnderWay(Cause),
    Erased,
}

impl Workflow {
    /// Does `work` while holding the case's lease. `None` when somebody else holds it, and where an erasure had to be brought to
    /// its end first; [`WorkflowFault::Erased`] where nothing of the case is left. When the lease is lost the work is dropped
    /// where it stands: whoever has the lease now goes on.
    pub(super) async fn with_lease<T>(
        &self,
        key: &CaseKey,
        work: impl Future<Output = Result<T, WorkflowFault>>,
    ) -> Result<Option<T>, WorkflowFault> {
        let seconds = self.limits.lease_seconds;
        let lock = key.lock();
        let Some(lease) = self.storage.acquire_lease(paths::RUNS, &lock, seconds).await? else {
            return Ok(None);
        };
        let done = async {
            Ok(match self.gate(key).await? {
                Gate::Open => Gated::Done(work.await?),
                Gate::UnderWay(cause) => Gated::UnderWay(cause),
                Gate::Erased => Gated::Erased,
            })
        };
        let result = match self.while_held(&lease, done).await {
            Ok(Gated::Done(done)) => Ok(Some(done)),
            // The lock names a case of which nothing may be left.
            Ok(Gated::UnderWay(cause)) => {
                self.forget_lock(key, lease).await?;
                self.finish_erasing(key, cause).await?;
                return Ok(None);
            }
            Ok(Gated::Erased) => {
                self.forget_lock(key, lease).await?;
                self.forget_place().await?;
                return Err(WorkflowFault::Erased);
            }
            Err(fault) => Err(fault),
        };
        if lease.created && self.is_bare(key).await {
            // What was done counts; a lock that stays is found by the next erasure.
            if let Err(fault) = self.forget_lock(key, lease).await {
                tracing::warn!(%fault, "the lock of a case of which there is nothing could not be taken away");
            }
        } else {
            self.give_back(lease).await;
        }
        result
    }

    /// Whether nothing but its lock was made for the case: whoever asks for what is not there leaves nothing that names it.
    async fn is_bare(&self, key: &CaseKey) -> bool {
        let made = self.storage.list(paths::RUNS, &key.prefix(), 2).await;
        made.is_ok_and(|made| made.len() < 2)
    }

    /// Does `work` while holding a lock that is no case's, a blob of [`paths::RUNS`]. `None` when somebody else holds it.
    pub(super) async fn holding<T>(
        &self,
        lock: &str,
        work: impl Future<Output = Result<T, WorkflowFault>>,
    ) -> Result<Option<T>, WorkflowFault> {
        let seconds = self.limits.lease_seconds;
        let Some(lease) = self.storage.acquire_lease(paths::RUNS, lock, seconds).await? else {
            return Ok(None);
        };
        let result = self.while_held(&lease, work).await;
        self.give_back(lease).await;
        result.map(Some)
    }

    /// A lease that cannot be given back ends by itself; what was done counts.
    async fn give_back(&self, lease: Lease) {
        if let Err(error) = self.storage.release_lease(lease).await {
            tracing::warn!(%error, "a lease could not be given back; it ends by itself");
        }
    }

    /// Does `work` while the lease is kept; when it is lost the work is dropped where it stands.
    pub(super) async fn while_held<T>(
        &self,
        lease: &Lease,
        work: impl Future<Output = Result<T, WorkflowFault>>,
    ) -> Result<T, WorkflowFault> {
        tokio::select! {
            result = work => result,
            fault = self.keep(lease) => Err(fault),
        }
    }

    /// Renews the lease three times in its life; returns when it is lost.
    async fn keep(&self, lease: &Lease) -> WorkflowFault {
        let life = Duration::from_secs(u64::from(self.limits.lease_seconds));
        let mut renewed = tokio::time::Instant::now();
        loop {
            tokio::time::sleep(life / 3).await;
            let asked = tokio::time::Instant::now();
            match self.storage.renew_lease(lease).await {
                Ok(()) => renewed = asked,
                Err(error) if error.is_passing() && renewed.elapsed() < life => {
                    tracing::warn!(%error, "a lease could not be renewed yet");
                }
                Err(error) => {
                    tracing::warn!(%error, "a lease was lost");
                    return WorkflowFault::LostLease;
                }
            }
        }
    }
}
