//! Lists: which paragraphs are items, and what number Word prints before each.

use std::collections::{HashMap, HashSet};

use crate::label::{Item, LEVELS, Level, count, label};
use crate::xml::Element;

/// The list and level that a paragraph or a style is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Use {
    /// The list's `w:numId`; 0 takes a paragraph out of its style's list.
    pub(crate) list: Option<u32>,
    /// The level, from 0.
    pub(crate) level: Option<usize>,
}

impl Use {
    /// What paragraph properties say.
    pub(crate) fn of(properties: &Element) -> Self {
        let number = |name| {
            properties
                .child("numPr")
                .and_then(|list| list.value(name)?.parse::<u32>().ok())
        };
        let level = number("ilvl").and_then(|level| usize::try_from(level).ok());
        Self {
            list: number("numId"),
            level: level.map(|level| level.min(LEVELS - 1)),
        }
    }

    /// The same, with what it leaves open taken from another.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            list: self.list.or(other.list),
            level: self.level.or(other.level),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct List {
    levels: Vec<Level>,
    /// The style that stands for another list, which this one only refers to.
    style_link: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Number {
    pattern: u32,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a file and how far each has been counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbering {
    patterns: HashMap<u32, List>,
    numbers: HashMap<u32, Number>,
    counters: HashMap<u32, [Option<u32>; LEVELS]>,
    begun: HashSet<u32>,
}

impl Numbering {
    /// Reads the part `numbering.xml`; `list_of_style` gives the list that a style is in.
    pub(crate) fn of(root: &Element, list_of_style: impl Fn(&str) -> Option<u32>) -> Self {
        let id = |e: &Element, name| e.attribute(name).and_then(|id| id.parse::<u32>().ok());
        let patterns: HashMap<u32, List> = root
            .elements()
            .filter(|e| e.is("abstractNum"))
            .filter_map(|e| Some((id(e, "abstractNumId")?, pattern(e))))
            .collect();
        let mut numbers: HashMap<u32, Number> = root
            .elements()
            .filter(|e| e.is("num"))
            .filter_map(|e| Some((id(e, "numId")?, number(e)?)))
            .collect();
        let linked = |number: &Number| {
            let style = patterns.get(&number.pattern)?.style_link.as_ref()?;
            Some(numbers.get(&list_of_style(style)?)?.pattern)
        };
        let links: Vec<(u32, u32)> = numbers
            .iter()
            .filter_map(|(id, n)| Some((*id, linked(n)?)))
            .collect();
        for (id, pattern) in links {
            if let Some(number) = numbers.get_mut(&id) {
                number.pattern = pattern;
            }
        }
        Self {
            patterns,
            numbers,
            counters: HashMap::new(),
            begun: HashSet::new(),
        }
    }

    /// Counts one more item; `None` when the list is unknown or has no marks.
    pub(crate) fn next(&mut self, used: Use, style: Option<&str>) -> Option<Item> {
        let id = used.list.filter(|id| *id != 0)?;
        let number = self.numbers.get(&id)?;
        let levels = &self.patterns.get(&number.pattern)?.levels;
        let of_style = || {
            levels
                .iter()
                .position(|level| level.style.is_some() && level.style.as_deref() == style)
        };
        let depth = used.level.or_else(of_style).unwrap_or(0);
        let level = |at: usize| number.levels.get(&at).or_else(|| levels.get(at));
        let counters = self.counters.entry(number.pattern).or_insert([None; LEVELS]);
        if self.begun.insert(id) {
            for at in number.starts.keys() {
                if let Some(counter) = counters.get_mut(*at) {
                    *counter = None;
                }
            }
        }
        let start = |at: usize| {
            number
                .starts
                .get(&at)
                .copied()
                .or_else(|| Some(level(at)?.start))
                .unwrap_or(1)
        };
        count(counters, depth, start);
        let this = level(depth)?;
        let label =
            (this.format != "bullet").then(|| label(this, counters, |at| level(at).map(|l| &*l.format)));
        if this.format == "none" && label.as_deref().is_none_or(str::is_empty) {
            return None;
        }
        Some(Item {
            label: label.filter(|label| !label.is_empty()),
            depth: u8::try_from(depth).ok()?,
        })
    }
}

fn pattern(element: &Element) -> List {
    let mut levels = vec![
        Level {
            start: 1,
            format: "bullet".into(),
            ..Level::default()
        };
        LEVELS
    ];
    for read in element.elements().filter(|e| e.is("lvl")) {
        if let Some(slot) = index(read).and_then(|at| levels.get_mut(at)) {
            *slot = level(read);
        }
    }
    List {
        levels,
        style_link: element.value("numStyleLink").map(str::to_owned),
    }
}

fn index(level: &Element) -> Option<usize> {
    level.attribute("ilvl")?.parse().ok()
}

fn level(element: &Element) -> Level {
    Level {
        start: element
            .value("start")
            .and_then(|start| start.parse().ok())
            .unwrap_or(0),
        format: element.value("numFmt").unwrap_or("decimal").to_owned(),
        text: element
            .value("lvlText")
            .map_or_else(String::new, |text| text.chars().take(60).collect()),
        style: element.value("pStyle").map(str::to_owned),
        legal: element.switch("isLgl") == Some(true),
    }
}

fn number(element: &Element) -> Option<Number> {
    let mut number = Number {
        pattern: element.value("abstractNumId")?.parse().ok()?,
        ..Number::default()
    };
    for over in element.elements().filter(|e| e.is("lvlOverride")) {
        let Some(at) = index(over) else { continue };
        if let Some(start) = over.value("startOverride").and_then(|start| start.parse().ok()) {
            number.starts.insert(at, start);
        }
        if let Some(read) = over.child("lvl") {
            number.levels.insert(at, level(read));
        }
    }
    Some(number)
}
