//! What the recipe's Word template is filled with.
//!
//! | name | what it is |
//! |---|---|
//! | `title`, `version` | those of the recipe |
//! | `case`, `run`, `date` | the case's reference, the run's id, the day of drafting |
//! | `banner`, `disclosure`, `status` | texts |
//! | `nil`, `closed` | by section id: the sentence of a section without content, of a closed section; else empty |
//! | `documents` | the sources: `letter`, `file`, `kind`, `author`, `date`, `pages`, `state` |
//! | `missing` | sentences about required advice that is absent |
//! | `open_points` | `kind`, `about`, `to`, `text` of what is to be decided, asked or put right |
//! | `sign_off` | the lines that the officer signs |
//! | the key of a field with a value | the value, or what the sources say where they differ; empty without any |
//! | the key of a field with statements | `id`, `text`, `marks`, `serves`, `sources` of each |
//!
//! `sources` is empty in the clean copy; in the cited copy it holds the citations, one a line, for a footnote.
//! Values carry their citations in brackets there.

use drafting::case::Source;
use drafting::check::rules;
use drafting::draft::{FieldContent, Statement, Support};
use drafting::recipe::{Form, Recipe};
use serde_json::{Map, Value, json};
use word::{Properties, Template};

use crate::RenderFault;
use crate::citation::{Citation, citations};
use crate::index::Index;
use crate::open_points::open_points;
use crate::report::source_state;
use crate::words;

/// Which of the two Word files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copy {
    /// Without citations.
    Clean,
    /// With the citations of every statement.
    Cited,
}

/// The lines that the officer signs.
const SIGN_OFF: [&str; 3] = ["Name of the officer who checked this draft", "Role", "Date and signature"];

/// A copy of the draft.
pub(crate) fn render(index: &Index<'_>, template: &Template, copy: Copy) -> Result<Vec<u8>, RenderFault> {
    let rendered = template.render_as(&context(index, copy), &properties(index))?;
    if rendered.undefined.is_empty() { Ok(rendered.bytes) } else { Err(RenderFault::Undefined(rendered.undefined)) }
}

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
        custom: custom.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ..Properties::default()
    }
}

fn context(index: &Index<'_>, copy: Copy) -> Value {
    let mut data = head(index.recipe);
    let generated = index.generated;
    let drafted = index.sections().flat_map(|(section, _)| &section.fields);
    data.extend(drafted.map(|field| (field.key.clone(), content(index, &field.key, &field.content, copy))));
    data.extend([
        ("case".to_owned(), json!(generated.case.id)),
        ("run".to_owned(), json!(generated.run)),
        ("date".to_owned(), json!(words::day(generated.case.today))),
        ("status".to_owned(), json!(index.status().headline)),
        ("nil".to_owned(), nil(index)),
        ("documents".to_owned(), generated.case.sources.iter().map(|source| document(index, source)).collect()),
        ("missing".to_owned(), missing(index)),
        ("open_points".to_owned(), open_points(index, copy)),
    ]);
    Value::Object(data)
}

/// What every draft of a recipe has, with no statement in any field.
fn head(recipe: &Recipe) -> Map<String, Value> {
    let mut data = Map::new();
    for (_, field) in recipe.fields() {
        data.insert(field.key.clone(), if holds_statements(&field.form) { json!([]) } else { json!("") });
    }
    let closed: Map<String, Value> =
        recipe.sections.iter().map(|section| (section.id.clone(), json!(section.closed.as_deref().unwrap_or("")))).collect();
    let texts = json!({
        "title": recipe.title,
        "version": recipe.version,
        "banner": recipe.wording.banner,
        "disclosure": recipe.wording.disclosure,
        "closed": closed,
        "sign_off": SIGN_OFF,
    });
    if let Value::Object(texts) = texts {
        data.extend(texts);
    }
    data
}

fn holds_statements(form: &Form) -> bool {
    match form {
        Form::Passage(_) | Form::List(_) => true,
        Form::Fact { .. } | Form::Facts { .. } | Form::Officer | Form::Index => false,
    }
}

fn content(index: &Index<'_>, key: &str, content: &FieldContent, copy: Copy) -> Value {
    if index.recipe.field(key).is_some_and(|field| holds_statements(&field.form)) {
        return content.statements().iter().map(|statement| self::statement(index, statement, copy)).collect();
    }
    match content {
        FieldContent::Empty => json!(""),
        FieldContent::Open(values) => json!(open(index, values)),
        FieldContent::Value(value) => json!(self::value(index, value, copy)),
        FieldContent::Statements(values) => {
            json!(values.iter().map(|value| self::value(index, value, copy)).collect::<Vec<_>>().join("\n"))
        }
    }
}

