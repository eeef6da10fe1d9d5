//! Tracked changes of OpenDocument: deleted text is kept before the body, inserted text is marked in it.

use std::collections::{HashMap, HashSet};

use crate::normal;
use crate::xml::{Element, Node, Space};

/// The changes of a file, and which insertions are open.
#[derive(Default)]
pub(crate) struct Changes {
    deleted: HashMap<String, String>,
    inserted: HashSet<String>,
    open: HashSet<String>,
}

impl Changes {
    /// The changes that stand before a text.
    pub(crate) fn of(text: &Element) -> Self {
        let mut changes = Self::default();
        let all = text.elements().filter(|e| &*e.name == "tracked-changes");
        for region in all.flat_map(Element::elements) {
            let Some(id) = region.any("id") else { continue };
            if let Some(deletion) = region.named("deletion") {
                let mut gone = String::new();
                all_text(deletion, &mut gone);
                changes.deleted.insert(id.to_owned(), normal::line(&gone));
            } else if region.named("insertion").is_some() {
                changes.inserted.insert(id.to_owned());
            }
        }
        changes
    }

    /// What was deleted where a mark stands; each deletion is told once.
    pub(crate) fn deleted(&mut self, mark: &Element) -> Option<String> {
        self.deleted.remove(mark.any("change-id")?)
    }

    /// Deletions whose marks stand nowhere.
    pub(crate) fn rest(self) -> Vec<String> {
        let mut rest: Vec<String> = self
            .deleted
            .into_values()
            .filter(|text| !text.is_empty())
            .collect();
        rest.sort_unstable();
        rest
    }

    pub(crate) fn start(&mut self, mark: &Element) {
        if let Some(id) = mark.any("change-id").filter(|id| self.inserted.contains(*id)) {
            self.open.insert(id.to_owned());
        }
    }

    pub(crate) fn end(&mut self, mark: &Element) {
        if let Some(id) = mark.any("change-id") {
            self.open.remove(id);
        }
    }

    /// Whether text at hand was inserted.
    pub(crate) fn is_inserting(&self) -> bool {
        !self.open.is_empty()
    }
}

/// All text in an element, paragraphs parted by spaces.
pub(crate) fn all_text(element: &Element, out: &mut String) {
    for node in element.nodes() {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Element(child) if child.space == Space::OdfOffice => {}
            Node::Element(child) => {
                if matches!(&*child.name, "s" | "tab" | "line-break" | "p" | "h") {
                    out.push(' ');
                }
                all_text(child, out);
            }
        }
    }
}
