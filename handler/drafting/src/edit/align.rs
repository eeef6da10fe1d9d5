//! Which lines of the edited draft are which of the original.

use std::collections::BTreeMap;

use super::Line;
use crate::compare::{Bag, shared};

/// Lines that are as alike as this, in a hundred, are the same line in other words where they stand between the same lines.
const ALIKE_HERE: usize = 35;
/// As alike as this where they stand elsewhere.
const ALIKE_ELSEWHERE: usize = 60;
/// A line of which this much stands in its neighbour's counterpart is a part of that.
const PART_OF: usize = 70;
/// Words from which on the likeness of two lines tells something.
const TELLING: usize = 4;
/// Lines of either side that are compared with each other wherever they stand.
const MOST_ELSEWHERE: usize = 1_500;

/// Lines of the original and the lines of the edit that they became. Several where lines were joined or split.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub old: Vec<usize>,
    pub new: Vec<usize>,
    /// Whether it stands elsewhere than it stood.
    pub moved: bool,
}

/// How the lines belong together.
pub(super) struct Aligned {
    pub groups: Vec<Group>,
    /// Lines of the original that are gone.
    pub gone: Vec<usize>,
    /// Lines of the edit that are new.
    pub added: Vec<usize>,
}

pub(super) fn align(old: &[Line], new: &[Line]) -> Aligned {
    let texts = |lines: &[Line]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    let pairs = shared(&texts(old), &texts(new));
    let mut aligning = Aligning {
        old,
        new,
        groups: pairs.iter().map(|(a, b)| group(*a, *b, false)).collect(),
        old_free: vec![true; old.len()],
        new_free: vec![true; new.len()],
        bags: BTreeMap::new(),
    };
    for (a, b) in &pairs {
        aligning.take(*a, *b);
    }
    let (mut a, mut b) = (0, 0);
    for (next_a, next_b) in pairs.into_iter().chain([(old.len(), new.len())]) {
        aligning.gap(a..next_a, b..next_b);
        (a, b) = (next_a + 1, next_b + 1);
    }
    aligning.elsewhere();
    let free = |all: &[bool]| {
        let places = all.iter().enumerate().filter(|(_, free)| **free);
        places.map(|(at, _)| at).collect::<Vec<usize>>()
    };
    Aligned {
        gone: free(&aligning.old_free),
        added: free(&aligning.new_free),
        groups: aligning.groups,
    }
}

fn group(old: usize, new: usize, moved: bool) -> Group {
    Group {
        old: vec![old],
        new: vec![new],
        moved,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Old,
    New,
}

struct Aligning<'l> {
    old: &'l [Line],
    new: &'l [Line],
    groups: Vec<Group>,
    old_free: Vec<bool>,
    new_free: Vec<bool>,
    bags: BTreeMap<(Side, usize), Bag>,
}

impl<'l> Aligning<'l> {
    fn take(&mut self, a: usize, b: usize) {
        for (free, at) in [(&mut self.old_free, a), (&mut self.new_free, b)] {
            if let Some(free) = free.get_mut(at) {
                *free = false;
            }
        }
    }

