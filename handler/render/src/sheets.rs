//! `queries.docx`: the questions to the authors of the advice, a sheet for each of them, ready to be sent.
//!
//! A sheet begins a page and counts its own, so that it can be printed or saved by itself. It quotes no more of the case
//! than the question is about, and its answers are left to be filled in by hand.

use drafting::document::SentenceId;
use drafting::draft::{Conflict, Query, QueryKind};
use drafting::recipe::{Recipe, Sheets};
use drafting::source::Rejection;
use serde_json::{Value, json};
use word::build::{Cell, Document, Paragraph, Run, Style, Table};
use word::{Properties, Template};

use crate::RenderFault;
use crate::asked::{Asked, asked};
use crate::citation::{citations, lines};
use crate::index::Index;
use crate::paper::properties;
use crate::words;

/// The key of the field that says whom a case is about, in every recipe that has one.
const SUBJECT: &str = "name";

/// The file.
pub(crate) fn render(index: &Index<'_>) -> Result<Vec<u8>, RenderFault> {
    let asked = asked(index);
    let template = Template::open(&form(index.recipe, !asked.is_empty()).bytes()?)?;
    let properties = Properties {
        title: format!("{}: questions", index.recipe.title),
        description: "Questions drafted by software. To be read by an officer before they are sent."
            .to_owned(),
        ..properties(index)
    };
    let data = context(index, &asked);
    Ok(template.render_as(&data, &properties)?.bytes)
}

fn form(recipe: &Recipe, asks: bool) -> Document {
    let texts = &recipe.wording.sheets;
    let mut document = Document::new("Questions");
    document.header = vec![
        Paragraph::new(
            Style::Header,
            "{{ title }}{% if name %}, {{ name }}{% endif %}\t{{ texts.case }} {{ case }}",
        )
        .into(),
    ];
    let foot = [Run::HeadingAbove, Run::Text("\t".into()), Run::Page];
    document.footer = vec![Paragraph::of(Style::Footer, foot.to_vec()).into()];
    if !asks {
        document.paragraph(Style::Heading1, "{{ title }}");
        document.paragraph(Style::Note, "{{ texts.none }}");
        head(&mut document, recipe, texts, false);
        return document;
    }
    document.each("sheet in sheets", |document| {
        document.paragraph(Style::Heading1, "{{ sheet.title }}");
        head(document, recipe, texts, true);
        document.push(questions(texts));
        let closing = Paragraph::new(Style::Note, "{{ texts.closing }}");
        document.when("not loop.last", |document| {
            document.push(closing.clone().last_of_section());
        });
        document.when("loop.last", |document| document.push(closing));
    });
    document
}

/// Whom it is about, who is asked, and lines for whoever sends and answers. The first line is the table's header.
fn head(document: &mut Document, recipe: &Recipe, texts: &Sheets, asks: bool) {
    let case = ["{{ texts.case }}", "{{ case }}"];
    let named = recipe.field(SUBJECT).is_some();
    let first = if named {
        ["{{ subject }}", "{{ name }}"]
    } else {
        case
    };
    let mut table = Table::new(&plain(&texts.asked), &[26, 74], &first)
        .labelled()
        .ruled();
    if named {
        table = table.row(case.map(Cell::from));
    }
    table = table.row(cells("{{ texts.date }}", "{{ date }}"));
    if asks {
        table = table
            .each("role in sheet.asked", cells("{{ texts.asked }}", "{{ role }}"))
            .each(
                "report in sheet.reports",
                cells("{{ texts.report }}", "{{ report }}"),
            )
            .row(cells("{{ texts.what_for }}", "{{ texts.purpose }}"))
            .row(cells("{{ texts.reply }}", ""))
            .row(cells("{{ texts.answered }}", ""));
    }
    document.push(table);
    document.paragraph(Style::Caption, "");
}

fn cells(label: &str, value: &str) -> [Cell; 2] {
    [label.into(), value.into()]
}

/// A text that stands where tags may not: what a table holds, for those who hear it read.
fn plain(text: &str) -> String {
    text.replace(['{', '}'], "")
}

fn questions(texts: &Sheets) -> Table {
    let question = vec![
        Paragraph::new(Style::TableText, "{{ q.question }}"),
        Paragraph::of(Style::TableText, vec![Run::Remark("{{ q.reason }}".into())]),
    ];
    let about: Cell = vec![
        Paragraph::new(Style::TableText, "{%p if q.place %}"),
        Paragraph::of(Style::TableText, vec![Run::Bold("{{ q.place }}".into())]),
        Paragraph::new(Style::TableText, "{%p endif %}"),
        Paragraph::new(Style::TableText, "{%p if q.words %}"),
        Paragraph::new(Style::TableText, "\u{201c}{{ q.words }}\u{201d}"),
        Paragraph::new(Style::TableText, "{%p endif %}"),
        Paragraph::new(Style::TableText, "{%p for line in q.sources %}"),
        Paragraph::of(Style::TableText, vec![Run::Remark("{{ line }}".into())]),
        Paragraph::new(Style::TableText, "{%p endfor %}"),
    ]
    .into();
    let heads = ["number", "question", "about", "answer"].map(|head| format!("{{{{ texts.{head} }}}}"));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    Table::new(&plain(&texts.question), &[6, 30, 36, 28], &heads)
        .ruled()
        .each(
            "q in sheet.questions",
            ["{{ q.number }}".into(), question.into(), about, "".into()],
        )
}

