//! Who and what may be named, who must have been asked, and numbers that identify.

use super::{Found, Scope, is_officers, unquoted};
use crate::finding::Subject;
use crate::recipe::ValueKind;
use crate::recipe::demands::{Called, Consulted};
use crate::recipe::lexicon::fold;

/// Statements that name the value of a fact.
pub(super) fn unnamed(scope: &Scope, keys: &[String]) -> Result<Found, String> {
    let values: Vec<(&str, String)> = keys
        .iter()
        .filter_map(|key| {
            let value = scope.value(key)?;
            // "Ashbourne Lane Primary School, Wickmoor" is named without its town.
            let name = fold(value.split(',').next().unwrap_or(value));
            (name.split_whitespace().count() > 1).then_some((key.as_str(), name))
        })
        .collect();
    if values.is_empty() {
        return Err("the draft does not hold the value".into());
    }
    let mut found = Found::new();
    for (_, _, statement) in scope
        .statements()
        .filter(|(_, _, statement)| !is_officers(statement))
    {
        let folded = fold(&statement.text);
        for (key, name) in &values {
            if folded.contains(name.as_str()) {
                let label = scope
                    .view
                    .recipe
                    .field(key)
                    .map_or(*key, |field| field.label.as_str());
                found.push((
                    Subject::Statement(statement.id.clone()),
                    format!("it names the value of \u{201c}{label}\u{201d}"),
                ));
            }
        }
    }
    Ok(found)
}

/// The subject under more than one name: the rarer ones are told of, in each statement.
pub(super) fn called(scope: &Scope, sought: &Called) -> Result<Found, String> {
    let child = scope.view.case.manifest.child.as_ref();
    let told = |key: &str, own: Option<&String>| {
        let value = scope.value(key).or(own.map(String::as_str))?;
        value.split_whitespace().next().map(str::to_owned)
    };
    let first = told(&sought.name, child.and_then(|child| child.name.as_ref()));
    let preferred = told(
        &sought.preferred,
        child.and_then(|child| child.preferred_name.as_ref()),
    );
    let mut names: Vec<String> = first.into_iter().chain(preferred).collect();
    names.dedup();
    if names.is_empty() {
        return Err("nobody says what the subject is called".into());
    }
    let mut uses: Vec<(String, Vec<&str>)> = names.into_iter().map(|name| (name, Vec::new())).collect();
    for (_, field, statement) in scope
        .statements()
        .filter(|(_, _, statement)| !is_officers(statement))
    {
        // A value of a form is as the form has it.
        if scope
            .view
            .recipe
            .field(field)
            .is_none_or(|field| field.form.is_fact())
        {
            continue;
        }
        let own = unquoted(&statement.text);
        for (name, ids) in &mut uses {
            let mut words = own.split(|c: char| !c.is_alphanumeric() && c != '-');
            if words.any(|word| word == name) {
                ids.push(&statement.id);
            }
        }
    }
    uses.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
    let rarer = uses.into_iter().skip(1).flat_map(|(_, ids)| ids);
    Ok(rarer
        .map(|id| {
            let message = "it calls the subject by another name than most of the draft".to_owned();
            (Subject::Statement(id.to_owned()), message)
        })
        .collect())
}

/// NHS numbers whose check digit is wrong: somebody mistyped one.
pub(super) fn nhs_numbers(scope: &Scope) -> Result<Found, String> {
    let mut seen = false;
    let mut found = Found::new();
    for (_, field, statement) in scope.statements() {
        let is_number = scope
            .view
            .recipe
            .field(field)
            .is_some_and(|field| field.value_kind() == ValueKind::Number);
        if !is_number {
            continue;
        }
        seen = true;
        if !is_nhs_number(&statement.text) {
            found.push((
                Subject::Statement(statement.id.clone()),
                "its check digit is wrong: a digit was mistyped, in the source or when it was made".into(),
            ));
        }
    }
    if seen {
        Ok(found)
    } else {
        Err("the draft holds no such number".into())
    }
}

/// Ten digits, the last of which follows from the others by modulus 11 (NHS Data Dictionary, NHS NUMBER).
fn is_nhs_number(text: &str) -> bool {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .filter_map(|c| c.to_digit(10))
        .collect();
    let Some((check, first)) = digits.split_last().filter(|_| digits.len() == 10) else {
        return false;
    };
    let sum: u32 = first
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    (11 - sum % 11) % 11 == *check
}

/// What calls for somebody's advice, where it is not there.
pub(super) fn consulted(scope: &Scope, sought: &Consulted) -> Found {
    let there = scope.view.case.sources.iter().any(|source| {
        let kind = source
            .advice
            .as_deref()
            .and_then(|id| scope.view.recipe.advice(id));
        kind.is_some_and(|kind| sought.advice.iter().any(|id| kind.counts_as(id)))
            && source.content.is_ok()
            && !scope.view.kept_out.contains(&source.number)
    });
    let first = scope
        .statements()
        .find(|(_, _, statement)| !there && sought.phrases.found(&fold(&statement.text)));
    first
        .map(|(_, _, statement)| {
            let titles: Vec<&str> = sought
                .advice
                .iter()
                .filter_map(|id| scope.view.recipe.advice(id))
                .map(|advice| advice.author.as_str())
                .collect();
            let message = format!(
                "it calls for the advice of {}, and there is none",
                titles.join(" or ")
            );
            (Subject::Statement(statement.id.clone()), message)
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_nhs_number;

    #[test]
    fn a_check_digit_follows_from_the_others() {
        // The first is the example of the NHS Data Dictionary; 999 begins numbers that are never given out.
        for (number, right) in [
            ("943 476 5919", true),
            ("9434765919", true),
            ("943 476 5918", false),
            ("943 476 591", false),
            ("", false),
        ] {
            assert_eq!(is_nhs_number(number), right, "{number}");
        }
    }
}
