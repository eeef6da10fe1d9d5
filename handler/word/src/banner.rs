//! Words that no document may be without, "DRAFT" for one: looked for where a template shows them, and added where it
//! does not. In doubt they are added: twice is ugly, not at all is wrong.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::RenderFault;
use crate::relations::Relations;
use crate::xml::escaped;

/// Words that a document must show, and the names at which a template shows them.
#[derive(Clone, Copy, Debug)]
pub struct Banner<'a> {
    /// The words.
    pub text: &'a str,
    /// The names that stand for them.
    pub names: &'a BTreeSet<String>,
}

/// Whether an expression shows one of the names, given that it showed anything: `banner`, `banner | upper`.
pub(crate) fn shows(expression: &str, names: &BTreeSet<String>) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let expression = expression.trim();
    let first = expression.split(|c| !word(c)).next().unwrap_or("");
    names.contains(expression) || names.contains(first)
}

/// Adds the banner to a document's parts unless a part that a reader sees shows it: `showing` are the paths of those that
/// do. Says whether it was added.
pub(crate) fn add(
    banner: Banner<'_>,
    showing: &BTreeSet<String>,
    main: &str,
    relations: &Relations,
    parts: &mut BTreeMap<String, String>,
) -> Result<bool, RenderFault> {
    let body = parts.get(main).map_or("", String::as_str);
    let shown_on_pages = default_headers(body, relations)
        .iter()
        .any(|path| showing.contains(path));
    if showing.contains(main) || shown_on_pages {
        return Ok(false);
    }
    let headed = first_page_is_headed(body);
    let paragraph = paragraph(banner.text);
    for path in relations.targets("header") {
        if let Some(header) = parts.get_mut(&path) {
            insert(header, "<w:hdr", &paragraph)?;
        }
    }
    if !headed && let Some(body) = parts.get_mut(main) {
        insert(body, "<w:body", &paragraph)?;
    }
    Ok(true)
}

/// The parts that stand at the head of a section's pages. Headers of first and even pages alone may never be seen.
fn default_headers(body: &str, relations: &Relations) -> Vec<String> {
    let references = body.split("<w:headerReference").skip(1);
    references
        .filter_map(|reference| reference.split('>').next())
        .filter(|reference| reference.contains("w:type=\"default\""))
        .filter_map(|reference| reference.split("r:id=\"").nth(1)?.split('"').next())
        .filter_map(|id| relations.target(id))
        .collect()
}

/// Whether the first page has the header of its section.
fn first_page_is_headed(body: &str) -> bool {
    let first = body
        .split("<w:sectPr")
        .nth(1)
        .and_then(|section| section.split("</w:sectPr>").next());
    first.is_some_and(|section| {
        let mut references = section.split("<w:headerReference").skip(1);
        let is_default = |reference: &str| {
            let element = reference.split('>').next().unwrap_or("");
            element.contains("w:type=\"default\"")
        };
        references.any(is_default) && !section.contains("<w:titlePg")
    })
}

/// Puts a paragraph before all that an element holds.
fn insert(part: &mut String, element: &str, paragraph: &str) -> Result<(), RenderFault> {
    let begin = part.find(element);
    let end = begin.and_then(|begin| Some(begin + part.get(begin..)?.find('>')?));
    let Some(end) = end else {
        return Err(no_place(element));
    };
    let head = part.get(..end).ok_or_else(|| no_place(element))?;
    match head.strip_suffix('/').map(str::len) {
        // An element that holds nothing yet.
        Some(slash) => {
            let name = element.trim_start_matches('<');
            part.replace_range(slash..=end, &format!(">{paragraph}</{name}>"));
        }
        None => part.insert_str(end + 1, paragraph),
    }
    Ok(())
}

fn no_place(element: &str) -> RenderFault {
    RenderFault::Write(format!("no place for a banner in `{element}`"))
}

/// The banner as a paragraph that needs no style of the template's: a box in dark red, contrast 8.9 to 1.
fn paragraph(text: &str) -> String {
    let edges = ["top", "left", "bottom", "right"]
        .map(|side| format!("<w:{side} w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"7A1F1F\"/>"))
        .concat();
    format!(
        "<w:p><w:pPr><w:pBdr>{edges}</w:pBdr><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"FBEFEF\"/>\
         <w:spacing w:before=\"0\" w:after=\"120\"/><w:ind w:left=\"113\" w:right=\"113\" w:firstLine=\"0\"/>\
         <w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val=\"7A1F1F\"/><w:sz w:val=\"19\"/></w:rPr>\
         <w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escaped(text)
    )
}
