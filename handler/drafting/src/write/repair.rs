//! Mending: the flagged statements with what was said against them, and the claims that nobody used.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Value, json};

use super::writer::{self, Entry, LeftOut, Unusable};
use super::{Candidate, Context, Group, material};
use crate::claim::ClaimId;
use crate::compose::Written;
use crate::prompt::{Prompt, Purpose, Tier, fenced};

/// What a mender gave.
pub(super) struct Mended {
    /// For each statement that was asked about, its new version, if there is one.
    pub statements: Vec<Option<Written>>,
    /// New statements with the key of their field.
    pub added: Vec<(String, Written)>,
    /// Claims left out, with the reason.
    pub left_out: BTreeMap<ClaimId, String>,
}

#[derive(Deserialize)]
struct Answer {
    statements: Vec<Anew>,
    added: Vec<Entry>,
    left_out: Vec<LeftOut>,
}

#[derive(Deserialize)]
struct Anew {
    statement: usize,
    text: String,
    claims: Vec<u32>,
}

/// Asks for flagged statements anew. Only the claims that these may rest on are shown again.
pub(super) fn prompt(context: &Context, group: &Group, flagged: &[&Candidate], unused: &[ClaimId]) -> Prompt {
    let mut material = material::people(context);
    material.push_str(&material::fields(context, group));
    let mut shown: BTreeSet<ClaimId> = unused.iter().copied().collect();
    material.push_str("<statements>\n");
    for (candidate, number) in flagged.iter().zip(1..) {
        let claims = &candidate.written.claims;
        let ids: Vec<String> = claims.iter().map(|id| id.0.to_string()).collect();
        let _ = writeln!(
            material,
            "{number} {} [{}]",
            fenced(&candidate.written.text),
            ids.join(" ")
        );
        for complaint in candidate.complaints() {
            let _ = writeln!(material, "  found: {}", fenced(&complaint));
        }
        shown.extend(claims.iter().copied());
    }
    material.push_str("</statements>\n");
    if !unused.is_empty() {
        let ids: Vec<String> = unused.iter().map(|id| id.0.to_string()).collect();
        let _ = writeln!(material, "<unused>{}</unused>", ids.join(" "));
    }
    let ids = group
        .portions
        .iter()
        .zip(1..)
        .flat_map(|(portion, number)| portion.claims.iter().map(move |id| (Some(number), id)));
    material.push_str(&material::claims(
        context,
        ids.filter(|(_, id)| shown.contains(id)),
    ));
    Prompt {
        purpose: Purpose::Repair,
        tier: Tier::Heavy,
        instructions: writer::instructions(context, group, include_str!("../../prompts/repair.md")),
        material,
        schema_name: "mended",
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["statements", "added", "left_out"],
            "properties": {
                "statements": {"type": "array", "items": {
                    "type": "object", "additionalProperties": false, "required": ["statement", "text", "claims"],
                    "properties": {
                        "statement": {"type": "integer"},
                        "text": {"type": "string"},
                        "claims": {"type": "array", "items": {"type": "integer"}},
                    },
                }},
                "added": writer::entries(),
                "left_out": writer::left_out(),
            },
        }),
        most_tokens: writer::most_tokens(flagged.len() + unused.len()),
    }
}

/// Reads what was mended of `asked` statements.
pub(super) fn read(
    context: &Context,
    group: &Group,
    asked: usize,
    answer: &Value,
) -> Result<Mended, Unusable> {
    let answer = Answer::deserialize(answer).map_err(|_| Unusable::Form)?;
    let mut statements = vec![None; asked];
    for anew in answer.statements {
        let place = anew.statement.checked_sub(1);
        if let Some(slot) = place.and_then(|place| statements.get_mut(place)) {
            *slot = writer::written(context, group, &anew.text, &anew.claims);
        }
    }
    let added = answer
        .added
        .into_iter()
        .filter_map(|entry| writer::statement(context, group, &entry));
    Ok(Mended {
        statements,
        added: added.collect(),
        left_out: writer::reasons(group, answer.left_out),
    })
}
