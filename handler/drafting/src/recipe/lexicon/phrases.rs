//! Phrases: lists of short patterns, matched as whole words in folded text.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex_automata::nfa::thompson::{Compiler, Config};
use regex_automata::util::captures::Captures;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Deserializer, de};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::automaton::Automaton;
use super::sound;

/// The most memory that the automaton of one list may take, in bytes; a list of some hundred phrases takes a tenth.
const SIZE_LIMIT: usize = 8 << 20;

/// More than any part of a pattern takes of the automaton, in bytes.
const PART: usize = 64;

/// A pattern that is checked when the recipe is loaded and compiled when it is first looked for: all those of a
/// recipe take ten megabytes and most of the time of a start, and an app that waits for a case needs none of them.
#[derive(Clone)]
struct Lazy {
    pattern: String,
    unicode: bool,
    compiled: OnceLock<Arc<Automaton>>,
}

impl Lazy {
    /// Checks a list of patterns of folded text, which `joined` makes one of. Such text is ASCII: without Unicode
    /// classes automata are a hundredth of the size.
    fn bytes(patterns: &[String], joined: impl FnOnce(&str) -> String) -> Result<Self, String> {
        let mut all = 0_usize;
        for pattern in patterns {
            all = all.saturating_add(if sound::is(pattern) {
                pattern.len()
            } else {
                parts(&parse(&group(pattern), false)?)
            });
        }
        let pattern = joined(
            &patterns
                .iter()
                .map(|pattern| group(pattern))
                .collect::<Vec<_>>()
                .join("|"),
        );
        if all > SIZE_LIMIT / PART {
            fits(&parse(&pattern, false)?, false)?;
        }
        Ok(Self::checked(pattern, false))
    }

    fn checked(pattern: String, unicode: bool) -> Self {
        Self {
            pattern,
            unicode,
            compiled: OnceLock::new(),
        }
    }

    /// The compiled pattern. A list that cannot be compiled must not count as one that finds nothing: the run ends.
    #[expect(
        clippy::expect_used,
        reason = "the pattern was checked when the recipe was loaded"
    )]
    fn get(&self) -> &Automaton {
        self.compiled.get_or_init(|| {
            let parsed = parse(&self.pattern, self.unicode).expect("a checked pattern can be parsed");
            Arc::new(Automaton::of(&parsed, self.unicode).expect("a checked pattern compiles"))
        })
    }

    /// The matches beside one another in the text.
    fn matches(&self, text: &[u8]) -> impl Iterator<Item = Captures> {
        let mut from = 0;
        std::iter::from_fn(move || {
            // Behind an empty match at the end there is nothing.
            let found = (from <= text.len()).then(|| self.get().groups(text, from))??;
            from = found.get_match().map(|whole| whole.end().max(from + 1))?;
            Some(found)
        })
    }
}

/// The pattern as its automaton is made of it. Letters of one with `unicode` match in either case unless `(?-i:...)`
/// says otherwise.
fn parse(pattern: &str, unicode: bool) -> Result<Hir, String> {
    ParserBuilder::new()
        .utf8(unicode)
        .unicode(unicode)
        .case_insensitive(unicode)
        .build()
        .parse(pattern)
        .map_err(|fault| fault.to_string())
}

/// Whether the automaton of the pattern is as small as it must be: one that has few parts need not be built to know.
fn fits(pattern: &Hir, unicode: bool) -> Result<(), String> {
    if parts(pattern) <= SIZE_LIMIT / PART {
        return Ok(());
    }
    let most = Config::new().utf8(unicode).nfa_size_limit(Some(SIZE_LIMIT));
    match Compiler::new().configure(most).build_from_hir(pattern) {
        Ok(_) => Ok(()),
        Err(fault) => Err(format!("the list is too long or repeats too often: {fault}")),
    }
}

/// How many parts the automaton of a pattern has at most.
fn parts(pattern: &Hir) -> usize {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        // Each range of characters has a few forms of up to four bytes.
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().saturating_mul(16),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repeated) => {
            let times = repeated.max.unwrap_or(repeated.min).max(repeated.min).max(1);
            let times = usize::try_from(times).unwrap_or(usize::MAX).saturating_add(1);
            parts(&repeated.sub).saturating_add(1).saturating_mul(times)
        }
        HirKind::Capture(group) => parts(&group.sub).saturating_add(2),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().map(parts).fold(1, usize::saturating_add)
        }
    }
}

