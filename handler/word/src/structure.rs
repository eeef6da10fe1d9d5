//! Gives each statement its place in the tree: `{%p`, `{%tr` and `{%tc` take the place of their paragraph, row or
//! cell, and every block ends in the element in which it begins. What comes out can only make well-formed XML.

use crate::fault::{TemplateFault, excerpt};
use crate::tag::{Block, Effect, Scope, Tag, next_tag};
use crate::xml::{Element, Node};

/// Gives every tag of a part its place.
pub(crate) fn place(part: &str, root: &mut Element) -> Result<(), TemplateFault> {
    let placing = Placing { part };
    placing.refuse_strays(root)?;
    placing.lift(root)?;
    placing.balance(root)?;
    let repeated = repeated_bookmarks(root);
    drop_bookmarks(root, &repeated);
    Ok(())
}

struct Placing<'a> {
    part: &'a str,
}

impl Placing<'_> {
    fn fault(&self, tag: &Tag, reason: &str) -> TemplateFault {
        TemplateFault::Tag {
            part: self.part.to_owned(),
            near: excerpt(&tag.written()),
            reason: reason.to_owned(),
        }
    }

    /// Refuses tags where none are filled: in the codes of fields, in descriptions of pictures, in formulas. Left
    /// alone they would stand in every document.
    fn refuse_strays(&self, element: &Element) -> Result<(), TemplateFault> {
        if matches!(element.name.as_str(), "w:del" | "w:moveFrom") {
            return Ok(());
        }
        let texts = element.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) | Node::Tag(_) => None,
        });
        for text in texts.chain([element.attributes.as_str()]) {
            if let Some(at) = next_tag(text, 0) {
                return Err(TemplateFault::Tag {
                    part: self.part.to_owned(),
                    near: excerpt(text.get(at..).unwrap_or(text)),
                    reason: format!("tags are not filled in `{}`: move it into the text", element.name),
                });
            }
        }
        element.elements().try_for_each(|child| self.refuse_strays(child))
    }

    /// Moves tags up to where the element stands that they take the place of.
    fn lift(&self, element: &mut Element) -> Result<(), TemplateFault> {
        for node in std::mem::take(&mut element.children) {
            let Node::Element(mut child) = node else {
                element.children.push(node);
                continue;
            };
            self.lift(&mut child)?;
            let tags = scope_of(&child.name).map_or_else(Vec::new, |scope| pull(&mut child, scope));
            match self.replace(child, tags)? {
                Replaced::Gone(tags) => element.children.extend(tags),
                Replaced::Wrapped(before, child, after) => {
                    element.children.extend(before);
                    element.children.push(Node::Element(child));
                    element.children.extend(after);
                }
            }
        }
        Ok(())
    }

    /// An element whose only words are its tags goes; one that begins and ends its blocks itself stays inside them.
    fn replace(&self, child: Element, mut tags: Vec<Tag>) -> Result<Replaced, TemplateFault> {
        if tags.is_empty() {
            return Ok(Replaced::Wrapped(Vec::new(), child, Vec::new()));
        }
        if is_blank(&child) {
            return Ok(Replaced::Gone(nodes(tags)));
        }
        let opening = tags
            .iter()
            .take_while(|tag| matches!(tag.effect, Effect::Open(_)))
            .count();
        let after = tags.split_off(opening);
        let closes = after.iter().all(|tag| matches!(tag.effect, Effect::Close(_)));
        if closes && after.len() == opening {
            return Ok(Replaced::Wrapped(nodes(tags), child, nodes(after)));
        }
        match tags.first().or(after.first()) {
            Some(tag) => Err(self.fault(
                tag,
                "other words or objects stand in the same paragraph, row or cell and would be lost: \
                 give the tag one of its own",
            )),
            None => Ok(Replaced::Wrapped(Vec::new(), child, Vec::new())),
        }
    }

    /// Checks that every block ends where it began.
    fn balance(&self, element: &Element) -> Result<(), TemplateFault> {
        let mut open: Vec<(Block, &Tag)> = Vec::new();
        for node in &element.children {
            match node {
                Node::Element(child) => self.balance(child)?,
                Node::Text(_) => {}
                Node::Tag(tag) => self.step(&mut open, tag)?,
            }
        }
        match open.last() {
            Some((_, tag)) => Err(self.fault(tag, NOT_CLOSED)),
            None => Ok(()),
        }
    }

    fn step<'t>(&self, open: &mut Vec<(Block, &'t Tag)>, tag: &'t Tag) -> Result<(), TemplateFault> {
        if tag.scope != Scope::Inline {
            return Err(self.fault(
                tag,
                "the tag stands outside a table or paragraph that it could take the place of",
            ));
        }
        let inside = open.last().map(|(block, _)| *block);
        match tag.effect {
            Effect::Value | Effect::Line | Effect::Note => {}
            Effect::Open(block) => open.push((block, tag)),
            Effect::Else if matches!(inside, Some(Block::For | Block::If)) => {}
            Effect::Elif if inside == Some(Block::If) => {}
            Effect::Close(block) if inside == Some(block) => {
                open.pop();
            }
            Effect::Else | Effect::Elif | Effect::Close(_) => return Err(self.fault(tag, NOT_OPEN)),
        }
        Ok(())
    }
}

