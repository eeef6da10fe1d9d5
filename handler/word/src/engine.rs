//! The template engine behind the tags: what expressions can use and what they get to see.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use crate::compile::Program;
use crate::fault::{RenderFault, TemplateFault, excerpt};
use crate::mark;

/// The engine with the programs of a template's parts.
pub(crate) fn engine(
    mut engine: Environment<'static>,
    programs: &BTreeMap<String, Program>,
) -> Result<Environment<'static>, TemplateFault> {
    for (part, program) in programs {
        engine
            .add_template_owned(part.clone(), program.source.clone())
            .map_err(|error| TemplateFault::Tag {
                part: part.clone(),
                near: program.near(error.line().unwrap_or(1)),
                reason: error
                    .detail()
                    .map_or_else(|| error.kind().to_string(), str::to_owned),
            })?;
    }
    Ok(engine)
}

/// An engine that knows no programs yet.
pub(crate) fn bare() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Chainable);
    engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    engine.set_formatter(|out, _, value| Ok(out.write_str(&text(value)?)?));
    engine.add_function("footnote", footnote);
    engine.add_function("field", field);
    engine.add_filter("comment", comment);
    engine.add_filter("markdown", markdown);
    engine
}

/// A value as text. A list or an object has no text: to print one is a mistake of the template.
fn text(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined => Ok(mark::UNDEFINED.to_string()),
        ValueKind::None => Ok(String::new()),
        ValueKind::Bool | ValueKind::Number | ValueKind::String => Ok(value.to_string()),
        _ => Err(Error::new(ErrorKind::InvalidOperation, NO_TEXT)),
    }
}

/// What is said of a value without text; `reason` repeats it.
const NO_TEXT: &str = "the value is a list or an object: loop over it or name one of its entries";

/// `{{ footnote(text) }}`: a footnote here. An empty text makes none.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands functions their arguments by value"
)]
fn footnote(note: Value) -> Result<String, Error> {
    Ok(form(mark::FOOTNOTE, &[&text(&note)?], 0))
}

/// `{{ words | comment(text) }}`: a Word comment on the words. An empty text makes none.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands functions their arguments by value"
)]
fn comment(words: Value, note: Value) -> Result<String, Error> {
    Ok(form(mark::COMMENT, &[&text(&words)?, &text(&note)?], 1))
}

/// `{{ field(key, content) }}`: a content control whose tag is the key, by which an edited document can be matched
/// back. An empty key makes none.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands functions their arguments by value"
)]
fn field(key: Value, content: Value) -> Result<String, Error> {
    let (key, content) = (text(&key)?, text(&content)?);
    if key.is_empty() {
        Ok(content)
    } else {
        Ok(form(mark::FIELD, &[&key, &content], 0))
    }
}

/// `{{ text | markdown }}`: bold, italics, paragraphs and lists.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the engine hands functions their arguments by value"
)]
fn markdown(source: Value) -> Result<String, Error> {
    Ok(form(mark::MARKDOWN, &[&text(&source)?], 0))
}

/// A form of a value; only its other parts when the part that `needs` text has none.
fn form(kind: char, parts: &[&str], needs: usize) -> String {
    if parts.get(needs).is_none_or(|part| part.is_empty()) {
        return parts
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != needs)
            .map(|(_, part)| *part)
            .collect();
    }
    format!(
        "{}{kind}{}{}",
        mark::FORM,
        parts.join(&mark::PART.to_string()),
        mark::FORM_END
    )
}

/// The names that the programs take from the data.
pub(crate) fn placeholders(engine: &Environment<'_>) -> BTreeSet<String> {
    let own: HashSet<&str> = engine.globals().map(|(name, _)| name).collect();
    engine
        .templates()
        .flat_map(|(_, template)| template.undeclared_variables(false))
        .filter(|name| !own.contains(name.as_str()) && name != KEYS)
        .collect()
}

/// The name under which the programs find the keys that stand by themselves.
pub(crate) const KEYS: &str = "__keys";

/// What stands where a key stands by itself: a text and, in the document's body, a footnote at its end. Nothing is made
/// of an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The text. Its line ends are line ends in the document.
    pub text: String,
    /// The footnote; empty for none. In headers, footers, notes and text boxes, which can have none, it is left out.
    pub note: String,
}

/// What stands where keys stand by themselves, where it is not the data's own value.
pub type Shown = BTreeMap<String, Vec<Passage>>;

/// The data as the engine sees it, without characters that a document cannot hold.
pub(crate) fn context(
    data: &serde_json::Value,
    shown: &Shown,
    keys: &BTreeSet<String>,
) -> Result<Value, RenderFault> {
    let Some(entries) = data.as_object() else {
        return Err(RenderFault::NotAnObject);
    };
    let words = |key: &String| match shown.get(key) {
        Some(passages) => Some(Value::from(passages.iter().map(passage).collect::<String>())),
        None => entries.get(key).map(seen),
    };
    let words = keys.iter().filter_map(|key| Some((key.clone(), words(key)?)));
    let keys = Value::from_pairs(words);
    let entries = entries.iter().map(|(key, entry)| (mark::clean(key), seen(entry)));
    Ok(Value::from_pairs(entries.chain([(KEYS.to_owned(), keys)])))
}

fn passage(passage: &Passage) -> String {
    let note = mark::clean(&passage.note);
    mark::clean(&passage.text) + &form(mark::CITATION, &[&note], 0)
}

fn seen(data: &serde_json::Value) -> Value {
    match data {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(truth) => Value::from(*truth),
        serde_json::Value::Number(number) => self::number(number),
        serde_json::Value::String(text) => Value::from(mark::clean(text)),
        serde_json::Value::Array(entries) => Value::from(entries.iter().map(seen).collect::<Vec<_>>()),
        serde_json::Value::Object(entries) => {
            Value::from_pairs(entries.iter().map(|(key, entry)| (mark::clean(key), seen(entry))))
        }
    }
}

fn number(number: &serde_json::Number) -> Value {
    if let Some(whole) = number.as_i64() {
        Value::from(whole)
    } else if let Some(whole) = number.as_u64() {
        Value::from(whole)
    } else {
        number
            .as_f64()
            .map_or_else(|| Value::from(number.to_string()), Value::from)
    }
}

/// Runs a part's program.
pub(crate) fn run(
    engine: &Environment<'_>,
    part: &str,
    program: &Program,
    context: &Value,
) -> Result<String, RenderFault> {
    engine
        .get_template(part)
        .and_then(|template| template.render(context.clone()))
        .map_err(|error| RenderFault::Tag {
            part: part.to_owned(),
            near: excerpt(&program.near(error.line().unwrap_or(1))),
            reason: reason(&error),
        })
}

/// What went wrong, without the engine's own words: they can repeat the data.
fn reason(error: &Error) -> String {
    match error.detail() {
        Some(NO_TEXT) => NO_TEXT.to_owned(),
        _ => error.kind().to_string(),
    }
}
