//! Reading the labels of a model: what they point at becomes claims, what points at nothing is counted and dropped.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Asked;
use crate::case::Case;
use crate::claim::{About, Claim, ClaimId, Slots, Speaker, Status, Strength, Time};
use crate::document::SentenceId;
use crate::extract::slots;
use crate::recipe::{Recipe, Role};
use crate::reconcile::sentence;

/// The most sentences of one claim: what is longer is a passage, not a claim.
const MOST_JOINED: usize = 12;

/// What a model made of one prompt's sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labelled {
    /// Claims numbered from 1; `serves` names claims of this answer.
    pub claims: Vec<Claim>,
    /// Sentences that speak to the reader or to a machine.
    pub instructions: Vec<SentenceId>,
    /// Labels that point at no sentence, or join too many or those of different sources.
    pub unusable: usize,
}

/// The answer does not have the form that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model's labels do not have the form that was asked for")]
pub struct Unreadable;

#[derive(Deserialize)]
struct Answer {
    groups: Vec<Group>,
    speaker: Vec<BySpeaker>,
    about: Vec<ByAbout>,
    strength: Vec<ByStrength>,
    negated: Vec<String>,
    time: Vec<ByTime>,
    standing: Vec<ByStanding>,
    links: Vec<Link>,
    instructions: Vec<String>,
}

#[derive(Deserialize)]
struct Group {
    kind: String,
    area: Option<String>,
    items: Vec<String>,
}

macro_rules! exceptions {
    ($($name:ident { $field:ident: $kind:ty })*) => {
        $(#[derive(Deserialize)]
        struct $name {
            $field: $kind,
            items: Vec<String>,
        })*
    };
}

exceptions! {
    BySpeaker { speaker: Speaker }
    ByAbout { about: About }
    ByStrength { strength: Strength }
    ByTime { time: Time }
    ByStanding { standing: Status }
}

#[derive(Deserialize)]
struct Link {
    from: String,
    to: Vec<String>,
}

impl Asked {
    /// Reads the answer. `voice` is whose voice a source has where nothing else is said.
    pub fn read(
        &self,
        recipe: &Recipe,
        case: &Case,
        voice: impl Fn(u16) -> Speaker,
        answer: &Value,
    ) -> Result<Labelled, Unreadable> {
        let answer = Answer::deserialize(answer).map_err(|_| Unreadable)?;
        let mut read = Labelled::default();
        for number in answer.instructions.iter().flat_map(|item| numbers(item)) {
            match self.line(number) {
                Some(id) => read.instructions.push(id),
                None => read.unusable += 1,
            }
        }
        let mut firsts: Vec<u32> = Vec::new();
        for group in &answer.groups {
            let Some(kind) = recipe.kind(&group.kind).filter(|kind| kind.role != Role::Fact) else {
                read.unusable += group.items.len();
                continue;
            };
            let area = group.area.clone().filter(|area| recipe.area(area).is_some());
            for item in &group.items {
                let Some((first, sentences)) = self.sentences(item) else {
                    read.unusable += 1;
                    continue;
                };
                let number = u32::try_from(read.claims.len() + 1).unwrap_or(u32::MAX);
                let source = sentences.first().map_or(0, |id| id.source);
                firsts.push(first);
                read.claims.push(Claim {
                    id: ClaimId(number),
                    kind: kind.id.clone(),
                    area: area.clone(),
                    slots: specifics(recipe, case, kind.role, &sentences),
                    sentences,
                    speaker: voice(source),
                    about: About::Subject,
                    strength: Strength::Firm,
                    negated: false,
                    time: Time::Current,
                    status: (kind.role == Role::Measure).then_some(Status::Advised),
                    fact: None,
                    serves: Vec::new(),
                    placement: None,
                });
            }
        }
        let mut at: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (place, first) in firsts.iter().enumerate() {
            at.entry(*first).or_default().push(place);
        }
        let mut set = Exceptions {
            claims: &mut read.claims,
            at: &at,
        };
        set.of(&answer.negated, |claim| claim.negated = true);
        for one in &answer.speaker {
            set.of(&one.items, |claim| claim.speaker = one.speaker);
        }
        for one in &answer.about {
            set.of(&one.items, |claim| claim.about = one.about);
        }
        for one in &answer.strength {
            set.of(&one.items, |claim| claim.strength = one.strength);
        }
        for one in &answer.time {
            set.of(&one.items, |claim| claim.time = one.time);
        }
        for one in &answer.standing {
            set.of(&one.items, |claim| {
                if claim.status.is_some() {
                    claim.status = Some(one.standing);
                }
            });
        }
        link(recipe, &mut read.claims, &at, &answer.links);
        Ok(read)
    }

