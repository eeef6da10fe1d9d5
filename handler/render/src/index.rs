//! The parts of a run by their ids, so that a document is made in one pass over each.

use std::collections::{BTreeMap, BTreeSet};

use drafting::case::Source;
use drafting::claim::Claim;
use drafting::document::{Sentence, SentenceId};
use drafting::draft::{Draft, DraftField, DraftSection, Statement, Support};
use drafting::finding::{Finding, Severity, Subject};
use drafting::recipe::Recipe;
use drafting::record::{Evidence, Generated};

use crate::words::Status;

/// A run with its parts by their ids.
pub(crate) struct Index<'a> {
    pub recipe: &'a Recipe,
    pub generated: &'a Generated,
    evidence: Evidence<'a>,
    sources: BTreeMap<u16, &'a Source>,
    statements: BTreeMap<&'a str, &'a Statement>,
    /// The keys of the fields that statements stand in, by their ids.
    keys: BTreeMap<&'a str, &'a str>,
    fields: BTreeMap<&'a str, &'a DraftField>,
    labels: BTreeMap<&'a str, &'a str>,
    servants: BTreeMap<&'a str, Vec<&'a Statement>>,
    conflicts: BTreeMap<SentenceId, BTreeSet<usize>>,
    conflicts_of: BTreeMap<&'a str, usize>,
    queries: BTreeMap<&'a str, Vec<usize>>,
    findings: BTreeMap<&'a Subject, Vec<Numbered<'a>>>,
}

/// A finding with its place among all of them, from 1: what a link to it names.
#[derive(Clone, Copy)]
pub(crate) struct Numbered<'a> {
    pub number: usize,
    pub finding: &'a Finding,
}

impl<'a> Index<'a> {
    /// Indexes a run.
    pub(crate) fn of(recipe: &'a Recipe, generated: &'a Generated) -> Self {
        let draft = generated.checked.draft();
        let mut index = Self {
            recipe,
            generated,
            evidence: generated.evidence(),
            sources: generated
                .case
                .sources
                .iter()
                .map(|source| (source.number, source))
                .collect(),
            statements: BTreeMap::new(),
            keys: BTreeMap::new(),
            fields: draft
                .sections
                .iter()
                .flat_map(|s| &s.fields)
                .map(|field| (field.key.as_str(), field))
                .collect(),
            labels: recipe
                .fields()
                .map(|(_, field)| (field.key.as_str(), field.label.as_str()))
                .collect(),
            servants: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            conflicts_of: BTreeMap::new(),
            queries: BTreeMap::new(),
            findings: BTreeMap::new(),
        };
        for (_, field, statement) in draft.statements() {
            index.statements.insert(&statement.id, statement);
            index.keys.insert(&statement.id, &field.key);
            for served in &statement.serves {
                index.servants.entry(served).or_default().push(statement);
            }
        }
        for numbered in index.all_findings() {
            index
                .findings
                .entry(&numbered.finding.subject)
                .or_default()
                .push(numbered);
        }
        index.add_points(draft);
        index
    }

    fn add_points(&mut self, draft: &'a Draft) {
        for (at, conflict) in draft.conflicts.iter().enumerate() {
            self.conflicts_of.entry(&conflict.attribute).or_insert(at);
            for sentence in conflict.values.iter().flat_map(|value| &value.sentences) {
                self.conflicts.entry(*sentence).or_default().insert(at);
            }
        }
        for (at, query) in draft.queries.iter().enumerate() {
            if let Some(statement) = &query.statement {
                self.queries.entry(statement).or_default().push(at);
            }
        }
    }

