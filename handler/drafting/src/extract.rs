//! Claims found without a model: by the recipe's headings, cues and forms.
//!
//! Everything that is particular to a document type is data in the recipe's lexicon. The engine works through one
//! source in reading order: facts first ([`form`]), then names become what they are ([`people`]), every sentence
//! gets a frame ([`frame`]: what headings and column heads say) and a label ([`label`]: what its own words say),
//! and labelled sentences are joined into claims ([`gather`], [`rows`]). The cost is linear in the sentences.
//!
//! It never looks at another source: what several say together is the business of [`crate::reconcile`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::case::{Manifest, Source};
use crate::claim::{About, Claim, ClaimId, Fact, Slots, Speaker, Strength, Time};
use crate::document::{Document, Place, SentenceId};
use crate::draft::NotUsed;
use crate::identity::Signs;
use crate::recipe::{Form, Recipe, Role};

mod form;
mod frame;
mod gather;
pub mod head;
mod label;
pub(crate) mod people;
mod reader;
mod rows;
pub(crate) mod sense;
pub(crate) mod slots;
mod table;
pub(crate) mod topics;
mod value;

use form::Found;
use label::Labeller;
use people::People;
use reader::Reader;

/// What one source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The source's place in the run, from 1.
    pub source: u16,
    /// The kind of advice, from the source.
    pub advice: Option<String>,
    /// The date of the advice, from the source.
    pub date: Option<Date>,
    /// The claims in reading order, numbered from 1 in this source; `serves` names claims of this source.
    pub claims: Vec<Claim>,
    /// Sentences that speak to the reader or to a machine. They are reported and never obeyed.
    pub instructions: Vec<SentenceId>,
    /// Why other sentences gave no claim.
    pub asides: BTreeMap<SentenceId, NotUsed>,
    /// The earlier advice that this source says it replaces.
    pub replaces: Vec<Replacement>,
}

/// Earlier advice that is expressly replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Its date.
    pub date: Date,
    /// What of it, in the source's words; all of it when empty.
    pub parts: Vec<String>,
}

impl Extracted {
    /// What the source says of its subject, to notice a source about somebody else.
    #[must_use]
    pub fn signs(&self) -> Signs {
        let facts = self.claims.iter().filter_map(|claim| claim.fact.as_ref());
        Signs {
            source: self.source,
            values: facts.map(|fact| (fact.key.clone(), fact.value.clone())).collect(),
        }
    }
}

/// What `source` says; `None` when it could not be read.
#[must_use]
pub fn document(recipe: &Recipe, source: &Source, manifest: &Manifest) -> Option<Extracted> {
    let document = source.content.as_ref().ok()?;
    let advice = source.advice.as_deref().and_then(|id| recipe.advice(id));
    let voice = advice.map_or(Speaker::Professional, |advice| advice.speaker);
    let found = form::facts(recipe, document, voice, source.advice.as_deref());
    let pairs: Vec<(&str, &str)> = found.iter().map(|f| (f.key.as_str(), f.value.as_str())).collect();
    let people = People::of(&recipe.lexicon, manifest, &pairs, document);
    let reader = Reader {
        document,
        people: &people,
        given: found
            .iter()
            .flat_map(|found| found.sentences.iter().copied())
            .collect(),
        sorted: sorted(recipe),
        labeller: Labeller {
            recipe,
            lexicon: &recipe.lexicon,
            voice,
            home: advice.and_then(|advice| advice.area.as_deref()),
        },
    };
    let mut gathered = reader.read();
    let replaces = head::replaced(&recipe.lexicon, document);
    gathered
        .claims
        .sort_by_key(|claim| claim.sentences.first().copied());
    refer(recipe, document, &mut gathered.claims);
    let mut extracted = Extracted {
        source: source.number,
        advice: source.advice.clone(),
        date: source.date,
        instructions: instructions(&gathered.asides),
        claims: facts(recipe, voice, &found),
        asides: gathered.asides,
        replaces,
    };
    append(&mut extracted.claims, gathered.claims);
    let cited: BTreeSet<SentenceId> = extracted
        .claims
        .iter()
        .flat_map(|claim| claim.sentences.iter().copied())
        .collect();
    extracted.asides.retain(|id, _| !cited.contains(id));
    Some(extracted)
}

