//! Earlier versions of a report: a draft beside the final one, a second upload of an amended copy.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::case::{Case, Source};
use crate::extract::Extracted;
use crate::recipe::Recipe;
use crate::recipe::lexicon::{Lexicon, fold};

/// A source that is an earlier version of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The earlier one, by number.
    pub older: u16,
    /// The one that takes its place.
    pub newer: u16,
}

/// The share of its sentences that an earlier version of a like-named file has in common with the later one.
const SHARED: f64 = 0.25;
/// Likewise, whatever the files are called: so much is not common to two reports of one author.
const MOSTLY_SHARED: f64 = 0.6;

/// The earlier versions among the sources that are drafted from. Two files are versions of one report when they are of
/// one kind of advice, their names are the same but for marks of version or nearly all of their text is, and date or
/// marks tell which is the later.
pub(super) fn versions(recipe: &Recipe, case: &Case, extracted: &[Extracted]) -> Vec<Version> {
    let drafted = |source: &&Source| extracted.iter().any(|one| one.source == source.number);
    let sources: Vec<&Source> = case.sources.iter().filter(drafted).collect();
    let mut versions = Vec::new();
    for (index, a) in sources.iter().enumerate() {
        for b in sources.iter().skip(index + 1) {
            if a.advice != b.advice || !are_versions(&recipe.lexicon, a, b) {
                continue;
            }
            versions.extend(match later(&recipe.lexicon, a, b) {
                Ordering::Less => Some((a, b)),
                Ordering::Greater => Some((b, a)),
                // Nothing tells which is the later: both are drafted from, and where they differ is a conflict.
                Ordering::Equal => None,
            });
        }
    }
    let version = |(older, newer): (&&Source, &&Source)| Version {
        older: older.number,
        newer: newer.number,
    };
    versions.into_iter().map(version).collect()
}

fn are_versions(lexicon: &Lexicon, a: &Source, b: &Source) -> bool {
    let shared = shared(a, b);
    shared >= MOSTLY_SHARED || shared >= SHARED && stem(lexicon, a) == stem(lexicon, b)
}

/// The share of the sentences of the shorter that stand in the longer.
fn shared(a: &Source, b: &Source) -> f64 {
    let sentences = |source: &Source| -> BTreeSet<String> {
        let document = source.content.as_ref().ok();
        let sentences = document.into_iter().flat_map(|document| &document.sentences);
        sentences.map(|sentence| fold(&sentence.text)).collect()
    };
    let (a, b) = (sentences(a), sentences(b));
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let shorter = a.len().min(b.len());
    if shorter == 0 {
        return 0.0;
    }
    count(a.intersection(&b).count()) / count(shorter)
}

/// The name of a file without what tells versions apart.
fn stem(lexicon: &Lexicon, source: &Source) -> String {
    let bare = lexicon.document.version_marks.blanked(&title(source));
    bare.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The folded name of a file without its extension.
fn title(source: &Source) -> String {
    let name = source.name.as_str();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    fold(&stem.replace(['_', '-'], " "))
}

/// Which is the later: by the date of the advice, else by the marks of version in the names.
fn later(lexicon: &Lexicon, a: &Source, b: &Source) -> Ordering {
    let dates = a.date.zip(b.date).map_or(Ordering::Equal, |(a, b)| a.cmp(&b));
    dates.then_with(|| rank(lexicon, a).cmp(&rank(lexicon, b)))
}

/// Drafts come before what says nothing of itself, that before what is final; then by number.
fn rank(lexicon: &Lexicon, source: &Source) -> (u8, u32) {
    let (head, title) = (&lexicon.document, title(source));
    let state = match (head.unfinished.found(&title), head.finished.found(&title)) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    };
    let number = head.version.first(&title).and_then(|number| {
        let (whole, _) = number.split_once('.').unwrap_or((number, ""));
        whole.parse().ok()
    });
    (state, number.unwrap_or(0))
}
