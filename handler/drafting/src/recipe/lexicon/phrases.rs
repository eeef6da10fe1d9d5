//! Phrases: lists of short patterns, matched as whole words in folded text.

use std::fmt;

use regex::{Regex, RegexBuilder, bytes};
use serde::{Deserialize, Deserializer, de};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The most memory that one compiled list may take, in bytes; a list of some hundred phrases takes a tenth.
const SIZE_LIMIT: usize = 8 << 20;

/// Text as phrases see it: lower case, accents off, quotation marks and dashes of one kind, ASCII only.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(ascii)
        .collect()
}

fn ascii(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        _ => ' ',
    }
}

/// A list of phrases, found as whole words in [`fold`]ed text.
#[derive(Clone, Default)]
pub struct Phrases(Option<bytes::Regex>);

impl Phrases {
    fn compile(phrases: &[String]) -> Result<Self, regex::Error> {
        if phrases.is_empty() {
            return Ok(Self(None));
        }
        // Folded text is ASCII: without Unicode classes the automata are a hundredth of the size.
        bytes::RegexBuilder::new(&whole_words(&alternatives(phrases)))
            .unicode(false)
            .size_limit(SIZE_LIMIT)
            .build()
            .map(|regex| Self(Some(regex)))
    }

    /// Whether any of them stands in the folded text.
    #[must_use]
    pub fn found(&self, folded: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|regex| regex.is_match(folded.as_bytes()))
    }

    /// How many of them stand in the folded text, one beside the other.
    #[must_use]
    pub fn count(&self, folded: &str) -> usize {
        self.0
            .as_ref()
            .map_or(0, |regex| regex.find_iter(folded.as_bytes()).count())
    }

    /// Where the first of them stands in the folded text.
    #[must_use]
    pub fn first(&self, folded: &str) -> Option<(usize, usize)> {
        let found = self.0.as_ref()?.find(folded.as_bytes())?;
        Some((found.start(), found.end()))
    }

    /// The text with all of them blanked.
    #[must_use]
    pub fn blanked(&self, folded: &str) -> String {
        match &self.0 {
            Some(regex) if regex.is_match(folded.as_bytes()) => {
                String::from_utf8_lossy(&regex.replace_all(folded.as_bytes(), &b" "[..])).into_owned()
            }
            _ => folded.to_owned(),
        }
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// Labels of forms and heads of columns: phrases that must be the whole of a folded text.
#[derive(Clone, Default)]
pub struct Labels(Option<bytes::Regex>);

impl Labels {
    fn compile(labels: &[String]) -> Result<Self, regex::Error> {
        if labels.is_empty() {
            return Ok(Self(None));
        }
        bytes::RegexBuilder::new(&format!("^(?:{})$", alternatives(labels)))
            .unicode(false)
            .size_limit(SIZE_LIMIT)
            .build()
            .map(|regex| Self(Some(regex)))
    }

    /// Whether the folded text, without surrounding marks, is one of them.
    #[must_use]
    pub fn are(&self, folded: &str) -> bool {
        let bare = folded.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != ')');
        self.0
            .as_ref()
            .is_some_and(|regex| regex.is_match(bare.as_bytes()))
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Labels({})", self.0.as_ref().map_or("", bytes::Regex::as_str))
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::compile(&Vec::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// One pattern of several. Each has its own group, so that two bad ones cannot make a good one.
fn alternatives(patterns: &[String]) -> String {
    patterns
        .iter()
        .map(|pattern| format!("(?:{pattern})"))
        .collect::<Vec<_>>()
        .join("|")
}

fn whole_words(alternatives: &str) -> String {
    format!(r"(?:^|\b)(?:{alternatives})(?:\b|$)")
}

impl fmt::Debug for Phrases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phrases({})", self.0.as_ref().map_or("", bytes::Regex::as_str))
    }
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::compile(&Vec::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Patterns that take a part out of a text as it was read: an address, a name. Each has one group, the part.
#[derive(Clone, Debug, Default)]
pub struct Extracts(Vec<Regex>);

impl Extracts {
    fn compile(patterns: &[String]) -> Result<Self, String> {
        patterns
            .iter()
            .map(|pattern| extract(pattern))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The parts that the patterns find in `text`, the first pattern first.
    pub fn all<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.0.iter().flat_map(move |regex| {
            regex
                .captures_iter(text)
                .filter_map(|found| found.iter().skip(1).flatten().next().map(|part| part.as_str()))
        })
    }

    /// The first part found.
    #[must_use]
    pub fn first<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.all(text).next()
    }

    /// Where the first part found stands.
    #[must_use]
    pub fn place(&self, text: &str) -> Option<(usize, usize)> {
        self.0.iter().find_map(|regex| {
            let found = regex.captures(text)?;
            found
                .iter()
                .skip(1)
                .flatten()
                .next()
                .map(|part| (part.start(), part.end()))
        })
    }

    /// What a pattern finds at the very beginning of `text`: its part, and the text after the whole match.
    #[must_use]
    pub fn lead<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        self.0.iter().find_map(|regex| {
            let found = regex.captures(text)?;
            let whole = found.get(0).filter(|whole| whole.start() == 0)?;
            let part = found.iter().skip(1).flatten().next()?;
            Some((part.as_str(), text.get(whole.end()..)?))
        })
    }
}

/// Digits, word characters and word boundaries as British forms need them: with all of Unicode's a pattern takes a
/// hundred times as long to compile.
fn plain_classes(pattern: &str) -> String {
    pattern
        .replace(r"\d", "[0-9]")
        .replace(r"\b", r"(?-u:\b)")
        .replace(r"[\w", r"[0-9A-Za-z_\u{c0}-\u{24f}")
        .replace(r"\w", r"[0-9A-Za-z_\u{c0}-\u{24f}]")
}

/// A pattern over text as read; letters match in either case unless `(?-i:...)` says otherwise.
fn extract(pattern: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(&plain_classes(pattern))
        .case_insensitive(true)
        .size_limit(SIZE_LIMIT)
        .build()
        .map_err(|fault| fault.to_string())?;
    if regex.captures_len() < 2 {
        return Err(format!(
            "`{pattern}` has no group: put the part that is wanted in parentheses"
        ));
    }
    Ok(regex)
}

impl<'de> Deserialize<'de> for Extracts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::compile(&Vec::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// What is wrong with a pattern taken by itself, if anything is.
pub(super) fn fault(pattern: &str) -> Option<String> {
    // Only parsed: compiling each of a thousand patterns by itself would take longer than all the rest of loading.
    let fault = regex_syntax::Parser::new().parse(&whole_words(pattern)).err()?;
    // The first lines of a fault draw the pattern; the last says what is wrong.
    let text = fault.to_string();
    let reason = text
        .lines()
        .last()
        .unwrap_or("")
        .trim_start_matches("error: ")
        .to_owned();
    Some(format!("`{pattern}` is not a pattern: {reason}"))
}
