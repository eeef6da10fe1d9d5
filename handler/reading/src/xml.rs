//! A small tree of the XML of office formats with namespaces resolved, within limits.
//!
//! Document type definitions are refused, so there are no entities but XML's own five. Revision save ids are
//! dropped as they come.

use drafting::source::Rejection;
use quick_xml::NsReader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};

use crate::kind::hostile;

/// Deeper trees are refused: Word's own stay below 60, and the walk over the tree is recursive.
const DEEPEST: usize = 200;
/// Most elements and attributes of a part. A report of 250 pages with tables has some 300,000.
const MOST_NODES: usize = 1_500_000;

/// The namespaces that are told apart, each under its transitional and its strict name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// Word's text.
    Word,
    /// Alternatives for older programs.
    Compatibility,
    /// A drawing, a picture, or the frame of one.
    Drawing,
    /// Shapes of Word 2010 and later.
    Shape,
    /// Text effects of Word 2010 and later.
    Effects,
    /// The older vector drawings.
    Vml,
    /// Embedded objects.
    Office,
    /// Formulas.
    Formula,
    /// OpenDocument's text.
    OdfText,
    /// OpenDocument's tables.
    OdfTable,
    /// OpenDocument's frames and shapes.
    OdfDraw,
    /// OpenDocument's styles.
    OdfStyle,
    /// OpenDocument's parts of a document.
    OdfOffice,
    /// No namespace.
    None,
    /// Anything else.
    Other,
}

impl Space {
    fn named(name: &str) -> Self {
        match name {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Self::Word,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Self::Compatibility,
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Self::Formula,
            "http://schemas.openxmlformats.org/drawingml/2006/main"
            | "http://schemas.openxmlformats.org/drawingml/2006/picture"
            | "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
            | "http://purl.oclc.org/ooxml/drawingml/main"
            | "http://purl.oclc.org/ooxml/drawingml/picture"
            | "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing" => Self::Drawing,
            "http://schemas.microsoft.com/office/word/2010/wordprocessingShape" => Self::Shape,
            "http://schemas.microsoft.com/office/word/2010/wordml" => Self::Effects,
            "urn:oasis:names:tc:opendocument:xmlns:text:1.0" => Self::OdfText,
            "urn:oasis:names:tc:opendocument:xmlns:table:1.0" => Self::OdfTable,
            "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" => Self::OdfDraw,
            "urn:oasis:names:tc:opendocument:xmlns:style:1.0" => Self::OdfStyle,
            "urn:oasis:names:tc:opendocument:xmlns:office:1.0" => Self::OdfOffice,
            "urn:schemas-microsoft-com:vml" => Self::Vml,
            "urn:schemas-microsoft-com:office:office" => Self::Office,
            _ => Self::Other,
        }
    }
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// An element.
    Element(Element),
    /// Text.
    Text(String),
}

/// An element.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// Its namespace.
    pub(crate) space: Space,
    /// Its name without prefix.
    pub(crate) name: Box<str>,
    attributes: Box<[Attribute]>,
    children: Vec<Node>,
    /// For a choice of alternatives: whether all namespaces that it requires are Microsoft's own extensions of
    /// Word, which are read here; a program that knows others would show another text.
    pub(crate) understood: bool,
}

#[derive(Clone, Debug)]
struct Attribute {
    space: Space,
    name: Box<str>,
    value: Box<str>,
}

impl Element {
    /// Its children that are elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// All its children.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.children
    }

    /// Its first child of this name in any namespace.
    pub(crate) fn named(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| &*element.name == name)
    }

    /// An attribute by its name without prefix, in any namespace.
    pub(crate) fn any(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|a| &*a.name == name)
            .map(|a| &*a.value)
    }

    /// Its first child of this name in Word's namespace.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(name))
    }

    /// Whether it is Word's element of this name.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.space == Space::Word && &*self.name == name
    }

    /// An attribute by its name without prefix. Word's attributes have its prefix, other namespaces' mostly none.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let own = |a: &&Attribute| &*a.name == name && (a.space == Space::None || a.space == self.space);
        self.attributes.iter().find(own).map(|a| &*a.value)
    }

    /// The `w:val` of its first child of this name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// A property that is on or off: absent, or on without value, or as its value says.
    pub(crate) fn switch(&self, name: &str) -> Option<bool> {
        let value = self.child(name)?.attribute("val");
        Some(!matches!(value, Some("0" | "false" | "off")))
    }

    /// The text directly in it.
    pub(crate) fn text(&self) -> impl Iterator<Item = &str> {
        self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        })
    }

    /// Whether white space in it is text.
    fn holds_text(&self) -> bool {
        self.space == Space::OdfText || matches!(&*self.name, "t" | "delText")
    }
}

