//! How wide and high things are: pages, letters, lines. All measures are twentieths of a point.

use std::collections::BTreeMap;

use crate::xml::Element;

/// The narrowest a line can be: a cell of no width would have endless lines.
pub(super) const NARROWEST: f64 = 300.0;
/// A4 between margins of an inch, where a document says nothing.
const USUAL: (f64, f64) = (9_026.0, 13_958.0);
/// How far a tab goes.
const TAB: f64 = 720.0;
/// What letters stand apart from one line to the next, of their size: as in Arial and its like.
const LEADING: f64 = 1.15;
/// The smallest and the largest letters that Word knows.
const SIZES: (f64, f64) = (20.0, 32_760.0);
/// What is beside the words of a cell where a table says nothing.
const BESIDE: f64 = 216.0;

/// The part of a page that words stand on.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Whether it goes on on the page before.
    pub(super) goes_on: bool,
}

impl Default for Sheet {
    fn default() -> Self {
        let (width, height) = USUAL;
        Self {
            width,
            height,
            goes_on: false,
        }
    }
}

impl Sheet {
    /// The sheet of a section.
    pub(super) fn of(section: &Element) -> Self {
        let measure = |part: &str, name: &str| section.child(part).and_then(|part| number(part, name));
        let between = |whole: Option<f64>, first: &str, second: &str| {
            let margin = |name| measure("w:pgMar", name).map_or(1_440.0, f64::abs);
            Some((whole? - margin(first) - margin(second)).max(NARROWEST))
        };
        let usual = Self::default();
        Self {
            width: between(measure("w:pgSz", "w:w"), "w:left", "w:right").unwrap_or(usual.width),
            height: between(measure("w:pgSz", "w:h"), "w:top", "w:bottom").unwrap_or(usual.height),
            goes_on: section
                .child("w:type")
                .is_some_and(|kind| kind.attribute("w:val").as_deref() == Some("continuous")),
        }
    }

    /// As wide as a cell, and never full.
    pub(super) fn endless(width: f64) -> Self {
        Self {
            width,
            height: f64::INFINITY,
            goes_on: false,
        }
    }
}

/// What a table puts around the words of its cells.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Left and right together.
    pub(super) beside: f64,
    /// Above and below together.
    pub(super) above: f64,
}

/// What a style or a paragraph says of itself, as far as it does.
#[derive(Clone, Copy, Default)]
struct Said {
    size: Option<f64>,
    before: Option<f64>,
    after: Option<f64>,
    line: Option<Line>,
    left: Option<f64>,
    right: Option<f64>,
    begins_page: Option<bool>,
    bold: Option<bool>,
}

/// How high lines are.
#[derive(Clone, Copy)]
enum Line {
    /// So many times the letters' own height.
    Times(f64),
    /// At least or exactly so high.
    Is(f64),
}

impl Said {
    /// What an element with `w:pPr` and `w:rPr` says.
    fn of(element: &Element) -> Self {
        let (paragraph, run) = (element.child("w:pPr"), element.child("w:rPr"));
        let at = |part: &str, names: &[&str]| {
            let part = paragraph?.child(part)?;
            names.iter().find_map(|name| number(part, name))
        };
        Self {
            size: run
                .and_then(|run| number(run.child("w:sz")?, "w:val"))
                .map(|half| half * 10.0),
            before: at("w:spacing", &["w:before"]),
            after: at("w:spacing", &["w:after"]),
            line: paragraph.and_then(line),
            left: at("w:ind", &["w:left", "w:start"]),
            right: at("w:ind", &["w:right", "w:end"]),
            begins_page: paragraph.and_then(|form| is_on(form, "w:pageBreakBefore")),
            bold: run.and_then(|run| is_on(run, "w:b")),
        }
    }

    /// The same with what `other` says where this says nothing.
    fn over(self, other: Self) -> Self {
        Self {
            size: self.size.or(other.size),
            before: self.before.or(other.before),
            after: self.after.or(other.after),
            line: self.line.or(other.line),
            left: self.left.or(other.left),
            right: self.right.or(other.right),
            begins_page: self.begins_page.or(other.begins_page),
            bold: self.bold.or(other.bold),
        }
    }
}

fn line(form: &Element) -> Option<Line> {
    let spacing = form.child("w:spacing")?;
    let value = number(spacing, "w:line")?;
    let rule = spacing.attribute("w:lineRule");
    Some(match rule.as_deref() {
        Some("exact" | "atLeast") => Line::Is(value),
        _ => Line::Times(value / 240.0),
    })
}

fn is_on(form: &Element, name: &str) -> Option<bool> {
    let value = form.child(name)?.attribute("w:val");
    Some(!matches!(value.as_deref(), Some("0" | "false" | "off")))
}

/// A measure of an element.
pub(super) fn number(element: &Element, name: &str) -> Option<f64> {
    let value: f64 = element.attribute(name)?.parse().ok()?;
    value.is_finite().then_some(value)
}

/// A number of things.
pub(super) fn count(element: &Element, name: &str) -> Option<usize> {
    element.attribute(name)?.parse().ok()
}

/// The styles of a document.
pub(super) struct Styles {
    general: Said,
    usual: Option<String>,
    named: BTreeMap<String, (Option<String>, Said)>,
    frames: BTreeMap<String, Frame>,
}

impl Styles {
    /// Those of the part, where there is one.
    pub(super) fn of(part: Option<&Element>) -> Self {
        let mut own = Self {
            general: Said::default(),
            usual: None,
            named: BTreeMap::new(),
            frames: BTreeMap::new(),
        };
        for element in part.into_iter().flat_map(Element::elements) {
            match element.name.as_str() {
                "w:docDefaults" => own.general = defaults(element),
                "w:style" => own.add(element),
                _ => {}
            }
        }
        own
    }

