//! Words as the statement rules compare them: tokens, clauses, stems, synonyms.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::english::{CLAUSE, ENDINGS, IRREGULAR, STOP, SYNONYMS};

/// One word, number or mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct Token {
    /// As written, with one kind of quotation mark and dash.
    pub raw: String,
    /// Lower case, without accents.
    pub low: String,
    /// Whether a hyphen ties it to the token before.
    pub joined: bool,
    opening: Opening,
}

impl Token {
    fn new(raw: &str, joined: bool) -> Self {
        Self::of(raw.to_owned(), low(raw), joined)
    }

    fn of(raw: String, low: String, joined: bool) -> Self {
        Self {
            raw,
            opening: Opening::of(&low),
            low,
            joined,
        }
    }

    pub fn is_word(&self) -> bool {
        self.low.starts_with(char::is_alphabetic)
    }

    pub fn is_mark(&self) -> bool {
        !self.low.starts_with(char::is_alphanumeric)
    }

    pub fn is_capital(&self) -> bool {
        self.raw.starts_with(char::is_uppercase)
    }
}

/// Text with one kind of quotation mark, dash and blank, and fractions spelt in figures.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{bd}' => out.push_str(" and a half"),
            '\u{bc}' => out.push_str(".25"),
            '\u{be}' => out.push_str(".75"),
            '\u{d7}' => out.push_str(" x "),
            '\u{2265}' => out.push_str(" at least "),
            '\u{2264}' => out.push_str(" at most "),
            '\u{ad}' | '\u{200b}' | '\u{feff}' | '*' => {}
            '|' => out.push_str(" ; "),
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '`' => out.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => out.push('"'),
            '\u{2010}' | '\u{2011}' => out.push('-'),
            // A dash between figures is a range, any other a break.
            '\u{2012}'..='\u{2015}' | '\u{2212}' => out.push('\u{2013}'),
            c if c.is_whitespace() => out.push(' '),
            // Most are, and composing them costs more than all else here.
            c if c.is_ascii() => out.push(c),
            c => out.extend(std::iter::once(c).nfkc()),
        }
    }
    out
}

/// The letters of `word`, lower case and without accents.
pub(super) fn low(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Tokens of [`plain`] text. Short forms are spelt out ("doesn't" is "does not"); a possessive ending is dropped.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let text = plain(text);
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    let mut joined = false;
    while let Some(&c) = chars.get(at) {
        let end = end_of(&chars, at);
        let raw = chars.get(at..end).unwrap_or_default();
        at = end;
        if c.is_whitespace() {
            joined = false;
            continue;
        }
        let ties =
            c == '-' && !all.is_empty() && !joined && chars.get(at).is_some_and(|c| c.is_alphanumeric());
        if ties {
            joined = true;
            continue;
        }
        let raw: String = raw.iter().collect();
        if let Some(parts) = range(&raw) {
            for part in parts {
                push(&mut all, part, joined);
                joined = false;
            }
        } else {
            push(&mut all, raw, joined);
            joined = false;
        }
    }
    all
}

/// "5-10" and "8/10" as their parts; a date of three parts stays whole.
fn range(raw: &str) -> Option<[String; 3]> {
    let mark = |c: char| matches!(c, '/' | '-' | '\u{2013}');
    let digit = raw.starts_with(|c: char| c.is_ascii_digit());
    if !digit || raw.matches(mark).count() != 1 || raw.len() < 3 {
        return None;
    }
    let (first, second) = raw.split_once(mark)?;
    let sign = if raw.contains('/') { "/" } else { "\u{2013}" };
    Some([first.to_owned(), sign.to_owned(), second.to_owned()])
}

fn end_of(chars: &[char], start: usize) -> usize {
    let is = |at: usize, test: fn(char) -> bool| chars.get(at).is_some_and(|c| test(*c));
    let mut end = start + 1;
    if is(start, |c| c.is_ascii_digit()) {
        let tie = |c: char| matches!(c, '.' | ',' | ':' | '/' | '-' | '\u{2013}');
        while is(end, |c| c.is_ascii_digit()) || (is(end, tie) && is(end + 1, |c| c.is_ascii_digit())) {
            end += 1;
        }
    } else if is(start, char::is_alphabetic) {
        while is(end, char::is_alphabetic) || (is(end, |c| c == '\'') && is(end + 1, char::is_alphabetic)) {
            end += 1;
        }
    } else if is(start, char::is_whitespace) {
        while is(end, char::is_whitespace) {
            end += 1;
        }
    }
    end
}