fn context(index: &Index<'_>, asked: &[Asked<'_>]) -> Value {
    let generated = index.generated;
    let texts = &index.recipe.wording.sheets;
    json!({
        "title": index.recipe.title,
        "name": subject(index),
        "subject": index.label(SUBJECT).unwrap_or_default(),
        "case": generated.case.id,
        "date": words::day(generated.case.today),
        "texts": texts.texts().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "sheets": asked.iter().map(|asked| sheet(index, texts, asked)).collect::<Vec<_>>(),
    })
}

/// Whom the case is about: as the draft has it, else as the officer gave it. Nobody where the sources differ.
fn subject(index: &Index<'_>) -> String {
    use drafting::draft::FieldContent;
    let drafted = index.field(SUBJECT).map(|field| &field.content);
    let given = || index.generated.case.manifest.child.as_ref()?.name.clone();
    match drafted {
        Some(FieldContent::Value(value)) => value.text.clone(),
        Some(FieldContent::Open(_)) => String::new(),
        Some(FieldContent::Empty | FieldContent::Statements(_)) | None => given().unwrap_or_else(String::new),
    }
}

fn sheet(index: &Index<'_>, texts: &Sheets, asked: &Asked<'_>) -> Value {
    let title = asked
        .role
        .map_or_else(|| texts.nobody.clone(), |role| texts.title.replace("{to}", role));
    let reports: Vec<String> = asked.reports.iter().map(|source| report(source)).collect();
    json!({
        "title": title,
        "asked": asked.role.into_iter().collect::<Vec<_>>(),
        "reports": reports,
        "questions": asked.queries.iter().map(|(number, query)| question(index, *number, query)).collect::<Vec<_>>(),
    })
}

/// A document as its author knows it: its name and date.
fn report(source: &drafting::case::Source) -> String {
    match source.date {
        Some(date) => format!("{}, {}", source.name, words::day(date)),
        None => source.name.to_string(),
    }
}

fn question(index: &Index<'_>, number: usize, query: &Query) -> Value {
    let statement = query.statement.as_deref().and_then(|id| index.statement(id));
    let words = statement.map_or("", |statement| statement.text.as_str());
    json!({
        "number": number,
        "question": words::sentence(&short(query, words)),
        "reason": words::sentence(&query.reason),
        "place": statement.map_or_else(|| matter(index, query), |statement| place(index, &statement.id)),
        "words": words,
        "sources": sources(index, query, words),
    })
}

/// A statement by its id and field.
fn place(index: &Index<'_>, statement: &str) -> String {
    match index.label_of(statement) {
        Some(label) => format!("{statement}, {label}"),
        None => statement.to_owned(),
    }
}

/// What a question is about that is about no statement: the advice that is missing, or that in which sources differ.
fn matter(index: &Index<'_>, query: &Query) -> String {
    match query.kind {
        QueryKind::Advice => {
            let advice = query.to.as_deref().and_then(|id| index.recipe.advice(id));
            advice.map_or_else(String::new, |advice| advice.title.clone())
        }
        QueryKind::Conflict => {
            let mut conflicts = index.generated.checked.draft().conflicts.iter();
            let is_asked = |conflict: &&Conflict| {
                let sentences = conflict.values.iter().flat_map(|value| &value.sentences);
                sentences.eq(&query.sentences)
            };
            let attribute = conflicts
                .find(is_asked)
                .map(|conflict| conflict.attribute.as_str());
            attribute.map_or_else(String::new, |key| words::capital(index.label(key).unwrap_or(key)))
        }
        QueryKind::Missing => {
            let label = query.field.as_deref().and_then(|key| index.label(key));
            label.map_or_else(String::new, words::capital)
        }
        QueryKind::Specifics
        | QueryKind::Vague
        | QueryKind::Unmet
        | QueryKind::Aimless
        | QueryKind::Unlinked
        | QueryKind::Version
        | QueryKind::Other => String::new(),
    }
}

/// The question with the statement's id in the place of its words, which stand beside it.
fn short(query: &Query, words: &str) -> String {
    match &query.statement {
        Some(id) if !words.is_empty() => {
            let quoted = format!("\u{201c}{words}\u{201d}");
            let said = if query.question.contains(&quoted) {
                quoted.as_str()
            } else {
                words
            };
            query.question.replace(said, id)
        }
        _ => query.question.clone(),
    }
}

/// Where the documents say it, with their words unless these were drafted as they are; of a document that could not be
/// read, what is wrong with it.
fn sources(index: &Index<'_>, query: &Query, words: &str) -> Vec<String> {
    let ids = query
        .sentences
        .iter()
        .copied()
        .collect::<std::collections::BTreeSet<SentenceId>>();
    let ids = match query.statement.as_deref().and_then(|id| index.statement(id)) {
        Some(statement) if ids.is_empty() => {
            let mut ids = index.evidence(&statement.support);
            // What others report is not for this author.
            ids.retain(|id| query.asked_of.is_none_or(|source| source == id.source));
            ids
        }
        _ => ids,
    };
    let mut lines = lines(&citations(index, &ids), words);
    let source = query.asked_of.and_then(|number| index.source(number));
    if let (QueryKind::Advice | QueryKind::Version, Some(source)) = (query.kind, source) {
        let wrong = source.content.as_ref().err().map(Rejection::advice);
        lines.push(match wrong {
            Some(wrong) => format!("{}: {wrong}", source.name),
            None => report(source),
        });
    }
    lines
}