/// What a statement rests on.
fn cited<'a>(index: &Index<'a>, statement: &Statement) -> Vec<Citation<'a>> {
    citations(index, &index.evidence(&statement.support))
}

fn statement(index: &Index<'_>, statement: &Statement, copy: Copy) -> Value {
    let sources = match (copy, &statement.support) {
        (Copy::Clean, _) => String::new(),
        (Copy::Cited, Support::Officer) => OFFICER.to_owned(),
        (Copy::Cited, Support::Claims(_)) => {
            let all: Vec<String> = cited(index, statement).iter().map(ToString::to_string).collect();
            all.join("\n")
        }
    };
    json!({
        "id": statement.id,
        "text": statement.text,
        "marks": statement.marks,
        "serves": statement.serves,
        "sources": sources,
    })
}

const OFFICER: &str = "Entered by the case officer.";

fn value(index: &Index<'_>, value: &Statement, copy: Copy) -> String {
    match (copy, &value.support) {
        (Copy::Clean, _) => value.text.clone(),
        (Copy::Cited, Support::Officer) => format!("{} [case officer]", value.text),
        (Copy::Cited, Support::Claims(_)) => {
            let places: Vec<String> = cited(index, value)
                .iter()
                .map(|citation| format!("{}, {}", citation.source.name, citation.place()))
                .collect();
            format!("{} [{}]", value.text, places.join("; "))
        }
    }
}

/// What stands in a field that was left open. In both copies: nobody may take silence for agreement.
fn open(index: &Index<'_>, values: &[Statement]) -> String {
    let each: Vec<String> = values
        .iter()
        .map(|value| {
            let mut files: Vec<String> =
                cited(index, value).iter().map(|citation| citation.source.name.to_string()).collect();
            files.dedup();
            format!("{} ({})", value.text, files.join(", "))
        })
        .collect();
    format!("Open: sources differ: {}", each.join(" / "))
}

fn nil(index: &Index<'_>) -> Value {
    let sentence = |(section, recipe): (&drafting::draft::DraftSection, Option<&drafting::recipe::Section>)| {
        let empty = section.fields.iter().all(|field| field.content.statements().is_empty());
        let listed = recipe.is_some_and(|recipe| recipe.fields.iter().any(|field| field.form == Form::Index));
        let stands = empty && !(listed && !index.generated.case.sources.is_empty());
        let nil = recipe.filter(|_| stands).map_or("", |recipe| recipe.nil.as_str());
        (section.id.clone(), json!(nil))
    };
    Value::Object(index.sections().map(sentence).collect())
}

fn document(index: &Index<'_>, source: &Source) -> Value {
    let advice = source.advice.as_deref();
    let known = advice.and_then(|id| index.recipe.advice(id));
    let pages = source.content.as_ref().ok().and_then(|document| document.pages);
    json!({
        "letter": known.and_then(|advice| advice.letter.as_deref()).unwrap_or(""),
        "file": source.name,
        "kind": known.map(|advice| advice.title.as_str()).or(advice).unwrap_or(""),
        "author": source.author_role.as_deref().unwrap_or(""),
        "date": source.date.map_or_else(String::new, words::day),
        "pages": pages.map_or_else(String::new, |pages| pages.to_string()),
        "state": source_state(index, source).1,
    })
}

/// The required advice that is absent, as the rule says it.
fn missing(index: &Index<'_>) -> Value {
    let findings = index.generated.checked.findings().iter();
    findings
        .filter(|finding| finding.rule == rules::MISSING_ADVICE.id)
        .map(|finding| json!(words::sentence(&finding.message)))
        .collect()
}

/// A draft with one statement in every field.
pub(crate) fn sample(recipe: &Recipe) -> Value {
    let mut data = head(recipe);
    let statement = json!({ "id": "A.1", "text": "Text.", "marks": ["mark"], "serves": ["A.1"], "sources": "Source." });
    for (_, field) in recipe.fields() {
        let content = if holds_statements(&field.form) { json!([statement]) } else { json!("Value") };
        data.insert(field.key.clone(), content);
    }
    let nil: Map<String, Value> = recipe.sections.iter().map(|section| (section.id.clone(), json!(section.nil))).collect();
    let entry = |names: &[&str]| Value::Object(names.iter().map(|name| ((*name).to_owned(), json!("Text"))).collect());
    data.extend(["case", "run", "date", "status"].map(|name| (name.to_owned(), json!("Text"))));
    data.extend([
        ("nil".to_owned(), Value::Object(nil)),
        ("documents".to_owned(), json!([entry(&["letter", "file", "kind", "author", "date", "pages", "state"])])),
        ("missing".to_owned(), json!(["Text."])),
        ("open_points".to_owned(), json!([entry(&["kind", "about", "to", "text"])])),
    ]);
    Value::Object(data)
}
