//! What declarations of CSS say of whether text is seen, and how.

use crate::look::{Colour, WHITE, hex};

/// What a set of declarations says; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Declared {
    pub(crate) display: Option<Display>,
    pub(crate) visible: Option<bool>,
    pub(crate) bold: Option<bool>,
    pub(crate) strike: bool,
    pub(crate) colour: Option<Colour>,
    pub(crate) ground: Option<Colour>,
    pub(crate) size: Option<Size>,
    pub(crate) keeps_lines: Option<bool>,
    /// Clear, off the page, cut off, turned round.
    pub(crate) gone: Option<bool>,
    pub(crate) marks: Option<String>,
    cut: Cut,
}

/// What together puts text out of sight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a declaration of its own")]
struct Cut {
    tiny: bool,
    clipped: bool,
    far: bool,
    placed: bool,
    override_order: bool,
    from_right: bool,
}

impl Cut {
    fn or(self, other: Self) -> Self {
        Self {
            tiny: self.tiny || other.tiny,
            clipped: self.clipped || other.clipped,
            far: self.far || other.far,
            placed: self.placed || other.placed,
            override_order: self.override_order || other.override_order,
            from_right: self.from_right || other.from_right,
        }
    }

    fn hides(self) -> bool {
        (self.tiny && self.clipped) || (self.far && self.placed) || (self.override_order && self.from_right)
    }
}

/// How a box is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Display {
    None,
    Block,
    Inline,
}

/// A size of letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Size {
    /// In half-points.
    Fixed(f64),
    /// A share of the size around it.
    Share(f64),
    /// A share of the page's own size.
    OfPage(f64),
}

impl Declared {
    /// The same, where another says nothing.
    pub(crate) fn under(&self, later: &Self) -> Self {
        Self {
            display: later.display.or(self.display),
            visible: later.visible.or(self.visible),
            bold: later.bold.or(self.bold),
            strike: later.strike || self.strike,
            colour: later.colour.or(self.colour),
            ground: later.ground.or(self.ground),
            size: later.size.or(self.size),
            keeps_lines: later.keeps_lines.or(self.keeps_lines),
            gone: later.gone.or(self.gone),
            marks: later.marks.clone().or_else(|| self.marks.clone()),
            cut: later.cut.or(self.cut),
        }
    }

    /// Whether text in it is out of sight.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone == Some(true) || self.cut.hides()
    }

    /// What declarations say: those without and those with `!important`.
    pub(crate) fn parse(text: &str) -> (Self, Self) {
        let (mut normal, mut important) = (Self::default(), Self::default());
        for declaration in text.split(';') {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let name = name.trim().to_ascii_lowercase();
            let value = value.trim().to_ascii_lowercase();
            match value.split_once('!') {
                Some((value, _)) => important.declare(&name, value.trim()),
                None => normal.declare(&name, &value),
            }
        }
        (normal, important)
    }

    fn declare(&mut self, name: &str, value: &str) {
        match name {
            "display" => self.display = display(value),
            "visibility" => self.visible = visibility(value),
            "content-visibility" => self.gone = Some(value == "hidden"),
            "mso-hide" => self.gone = Some(value == "all"),
            "opacity" => self.gone = share(value).map(|share| share < 0.05),
            "font-weight" => self.bold = weight(value),
            "text-decoration" | "text-decoration-line" => self.strike = value.contains("line-through"),
            "color" | "-webkit-text-fill-color" => self.colour = colour(value).or(self.colour),
            "background" | "background-color" | "background-image" => {
                self.ground = background(value).or(self.ground);
            }
            "font-size" => self.size = size(value).or(self.size),
            "font" => self.font(value),
            "white-space" => self.keeps_lines = Some(value.starts_with("pre")),
            "list-style" | "list-style-type" => self.marks = Some(value.to_owned()),
            _ => self.place(name, value),
        }
    }

    fn font(&mut self, value: &str) {
        for word in value.split_whitespace() {
            let first = word.split('/').next().unwrap_or(word);
            match size(first) {
                Some(found) if weight(word).is_none() || word == "0" => self.size = Some(found),
                _ => self.bold = weight(word).or(self.bold),
            }
        }
    }

    fn place(&mut self, name: &str, value: &str) {
        let far = || length(value).is_some_and(|points| points <= -300.0);
        let none = || length(value).is_some_and(|points| points.abs() <= 1.0);
        match name {
            "position" => self.cut.placed |= matches!(value, "absolute" | "fixed" | "relative"),
            "left" | "top" | "right" | "bottom" => self.cut.far |= far(),
            "text-indent" | "margin-left" | "margin-top" | "margin" if far() => self.gone = Some(true),
            "width" | "height" | "max-height" | "max-width" => self.cut.tiny |= none(),
            "overflow" | "overflow-x" | "overflow-y" => {
                self.cut.clipped |= matches!(value, "hidden" | "clip");
            }
            "clip" if value.starts_with("rect(0") || value.starts_with("rect(1px") => self.gone = Some(true),
            "clip-path" if value.contains("inset(50%") || value.contains("inset(100%") => {
                self.gone = Some(true);
            }
            "transform" if value.contains("scale(0)") => self.gone = Some(true),
            "unicode-bidi" => self.cut.override_order |= value.contains("override"),
            "direction" => self.cut.from_right |= value == "rtl",
            _ => {}
        }
    }
}

