//! Whether a case stands still: a pure function over what is known of it.

use std::time::Duration;

use jiff::Timestamp;

use crate::config::Limits;
use crate::workflow::{Newest, State, Status};

/// Why a case stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Still {
    /// The newest upload has had no run.
    NoRun,
    /// It was to be looked at again by now: its quiet period, its manifest's deadline or its wait for a model is over.
    Overdue,
    /// A run was begun and has no end.
    Unended,
    /// A run ended and its results were never confirmed.
    Unconfirmed,
    /// Its status cannot be read.
    Unreadable,
}

impl Still {
    /// A word for the log and the audit log.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::NoRun => "no-run",
            Self::Overdue => "overdue",
            Self::Unended => "unended",
            Self::Unconfirmed => "unconfirmed",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Whether more than `span` has gone by since.
pub(super) fn is_over(since: Timestamp, span: Duration, now: Timestamp) -> bool {
    let gone = now.as_second().saturating_sub(since.as_second());
    u64::try_from(gone).is_ok_and(|gone| gone > span.as_secs())
}

/// Whether a case stands still, by its status and its newest document. Without a document there is nothing to draft, but there
/// may be something to publish.
pub(super) fn still(
    status: Option<&Status>,
    newest: Option<&Newest>,
    limits: &Limits,
    now: Timestamp,
) -> Option<Still> {
    let grace = limits.sweep.grace;
    let new = newest.filter(|newest| is_over(newest.modified, grace, now));
    let Some(status) = status else {
        return new.map(|_| Still::NoRun);
    };
    match &status.state {
        State::Waiting { until, .. } => newest
            .filter(|_| is_over(*until, grace, now))
            .map(|_| Still::Overdue),
        // A call asked for a draft, and its request is lost.
        State::Received => newest
            .filter(|_| is_over(status.updated, grace, now))
            .map(|_| Still::Overdue),
        State::Running => {
            // Nobody is at work for longer than this, whatever the grace is.
            let longest = limits.run + Duration::from_secs(u64::from(limits.lease_seconds));
            newest
                .filter(|_| is_over(status.updated, grace.max(longest), now))
                .map(|_| Still::Unended)
        }
        State::Publishing { .. } => is_over(status.updated, grace, now).then_some(Still::Unconfirmed),
        State::Published { .. } => new
            .filter(|newest| match &status.seen {
                Some(seen) => seen < newest,
                None => status.updated < newest.modified,
            })
            .map(|_| Still::NoRun),
        // What failed was told and what was cancelled was meant, and neither is tried again until somebody asks; what came since
        // has had no run.
        State::Failed { .. } | State::Cancelled { .. } => new
            .filter(|newest| status.updated < newest.modified)
            .map(|_| Still::NoRun),
    }
}

#[cfg(test)]
mod tests {
    use drafting::check::RunOutcome;

    use super::*;
    use crate::config::Sweep;

    const NOW: i64 = 1_000_000;

    fn limits() -> Limits {
        Limits {
            sweep: Sweep {
                grace: Duration::from_secs(300),
                ..Sweep::default()
            },
            ..Limits::usual()
        }
    }

    /// So many seconds ago.
    fn ago(seconds: i64) -> Timestamp {
        Timestamp::from_second(NOW - seconds).unwrap()
    }

    fn document(seconds: i64) -> Newest {
        Newest {
            modified: ago(seconds),
            name: "b.pdf".into(),
        }
    }

    fn status(state: State, updated: i64, seen: Option<i64>) -> Status {
        Status {
            updated: ago(updated),
            seen: seen.map(document),
            ..Status::after(None, state)
        }
    }

    fn waiting(until: i64) -> State {
        State::Waiting {
            until: ago(until),
            missing: Vec::new(),
            model_away: false,
        }
    }

    fn failed() -> State {
        State::Failed {
            reason: "a reason".into(),
        }
    }

    #[test]
    fn a_case_stands_still_when_what_must_come_next_has_not_come() {
        let outcome = RunOutcome::NeedsReview;
        let published = || State::Published {
            outcome: outcome.clone(),
        };
        let publishing = || State::Publishing {
            outcome: outcome.clone(),
        };
        let check = |what: &str, status: Option<Status>, newest: Option<i64>, expected: Option<Still>| {
            let newest = newest.map(document);
            let now = Timestamp::from_second(NOW).unwrap();
            assert_eq!(
                still(status.as_ref(), newest.as_ref(), &limits(), now),
                expected,
                "{what}"
            );
        };
        check("just uploaded", None, Some(300), None);
        check(
            "uploaded, and nothing came of it",
            None,
            Some(301),
            Some(Still::NoRun),
        );
        check("no document and no status", None, None, None);
        check(
            "waiting",
            Some(status(waiting(-50), 90_000, None)),
            Some(90_000),
            None,
        );
        check(
            "its message is late",
            Some(status(waiting(300), 900, None)),
            Some(900),
            None,
        );
        check(
            "its message is lost",
            Some(status(waiting(301), 900, None)),
            Some(900),
            Some(Still::Overdue),
        );
        check(
            "waiting for what was taken away",
            Some(status(waiting(900), 900, None)),
            None,
            None,
        );
        check(
            "running",
            Some(status(State::Running, 540, None)),
            Some(900),
            None,
        );
        check(
            "its process died",
            Some(status(State::Running, 541, None)),
            Some(900),
            Some(Still::Unended),
        );
        check(
            "publishing",
            Some(status(publishing(), 300, None)),
            Some(900),
            None,
        );
        check(
            "never confirmed",
            Some(status(publishing(), 301, None)),
            None,
            Some(Still::Unconfirmed),
        );
        check(
            "published",
            Some(status(published(), 800, Some(900))),
            Some(900),
            None,
        );
        check(
            "a newer upload",
            Some(status(published(), 800, Some(900))),
            Some(700),
            Some(Still::NoRun),
        );
        check(
            "a newer upload just now",
            Some(status(published(), 800, Some(900))),
            Some(10),
            None,
        );
        check(
            "uploaded while it was drafted",
            Some(status(published(), 800, Some(900))),
            Some(850),
            Some(Still::NoRun),
        );
        check(
            "the newest was deleted",
            Some(status(published(), 800, Some(900))),
            Some(1_000),
            None,
        );
        check(
            "of an earlier version",
            Some(status(published(), 800, None)),
            Some(900),
            None,
        );
        check(
            "of an earlier version, and newer",
            Some(status(published(), 800, None)),
            Some(700),
            Some(Still::NoRun),
        );
        check("failed", Some(status(failed(), 800, None)), Some(900), None);
        check(
            "uploaded after it failed",
            Some(status(failed(), 800, None)),
            Some(700),
            Some(Still::NoRun),
        );
    }
}
