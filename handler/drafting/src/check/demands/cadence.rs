//! Three things in a row, sentence after sentence: a habit of machines that tires whoever must read it.

use std::collections::BTreeMap;

use super::{Found, Scope, unquoted};
use crate::document::split_sentences;
use crate::finding::Subject;
use crate::recipe::demands::Cadence;

/// The most words of one of the things listed; more is a clause and no item.
const ITEM: usize = 4;

/// Fields in which more sentences list three things than may, by number and by share.
pub(super) fn threes(scope: &Scope, sought: Cadence) -> Found {
    let mut fields: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (_, field, statement) in scope.statements() {
        let text = unquoted(&statement.text);
        let (threes, all) = fields.entry(field).or_default();
        for (start, end) in split_sentences(&text) {
            *all += 1;
            *threes += usize::from(lists_three(text.get(start..end).unwrap_or_default()));
        }
    }
    let too_many = fields
        .into_iter()
        .filter(|(_, (threes, all))| *threes > sought.most && share(*threes, *all) > sought.share);
    too_many
        .map(|(field, (threes, all))| {
            let message = format!("{threes} of its {all} sentences list three things");
            (Subject::Field(field.to_owned()), message)
        })
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sentences of a document are far fewer than a float can count"
)]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Whether a sentence lists exactly three short things: "calm, kind and patient".
fn lists_three(sentence: &str) -> bool {
    [" and ", " or "].iter().any(|last| {
        sentence.match_indices(last).any(|(at, _)| {
            let before = sentence.get(..at).unwrap_or_default().trim_end_matches(',');
            // What stands before the first of two commas is a clause, or a fourth thing.
            let only = before
                .rsplit_once(", ")
                .filter(|(first, _)| !first.contains(", "));
            only.is_some_and(|(_, second)| is_item(second))
        })
    })
}

fn is_item(text: &str) -> bool {
    (1..=ITEM).contains(&text.split_whitespace().count())
}

#[cfg(test)]
mod tests {
    use super::lists_three;

    #[test]
    fn exactly_three_short_things_count() {
        for (sentence, expected) in [
            ("He is calm, kind and patient.", true),
            ("She needs rest, quiet, and time.", true),
            ("He may draw, paint or build.", true),
            ("He is calm and kind.", false),
            ("He likes trains, boats, planes and cars.", false),
            (
                "When it is loud, which happens on most days in the hall, he leaves and hides.",
                false,
            ),
            ("He reads.", false),
        ] {
            assert_eq!(lists_three(sentence), expected, "{sentence}");
        }
    }
}
