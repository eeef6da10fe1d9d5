//! The head of a source: kind of advice, author's role, date.

use jiff::civil::Date;

use crate::claim::Speaker;
use crate::document::{Document, Place, Sentence};
use crate::id::SourceName;
use crate::recipe::lexicon::{Lexicon, fold};
use crate::recipe::{Advice, Recipe};

use super::{Replacement, table, value};

/// What the head of a source says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The kind of advice, one of the recipe's.
    pub advice: Option<String>,
    /// The role of the author, without a name.
    pub author_role: Option<String>,
    /// The date of the advice.
    pub date: Option<Date>,
}

/// How many sentences count as the first lines.
const FIRST_LINES: usize = 8;

/// Recognises a source by its name, title and first lines, and by its form. What the manifest says goes before
/// this.
#[must_use]
pub fn head(recipe: &Recipe, name: &SourceName, document: &Document) -> Head {
    let role = author_role(&recipe.lexicon, document);
    Head {
        advice: advice(recipe, name, document, role.as_deref()),
        author_role: role,
        date: date(&recipe.lexicon, document),
    }
}

/// The kind of advice: by the title and headings before the first text, else by the author's role, the first
/// lines, the name of the file, and last the letter of its appendix.
fn advice(recipe: &Recipe, name: &SourceName, document: &Document, role: Option<&str>) -> Option<String> {
    let titles = document
        .headings
        .iter()
        .filter(|(_, _, next)| *next <= 2)
        .map(|(_, text, _)| text.as_str());
    let title = titles.collect::<Vec<_>>().join(" . ");
    let lines = document
        .sentences
        .iter()
        .take(FIRST_LINES)
        .map(|sentence| sentence.text.as_str());
    let lines = lines.collect::<Vec<_>>().join(" . ");
    let name = name.as_str();
    let stem = name
        .rsplit_once('.')
        .map_or(name, |(stem, _)| stem)
        .replace(['_', '-'], " ");
    [title.as_str(), role.unwrap_or(""), &stem, &lines]
        .iter()
        .find_map(|text| most_cued(recipe, &fold(text)))
        .or_else(|| lettered(recipe, &stem))
        .or_else(|| homely(recipe, document))
        .map(|advice| advice.id.clone())
}

/// What a family writes when its author speaks in the first person at every turn.
fn homely<'r>(recipe: &'r Recipe, document: &Document) -> Option<&'r Advice> {
    let own = &recipe.lexicon.signs.first_person;
    let (mut spoken, mut all) = (0, 0);
    for sentence in &document.sentences {
        spoken += own.count(&fold(&sentence.text));
        all += sentence.text.split_whitespace().count();
    }
    let homely = spoken >= FEWEST_SPOKEN && spoken * ONE_IN >= all;
    recipe
        .advice
        .iter()
        .find(|advice| homely && advice.speaker == Speaker::Family)
}

/// The first-person words from which on, and one in how many words, a text is in its author's own voice.
const FEWEST_SPOKEN: usize = 4;
const ONE_IN: usize = 60;

/// The kind of advice with the longest cue in a folded text.
fn most_cued<'r>(recipe: &'r Recipe, folded: &str) -> Option<&'r Advice> {
    let longest = |advice: &Advice| {
        advice
            .cues
            .iter()
            .filter(|cue| has_words(folded, cue))
            .map(String::len)
            .max()
    };
    let found = recipe
        .advice
        .iter()
        .filter_map(|advice| Some((longest(advice)?, advice)));
    // Of equals the first.
    found
        .rev()
        .max_by_key(|(length, _)| *length)
        .map(|(_, advice)| advice)
}

fn has_words(folded: &str, cue: &str) -> bool {
    // "Our family's views" are family views.
    let (folded, cue) = (folded.replace("'s ", " "), fold(cue).replace("'s ", " "));
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    folded.match_indices(&cue).any(|(at, found)| {
        let before = folded.get(..at).and_then(|text| text.chars().next_back());
        let after = folded
            .get(at + found.len()..)
            .and_then(|text| text.chars().next());
        edge(before) && edge(after)
    })
}

