//! What is done about a rating: a recipe's decision, kept as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Category, Level, Ratings, Weighed};

/// What is done about a text, from nothing to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    Approve,
    /// It stays where it is, with a finding.
    Warn,
    /// It is held back for a person.
    Block,
    /// The same, and an event without content is logged.
    BlockAndAlert,
}

impl Action {
    /// All of them, from nothing to the most.
    pub const ALL: [Self; 4] = [Self::Approve, Self::Warn, Self::Block, Self::BlockAndAlert];

    /// Its name in recipes and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Warn => "warn",
            Self::Block => "block",
            Self::BlockAndAlert => "block_and_alert",
        }
    }

    /// Whether the text is held back.
    #[must_use]
    pub fn blocks(self) -> bool {
        self >= Self::Block
    }
}

/// From which severity on a category counts, and what each severity calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Below it nothing is done; [`Level::Low`] where none is given.
    pub(crate) thresholds: BTreeMap<Category, Level>,
    pub(crate) low: Action,
    pub(crate) medium: Action,
    pub(crate) high: Action,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            thresholds: BTreeMap::new(),
            low: Action::Warn,
            medium: Action::Block,
            high: Action::BlockAndAlert,
        }
    }
}

impl Policy {
    /// What is done about a text that was rated so in a category.
    #[must_use]
    pub fn action(&self, category: Category, severity: Level) -> Action {
        let threshold = self.thresholds.get(&category).copied().unwrap_or(Level::Low);
        if severity < threshold {
            return Action::Approve;
        }
        match severity {
            Level::Safe => Action::Approve,
            Level::Low => self.low,
            Level::Medium => self.medium,
            Level::High => self.high,
        }
    }

    /// The ratings that call for something.
    #[must_use]
    pub fn weigh(&self, ratings: &Ratings) -> Vec<Weighed> {
        let weighed = Category::ALL.map(|category| {
            let severity = ratings.of(category);
            Weighed {
                category,
                severity,
                action: self.action(category, severity),
            }
        });
        let counts = |one: &Weighed| one.action != Action::Approve;
        weighed.into_iter().filter(counts).collect()
    }
}
