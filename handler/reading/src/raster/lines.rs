//! Ruled lines: found, told of and taken out, so that recognition does not read them as letters and the cells of a table
//! are known.

use super::{Grey, at, dots};

/// Darker dots are ink; a thin rule on a coarse scan is light grey.
const INK: u8 = 245;
/// Shorter runs are letters, in inches: words without a gap are shorter than an inch, the stem of a capital in a title has a
/// third of one.
const LEAST_ACROSS: f64 = 1.0;
const LEAST_DOWN: f64 = 0.4;
/// A gap is the scanner's up to this, in inches.
const GAP: f64 = 0.02;
/// Of a line at least this share is ink, in a hundred.
const LEAST_INK: usize = 70;
/// A thicker one is no rule, in inches.
const THICKEST: f64 = 0.03;
/// Lines that are looked at, at most: more is a drawing.
const MOST: usize = 4_000;

/// A run of ink along a row (or column): where, from, to.
#[derive(Clone, Copy)]
struct Run {
    at: usize,
    from: usize,
    to: usize,
}

/// The picture as rows or as columns.
struct Along<'g> {
    grey: &'g mut Grey,
    down: bool,
}

impl Along<'_> {
    fn lanes(&self) -> (usize, usize) {
        if self.down {
            (self.grey.width, self.grey.height)
        } else {
            (self.grey.height, self.grey.width)
        }
    }

    fn is_ink(&self, lane: usize, place: usize) -> bool {
        let (x, y) = if self.down { (lane, place) } else { (place, lane) };
        self.grey.dot(x, y) < INK
    }

    fn wipe(&mut self, lane: usize, place: usize) {
        let (x, y) = if self.down { (lane, place) } else { (place, lane) };
        self.grey.set(x, y, 255);
    }

    /// Whether there is ink at a place of a lane or beside it: a line is never quite upright.
    fn is_near_ink(&self, lane: usize, place: usize) -> bool {
        self.is_ink(lane, place)
            || self.is_ink(lane + 1, place)
            || lane.checked_sub(1).is_some_and(|lane| self.is_ink(lane, place))
    }
}

/// Takes the ruled lines out of a picture; gives their boxes: left, top, right, bottom.
pub(super) fn take_out(grey: &mut Grey, dpi: f64) -> Vec<[f64; 4]> {
    let mut found = Vec::new();
    for (down, least) in [(false, LEAST_ACROSS), (true, LEAST_DOWN)] {
        let mut along = Along { grey, down };
        let seen = Seen {
            least: dots(least * dpi),
            thickest: dots(THICKEST * dpi).max(3),
            gap: dots(GAP * dpi).max(2),
        };
        let rules = rules(&along, &seen);
        for rule in &rules {
            along.erase(rule);
            let (from, to) = (at(rule.from), at(rule.to));
            let (near, far) = (at(rule.near), at(rule.far + 1));
            found.push(if down {
                [near, from, far, to]
            } else {
                [from, near, to, far]
            });
        }
    }
    found
}

/// Neighbouring runs that are one line.
struct Rule {
    near: usize,
    far: usize,
    from: usize,
    to: usize,
}

/// What counts as a line, in dots.
struct Seen {
    least: usize,
    thickest: usize,
    gap: usize,
}

fn rules(along: &Along<'_>, seen: &Seen) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let (lanes, _) = along.lanes();
    for lane in 0..lanes {
        for run in runs(along, lane, seen) {
            let touches =
                |rule: &&mut Rule| rule.far + 2 >= run.at && run.from < rule.to && rule.from < run.to;
            if let Some(rule) = rules.iter_mut().rev().take(200).find(touches) {
                rule.far = run.at;
                rule.from = rule.from.min(run.from);
                rule.to = rule.to.max(run.to);
            } else {
                rules.push(Rule {
                    near: run.at,
                    far: run.at,
                    from: run.from,
                    to: run.to,
                });
            }
        }
        if rules.len() > MOST {
            return Vec::new();
        }
    }
    // Looking beside each row makes a line two dots thicker than it is.
    rules.retain(|rule| rule.far - rule.near < seen.thickest + 2);
    rules
}

/// The long runs of ink in a lane.
fn runs(along: &Along<'_>, lane: usize, seen: &Seen) -> Vec<Run> {
    let (_, length) = along.lanes();
    let mut runs = Vec::new();
    // Where a run begins and ends, and how much of it is ink.
    let mut open: Option<(usize, usize, usize)> = None;
    for place in 0..=length {
        let ink = place < length && along.is_near_ink(lane, place);
        open = match open {
            Some((from, _, inked)) if ink => Some((from, place, inked + 1)),
            None if ink => Some((place, place, 1)),
            Some((from, last, inked)) if place - last > seen.gap || place == length => {
                if last - from >= seen.least && inked * 100 >= (last - from) * LEAST_INK {
                    runs.push(Run {
                        at: lane,
                        from,
                        to: last,
                    });
                }
                None
            }
            open => open,
        };
    }
    runs
}

impl Along<'_> {
    /// Wipes a line out, save where a letter stands on it.
    fn erase(&mut self, rule: &Rule) {
        for place in rule.from..=rule.to {
            let before = rule
                .near
                .checked_sub(2)
                .is_some_and(|lane| self.is_ink(lane, place));
            if before || self.is_ink(rule.far + 2, place) {
                continue;
            }
            for lane in rule.near.saturating_sub(1)..=rule.far + 1 {
                self.wipe(lane, place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_and_letters_stay() {
        let mut grey = Grey::white(600, 300).unwrap();
        for x in 50..550 {
            for y in 100..103 {
                grey.set(x, y, 0);
            }
        }
        for y in 60..200 {
            grey.set(300, y, 0);
        }
        for y in 20..60 {
            for x in 80..86 {
                grey.set(x, y, 0);
            }
        }
        let rules = take_out(&mut grey, 300.0);
        assert_eq!(rules.len(), 2, "{rules:?}");
        assert_eq!(
            (grey.dot(60, 101), grey.dot(300, 180), grey.dot(83, 40)),
            (255, 255, 0)
        );
        let across = rules.first().unwrap();
        assert!(
            (across[0] - 50.0).abs() < 4.0 && (across[2] - 550.0).abs() < 4.0,
            "{across:?}"
        );
    }
}
