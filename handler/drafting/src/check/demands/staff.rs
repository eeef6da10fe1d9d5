//! Professionals by name: who they are by the sources, and which statements name one.

use std::collections::BTreeSet;

use super::{Found, Scope, is_officers};
use crate::claim::Speaker;
use crate::document::{Document, Place, Sentence};
use crate::finding::Subject;
use crate::recipe::Form;
use crate::recipe::demands::NoProfessional;
use crate::recipe::lexicon::{Lexicon, fold};

/// Statements that name a professional: by a title and a name, by an initial and a name, or by a surname that the sources
/// give to one.
pub(super) fn professionals(scope: &Scope, sought: &NoProfessional) -> Found {
    let family = family(scope, sought);
    let staff = staff(scope, sought, &family);
    let mut found = Found::new();
    // A value of a form is what it is: the school of Dr Hale's foundation.
    let values = |key: &str| {
        scope
            .view
            .recipe
            .field(key)
            .is_some_and(|field| matches!(field.form, Form::Fact { .. }))
    };
    for (_, key, statement) in scope
        .statements()
        .filter(|(_, _, statement)| !is_officers(statement))
    {
        if values(key) {
            continue;
        }
        let words: Vec<&str> = statement.text.split_whitespace().collect();
        let addressed = (0..words.len()).any(|at| {
            let name = addressed(&words, at, &sought.titles);
            name.is_some_and(|name| !family.contains(&fold(name)))
        });
        let known = || {
            words
                .iter()
                .any(|word| is_name(bare(word)) && staff.contains(&fold(bare(word))))
        };
        if addressed || known() {
            found.push((
                Subject::Statement(statement.id.clone()),
                "it names a professional: services and roles stand in a plan, people change".into(),
            ));
        }
    }
    found
}

/// The words of names that may stand: the subject's, and those of the facts that the rule excepts.
fn family(scope: &Scope, sought: &NoProfessional) -> BTreeSet<String> {
    let child = scope.view.case.manifest.child.as_ref();
    let own = child
        .into_iter()
        .flat_map(|child| child.name.iter().chain(&child.preferred_name));
    sought
        .but
        .iter()
        .filter_map(|key| scope.value(key))
        .chain(own.map(String::as_str))
        .flat_map(|name| name.split_whitespace().map(fold))
        .collect()
}

/// A word without the marks around it and a possessive ending.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.strip_suffix("'s")
        .or_else(|| word.strip_suffix("\u{2019}s"))
        .unwrap_or(word)
}

fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next() == Some('.') && letters.count() <= 2
}

fn is_name(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 2
}

/// The name behind a title or an initial at this place: "Hale" of "Mrs Hale", "Dr J. Hale" and "J. Hale".
fn addressed<'w>(words: &[&'w str], at: usize, titles: &[String]) -> Option<&'w str> {
    let word = words.get(at)?;
    let plain = bare(word);
    let by_title = titles.iter().any(|title| title == plain);
    let initial = is_initial(word.trim_start_matches(['(', '"', '\u{201c}']));
    if !by_title && !initial {
        return None;
    }
    // "J. Hale" begins no sentence: "Class B. Reading" would.
    let mut rest = words.get(at + 1..)?.iter().skip_while(|word| is_initial(word));
    let name = bare(rest.next()?);
    let shown = name.chars().next().is_some_and(char::is_uppercase);
    (if by_title { shown } else { is_name(name) }).then_some(name)
}

/// The surnames of those whom the sources name as professionals.
fn staff(scope: &Scope, sought: &NoProfessional, family: &BTreeSet<String>) -> BTreeSet<String> {
    let (mut names, mut ordinary) = (BTreeSet::new(), BTreeSet::new());
    let lexicon = &scope.view.recipe.lexicon;
    for source in &scope.view.case.sources {
        let Ok(document) = &source.content else { continue };
        let advice = source
            .advice
            .as_deref()
            .and_then(|id| scope.view.recipe.advice(id));
        let of_family = advice.is_some_and(|advice| advice.speaker != Speaker::Professional);
        // "Mrs I." may end a sentence for whoever reads it: names are looked for across the ends.
        let words: Vec<&str> = texts(document).flat_map(str::split_whitespace).collect();
        let titled = (0..words.len()).filter_map(|at| addressed(&words, at, &sought.titles));
        names.extend(titled.filter(|name| is_name(name)).map(fold));
        let small = words.iter().map(|word| bare(word));
        ordinary.extend(
            small
                .filter(|word| word.starts_with(char::is_lowercase))
                .map(fold),
        );
        if !of_family {
            names.extend(
                document
                    .sentences
                    .iter()
                    .filter_map(|sentence| author(lexicon, sentence)),
            );
        }
    }
    names.retain(|name| !family.contains(name) && !ordinary.contains(name));
    names
}

fn texts(document: &Document) -> impl Iterator<Item = &str> {
    let headings = document.headings.iter().map(|(_, heading, _)| heading.as_str());
    document
        .sentences
        .iter()
        .map(|sentence| sentence.text.as_str())
        .chain(headings)
}

/// The surname of the author, where a sentence gives the name: "Written by: Ada Hale, therapist".
fn author(lexicon: &Lexicon, sentence: &Sentence) -> Option<String> {
    let says = &lexicon.document;
    let label = match &sentence.place {
        Place::Cell { row_head, .. } => row_head.as_deref(),
        Place::Paragraph | Place::ListItem { .. } => sentence.lead.as_deref(),
    };
    let labelled = label.filter(|label| says.author.are(&fold(label.trim_end_matches(':').trim())));
    let given = match labelled {
        Some(_) => Some(sentence.text.as_str()),
        None => sentence
            .text
            .split_once(':')
            .filter(|(label, _)| says.author.are(&fold(label.trim())))
            .map(|(_, given)| given)
            .or_else(|| says.signed.all(&sentence.text).next()),
    };
    let name = given?.split([',', ';', '(', '\u{2013}', '|']).next()?.trim();
    let words: Vec<&str> = name.split_whitespace().map(bare).collect();
    let named =
        (2..=4).contains(&words.len()) && words.iter().all(|word| word.starts_with(char::is_uppercase));
    let surname = words.last().filter(|word| is_name(word))?;
    (named && !says.roles.found(&fold(name))).then(|| fold(surname))
}
