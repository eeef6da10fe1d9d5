//! Where and when: the area that the source itself names (rule T06), and what is over told as over.

use super::english::{OVER, PAST};
use super::words::{Token, any, tokens};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;
use crate::claim::Time;
use crate::document::{Place, Sentence};
use crate::recipe::Recipe;
use crate::recipe::lexicon::fold;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    moved(cited, remarks);
    historic(cited, remarks);
    unused(cited, remarks);
}

/// The area that the headings of a sentence name, the innermost first.
pub(super) fn area_of<'r>(recipe: &'r Recipe, sentence: &Sentence) -> Option<&'r str> {
    let row = match &sentence.place {
        Place::Cell { row_head, .. } => row_head.as_deref(),
        Place::Paragraph | Place::ListItem { .. } => sentence.lead.as_deref(),
    };
    row.into_iter()
        .chain(sentence.headings.iter().rev().map(String::as_str))
        .find_map(|heading| named(recipe, heading))
}

fn named<'r>(recipe: &'r Recipe, heading: &str) -> Option<&'r str> {
    let folded = fold(heading);
    let bare = folded
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ' | ':'))
        .trim();
    if bare.len() > 120 {
        return None;
    }
    let known =
        |area: &&crate::recipe::Area| fold(&area.title) == bare || area.code.eq_ignore_ascii_case(bare);
    if let Some(area) = recipe.areas.iter().find(known) {
        return Some(&area.id);
    }
    let mut rules = recipe
        .lexicon
        .headings
        .iter()
        .filter(|rule| rule.words.found(bare) || rule.whole.are(bare));
    match rules.next() {
        Some(rule) if rule.title => None,
        Some(rule) => rule
            .area
            .as_deref()
            .or_else(|| rules.find_map(|rule| rule.area.as_deref())),
        None => None,
    }
}

fn moved(cited: &Cited, remarks: &mut Remarks) {
    // A section of one area takes what sources sort elsewhere too, and what the family says is not sorted.
    let Some(area) = cited.area.filter(|_| cited.areas > 1 && !cited.of_family) else {
        return;
    };
    let named: Vec<&str> = cited
        .evidence
        .iter()
        .filter(|evidence| evidence.shared > 0)
        .filter_map(|evidence| evidence.area)
        .collect();
    if !named.is_empty() && !named.contains(&area) {
        remarks.add(&rules::MOVED, "the source puts this under another area".into());
    }
}

fn historic(cited: &Cited, remarks: &mut Remarks) {
    if any(&cited.text.tokens, PAST)
        .or(any(&cited.text.tokens, OVER))
        .is_some()
    {
        return;
    }
    let over = |evidence: &Evidence| {
        let row = evidence.row.iter().any(|cell| {
            let all = tokens(super::shortened(&cell.text));
            let no =
                all.first().is_some_and(|token| token.low == "no") && all.get(1).is_none_or(Token::is_mark);
            no || any(
                &all,
                &[
                    "ended",
                    "stopped",
                    "discontinued",
                    "ceased",
                    "no longer",
                    "withdrawn",
                    "left in",
                ],
            )
            .is_some()
        });
        let claims = !evidence.claims.is_empty()
            && evidence
                .claims
                .iter()
                .all(|claim| matches!(claim.time, Time::Past | Time::Superseded));
        row || claims || any(&evidence.part.tokens, OVER).is_some() || lasted(&evidence.part.tokens)
    };
    let meant: Vec<&Evidence> = cited
        .evidence
        .iter()
        .filter(|evidence| evidence.shared > 0)
        .collect();
    if !meant.is_empty() && meant.iter().all(|evidence| over(evidence)) {
        remarks.add(
            &rules::HISTORIC,
            "the evidence is about what is over, the statement about now".into(),
        );
    }
}

/// "Until July she was seen": it lasted until then. "Until July 2027" of what is to be done is no end yet.
fn lasted(all: &[Token]) -> bool {
    any(all, &["until", "up to"]).is_some()
        && any(all, &["was", "were", "had", "received", "attended", "did"]).is_some()
}

/// A cited sentence of which nothing stands in the statement was lost when they were joined.
fn unused(cited: &Cited, remarks: &mut Remarks) {
    let lost = cited
        .evidence
        .iter()
        .filter(|evidence| evidence.shared == 0 && evidence.part.senses.len() > 3)
        .count();
    if lost > 0 && cited.evidence.len() > 1 {
        remarks.add(
            &rules::LOST_IN_MERGING,
            format!("{lost} cited sentence(s) leave no trace in the statement"),
        );
    }
}
