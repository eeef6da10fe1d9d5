//! The lock on a case: a blob lease, renewed while work goes on.

use std::time::Duration;

use azure::Lease;

use super::{Workflow, WorkflowFault};
use crate::paths::{self, CaseKey};

impl Workflow {
    /// Does `work` while holding the case's lease. `None` when somebody else holds it. When the lease is lost the
    /// work is dropped where it stands: whoever has the lease now goes on.
    pub(super) async fn with_lease<T>(
        &self,
        key: &CaseKey,
        work: impl Future<Output = Result<T, WorkflowFault>>,
    ) -> Result<Option<T>, WorkflowFault> {
        self.holding(&key.lock(), work).await
    }

    /// The same with any blob of [`paths::RUNS`] for a lock.
    pub(super) async fn holding<T>(
        &self,
        lock: &str,
        work: impl Future<Output = Result<T, WorkflowFault>>,
    ) -> Result<Option<T>, WorkflowFault> {
        let seconds = self.limits.lease_seconds;
        let Some(lease) = self.storage.acquire_lease(paths::RUNS, lock, seconds).await? else {
            return Ok(None);
        };
        let result = tokio::select! {
            result = work => result,
            fault = self.keep(&lease) => Err(fault),
        };
        // A lease that cannot be given back ends by itself; what was done counts.
        if let Err(error) = self.storage.release_lease(lease).await {
            tracing::warn!(%error, "a lease could not be given back; it ends by itself");
        }
        result.map(Some)
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
