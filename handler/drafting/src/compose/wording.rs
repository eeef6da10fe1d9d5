//! The words of a claim as they stand in the draft: those of its sentences and nothing else.

use crate::case::Case;
use crate::claim::Claim;
use crate::document::{Place, Sentence};
use crate::recipe::lexicon::Lexicon;
use crate::reconcile::sentence;

/// The sentences of a claim, joined. Cells of a row are joined by commas.
pub(super) fn wording(case: &Case, claim: &Claim) -> String {
    let mut text = String::new();
    let mut before: Option<&Sentence> = None;
    for next in claim.sentences.iter().filter_map(|id| sentence(case, *id)) {
        text.push_str(before.map_or("", |before| between(before, next)));
        text.push_str(bare(next));
        before = Some(next);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a claim as they are shown: without those that tell who another person is.
pub(crate) fn shown(lexicon: &Lexicon, case: &Case, claim: &Claim) -> String {
    let text = wording(case, claim);
    let parts: Vec<&str> = lexicon.people.telling_who(&text).collect();
    parts
        .iter()
        .fold(text.clone(), |text, part| text.replacen(part, "", 1))
}

fn between(before: &Sentence, next: &Sentence) -> &'static str {
    let column = |sentence: &Sentence| match &sentence.place {
        Place::Cell { column, .. } => Some(*column),
        Place::Paragraph | Place::ListItem { .. } => None,
    };
    let apart = column(before) != column(next) && !before.text.ends_with(['.', '!', '?', ';', ',', ':']);
    if apart { ", " } else { " " }
}

/// The sentence without a bullet that its reader left at its beginning.
fn bare(sentence: &Sentence) -> &str {
    sentence.text.trim_start_matches([
        '\u{2022}', '\u{25aa}', '\u{25cf}', '\u{2013}', '-', '*', '\u{b7}', ' ',
    ])
}

/// The text with `{name}` replaced by its value.
pub(super) fn filled(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}
