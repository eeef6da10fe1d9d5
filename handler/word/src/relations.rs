//! How the parts of a file refer to each other, and what each part is.

use crate::fault::TemplateFault;
use crate::xml::{Element, Node, parse};

/// The namespace of relationship types.
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
/// The namespace of the relationship type of the core properties, which is another.
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/";

/// The relationships of a part.
#[derive(Clone, Debug)]
pub(crate) struct Relations {
    /// The path of the part that holds them.
    pub(crate) path: String,
    root: Element,
    /// The folder from which targets are counted.
    base: String,
}

impl Relations {
    /// The path of the part that holds a part's relationships; those of the file for an empty name.
    pub(crate) fn path_of(part: &str) -> String {
        match part.rsplit_once('/') {
            Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
            None => format!("_rels/{part}.rels"),
        }
    }

    /// Reads the relationships of a part; none when there are no bytes.
    pub(crate) fn read(part: &str, bytes: Option<&[u8]>) -> Result<Self, TemplateFault> {
        let path = Self::path_of(part);
        let root = match bytes {
            Some(bytes) => parse(&path, bytes)?,
            None => Element::new("Relationships", Vec::new()).with(
                "xmlns",
                "http://schemas.openxmlformats.org/package/2006/relationships",
            ),
        };
        let base = part
            .rsplit_once('/')
            .map_or_else(String::new, |(folder, _)| folder.to_owned());
        Ok(Self { path, root, base })
    }

    /// The paths of the parts that are related in a way: `header`, `styles`.
    pub(crate) fn targets(&self, kind: &str) -> Vec<String> {
        self.root
            .elements()
            .filter(|relation| {
                relation
                    .attribute("TargetMode")
                    .is_none_or(|mode| mode != "External")
            })
            .filter(|relation| {
                relation
                    .attribute("Type")
                    .is_some_and(|found| found.rsplit('/').next() == Some(kind))
            })
            .filter_map(|relation| relation.attribute("Target"))
            .map(|target| self.resolve(&target))
            .collect()
    }

    /// The path of the part with this id.
    pub(crate) fn target(&self, id: &str) -> Option<String> {
        let mut relations = self.root.elements();
        let relation = relations.find(|relation| relation.attribute("Id").as_deref() == Some(id))?;
        Some(self.resolve(&relation.attribute("Target")?))
    }

    fn resolve(&self, target: &str) -> String {
        if let Some(absolute) = target.strip_prefix('/') {
            return absolute.to_owned();
        }
        let mut steps: Vec<&str> = self.base.split('/').filter(|step| !step.is_empty()).collect();
        for step in target.split('/') {
            match step {
                ".." => {
                    steps.pop();
                }
                "." | "" => {}
                step => steps.push(step),
            }
        }
        steps.join("/")
    }

    fn relative(&self, target: &str) -> String {
        match target.strip_prefix(&self.base) {
            Some(rest) if self.base.is_empty() || rest.starts_with('/') => {
                rest.trim_start_matches('/').to_owned()
            }
            _ => format!("/{target}"),
        }
    }

    /// Relates a further part, by its path.
    pub(crate) fn add(&mut self, kind: &str, target: &str) {
        let namespace = if kind == "core-properties" {
            PACKAGE
        } else {
            OFFICE
        };
        let taken = |id: &str| {
            self.root
                .elements()
                .any(|relation| relation.attribute("Id").as_deref() == Some(id))
        };
        let mut number = 1;
        while taken(&format!("rId{number}")) {
            number += 1;
        }
        let relation = Element::new("Relationship", Vec::new())
            .with("Id", &format!("rId{number}"))
            .with("Type", &format!("{namespace}{kind}"))
            .with("Target", &self.relative(target));
        self.root.children.push(Node::Element(relation));
    }

    /// The part that holds them.
    pub(crate) fn to_part(&self) -> String {
        self.root.to_part()
    }
}

/// What each part is.
#[derive(Clone, Debug)]
pub(crate) struct ContentTypes(Element);

impl ContentTypes {
    /// The path of the part that says it.
    pub(crate) const PATH: &str = "[Content_Types].xml";

    /// Reads it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, TemplateFault> {
        parse(Self::PATH, bytes).map(Self)
    }

    /// What a part is, where it is named.
    pub(crate) fn of(&self, part: &str) -> Option<String> {
        self.0
            .elements()
            .find(|entry| names(entry, part))
            .and_then(|entry| entry.attribute("ContentType"))
    }

    /// Says what a part is.
    pub(crate) fn set(&mut self, part: &str, kind: &str) {
        self.0
            .children
            .retain(|node| !matches!(node, Node::Element(entry) if names(entry, part)));
        let entry = Element::new("Override", Vec::new())
            .with("PartName", &format!("/{part}"))
            .with("ContentType", kind);
        self.0.children.push(Node::Element(entry));
    }

    /// The part that says it.
    pub(crate) fn to_part(&self) -> String {
        self.0.to_part()
    }
}

fn names(entry: &Element, part: &str) -> bool {
    entry.name == "Override"
        && entry
            .attribute("PartName")
            .is_some_and(|name| name.trim_start_matches('/').eq_ignore_ascii_case(part))
}