    fn line(&self, number: u32) -> Option<SentenceId> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        self.lines.get(place).copied()
    }

    /// The sentences of an item with its first number; `None` when one is not there, or they are of several sources.
    fn sentences(&self, item: &str) -> Option<(u32, Vec<SentenceId>)> {
        let numbers = numbers(item);
        let first = *numbers.first()?;
        let ids: Option<Vec<SentenceId>> = numbers.iter().map(|number| self.line(*number)).collect();
        let mut ids = ids?;
        ids.sort();
        ids.dedup();
        let source = ids.first()?.source;
        let sound = ids.len() <= MOST_JOINED && ids.iter().all(|id| id.source == source);
        sound.then_some((first, ids))
    }
}

/// The numbers of an item: "17", "17-19", "17,20". Nothing when it is none of these.
fn numbers(item: &str) -> Vec<u32> {
    let mut all = Vec::new();
    for part in item.split(',').map(str::trim) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (Ok(from), Ok(to)) = (from.trim().parse::<u32>(), to.trim().parse::<u32>()) else {
            return Vec::new();
        };
        let length = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
        if to < from || length >= MOST_JOINED {
            return Vec::new();
        }
        all.extend(from..=to);
    }
    all
}

/// Sets what differs from the default on the claims that begin with a number.
struct Exceptions<'a> {
    claims: &'a mut [Claim],
    at: &'a BTreeMap<u32, Vec<usize>>,
}

impl Exceptions<'_> {
    fn of(&mut self, items: &[String], set: impl Fn(&mut Claim)) {
        for number in items.iter().filter_map(|item| numbers(item).first().copied()) {
            for place in self.at.get(&number).into_iter().flatten() {
                if let Some(claim) = self.claims.get_mut(*place) {
                    set(claim);
                }
            }
        }
    }
}

/// Links measures and outcomes to the needs that the answer names.
fn link(recipe: &Recipe, claims: &mut [Claim], at: &BTreeMap<u32, Vec<usize>>, links: &[Link]) {
    let roles: Vec<Option<Role>> = claims
        .iter()
        .map(|claim| recipe.kind(&claim.kind).map(|kind| kind.role))
        .collect();
    let having = |item: &str, wanted: &[Role]| -> Vec<usize> {
        let first = numbers(item).first().copied();
        let places = first
            .and_then(|first| at.get(&first))
            .into_iter()
            .flatten()
            .copied();
        places
            .filter(|place| {
                roles
                    .get(*place)
                    .copied()
                    .flatten()
                    .is_some_and(|role| wanted.contains(&role))
            })
            .collect()
    };
    for one in links {
        let needs: Vec<usize> = one
            .to
            .iter()
            .flat_map(|item| having(item, &[Role::Need]))
            .collect();
        let needs: Vec<ClaimId> = needs
            .iter()
            .filter_map(|place| claims.get(*place))
            .map(|claim| claim.id)
            .collect();
        for place in having(&one.from, &[Role::Measure, Role::Outcome]) {
            if let Some(claim) = claims.get_mut(place) {
                claim.serves.extend(needs.iter().filter(|id| **id != claim.id));
                claim.serves.sort();
                claim.serves.dedup();
            }
        }
    }
}

/// The specifics of a measure or an outcome, parsed from its sentences.
fn specifics(recipe: &Recipe, case: &Case, role: Role, sentences: &[SentenceId]) -> Slots {
    if !matches!(role, Role::Measure | Role::Outcome) {
        return Slots::default();
    }
    let texts: Vec<&str> = sentences
        .iter()
        .filter_map(|id| sentence(case, *id))
        .map(|sentence| sentence.text.as_str())
        .collect();
    slots::slots(&recipe.lexicon, &texts)
}
