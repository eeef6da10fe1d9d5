//! Joining labelled sentences into claims.
//!
//! One sentence is often no claim: "As a result he ..." belongs to the need before it. Sentences of one block that
//! follow each other, are of one kind and speak of one thing are joined; a list item is one claim however long.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{Claim, ClaimId};
use crate::document::{Place, Sentence, SentenceId};
use crate::draft::NotUsed;

use super::label::{Label, Told};
use super::slots;
use crate::recipe::lexicon::Lexicon;

/// The most sentences of a paragraph in one claim; one more where the last goes on from the one before.
const SENTENCES: usize = 3;
/// The words from which on a claim takes no further sentence.
const WORDS: usize = 45;
/// The words up to which a measure takes the next sentence when that tells nothing of its own.
const SHORT: usize = 20;
/// Likewise under a heading that says its kind, where a paragraph is mostly one claim.
const HEADED_WORDS: usize = 70;

/// What tells that a sentence is a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Footing {
    /// The heading above it, or its voice.
    Heading,
    /// Its own words.
    Words,
    /// Nothing: it is an aside to its neighbours.
    Nothing,
}

/// A sentence with its label.
pub(crate) struct Labelled<'a> {
    pub sentence: &'a Sentence,
    pub label: Label<'a>,
    /// What it is about, by numbers of topics.
    pub topics: BTreeSet<usize>,
    /// Whether claims of its kind are sorted into areas.
    pub sorted: bool,
    /// What tells that it is a claim.
    pub footing: Footing,
    /// Whether each sentence of its kind is mostly a claim of its own: measures and outcomes.
    pub single: bool,
    /// Whether it begins with the subject's name: writers name whom they speak of when they begin anew.
    pub anew: bool,
}

impl Labelled<'_> {
    /// Whether the sentence is nothing but the words in bold that lead its block.
    fn is_lead(&self) -> bool {
        self.sentence.lead.as_deref() == Some(self.sentence.text.as_str())
    }

    fn is_sound(&self) -> bool {
        self.footing != Footing::Nothing
    }

    fn is_item(&self) -> bool {
        matches!(self.sentence.place, Place::ListItem { .. })
    }
}

/// A claim in the making.
struct Open<'a> {
    label: Label<'a>,
    sentences: Vec<SentenceId>,
    texts: Vec<&'a str>,
    topics: BTreeSet<usize>,
    block: u32,
    words: usize,
    item: bool,
    /// It holds nothing but a lead so far, and takes any sentence.
    lead: bool,
    /// A heading or a cue of one of its sentences says what it is; otherwise it is an aside to what does.
    sound: bool,
}

impl<'a> Open<'a> {
    fn new(line: &Labelled<'a>) -> Self {
        Self {
            label: line.label.clone(),
            sentences: vec![line.sentence.id],
            texts: vec![&line.sentence.text],
            topics: line.topics.clone(),
            block: line.sentence.block,
            words: words(line.sentence),
            item: line.is_item(),
            lead: line.is_lead(),
            sound: line.is_sound(),
        }
    }

    fn takes(&self, line: &Labelled) -> bool {
        let (mine, its) = (&self.label, &line.label);
        let alike = mine.kind == its.kind
            && mine.speaker == its.speaker
            && mine.status == its.status
            && mine.time == its.time
            && mine.placement == its.placement;
        if line.sentence.block != self.block || !(alike || self.lead) {
            return false;
        }
        if self.item {
            return true;
        }
        if line.single {
            return its.continues
                || line.label.told == Told::No && !line.anew && self.words + words(line.sentence) < SHORT;
        }
        if line.footing == Footing::Heading && line.sorted {
            return self.words + words(line.sentence) <= HEADED_WORDS;
        }
        let room = self.sentences.len() < SENTENCES + usize::from(its.continues) && self.words < WORDS;
        if !line.is_sound() || !self.sound {
            return room;
        }
        let apart =
            line.sorted && line.anew && !self.topics.is_empty() && self.topics.is_disjoint(&line.topics);
        let area = mine.area == its.area || !line.sorted || !(its.area_named || line.anew);
        room && (its.continues || (!apart && area))
    }

