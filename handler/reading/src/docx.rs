//! Word files: Office Open XML, transitional and strict.
//!
//! What a person sees in Word is text; what Word keeps beside it (deleted, struck and hidden text, comments, prompts
//! of empty fields) is told in notices and never becomes text. Not seen through: text boxes placed off the page, and
//! text below a picture. Headers and footers repeat on every page and are left out. Nothing outside the
//! archive is ever opened.

use std::collections::HashMap;

use drafting::source::{Format, Reading, Rejection};

use crate::kind::unsupported;
use crate::look::{self, Colour};
use crate::package::{Package, Relation};
use crate::xml::Element;

mod format;
mod numbering;
mod paragraph;
mod picture;
mod run;
mod styles;
mod symbol;
mod table;
mod walk;

use numbering::Numbering;
use styles::Styles;
use walk::{Notes, Walk};

/// Reads a zip archive that should be a DOCX.
pub(crate) fn read(mut package: Package<'_>) -> Result<Reading, Rejection> {
    let name = main_part(&mut package)?;
    let Some(root) = package.xml(&name)? else {
        return Err(unsupported(other(&package)?));
    };
    let Some(body) = root.child("body").filter(|_| root.is("document")) else {
        return Err(unsupported(other(&package)?));
    };
    let relations = package.relations(&name)?;
    let mut part = |kind: &str| related(&mut package, &relations, kind);
    let styles = part("styles")?.map_or_else(Styles::default, |root| Styles::of(&root));
    let list_of_style = |id: &str| styles.get(id)?.list.list;
    let numbering =
        part("numbering")?.map_or_else(Numbering::default, |root| Numbering::of(&root, list_of_style));
    let (footnotes, endnotes) = (part("footnotes")?, part("endnotes")?);
    let comments = part("comments")?;
    let notes = Notes::of(footnotes.as_ref(), endnotes.as_ref());
    let mut walk = Walk::new(&styles, numbering, notes);
    let contents = walk.body(body, page_ground(&root))?;
    if let Some(root) = comments {
        walk.comments(&root);
    }
    Ok(crate::without_pages(Format::Docx, contents, walk.notices))
}

/// The name of the part that the archive calls its document.
fn main_part(package: &mut Package<'_>) -> Result<String, Rejection> {
    let relations = package.relations("")?;
    let main = relations
        .into_iter()
        .find(|relation| relation.kind == "officeDocument");
    Ok(main.map_or_else(|| "word/document.xml".to_owned(), |relation| relation.target))
}

fn related(
    package: &mut Package<'_>,
    relations: &[Relation],
    kind: &str,
) -> Result<Option<Element>, Rejection> {
    match relations.iter().find(|relation| relation.kind == kind) {
        Some(relation) => package.xml(&relation.target),
        None => Ok(None),
    }
}

/// What an archive is that is no DOCX.
fn other(package: &Package<'_>) -> Result<&'static str, Rejection> {
    if package.has_under("xl/") {
        return Ok("an Excel file");
    }
    if package.has_under("ppt/") {
        return Ok("a PowerPoint file");
    }
    if package.has("mimetype") {
        return Ok("an e-book or a ZIP archive");
    }
    if package.has_under("word/") {
        return Err(Rejection::Damaged);
    }
    Ok("a ZIP archive")
}

/// The colour of the page itself.
fn page_ground(root: &Element) -> Colour {
    let background = root
        .child("background")
        .and_then(|background| background.attribute("color"));
    background.map_or(look::WHITE, look::hex)
}

/// Notes and comments by id.
fn by_id<'x>(root: Option<&'x Element>, name: &str) -> HashMap<&'x str, &'x Element> {
    let elements = root
        .into_iter()
        .flat_map(Element::elements)
        .filter(|e| e.is(name));
    elements.filter_map(|e| Some((e.attribute("id")?, e))).collect()
}
