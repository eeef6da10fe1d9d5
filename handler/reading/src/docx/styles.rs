//! The styles of a file: what each says of headings, lists and looks once its ancestors are asked too.

use std::collections::HashMap;

use super::format::shading;
use super::numbering::Use;
use crate::block::named_heading;
use crate::look::{Colour, Face, WHITE};
use crate::xml::Element;

/// Ancestors of a style that are followed; also what stops a circle.
const MOST_ANCESTORS: usize = 20;

/// A style with what it inherits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Style {
    /// Its name in lower case; built-in styles have English names in every language's Word.
    pub(crate) name: String,
    /// The level of heading, from 1, of paragraphs in this style.
    pub(crate) heading: Option<u8>,
    /// The list that its paragraphs are in.
    pub(crate) list: Use,
    /// How its runs look.
    pub(crate) face: Face,
    /// The ground of its paragraphs.
    pub(crate) ground: Option<Colour>,
    /// For tables: whether it may colour the ground of cells.
    pub(crate) shades: bool,
    /// For tables: whether it sets the first row apart.
    pub(crate) first_row: bool,
}

/// All styles of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Styles {
    by_id: HashMap<String, Style>,
    /// The style of paragraphs that name none.
    paragraph: Style,
    /// How runs look when nothing else says.
    pub(crate) defaults: Face,
}

impl Styles {
    /// Reads the part `styles.xml`.
    pub(crate) fn of(root: &Element) -> Self {
        let elements: HashMap<&str, &Element> = root
            .elements()
            .filter(|e| e.is("style"))
            .filter_map(|e| Some((e.attribute("styleId")?, e)))
            .collect();
        let by_id = elements
            .iter()
            .map(|(id, element)| ((*id).to_owned(), resolve(element, &elements)))
            .collect();
        let is_default = |e: &&&Element| {
            e.attribute("type") == Some("paragraph")
                && matches!(e.attribute("default"), Some("1" | "true" | "on"))
        };
        let paragraph = elements.values().find(is_default).map(|e| resolve(e, &elements));
        let defaults = root
            .child("docDefaults")
            .and_then(|e| e.child("rPrDefault")?.child("rPr"));
        Self {
            by_id,
            paragraph: paragraph.unwrap_or_else(Style::default),
            defaults: defaults.map_or_else(Face::default, Face::of),
        }
    }

    /// A style by its id.
    pub(crate) fn get(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }

    /// The style of a paragraph.
    pub(crate) fn of_paragraph(&self, id: Option<&str>) -> &Style {
        id.and_then(|id| self.get(id)).unwrap_or(&self.paragraph)
    }
}

fn resolve(element: &Element, all: &HashMap<&str, &Element>) -> Style {
    let mut style = own(element);
    let mut next = element.value("basedOn");
    for _ in 0..MOST_ANCESTORS {
        let Some(parent) = next.and_then(|id| all.get(id)) else {
            break;
        };
        style = inherit(style, &own(parent));
        next = parent.value("basedOn");
    }
    // An outline level of 10, "body text", switches a heading off.
    style.heading = style.heading.filter(|level| *level <= 9);
    style
}

fn inherit(style: Style, parent: &Style) -> Style {
    Style {
        name: style.name,
        heading: style.heading.or(parent.heading),
        list: style.list.or(parent.list),
        face: style.face.or(&parent.face),
        ground: style.ground.or(parent.ground),
        shades: style.shades || parent.shades,
        first_row: style.first_row || parent.first_row,
    }
}

/// What a style itself says.
fn own(element: &Element) -> Style {
    let name = element.value("name").map_or_else(String::new, str::to_lowercase);
    let paragraph = element.child("pPr");
    let outline = paragraph.and_then(outline);
    let parts = || element.elements().filter(|e| e.is("tblStylePr"));
    let marks = |e: &Element| e.child("rPr").is_some_and(|r| r.switch("b") == Some(true)) || shades(e);
    Style {
        heading: named_heading(&name).or(outline),
        list: paragraph.map_or_else(Use::default, Use::of),
        face: element.child("rPr").map_or_else(Face::default, Face::of),
        ground: paragraph.and_then(|p| p.child("shd")).and_then(shading),
        shades: shades(element) || parts().any(shades),
        first_row: parts().any(|part| part.attribute("type") == Some("firstRow") && marks(part)),
        name,
    }
}

/// Whether properties of a table or cell in it give a ground other than white.
fn shades(element: &Element) -> bool {
    let coloured = |e: &Element| {
        e.child("shd")
            .and_then(shading)
            .is_some_and(|ground| ground != WHITE)
    };
    ["tblPr", "trPr", "tcPr", "pPr"]
        .iter()
        .filter_map(|name| element.child(name))
        .any(coloured)
}

/// The outline level that paragraph properties give, from 1; 10 is body text.
pub(crate) fn outline(properties: &Element) -> Option<u8> {
    properties
        .value("outlineLvl")?
        .parse::<u8>()
        .ok()
        .map(|level| level.saturating_add(1))
}
