//! Reading one document in order: every sentence gets its frame and its label, every table its rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{Claim, ClaimId, Speaker, Status, Time};
use crate::document::{Document, Place, Sentence, SentenceId};
use crate::draft::NotUsed;
use crate::recipe::Role;
use crate::recipe::lexicon::Cells;

use super::frame::{Frame, Frames, Standing};
use super::gather::{Footing, Gathered, Labelled};
use super::label::{Labeller, Told};
use super::people::{self, People};
use super::rows::{Framed, Rows};
use super::table::{self, Row};
use super::{speaks, topics};

/// The needs under a heading of their own from which on a source sums up its needs.
const LISTED: usize = 2;

/// Reads one document.
pub(super) struct Reader<'a> {
    pub document: &'a Document,
    pub people: &'a People,
    pub labeller: Labeller<'a>,
    /// The sentences that gave facts.
    pub given: BTreeSet<SentenceId>,
    /// The kinds of claim that fields of an area take, by who says them.
    pub sorted: BTreeSet<(&'a str, Speaker)>,
}

impl<'a> Reader<'a> {
    /// The claims of the document, and why its other sentences gave none.
    pub fn read(&self) -> Gathered {
        let mut gathered = Gathered::default();
        let mut frames = Frames::new(
            self.labeller.lexicon,
            self.people,
            self.labeller.voice,
            self.document,
        );
        let mut of_cells: BTreeMap<SentenceId, Frame<'a>> = BTreeMap::new();
        let mut lines = Vec::new();
        let mut closed = false;
        for (sentence, standing) in self.sentences() {
            closed |= self
                .labeller
                .lexicon
                .signs
                .closing
                .found(&self.people.fold(&sentence.text));
            if closed && is_line(sentence) {
                gathered.asides.insert(sentence.id, NotUsed::Context);
                continue;
            }
            let Some(frame) = frames.next(sentence, standing) else {
                gathered.asides.insert(sentence.id, NotUsed::Context);
                continue;
            };
            if matches!(sentence.place, Place::Cell { .. }) {
                of_cells.insert(sentence.id, frame);
            } else {
                lines.extend(self.line(sentence, &frame, &mut gathered));
            }
        }
        self.sum_up(&mut lines);
        gathered.lines(self.labeller.lexicon, lines);
        self.rows(&mut frames, &of_cells, &mut gathered);
        self.answer(&mut gathered);
        gathered
    }

    /// A need that says what is wanted says a measure too: "She needs an adult beside her".
    fn answer(&self, gathered: &mut Gathered) {
        let recipe = self.labeller.recipe;
        let Some(measure) = recipe.kinds.iter().find(|kind| kind.role == Role::Measure) else {
            return;
        };
        let mut next = gathered.claims.len();
        let wants = |claim: &&Claim| {
            let need = recipe
                .kind(&claim.kind)
                .is_some_and(|kind| kind.role == Role::Need && !kind.stands_alone);
            let [only] = claim.sentences.as_slice() else {
                return false;
            };
            let sentence = self.document.sentence(*only);
            need && claim.speaker == Speaker::Professional
                && claim.time == Time::Current
                && sentence.is_some_and(|sentence| {
                    let folded = self.people.fold(&sentence.text);
                    self.labeller.lexicon.signs.wanting.found(&folded)
                })
        };
        let wanted: Vec<Claim> = gathered.claims.iter().filter(wants).cloned().collect();
        for need in wanted {
            next += 1;
            gathered.claims.push(Claim {
                id: ClaimId(u32::try_from(next).unwrap_or(u32::MAX)),
                kind: measure.id.clone(),
                status: Some(Status::Advised),
                serves: vec![need.id],
                ..need
            });
        }
    }

    /// The sentences, each with how it stands among its neighbours.
    fn sentences(&self) -> impl Iterator<Item = (&'a Sentence, Standing)> {
        let sentences = &self.document.sentences;
        sentences.iter().enumerate().map(|(index, sentence)| {
            let other =
                |neighbour: Option<&Sentence>| neighbour.is_none_or(|other| other.block != sentence.block);
            let before = index.checked_sub(1).and_then(|before| sentences.get(before));
            let after = sentences.get(index + 1);
            let listed = after.is_some_and(|next| matches!(next.place, Place::ListItem { .. }));
            let standing = Standing {
                alone: other(before) && other(after),
                before_list: sentence.place == Place::Paragraph && other(after) && listed,
            };
            (sentence, standing)
        })
    }

