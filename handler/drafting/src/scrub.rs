//! Text from elsewhere, made fit for a log: what tells who somebody is becomes a mark such as `[email]`.
//!
//! Errors of services and panics repeat what they were given. This is the last guard, not the first: names and sentences
//! have no form that code could know, so text of a case does not belong where this is needed. Ordinary numbers stay, dates
//! too unless they are said to be of birth.

use std::sync::LazyLock;

use regex::Regex;

mod numbers;

/// A pattern that is written in this file.
fn pattern(text: &str) -> Option<Regex> {
    // Each is compiled by a test; one that did not compile would mark nothing.
    Regex::new(text).ok()
}

static PATTERNS: LazyLock<[(Option<Regex>, &'static str); 5]> = LazyLock::new(|| {
    [
        (
            pattern(r"[\p{L}\p{N}._%+'\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+"),
            "[email]",
        ),
        (
            pattern(
                r"(?ix)\b(?: date\sof\sbirth | d\.?\s?o\.?\s?b\b\.? | born(?:\son)? ) \s*[:=\-]?\s*
                (?: \d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}
                  | \d{1,2}(?:st|nd|rd|th)?(?:\sof)?[\s\-]+\p{L}{3,9},?[\s\-]+\d{2,4}
                  | \p{L}{3,9}\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4} )",
            ),
            "[date of birth]",
        ),
        (
            pattern(
                r"(?i)\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?[A-D]\b",
            ),
            "[national insurance number]",
        ),
        (
            pattern(r"(?i)\b(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b"),
            "[postcode]",
        ),
        // Those of pupils have a check letter before twelve figures, the last of which may be a letter.
        (
            pattern(r"(?i)\b[A-Z]\d(?:[ \x{a0}]?\d){10}(?:[ \x{a0}]?\d|[A-Z])\b"),
            "[pupil number]",
        ),
    ]
});

/// The text with marks for e-mail addresses, telephone numbers (as they are written in the United Kingdom), payment cards,
/// NHS numbers, National Insurance numbers, pupil numbers, postcodes and dates of birth. What is scrubbed already stays as it is.
#[must_use]
pub fn scrub(text: &str) -> String {
    let mut text = text.to_owned();
    loop {
        // Each round that changes anything leaves fewer digits and at signs: no mark holds one.
        let next = round(&text);
        if next == text {
            return text;
        }
        text = next;
    }
}

fn round(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, mark) in &*PATTERNS {
        if let Some(pattern) = pattern {
            text = pattern.replace_all(&text, *mark).into_owned();
        }
    }
    numbers::marked(&text)
}

/// A message of a program, such as that of a panic, without what it quotes: between quotation marks and backticks stands
/// whatever the program was working on. At most 300 characters of it.
#[must_use]
pub fn message(text: &str) -> String {
    let is_quote = |c: char| {
        matches!(
            c,
            '`' | '"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}'
        )
    };
    let bare = match (text.find(is_quote), text.rfind(is_quote)) {
        (Some(first), Some(last)) => {
            let (before, after) = (text.get(..first), text.get(last..));
            let after = after.map(|after| after.trim_start_matches(is_quote));
            format!(
                "{}[withheld]{}",
                before.unwrap_or_default(),
                after.unwrap_or_default()
            )
        }
        _ => text.to_owned(),
    };
    scrub(&bare.chars().take(300).collect::<String>())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        assert!(super::PATTERNS.iter().all(|(pattern, _)| pattern.is_some()));
    }
}
