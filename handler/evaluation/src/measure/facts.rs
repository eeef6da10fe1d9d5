//! Facts, and values on which sources differ.

use std::collections::BTreeSet;

use drafting::draft::ConflictValue;
use drafting::identity;

use crate::gold::{GoldFact, GoldValue};

use super::score::Measured;
use super::words::{share, words};
use super::{Measuring, Placed, SHARE, sentence};

impl Measuring<'_> {
    pub(super) fn facts(&self, measured: &mut Measured) {
        let readable = self
            .gold
            .facts
            .iter()
            .filter(|fact| self.is_readable(fact.document.as_ref()));
        for fact in readable.filter(|fact| self.recipe.field(&fact.field).is_some()) {
            let found = self.placed.iter().any(|placed| self.gives(placed, fact));
            measured.facts.add(found);
            if !found {
                measured
                    .missed
                    .push(format!("fact | {} | {}", fact.field, fact.value));
            }
        }
    }

    /// Whether a statement is the value of a fact, as the recipe compares values, or the beginning of it.
    pub(super) fn gives(&self, placed: &Placed, fact: &GoldFact) -> bool {
        let Some(field) = self.recipe.field(placed.key).filter(|_| placed.key == fact.field) else {
            return false;
        };
        let (kind, aliases) = (field.value_kind(), BTreeSet::new());
        let text = &placed.statement.text;
        fact.value.split(';').map(str::trim).any(|value| {
            let (a, b) = (words(text), words(value));
            identity::agrees(kind, text, value, &aliases)
                || a.starts_with(&b)
                || b.starts_with(&a)
                || kinship(text).is_some_and(|kin| kinship(value) == Some(kin))
        })
    }

    /// A conflict is found when two of its values stand in two values of one conflict of the draft.
    pub(super) fn conflicts(&self, measured: &mut Measured) {
        for conflict in &self.gold.conflicts {
            let readable = |value: &&GoldValue| self.is_readable(value.document.as_ref());
            let values: Vec<&GoldValue> = conflict.values.iter().filter(readable).collect();
            if values.len() < 2 {
                continue;
            }
            let found = self.draft.conflicts.iter().any(|found| {
                let held = values
                    .iter()
                    .filter_map(|value| found.values.iter().position(|own| self.holds(own, value)));
                held.collect::<BTreeSet<usize>>().len() > 1
            });
            measured.conflicts.add(found);
            if !found {
                measured.missed.push(format!("conflict | {}", conflict.attribute));
            }
        }
    }

    fn holds(&self, own: &ConflictValue, value: &GoldValue) -> bool {
        let sentences = own.sentences.iter().filter_map(|id| sentence(self.case, *id));
        let evidence: BTreeSet<String> = sentences
            .flat_map(|sentence| words(&sentence.text))
            .chain(words(&own.value))
            .collect();
        share(&words(&value.quote), |word| evidence.contains(word)) >= SHARE
    }
}

/// Words of kinship mean the same in a form and in a gold value.
fn kinship(text: &str) -> Option<&'static str> {
    match words(text).last().map(String::as_str) {
        Some("mother" | "mum" | "mam" | "mummy") => Some("mother"),
        Some("father" | "dad" | "daddy") => Some("father"),
        _ => None,
    }
}