/// Text as phrases see it: lower case, accents off, quotation marks and dashes of one kind, ASCII only.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('`', "'");
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
pub struct Phrases(Option<Lazy>);

impl Phrases {
    fn check(phrases: &[String]) -> Result<Self, String> {
        if phrases.is_empty() {
            return Ok(Self(None));
        }
        Lazy::bytes(phrases, whole_words).map(|lazy| Self(Some(lazy)))
    }

    /// Whether any of them stands in the folded text.
    #[must_use]
    pub fn found(&self, folded: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|lazy| lazy.get().found(folded.as_bytes()))
    }

    /// How many of them stand in the folded text, one beside the other.
    #[must_use]
    pub fn count(&self, folded: &str) -> usize {
        self.0
            .as_ref()
            .map_or(0, |lazy| lazy.get().count(folded.as_bytes()))
    }

    /// Where the first of them stands in the folded text.
    #[must_use]
    pub fn first(&self, folded: &str) -> Option<(usize, usize)> {
        let found = self.0.as_ref()?.get().place(folded.as_bytes(), 0)?;
        Some((found.start, found.end))
    }

    /// The text with all of them blanked.
    #[must_use]
    pub fn blanked(&self, folded: &str) -> String {
        let Some(lazy) = &self.0 else {
            return folded.to_owned();
        };
        let mut blanked = String::with_capacity(folded.len());
        let mut from = 0;
        for found in lazy.matches(folded.as_bytes()) {
            let whole = found.get_match().map_or(from..from, |whole| whole.range());
            blanked.push_str(folded.get(from..whole.start).unwrap_or(""));
            blanked.push(' ');
            from = whole.end;
        }
        blanked.push_str(folded.get(from..).unwrap_or(""));
        blanked
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// Labels of forms and heads of columns: phrases that must be the whole of a folded text.
#[derive(Clone, Default)]
pub struct Labels(Option<Lazy>);

impl Labels {
    fn check(labels: &[String]) -> Result<Self, String> {
        if labels.is_empty() {
            return Ok(Self(None));
        }
        Lazy::bytes(labels, |labels| format!("^(?:{labels})$")).map(|lazy| Self(Some(lazy)))
    }

    /// Whether the folded text, without surrounding marks, is one of them.
    #[must_use]
    pub fn are(&self, folded: &str) -> bool {
        let bare = folded.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != ')');
        self.0
            .as_ref()
            .is_some_and(|lazy| lazy.get().found(bare.as_bytes()))
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

/// The pattern in a group of its own, so that two bad ones cannot make a good one.
fn group(pattern: &str) -> String {
    format!("(?:{pattern})")
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
pub struct Extracts(Vec<Lazy>);

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
        self.0.iter().flat_map(move |lazy| {
            let found = lazy.matches(text.as_bytes());
            found.filter_map(|found| text.get(part(&found)?))
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
        self.0.iter().find_map(|lazy| {
            let part = part(&lazy.get().groups(text.as_bytes(), 0)?)?;
            Some((part.start, part.end))
        })
    }

    /// What a pattern finds at the very beginning of `text`: its part, and the text after the whole match.
    #[must_use]
    pub fn lead<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        self.0.iter().find_map(|lazy| {
            let found = lazy.get().groups(text.as_bytes(), 0)?;
            let whole = found.get_match().filter(|whole| whole.start() == 0)?;
            Some((text.get(part(&found)?)?, text.get(whole.end()..)?))
        })
    }
}

/// Where the part that is wanted stands: what the first group took that took part.
fn part(found: &Captures) -> Option<Range<usize>> {
    found.iter().skip(1).flatten().next().map(|part| part.range())
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
fn extract(pattern: &str) -> Result<Lazy, String> {
    let plain = plain_classes(pattern);
    let parsed = parse(&plain, true)?;
    if parsed.properties().explicit_captures_len() == 0 {
        return Err(format!(
            "`{pattern}` has no group: put the part that is wanted in parentheses"
        ));
    }
    fits(&parsed, true)?;
    Ok(Lazy::checked(plain, true))
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
