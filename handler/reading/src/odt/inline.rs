//! What stands inside a paragraph of OpenDocument: text, fields, notes, comments, drawings, changes.

use drafting::source::{NoticeKind, Rejection};

use super::walk::{Place, Walk};
use crate::look::Face;
use crate::story::{Aside, Manner, Track};
use crate::xml::{Element, Node, Space};

/// Blanks of one `text:s`; more say nothing.
const MOST_BLANKS: usize = 20;

impl Walk<'_> {
    /// Reads what stands in a paragraph or a part of it; `face` is how it looks.
    pub(crate) fn inline(&mut self, parent: &Element, place: Place, face: &Face) -> Result<(), Rejection> {
        for node in parent.nodes() {
            match node {
                // Line ends and tabs in the file are blanks; real ones are elements.
                Node::Text(text) => self.say(&text.replace(['\n', '\r', '\t'], " "), place, face),
                Node::Element(element) => self.element(element, place, face)?,
            }
        }
        Ok(())
    }

    fn element(&mut self, element: &Element, place: Place, face: &Face) -> Result<(), Rejection> {
        match (element.space, &*element.name) {
            (Space::OdfText, "span") => {
                let face = self.styles.get("text", element).face.or(face);
                self.inline(element, place, &face)
            }
            (Space::OdfText, "s" | "tab" | "line-break") => {
                self.say(&blank(element), place, face);
                Ok(())
            }
            (Space::OdfText, "note") => self.note(element, place),
            (Space::OdfText, "change" | "change-start" | "change-end") => {
                self.change(element, place);
                Ok(())
            }
            (Space::OdfText, "hidden-text") => {
                let hidden = element.any("is-hidden") != Some("false");
                let text = element.any("string-value").unwrap_or("");
                self.say(text, hide(place, hidden), face);
                Ok(())
            }
            (Space::OdfText, "hidden-paragraph") => {
                self.hidden_paragraph |= element.any("is-hidden") == Some("true");
                Ok(())
            }
            (Space::OdfText, "ruby-text" | "script" | "tracked-changes") => Ok(()),
            (Space::OdfText, _) => self.inline(element, place, face),
            (Space::OdfOffice, "annotation") => self.aside(Aside::Comment, element, place),
            (Space::OdfDraw, _) => self.drawing(element, place),
            (_, "content-control") => {
                let prompt = element.any("showing-place-holder") == Some("true");
                self.inline(element, hide(place, prompt), face)
            }
            (_, "fieldmark") => {
                self.tick(element, place, face);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn say(&mut self, text: &str, place: Place, face: &Face) {
        let struck = face.strike == Some(true) && !text.trim().is_empty();
        let inserted = self.changes.is_inserting();
        let manner = Manner {
            bold: face.bold == Some(true),
            hidden: place.hidden || self.hidden_paragraph || face.is_unseen(place.ground),
            track: match (struck, inserted) {
                (true, _) => Track::Deleted,
                (_, true) => Track::Inserted,
                _ => Track::Kept,
            },
        };
        self.story.say(text, manner);
    }

    /// A mark of a tracked change.
    pub(crate) fn change(&mut self, element: &Element, place: Place) {
        match &*element.name {
            "change-start" => self.changes.start(element),
            "change-end" => self.changes.end(element),
            _ => {
                if let Some(text) = self.changes.deleted(element) {
                    let manner = Manner {
                        hidden: place.hidden,
                        track: Track::Deleted,
                        ..Manner::default()
                    };
                    self.story.say(&text, manner);
                }
            }
        }
    }

    fn note(&mut self, element: &Element, place: Place) -> Result<(), Rejection> {
        let kind = match element.any("note-class") {
            Some("endnote") => Aside::Endnote,
            _ => Aside::Footnote,
        };
        let Some(body) = element.named("note-body") else {
            return Ok(());
        };
        self.aside(kind, body, place)
    }

    fn aside(&mut self, kind: Aside, body: &Element, place: Place) -> Result<(), Rejection> {
        let (lists, hidden) = (self.lists.set_aside(), self.hidden_paragraph);
        self.story.open_aside(kind)?;
        self.blocks(body, place)?;
        self.story.close_aside();
        self.lists.restore(lists);
        self.hidden_paragraph = hidden;
        Ok(())
    }

    /// Reads a frame or a shape. A frame holds one thing, perhaps in several forms of which the first counts.
    pub(crate) fn drawing(&mut self, element: &Element, place: Place) -> Result<(), Rejection> {
        let place = place.on(self.styles.get("graphic", element).ground);
        let told = |walk: &mut Self, kind| {
            if !place.hidden {
                walk.story.tell(kind, "");
            }
            Ok(())
        };
        match &*element.name {
            "frame" => match element.elements().find(|e| e.space == Space::OdfDraw) {
                Some(form) => self.drawing(form, place),
                None => Ok(()),
            },
            "text-box" => self.aside(Aside::Box, element, place),
            "image" => told(self, NoticeKind::Picture),
            "object" | "object-ole" | "plugin" | "applet" | "floating-frame" | "control" => {
                told(self, NoticeKind::EmbeddedObject)
            }
            "g" | "a" => element.elements().try_for_each(|child| match child.space {
                Space::OdfDraw => self.drawing(child, place),
                _ => Ok(()),
            }),
            _ if element.elements().any(|e| e.space == Space::OdfText) => {
                self.aside(Aside::Box, element, place)
            }
            _ => Ok(()),
        }
    }

    /// A tick box of a form, which has no text of its own.
    fn tick(&mut self, element: &Element, place: Place, face: &Face) {
        if !element
            .any("type")
            .is_some_and(|kind| kind.ends_with("FORMCHECKBOX"))
        {
            return;
        }
        let ticked = element
            .elements()
            .any(|e| e.any("name") == Some("Checkbox_Checked") && e.any("value") == Some("true"));
        self.say(if ticked { "\u{2612}" } else { "\u{2610}" }, place, face);
    }
}

fn blank(element: &Element) -> String {
    match &*element.name {
        "tab" => "\t".to_owned(),
        "line-break" => "\n".to_owned(),
        _ => {
            let count = element.any("c").and_then(|count| count.parse::<usize>().ok());
            " ".repeat(count.unwrap_or(1).min(MOST_BLANKS))
        }
    }
}

fn hide(place: Place, hidden: bool) -> Place {
    Place {
        hidden: place.hidden || hidden,
        ..place
    }
}
