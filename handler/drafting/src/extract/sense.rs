//! The kind that a sentence's own words tell.

use crate::recipe::lexicon::{Cues, Lexicon};

/// What a strong cue weighs against weak ones.
const STRONG: usize = 3;

/// How strongly a sentence speaks for one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sense<'l> {
    /// The kind's cues.
    pub cues: &'l Cues,
    /// Strong cues found.
    pub strong: usize,
    /// All cues, weighed. What follows a turn ("but") counts twice.
    pub weight: usize,
}

impl PartialEq for Cues {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Cues {}

/// What a folded sentence says for each of the kinds that `allowed` lets through; only kinds with a cue.
pub(crate) fn senses<'l>(
    lexicon: &'l Lexicon,
    folded: &str,
    allowed: impl Fn(&str) -> bool,
) -> Vec<Sense<'l>> {
    let (before, after) = parts(lexicon, folded);
    let sense = |cues: &'l Cues| {
        let (strong, weight) = counts(cues, before);
        let (strong_after, weight_after) = counts(cues, after);
        Sense {
            cues,
            strong: strong + strong_after,
            weight: weight + 2 * weight_after,
        }
    };
    lexicon
        .cues
        .iter()
        .filter(|cues| allowed(&cues.kind))
        .map(sense)
        .filter(|sense| sense.weight > 0)
        .collect()
}

fn counts(cues: &Cues, text: &str) -> (usize, usize) {
    if text.is_empty() {
        return (0, 0);
    }
    let text = cues.except.blanked(text);
    let strong = cues.strong.count(&text);
    (strong, STRONG * strong + cues.weak.count(&text))
}

/// The parts of a sentence before and after its turn. Without a turn all of it is "after".
fn parts<'t>(lexicon: &Lexicon, folded: &'t str) -> (&'t str, &'t str) {
    let concession = lexicon
        .signs
        .concedes
        .first(folded)
        .filter(|(start, _)| *start < 3);
    let turn = match concession {
        Some(_) => folded.find(", "),
        None => lexicon.signs.turns.first(folded).map(|(start, _)| start),
    };
    turn.and_then(|at| folded.split_at_checked(at))
        .unwrap_or(("", folded))
}
