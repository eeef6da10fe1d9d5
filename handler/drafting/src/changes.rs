//! What changed between two drafts of one case, by their records.
//!
//! Ids of statements, sentences and claims are numbers of one run: nothing is matched by them. A statement is matched by
//! its field and words, evidence by its file and words, and a finding by its rule, message and what it is about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::Withdrawal;
use crate::check::RunOutcome;
use crate::claim::{Claim, ClaimId};
use crate::compare::Piece;
use crate::document::SentenceId;
use crate::draft::{Conflict, Query, Statement, Support};
use crate::finding::{Finding, Subject};
use crate::hash::Digest;
use crate::id::{EditId, RunId, SourceName};
use crate::record::{Record, SourceRecord, SourceState};

mod away;
mod statements;

use away::Away;

/// What changed since an earlier draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The earlier draft.
    pub since: Since,
    /// Statements that are not as they were, in the draft's order; those that are gone come last.
    pub statements: Vec<StatementChange>,
    /// The number of statements that have the same words, place and evidence.
    pub unchanged: usize,
    /// Findings.
    pub findings: Turnover<Finding>,
    /// Questions; what is gone was answered, or what it was asked about is gone.
    pub queries: Turnover<Query>,
    /// Different values in different sources; what is gone was decided, or the sources agree now.
    pub conflicts: Turnover<Conflict>,
    /// Sources, in the order of their names.
    pub sources: Vec<SourceChange>,
}

/// The earlier draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// Its run.
    pub run: RunId,
    /// Its day of drafting.
    pub date: Date,
    /// How it ended.
    pub outcome: RunOutcome,
    /// What a person made of it, where that was handed in or found before this run began: nothing of it is in the new draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<EditId>,
}

/// What came and what went of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turnover<T> {
    /// Only in the new draft.
    pub new: Vec<T>,
    /// Only in the earlier one.
    pub gone: Vec<T>,
}

/// What became of one statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementChange {
    /// What happened to it.
    pub kind: StatementChangeKind,
    /// Its section.
    pub section: String,
    /// Its field.
    pub field: String,
    /// Its id in the new draft, where it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its id in the earlier draft, where it stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_id: Option<String>,
    /// For one that moved: the field that it stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_field: Option<String>,
    /// Its words: what both drafts have, and what only one has.
    pub words: Vec<Piece>,
    /// What it rested on and no longer does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence_lost: Vec<Quoted>,
    /// What it rests on and did not before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence_new: Vec<Quoted>,
    /// Whether words of it are not repeated, because they came from a document that is no longer drafted from.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
    /// Whether it became the officer's own, or was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerChange>,
}

/// The kinds of change of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementChangeKind {
    /// It is new.
    Added,
    /// It says the like in other words.
    Reworded,
    /// It has the same words in another field.
    Moved,
    /// It has the same words, and what it rests on is not the same.
    Evidence,
    /// It is gone.
    Gone,
}

/// Whose word a statement is, where that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficerChange {
    /// It rested on sources, and is the officer's now.
    Became,
    /// It was the officer's, and rests on sources now.
    Was,
}

/// A sentence of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quoted {
    /// The file.
    pub source: SourceName,
    /// Page, where the format has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Its words.
    pub quote: String,
}

/// What became of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceChange {
    /// What happened to it.
    pub kind: SourceChangeKind,
    /// Its file name.
    pub name: SourceName,
    /// For one with another name: the name that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_name: Option<SourceName>,
    /// SHA-256 of its bytes now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// SHA-256 of its bytes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_sha256: Option<Digest>,
    /// For one that was withdrawn: why, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The kinds of change of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceChangeKind {
    /// It is new.
    Added,
    /// Other bytes have its name.
    Replaced,
    /// The same bytes have another name.
    Renamed,
    /// The officer has withdrawn it.
    Withdrawn,
    /// It is not there any more, and nothing says why.
    Missing,
    /// It was drafted from, and is no longer.
    LeftOut,
    /// It was not drafted from, and is now.
    TakenIn,
}