    fn take(&mut self, line: &Labelled<'a>) {
        if self.lead {
            (self.label, self.lead) = (line.label.clone(), false);
        }
        self.sound |= line.is_sound();
        self.sentences.push(line.sentence.id);
        self.texts.push(&line.sentence.text);
        self.topics.extend(&line.topics);
        self.words += words(line.sentence);
        self.label.negated |= line.label.negated;
        self.label.strength = self.label.strength.max(line.label.strength);
    }
}

fn words(sentence: &Sentence) -> usize {
    sentence.text.split_whitespace().count()
}

/// Claims in the making of one document, and why the other sentences gave none.
#[derive(Default)]
pub(crate) struct Gathered {
    /// The claims in reading order, numbered from 1.
    pub claims: Vec<Claim>,
    /// Why sentences gave no claim.
    pub asides: BTreeMap<SentenceId, NotUsed>,
}

impl Gathered {
    /// Joins the sentences of paragraphs and lists.
    pub fn lines<'a>(&mut self, lexicon: &Lexicon, lines: impl IntoIterator<Item = Labelled<'a>>) {
        let mut open: Option<Open> = None;
        let mut other = None;
        for mut line in lines {
            // "It found that ..." after a sentence about somebody else is about them too.
            if line.label.continues && other == Some(line.sentence.block) {
                (line.label.kind, line.label.aside) = (None, NotUsed::OtherPerson);
            }
            other = Some(line.sentence.block).filter(|_| line.label.aside == NotUsed::OtherPerson);
            inherit(&mut line, open.as_ref());
            let caption = line.is_lead() && !line.is_item();
            if line.label.kind.is_none() || caption {
                self.asides.insert(line.sentence.id, line.label.aside);
                self.close(lexicon, open.take());
                continue;
            }
            match &mut open {
                Some(claim) if claim.takes(&line) => claim.take(&line),
                _ => {
                    self.close(lexicon, open.take());
                    open = Some(Open::new(&line));
                }
            }
        }
        self.close(lexicon, open);
    }

    /// One claim of cells of a row.
    pub fn cells(&mut self, lexicon: &Lexicon, label: &Label, sentences: &[&Sentence]) -> ClaimId {
        let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
        self.push(
            lexicon,
            label,
            sentences.iter().map(|sentence| sentence.id).collect(),
            &texts,
        )
    }

    fn close(&mut self, lexicon: &Lexicon, open: Option<Open>) {
        let Some(open) = open else { return };
        if open.lead || !open.sound {
            let reason = if open.lead {
                NotUsed::Context
            } else {
                NotUsed::Detail
            };
            self.asides
                .extend(open.sentences.into_iter().map(|id| (id, reason)));
        } else {
            self.push(lexicon, &open.label, open.sentences, &open.texts);
        }
    }

    fn push(
        &mut self,
        lexicon: &Lexicon,
        label: &Label,
        sentences: Vec<SentenceId>,
        texts: &[&str],
    ) -> ClaimId {
        let id = ClaimId(u32::try_from(self.claims.len() + 1).unwrap_or(u32::MAX));
        self.claims.push(Claim {
            id,
            kind: label.kind.unwrap_or_default().to_owned(),
            area: label.area.map(str::to_owned),
            sentences,
            speaker: label.speaker,
            about: label.about,
            strength: label.strength,
            negated: label.negated,
            time: label.time,
            status: label.status,
            slots: slots::slots(lexicon, texts),
            fact: None,
            serves: Vec::new(),
            placement: label.placement.map(str::to_owned),
        });
        id
    }
}

/// A sentence that goes on from the one before and tells no kind of its own is of that one's kind and area.
fn inherit<'a>(line: &mut Labelled<'a>, open: Option<&Open<'a>>) {
    let Some(open) = open.filter(|open| open.block == line.sentence.block) else {
        return;
    };
    if !line.label.continues || line.label.kind.is_none() {
        return;
    }
    if line.label.told == Told::No {
        line.label.kind = open.label.kind;
        line.label.status = open.label.status;
        line.label.speaker = open.label.speaker;
    }
    if line.label.kind == open.label.kind {
        line.label.area = open.label.area;
    }
}
