//! Where: the area that the source itself names (rule T06), and the section for what a statement is (rule T07).

use super::english::{HEALTH, PROVIDES, PROVISION};
use super::quantity::Quantity;
use super::{Cited, Evidence, Remarks};
use crate::case::Source;
use crate::check::rules;
use crate::claim::Status;
use crate::document::{Place, Sentence};
use crate::recipe::lexicon::fold;
use crate::recipe::{Recipe, Role};

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    moved(cited, remarks);
    misplaced(cited, remarks);
    elsewhere(cited, remarks);
    unused(cited, remarks);
}

/// The area that the headings of a sentence name, the innermost first.
pub(super) fn area_of<'r>(recipe: &'r Recipe, source: &Source, sentence: &Sentence) -> Option<&'r str> {
    let row = match &sentence.place {
        Place::Cell { row_head, .. } => row_head.as_deref(),
        Place::Paragraph | Place::ListItem { .. } => lead(source, sentence),
    };
    // A title tells who wrote it, not what each part is about.
    let title = sentence
        .headings
        .first()
        .filter(|title| sentence.headings.len() > 1 && is_title(title));
    // Bold words that name no area still tell that the paragraph is about something of its own.
    if let (Place::Paragraph, Some(lead)) = (&sentence.place, row) {
        return named(recipe, lead);
    }
    row.into_iter()
        .chain(sentence.headings.iter().rev().map(String::as_str))
        .filter(|heading| title.is_none_or(|title| title != heading))
        .find_map(|heading| named(recipe, heading))
}

/// The bold words that its paragraph begins with.
fn lead<'s>(source: &'s Source, sentence: &'s Sentence) -> Option<&'s str> {
    let document = source.content.as_ref().ok()?;
    let before = document
        .sentences
        .get(..usize::try_from(sentence.id.number).ok()?)?;
    let own = before
        .iter()
        .rev()
        .take_while(|other| other.block == sentence.block);
    own.last()?.lead.as_deref()
}

/// Where the innermost heading that says so has its measures stand.
pub(super) fn standing_of(recipe: &Recipe, sentence: &Sentence) -> Option<Status> {
    let mut headings = sentence.headings.iter().rev().map(|heading| fold(heading));
    headings.find_map(|heading| {
        let bare = heading.trim();
        let mut rules = recipe.lexicon.headings.iter();
        rules.find_map(|rule| {
            let named = rule.words.found(bare) || rule.whole.are(bare);
            rule.status.filter(|_| named)
        })
    })
}

fn is_title(heading: &str) -> bool {
    let of_a_whole = |word: &str| matches!(word, "report" | "advice" | "service");
    fold(heading).split(' ').any(of_a_whole)
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
    if let Some(area) = cited.area
        && !cited.of_family
        && cited.areas > 1
        && !cited.section_areas.contains(area)
    {
        remarks.add(&rules::MOVED, "its section has no such area".into());
        return;
    }
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

/// What a statement is, by its own words and its evidence, against what its section holds.
fn misplaced(cited: &Cited, remarks: &mut Remarks) {
    let all = |role: Role| {
        let mut told = cited
            .evidence
            .iter()
            .filter(|evidence| evidence.shared > 0 && !evidence.roles.is_empty())
            .peekable();
        told.peek().is_some() && told.all(|evidence| evidence.roles.iter().all(|own| *own == role))
    };
    let what = match cited.purpose {
        Some(Role::Need) if all(Role::Measure) && provides(cited) => "a provision stands among needs",
        Some(Role::Outcome) if all(Role::Measure) && cited.holds(PROVIDES) => {
            "a provision stands among outcomes"
        }
        Some(Role::Measure) if all(Role::Need) && !cited.holds(PROVISION) => "a need stands among provision",
        Some(Role::Measure) if all(Role::Outcome) && !cited.holds(PROVIDES) && is_dated(cited) => {
            "an outcome stands among provision"
        }
        _ => return,
    };
    remarks.add(&rules::MOVED, what.into());
}

/// Whether the statement provides something: "will receive", or "will" and an amount.
fn provides(cited: &Cited) -> bool {
    let amount = cited
        .text
        .quantities
        .iter()
        .any(|found| matches!(found.quantity, Quantity::Rate(..) | Quantity::Ratio(..)));
    cited.holds(PROVIDES) || cited.holds(&["will"]) && amount
}

fn is_dated(cited: &Cited) -> bool {
    cited.holds(&["will"])
        && cited.text.quantities.iter().any(|found| {
            matches!(
                found.quantity,
                Quantity::Date(_) | Quantity::Label("stage" | "year", _)
            )
        })
}

/// What the source places by its own heading ("(H1)") stands there; what is neither of health nor from a health
/// professional stands in no section of health alone.
fn elsewhere(cited: &Cited, remarks: &mut Remarks) {
    let mut placed = cited
        .evidence
        .iter()
        .filter(|evidence| evidence.shared > 0)
        .flat_map(|evidence| &evidence.claims)
        .filter_map(|claim| claim.placement.as_deref())
        .peekable();
    let against = |section: &str| placed.peek().is_some() && placed.all(|place| place != section);
    if cited.purpose == Some(Role::Measure) && cited.section.is_some_and(against) {
        remarks.add(&rules::MOVED, "the source puts this into another section".into());
        return;
    }
    if cited.only_area != Some("health_care") {
        return;
    }
    let holds = |text: &super::Text| super::words::any(&text.tokens, HEALTH).is_some();
    let of_health = holds(&cited.text)
        || cited.evidence.iter().any(|evidence: &Evidence| {
            evidence.of_health
                || evidence
                    .texts()
                    .chain(&evidence.headings)
                    .chain(&evidence.role)
                    .any(holds)
        });
    if !of_health {
        remarks.add(&rules::MOVED, "nothing of this is about health".into());
    }
}

/// A cited sentence of which nothing stands in the statement was lost when they were joined.
fn unused(cited: &Cited, remarks: &mut Remarks) {
    let lost = cited
        .evidence
        .iter()
        .filter(|evidence| evidence.shared == 0 && evidence.part().senses.len() > 3)
        .count();
    if lost > 0 && cited.evidence.len() > 1 {
        remarks.add(
            &rules::LOST_IN_MERGING,
            format!("{lost} cited sentence(s) leave no trace in the statement"),
        );
    }
}