/// The kind of advice whose appendix letter the file's name gives.
fn lettered<'r>(recipe: &'r Recipe, stem: &str) -> Option<&'r Advice> {
    let folded = fold(stem);
    let (_, rest) = folded.split_once("appendix")?;
    let mut letters = rest.trim_start().chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    if letters.next().is_some_and(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    recipe.advice.iter().find(|advice| {
        advice
            .letter
            .as_deref()
            .is_some_and(|own| own.eq_ignore_ascii_case(&letter.to_string()))
    })
}

/// Labels and values of the document's forms and labelled lines.
fn pairs(document: &Document) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for row in table::rows(document) {
        for pair in row.cells.windows(2) {
            if let [label, value] = pair {
                pairs.push((fold(&label.text()), value.text()));
            }
        }
    }
    let lines = document
        .sentences
        .iter()
        .filter(|sentence| !matches!(sentence.place, Place::Cell { .. }));
    pairs.extend(lines.filter_map(|line| {
        let (label, value) = line.text.split_once(':')?;
        Some((fold(label), value.trim().to_owned()))
    }));
    pairs
}

fn date(lexicon: &Lexicon, document: &Document) -> Option<Date> {
    let pairs = pairs(document);
    let labelled = lexicon.document.date.iter().find_map(|labels| {
        pairs
            .iter()
            .filter(|(label, _)| labels.are(label))
            .find_map(|(_, text)| value::date(text))
    });
    let own = |line: &&Sentence| !answers_another(lexicon, line);
    labelled.or_else(|| {
        let mut lines = said(document).filter(own);
        lines.find_map(|line| value::date(lexicon.document.dated.first(&line.text)?))
    })
}

/// Whether a line answers a label that is none of a document's date, or tells when the subject was born.
fn answers_another(lexicon: &Lexicon, line: &Sentence) -> bool {
    let born = lexicon.subject.date_of_birth.as_ref();
    let mut births = lexicon.facts.iter().filter(|rule| Some(&rule.key) == born);
    matches!(
        &line.place,
        Place::Cell {
            row_head: Some(_),
            ..
        }
    ) || births.any(|rule| rule.says.first(&line.text).is_some())
}

/// The first and the last lines, where letters carry what forms have in their head.
fn said(document: &Document) -> impl Iterator<Item = &Sentence> {
    let sentences = &document.sentences;
    sentences
        .iter()
        .take(FIRST_LINES)
        .chain(sentences.iter().rev().take(FIRST_LINES))
}

fn author_role(lexicon: &Lexicon, document: &Document) -> Option<String> {
    let labelled = pairs(document)
        .into_iter()
        .filter(|(label, _)| lexicon.document.author.are(label));
    let signed = said(document)
        .filter_map(|line| lexicon.document.signed.first(&line.text))
        .map(str::to_owned);
    labelled
        .map(|(_, text)| text)
        .chain(signed)
        .find_map(|text| role(lexicon, &text))
}

/// The part of "A. Name, Role; more" that is a role.
fn role(lexicon: &Lexicon, text: &str) -> Option<String> {
    text.split([',', ';', '(', ')'])
        .map(|part| part.trim().trim_end_matches('.'))
        .find(|part| lexicon.document.roles.found(&fold(part)))
        .map(str::to_owned)
}

/// The earlier advice that the document says it replaces.
pub(super) fn replaced(lexicon: &Lexicon, document: &Document) -> Vec<Replacement> {
    let signs = &lexicon.signs;
    let replaced = |sentence: &Sentence| {
        Some(Replacement {
            date: signs.replaces.all(&sentence.text).find_map(value::date)?,
            parts: signs
                .replaced_part
                .all(&sentence.text)
                .map(str::to_owned)
                .collect(),
        })
    };
    document.sentences.iter().filter_map(replaced).collect()
}
