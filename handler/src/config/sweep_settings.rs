//! The settings of the sweep, which finds cases that stand still.

use std::time::Duration;

use super::Reader;

/// When the sweep runs, as the Functions host reads it: six fields, seconds first, in UTC. The app itself does not look at it;
/// where it is not set, the host has the function `sweep` in error and runs all others.
pub const SWEEP_SCHEDULE: &str = "SWEEP_SCHEDULE";
/// Seconds that a case may stand still before the sweep takes it up. Default 900: longer than a run may take, and than the
/// ten minutes for which a message stays hidden when the host that held it died.
pub const SWEEP_GRACE_SECONDS: &str = "SWEEP_GRACE_SECONDS";
/// Cases that one turn of the sweep looks at, at most; the next goes on from there. Default 2000.
pub const SWEEP_CASES: &str = "SWEEP_CASES";
/// Seconds after which a turn of the sweep begins no further page. Default 60.
pub const SWEEP_SECONDS: &str = "SWEEP_SECONDS";

/// The settings of this file.
pub(super) const SWEEP: [&str; 4] = [SWEEP_SCHEDULE, SWEEP_GRACE_SECONDS, SWEEP_CASES, SWEEP_SECONDS];

/// Limits of the sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// [`SWEEP_GRACE_SECONDS`].
    pub grace: Duration,
    /// [`SWEEP_CASES`].
    pub cases: usize,
    /// [`SWEEP_SECONDS`].
    pub turn: Duration,
}

impl Default for Sweep {
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(900),
            cases: 2_000,
            turn: Duration::from_secs(60),
        }
    }
}

impl Reader<'_> {
    /// The limits of the sweep.
    pub(super) fn sweep(&mut self) -> Sweep {
        Sweep {
            grace: self.seconds(SWEEP_GRACE_SECONDS, 900, 1, 86_400),
            cases: usize::try_from(self.number(SWEEP_CASES, 2_000, 1, 100_000)).unwrap_or(2_000),
            turn: self.seconds(SWEEP_SECONDS, 60, 1, 240),
        }
    }
}
