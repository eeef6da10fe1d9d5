//! Dates: how old the advice is, and what is due when.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::{Found, Scope};
use crate::finding::Subject;
use crate::identity;
use crate::recipe::demands::{Milestone, Recent, SERVED};

/// Sources older than the limit at the day of drafting. Undated ones could not be assessed.
pub(super) fn recent(scope: &Scope, sought: Recent) -> Result<Found, String> {
    let limit = before(scope.view.case.today, sought.months.months())?;
    let drafted = scope
        .view
        .case
        .sources
        .iter()
        .filter(|source| source.content.is_ok() && !scope.view.kept_out.contains(&source.number));
    let mut found = Found::new();
    for source in drafted {
        let subject = Subject::Source(source.name.clone());
        match source.date {
            Some(date) if date < limit => {
                found.push((
                    subject,
                    format!(
                        "it is of {}, more than {} months ago",
                        written(date),
                        sought.months
                    ),
                ));
            }
            Some(_) => {}
            None => found.push((
                subject,
                "it gives no date that could be read, so nobody can tell how old it is".into(),
            )),
        }
    }
    Ok(found)
}

fn before(day: Date, span: Span) -> Result<Date, String> {
    day.checked_sub(span)
        .map_err(|_| "the day of drafting has no calendar".to_owned())
}

/// What is past or near, of what follows from the day of the request or of another fact.
pub(super) fn clock(scope: &Scope, milestones: &[Milestone]) -> Result<Found, String> {
    let today = scope.view.case.today;
    let mut found = Found::new();
    for milestone in milestones {
        let due = begins(scope, milestone)?
            .checked_add(milestone.weeks.weeks().days(milestone.days))
            .map_err(|_| "the day that it is counted from has no calendar")?;
        let near = before(due, milestone.near.days())?;
        let when = match (due < today, milestone.ends) {
            (false, _) if today < near => continue,
            (true, false) => "was due on",
            (false, false) => "is due on",
            (true, true) => "was",
            (false, true) => "is",
        };
        found.push((
            Subject::Case,
            format!(
                "{} {when} {}, unless an exception applies",
                milestone.due,
                written(due)
            ),
        ));
    }
    Ok(found)
}

/// The day that a milestone is counted from.
fn begins(scope: &Scope, milestone: &Milestone) -> Result<Date, String> {
    let manifest = &scope.view.case.manifest;
    let given = |day: Option<Date>, key: &str| day.ok_or_else(|| format!("case.json gives no `{key}`"));
    match milestone.from.as_deref() {
        None => given(manifest.request_date, "request_date"),
        Some(SERVED) => given(manifest.served_date, SERVED),
        Some(key) => {
            let day = scope.value(key).and_then(identity::date);
            day.ok_or_else(|| format!("no source gives the day of `{key}`"))
        }
    }
}

fn written(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}
