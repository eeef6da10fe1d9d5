//! Lists of a page: what is printed before each item.

use super::tree::{Element, Id, Tree};
use crate::label::{Item, printed};
use crate::normal;

/// A list that is open.
pub(crate) struct List {
    /// As Word names it; `None` for bullets.
    format: Option<&'static str>,
    next: i64,
    step: i64,
}

impl List {
    /// The list that an element begins; `marks` is what styles say of it.
    pub(crate) fn of(tree: &Tree, id: Id, element: &Element, marks: Option<&str>) -> Self {
        let ordered = element.name() == "ol";
        let styled = marks.and_then(format);
        let format = match (styled, ordered) {
            (Some(styled), _) => Some(styled).filter(|format| *format != "bullet"),
            (None, true) => Some(typed(element.attribute("type"))),
            (None, false) => None,
        };
        let reversed = element.attribute("reversed").is_some();
        let items = || tree.elements(id).filter(|(_, e)| e.name() == "li").count();
        let first = || {
            if reversed {
                i64::try_from(items()).unwrap_or(1)
            } else {
                1
            }
        };
        Self {
            format,
            next: element.number("start").unwrap_or_else(first),
            step: if reversed { -1 } else { 1 },
        }
    }

    /// What stands before its next item.
    pub(crate) fn item(&mut self, element: &Element, depth: usize) -> Item {
        let number = element.number("value").unwrap_or(self.next);
        self.next = number.saturating_add(self.step);
        let label = self.format.map(|format| match u32::try_from(number) {
            Ok(number) => format!("{}.", printed(number, format)),
            Err(_) => format!("{number}."),
        });
        Item {
            label,
            depth: u8::try_from(depth).unwrap_or(u8::MAX),
        }
    }
}

fn typed(kind: Option<&str>) -> &'static str {
    match kind {
        Some("a") => "lowerLetter",
        Some("A") => "upperLetter",
        Some("i") => "lowerRoman",
        Some("I") => "upperRoman",
        _ => "decimal",
    }
}

/// The marks that a style gives.
fn format(marks: &str) -> Option<&'static str> {
    marks.split_whitespace().find_map(|word| {
        Some(match word {
            "decimal" => "decimal",
            "decimal-leading-zero" => "decimalZero",
            "lower-alpha" | "lower-latin" => "lowerLetter",
            "upper-alpha" | "upper-latin" => "upperLetter",
            "lower-roman" => "lowerRoman",
            "upper-roman" => "upperRoman",
            "disc" | "circle" | "square" | "none" => "bullet",
            _ => return None,
        })
    })
}

/// An item as Word saves it: a paragraph whose style names a level, and whose mark is written in it.
pub(crate) fn of_word(tree: &Tree, id: Id, element: &Element) -> Option<Item> {
    let style = element.small("style")?;
    let (_, list) = style.split_once("mso-list:")?;
    let (_, level) = list.split(';').next()?.split_once("level")?;
    let digits = level.split(|c: char| !c.is_ascii_digit()).next()?;
    let level: u8 = digits.parse().ok()?;
    let mark = tree.below(id).find(|id| tree.element(*id).is_some_and(is_mark))?;
    let label = normal::line(&tree.text(mark));
    Some(Item {
        label: Some(label).filter(|label| label.contains(char::is_alphanumeric) && label != "o"),
        depth: level.saturating_sub(1),
    })
}

/// Whether an element holds the mark of an item as Word saves it.
pub(crate) fn is_mark(element: &Element) -> bool {
    element
        .small("style")
        .is_some_and(|style| style.replace(' ', "").contains("mso-list:ignore"))
}
