//! The draft: sections, fields, and each statement beside its evidence.

use std::collections::{BTreeMap, BTreeSet};

use drafting::claim::Time;
use drafting::compose::{self, Placed};
use drafting::document::{Sentence, SentenceId};
use drafting::draft::{DraftField, DraftSection, FieldContent, Statement, Support};
use drafting::finding::Subject;
use drafting::recipe::{Form, Section};
use serde::Serialize;

use super::findings::{self, FindingView, Link, Tally};
use super::queries::{self, ConflictTie};
use crate::citation::{Citation, citations, frame};
use crate::index::Index;
use crate::words;

/// A section as it is shown.
#[derive(Serialize)]
pub(super) struct SectionView<'a> {
    id: &'a str,
    title: &'a str,
    law: Option<&'a str>,
    /// The sentence that stands there when no source gives anything, or always.
    instead: Option<&'a str>,
    /// Whether the officer says that there is nothing.
    none_chosen: bool,
    count: usize,
    tally: Tally,
    queries: usize,
    findings: Vec<FindingView<'a>>,
    fields: Vec<FieldView<'a>>,
    /// The fields that nothing is to be said of but that no source gives them.
    missing: Vec<FieldView<'a>>,
}

/// A field as it is shown.
#[derive(Serialize)]
struct FieldView<'a> {
    key: &'a str,
    label: &'a str,
    /// `value`, `statements` or `index`.
    form: &'static str,
    /// Whether sources differ and nothing was chosen.
    open: bool,
    findings: Vec<FindingView<'a>>,
    entries: Vec<Entry<'a>>,
}

/// A statement with what it rests on.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    text: &'a str,
    marks: &'a [String],
    serves: Vec<Link>,
    served_by: Vec<Servants<'a>>,
    conflicts: Vec<ConflictTie<'a>>,
    queries: Vec<Link>,
    /// Why it stands in its section.
    placed: Option<String>,
    worst: &'static str,
    findings: Vec<FindingView<'a>>,
    officer: bool,
    evidence: Vec<Evidence<'a>>,
}

/// The statements of one kind that serve a statement.
#[derive(Serialize)]
struct Servants<'a> {
    kind: &'a str,
    links: Vec<Link>,
}

/// A place in a source with its words.
#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    file: &'a str,
    author: Option<&'a str>,
    date: Option<String>,
    place: String,
    heading: Option<&'a str>,
    /// The sentence to read on from, where the report lists the source's sentences.
    anchor: Option<String>,
    parts: Vec<Part<'a>>,
}

/// The words of one sentence or cell.
#[derive(Serialize)]
struct Part<'a> {
    frame: Option<String>,
    text: &'a str,
    /// What must be known of these words: that they are over, or replaced.
    mark: Option<&'static str>,
}

/// The sections of the draft in order.
pub(super) fn sections<'a>(index: &Index<'a>) -> Vec<SectionView<'a>> {
    index
        .sections()
        .map(|(section, recipe)| view(index, section, recipe))
        .collect()
}

fn view<'a>(index: &Index<'a>, section: &'a DraftSection, recipe: Option<&'a Section>) -> SectionView<'a> {
    let count = section
        .fields
        .iter()
        .map(|field| field.content.statements().len())
        .sum();
    let closed = recipe.and_then(|recipe| recipe.closed.as_deref());
    let listed = recipe.is_some_and(|recipe| recipe.fields.iter().any(|field| field.form == Form::Index));
    let nil = recipe
        .map(|recipe| recipe.nil.as_str())
        .filter(|nil| count == 0 && !listed && !nil.is_empty());
    let fields = section.fields.iter().map(|field| field_view(index, field));
    let (fields, missing): (Vec<_>, Vec<_>) = fields.partition(FieldView::is_told);
    let instead = closed.or(nil);
    SectionView {
        id: &section.id,
        title: recipe.map_or("", |recipe| &recipe.title),
        law: recipe.and_then(|recipe| recipe.source.as_deref()),
        instead,
        none_chosen: instead.is_some() && index.generated.case.manifest.says_none(&section.id),
        count,
        tally: tally(index, section),
        queries: asked(index, section),
        findings: findings::about(index, &Subject::Section(section.id.clone())),
        fields,
        // The sentence that stands for the whole section says it for its fields.
        missing: if instead.is_none() { missing } else { Vec::new() },
    }
}

/// The findings about a section, its fields and its statements.
fn tally(index: &Index<'_>, section: &DraftSection) -> Tally {
    let mut tally = Tally::default();
    tally.add(index, &Subject::Section(section.id.clone()));
    for field in &section.fields {
        tally.add(index, &Subject::Field(field.key.clone()));
        for statement in field.content.statements() {
            tally.add(index, &Subject::Statement(statement.id.clone()));
        }
    }
    tally
}

