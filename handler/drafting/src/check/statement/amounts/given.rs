//! What the evidence gives of numbers and quantities.

use std::collections::BTreeSet;

use super::super::number;
use super::super::number::THOUSAND;
use super::super::quantity::{Found, Period, Quantity, Unit};
use super::super::rates::is_weekday;
use super::super::words::any;
use super::super::{Cited, Evidence, Text};

/// Quantities of the evidence, and all its bare numbers.
pub(super) struct Given<'e> {
    pub(super) all: Vec<&'e Found>,
    pub(super) numbers: BTreeSet<i64>,
    pub(super) alone: bool,
    pub(super) years: BTreeSet<i64>,
    /// Numbers of cells in columns of percentages.
    pub(super) shares: BTreeSet<i64>,
    /// Days of the week that come again: "on Mondays".
    pub(super) weekdays: BTreeSet<&'e str>,
    /// Parts of the day that are named.
    pub(super) parts: BTreeSet<Period>,
    /// Months whose end is spoken of: "by the end of September".
    pub(super) month_ends: BTreeSet<i64>,
    /// Lessons are spoken of.
    pub(super) lessons: bool,
    /// Numbers that stand in one text.
    pub(super) together: Vec<BTreeSet<i64>>,
}

/// The most numbers of a text of which each is compared with each: sentences have a few, and foreign bytes may have thousands.
pub(super) const MOST_PAIRED: usize = 60;

/// What headings say of time: "Outcomes (12 months)", "Attainment, July 2026".
pub(super) fn headings<'e>(cited: &'e Cited) -> impl Iterator<Item = &'e Found> {
    let all = cited.evidence.iter().flat_map(|evidence| &evidence.headings);
    all.flat_map(|heading| &heading.quantities).filter(|found| {
        matches!(
            found.quantity,
            Quantity::Date(_)
                | Quantity::Label("stage", _)
                | Quantity::Span(_, Unit::Week | Unit::Month | Unit::Term | Unit::HalfTerm)
        )
    })
}

/// Whether a head of a column says that its numbers are percentages.
pub(super) fn tells_percentages(head: &Text) -> bool {
    any(&head.tokens, &["%", "percent", "percentage", "per cent"]).is_some()
}

pub(super) fn bare_numbers(text: &Text) -> impl Iterator<Item = i64> {
    (0..text.tokens.len()).filter_map(|at| number::read(&text.tokens, at).map(|(n, _)| n))
}

/// Months behind "the end of".
fn month_ends(text: &Text) -> impl Iterator<Item = i64> {
    text.quantities.iter().filter_map(|found| {
        let before = text.tokens.get(found.start.checked_sub(2)?..found.start)?;
        let [end, of] = before else { return None };
        match &found.quantity {
            Quantity::Date(date) if date.day.is_none() && end.low == "end" && of.low == "of" => date.month,
            _ => None,
        }
    })
}

fn part_of_day(word: &str) -> Option<Period> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "morning" => Period::Morning,
        "afternoon" => Period::Afternoon,
        "evening" => Period::Evening,
        "night" => Period::Night,
        _ => return None,
    })
}

/// A length of time in thousandths of a day, where it is the same everywhere.
pub(super) fn days(amount: i64, unit: Unit) -> Option<i64> {
    match unit {
        Unit::Day => Some(amount),
        Unit::Week => Some(7 * amount),
        Unit::Month => Some(amount * 365 / 12),
        Unit::Second | Unit::HalfTerm | Unit::Term => None,
    }
}

impl<'e> Given<'e> {
    pub(super) fn of(cited: &'e Cited) -> Self {
        let texts = || cited.evidence.iter().flat_map(Evidence::texts);
        let mut numbers = BTreeSet::new();
        for text in texts() {
            numbers.extend(bare_numbers(text));
            numbers.extend(text.quantities.iter().filter_map(|found| match &found.quantity {
                Quantity::Count(n, nouns) if nouns.is_empty() => Some(*n),
                _ => None,
            }));
        }
        Self {
            all: texts()
                .flat_map(|text| text.quantities.iter().chain(&text.composed))
                .chain(headings(cited))
                .collect(),
            numbers,
            alone: texts().any(|text| {
                text.tokens
                    .iter()
                    .any(|token| matches!(token.low.as_str(), "individual" | "individually"))
            }),
            years: cited
                .evidence
                .iter()
                .filter_map(|evidence| evidence.year)
                .collect(),
            shares: cited
                .evidence
                .iter()
                .filter(|evidence| evidence.frame.iter().any(tells_percentages))
                .flat_map(|evidence| bare_numbers(&evidence.whole))
                .collect(),
            weekdays: texts()
                .flat_map(|text| &text.tokens)
                .map(|token| token.low.as_str())
                .filter(|word| word.ends_with('s') && is_weekday(word))
                .collect(),
            parts: texts()
                .flat_map(|text| &text.tokens)
                .filter_map(|token| part_of_day(&token.low))
                .collect(),
            month_ends: texts().flat_map(month_ends).collect(),
            lessons: texts().any(|text| any(&text.tokens, &["lesson*"]).is_some()),
            together: texts()
                .map(|text| bare_numbers(text).take(MOST_PAIRED).collect())
                .collect(),
        }
    }