/// Whether a sentence looks like something that the document needs, whatever was made of it.
#[must_use]
pub fn speaks(recipe: &Recipe, text: &str) -> bool {
    let folded = crate::recipe::lexicon::fold(text);
    sense::senses(&recipe.lexicon, &folded, |kind| {
        recipe
            .kind(kind)
            .is_some_and(|kind| matches!(kind.role, Role::Need | Role::Measure | Role::Outcome))
    })
    .iter()
    .any(|sense| sense.strong > 0)
}

/// The kinds that are sorted into areas, by who says them.
fn sorted(recipe: &Recipe) -> BTreeSet<(&str, Speaker)> {
    let mut sorted = BTreeSet::new();
    for (_, field) in recipe.fields() {
        let (Form::Passage(select) | Form::List(select)) = &field.form else {
            continue;
        };
        for speaker in [Speaker::Subject, Speaker::Family, Speaker::Professional] {
            if select.area.is_some() && (select.speakers.is_empty() || select.speakers.contains(&speaker)) {
                sorted.extend(select.kinds.iter().map(|kind| (kind.as_str(), speaker)));
            }
        }
    }
    sorted
}

fn instructions(asides: &BTreeMap<SentenceId, NotUsed>) -> Vec<SentenceId> {
    asides
        .iter()
        .filter(|(_, reason)| **reason == NotUsed::Instruction)
        .map(|(id, _)| *id)
        .collect()
}

/// Links what names a need by its number ("for need 2") to the items with that number.
fn refer(recipe: &Recipe, document: &Document, claims: &mut [Claim]) {
    let role = |claim: &Claim| recipe.kind(&claim.kind).map(|kind| kind.role);
    let first = |claim: &Claim| claim.sentences.first().and_then(|id| document.sentence(*id));
    let mut numbered: BTreeMap<String, Vec<ClaimId>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| role(claim) == Some(Role::Need)) {
        if let Some(Place::ListItem { label: Some(label) }) = first(claim).map(|sentence| &sentence.place) {
            let number = label.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
            numbered.entry(number).or_default().push(claim.id);
        }
    }
    for claim in claims
        .iter_mut()
        .filter(|claim| matches!(role(claim), Some(Role::Measure | Role::Outcome)))
    {
        let texts = claim
            .sentences
            .iter()
            .filter_map(|id| document.sentence(*id))
            .map(|sentence| sentence.text.as_str());
        let numbers: Vec<&str> = texts
            .flat_map(|text| recipe.lexicon.signs.refers.all(text))
            .collect();
        claim.serves.extend(
            numbers
                .iter()
                .filter_map(|number| numbered.get(*number))
                .flatten(),
        );
    }
}

/// Facts as claims.
fn facts(recipe: &Recipe, voice: Speaker, found: &[Found]) -> Vec<Claim> {
    let Some(kind) = recipe.kinds.iter().find(|kind| kind.role == Role::Fact) else {
        return Vec::new();
    };
    let claim = |(number, found): (u32, &Found)| Claim {
        id: ClaimId(number),
        kind: kind.id.clone(),
        area: None,
        sentences: found.sentences.clone(),
        speaker: voice,
        about: About::Subject,
        strength: Strength::Firm,
        negated: false,
        time: Time::Current,
        status: None,
        slots: Slots::default(),
        fact: Some(Fact {
            key: found.key.clone(),
            value: found.value.clone(),
        }),
        serves: Vec::new(),
        placement: None,
    };
    (1..).zip(found).map(claim).collect()
}

/// Puts `more` behind `claims`, numbered on, their links with them.
pub(crate) fn append(claims: &mut Vec<Claim>, more: Vec<Claim>) {
    let next = u32::try_from(claims.len()).unwrap_or(u32::MAX);
    let ids: BTreeMap<ClaimId, ClaimId> = more
        .iter()
        .zip(next + 1..)
        .map(|(claim, id)| (claim.id, ClaimId(id)))
        .collect();
    claims.extend(more.into_iter().map(|mut claim| {
        claim.serves = claim
            .serves
            .iter()
            .filter_map(|id| ids.get(id))
            .copied()
            .collect();
        claim.id = ids.get(&claim.id).copied().unwrap_or(claim.id);
        claim
    }));
}
