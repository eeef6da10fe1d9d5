//! The walk over the blocks of an OpenDocument text in reading order.

use drafting::source::{Content, Notice, NoticeKind, Rejection};

use super::changes::Changes;
use super::list::Lists;
use super::styles::{Style, Styles};
use crate::look::{Colour, WHITE};
use crate::story::{Shape, Story};
use crate::xml::{Element, Space};

/// What surrounds the element at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The colour behind it.
    pub(crate) ground: Colour,
    /// In something that is not shown.
    pub(crate) hidden: bool,
    /// In a table of contents.
    pub(crate) contents: bool,
}

impl Place {
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
    pub(crate) story: Story,
    pub(crate) lists: Lists,
    pub(crate) changes: Changes,
    /// The rest of the paragraph at hand is hidden.
    pub(crate) hidden_paragraph: bool,
}

impl<'x> Walk<'x> {
    /// At the beginning of a text.
    pub(crate) fn new(styles: &'x Styles, text: &Element) -> Self {
        Self {
            styles,
            story: Story::default(),
            lists: Lists::default(),
            changes: Changes::of(text),
            hidden_paragraph: false,
        }
    }

    /// The blocks and notices of the text.
    pub(crate) fn read(mut self, text: &Element) -> Result<(Vec<Content>, Vec<Notice>), Rejection> {
        let place = Place {
            ground: WHITE,
            hidden: false,
            contents: false,
        };
        self.blocks(text, place)?;
        for deleted in self.changes.rest() {
            self.story.tell(NoticeKind::TrackedDeletion, &deleted);
        }
        self.story.finish()
    }

    /// Reads the blocks in a body, section, cell, box or note.
    pub(crate) fn blocks(&mut self, parent: &Element, place: Place) -> Result<(), Rejection> {
        parent
            .elements()
            .try_for_each(|element| self.block(element, place))
    }

    fn block(&mut self, element: &Element, place: Place) -> Result<(), Rejection> {
        match (element.space, &*element.name) {
            (Space::OdfText, "p" | "h") => self.paragraph(element, place),
            (Space::OdfText, "list") => self.list(element, place),
            (Space::OdfText, "numbered-paragraph") => self.blocks(element, place),
            (Space::OdfText, "section") => self.blocks(element, section(element, place)),
            (Space::OdfText, "index-body") => self.blocks(
                element,
                Place {
                    contents: true,
                    ..place
                },
            ),
            (Space::OdfText, name) if name.ends_with("-index") || is_index(name) => {
                self.blocks(element, place)
            }
            (Space::OdfText, "change" | "change-start" | "change-end") => {
                self.change(element, place);
                Ok(())
            }
            (Space::OdfTable, "table") => self.table(element, place),
            (Space::OdfDraw, _) => {
                self.drawing(element, place)?;
                self.story.end_paragraph(Shape::default());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn list(&mut self, list: &Element, place: Place) -> Result<(), Rejection> {
        let first = list.elements().next().and_then(|item| item.elements().next());
        let inherited = first.and_then(|paragraph| self.styles.get("paragraph", paragraph).list);
        self.lists.begin(
            list,
            inherited.as_deref().filter(|_| list.any("style-name").is_none()),
        );
        for item in list.elements() {
            if &*item.name == "list-item" {
                self.lists.item(item);
            }
            self.blocks(item, place)?;
        }
        self.lists.end();
        Ok(())
    }

    fn paragraph(&mut self, element: &Element, place: Place) -> Result<(), Rejection> {
        let style = self.styles.get("paragraph", element);
        self.hidden_paragraph = false;
        self.inline(element, place.on(style.ground), &style.face)?;
        self.hidden_paragraph = false;
        let gone = self.story.is_blank() && self.story.has_words();
        let styles = self.styles;
        let item = if gone {
            None
        } else {
            self.lists.next(|name| styles.list(name).cloned())
        };
        self.story.end_paragraph(Shape {
            level: level(element, &style),
            item,
            contents: place.contents || style.contents,
        });
        Ok(())
    }
}

fn level(element: &Element, style: &Style) -> Option<u8> {
    let outline = element
        .any("outline-level")
        .and_then(|level| level.parse::<u8>().ok());
    outline
        .filter(|_| &*element.name == "h")
        .or(style.heading)
        .or((&*element.name == "h").then_some(1))
        .filter(|level| (1..=10).contains(level))
}

fn section(element: &Element, place: Place) -> Place {
    let hidden = match element.any("display") {
        Some("none") => true,
        Some("condition") => element.any("is-hidden") == Some("true"),
        _ => false,
    };
    Place {
        hidden: place.hidden || hidden,
        ..place
    }
}

fn is_index(name: &str) -> bool {
    matches!(name, "table-of-content" | "bibliography" | "index-title")
}
