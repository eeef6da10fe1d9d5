//! Numbers, dates, ratios, durations and frequencies: each stands, with its type, in the statement's own evidence.

use std::collections::BTreeSet;

use super::dates::Date;
use super::number::{self, THOUSAND};
use super::quantity::{Found, Period, Quantity, Unit};
use super::rates::is_weekday;
use super::words::Token;
use super::{Cited, Evidence, Remarks, Text};
use crate::check::rules;
use crate::recipe::Role;

/// Quantities of the evidence, and all its bare numbers.
struct Given<'e> {
    all: Vec<&'e Found>,
    numbers: BTreeSet<i64>,
    alone: bool,
    years: BTreeSet<i64>,
    /// Numbers of cells in columns of percentages.
    shares: BTreeSet<i64>,
    /// Days of the week that come again: "on Mondays".
    weekdays: BTreeSet<&'e str>,
    /// Parts of the day that are named.
    parts: BTreeSet<Period>,
    /// Lessons are spoken of.
    lessons: bool,
    /// Numbers that stand in one text.
    together: Vec<BTreeSet<i64>>,
}

/// The most numbers of a text of which each is compared with each: sentences have a few, and foreign bytes may have thousands.
const MOST_PAIRED: usize = 60;

/// Checks that every quantity of the statement is given, and that none that a measure is made of is lost.
pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    let given = Given::of(cited);
    for found in &cited.text.quantities {
        let Some(kind) = unsupported(found, &given) else {
            continue;
        };
        if covering(found, &cited.text.composed).any(|whole| unsupported(whole, &given).is_none()) {
            continue;
        }
        // "two years and two months" of 26 months; "11/25" is a month or a share.
        let whole = |other: &&Found| {
            (other.start, other.end) == (found.start, found.end)
                && (exceeds(other, found) || reads_otherwise(other, found))
        };
        if cited
            .text
            .quantities
            .iter()
            .find(whole)
            .is_some_and(|whole| unsupported(whole, &given).is_none())
        {
            continue;
        }
        remarks.add(
            &rules::NUMBER,
            format!(
                "the {kind} \u{201c}{}\u{201d} is not in the evidence",
                words(&cited.text.tokens, found)
            ),
        );
    }
    company(cited, &given, remarks);
    super::limits::check(cited, &given.all, remarks);
    lost(cited, remarks);
    untrained(cited, remarks);
}

/// Whether one is read as a date and the other as a share.
fn reads_otherwise(one: &Found, other: &Found) -> bool {
    matches!(
        (&one.quantity, &other.quantity),
        (Quantity::Date(_), Quantity::Of(..)) | (Quantity::Of(..), Quantity::Date(_))
    )
}

/// Whether one length of time is another and some months.
fn exceeds(whole: &Found, part: &Found) -> bool {
    match (&whole.quantity, &part.quantity) {
        (Quantity::Span(more, Unit::Month), Quantity::Span(years, Unit::Month)) => {
            years % (12 * THOUSAND) == 0 && (1..12 * THOUSAND).contains(&(more - years))
        }
        _ => false,
    }
}

/// One child without others.
const BY_HERSELF: &[&str] = &[
    "by herself",
    "by himself",
    "by themselves",
    "on her own",
    "on his own",
    "on their own",
];

/// Work with one child is not told as work in a group, nor the other way round.
fn company(cited: &Cited, given: &Given, remarks: &mut Remarks) {
    const ALONE: &[&str] = &["individual", "individually", "one-to-one", "alone", "solo"];
    const GROUP: &[&str] = &[
        "group*",
        "pair*",
        "peers",
        "classmate*",
        "class",
        "together",
        "others",
    ];
    let ratio = |found: &Found, alone: bool| matches!(found.quantity, Quantity::Ratio(adults, children) if (adults > 0 && children <= THOUSAND) == alone);
    let own = |alone: bool| cited.text.quantities.iter().any(|found| ratio(found, alone));
    let theirs = |alone: bool| given.all.iter().any(|found| ratio(found, alone));
    let own_alone = own(true) || cited.holds(ALONE) || cited.holds(BY_HERSELF);
    let own_group = own(false)
        || cited.holds(&[
            "small group",
            "in a group",
            "group work",
            "in groups",
            "in small groups",
        ]);
    let given_alone = theirs(true) || cited.evidence_holds(ALONE);
    let given_group = theirs(false) || cited.evidence_holds(GROUP);
    let told = match () {
        () if own_group && !own_alone && given_alone && !given_group => {
            "one to one, the statement in a group"
        }
        () if own_alone && !own_group && !given_alone && grouped(cited) => {
            "in a group, the statement one to one"
        }
        () => return,
    };
    remarks.add(&rules::NUMBER, format!("the evidence has it {told}"));
}

