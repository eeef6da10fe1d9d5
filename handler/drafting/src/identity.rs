//! Keeping out sources that are about somebody else.
//!
//! A report about another child in the folder is the worst thing that an upload can bring. Each source's own
//! name, date of birth and NHS number (the recipe's `identity` facts) are compared with the manifest's, or,
//! where the manifest says nothing, with what most sources say. One difference keeps the whole source out: a
//! person can put it back by correcting the manifest or the file, nobody can take back a plan with another
//! child's words in it.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::case::Manifest;
use crate::recipe::{Recipe, ValueKind};

mod unnamed;

pub use unnamed::unnamed;

/// What one source says of its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signs {
    /// The source's place in the run, from 1.
    pub source: u16,
    /// Fact keys and values in the order in which the source gives them; the first value of a key counts.
    pub values: Vec<(String, String)>,
}

impl Signs {
    fn value(&self, key: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, value)| value.as_str())
    }
}

/// A source that is kept out, and the facts by which it differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// The source's place in the run.
    pub source: u16,
    /// The keys of the facts that differ, in the recipe's order.
    pub keys: Vec<String>,
    /// Whether the others agree among themselves. When they do not, nobody knows whom the case is about, and
    /// all who differ from each other are kept out.
    pub outvoted: bool,
}

/// The sources that must be kept out, in the order of the run.
#[must_use]
pub fn strangers(recipe: &Recipe, manifest: &Manifest, all: &[Signs]) -> Vec<Stranger> {
    let aliases = aliases(manifest, all);
    let mut found: Vec<Stranger> = Vec::new();
    for key in &recipe.identity {
        let kind = recipe
            .field(key)
            .map_or(ValueKind::Text, crate::recipe::Field::value_kind);
        let same = |a: &str, b: &str| agrees(kind, a, b, &aliases);
        let given: Vec<(u16, &str)> = all
            .iter()
            .filter_map(|s| Some((s.source, s.value(key)?)))
            .collect();
        let (reference, outvoted) = match manifest_value(manifest, key) {
            Some(value) => (Some(value), true),
            None => majority(&given, same),
        };
        for (source, value) in given {
            if reference
                .as_deref()
                .is_some_and(|reference| same(reference, value))
            {
                continue;
            }
            match found.iter_mut().find(|stranger| stranger.source == source) {
                Some(stranger) => stranger.keys.push(key.clone()),
                None => found.push(Stranger {
                    source,
                    keys: vec![key.clone()],
                    outvoted,
                }),
            }
        }
    }
    found.sort_by_key(|stranger| stranger.source);
    found
}

/// The value that agrees with the most sources; none when two values that disagree have equally many, so that
/// every source that gives a value differs. The flag tells which of the two it is.
fn majority(given: &[(u16, &str)], same: impl Fn(&str, &str) -> bool) -> (Option<String>, bool) {
    let votes = |value: &str| given.iter().filter(|(_, other)| same(value, other)).count();
    let Some((_, best)) = given.iter().rev().max_by_key(|(_, value)| votes(value)) else {
        return (None, true);
    };
    let most = votes(best);
    let tied = given
        .iter()
        .any(|(_, value)| !same(best, value) && votes(value) == most);
    if tied {
        (None, false)
    } else {
        (Some((*best).to_owned()), true)
    }
}

fn manifest_value(manifest: &Manifest, key: &str) -> Option<String> {
    let child = manifest.child.as_ref()?;
    match key {
        "name" => child.name.clone(),
        "date_of_birth" => child.date_of_birth.map(|date| date.to_string()),
        "nhs_number_if_available" => child.nhs_number.clone(),
        _ => None,
    }
}

/// Words that also name the subject: preferred names, wherever one is given.
fn aliases(manifest: &Manifest, all: &[Signs]) -> BTreeSet<String> {
    let preferred = manifest
        .child
        .iter()
        .filter_map(|child| child.preferred_name.as_deref());
    let from_sources = all.iter().filter_map(|signs| signs.value("preferred_name"));
    preferred.chain(from_sources).flat_map(name_words).collect()
}

