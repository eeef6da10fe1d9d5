//! Who and what may be named, who must have been asked, and numbers that identify.

use super::{Found, Scope, is_officers};
use crate::finding::Subject;
use crate::recipe::ValueKind;
use crate::recipe::demands::{CheckDigit, Consulted, NoProfessional};
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

/// Statements with a title and a name.
pub(super) fn professionals(scope: &Scope, sought: &NoProfessional) -> Found {
    let may: Vec<String> = sought
        .but
        .iter()
        .filter_map(|key| scope.value(key))
        .flat_map(|name| name.split_whitespace().map(fold))
        .collect();
    let mut found = Found::new();
    for (_, _, statement) in scope
        .statements()
        .filter(|(_, _, statement)| !is_officers(statement))
    {
        let words: Vec<&str> = statement.text.split_whitespace().collect();
        let named = words.windows(2).any(|pair| {
            let [title, name] = pair else { return false };
            let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            let (title, name) = (bare(title), bare(name));
            let own = name
                .strip_suffix("'s")
                .or_else(|| name.strip_suffix("\u{2019}s"))
                .unwrap_or(&name);
            sought.titles.contains(&title)
                && own.chars().next().is_some_and(char::is_uppercase)
                && !may.contains(&fold(own))
        });
        if named {
            found.push((
                Subject::Statement(statement.id.clone()),
                "it names a professional: services and roles stand in a plan, people change".into(),
            ));
        }
    }
    found
}

/// Numbers whose check digit is wrong: somebody mistyped one.
pub(super) fn check_digit(scope: &Scope, kind: CheckDigit) -> Result<Found, String> {
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
        let right = match kind {
            CheckDigit::NhsNumber => is_nhs_number(&statement.text),
        };
        if !right {
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
