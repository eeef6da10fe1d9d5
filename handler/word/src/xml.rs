//! A small tree of XML: enough to change a part of a document and write the rest as it was.
//!
//! Comments and processing instructions are not kept.
//! It knows no Word; names are compared with their usual prefixes.

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::fault::TemplateFault;
use crate::tag::Tag;

/// Deeper trees are refused; Word's own stay below 60.
const DEEPEST: usize = 200;

/// What every part begins with.
pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A node of the tree.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// An element.
    Element(Element),
    /// Text, with references resolved.
    Text(String),
    /// A template tag, once tags are found.
    Tag(Tag),
}

/// An element.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// Its name with prefix.
    pub(crate) name: String,
    /// Its attributes as written, with the space before.
    pub(crate) attributes: String,
    /// What stands in it.
    pub(crate) children: Vec<Node>,
}

impl Element {
    /// An element without attributes.
    pub(crate) fn new(name: &str, children: Vec<Node>) -> Self {
        Self {
            name: name.to_owned(),
            attributes: String::new(),
            children,
        }
    }

    /// The same element without what stands in it.
    pub(crate) fn shell(&self) -> Self {
        Self {
            name: self.name.clone(),
            attributes: self.attributes.clone(),
            children: Vec::new(),
        }
    }

    /// Its children that are elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Tag(_) => None,
        })
    }

    /// Its first child element of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        Attributes::new(&self.attributes, 0)
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.as_ref() == name)
            .and_then(|attribute| {
                quick_xml::escape::unescape(&attribute.value)
                    .map(String::from)
                    .ok()
            })
    }

    /// The text directly in it.
    pub(crate) fn text(&self) -> String {
        self.children
            .iter()
            .filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                Node::Element(_) | Node::Tag(_) => None,
            })
            .collect()
    }

    /// Adds an attribute.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        push_attribute(&mut self.attributes, name, value);
        self
    }

    /// Drops attributes everywhere in the tree.
    pub(crate) fn drop_attributes(&mut self, dropped: &impl Fn(&str) -> bool) {
        let mut kept = String::new();
        for attribute in Attributes::new(&self.attributes, 0).filter_map(Result::ok) {
            let key: &str = attribute.key.as_ref();
            if !dropped(key) {
                for piece in [" ", key, "=\"", &attribute.value, "\""] {
                    kept.push_str(piece);
                }
            }
        }
        self.attributes = kept;
        for node in &mut self.children {
            if let Node::Element(child) = node {
                child.drop_attributes(dropped);
            }
        }
    }

    /// Whether it is written as one tag. Paragraphs never are: that cells end with one is seen by its end tag.
    pub(crate) fn is_short(&self) -> bool {
        self.children.is_empty() && self.name != "w:p"
    }

    /// Writes its start tag.
    pub(crate) fn write_start(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        out.push_str(&self.attributes);
        out.push('>');
    }

    /// Writes its end tag.
    pub(crate) fn write_end(&self, out: &mut String) {
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }

    /// Writes it whole; tags have no form in XML and are left out.
    pub(crate) fn write(&self, out: &mut String) {
        if self.is_short() {
            out.push('<');
            out.push_str(&self.name);
            out.push_str(&self.attributes);
            return out.push_str("/>");
        }
        self.write_start(out);
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(out),
                Node::Text(text) => push_escaped(out, text),
                Node::Tag(_) => {}
            }
        }
        self.write_end(out);
    }

    /// Itself as XML.
    pub(crate) fn to_xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Itself as a whole part, which always has an end tag.
    pub(crate) fn to_part(&self) -> String {
        let mut out = DECLARATION.to_owned();
        if self.is_short() {
            self.write_start(&mut out);
            self.write_end(&mut out);
        } else {
            self.write(&mut out);
        }
        out
    }
}

