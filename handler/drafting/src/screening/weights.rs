//! What the ratings of texts mean for the parts of a draft.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assessment, Category, Part, Passage, Policy, Weighed};
use crate::document::SentenceId;

/// What a policy makes of each part.
pub(super) struct Weights {
    by_part: BTreeMap<Part, BTreeMap<Category, Weighed>>,
    /// The parts that were not rated, by reason.
    missing: BTreeMap<String, BTreeSet<Part>>,
}

impl Weights {
    /// Those of `passages`; an assessment that is not there is one that was not made.
    pub(super) fn of(policy: &Policy, passages: &[Passage], assessments: &[Assessment]) -> Self {
        let mut weights = Self {
            by_part: BTreeMap::new(),
            missing: BTreeMap::new(),
        };
        for (place, passage) in passages.iter().enumerate() {
            match assessments.get(place) {
                Some(Assessment::Rated(ratings)) => {
                    let weighed = policy.weigh(ratings);
                    passage.parts.iter().for_each(|part| weights.add(part, &weighed));
                }
                Some(Assessment::NotAssessed(reason)) => weights.miss(reason, passage),
                None => weights.miss("it was not sent", passage),
            }
        }
        weights
    }

    fn add(&mut self, part: &Part, weighed: &[Weighed]) {
        if weighed.is_empty() {
            return;
        }
        let known = self.by_part.entry(part.clone()).or_default();
        for one in weighed {
            let worst = known.entry(one.category).or_insert(*one);
            *worst = (*worst).max(*one);
        }
    }

    fn miss(&mut self, reason: &str, passage: &Passage) {
        let missing = self.missing.entry(reason.to_owned()).or_default();
        missing.extend(passage.parts.iter().cloned());
    }

    /// The parts that were not rated, by reason.
    pub(super) fn missing(&self) -> &BTreeMap<String, BTreeSet<Part>> {
        &self.missing
    }

    /// Every part with a rating that calls for something, and those ratings.
    pub(super) fn flagged(&self) -> impl Iterator<Item = (&Part, Vec<Weighed>)> {
        let all = self.by_part.iter();
        all.map(|(part, weighed)| (part, weighed.values().copied().collect()))
    }

    /// Why a part is blocked; nothing when it is not.
    pub(super) fn blocking(&self, part: &Part) -> Vec<Weighed> {
        let all = self.by_part.get(part).into_iter().flat_map(BTreeMap::values);
        all.filter(|one| one.action.blocks()).copied().collect()
    }

    /// Why something is blocked that shows these sentences beside its own words.
    pub(super) fn with_quotes(
        &self,
        own: Part,
        quotes: impl IntoIterator<Item = SentenceId>,
    ) -> Vec<Weighed> {
        let mut worst: BTreeMap<Category, Weighed> = BTreeMap::new();
        let parts = std::iter::once(own).chain(quotes.into_iter().map(Part::Quote));
        for one in parts.flat_map(|part| self.blocking(&part)) {
            let known = worst.entry(one.category).or_insert(one);
            *known = (*known).max(one);
        }
        worst.into_values().collect()
    }
}
