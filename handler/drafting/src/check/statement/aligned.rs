//! The words of a statement beside those of its evidence: which stand in the same place.
//!
//! A place is told by its neighbours. What it means that another word stands there is for others to say.

use super::Cited;
use super::people::Who;
use super::words::{Token, stem};

/// A word, what it is compared by, whether it is denied, and the number that it is.
pub(super) struct Word {
    pub low: String,
    /// Its stem. The subject's names and pronouns are one: a source says "he" or "I" where a plan has the name.
    pub stem: String,
    pub denied: bool,
    pub number: Option<i64>,
    /// An article, a possessive or a preposition stands before it, so that it is no verb.
    pub is_noun: bool,
}

/// Words before a noun.
const OPENS_NOUN: &[&str] = &[
    "a", "an", "the", "his", "her", "their", "of", "in", "on", "near", "at", "for", "with", "or", "by",
    "from", "its", "as", "about", "against", "into", "through", "without", "under", "over", "beside",
];

/// What stands for the subject's names and pronouns.
const SUBJECT: &str = "(subject)";

/// The words of a statement and of each sentence that it cites.
pub(super) struct Words {
    pub own: Vec<Word>,
    pub given: Vec<Vec<Word>>,
}

impl Words {
    pub fn of(cited: &Cited) -> Self {
        let words = |tokens| read(tokens, cited.who);
        Self {
            own: words(&cited.text.tokens),
            given: cited
                .evidence
                .iter()
                .map(|evidence| words(&evidence.whole.tokens))
                .collect(),
        }
    }
}

/// How far behind "not" an "until" makes it a time.
const UNTIL: usize = 8;

/// Words without marks, articles and what only carries a denial.
fn read(tokens: &[Token], who: &Who) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut denied = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let low = token.low.as_str();
        let next = tokens.get(at + 1).map_or("", |token| token.low.as_str());
        let begin = at;
        at += 1;
        if token.is_mark()
            || matches!(
                low,
                "a" | "an" | "the" | "do" | "does" | "did" | "yet" | "any" | "still" | "longer"
            )
        {
            continue;
        }
        // "to mother her rather than treat her as five".
        if low == "than" && at >= 2 && tokens.get(at - 2).is_some_and(|before| before.low == "rather") {
            denied = true;
            continue;
        }
        // "does not sleep until midnight" is "sleeps after it".
        let bounded = tokens
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take(UNTIL)
            .take_while(|token| !token.is_mark())
            .any(|token| matches!(token.low.as_str(), "until" | "till"));
        if low == "not" && bounded {
            continue;
        }
        if matches!(low, "not" | "never" | "no")
            && !matches!(
                next,
                "more" | "fewer" | "less" | "only" | "later" | "just" | "sooner" | "matter" | "one"
            )
        {
            denied = true;
            continue;
        }
        if low == "some" && words.last().is_none() {
            continue;
        }
        let number = super::number::read(tokens, at - 1);
        let (word, value) = match number {
            Some((n, end)) if !matches!(low, "half" | "quarter") => {
                at = end.max(at);
                ("#".to_owned(), Some(n))
            }
            _ if low == "without" => ("with".to_owned(), None),
            _ => (low.to_owned(), None),
        };
        let subject = matches!(low, "i" | "he" | "she") || who.is_subject(low);
        if subject && words.last().is_some_and(|last| last.stem == SUBJECT) {
            continue;
        }
        words.push(Word {
            stem: match () {
                () if subject => SUBJECT.to_owned(),
                () if value.is_some() => word.clone(),
                () => stem(&word),
            },
            low: word,
            denied: denied || low == "without",
            number: value,
            is_noun: is_noun(tokens, begin),
        });
        denied = false;
    }
    words
}

/// Whether the token at `at` has the place and not the ending of a verb: "darkened" and "muddled" tell how something is.
fn is_noun(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let inflected = tokens.get(at).is_some_and(|token| {
        token.low.len() > 4 && (token.low.ends_with("ed") || token.low.ends_with("ing"))
    });
    !inflected && before.is_some_and(|before| OPENS_NOUN.contains(&before.low.as_str()))
}

fn at(words: &[Word], at: Option<usize>) -> &str {
    at.and_then(|at| words.get(at))
        .map_or("", |word| word.stem.as_str())
}

/// How much of what stands around two words is the same: their neighbours, two on each side. None when a direct
/// neighbour differs; at the end of a text more must agree.
pub(super) fn likeness(a: &[Word], i: usize, b: &[Word], j: usize) -> Option<usize> {
    let back = |n: usize| at(a, i.checked_sub(n)) == at(b, j.checked_sub(n));
    let ahead = |n: usize| at(a, Some(i + n)) == at(b, Some(j + n));
    if !back(1) || !ahead(1) || !(back(2) || ahead(2)) {
        return None;
    }
    let ends = at(a, Some(i + 1)).is_empty() && !(back(2) && back(3));
    let begins = i == 0 && !(ahead(2) && ahead(3));
    let run = |same: &dyn Fn(usize) -> bool| (1..6).take_while(|n| same(*n)).count();
    (!ends && !begins).then(|| run(&back) + run(&ahead))
}

/// Of the words of the evidence that stand where a word of the statement stands, those most alike around.
pub(super) fn alike<'g>(
    given: &'g [Vec<Word>],
    own: &[Word],
    j: usize,
    wanted: impl Fn(&Word) -> bool,
) -> Vec<&'g Word> {
    let mut best = 0;
    let mut all: Vec<(usize, &Word)> = Vec::new();
    for sentence in given {
        for (i, other) in sentence.iter().enumerate().filter(|(_, other)| wanted(other)) {
            if let Some(score) = likeness(sentence, i, own, j) {
                best = best.max(score);
                all.push((score, other));
            }
        }
    }
    all.into_iter()
        .filter(|(score, _)| *score == best)
        .map(|(_, word)| word)
        .collect()
}

/// How many denials stand near a place.
pub(super) fn denied_near(words: &[Word], place: usize) -> usize {
    let near = words
        .get(place.saturating_sub(4)..(place + 5).min(words.len()))
        .unwrap_or_default();
    // "does not consider that it is indicated": a verb of thought hands its denial on.
    let far = words
        .get(place.saturating_sub(12)..place.saturating_sub(4))
        .unwrap_or_default();
    let thought = far
        .iter()
        .filter(|word| word.denied && THOUGHT.iter().any(|verb| word.low.starts_with(verb)));
    near.iter().filter(|word| word.denied).count() + thought.count()
}

/// Verbs, as they begin, of which a denial denies what is thought.
const THOUGHT: &[&str] = &[
    "consider",
    "think",
    "believ",
    "feel",
    "expect",
    "see",
    "find",
    "appear",
    "seem",
    "suggest",
    "indicat",
    "recommend",
    "want",
    "wish",
];

/// How much is the same around the same word; none when not even its neighbours are.
pub(super) fn trigram(a: &[Word], i: usize, b: &[Word], j: usize) -> Option<usize> {
    let back = |n: usize| at(a, i.checked_sub(n)) == at(b, j.checked_sub(n));
    let ahead = |n: usize| at(a, Some(i + n)) == at(b, Some(j + n));
    let same = at(a, Some(i)) == at(b, Some(j)) && back(1) && (ahead(1) || ahead(2) && back(2));
    let run = |same: &dyn Fn(usize) -> bool| (1..6).take_while(|n| same(*n)).count();
    same.then(|| 1 + run(&back) + run(&ahead))
}
