//! What one sentence is: kind, area, speaker, person, time, strength, standing.

use std::collections::BTreeMap;

use crate::claim::{About, Speaker, Status, Strength, Time};
use crate::draft::NotUsed;
use crate::recipe::lexicon::{Cells, Lexicon, Voice};
use crate::recipe::{Recipe, Role};

use super::frame::Frame;
use super::sense::{Sense, senses};
use super::slots::slots;
use super::topics;

/// How clearly a sentence's own words tell its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Told {
    /// They do not: a heading does, or nothing.
    #[default]
    No,
    /// By weak cues.
    Weakly,
    /// By a strong cue.
    Strongly,
}

/// What a sentence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label<'l> {
    /// Its kind; none where it gives no claim, for the reason in `aside`.
    pub kind: Option<&'l str>,
    /// Whether its own words told the kind.
    pub told: Told,
    /// The area, and whether a heading named it.
    pub area: Option<&'l str>,
    /// Whether a heading or a row named the area.
    pub area_named: bool,
    /// Who says it.
    pub speaker: Speaker,
    /// Whom it is about.
    pub about: About,
    /// How firmly.
    pub strength: Strength,
    /// Whether it denies.
    pub negated: bool,
    /// Whether it holds now.
    pub time: Time,
    /// For measures.
    pub status: Option<Status>,
    /// The section that a heading places it in.
    pub placement: Option<&'l str>,
    /// Whether it goes on from the sentence before.
    pub continues: bool,
    /// Why it gives no claim.
    pub aside: NotUsed,
}

/// Labels sentences of one source.
pub(crate) struct Labeller<'a> {
    pub recipe: &'a Recipe,
    pub lexicon: &'a Lexicon,
    /// Whose voice the source is written in.
    pub voice: Speaker,
    /// The area of its kind of advice.
    pub home: Option<&'a str>,
}

/// How much the area of the kind of advice weighs against the words of a sentence.
const HOME: usize = 4;
/// How much the words of a heading weigh.
const HINT: usize = 2;
/// Where in a sentence its opening ends, in letters.
const OPENING: usize = 40;
/// The weight from which a cue counts without any heading.
const ALONE: usize = 3;

