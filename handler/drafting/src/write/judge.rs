//! The judge's prompt and its verdicts. It sees statements and their evidence, and nothing that the writer was told.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Context, material};
use crate::compose::Written;
use crate::document::SentenceId;
use crate::label::frame;
use crate::prompt::{Prompt, Purpose, Tier, fenced};
use crate::reconcile::sentence;

/// What a judge says of a statement that does not follow from its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Some of it does not follow, or something that matters was lost.
    Partly,
    /// Its main point does not follow.
    Not,
    /// A sentence says otherwise.
    Contradicts,
}

/// What became of the judging of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It follows.
    Entailed,
    /// It does not.
    Issue {
        /// How badly.
        verdict: Verdict,
        /// What is wrong, with the words it is about.
        complaint: String,
    },
    /// No verdict could be had: never a pass.
    Unjudged {
        /// Why not.
        reason: String,
    },
}

#[derive(Deserialize)]
struct Answer {
    entailed: Vec<usize>,
    issues: Vec<Issue>,
}

#[derive(Deserialize)]
struct Issue {
    statement: usize,
    verdict: Verdict,
    words: String,
    evidence: String,
    problem: String,
}

/// Asks about statements, numbered from 1. Evidence that several share stands there once.
pub(super) fn prompt(context: &Context, statements: &[(&str, &Written)], round: u8, again: bool) -> Prompt {
    let mut numbers: BTreeMap<SentenceId, usize> = BTreeMap::new();
    let mut evidence = String::from("<evidence>\n");
    let mut list = String::from("<statements>\n");
    let mut shown = 0;
    for ((field, written), number) in statements.iter().zip(1..) {
        let ids: BTreeSet<SentenceId> = written
            .claims
            .iter()
            .filter_map(|id| context.claim(*id))
            .flat_map(|claim| claim.sentences.iter().copied())
            .collect();
        for id in &ids {
            let next = numbers.len() + 1;
            let (Some(sentence), false) = (sentence(context.case, *id), numbers.contains_key(id)) else {
                continue;
            };
            if shown != id.source {
                let _ = writeln!(evidence, "-- {}", material::author(context, id.source));
                shown = id.source;
            }
            numbers.insert(*id, next);
            let _ = writeln!(
                evidence,
                "e{next} {}{}",
                frame(context.recipe, sentence),
                fenced(&sentence.text)
            );
        }
        let cited: Vec<String> = ids
            .iter()
            .filter_map(|id| numbers.get(id))
            .map(|n| format!("e{n}"))
            .collect();
        let label = context
            .recipe
            .field(field)
            .map_or("", |field| field.label.as_str());
        let _ = writeln!(
            list,
            "{number} ({label}) {} [{}]",
            fenced(&written.text),
            cited.join(" ")
        );
    }
    evidence.push_str("</evidence>\n");
    list.push_str("</statements>\n");
    if again {
        list.push_str("No verdict could be read for these before: give one for each number.\n");
    }
    if round > 0 {
        // A later look is a question of its own: the same words would get the answer that was kept.
        let _ = writeln!(list, "This is look {}.", round + 1);
    }
    let called: Vec<String> = called(context);
    if !called.is_empty() {
        let _ = writeln!(list, "The person is called: {}.", called.join(", "));
    }
    Prompt {
        purpose: Purpose::Judge,
        tier: Tier::Judge,
        instructions: include_str!("../../prompts/judge.md").to_owned(),
        material: evidence + &list,
        schema_name: "verdicts",
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["entailed", "issues"],
            "properties": {
                "entailed": {"type": "array", "items": {"type": "integer"}},
                "issues": {"type": "array", "items": {
                    "type": "object", "additionalProperties": false,
                    "required": ["statement", "verdict", "words", "evidence", "problem"],
                    "properties": {
                        "statement": {"type": "integer"},
                        "verdict": {"type": "string", "enum": ["partly", "not", "contradicts"]},
                        "words": {"type": "string"},
                        "evidence": {"type": "string"},
                        "problem": {"type": "string"},
                    },
                }},
            },
        }),
        most_tokens: 400 + 60 * u32::try_from(statements.len().min(200)).unwrap_or(200),
    }
}

/// The names of the person: a statement uses them where a sentence says "he".
fn called(context: &Context) -> Vec<String> {
    let child = context.case.manifest.child.as_ref();
    let told = child.map(|child| [child.preferred_name.clone(), child.name.clone()]);
    let mut names: Vec<String> = told.into_iter().flatten().flatten().collect();
    if names.is_empty() {
        let subject = &context.recipe.lexicon.subject;
        let keys = [&subject.preferred_name, &subject.name];
        let facts = context.all.claims.iter().filter_map(|claim| claim.fact.as_ref());
        names = facts
            .filter(|fact| keys.iter().any(|key| key.as_ref() == Some(&fact.key)))
            .map(|fact| fact.value.clone())
            .collect();
    }
    names.sort();
    names.dedup();
    names.iter().map(|name| fenced(name)).collect()
}

/// The rulings, in the order of the statements; `None` where there is no verdict that can be read.
pub(super) fn read(statements: &[&Written], answer: &Value) -> Vec<Option<Ruling>> {
    let mut rulings = vec![None; statements.len()];
    let Ok(answer) = Answer::deserialize(answer) else {
        return rulings;
    };
    let mut set = |number: usize, ruling: Ruling| {
        let place = number.checked_sub(1);
        if let Some(slot) = place.and_then(|place| rulings.get_mut(place)) {
            *slot = Some(ruling);
        }
    };
    for number in answer.entailed {
        set(number, Ruling::Entailed);
    }
    // What is both passed and objected to is objected to.
    for issue in answer.issues {
        let quoted = [issue.words.trim(), issue.evidence.trim()];
        let quoted: Vec<&str> = quoted.into_iter().filter(|words| !words.is_empty()).collect();
        let about = if quoted.is_empty() {
            String::new()
        } else {
            format!(" (\u{201c}{}\u{201d})", quoted.join("\u{201d}, \u{201c}"))
        };
        let complaint = format!("{}{about}", issue.problem.trim());
        set(
            issue.statement,
            Ruling::Issue {
                verdict: issue.verdict,
                complaint,
            },
        );
    }
    rulings
}
