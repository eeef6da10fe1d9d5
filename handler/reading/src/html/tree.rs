//! A flat tree of a page, as the HTML standard builds it, within limits.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use drafting::source::Rejection;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ExpandedName, LocalName, Namespace, ParseOpts, QualName, parse_document};

use crate::kind::hostile;

/// Deeper pages are refused; browsers stop at 512.
const DEEPEST: usize = 500;
/// Most elements, texts and attributes of a page. A report of 250 pages has some 100,000.
const MOST_NODES: usize = 1_500_000;
/// Bytes between two looks at the limits.
const CHUNK: usize = 4096;

/// The number of a node.
pub(crate) type Id = usize;

/// What a node is.
#[derive(Debug)]
pub(crate) enum Kind {
    Document,
    Element(Element),
    Text(String),
    Comment(String),
}

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    name: Rc<QualName>,
    attributes: Vec<Attribute>,
    contents: Option<Id>,
}

impl Element {
    /// Its name, in small letters.
    pub(crate) fn name(&self) -> &str {
        &self.name.local
    }

    /// An attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|a| &*a.name.local == name)?;
        Some(&found.value)
    }

    /// An attribute, in small letters.
    pub(crate) fn small(&self, name: &str) -> Option<String> {
        self.attribute(name).map(str::to_ascii_lowercase)
    }

    /// An attribute that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Its classes.
    pub(crate) fn classes(&self) -> impl Iterator<Item = &str> {
        self.attribute("class").unwrap_or("").split_ascii_whitespace()
    }
}

/// A node of the tree.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) parent: Option<Id>,
    pub(crate) children: Vec<Id>,
    depth: usize,
}

/// A page.
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// The tree of a page.
    pub(crate) fn parse(text: &str) -> Result<Self, Rejection> {
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts {
                scripting_enabled: false,
                ..TreeBuilderOpts::default()
            },
            ..ParseOpts::default()
        };
        let mut parser = parse_document(Sink::new(), options);
        let mut rest = text;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK).max(1));
            parser.process(StrTendril::from_slice(chunk));
            let sink = &parser.tokenizer.sink.sink;
            if sink.deepest.get() > DEEPEST {
                return Err(hostile("the depth of its nesting"));
            }
            if sink.count.get() > MOST_NODES {
                return Err(hostile("memory"));
            }
            rest = after;
        }
        Ok(parser.finish())
    }

    /// A node.
    pub(crate) fn get(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// A node's element.
    pub(crate) fn element(&self, id: Id) -> Option<&Element> {
        match &self.get(id)?.kind {
            Kind::Element(element) => Some(element),
            Kind::Document | Kind::Text(_) | Kind::Comment(_) => None,
        }
    }

    /// The children of a node.
    pub(crate) fn children(&self, id: Id) -> &[Id] {
        self.get(id).map_or(&[], |node| &node.children)
    }

    /// Its child elements.
    pub(crate) fn elements(&self, id: Id) -> impl Iterator<Item = (Id, &Element)> {
        self.children(id)
            .iter()
            .filter_map(|id| Some((*id, self.element(*id)?)))
    }

    /// All nodes below one, in the order of the page.
    pub(crate) fn below(&self, id: Id) -> impl Iterator<Item = Id> {
        let mut stack: Vec<Id> = self.children(id).iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            stack.extend(self.children(next).iter().rev());
            Some(next)
        })
    }

    /// All text below a node.
    pub(crate) fn text(&self, id: Id) -> String {
        let texts = self.below(id).filter_map(|id| match &self.get(id)?.kind {
            Kind::Text(text) => Some(text.as_str()),
            Kind::Document | Kind::Element(_) | Kind::Comment(_) => None,
        });
        texts.collect()
    }
}

/// A node as the parser holds it.
#[derive(Clone)]
struct Handle {
    id: Id,
    name: Rc<QualName>,
}

/// What the parser builds into.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    nameless: Rc<QualName>,
    deepest: Cell<usize>,
    count: Cell<usize>,
}

impl Sink {
    fn new() -> Self {
        let document = Node {
            kind: Kind::Document,
            parent: None,
            children: Vec::new(),
            depth: 0,
        };
        let nameless = QualName::new(None, Namespace::default(), LocalName::default());
        Self {
            nodes: RefCell::new(vec![document]),
            nameless: Rc::new(nameless),
            deepest: Cell::new(0),
            count: Cell::new(0),
        }
    }

