//! Whether two ways of telling a quantity tell the same.

use std::collections::BTreeSet;

use super::super::dates::Date;
use super::super::number::THOUSAND;
use super::super::quantity::{Period, Quantity, Unit};
use super::given::Given;

/// Whether the evidence gives a frequency, in its own or in other terms.
pub(super) fn rate(own: (i64, i64, Period), given: &Given) -> bool {
    let (n, every, period) = own;
    let weekly = (every, period) == (1, Period::Week);
    let same = given.quantities().any(|q| same_rate(own, q));
    // "daily, 7 days" is no five days a week.
    let daily = weekly
        && n == 5 * THOUSAND
        && given.all_week()
        && !given
            .quantities()
            .any(|q| matches!(q, Quantity::Rate(5000, 1, Period::Week)));
    // "before each lesson" of "before the lesson".
    let each_lesson = own == (THOUSAND, 1, Period::Lesson) && given.lessons;
    same && !daily
        || each_lesson
        || given.named_days(n, every, period)
        // "four days a week" of "on 4 out of 5 days".
        || weekly && given.quantities().any(|q| matches!(q, Quantity::Of(days, 5000) if *days == n))
        // "every evening" of "evening care, daily".
        || given.parts.contains(&period)
            && given
                .quantities()
                .any(|q| matches!(q, Quantity::Rate(m, of, Period::Day) if (*m, *of) == (n, every)))
}

/// "two out of five trials" where the evidence counts them one by one: "of five trials, two".
pub(super) fn of_parts(n: i64, of: i64, given: &Given) -> bool {
    let counts = |wanted: i64| {
        given
            .quantities()
            .any(|q| matches!(q, Quantity::Count(m, _) | Quantity::Rate(m, ..) if *m == wanted))
    };
    let pairs = given.quantities().any(|q| matches!(q, Quantity::Of(..)));
    !pairs && counts(n) && counts(of) || !pairs && counts(of) && n == THOUSAND
}

pub(super) fn share(quantity: &Quantity) -> Option<i64> {
    match quantity {
        Quantity::Share(n) => Some(*n),
        Quantity::Of(n, of) if *of != 0 => Some(100 * THOUSAND * n / of),
        Quantity::Count(n, _) if *n < THOUSAND => Some(100 * n),
        _ => None,
    }
}

pub(super) fn same_ratio(adults: i64, children: i64, other: &Quantity) -> bool {
    match other {
        Quantity::Ratio(a, c) => *c == children && (*a == adults || *a <= THOUSAND && adults <= THOUSAND),
        // A group said to be of so many children.
        Quantity::Count(n, nouns) => adults == 0 && *n == children && !nouns.is_empty(),
        _ => false,
    }
}

pub(super) fn same_span(amount: i64, unit: Unit, other: &Quantity) -> bool {
    // "40 words a minute" and "40 words in one minute".
    if let Quantity::Rate(n, 1, period) = other {
        let length = match (period, unit) {
            (Period::Minute, Unit::Second) => 60,
            // "six times in an hour" and "during one hour six times".
            (Period::Hour, Unit::Second) => return amount == 3_600_000,
            // "a week's meals" and meals for a week.
            (Period::Day, Unit::Day)
            | (Period::Week, Unit::Week)
            | (Period::Month, Unit::Month)
            | (Period::Term, Unit::Term) => 1,
            _ => return false,
        };
        return *n == THOUSAND && amount == length * THOUSAND;
    }
    // "six weekly visits" last six weeks.
    if let Quantity::Sessions(n, 1, period) = other {
        let length = matches!(
            (period, unit),
            (Period::Day, Unit::Day)
                | (Period::Week, Unit::Week)
                | (Period::Month, Unit::Month)
                | (Period::Term, Unit::Term)
        );
        return length && *n == amount;
    }
    let Quantity::Span(given, its) = other else {
        return false;
    };
    *its == unit && *given == amount
        || matches!((unit, its), (Unit::Week, Unit::Day)) && *given == 7 * amount
        || matches!((unit, its), (Unit::Day, Unit::Week)) && amount == 7 * given
        || matches!((unit, its), (Unit::Second, Unit::Day)) && amount == 24 * 3600 * given
        || matches!((unit, its), (Unit::Day, Unit::Second)) && *given == 24 * 3600 * amount
}

