//! Times of day and ratios: both are written with a colon, and told apart here.

use super::number::THOUSAND;
use super::quantity::{Quantity, Scanner, is_unit};

impl Scanner<'_> {
    pub fn clock(&self) -> Option<(Vec<Quantity>, usize)> {
        let whole = |n: i64| (n % THOUSAND == 0).then_some(n / THOUSAND);
        let token = self.tokens.get(self.at)?;
        let meridiem = |at: usize| match self.low(at) {
            "am" | "pm" => Some(at + 1),
            "a" | "p" if self.low(at + 1) == "." && self.low(at + 2) == "m" => Some(at + 3),
            _ => None,
        };
        if let Some((hours, minutes)) = token.raw.split_once([':', '.'])
            && let (Ok(h), Ok(m)) = (hours.parse::<i64>(), minutes.parse::<i64>())
        {
            let timed = minutes.len() == 2 && h < 24 && m < 60;
            // "10.15 to 12.00": neither is an amount.
            let clocked = |at: usize| {
                let parts = self
                    .tokens
                    .get(at)
                    .and_then(|token| token.raw.split_once([':', '.']));
                parts.is_some_and(|(_, minutes)| matches!(minutes, "00" | "15" | "30" | "45"))
            };
            let joins = |at: usize| matches!(self.low(at), "to" | "-" | "\u{2013}" | "until" | "till");
            let ranges = clocked(self.at)
                && (joins(self.at + 1) && clocked(self.at + 2)
                    || joins(self.at.wrapping_sub(1)) && clocked(self.at.wrapping_sub(2)));
            let after = ranges
                || matches!(
                    self.low(self.at.wrapping_sub(1)),
                    "at" | "by" | "until" | "from" | "about" | "till" | "around"
                );
            if timed
                && (meridiem(self.at + 1).is_some()
                    || (token.raw.contains(':')
                        && (after || minutes.ends_with('0') || minutes.ends_with('5'))
                        && h > 1)
                    || after && h > 6 && matches!(minutes, "00" | "15" | "30" | "45"))
            {
                return Some((
                    vec![Quantity::Clock((h % 12) * 60 + m)],
                    meridiem(self.at + 1).unwrap_or(self.at + 1),
                ));
            }
        }
        if matches!(self.low(self.at), "noon" | "midday") {
            return Some((vec![Quantity::Clock(0)], self.at + 1));
        }
        let (n, end) = match self.low(self.at) {
            "half" => (30, self.at + 1),
            "quarter" => (15, self.at + 1),
            _ => self.number(self.at).and_then(|(n, end)| Some((whole(n)?, end)))?,
        };
        if let side @ ("past" | "to") = self.low(end)
            && n < 60
            && (side == "past" || self.low(self.at) == "quarter" || n % 5 == 0 && n > 1 && n < 30)
            && let Some((hour, after)) = self.number(end + 1).and_then(|(h, e)| Some((whole(h)?, e)))
        {
            let plain = !is_unit(self.low(after)) && hour <= 12;
            if plain && (side == "past" || matches!(self.low(self.at), "quarter")) {
                let minutes = if side == "past" {
                    hour * 60 + n
                } else {
                    hour * 60 - n
                };
                return Some((vec![Quantity::Clock(minutes.rem_euclid(720))], after));
            }
        }
        if self.low(end) == "o" && self.low(end + 1) == "clock"
            || self.low(end) == "o'clock"
            || self.low(end) == "o"
        {
            return Some((vec![Quantity::Clock((n % 12) * 60)], end + 1));
        }
        meridiem(end)
            .filter(|_| n <= 24)
            .map(|after| (vec![Quantity::Clock((n % 12) * 60)], after))
    }

    pub fn ratio(&self) -> Option<(Vec<Quantity>, usize)> {
        let token = self.tokens.get(self.at)?;
        // "at a ratio of one to two".
        if self.low(self.at.wrapping_sub(1)) == "of"
            && self.low(self.at.wrapping_sub(2)) == "ratio"
            && let Some((adults, to)) = self.number(self.at)
            && self.low(to) == "to"
            && let Some((children, end)) = self.number(to + 1)
        {
            return Some((vec![Quantity::Ratio(adults, children)], end));
        }
        if let Some((adults, children)) = token.raw.split_once(':') {
            let parse = |text: &str| {
                text.parse::<i64>()
                    .ok()
                    .filter(|n| *n < 100)
                    .map(|n| n * THOUSAND)
            };
            return Some((
                vec![Quantity::Ratio(parse(adults)?, parse(children)?)],
                self.at + 1,
            ));
        }
        if matches!(token.raw.as_str(), "1" | "2")
            && matches!(self.low(self.at + 1), "\u{2013}")
            && self.low(self.at + 2) == "1"
        {
            let adults = if token.raw == "2" { 2 } else { 1 };
            return Some((vec![Quantity::Ratio(adults * THOUSAND, THOUSAND)], self.at + 3));
        }
        if matches!(token.low.as_str(), "pair" | "pairs" | "paired") {
            return Some((vec![Quantity::Ratio(0, 2 * THOUSAND)], self.at + 1));
        }
        if matches!(token.low.as_str(), "group" | "groups") && matches!(self.low(self.at + 1), "of") {
            let mut at = self.at + 2;
            while matches!(
                self.low(at),
                "up" | "to"
                    | "no"
                    | "more"
                    | "than"
                    | "about"
                    | "at"
                    | "most"
                    | "around"
                    | "a"
                    | "maximum"
                    | "of"
                    | "just"
                    | "only"
            ) {
                at += 1;
            }
            let (n, end) = self.number(at)?;
            let mut all = vec![Quantity::Ratio(0, n)];
            let mut last = end;
            if matches!(self.low(end), "to" | "or" | "-" | "\u{2013}")
                && let Some((m, after)) = self.number(end + 1)
            {
                all.push(Quantity::Ratio(0, m));
                last = after;
            }
            return Some((all, last));
        }
        let (adults, end) = self.number(self.at)?;
        if !matches!(self.low(end), "to") {
            return None;
        }
        let (children, after) = self.number(end + 1)?;
        let tied = self.tokens.get(end).is_some_and(|token| token.joined);
        let sole = adults == THOUSAND && children == THOUSAND;
        (sole || tied && (adults == THOUSAND || children == THOUSAND))
            .then(|| (vec![Quantity::Ratio(adults, children)], after))
    }
}
