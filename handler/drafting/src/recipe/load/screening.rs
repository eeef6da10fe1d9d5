//! What `[screening]` says is done about text that a service rates as harmful.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::RECIPE;
use super::faults::Faults;
use super::form::{Entry, Form, Head};
use crate::screening::{Action, Category, Level, Policy};

/// The table as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screening {
    low: Option<Action>,
    medium: Option<Action>,
    high: Option<Action>,
    /// By category, the least severity that counts: 2, 4 or 6.
    #[serde(default)]
    from: BTreeMap<Category, i64>,
}

/// Reads the policy; what is wrong with it is among the faults.
pub fn check(form: &Form, faults: &mut Faults) -> Policy {
    let Some(head) = &form.head else {
        return Policy::default();
    };
    let written = &head.value.screening;
    let usual = Policy::default();
    let policy = Policy {
        low: written.low.unwrap_or(usual.low),
        medium: written.medium.unwrap_or(usual.medium),
        high: written.high.unwrap_or(usual.high),
        thresholds: thresholds(head, faults),
    };
    let steps = [
        ("medium", "low", policy.medium < policy.low),
        ("high", "medium", policy.high < policy.medium),
    ];
    for (more, less, weaker) in steps {
        if weaker {
            let line = head.line(&format!("screening.{more}"));
            let message =
                format!("`{more}` does less than `{less}` does: what is more severe cannot call for less");
            faults.add(RECIPE, line, message);
        }
    }
    policy
}

fn thresholds(head: &Entry<Head>, faults: &mut Faults) -> BTreeMap<Category, Level> {
    let mut thresholds = BTreeMap::new();
    for (category, number) in &head.value.screening.from {
        let level = u8::try_from(*number)
            .ok()
            .and_then(|number| Level::try_from(number).ok());
        if let Some(level) = level.filter(|level| *level != Level::Safe) {
            thresholds.insert(*category, level);
        } else {
            let path = format!("screening.from.{}", category.name());
            let message = format!(
                "`{}` counts from 2 (low), 4 (medium) or 6 (high) on",
                category.name()
            );
            faults.add(RECIPE, head.line(&path), message);
        }
    }
    thresholds
}
