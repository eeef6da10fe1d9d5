//! Lists of OpenDocument: which paragraphs are items, and what is printed before each.

use std::collections::HashMap;

use crate::label::{Item, LEVELS, Level, count, label};
use crate::xml::Element;

/// How each level of a list is counted.
pub(crate) type Levels = Vec<Level>;

/// How far one list has been counted.
type Counters = [Option<u32>; LEVELS];

/// What a list style says of its levels.
pub(crate) fn levels(style: &Element) -> Levels {
    let bullet = Level {
        start: 1,
        format: "bullet".into(),
        ..Level::default()
    };
    let mut levels = vec![bullet; LEVELS];
    for element in style.elements() {
        let at = element.any("level").and_then(|level| level.parse::<usize>().ok());
        let slot = at.and_then(|at| levels.get_mut(at.checked_sub(1)?));
        if let Some(slot) = slot.filter(|_| &*element.name == "list-level-style-number") {
            *slot = number(element, at.unwrap_or(1));
        }
    }
    levels
}

fn number(element: &Element, at: usize) -> Level {
    let format = match element.any("num-format") {
        Some("a") => "lowerLetter",
        Some("A") => "upperLetter",
        Some("i") => "lowerRoman",
        Some("I") => "upperRoman",
        Some("1st") => "ordinal",
        Some("01" | "001") => "decimalZero",
        None | Some("") => "none",
        Some(_) => "decimal",
    };
    Level {
        start: element
            .any("start-value")
            .and_then(|n| n.parse().ok())
            .unwrap_or(1),
        format: format.into(),
        text: pattern(element, at).chars().take(60).collect(),
        ..Level::default()
    }
}

/// What is printed, with "%1" for the number of the first level. LibreOffice writes it out as "%1%.%2%)".
fn pattern(element: &Element, at: usize) -> String {
    if let Some(format) = element.any("num-list-format") {
        let mut pattern = String::new();
        for (index, piece) in format.split('%').enumerate() {
            if index % 2 == 1 {
                pattern.push('%');
            }
            pattern.push_str(piece);
        }
        return pattern;
    }
    let shown = element
        .any("display-levels")
        .and_then(|n| n.parse::<usize>().ok());
    let first = (at + 1).saturating_sub(shown.unwrap_or(1)).max(1);
    let numbers: Vec<String> = (first..=at).map(|level| format!("%{level}")).collect();
    let part = |name| element.any(name).unwrap_or("");
    format!(
        "{}{}{}",
        part("num-prefix"),
        numbers.join("."),
        part("num-suffix")
    )
}

/// A list that is open.
#[derive(Clone, Debug)]
struct Open {
    style: Option<String>,
    /// Which counters it uses.
    counters: usize,
    /// The first paragraph of the item at hand is still to come.
    fresh: bool,
}

/// The lists of a file.
#[derive(Default)]
pub(crate) struct Lists {
    open: Vec<Open>,
    counters: Vec<Counters>,
    by_id: HashMap<String, usize>,
    last: HashMap<String, usize>,
}

impl Lists {
    /// Begins a list, in the item of another or at the outermost level.
    pub(crate) fn begin(&mut self, list: &Element, inherited: Option<&str>) {
        let outer = self.open.last();
        let own = list.any("style-name").or(inherited).map(str::to_owned);
        let style = own.or_else(|| outer.and_then(|outer| outer.style.clone()));
        let counters = match outer {
            Some(outer) => outer.counters,
            None => self.outermost(list, style.as_deref()),
        };
        if let Some(id) = list.any("id") {
            self.by_id.insert(id.to_owned(), counters);
        }
        if let Some(style) = &style {
            self.last.insert(style.clone(), counters);
        }
        self.open.push(Open {
            style,
            counters,
            fresh: false,
        });
    }

    fn outermost(&mut self, list: &Element, style: Option<&str>) -> usize {
        let named = list.any("continue-list").and_then(|id| self.by_id.get(id));
        let continued = || {
            let goes_on = list.any("continue-numbering") == Some("true");
            style.filter(|_| goes_on).and_then(|style| self.last.get(style))
        };
        if let Some(counters) = named.or_else(continued) {
            return *counters;
        }
        self.counters.push([None; LEVELS]);
        self.counters.len() - 1
    }

    pub(crate) fn end(&mut self) {
        self.open.pop();
    }

    /// Begins an item, which may say its number.
    pub(crate) fn item(&mut self, item: &Element) {
        let depth = self.depth();
        let Some(open) = self.open.last_mut() else { return };
        open.fresh = true;
        let start = item.any("start-value").and_then(|n| n.parse::<u32>().ok());
        if let (Some(start), Some(counters)) = (start, self.counters.get_mut(open.counters))
            && let Some(counter) = counters.get_mut(depth)
        {
            *counter = start.checked_sub(1);
        }
    }

    fn depth(&self) -> usize {
        self.open.len().saturating_sub(1).min(LEVELS - 1)
    }

    /// What stands before a paragraph, if it is the first of an item.
    pub(crate) fn next(&mut self, levels_of: impl Fn(&str) -> Option<Levels>) -> Option<Item> {
        let depth = self.depth();
        let open = self.open.last_mut()?;
        if !std::mem::take(&mut open.fresh) {
            return None;
        }
        let levels = open.style.as_deref().and_then(levels_of);
        let level = |at: usize| levels.as_ref().and_then(|levels| levels.get(at));
        let counters = self.counters.get_mut(open.counters)?;
        count(counters, depth, |at| level(at).map_or(1, |level| level.start));
        let shown = |this: &Level| label(this, counters, |at| level(at).map(|level| &*level.format));
        let this = level(depth);
        let printed = this.filter(|this| this.format != "bullet").map(shown);
        if this.is_some_and(|this| this.format == "none") && printed.as_deref().is_none_or(str::is_empty) {
            return None;
        }
        Some(Item {
            label: printed.filter(|label| !label.is_empty()),
            depth: u8::try_from(depth).ok()?,
        })
    }

    /// Sets the lists aside while a note, box or cell is read; [`Lists::restore`] takes them up again.
    pub(crate) fn set_aside(&mut self) -> SetAside {
        SetAside(std::mem::take(&mut self.open))
    }

    pub(crate) fn restore(&mut self, before: SetAside) {
        self.open = before.0;
    }
}

/// Lists that were open.
pub(crate) struct SetAside(Vec<Open>);