    /// A sentence of a paragraph or list with its label; none when it was a fact and tells nothing else.
    fn line(
        &self,
        sentence: &'a Sentence,
        frame: &Frame<'a>,
        gathered: &mut Gathered,
    ) -> Option<Labelled<'a>> {
        let bare = sentence.text.get(frame.label..).unwrap_or(&sentence.text);
        let folded = self.people.fold(bare.trim_start_matches([':', ' ']));
        let mut label = self.labeller.label(&folded, frame);
        if label.told == Told::No && frame.kind.is_none() && self.is_offer(sentence, &folded) {
            self.labeller.quantify(&folded, frame, &mut label);
        }
        let fact = self.given.contains(&sentence.id) && label.told == Told::No;
        if fact || is_caption(sentence, frame) {
            gathered.asides.insert(sentence.id, NotUsed::Context);
            return None;
        }
        let silent = label.kind.is_none() && label.aside == NotUsed::Context && !frame.aside;
        if silent && speaks(self.labeller.recipe, &sentence.text) {
            label.aside = NotUsed::Unclaimed;
        }
        let role = label
            .kind
            .and_then(|kind| self.labeller.recipe.kind(kind))
            .map(|kind| kind.role);
        Some(Labelled {
            sentence,
            topics: topics::topics_of(self.labeller.lexicon, &folded)
                .into_keys()
                .collect(),
            sorted: label
                .kind
                .is_some_and(|kind| self.sorted.contains(&(kind, label.speaker))),
            footing: match label.told {
                _ if frame.kind.is_some() || label.speaker != Speaker::Professional => Footing::Heading,
                Told::No => Footing::Nothing,
                Told::Weakly | Told::Strongly => Footing::Words,
            },
            single: matches!(role, Some(Role::Measure | Role::Outcome)),
            anew: folded.starts_with(people::SUBJECT) || self.labeller.lexicon.signs.offers.found(&folded),
            label,
        })
    }

    /// Whether a sentence has the form in which measures without a verb are written.
    fn is_offer(&self, sentence: &Sentence, folded: &str) -> bool {
        matches!(sentence.place, Place::ListItem { .. }) || self.labeller.lexicon.signs.offers.found(folded)
    }

    /// Where a source lists its needs under a heading of their own, what it says of them elsewhere bears them out;
    /// where it does not, all that it says under the heading of an area counts, in whatever words. A strength or a
    /// view that a professional mentions by the way is no more than that.
    fn sum_up(&self, lines: &mut [Labelled]) {
        let kind = |line: &Labelled| line.label.kind.and_then(|kind| self.labeller.recipe.kind(kind));
        let is_need =
            |line: &Labelled| kind(line).is_some_and(|kind| kind.role == Role::Need && !kind.stands_alone);
        let is_passage = |line: &Labelled| kind(line).is_some_and(|kind| kind.role == Role::Passage);
        let is_listed = |line: &&Labelled| line.footing == Footing::Heading && is_need(line);
        let summed = lines.iter().filter(is_listed).count() >= LISTED;
        for line in lines.iter_mut().filter(|line| line.footing != Footing::Heading) {
            line.footing = match line.label.told {
                Told::No if !summed && is_need(line) && line.label.area_named => Footing::Words,
                Told::Weakly if is_passage(line) || (summed && is_need(line)) => Footing::Nothing,
                Told::No | Told::Weakly | Told::Strongly => line.footing,
            };
        }
    }

    fn rows(
        &self,
        frames: &mut Frames<'a>,
        of_cells: &BTreeMap<SentenceId, Frame<'a>>,
        gathered: &mut Gathered,
    ) {
        let all = table::rows(self.document);
        let forms = self.forms(&all);
        for row in &all {
            let mut cells: Vec<Framed<'a>> = Vec::new();
            for cell in &row.cells {
                let frame = cell
                    .sentences
                    .first()
                    .and_then(|sentence| of_cells.get(&sentence.id));
                cells.extend(frame.map(|frame| Framed {
                    cell: cell.clone(),
                    frame: frame.clone(),
                }));
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
    fn forms(&self, rows: &[Row]) -> BTreeSet<u32> {
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

/// A short line without a full stop: what stands below a signature.
fn is_line(sentence: &Sentence) -> bool {
    sentence.place == Place::Paragraph && !sentence.text.ends_with(['.', '?', '!'])
}

/// A line in bold or capitals above the text, and a signature below it: no sentence.
fn is_caption(sentence: &Sentence, frame: &Frame) -> bool {
    sentence.place == Place::Paragraph
        && frame.kind.is_none()
        && !sentence.text.ends_with(['.', '?', '!', '"', '\u{201d}'])
}
