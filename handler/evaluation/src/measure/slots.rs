//! Specifics kept, and specifics invented.

use drafting::draft::Statement;
use drafting::recipe::Role;

use super::score::Measured;
use super::words::{every, runs_in, share, words};
use super::{Measuring, Placed, cited};

impl Measuring<'_> {
    pub(super) fn slots(&self, measured: &mut Measured) {
        for claim in self.wanted().filter(|claim| claim.kind != "need") {
            let covering = self.covering(claim);
            let slots = claim.slots.as_ref().filter(|_| !covering.is_empty());
            for part in slots.iter().flat_map(|slots| slots.parts()) {
                let wanted = words(part);
                let keeps = |placed: &&Placed| {
                    share(&wanted, |word| placed.words.iter().any(|own| own == word)) >= 1.0
                };
                let kept = covering.iter().any(keeps);
                measured.slots.add(kept);
                if !kept {
                    let id = claim.id.as_deref().unwrap_or_default();
                    measured.missed.push(format!("slot | {id} | {part}"));
                }
            }
        }
        for placed in self.placed.iter().filter(|placed| self.is_specific(placed)) {
            self.invented(placed.statement, measured);
        }
    }

    /// Whether a statement stands where measures or outcomes do.
    fn is_specific(&self, placed: &Placed) -> bool {
        let role = |kind: &String| self.recipe.kind(kind).map(|kind| kind.role);
        self.select(placed.key).is_some_and(|select| {
            let mut roles = select.kinds.iter().filter_map(role);
            roles.any(|role| matches!(role, Role::Measure | Role::Outcome))
        })
    }

    fn invented(&self, statement: &Statement, measured: &mut Measured) {
        let cited: Vec<Vec<String>> = cited(self.case, self.claims, statement)
            .iter()
            .map(|sentences| sentences.iter().flat_map(|one| every(&one.text)).collect())
            .collect();
        let patterns = &self.recipe.lexicon.slots;
        for pattern in [
            &patterns.who,
            &patterns.ratio,
            &patterns.duration,
            &patterns.frequency,
            &patterns.until,
        ] {
            for slot in pattern.all(&statement.text) {
                let words = every(slot);
                let invented = !cited.iter().any(|text| runs_in(&words, text));
                measured.invented.add(invented);
                if invented {
                    measured.inventions.push(format!("{} | {slot}", statement.id));
                }
            }
        }
    }
}
