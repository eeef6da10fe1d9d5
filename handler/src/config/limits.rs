//! The limits of the workflow in time and number.

use std::time::Duration;

use super::{Reader, Sweep};

/// Seconds without an upload after which a case without a manifest counts as complete. Default 120.
pub const QUIET_SECONDS: &str = "QUIET_SECONDS";
/// Hours after which a case is drafted although documents of its manifest are missing. Default 24.
pub const MANIFEST_HOURS: &str = "MANIFEST_HOURS";
/// Seconds that the lock on a case lasts when its holder dies; 15 to 60. Default 60.
pub const LEASE_SECONDS: &str = "LEASE_SECONDS";
/// Seconds that an HTTP caller with `wait` is kept waiting at most. Default 100: the platform ends an HTTP call
/// at 230 s, a Power Automate flow at 120 s.
pub const WAIT_SECONDS: &str = "WAIT_SECONDS";
/// Seconds that one run may take. Default 480; must stay below `functionTimeout` in `host.json` (10 minutes).
pub const RUN_SECONDS: &str = "RUN_SECONDS";
/// How often a run may be started without being finished before the case counts as failed. Default 5.
pub const MOST_STARTS: &str = "MOST_STARTS";
/// Cases drafted at once by one instance. Default 4.
pub const CONCURRENT_RUNS: &str = "CONCURRENT_RUNS";

/// Limits of the workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// [`QUIET_SECONDS`].
    pub quiet: Duration,
    /// [`MANIFEST_HOURS`].
    pub manifest: Duration,
    /// [`LEASE_SECONDS`].
    pub lease_seconds: u8,
    /// [`WAIT_SECONDS`].
    pub wait: Duration,
    /// [`RUN_SECONDS`].
    pub run: Duration,
    /// [`MOST_STARTS`].
    pub most_starts: u32,
    /// [`CONCURRENT_RUNS`].
    pub concurrent_runs: usize,
    /// Those of the sweep.
    pub sweep: Sweep,
}

impl Reader<'_> {
    pub(super) fn limits(&mut self) -> Limits {
        Limits {
            quiet: self.seconds(QUIET_SECONDS, 120, 0, 86_400),
            manifest: Duration::from_secs(self.number(MANIFEST_HOURS, 24, 0, 160) * 3_600),
            lease_seconds: u8::try_from(self.number(LEASE_SECONDS, 60, 15, 60)).unwrap_or(60),
            wait: self.seconds(WAIT_SECONDS, 100, 1, 200),
            run: self.seconds(RUN_SECONDS, 480, 10, 1_700),
            most_starts: u32::try_from(self.number(MOST_STARTS, 5, 1, 100)).unwrap_or(5),
            concurrent_runs: usize::try_from(self.number(CONCURRENT_RUNS, 4, 1, 64)).unwrap_or(4),
            sweep: self.sweep(),
        }
    }
}

#[cfg(test)]
impl Limits {
    /// Those that hold where nothing is set.
    pub(crate) fn usual() -> Self {
        let mut reader = Reader {
            source: &|_| None,
            faults: Vec::new(),
        };
        reader.limits()
    }
}
