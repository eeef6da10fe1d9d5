//! A report as a browser's parser sees it.

use std::collections::BTreeMap;

use drafting::recipe::Recipe;
use drafting::record::Generated;
use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::documents;

/// An element of a page.
pub struct Element {
    /// Its place in the page.
    at: usize,
    /// The places of the elements it stands in.
    above: Vec<usize>,
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// The words in it, with single spaces between them.
    pub text: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    fn has_class(&self, class: &str) -> bool {
        self.attribute("class")
            .is_some_and(|classes| classes.split_whitespace().any(|one| one == class))
    }
}

/// The elements of a page in order.
pub struct Page(Vec<Element>);

impl Page {
    /// The report of a run.
    pub fn of(run: &(Recipe, Generated)) -> Self {
        let report = documents(run).report;
        let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default())
            .from_utf8()
            .read_from(&mut report.as_slice())
            .unwrap();
        let mut page = Self(Vec::new());
        page.add(&dom.document, &[]);
        for element in &mut page.0 {
            element.text = flat(&element.text);
        }
        page
    }

    fn add(&mut self, node: &Handle, above: &[usize]) {
        let mut inside = above.to_vec();
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                let attributes = attrs.borrow();
                let attributes = attributes
                    .iter()
                    .map(|a| (a.name.local.to_string(), a.value.to_string()));
                inside.push(self.0.len());
                self.0.push(Element {
                    at: self.0.len(),
                    above: above.to_vec(),
                    name: name.local.to_string(),
                    attributes: attributes.collect(),
                    text: String::new(),
                });
            }
            NodeData::Text { contents } => {
                for at in above {
                    self.0[*at].text.push_str(&contents.borrow());
                }
            }
            _ => {}
        }
        for child in node.children.borrow().iter() {
            self.add(child, &inside);
        }
    }

    pub fn all(&self) -> &[Element] {
        &self.0
    }

    /// The elements of these names.
    pub fn named(&self, names: &[&str]) -> Vec<&Element> {
        self.0
            .iter()
            .filter(|element| names.contains(&element.name.as_str()))
            .collect()
    }

    /// The elements with this attribute.
    pub fn with(&self, attribute: &str) -> Vec<&Element> {
        self.0
            .iter()
            .filter(|element| element.attributes.contains_key(attribute))
            .collect()
    }

    /// The elements with this id.
    pub fn at(&self, id: &str) -> Vec<&Element> {
        self.0
            .iter()
            .filter(|element| element.attribute("id") == Some(id))
            .collect()
    }

    /// The elements in an element.
    pub fn inside(&self, outer: &Element) -> impl Iterator<Item = &Element> {
        self.0
            .iter()
            .filter(move |element| element.above.contains(&outer.at))
    }

    /// The words of what stands at a place: `#id` or `.class`.
    pub fn text(&self, place: &str) -> String {
        let found = match place.split_at(1) {
            ("#", id) => self.at(id),
            (_, class) => self.0.iter().filter(|element| element.has_class(class)).collect(),
        };
        found
            .iter()
            .map(|element| element.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// A text as a report shows it: signs that turn the direction of writing are taken out.
pub fn flat(text: &str) -> String {
    text.replace('\u{202e}', "")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