/// The number of queries about a section's statements.
fn asked(index: &Index<'_>, section: &DraftSection) -> usize {
    let fields = section.fields.iter();
    let statements = fields.flat_map(|field| field.content.statements());
    statements
        .map(|statement| index.queries(&statement.id).len())
        .sum()
}

impl FieldView<'_> {
    fn is_told(&self) -> bool {
        !self.entries.is_empty() || !self.findings.is_empty() || self.form == "index"
    }
}

fn field_view<'a>(index: &Index<'a>, field: &'a DraftField) -> FieldView<'a> {
    let form = match index.recipe.field(&field.key).map(|field| &field.form) {
        Some(Form::Fact { .. } | Form::Facts { .. } | Form::Officer) => "value",
        Some(Form::Index) => "index",
        Some(Form::Passage(_) | Form::List(_)) | None => "statements",
    };
    FieldView {
        key: &field.key,
        label: index.label(&field.key).unwrap_or(&field.key),
        form,
        open: matches!(field.content, FieldContent::Open(_)),
        findings: findings::about(index, &Subject::Field(field.key.clone())),
        entries: field
            .content
            .statements()
            .iter()
            .map(|statement| entry(index, &field.key, statement))
            .collect(),
    }
}

fn entry<'a>(index: &Index<'a>, field: &str, statement: &'a Statement) -> Entry<'a> {
    let subject = Subject::Statement(statement.id.clone());
    let link = |id: &str| findings::statement_link(index, id);
    let sentences = index.evidence(&statement.support);
    Entry {
        id: &statement.id,
        text: &statement.text,
        marks: &statement.marks,
        serves: statement.serves.iter().map(|id| link(id)).collect(),
        served_by: servants(index, &statement.id),
        conflicts: queries::conflict_ties(index, field, &sentences),
        queries: queries::query_links(index, &statement.id),
        placed: placed(index, statement),
        worst: findings::worst(index, &subject),
        findings: findings::about(index, &subject),
        officer: statement.support == Support::Officer,
        evidence: evidence(index, &sentences, &times(index, &statement.support)),
    }
}

/// Why a statement stands in its section, where its claims could stand in another.
fn placed(index: &Index<'_>, statement: &Statement) -> Option<String> {
    let generated = index.generated;
    let mut reasons = index
        .claims(&statement.support)
        .filter_map(|claim| compose::placed(index.recipe, &generated.case, &generated.claims, claim));
    Some(match reasons.next()? {
        Placed::BySource => "the heading that it stands under in its source names this section".into(),
        Placed::ByWords(words) => format!("\u{201c}{words}\u{201d} is of this section"),
        Placed::Otherwise => "nothing in it is of the other section".into(),
    })
}

/// The statements that serve this one, by what the recipe calls their kind.
fn servants<'a>(index: &Index<'a>, id: &str) -> Vec<Servants<'a>> {
    let mut groups: Vec<Servants<'a>> = Vec::new();
    for servant in index.servants(id) {
        let mut claims = index.claims(&servant.support);
        let kind = claims
            .find_map(|claim| index.recipe.kind(&claim.kind))
            .map_or("served by", |kind| &kind.title);
        let link = findings::statement_link(index, &servant.id);
        match groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) => group.links.push(link),
            None => groups.push(Servants {
                kind,
                links: vec![link],
            }),
        }
    }
    let order = |kind: &str| index.recipe.kinds.iter().position(|known| known.title == kind);
    groups.sort_by_key(|group| order(group.kind));
    groups
}

/// Whether what the sentences of a statement say holds now; it does when one of its claims holds.
pub(super) type Times = BTreeMap<SentenceId, Time>;

pub(super) fn times(index: &Index<'_>, support: &Support) -> Times {
    let mut times = Times::new();
    for claim in index.claims(support) {
        for id in &claim.sentences {
            let time = times.entry(*id).or_insert(claim.time);
            if claim.time == Time::Current {
                *time = Time::Current;
            }
        }
    }
    times
}

/// Sentences as evidence.
pub(super) fn evidence<'a>(
    index: &Index<'a>,
    sentences: &BTreeSet<SentenceId>,
    times: &Times,
) -> Vec<Evidence<'a>> {
    citations(index, sentences)
        .iter()
        .map(|citation| shown(index, citation, times))
        .collect()
}

fn shown<'a>(index: &Index<'a>, citation: &Citation<'a>, times: &Times) -> Evidence<'a> {
    let source = citation.source;
    let part = |sentence: &&'a Sentence| Part {
        frame: frame(sentence),
        text: &sentence.text,
        mark: times.get(&sentence.id).and_then(|time| words::time(*time)),
    };
    Evidence {
        file: source.name.as_str(),
        author: source.author_role.as_deref(),
        date: source.date.map(words::day),
        place: format!("{}{}", citation.place(), citation.read_note()),
        heading: citation.heading(),
        anchor: citation
            .first()
            .filter(|_| index.is_listed(source.number))
            .map(|first| first.id.to_string()),
        parts: citation.sentences.iter().map(part).collect(),
    }
}
