//! The specifics of a claim, in the words of its sentences.

use crate::claim::Slots;
use crate::recipe::lexicon::{Extracts, Lexicon};

/// The specifics that the texts of a claim give: of each, the first that is found.
pub(crate) fn slots(lexicon: &Lexicon, texts: &[&str]) -> Slots {
    let first = |patterns: &Extracts| {
        texts
            .iter()
            .find_map(|text| patterns.first(text))
            .map(str::to_owned)
    };
    let patterns = &lexicon.slots;
    Slots {
        who: first(&patterns.who),
        ratio: first(&patterns.ratio),
        duration: first(&patterns.duration),
        frequency: first(&patterns.frequency),
        until: first(&patterns.until),
    }
}
