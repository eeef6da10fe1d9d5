//! What writer, mender and judge are shown: fields, claims with their frames, people.

use std::fmt::Write as _;

use super::{Context, Group, is_list};
use crate::claim::{Claim, ClaimId, Speaker, Status, Strength, Time};
use crate::document::Sentence;
use crate::label::{frame, framing};
use crate::prompt::fenced;
use crate::recipe::{Role, ValueKind};
use crate::reconcile::sentence;

/// The fields of a group, numbered from 1.
pub(super) fn fields(context: &Context, group: &Group) -> String {
    let mut text = String::from("<fields>\n");
    for (portion, number) in group.portions.iter().zip(1..) {
        let Some((section, field)) = context
            .recipe
            .fields()
            .find(|(_, field)| field.key == portion.field)
        else {
            continue;
        };
        let form = if is_list(&field.form) { "list" } else { "passage" };
        let words = field
            .max_words
            .map(|most| format!(", at most {most} words"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "{number} Section {}, {} ({form}{words})",
            section.id, field.label
        );
    }
    text.push_str("</fields>\n");
    text
}

/// The day, and who is who as far as forms and manifest say.
pub(super) fn people(context: &Context) -> String {
    let mut text = format!("<about>\nday of drafting: {}\n", context.case.today);
    let child = context.case.manifest.child.as_ref();
    let told = [
        ("name", child.and_then(|child| child.name.as_deref())),
        ("called", child.and_then(|child| child.preferred_name.as_deref())),
        ("pronouns", child.and_then(|child| child.pronouns.as_deref())),
    ];
    for (name, value) in told {
        if let Some(value) = value {
            let _ = writeln!(text, "{name}: {}", fenced(value));
        }
    }
    let mut seen = Vec::new();
    for fact in context.all.claims.iter().filter_map(|claim| claim.fact.as_ref()) {
        let field = context.recipe.field(&fact.key);
        if let Some(field) = field.filter(|field| field.value_kind() == ValueKind::Name) {
            let line = format!("{}: {}", field.label, framing(context.recipe, &fact.value));
            if !seen.contains(&line) {
                let _ = writeln!(text, "{line}");
                seen.push(line);
            }
        }
    }
    text.push_str("</about>\n");
    text
}

/// The claims of some ids, each with its frame and its words, in the order given, each once.
pub(super) fn claims<'c>(
    context: &Context,
    ids: impl IntoIterator<Item = (Option<usize>, &'c ClaimId)>,
) -> String {
    let mut text = String::from("<claims>\n");
    let mut last = (0, String::new());
    for (field, id) in ids {
        let Some(claim) = context.claim(*id) else { continue };
        let source = claim.sentences.first().map_or(0, |id| id.source);
        let sentences: Vec<&Sentence> = claim
            .sentences
            .iter()
            .filter_map(|id| sentence(context.case, *id))
            .collect();
        let heading = sentences
            .first()
            .and_then(|s| s.headings.last())
            .cloned()
            .unwrap_or_default();
        if (source, &heading) != (last.0, &last.1) {
            let _ = writeln!(
                text,
                "-- {}; under: {}",
                author(context, source),
                framing(context.recipe, &heading)
            );
            last = (source, heading);
        }
        let field = field.map(|field| format!(" field {field}")).unwrap_or_default();
        let _ = write!(
            text,
            "{}{field} {}{}: ",
            claim.id.0,
            claim.kind,
            marks(context, claim)
        );
        if let Some(before) = sentences.first().and_then(|first| leading(context, first)) {
            let _ = write!(text, "(after: {}) ", fenced(&before.text));
        }
        for one in sentences {
            let _ = write!(text, "{}{} ", frame(context.recipe, one), fenced(&one.text));
        }
        text.push('\n');
    }
    text.push_str("</claims>\n");
    text
}

/// Who wrote a source and when: "Educational Psychologist, 2025-03-02".
pub(super) fn author(context: &Context, source: u16) -> String {
    let Some(source) = context.case.sources.iter().find(|one| one.number == source) else {
        return "unknown source".into();
    };
    let title = source.advice.as_deref().and_then(|id| context.recipe.advice(id));
    let role = source
        .author_role
        .clone()
        .or_else(|| title.map(|advice| advice.author.clone()))
        .unwrap_or_else(|| "author not named".into());
    let date = source.date.map(|date| format!(", {date}")).unwrap_or_default();
    format!("{}{date}", framing(context.recipe, &role))
}

/// What a writer must know of a claim beside its words.
fn marks(context: &Context, claim: &Claim) -> String {
    let mut marks = Vec::new();
    let serves: Vec<String> = claim.serves.iter().map(|id| id.0.to_string()).collect();
    if !serves.is_empty() {
        marks.push(format!("serves {}", serves.join(" ")));
    }
    let measure = context
        .recipe
        .kind(&claim.kind)
        .is_some_and(|kind| kind.role == Role::Measure);
    let source = claim.sentences.first().map_or(0, |id| id.source);
    let written_by = context
        .case
        .sources
        .iter()
        .find(|one| one.number == source)
        .and_then(|one| context.recipe.advice(one.advice.as_deref()?))
        .map(|advice| advice.speaker);
    let said = [
        (claim.strength == Strength::Tentative, "tentative"),
        (claim.negated, "denied"),
        (claim.time == Time::Past, "past"),
        (measure && claim.status == Some(Status::InPlace), "in place"),
        (
            claim.speaker == Speaker::Family && written_by != Some(Speaker::Family),
            "said by the family",
        ),
        (
            claim.speaker == Speaker::Subject && written_by != Some(Speaker::Subject),
            "said by the child or subject",
        ),
    ];
    marks.extend(
        said.iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, words)| (*words).to_owned()),
    );
    if marks.is_empty() {
        String::new()
    } else {
        format!(" ({})", marks.join(", "))
    }
}

/// The sentence before one that leans on it: "Since then ...", "This is ...". One that speaks to a machine is not shown.
fn leading<'c>(context: &Context<'c>, first: &Sentence) -> Option<&'c Sentence> {
    let word = first.text.split_whitespace().next()?.to_lowercase();
    let leans = [
        "since", "that", "this", "these", "it", "they", "such", "below", "as", "also", "however", "then",
        "both",
    ];
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let before = crate::document::SentenceId {
        number: first.id.number.checked_sub(1)?,
        ..first.id
    };
    let leans = leans.contains(&word) && !context.all.instructions.contains(&before);
    leans.then(|| sentence(context.case, before)).flatten()
}