const NOT_CLOSED: &str = "the block is not closed in the paragraph, cell or table where it begins: \
     to span paragraphs or rows begin and end it with `{%p` or `{%tr`";
const NOT_OPEN: &str = "no such block is open in this paragraph, cell or table: \
     to span paragraphs or rows begin and end it with `{%p` or `{%tr`";

/// What an element with tags becomes.
enum Replaced {
    Gone(Vec<Node>),
    Wrapped(Vec<Node>, Element, Vec<Node>),
}

/// The tags as nodes in their place.
fn nodes(tags: Vec<Tag>) -> Vec<Node> {
    tags.into_iter()
        .map(|tag| {
            Node::Tag(Tag {
                scope: Scope::Inline,
                ..tag
            })
        })
        .collect()
}

/// The scope of tags that an element answers to.
fn scope_of(name: &str) -> Option<Scope> {
    match name {
        "w:p" => Some(Scope::Paragraph),
        "w:tr" => Some(Scope::Row),
        "w:tc" => Some(Scope::Cell),
        _ => None,
    }
}

/// Takes the tags of a scope out of an element.
fn pull(element: &mut Element, scope: Scope) -> Vec<Tag> {
    let mut tags = Vec::new();
    for node in std::mem::take(&mut element.children) {
        match node {
            Node::Tag(tag) if tag.scope == scope => tags.push(tag),
            Node::Element(mut child) => {
                tags.append(&mut pull(&mut child, scope));
                element.children.push(Node::Element(child));
            }
            other => element.children.push(other),
        }
    }
    tags
}

/// Whether nothing would be lost with an element: no words, no tags, no objects, no end of a section.
fn is_blank(element: &Element) -> bool {
    element.children.iter().all(|node| match node {
        Node::Text(text) => text.trim().is_empty(),
        Node::Tag(tag) => tag.effect == Effect::Note,
        Node::Element(child) => is_layout(child) || (!is_object(child) && is_blank(child)),
    })
}

/// Whether an element only says how things look.
fn is_layout(element: &Element) -> bool {
    match element.name.as_str() {
        "w:pPr" => element.child("w:sectPr").is_none(),
        "w:rPr"
        | "w:trPr"
        | "w:tcPr"
        | "w:tblPr"
        | "w:tblPrEx"
        | "w:tblGrid"
        | "w:sdtPr"
        | "w:proofErr"
        | "w:tab"
        | "w:lastRenderedPageBreak"
        | "w:bookmarkStart"
        | "w:bookmarkEnd" => true,
        "w:br" => element.attribute("w:type").is_none(),
        _ => false,
    }
}

/// Whether an element is more than a container of words.
fn is_object(element: &Element) -> bool {
    const CONTAINERS: [&str; 12] = [
        "w:p",
        "w:r",
        "w:t",
        "w:tc",
        "w:tr",
        "w:tbl",
        "w:hyperlink",
        "w:ins",
        "w:smartTag",
        "w:sdt",
        "w:sdtContent",
        "w:customXml",
    ];
    !CONTAINERS.contains(&element.name.as_str())
}

/// The ids of bookmarks that a loop would repeat: a name can stand only once in a document.
fn repeated_bookmarks(root: &Element) -> Vec<String> {
    let mut ids = Vec::new();
    collect_bookmarks(root, false, &mut ids);
    ids
}

fn collect_bookmarks(element: &Element, repeated: bool, ids: &mut Vec<String>) {
    let mut loops = 0_usize;
    for node in &element.children {
        match node {
            Node::Tag(tag) if tag.effect == Effect::Open(Block::For) => loops += 1,
            Node::Tag(tag) if tag.effect == Effect::Close(Block::For) => loops = loops.saturating_sub(1),
            Node::Element(child) => {
                if (repeated || loops > 0) && is_bookmark(child) {
                    ids.extend(child.attribute("w:id"));
                }
                collect_bookmarks(child, repeated || loops > 0, ids);
            }
            Node::Tag(_) | Node::Text(_) => {}
        }
    }
}

fn is_bookmark(element: &Element) -> bool {
    matches!(element.name.as_str(), "w:bookmarkStart" | "w:bookmarkEnd")
}

fn drop_bookmarks(element: &mut Element, ids: &[String]) {
    let gone =
        |child: &Element| is_bookmark(child) && child.attribute("w:id").is_some_and(|id| ids.contains(&id));
    element
        .children
        .retain(|node| !matches!(node, Node::Element(child) if gone(child)));
    for node in &mut element.children {
        if let Node::Element(child) = node {
            drop_bookmarks(child, ids);
        }
    }
}
