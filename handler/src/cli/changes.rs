//! `handler changes`: what changed from one draft of a case to another.

use std::process::ExitCode;

use drafting::changes::{
    self, Changes, SourceChange, SourceChangeKind, StatementChange, StatementChangeKind,
};
use drafting::compare::{Piece, PieceKind};
use drafting::finding::Finding;

use super::{ChangesArguments, print, record, say};

/// Compares two records.
pub fn run(arguments: &ChangesArguments) -> ExitCode {
    match attempt(arguments) {
        Ok(text) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Err(message) => {
            say(&format!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn attempt(arguments: &ChangesArguments) -> Result<String, String> {
    let (old, new) = (record(&arguments.old)?, record(&arguments.new)?);
    if (&old.case, &old.recipe.id) != (&new.case, &new.recipe.id) {
        return Err("the two records are of different cases: two children are never compared".into());
    }
    let changes = changes::between(&old, &new);
    if arguments.json {
        return serde_json::to_string_pretty(&changes).map_err(|fault| fault.to_string());
    }
    Ok(told(&changes))
}

fn told(changes: &Changes) -> String {
    let mut lines = vec![format!(
        "since run {} of {}",
        changes.since.run, changes.since.date
    )];
    let count = |kind| changes.count(kind);
    lines.push(format!(
        "statements: {} new, {} gone, {} in other words, {} moved, {} with other evidence, {} as they were",
        count(StatementChangeKind::Added),
        count(StatementChangeKind::Gone),
        count(StatementChangeKind::Reworded),
        count(StatementChangeKind::Moved),
        count(StatementChangeKind::Evidence),
        changes.unchanged
    ));
    let turned = |what: &str, new: usize, gone: usize| format!("{what}: {new} new, {gone} gone");
    let (findings, queries) = (&changes.findings, &changes.queries);
    lines.push(turned("findings", findings.new.len(), findings.gone.len()));
    lines.push(turned("queries", queries.new.len(), queries.gone.len()));
    lines.extend(changes.sources.iter().map(source));
    lines.extend(changes.statements.iter().map(statement));
    lines.extend(
        changes
            .findings
            .new
            .iter()
            .map(|found| finding("new finding", found)),
    );
    lines.extend(
        changes
            .findings
            .gone
            .iter()
            .map(|found| finding("resolved", found)),
    );
    lines.join("\n")
}

fn source(change: &SourceChange) -> String {
    let what = match change.kind {
        SourceChangeKind::Added => "added",
        SourceChangeKind::Replaced => "replaced",
        SourceChangeKind::Renamed => "renamed",
        SourceChangeKind::Withdrawn => "withdrawn",
        SourceChangeKind::Missing => "not there any more",
        SourceChangeKind::LeftOut => "no longer drafted from",
        SourceChangeKind::TakenIn => "drafted from now",
    };
    format!("source {what}: {}", change.name)
}

fn statement(change: &StatementChange) -> String {
    let id = change.id.as_ref().or(change.earlier_id.as_ref());
    let id = id.map_or("", String::as_str);
    let what = match change.kind {
        StatementChangeKind::Added => "+",
        StatementChangeKind::Gone => "-",
        StatementChangeKind::Reworded => "~",
        StatementChangeKind::Moved => ">",
        StatementChangeKind::Evidence => "\"",
    };
    format!("{what} {id} {}", words(&change.words))
}

/// Words with what was taken out and put in between marks; as they are when all of them were.
fn words(pieces: &[Piece]) -> String {
    let all = |piece: &Piece| match piece.kind {
        PieceKind::Same => piece.text.clone(),
        PieceKind::Gone => format!("[-{}-] ", piece.text.trim_end()),
        PieceKind::New => format!("[+{}+] ", piece.text.trim_end()),
    };
    match pieces {
        [only] => only.text.clone(),
        several => several.iter().map(all).collect(),
    }
}

fn finding(what: &str, finding: &Finding) -> String {
    format!("{what}: {} {}", finding.rule, finding.message)
}
