//! What `[retention]` says of how long a case is kept.

use serde::Deserialize;

use super::RECIPE;
use super::faults::Faults;
use super::form::Form;
use crate::recipe::Retention;

/// The longest time that can be meant: a hundred years.
const MOST_DAYS: i64 = 36_500;

/// The table as it is written, in days.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    sources: Option<i64>,
    drafts: Option<i64>,
    runs: Option<i64>,
    published: Option<i64>,
}

/// Reads the times; what is wrong with them is among the faults.
pub fn check(form: &Form, faults: &mut Faults) -> Retention {
    let Some(head) = &form.head else {
        return Retention::default();
    };
    let written = &head.value.retention;
    let mut days = |name: &str, written: Option<i64>| {
        let written = written?;
        let days = u32::try_from(written)
            .ok()
            .filter(|_| (1..=MOST_DAYS).contains(&written));
        if days.is_none() {
            let message = format!("`{name}` is a number of days from 1 to {MOST_DAYS}; leave it out to keep");
            faults.add(RECIPE, head.line(&format!("retention.{name}")), message);
        }
        days
    };
    Retention {
        sources: days("sources", written.sources),
        drafts: days("drafts", written.drafts),
        runs: days("runs", written.runs),
        published: days("published", written.published),
    }
}
