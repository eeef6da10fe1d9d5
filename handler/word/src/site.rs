//! What must be known of a place where a value stands, to write the value there: all found when the template is
//! opened, so that filling it only puts strings together.

use crate::xml::{Element, Node};

/// A place where a value stands.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The expression, as written in the template.
    pub(crate) expression: String,
    /// The formatting of its runs.
    pub(crate) style: Styles,
    /// The paragraph around it; `None` where a paragraph cannot be divided, inside a link for example.
    pub(crate) paragraph: Option<Paragraph>,
    /// What else stands in the paragraph when the value is all its text: bookmarks before and after it.
    pub(crate) whole: Option<(String, String)>,
    /// Whether footnotes and comments may stand here.
    pub(crate) notes: bool,
}

/// Run properties in the four forms that Markdown asks for, each as XML or empty.
#[derive(Clone, Debug)]
pub(crate) struct Styles([String; 4]);

impl Styles {
    /// The forms of a run's properties.
    pub(crate) fn new(properties: Option<&Element>) -> Self {
        let form = |bold: bool, italic: bool| {
            let kept = properties.map_or_else(Vec::new, |properties| emphasised(properties, bold, italic));
            let children = if properties.is_none() {
                emphasis(bold, italic)
            } else {
                kept
            };
            if children.is_empty() {
                String::new()
            } else {
                Element::new("w:rPr", children).to_xml()
            }
        };
        Self([
            form(false, false),
            form(true, false),
            form(false, true),
            form(true, true),
        ])
    }

    /// The form asked for.
    pub(crate) fn form(&self, bold: bool, italic: bool) -> &str {
        let [plain, strong, slanted, both] = &self.0;
        match (bold, italic) {
            (false, false) => plain,
            (true, false) => strong,
            (false, true) => slanted,
            (true, true) => both,
        }
    }
}

/// Elements that say bold and italic.
fn emphasis(bold: bool, italic: bool) -> Vec<Node> {
    let on = |name: &str| Node::Element(Element::new(name, Vec::new()));
    let mut children = Vec::new();
    if bold {
        children.extend([on("w:b"), on("w:bCs")]);
    }
    if italic {
        children.extend([on("w:i"), on("w:iCs")]);
    }
    children
}

/// Run properties with emphasis added. The schema fixes the order: style, fonts, bold, italic, the rest.
fn emphasised(properties: &Element, bold: bool, italic: bool) -> Vec<Node> {
    let replaced =
        |name: &str| (bold && matches!(name, "w:b" | "w:bCs")) || (italic && matches!(name, "w:i" | "w:iCs"));
    let kept: Vec<&Element> = properties
        .elements()
        .filter(|child| !replaced(&child.name))
        .collect();
    let begins = |child: &&&Element| matches!(child.name.as_str(), "w:rStyle" | "w:rFonts");
    let bold_before = |child: &&&Element| italic && matches!(child.name.as_str(), "w:b" | "w:bCs");
    let first = kept.iter().filter(begins).copied();
    let before = kept.iter().filter(bold_before).copied();
    let rest = kept
        .iter()
        .filter(|child| !begins(child) && !bold_before(child))
        .copied();
    first
        .chain(before)
        .cloned()
        .map(Node::Element)
        .chain(emphasis(bold, italic))
        .chain(rest.cloned().map(Node::Element))
        .collect()
}

/// A paragraph's start, in the forms that a value of several paragraphs needs.
#[derive(Clone, Debug)]
pub(crate) struct Paragraph {
    start: String,
    properties: String,
    /// The properties cut where a list's number goes in and where an indent does.
    cut: [String; 3],
}

/// Paragraph properties that the schema puts before `w:numPr`.
const BEFORE_NUMBER: [&str; 6] = [
    "w:pStyle",
    "w:keepNext",
    "w:keepLines",
    "w:pageBreakBefore",
    "w:framePr",
    "w:widowControl",
];
/// Paragraph properties that the schema puts between `w:numPr` and `w:ind`.
const BEFORE_INDENT: [&str; 15] = [
    "w:suppressLineNumbers",
    "w:pBdr",
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:kinsoku",
    "w:wordWrap",
    "w:overflowPunct",
    "w:topLinePunct",
    "w:autoSpaceDE",
    "w:autoSpaceDN",
    "w:bidi",
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
];

impl Paragraph {
    /// The forms of a paragraph; `None` for one that ends a section and so cannot be written twice.
    pub(crate) fn new(paragraph: &Element) -> Option<Self> {
        let mut start = String::new();
        paragraph.write_start(&mut start);
        let Some(properties) = paragraph.child("w:pPr") else {
            return Some(Self {
                start,
                properties: String::new(),
                cut: Default::default(),
            });
        };
        let divisible = properties.child("w:sectPr").is_none();
        divisible.then(|| Self {
            start,
            properties: properties.to_xml(),
            cut: cut(properties),
        })
    }

    /// Its start.
    pub(crate) fn open(&self, out: &mut String) {
        out.push_str(&self.start);
        out.push_str(&self.properties);
    }

    /// Its start as an item of a list, at a level.
    pub(crate) fn open_item(&self, out: &mut String, list: usize, level: usize) {
        let [before, between, after] = &self.cut;
        let number = format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>");
        for piece in [
            &self.start,
            "<w:pPr>",
            before,
            &number,
            between,
            after,
            "</w:pPr>",
        ] {
            out.push_str(piece);
        }
    }

    /// Its start as a further paragraph of a list's item: indented as deep (in twentieths of a point), without a
    /// number.
    pub(crate) fn open_indented(&self, out: &mut String, indent: usize) {
        let [before, between, after] = &self.cut;
        let indent = format!("<w:ind w:left=\"{indent}\"/>");
        for piece in [
            &self.start,
            "<w:pPr>",
            before,
            between,
            &indent,
            after,
            "</w:pPr>",
        ] {
            out.push_str(piece);
        }
    }
}

/// Cuts paragraph properties around the number and the indent, which a list has of its own.
fn cut(properties: &Element) -> [String; 3] {
    let mut cut: [String; 3] = Default::default();
    let [before, between, after] = &mut cut;
    for child in properties.elements() {
        match child.name.as_str() {
            "w:numPr" | "w:ind" => {}
            name if BEFORE_NUMBER.contains(&name) => child.write(before),
            name if BEFORE_INDENT.contains(&name) => child.write(between),
            _ => child.write(after),
        }
    }
    cut
}
