//! What a document says of itself. No dates and no names of persons: what the template had of them goes.

use std::collections::BTreeMap;

use crate::fault::TemplateFault;
use crate::mark::clean;
use crate::xml::{DECLARATION, Element, append, escaped, parse};

/// The path of the core properties where the template has none.
pub(crate) const CORE: &str = "docProps/core.xml";
/// The path of further properties where the template has none.
pub(crate) const CUSTOM: &str = "docProps/custom.xml";
/// What the core properties are.
pub(crate) const CORE_TYPE: &str = "application/vnd.openxmlformats-package.core-properties+xml";
/// What further properties are.
pub(crate) const CUSTOM_TYPE: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";

/// The namespace of further properties, and of those of programs.
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/";

/// What a document says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Properties {
    /// Its title; the template's own when empty. Readers announce it, so it should say what the document is.
    pub title: String,
    /// Its language as a tag: `en-GB`.
    pub language: String,
    /// A remark: "AI drafted".
    pub description: String,
    /// Who made it, and who its comments are from: a system, not a person.
    pub author: String,
    /// Further properties by name, which flows and document libraries can read.
    pub custom: BTreeMap<String, String>,
}

impl Default for Properties {
    fn default() -> Self {
        Self {
            title: String::new(),
            language: "en-GB".to_owned(),
            description: String::new(),
            author: "Drafting system".to_owned(),
            custom: BTreeMap::new(),
        }
    }
}

impl Properties {
    /// The core properties as a part.
    pub(crate) fn core(&self, template_title: &str) -> String {
        let title = if self.title.is_empty() {
            template_title
        } else {
            &self.title
        };
        let mut out = format!(
            "{DECLARATION}<cp:coreProperties \
             xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        );
        let entries = [
            ("dc:title", title),
            ("dc:creator", &self.author),
            ("dc:description", &self.description),
            ("dc:language", &self.language),
        ];
        for (name, value) in entries.into_iter().filter(|(_, value)| !value.is_empty()) {
            append(
                &mut out,
                format_args!("<{name}>{}</{name}>", escaped(&clean(value))),
            );
        }
        out.push_str("</cp:coreProperties>");
        out
    }

    /// The further properties as a part.
    pub(crate) fn custom(&self) -> String {
        // The set and the first number are those that every program uses for properties that users name.
        const USER_SET: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";
        let mut out = format!(
            "{DECLARATION}<Properties xmlns=\"{OFFICE}custom-properties\" xmlns:vt=\"{OFFICE}docPropsVTypes\">"
        );
        for (id, (name, value)) in (2..).zip(&self.custom) {
            append(
                &mut out,
                format_args!(
                    "<property fmtid=\"{USER_SET}\" pid=\"{id}\" name=\"{}\"><vt:lpwstr>{}</vt:lpwstr></property>",
                    escaped(&clean(name)),
                    escaped(&clean(value))
                ),
            );
        }
        out.push_str("</Properties>");
        out
    }
}

/// The properties of programs, emptied: Word keeps the names of the company and of its manager there.
pub(crate) fn program_properties() -> String {
    format!("{DECLARATION}<Properties xmlns=\"{OFFICE}extended-properties\"></Properties>")
}

/// The title among a template's core properties.
pub(crate) fn title(path: &str, bytes: &[u8]) -> Result<String, TemplateFault> {
    Ok(parse(path, bytes)?
        .child("dc:title")
        .map_or_else(String::new, Element::text))
}
