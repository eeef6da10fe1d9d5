//! The two Word files of a draft, from the recipe's template.
//!
//! What the template is given:
//!
//! | name | what it is |
//! |---|---|
//! | `title`, `version` | those of the recipe |
//! | `case`, `run`, `date` | the case's reference, the run's id, the day of drafting |
//! | `banner`, `disclosure`, `status` | texts |
//! | `nil`, `closed` | by section id: the sentence of a section without content, of a closed section; else empty |
//! | `documents` | the sources: `letter`, `file`, `kind`, `author`, `date`, `pages`, `state` |
//! | `missing` | sentences about required advice that is absent |
//! | `open_points` | sentences about what is to be decided, asked or put right |
//! | `sign_off` | the lines that the officer signs |
//! | the key of a field with a value | the value, or what the sources say where they differ; empty without any |
//! | the key of a field with statements | `id`, `text`, `marks`, `serves`, `sources` of each |
//! | `sources` | by the key of a field with a value: its citations |
//!
//! Citations are empty in the clean copy; in the cited one they are lines of text, for a footnote. A value carries none
//! of its own: it stands in titles and page headers too, where a citation has no place. `keys` tells what stands at a
//! council's own names, and where a field's name stands by itself.

use std::collections::BTreeSet;

use drafting::check::rules;
use drafting::recipe::{Form, Recipe};
use serde::Serialize;
use serde_json::{Map, Value, json};
use word::{Banner, Properties, Template};

use crate::index::Index;
use crate::open_points::open_points;
use crate::words;
use crate::{RenderFault, Tried};

mod content;
mod keys;
mod sample;

use content::Writer;

/// Which of the two Word files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copy {
    /// Without citations.
    Clean,
    /// With the citations of every statement.
    Cited,
}

/// An entry of `documents`.
#[derive(Serialize)]
struct DocumentEntry<'a> {
    letter: String,
    file: &'a str,
    kind: &'a str,
    author: &'a str,
    date: String,
    pages: String,
    state: String,
}

/// An entry of a field with statements.
#[derive(Serialize)]
struct StatementEntry<'a> {
    id: &'a str,
    text: &'a str,
    marks: &'a [String],
    serves: &'a [String],
    sources: String,
}

impl<'a> StatementEntry<'a> {
    /// The recipe's own sentence, in a field that nothing fills: no statement, and nobody's evidence.
    fn nil(text: &'a str) -> Self {
        Self {
            id: "",
            text,
            marks: &[],
            serves: &[],
            sources: String::new(),
        }
    }
}

/// A copy of the draft.
pub(crate) fn render(index: &Index<'_>, template: &Template, copy: Copy) -> Result<Vec<u8>, RenderFault> {
    let writer = Writer { index, copy };
    let mut data = context(&writer);
    let cited = writer.citations();
    let names = keys::names(&writer, template, &data, &cited);
    data.extend(names.data);
    data.insert("sources".to_owned(), Value::Object(cited));
    let shown_at = banner_names(index.recipe, template);
    let banner = Banner {
        text: &index.recipe.wording.banner,
        names: &shown_at,
    };
    let data = Value::Object(data);
    let rendered = template.render_bannered(&data, &names.shown, &properties(index), Some(banner))?;
    if rendered.undefined.is_empty() {
        Ok(rendered.bytes)
    } else {
        Err(RenderFault::Undefined(rendered.undefined))
    }
}

/// What a template asks for and no draft of the recipe has, and whether it leaves out the banner.
pub(crate) fn tried(recipe: &Recipe, template: &Template) -> Result<Tried, RenderFault> {
    let names = sample::sample(recipe, template);
    let data = Value::Object(names.data);
    let shown_at = banner_names(recipe, template);
    let banner = Banner {
        text: &recipe.wording.banner,
        names: &shown_at,
    };
    let properties = Properties::default();
    let rendered = template.render_bannered(&data, &names.shown, &properties, Some(banner))?;
    Ok(Tried {
        undefined: rendered.undefined,
        without_banner: rendered.banner_added,
    })
}

/// The names at which a template shows the banner: its own, and a council's for it.
fn banner_names(recipe: &Recipe, template: &Template) -> BTreeSet<String> {
    let names = template.placeholders().into_iter();
    names.filter(|name| keys::field(recipe, name) == BANNER).collect()
}

/// The name of the banner in a template.
const BANNER: &str = "banner";

/// What a Word file of this run says of itself.
pub(crate) fn properties(index: &Index<'_>) -> Properties {
    let (recipe, generated) = (index.recipe, index.generated);
    let custom = [
        ("Case", generated.case.id.to_string()),
        ("Drafted by", words::drafter(&generated.drafter)),
        ("Recipe", format!("{} {}", recipe.id, recipe.version)),
        ("Run", generated.run.to_string()),
        ("Status", index.status().headline),
    ];
    Properties {
        title: format!("{}: draft", recipe.title),
        description: "Drafted by software. To be checked, edited and owned by a named officer.".to_owned(),
        custom: custom.map(|(name, value)| (name.to_owned(), value)).into(),
        ..Properties::default()
    }
}

/// What a template is given for a draft, less the citations of values.
fn context(writer: &Writer<'_>) -> Map<String, Value> {
    let index = writer.index;
    let generated = index.generated;
    let mut data = of_recipe(index.recipe);
    let given = [
        ("case", json!(generated.case.id)),
        ("run", json!(generated.run)),
        ("date", json!(words::day(generated.case.today))),
        ("status", json!(index.status().headline)),
        ("nil", json!(writer.nil())),
        ("documents", json!(writer.documents())),
        ("missing", json!(missing(index))),
        ("open_points", json!(open_points(index, writer.copy))),
    ];
    data.extend(given.map(|(name, value)| (name.to_owned(), value)));
    data.extend(writer.fields());
    data
}

/// What a template is given for every draft of a recipe, each field empty.
fn of_recipe(recipe: &Recipe) -> Map<String, Value> {
    let closed: Map<String, Value> = recipe
        .sections
        .iter()
        .map(|section| (section.id.clone(), json!(section.closed.as_deref().unwrap_or(""))))
        .collect();
    let given = [
        ("title", json!(recipe.title)),
        ("version", json!(recipe.version)),
        ("banner", json!(recipe.wording.banner)),
        ("disclosure", json!(recipe.wording.disclosure)),
        ("closed", json!(closed)),
        ("sign_off", json!(recipe.wording.sign_off)),
    ];
    let mut data: Map<String, Value> = given
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
    data.extend(
        recipe
            .fields()
            .map(|(_, field)| (field.key.clone(), empty(&field.form))),
    );
    data
}

fn empty(form: &Form) -> Value {
    if holds_statements(form) {
        json!([])
    } else {
        json!("")
    }
}

fn holds_statements(form: &Form) -> bool {
    match form {
        Form::Passage(_) | Form::List(_) => true,
        Form::Fact { .. } | Form::Facts { .. } | Form::Officer | Form::Index => false,
    }
}

/// The required advice that is absent, as the rule says it.
fn missing(index: &Index<'_>) -> Vec<String> {
    let findings = index.generated.checked.findings().iter();
    let missing = findings.filter(|finding| finding.rule == rules::MISSING_ADVICE.id);
    missing.map(|finding| words::sentence(&finding.message)).collect()
}
