//! Claims from the rows of tables.

use std::collections::BTreeSet;

use crate::claim::{Claim, ClaimId, Status, Time};
use crate::document::{Sentence, SentenceId};
use crate::draft::NotUsed;
use crate::recipe::Role;
use crate::recipe::lexicon::Cells;

use super::frame::Frame;
use super::gather::Gathered;
use super::label::{Label, Labeller, Told};
use super::people::People;
use super::table::{Cell, Row};
use super::topics;

/// A cell with its frame.
pub(crate) struct Framed<'a> {
    pub cell: Cell<'a>,
    pub frame: Frame<'a>,
}

/// Reads rows into claims.
pub(crate) struct Rows<'a, 'g> {
    pub labeller: &'g Labeller<'a>,
    pub people: &'g People,
    pub gathered: &'g mut Gathered,
}

impl<'a> Rows<'a, '_> {
    /// Reads one row. `form` says that its table is a form whose facts were taken already.
    pub fn read(&mut self, row: &Row<'a>, cells: &[Framed<'a>], form: bool) {
        if cells.iter().any(|cell| cell.frame.cells == Some(Cells::Score)) || is_measured(cells) {
            return self.leave(row, NotUsed::Detail);
        }
        let area = self.area(cells);
        let standing = self.standing(cells);
        let mut made: Vec<ClaimId> = Vec::new();
        for group in groups(cells, form) {
            // A dash in a cell says that there is nothing to say.
            let told = group.iter().filter(|cell| !self.is_blank(&cell.cell));
            let sentences: Vec<&Sentence> = told
                .flat_map(|cell| cell.cell.sentences.iter().copied())
                .collect();
            if !sentences.is_empty() {
                made.extend(self.claim(group, &sentences, area, standing));
            }
        }
        self.link(&made);
        let mine = self.gathered.claims.iter().rev().take(made.len());
        let claimed: BTreeSet<SentenceId> = mine.flat_map(|claim| claim.sentences.iter().copied()).collect();
        let reason = if form { NotUsed::Context } else { NotUsed::Detail };
        for id in row
            .cells
            .iter()
            .flat_map(Cell::ids)
            .filter(|id| !claimed.contains(id))
        {
            self.gathered.asides.entry(id).or_insert(reason);
        }
    }

    fn leave(&mut self, row: &Row, reason: NotUsed) {
        for id in row.cells.iter().flat_map(Cell::ids) {
            self.gathered.asides.insert(id, reason);
        }
    }

    fn find(&mut self, id: ClaimId) -> Option<&mut Claim> {
        self.gathered.claims.iter_mut().rev().find(|claim| claim.id == id)
    }

    fn fold(&self, cell: &Cell) -> String {
        self.people.fold(&cell.text())
    }

    fn is_blank(&self, cell: &Cell) -> bool {
        self.labeller.lexicon.signs.blank.are(&self.fold(cell))
    }

    /// The area that the row names in a cell of its own.
    fn area(&self, cells: &[Framed<'a>]) -> Option<&'a str> {
        let cell = cells.iter().find(|cell| cell.frame.cells == Some(Cells::Area))?;
        let folded = self.fold(&cell.cell);
        let named = self
            .labeller
            .lexicon
            .headings
            .iter()
            .filter(|rule| rule.words.found(&folded))
            .find_map(|rule| rule.area.as_deref());
        named.or_else(|| topics::area_of(self.labeller.lexicon, &folded))
    }

    /// What a standing cell or a remark says of whether the row's measure still stands.
    fn standing(&self, cells: &[Framed<'a>]) -> Option<Status> {
        let signs = &self.labeller.lexicon.signs;
        let ended = cells.iter().any(|cell| {
            let folded = || self.fold(&cell.cell);
            match cell.frame.cells {
                Some(Cells::Standing) => signs.no.found(&folded()) || signs.ended.found(&folded()),
                Some(Cells::Remark) => signs.ended.found(&folded()),
                _ => false,
            }
        });
        ended.then_some(Status::Ended)
    }

    fn claim(
        &mut self,
        group: &[Framed<'a>],
        sentences: &[&Sentence],
        area: Option<&'a str>,
        standing: Option<Status>,
    ) -> Option<ClaimId> {
        let main = group.first()?;
        let folded = group
            .iter()
            .map(|cell| self.fold(&cell.cell))
            .collect::<Vec<_>>()
            .join(", ");
        let frame = Frame {
            area: area.or(main.frame.area),
            ..main.frame.clone()
        };
        let mut label = self.labeller.label(&folded, &frame);
        stand(&mut label, standing);
        if label.kind.is_none() || (label.told == Told::No && frame.kind.is_none()) {
            for sentence in sentences {
                self.gathered.asides.insert(
                    sentence.id,
                    if label.kind.is_none() {
                        label.aside
                    } else {
                        NotUsed::Detail
                    },
                );
            }
            return None;
        }
        Some(self.gathered.cells(self.labeller.lexicon, &label, sentences))
    }

    /// What stands in one row belongs together: its measures and outcomes serve its needs.
    fn link(&mut self, made: &[ClaimId]) {
        let role = |rows: &mut Self, id: &ClaimId| {
            let kind = rows.find(*id)?.kind.clone();
            rows.labeller.recipe.kind(&kind).map(|kind| kind.role)
        };
        let needs: Vec<ClaimId> = made
            .iter()
            .filter(|id| role(self, id) == Some(Role::Need))
            .copied()
            .collect();
        for id in made {
            if matches!(role(self, id), Some(Role::Measure | Role::Outcome))
                && let Some(claim) = self.find(*id)
            {
                claim.serves.clone_from(&needs);
            }
        }
    }
}

fn stand(label: &mut Label, standing: Option<Status>) {
    if let (Some(_), Some(status)) = (label.status, standing) {
        label.status = Some(status);
        label.time = if status == Status::Ended {
            Time::Past
        } else {
            label.time
        };
    }
}

/// The cells of a row that make one claim together: a cell whose head or heading names a kind, and the specifics
/// after it. In a form only answers whose label names a kind make claims.
fn groups<'r, 'a>(cells: &'r [Framed<'a>], form: bool) -> Vec<&'r [Framed<'a>]> {
    // Where some columns name kinds, a column that nobody knows tells more of the one before it.
    let named = cells.iter().any(|cell| cell.frame.by_column);
    let is_main = |cell: &Framed| is_main(cell) && (cell.frame.by_column || !named);
    let heads = cells
        .iter()
        .filter(|cell| is_main(cell))
        .map(|cell| cell.frame.kind)
        .collect::<Vec<_>>();
    let distinct = heads.windows(2).any(|pair| matches!(pair, [a, b] if a != b));
    let mut groups = Vec::new();
    let mut from: Option<usize> = None;
    for (index, cell) in cells.iter().enumerate() {
        let main = is_main(cell) && (cell.frame.kind.is_some() || !form);
        let opens = main && (from.is_none() || distinct);
        let ends = !main && !matches!(cell.frame.cells, None | Some(Cells::Specifics));
        if opens || ends {
            groups.extend(from.take().and_then(|start| cells.get(start..index)));
        }
        if opens {
            from = Some(index);
        }
    }
    groups.extend(from.and_then(|start| cells.get(start..)));
    groups
}

/// A row of test results: figures beside what was tested.
fn is_measured(cells: &[Framed]) -> bool {
    let [_, rest @ ..] = cells else { return false };
    let text = |cell: &Framed| cell.cell.text();
    let short = |cell: &Framed| text(cell).split_whitespace().count() <= 4;
    let figure = |cell: &Framed| text(cell).chars().any(|c| c.is_ascii_digit());
    !rest.is_empty()
        && rest.iter().all(|cell| cell.frame.kind.is_none() && short(cell))
        && rest.iter().any(figure)
}

fn is_main(cell: &Framed) -> bool {
    cell.frame.cells.is_none() && !cell.frame.aside
}
