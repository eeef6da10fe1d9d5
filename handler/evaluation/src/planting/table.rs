//! Counts, and the table that they make.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::fault::KINDS;

/// Of so many, so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// How many were found.
    pub found: usize,
    /// How many there were.
    pub all: usize,
}

impl Score {
    /// Counts one.
    pub fn add(&mut self, found: bool) {
        self.all += 1;
        self.found += usize::from(found);
    }

    /// The share in per cent with its 95% interval after Wilson (1927), which holds for small counts and at the ends.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of statements")]
    pub fn interval(self) -> Option<(f64, f64, f64)> {
        if self.all == 0 {
            return None;
        }
        let (n, z) = (self.all as f64, 1.959_964);
        let share = self.found as f64 / n;
        let scale = 1.0 + z * z / n;
        let middle = share + z * z / (2.0 * n);
        let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        Some((
            100.0 * share,
            100.0 * (middle - half) / scale,
            100.0 * (middle + half) / scale,
        ))
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.interval() {
            Some((share, low, high)) => write!(
                f,
                "{} | {} | {share:.1}% | {:.1} to {:.1}%",
                self.all,
                self.found,
                low.max(0.0),
                high.min(100.0)
            ),
            None => write!(f, "0 | 0 | - | -"),
        }
    }
}

/// What was counted in one or more cases.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Faults found, by kind.
    pub faults: BTreeMap<&'static str, Score>,
    /// Correct statements in which something was found all the same.
    pub alarms: Score,
}

impl Counts {
    /// Adds the counts of another case.
    pub fn merge(&mut self, other: &Self) {
        for (kind, score) in &other.faults {
            let own = self.faults.entry(kind).or_default();
            own.all += score.all;
            own.found += score.found;
        }
        self.alarms.all += other.alarms.all;
        self.alarms.found += other.alarms.found;
    }

    /// The table in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out =
            String::from("| planted fault | n | detected | share | 95% interval |\n|---|---|---|---|---|\n");
        for (kind, title) in KINDS {
            if let Some(score) = self.faults.get(kind) {
                // Writing to a string cannot fail.
                _ = writeln!(out, "| {title} | {score} |");
            }
        }
        _ = writeln!(
            out,
            "| **false alarms on correct statements** | {} |",
            self.alarms
        );
        out
    }
}
