//! How alike two texts are: by the words that carry their sense, and by their numbers.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::recipe::lexicon::{Language, fold};

/// The words of a text that carry sense, without endings, and its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gist {
    /// Words, by their numbers in the vocabulary.
    pub words: BTreeSet<u32>,
    /// Numbers as digits, with what they count: "15 minute".
    pub numbers: BTreeSet<String>,
}

/// Words seen so far, and in how many texts each.
pub(crate) struct Vocabulary<'l> {
    language: &'l Language,
    stop: HashSet<&'l str>,
    numbers: BTreeMap<String, u32>,
    texts: Vec<u32>,
}

impl<'l> Vocabulary<'l> {
    /// No words yet.
    pub fn new(language: &'l Language) -> Self {
        let stop = language.stop.iter().map(String::as_str).collect();
        Self {
            language,
            stop,
            numbers: BTreeMap::new(),
            texts: Vec::new(),
        }
    }

    /// The gist of a text; its words are counted as seen in one text more.
    pub fn gist(&mut self, text: &str) -> Gist {
        let language = self.language;
        let mut gist = Gist::default();
        let folded = fold(text);
        let mut figure: Option<String> = None;
        for word in folded
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.')
            .flat_map(parts)
        {
            if let Some(digits) = digits(language, word) {
                figure = Some(digits);
                continue;
            }
            let stop = self.stop.contains(word);
            let stem = stem(language, word);
            if let Some(figure) = figure.take() {
                gist.numbers
                    .insert(format!("{figure} {}", if stop { "" } else { stem }));
            }
            if !stop && stem.len() > 1 {
                gist.words.insert(self.number(stem));
            }
        }
        gist.numbers.extend(figure.map(|figure| format!("{figure} ")));
        for word in &gist.words {
            if let Some(count) = usize::try_from(*word)
                .ok()
                .and_then(|word| self.texts.get_mut(word))
            {
                *count += 1;
            }
        }
        gist
    }

    fn number(&mut self, stem: &str) -> u32 {
        if let Some(number) = self.numbers.get(stem) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.numbers.insert(stem.to_owned(), number);
        self.texts.push(0);
        number
    }

    /// In how many texts a word was seen.
    pub fn frequency(&self, word: u32) -> u32 {
        usize::try_from(word)
            .ok()
            .and_then(|word| self.texts.get(word))
            .copied()
            .unwrap_or(0)
    }

    /// What a shared word tells: the rarer, the more.
    pub fn weight(&self, word: u32) -> f64 {
        1.0 / f64::from(self.frequency(word).max(1)).sqrt()
    }
}

/// "pre-teaching" is two words; "12.5" is one number; a full stop at an end is none.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    word.split(move |c| c == '-' || (c == '.' && !number))
        .map(|part| part.trim_matches('.'))
        .filter(|part| !part.is_empty())
}

fn digits(language: &Language, word: &str) -> Option<String> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(word.to_owned());
    }
    language.numbers.get(word).cloned()
}

/// The word without the language's endings, taken off one after the other while three letters or more are left:
/// "plays", then "play", so that both end alike.
fn stem<'w>(language: &Language, mut word: &'w str) -> &'w str {
    let shorter = |word: &'w str| {
        let stems = language
            .endings
            .iter()
            .filter(move |ending| ending.as_bytes().last() == word.as_bytes().last())
            .filter_map(move |ending| word.strip_suffix(ending.as_str()));
        stems.filter(|stem| stem.len() >= 3).min_by_key(|stem| stem.len())
    };
    while let Some(stem) = shorter(word) {
        word = stem;
    }
    word
}

impl Gist {
    /// The share of all words of both that both have.
    pub fn overlap(&self, other: &Self) -> f64 {
        let shared = self.words.intersection(&other.words).count();
        ratio(shared, self.words.len() + other.words.len() - shared)
    }

    /// The share of the smaller one's words that the other has.
    pub fn containment(&self, other: &Self) -> f64 {
        let shared = self.words.intersection(&other.words).count();
        ratio(shared, self.words.len().min(other.words.len()))
    }

    /// Whether no number of either is missing in the other.
    pub fn same_numbers(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 {
        0.0
    } else {
        count(part) / count(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language() -> Language {
        let list = |words: &str| words.split(' ').map(str::to_owned).collect();
        Language {
            stop: list("a the he will for with of in"),
            numbers: [("fifteen", "15"), ("two", "2")]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .into(),
            endings: list("ing ed es s e y"),
        }
    }

    fn check(a: &str, b: &str, least: f64, most: f64, same_numbers: bool) {
        let language = language();
        let mut vocabulary = Vocabulary::new(&language);
        let (a, b) = (vocabulary.gist(a), vocabulary.gist(b));
        let overlap = a.overlap(&b);
        assert!(overlap >= least && overlap <= most, "{overlap}");
        assert_eq!(
            a.same_numbers(&b),
            same_numbers,
            "{:?} {:?}",
            a.numbers,
            b.numbers
        );
    }

    #[test]
    fn likeness() {
        check(
            "He plays a game for fifteen minutes.",
            "He will play games for 15 minutes",
            1.0,
            1.0,
            true,
        );
        check("for fifteen minutes", "for two minutes", 1.0, 1.0, false);
        check("He reads.", "He writes.", 0.0, 0.0, true);
        check("", "", 0.0, 0.0, true);
        check("Sessions of 12.5 hours.", "sessions of 12 hours", 1.0, 1.0, false);
    }
}