/// Parses a part; its root.
pub(crate) fn parse(text: &str) -> Result<Element, Rejection> {
    let mut reader = NsReader::from_str(text);
    let mut tree = Tree {
        open: Vec::new(),
        root: None,
        nodes: 0,
    };
    loop {
        let event = reader.read_event().map_err(|_| Rejection::Damaged)?;
        match event {
            Event::Start(start) => tree.open(reader.resolver(), &start)?,
            Event::Empty(start) => {
                tree.open(reader.resolver(), &start)?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.text(&text.xml10_content()),
            Event::CData(text) => tree.text(&text.xml10_content()),
            Event::GeneralRef(reference) => tree.text(&resolve(&reference)?),
            Event::DocType(_) => return Err(hostile("a document type definition")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    if !tree.open.is_empty() {
        return Err(Rejection::Damaged);
    }
    tree.root.ok_or(Rejection::Damaged)
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, Rejection> {
    if let Some(c) = reference.resolve_char_ref().map_err(|_| Rejection::Damaged)? {
        return Ok(c.to_string());
    }
    resolve_xml_entity(reference)
        .map(str::to_owned)
        .ok_or(Rejection::Damaged)
}

struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
}

impl Tree {
    fn open(&mut self, names: &NamespaceResolver, start: &BytesStart<'_>) -> Result<(), Rejection> {
        if self.open.len() >= DEEPEST {
            return Err(hostile("the depth of its nesting"));
        }
        let (space, name) = names.resolve_element(start.name());
        let mut element = Element {
            space: space_of(&space),
            name: name.as_ref().into(),
            attributes: Box::default(),
            children: Vec::new(),
            understood: false,
        };
        element.attributes = self.attributes(names, start)?;
        element.understood = element
            .attribute("Requires")
            .is_some_and(|required| understands(names, required));
        self.open.push(element);
        Ok(())
    }

    fn attributes(
        &mut self,
        names: &NamespaceResolver,
        start: &BytesStart<'_>,
    ) -> Result<Box<[Attribute]>, Rejection> {
        self.nodes += 1;
        let mut kept = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Rejection::Damaged)?;
            let (space, name) = names.resolve_attribute(attribute.key);
            let name: &str = name.as_ref();
            if name.starts_with("rsid") || attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            self.nodes += 1;
            if self.nodes > MOST_NODES {
                break;
            }
            let value = unescape(&attribute.value).map_err(|_| Rejection::Damaged)?;
            kept.push(Attribute {
                space: space_of(&space),
                name: name.into(),
                value: value.into(),
            });
        }
        if self.nodes > MOST_NODES {
            return Err(hostile("memory"));
        }
        Ok(kept.into())
    }

    fn close(&mut self) -> Result<(), Rejection> {
        let element = self.open.pop().ok_or(Rejection::Damaged)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None if self.root.is_none() => self.root = Some(element),
            None => return Err(Rejection::Damaged),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let Some(parent) = self.open.last_mut() else {
            return;
        };
        if !parent.holds_text() {
            return;
        }
        match parent.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => parent.children.push(Node::Text(text.to_owned())),
        }
    }
}

fn space_of(resolved: &ResolveResult<'_>) -> Space {
    match resolved {
        ResolveResult::Bound(namespace) => Space::named(namespace.as_ref()),
        ResolveResult::Unbound => Space::None,
        ResolveResult::Unknown(_) => Space::Other,
    }
}

fn understands(names: &NamespaceResolver, required: &str) -> bool {
    required.split_whitespace().all(|prefix| {
        let name = format!("{prefix}:x");
        let (space, _) = names.resolve_element(QName(&name));
        matches!(space, ResolveResult::Bound(n) if n.as_ref().starts_with("http://schemas.microsoft.com/office/"))
    })
}
