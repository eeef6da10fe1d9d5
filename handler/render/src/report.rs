//! `report.html`: the desk at which a case officer checks a draft against its sources.
//!
//! One file that asks for nothing from anywhere: style and script stand in it, and a content security policy
//! allows those two by their digests and nothing else. Every text is escaped by the template engine; nothing is
//! marked safe but the style and the script of this crate. Everything can be read without the script, which only
//! filters and searches, moves by keys, opens what a link points into, copies queries and opens all for printing.
//!
//! Each statement and each finding has an id of its own, so that a link leads to it: `#s-B.CI.3`, `#finding-7`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::value::Value;
use minijinja::{Environment, Output, State, UndefinedBehavior, escape_formatter};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::RenderFault;
use crate::index::Index;

mod changes;
mod coverage;
mod findings;
mod held_back;
mod page;
mod quality;
mod queries;
mod rules;
mod sources;
mod statements;
mod taken_out;
mod thread;

pub(crate) use changes::{QuoteView, quote};

pub(crate) use findings::place_name as place;
pub(crate) use sources::state as source_state;

const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");
const TEMPLATES: [(&str, &str); 16] = [
    ("report.html", include_str!("../templates/report.html")),
    ("filter.html", include_str!("../templates/filter.html")),
    ("parts.html", include_str!("../templates/parts.html")),
    ("summary.html", include_str!("../templates/summary.html")),
    ("changes.html", include_str!("../templates/changes.html")),
    ("edit.html", include_str!("../templates/edit.html")),
    ("findings.html", include_str!("../templates/findings.html")),
    ("held_back.html", include_str!("../templates/held_back.html")),
    ("taken_out.html", include_str!("../templates/taken_out.html")),
    ("queries.html", include_str!("../templates/queries.html")),
    ("draft.html", include_str!("../templates/draft.html")),
    ("thread.html", include_str!("../templates/thread.html")),
    ("coverage.html", include_str!("../templates/coverage.html")),
    ("sources.html", include_str!("../templates/sources.html")),
    ("rules.html", include_str!("../templates/rules.html")),
    ("review.html", include_str!("../templates/review.html")),
];

/// What the templates are given.
#[derive(Serialize)]
struct Given<P> {
    page: P,
    style: &'static str,
    script: &'static str,
    policy: String,
}

/// The report of a run.
pub(crate) fn render(index: &Index<'_>) -> Result<Vec<u8>, RenderFault> {
    written("report.html", page::Page::of(index))
}

/// A page by one of the templates.
pub(crate) fn written(template: &str, page: impl Serialize) -> Result<Vec<u8>, RenderFault> {
    html(template, page).map_err(|error| {
        // The engine's own words can repeat what a source says; the place and the kind of the fault do not.
        let place = format!(
            "{} line {}",
            error.name().unwrap_or(template),
            error.line().unwrap_or(0)
        );
        RenderFault::Report(format!("{place}: {}", error.kind()))
    })
}

fn html(template: &str, page: impl Serialize) -> Result<Vec<u8>, minijinja::Error> {
    // Indentation is for whoever reads the templates; it would be a tenth of the report.
    let templates = TEMPLATES.map(|(name, source)| (name, flush(source)));
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(write_plain);
    for (name, source) in &templates {
        environment.add_template(name, source)?;
    }
    let given = Given {
        page,
        style: STYLE,
        script: SCRIPT,
        policy: policy(),
    };
    Ok(environment
        .get_template(template)?
        .render(Serde(given))?
        .into_bytes())
}

/// A template without its indentation.
fn flush(source: &str) -> String {
    let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
    lines.join("\n")
}

/// Writes a value, escaped, without the characters that steer a reader's eye or program: with them the name of a
/// file or a sentence could read as another.
fn write_plain(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    match value.as_str().filter(|text| text.contains(steers)) {
        Some(text) if !value.is_safe() => {
            escape_formatter(out, state, &Value::from(text.replace(steers, "")))
        }
        _ => escape_formatter(out, state, value),
    }
}

fn steers(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Nothing may be loaded, sent, framed or run but this crate's own style and script.
fn policy() -> String {
    let allowed = |text: &str| format!("'sha256-{}'", BASE64.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        allowed(STYLE),
        allowed(SCRIPT)
    )
}
