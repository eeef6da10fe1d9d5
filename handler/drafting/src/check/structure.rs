//! Sections, fields, closed sections, leftovers and length.

use std::sync::LazyLock;

use regex::Regex;

use super::{Findings, View, rules};
use crate::draft::{Draft, DraftField, DraftSection, FieldContent, Support};
use crate::finding::Subject;
use crate::recipe::lexicon::fold;
use crate::recipe::{Field, Form, Recipe, Role};

/// Template marks, placeholders in square brackets, and remarks of a machine about itself or its sources.
static LEFTOVER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\{\{|\}\}|\{%|%\}|\[[A-Z][A-Z ]{2,}\]|\bTBC\b|(?i)\blorem ipsum\b|\bas an ai\b|\bnot (provided|mentioned) in the (source|document)",
    )
    .ok()
});

pub(super) fn check(view: &View, draft: &Draft, findings: &mut Findings) {
    let expected: Vec<&str> = view
        .recipe
        .sections
        .iter()
        .map(|section| section.id.as_str())
        .collect();
    let present: Vec<&str> = draft.sections.iter().map(|section| section.id.as_str()).collect();
    if expected != present {
        findings.add(
            &rules::SECTIONS,
            Subject::Case,
            format!(
                "the draft has the sections {}, the recipe wants {}",
                present.join(" "),
                expected.join(" ")
            ),
            None,
        );
    }
    for section in &draft.sections {
        check_section(view, section, findings);
    }
    for (_, field, statement) in draft.statements() {
        let officers = statement.support == Support::Officer;
        let subject = Subject::Statement(statement.id.clone());
        words(findings, &field.key, &subject, &statement.text, officers);
    }
}

/// What no statement may hold, whoever wrote it; the officer may name a medicine.
pub(super) fn words(findings: &mut Findings, field: &str, subject: &Subject, text: &str, officers: bool) {
    let leftover = LEFTOVER.as_ref().is_none_or(|pattern| pattern.is_match(text));
    if text.trim().is_empty() || leftover {
        findings.add(
            &rules::LEFTOVER,
            subject.clone(),
            format!("a statement of `{field}` is empty or holds a placeholder"),
            Some("write it by hand from its source, or take it out".into()),
        );
    }
    let recipe = findings.recipe;
    let threaded = recipe
        .field(field)
        .and_then(|field| field.form.select())
        .is_some_and(|select| select.kinds.iter().any(|kind| is_threaded(recipe, kind)));
    if threaded && !officers && recipe.lexicon.signs.withheld.found(&fold(text)) {
        findings.add(
            &rules::WITHHELD,
            subject.clone(),
            "it names what the document leaves to other papers, such as a medicine".into(),
            Some("say what it is for instead: \u{201c}medicine for epilepsy\u{201d}".into()),
        );
    }
}

fn is_threaded(recipe: &Recipe, kind: &str) -> bool {
    recipe
        .kind(kind)
        .is_some_and(|kind| matches!(kind.role, Role::Need | Role::Measure | Role::Outcome))
}

fn check_section(view: &View, section: &DraftSection, findings: &mut Findings) {
    let Some(wanted) = view.recipe.section(&section.id) else {
        return;
    };
    let keys: Vec<&str> = section.fields.iter().map(|field| field.key.as_str()).collect();
    let wanted_keys: Vec<&str> = wanted.fields.iter().map(|field| field.key.as_str()).collect();
    let filled = section
        .fields
        .iter()
        .any(|field| field.content != FieldContent::Empty);
    if wanted.closed.is_some() {
        if filled {
            findings.add(
                &rules::CLOSED,
                Subject::Section(section.id.clone()),
                format!(
                    "section {} is closed in a draft and must hold nothing of its own",
                    section.id
                ),
                None,
            );
        }
    } else if keys != wanted_keys {
        findings.add(
            &rules::SECTIONS,
            Subject::Section(section.id.clone()),
            format!("the fields of section {} are not those of the recipe", section.id),
            None,
        );
    }
    for (field, wanted) in section.fields.iter().zip(&wanted.fields) {
        check_length(field, wanted, findings);
    }
}

fn check_length(field: &DraftField, wanted: &Field, findings: &mut Findings) {
    let (Some(most), Form::Passage(_)) = (wanted.max_words, &wanted.form) else {
        return;
    };
    let words: usize = field
        .content
        .statements()
        .iter()
        .map(|s| s.text.split_whitespace().count())
        .sum();
    if words > most {
        findings.add(
            &rules::WORDS,
            Subject::Field(field.key.clone()),
            format!(
                "\u{201c}{}\u{201d} holds {words} words, at most {most} are wanted",
                wanted.label
            ),
            Some("shorten it by hand; the report has every statement's source".into()),
        );
    }
}
