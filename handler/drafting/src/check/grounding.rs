//! Every statement points at sentences, and its words stand in them.

use std::collections::BTreeSet;

use super::statement::{Citation, Reader, Written};
use super::{Findings, View, Wording, rules, support};
use crate::claim::Claim;
use crate::compose::shown;
use crate::document::{Place, Sentence};
use crate::draft::{Draft, DraftField, DraftSection, FieldContent, Statement, Support};
use crate::finding::{Severity, Subject};
use crate::identity;
use crate::recipe::{Form, ValueKind};
use crate::reconcile::conflict;

/// Checks every statement; gives the ids of those that must be taken out.
pub(super) fn check(
    view: &View,
    draft: &Draft,
    wording: Wording,
    findings: &mut Findings,
) -> BTreeSet<String> {
    let mut removed = BTreeSet::new();
    let reader = (wording == Wording::Written).then(|| {
        let claims = view.claims.values().copied();
        match &view.remembered {
            Some(remembered) => Reader::remembering(remembered, view.recipe, view.case, claims),
            None => Reader::new(view.recipe, view.case, claims),
        }
    });
    for (section, field, statement) in draft.statements() {
        if statement.support == Support::Officer {
            continue;
        }
        let subject = Subject::Statement(statement.id.clone());
        let Some(sentences) = sentences(view, statement) else {
            findings.add(
                &rules::UNCITED,
                subject,
                format!(
                    "a statement of `{}` had no evidence in the sources and was taken out",
                    field.key
                ),
                None,
            );
            removed.insert(statement.id.clone());
            continue;
        };
        let kind = view
            .recipe
            .field(&field.key)
            .map_or(ValueKind::Text, crate::recipe::Field::value_kind);
        let form = view.recipe.field(&field.key).map(|field| &field.form);
        let reader = reader.as_ref().filter(|_| !form.is_some_and(Form::is_fact));
        // Who may have written a statement anew may have left out a "not": then its words are all in its evidence.
        let borne = match reader {
            Some(_) => is_as_drafted(view, statement),
            None => worded(kind, &statement.text, &sentences),
        };
        if borne {
            continue;
        }
        if let Some(reader) = reader {
            if written(reader, view, (section, field), statement, &sentences, findings) {
                removed.insert(statement.id.clone());
            }
        } else {
            findings.add(
                &rules::WORDING,
                subject,
                format!(
                    "a statement of `{}` held words that are not in its sentences and was taken out",
                    field.key
                ),
                None,
            );
            removed.insert(statement.id.clone());
        }
    }
    check_nil(view, draft, findings);
    for conflict in draft.conflicts.iter().filter(|conflict| conflict.is_open()) {
        findings.add(
            &rules::CONFLICT,
            Subject::Field(conflict.attribute.clone()),
            format!("the sources give {} different values", conflict.values.len()),
            Some("decide which is right and put it into `choices` of case.json, or ask the authors".into()),
        );
    }
    chosen(view, draft, findings);
    removed
}

/// A section of which the officer says that there is nothing, and of which the sources say something.
fn check_nil(view: &View, draft: &Draft, findings: &mut Findings) {
    let chosen = |section: &&DraftSection| view.case.manifest.says_none(&section.id);
    for section in draft.sections.iter().filter(chosen) {
        let statements = section.fields.iter().flat_map(|field| field.content.statements());
        let count = statements
            .filter(|statement| statement.support != Support::Officer)
            .count();
        if count > 0 {
            findings.add(
                &rules::CONFLICT,
                Subject::Section(section.id.clone()),
                format!("case.json says that there is none, and the sources give {count}"),
                Some("withdraw the document that is wrong, or take the choice out of case.json".into()),
            );
        }
    }
}

