//! OpenDocument text, as LibreOffice and other programs write it (ODF 1.3).
//!
//! What a person sees in LibreOffice is text; deleted, struck and hidden text, comments, pictures and embedded
//! objects are told in notices. Headers and footers belong to page styles and are left out. Nothing outside the
//! archive is ever opened, and of the archive only the text and its styles.

use drafting::source::{Format, Reading, Rejection};

use crate::kind::unsupported;
use crate::package::Package;
use crate::xml::{Element, Space};

mod changes;
mod inline;
mod list;
mod styles;
mod table;
mod walk;

use styles::Styles;
use walk::Walk;

/// What follows the family name in the type of an OpenDocument file.
pub(crate) fn subtype(kind: &str) -> Option<&str> {
    kind.trim().strip_prefix("application/vnd.oasis.opendocument.")
}

/// Reads an archive that says it is an OpenDocument file.
pub(crate) fn read(mut package: Package<'_>, subtype: &str) -> Result<Reading, Rejection> {
    if let Some(what) = other(subtype) {
        return Err(unsupported(what));
    }
    // A part that needs a password says so in the manifest, not in the archive's own way.
    let manifest = package.text("META-INF/manifest.xml")?;
    if manifest.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(Rejection::Encrypted);
    }
    let content = package.xml("content.xml")?.ok_or(Rejection::Damaged)?;
    let named = package.xml("styles.xml")?;
    let text = content
        .named("body")
        .and_then(|body| {
            body.elements()
                .find(|e| e.space == Space::OdfOffice && &*e.name == "text")
        })
        .ok_or(Rejection::Damaged)?;
    let groups: Vec<&Element> = [
        named.as_ref().and_then(|root| root.named("styles")),
        content.named("automatic-styles"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let styles = Styles::of(&groups);
    let (blocks, notices) = Walk::new(&styles, text).read(text)?;
    Ok(crate::without_pages(Format::Odt, blocks, notices))
}

/// What an OpenDocument file is that is no text.
fn other(subtype: &str) -> Option<&'static str> {
    match subtype {
        "text" | "text-template" | "text-master" => None,
        kind if kind.starts_with("spreadsheet") => Some("an OpenDocument spreadsheet"),
        kind if kind.starts_with("presentation") => Some("an OpenDocument presentation"),
        _ => Some("an OpenDocument file that holds no text"),
    }
}
