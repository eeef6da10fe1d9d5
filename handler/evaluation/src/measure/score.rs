//! What was measured.

use std::fmt;
use std::ops::AddAssign;

use serde::Serialize;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// How many.
    pub hit: usize,
    /// Of how many.
    pub of: usize,
}

impl Score {
    /// The share; of nothing it is all.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences and words")]
    pub fn share(self) -> f64 {
        if self.of == 0 {
            1.0
        } else {
            self.hit as f64 / self.of as f64
        }
    }

    pub(super) fn add(&mut self, hit: bool) {
        self.hit += usize::from(hit);
        self.of += 1;
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.hit += other.hit;
        self.of += other.of;
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of == 0 {
            return f.write_str("none to find");
        }
        write!(f, "{:3.0}% ({}/{})", 100.0 * self.share(), self.hit, self.of)
    }
}

/// What was measured; [`super`] says what each figure means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// Needs in the section that the gold names.
    pub needs: Score,
    /// Advised, current provisions, likewise.
    pub provisions: Score,
    /// Outcomes, likewise.
    pub outcomes: Score,
    /// Covered claims whose statement stands in the area that the gold names.
    pub areas: Score,
    /// Groups whose need is in the draft or a query.
    pub need_groups: Score,
    /// Groups of whose provisions at least half are.
    pub provision_groups: Score,
    /// Groups of whose outcomes at least half are.
    pub outcome_groups: Score,
    /// Gaps of the sources that a query asks about.
    pub gaps: Score,
    /// Statements that answer the gold.
    pub precision: Score,
    /// Slots kept.
    pub slots: Score,
    /// Slots of the draft that stand in no cited sentence, of all of them.
    pub invented: Score,
    /// Facts.
    pub facts: Score,
    /// Conflicts.
    pub conflicts: Score,
    /// Omissions listed.
    pub omissions: Score,
    /// Measures and outcomes that serve a need of their gold group.
    pub links: Score,
    /// Links from them that are right, of those to needs that the gold knows.
    pub link_precision: Score,
    /// Words of the draft, of those of its readable sources.
    pub words: Score,
    /// Entries of the annotation that could not be read.
    pub unreadable: usize,
    /// What was missed.
    pub missed: Vec<String>,
    /// Statements that answer nothing.
    pub wrong: Vec<String>,
    /// Links that are wrong, and measures without a right one.
    pub unlinked: Vec<String>,
    /// Slots invented.
    pub inventions: Vec<String>,
    /// Traps fallen into.
    pub traps: Vec<String>,
}

impl Measured {
    /// Needs, provisions and outcomes together.
    #[must_use]
    pub fn recall(&self) -> Score {
        sum([self.needs, self.provisions, self.outcomes])
    }

    /// Groups of needs, provisions and outcomes together.
    #[must_use]
    pub fn groups(&self) -> Score {
        sum([self.need_groups, self.provision_groups, self.outcome_groups])
    }

    /// Everything that is not as the gold has it, a line each.
    #[must_use]
    pub fn account(&self) -> String {
        let lines = |label: &str, lines: &[String]| {
            let lines: Vec<String> = lines.iter().map(|line| format!("{label}: {line}\n")).collect();
            lines.concat()
        };
        lines("missed", &self.missed)
            + &lines("answers nothing", &self.wrong)
            + &lines("wrongly linked", &self.unlinked)
            + &lines("invented", &self.inventions)
            + &lines("trap", &self.traps)
    }
}

fn sum(parts: [Score; 3]) -> Score {
    let mut sum = Score::default();
    for part in parts {
        sum += part;
    }
    sum
}