impl<'a> Labeller<'a> {
    /// The label of a folded sentence in its frame.
    pub fn label(&self, folded: &str, frame: &Frame<'a>) -> Label<'a> {
        let signs = &self.lexicon.signs;
        let speaker = self.speaker(folded, frame);
        let (kind, told) = self.kind(folded, frame, speaker);
        let mut label = Label {
            kind,
            told,
            area: None,
            area_named: frame.area.is_some(),
            speaker,
            about: self.about(folded),
            strength: self.strength(folded),
            negated: signs.negation.found(folded),
            time: Time::Current,
            status: None,
            placement: frame.placement,
            continues: signs.continues.found(folded),
            aside: NotUsed::Context,
        };
        label.area = self.area(folded, frame, kind);
        self.settle(folded, frame, &mut label);
        label
    }

    /// What says who does something how often, as an item of a list or in the words with which measures begin, is a
    /// measure, whatever it stands under.
    pub fn quantify(&self, folded: &str, frame: &Frame<'a>, label: &mut Label<'a>) {
        let slots = slots(self.lexicon, &[folded]);
        let timed = [&slots.frequency, &slots.duration, &slots.until]
            .iter()
            .any(|slot| slot.is_some());
        let measure = self.recipe.kinds.iter().find(|kind| kind.role == Role::Measure);
        let Some(kind) = measure.filter(|_| timed && (slots.who.is_some() || slots.ratio.is_some())) else {
            return;
        };
        if frame.aside || label.speaker != Speaker::Professional || label.aside != NotUsed::Context {
            return;
        }
        (label.kind, label.told) = (Some(kind.id.as_str()), Told::Strongly);
        label.area = self.area(folded, frame, label.kind);
        label.status = Some(self.status(folded, frame, label));
    }

    fn role(&self, kind: &str) -> Option<Role> {
        self.recipe.kind(kind).map(|kind| kind.role)
    }

    /// What the kind decides: standing and time; and what keeps a sentence from being a claim at all.
    fn settle(&self, folded: &str, frame: &Frame<'a>, label: &mut Label<'a>) {
        let signs = &self.lexicon.signs;
        if signs.instruction.found(folded) {
            (label.kind, label.aside) = (None, NotUsed::Instruction);
        } else if signs.formal.found(folded) || !folded.contains(|c: char| c.is_ascii_alphabetic()) {
            (label.kind, label.aside) = (None, NotUsed::Context);
        } else if label.about == About::Other {
            (label.kind, label.aside) = (None, NotUsed::OtherPerson);
        } else if signs.withheld.found(folded) || frame.cells.is_some_and(is_beside) {
            (label.kind, label.aside) = (None, NotUsed::Detail);
        }
        self.deny(folded, label);
        let Some(role) = label.kind.and_then(|kind| self.role(kind)) else {
            return;
        };
        if role == Role::Measure {
            label.status = Some(self.status(folded, frame, label));
        }
        if matches!(role, Role::Need | Role::Measure | Role::Outcome) && signs.past.found(folded) {
            label.time = Time::Past;
        }
        if label.status == Some(Status::Ended) {
            label.time = Time::Past;
        }
    }

    /// What denies a diagnosis is health information, and so is what was looked for and not found.
    fn deny(&self, folded: &str, label: &mut Label<'a>) {
        if label.kind.is_none() {
            return;
        }
        let denied = if self.lexicon.signs.ruled_out.found(folded) {
            self.lexicon.cues.iter().find_map(|cues| cues.denied.as_deref())
        } else {
            let cues = label
                .kind
                .filter(|_| label.negated)
                .and_then(|kind| self.lexicon.cues_of(kind));
            cues.and_then(|cues| cues.denied.as_deref())
        };
        label.kind = denied.or(label.kind);
    }

    fn speaker(&self, folded: &str, frame: &Frame) -> Speaker {
        let voice = frame.speaker.unwrap_or(self.voice);
        let signs = &self.lexicon.signs;
        // Reported speech governs a sentence from its beginning: "when he is not understood he says ..." does not.
        let opens = |found: Option<(usize, usize)>| found.is_some_and(|(start, _)| start < OPENING);
        // A family that tells what its child says still speaks for itself.
        if voice == Speaker::Professional && opens(signs.subject_says.first(folded)) {
            Speaker::Subject
        } else if voice == Speaker::Professional && opens(signs.family_says.first(folded)) {
            Speaker::Family
        } else {
            voice
        }
    }

    fn kind(&self, folded: &str, frame: &Frame<'a>, speaker: Speaker) -> (Option<&'a str>, Told) {
        if frame.aside {
            return (None, Told::No);
        }
        let allowed = |kind: &str| self.is_said(speaker, kind);
        let senses = senses(self.lexicon, folded, allowed);
        let heading = frame.kind.filter(|kind| allowed(kind));
        let otherwise = self.otherwise(frame, speaker);
        let telling = match heading {
            Some(kind) => {
                overruling(&senses, kind).or_else(|| senses.iter().find(|sense| sense.cues.kind == kind))
            }
            None => best(&senses).filter(|sense| sense.weight >= self.least(otherwise, &sense.cues.kind)),
        };
        match telling {
            Some(sense) if sense.strong > 0 => (Some(&sense.cues.kind), Told::Strongly),
            Some(sense) => (Some(&sense.cues.kind), Told::Weakly),
            None => (heading.or(otherwise), Told::No),
        }
    }

    /// What can be said by this speaker. A professional who reports the family speaks of needs and provision; the
    /// subject's words are views.
    fn voice_of(&self, speaker: Speaker) -> Option<&'a Voice> {
        let voice = if speaker == Speaker::Family {
            self.voice
        } else {
            speaker
        };
        self.lexicon.voice(voice)
    }

    fn is_said(&self, speaker: Speaker, kind: &str) -> bool {
        self.voice_of(speaker)
            .is_none_or(|voice| voice.kinds.iter().any(|own| own == kind))
    }

