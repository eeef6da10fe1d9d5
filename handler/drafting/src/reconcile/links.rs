//! The thread: which needs a measure or an outcome serves.
//!
//! What its source links stays. Else the needs that it shares the most telling words and topics with, those of its
//! own area first; else the only need of its area. What nothing links stays unlinked and becomes a query.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{About, ClaimId, Time};
use crate::recipe::{Recipe, Role};

use super::Told;
use super::likeness::Vocabulary;

/// A word or topic that more needs than this hold tells none of them apart; looking at all of them for every measure
/// would cost the product of both.
const WIDE: usize = 150;
/// What sharing a topic weighs against sharing a word that only two texts hold.
const TOPIC: f64 = 1.2;
/// What a need of another area loses.
const OTHER_AREA: f64 = 0.55;
/// What a need of the same source gains: its author wrote the one for the other.
const SAME_SOURCE: f64 = 1.7;
/// The least score of a link.
const LEAST: f64 = 0.9;
/// Needs that score this share of the best are served too.
const NEAR: f64 = 0.7;
/// The most needs that one measure serves by its words.
const MOST: usize = 2;
/// The links that the sources do not make themselves.
pub(super) fn links(
    recipe: &Recipe,
    told: &[Told],
    vocabulary: &Vocabulary,
) -> BTreeMap<ClaimId, Vec<ClaimId>> {
    let of = |wanted: &[Role]| -> Vec<&Told> {
        let role = |told: &Told| {
            recipe
                .kind(&told.claim.kind)
                .is_some_and(|kind| wanted.contains(&kind.role))
        };
        told.iter()
            .filter(|told| told.claim.time == Time::Current && told.claim.about != About::Other && role(told))
            .collect()
    };
    let needs = of(&[Role::Need]);
    let mut links = BTreeMap::new();
    for role in [Role::Measure, Role::Outcome] {
        let answers = of(&[role]);
        let scores = Scores::new(&needs, &answers, vocabulary);
        for (need, answer) in scores.links() {
            let (Some(need), Some(answer)) = (needs.get(need), answers.get(answer)) else {
                continue;
            };
            links
                .entry(answer.claim.id)
                .or_insert_with(Vec::new)
                .push(need.claim.id);
        }
    }
    for told in told.iter().filter(|told| !told.claim.serves.is_empty()) {
        links.remove(&told.claim.id);
    }
    links
}

/// How much each need and each measure (or outcome) have in common.
struct Scores<'t> {
    needs: &'t [&'t Told],
    answers: &'t [&'t Told],
    by_answer: Vec<BTreeMap<usize, f64>>,
}

impl<'t> Scores<'t> {
    fn new(needs: &'t [&'t Told], answers: &'t [&'t Told], vocabulary: &Vocabulary) -> Self {
        let index = Index::new(needs);
        let by_answer = answers
            .iter()
            .map(|answer| index.scores(answer, vocabulary))
            .collect();
        Self {
            needs,
            answers,
            by_answer,
        }
    }

    /// Pairs of need and answer: of every answer its best needs, and where an area has but one need, that.
    fn links(&self) -> BTreeSet<(usize, usize)> {
        let mut links = BTreeSet::new();
        for (answer, scores) in self.by_answer.iter().enumerate() {
            let most = scores.values().copied().fold(0.0, f64::max);
            let mut near: Vec<(usize, f64)> = scores.iter().map(|(need, score)| (*need, *score)).collect();
            near.retain(|(_, score)| *score >= LEAST && *score >= NEAR * most);
            near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            links.extend(near.iter().take(MOST).map(|(need, _)| (*need, answer)));
            if near.is_empty() {
                let own = self
                    .only(answer)
                    .map_or_else(|| self.all_of_area(answer), |need| vec![need]);
                links.extend(own.into_iter().map(|need| (need, answer)));
            }
        }
        links
    }

    /// The needs of its area and source, for an answer that is for the whole of the day.
    fn all_of_area(&self, answer: usize) -> Vec<usize> {
        let Some(answer) = self.answers.get(answer).filter(|answer| answer.general) else {
            return Vec::new();
        };
        let needs = self.needs.iter().enumerate();
        needs
            .filter(|(_, need)| need.claim.area == answer.claim.area && need.source() == answer.source())
            .map(|(number, _)| number)
            .collect()
    }

    /// The only need of the answer's area in its own source, else in all.
    fn only(&self, answer: usize) -> Option<usize> {
        let answer = self.answers.get(answer)?;
        let of_area = || {
            let needs = self.needs.iter().enumerate();
            needs.filter(|(_, need)| answer.claim.area.is_some() && need.claim.area == answer.claim.area)
        };
        single(of_area().filter(|(_, need)| need.source() == answer.source())).or_else(|| single(of_area()))
    }
}

fn single<'t>(mut needs: impl Iterator<Item = (usize, &'t &'t Told)>) -> Option<usize> {
    match (needs.next(), needs.next()) {
        (Some((need, _)), None) => Some(need),
        _ => None,
    }
}

/// Which needs hold which words and topics.
struct Index<'t> {
    needs: &'t [&'t Told],
    words: BTreeMap<u32, Vec<usize>>,
    topics: BTreeMap<usize, Vec<usize>>,
}

impl<'t> Index<'t> {
    fn new(needs: &'t [&'t Told]) -> Self {
        let mut index = Self {
            needs,
            words: BTreeMap::new(),
            topics: BTreeMap::new(),
        };
        for (number, need) in needs.iter().enumerate() {
            // The heading above tells what a need is about as well as its own words.
            for word in need.gist.words.union(&need.context.words) {
                index.words.entry(*word).or_default().push(number);
            }
            for topic in &need.topics {
                index.topics.entry(*topic).or_default().push(number);
            }
        }
        index
    }

    fn scores(&self, answer: &Told, vocabulary: &Vocabulary) -> BTreeMap<usize, f64> {
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for word in answer.gist.words.union(&answer.context.words) {
            let weight = vocabulary.weight(*word) * std::f64::consts::SQRT_2;
            add(&mut scores, self.words.get(word), weight);
        }
        for topic in &answer.topics {
            let holders = self.topics.get(topic);
            let spread =
                f64::from(u32::try_from(holders.map_or(1, Vec::len).max(1)).unwrap_or(u32::MAX)).sqrt();
            add(&mut scores, holders, TOPIC / spread * std::f64::consts::SQRT_2);
        }
        for (number, score) in &mut scores {
            let Some(need) = self.needs.get(*number) else {
                continue;
            };
            *score *= if need.claim.area == answer.claim.area {
                1.0
            } else {
                OTHER_AREA
            };
            *score *= if need.source() == answer.source() {
                SAME_SOURCE
            } else {
                1.0
            };
        }
        scores
    }
}

fn add(scores: &mut BTreeMap<usize, f64>, holders: Option<&Vec<usize>>, weight: f64) {
    for number in holders
        .filter(|holders| holders.len() <= WIDE)
        .into_iter()
        .flatten()
    {
        *scores.entry(*number).or_default() += weight;
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
