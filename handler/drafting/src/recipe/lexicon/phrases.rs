//! Phrases: lists of short patterns, matched as whole words in folded text.

use std::fmt;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder, bytes};
use regex_automata::nfa::thompson::{Compiler, Config};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;
use serde::{Deserialize, Deserializer, de};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The most memory that the automaton of one list may take, in bytes; a list of some hundred phrases takes a tenth.
const SIZE_LIMIT: usize = 8 << 20;

/// A pattern of bytes that counts no repetitions makes an automaton that grows with its length only: up to this many bytes it
/// is far below [`SIZE_LIMIT`], and need not be built to know that it can be.
const SURE_LENGTH: usize = 64 << 10;

/// A pattern that is checked when the recipe is loaded and compiled when it is first looked for: all those of a
/// recipe take ten megabytes and most of the time of a start, and an app that waits for a case needs none of them.
#[derive(Clone)]
struct Lazy<R> {
    pattern: String,
    compiled: OnceLock<R>,
}

impl<R> Lazy<R> {
    /// Checks the pattern, which is compiled with or without `unicode`. One whose automaton can be built compiles.
    fn check(pattern: String, unicode: bool) -> Result<Self, String> {
        let parsed = parse(&pattern, unicode)?;
        if !unicode && pattern.len() <= SURE_LENGTH && !pattern.contains('{') {
            return Ok(Self {
                pattern,
                compiled: OnceLock::new(),
            });
        }
        let most = Config::new().utf8(unicode).nfa_size_limit(Some(SIZE_LIMIT));
        match Compiler::new().configure(most).build_from_hir(&parsed) {
            Ok(_) => Ok(Self {
                pattern,
                compiled: OnceLock::new(),
            }),
            Err(fault) => Err(format!("the list is too long or repeats too often: {fault}")),
        }
    }

    /// The compiled pattern. A list that cannot be compiled must not count as one that finds nothing: the run ends.
    #[expect(
        clippy::expect_used,
        reason = "the automaton was built when the recipe was loaded"
    )]
    fn get<E: fmt::Debug>(&self, compile: impl FnOnce(&str) -> Result<R, E>) -> &R {
        self.compiled
            .get_or_init(|| compile(&self.pattern).expect("a checked pattern compiles"))
    }
}

/// The pattern as the builders below read it.
fn parse(pattern: &str, unicode: bool) -> Result<Hir, String> {
    ParserBuilder::new()
        .utf8(unicode)
        .unicode(unicode)
        .case_insensitive(unicode)
        .build()
        .parse(pattern)
        .map_err(|fault| fault.to_string())
}

impl Lazy<bytes::Regex> {
    /// Folded text is ASCII: without Unicode classes the automata are a hundredth of the size.
    fn bytes(&self) -> &bytes::Regex {
        self.get(|pattern| {
            bytes::RegexBuilder::new(pattern)
                .unicode(false)
                .size_limit(usize::MAX)
                .build()
        })
    }
}

impl Lazy<Regex> {
    /// Letters match in either case unless `(?-i:...)` says otherwise.
    fn text(&self) -> &Regex {
        self.get(|pattern| {
            RegexBuilder::new(pattern)
                .case_insensitive(true)
                .size_limit(usize::MAX)
                .build()
        })
    }
}

/// Text as phrases see it: lower case, accents off, quotation marks and dashes of one kind, ASCII only.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().map(ascii).collect();
    }
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
pub struct Phrases(Option<Lazy<bytes::Regex>>);

impl Phrases {
    fn check(phrases: &[String]) -> Result<Self, String> {
        if phrases.is_empty() {
            return Ok(Self(None));
        }
        Lazy::check(whole_words(&alternatives(phrases)), false).map(|lazy| Self(Some(lazy)))
    }

    /// Whether any of them stands in the folded text.
    #[must_use]
    pub fn found(&self, folded: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|lazy| lazy.bytes().is_match(folded.as_bytes()))
    }

    /// How many of them stand in the folded text, one beside the other.
    #[must_use]
    pub fn count(&self, folded: &str) -> usize {
        self.0
            .as_ref()
            .map_or(0, |lazy| lazy.bytes().find_iter(folded.as_bytes()).count())
    }

    /// Where the first of them stands in the folded text.
    #[must_use]
    pub fn first(&self, folded: &str) -> Option<(usize, usize)> {
        let found = self.0.as_ref()?.bytes().find(folded.as_bytes())?;
        Some((found.start(), found.end()))
    }

    /// The text with all of them blanked.
    #[must_use]
    pub fn blanked(&self, folded: &str) -> String {
        match self.0.as_ref().map(Lazy::bytes) {
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
pub struct Labels(Option<Lazy<bytes::Regex>>);

impl Labels {
    fn check(labels: &[String]) -> Result<Self, String> {
        if labels.is_empty() {
            return Ok(Self(None));
        }
        Lazy::check(format!("^(?:{})$", alternatives(labels)), false).map(|lazy| Self(Some(lazy)))
    }

    /// Whether the folded text, without surrounding marks, is one of them.
    #[must_use]
    pub fn are(&self, folded: &str) -> bool {
        let bare = folded.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != ')');
        self.0
            .as_ref()
            .is_some_and(|lazy| lazy.bytes().is_match(bare.as_bytes()))
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Labels({})", self.0.as_ref().map_or("", |lazy| &lazy.pattern))
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::check(&Vec::deserialize(deserializer)?).map_err(de::Error::custom)
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
        write!(f, "Phrases({})", self.0.as_ref().map_or("", |lazy| &lazy.pattern))
    }
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::check(&Vec::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Patterns that take a part out of a text as it was read: an address, a name. Each has one group, the part.
#[derive(Clone, Default)]
pub struct Extracts(Vec<Lazy<Regex>>);

impl fmt::Debug for Extracts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = self.0.iter().map(|lazy| &lazy.pattern);
        f.write_str("Extracts")?;
        f.debug_list().entries(patterns).finish()
    }
}

impl Extracts {
    fn check(patterns: &[String]) -> Result<Self, String> {
        patterns
            .iter()
            .map(|pattern| extract(pattern))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The parts that the patterns find in `text`, the first pattern first.
    pub fn all<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.0.iter().map(Lazy::text).flat_map(move |regex| {
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
        self.0.iter().map(Lazy::text).find_map(|regex| {
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
        self.0.iter().map(Lazy::text).find_map(|regex| {
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

/// A pattern over text as read.
fn extract(pattern: &str) -> Result<Lazy<Regex>, String> {
    let plain = plain_classes(pattern);
    if parse(&plain, true)?.properties().explicit_captures_len() == 0 {
        return Err(format!(
            "`{pattern}` has no group: put the part that is wanted in parentheses"
        ));
    }
    Lazy::check(plain, true)
}

impl<'de> Deserialize<'de> for Extracts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::check(&Vec::deserialize(deserializer)?).map_err(de::Error::custom)
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
