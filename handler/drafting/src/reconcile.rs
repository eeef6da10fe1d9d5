//! What several sources say together.
//!
//! The same thing said twice becomes one claim with all its citations ([`same`]); different values of the same thing
//! become conflicts ([`conflict`]); what a later source expressly replaces is marked; and measures and outcomes are
//! linked to the needs that they serve ([`links`]). Nothing is chosen silently: what is merged, in conflict or
//! superseded is listed. It makes no difference who found the claims, this crate's [`crate::extract`] or a model.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Case;
use crate::claim::{Claim, ClaimId, Time};
use crate::document::SentenceId;
use crate::draft::{Conflict, NotUsed};
use crate::extract::{Extracted, Replacement, topics};
use crate::recipe::lexicon::fold;
use crate::recipe::{Recipe, Role};

pub(crate) mod conflict;
pub(crate) mod likeness;
mod links;
mod same;
mod version;

use likeness::{Gist, Vocabulary};
pub use same::Merge;
pub use version::Version;

/// The claims of a case, put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// All claims, numbered through, those that were merged into others included. `serves` names kept needs.
    pub claims: Vec<Claim>,
    /// Which of them say the same.
    pub merges: Vec<Merge>,
    /// Different values of the same thing.
    pub conflicts: Vec<Conflict>,
    /// Claims that a later source expressly replaces; their time says so too.
    pub superseded: Vec<ClaimId>,
    /// Sentences that speak to the reader or to a machine.
    pub instructions: Vec<SentenceId>,
    /// Why sentences gave no claim.
    pub asides: BTreeMap<SentenceId, NotUsed>,
    /// The sources that were drafted from, by number.
    pub sources: BTreeSet<u16>,
    /// Sources that are earlier versions of others; their claims, but for facts, are superseded.
    pub versions: Vec<Version>,
}

impl Reconciled {
    /// The sources that are earlier versions, each with the latest that takes its place, by number.
    #[must_use]
    pub fn superseded_sources(&self) -> BTreeMap<u16, u16> {
        let is_older = |number: u16| self.versions.iter().any(|version| version.older == number);
        let mut superseded = BTreeMap::new();
        // Of three versions the first has two that come after it: the last of them stands.
        for version in &self.versions {
            let newer = superseded.entry(version.older).or_insert(version.newer);
            if !is_older(version.newer) {
                *newer = version.newer;
            }
        }
        superseded
    }
}

/// A claim with its words.
pub(crate) struct Told {
    pub claim: Claim,
    /// The words of its sentences.
    pub text: String,
    pub gist: Gist,
    pub topics: BTreeSet<usize>,
    /// The words of the heading or label that it stands under.
    pub context: Gist,
    /// Whether it is for the whole of the day.
    pub general: bool,
}

/// Puts together what the sources say. Sources that were kept out are simply not in `extracted`.
#[must_use]
pub fn reconcile(recipe: &Recipe, case: &Case, extracted: Vec<Extracted>) -> Reconciled {
    let replaced = replacements(case, &extracted);
    let mut all = Reconciled {
        claims: Vec::new(),
        merges: Vec::new(),
        conflicts: Vec::new(),
        superseded: Vec::new(),
        instructions: extracted
            .iter()
            .flat_map(|one| one.instructions.iter().copied())
            .collect(),
        asides: extracted.iter().flat_map(|one| one.asides.clone()).collect(),
        sources: extracted.iter().map(|one| one.source).collect(),
        versions: version::versions(recipe, case, &extracted),
    };
    for one in extracted {
        all.claims.extend(renumbered(one.claims, all.claims.len()));
    }
    let mut vocabulary = Vocabulary::new(&recipe.lexicon.language);
    let mut told: Vec<Told> = all
        .claims
        .iter()
        .map(|claim| tell(recipe, case, claim, &mut vocabulary))
        .collect();
    supersede(recipe, &mut told, &replaced, &mut vocabulary);
    let older: BTreeSet<u16> = all.versions.iter().map(|version| version.older).collect();
    for told in told.iter_mut().filter(|told| told.claim.fact.is_none()) {
        if told.source().is_some_and(|source| older.contains(&source)) {
            told.claim.time = Time::Superseded;
        }
    }
    let same = same::same(recipe, &told, &vocabulary);
    let links = links::links(recipe, &told, &vocabulary);
    all.conflicts = conflict::conflicts(recipe, case, &told, &same.differing);
    all.superseded = told
        .iter()
        .filter(|told| told.claim.time == Time::Superseded)
        .map(|told| told.claim.id)
        .collect();
    all.claims = told.into_iter().map(|told| told.claim).collect();
    // They may stand where the larger `told` stood, and are held as long as the run.
    all.claims.shrink_to_fit();
    thread(&mut all.claims, links, &same.merges);
    settle_areas(recipe, &mut all.claims);
    all.merges = same.merges;
    all
}

/// Claims numbered on after `before` others, their links with them.
fn renumbered(claims: Vec<Claim>, before: usize) -> Vec<Claim> {
    let next = u32::try_from(before + 1).unwrap_or(u32::MAX);
    let ids: BTreeMap<ClaimId, ClaimId> = claims
        .iter()
        .zip(next..)
        .map(|(claim, id)| (claim.id, ClaimId(id)))
        .collect();
    let renumber = |mut claim: Claim| {
        claim.serves = claim
            .serves
            .iter()
            .filter_map(|id| ids.get(id))
            .copied()
            .collect();
        claim.id = ids.get(&claim.id).copied().unwrap_or(claim.id);
        claim
    };
    claims.into_iter().map(renumber).collect()
}