    /// The source with this number.
    pub(crate) fn source(&self, number: u16) -> Option<&'a Source> {
        self.sources.get(&number).copied()
    }

    /// The sentence with this id.
    pub(crate) fn sentence(&self, id: SentenceId) -> Option<&'a Sentence> {
        self.source(id.source)?.content.as_ref().ok()?.sentence(id)
    }

    /// The sentences that the claims of a statement point at, each once, in the sources' order.
    pub(crate) fn evidence(&self, support: &Support) -> BTreeSet<SentenceId> {
        self.evidence.sentences(support)
    }

    /// The claims that a statement rests on.
    pub(crate) fn claims<'b>(&'b self, support: &'b Support) -> impl Iterator<Item = &'a Claim> + 'b {
        self.evidence.claims(support)
    }

    /// The statement with this id, while it stands in the draft.
    pub(crate) fn statement(&self, id: &str) -> Option<&'a Statement> {
        self.statements.get(id).copied()
    }

    /// The number of statements.
    pub(crate) fn statements(&self) -> usize {
        self.statements.len()
    }

    /// The field of the draft with this key.
    pub(crate) fn field(&self, key: &str) -> Option<&'a DraftField> {
        self.fields.get(key).copied()
    }

    /// The label of the recipe's field with this key.
    pub(crate) fn label(&self, key: &str) -> Option<&'a str> {
        self.labels.get(key).copied()
    }

    /// The label of the field that a statement stands in, by its id.
    pub(crate) fn label_of(&self, statement: &str) -> Option<&'a str> {
        self.label(self.keys.get(statement)?)
    }

    /// The statements that serve this one.
    pub(crate) fn servants(&self, id: &str) -> &[&'a Statement] {
        self.servants.get(id).map_or(&[], Vec::as_slice)
    }

    /// The conflicts that any of these sentences gives a value for, by their places in the draft.
    pub(crate) fn conflicts(&self, sentences: &BTreeSet<SentenceId>) -> BTreeSet<usize> {
        sentences
            .iter()
            .filter_map(|sentence| self.conflicts.get(sentence))
            .flatten()
            .copied()
            .collect()
    }

    /// The first conflict about the thing of this name, by its place in the draft.
    pub(crate) fn conflict(&self, attribute: &str) -> Option<usize> {
        self.conflicts_of.get(attribute).copied()
    }

    /// The queries about a statement, by their places in the draft.
    pub(crate) fn queries(&self, statement: &str) -> &[usize] {
        self.queries.get(statement).map_or(&[], Vec::as_slice)
    }

    /// The findings about a subject.
    pub(crate) fn findings(&self, subject: &Subject) -> &[Numbered<'a>] {
        self.findings.get(subject).map_or(&[], Vec::as_slice)
    }

    /// All findings, the weightiest first.
    pub(crate) fn all_findings(&self) -> impl Iterator<Item = Numbered<'a>> + use<'a> {
        let all = self.generated.checked.findings().iter();
        (1..)
            .zip(all)
            .map(|(number, finding)| Numbered { number, finding })
    }

    /// Whether a draft was made.
    pub(crate) fn has_draft(&self) -> bool {
        !self.generated.checked.draft().sections.is_empty()
    }

    /// Whether a source was drafted from.
    pub(crate) fn is_drafted_from(&self, source: &Source) -> bool {
        self.has_draft() && source.content.is_ok() && !self.generated.kept_out.contains(&source.number)
    }

    /// Whether the report lists the sentences of the source with this number.
    pub(crate) fn is_listed(&self, number: u16) -> bool {
        self.source(number)
            .is_some_and(|source| self.is_drafted_from(source))
    }

    /// The number of findings of a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.generated
            .checked
            .findings()
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// How the run ended.
    pub(crate) fn status(&self) -> Status {
        let outcome = self.generated.checked.outcome();
        Status::of(
            outcome,
            self.count(Severity::Critical),
            self.count(Severity::Standard),
        )
    }

    /// The draft's section with the recipe's entry for it, in the draft's order.
    pub(crate) fn sections(
        &self,
    ) -> impl Iterator<Item = (&'a DraftSection, Option<&'a drafting::recipe::Section>)> {
        let recipe = self.recipe;
        self.generated
            .checked
            .draft()
            .sections
            .iter()
            .map(move |section| (section, recipe.section(&section.id)))
    }
}
