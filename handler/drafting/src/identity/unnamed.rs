//! Sources that do not say whom they are about.
//!
//! They are drafted from: a letter that says "he" throughout is no less about him. But a report about another child that
//! names nobody would go unnoticed, so a person is told to look.

use std::collections::BTreeSet;

use super::{Signs, name_words};
use crate::case::{Case, Source};
use crate::check::rules;
use crate::finding::{Finding, Subject};
use crate::recipe::Recipe;

/// A finding for each source that is drafted from, gives none of the recipe's identity facts and nowhere holds a forename
/// of the subject.
#[must_use]
pub fn unnamed(recipe: &Recipe, case: &Case, all: &[Signs], kept_out: &BTreeSet<u16>) -> Vec<Finding> {
    if recipe.identity.is_empty() {
        return Vec::new();
    }
    let forenames = forenames(recipe, case, all, kept_out);
    let says_who = |source: &Source| {
        let own = all.iter().filter(|signs| signs.source == source.number);
        let told = own.flat_map(|signs| recipe.identity.iter().filter_map(|key| signs.value(key)));
        told.count() > 0 || holds(source, &forenames)
    };
    let drafted = case
        .sources
        .iter()
        .filter(|source| source.content.is_ok() && !kept_out.contains(&source.number));
    drafted
        .filter(|source| !says_who(source))
        .map(|source| {
            rules::NAMELESS.finding(
                Subject::Source(source.name.clone()),
                "nothing in it says whom it is about; it was drafted from all the same".into(),
                Some("make sure that it is about the subject of the case; if it is not, withdraw it".into()),
            )
        })
        .collect()
}

/// What the subject is called, surnames aside, which the whole family has: by the manifest and by the sources.
fn forenames(recipe: &Recipe, case: &Case, all: &[Signs], kept_out: &BTreeSet<u16>) -> BTreeSet<String> {
    let keys = &recipe.lexicon.subject;
    let said = |key: Option<&String>| -> Vec<&str> {
        let signs = all.iter().filter(|signs| !kept_out.contains(&signs.source));
        key.map_or_else(Vec::new, |key| {
            signs.filter_map(|signs| signs.value(key)).collect()
        })
    };
    let child = case.manifest.child.as_ref();
    let names = child.and_then(|child| child.name.as_deref()).into_iter();
    let names = names.chain(said(keys.name.as_ref()));
    let preferred = child
        .and_then(|child| child.preferred_name.as_deref())
        .into_iter();
    let preferred = preferred.chain(said(keys.preferred_name.as_ref()));
    let without_surname = |name| {
        let mut words = name_words(name);
        if words.len() > 1 {
            words.pop();
        }
        words
    };
    let words = names
        .flat_map(without_surname)
        .chain(preferred.flat_map(name_words));
    words.filter(|word| word.chars().count() > 1).collect()
}

fn holds(source: &Source, names: &BTreeSet<String>) -> bool {
    let Ok(document) = &source.content else {
        return false;
    };
    let says = |text: &String| name_words(text).iter().any(|word| is_name(word, names));
    document
        .sentences
        .iter()
        .any(|sentence| says(&sentence.text) || sentence.headings.iter().any(says))
}

/// "Rowan's" is Rowan.
fn is_name(word: &str, names: &BTreeSet<String>) -> bool {
    let plain = word.strip_suffix("'s").unwrap_or(word).trim_matches('\'');
    names.contains(plain)
}
