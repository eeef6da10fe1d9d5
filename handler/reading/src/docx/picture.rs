//! Drawings: text boxes are read, pictures and embedded objects are told of.

use drafting::source::{NoticeKind, Rejection};

use super::run::Gathered;
use super::walk::{Place, Track, Walk, inner};
use crate::look::{Colour, WHITE, hex};
use crate::xml::{Element, Space};

impl Walk<'_> {
    /// Reads a drawing, an older picture or an embedded object.
    pub(crate) fn picture(
        &mut self,
        element: &Element,
        place: Place,
        out: &mut Gathered,
    ) -> Result<(), Rejection> {
        if element.is("object") {
            self.tell_shown(NoticeKind::EmbeddedObject, place);
            return Ok(());
        }
        let place = surface(element, place);
        for child in element.elements() {
            match (child.space, &*child.name) {
                (Space::Word, "txbxContent") => {
                    let blocks = self.blocks(child, place)?;
                    out.boxes.extend(blocks);
                }
                (Space::Drawing, "blip") | (Space::Vml, "imagedata") => {
                    self.tell_shown(NoticeKind::Picture, place);
                }
                (Space::Drawing, "graphicData") if is_chart(child) => {
                    self.tell_shown(NoticeKind::Picture, place);
                }
                (Space::Office, "OLEObject") => self.tell_shown(NoticeKind::EmbeddedObject, place),
                (Space::Compatibility, _) => {
                    if let Some(inner) = inner(child) {
                        self.picture(inner, place, out)?;
                    }
                }
                _ => self.picture(child, place, out)?,
            }
        }
        Ok(())
    }

    fn tell_shown(&mut self, kind: NoticeKind, place: Place) {
        if !place.hidden && place.track != Track::Deleted {
            self.notice(kind, "");
        }
    }
}

/// Charts and diagrams have their words in parts of their own, which are not read.
fn is_chart(data: &Element) -> bool {
    data.attribute("uri")
        .is_some_and(|uri| uri.ends_with("/chart") || uri.ends_with("/diagram"))
}

/// The place inside a shape: its fill is the ground of its text.
fn surface(element: &Element, place: Place) -> Place {
    match (element.space, &*element.name) {
        (Space::Shape, "wsp") => place.on(Some(fill(element))),
        (Space::Vml, "shape" | "rect" | "roundrect" | "oval") => {
            let hidden = element
                .attribute("style")
                .is_some_and(|style| style.contains("visibility:hidden"));
            Place {
                hidden: place.hidden || hidden,
                ..place.on(Some(older_fill(element)))
            }
        }
        (Space::Drawing, "anchor" | "inline") => {
            let frame = element.elements().find(|e| &*e.name == "docPr");
            let hidden = frame.is_some_and(|e| matches!(e.attribute("hidden"), Some("1" | "true")));
            Place {
                hidden: place.hidden || hidden,
                ..place
            }
        }
        _ => place,
    }
}

fn fill(shape: &Element) -> Colour {
    let named = |name: &str| shape.elements().find(|e| &*e.name == name);
    let own = named("spPr").and_then(|p| p.elements().find(|e| e.name.ends_with("Fill")));
    if let Some(own) = own {
        return match &*own.name {
            "noFill" => WHITE,
            "solidFill" => own
                .elements()
                .next()
                .and_then(|e| e.attribute("val"))
                .map_or(Colour::Unknown, hex),
            _ => Colour::Unknown,
        };
    }
    let styled = named("style").and_then(|s| s.elements().find(|e| &*e.name == "fillRef"));
    match styled.and_then(|e| e.attribute("idx")) {
        None | Some("0") => WHITE,
        Some(_) => Colour::Unknown,
    }
}

fn older_fill(shape: &Element) -> Colour {
    if matches!(shape.attribute("filled"), Some("f" | "false")) {
        return WHITE;
    }
    if shape
        .elements()
        .any(|e| e.space == Space::Vml && &*e.name == "fill" && e.attribute("type").is_some())
    {
        return Colour::Unknown;
    }
    shape.attribute("fillcolor").map_or(WHITE, hex)
}
