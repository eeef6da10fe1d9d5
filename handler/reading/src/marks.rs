//! Marks that people type at the start of a line: bullets, numbers, labels.

use crate::normal::WRAP;

/// A line without its bullet, when it begins with one.
pub(crate) fn bullet(line: &str) -> Option<&str> {
    const SIGNS: [char; 15] = [
        '\u{2022}', '\u{25cf}', '\u{25cb}', '\u{25e6}', '\u{25aa}', '\u{25ab}', '\u{25a0}', '\u{25a1}',
        '\u{2023}', '\u{2043}', '\u{b7}', '\u{27a2}', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}',
    ];
    if let Some(rest) = line.strip_prefix(SIGNS) {
        return Some(rest.trim_start());
    }
    let rest = line.strip_prefix(['-', '*', '\u{2013}'])?;
    rest.starts_with(char::is_whitespace).then(|| rest.trim_start())
}

/// The label and the rest of a line that begins with a number or letter of a list: "1.", "2)", "(a)", "iv.", "1.2".
/// A number in a sentence is none: "12.5 hours" and "3.5 Years" keep theirs.
pub(crate) fn number(line: &str) -> Option<(&str, &str)> {
    let (label, rest) = line.split_once(char::is_whitespace)?;
    let core = label.trim_start_matches('(').trim_end_matches([')', '.']);
    let closed = core.len() < label.len() && !label.ends_with("..");
    let steps = core.split('.').collect::<Vec<_>>();
    let digits = steps
        .iter()
        .all(|step| (1..=2).contains(&step.len()) && step.bytes().all(|b| b.is_ascii_digit()));
    let letter = closed && core.len() == 1 && core.bytes().all(|b| b.is_ascii_lowercase());
    let roman =
        closed && (1..=5).contains(&core.len()) && core.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    let numbered = digits && (closed || (steps.len() >= 2 && counts_sections(&steps, rest)));
    (numbered || letter || roman).then(|| (label, rest.trim_start()))
}

/// Whether an open label such as "2.1" counts sections: three steps or more, or a title that is no measure.
fn counts_sections(steps: &[&str], rest: &str) -> bool {
    const MEASURES: [&str; 8] = ["hour", "minute", "year", "month", "week", "day", "per", "point"];
    let title = rest.trim_start();
    let begins = title.chars().next().is_some_and(char::is_uppercase);
    let small = title.to_lowercase();
    steps.len() <= 4
        && begins
        && (steps.len() >= 3 || !MEASURES.iter().any(|measure| small.starts_with(measure)))
}

/// Where the label of a line such as "Date of birth: 3 May" ends (after the colon), when it begins with one.
pub(crate) fn label(line: &str) -> Option<usize> {
    let colon = line.find(':')?;
    let (name, rest) = (line.get(..colon)?, line.get(colon + 1..)?);
    let short = name.chars().count() <= 45 && name.split_whitespace().count() <= 6;
    let plain = !name.contains(['.', '?', '!', ';', '\u{201c}', '"']);
    let begins = name.chars().next().is_some_and(char::is_uppercase);
    let closed = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (short && plain && begins && closed).then_some(colon + 1)
}

/// Whether a line break (or tab) inside a paragraph parts two lines of a form or list.
pub(crate) fn parts_lines(mark: char, before: &str, after: &str) -> bool {
    match mark {
        // A line of prose may begin with anything, so what stands before must have come to its end.
        WRAP => {
            let item = |line: &str| bullet(line).is_some() || number(line).is_some();
            let ended = before.ends_with(['.', '!', '?', ';', ':']);
            item(after) && (ended || item(before))
                || label(after).is_some() && (ended || label(before).is_some())
        }
        '\n' => label(after).is_some() || bullet(after).is_some() || number(after).is_some(),
        _ => !before.ends_with(':') && label(before).is_some() && label(after).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets() {
        for (line, rest) in [
            ("\u{2022} one", "one"),
            ("- two", "two"),
            ("\u{2013} three", "three"),
            ("\u{f0b7}four", "four"),
        ] {
            assert_eq!(bullet(line), Some(rest), "{line}");
        }
        for line in ["-5 degrees", "plain", "*bold* text", ""] {
            assert_eq!(bullet(line), None, "{line}");
        }
    }

    #[test]
    fn numbers() {
        let some = [
            ("1. One", "1.", "One"),
            ("12) Two", "12)", "Two"),
            ("(a) Three", "(a)", "Three"),
            ("iv. Four", "iv.", "Four"),
            ("2.1 Five", "2.1", "Five"),
            ("2.1.3. Six", "2.1.3.", "Six"),
        ];
        for (line, label, rest) in some {
            assert_eq!(number(line), Some((label, rest)), "{line}");
        }
        for line in [
            "1 One",
            "2025. Year",
            "a lot",
            "I. am",
            "1.",
            "3.5.2025.1.1 x",
            "etc. and",
        ] {
            assert_eq!(number(line), None, "{line}");
        }
    }

    #[test]
    fn labels() {
        assert_eq!(label("Date of birth: 3 May"), Some(14));
        assert_eq!(label("Name:"), Some(5));
        for line in [
            "At 10:30 he left",
            "he said: yes",
            "It is so. Note: x",
            "No colon",
            "One two three four five six seven: x",
        ] {
            assert_eq!(label(line), None, "{line}");
        }
    }
}
