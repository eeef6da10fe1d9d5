//! Quantities in a text, each with its type: a duration, a frequency, a ratio, a date, a count of something.
//!
//! Comparing typed quantities is what tells "20 minutes, 3 times" from "3 minutes, 20 times".

use std::collections::BTreeSet;

use super::dates;
use super::number::{self, THOUSAND};
use super::words::{Token, is_stop, sense};

/// Units of time that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Unit {
    Second,
    Day,
    Week,
    Month,
    HalfTerm,
    Term,
}

/// What a frequency is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Period {
    Minute,
    Hour,
    Lesson,
    Morning,
    Afternoon,
    Evening,
    Night,
    Day,
    Week,
    Weekend,
    Month,
    HalfTerm,
    Term,
}

/// Numbers are thousandths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Quantity {
    /// One adult (or so many) to so many children; a group has no adults.
    Ratio(i64, i64),
    /// A duration or an age, in its unit.
    Span(i64, Unit),
    /// So many times in so many periods.
    Rate(i64, i64, Period),
    /// "three weekly sessions": so many in every period, or one in each until there were so many.
    Sessions(i64, i64, Period),
    Share(i64),
    /// So many out of so many.
    Of(i64, i64),
    Money(i64),
    Date(dates::Date),
    /// Minutes after twelve.
    Clock(i64),
    /// "Year 5", "Key Stage 2", "grade 7".
    Label(&'static str, i64),
    /// A named season, weekday.
    Named(&'static str),
    /// A number and the senses of the words behind it.
    Count(i64, BTreeSet<String>),
}

/// On which side of its number a quantity lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Bound {
    Exact,
    AtLeast,
    AtMost,
}

/// A quantity and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct Found {
    pub quantity: Quantity,
    pub bound: Bound,
    /// "almost", "about": not to the day.
    pub about: bool,
    pub start: usize,
    pub end: usize,
}

const LABELS: &[(&str, &str)] = &[
    ("year", "year"),
    ("years", "year"),
    ("yr", "year"),
    ("y", "year"),
    ("stage", "stage"),
    ("ks", "stage"),
    ("level", "level"),
    ("l", "level"),
    ("levels", "level"),
    ("grade", "grade"),
    ("grades", "grade"),
    ("phase", "phase"),
    ("band", "band"),
    ("tier", "tier"),
    ("type", "type"),
    ("section", "section"),
    ("regulation", "regulation"),
    ("step", "step"),
    ("class", "class"),
    ("week", "week"),
    ("day", "day"),
];

const NAMED: &[&str] = &[
    "autumn",
    "spring",
    "summer",
    "winter",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "christmas",
    "easter",
];

/// What is counted when it is said how often.
const COUNTED: &[&str] = &[
    "session",
    "sessions",
    "occasion",
    "occasions",
    "lesson",
    "lessons",
    "visit",
    "visits",
    "meeting",
    "meetings",
    "slot",
    "slots",
    "times",
    "block",
    "blocks",
];
const DAYS: &[&str] = &[
    "day",
    "days",
    "night",
    "nights",
    "morning",
    "mornings",
    "afternoon",
    "afternoons",
    "evening",
    "evenings",
    "lunchtimes",
    "playtimes",
    "weekends",
    "weekend",
];

/// Words between a number and its unit that change nothing.
const BETWEEN: &[&str] = &[
    "school",
    "calendar",
    "working",
    "consecutive",
    "full",
    "whole",
    "extra",
    "more",
    "further",
    "academic",
    "additional",
    "clear",
    "separate",
    "individual",
    "therapy",
    "direct",
    "different",
    "planned",
    "short",
    "weekly",
    "teaching",
    "support",
    "single",
    "other",
    "occasional",
    "spoken",
];

/// The quantities of a text, in order.
pub(super) fn scan(tokens: &[Token]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let scanner = Scanner { tokens, at };
        let (quantities, end) = scanner.next();
        let bound = super::bounds::of(tokens, at, end);
        let about = super::bounds::is_about(tokens, at, end);
        for quantity in quantities {
            found.push(Found {
                quantity,
                bound,
                about,
                start: at,
                end,
            });
        }
        at = end.max(at + 1);
    }
    found
}

