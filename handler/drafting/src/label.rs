//! Claims found by a model that points: prompts of numbered sentences, answers of grouped labels.
//!
//! The model never types a quote. It names the sentences that say something and what they are; code looks the words up,
//! parses the specifics from them, and drops what points at nothing. What was found without a model stays beside it:
//! facts of forms, sentences that speak to a machine, expressly replaced advice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::case::{Case, Source};
use crate::claim::Claim;
use crate::document::{Document, Place, Sentence, SentenceId};
use crate::draft::NotUsed;
use crate::extract::{self, Extracted};
use crate::prompt::{Prompt, Purpose, Tier, fenced};
use crate::recipe::lexicon::fold;
use crate::recipe::{Recipe, Role};

mod answer;
mod shown;

pub use answer::{Labelled, Unreadable};
pub use shown::{Shown, rests_on, shown, told, withhold};

/// The most sentences of one prompt. A longer source is asked about in parts.
pub const MOST_SENTENCES: usize = 260;

/// A prompt about sentences, with what its numbers stand for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What to ask.
    pub prompt: Prompt,
    /// The sentence behind each number, from 1.
    lines: Vec<SentenceId>,
}

/// The prompts for one source; none when it could not be read or holds no sentence. `hidden` are its sentences that
/// speak to a machine, as far as code sees it: they are not even shown to the model.
#[must_use]
pub fn prompts(recipe: &Recipe, source: &Source, hidden: &[SentenceId]) -> Vec<Asked> {
    let Ok(document) = &source.content else {
        return Vec::new();
    };
    let parts = document.sentences.chunks(MOST_SENTENCES);
    parts
        .map(|part| {
            let mut material = format!("<source {}>\n", attributes(recipe, source));
            let lines = numbered(recipe, &mut material, part, hidden, 0);
            material.push_str("</source>\n");
            asked(recipe, Purpose::Label, material, lines)
        })
        .collect()
}

/// The prompt about sentences of `documents` that look like claims and of which no claim was made; `None` when there
/// are none. The limit is that of one prompt; what is beyond it is listed as unclaimed without being asked about.
#[must_use]
pub fn again(recipe: &Recipe, case: &Case, documents: &[Extracted]) -> Option<Asked> {
    let mut material = String::new();
    let mut lines = Vec::new();
    for extracted in documents {
        let source = case
            .sources
            .iter()
            .find(|source| source.number == extracted.source)?;
        let Ok(document) = &source.content else { continue };
        let left: Vec<Sentence> = unclaimed(recipe, document, extracted)
            .take(MOST_SENTENCES.saturating_sub(lines.len()))
            .cloned()
            .collect();
        if left.is_empty() {
            continue;
        }
        let _ = writeln!(material, "<source {}>", attributes(recipe, source));
        let more = numbered(recipe, &mut material, &left, &extracted.instructions, lines.len());
        lines.extend(more);
        material.push_str("</source>\n");
    }
    (!lines.is_empty()).then(|| asked(recipe, Purpose::AskAgain, material, lines))
}

/// The sentences that look like a claim of the thread and are in none.
fn unclaimed<'d>(
    recipe: &'d Recipe,
    document: &'d Document,
    extracted: &'d Extracted,
) -> impl Iterator<Item = &'d Sentence> {
    let claimed: BTreeSet<SentenceId> = extracted
        .claims
        .iter()
        .flat_map(|claim| claim.sentences.iter().copied())
        .collect();
    document.sentences.iter().filter(move |sentence| {
        let settled = match extracted.asides.get(&sentence.id) {
            None | Some(NotUsed::Unclaimed | NotUsed::Context | NotUsed::Detail) => false,
            Some(_) => true,
        };
        !settled && !claimed.contains(&sentence.id) && extract::speaks(recipe, &sentence.text)
    })
}

/// Marks the sentences that look like a claim and of which, asked twice, no claim was made: a person should look.
pub fn settle(recipe: &Recipe, case: &Case, documents: &mut [Extracted]) {
    for extracted in documents {
        let source = case
            .sources
            .iter()
            .find(|source| source.number == extracted.source);
        let Some(Ok(document)) = source.map(|source| &source.content) else {
            continue;
        };
        let left: Vec<SentenceId> = unclaimed(recipe, document, extracted)
            .map(|sentence| sentence.id)
            .collect();
        extracted
            .asides
            .extend(left.into_iter().map(|id| (id, NotUsed::Unclaimed)));
    }
}

