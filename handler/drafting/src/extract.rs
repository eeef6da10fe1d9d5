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
use crate::document::{Document, Place, Sentence, SentenceId};
use crate::draft::NotUsed;
use crate::identity::Signs;
use crate::recipe::lexicon::Cells;
use crate::recipe::{Form, Recipe, Role};

mod form;
mod frame;
mod gather;
pub mod head;
mod label;
pub(crate) mod people;
mod rows;
pub(crate) mod sense;
mod slots;
mod table;
pub(crate) mod topics;
mod value;

use form::Found;
use frame::{Frame, Frames};
use gather::{Gathered, Labelled};
use label::Labeller;
use people::People;
use rows::{Framed, Rows};

/// The needs under a heading of their own from which on a source sums up its needs.
const LISTED: usize = 2;

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
fn append(claims: &mut Vec<Claim>, more: Vec<Claim>) {
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

/// Reads one document.
struct Reader<'a> {
    document: &'a Document,
    people: &'a People,
    /// The sentences that gave facts.
    given: BTreeSet<SentenceId>,
    labeller: Labeller<'a>,
    /// The kinds of claim that fields of an area take, by who says them.
    sorted: BTreeSet<(&'a str, Speaker)>,
}

impl<'a> Reader<'a> {
    fn read(&self) -> Gathered {
        let mut gathered = Gathered::default();
        let mut frames = Frames::new(
            self.labeller.lexicon,
            self.people,
            self.labeller.voice,
            self.document,
        );
        let mut framed: BTreeMap<SentenceId, Frame<'a>> = BTreeMap::new();
        let mut lines = Vec::new();
        let sentences = &self.document.sentences;
        for (index, sentence) in sentences.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| sentences.get(before));
            let alone = before.is_none_or(|before| before.block != sentence.block)
                && sentences
                    .get(index + 1)
                    .is_none_or(|after| after.block != sentence.block);
            match frames.next(sentence, alone) {
                None => drop(gathered.asides.insert(sentence.id, NotUsed::Context)),
                Some(frame) if matches!(sentence.place, Place::Cell { .. }) => {
                    drop(framed.insert(sentence.id, frame))
                }
                Some(frame) => lines.extend(self.line(sentence, &frame, &mut gathered)),
            }
        }
        self.sum_up(&mut lines);
        gathered.lines(self.labeller.lexicon, lines);
        self.rows(&mut frames, &framed, &mut gathered);
        gathered
    }

    /// A sentence of a paragraph or list with its label; none when it was a fact and tells nothing else.
    fn line(
        &self,
        sentence: &'a Sentence,
        frame: &Frame<'a>,
        gathered: &mut Gathered,
    ) -> Option<Labelled<'a>> {
        let folded = self.people.fold(&sentence.text);
        let mut label = self.labeller.label(&folded, frame);
        let offered = matches!(sentence.place, Place::ListItem { .. })
            || self.labeller.lexicon.signs.offers.found(&folded);
        if offered && !label.told && frame.kind.is_none() {
            self.labeller.quantify(&folded, frame, &mut label);
        }
        let fact = self.given.contains(&sentence.id);
        if label.kind.is_none()
            && label.aside == NotUsed::Context
            && !frame.aside
            && speaks(self.labeller.recipe, &sentence.text)
        {
            label.aside = NotUsed::Unclaimed;
        }
        if (fact && !label.told) || is_caption(sentence, frame) {
            gathered.asides.insert(sentence.id, NotUsed::Context);
            return None;
        }
        let topics = topics::topics_of(self.labeller.lexicon, &folded)
            .into_keys()
            .collect();
        let sorted = label
            .kind
            .is_some_and(|kind| self.sorted.contains(&(kind, label.speaker)));
        let headed = frame.kind.is_some() || label.speaker != Speaker::Professional;
        let role = label
            .kind
            .and_then(|kind| self.labeller.recipe.kind(kind))
            .map(|kind| kind.role);
        let single = matches!(role, Some(Role::Measure | Role::Outcome));
        let anew = folded.starts_with(people::SUBJECT);
        Some(Labelled {
            sentence,
            label,
            topics,
            sorted,
            headed,
            evidence: false,
            single,
            anew,
        })
    }

    /// Where a source lists its needs under a heading of their own, what it says of them elsewhere bears them out; and
    /// a strength or a view that a professional mentions by the way is no more than that.
    fn sum_up(&self, lines: &mut [Labelled]) {
        let kind = |line: &Labelled| line.label.kind.and_then(|kind| self.labeller.recipe.kind(kind));
        let is_need =
            |line: &Labelled| kind(line).is_some_and(|kind| kind.role == Role::Need && !kind.stands_alone);
        let is_passage = |line: &Labelled| kind(line).is_some_and(|kind| kind.role == Role::Passage);
        let listed = lines.iter().filter(|line| line.headed && is_need(line)).count();
        for line in lines.iter_mut().filter(|line| !line.headed) {
            line.evidence = (listed >= LISTED && is_need(line)) || is_passage(line);
        }
    }

    fn rows(
        &self,
        frames: &mut Frames<'a>,
        framed: &BTreeMap<SentenceId, Frame<'a>>,
        gathered: &mut Gathered,
    ) {
        let all = table::rows(self.document);
        let forms = self.forms(&all);
        for row in &all {
            let mut cells: Vec<Framed<'a>> = Vec::new();
            for cell in &row.cells {
                let Some(frame) = cell
                    .sentences
                    .first()
                    .and_then(|sentence| framed.get(&sentence.id))
                else {
                    continue;
                };
                cells.push(Framed {
                    cell: cell.clone(),
                    frame: frame.clone(),
                });
            }
            if answers(frames, &mut cells) {
                self.answered(&cells, gathered);
                continue;
            }
            let form = forms.contains(&row.block);
            Rows {
                labeller: &self.labeller,
                people: self.people,
                gathered: &mut *gathered,
            }
            .read(row, &cells, form);
        }
    }

    /// The answers beside a question read as paragraphs under a heading do.
    fn answered(&self, cells: &[Framed<'a>], gathered: &mut Gathered) {
        let [question, answers @ ..] = cells else { return };
        gathered
            .asides
            .extend(question.cell.ids().map(|id| (id, NotUsed::Context)));
        for answer in answers {
            let mut lines = Vec::new();
            for sentence in &answer.cell.sentences {
                lines.extend(self.line(sentence, &answer.frame, gathered));
            }
            gathered.lines(self.labeller.lexicon, lines);
        }
    }

    /// The tables of which two rows or more gave facts.
    fn forms(&self, rows: &[table::Row]) -> BTreeSet<u32> {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for row in rows {
            if row
                .cells
                .iter()
                .flat_map(table::Cell::ids)
                .any(|id| self.given.contains(&id))
            {
                *counts.entry(row.block).or_default() += 1;
            }
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|(block, _)| block)
            .collect()
    }
}

/// In a table without known heads the first cell of a row may be its heading: "What I like | trains and maps". Gives
/// the other cells that heading's frame.
fn answers<'a>(frames: &mut Frames<'a>, cells: &mut [Framed<'a>]) -> bool {
    let [label, rest @ ..] = cells else { return false };
    let known =
        |cell: &Framed| cell.frame.by_column || cell.frame.cells.is_some_and(|cells| cells != Cells::Form);
    if rest.is_empty() || known(label) || rest.iter().any(known) {
        return false;
    }
    let Some(inner) = frames.row_head(&label.cell.text()) else {
        return false;
    };
    for cell in rest {
        cell.frame = Frame {
            cells: None,
            ..cell.frame.with(&inner)
        };
    }
    true
}

/// A line in bold or capitals above the text, and a signature below it: no sentence.
fn is_caption(sentence: &Sentence, frame: &Frame) -> bool {
    sentence.place == Place::Paragraph
        && frame.kind.is_none()
        && !sentence.text.ends_with(['.', '?', '!', '"', '\u{201d}'])
}