impl Changes {
    /// The number of statements that changed in this way.
    #[must_use]
    pub fn count(&self, kind: StatementChangeKind) -> usize {
        self.statements
            .iter()
            .filter(|change| change.kind == kind)
            .count()
    }

    /// Whether nothing changed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let turned = |new: usize, gone: usize| new + gone > 0;
        self.statements.is_empty()
            && self.sources.is_empty()
            && !turned(self.findings.new.len(), self.findings.gone.len())
            && !turned(self.queries.new.len(), self.queries.gone.len())
            && !turned(self.conflicts.new.len(), self.conflicts.gone.len())
    }
}

/// What changed from the record `old` to the record `new`, of the same case.
#[must_use]
pub fn between(old: &Record, new: &Record) -> Changes {
    let away = Away::of(old, new);
    let matched = statements::matched(old, new, &away);
    let mut changes = Changes {
        since: Since {
            run: old.run.clone(),
            date: old.date,
            outcome: old.outcome.clone(),
            edit: None,
        },
        findings: findings(old, new, &matched.ids),
        queries: turnover(&old.queries, &new.queries, query, query),
        conflicts: turnover(&old.conflicts, &new.conflicts, conflict, conflict),
        sources: sources(old, new),
        unchanged: matched.unchanged,
        statements: matched.changes,
    };
    away.withhold(&mut changes);
    changes
}

/// What only one side has, by a key; what stands twice must stand twice on the other side.
pub(crate) fn turnover<T: Clone, K: Ord>(
    old: &[T],
    new: &[T],
    old_key: impl Fn(&T) -> K,
    new_key: impl Fn(&T) -> K,
) -> Turnover<T> {
    let mut left: BTreeMap<K, Vec<&T>> = BTreeMap::new();
    for one in old.iter().rev() {
        left.entry(old_key(one)).or_default().push(one);
    }
    let came = new
        .iter()
        .filter(|one| left.get_mut(&new_key(one)).and_then(Vec::pop).is_none());
    let new = came.cloned().collect();
    let mut went: Vec<&T> = left.into_values().flatten().collect();
    let place = |one: &T| old.iter().position(|other| std::ptr::eq(other, one));
    went.sort_by_key(|one| place(one));
    Turnover {
        new,
        gone: went.into_iter().cloned().collect(),
    }
}

fn query(query: &Query) -> (Option<String>, String, String) {
    (query.to.clone(), query.question.clone(), query.reason.clone())
}

fn conflict(conflict: &Conflict) -> (String, BTreeSet<String>) {
    let values = conflict.values.iter().map(|value| value.value.clone());
    (conflict.attribute.clone(), values.collect())
}

/// Findings are alike when they say the same of the same: of a statement that is still there, whatever its number is now;
/// of a sentence, by its file and its number there.
fn findings(old: &Record, new: &Record, ids: &BTreeMap<String, String>) -> Turnover<Finding> {
    let sentence = |record: &Record, id: SentenceId| {
        let source = record.sources.iter().find(|source| source.number == id.source);
        let name = source.map_or_else(|| id.source.to_string(), |source| source.name.to_string());
        format!("sentence {name} {}", id.number)
    };
    let subject = |record: &Record, subject: &Subject, earlier: bool| match subject {
        Subject::Case => String::from("case"),
        Subject::Source(name) => format!("source {name}"),
        Subject::Sentence(id) => sentence(record, *id),
        Subject::Section(id) => format!("section {id}"),
        Subject::Field(key) => format!("field {key}"),
        Subject::Statement(id) if earlier => {
            let now = ids.get(id).map(|now| format!("statement {now}"));
            now.unwrap_or_else(|| format!("statement that is gone {id}"))
        }
        Subject::Statement(id) => format!("statement {id}"),
    };
    let key = |record: &Record, finding: &Finding, earlier: bool| {
        let about = subject(record, &finding.subject, earlier);
        (
            finding.severity,
            finding.rule.clone(),
            about,
            finding.message.clone(),
        )
    };
    turnover(
        &old.findings,
        &new.findings,
        |finding| key(old, finding, true),
        |finding| key(new, finding, false),
    )
}