fn push(all: &mut Vec<Token>, raw: String, joined: bool) {
    let word = low(&raw);
    let mut add = |raw: &str, joined: bool| all.push(Token::new(raw, joined));
    let Some((stem, tail)) = word.rsplit_once('\'') else {
        return match word.as_str() {
            "cannot" => {
                add("can", joined);
                add("not", true);
            }
            "dont" | "cant" | "wont" | "isnt" | "doesnt" | "didnt" | "wasnt" | "wouldnt" | "shouldnt"
            | "couldnt" | "havent" | "hasnt" | "arent" => {
                let verb = match word.as_str() {
                    "cant" => "can",
                    "wont" => "will",
                    _ => word.strip_suffix("nt").unwrap_or(&word),
                };
                add(verb, joined);
                add("not", true);
            }
            // What is left of "%ile".
            "ile" | "iles" => add("percentile", joined),
            "wpm" => {
                add("words", joined);
                add("per", false);
                add("minute", false);
            }
            _ => all.push(Token::of(raw, word, joined)),
        };
    };
    let head = raw
        .rsplit_once('\'')
        .map_or(raw.as_str(), |(head, _)| head)
        .to_owned();
    match tail {
        "t" if stem.ends_with('n') => {
            let verb = match stem {
                "won" => "will",
                "can" => "can",
                "shan" => "shall",
                _ => head.get(..head.len().saturating_sub(1)).unwrap_or(&head),
            };
            add(verb, joined);
            add("not", true);
        }
        "ll" => {
            add(&head, joined);
            add("will", true);
        }
        "re" => {
            add(&head, joined);
            add("are", true);
        }
        "ve" => {
            add(&head, joined);
            add("have", true);
        }
        "m" => {
            add(&head, joined);
            add("am", true);
        }
        _ => add(&head, joined),
    }
}

/// The sense of a word: its stem, or what stands for all its synonyms.
pub(super) fn sense(word: &str) -> String {
    let stem = stem(word);
    SENSES
        .get(stem.as_str())
        .map_or(stem, |sense| (*sense).to_owned())
}

/// The stem of a lower-case word.
pub(super) fn stem(word: &str) -> String {
    let first = usize::from(word.as_bytes().first().copied().unwrap_or(0));
    let mut irregular = BASES.get(first).into_iter().flatten();
    let word = irregular
        .find(|(form, _)| *form == word)
        .map_or(word, |(_, base)| *base);
    let least = |ending: &str| if ending.len() > 3 { 4 } else { 3 };
    let stem = ENDINGS_BY_LAST
        .get(usize::from(word.as_bytes().last().copied().unwrap_or(0)))
        .into_iter()
        .flatten()
        .find(|ending| {
            // "distress" is no plural.
            word.len() >= ending.len() + least(ending)
                && word.ends_with(*ending)
                && !(**ending == "s" && word.ends_with("ss"))
        })
        .and_then(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    let mut letters = stem.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) if a == b && stem.len() > 3 && !matches!(a, 's' | 'l' | 'e') => {
            stem.get(..stem.len() - a.len_utf8()).unwrap_or(stem).to_owned()
        }
        _ => stem.to_owned(),
    }
}

/// The irregular forms and their bases by the form's first byte, in their order.
static BASES: LazyLock<Vec<Vec<(&'static str, &'static str)>>> =
    LazyLock::new(|| by_byte(IRREGULAR.iter().copied(), |(form, _)| form.bytes().next()));

/// The endings by their last byte, in their order: each word is compared with some of them only.
static ENDINGS_BY_LAST: LazyLock<Vec<Vec<&'static str>>> =
    LazyLock::new(|| by_byte(ENDINGS.iter().copied(), |ending| ending.bytes().next_back()));

/// A list for each byte: words are compared with a few others instead of all.
fn by_byte<T: Copy>(all: impl Iterator<Item = T>, byte: impl Fn(T) -> Option<u8>) -> Vec<Vec<T>> {
    let mut lists = vec![Vec::new(); 256];
    for one in all {
        if let Some(list) = byte(one).and_then(|byte| lists.get_mut(usize::from(byte))) {
            list.push(one);
        }
    }
    lists
}

static SENSES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut senses = HashMap::new();
    for group in SYNONYMS {
        let Some(first) = group.split_whitespace().next() else {
            continue;
        };
        for word in group.split_whitespace() {
            senses.entry(stem(word)).or_insert(first);
        }
    }
    senses
});

static GROUPS: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, group) in SYNONYMS.iter().enumerate() {
        for word in group.split_whitespace() {
            groups.entry(stem(word)).or_default().push(at);
        }
    }
    groups
});

/// The groups of synonyms that hold the words of a stem. One word may say several things; `sense` picks the first.
pub(super) fn groups(stem: &str) -> &'static [usize] {
    GROUPS.get(stem).map_or(&[], Vec::as_slice)
}

/// Whether two words have one stem or one sense among those that either may have.
pub(super) fn akin(a: &str, b: &str) -> bool {
    let (a, b) = (stem(a), stem(b));
    a == b || groups(&a).iter().any(|group| groups(&b).contains(group))
}

static STOPS: LazyLock<Vec<Vec<&'static str>>> =
    LazyLock::new(|| by_byte(STOP.split_whitespace(), |word| word.bytes().next()));

/// Whether a lower-case word carries no sense of its own.
pub(super) fn is_stop(word: &str) -> bool {
    let first = usize::from(word.as_bytes().first().copied().unwrap_or(0));
    word.chars().nth(1).is_none() || STOPS.get(first).is_some_and(|stops| stops.contains(&word))
}