fn name_words(name: &str) -> Vec<String> {
    // NFKD without marks: one report writes Zoë where another writes Zoe.
    let plain: String = name
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect();
    plain
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether two values of one fact name the same thing.
#[must_use]
pub fn agrees(kind: ValueKind, a: &str, b: &str, aliases: &BTreeSet<String>) -> bool {
    match kind {
        ValueKind::Name => names_agree(a, b, aliases),
        ValueKind::Date => match (date(a), date(b)) {
            (Some(a), Some(b)) => a == b,
            _ => words(a) == words(b),
        },
        ValueKind::Number | ValueKind::Phone => digits(a) == digits(b),
        ValueKind::Address => addresses_agree(a, b),
        ValueKind::Email => a.trim().eq_ignore_ascii_case(b.trim()),
        ValueKind::Text | ValueKind::YesNo => words(a) == words(b),
    }
}

/// A part of a name agrees with the whole: "Rowan Penhallow" and "Rowan Elias PENHALLOW"; a preferred name
/// stands for any forename.
fn names_agree(a: &str, b: &str, aliases: &BTreeSet<String>) -> bool {
    let (a, b) = (name_words(a), name_words(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty()
        && short
            .iter()
            .all(|word| long.contains(word) || aliases.contains(word))
        && short.iter().any(|word| long.contains(word))
}

/// Equal house number and postcode are the same address, however much of the rest is written.
fn addresses_agree(a: &str, b: &str) -> bool {
    let postcode = |text: &str| -> Option<String> {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_uppercase)
            .collect();
        words.windows(2).find_map(|pair| match pair {
            [outward, inward]
                if inward.len() == 3
                    && inward.starts_with(|c: char| c.is_ascii_digit())
                    && (2..=4).contains(&outward.len())
                    && outward.ends_with(|c: char| c.is_ascii_alphanumeric())
                    && outward.starts_with(|c: char| c.is_ascii_alphabetic()) =>
            {
                Some(format!("{outward} {inward}"))
            }
            _ => None,
        })
    };
    let house = |text: &str| text.split(',').next().map(words);
    if let (Some(one), Some(other)) = (postcode(a), postcode(b)) {
        return one == other && house(a) == house(b);
    }
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    !short.is_empty() && long.starts_with(short.as_slice())
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The months by their whole names, lower case, in order.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A date as British reports write it: `14/03/2017`, `14.3.2017`, `14 March 2017`, `14th Mar 2017`, `2017-03-14`.
/// The day comes first; two-digit years are not guessed.
#[must_use]
pub fn date(text: &str) -> Option<jiff::civil::Date> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty() && *part != "of")
        .collect();
    // A weekday in front says nothing more.
    let parts = match parts.as_slice() {
        [day, rest @ ..] if rest.len() == 3 && day.ends_with("day") => rest,
        all => all,
    };
    let [first, second, third] = parts else {
        return None;
    };
    let iso = first.len() == 4 && first.chars().all(|c| c.is_ascii_digit());
    let (year, month, day) = if iso {
        (first, second, third)
    } else {
        (third, second, first)
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let month = match month.parse::<i8>() {
        Ok(number) => number,
        Err(_) if month.len() >= 3 => {
            let index = MONTHS
                .iter()
                .position(|name| name.starts_with(month) || (*month == "sept" && *name == "september"))?;
            i8::try_from(index + 1).ok()?
        }
        Err(_) => return None,
    };
    if year.len() != 4 {
        return None;
    }
    jiff::civil::Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ValueKind, a: &str, b: &str, expected: bool) {
        let aliases = BTreeSet::from(["tommy".to_owned()]);
        assert_eq!(agrees(kind, a, b, &aliases), expected, "{a} / {b}");
        assert_eq!(agrees(kind, b, a, &aliases), expected, "{b} / {a}");
    }

    #[test]
    fn values_agree() {
        check(ValueKind::Name, "Rowan Elias PENHALLOW", "Rowan Penhallow", true);
        check(ValueKind::Name, "Tommy Kestrick", "Tomas Oliver Kestrick", true);
        check(ValueKind::Name, "Zoë Ash", "Zoe Ash", true);
        check(ValueKind::Name, "Rowan Penhallow", "Nia Penhallow", false);
        check(ValueKind::Name, "Tommy Marsh", "Tomas Oliver Kestrick", false);
        check(ValueKind::Name, "", "Tomas", false);
        check(ValueKind::Date, "14/03/2017", "14 March 2017", true);
        check(ValueKind::Date, "2017-03-14", "14th Mar 2017", true);
        check(ValueKind::Date, "03/04/2017", "04/03/2017", false);
        check(ValueKind::Number, "999 000 4417", "9990004417", true);
        check(ValueKind::Number, "999 000 4417", "999 000 4418", false);
        check(
            ValueKind::Address,
            "12 Orchard Rise, Wickmoor, Somerset, TA99 4QD",
            "12 Orchard Rise, Wickmoor, TA99 4QD",
            true,
        );
        check(
            ValueKind::Address,
            "27 Tannery Walk, Kelderby, QX3 8LP",
            "Flat 9, Corn Exchange House, Kelderby, QX1 2DD",
            false,
        );
        check(
            ValueKind::Address,
            "6 Wharf Cottages, Osierby, QY5 1TR",
            "6 Wharf Cottages, Osierby",
            true,
        );
    }

    #[test]
    fn dates() {
        let day = |y, m, d| jiff::civil::Date::new(y, m, d).ok();
        for (text, expected) in [
            ("14/03/2017", day(2017, 3, 14)),
            ("14.3.2017", day(2017, 3, 14)),
            ("Monday 2 September 2026", day(2026, 9, 2)),
            ("2nd of Sept 2026", day(2026, 9, 2)),
            ("31/02/2026", None),
            ("03/14/2017", None),
            ("14/03/17", None),
            ("", None),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn a_tie_has_no_majority() {
        let same = |a: &str, b: &str| a == b;
        assert_eq!(
            majority(&[(1, "x"), (2, "x"), (3, "y")], same),
            (Some("x".into()), true)
        );
        assert_eq!(majority(&[(1, "x"), (2, "y")], same), (None, false));
        assert_eq!(majority(&[], same), (None, true));
    }
}