pub(super) struct Scanner<'t> {
    pub tokens: &'t [Token],
    pub at: usize,
}

impl Scanner<'_> {
    pub fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.low.as_str())
    }

    fn next(&self) -> (Vec<Quantity>, usize) {
        dates::read(self)
            .or_else(|| self.clock())
            .or_else(|| self.ratio())
            .or_else(|| self.label())
            .or_else(|| self.repeated())
            .or_else(|| self.age())
            .or_else(|| self.counted())
            .or_else(|| self.named())
            .unwrap_or((Vec::new(), self.at + 1))
    }

    pub fn number(&self, at: usize) -> Option<(i64, usize)> {
        number::read(self.tokens, at)
    }

    fn label(&self) -> Option<(Vec<Quantity>, usize)> {
        let word = self.low(self.at);
        let (_, name) = LABELS.iter().find(|(label, _)| *label == word)?;
        let (n, mut end) = self.number(self.at + 1)?;
        // "last year 88.9%" is no year group.
        if matches!(*name, "year" | "week" | "day") && (n % THOUSAND != 0 || self.low(end) == "%") {
            return None;
        }
        let small = matches!(*name, "week" | "day");
        if n >= 100 * THOUSAND
            || small
                && !self
                    .tokens
                    .get(self.at + 1)?
                    .raw
                    .starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let mut all = vec![Quantity::Label(name, n)];
        while matches!(self.low(end), "and" | "or" | "to" | "\u{2013}" | "-" | "/" | "&") {
            match self.number(end + 1) {
                Some((next, after))
                    if next < 30 * THOUSAND
                        && !is_unit(self.low(after))
                        && !matches!(self.low(after), "%" | "per" | "percent") =>
                {
                    all.push(Quantity::Label(name, next));
                    end = after;
                }
                _ => break,
            }
        }
        Some((all, end))
    }

    /// "aged six", "age of nine", "nine years old", "a nine-year-old".
    fn age(&self) -> Option<(Vec<Quantity>, usize)> {
        let from = match self.low(self.at) {
            "aged" | "equivalent" => self.at + 1,
            // "at 3;1".
            "at" | "of" if self.low(self.at + 2) == ";" => {
                let (years, end) = self.number(self.at + 1)?;
                return self.years_and_months(years, end);
            }
            "age" | "ages" => {
                let mut at = self.at + 1;
                while matches!(self.low(at), "of" | ":" | "is" | "was" | "about" | "around") {
                    at += 1;
                }
                at
            }
            _ => return None,
        };
        let (years, end) = self.number(from)?;
        if is_unit(self.low(end)) {
            return None;
        }
        Some(
            self.years_and_months(years, end)
                .unwrap_or((vec![Quantity::Span(12 * years, Unit::Month)], end)),
        )
    }

    /// "3;1" of three years and one month, as assessments write an age.
    fn years_and_months(&self, years: i64, end: usize) -> Option<(Vec<Quantity>, usize)> {
        let months = self.tokens.get(end + 1)?;
        let digits = months.raw.chars().all(|c| c.is_ascii_digit());
        let (n, after) = self.number(end + 1)?;
        let written = self.low(end) == ";" && digits && n < 12 * THOUSAND && years % THOUSAND == 0;
        written.then(|| {
            (
                vec![
                    Quantity::Span(12 * years + n, Unit::Month),
                    Quantity::Span(12 * years, Unit::Month),
                ],
                after,
            )
        })
    }

    fn named(&self) -> Option<(Vec<Quantity>, usize)> {
        Some((vec![named(self.low(self.at))?], self.at + 1))
    }

    /// A number and what it counts.
    fn counted(&self) -> Option<(Vec<Quantity>, usize)> {
        if matches!(self.low(self.at), "\u{a3}") {
            let (n, end) = self.number(self.at + 1)?;
            return Some((vec![Quantity::Money(n)], end));
        }
        let article = matches!(self.low(self.at), "a" | "an");
        let (n, end) = if article {
            match self.low(self.at + 1) {
                "hour" | "minute" | "hour's" | "day's" | "week's" | "month's" | "term's" | "year's" => {
                    (THOUSAND, self.at + 1)
                }
                "fortnight" => (THOUSAND, self.at + 1),
                "day" | "week" | "month" | "term" | "year"
                    if self.low(self.at + 2) == "or"
                        && matches!(self.low(self.at + 3), "more" | "so" | "two") =>
                {
                    (THOUSAND, self.at + 1)
                }
                "day" | "week" | "month" | "term" | "year"
                    if matches!(
                        self.low(self.at + 2),
                        "before" | "beforehand" | "earlier" | "later" | "ahead"
                    ) || self.low(self.at + 2) == "in" && self.low(self.at + 3) == "advance" =>
                {
                    (THOUSAND, self.at + 1)
                }
                "full" | "whole" if is_unit(self.low(self.at + 2)) => (THOUSAND, self.at + 2),
                "day" | "week" | "month" | "term" | "year" | "half"
                    if matches!(
                        self.low(self.at.wrapping_sub(1)),
                        "for"
                            | "within"
                            | "inside"
                            | "in"
                            | "lasting"
                            | "of"
                            | "over"
                            | "spent"
                            | "spend"
                            | "spends"
                            | "took"
                            | "takes"
                            | "lasts"
                            | "lasted"
                            | "after"
                            | "about"
                            | "roughly"
                            | "almost"
                            | "around"
                            | "nearly"
                            | "did"
                            | "done"
                            | "completed"
                    ) && self.low(self.at + 1) != "half" =>
                {
                    (THOUSAND, self.at + 1)
                }
                _ => self.number(self.at)?,
            }
        } else {
            self.number(self.at)?
        };
        // "no one", "one of", "one another" count nothing.
        if n == THOUSAND
            && self.low(self.at) == "one"
            && matches!(self.low(end), "of" | "another" | "." | "," | "" | "by" | "page")
        {
            return None;
        }
        Some(self.measured(n, end))
    }

    fn measured(&self, n: i64, end: usize) -> (Vec<Quantity>, usize) {
        // "at four-month intervals".
        if matches!(self.low(end + 1), "intervals" | "interval")
            && let Some(((every, period), _)) = self.period(end)
        {
            return (
                vec![Quantity::Rate(THOUSAND, every * n / THOUSAND, period)],
                end + 2,
            );
        }
        match self.low(end) {
            "%" | "percent" | "percentage" => return (vec![Quantity::Share(n)], end + 1),
            "per" if matches!(self.low(end + 1), "cent") => return (vec![Quantity::Share(n)], end + 2),
            "times" | "time" | "x" => {
                if let Some(((every, period), after)) = self.per(end + 1) {
                    return (vec![Quantity::Rate(n, every, period)], after);
                }
                if let Some((period, after)) = self.period(end + 1) {
                    return (vec![Quantity::Rate(n, period.0, period.1)], after);
                }
            }
            _ => {}
        }
        if let Some((span, (every, period), after)) = self.sessions_of(end) {
            return (vec![Quantity::Sessions(n, every, period), span], after);
        }
        if let Some((every, period)) = self.sessions(end) {
            return (vec![Quantity::Sessions(n, every, period)], end + 1);
        }
        // "30 minutes x 3 weekly".
        if matches!(self.low(self.at.wrapping_sub(1)), "x")
            && let Some(((every, period), after)) = self.adverb(end)
        {
            return (vec![Quantity::Rate(n, every, period)], after);
        }
        // "about two in a month".
        if self.low(end) == "in"
            && matches!(self.low(end + 1), "a" | "an" | "each" | "every")
            && let Some(((every, period), after)) = self.per(end)
            // "five in every hour" may be minutes.
            && !matches!(period, Period::Hour | Period::Minute)
        {
            return (vec![Quantity::Rate(n, every, period)], after);
        }
        let share = self.low(end) == "/" && self.number(end + 1).is_some();
        if matches!(
            self.low(end),
            "/" | "a" | "an" | "per" | "each" | "every" | "p" | "pw"
        ) && n >= THOUSAND
            && !share
            && let Some(((every, period), after)) = self.per(end)
        {
            return (vec![Quantity::Rate(n, every, period)], after);
        }
        if let Some(pair) = self.out_of(n, end) {
            return pair;
        }
        if let Some((second, after)) = self.range(end) {
            let (mut all, last) = self.measured(second, after);
            let first = all
                .first()
                .cloned()
                .map(|quantity| with_number(quantity, n, second));
            all.extend(first);
            return (all, last);
        }
        self.unit(n, end)
            .unwrap_or_else(|| (vec![Quantity::Count(n, self.nouns(end))], end))
    }

    /// "weekly sessions", "weekly 20-minute sessions", behind a number.
    fn sessions(&self, at: usize) -> Option<(i64, Period)> {
        let (period, end) = self.adverb(at).filter(|(_, end)| *end == at + 1)?;
        (end..end + 4)
            .any(|at| COUNTED.contains(&self.low(at)))
            .then_some(period)
    }

    /// "45-minute sessions every term", behind a number.
    fn sessions_of(&self, at: usize) -> Option<(Quantity, (i64, Period), usize)> {
        let (n, end) = self.number(at)?;
        let (amount, unit) = span(n, self.low(end))?;
        let noun = if self.low(end + 1) == "long" {
            end + 2
        } else {
            end + 1
        };
        if !COUNTED.contains(&self.low(noun)) {
            return None;
        }
        let (every, after) = self.per(noun + 1)?;
        Some((Quantity::Span(amount, unit), every, after))
    }

    /// "out of five", "of ten", "in every three", "occasions out of four".
    fn out_of(&self, n: i64, end: usize) -> Option<(Vec<Quantity>, usize)> {
        let mut at = end;
        // "four or more of every five".
        if self.low(at) == "or"
            && matches!(self.low(at + 1), "more" | "fewer" | "less")
            && self.low(at + 2) == "of"
        {
            at += 2;
        }
        if matches!(
            self.low(at),
            "times"
                | "occasions"
                | "days"
                | "trials"
                | "items"
                | "lessons"
                | "sessions"
                | "questions"
                | "words"
        ) && matches!(self.low(at + 1), "out" | "in" | "of")
        {
            at += 1;
        }
        // "three idioms out of ten".
        if self.tokens.get(at).is_some_and(Token::is_word)
            && matches!(
                (self.low(at + 1), self.low(at + 2)),
                ("out", "of") | ("in", "every")
            )
        {
            at += 1;
        }
        let at = match (self.low(at), self.low(at + 1)) {
            ("out", "of") | ("in", "every") => at + 2,
            ("in", _)
                if at > end
                    && self
                        .number(at + 1)
                        .is_some_and(|(_, after)| !is_unit(self.low(after))) =>
            {
                at + 1
            }
            ("of", "every" | "each") => at + 1,
            ("of", _) if at > end => return None,
            ("of" | "/", _) => at + 1,
            ("in", _) if n == THOUSAND => at + 1,
            _ => return None,
        };
        let at = if matches!(self.low(at), "the" | "every" | "these" | "those") {
            at + 1
        } else {
            at
        };
        let (of, after) = self.number(at)?;
        // "one in 2025" is of a year.
        if (1900 * THOUSAND..2100 * THOUSAND).contains(&of) {
            return None;
        }
        // "sessions of 45 minutes" is no share of anything, "four out of five days" is.
        let share = self.low(end) != "of" || !is_unit(self.low(after));
        (of >= n && share).then(|| (vec![Quantity::Of(n, of)], after))
    }

    fn range(&self, end: usize) -> Option<(i64, usize)> {
        let between = matches!(self.low(self.at.wrapping_sub(1)), "between" | "from");
        match self.low(end) {
            "to" | "-" | "\u{2013}" | "or" => self.number(end + 1),
            "and" if between => self.number(end + 1),
            _ if self.tokens.get(end).is_some_and(|token| token.joined) => self.number(end).filter(|_| true),
            _ => None,
        }
    }

    fn unit(&self, n: i64, end: usize) -> Option<(Vec<Quantity>, usize)> {
        let mut at = end;
        if self.low(at) == "of" && matches!(self.low(at + 1), "an" | "a") {
            at += 2;
        }
        if n < THOUSAND && matches!(self.low(at), "a" | "an") {
            at += 1;
        }
        let mut skipped = at;
        while BETWEEN.contains(&self.low(skipped)) && skipped < at + 2 {
            skipped += 1;
        }
        if self.low(skipped) == "half" && matches!(self.low(skipped + 1), "term" | "terms") {
            return Some((vec![Quantity::Span(n, Unit::HalfTerm)], skipped + 2));
        }
        let word = self.low(skipped);
        // "four days of the week".
        if DAYS.contains(&word)
            && self.low(skipped + 1) == "of"
            && matches!(self.low(skipped + 2), "the" | "each" | "every")
            && matches!(self.low(skipped + 3), "week")
        {
            return Some((vec![Quantity::Rate(n, 1, Period::Week)], skipped + 4));
        }
        let counted = COUNTED.contains(&word) || DAYS.contains(&word);
        // "half a day every week" is no half of a time a week.
        if counted
            && n >= THOUSAND
            && let Some(((every, period), after)) = self.per(skipped + 1)
        {
            return Some((vec![Quantity::Rate(n, every, period)], after));
        }
        let (amount, unit) = span(n, word)?;
        let mut after = skipped + 1;
        if matches!(self.low(after), "and") && self.low(after + 1) == "a" && self.low(after + 2) == "half" {
            let (half, unit) = span(n + 500, word)?;
            return Some((vec![Quantity::Span(half, unit)], after + 3));
        }
        // "9 years 6 months", "1 hour 30 minutes".
        let next = if self.low(after) == "and" {
            after + 1
        } else {
            after
        };
        if let Some((rest, (smaller, end))) = self
            .number(next)
            .and_then(|(m, e)| Some((m, span(m, self.low(e)).map(|s| (s, e + 1))?)))
            && smaller.1 == unit
            && smaller.0 < amount
            && matches!(word, "year" | "years" | "hour" | "hours" | "hr" | "hrs" | "h")
            && rest < 60 * THOUSAND
            && !matches!(self.low(end - 1), "hours" | "hour" | "years")
        {
            return Some((
                vec![
                    Quantity::Span(amount + smaller.0, unit),
                    Quantity::Span(amount, unit),
                ],
                end,
            ));
        }
        if matches!(self.low(after), "old" | "olds") {
            after += 1;
        }
        Some((vec![Quantity::Span(amount, unit)], after))
    }

    fn nouns(&self, from: usize) -> BTreeSet<String> {
        let rest = self.tokens.get(from..).unwrap_or_default();
        rest.iter()
            .take_while(|token| token.is_word() && !is_stop(&token.low))
            .take(3)
            .map(|token| sense(&token.low))
            .collect()
    }
}

