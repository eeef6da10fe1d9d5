//! Word's own content controls, taken for tags: one whose tag or title is a key of the recipe shows that key.
//!
//! Only controls of words are filled, and only those that the caller knows: a control that nobody maps stays for whoever
//! fills it in by hand, as do pictures, check boxes and the like.

use crate::merge::INLINE;
use crate::tag::{Origin, Tag, next_tag, tidy};
use crate::xml::{Element, Node};

/// What makes a control one of something else than words.
const NO_WORDS: [&str; 12] = [
    "w14:checkbox",
    "w:picture",
    "w:docPartObj",
    "w:docPartList",
    "w:equation",
    "w:citation",
    "w:bibliography",
    "w:group",
    "w15:repeatingSection",
    "w15:repeatingSectionItem",
    "w15:webExtensionLinked",
    "w15:webExtensionCreated",
];
/// What a control forgets when it is filled: that it shows a prompt, and the data that would be shown in its place.
const FORGOTTEN: [&str; 4] = [
    "w:showingPlcHdr",
    "w:placeholder",
    "w:dataBinding",
    "w15:dataBinding",
];
/// What a control remembers of an earlier choice.
const REMEMBERED: [&str; 2] = ["w:fullDate", "w:lastValue"];

/// Puts a tag into every control below an element whose key is known.
pub(crate) fn adopt(element: &mut Element, known: &dyn Fn(&str) -> bool) {
    for node in &mut element.children {
        if let Node::Element(child) = node {
            if child.name == "w:sdt" {
                control(child, known);
            }
            adopt(child, known);
        }
    }
}

fn control(control: &mut Element, known: &dyn Fn(&str) -> bool) {
    let Some(properties) = control.child("w:sdtPr") else {
        return;
    };
    if properties
        .elements()
        .any(|kind| NO_WORDS.contains(&kind.name.as_str()))
    {
        return;
    }
    let named = ["w:tag", "w:alias"]
        .into_iter()
        .filter_map(|name| properties.child(name)?.attribute("w:val"));
    let Some(key) = named
        .map(|key| tidy(&key))
        .find(|key| !key.is_empty() && known(key))
    else {
        return;
    };
    let own = properties.child("w:rPr").cloned();
    let filled = control
        .elements()
        .find(|child| child.name == "w:sdtContent")
        .and_then(|content| {
            let style = style(content).or(own);
            filled(content, &Tag::of_key(&key, Origin::Control, style))
        });
    if let Some(filled) = filled {
        for node in &mut control.children {
            match node {
                Node::Element(child) if child.name == "w:sdtContent" => *child = filled.clone(),
                Node::Element(child) if child.name == "w:sdtPr" => forget(child),
                _ => {}
            }
        }
    }
}

fn forget(properties: &mut Element) {
    properties
        .children
        .retain(|node| !matches!(node, Node::Element(child) if FORGOTTEN.contains(&child.name.as_str())));
    properties.drop_attributes(&|key| REMEMBERED.contains(&key));
}

/// The formatting of a control's words, unless it is that of a prompt.
fn style(content: &Element) -> Option<Element> {
    let run = first(content, "w:r")?;
    let style = run.child("w:rPr")?;
    let prompts = |style: &Element| {
        let name = style.child("w:rStyle").and_then(|name| name.attribute("w:val"));
        name.is_some_and(|name| name.to_lowercase().contains("placeholder"))
    };
    (!prompts(style)).then(|| style.clone())
}

fn first<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.elements().find_map(|child| {
        if child.name == name {
            Some(child)
        } else {
            first(child, name)
        }
    })
}

/// A control's content with the tag in the place of its words; `None` where more than words would be lost.
fn filled(content: &Element, tag: &Tag) -> Option<Element> {
    let tag = Node::Tag(tag.clone());
    let mut filled = content.shell();
    let children: Vec<&Element> = content.elements().collect();
    let simple = |child: &&Element| !holds_more(child);
    if !children.iter().all(simple) {
        return None;
    }
    match children.as_slice() {
        [cell] if cell.name == "w:tc" => {
            let mut kept = cell.shell();
            kept.children
                .extend(cell.child("w:tcPr").cloned().map(Node::Element));
            kept.children
                .push(Node::Element(paragraph(cell.child("w:p")?, tag)));
            filled.children.push(Node::Element(kept));
        }
        [first, rest @ ..] if first.name == "w:p" && rest.iter().all(|child| child.name == "w:p") => {
            filled.children.push(Node::Element(paragraph(first, tag)));
        }
        inline if inline.iter().all(|child| is_inline(child)) => filled.children.push(tag),
        _ => return None,
    }
    Some(filled)
}

fn is_inline(child: &Element) -> bool {
    INLINE.contains(&child.name.as_str())
        || matches!(
            child.name.as_str(),
            "w:r" | "w:proofErr" | "w:bookmarkStart" | "w:bookmarkEnd"
        )
}

/// Whether something in it is more than words, or tags of its own.
fn holds_more(element: &Element) -> bool {
    const MORE: [&str; 6] = ["w:sdt", "w:tbl", "w:drawing", "w:pict", "w:object", "w:sectPr"];
    MORE.contains(&element.name.as_str())
        || next_tag(&words(element), 0).is_some()
        || element.children.iter().any(|node| matches!(node, Node::Tag(_)))
        || element.elements().any(holds_more)
}

fn words(element: &Element) -> String {
    let own = if element.name == "w:t" {
        element.text()
    } else {
        String::new()
    };
    element.elements().fold(own, |text, child| text + &words(child))
}

/// A paragraph with nothing in it but a tag.
fn paragraph(template: &Element, tag: Node) -> Element {
    let mut paragraph = template.shell();
    paragraph
        .children
        .extend(template.child("w:pPr").cloned().map(Node::Element));
    paragraph.children.push(tag);
    paragraph
}
