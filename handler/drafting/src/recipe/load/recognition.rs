//! What `[recognition]` says is believed of words that were read on a scan.

use serde::Deserialize;

use super::RECIPE;
use super::faults::Faults;
use super::form::Form;
use crate::recognised::Trust;

/// The table as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recognition {
    /// In a hundred.
    words: Option<u8>,
    /// In a hundred.
    facts: Option<u8>,
}

/// Reads the table; what is wrong with it is among the faults.
pub fn check(form: &Form, faults: &mut Faults) -> Trust {
    let usual = Trust::default();
    let Some(head) = &form.head else { return usual };
    let written = &head.value.recognition;
    let trust = Trust {
        words: written.words.unwrap_or(usual.words),
        facts: written.facts.unwrap_or(usual.facts),
    };
    if trust.words > 100 || trust.facts > 100 {
        let message = "`words` and `facts` are confidences in a hundred".to_owned();
        faults.add(RECIPE, head.line("recognition"), message);
    } else if trust.facts < trust.words {
        let message =
            "`facts` is less than `words`: a number cannot be believed where a word would not be".to_owned();
        faults.add(RECIPE, head.line("recognition"), message);
    }
    trust
}