fn display(value: &str) -> Option<Display> {
    match value {
        "none" => Some(Display::None),
        "inline" | "inline-block" | "inline-flex" | "contents" => Some(Display::Inline),
        "block" | "flex" | "grid" | "list-item" | "table" | "table-row" | "table-cell" | "flow-root" => {
            Some(Display::Block)
        }
        _ => None,
    }
}

fn visibility(value: &str) -> Option<bool> {
    match value {
        "hidden" | "collapse" => Some(false),
        "visible" => Some(true),
        _ => None,
    }
}

fn weight(value: &str) -> Option<bool> {
    match value {
        "bold" | "bolder" => Some(true),
        "normal" | "lighter" => Some(false),
        _ => {
            let weight = value.parse::<u32>().ok();
            weight
                .filter(|weight| (1..=1000).contains(weight))
                .map(|weight| weight >= 600)
        }
    }
}

/// A number or share in per cent, as a part of one.
fn share(value: &str) -> Option<f64> {
    match value.strip_suffix('%') {
        Some(number) => number.trim().parse::<f64>().ok().map(|share| share / 100.0),
        None => value.parse().ok(),
    }
}

fn size(value: &str) -> Option<Size> {
    if let Some(number) = value.strip_suffix("rem") {
        return number.trim().parse().ok().map(Size::OfPage);
    }
    if let Some(number) = value.strip_suffix("em") {
        return number.trim().parse().ok().map(Size::Share);
    }
    if value.ends_with('%') {
        return share(value).map(Size::Share);
    }
    match value {
        "xx-small" | "x-small" | "small" | "medium" | "large" | "x-large" | "xx-large" => {
            Some(Size::OfPage(1.0))
        }
        _ => length(value).map(|points| Size::Fixed(points * 2.0)),
    }
}

/// A length in points.
fn length(value: &str) -> Option<f64> {
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
        .unwrap_or(value.len());
    let number: f64 = value.get(..end)?.parse().ok()?;
    let points = match value.get(end..)?.trim() {
        "pt" => 1.0,
        "px" => 0.75,
        "in" => 72.0,
        "cm" => 28.35,
        "mm" => 2.835,
        "pc" | "em" | "rem" | "ex" | "vw" | "vh" => 12.0,
        "" if number == 0.0 => 1.0,
        _ => return None,
    };
    Some(number * points)
}

/// A colour; one that cannot be seen is white here, as text of no colour shows the page.
pub(crate) fn colour(value: &str) -> Option<Colour> {
    let value = value.trim();
    if let Some(digits) = value.strip_prefix('#') {
        let doubled: String = digits.chars().flat_map(|c| [c, c]).collect();
        return Some(match digits.len() {
            3 | 4 => hex(&doubled),
            _ => hex(digits),
        });
    }
    match value {
        "inherit" | "initial" | "unset" | "currentcolor" | "revert" | "" => None,
        "windowtext" | "auto" | "canvastext" => Some(Colour::Auto),
        "white" | "transparent" | "window" | "snow" | "ivory" | "whitesmoke" | "floralwhite"
        | "ghostwhite" | "mintcream" | "azure" | "canvas" => Some(WHITE),
        "black" => Some(Colour::Rgb(0, 0, 0)),
        "yellow" => Some(Colour::Rgb(255, 255, 0)),
        "red" => Some(Colour::Rgb(255, 0, 0)),
        "blue" => Some(Colour::Rgb(0, 0, 255)),
        _ => Some(function(value).unwrap_or(Colour::Unknown)),
    }
}

