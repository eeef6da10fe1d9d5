//! How often the same is asked, how long each attempt may take, and how long is waited in between.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::fault::Broken;

/// When to wait and when to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// What one attempt may take, from the request to the last byte of its answer.
    pub attempt: Duration,
    /// The most attempts for a request, the first included.
    pub attempts: u32,
    /// The pause after the first failure when the service names none; each further one is twice as long, less up to half.
    pub first_pause: Duration,
    /// The longest such pause.
    pub longest_pause: Duration,
}

impl Timing {
    /// Whether nothing could ever be asked.
    #[must_use]
    pub fn is_never(self) -> bool {
        self.attempts == 0 || self.attempt.is_zero()
    }

    /// One attempt, within its own time and the deadline; nothing is begun after it.
    pub async fn within<T, F: From<Broken>>(
        self,
        deadline: Instant,
        attempt: impl Future<Output = Result<T, F>>,
    ) -> Result<T, F> {
        let now = Instant::now();
        if now >= deadline {
            return Err(Broken::Deadline.into());
        }
        let limit = self.attempt;
        let (end, cut) = match now.checked_add(limit) {
            Some(end) if end < deadline => (end, Broken::TimedOut { limit }),
            _ => (deadline, Broken::Deadline),
        };
        timeout_at(end, attempt).await.unwrap_or_else(|_| Err(cut.into()))
    }

    /// The pause before the next attempt after `failed` failures. One that the service asked for is never shortened, and
    /// lengthened by up to a tenth, so that calls that were turned away together do not come back together; where a service
    /// asks for next to none again and again, the pauses grow all the same.
    fn before_next(self, failed: u32, asked: Option<Duration>) -> Duration {
        let own = self.own(failed);
        let Some(asked) = asked else {
            return own;
        };
        let part = asked.min(Duration::from_secs(10)).mul_f64(fastrand::f64() / 10.0);
        asked.saturating_add(part).max(own)
    }

    /// Twice as long each time, less up to half.
    fn own(self, failed: u32) -> Duration {
        let doubled = self
            .first_pause
            .saturating_mul(1 << failed.saturating_sub(1).min(16));
        doubled
            .min(self.longest_pause)
            .mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Nothing.
    Never,
    /// Wait as long as the service asks, or ever longer, and try.
    Later(Option<Duration>),
    /// Try without a pause.
    AtOnce,
    /// Try with another token, once.
    WithAnotherToken,
}

/// The attempts at one request.
#[derive(Debug)]
pub struct Attempts {
    timing: Timing,
    deadline: Instant,
    /// Those that failed.
    failed: u32,
    /// The token was refused and another one has been asked for.
    renewed: bool,
    /// The next attempt asks for another token.
    renew: bool,
}

impl Attempts {
    /// None made yet; `deadline` bounds all of them, waits included.
    #[must_use]
    pub fn new(timing: Timing, deadline: std::time::Instant) -> Self {
        Self {
            timing,
            deadline: deadline.into(),
            failed: 0,
            renewed: false,
            renew: false,
        }
    }

    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> u32 {
        self.failed
    }

    /// Whether the attempt that begins now asks for another token.
    pub fn renews(&mut self) -> bool {
        std::mem::take(&mut self.renew)
    }

    /// Counts a failure, and says how long to wait before the next attempt; none when there is none.
    pub fn pause(&mut self, again: Again) -> Option<Duration> {
        self.failed += 1;
        let pause = match again {
            Again::Later(asked) => self.timing.before_next(self.failed, asked),
            Again::AtOnce => Duration::ZERO,
            Again::WithAnotherToken if !self.renewed => {
                (self.renewed, self.renew) = (true, true);
                Duration::ZERO
            }
            Again::Never | Again::WithAnotherToken => return None,
        };
        let next = Instant::now().checked_add(pause)?;
        (self.failed < self.timing.attempts && next < self.deadline).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TIMING: Timing = Timing {
        attempt: Duration::from_secs(30),
        attempts: 5,
        first_pause: Duration::from_millis(500),
        longest_pause: Duration::from_secs(15),
    };

    fn attempts() -> Attempts {
        Attempts::new(TIMING, std::time::Instant::now() + Duration::from_secs(3600))
    }

    #[test]
    fn attempts_are_counted_whatever_the_failure() {
        let mut attempts = attempts();
        for again in [
            Again::Later(None),
            Again::AtOnce,
            Again::WithAnotherToken,
            Again::AtOnce,
        ] {
            assert!(attempts.pause(again).is_some(), "{again:?}");
        }
        assert_eq!(attempts.pause(Again::AtOnce), None);
        assert_eq!(attempts.failed(), 5);
    }

    #[test]
    fn a_token_is_renewed_once_and_for_one_attempt() {
        let mut attempts = attempts();
        assert_eq!(attempts.pause(Again::WithAnotherToken), Some(Duration::ZERO));
        assert!(attempts.renews());
        assert!(!attempts.renews());
        assert_eq!(attempts.pause(Again::WithAnotherToken), None);
    }

    #[test]
    fn a_wait_beyond_the_deadline_is_not_begun() {
        let mut attempts = attempts();
        assert_eq!(
            attempts.pause(Again::Later(Some(Duration::from_secs(3600)))),
            None
        );
        assert_eq!(attempts.pause(Again::Later(Some(Duration::MAX))), None);
    }

    proptest! {
        #[test]
        fn pauses_stay_in_bounds(failed in 0_u32..u32::MAX, asked in proptest::option::of(0_u64..u64::MAX)) {
            let asked = asked.map(Duration::from_secs);
            let pause = TIMING.before_next(failed, asked);
            match asked {
                Some(asked) => prop_assert!(pause >= asked),
                None => prop_assert!(pause >= TIMING.first_pause / 2 && pause <= TIMING.longest_pause),
            }
        }
    }
}
