//! What a draft says to others, each text once.

use std::fmt;

use std::collections::{BTreeMap, BTreeSet};

use crate::document::SentenceId;
use crate::recipe::Recipe;
use crate::record::Generated;

/// What a text is a part of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The recipe's own words: titles, labels, the banner.
    Fixed,
    /// The name of a source or its author's role, which citations show, by the source's number.
    Source(u16),
    /// A statement, by its id.
    Statement(String),
    /// A sentence that citations show, or the heading above it.
    Quote(SentenceId),
    /// A question, by its place in the draft.
    Query(usize),
    /// A value of a conflict, by the conflict's place in the draft.
    Conflict(usize),
    /// Words that the checks took out, by their place in the draft.
    TakenOut(usize),
    /// What was found wrong or unsure, by its place among the findings.
    Finding(usize),
}

/// One text and everything that it is a part of.
#[derive(Clone, PartialEq, Eq)]
pub struct Passage {
    /// The words.
    pub text: String,
    /// Where they stand.
    pub parts: Vec<Part>,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passage")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// Everything that has to be rated; nothing when no draft was made. Words that stand in several places are there once.
#[must_use]
pub fn passages(recipe: &Recipe, generated: &Generated) -> Vec<Passage> {
    if generated.checked.draft().sections.is_empty() {
        return Vec::new();
    }
    let mut texts = Texts::default();
    texts.add(Part::Fixed, &fixed(recipe));
    sources(&mut texts, generated);
    points(&mut texts, generated);
    for id in shown(generated) {
        if let Some((_, sentence)) = generated.sentence(id) {
            texts.add(Part::Quote(id), &sentence.text);
            for heading in sentence.headings.iter() {
                texts.add(Part::Quote(id), heading);
            }
        }
    }
    texts.all
}

/// Texts in the order in which they came, equal ones joined.
#[derive(Default)]
struct Texts {
    all: Vec<Passage>,
    places: BTreeMap<String, usize>,
}

impl Texts {
    fn add(&mut self, part: Part, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let place = *self.places.entry(text.to_owned()).or_insert(self.all.len());
        match self.all.get_mut(place) {
            Some(known) => known.parts.push(part),
            None => self.all.push(Passage {
                text: text.to_owned(),
                parts: vec![part],
            }),
        }
    }
}

fn fixed(recipe: &Recipe) -> String {
    let wording = [&recipe.title, &recipe.wording.banner, &recipe.wording.disclosure];
    let sections = recipe.sections.iter().map(|section| &section.title);
    let labels = recipe.fields().map(|(_, field)| &field.label);
    let all: Vec<&str> = wording
        .into_iter()
        .chain(sections)
        .chain(labels)
        .map(String::as_str)
        .collect();
    all.join("\n")
}

fn sources(texts: &mut Texts, generated: &Generated) {
    for source in &generated.case.sources {
        texts.add(Part::Source(source.number), source.name.as_str());
        if let Some(role) = &source.author_role {
            texts.add(Part::Source(source.number), role);
        }
    }
}

fn points(texts: &mut Texts, generated: &Generated) {
    let draft = generated.checked.draft();
    for (_, _, statement) in draft.statements() {
        texts.add(Part::Statement(statement.id.clone()), &statement.text);
    }
    for (place, query) in draft.queries.iter().enumerate() {
        texts.add(Part::Query(place), &query.question);
        texts.add(Part::Query(place), &query.reason);
    }
    for (place, conflict) in draft.conflicts.iter().enumerate() {
        for value in &conflict.values {
            texts.add(Part::Conflict(place), &value.value);
        }
    }
    for (place, one) in draft.taken_out.iter().enumerate() {
        texts.add(Part::TakenOut(place), &one.text);
    }
    for (place, finding) in generated.checked.findings().iter().enumerate() {
        texts.add(Part::Finding(place), &finding.message);
    }
}

/// The sentences that citations and sheets of questions show.
fn shown(generated: &Generated) -> BTreeSet<SentenceId> {
    let draft = generated.checked.draft();
    let evidence = generated.evidence();
    let cited = draft
        .statements()
        .flat_map(|(_, _, statement)| evidence.sentences(&statement.support));
    let asked = draft.queries.iter().flat_map(|query| query.sentences.clone());
    let values = draft.conflicts.iter().flat_map(|conflict| &conflict.values);
    cited
        .chain(asked)
        .chain(values.flat_map(|value| value.sentences.clone()))
        .collect()
}
