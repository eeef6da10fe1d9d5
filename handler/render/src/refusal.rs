//! The Word file of a run that made no draft: that there is none, why, and what to do about each document.
//!
//! It is not the recipe's template with empty sections: that would look like a plan with nothing in it.

use serde_json::{Value, json};
use word::Template;
use word::build::{Cell, Document, Paragraph, Run, Style, Table};

use crate::RenderFault;
use crate::index::Index;
use crate::paper::properties;
use crate::report::source_state;
use crate::words;

/// The file.
pub(crate) fn render(index: &Index<'_>) -> Result<Vec<u8>, RenderFault> {
    let template = Template::open(&form().bytes()?)?;
    let mut properties = properties(index);
    properties.title = format!("{}: no draft was made", index.recipe.title);
    Ok(template.render_as(&context(index), &properties)?.bytes)
}

/// Why there is no draft; `None` when there is one.
pub(crate) fn reason(index: &Index<'_>) -> Option<String> {
    use drafting::check::RunOutcome;
    match index.generated.checked.outcome() {
        RunOutcome::Ready | RunOutcome::NeedsReview => None,
        RunOutcome::Refused { reason } => Some(
            index
                .recipe
                .wording
                .refused
                .replace("{reason}", reason.trim_end_matches('.')),
        ),
        RunOutcome::Failed { .. } => Some(index.status().meaning),
    }
}

fn form() -> Document {
    let mut document = Document::new("No draft was made");
    document.header = vec![Paragraph::new(Style::Header, "{{ title }}\tCase {{ case }}").into()];
    let foot = vec![Run::Text("{{ date }}\tPage ".into()), Run::Page];
    document.footer = vec![Paragraph::of(Style::Footer, foot).into()];
    document.paragraph(Style::Title, "{{ title }}: no draft was made");
    document.paragraph(Style::Subtitle, "Case {{ case }}, {{ date }}");
    document.paragraph(Style::Note, "{{ reason }}");
    document.when("documents", |document| {
        document.paragraph(Style::Heading1, "Documents received");
        let entries = [
            "{{ entry.file }}",
            "{{ entry.kind }}",
            "{{ entry.state }}",
            "{{ entry.advice }}",
        ];
        let table = Table::new(
            "Documents received",
            &[3, 3, 2, 4],
            &["File", "Kind", "State", "What to do"],
        );
        document.push(
            table
                .labelled()
                .each("entry in documents", entries.map(Cell::from)),
        );
    });
    document.when("findings", |document| {
        document.paragraph(Style::Heading1, "Findings");
        document.each("finding in findings", |document| {
            document.paragraph(Style::ListBullet, "{{ finding }}");
        });
    });
    document.paragraph(Style::Caption, "Run {{ run }}");
    document
}

fn context(index: &Index<'_>) -> Value {
    let generated = index.generated;
    let documents: Vec<Value> = generated
        .case
        .sources
        .iter()
        .map(|source| {
            let kind = source.advice.as_deref();
            json!({
                "file": source.name,
                "kind": kind.map_or("\u{2013}", |id| index.recipe.advice(id).map_or(id, |advice| advice.title.as_str())),
                "state": source_state(index, source).1,
                "advice": source.content.as_ref().err().map_or_else(String::new, |no| words::sentence(&no.advice())),
            })
        })
        .collect();
    let findings = generated.checked.findings().iter();
    json!({
        "title": index.recipe.title,
        "case": generated.case.id,
        "date": words::day(generated.case.today),
        "run": generated.run,
        "reason": reason(index).unwrap_or_default(),
        "documents": documents,
        "findings": findings.map(|finding| finding_line(index, finding)).collect::<Vec<_>>(),
    })
}

fn finding_line(index: &Index<'_>, finding: &drafting::finding::Finding) -> String {
    let about = crate::report::place(index, &finding.subject);
    let message = words::sentence(&finding.message).replace('`', "");
    if about.is_empty() {
        message
    } else {
        format!("{about}: {message}")
    }
}