/// What a model's labels of one source make of it. `found` is what was found in it without a model: its facts, its
/// instructions and what it replaces are kept, its other claims give way.
#[must_use]
pub fn extracted(recipe: &Recipe, found: Extracted, labelled: Vec<Labelled>) -> Extracted {
    let is_fact = |claim: &Claim| {
        recipe
            .kind(&claim.kind)
            .is_some_and(|kind| kind.role == Role::Fact)
    };
    let placements = placements(&found);
    let areas = areas(&found);
    let mut all = Extracted {
        claims: found.claims.into_iter().filter(is_fact).collect(),
        ..found
    };
    for one in labelled {
        for id in &one.instructions {
            all.asides.insert(*id, NotUsed::Instruction);
        }
        all.instructions.extend(one.instructions);
        let mut claims = one.claims;
        for claim in &mut claims {
            let first = claim.sentences.first().copied();
            claim.placement = first.and_then(|id| placements.get(&(id, claim.kind.clone())).cloned());
            if claim.area.is_none() {
                claim.area = first.and_then(|id| areas.get(&(id, claim.kind.clone())).cloned());
            }
        }
        extract::append(&mut all.claims, claims);
    }
    all.instructions.sort();
    all.instructions.dedup();
    let hidden: BTreeSet<SentenceId> = all.instructions.iter().copied().collect();
    all.claims
        .retain(|claim| !claim.sentences.iter().any(|id| hidden.contains(id)));
    let cited: BTreeSet<SentenceId> = all
        .claims
        .iter()
        .flat_map(|claim| claim.sentences.iter().copied())
        .collect();
    all.asides
        .retain(|id, why| *why == NotUsed::Instruction || !cited.contains(id));
    all
}

/// Puts the answer about what was left over beside what is known of each source.
pub fn add(recipe: &Recipe, documents: &mut [Extracted], more: &Labelled) {
    for extracted in documents {
        let of_source = |claim: &&Claim| {
            claim
                .sentences
                .first()
                .is_some_and(|id| id.source == extracted.source)
        };
        let claims: Vec<Claim> = more.claims.iter().filter(of_source).cloned().collect();
        let instructions = more.instructions.iter().copied();
        let part = Labelled {
            claims,
            instructions: instructions.filter(|id| id.source == extracted.source).collect(),
            unusable: 0,
        };
        let known = std::mem::take(&mut extracted.claims);
        let empty = Extracted {
            claims: Vec::new(),
            ..extracted.clone()
        };
        let mut with_more = self::extracted(recipe, empty, vec![part]);
        let mut claims = known;
        extract::append(&mut claims, std::mem::take(&mut with_more.claims));
        with_more.claims = claims;
        *extracted = with_more;
    }
}

/// The section that the source itself names, by sentence and kind.
fn placements(found: &Extracted) -> BTreeMap<(SentenceId, String), String> {
    by_sentence(found, |claim| claim.placement.as_ref())
}

fn areas(found: &Extracted) -> BTreeMap<(SentenceId, String), String> {
    by_sentence(found, |claim| claim.area.as_ref())
}

fn by_sentence(
    found: &Extracted,
    value: impl Fn(&Claim) -> Option<&String>,
) -> BTreeMap<(SentenceId, String), String> {
    let mut all = BTreeMap::new();
    for claim in &found.claims {
        for id in &claim.sentences {
            if let Some(value) = value(claim) {
                all.insert((*id, claim.kind.clone()), value.clone());
            }
        }
    }
    all
}

/// Kind, author and date of a source, as prompts name it. Its file name stays out: councils put names into them.
pub(crate) fn attributes(recipe: &Recipe, source: &Source) -> String {
    let mut words = format!("number=\"{}\"", source.number);
    let title = source.advice.as_deref().and_then(|id| recipe.advice(id));
    let pairs = [
        ("kind", title.map(|advice| advice.title.clone())),
        ("author", source.author_role.clone()),
        ("date", source.date.map(|date| date.to_string())),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            let _ = write!(words, " {name}=\"{}\"", framing(recipe, &value).replace('"', "'"));
        }
    }
    words
}

