//! Lists: which paragraphs are items, and what number Word prints before each.

use std::collections::{HashMap, HashSet};

use super::xml::Element;

/// Levels of a list.
const LEVELS: usize = 9;

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

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// What is printed before it; `None` for a bullet.
    pub(crate) label: Option<String>,
    /// Its level, from 0.
    pub(crate) depth: u8,
}

#[derive(Clone, Debug, Default)]
struct Level {
    start: u32,
    format: String,
    text: String,
    /// The style whose paragraphs are on this level without saying so.
    style: Option<String>,
    /// All numbers of the label are Arabic.
    legal: bool,
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

/// Advances a level, begins the levels above that were never used, and forgets those below.
fn count(counters: &mut [Option<u32>; LEVELS], depth: usize, start: impl Fn(usize) -> u32) {
    for (at, counter) in counters.iter_mut().enumerate() {
        *counter = match at.cmp(&depth) {
            std::cmp::Ordering::Less => Some(counter.unwrap_or_else(|| start(at))),
            std::cmp::Ordering::Equal => Some(counter.map_or_else(|| start(at), |n| n.saturating_add(1))),
            std::cmp::Ordering::Greater => None,
        };
    }
}

/// The label that a level prints: its pattern, with "%1" to "%9" replaced by the counters.
fn label<'f>(
    level: &Level,
    counters: &[Option<u32>; LEVELS],
    format: impl Fn(usize) -> Option<&'f str>,
) -> String {
    let mut label = String::new();
    let mut chars = level.text.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            label.push(c);
            continue;
        }
        let at = chars
            .next()
            .and_then(|digit| digit.to_digit(10))
            .and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
        let Some((at, Some(value))) = at.and_then(|at| Some((at, *counters.get(at)?))) else {
            continue;
        };
        let format = if level.legal {
            "decimal"
        } else {
            format(at).unwrap_or("decimal")
        };
        label.push_str(&printed(value, format));
    }
    crate::normal::line(&label)
}

/// A counter as it is printed.
fn printed(value: u32, format: &str) -> String {
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{value:02}"),
        "lowerLetter" => letters(value),
        "upperLetter" => letters(value).to_ascii_uppercase(),
        "lowerRoman" => roman(value),
        "upperRoman" => roman(value).to_ascii_uppercase(),
        "ordinal" => ordinal(value),
        _ => value.to_string(),
    }
}

fn ordinal(value: u32) -> String {
    let ending = match (value % 10, value % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{value}{ending}")
}

/// a, b, ... z, aa, bb, ...; Word stops at 780.
fn letters(value: u32) -> String {
    let Some(index) = value.checked_sub(1).filter(|index| *index < 780) else {
        return value.to_string();
    };
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or(0));
    (0..=index / 26).map(|_| letter).collect()
}

fn roman(value: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if value == 0 || value > 3999 {
        return value.to_string();
    }
    let mut left = value;
    let mut out = String::new();
    for (worth, sign) in SIGNS {
        while left >= worth {
            out.push_str(sign);
            left -= worth;
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_as_printed() {
        for (value, format, expected) in [
            (4, "decimal", "4"),
            (4, "decimalZero", "04"),
            (27, "lowerLetter", "aa"),
            (2, "upperLetter", "B"),
            (1994, "lowerRoman", "mcmxciv"),
            (4, "upperRoman", "IV"),
            (22, "ordinal", "22nd"),
            (112, "ordinal", "112th"),
            (u32::MAX, "lowerLetter", "4294967295"),
            (u32::MAX, "lowerRoman", "4294967295"),
            (7, "chicago", "7"),
        ] {
            assert_eq!(printed(value, format), expected, "{value} {format}");
        }
    }
}