    fn line(&self, side: Side, at: usize) -> Option<&'l Line> {
        match side {
            Side::Old => self.old.get(at),
            Side::New => self.new.get(at),
        }
    }

    fn is_free(&self, side: Side, at: usize) -> bool {
        let all = match side {
            Side::Old => &self.old_free,
            Side::New => &self.new_free,
        };
        all.get(at) == Some(&true)
    }

    fn bag(&mut self, side: Side, at: usize) -> Bag {
        let text = self.line(side, at).map_or("", |line| line.text.as_str());
        self.bags
            .entry((side, at))
            .or_insert_with(|| Bag::of(text))
            .clone()
    }

    fn pair(&mut self, a: usize, b: usize, moved: bool) {
        self.take(a, b);
        self.groups.push(group(a, b, moved));
    }

    /// Pairs what is left between two lines that both have.
    fn gap(&mut self, old: std::ops::Range<usize>, new: std::ops::Range<usize>) {
        if old.is_empty() || new.is_empty() || old.len() * new.len() > MOST_ELSEWHERE * MOST_ELSEWHERE {
            return;
        }
        self.cells(old.clone(), new.clone());
        let mut candidates: Vec<(usize, usize, usize)> = Vec::new();
        let olds: Vec<usize> = old.clone().filter(|a| self.is_free(Side::Old, *a)).collect();
        let news: Vec<usize> = new.clone().filter(|b| self.is_free(Side::New, *b)).collect();
        for a in olds {
            for b in &news {
                let likeness = self.likeness(a, *b);
                if likeness >= ALIKE_HERE {
                    candidates.push((likeness, a, *b));
                }
            }
        }
        self.best(candidates, false);
        self.parts(&old, &new);
    }

    /// Cells of the same row and column are the same, whatever they say.
    fn cells(&mut self, old: std::ops::Range<usize>, new: std::ops::Range<usize>) {
        for a in old {
            let cell = self.line(Side::Old, a).and_then(|line| line.cell.as_ref());
            let Some(cell) = cell.filter(|cell| cell.column > 0 && !cell.row_head.is_empty()) else {
                continue;
            };
            let same = |b: &usize| {
                let other = self.line(Side::New, *b).and_then(|line| line.cell.as_ref());
                self.is_free(Side::New, *b) && other == Some(cell)
            };
            if self.is_free(Side::Old, a)
                && let Some(b) = new.clone().find(same)
            {
                self.pair(a, b, false);
            }
        }
    }

    /// How alike two lines are: in all their words, or the shorter as a part of the other.
    fn likeness(&mut self, a: usize, b: usize) -> usize {
        let heading = |side, at| self.line(side, at).is_some_and(|line| line.is_heading);
        if heading(Side::Old, a) != heading(Side::New, b) {
            return 0;
        }
        let (old, new) = (self.bag(Side::Old, a), self.bag(Side::New, b));
        let likeness = old.likeness(&new);
        if old.count.min(new.count) < TELLING {
            return likeness;
        }
        likeness.max(old.containment(&new) * 9 / 10)
    }

    fn best(&mut self, mut candidates: Vec<(usize, usize, usize)>, moved: bool) {
        candidates.sort_by_key(|(likeness, a, b)| (std::cmp::Reverse(*likeness), *a, *b));
        for (_, a, b) in candidates {
            if self.is_free(Side::Old, a) && self.is_free(Side::New, b) {
                self.pair(a, b, moved);
            }
        }
    }

    /// Adds to a pair the free lines beside it that are a part of its counterpart: a paragraph was split, or two were joined.
    fn parts(&mut self, old: &std::ops::Range<usize>, new: &std::ops::Range<usize>) {
        let mut groups = std::mem::take(&mut self.groups);
        for group in &mut groups {
            let here = group.old.iter().all(|a| old.contains(a)) && group.new.iter().all(|b| new.contains(b));
            if !here {
                continue;
            }
            let (Some(a), Some(b)) = (group.old.first().copied(), group.new.first().copied()) else {
                continue;
            };
            let whole = self.bag(Side::Old, a);
            group.new = self.grown(Side::New, &group.new, &whole);
            if group.new.len() == 1 {
                let whole = self.bag(Side::New, b);
                group.old = self.grown(Side::Old, &group.old, &whole);
            }
        }
        self.groups = groups;
    }

    /// The lines with their free neighbours that are a part of `whole`.
    fn grown(&mut self, side: Side, lines: &[usize], whole: &Bag) -> Vec<usize> {
        let mut grown = lines.to_vec();
        for back in [true, false] {
            loop {
                let edge = if back { grown.first() } else { grown.last() };
                let next = edge.and_then(|edge| {
                    if back {
                        edge.checked_sub(1)
                    } else {
                        edge.checked_add(1)
                    }
                });
                let Some(next) = next.filter(|next| self.is_free(side, *next)) else {
                    break;
                };
                let bag = self.bag(side, next);
                if bag.count < TELLING || bag.count > whole.count || bag.containment(whole) < PART_OF {
                    break;
                }
                let all = match side {
                    Side::Old => &mut self.old_free,
                    Side::New => &mut self.new_free,
                };
                if let Some(free) = all.get_mut(next) {
                    *free = false;
                }
                grown.insert(if back { 0 } else { grown.len() }, next);
            }
        }
        grown
    }

    /// Pairs what stands elsewhere now: with the same words, then with words that are much alike.
    fn elsewhere(&mut self) {
        let free = |all: &[bool]| {
            let places = all.iter().enumerate().filter(|(_, free)| **free);
            places.map(|(at, _)| at).collect::<Vec<usize>>()
        };
        let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for b in free(&self.new_free).into_iter().rev() {
            by_text
                .entry(self.new.get(b).map_or("", |line| &line.text))
                .or_default()
                .push(b);
        }
        for a in free(&self.old_free) {
            let text = self.old.get(a).map_or("", |line| line.text.as_str());
            if Bag::of(text).count < TELLING {
                continue;
            }
            if let Some(b) = by_text.get_mut(text).and_then(Vec::pop) {
                self.pair(a, b, true);
            }
        }
        let (olds, news) = (free(&self.old_free), free(&self.new_free));
        let mut candidates: Vec<(usize, usize, usize)> = Vec::new();
        for a in olds.iter().take(MOST_ELSEWHERE) {
            for b in news.iter().take(MOST_ELSEWHERE) {
                let likeness = self.likeness(*a, *b);
                let telling =
                    self.bag(Side::Old, *a).count > TELLING && self.bag(Side::New, *b).count > TELLING;
                if telling && likeness >= ALIKE_ELSEWHERE {
                    candidates.push((likeness, *a, *b));
                }
            }
        }
        self.best(candidates, true);
    }
}