/// Appends XML.
pub(crate) fn append(out: &mut String, xml: fmt::Arguments<'_>) {
    match xml.as_str() {
        Some(fixed) => out.push_str(fixed),
        None => out.push_str(&xml.to_string()),
    }
}

/// Appends an attribute.
pub(crate) fn push_attribute(out: &mut String, name: &str, value: &str) {
    let value = escaped(value).replace('\n', "&#10;").replace('\t', "&#9;");
    for piece in [" ", name, "=\"", &value, "\""] {
        out.push_str(piece);
    }
}

/// Appends text as XML text or attribute value.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// Text as XML text or attribute value.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

/// Parses a part of a document.
pub(crate) fn parse(part: &str, bytes: &[u8]) -> Result<Element, TemplateFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| damaged(part, "it is not in UTF-8"))?;
    let mut parser = Parser {
        part,
        open: Vec::new(),
        root: None,
    };
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().enable_all_checks(true);
    loop {
        match reader
            .read_event()
            .map_err(|error| damaged(part, &error.to_string()))?
        {
            Event::Start(start) => parser.start(&start)?,
            Event::Empty(start) => {
                parser.start(&start)?;
                parser.end()?;
            }
            Event::End(_) => parser.end()?,
            Event::Text(text) => parser.text(&text.xml10_content())?,
            Event::CData(text) => parser.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => parser.reference(&reference)?,
            Event::DocType(_) => {
                return Err(TemplateFault::DocumentType {
                    part: part.to_owned(),
                });
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    parser.finish()
}

/// The error for a part that is no well-formed XML.
pub(crate) fn damaged(part: &str, reason: &str) -> TemplateFault {
    TemplateFault::Damaged {
        part: part.to_owned(),
        reason: reason.to_owned(),
    }
}

/// The tree as far as it has been read.
struct Parser<'a> {
    part: &'a str,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Parser<'_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), TemplateFault> {
        if self.open.len() >= DEEPEST {
            return Err(damaged(self.part, "its elements are nested too deeply"));
        }
        if self.root.is_some() {
            return Err(damaged(self.part, "it has more than one root"));
        }
        let attributes = self.attributes(start)?;
        self.open.push(Element {
            name: start.name().as_ref().to_owned(),
            attributes,
            children: Vec::new(),
        });
        Ok(())
    }

    fn attributes(&self, start: &BytesStart<'_>) -> Result<String, TemplateFault> {
        let mut kept = String::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| damaged(self.part, &error.to_string()))?;
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_err(|error| damaged(self.part, &error.to_string()))?;
            self.characters(&value)?;
            push_attribute(&mut kept, attribute.key.as_ref(), &value);
        }
        Ok(kept)
    }

    fn end(&mut self) -> Result<(), TemplateFault> {
        let Some(element) = self.open.pop() else {
            return Err(damaged(self.part, "an element ends that did not begin"));
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), TemplateFault> {
        self.characters(text)?;
        match self.open.last_mut() {
            Some(parent) => match parent.children.last_mut() {
                Some(Node::Text(before)) => before.push_str(text),
                _ => parent.children.push(Node::Text(text.to_owned())),
            },
            None if text.trim().is_empty() => {}
            None => return Err(damaged(self.part, "text stands outside the root")),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), TemplateFault> {
        let name: &str = reference.as_ref();
        let resolved = match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => reference
                .resolve_char_ref()
                .map_err(|error| damaged(self.part, &error.to_string()))?
                .ok_or_else(|| damaged(self.part, "it refers to an entity that is not defined"))?,
        };
        self.text(resolved.encode_utf8(&mut [0; 4]))
    }

    fn characters(&self, text: &str) -> Result<(), TemplateFault> {
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        if text.chars().all(allowed) {
            Ok(())
        } else {
            Err(damaged(self.part, "it holds a character that XML does not allow"))
        }
    }

    fn finish(self) -> Result<Element, TemplateFault> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(damaged(self.part, "it ends too early")),
        }
    }
}
