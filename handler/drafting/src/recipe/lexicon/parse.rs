//! From the text of a file of patterns to what it means, or every fault with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::phrases;

/// A fault, with its line from 1 where one can be named.
pub type Fault = (Option<usize>, String);

/// Parses a lexicon, or what else is made of patterns and may have a table `[words]`. An empty text is the empty
/// lexicon.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Fault>> {
    parse_with(text, &BTreeMap::new())
}

/// Parses such a text, in which the abbreviations of another file hold too; its own go before.
pub fn parse_with<T: DeserializeOwned>(
    text: &str,
    others: &BTreeMap<String, String>,
) -> Result<T, Vec<Fault>> {
    let at = |span: Option<Range<usize>>| span.map(|span| line(text, span.start));
    let table = DeTable::parse(text).map_err(|fault| vec![(at(fault.span()), fault.message().to_owned())])?;
    let mut words = abbreviations(table.get_ref());
    for (name, pattern) in others {
        words.entry(name.clone()).or_insert_with(|| pattern.clone());
    }
    let text = expand(text, &words).map_err(|name| {
        let entry = text.lines().position(|line| line.trim_start().starts_with(&name));
        let message = format!(
            "`{name}` in `[words]` makes the lexicon longer than {LONGEST} bytes once it is put into its places; use it less often, or make it shorter"
        );
        vec![(entry.map(|at| at + 1), message)]
    })?;
    // The abbreviations stand on the lines where they stood, so that lines still agree.
    toml::from_str(&text).map_err(|fault| faults(&text, &fault))
}

/// The abbreviations of a text that another may use; none of one that cannot be read.
#[must_use]
pub fn words_of(text: &str) -> BTreeMap<String, String> {
    DeTable::parse(text).map_or_else(|_| BTreeMap::new(), |table| abbreviations(table.get_ref()))
}

/// All faults of a text that `first` was found in: every bad pattern, else that one.
fn faults(text: &str, first: &toml::de::Error) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        for (_, value) in table.get_ref().iter().filter(|(key, _)| key.get_ref() != "words") {
            patterns(value, &mut |span, message| {
                faults.push((Some(line(text, span.start)), message));
            });
        }
    }
    if faults.is_empty() {
        let at = first.span().map(|span| line(text, span.start));
        faults.push((at, first.message().to_owned()));
    }
    faults
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The entries of the table `[words]`, those that use others already put together.
fn abbreviations(table: &DeTable) -> BTreeMap<String, String> {
    let Some(DeValue::Table(words)) = table.get("words").map(Spanned::get_ref) else {
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for (name, value) in words {
        if let DeValue::String(pattern) = value.get_ref() {
            let pattern = if pattern.contains('|') {
                format!("(?:{pattern})")
            } else {
                pattern.to_string()
            };
            all.insert(name.get_ref().to_string(), pattern);
        }
    }
    all
}

/// The most bytes of a lexicon whose abbreviations stand in their places; that of the plan takes a tenth.
const LONGEST: usize = 2 << 20;

/// Puts the abbreviations into their places. Two rounds, so that one may use others. The error is the name of the one
/// that makes the text longer than it may be: abbreviations of abbreviations grow fast.
fn expand(text: &str, words: &BTreeMap<String, String>) -> Result<String, String> {
    let mut text = text.to_owned();
    for _ in 0..2 {
        for (name, pattern) in words {
            text = put(&text, name, pattern).ok_or_else(|| name.clone())?;
        }
    }
    Ok(text)
}

/// The text with a pattern in all places of its name; `None` if that makes it longer than it may be.
fn put(text: &str, name: &str, pattern: &str) -> Option<String> {
    let behind = |part: &'_ str| part.strip_prefix(name).is_some_and(|rest| rest.starts_with('}'));
    let places = text.split('{').skip(1).filter(|part| behind(part)).count();
    let longest = text.len().saturating_add(places.saturating_mul(pattern.len()));
    if longest > LONGEST {
        return None;
    }
    let mut put = String::with_capacity(longest);
    for (at, part) in text.split('{').enumerate() {
        if let Some(rest) = part.get(name.len() + 1..).filter(|_| at > 0 && behind(part)) {
            put.push_str(pattern);
            put.push_str(rest);
        } else {
            put.push_str(if at > 0 { "{" } else { "" });
            put.push_str(part);
        }
    }
    Some(put)
}

/// Tries every string of every list as a pattern.
fn patterns(value: &Spanned<DeValue>, report: &mut impl FnMut(Range<usize>, String)) {
    match value.get_ref() {
        DeValue::Array(items) => {
            for item in items {
                match item.get_ref() {
                    DeValue::String(pattern) => {
                        if let Some(fault) = phrases::fault(pattern) {
                            report(item.span(), fault);
                        }
                    }
                    _ => patterns(item, report),
                }
            }
        }
        DeValue::Table(table) => {
            for (_, value) in table {
                patterns(value, report);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Lexicon;

    fn check(text: &str, expected: Result<(), (usize, &str)>) {
        match (parse::<Lexicon>(text), expected) {
            (Ok(_), Ok(())) => {}
            (Err(faults), Err((line, words))) => {
                let (at, message) = &faults[0];
                assert_eq!(*at, Some(line), "{faults:?}");
                assert!(message.contains(words), "{faults:?}");
            }
            (got, expected) => panic!("{expected:?}, got {got:?}"),
        }
    }

    #[test]
    fn parses_or_says_where() {
        check("", Ok(()));
        check(
            "[[cue]]\nkind = 'need'\nstrong = ['{not} able']\n[words]\nnot = 'not|never'\n",
            Ok(()),
        );
        check("[[cue]]\nkind = 'need'\nstrogn = []\n", Err((3, "strogn")));
        check(
            "[[cue]]\nkind = 'need'\nstrong = [\n  'able',\n  '(able',\n]\n",
            Err((5, "(able")),
        );
        check(
            "[[topic]]\nid = 'x'\nwords = ['{nothing}']\n",
            Err((3, "{nothing}")),
        );
        check("[people]\nothers = ['sister']\n", Err((2, "no group")));
        check("x = = 1", Err((1, "")));
    }

    #[test]
    fn every_bad_pattern_is_named() {
        let faults = parse::<Lexicon>("[signs]\npast = ['(a', 'b']\nvague = ['c)']\n").unwrap_err();
        assert_eq!(
            faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [Some(2), Some(3)]
        );
    }

    #[test]
    fn abbreviations_cannot_grow_without_bound() {
        let (many, long) = ("{a}".repeat(1000), "x".repeat(1000));
        check(
            &format!("[words]\na = '{long}'\nb = '{many}'\n[signs]\npast = ['{{b}}{{b}}{{b}}']\n"),
            Err((2, "longer than")),
        );
    }

    #[test]
    fn abbreviations_may_use_each_other() {
        let lexicon: Lexicon = parse("[words]\na = 'x'\nb = '{a}|y'\n[signs]\npast = ['is {b}']\n").unwrap();
        assert!(lexicon.signs.past.found("he is y") && lexicon.signs.past.found("is x"));
        assert!(!lexicon.signs.past.found("this y"));
    }
}
