//! The writer's prompt and its answer.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Context, Group, material};
use crate::claim::ClaimId;
use crate::compose::Written;
use crate::prompt::{Prompt, Purpose, Tier};

/// The answer does not have the form that was asked for, or holds no statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    #[error("the model's answer does not have the form that was asked for")]
    Form,
    #[error("the model wrote no statement that rests on a claim")]
    Nothing,
}

/// What a writer gave.
pub(super) struct Answered {
    /// Statements with the key of their field, in order.
    pub statements: Vec<(String, Written)>,
    /// Claims that the writer left out, with its reason.
    pub left_out: BTreeMap<ClaimId, String>,
}

#[derive(Deserialize)]
struct Answer {
    statements: Vec<Entry>,
    left_out: Vec<LeftOut>,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    field: usize,
    text: String,
    claims: Vec<u32>,
}

#[derive(Deserialize)]
pub(super) struct LeftOut {
    claim: u32,
    reason: String,
}

/// Asks for the statements of a group.
pub(super) fn prompt(context: &Context, group: &Group) -> Prompt {
    let mut material = material::people(context);
    material.push_str(&material::fields(context, group));
    let ids = group
        .portions
        .iter()
        .zip(1..)
        .flat_map(|(portion, number)| portion.claims.iter().map(move |id| (Some(number), id)));
    material.push_str(&material::claims(context, ids));
    let claims: usize = group.portions.iter().map(|portion| portion.claims.len()).sum();
    Prompt {
        purpose: Purpose::Write,
        tier: Tier::Heavy,
        instructions: instructions(context, group, include_str!("../../prompts/write.md")),
        material,
        schema_name: "statements",
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["statements", "left_out"],
            "properties": {"statements": entries(), "left_out": left_out()},
        }),
        most_tokens: most_tokens(claims),
    }
}

/// A statement of some forty words, or the reason why there is none, for each claim.
pub(super) fn most_tokens(claims: usize) -> u32 {
    600 + 80 * u32::try_from(claims.min(150)).unwrap_or(150)
}

/// The core's instructions, then the recipe's: what is the same for all groups stands first.
pub(super) fn instructions(context: &Context, group: &Group, own: &str) -> String {
    let mut text = own.replace("{title}", &context.recipe.title);
    let mut seen: Vec<&str> = Vec::new();
    let sections = group.sections.iter().filter_map(|id| context.recipe.section(id));
    for guidance in sections.flat_map(|section| context.recipe.writing_guidance(section)) {
        if !seen.contains(&guidance) {
            text.push('\n');
            text.push_str(guidance);
            seen.push(guidance);
        }
    }
    text
}

pub(super) fn entries() -> Value {
    json!({"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["field", "text", "claims"],
        "properties": {
            "field": {"type": "integer"},
            "text": {"type": "string"},
            "claims": {"type": "array", "items": {"type": "integer"}},
        },
    }})
}

pub(super) fn left_out() -> Value {
    json!({"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["claim", "reason"],
        "properties": {
            "claim": {"type": "integer"},
            "reason": {"type": "string", "enum": ["repeated", "detail", "elsewhere", "unclear"]},
        },
    }})
}

/// Reads the statements.
pub(super) fn read(context: &Context, group: &Group, answer: &Value) -> Result<Answered, Unusable> {
    let answer = Answer::deserialize(answer).map_err(|_| Unusable::Form)?;
    let statements: Vec<(String, Written)> = answer
        .statements
        .into_iter()
        .filter_map(|entry| statement(context, group, &entry))
        .collect();
    if statements.is_empty() {
        return Err(Unusable::Nothing);
    }
    Ok(Answered {
        statements,
        left_out: reasons(group, answer.left_out),
    })
}

/// A statement of the group: in one of its fields, on at least one of its claims. Any other is nothing.
pub(super) fn statement(context: &Context, group: &Group, entry: &Entry) -> Option<(String, Written)> {
    let portion = group.portions.get(entry.field.checked_sub(1)?)?;
    let written = written(context, group, &entry.text, &entry.claims)?;
    Some((portion.field.clone(), written))
}

/// The text with those of the claims that belong to the group.
pub(super) fn written(_context: &Context, group: &Group, text: &str, claims: &[u32]) -> Option<Written> {
    let text = text
        .replace('\u{2039}', "<")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let mut known: Vec<ClaimId> = Vec::new();
    for id in claims.iter().map(|number| ClaimId(*number)) {
        let of_group = group.portions.iter().any(|portion| portion.claims.contains(&id));
        if of_group && !known.contains(&id) {
            known.push(id);
        }
    }
    (!text.is_empty() && !known.is_empty()).then_some(Written { text, claims: known })
}

pub(super) fn reasons(group: &Group, left_out: Vec<LeftOut>) -> BTreeMap<ClaimId, String> {
    left_out
        .into_iter()
        .map(|one| (ClaimId(one.claim), one.reason))
        .filter(|(id, _)| group.portions.iter().any(|portion| portion.claims.contains(id)))
        .collect()
}
