//! How much of a gold annotation stands in a draft.
//!
//! A draft is measured whoever made it: what is looked at are its claims and its [`CheckedDraft`].
//!
//! - A gold claim is **covered** when one statement of a field that takes its kind, in the section that the gold names,
//!   holds at least 60 % of the content words of its quote, in its own text or in a sentence that its claims cite. Claims
//!   that are not current, and provisions that are only in place or wished for, are not wanted.
//! - A **group** is one need with the provisions and outcomes that serve it: three parts, of which those count that the
//!   readable sources have anything wanted for. The need is found when a statement or a query holds any of the claims
//!   that say it, for they say the same; its provisions and its outcomes, when at least half of them are so held, for
//!   each is something else. Where the annotation has no groups, each need that supports no other makes one.
//! - A **gap** is a group whose sources give no provision, or no outcome. It is asked when a query is about a statement
//!   that covers its need.
//! - **Precision** is the share of statements that answer a gold claim of their section (they cover it, or six of ten of
//!   their own words stand in its quote) or give the value of a gold fact.
//! - A **slot** of a covered provision or outcome is kept when all words of the gold's slot stand in one statement that
//!   covers it. A slot of the draft is invented when its words stand, in that order, in no sentence that its statement
//!   cites.
//! - An **omission** is a wanted claim that is not covered. It is listed when coverage gives a reason for its sentence, or
//!   shows where else it was used.

use std::collections::BTreeSet;

use drafting::case::{Case, Source};
use drafting::check::CheckedDraft;
use drafting::claim::Claim;
use drafting::document::{Document, Sentence, SentenceId};
use drafting::draft::{Draft, Statement, Support};
use drafting::id::SourceName;
use drafting::recipe::{Recipe, Select};

use crate::gold::{Annotation, GoldClaim};

pub mod drafted;
mod facts;
mod groups;
mod recall;
mod score;
mod slots;
pub mod table;
mod traps;
pub(crate) mod words;

pub use drafted::Drafted;
pub use score::{Measured, Score};

use words::{share, words};

/// The share of a quote's words that a statement must hold.
const SHARE: f64 = 0.6;

/// A statement with what the measure looks at.
struct Placed<'d> {
    section: &'d str,
    key: &'d str,
    statement: &'d Statement,
    words: Vec<String>,
    /// Its own words and those of the sentences that its claims cite.
    evidence: BTreeSet<String>,
}

struct Measuring<'a> {
    recipe: &'a Recipe,
    case: &'a Case,
    gold: &'a Annotation,
    claims: &'a [Claim],
    draft: &'a Draft,
    placed: Vec<Placed<'a>>,
}

/// Measures a draft of `case` against its annotation.
#[must_use]
pub fn measure(
    recipe: &Recipe,
    case: &Case,
    gold: &Annotation,
    claims: &[Claim],
    checked: &CheckedDraft,
) -> Measured {
    let draft = checked.draft();
    let placed = draft.statements().map(|(section, field, statement)| Placed {
        section: &section.id,
        key: &field.key,
        statement,
        words: words(&statement.text),
        evidence: evidence(case, claims, statement),
    });
    let measuring = Measuring {
        recipe,
        case,
        gold,
        claims,
        draft,
        placed: placed.collect(),
    };
    let mut measured = Measured {
        unreadable: gold.unreadable,
        ..Measured::default()
    };
    measuring.recall(&mut measured);
    measuring.groups(&mut measured);
    measuring.facts(&mut measured);
    measuring.precision(&mut measured);
    measuring.links(&mut measured);
    measuring.slots(&mut measured);
    measuring.conflicts(&mut measured);
    measuring.traps(&mut measured);
    measured.words = measuring.lengths();
    measured
}

/// The sentences of a case that this statement cites, claim by claim.
fn cited<'c>(case: &'c Case, claims: &'c [Claim], statement: &Statement) -> Vec<Vec<&'c Sentence>> {
    let Support::Claims(ids) = &statement.support else {
        return Vec::new();
    };
    let supporting = ids
        .iter()
        .filter_map(|id| claims.iter().find(|claim| claim.id == *id));
    supporting
        .map(|claim| {
            claim
                .sentences
                .iter()
                .filter_map(|id| sentence(case, *id))
                .collect()
        })
        .collect()
}

fn sentence(case: &Case, id: SentenceId) -> Option<&Sentence> {
    documents(case).find_map(|(_, document)| document.sentence(id))
}

fn documents(case: &Case) -> impl Iterator<Item = (&Source, &Document)> {
    case.sources
        .iter()
        .filter_map(|source| Some((source, source.content.as_ref().ok()?)))
}

fn evidence(case: &Case, claims: &[Claim], statement: &Statement) -> BTreeSet<String> {
    let cited = cited(case, claims, statement).into_iter().flatten();
    cited
        .flat_map(|sentence| words(&sentence.text))
        .chain(words(&statement.text))
        .collect()
}

impl Measuring<'_> {
    /// Whether the gold's document was drafted from.
    fn is_readable(&self, document: Option<&String>) -> bool {
        let Some(document) = document else { return true };
        SourceName::parse(document)
            .is_ok_and(|name| documents(self.case).any(|(source, _)| source.name == name))
    }

    fn wanted(&self) -> impl Iterator<Item = &GoldClaim> {
        let wanted = self.gold.claims.iter().filter(|claim| claim.is_wanted());
        wanted.filter(|claim| self.is_readable(claim.document.as_ref()))
    }

    fn select(&self, key: &str) -> Option<&Select> {
        self.recipe.field(key)?.form.select()
    }

    fn takes(&self, placed: &Placed, claim: &GoldClaim) -> bool {
        let section = claim
            .section
            .as_deref()
            .is_none_or(|section| section == placed.section);
        section
            && self
                .select(placed.key)
                .is_some_and(|select| select.kinds.contains(&claim.kind))
    }

    /// The statements that cover a claim, the one that holds most of it first.
    fn covering<'s>(&'s self, claim: &GoldClaim) -> Vec<&'s Placed<'s>> {
        let quote = words(&claim.quote);
        let held = |placed: &Placed| share(&quote, |word| placed.evidence.contains(word));
        let mut covering: Vec<&Placed> = self
            .placed
            .iter()
            .filter(|placed| self.takes(placed, claim) && held(placed) >= SHARE)
            .collect();
        covering.sort_by(|a, b| held(b).total_cmp(&held(a)));
        covering
    }

    fn lengths(&self) -> Score {
        let counted = |text: &str| text.split_whitespace().count();
        Score {
            hit: self
                .placed
                .iter()
                .map(|placed| counted(&placed.statement.text))
                .sum(),
            of: documents(self.case).map(|(_, document)| document.words()).sum(),
        }
    }
}
