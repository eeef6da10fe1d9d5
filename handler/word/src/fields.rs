//! Word's own merge fields, taken for tags: `MERGEFIELD Name` shows the key `Name`.
//!
//! A field is a chain of runs in a paragraph (`begin`, its code, `separate`, the words shown last, `end`) or one
//! `w:fldSimple`. What it showed last, usually the key in guillemets, goes; its formatting stays. Fields of any other
//! kind are left as they are.

use crate::fault::{TemplateFault, excerpt};
use crate::merge::INLINE;
use crate::tag::{Origin, Tag};
use crate::xml::{Element, Node};

/// Puts a tag in the place of every merge field below an element; adds what cannot be filled to the faults.
pub(crate) fn adopt(part: &str, element: &mut Element, faults: &mut Vec<TemplateFault>) {
    let mut adopting = Adopting { part, faults };
    adopting.visit(element);
}

struct Adopting<'a> {
    part: &'a str,
    faults: &'a mut Vec<TemplateFault>,
}

/// A field that has begun.
#[derive(Default)]
struct Open {
    nodes: Vec<Node>,
    /// How many fields are open: this one and those inside it.
    depth: usize,
    code: String,
    /// The codes of fields inside this one.
    inner: String,
    shows: bool,
    first: Option<Element>,
    shown: Option<Element>,
}

impl Open {
    /// Reads a run; whether the field ends in it.
    fn read(&mut self, run: &Element) -> bool {
        let style = || run.child("w:rPr").cloned();
        for child in run.elements() {
            match (child.name.as_str(), sign(child).as_deref()) {
                (_, Some("begin")) => self.depth += 1,
                (_, Some("separate")) if self.depth == 1 => self.shows = true,
                (_, Some("end")) => self.depth = self.depth.saturating_sub(1),
                ("w:instrText", _) if self.depth == 1 => self.code.push_str(&child.text()),
                ("w:instrText", _) => self.inner.push_str(&child.text()),
                ("w:t", _) if self.shows && self.shown.is_none() => self.shown = style(),
                _ => {}
            }
        }
        if self.first.is_none() {
            self.first = style();
        }
        self.depth == 0
    }
}

/// What a sign of a field says: `begin`, `separate`, `end`.
fn sign(element: &Element) -> Option<String> {
    (element.name == "w:fldChar")
        .then(|| element.attribute("w:fldCharType"))
        .flatten()
}

impl Adopting<'_> {
    fn visit(&mut self, element: &mut Element) {
        for node in &mut element.children {
            if let Node::Element(child) = node {
                self.visit(child);
            }
        }
        if element.name == "w:p" || INLINE.contains(&element.name.as_str()) {
            self.container(element);
        }
    }

    fn container(&mut self, container: &mut Element) {
        let mut open: Option<Open> = None;
        for node in std::mem::take(&mut container.children) {
            let run = match &node {
                Node::Element(element) if element.name == "w:r" => Some(element),
                _ => None,
            };
            let begins = run.is_some_and(|run| {
                run.elements()
                    .any(|child| sign(child).as_deref() == Some("begin"))
            });
            if open.is_none() && begins {
                open = Some(Open::default());
            }
            let Some(mut field) = open.take() else {
                let node = self.simple(node);
                container.children.push(node);
                continue;
            };
            let ends = run.is_some_and(|run| field.read(run));
            field.nodes.push(node);
            if ends {
                container.children.extend(self.close(field));
            } else {
                open = Some(field);
            }
        }
        if let Some(field) = open {
            self.refuse_inside(&field.code, &format!("{} {}", field.code, field.inner));
            container.children.extend(field.nodes);
        }
    }

    fn simple(&mut self, node: Node) -> Node {
        let Node::Element(element) = &node else {
            return node;
        };
        let code = element
            .attribute("w:instr")
            .filter(|_| element.name == "w:fldSimple");
        let style = || element.child("w:r").and_then(|run| run.child("w:rPr")).cloned();
        match code.and_then(|code| self.key(&code)) {
            Some(key) => Node::Tag(Tag::of_key(&key, Origin::MergeField, style())),
            None => node,
        }
    }

    /// What a field that has ended becomes: a tag, with what else stood among its runs.
    fn close(&mut self, field: Open) -> Vec<Node> {
        self.refuse_inside(&field.code, &field.inner);
        match self.key(&field.code) {
            Some(key) if field.inner.is_empty() => {
                let style = field.shown.or(field.first);
                let tag = Node::Tag(Tag::of_key(&key, Origin::MergeField, style));
                let others = field.nodes.into_iter().filter(|node| !is_run(node));
                std::iter::once(tag).chain(others).collect()
            }
            _ => field.nodes,
        }
    }

    fn refuse_inside(&mut self, code: &str, inner: &str) {
        if inner
            .split_whitespace()
            .any(|word| word.eq_ignore_ascii_case("MERGEFIELD"))
        {
            let reason = "a merge field inside another field, or over several paragraphs, is not filled: \
                          let it stand by itself in one paragraph";
            self.fault(&format!("{code} {inner}"), reason.to_owned());
        }
    }

    fn fault(&mut self, near: &str, reason: String) {
        self.faults.push(TemplateFault::Tag {
            part: self.part.to_owned(),
            near: excerpt(near),
            reason,
        });
    }

    /// The key of a merge field's code. Switches that only format are left out.
    fn key(&mut self, code: &str) -> Option<String> {
        let rest = code.trim_start();
        let word = rest.split_whitespace().next()?;
        if !word.eq_ignore_ascii_case("MERGEFIELD") {
            return None;
        }
        let rest = rest.get(word.len()..).unwrap_or_default().trim_start();
        let (key, switches) = match rest.strip_prefix('"') {
            Some(rest) => rest.split_once('"').unwrap_or((rest, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        let words = |word: &&str| matches!(word.to_lowercase().as_str(), "\\b" | "\\f" | "\\m" | "\\v");
        if let Some(switch) = switches.split_whitespace().find(words) {
            let reason =
                format!("the field's switch `{switch}` is not followed: write its words around the field");
            self.fault(code, reason);
        } else if key.is_empty() {
            self.fault(code, "the merge field names nothing".to_owned());
        } else {
            return Some(key.to_owned());
        }
        None
    }
}

fn is_run(node: &Node) -> bool {
    matches!(node, Node::Element(element) if element.name == "w:r")
}
