//! Plain writing: short sentences, explained abbreviations, nothing said twice.

use std::collections::BTreeMap;

use super::{Found, Scope, unquoted};
use crate::document::split_sentences;
use crate::finding::Subject;
use crate::recipe::demands::{Once, Plain};
use crate::recipe::lexicon::{Phrases, fold};
use crate::reconcile::likeness::{Gist, Vocabulary};

/// What a section's sentences come to.
#[derive(Default)]
struct Measure {
    sentences: usize,
    words: usize,
    syllables: usize,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "words of a document are far fewer than a float can count"
)]
impl Measure {
    fn add(&mut self, sentence: &str) -> usize {
        let words: Vec<&str> = words(sentence).collect();
        self.sentences += 1;
        self.words += words.len();
        self.syllables += words.iter().map(|word| syllables(word)).sum::<usize>();
        words.len()
    }

    fn mean(&self) -> f64 {
        self.words as f64 / self.sentences.max(1) as f64
    }

    /// Flesch-Kincaid grade level: Kincaid and others, Derivation of New Readability Formulas for Navy Enlisted
    /// Personnel, 1975.
    fn grade(&self) -> f64 {
        0.39 * self.mean() + 11.8 * (self.syllables as f64 / self.words.max(1) as f64) - 15.59
    }
}

pub(super) fn limits(scope: &Scope, sought: &Plain) -> Found {
    let mut found = Found::new();
    let mut sections: BTreeMap<&str, Measure> = BTreeMap::new();
    for (section, _, statement) in scope.statements() {
        let text = unquoted(&statement.text);
        let measure = sections.entry(section).or_default();
        let mut longest = 0;
        for (start, end) in split_sentences(&text) {
            longest = longest.max(measure.add(text.get(start..end).unwrap_or_default()));
        }
        if sought.most_words.is_some_and(|most| longest > most) {
            found.push((
                Subject::Statement(statement.id.clone()),
                format!("it has a sentence of {longest} words"),
            ));
        }
    }
    for (section, measure) in sections
        .into_iter()
        .filter(|(_, measure)| measure.words >= sought.least)
    {
        let subject = || Subject::Section(section.to_owned());
        if sought.mean_words.is_some_and(|most| measure.mean() > most) {
            found.push((
                subject(),
                format!("its sentences have {:.0} words on average", measure.mean()),
            ));
        }
        if sought.grade.is_some_and(|most| measure.grade() > most) {
            found.push((
                subject(),
                format!(
                    "its words and sentences are hard to read (grade {:.0})",
                    measure.grade()
                ),
            ));
        }
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}

/// Syllables as the formula's users count them: groups of vowels, without a silent e at the end.
fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let is_vowel = |c: char| "aeiouy".contains(c);
    let mut groups = 0;
    let mut before = false;
    for c in word.chars() {
        groups += usize::from(is_vowel(c) && !before);
        before = is_vowel(c);
    }
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - usize::from(silent)).max(1)
}

/// Abbreviations that stand in the places and are explained nowhere in the document.
pub(super) fn explained(scope: &Scope, words: &BTreeMap<String, Phrases>) -> Found {
    let all: String = scope
        .draft
        .statements()
        .map(|(_, _, statement)| fold(&statement.text) + "\n")
        .collect();
    let unexplained = words.iter().filter(|(_, meaning)| !meaning.found(&all));
    unexplained
        .filter_map(|(short, _)| {
            let holds = |text: &str| {
                text.split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == short)
            };
            let (_, _, first) = scope
                .statements()
                .find(|(_, _, statement)| holds(&statement.text))?;
            let message = format!("\u{201c}{short}\u{201d} is explained nowhere in the document");
            Some((Subject::Statement(first.id.clone()), message))
        })
        .collect()
}

/// Statements in the same words as an earlier one, or in alike words of the same section.
pub(super) fn once(scope: &Scope, sought: Once) -> Found {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut gists: Vec<(&str, &str, Gist)> = Vec::new();
    let mut vocabulary = Vocabulary::new(&scope.view.recipe.lexicon.language);
    let mut found = Found::new();
    for (section, _, statement) in scope.statements() {
        let all: Vec<String> = words(&statement.text).map(fold).collect();
        if all.len() < sought.least_words {
            continue;
        }
        let first = *seen.entry(all.join(" ")).or_insert(&statement.id);
        let gist = vocabulary.gist(&statement.text);
        let alike = gists.iter().find(|(own, _, other)| {
            let shared =
                |least| gist.containment(other) >= least && agree(&gist, other) && gist.words.len() >= FEWEST;
            *own == section && sought.alike.is_some_and(shared)
        });
        let message = match alike {
            _ if first != statement.id => Some(format!("{first} says the same in the same words")),
            Some((_, other, _)) => Some(format!("{other} says much the same in other words")),
            None => None,
        };
        found.extend(message.map(|message| (Subject::Statement(statement.id.clone()), message)));
        gists.push((section, &statement.id, gist));
    }
    found
}

/// Whether one of them has no number that the other lacks.
fn agree(one: &Gist, other: &Gist) -> bool {
    one.numbers.is_subset(&other.numbers) || other.numbers.is_subset(&one.numbers)
}

/// Fewer telling words are alike by chance.
const FEWEST: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_syllables() {
        for (word, expected) in [
            ("cat", 1),
            ("table", 2),
            ("time", 1),
            ("reading", 2),
            ("communication", 5),
            ("the", 1),
            ("she", 1),
            ("rhythm", 1),
            ("1:1", 1),
        ] {
            assert_eq!(syllables(word), expected, "{word}");
        }
    }
}