fn tell(recipe: &Recipe, case: &Case, claim: &Claim, vocabulary: &mut Vocabulary) -> Told {
    let sentences = claim.sentences.iter().filter_map(|id| sentence(case, *id));
    let text = sentences
        .map(|sentence| sentence.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let gist = vocabulary.gist(&text);
    let first = claim.sentences.first().and_then(|id| sentence(case, *id));
    let heading = first.and_then(|first| first.lead.as_ref().or(first.headings.last()));
    let context = heading.map_or_else(Gist::default, |heading| vocabulary.gist(heading));
    let topics = topics::topics_of(&recipe.lexicon, &fold(&text))
        .into_keys()
        .collect();
    Told {
        claim: claim.clone(),
        gist,
        topics,
        context,
        general: recipe.lexicon.signs.general.found(&fold(&text)),
        text,
    }
}

/// The sentence of a case with this id.
#[must_use]
pub fn sentence(case: &Case, id: SentenceId) -> Option<&crate::document::Sentence> {
    let source = case.sources.iter().find(|source| source.number == id.source)?;
    source.content.as_ref().ok()?.sentence(id)
}

impl Told {
    fn source(&self) -> Option<u16> {
        self.claim.sentences.first().map(|id| id.source)
    }
}

/// Which sources are replaced, by which, and in what.
fn replacements(case: &Case, extracted: &[Extracted]) -> Vec<(u16, u16, Replacement)> {
    let mut all = Vec::new();
    for one in extracted {
        for replacement in &one.replaces {
            let old = case
                .sources
                .iter()
                .filter(|source| source.number != one.source && source.date == Some(replacement.date));
            all.extend(old.map(|source| (source.number, one.source, replacement.clone())));
        }
    }
    all
}

/// Marks what was replaced: everything that the old source needs, advises and hopes for; of a source replaced in part
/// only the measures that speak of that part and in whose place the later source advises something else.
fn supersede(
    recipe: &Recipe,
    told: &mut [Told],
    replaced: &[(u16, u16, Replacement)],
    vocabulary: &mut Vocabulary,
) {
    let is_measure = |told: &Told| {
        recipe
            .kind(&told.claim.kind)
            .is_some_and(|kind| kind.role == Role::Measure)
    };
    for (old, new, replacement) in replaced {
        let parts = replacement.parts.join(" ");
        let (gist, topics) = (
            vocabulary.gist(&parts),
            topics::topics_of(&recipe.lexicon, &fold(&parts)),
        );
        let later: Vec<Gist> = told
            .iter()
            .filter(|told| told.source() == Some(*new) && is_measure(told))
            .map(|told| told.gist.clone())
            .collect();
        let concerned = |told: &Told| {
            let role = recipe.kind(&told.claim.kind).map(|kind| kind.role);
            if replacement.parts.is_empty() {
                return matches!(role, Some(Role::Need | Role::Measure | Role::Outcome));
            }
            let part = !told.gist.words.is_disjoint(&gist.words)
                || told.topics.iter().any(|topic| topics.contains_key(topic));
            let instead = later
                .iter()
                .any(|later| later.words.intersection(&told.gist.words).count() >= INSTEAD);
            is_measure(told) && part && instead
        };
        for told in told.iter_mut().filter(|told| told.source() == Some(*old)) {
            if concerned(told) {
                told.claim.time = Time::Superseded;
            }
        }
    }
}

/// The words that a measure must share with another to stand in its place.
const INSTEAD: usize = 2;

/// Claims whose source tells no area are of the area of the need of that source that they serve, else of the recipe's
/// last resort.
fn settle_areas(recipe: &Recipe, claims: &mut [Claim]) {
    let source = |claim: &Claim| claim.sentences.first().map(|id| id.source);
    let areas: BTreeMap<ClaimId, (Option<u16>, Option<String>)> = claims
        .iter()
        .map(|claim| (claim.id, (source(claim), claim.area.clone())))
        .collect();
    for claim in claims
        .iter_mut()
        .filter(|claim| claim.area.is_none() && claim.fact.is_none())
    {
        let role = recipe.kind(&claim.kind).map(|kind| kind.role);
        let own = source(claim);
        let served = claim.serves.iter().filter_map(|need| areas.get(need));
        let served = served
            .filter(|(source, _)| *source == own)
            .find_map(|(_, area)| area.clone());
        let threaded = matches!(role, Some(Role::Need | Role::Measure | Role::Outcome));
        claim.area = served.or_else(|| recipe.lexicon.fallback_area.clone().filter(|_| threaded));
    }
}

/// Writes the links into the claims; a kept claim serves what any that says the same serves.
fn thread(claims: &mut [Claim], links: BTreeMap<ClaimId, Vec<ClaimId>>, merges: &[Merge]) {
    let kept: BTreeMap<ClaimId, ClaimId> = merges
        .iter()
        .flat_map(|merge| merge.same.iter().map(|same| (*same, merge.kept)))
        .collect();
    let mut serves: BTreeMap<ClaimId, Vec<ClaimId>> = claims
        .iter()
        .filter(|claim| !claim.serves.is_empty())
        .map(|claim| (claim.id, claim.serves.clone()))
        .collect();
    serves.extend(links);
    for merge in merges {
        let more: Vec<ClaimId> = merge
            .same
            .iter()
            .filter_map(|id| serves.get(id))
            .flatten()
            .copied()
            .collect();
        serves.entry(merge.kept).or_default().extend(more);
    }
    for claim in claims {
        claim.serves = serves.remove(&claim.id).unwrap_or_default();
        links::redirect(&mut claim.serves, &kept);
    }
}