/// A named season or weekday.
pub(super) fn named(word: &str) -> Option<Quantity> {
    let one = word.strip_suffix('s');
    let is = |name: &&&str| word == **name || one == Some(name);
    NAMED.iter().find(is).map(|name| Quantity::Named(name))
}

pub(super) fn is_unit(word: &str) -> bool {
    span(THOUSAND, word).is_some()
}

/// The quantity with `n` in place of `second`: the other end of a range.
fn with_number(quantity: Quantity, n: i64, second: i64) -> Quantity {
    match quantity {
        Quantity::Span(amount, unit) if second != 0 => Quantity::Span(amount / second * n, unit),
        Quantity::Rate(_, every, period) => Quantity::Rate(n, every, period),
        Quantity::Share(_) => Quantity::Share(n),
        Quantity::Count(_, nouns) => Quantity::Count(n, nouns),
        other => other,
    }
}

fn span(n: i64, word: &str) -> Option<(i64, Unit)> {
    // "a week's work", "two terms' notice".
    Some(match word.trim_end_matches("'s").trim_end_matches('\'') {
        "second" | "seconds" | "sec" | "secs" => (n, Unit::Second),
        "minute" | "minutes" | "min" | "mins" => (60 * n, Unit::Second),
        "hour" | "hours" | "hr" | "hrs" | "h" => (3600 * n, Unit::Second),
        "day" | "days" | "night" | "nights" => (n, Unit::Day),
        "week" | "weeks" | "wk" | "wks" => (n, Unit::Week),
        "fortnight" | "fortnights" => (2 * n, Unit::Week),
        "month" | "months" => (n, Unit::Month),
        "year" | "years" | "yr" | "yrs" => (12 * n, Unit::Month),
        "term" | "terms" => (n, Unit::Term),
        _ => return None,
    })
}
