//! Word documents from templates.
//!
//! A template is a `.docx` with tags that a person writes in Word: `{{ value }}`, `{% if x %}`, `{%p for x in xs %}`
//! for a whole paragraph, `{%tr .. %}` for a table row, `{%tc .. %}` for a cell. [`Template::open`] checks it once,
//! [`Template::render`] fills it as often as needed and gives the same bytes for the same data. [`build`] makes
//! templates from Rust.
//!
//! What a value says is text, whatever it holds: markup, tags, fields, links and macros in it stay words. Only the
//! template calls for more: `{{ x | markdown }}` for emphasis, paragraphs and lists, `{{ footnote(x) }}`,
//! `{{ x | comment(note) }}`, and `{{ field(key, x) }}` for a content control by which an edited document can be
//! matched back field by field.
//!
//! A template of somebody else's making keeps its own names: `{{ Name of child }}`, merge fields (`MERGEFIELD`) and
//! content controls with a tag are keys like any other. [`Inventory`] lists what a file asks for.
//!
//! ```
//! use serde_json::json;
//! use word::build::{Document, Style};
//!
//! let mut letter = Document::new("Letter");
//! letter.paragraph(Style::Normal, "Dear {{ name }},");
//! letter.each("point in points", |letter| letter.paragraph(Style::ListBullet, "{{ point }}"));
//! let template = word::Template::open(&letter.bytes()?)?;
//! assert!(template.placeholders().contains("points"));
//! let filled = template.render(&json!({"name": "Ash & Co", "points": ["one", "two"]}))?;
//! assert!(filled.undefined.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate reads and writes no files, has no clock, and knows nothing of recipes, drafts or children.

#![forbid(unsafe_code)]

mod banner;
pub mod build;
mod compile;
mod content;
mod controls;
mod engine;
mod fault;
mod fields;
mod inventory;
mod keys;
mod lists;
mod mark;
mod markdown;
mod merge;
mod names;
mod notes;
mod package;
mod pages;
mod press;
mod properties;
mod relations;
mod rows;
mod site;
mod structure;
mod support;
mod tag;
mod template;
mod xml;

pub use banner::Banner;
pub use engine::{Passage, Shown};
pub use fault::{RenderFault, TemplateFault};
pub use inventory::{Entry, Inventory, Place, Sort};
pub use pages::pages;
pub use press::control_tag;
pub use properties::Properties;
pub use template::{Rendered, Template};
