//! The value of a fact, as it will stand in its field.

use std::sync::LazyLock;

use regex::Regex;

use crate::identity;
use crate::recipe::ValueKind;
use crate::recipe::lexicon::{FactRule, Lexicon, fold};

static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\+?\(?\d[\d ()-]{7,}\d").ok());
static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+").ok());
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d(?:[ -]?\d){3,}").ok());
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Za-z]{3,9},? \d{4})\b").ok()
});

/// The value of kind `kind` in `text`; `None` when there is none of that kind.
pub(crate) fn value(
    lexicon: &Lexicon,
    rule: Option<&FactRule>,
    kind: ValueKind,
    text: &str,
) -> Option<String> {
    let text = rule.map_or(text, |rule| stripped(rule, text)).trim();
    let bare = text.trim_end_matches(['.', ',', ';']).trim();
    if bare.is_empty() || lexicon.signs.blank.are(&fold(bare)) {
        return None;
    }
    match kind {
        ValueKind::Date => written_date(text),
        ValueKind::Phone => part(&PHONE, text),
        ValueKind::Email => part(&EMAIL, text),
        ValueKind::Number => part(&NUMBER, text),
        ValueKind::YesNo => yes_or_no(bare),
        ValueKind::Name => name(lexicon, bare),
        ValueKind::Address => bare.contains([',', ' ']).then(|| bare.to_owned()),
        ValueKind::Text if rule.is_some_and(|rule| rule.impersonal) => impersonal(lexicon, bare),
        ValueKind::Text => Some(bare.to_owned()),
    }
}

/// The text without the parts between commas that begin with a title.
fn impersonal(lexicon: &Lexicon, text: &str) -> Option<String> {
    let named = |part: &&str| {
        part.split_whitespace()
            .next()
            .is_some_and(|word| is_title(lexicon, word))
    };
    let start = text
        .split(',')
        .take_while(named)
        .map(|part| part.len() + 1)
        .sum::<usize>();
    text.get(start..)
        .map(str::trim)
        .filter(|rest| !rest.is_empty())
        .map(str::to_owned)
}

fn is_title(lexicon: &Lexicon, word: &str) -> bool {
    lexicon
        .people
        .titles
        .iter()
        .any(|title| title.eq_ignore_ascii_case(word.trim_end_matches('.')))
}

/// The text before the first thing that the rule takes off.
fn stripped<'t>(rule: &FactRule, text: &'t str) -> &'t str {
    rule.strip
        .place(text)
        .and_then(|(start, _)| text.get(..start))
        .unwrap_or(text)
}

fn part(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<String> {
    Some(pattern.as_ref()?.find(text)?.as_str().trim().to_owned())
}

/// Day, month and year, as British forms write it.
fn written_date(text: &str) -> Option<String> {
    let date = date(text)?;
    Some(format!(
        "{:02}/{:02}/{:04}",
        date.day(),
        date.month(),
        date.year()
    ))
}

/// The first date in a text.
pub(crate) fn date(text: &str) -> Option<jiff::civil::Date> {
    DATE.as_ref()?
        .find_iter(text)
        .find_map(|found| identity::date(&found.as_str().replace(',', "")))
}

/// "Yes" and "No" by the first word; any other answer as it stands, for a person to read.
fn yes_or_no(text: &str) -> Option<String> {
    let folded = fold(text);
    let first = folded.split(|c: char| !c.is_ascii_alphabetic()).next()?;
    match first {
        "yes" | "y" => Some("Yes".into()),
        "no" | "not" | "none" | "never" | "n" => Some("No".into()),
        _ => None,
    }
}

/// A name without title, role and remark.
fn name(lexicon: &Lexicon, text: &str) -> Option<String> {
    let text = text.split([',', '(', ';', ':']).next()?.trim();
    let words: Vec<&str> = text
        .split_whitespace()
        .skip_while(|word| is_title(lexicon, word))
        .collect();
    let sound = !words.is_empty()
        && words.len() <= 6
        && words.iter().any(|word| word.starts_with(char::is_uppercase));
    sound.then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ValueKind, text: &str, expected: Option<&str>) {
        let lexicon = crate::recipe::lexicon::parse(
            "[people]\ntitles = ['Ms', 'Dr']\n[signs]\nblank = ['n/?a', 'not known']",
        )
        .unwrap();
        assert_eq!(value(&lexicon, None, kind, text).as_deref(), expected, "{text}");
    }

    #[test]
    fn values() {
        check(ValueKind::Date, "born on 14 March 2017.", Some("14/03/2017"));
        check(ValueKind::Date, "2017-03-14", Some("14/03/2017"));
        check(ValueKind::Date, "in spring", None);
        check(ValueKind::Phone, "07700 900142 (evenings)", Some("07700 900142"));
        check(
            ValueKind::Email,
            "write to a.b@example.org.",
            Some("a.b@example.org"),
        );
        check(ValueKind::Number, "999 000 4417", Some("999 000 4417"));
        check(ValueKind::Number, "I could not find this", None);
        check(ValueKind::YesNo, "Not looked after.", Some("No"));
        check(ValueKind::YesNo, "Yes. Since May", Some("Yes"));
        check(ValueKind::YesNo, "ask her mother", None);
        check(
            ValueKind::Name,
            "Ms Carys Penhallow, mother",
            Some("Carys Penhallow"),
        );
        check(ValueKind::Name, "see above", None);
        check(ValueKind::Text, "N/A", None);
        check(ValueKind::Text, "White British.", Some("White British"));
        check(
            ValueKind::Address,
            "12 Orchard Rise, Wickmoor.",
            Some("12 Orchard Rise, Wickmoor"),
        );
    }
}
