//! The walk over a document's blocks in reading order.

use std::collections::{HashMap, HashSet};

use drafting::source::{Content, Notice, NoticeKind, Rejection};

use super::by_id;
use super::numbering::Numbering;
use super::run::Field;
use super::styles::Styles;
use crate::block::typed;
use crate::look::Colour;
pub(crate) use crate::story::Track;
use crate::xml::{Element, Space};
use crate::{NOTICE_CHARS, normal};

/// Which kind of note, and its id.
pub(crate) type NoteId = (NoteKind, String);

/// Notes stand at the foot of a page or at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NoteKind {
    Footnote,
    Endnote,
}

/// The footnotes and endnotes of a file.
pub(crate) struct Notes<'x> {
    footnotes: HashMap<&'x str, &'x Element>,
    endnotes: HashMap<&'x str, &'x Element>,
}

impl<'x> Notes<'x> {
    /// The notes of two parts.
    pub(crate) fn of(footnotes: Option<&'x Element>, endnotes: Option<&'x Element>) -> Self {
        Self {
            footnotes: by_id(footnotes, "footnote"),
            endnotes: by_id(endnotes, "endnote"),
        }
    }

    fn get(&self, (kind, id): &NoteId) -> Option<&'x Element> {
        let notes = match kind {
            NoteKind::Footnote => &self.footnotes,
            NoteKind::Endnote => &self.endnotes,
        };
        notes.get(id.as_str()).copied()
    }
}

/// What surrounds the element at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The colour behind it.
    pub(crate) ground: Colour,
    /// In something that is not shown.
    pub(crate) hidden: bool,
    pub(crate) track: Track,
}

impl Place {
    /// The place of the content of a tracked change (or of anything else, which changes nothing).
    pub(crate) fn inside(self, element: &Element) -> Self {
        let track = match (&*element.name, self.track) {
            ("del" | "moveFrom", _) | (_, Track::Deleted) => Track::Deleted,
            ("ins" | "moveTo", _) => Track::Inserted,
            (_, track) => track,
        };
        // Letters in reversed order are read from behind.
        let turned = element.is("bdo") && element.attribute("val") == Some("rtl");
        Self {
            track,
            hidden: self.hidden || turned,
            ..self
        }
    }

    /// The same on another ground, if there is one.
    pub(crate) fn on(self, ground: Option<Colour>) -> Self {
        Self {
            ground: ground.unwrap_or(self.ground),
            ..self
        }
    }
}

/// The state of a walk.
pub(crate) struct Walk<'x> {
    pub(crate) styles: &'x Styles,
    pub(crate) numbering: Numbering,
    notes: Notes<'x>,
    /// Notes that were referred to and are still to be read.
    pub(crate) waiting: Vec<NoteId>,
    /// How many notes of each kind were read, by their ids.
    read: HashSet<NoteId>,
    /// The fields that are open; they may span paragraphs.
    pub(crate) fields: Vec<Field>,
    /// Table cells so far, padding included.
    pub(crate) cells: usize,
    /// What is told of the file.
    pub(crate) notices: Vec<Notice>,
}

impl<'x> Walk<'x> {
    /// At the beginning.
    pub(crate) fn new(styles: &'x Styles, numbering: Numbering, notes: Notes<'x>) -> Self {
        Self {
            styles,
            numbering,
            notes,
            waiting: Vec::new(),
            read: HashSet::new(),
            fields: Vec::new(),
            cells: 0,
            notices: Vec::new(),
        }
    }

    /// The blocks of the body. A note follows the block that refers to it, so that it stands under the heading
    /// that it belongs to.
    pub(crate) fn body(&mut self, body: &Element, ground: Colour) -> Result<Vec<Content>, Rejection> {
        let place = Place {
            ground,
            hidden: false,
            track: Track::Kept,
        };
        let mut out = Vec::new();
        for element in body.elements() {
            self.block(element, place, &mut out)?;
            while let Some(id) = (!self.waiting.is_empty()).then(|| self.waiting.remove(0)) {
                self.note(&id, place, &mut out)?;
            }
        }
        Ok(out.into_iter().map(typed).collect())
    }

