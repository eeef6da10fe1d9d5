//! Which statement of one draft is which of the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Away, Grounds, OfficerChange, Quoted, StatementChange, StatementChangeKind};
use crate::compare::{Bag, PieceKind, pieces, plain};
use crate::draft::{FieldContent, Statement, Support};
use crate::record::Record;

/// Two statements of one field that are as alike as this, in a hundred, say the like in other words.
const ALIKE: usize = 50;
/// As alike as this where they also rest on the same sentence.
const ALIKE_WITH_EVIDENCE: usize = 25;

/// How the statements of two drafts belong together.
pub(super) struct Matched {
    pub changes: Vec<StatementChange>,
    pub unchanged: usize,
    /// The id in the new draft by the id in the earlier one.
    pub ids: BTreeMap<String, String>,
}

/// A statement with its place and what it is matched by.
struct Placed<'r> {
    section: &'r str,
    field: &'r str,
    statement: &'r Statement,
    /// The only value of its field: whatever it says, it takes the place of the other.
    single: bool,
    plain: String,
    bag: Bag,
    evidence: BTreeSet<Quoted>,
}

pub(super) fn matched(old: &Record, new: &Record, away: &Away) -> Matched {
    let (olds, news) = (placed(old), placed(new));
    let mut pairing = Pairing::new(&olds, &news);
    pairing.same(|a, b| a.field == b.field);
    pairing.alike();
    pairing.same(|_, _| true);
    told(&olds, &news, &pairing, away)
}

fn placed(record: &Record) -> Vec<Placed<'_>> {
    let grounds = &Grounds::of(record);
    let fields = record
        .sections
        .iter()
        .flat_map(|section| section.fields.iter().map(move |field| (section, field)));
    fields
        .flat_map(|(section, field)| {
            let single = matches!(field.content, FieldContent::Value(_));
            field.content.statements().iter().map(move |statement| Placed {
                section: &section.id,
                field: &field.key,
                statement,
                single,
                plain: plain(&statement.text),
                bag: Bag::of(&statement.text),
                evidence: grounds.evidence(statement),
            })
        })
        .collect()
}

/// Which statement belongs to which, by their places; each belongs to one at most.
struct Pairing<'p, 'r> {
    olds: &'p [Placed<'r>],
    news: &'p [Placed<'r>],
    /// For each new statement the earlier one.
    earlier: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl<'p, 'r> Pairing<'p, 'r> {
    fn new(olds: &'p [Placed<'r>], news: &'p [Placed<'r>]) -> Self {
        Self {
            olds,
            news,
            earlier: vec![None; news.len()],
            taken: vec![false; olds.len()],
        }
    }

    fn pair(&mut self, old: usize, new: usize) {
        if let (Some(taken), Some(earlier)) = (self.taken.get_mut(old), self.earlier.get_mut(new)) {
            *taken = true;
            *earlier = Some(old);
        }
    }

    fn is_free(&self, old: usize, new: usize) -> bool {
        self.taken.get(old) == Some(&false) && self.earlier.get(new) == Some(&None)
    }

    /// Pairs those with the same words, in order.
    fn same(&mut self, fits: impl Fn(&Placed<'_>, &Placed<'_>) -> bool) {
        let mut by_words: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, old) in self.olds.iter().enumerate() {
            by_words.entry(&old.plain).or_default().push(at);
        }
        for (at, new) in self.news.iter().enumerate() {
            let candidates = by_words
                .get(new.plain.as_str())
                .map_or(&[] as &[usize], Vec::as_slice);
            let free = |old: &&usize| {
                self.is_free(**old, at) && self.olds.get(**old).is_some_and(|old| fits(old, new))
            };
            if let Some(old) = candidates.iter().find(free) {
                self.pair(*old, at);
            }
        }
    }

    /// Pairs those of one field that say the like, the most alike first.
    fn alike(&mut self) {
        let mut by_field: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, old) in self.olds.iter().enumerate() {
            by_field.entry(old.field).or_default().push(at);
        }
        let mut candidates: Vec<(usize, usize, usize)> = Vec::new();
        for (at, new) in self.news.iter().enumerate() {
            for old in by_field.get(new.field).into_iter().flatten() {
                let likeness = self.olds.get(*old).and_then(|old| likeness(old, new));
                if let Some(likeness) = likeness.filter(|_| self.is_free(*old, at)) {
                    candidates.push((likeness, *old, at));
                }
            }
        }
        candidates.sort_by_key(|(likeness, old, new)| (std::cmp::Reverse(*likeness), *old, *new));
        for (_, old, new) in candidates {
            if self.is_free(old, new) {
                self.pair(old, new);
            }
        }
    }
}

