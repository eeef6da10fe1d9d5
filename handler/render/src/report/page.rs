//! What the report's templates are given.

use drafting::draft::{NotUsed, SentenceUse};
use drafting::finding::Severity;
use serde::Serialize;

use super::coverage::{self, SourceText};
use super::findings::{self, SeverityGroup};
use super::queries::{self, ConflictView, Letter};
use super::rules::{self, RuleView};
use super::sources::{self, SourceView};
use super::statements::{self, SectionView};
use super::thread::{self, Thread};
use crate::index::Index;
use crate::words;

/// The whole report.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    title: &'a str,
    case: &'a str,
    banner: &'a str,
    disclosure: &'a str,
    status: StatusView,
    /// What the Word files say, when no draft was made.
    refused: Option<String>,
    facts: Vec<(&'static str, String)>,
    counts: Counts,
    findings: Vec<SeverityGroup<'a>>,
    conflicts: Vec<ConflictView<'a>>,
    letters: Vec<Letter<'a>>,
    sections: Vec<SectionView<'a>>,
    thread: Option<Thread<'a>>,
    texts: Vec<SourceText<'a>>,
    sources: Vec<SourceView<'a>>,
    rules: Vec<RuleView<'a>>,
}

/// How the run ended.
#[derive(Serialize)]
struct StatusView {
    key: &'static str,
    headline: String,
    meaning: String,
}

/// The numbers at the head of the report.
#[derive(Serialize)]
struct Counts {
    critical: usize,
    standard: usize,
    info: usize,
    statements: String,
    conflicts: usize,
    queries: usize,
    sources: usize,
    unread: usize,
    sentences: String,
    supporting: String,
    look: usize,
}

impl<'a> Page<'a> {
    /// The report of a run.
    pub(super) fn of(index: &Index<'a>) -> Self {
        let (recipe, generated) = (index.recipe, index.generated);
        let status = index.status();
        Self {
            title: &recipe.title,
            case: generated.case.id.as_str(),
            banner: &recipe.wording.banner,
            disclosure: &recipe.wording.disclosure,
            refused: crate::refusal::reason(index),
            status: StatusView {
                key: status.key,
                headline: status.headline,
                meaning: status.meaning,
            },
            facts: facts(index),
            counts: counts(index),
            findings: findings::groups(index),
            conflicts: queries::conflicts(index),
            letters: queries::letters(index),
            sections: statements::sections(index),
            thread: thread::thread(index),
            texts: coverage::texts(index),
            sources: sources::sources(index),
            rules: rules::table(index),
        }
    }
}

fn facts(index: &Index<'_>) -> Vec<(&'static str, String)> {
    let generated = index.generated;
    vec![
        ("Case", generated.case.id.to_string()),
        ("Drafted on", words::day(generated.case.today)),
        ("Drafted by", words::drafter(&generated.drafter)),
        (
            "With",
            format!(
                "recipe {} {}, program {}",
                index.recipe.id, index.recipe.version, generated.drafter.version
            ),
        ),
        ("Run", generated.run.to_string()),
    ]
}

fn counts(index: &Index<'_>) -> Counts {
    let draft = index.generated.checked.draft();
    let sources = &index.generated.case.sources;
    let supporting = |fate: &SentenceUse| matches!(fate, SentenceUse::Used(_) | SentenceUse::Merged(_));
    let look = |fate: &SentenceUse| {
        matches!(
            fate,
            SentenceUse::NotUsed(NotUsed::Unclaimed | NotUsed::Instruction | NotUsed::TakenOut)
        )
    };
    Counts {
        critical: index.count(Severity::Critical),
        standard: index.count(Severity::Standard),
        info: index.count(Severity::Info),
        statements: words::grouped(index.statements()),
        conflicts: draft.conflicts.len(),
        queries: draft.queries.len(),
        sources: sources.len(),
        unread: sources
            .iter()
            .filter(|source| !index.is_drafted_from(source))
            .count(),
        sentences: words::grouped(draft.coverage.len()),
        supporting: words::grouped(
            draft
                .coverage
                .iter()
                .filter(|entry| supporting(&entry.fate))
                .count(),
        ),
        look: draft.coverage.iter().filter(|entry| look(&entry.fate)).count(),
    }
}
