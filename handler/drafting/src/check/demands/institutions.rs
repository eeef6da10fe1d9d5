//! Schools and other institutions by their names.

use crate::recipe::demands::NoInstitution;

/// Whether a text names an institution: a kind in capitals behind a proper name, as in "Fernside Primary Academy". What is
/// ordinary before a kind ("the Forest School") and a role behind it ("Community School Nurse") make no name.
pub(super) fn named(text: &str, sought: &NoInstitution) -> bool {
    // A name does not go over a mark: "In Bath, School staff".
    let parts = text.split(['.', ',', ';', ':', '(', ')', '/', '\n']);
    parts.map(words).any(|words| {
        let kinds = (0..words.len()).filter(|at| words.get(*at).is_some_and(|word| is_kind(word, sought)));
        let mut names = kinds.filter(|at| {
            let before = words.get(..*at).unwrap_or_default();
            let behind = words.get(at + 1);
            let of_role = behind.is_some_and(|word| is_capital(word) && !is_kind(word, sought));
            is_named(before, sought) && !of_role
        });
        names.next().is_some()
    })
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_kind(word: &str, sought: &NoInstitution) -> bool {
    sought.kinds.iter().any(|kind| kind == word)
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Whether the last word before a kind, other kinds and ordinary words aside, is a proper name.
fn is_named(before: &[&str], sought: &NoInstitution) -> bool {
    let is_ordinary = |word: &str| sought.ordinary.iter().any(|own| own == word);
    let name = before
        .iter()
        .rev()
        .find(|word| !is_kind(word, sought) && !is_ordinary(word));
    name.is_some_and(|name| is_capital(name) && name.len() > 1)
}