    fn add(&mut self, style: &Element) {
        let Some(id) = style.attribute("w:styleId") else {
            return;
        };
        let of_paragraphs = style.attribute("w:type").as_deref() == Some("paragraph");
        if of_paragraphs && style.attribute("w:default").as_deref() == Some("1") {
            self.usual = Some(id.clone());
        }
        if let Some(form) = style.child("w:tblPr") {
            self.frames.insert(id.clone(), framed(form));
        }
        let based = style
            .child("w:basedOn")
            .and_then(|based| based.attribute("w:val"));
        self.named.insert(id, (based, Said::of(style)));
    }

    /// What a style and those it is based on say; a circle of them ends after as many as there are.
    fn said(&self, id: Option<&String>) -> Said {
        let mut said = Said::default();
        let mut next = id;
        for _ in 0..self.named.len() {
            let Some((based, own)) = next.and_then(|id| self.named.get(id)) else {
                break;
            };
            said = said.over(*own);
            next = based.as_ref();
        }
        said.over(self.general)
    }

    /// How a paragraph looks.
    pub(super) fn paragraph(&self, element: &Element) -> Look {
        let form = element.child("w:pPr");
        let id = form.and_then(|form| form.child("w:pStyle")?.attribute("w:val"));
        let run = largest(element);
        let own = Said {
            size: run,
            ..Said::of(element)
        };
        let said = own.over(self.said(id.as_ref().or(self.usual.as_ref())));
        let size = said.size.unwrap_or(200.0).clamp(SIZES.0, SIZES.1);
        Look {
            size: if said.bold == Some(true) {
                size * 1.06
            } else {
                size
            },
            line: match said.line.unwrap_or(Line::Times(1.0)) {
                Line::Times(times) => size * LEADING * times,
                Line::Is(height) => height,
            }
            .clamp(SIZES.0, SIZES.1),
            before: said.before.unwrap_or_default().max(0.0),
            after: said.after.unwrap_or_default().max(0.0),
            beside: said.left.unwrap_or_default() + said.right.unwrap_or_default(),
            begins_page: said.begins_page.unwrap_or(false),
        }
    }

    /// What a table puts around the words of its cells.
    pub(super) fn frame(&self, table: &Element) -> Frame {
        let form = table.child("w:tblPr");
        let own = form
            .filter(|form| form.child("w:tblCellMar").is_some())
            .map(framed);
        let style = form.and_then(|form| form.child("w:tblStyle")?.attribute("w:val"));
        let named = style.and_then(|id| self.frames.get(&id).copied());
        own.or(named).unwrap_or(Frame {
            beside: BESIDE,
            above: 0.0,
        })
    }
}

fn defaults(element: &Element) -> Said {
    let parts = element.elements().flat_map(Element::elements).cloned();
    Said::of(&Element::new(
        "w:style",
        parts.map(crate::xml::Node::Element).collect(),
    ))
}

fn framed(form: &Element) -> Frame {
    let margins = form.child("w:tblCellMar");
    let at = |names: [&str; 2]| {
        let own = names.iter().find_map(|name| number(margins?.child(name)?, "w:w"));
        own.map(|width| width.max(0.0))
    };
    Frame {
        beside: at(["w:left", "w:start"]).unwrap_or(BESIDE / 2.0)
            + at(["w:right", "w:end"]).unwrap_or(BESIDE / 2.0),
        above: at(["w:top"; 2]).unwrap_or_default() + at(["w:bottom"; 2]).unwrap_or_default(),
    }
}

/// The size of the largest letters that a paragraph sets itself, where all its runs do.
fn largest(element: &Element) -> Option<f64> {
    let runs = element.elements().filter(|child| child.name == "w:r");
    let sizes = runs.map(|run| Said::of(run).size);
    sizes.collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::max)
}

/// How a paragraph looks.
pub(super) struct Look {
    size: f64,
    pub(super) line: f64,
    pub(super) before: f64,
    pub(super) after: f64,
    beside: f64,
    pub(super) begins_page: bool,
}

impl Look {
    /// How many lines a text has at this width; an empty paragraph has one.
    pub(super) fn lines(&self, text: &str, width: f64) -> usize {
        let width = (width - self.beside).max(NARROWEST);
        text.split('\n').map(|line| self.broken(line, width)).sum()
    }

    /// The lines of a text without line ends, broken between words.
    fn broken(&self, text: &str, width: f64) -> usize {
        let (mut lines, mut at) = (1, 0.0);
        for word in text.split_inclusive([' ', '\t']) {
            let long: f64 = word.chars().map(|c| self.wide(c)).sum();
            let bare: f64 = word.trim_end().chars().map(|c| self.wide(c)).sum();
            if at > 0.0 && at + bare > width {
                lines += 1;
                at = 0.0;
            }
            at += long;
            // A word that is longer than a line goes on on the next.
            while at - (long - bare) > width {
                lines += 1;
                at -= width;
            }
        }
        lines
    }

    /// How wide a character is: letters by their kind, as in Arial and its like.
    fn wide(&self, c: char) -> f64 {
        let part = match c {
            '\t' => return TAB,
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 0.25,
            ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' | '[' | ']' => 0.3,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '\u{2014}' => 0.85,
            'A'..='Z' => 0.69,
            _ => 0.54,
        };
        part * self.size
    }
}
