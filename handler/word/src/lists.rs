//! Numbers and bullets of the lists that values bring.

use crate::content::Item;
use crate::xml::{DECLARATION, Element, append};

/// How far each level of a list is indented, in twentieths of a point.
const STEP: usize = 360;
/// The deepest level that Word has; deeper items stand there.
pub(crate) const DEEPEST: usize = 8;

/// How far the words of a level are indented, in twentieths of a point.
pub(crate) fn indent(level: usize) -> usize {
    STEP * (level.min(DEEPEST) + 1)
}

/// The template's own numbering.
#[derive(Clone, Debug)]
pub(crate) struct Numbering {
    start: String,
    /// Definitions, which the schema puts first.
    definitions: String,
    /// Lists, which refer to them.
    lists: String,
    /// What comes after the lists.
    rest: String,
    next_definition: usize,
    next_list: usize,
}

impl Numbering {
    /// Takes a numbering part apart.
    pub(crate) fn new(root: &Element) -> Self {
        let mut numbering = Self {
            start: String::new(),
            definitions: String::new(),
            lists: String::new(),
            rest: String::new(),
            next_definition: next(root, "w:abstractNum", "w:abstractNumId"),
            next_list: next(root, "w:num", "w:numId").max(1),
        };
        root.write_start(&mut numbering.start);
        for child in root.elements() {
            match child.name.as_str() {
                "w:numPicBullet" | "w:abstractNum" => child.write(&mut numbering.definitions),
                "w:num" => child.write(&mut numbering.lists),
                _ => child.write(&mut numbering.rest),
            }
        }
        numbering
    }
}

fn next(root: &Element, name: &str, attribute: &str) -> usize {
    let entries = root.elements().filter(|element| element.name == name);
    entries
        .filter_map(|element| element.attribute(attribute)?.parse::<usize>().ok())
        .max()
        .map_or(0, |most| most + 1)
}

/// The lists that a document's values have brought so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    /// The level and first number of each, `None` for bullets.
    begun: Vec<(usize, Option<u64>)>,
}

impl Lists {
    /// Begins a list and gives its number in the document. Each has its own, so that numbers begin anew.
    pub(crate) fn begin(&mut self, numbering: &Numbering, item: Item) -> usize {
        self.begun.push((item.level.min(DEEPEST), item.start));
        numbering.next_list + self.begun.len() - 1
    }

    /// The numbering part with these lists; `None` when there are none.
    pub(crate) fn part(&self, numbering: &Numbering) -> Option<String> {
        if self.begun.is_empty() {
            return None;
        }
        let bullets = numbering.next_definition;
        let mut out = [DECLARATION, &numbering.start, &numbering.definitions].concat();
        out.push_str(&definition(bullets, "bullet"));
        out.push_str(&definition(bullets + 1, "decimal"));
        out.push_str(&numbering.lists);
        for (at, (level, start)) in self.begun.iter().enumerate() {
            let definition = if start.is_some() { bullets + 1 } else { bullets };
            out.push_str(&list(numbering.next_list + at, definition, *level, *start));
        }
        out.push_str(&numbering.rest);
        out.push_str("</w:numbering>");
        Some(out)
    }
}

/// The definition of a kind of list.
fn definition(id: usize, kind: &str) -> String {
    const BULLETS: [char; 3] = ['\u{2022}', '\u{2013}', '\u{25aa}'];
    let mut out =
        format!("<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"hybridMultilevel\"/>");
    for (level, bullet) in (0..=DEEPEST).zip(BULLETS.iter().cycle()) {
        let (format, text) = match (kind, level % 3) {
            ("bullet", _) => ("bullet", bullet.to_string()),
            (_, 0) => ("decimal", format!("%{}.", level + 1)),
            (_, 1) => ("lowerLetter", format!("%{})", level + 1)),
            _ => ("lowerRoman", format!("%{}.", level + 1)),
        };
        let indent = indent(level);
        append(
            &mut out,
            format_args!(
                "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
             <w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/>\
             <w:pPr><w:ind w:left=\"{indent}\" w:hanging=\"{STEP}\"/></w:pPr></w:lvl>"
            ),
        );
    }
    out.push_str("</w:abstractNum>");
    out
}

/// A list; a numbered one says where it begins.
fn list(id: usize, definition: usize, level: usize, start: Option<u64>) -> String {
    let begins = start.map_or_else(String::new, |start| {
        let start = start.min(32_767);
        format!("<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride>")
    });
    format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{definition}\"/>{begins}</w:num>")
}