/// An age of which the source gives the bare number ("when she was seven") or the years and months.
pub(super) fn age_of(amount: i64, unit: Unit, given: &Given) -> bool {
    let years = amount / 12;
    unit == Unit::Month
        && amount % 12 == 0
        && given.quantities().any(|q| match q {
            Quantity::Count(n, nouns) => *n == years && nouns.is_empty(),
            Quantity::Clock(minutes) => minutes / 60 * THOUSAND == years,
            _ => false,
        })
}

/// How often in a common measure, where there is one.
pub(super) fn per_base((n, every, period): (i64, i64, Period)) -> (i64, Period) {
    let scale = 5040;
    let times = |factor: i64, period| (scale * n * factor / every.max(1), period);
    match period {
        Period::HalfTerm => times(2, Period::Term),
        period => times(1, period),
    }
}

pub(super) fn same_rate(own: (i64, i64, Period), other: &Quantity) -> bool {
    if let (Quantity::Span(amount, Unit::Second), (THOUSAND, 1, period)) = (other, own) {
        return matches!(
            (period, amount),
            (Period::Minute, 60_000) | (Period::Hour, 3_600_000)
        );
    }
    if let Quantity::Sessions(n, every, period) = other {
        return [*n, THOUSAND]
            .iter()
            .any(|n| same_rate(own, &Quantity::Rate(*n, *every, *period)));
    }
    let Quantity::Rate(n, every, period) = other else {
        return false;
    };
    let (a, b) = (per_base(own), per_base((*n, *every, *period)));
    let school_days = |day: (i64, Period), week: (i64, Period)| {
        day.1 == Period::Day && week.1 == Period::Week && (week.0 == 5 * day.0 || week.0 == 7 * day.0)
    };
    let part = |part: Period| {
        matches!(
            part,
            Period::Morning | Period::Afternoon | Period::Evening | Period::Night
        )
    };
    let years = |term: (i64, Period), year: (i64, Period)| {
        term.1 == Period::Term && year.1 == Period::Month && term.0 == 4 * year.0
    };
    a == b
        || school_days(a, b)
        || school_days(b, a)
        || years(a, b)
        || years(b, a)
        || a.0 == b.0 && (a.1 == Period::Day && part(b.1) || b.1 == Period::Day && a.1 == Period::Night)
}

pub(super) fn has_date(date: Date, given: &Given) -> bool {
    let dates: Vec<Date> = given
        .quantities()
        .filter_map(|q| match q {
            Quantity::Date(date) => Some(*date),
            _ => None,
        })
        .collect();
    let stands = |other: &Date| {
        if other.of_short_year().is_some_and(|short| date.is_part_of(short)) {
            return true;
        }
        // A source leaves out the year that its own date tells.
        let year = date
            .year
            .filter(|year| other.year.is_none() && given.years.contains(year));
        date.is_part_of(Date {
            year: other.year.or(year),
            ..*other
        })
    };
    // "by 30 September" of "by the end of September".
    let last = date
        .day
        .is_some_and(|day| day >= 28 && Some(day) == last_day(date));
    if last && date.month.is_some_and(|month| given.month_ends.contains(&month)) {
        return has_date(Date { day: None, ..date }, given);
    }
    dates.iter().any(stands)
}

/// The last day of the date's month.
fn last_day(date: Date) -> Option<i64> {
    let year = date.year.unwrap_or(1);
    Some(match date.month? {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 => 29,
        2 => 28,
        _ => 31,
    })
}

pub(super) fn count(n: i64, nouns: &BTreeSet<String>, given: &Given) -> bool {
    let mut stands = false;
    let mut against = false;
    for quantity in given.quantities() {
        let (value, its): (i64, Option<&BTreeSet<String>>) = match quantity {
            Quantity::Count(m, its) => (*m, Some(its)),
            Quantity::Ratio(_, m)
            | Quantity::Label(_, m)
            | Quantity::Rate(m, ..)
            | Quantity::Sessions(m, ..) => (*m, None),
            Quantity::Span(m, Unit::Month) if m % 12 == 0 => (m / 12, None),
            Quantity::Of(a, b) if *a == n || *b == n => (n, None),
            Quantity::Clock(minutes) => (minutes / 60 * THOUSAND, None),
            _ => continue,
        };
        let bound = its.is_some_and(|its| its.intersection(nouns).next().is_some());
        if value == n {
            if bound || nouns.is_empty() || its.is_none_or(BTreeSet::is_empty) {
                return true;
            }
            stands = true;
        } else if bound {
            against = true;
        }
    }
    // "one" is a word before it is a number.
    if n == THOUSAND {
        return stands || !against;
    }
    (stands || given.numbers.contains(&n)) && !against
}
