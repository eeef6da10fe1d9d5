//! Age and year group, counted from the date of birth to the day of drafting.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{Found, Scope, is_officers, unquoted};
use crate::finding::Subject;
use crate::recipe::demands::FromYear;
use crate::recipe::lexicon::fold;

/// What is said of the present age or year group. Reports say what was so when they were written: only what claims to
/// hold now counts.
static SAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:is|now|currently) (?:aged )?(\d{1,2})(?: years? old|-year-old|,|\.|$)|\b(?:is|now|currently) (?:a pupil |a student )?in (?:his |her |their )?year (\d{1,2})\b",
    )
    .ok()
});

const UNKNOWN: &str = "no date of birth is in the draft";

pub(super) fn agrees(scope: &Scope, born: &str) -> Result<Found, String> {
    let born = birth(scope, born)?;
    let today = scope.view.case.today;
    let (age, year) = (years(born, today), year_group(born, today));
    let pattern = SAYS.as_ref().ok_or("its pattern cannot be read")?;
    let mut found = Found::new();
    for (_, _, statement) in scope
        .statements()
        .filter(|(_, _, statement)| !is_officers(statement))
    {
        let folded = fold(&unquoted(&statement.text));
        for said in pattern.captures_iter(&folded) {
            let number = |group| {
                said.get(group)
                    .and_then(|text: regex::Match| text.as_str().parse::<i16>().ok())
            };
            let subject = || Subject::Statement(statement.id.clone());
            if number(1).is_some_and(|said| said != age) {
                found.push((
                    subject(),
                    format!("it gives another age than {age}, which follows from the date of birth"),
                ));
            }
            if number(2).is_some_and(|said| Some(said) != year.map(i16::from)) {
                found.push((
                    subject(),
                    "it gives another year group than follows from the date of birth".into(),
                ));
            }
        }
    }
    Ok(found)
}

pub(super) fn from_year(scope: &Scope, sought: &FromYear) -> Result<Found, String> {
    let born = birth(scope, &sought.born)?;
    let today = scope.view.case.today;
    let by_year =
        || year_group(born, today).is_some_and(|year| year >= sought.year) || years(born, today) >= 16;
    let old_enough = sought.age.map_or_else(by_year, |age| years(born, today) >= age);
    if !old_enough || sought.phrases.found(&scope.text()) {
        return Ok(Found::new());
    }
    let from = match sought.age {
        Some(age) => format!("the age of {age}"),
        None => format!("Year {}", sought.year),
    };
    let message = format!("nothing is said of it, and by date of birth it is wanted from {from} on");
    Ok(vec![(Subject::Case, message)])
}

fn birth(scope: &Scope, key: &str) -> Result<Date, String> {
    let manifest = scope.view.case.manifest.child.as_ref();
    let value = scope
        .value(key)
        .and_then(|text| Date::strptime("%d/%m/%Y", text).ok());
    value
        .or_else(|| manifest?.date_of_birth)
        .ok_or_else(|| UNKNOWN.to_owned())
}

/// Whole years on a day.
fn years(born: Date, day: Date) -> i16 {
    let before = (day.month(), day.day()) < (born.month(), born.day());
    day.year() - born.year() - i16::from(before)
}

/// The year group of the English school system, by age at the last 31 August; Reception is 0. Nothing before Reception
/// and after Year 13.
fn year_group(born: Date, day: Date) -> Option<u8> {
    let autumn = if day.month() >= 9 {
        day.year()
    } else {
        day.year() - 1
    };
    let last = Date::new(autumn, 8, 31).ok()?;
    u8::try_from(years(born, last) - 4)
        .ok()
        .filter(|year| *year <= 13)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_years_and_year_groups() {
        for (born, day, age, year) in [
            ((2017, 3, 14), (2026, 11, 2), 9, Some(5)),
            ((2017, 8, 31), (2026, 9, 1), 9, Some(5)),
            ((2017, 9, 1), (2026, 9, 1), 9, Some(4)),
            ((2017, 9, 1), (2026, 8, 31), 8, Some(3)),
            ((2022, 1, 1), (2026, 10, 1), 4, Some(0)),
            ((2024, 1, 1), (2026, 10, 1), 2, None),
            ((2012, 2, 29), (2026, 2, 28), 13, Some(9)),
            ((2005, 1, 1), (2026, 10, 1), 21, None),
        ] {
            let date = |(year, month, day): (i16, i8, i8)| Date::new(year, month, day).unwrap();
            assert_eq!(years(date(born), date(day)), age, "{born:?}");
            assert_eq!(year_group(date(born), date(day)), year, "{born:?} {day:?}");
        }
    }
}
