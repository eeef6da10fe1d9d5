//! What Word's properties say of how a run of text looks.

use crate::look::{Colour, Face, WHITE, hex};
use crate::xml::{Element, Space};

impl Face {
    /// What a `w:rPr` says.
    pub(crate) fn of(properties: &Element) -> Self {
        let number = |name| {
            properties
                .value(name)
                .and_then(|value| value.trim_end_matches('%').parse().ok())
        };
        let highlight = properties.value("highlight").and_then(highlight);
        Self {
            bold: properties.switch("b"),
            vanish: properties.switch("vanish"),
            strike: properties
                .switch("strike")
                .or_else(|| properties.switch("dstrike")),
            colour: effect(properties).or_else(|| properties.child("color").map(colour)),
            ground: highlight.or_else(|| properties.child("shd").and_then(shading)),
            size: number("sz"),
            width: number("w"),
        }
    }
}

/// A colour as an element with `w:val` and perhaps a theme's colour, which goes first.
fn colour(element: &Element) -> Colour {
    themed(element, "themeColor", "themeShade", "themeTint")
        .unwrap_or_else(|| element.attribute("val").map_or(Colour::Auto, hex))
}

/// The ground that a `w:shd` gives, `None` when it leaves the ground as it is.
pub(crate) fn shading(element: &Element) -> Option<Colour> {
    if matches!(element.attribute("val"), Some("solid")) {
        return Some(element.attribute("color").map_or(Colour::Unknown, hex));
    }
    let fill = themed(element, "themeFill", "themeFillShade", "themeFillTint")
        .or_else(|| element.attribute("fill").map(hex))?;
    match element.attribute("val") {
        _ if fill == Colour::Auto => None,
        None | Some("clear" | "nil") => Some(fill),
        Some(_) => Some(Colour::Unknown),
    }
}

/// A theme's colour. The first light one is white in nearly every theme, the first dark one black; the others are
/// neither.
fn themed(element: &Element, name: &str, shade: &str, tint: &str) -> Option<Colour> {
    let theme = element.attribute(name)?;
    let whole = |value: Option<&str>| value.is_none_or(|value| value.eq_ignore_ascii_case("ff"));
    let pure = whole(element.attribute(shade)) && whole(element.attribute(tint));
    Some(match theme {
        "background1" | "light1" if pure => WHITE,
        "text1" | "dark1" if pure => Colour::Rgb(0, 0, 0),
        _ => Colour::Unknown,
    })
}

/// A text effect that fills the letters with nothing or with white.
fn effect(properties: &Element) -> Option<Colour> {
    let fill = properties
        .elements()
        .find(|e| e.space == Space::Effects && &*e.name == "textFill")?;
    let kind = fill.elements().next()?;
    match &*kind.name {
        "noFill" => Some(WHITE),
        "solidFill" => kind.elements().next()?.attribute("val").map(hex),
        _ => Some(Colour::Unknown),
    }
}

/// The ground of a text marker; dark and bright ones are never white.
fn highlight(name: &str) -> Option<Colour> {
    match name {
        "none" => None,
        "white" => Some(WHITE),
        "black" => Some(Colour::Rgb(0, 0, 0)),
        "yellow" => Some(Colour::Rgb(255, 255, 0)),
        "red" => Some(Colour::Rgb(255, 0, 0)),
        "blue" => Some(Colour::Rgb(0, 0, 255)),
        _ => Some(Colour::Unknown),
    }
}
