//! What changed since the draft before: counts, and each change in its own words.

use drafting::changes::{
    Changes, OfficerChange, Quoted, SourceChange, SourceChangeKind, StatementChange, StatementChangeKind,
    Turnover,
};
use drafting::compare::Piece;
use drafting::draft::{Conflict, Query};
use drafting::finding::{Finding, Subject};
use drafting::id::EditId;
use serde::Serialize;

use super::findings::{Link, place_name, statement_link};
use crate::index::Index;
use crate::words;

/// What changed, as it is shown.
#[derive(Serialize)]
pub(super) struct ChangesView<'a> {
    run: &'a str,
    date: String,
    /// What a person made of it.
    edit: Option<&'a str>,
    /// How the draft before ended, where it made no draft.
    nothing: bool,
    unchanged: usize,
    sources: Vec<SourceView<'a>>,
    groups: Vec<Group<'a>>,
    findings: Turned<FoundView<'a>>,
    queries: Turned<&'a Query>,
    conflicts: Turned<&'a Conflict>,
}

/// What came and what went.
#[derive(Serialize)]
struct Turned<T> {
    new: Vec<T>,
    gone: Vec<T>,
}

/// The statements that changed in one way.
#[derive(Serialize)]
struct Group<'a> {
    key: &'static str,
    title: &'static str,
    meaning: &'static str,
    statements: Vec<StatementView<'a>>,
}

#[derive(Serialize)]
struct StatementView<'a> {
    /// The statement where it stands now, else the id that it had.
    link: Link,
    section: &'a str,
    label: &'a str,
    /// The label of the field that it stood in.
    from: Option<&'a str>,
    words: &'a [Piece],
    withheld: bool,
    lost: Vec<QuoteView<'a>>,
    new: Vec<QuoteView<'a>>,
    officer: Option<&'static str>,
}

/// Words of a source, and where they stand.
#[derive(Serialize)]
pub(crate) struct QuoteView<'a> {
    source: &'a str,
    page: Option<u32>,
    quote: &'a str,
}

#[derive(Serialize)]
struct SourceView<'a> {
    name: &'a str,
    what: &'static str,
    earlier: Option<&'a str>,
    reason: Option<&'a str>,
    target: Option<String>,
}

#[derive(Serialize)]
struct FoundView<'a> {
    label: &'static str,
    key: &'static str,
    rule: &'a str,
    message: String,
    place: String,
}

const GROUPS: [(StatementChangeKind, &str, &str, &str); 5] = [
    (
        StatementChangeKind::Added,
        "added",
        "New",
        "Read each beside its evidence.",
    ),
    (
        StatementChangeKind::Gone,
        "gone",
        "Gone",
        "They stood in the draft before and stand in this one no more, with what they rested on.",
    ),
    (
        StatementChangeKind::Reworded,
        "reworded",
        "In other words",
        "What was taken out is struck through, what was put in is underlined.",
    ),
    (
        StatementChangeKind::Moved,
        "moved",
        "Moved",
        "The same words in another place.",
    ),
    (
        StatementChangeKind::Evidence,
        "evidence",
        "The same words, other evidence",
        "What they rest on is not what it was.",
    ),
];

/// What changed since the draft before, where there was one.
pub(super) fn changes<'a>(index: &Index<'a>) -> Option<ChangesView<'a>> {
    let changes = index.generated.changes.as_ref()?;
    let groups = GROUPS.map(|(kind, key, title, meaning)| Group {
        key,
        title,
        meaning,
        statements: statements(index, changes, kind),
    });
    Some(ChangesView {
        run: changes.since.run.as_str(),
        date: words::day(changes.since.date),
        edit: changes.since.edit.as_ref().map(EditId::as_str),
        nothing: changes.is_empty(),
        unchanged: changes.unchanged,
        sources: changes
            .sources
            .iter()
            .map(|change| source(index, change))
            .collect(),
        groups: groups
            .into_iter()
            .filter(|group| !group.statements.is_empty())
            .collect(),
        findings: Turned {
            new: changes
                .findings
                .new
                .iter()
                .map(|found| finding(index, found, true))
                .collect(),
            gone: changes
                .findings
                .gone
                .iter()
                .map(|found| finding(index, found, false))
                .collect(),
        },
        queries: turned(&changes.queries),
        conflicts: turned(&changes.conflicts),
    })
}

fn turned<T>(turnover: &Turnover<T>) -> Turned<&T> {
    Turned {
        new: turnover.new.iter().collect(),
        gone: turnover.gone.iter().collect(),
    }
}

fn statements<'a>(
    index: &Index<'a>,
    changes: &'a Changes,
    kind: StatementChangeKind,
) -> Vec<StatementView<'a>> {
    let of_kind = changes.statements.iter().filter(|change| change.kind == kind);
    of_kind.map(|change| statement(index, change)).collect()
}

fn statement<'a>(index: &Index<'a>, change: &'a StatementChange) -> StatementView<'a> {
    let label = |key: &'a str| index.label(key).unwrap_or(key);
    let earlier = || Link {
        target: None,
        text: change.earlier_id.clone().unwrap_or_default(),
    };
    StatementView {
        link: change
            .id
            .as_deref()
            .map_or_else(earlier, |id| statement_link(index, id)),
        section: &change.section,
        label: label(&change.field),
        from: change.earlier_field.as_deref().map(label),
        words: &change.words,
        withheld: change.withheld,
        lost: change.evidence_lost.iter().map(quote).collect(),
        new: change.evidence_new.iter().map(quote).collect(),
        officer: change.officer.map(|officer| match officer {
            OfficerChange::Became => "It is the case officer’s now.",
            OfficerChange::Was => "It was the case officer’s, and rests on sources now.",
        }),
    }
}

pub(crate) fn quote(quoted: &Quoted) -> QuoteView<'_> {
    QuoteView {
        source: quoted.source.as_str(),
        page: quoted.page,
        quote: &quoted.quote,
    }
}

fn source<'a>(index: &Index<'a>, change: &'a SourceChange) -> SourceView<'a> {
    let mut sources = index.generated.case.sources.iter();
    let here = sources.find(|source| source.name == change.name);
    SourceView {
        name: change.name.as_str(),
        what: match change.kind {
            SourceChangeKind::Added => "New",
            SourceChangeKind::Replaced => "Replaced by another version",
            SourceChangeKind::Renamed => "The same file under another name",
            SourceChangeKind::Withdrawn => "Withdrawn",
            SourceChangeKind::Missing => "Not there any more; nobody said why",
            SourceChangeKind::LeftOut => "No longer drafted from",
            SourceChangeKind::TakenIn => "Drafted from now",
        },
        earlier: change.earlier_name.as_ref().map(drafting::id::SourceName::as_str),
        reason: change.reason.as_deref(),
        target: here.map(|source| format!("source-{}", source.number)),
    }
}

fn finding<'a>(index: &Index<'a>, finding: &'a Finding, stands: bool) -> FoundView<'a> {
    // The numbers of what a finding that is gone was about are those of the draft before.
    let place = match &finding.subject {
        Subject::Statement(id) if !stands => format!("{id} then"),
        Subject::Sentence(_) if !stands => String::new(),
        subject => place_name(index, subject),
    };
    FoundView {
        label: words::severity(finding.severity),
        key: words::severity_key(finding.severity),
        rule: &finding.rule,
        message: words::sentence(&finding.message),
        place,
    }
}