/// The senses of the words of `tokens` that carry one, in order.
pub(super) fn senses(tokens: &[Token]) -> Vec<String> {
    tokens
        .iter()
        .filter(|token| token.is_word() && !is_stop(&token.low))
        .map(|token| sense(&token.low))
        .collect()
}

/// The parts of a text between marks and words that open a clause.
pub(super) fn clauses(tokens: &[Token]) -> Vec<&[Token]> {
    let opens = |token: &Token| {
        matches!(
            token.low.as_str(),
            "." | "," | ";" | ":" | "(" | ")" | "\u{2013}" | "!" | "?" | "\""
        ) || (!token.joined && CLAUSE.contains(&token.low.as_str()))
    };
    let mut parts: Vec<&[Token]> = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        if opens(token) {
            parts.extend(tokens.get(start..at));
            start = at;
        }
    }
    parts.extend(tokens.get(start..));
    parts.retain(|part| part.iter().any(|token| !token.is_mark()));
    parts
}

/// The first two bytes of a word. They tell most words apart, and comparing words is most of what the rules do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opening(u16);

impl Opening {
    fn of(word: &str) -> Self {
        let mut bytes = word.bytes();
        Self(u16::from_le_bytes([
            bytes.next().unwrap_or(0),
            bytes.next().unwrap_or(0),
        ]))
    }

    /// One of 64 bits for each opening; several share one.
    fn bit(self) -> u64 {
        let [first, second] = self.0.to_le_bytes();
        1 << (first.wrapping_mul(5).wrapping_add(second) & 63)
    }
}

/// The openings of some words. A phrase whose first word opens otherwise is none of theirs.
#[derive(Clone, Copy)]
struct Openings(u64);

impl Openings {
    fn of(tokens: &[Token]) -> Self {
        Self(tokens.iter().fold(0, |bits, token| bits | token.opening.bit()))
    }

    fn may_hold(self, phrase: &str) -> bool {
        let opening = match *phrase.as_bytes() {
            // So short that what opens otherwise may begin so.
            [] | [b'*', ..] | [_, b'*', ..] => return true,
            [first] | [first, b' ', ..] => [first, 0],
            [first, second, ..] => [first, second],
        };
        self.0 & Opening(u16::from_le_bytes(opening)).bit() != 0
    }
}

/// Whether `tokens` hold `phrase`, its words one after the other.
pub(super) fn holds(tokens: &[Token], phrase: &str) -> bool {
    place_of(tokens, phrase).is_some()
}

/// A word of a phrase: one that ends in `*` stands for all words that begin so.
#[derive(Clone, Copy)]
struct Sought<'p> {
    word: &'p str,
    begins: bool,
    opening: Opening,
}

impl<'p> Sought<'p> {
    fn of(word: &'p str) -> Self {
        let stem = word.strip_suffix('*');
        Self {
            word: stem.unwrap_or(word),
            begins: stem.is_some(),
            opening: Opening::of(stem.unwrap_or(word)),
        }
    }

    /// Whether words that open otherwise may begin so.
    fn is_short(self) -> bool {
        self.begins && self.word.len() < 2
    }

    fn is(self, token: &Token) -> bool {
        if self.begins {
            (self.is_short() || self.opening == token.opening) && token.low.starts_with(self.word)
        } else {
            self.opening == token.opening && token.low == self.word
        }
    }
}

/// Where `phrase` begins in `tokens`. A word of the phrase that ends in `*` stands for all words that begin so.
pub(super) fn place_of(tokens: &[Token], phrase: &str) -> Option<usize> {
    // Most phrases are one word, and the lists are long.
    let Some((first, rest)) = phrase.split_once(' ') else {
        let sought = Sought::of(phrase);
        return tokens.iter().position(|token| sought.is(token));
    };
    let follows = |at: usize| {
        let mut after = tokens.get(at + 1..).unwrap_or_default().iter();
        rest.split(' ')
            .all(|word| after.next().is_some_and(|token| Sought::of(word).is(token)))
    };
    let first = Sought::of(first);
    let starts = tokens.iter().enumerate().filter(|(_, token)| first.is(token));
    starts.map(|(at, _)| at).find(|at| follows(*at))
}

/// Whether `tokens` begin with the words of `phrase`.
pub(super) fn begin(tokens: &[Token], phrase: &str) -> bool {
    let mut tokens = tokens.iter();
    let mut words = phrase.split(' ');
    words.all(|word| tokens.next().is_some_and(|token| Sought::of(word).is(token)))
}

/// The first of `phrases` that `tokens` hold.
pub(super) fn any<'p>(tokens: &[Token], phrases: &[&'p str]) -> Option<&'p str> {
    if let [phrase] = phrases {
        return holds(tokens, phrase).then_some(*phrase);
    }
    let openings = Openings::of(tokens);
    let mut likely = phrases.iter().filter(|phrase| openings.may_hold(phrase));
    likely.find(|phrase| holds(tokens, phrase)).copied()
}

/// Whether the word begins as one of `heads` does.
pub(super) fn begins_as(token: &Token, heads: &[&str]) -> bool {
    let first = token.low.as_bytes().first();
    heads
        .iter()
        .any(|head| head.as_bytes().first() == first && token.low.starts_with(head))
}