/// Writes sentences under their headings, numbered on after `before`; gives what the numbers stand for.
fn numbered(
    recipe: &Recipe,
    material: &mut String,
    sentences: &[Sentence],
    hidden: &[SentenceId],
    before: usize,
) -> Vec<SentenceId> {
    let mut headings: &[String] = &[];
    for (sentence, number) in sentences.iter().zip(before + 1..) {
        if *sentence.headings != *headings {
            headings = &sentence.headings;
            let _ = writeln!(material, "# {}", framing(recipe, &headings.join(" > ")));
        }
        let text = if hidden.contains(&sentence.id) {
            WITHHELD.to_owned()
        } else {
            fenced(&sentence.text)
        };
        let _ = writeln!(material, "{number} {}{text}", frame(recipe, sentence));
    }
    sentences.iter().map(|sentence| sentence.id).collect()
}

/// What stands in a prompt instead of words that speak to a machine.
const WITHHELD: &str = "(withheld: speaks to a machine)";

/// Words around sentences (a heading, a table's head, an author's role) as prompts show them. Nothing is claimed from
/// them, so nobody would see that they speak to a machine: code looks at each.
pub(crate) fn framing(recipe: &Recipe, words: &str) -> String {
    if speaks_to_machine(recipe, words) {
        WITHHELD.to_owned()
    } else {
        fenced(words)
    }
}

/// Whether words speak to whoever drafts instead of about the subject, as far as code sees it.
pub(crate) fn speaks_to_machine(recipe: &Recipe, words: &str) -> bool {
    recipe.lexicon.signs.instruction.found(&fold(words))
}

/// The heads of the table around a cell, in square brackets.
pub(crate) fn frame(recipe: &Recipe, sentence: &Sentence) -> String {
    let Place::Cell {
        column_head,
        row_head,
        ..
    } = &sentence.place
    else {
        return String::new();
    };
    let heads: Vec<String> = row_head
        .iter()
        .chain(column_head)
        .map(|head| framing(recipe, head))
        .collect();
    if heads.is_empty() {
        return String::new();
    }
    format!("[{}] ", heads.join(" | "))
}

fn asked(recipe: &Recipe, purpose: Purpose, material: String, lines: Vec<SentenceId>) -> Asked {
    let mut instructions = include_str!("../prompts/label.md").replace("{title}", &recipe.title);
    if purpose == Purpose::AskAgain {
        instructions.push_str(include_str!("../prompts/ask_again.md"));
    }
    for text in recipe.reading_guidance() {
        instructions.push('\n');
        instructions.push_str(text);
    }
    // A label costs about five tokens; one sentence may have several.
    let most_tokens = 400 + 24 * u32::try_from(lines.len()).unwrap_or(u32::MAX / 32);
    let prompt = Prompt {
        purpose,
        tier: Tier::Fast,
        instructions,
        material,
        schema_name: "labels",
        schema: schema(recipe),
        most_tokens,
    };
    Asked { prompt, lines }
}

/// The form of the answer: groups first, then short lists of exceptions.
fn schema(recipe: &Recipe) -> Value {
    let kinds: Vec<&str> = recipe
        .kinds
        .iter()
        .filter(|kind| kind.role != Role::Fact)
        .map(|kind| kind.id.as_str())
        .collect();
    let areas: Vec<Value> = recipe
        .areas
        .iter()
        .map(|area| Value::from(area.id.as_str()))
        .chain([Value::Null])
        .collect();
    let items = json!({"type": "array", "items": {"type": "string"}});
    let exception = |name: &str, values: &[&str]| {
        json!({"type": "array", "items": {
            "type": "object", "additionalProperties": false, "required": [name, "items"],
            "properties": {name: {"type": "string", "enum": values}, "items": items},
        }})
    };
    json!({
        "type": "object", "additionalProperties": false,
        "required": ["groups", "speaker", "about", "strength", "negated", "time", "standing", "links", "instructions"],
        "properties": {
            "groups": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["kind", "area", "items"],
                "properties": {
                    "kind": {"type": "string", "enum": kinds},
                    "area": {"type": ["string", "null"], "enum": areas},
                    "items": items,
                },
            }},
            "speaker": exception("speaker", &["subject", "family", "professional"]),
            "about": exception("about", &["family", "other"]),
            "strength": exception("strength", &["recommended", "tentative"]),
            "negated": items,
            "time": exception("time", &["past", "superseded"]),
            "standing": exception("standing", &["in_place", "ended", "wished"]),
            "links": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["from", "to"],
                "properties": {"from": {"type": "string"}, "to": items},
            }},
            "instructions": items,
        },
    })
}