    fn create(&self, kind: Kind) -> Id {
        self.count.set(self.count.get() + 1);
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            kind,
            parent: None,
            children: Vec::new(),
            depth: 0,
        });
        nodes.len() - 1
    }

    fn nameless(&self, id: Id) -> Handle {
        Handle {
            id,
            name: Rc::clone(&self.nameless),
        }
    }

    /// Puts a node or text into a parent at a place.
    fn insert(&self, parent: Id, at: usize, child: NodeOrText<Handle>) {
        let id = match child {
            NodeOrText::AppendNode(handle) => {
                self.detach(handle.id);
                handle.id
            }
            NodeOrText::AppendText(text) => {
                if self.lengthen(parent, at, &text) {
                    return;
                }
                self.create(Kind::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let Some(node) = nodes.get_mut(parent) else { return };
        let depth = node.depth + 1;
        node.children.insert(at.min(node.children.len()), id);
        if let Some(child) = nodes.get_mut(id) {
            (child.parent, child.depth) = (Some(parent), depth);
        }
        self.deepest.set(self.deepest.get().max(depth));
    }

    /// Adds text to the text before a place, if there is one.
    fn lengthen(&self, parent: Id, at: usize, text: &str) -> bool {
        let mut nodes = self.nodes.borrow_mut();
        let before = nodes
            .get(parent)
            .and_then(|node| node.children.get(at.checked_sub(1)?).copied());
        match before.and_then(|id| nodes.get_mut(id)) {
            Some(Node {
                kind: Kind::Text(before),
                ..
            }) => {
                before.push_str(text);
                true
            }
            _ => false,
        }
    }

    fn length(&self, id: Id) -> usize {
        self.nodes.borrow().get(id).map_or(0, |node| node.children.len())
    }

    /// The parent of a node and its place there. Nodes are mostly looked for near the end.
    fn place(&self, id: Id) -> Option<(Id, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes.get(id)?.parent?;
        let at = nodes
            .get(parent)?
            .children
            .iter()
            .rposition(|child| *child == id)?;
        Some((parent, at))
    }

    fn detach(&self, id: Id) {
        let Some((parent, at)) = self.place(id) else {
            return;
        };
        let mut nodes = self.nodes.borrow_mut();
        if let Some(node) = nodes.get_mut(parent) {
            node.children.remove(at);
        }
        if let Some(node) = nodes.get_mut(id) {
            node.parent = None;
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        Tree {
            nodes: self.nodes.into_inner(),
        }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.nameless(0)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let contents = flags.template.then(|| self.create(Kind::Document));
        self.count.set(self.count.get() + attributes.len());
        let name = Rc::new(name);
        let id = self.create(Kind::Element(Element {
            name: Rc::clone(&name),
            attributes,
            contents,
        }));
        Handle { id, name }
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.nameless(self.create(Kind::Comment(text.to_string())))
    }

    fn create_pi(&self, _: StrTendril, data: StrTendril) -> Handle {
        self.nameless(self.create(Kind::Comment(data.to_string())))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.id, self.length(parent.id), child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.place(element.id).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let contents = match self.nodes.borrow().get(target.id).map(|node| &node.kind) {
            Some(Kind::Element(element)) => element.contents,
            _ => None,
        };
        self.nameless(contents.unwrap_or(target.id))
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(handle) = &child {
            self.detach(handle.id);
        }
        if let Some((parent, at)) = self.place(sibling.id) {
            self.insert(parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        let Some(Kind::Element(element)) = nodes.get_mut(target.id).map(|node| &mut node.kind) else {
            return;
        };
        for attribute in attributes {
            if element.attributes.iter().all(|own| own.name != attribute.name) {
                self.count.set(self.count.get() + 1);
                element.attributes.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = nodes
            .get_mut(node.id)
            .map_or_else(Vec::new, |node| std::mem::take(&mut node.children));
        for child in &children {
            if let Some(child) = nodes.get_mut(*child) {
                child.parent = Some(new_parent.id);
            }
        }
        if let Some(parent) = nodes.get_mut(new_parent.id) {
            parent.children.extend(children);
        }
    }
}
