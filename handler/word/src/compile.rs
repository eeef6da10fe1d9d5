//! Turns the tree of a part into a program for the template engine: XML as it stands, the statements between it,
//! and for each value a numbered place. No markup is made from values here; see `press`.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::KEYS;
use crate::fault::excerpt;
use crate::keys::{collect, quoted};
use crate::mark;
use crate::site::{Paragraph, Site, Styles};
use crate::tag::{Effect, Tag};
use crate::xml::{DECLARATION, Element, Node, escaped};

/// A part as a program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    /// The program.
    pub(crate) source: String,
    /// The places of values, by number.
    pub(crate) sites: Vec<Site>,
    /// The keys that stand by themselves.
    pub(crate) keys: BTreeSet<String>,
    /// The tag that stands on each line of the program that has one.
    pub(crate) tags: BTreeMap<usize, String>,
}

impl Program {
    /// The template's words at a line of the program.
    pub(crate) fn near(&self, line: usize) -> String {
        self.tags
            .range(..=line)
            .next_back()
            .map_or_else(String::new, |(_, tag)| tag.clone())
    }
}

/// Turns a part into a program; `notes` says whether footnotes and comments may stand in it.
pub(crate) fn compile(root: &Element, notes: bool) -> Program {
    let mut compiler = Compiler {
        program: Program::default(),
        line: 1,
        above: Vec::new(),
        notes,
    };
    compiler.literal(DECLARATION);
    compiler.element(root);
    collect(root, &mut compiler.program.keys);
    compiler.program
}

struct Compiler {
    program: Program,
    line: usize,
    /// Names of the elements around.
    above: Vec<String>,
    notes: bool,
}

impl Compiler {
    fn push(&mut self, text: &str) {
        self.line += text.matches('\n').count();
        self.program.source.push_str(text);
    }

    /// XML that the template engine must not take for its own: a brace that could begin a tag is written as a
    /// character reference.
    fn literal(&mut self, xml: &str) {
        let mut safe = String::with_capacity(xml.len());
        let mut rest = xml.chars().peekable();
        while let Some(c) = rest.next() {
            match (c, rest.peek()) {
                ('{', None | Some('{' | '%' | '#')) => safe.push_str("&#123;"),
                _ => safe.push(c),
            }
        }
        self.push(&safe);
    }

    fn element(&mut self, element: &Element) {
        match whole_value(element) {
            Some((tag, paragraph, around)) => self.value(tag, Some(paragraph), Some(around)),
            None => self.container(element),
        }
    }

    fn container(&mut self, element: &Element) {
        if element.is_short() {
            return self.literal(&element.to_xml());
        }
        let droppable =
            matches!(element.name.as_str(), "w:tbl" | "w:tr") && element.children.iter().any(is_statement);
        let mends = ends_open(element) && self.holds_paragraphs(element);
        self.mend(mark::MEND_BEGIN, droppable);
        let mut start = String::new();
        element.write_start(&mut start);
        self.literal(&start);
        self.children(element);
        self.mend(mark::MEND_BLOCK, mends);
        let mut end = String::new();
        element.write_end(&mut end);
        self.literal(&end);
        self.mend(mark::MEND_END, droppable);
    }

    fn mend(&mut self, kind: char, wanted: bool) {
        if wanted {
            self.push(&format!("{}{kind}", mark::MEND));
        }
    }

    fn children(&mut self, element: &Element) {
        let paragraph = if element.name == "w:p" {
            Paragraph::new(element)
        } else {
            None
        };
        self.above.push(element.name.clone());
        for child in &element.children {
            match child {
                Node::Element(child) => self.element(child),
                Node::Text(text) => self.literal(&escaped(text)),
                Node::Tag(tag) => match tag.effect {
                    Effect::Value => self.value(tag, paragraph.clone(), None),
                    Effect::Note => {}
                    _ => self.statement(tag),
                },
            }
        }
        self.above.pop();
    }

    fn statement(&mut self, tag: &Tag) {
        self.note_tag(tag);
        self.push(&format!("{{% {}\n%}}", tag.code));
    }

    fn value(&mut self, tag: &Tag, paragraph: Option<Paragraph>, whole: Option<(String, String)>) {
        let number = self.program.sites.len();
        self.program.sites.push(Site {
            expression: tag.code.clone(),
            style: Styles::new(tag.style.as_ref()),
            paragraph,
            whole,
            notes: self.notes && !self.above.iter().any(|name| name == "w:txbxContent"),
        });
        self.note_tag(tag);
        self.push(&format!("{}{number}{}", mark::SITE, mark::VALUE));
        if tag.is_key {
            self.push(&format!(
                "{{{{ {KEYS}[{}]\n}}}}{}",
                quoted(&tag.code),
                mark::SITE_END
            ));
        } else {
            self.push(&format!("{{{{ {}\n}}}}{}", tag.code, mark::SITE_END));
        }
    }

    /// Remembers which tag begins on this line: no two do, for each brings a line end.
    fn note_tag(&mut self, tag: &Tag) {
        self.program.tags.insert(self.line, excerpt(&tag.written()));
    }

    /// Whether an element needs a paragraph at its end to be valid.
    fn holds_paragraphs(&self, element: &Element) -> bool {
        const HOLDERS: [&str; 6] = [
            "w:tc",
            "w:txbxContent",
            "w:hdr",
            "w:ftr",
            "w:footnote",
            "w:endnote",
        ];
        let around_control = self.above.iter().rev().nth(1).map(String::as_str);
        HOLDERS.contains(&element.name.as_str())
            || (element.name == "w:sdtContent"
                && around_control.is_some_and(|name| name == "w:body" || HOLDERS.contains(&name)))
    }
}

fn is_statement(node: &Node) -> bool {
    matches!(node, Node::Tag(tag) if !matches!(tag.effect, Effect::Value | Effect::Note))
}

/// Whether it depends on the data what an element ends with.
fn ends_open(element: &Element) -> bool {
    element
        .children
        .iter()
        .rev()
        .find(|node| !matches!(node, Node::Text(_)))
        .is_some_and(is_statement)
}

/// The tag of a paragraph whose text is one value, with the paragraph and what stands around the tag.
fn whole_value(element: &Element) -> Option<(&Tag, Paragraph, (String, String))> {
    let mut tags = element.children.iter().filter_map(|node| match node {
        Node::Tag(tag) if tag.effect != Effect::Note => Some(tag),
        _ => None,
    });
    let tag = tags
        .next()
        .filter(|tag| element.name == "w:p" && tag.effect == Effect::Value)?;
    if tags.next().is_some() || !element.elements().all(is_silent) {
        return None;
    }
    let mut around = (String::new(), String::new());
    let mut after = false;
    for node in &element.children {
        match node {
            Node::Element(child) if child.name == "w:pPr" => {}
            Node::Element(child) if after => child.write(&mut around.1),
            Node::Element(child) => child.write(&mut around.0),
            Node::Tag(found) => after |= found.effect == Effect::Value,
            Node::Text(_) => {}
        }
    }
    Some((tag, Paragraph::new(element)?, around))
}

/// Whether an element of a paragraph shows nothing.
fn is_silent(element: &Element) -> bool {
    matches!(
        element.name.as_str(),
        "w:pPr" | "w:proofErr" | "w:bookmarkStart" | "w:bookmarkEnd"
    )
}