    /// "half the expected rate" of "7, expected 12 to 14": two numbers of one text are about so to each other.
    pub(super) fn about(&self, share: i64) -> bool {
        let near = |a: i64, b: i64| b > 0 && (THOUSAND * a / b - share).abs() * 8 <= share;
        self.together
            .iter()
            .any(|numbers| numbers.iter().any(|a| numbers.iter().any(|b| near(*a, *b))))
    }

    /// "19 minutes out of 45" of "19 of 45 minutes": both stand in one text that tells nothing else so.
    pub(super) fn tells_both(&self, n: i64, of: i64) -> bool {
        !self.quantities().any(|q| matches!(q, Quantity::Of(..)))
            && self
                .together
                .iter()
                .any(|numbers| numbers.contains(&n) && numbers.contains(&of))
    }

    /// "more than twice as fast" of "11 and 29 words".
    pub(super) fn times(&self, factor: i64) -> bool {
        let times =
            |a: i64, b: i64| b > 0 && a * THOUSAND >= b * factor && a * THOUSAND < b * (factor + THOUSAND);
        self.together
            .iter()
            .any(|numbers| numbers.iter().any(|a| numbers.iter().any(|b| times(*a, *b))))
    }

    /// Whether some quantity stands in the evidence so many times.
    pub(super) fn repeats(&self, n: i64) -> bool {
        let all: Vec<&Quantity> = self.quantities().take(MOST_PAIRED).collect();
        let count = |one: &Quantity| all.iter().filter(|other| **other == one).count();
        all.iter()
            .any(|one| i64::try_from(count(one)).is_ok_and(|count| count * THOUSAND == n))
    }

    /// "half of it in maths" of "8 hours, maths 4".
    pub(super) fn exactly(&self, share: i64) -> bool {
        let parts = |a: &i64, b: &i64| a * THOUSAND == b * share;
        self.together.iter().any(|numbers| {
            numbers
                .iter()
                .any(|a| numbers.iter().any(|b| *b > THOUSAND && parts(a, b)))
        })
    }

    /// "stopped two months earlier" of one date and another.
    pub(super) fn between_dates(&self, amount: i64) -> bool {
        let months: Vec<i64> = self
            .quantities()
            .filter_map(|q| match q {
                Quantity::Date(date) => Some(date.year? * 12 + date.month?),
                _ => None,
            })
            .take(MOST_PAIRED)
            .collect();
        months
            .iter()
            .any(|a| months.iter().any(|b| (a - b) * THOUSAND == amount))
    }

    /// Whether so many days of every week are named: "on Mondays and Thursdays".
    pub(super) fn named_days(&self, n: i64, every: i64, period: Period) -> bool {
        (every, period) == (1, Period::Week)
            && usize::try_from(n / THOUSAND).is_ok_and(|n| n > 0 && n == self.weekdays.len())
    }

    /// "3 days a week, rising to 4".
    pub(super) fn rises_to(&self, days: i64) -> bool {
        self.numbers.contains(&days)
            && self
                .quantities()
                .any(|q| matches!(q, Quantity::Rate(n, 1, Period::Week) if *n > THOUSAND))
    }

    /// Whether the evidence says that each of seven days is meant.
    pub(super) fn all_week(&self) -> bool {
        let seven = |q: &Quantity| {
            matches!(
                q,
                Quantity::Span(7000, Unit::Day) | Quantity::Rate(7000, 1, Period::Week)
            )
        };
        self.quantities().any(seven)
    }

    /// "almost two years" of 22 months.
    pub(super) fn nearly(&self, amount: i64, unit: Unit) -> bool {
        let Some(own) = days(amount, unit) else {
            return false;
        };
        self.quantities().any(|q| match q {
            Quantity::Span(other, its) => {
                days(*other, *its).is_some_and(|other| (other - own).abs() * 8 <= own)
            }
            _ => false,
        })
    }

    /// "for 20 minutes; with written work it is nearer five": the unit is said once.
    pub(super) fn bare_span(&self, amount: i64, unit: Unit) -> bool {
        self.all.windows(2).any(|pair| match pair {
            [first, second] => match (&first.quantity, &second.quantity) {
                (Quantity::Span(length, its), Quantity::Count(n, nouns)) => {
                    *its == unit
                        && nouns.is_empty()
                        && [1, 60, 3600, 12]
                            .iter()
                            .any(|factor| n * factor == amount && length % (factor * THOUSAND) == 0)
                }
                _ => false,
            },
            _ => false,
        })
    }

    pub(super) fn quantities(&self) -> impl Iterator<Item = &'e Quantity> {
        self.all.iter().map(|found| &found.quantity)
    }
}

impl<'e> Given<'e> {
    pub(super) fn alone(found: &'e Found) -> Self {
        Self {
            all: vec![found],
            numbers: BTreeSet::new(),
            alone: false,
            years: BTreeSet::new(),
            shares: BTreeSet::new(),
            weekdays: BTreeSet::new(),
            parts: [Period::Morning, Period::Afternoon, Period::Evening, Period::Night].into(),
            month_ends: BTreeSet::new(),
            lessons: false,
            together: Vec::new(),
        }
    }
}
