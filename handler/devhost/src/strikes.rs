//! When a handler that ended is started again, and when the host gives up.

use crate::options::ExitZero;
use std::time::{Duration, Instant};

/// This many crashes stop the host.
const STRIKES: usize = 3;
/// A crash counts together with the one before only within this time.
const FORGIVEN_AFTER: Duration = Duration::from_mins(30);
/// The code by which a handler asks to be started again.
const RESTART_ME: i32 = 200;

/// How a handler's process ended or was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself, with this code; none when a signal ended it.
    Exit(Option<i32>),
    /// It was not started at all or did not answer in time.
    NotReady,
    /// This host ended it to start it anew.
    Wanted,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Restart,
    /// The host believes the handler alive.
    BlackHole,
    /// The host stops.
    GiveUp,
}

/// The crashes that still count.
#[derive(Debug, Default)]
pub(crate) struct Strikes {
    count: usize,
    last: Option<Instant>,
}

impl Strikes {
    pub(crate) fn judge(&mut self, end: End, exit_zero: ExitZero, now: Instant) -> Next {
        match end {
            End::Wanted | End::Exit(Some(RESTART_ME)) => Next::Restart,
            End::Exit(Some(0)) if exit_zero == ExitZero::Restart => Next::Restart,
            End::Exit(Some(0)) => Next::BlackHole,
            End::Exit(_) | End::NotReady => self.strike(now),
        }
    }

    fn strike(&mut self, now: Instant) -> Next {
        if self
            .last
            .is_some_and(|last| now.duration_since(last) > FORGIVEN_AFTER)
        {
            self.count = 0;
        }
        self.last = Some(now);
        self.count += 1;
        if self.count < STRIKES {
            Next::Restart
        } else {
            Next::GiveUp
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Next, Strikes};
    use crate::options::ExitZero;
    use std::time::{Duration, Instant};

    #[test]
    fn each_end_has_its_consequence() {
        let start = Instant::now();
        let check = |ends: &[(End, u64)], exit_zero, expected: Next| {
            let mut strikes = Strikes::default();
            let judged = ends
                .iter()
                .map(|(end, minute)| strikes.judge(*end, exit_zero, start + Duration::from_mins(*minute)));
            assert_eq!(judged.last(), Some(expected), "{ends:?}");
        };
        let crash = End::Exit(Some(101));
        check(&[(End::Exit(Some(0)), 0)], ExitZero::Restart, Next::Restart);
        check(&[(End::Exit(Some(0)), 0)], ExitZero::BlackHole, Next::BlackHole);
        check(&[(crash, 0), (crash, 0)], ExitZero::Restart, Next::Restart);
        check(
            &[(crash, 0), (End::Exit(None), 0), (End::NotReady, 0)],
            ExitZero::Restart,
            Next::GiveUp,
        );
        check(
            &[(crash, 0), (crash, 29), (crash, 58)],
            ExitZero::Restart,
            Next::GiveUp,
        );
        check(
            &[(crash, 0), (crash, 1), (crash, 32)],
            ExitZero::Restart,
            Next::Restart,
        );
        let wanted = [
            (End::Wanted, 0),
            (End::Exit(Some(200)), 0),
            (crash, 0),
            (crash, 0),
        ];
        check(&wanted, ExitZero::Restart, Next::Restart);
    }
}
