//! Answers to the rules that need reading: by the annotation where it tells where a thing belongs, else as told.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Script;
use super::prompt::Request;
use super::words::{alike, tokens};

/// How the model reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readings {
    /// By the annotation.
    #[default]
    Gold,
    /// It objects to the first statement of each rule, quoting its first words.
    Objects,
    /// Likewise, with words that do not stand there; only when asked for the first time, unless stubborn.
    Invents {
        /// When asked again too.
        stubborn: bool,
    },
    /// It answers no rule.
    Silent,
}

/// A rule of the request: its number, the statements that it looks at, its question.
struct Rule<'r> {
    number: u32,
    statements: BTreeSet<u32>,
    question: &'r str,
}

/// A statement of the request with its section.
struct Statement<'r> {
    number: u32,
    section: &'r str,
    text: &'r str,
}

pub(super) fn answer(script: &Script, request: &Request, readings: Readings) -> Value {
    let is_again = request.user.contains("No answer to these rules could be read");
    let statements = statements(request);
    let answers = request.between("rules").filter_map(rule).map(|rule| {
        let own = statements
            .iter()
            .filter(|one| rule.statements.contains(&one.number));
        let issues: Vec<Value> = match readings {
            Readings::Invents { stubborn } if stubborn || !is_again => own
                .take(1)
                .map(|one| issue(one.number, "words that nobody wrote"))
                .collect(),
            Readings::Objects => own
                .take(1)
                .map(|one| issue(one.number, &opening(one.text)))
                .collect(),
            Readings::Gold | Readings::Invents { .. } | Readings::Silent => own
                .filter(|one| is_misplaced(script, &rule, one))
                .map(|one| issue(one.number, &opening(one.text)))
                .collect(),
        };
        json!({"rule": rule.number, "pass": issues.is_empty(), "issues": issues})
    });
    match readings {
        Readings::Silent => json!({"answers": []}),
        _ => json!({"answers": answers.collect::<Vec<_>>()}),
    }
}

fn issue(statement: u32, words: &str) -> Value {
    json!({"statement": statement, "words": words, "problem": "this does not belong here"})
}

fn opening(text: &str) -> String {
    text.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

/// Whether the annotation puts what a statement says into another section than the draft does, as far as the rule asks.
fn is_misplaced(script: &Script, rule: &Rule, statement: &Statement) -> bool {
    let asked: &[&str] = match () {
        () if rule.question.contains("educate or train") => &["F"],
        () if rule.question.contains("H1 and H2") => &["H1", "H2"],
        () => return false,
    };
    let own = tokens(statement.text);
    let known = script
        .claims
        .iter()
        .filter(|known| known.claim.kind == "provision" && alike(&known.words, &own));
    let mut sections = known
        .filter_map(|known| known.claim.section.as_deref())
        .peekable();
    sections.peek().is_some()
        && sections.all(|section| asked.contains(&section) && section != statement.section)
}

fn statements(request: &Request) -> Vec<Statement<'_>> {
    let mut section = "";
    let mut all = Vec::new();
    for line in request.between("statements") {
        if let Some(head) = line.strip_prefix("-- ") {
            section = head.split(',').next().unwrap_or(head);
        } else if let Some((number, text)) = line.split_once(' ')
            && let Ok(number) = number.parse()
        {
            all.push(Statement {
                number,
                section,
                text,
            });
        }
    }
    all
}

fn rule(line: &str) -> Option<Rule<'_>> {
    let (number, rest) = line.split_once(" (statements ")?;
    let (ranges, question) = rest.split_once(") ")?;
    let statements = ranges.split(", ").flat_map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let bounds = first.parse::<u32>().ok().zip(last.parse::<u32>().ok());
        bounds.map(|(first, last)| first..=last).into_iter().flatten()
    });
    Some(Rule {
        number: number.parse().ok()?,
        statements: statements.collect(),
        question,
    })
}
