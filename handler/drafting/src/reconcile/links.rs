//! The thread: which needs a measure or an outcome serves.
//!
//! What its source links stays. Else the needs that it shares the most telling words and topics with, those of its
//! own area first; else the only need of its area. What nothing links stays unlinked and becomes a query.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{About, ClaimId, Time};
use crate::recipe::{Recipe, Role};

use super::Told;
use super::likeness::Vocabulary;

/// What sharing a topic weighs against sharing a word that only two texts hold.
const TOPIC: f64 = 0.9;
/// What a need of another area loses.
const OTHER_AREA: f64 = 0.55;
/// The least score of a link.
const LEAST: f64 = 0.75;
/// Needs that score this share of the best are served too.
const NEAR: f64 = 0.7;
/// The most needs that one measure serves by its words.
const MOST: usize = 3;

/// The links that the sources do not make themselves.
pub(super) fn links(recipe: &Recipe, told: &[Told], vocabulary: &Vocabulary) -> BTreeMap<ClaimId, Vec<ClaimId>> {
    let role = |told: &Told| recipe.kind(&told.claim.kind).map(|kind| kind.role);
    let current = |told: &&Told| told.claim.time == Time::Current && told.claim.about != About::Other;
    let needs: Vec<&Told> = told.iter().filter(|told| role(told) == Some(Role::Need)).filter(current).collect();
    let index = Index::new(&needs);
    told.iter()
        .filter(|told| matches!(role(told), Some(Role::Measure | Role::Outcome)) && told.claim.serves.is_empty())
        .filter(current)
        .map(|told| (told.claim.id, index.serves(told, vocabulary)))
        .collect()
}

struct Index<'t> {
    needs: &'t [&'t Told],
    words: BTreeMap<u32, Vec<usize>>,
    topics: BTreeMap<usize, Vec<usize>>,
    areas: BTreeMap<&'t str, Vec<usize>>,
}

impl<'t> Index<'t> {
    fn new(needs: &'t [&'t Told]) -> Self {
        let mut index = Self { needs, words: BTreeMap::new(), topics: BTreeMap::new(), areas: BTreeMap::new() };
        for (number, need) in needs.iter().enumerate() {
            for word in &need.gist.words {
                index.words.entry(*word).or_default().push(number);
            }
            for topic in &need.topics {
                index.topics.entry(*topic).or_default().push(number);
            }
            if let Some(area) = &need.claim.area {
                index.areas.entry(area).or_default().push(number);
            }
        }
        index
    }

    fn serves(&self, told: &Told, vocabulary: &Vocabulary) -> Vec<ClaimId> {
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for word in &told.gist.words {
            let weight = vocabulary.weight(*word) * std::f64::consts::SQRT_2;
            self.add(&mut scores, self.words.get(word), weight);
        }
        for topic in &told.topics {
            let holders = self.topics.get(topic);
            let spread = f64::from(u32::try_from(holders.map_or(1, Vec::len).max(1)).unwrap_or(u32::MAX)).sqrt();
            self.add(&mut scores, holders, TOPIC / spread * std::f64::consts::SQRT_2);
        }
        for (number, score) in &mut scores {
            let same = self.needs.get(*number).is_some_and(|need| need.claim.area == told.claim.area);
            *score *= if same { 1.0 } else { OTHER_AREA };
        }
        let best = self.best(&scores);
        if best.is_empty() { self.only(told) } else { best }
    }

    fn add(&self, scores: &mut BTreeMap<usize, f64>, holders: Option<&Vec<usize>>, weight: f64) {
        for number in holders.into_iter().flatten() {
            *scores.entry(*number).or_default() += weight;
        }
    }

    fn best(&self, scores: &BTreeMap<usize, f64>) -> Vec<ClaimId> {
        let most = scores.values().copied().fold(0.0, f64::max);
        let mut near: Vec<(usize, f64)> =
            scores.iter().map(|(number, score)| (*number, *score)).filter(|(_, score)| *score >= LEAST && *score >= NEAR * most).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.iter().take(MOST).filter_map(|(number, _)| Some(self.needs.get(*number)?.claim.id)).collect()
    }

    /// The only need of the measure's area.
    fn only(&self, told: &Told) -> Vec<ClaimId> {
        let area = told.claim.area.as_deref().and_then(|area| self.areas.get(area));
        match area.map(Vec::as_slice) {
            Some([number]) => self.needs.get(*number).map(|need| need.claim.id).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// Links to claims that were merged into others go to those.
pub(super) fn redirect(serves: &mut Vec<ClaimId>, kept: &BTreeMap<ClaimId, ClaimId>) {
    let mut seen = BTreeSet::new();
    for id in serves.iter_mut() {
        *id = kept.get(id).copied().unwrap_or(*id);
    }
    serves.retain(|id| seen.insert(*id));
}