    fn note(&mut self, id: &NoteId, place: Place, out: &mut Vec<Content>) -> Result<(), Rejection> {
        let Some(note) = self.notes.get(id).filter(|_| self.read.insert(id.clone())) else {
            return Ok(());
        };
        let count = self.read.iter().filter(|(kind, _)| *kind == id.0).count();
        let name = match id.0 {
            NoteKind::Footnote => "footnote",
            NoteKind::Endnote => "endnote",
        };
        let (text, bold) = crate::table::flat(&self.blocks(note, place)?);
        if !text.is_empty() {
            out.push(Content::ListItem {
                label: Some(format!("{name} {count}")),
                depth: 0,
                text,
                bold,
            });
        }
        Ok(())
    }

    /// The blocks in a body, cell, text box or note.
    pub(crate) fn blocks(&mut self, parent: &Element, place: Place) -> Result<Vec<Content>, Rejection> {
        let mut out = Vec::new();
        for element in parent.elements() {
            self.block(element, place, &mut out)?;
        }
        Ok(out)
    }

    fn block(&mut self, element: &Element, place: Place, out: &mut Vec<Content>) -> Result<(), Rejection> {
        match (element.space, &*element.name) {
            (Space::Word, "p") => self.paragraph(element, place, out)?,
            (Space::Word, "tbl") => self.table(element, place, out)?,
            (Space::Word, "altChunk" | "subDoc") => self.notice(NoticeKind::EmbeddedObject, ""),
            _ => {
                self.prompt(element);
                if let Some(inner) = inner(element) {
                    out.extend(self.blocks(inner, place.inside(element))?);
                }
            }
        }
        Ok(())
    }

    /// Tells of the prompt of an empty form field, unless it only says what to do there: a program may have filled
    /// the field without saying so.
    pub(crate) fn prompt(&mut self, element: &Element) {
        const ASKING: [&str; 8] = [
            "click", "tap", "enter", "choose", "select", "type", "insert", "add",
        ];
        if !element.is("sdt") || inner(element).is_some() {
            return;
        }
        let mut text = String::new();
        if let Some(content) = element.child("sdtContent") {
            all_text(content, &mut text);
        }
        let text = normal::line(&text);
        let small = text.to_lowercase();
        let asks = small
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| ASKING.contains(&word));
        if !text.is_empty() && !asks {
            self.notice(NoticeKind::HiddenText, &text);
        }
    }

    /// Tells of something; `text` may be empty.
    pub(crate) fn notice(&mut self, kind: NoticeKind, text: &str) {
        let text: String = text.chars().take(NOTICE_CHARS).collect();
        self.notices.push(Notice {
            kind,
            page: None,
            text: (!text.is_empty()).then_some(text),
        });
    }

    /// Tells of the comments.
    pub(crate) fn comments(&mut self, root: &Element) {
        for comment in root.elements().filter(|e| e.is("comment")) {
            let mut text = String::new();
            all_text(comment, &mut text);
            self.notice(NoticeKind::Comment, &normal::line(&text));
        }
    }
}

/// What stands in an element that only wraps others: a content control, a tracked change, one of alternatives.
/// `None` for anything that is no wrapper, and for the prompt of an empty form field.
pub(crate) fn inner(element: &Element) -> Option<&Element> {
    match (element.space, &*element.name) {
        (Space::Word, "sdt") => {
            let prompt = element
                .child("sdtPr")
                .and_then(|properties| properties.switch("showingPlcHdr"));
            element.child("sdtContent").filter(|_| prompt != Some(true))
        }
        (
            Space::Word,
            "ins" | "del" | "moveTo" | "moveFrom" | "customXml" | "smartTag" | "hyperlink" | "fldSimple"
            | "dir" | "bdo",
        ) => Some(element),
        (Space::Compatibility, "AlternateContent") => alternative(element),
        _ => None,
    }
}

/// The one of several alternatives that Word of today shows.
fn alternative(element: &Element) -> Option<&Element> {
    let mut alternatives = element.elements().filter(|e| e.space == Space::Compatibility);
    alternatives.find(|e| match &*e.name {
        "Choice" => e.understood,
        name => name == "Fallback",
    })
}

/// All text in an element, paragraphs parted by spaces.
fn all_text(element: &Element, out: &mut String) {
    for child in element.elements() {
        match &*child.name {
            "t" => out.extend(child.text()),
            "tab" | "br" | "cr" => out.push(' '),
            _ => all_text(child, out),
        }
    }
    if element.is("p") {
        out.push(' ');
    }
}
