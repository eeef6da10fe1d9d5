//! How much of what there may be, how it is typed, and what must be given.

use std::collections::BTreeMap;

use super::{Found, Scope, is_officers};
use crate::document::split_sentences;
use crate::draft::Statement;
use crate::finding::Subject;
use crate::recipe::demands::{Count, Mark, Words};

/// The statements of the rule's places by their field.
fn by_field<'a>(scope: &Scope<'a>) -> BTreeMap<&'a str, Vec<&'a Statement>> {
    let mut fields: BTreeMap<&str, Vec<&Statement>> = BTreeMap::new();
    for (_, field, statement) in scope.statements() {
        fields.entry(field).or_default().push(statement);
    }
    fields
}

fn beyond(sought: Count, count: usize) -> Option<String> {
    let wrong = count > sought.most || (count > 0 && count < sought.least);
    wrong.then(|| format!("there are {count}, {} to {} are usual", sought.least, sought.most))
}

pub(super) fn count(scope: &Scope, sought: Count) -> Found {
    if sought.each_field {
        let fields = by_field(scope).into_iter();
        return fields
            .filter_map(|(field, all)| Some((Subject::Field(field.to_owned()), beyond(sought, all.len())?)))
            .collect();
    }
    let message = beyond(sought, scope.statements().count());
    message
        .map(|message| (Subject::Case, message))
        .into_iter()
        .collect()
}

/// The sentences of each field.
pub(super) fn sentences(scope: &Scope, sought: Count) -> Found {
    let fields = by_field(scope).into_iter().map(|(field, all)| {
        let count: usize = all
            .iter()
            .map(|statement| split_sentences(&statement.text).len())
            .sum();
        (field, count)
    });
    fields
        .filter(|(_, count)| *count > sought.most || *count < sought.least)
        .map(|(field, count)| {
            let message = format!(
                "it has {count} sentences, {} to {} are wanted",
                sought.least, sought.most
            );
            (Subject::Field(field.to_owned()), message)
        })
        .collect()
}

/// The words of all statements together.
pub(super) fn words(scope: &Scope, sought: Words) -> Found {
    let count: usize = scope
        .statements()
        .map(|(_, _, statement)| statement.text.split_whitespace().count())
        .sum();
    let message = match sought.most {
        Some(most) if count > most => format!("{count} words stand here, at most {most} are wanted"),
        _ if count < sought.least => {
            format!("{count} words stand here, at least {} are wanted", sought.least)
        }
        _ => return Found::new(),
    };
    vec![(Subject::Case, message)]
}

/// Statements that are typed with a mark.
pub(super) fn free_of(scope: &Scope, marks: &[Mark]) -> Found {
    let statements = scope.statements();
    statements
        .filter_map(|(_, _, statement)| {
            let mark = marks.iter().find(|mark| is_typed(&statement.text, **mark))?;
            let what = match mark {
                Mark::Bullets => "a bullet, a dash or a number opens a line",
                Mark::LineBreaks => "it has more than one line",
                Mark::QuotationMarks => "it has quotation marks",
            };
            Some((Subject::Statement(statement.id.clone()), what.to_owned()))
        })
        .collect()
}

fn is_typed(text: &str, mark: Mark) -> bool {
    match mark {
        Mark::LineBreaks => text.trim().contains('\n'),
        Mark::QuotationMarks => text.contains(['"', '\u{201c}', '\u{201d}', '\u{201e}']),
        Mark::Bullets => text.lines().any(|line| {
            let line = line.trim_start();
            let numbered = line
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .strip_prefix(['.', ')'])
                .is_some_and(|rest| rest.starts_with(' ') && line.starts_with(|c: char| c.is_ascii_digit()));
            numbered
                || line.starts_with(['\u{2022}', '\u{25aa}', '\u{25cf}', '\u{b7}'])
                || line.starts_with("- ")
                || line.starts_with("* ")
                || line.starts_with("\u{2013} ")
        }),
    }
}

/// Facts of which none of a group is given. The question goes to a person; nobody can write what no source holds.
pub(super) fn filled(scope: &Scope, wanted: &[Vec<String>]) -> Found {
    let given = |key: &String| {
        let mut fields = scope.draft.sections.iter().flat_map(|section| &section.fields);
        fields.any(|field| field.key == *key && !field.content.statements().is_empty())
    };
    let open = wanted.iter().filter(|group| !group.iter().any(given));
    open.filter_map(|group| {
        let key = group.first()?;
        let label = scope
            .view
            .recipe
            .field(key)
            .map_or(key.as_str(), |field| field.label.as_str());
        let message =
            format!("no source gives \u{201c}{label}\u{201d}, and it is wanted: a person must find it out");
        Some((Subject::Field(key.clone()), message))
    })
    .collect()
}

/// Fields in which the officer says something else than the sentence that is wanted where no source gives anything.
pub(super) fn wanted_when_empty(scope: &Scope, wanted: &BTreeMap<String, String>) -> Found {
    let mut found = Found::new();
    for (key, sentence) in wanted {
        let mut fields = scope.draft.sections.iter().flat_map(|section| &section.fields);
        let Some(field) = fields.find(|field| field.key == *key) else {
            continue;
        };
        let statements = field.content.statements();
        // In an empty field the sentence stands by itself: see `Recipe::nil_of`.
        let officers_alone = !statements.is_empty() && statements.iter().all(is_officers);
        if officers_alone
            && !statements
                .iter()
                .any(|statement| statement.text.trim() == sentence)
        {
            let message =
                format!("no source fills it, and the sentence \u{201c}{sentence}\u{201d} is wanted there");
            found.push((Subject::Field(key.clone()), message));
        }
    }
    found
}