/// Whether the evidence says of a measure that it is for a group.
fn grouped(cited: &Cited) -> bool {
    cited.purpose == Some(Role::Measure) && cited.evidence_holds(&["group", "groups", "pairs"])
        || cited.evidence_holds(&[
            "small group",
            "group of",
            "groups of",
            "in a group",
            "in groups",
            "in pairs",
        ])
}

/// "a trained assistant" told as an assistant: the expertise is a specific of a measure too.
fn untrained(cited: &Cited, remarks: &mut Remarks) {
    const TRAINED: &[&str] = &["trained", "qualified", "accredited"];
    let kept = cited.holds(&[
        "train*",
        "qualif*",
        "accredit*",
        "specialis*",
        "experienc*",
        "expert*",
    ]);
    let given = cited
        .evidence
        .iter()
        .any(|evidence| evidence.shared > 2 && super::words::any(&evidence.part().tokens, TRAINED).is_some());
    if cited.purpose == Some(Role::Measure) && given && !kept {
        remarks.add(
            &rules::LOST_SPECIFIC,
            "the evidence gives a training that the statement leaves out".into(),
        );
    }
}

/// The quantities that are made of a quantity and one beside it: "four seizures a week".
fn covering<'f>(found: &Found, composed: &'f [Found]) -> impl Iterator<Item = &'f Found> {
    let (start, end) = (found.start, found.end);
    composed
        .iter()
        .filter(move |whole| whole.start <= start && end <= whole.end)
}

pub(super) fn words(tokens: &[Token], found: &Found) -> String {
    let part = tokens.get(found.start..found.end).unwrap_or_default();
    part.iter()
        .map(|token| token.raw.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What headings say of time: "Outcomes (12 months)", "Attainment, July 2026".
fn headings<'e>(cited: &'e Cited) -> impl Iterator<Item = &'e Found> {
    let all = cited.evidence.iter().flat_map(|evidence| &evidence.headings);
    all.flat_map(|heading| &heading.quantities).filter(|found| {
        matches!(
            found.quantity,
            Quantity::Date(_) | Quantity::Span(_, Unit::Week | Unit::Month | Unit::Term | Unit::HalfTerm)
        )
    })
}

/// Whether a head of a column says that its numbers are percentages.
fn tells_percentages(head: &Text) -> bool {
    super::words::any(&head.tokens, &["%", "percent", "percentage", "per cent"]).is_some()
}

