//! Characters that are given by a number in a symbol font.

use crate::symbol::named;
use crate::xml::Element;

/// The character of a `w:sym`; a blank for one that is only an ornament.
pub(crate) fn of(element: &Element) -> String {
    let code = element
        .attribute("char")
        .and_then(|code| u32::from_str_radix(code, 16).ok())
        .unwrap_or(0);
    let font = element.attribute("font").unwrap_or("");
    named(font, code).map_or_else(|| " ".to_owned(), String::from)
}