/// How alike two statements of a field are, if they are alike enough to be one.
fn likeness(old: &Placed<'_>, new: &Placed<'_>) -> Option<usize> {
    if old.single && new.single {
        return Some(200);
    }
    let likeness = old.bag.likeness(&new.bag);
    let quotes = |placed: &Placed<'_>| -> BTreeSet<String> {
        placed
            .evidence
            .iter()
            .map(|quoted| quoted.quote.clone())
            .collect()
    };
    let enough =
        likeness >= ALIKE || (likeness >= ALIKE_WITH_EVIDENCE && !quotes(old).is_disjoint(&quotes(new)));
    enough.then_some(likeness)
}

fn told(olds: &[Placed<'_>], news: &[Placed<'_>], pairing: &Pairing<'_, '_>, away: &Away) -> Matched {
    let mut matched = Matched {
        changes: Vec::new(),
        unchanged: 0,
        ids: BTreeMap::new(),
    };
    for (new, earlier) in news.iter().zip(&pairing.earlier) {
        let old = earlier.and_then(|at| olds.get(at));
        if let Some(old) = old {
            matched
                .ids
                .insert(old.statement.id.clone(), new.statement.id.clone());
        }
        match change(old, Some(new), away) {
            Some(change) => matched.changes.push(change),
            None => matched.unchanged += 1,
        }
    }
    let gone = olds.iter().zip(&pairing.taken).filter(|(_, taken)| !**taken);
    matched
        .changes
        .extend(gone.filter_map(|(old, _)| change(Some(old), None, away)));
    matched
}

/// What became of a statement; nothing when it stands as it stood.
fn change(old: Option<&Placed<'_>>, new: Option<&Placed<'_>>, away: &Away) -> Option<StatementChange> {
    let here = new.or(old)?;
    let lost = |from: Option<&Placed<'_>>, to: Option<&Placed<'_>>| -> Vec<Quoted> {
        let kept: BTreeSet<(&str, &str)> = to
            .iter()
            .flat_map(|to| to.evidence.iter().map(|q| (q.source.as_str(), q.quote.as_str())))
            .collect();
        let all = from.iter().flat_map(|from| &from.evidence);
        all.filter(|q| !kept.contains(&(q.source.as_str(), q.quote.as_str())))
            .cloned()
            .collect()
    };
    let (evidence_lost, evidence_new) = (lost(old, new), lost(new, old));
    let officers = |placed: &Placed<'_>| placed.statement.support == Support::Officer;
    let officer = match (old.map(officers), new.map(officers)) {
        (Some(false), Some(true)) => Some(OfficerChange::Became),
        (Some(true), Some(false)) => Some(OfficerChange::Was),
        _ => None,
    };
    let kind = match (old, new) {
        (None, _) => StatementChangeKind::Added,
        (_, None) => StatementChangeKind::Gone,
        (Some(old), Some(new)) if old.plain != new.plain => StatementChangeKind::Reworded,
        (Some(old), Some(new)) if old.field != new.field => StatementChangeKind::Moved,
        _ if evidence_lost.is_empty() && evidence_new.is_empty() && officer.is_none() => return None,
        _ => StatementChangeKind::Evidence,
    };
    let text = |placed: Option<&Placed<'_>>| {
        let text = placed.map_or("", |placed| placed.statement.text.as_str());
        text.to_owned()
    };
    let mut words = pieces(&text(old), &text(new));
    let differs = matches!(kind, StatementChangeKind::Gone | StatementChangeKind::Reworded);
    let withheld = differs && old.is_some_and(|old| away.holds(&old.statement.id));
    words.retain(|piece| !withheld || piece.kind != PieceKind::Gone);
    Some(StatementChange {
        kind,
        section: here.section.to_owned(),
        field: here.field.to_owned(),
        id: new.map(|new| new.statement.id.clone()),
        earlier_id: old.map(|old| old.statement.id.clone()),
        earlier_field: old
            .map(|old| old.field.to_owned())
            .filter(|field| field != here.field),
        words,
        evidence_lost: evidence_lost
            .into_iter()
            .map(|quoted| away.quoted(quoted))
            .collect(),
        evidence_new,
        withheld,
        officer,
    })
}