fn bare_numbers(text: &Text) -> impl Iterator<Item = i64> {
    (0..text.tokens.len()).filter_map(|at| number::read(&text.tokens, at).map(|(n, _)| n))
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
fn days(amount: i64, unit: Unit) -> Option<i64> {
    match unit {
        Unit::Day => Some(amount),
        Unit::Week => Some(7 * amount),
        Unit::Month => Some(amount * 365 / 12),
        Unit::Second | Unit::HalfTerm | Unit::Term => None,
    }
}

impl<'e> Given<'e> {
    fn of(cited: &'e Cited) -> Self {
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
            lessons: texts().any(|text| super::words::any(&text.tokens, &["lesson*"]).is_some()),
            together: texts()
                .map(|text| bare_numbers(text).take(MOST_PAIRED).collect())
                .collect(),
        }
    }

    /// "half the expected rate" of "7, expected 12 to 14": two numbers of one text are about so to each other.
    fn about(&self, share: i64) -> bool {
        let near = |a: i64, b: i64| b > 0 && (THOUSAND * a / b - share).abs() * 8 <= share;
        self.together
            .iter()
            .any(|numbers| numbers.iter().any(|a| numbers.iter().any(|b| near(*a, *b))))
    }

    /// "19 minutes out of 45" of "19 of 45 minutes": both stand in one text that tells nothing else so.
    fn tells_both(&self, n: i64, of: i64) -> bool {
        !self.quantities().any(|q| matches!(q, Quantity::Of(..)))
            && self
                .together
                .iter()
                .any(|numbers| numbers.contains(&n) && numbers.contains(&of))
    }

    /// "half of it in maths" of "8 hours, maths 4".
    fn exactly(&self, share: i64) -> bool {
        let parts = |a: &i64, b: &i64| a * THOUSAND == b * share;
        self.together.iter().any(|numbers| {
            numbers
                .iter()
                .any(|a| numbers.iter().any(|b| *b > THOUSAND && parts(a, b)))
        })
    }

    /// "stopped two months earlier" of one date and another.
    fn between_dates(&self, amount: i64) -> bool {
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
    fn named_days(&self, n: i64, every: i64, period: Period) -> bool {
        (every, period) == (1, Period::Week)
            && usize::try_from(n / THOUSAND).is_ok_and(|n| n > 0 && n == self.weekdays.len())
    }

    /// "3 days a week, rising to 4".
    fn rises_to(&self, days: i64) -> bool {
        self.numbers.contains(&days)
            && self
                .quantities()
                .any(|q| matches!(q, Quantity::Rate(n, 1, Period::Week) if *n > THOUSAND))
    }

    /// Whether the evidence says that each of seven days is meant.
    fn all_week(&self) -> bool {
        let seven = |q: &Quantity| {
            matches!(
                q,
                Quantity::Span(7000, Unit::Day) | Quantity::Rate(7000, 1, Period::Week)
            )
        };
        self.quantities().any(seven)
    }

    /// "almost two years" of 22 months.
    fn nearly(&self, amount: i64, unit: Unit) -> bool {
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
    fn bare_span(&self, amount: i64, unit: Unit) -> bool {
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

    fn quantities(&self) -> impl Iterator<Item = &'e Quantity> {
        self.all.iter().map(|found| &found.quantity)
    }
}

/// What kind of quantity it is, when the evidence does not give it.
fn unsupported(found: &Found, given: &Given) -> Option<&'static str> {
    let own = &found.quantity;
    let (kind, stands) = match own {
        Quantity::Ratio(adults, children) => (
            "ratio",
            given.quantities().any(|q| same_ratio(*adults, *children, q))
                || given.alone && *children == THOUSAND && *adults <= THOUSAND,
        ),
        Quantity::Span(amount, unit) => (
            "duration or age",
            given.quantities().any(|q| same_span(*amount, *unit, q))
                || age_of(*amount, *unit, given)
                || given.bare_span(*amount, *unit)
                || found.about && given.nearly(*amount, *unit)
                || *unit == Unit::Month && given.between_dates(*amount)
                || *unit == Unit::Day && given.rises_to(*amount)
                || *unit == Unit::Day
                    && given
                        .quantities()
                        .any(|q| matches!(q, Quantity::Rate(n, ..) | Quantity::Of(n, _) if n == amount && *n > THOUSAND)),
        ),
        Quantity::Rate(n, every, period) => ("frequency", rate((*n, *every, *period), given)),
        Quantity::Sessions(n, every, period) => (
            "frequency",
            given.quantities().any(|q| same_rate((*n, *every, *period), q))
                || given.numbers.contains(n)
                    && given
                        .quantities()
                        .any(|q| same_rate((THOUSAND, *every, *period), q)),
        ),
        Quantity::Share(n) => (
            "percentage",
            given.shares.contains(n) || given.quantities().any(|q| share(q) == Some(*n)),
        ),
        Quantity::Of(n, of) => (
            "count",
            given.quantities().any(|q| {
                matches!(q, Quantity::Of(a, b) if a == n && b == of)
                    || share(q) == share(own) && matches!(q, Quantity::Share(_))
            }) || of_parts(*n, *of, given)
                || given.tells_both(*n, *of)
                // "half of the eight units" of "4 of 8 complete".
                || *n < THOUSAND
                    && given
                        .quantities()
                        .any(|q| matches!(q, Quantity::Of(a, b) if b == of && *a * THOUSAND == n * of)),
        ),
        Quantity::Date(date) => ("date", has_date(*date, given)),
        Quantity::Clock(minutes) => (
            "time of day",
            given
                .quantities()
                .any(|q| matches!(q, Quantity::Clock(other) if other == minutes))
                || minutes % 60 == 0 && given.numbers.contains(&(minutes / 60 * THOUSAND)),
        ),
        Quantity::Count(n, nouns) => (
            "number",
            count(*n, nouns, given)
                // "a quarter extra time" of "25 per cent extra time".
                || *n < THOUSAND && given.quantities().any(|q| share(q) == Some(100 * n))
                || *n < THOUSAND && (given.exactly(*n) || found.about && given.about(*n)),
        ),
        Quantity::Money(_) | Quantity::Label(..) | Quantity::Named(_) => {
            ("figure", given.quantities().any(|q| q == own))
        }
    };
    (!stands).then_some(kind)
}

/// Whether the evidence gives a frequency, in its own or in other terms.
fn rate(own: (i64, i64, Period), given: &Given) -> bool {
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
fn of_parts(n: i64, of: i64, given: &Given) -> bool {
    let counts = |wanted: i64| {
        given
            .quantities()
            .any(|q| matches!(q, Quantity::Count(m, _) | Quantity::Rate(m, ..) if *m == wanted))
    };
    let pairs = given.quantities().any(|q| matches!(q, Quantity::Of(..)));
    !pairs && counts(n) && counts(of) || !pairs && counts(of) && n == THOUSAND
}

fn share(quantity: &Quantity) -> Option<i64> {
    match quantity {
        Quantity::Share(n) => Some(*n),
        Quantity::Of(n, of) if *of != 0 => Some(100 * THOUSAND * n / of),
        Quantity::Count(n, _) if *n < THOUSAND => Some(100 * n),
        _ => None,
    }
}

fn same_ratio(adults: i64, children: i64, other: &Quantity) -> bool {
    match other {
        Quantity::Ratio(a, c) => *c == children && (*a == adults || *a <= THOUSAND && adults <= THOUSAND),
        // A group said to be of so many children.
        Quantity::Count(n, nouns) => adults == 0 && *n == children && !nouns.is_empty(),
        _ => false,
    }
}

fn same_span(amount: i64, unit: Unit, other: &Quantity) -> bool {
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
fn age_of(amount: i64, unit: Unit, given: &Given) -> bool {
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
fn per_base((n, every, period): (i64, i64, Period)) -> (i64, Period) {
    let scale = 5040;
    let times = |factor: i64, period| (scale * n * factor / every.max(1), period);
    match period {
        Period::HalfTerm => times(2, Period::Term),
        period => times(1, period),
    }
}

fn same_rate(own: (i64, i64, Period), other: &Quantity) -> bool {
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

fn has_date(date: Date, given: &Given) -> bool {
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
    dates.iter().any(stands)
}

fn count(n: i64, nouns: &BTreeSet<String>, given: &Given) -> bool {
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

/// The specifics that a measure is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Specific {
    Ratio,
    Duration,
    Frequency,
    /// For how long it runs: "ten weeks", "two terms".
    Course,
    Share,
}

impl Specific {
    const ALL: [Self; 5] = [
        Self::Ratio,
        Self::Duration,
        Self::Frequency,
        Self::Course,
        Self::Share,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Ratio => "ratio or group size",
            Self::Duration => "duration",
            Self::Frequency => "frequency",
            Self::Course => "length of time",
            Self::Share => "percentage",
        }
    }
}

fn specific(quantity: &Quantity) -> Option<Specific> {
    match quantity {
        Quantity::Ratio(..) => Some(Specific::Ratio),
        Quantity::Span(_, Unit::Second) => Some(Specific::Duration),
        Quantity::Span(_, Unit::Week | Unit::Term | Unit::HalfTerm) => Some(Specific::Course),
        Quantity::Rate(..) | Quantity::Sessions(..) => Some(Specific::Frequency),
        Quantity::Share(_) => Some(Specific::Share),
        _ => None,
    }
}

/// A ratio, duration or frequency that a cited sentence gives and the statement leaves out altogether, in a section
/// of measures.
fn lost(cited: &Cited, remarks: &mut Remarks) {
    if cited.purpose != Some(Role::Measure) {
        return;
    }
    for evidence in &cited.evidence {
        if evidence.shared == 0 {
            continue;
        }
        for kind in Specific::ALL {
            let of_kind = |found: &&Found| specific(&found.quantity) == Some(kind);
            let has = |text: &Text| text.quantities.iter().any(|found| of_kind(&found));
            let group = |found: &Found| matches!(found.quantity, Quantity::Ratio(_, n) if n > THOUSAND);
            let individual = kind == Specific::Ratio
                && !evidence.part().quantities.iter().any(group)
                && cited
                    .text
                    .tokens
                    .iter()
                    .any(|token| matches!(token.low.as_str(), "individual" | "individually"));
            if !has(evidence.part()) || individual {
                continue;
            }
            let composed = evidence.part().composed.iter();
            let kept = evidence.part().quantities.iter().chain(composed).filter(of_kind).any(|given| {
                if told_in_words(cited, &given.quantity) {
                    return true;
                }
                let own = Given::alone(given);
                cited.text.quantities.iter().chain(&cited.text.composed).any(|found| {
                    let each = matches!(
                        found.quantity,
                        Quantity::Sessions(_, every, period) if same_rate((THOUSAND, every, period), &given.quantity)
                    );
                    // "a full day" of "24 hours".
                    let of_kind = specific(&found.quantity) == Some(kind)
                        || kind == Specific::Duration && matches!(found.quantity, Quantity::Span(..));
                    // "sixteen weekly sessions" of "weekly for 16 weeks".
                    let lasts = matches!(given.quantity, Quantity::Span(amount, unit)
                        if kind == Specific::Course && same_span(amount, unit, &found.quantity));
                    lasts || of_kind && (each || unsupported(found, &own).is_none())
                })
            });
            if !kept {
                let what = kind.name();
                remarks.add(
                    &rules::LOST_SPECIFIC,
                    format!("the evidence gives a {what} that the statement leaves out"),
                );
            }
        }
    }
}

/// Two children, in thousandths.
const PAIR: i64 = 2 * THOUSAND;

/// "a group (one to three)", "a quarter extra time": the amount stands there as a bare number.
fn told_in_words(cited: &Cited, given: &Quantity) -> bool {
    let mut numbers = (0..cited.text.tokens.len()).filter_map(|at| number::read(&cited.text.tokens, at));
    match given {
        Quantity::Ratio(_, children) if *children > THOUSAND && cited.holds(&["group*"]) => {
            cited.holds(&["group*"])
                && !cited.holds(&["least", "more", "minimum"])
                && numbers.any(|(n, _)| n == *children)
        }
        Quantity::Ratio(0, PAIR) => cited.holds(&[
            "and a peer",
            "with a peer",
            "another pupil",
            "another child",
            "another student",
            "one other",
            "partner",
            "and a classmate",
            "with a classmate",
        ]),
        // "an adult to himself", "an adult of her own".
        Quantity::Ratio(_, THOUSAND) => {
            cited.holds(BY_HERSELF)
                || cited.holds(&[
                    "to himself",
                    "to herself",
                    "to themselves",
                    "of his own",
                    "of her own",
                    "of their own",
                    "dedicated",
                    "alone",
                    "sole",
                    "individual*",
                    "solely",
                ])
        }
        Quantity::Share(share) => numbers.any(|(n, _)| 100 * n == *share),
        _ => false,
    }
}

impl<'e> Given<'e> {
    fn alone(found: &'e Found) -> Self {
        Self {
            all: vec![found],
            numbers: BTreeSet::new(),
            alone: false,
            years: BTreeSet::new(),
            shares: BTreeSet::new(),
            weekdays: BTreeSet::new(),
            parts: [Period::Morning, Period::Afternoon, Period::Evening, Period::Night].into(),
            lessons: false,
            together: Vec::new(),
        }
    }
}
