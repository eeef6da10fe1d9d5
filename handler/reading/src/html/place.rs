//! What surrounds a node of a page, and what its elements and styles change of that.

use drafting::source::NoticeKind;

use super::face::{self, Declared, Display, Size};
use super::tree::Element;
use crate::look::{Colour, Face, WHITE};
use crate::story::{Manner, Track};

/// The size of letters on a page that says nothing of it: 12 points, in half-points.
const PAGE_SIZE: f64 = 24.0;

/// What surrounds the node at hand.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they do not depend on each other")]
pub(crate) struct Place {
    pub(crate) bold: bool,
    /// In something that is never shown.
    pub(crate) gone: bool,
    pub(crate) visible: bool,
    pub(crate) track: Track,
    pub(crate) colour: Colour,
    pub(crate) ground: Colour,
    pub(crate) size: f64,
    pub(crate) keeps_lines: bool,
    pub(crate) contents: bool,
}

impl Place {
    /// Around a page that says nothing.
    pub(crate) const OF_PAGE: Self = Self {
        bold: false,
        gone: false,
        visible: true,
        track: Track::Kept,
        colour: Colour::Auto,
        ground: WHITE,
        size: PAGE_SIZE,
        keeps_lines: false,
        contents: false,
    };
}

/// How text stands in a place.
pub(crate) fn manner(place: Place) -> Manner {
    let face = Face {
        colour: Some(place.colour),
        size: (0..=6).find(|halves| f64::from(*halves) >= place.size.floor()),
        ..Face::default()
    };
    Manner {
        bold: place.bold,
        hidden: place.gone || !place.visible || face.is_unseen(place.ground),
        track: place.track,
    }
}

/// The place inside an element.
pub(crate) fn inside(element: &Element, declared: &Declared, place: Place) -> Place {
    let name = element.name();
    let attribute = |name: &str| element.small(name);
    let ground = attribute("background").map(|_| Colour::Unknown);
    let ground = ground.or_else(|| attribute("bgcolor").as_deref().and_then(face::colour));
    let colour = attribute("color").filter(|_| matches!(name, "font" | "basefont"));
    let colour = colour.or_else(|| attribute("text").filter(|_| name == "body"));
    let struck = declared.strike || matches!(name, "del" | "s" | "strike");
    let turned = name == "bdo" && attribute("dir").as_deref() == Some("rtl");
    let hidden = element.attribute("hidden").is_some() && declared.display.is_none();
    let closed = matches!(name, "noscript" | "dialog") && element.attribute("open").is_none();
    let bold = match name {
        "b" | "strong" | "th" => Some(true),
        _ => None,
    };
    Place {
        bold: declared.bold.or(bold).unwrap_or(place.bold),
        gone: place.gone
            || hidden
            || closed
            || turned
            || declared.display == Some(Display::None)
            || declared.is_gone(),
        visible: declared.visible.unwrap_or(place.visible),
        track: match (struck, name, place.track) {
            (true, ..) | (_, _, Track::Deleted) => Track::Deleted,
            (_, "ins", _) => Track::Inserted,
            (_, _, track) => track,
        },
        colour: declared
            .colour
            .or_else(|| colour.as_deref().and_then(face::colour))
            .unwrap_or(place.colour),
        ground: declared.ground.or(ground).unwrap_or(place.ground),
        size: match declared.size {
            Some(Size::Fixed(size)) => size,
            Some(Size::Share(share)) => place.size * share,
            Some(Size::OfPage(share)) => PAGE_SIZE * share,
            None => place.size,
        },
        keeps_lines: declared
            .keeps_lines
            .unwrap_or(place.keeps_lines || matches!(name, "pre" | "textarea" | "listing" | "xmp")),
        contents: place.contents || is_contents(element),
    }
}

fn is_contents(element: &Element) -> bool {
    let id = element.attribute("id").unwrap_or("");
    id.starts_with("Table of Contents") || element.classes().any(|class| class.starts_with("MsoToc"))
}

pub(crate) fn is_comment(element: &Element) -> bool {
    style_has(element, "mso-element:comment") && !style_has(element, "mso-element:comment-list")
}

pub(crate) fn style_has(element: &Element, what: &str) -> bool {
    let style = element.small("style").map(|style| style.replace(' ', "") + ";");
    style.is_some_and(|style| style.contains(what))
}

pub(crate) fn level(heading: &Element) -> Option<u8> {
    heading.name().strip_prefix('h')?.parse().ok()
}

/// What is not read but told of. A picture of one point is a mark of a mail program.
pub(crate) fn unread(element: &Element) -> Option<NoticeKind> {
    let point = |name| element.number(name).is_some_and(|size| size <= 1);
    match element.name() {
        "img" | "image" if point("width") && point("height") => None,
        "img" | "image" | "svg" | "canvas" | "picture" => Some(NoticeKind::Picture),
        "object" | "embed" | "applet" | "iframe" | "frame" | "video" | "audio" => {
            Some(NoticeKind::EmbeddedObject)
        }
        _ => None,
    }
}

/// Whether an element begins and ends a paragraph.
pub(crate) fn is_block(name: &str, display: Option<Display>) -> bool {
    const BLOCKS: [&str; 36] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "head",
        "header",
        "hgroup",
        "html",
        "legend",
        "listing",
        "main",
        "nav",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "textarea",
        "xmp",
        "noscript",
    ];
    BLOCKS.contains(&name) && display != Some(Display::Inline) || display == Some(Display::Block)
}
