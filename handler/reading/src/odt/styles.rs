//! The styles of an OpenDocument file: what each says of headings, looks and grounds once its ancestors are asked.

use std::collections::HashMap;

use crate::block::named_heading;
use crate::look::{Colour, Face, WHITE, hex};
use crate::odt::list::{Levels, levels};
use crate::xml::Element;

/// Ancestors of a style that are followed; also what stops a circle.
const MOST_ANCESTORS: usize = 20;

/// A style with what it inherits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Style {
    /// The level of heading, from 1, that its name stands for.
    pub(crate) heading: Option<u8>,
    /// A line of a table of contents.
    pub(crate) contents: bool,
    pub(crate) face: Face,
    /// The ground of its paragraphs, cells, rows, tables or shapes.
    pub(crate) ground: Option<Colour>,
    /// The list style of its paragraphs.
    pub(crate) list: Option<String>,
}

/// All styles of a file, by family and name.
#[derive(Default)]
pub(crate) struct Styles {
    by_name: HashMap<(String, String), Style>,
    defaults: HashMap<String, Style>,
    lists: HashMap<String, Levels>,
}

impl Styles {
    /// The styles of a file's groups of styles; later ones replace earlier ones.
    pub(crate) fn of(groups: &[&Element]) -> Self {
        let all = || groups.iter().flat_map(|group| group.elements());
        let elements: HashMap<(&str, &str), &Element> = all()
            .filter(|e| &*e.name == "style")
            .filter_map(|e| Some(((e.any("family")?, e.any("name")?), e)))
            .collect();
        let owned = |(family, name): (&str, &str)| (family.to_owned(), name.to_owned());
        let defaults = all().filter(|e| &*e.name == "default-style");
        let lists = all().filter(|e| &*e.name == "list-style");
        Self {
            by_name: elements
                .iter()
                .map(|(key, element)| (owned(*key), resolve(element, &elements)))
                .collect(),
            defaults: defaults
                .filter_map(|e| Some((e.any("family")?.to_owned(), own(e))))
                .collect(),
            lists: lists
                .filter_map(|e| Some((e.any("name")?.to_owned(), levels(e))))
                .collect(),
        }
    }

    /// The style that an element of a family names, else the family's default.
    pub(crate) fn get(&self, family: &str, element: &Element) -> Style {
        let named = element
            .any("style-name")
            .and_then(|name| self.by_name.get(&(family.to_owned(), name.to_owned())));
        let default = self.defaults.get(family).cloned().unwrap_or_else(Style::default);
        named.map_or_else(|| default.clone(), |style| inherit(style.clone(), &default))
    }

    /// The levels of a list style.
    pub(crate) fn list(&self, name: &str) -> Option<&Levels> {
        self.lists.get(name)
    }
}

fn resolve(element: &Element, all: &HashMap<(&str, &str), &Element>) -> Style {
    let family = element.any("family").unwrap_or("");
    let mut style = own(element);
    let mut next = element.any("parent-style-name");
    for _ in 0..MOST_ANCESTORS {
        let Some(parent) = next.and_then(|name| all.get(&(family, name))) else {
            break;
        };
        style = inherit(style, &own(parent));
        next = parent.any("parent-style-name");
    }
    style
}

fn inherit(style: Style, parent: &Style) -> Style {
    Style {
        heading: style.heading.or(parent.heading),
        contents: style.contents || parent.contents,
        face: style.face.or(&parent.face),
        ground: style.ground.or(parent.ground),
        list: style.list.or_else(|| parent.list.clone()),
    }
}

/// What a style itself says.
fn own(element: &Element) -> Style {
    let name = element
        .any("name")
        .map_or_else(String::new, |name| name.replace("_20_", " ").to_lowercase());
    let properties = |kind: &str| element.named(kind);
    let backgrounds = [
        "paragraph-properties",
        "table-cell-properties",
        "table-row-properties",
        "table-properties",
    ];
    let ground = backgrounds
        .iter()
        .filter_map(|kind| properties(kind))
        .find_map(background);
    Style {
        heading: named_heading(&name),
        contents: name.starts_with("contents ") && !name.contains("heading"),
        face: properties("text-properties").map_or_else(Face::default, face),
        ground: ground.or_else(|| properties("graphic-properties").and_then(fill)),
        list: element
            .any("list-style-name")
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
    }
}

fn background(properties: &Element) -> Option<Colour> {
    if properties
        .named("background-image")
        .is_some_and(|image| image.any("href").is_some())
    {
        return Some(Colour::Unknown);
    }
    properties
        .any("background-color")
        .filter(|value| *value != "transparent")
        .map(hex)
}

fn fill(properties: &Element) -> Option<Colour> {
    match properties.any("fill") {
        Some("none") => None,
        Some("solid") => Some(properties.any("fill-color").map_or(Colour::Unknown, hex)),
        Some(_) => Some(Colour::Unknown),
        None => background(properties),
    }
}

/// How text looks by its properties.
fn face(properties: &Element) -> Face {
    let is = |name: &str, value: &str| properties.any(name).map(|found| found == value);
    let through = ["text-line-through-style", "text-line-through-type"]
        .iter()
        .find_map(|name| properties.any(name));
    let automatic = is("use-window-font-color", "true") == Some(true);
    let clear = is("opacity", "0%") == Some(true);
    let colour = properties.any("color").map(hex);
    Face {
        bold: properties.any("font-weight").map(is_bold),
        vanish: is("display", "none"),
        strike: through.map(|kind| kind != "none"),
        // LibreOffice writes an automatic colour as a clear one that is not used.
        colour: match (automatic, clear) {
            (true, _) => Some(Colour::Auto),
            (false, true) => Some(WHITE),
            (false, false) => colour,
        },
        ground: background(properties),
        size: properties.any("font-size").and_then(half_points),
        width: properties.any("text-scale").and_then(per_cent),
    }
}

fn is_bold(weight: &str) -> bool {
    weight == "bold" || weight.parse::<u32>().is_ok_and(|weight| weight >= 600)
}

/// A length in half-points; `None` for a share of another size.
fn half_points(length: &str) -> Option<u32> {
    let number = length.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let halves = match length.get(number.len()..)? {
        "pt" => 2.0,
        "in" => 144.0,
        "cm" => 56.69,
        "mm" => 5.669,
        "px" => 1.5,
        _ => return None,
    };
    let size: f64 = number.trim().parse().ok()?;
    // Sizes are compared with a few points only.
    (0..=200)
        .find(|least| f64::from(*least) >= (size * halves).floor())
        .or(Some(200))
}

fn per_cent(share: &str) -> Option<u32> {
    share.strip_suffix('%')?.parse().ok()
}
