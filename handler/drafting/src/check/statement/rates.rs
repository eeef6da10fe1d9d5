//! How often: "weekly", "twice a term", "every four months", "on alternate weekends".

use std::collections::BTreeSet;

use super::number::THOUSAND;
use super::quantity::{Period, Quantity, Scanner, named};

impl Scanner<'_> {
    /// "weekly", "each half-term", "every four months", "once a term", "on alternate weekends".
    pub fn repeated(&self) -> Option<(Vec<Quantity>, usize)> {
        let word = self.low(self.at);
        let once = |n: i64, (every, period): (i64, Period), end: usize| {
            let mut all = vec![Quantity::Rate(n, every, period)];
            all.extend(named(self.low(end.wrapping_sub(1))));
            Some((all, end))
        };
        if let Some(((every, period), end)) = self.adverb(self.at) {
            return once(THOUSAND, (every, period), end);
        }
        match word {
            "once" | "twice" | "thrice" => {
                let n = match word {
                    "once" => 1,
                    "twice" => 2,
                    _ => 3,
                };
                match self.per(self.at + 1) {
                    Some((every, end)) => once(n * THOUSAND, every, end),
                    // "once" alone is a word of time; "twice" counts.
                    None if n > 1 => {
                        Some((vec![Quantity::Count(n * THOUSAND, BTreeSet::new())], self.at + 1))
                    }
                    None => None,
                }
            }
            "alternate" => {
                let (period, end) = self.weekday(self.at + 1).or_else(|| self.period(self.at + 1))?;
                once(THOUSAND, (2 * period.0, period.1), end)
            }
            "a" | "an" if self.at > 0 && !self.is_article() && !self.is_span() => {
                let (every, end) = self.per(self.at)?;
                once(THOUSAND, every, end)
            }
            "every" | "each" | "per" | "/" | "p" | "pw" => {
                let (every, end) = self.per(self.at)?;
                once(THOUSAND, every, end)
            }
            _ => None,
        }
    }

    /// Whether "a" here opens a noun ("for a week", "a day of rest") rather than a rate ("20 hours a week").
    pub fn is_article(&self) -> bool {
        let before = self.low(self.at.wrapping_sub(1));
        let behind = self.low(self.at + 2);
        // "an hour a week with a tutor".
        if matches!(
            before,
            "hour" | "hours" | "minutes" | "times" | "once" | "twice" | "day" | "days"
        ) {
            return false;
        }
        matches!(
            before,
            "for"
                | "within"
                | "inside"
                | "in"
                | "lasting"
                | "spent"
                | "spend"
                | "spends"
                | "lasts"
                | "lasted"
                | "took"
                | "takes"
                | "of"
                | "over"
                | "such"
                | "quite"
                | "not"
                | "around"
                | "about"
                | "nearly"
                | "almost"
                | "roughly"
                | "from"
                | "with"
                | "to"
                | "into"
                | "during"
                | "by"
                | "leave"
                | "leaves"
                | "left"
                | "missed"
                | "had"
                | "has"
                | "is"
                | "was"
                | "and"
                | "want"
                | "wants"
                | "like"
                | ","
                | "."
                | ":"
        ) || matches!(
            behind,
            "of" | "with"
                | "that"
                | "when"
                | "old"
                | "or"
                | "before"
                | "beforehand"
                | "earlier"
                | "later"
                | "ahead"
        ) || behind == "in" && self.low(self.at + 3) == "advance"
    }

    /// Whether a duration follows: "a minute", "a five-minute break".
    pub fn is_span(&self) -> bool {
        matches!(
            self.low(self.at + 1),
            "minute" | "minutes" | "hour" | "full" | "whole"
        ) || self.number(self.at + 1).is_some()
    }

    /// "weekly", "half-termly", "six-weekly", "from day to day".
    pub fn adverb(&self, at: usize) -> Option<((i64, Period), usize)> {
        if (self.low(at), self.low(at + 1), self.low(at + 2)) == ("day", "to", "day") {
            return Some(((1, Period::Day), at + 3));
        }
        if self.low(at) == "half" && matches!(self.low(at + 1), "termly") {
            return Some(((1, Period::HalfTerm), at + 2));
        }
        if let Some((n, end)) = self.number(at).filter(|(n, _)| n % THOUSAND == 0) {
            let tied = self.tokens.get(end).is_some_and(|token| token.joined);
            let ((every, period), after) = tied
                .then(|| adverb(self.low(end)))
                .flatten()
                .map(|p| (p, end + 1))?;
            return Some(((every * n / THOUSAND, period), after));
        }
        adverb(self.low(at)).map(|period| (period, at + 1))
    }

    /// "a week", "per school day", "in each half-term", "every other week", "/week".
    pub fn per(&self, at: usize) -> Option<((i64, Period), usize)> {
        if let Some(short) = self.short_period(at) {
            return Some(short);
        }
        let mut at = at;
        let mut opened = false;
        let mut inside = false;
        while matches!(self.low(at), "in" | "during" | "within" | "on" | "over" | ",") {
            inside = matches!(self.low(at), "in" | "during");
            at += 1;
        }
        if matches!(self.low(at), "a" | "an" | "per" | "each" | "every" | "the" | "/") {
            // "three times in the week".
            opened = self.low(at) != "the" || inside;
            at += 1;
        }
        if let Some((period, end)) = self.adverb(at).filter(|_| !opened) {
            return Some((period, end));
        }
        if !opened {
            return None;
        }
        if matches!(self.low(at), "other" | "second" | "alternate") && self.low(at + 1) != "half" {
            let ((n, period), end) = self.weekday(at + 1).or_else(|| self.period(at + 1))?;
            return Some(((2 * n, period), end));
        }
        // "working at a Year 3 level".
        if self.low(at) == "year" && self.number(at + 1).is_some() {
            return None;
        }
        if let Some((n, end)) = self.number(at).filter(|(n, _)| n % THOUSAND == 0) {
            let ((every, period), after) = self.period(end)?;
            return Some(((every * n / THOUSAND, period), after));
        }
        self.weekday(at).or_else(|| self.period(at))
    }

    /// "p.w.", "pw", "p.a.".
    fn short_period(&self, at: usize) -> Option<((i64, Period), usize)> {
        let (letter, end) = match (self.low(at), self.low(at + 1)) {
            ("pw", _) => ("w", at + 1),
            ("p", "." | "/") => (self.low(at + 2), at + 3),
            _ => return None,
        };
        let period = match letter {
            "w" => (1, Period::Week),
            "a" => (12, Period::Month),
            _ => return None,
        };
        Some((period, if self.low(end) == "." { end + 1 } else { end }))
    }

    /// "every Sunday" comes once a week.
    fn weekday(&self, at: usize) -> Option<((i64, Period), usize)> {
        is_weekday(self.low(at)).then_some(((1, Period::Week), at + 1))
    }

    pub fn period(&self, at: usize) -> Option<((i64, Period), usize)> {
        let mut at = at;
        while matches!(
            self.low(at),
            "school"
                | "academic"
                | "calendar"
                | "single"
                | "working"
                | "full"
                | "whole"
                | "teaching"
                | "college"
                | "nursery"
        ) {
            at += 1;
        }
        if self.low(at) == "half" && matches!(self.low(at + 1), "term" | "terms") {
            return Some(((1, Period::HalfTerm), at + 2));
        }
        if self.low(at) == "half" && matches!(self.low(at + 1), "year" | "years" | "yearly") {
            return Some(((6, Period::Month), at + 2));
        }
        Some((
            match self.low(at) {
                "minute" | "minutes" | "min" | "mins" => (1, Period::Minute),
                "hour" | "hours" => (1, Period::Hour),
                "lesson" | "lessons" => (1, Period::Lesson),
                "morning" | "mornings" => (1, Period::Morning),
                "afternoon" | "afternoons" => (1, Period::Afternoon),
                "evening" | "evenings" => (1, Period::Evening),
                "night" | "nights" => (1, Period::Night),
                "day" | "days" | "schoolday" | "schooldays" | "weekday" | "weekdays" => (1, Period::Day),
                "week" | "weeks" | "wk" => (1, Period::Week),
                "weekend" | "weekends" => (1, Period::Weekend),
                "fortnight" | "fortnights" => (2, Period::Week),
                "month" | "months" => (1, Period::Month),
                "term" | "terms" => (1, Period::Term),
                "year" | "years" | "annum" => (12, Period::Month),
                _ => return None,
            },
            at + 1,
        ))
    }
}

/// Whether the word names a day of the week, one or each of them.
pub(super) fn is_weekday(word: &str) -> bool {
    const WEEKDAYS: &[&str] = &[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    WEEKDAYS.contains(&word.strip_suffix('s').unwrap_or(word))
}

fn adverb(word: &str) -> Option<(i64, Period)> {
    Some(match word {
        "daily" => (1, Period::Day),
        "weekly" => (1, Period::Week),
        "fortnightly" | "biweekly" => (2, Period::Week),
        "monthly" => (1, Period::Month),
        "termly" => (1, Period::Term),
        "yearly" | "annually" | "annual" => (12, Period::Month),
        "quarterly" => (3, Period::Month),
        "nightly" => (1, Period::Night),
        "hourly" => (1, Period::Hour),
        _ => return None,
    })
}