fn sources(old: &Record, new: &Record) -> Vec<SourceChange> {
    let by_name = |record: &'_ Record| -> BTreeMap<SourceName, SourceRecord> {
        record
            .sources
            .iter()
            .map(|s| (s.name.clone(), s.clone()))
            .collect()
    };
    let (olds, news) = (by_name(old), by_name(new));
    let mut changes: Vec<SourceChange> = news.values().filter_map(|now| came(now, &olds, &news)).collect();
    let taken: BTreeSet<SourceName> = changes
        .iter()
        .filter_map(|change| change.earlier_name.clone())
        .collect();
    let went = olds
        .values()
        .filter(|then| !news.contains_key(&then.name) && !taken.contains(&then.name));
    changes.extend(went.map(|then| left(then, &new.withdrawn)));
    changes.sort_by(|a, b| (&a.name, a.kind).cmp(&(&b.name, b.kind)));
    changes
}

fn came(
    now: &SourceRecord,
    olds: &BTreeMap<SourceName, SourceRecord>,
    news: &BTreeMap<SourceName, SourceRecord>,
) -> Option<SourceChange> {
    let change = |kind, then: Option<&SourceRecord>| SourceChange {
        kind,
        name: now.name.clone(),
        earlier_name: then
            .map(|then| then.name.clone())
            .filter(|name| *name != now.name),
        sha256: Some(now.sha256.clone()),
        earlier_sha256: then
            .map(|then| then.sha256.clone())
            .filter(|sha256| *sha256 != now.sha256),
        reason: None,
    };
    let Some(then) = olds.get(&now.name) else {
        let mut others = olds.values().filter(|then| !news.contains_key(&then.name));
        let same = others.find(|then| then.sha256 == now.sha256);
        let kind = same.map_or(SourceChangeKind::Added, |_| SourceChangeKind::Renamed);
        return Some(change(kind, same));
    };
    if then.sha256 != now.sha256 {
        return Some(change(SourceChangeKind::Replaced, Some(then)));
    }
    match (then.state == SourceState::Used, now.state == SourceState::Used) {
        (true, false) => Some(change(SourceChangeKind::LeftOut, Some(then))),
        (false, true) => Some(change(SourceChangeKind::TakenIn, Some(then))),
        (true, true) | (false, false) => None,
    }
}

fn left(then: &SourceRecord, withdrawn: &[Withdrawal]) -> SourceChange {
    let said = withdrawn.iter().find(|said| said.file == then.name);
    SourceChange {
        kind: said.map_or(SourceChangeKind::Missing, |_| SourceChangeKind::Withdrawn),
        name: then.name.clone(),
        earlier_name: None,
        sha256: None,
        earlier_sha256: Some(then.sha256.clone()),
        reason: said.and_then(|said| said.reason.clone()),
    }
}

/// What the statements of a record rest on.
pub(crate) struct Grounds<'r> {
    record: &'r Record,
    claims: BTreeMap<ClaimId, &'r Claim>,
}

impl<'r> Grounds<'r> {
    pub fn of(record: &'r Record) -> Self {
        Self {
            record,
            claims: record.claims.iter().map(|claim| (claim.id, claim)).collect(),
        }
    }

    /// The claims that a statement rests on.
    pub fn claims(&self, statement: &Statement) -> Vec<&'r Claim> {
        let ids: &[ClaimId] = match &statement.support {
            Support::Claims(ids) => ids,
            Support::Officer => &[],
        };
        ids.iter().filter_map(|id| self.claims.get(id).copied()).collect()
    }

    /// The sentences that a statement rests on, without their numbers.
    pub fn evidence(&self, statement: &Statement) -> BTreeSet<Quoted> {
        let claims = self.claims(statement);
        let sentences = claims.iter().flat_map(|claim| &claim.sentences);
        let found = sentences.filter_map(|id| self.record.evidence.get(id));
        found
            .map(|found| Quoted {
                source: found.source.clone(),
                page: found.page,
                quote: found.quote.clone(),
            })
            .collect()
    }
}
