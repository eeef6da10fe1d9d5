//! What the report's templates are given.

use drafting::check::rules::VERSION;
use drafting::draft::SentenceUse;
use drafting::finding::Severity;
use serde::Serialize;

use super::changes::{self, ChangesView};
use super::coverage::{self, Coverage};
use super::findings::{self, Link, SeverityGroup};
use super::held_back::{self, HeldBackView};
use super::quality::{self, Quality};
use super::queries::{self, ConflictView, Letter};
use super::rules::{self, Judging, RuleCounts, RuleView};
use super::sources::{self, SourceView, WithdrawnView};
use super::statements::{self, SectionView};
use super::taken_out::{self, TakenOutView};
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
    next: Vec<Link>,
    facts: Vec<(&'static str, String)>,
    counts: Counts,
    changes: Option<ChangesView<'a>>,
    findings: Vec<SeverityGroup<'a>>,
    conflicts: Vec<ConflictView<'a>>,
    held_back: Vec<HeldBackView<'a>>,
    taken_out: Vec<TakenOutView<'a>>,
    letters: Vec<Letter<'a>>,
    sections: Vec<SectionView<'a>>,
    thread: Option<Thread<'a>>,
    coverage: Coverage<'a>,
    quality: Quality<'a>,
    sources: Vec<SourceView<'a>>,
    withdrawn: Vec<WithdrawnView<'a>>,
    rules: Vec<RuleView<'a>>,
    rule_counts: RuleCounts,
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
    percent: usize,
    look: usize,
}

impl<'a> Page<'a> {
    /// The report of a run.
    pub(super) fn of(index: &Index<'a>) -> Self {
        let (recipe, generated) = (index.recipe, index.generated);
        let status = index.status();
        let counts = counts(index);
        let letters = queries::letters(index);
        let rules = rules::table(index);
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
            next: next(index, &counts, letters.len()),
            facts: facts(index),
            counts,
            changes: changes::changes(index),
            findings: findings::groups(index),
            conflicts: queries::conflicts(index),
            held_back: held_back::held_back(index),
            taken_out: taken_out::taken_out(index),
            letters,
            sections: statements::sections(index),
            thread: thread::thread(index),
            coverage: coverage::coverage(index),
            quality: quality::quality(index),
            sources: sources::sources(index),
            withdrawn: sources::withdrawn(index),
            rule_counts: rules::counts(&rules),
            rules,
        }
    }
}

fn facts(index: &Index<'_>) -> Vec<(&'static str, String)> {
    let generated = index.generated;
    let mut facts = vec![
        ("Case", generated.case.id.to_string()),
        ("Day of drafting", words::day(generated.case.today)),
        ("Drafted by", words::drafter(&generated.drafter)),
    ];
    if index.has_draft() {
        let judged = match rules::judged(index) {
            Judging::All => "Yes: a judge has read every statement beside its evidence",
            Judging::No => "No: no judge has read all of it; that is left to you",
            Judging::Unknown => "Not known: the recipe turns off the rule that tells",
        };
        facts.push(("Judged", judged.to_owned()));
    }
    if let Some(pages) = generated.checked.pages() {
        facts.push((
            "Printed",
            format!("about {}", words::count(pages, "page", "pages")),
        ));
    }
    let recipe = index.recipe;
    let profile = recipe.profile.as_ref().map_or_else(String::new, |profile| {
        format!(", profile {} {}", profile.name, profile.version)
    });
    facts.extend([
        (
            "Versions",
            format!(
                "recipe {} {}{profile}, rules {VERSION}, program {}",
                recipe.id, recipe.version, generated.drafter.version
            ),
        ),
        ("Run", generated.run.to_string()),
    ]);
    facts
}

/// What the officer does next, in order.
fn next(index: &Index<'_>, counts: &Counts, addressees: usize) -> Vec<Link> {
    let count = |number, one: &str, many: &str| words::count(number, one, many);
    let held_back = index.generated.checked.held_back().len();
    let steps = [
        (
            counts.critical,
            "finding-1",
            format!(
                "Open the first of {}",
                count(counts.critical, "critical finding", "critical findings")
            ),
        ),
        (
            counts.unread,
            "sources",
            format!(
                "See why {} of {} not drafted from",
                counts.unread,
                count(counts.sources, "file was", "files were")
            ),
        ),
        (
            counts.conflicts,
            "conflicts",
            format!("Decide {}", count(counts.conflicts, "conflict", "conflicts")),
        ),
        (
            held_back,
            "held-back",
            format!(
                "Decide on {} held back by screening",
                count(held_back, "text", "texts")
            ),
        ),
        (
            counts.standard,
            "findings",
            format!(
                "Look at {}",
                count(counts.standard, "standard finding", "standard findings")
            ),
        ),
        (
            counts.look,
            "coverage",
            format!(
                "Look at {} that may have been missed",
                count(counts.look, "sentence", "sentences")
            ),
        ),
        (
            counts.queries,
            "queries",
            format!(
                "Send {} in {}",
                count(counts.queries, "query", "queries"),
                count(addressees, "letter", "letters")
            ),
        ),
        (
            index.statements(),
            "draft",
            format!(
                "Read {}",
                count(
                    index.statements(),
                    "statement beside its evidence",
                    "statements beside their evidence"
                )
            ),
        ),
        (
            usize::from(index.has_draft()),
            "review",
            "Answer the questions before you sign".to_owned(),
        ),
    ];
    let due = steps.into_iter().filter(|(number, ..)| *number > 0);
    due.map(|(_, target, text)| Link {
        target: Some(target.to_owned()),
        text,
    })
    .collect()
}

fn counts(index: &Index<'_>) -> Counts {
    let draft = index.generated.checked.draft();
    let sources = &index.generated.case.sources;
    let supporting: usize = coverage::supporting(index).values().sum();
    let look = |fate: &SentenceUse| match fate {
        SentenceUse::NotUsed(why) => words::wants_a_look(*why),
        SentenceUse::Used(_) | SentenceUse::Merged(_) => false,
    };
    Counts {
        critical: index.count(Severity::Critical),
        standard: index.count(Severity::Standard),
        info: index.count(Severity::Info),
        statements: words::grouped(index.statements()),
        conflicts: draft
            .conflicts
            .iter()
            .filter(|conflict| conflict.is_open())
            .count(),
        queries: draft.queries.len(),
        sources: sources.len(),
        unread: sources
            .iter()
            .filter(|source| !index.is_drafted_from(source))
            .count(),
        sentences: words::grouped(draft.coverage.len()),
        supporting: words::grouped(supporting),
        percent: coverage::percent(supporting, draft.coverage.len()),
        look: draft.coverage.iter().filter(|entry| look(&entry.fate)).count(),
    }
}