/// Values that stand as settled although sources give another, and nobody chose.
fn chosen(view: &View, draft: &Draft, findings: &mut Findings) {
    let manifest = &view.case.manifest;
    let claims: Vec<Claim> = view
        .claims
        .values()
        .filter(|claim| claim.fact.is_some())
        .map(|claim| (*claim).clone())
        .collect();
    let fields = draft.sections.iter().flat_map(|section| &section.fields);
    for field in fields.filter(|field| !manifest.choices.contains_key(&field.key)) {
        let FieldContent::Value(statement) = &field.content else {
            continue;
        };
        let settled = statement.support == Support::Officer
            || draft
                .conflicts
                .iter()
                .any(|conflict| conflict.attribute == field.key);
        if !settled && conflict::values(view.recipe, view.case, &claims, &field.key).len() > 1 {
            findings.add(
                &rules::CONFLICT,
                Subject::Statement(statement.id.clone()),
                "another source gives another value, and one of them stands here as settled".into(),
                Some(
                    "decide which is right and put it into `choices` of case.json, or ask the authors".into(),
                ),
            );
        }
    }
}

/// Holds a statement in a model's words to the rules of statements; whether it must be taken out.
fn written(
    reader: &Reader,
    view: &View,
    (section, field): (&DraftSection, &DraftField),
    statement: &Statement,
    sentences: &[&Sentence],
    findings: &mut Findings,
) -> bool {
    let select = view
        .recipe
        .field(&field.key)
        .and_then(|field| field.form.select());
    let written = Written {
        text: &statement.text,
        section: Some(&section.id),
        area: select.and_then(|select| select.area.as_deref()),
        citations: sentences
            .iter()
            .map(|sentence| Citation { sentence, part: None })
            .collect(),
    };
    let found = reader.findings(&Subject::Statement(statement.id.clone()), &written);
    let critical = found.iter().any(|finding| finding.severity == Severity::Critical);
    findings.found.extend(found);
    critical
}

/// The sentences that a statement points at; `None` when it points at nothing, or at anything that is not there.
fn sentences<'a>(view: &View<'a>, statement: &Statement) -> Option<Vec<&'a Sentence>> {
    let mut all = Vec::new();
    // In the order in which writing looked at them.
    let ids: BTreeSet<_> = support(statement).iter().collect();
    for id in ids {
        let claim = view.claims.get(id)?;
        for sentence in &claim.sentences {
            all.push(view.sentence(*sentence)?);
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Whether it stands in the words of one of its claims, whole, as a draft without a model has them.
fn is_as_drafted(view: &View, statement: &Statement) -> bool {
    let mut claims = support(statement).iter().filter_map(|id| view.claims.get(id));
    claims.any(|claim| shown(&view.recipe.lexicon, view.case, claim) == statement.text)
}

/// Whether every word of `text` stands in the sentences or in what frames them (column and row heads, bold
/// leads). Dates agree in any notation.
fn worded(kind: ValueKind, text: &str, sentences: &[&Sentence]) -> bool {
    let mut evidence = BTreeSet::new();
    for sentence in sentences {
        evidence.extend(words(&sentence.text));
        evidence.extend(sentence.lead.iter().flat_map(|lead| words(lead)));
        if let Place::Cell {
            column_head,
            row_head,
            ..
        } = &sentence.place
        {
            evidence.extend(column_head.iter().chain(row_head).flat_map(|head| words(head)));
        }
    }
    match kind {
        ValueKind::Date if identity::date(text).is_some() => {
            let value = identity::date(text);
            sentences
                .iter()
                .any(|sentence| dates(&sentence.text).any(|date| Some(date) == value))
        }
        ValueKind::YesNo => match words(text).as_slice() {
            [word] if word == "no" => ["no", "not", "none", "never"]
                .iter()
                .any(|no| evidence.contains(*no)),
            // A yes may be implied ("lives with his foster carers"); it never stands on a sentence that denies.
            [word] if word == "yes" => {
                evidence.contains("yes")
                    || !["no", "not", "none", "never"]
                        .iter()
                        .any(|no| evidence.contains(*no))
            }
            all => all.iter().all(|word| evidence.contains(word)),
        },
        _ => words(text).iter().all(|word| evidence.contains(word)),
    }
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The dates in a text: every run of one, three or four words that reads as one.
fn dates(text: &str) -> impl Iterator<Item = jiff::civil::Date> + '_ {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_matches([',', '.', ';', ':', '(', ')']))
        .collect();
    let mut found = Vec::new();
    for start in 0..words.len() {
        for length in [1, 3, 4] {
            found.extend(
                words
                    .get(start..start + length)
                    .and_then(|run| identity::date(&run.join(" "))),
            );
        }
    }
    found.into_iter()
}
