//! Who is asked what: the questions by the author who answers them.

use std::collections::BTreeMap;

use drafting::case::Source;
use drafting::draft::Query;
use drafting::recipe::Advice;

use crate::index::Index;

/// The questions to one author.
pub(crate) struct Asked<'a> {
    /// The kind of advice, where it is one of the recipe's.
    pub advice: Option<&'a Advice>,
    /// The author's role; `None` for what no one report's author can answer.
    pub role: Option<&'a str>,
    /// The author's documents, in order.
    pub reports: Vec<&'a Source>,
    /// The questions with their numbers, which are their places in the draft from 1.
    pub queries: Vec<(usize, &'a Query)>,
}

/// What tells one addressee from another: the kind of advice by its place in the recipe, and the author by role, or by
/// the document where no role is known. Whom no one can be named for comes last.
type Key<'a> = (usize, bool, Option<&'a str>, Option<(&'a str, u16)>);

/// The questions by who is asked, in the order in which the recipe lists the kinds of advice.
pub(crate) fn asked<'a>(index: &Index<'a>) -> Vec<Asked<'a>> {
    let mut all: BTreeMap<Key<'a>, Asked<'a>> = BTreeMap::new();
    for (number, query) in (1..).zip(&index.generated.checked.draft().queries) {
        let (key, to) = addressee(index, query);
        all.entry(key).or_insert(to).queries.push((number, query));
    }
    all.into_values().collect()
}

/// The role of the author who is asked; `None` where no one in particular is.
pub(crate) fn role<'a>(index: &Index<'a>, query: &'a Query) -> Option<&'a str> {
    addressee(index, query).1.role
}

fn addressee<'a>(index: &Index<'a>, query: &'a Query) -> (Key<'a>, Asked<'a>) {
    let to = query.to.as_deref();
    let kinds = &index.recipe.advice;
    let place = kinds.iter().position(|advice| Some(advice.id.as_str()) == to);
    let source = source(index, query);
    let author = source.map(by);
    let nobody = to.is_none() && source.is_none();
    let key = (place.unwrap_or(kinds.len()), nobody, to, author);
    let advice = place.and_then(|place| kinds.get(place));
    let own = source.and_then(|source| source.author_role.as_deref());
    let asked = Asked {
        advice,
        role: own.or_else(|| advice.map(|advice| advice.author.as_str())).or(to),
        reports: reports(index, to, author),
        queries: Vec::new(),
    };
    (key, asked)
}

/// The document whose author is asked: the one that is named, else the first of the kind.
fn source<'a>(index: &Index<'a>, query: &Query) -> Option<&'a Source> {
    let named = query.asked_of.and_then(|number| index.source(number));
    named.or_else(|| {
        let to = query.to.as_deref()?;
        let mut sources = index.generated.case.sources.iter();
        sources.find(|source| source.advice.as_deref() == Some(to) && index.is_listed(source.number))
    })
}

/// An author: by role, else by the document.
fn by(source: &Source) -> (&str, u16) {
    match source.author_role.as_deref() {
        Some(role) => (role, 0),
        None => ("", source.number),
    }
}

fn reports<'a>(index: &Index<'a>, to: Option<&str>, author: Option<(&str, u16)>) -> Vec<&'a Source> {
    let theirs = |source: &&Source| {
        source.advice.as_deref() == to && author == Some(by(source)) && index.is_listed(source.number)
    };
    index.generated.case.sources.iter().filter(theirs).collect()
}