    /// The kind of what tells none: the heading's, else the voice's.
    fn otherwise(&self, frame: &Frame<'a>, speaker: Speaker) -> Option<&'a str> {
        let voice = self.voice_of(speaker);
        let headed = voice
            .filter(|_| frame.headed)
            .and_then(|voice| voice.in_area.as_deref());
        let by_voice = voice.and_then(|voice| voice.otherwise.as_deref()).or(headed);
        frame
            .otherwise
            .filter(|kind| self.is_said(speaker, kind))
            .or(by_voice)
    }

    /// The weight that cues of a kind need under a heading that says what is there `otherwise`: little where it says
    /// that needs are, more where passages are or where it says nothing.
    fn least(&self, otherwise: Option<&str>, kind: &str) -> usize {
        match otherwise.and_then(|kind| self.role(kind)) {
            Some(Role::Passage) if otherwise != Some(kind) => ALONE,
            Some(_) => 1,
            None => ALONE,
        }
    }

    fn about(&self, folded: &str) -> About {
        let signs = &self.lexicon.signs;
        if signs.others.found(folded) {
            About::Other
        } else if signs.family.found(folded) {
            About::Family
        } else {
            About::Subject
        }
    }

    fn strength(&self, folded: &str) -> Strength {
        let signs = &self.lexicon.signs;
        if signs.tentative.found(folded) {
            Strength::Tentative
        } else if signs.recommended.found(folded) {
            Strength::Recommended
        } else {
            Strength::Firm
        }
    }

    /// The heading's area; else the one that the words speak of most, the heading's words and the kind of advice
    /// weighing in.
    fn area(&self, folded: &str, frame: &Frame<'a>, kind: Option<&str>) -> Option<&'a str> {
        if frame.area.is_some() {
            return frame.area;
        }
        let mut areas: BTreeMap<&'a str, usize> = topics::areas_of(self.lexicon, folded);
        // A diagnosis is of the area of what it names, whoever made it.
        let alone = kind
            .and_then(|kind| self.recipe.kind(kind))
            .is_some_and(|kind| kind.stands_alone);
        let home = if alone { 1 } else { HOME };
        for (area, weight) in frame
            .hint
            .map(|area| (area, HINT))
            .into_iter()
            .chain(self.home.map(|area| (area, home)))
        {
            *areas.entry(area).or_default() += weight;
        }
        let strongest = topics::strongest(&areas);
        // Of areas that weigh the same the first in the document's order.
        self.recipe
            .areas
            .iter()
            .find_map(|area| strongest.iter().find(|own| **own == area.id))
            .copied()
    }

    fn status(&self, folded: &str, frame: &Frame, label: &Label) -> Status {
        let signs = &self.lexicon.signs;
        if label.speaker != Speaker::Professional {
            return Status::Wished;
        }
        let ended = signs.ended.found(folded);
        match frame.status {
            Some(Status::Advised) if signs.stopped.found(folded) => Status::Ended,
            Some(Status::Advised) => Status::Advised,
            _ if ended => Status::Ended,
            // What stands under "Support in place" and is recommended is to go on.
            Some(Status::InPlace) if signs.recommended.found(folded) => Status::Advised,
            Some(status) => status,
            None if signs.in_place.found(folded) && !signs.advised.found(folded) => Status::InPlace,
            None => Status::Advised,
        }
    }
}

/// Cells that stand beside a row's claims.
fn is_beside(cells: Cells) -> bool {
    matches!(
        cells,
        Cells::Area | Cells::Remark | Cells::Score | Cells::Number | Cells::Form | Cells::Standing
    )
}

/// The sense that overrules a heading of `kind`: one with strong cues against it that outweighs the heading's own.
fn overruling<'l, 's>(senses: &'s [Sense<'l>], kind: &str) -> Option<&'s Sense<'l>> {
    let own = senses
        .iter()
        .find(|sense| sense.cues.kind == kind)
        .map_or(0, |sense| sense.weight);
    senses
        .iter()
        .filter(|sense| {
            sense.strong > 0 && sense.weight > own && sense.cues.over.iter().any(|over| over == kind)
        })
        .max_by_key(|sense| sense.weight)
}

/// The strongest sense; of equals the one whose cues stand first in the lexicon.
fn best<'l, 's>(senses: &'s [Sense<'l>]) -> Option<&'s Sense<'l>> {
    senses.iter().rev().max_by_key(|sense| sense.weight)
}