/// `rgb(255, 255, 255)`, `rgba(0 0 0 / 0)`, `hsl(0, 0%, 100%)`.
fn function(value: &str) -> Option<Colour> {
    let (name, rest) = value.split_once('(')?;
    let inside = rest.trim_end_matches(')').replace([',', '/'], " ");
    let parts: Vec<&str> = inside.split_whitespace().collect();
    if is_clear(value) {
        return Some(WHITE);
    }
    match (name, parts.as_slice()) {
        ("rgb" | "rgba", [red, green, blue, ..]) => Some(Colour::Rgb(part(red)?, part(green)?, part(blue)?)),
        ("hsl" | "hsla", [_, _, "100%", ..]) => Some(WHITE),
        ("hsl" | "hsla", [_, _, "0%", ..]) => Some(Colour::Rgb(0, 0, 0)),
        _ => None,
    }
}

/// Whether a colour lets everything through.
fn is_clear(value: &str) -> bool {
    let inside = value
        .split_once('(')
        .map_or("", |(_, rest)| rest)
        .replace([',', '/', ')'], " ");
    let alpha = inside.split_whitespace().nth(3).and_then(share);
    alpha.is_some_and(|alpha| alpha < 0.05)
}

fn part(value: &str) -> Option<u8> {
    let number = match value.strip_suffix('%') {
        Some(share) => share.parse::<f64>().ok()? * 2.55,
        None => value.parse().ok()?,
    };
    (0..=255_u8).find(|part| f64::from(*part) >= number.floor())
}

fn background(value: &str) -> Option<Colour> {
    if value.contains("url(") || value.contains("gradient") {
        return Some(Colour::Unknown);
    }
    if value.contains('(') {
        return (!is_clear(value)).then(|| function(value).unwrap_or(Colour::Unknown));
    }
    let words = value.split_whitespace();
    words
        .filter(|word| !matches!(*word, "transparent" | "none"))
        .filter_map(colour)
        .find(|colour| *colour != Colour::Unknown || value.split_whitespace().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(text: &str) -> bool {
        Declared::parse(text).0.is_gone()
    }

    #[test]
    fn out_of_sight() {
        for text in [
            "opacity: 0",
            "opacity:0%",
            "mso-hide: all",
            "position:absolute; left:-9999px",
            "text-indent: -9999px",
            "height:0; overflow:hidden",
            "width:1px;height:1px;overflow:hidden",
            "clip: rect(0, 0, 0, 0)",
            "clip-path: inset(50%)",
            "transform: scale(0)",
            "unicode-bidi:bidi-override; direction:rtl",
        ] {
            assert!(gone(text), "{text}");
        }
        for text in [
            "opacity: 0.8",
            "left:-9999px",
            "text-indent:-18.0pt",
            "margin-left:36pt",
            "height:0",
            "direction:rtl",
            "position:absolute;left:40px",
        ] {
            assert!(!gone(text), "{text}");
        }
    }

    #[test]
    fn colours() {
        for (value, expected) in [
            ("#fff", WHITE),
            ("#FFFFFF", WHITE),
            ("white", WHITE),
            ("rgb(255, 255, 255)", WHITE),
            ("rgba(0,0,0,0)", WHITE),
            ("hsl(0, 0%, 100%)", WHITE),
            ("#1f4e79", Colour::Rgb(0x1f, 0x4e, 0x79)),
            ("windowtext", Colour::Auto),
            ("var(--x)", Colour::Unknown),
        ] {
            assert_eq!(colour(&value.to_ascii_lowercase()), Some(expected), "{value}");
        }
        assert_eq!(background("transparent"), None);
        assert_eq!(background("none"), None);
        assert_eq!(background("#fff url(x.png)"), Some(Colour::Unknown));
    }

    #[test]
    fn sizes() {
        assert_eq!(size("2px"), Some(Size::Fixed(3.0)));
        assert_eq!(size("0"), Some(Size::Fixed(0.0)));
        assert_eq!(size("50%"), Some(Size::Share(0.5)));
        assert_eq!(size("0.1em"), Some(Size::Share(0.1)));
        assert_eq!(size("calc(1px)"), None);
    }
}
