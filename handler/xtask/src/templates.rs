//! The Word templates of the recipes, made from the recipes themselves: headings, labels and placeholders come from
//! `recipe.toml`, so that template and recipe cannot differ. A council that has its own template puts it in the place
//! of ours; `recipes/ehcp` lays out a plan, any other recipe gets the plain layout.

use std::path::Path;
use std::{fs, io};

use drafting::recipe::load::{Fault as RecipeFault, Files, load};
use drafting::recipe::{Field, Form, Recipe, Section};
use word::build::{Cell, Document, Paragraph, Run, Style, Table};

mod plan;

pub use plan::ehcp;

/// Why a template cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, io::Error),
    /// The recipe is not sound.
    #[error("{0}")]
    Recipe(RecipeFault),
    /// The document cannot be put together.
    #[error(transparent)]
    Word(#[from] word::RenderFault),
}

/// The recipes whose templates are made here.
const RECIPES: [&str; 3] = ["ehcp", "minutes", "annual-review"];

/// Writes the templates of the recipes of the repository.
pub fn write(root: &Path) -> Result<(), Fault> {
    for id in RECIPES {
        let folder = root.join("recipes").join(id);
        let bytes = template(&recipe(id, &folder)?)?;
        let path = folder.join("template.docx");
        fs::write(&path, bytes).map_err(|error| file(&path, error))?;
    }
    Ok(())
}

/// The template of a recipe.
pub fn template(recipe: &Recipe) -> Result<Vec<u8>, Fault> {
    if recipe.id.as_str() == "ehcp" {
        ehcp(recipe)
    } else {
        plain(recipe)
    }
}

fn file(path: &Path, error: io::Error) -> Fault {
    Fault::File(path.display().to_string(), error)
}

/// Reads a recipe's form and guidance; a template depends on nothing else of it.
fn recipe(id: &str, folder: &Path) -> Result<Recipe, Fault> {
    let mut files = Files::new();
    let path = folder.join("recipe.toml");
    files.insert(
        "recipe.toml".to_owned(),
        fs::read(&path).map_err(|error| file(&path, error))?,
    );
    let guidance = folder.join("guidance");
    for entry in fs::read_dir(&guidance).map_err(|error| file(&guidance, error))? {
        let entry = entry.map_err(|error| file(&guidance, error))?;
        let name = format!("guidance/{}", entry.file_name().to_string_lossy());
        files.insert(
            name,
            fs::read(entry.path()).map_err(|error| file(&entry.path(), error))?,
        );
    }
    load(id, &files, None).map_err(|faults| match faults.into_iter().next() {
        Some(fault) => Fault::Recipe(fault),
        None => file(folder, io::ErrorKind::InvalidData.into()),
    })
}

/// Any document: its sections in order, each field by its form.
pub fn plain(recipe: &Recipe) -> Result<Vec<u8>, Fault> {
    let mut document = begin(recipe, None);
    front(&mut document, recipe);
    for section in &recipe.sections {
        document.push(Paragraph::new(Style::Heading1, &section.title).anchored(&section_anchor(section)));
        body(&mut document, section, |document| {
            facts(
                document,
                &section.title,
                &section.fields.iter().collect::<Vec<_>>(),
            );
            let titled = statement_fields(section).count() > 1;
            for field in statement_fields(section) {
                let title = titled.then_some(field.label.as_str());
                statements(document, field, title);
            }
            if section.fields.iter().any(|field| field.form == Form::Index) {
                documents(document, false);
            }
        });
    }
    open_points(&mut document);
    Ok(document.bytes()?)
}

/// A document with what stands on every page. `subject` is the key of the field that names whom it is about.
fn begin(recipe: &Recipe, subject: Option<&str>) -> Document {
    let mut document = Document::new(&recipe.title);
    let subject = subject.map_or_else(String::new, |key| {
        format!("{{% if {key} %}}, {{{{ {key} }}}}{{% endif %}}")
    });
    document.header = vec![
        Paragraph::new(Style::Banner, "{{ banner }}").into(),
        Paragraph::new(
            Style::Header,
            &format!("{{{{ title }}}}{subject}\tCase {{{{ case }}}}"),
        )
        .into(),
    ];
    let page = [
        Run::Text("Draft of {{ date }}\tPage ".into()),
        Run::Page,
        Run::Text(" of ".into()),
        Run::Pages,
    ];
    document.footer = vec![Paragraph::of(Style::Footer, page.to_vec()).into()];
    document
}

/// What this is and how it was made.
fn front(document: &mut Document, recipe: &Recipe) {
    document.paragraph(Style::Title, "{{ title }}");
    if recipe.field("name").is_some() {
        document.when("name", |document| {
            document.paragraph(Style::Subtitle, "{{ name }}");
        });
    }
    let rows = [
        ("Case", "{{ case }}"),
        ("Drafted on", "{{ date }}"),
        ("Status", "{{ status }}"),
        ("Recipe and run", "version {{ version }}, run {{ run }}"),
    ];
    let mut table = Table::new(
        "About this draft",
        &[26, 74],
        &["About this draft", "As recorded"],
    )
    .labelled();
    for (label, value) in rows {
        table = table.row([label.into(), value.into()]);
    }
    document.push(table);
    document.paragraph(Style::Note, "{{ disclosure }}");
}

fn section_anchor(section: &Section) -> String {
    format!("section_{}", section.id.to_lowercase())
}

/// A section's closed sentence, or its nil sentence, or what it holds.
fn body(document: &mut Document, section: &Section, content: impl FnOnce(&mut Document)) {
    let id = &section.id;
    if section.closed.is_some() {
        document.paragraph(Style::Normal, &format!("{{{{ closed.{id} }}}}"));
        return;
    }
    document.paragraph(Style::Normal, &format!("{{%p if nil.{id} %}}"));
    document.paragraph(Style::Normal, &format!("{{{{ nil.{id} }}}}"));
    document.paragraph(Style::Normal, "{%p else %}");
    content(document);
    document.paragraph(Style::Normal, "{%p endif %}");
    if section.fields.iter().any(|field| field.form == Form::Index) {
        missing(document);
    }
}

/// The fields of a section that hold statements.
fn statement_fields(section: &Section) -> impl Iterator<Item = &Field> {
    section
        .fields
        .iter()
        .filter(|field| matches!(field.form, Form::Passage(_) | Form::List(_)))
}

/// Values of fields as a table of labels and values.
fn facts(document: &mut Document, title: &str, fields: &[&Field]) {
    let values: Vec<_> = fields
        .iter()
        .filter(|field| matches!(field.form, Form::Fact { .. } | Form::Facts { .. } | Form::Officer))
        .collect();
    if values.is_empty() {
        return;
    }
    let mut table = Table::new(title, &[38, 62], &["Detail", "As recorded"]).labelled();
    for field in values {
        table = table.row([field.label.as_str().into(), fact(&field.key)]);
    }
    document.push(table);
}

/// A value with its sources as a footnote, or that there is none.
fn fact(key: &str) -> Cell {
    fact_when(key, "")
}

/// The same; that there is none is only said where more holds: `and x`.
fn fact_when(key: &str, and: &str) -> Cell {
    let value = format!("{{{{ field(\"{key}\", {key}) }}}}{{{{ footnote(sources.{key}) }}}}");
    let none = format!("{{% if not {key}{and} %}}Not recorded{{% endif %}}");
    vec![Paragraph::of(
        Style::TableText,
        vec![Run::Text(value), Run::Remark(none)],
    )]
    .into()
}

/// A statement `s` with its source as a footnote and what should be known of it.
fn statement() -> Vec<Run> {
    vec![
        Run::Text("{{ field(s.id, s.text) }}{{ footnote(s.sources) }}".into()),
        Run::Remark("{% if s.marks %} ({{ s.marks | join(\"; \") }}){% endif %}".into()),
    ]
}

/// Statements of a field under a title of their own.
fn statements(document: &mut Document, field: &Field, title: Option<&str>) {
    let key = &field.key;
    if let Some(title) = title {
        document.push(Paragraph::new(Style::Heading2, title));
    }
    document.when(key, |document| match field.form {
        Form::List(_) => rows(document, key, &field.label, &field.label, None),
        _ => passage(document, key),
    });
    document.when(&format!("not {key}"), |document| {
        document.paragraph(Style::Caption, "Nothing is recorded in the documents received.");
    });
}

/// Statements that read as a passage, in paragraphs of five: a plan's history can have thirty.
fn passage(document: &mut Document, key: &str) {
    document.each(&format!("statements in {key} | batch(5)"), |document| {
        let mut runs = vec![Run::Text("{% for s in statements %}".into())];
        runs.extend(statement());
        runs.push(Run::Text("{% if not loop.last %} {% endif %}{% endfor %}".into()));
        document.push(Paragraph::of(Style::Normal, runs));
    });
}

/// Statements as rows with their ids. `serves` is the heading of a column of the ids that they answer.
fn rows(document: &mut Document, key: &str, summary: &str, heading: &str, serves: Option<&str>) {
    let entries = format!("s in {key}");
    let words: Cell = vec![Paragraph::of(Style::TableText, statement())].into();
    let id = Cell::from("{{ s.id }}");
    document.push(match serves {
        None => Table::new(summary, &[14, 86], &["No.", heading]).each(&entries, [id, words]),
        Some(serves) => Table::new(summary, &[14, 66, 20], &["No.", heading, serves])
            .each(&entries, [id, words, served()]),
    });
}

/// The ids that a statement `s` answers, or that none is known.
fn served() -> Cell {
    let runs = vec![
        Run::Text("{{ s.serves | join(\", \") }}".into()),
        Run::Remark("{% if not s.serves %}Not linked{% endif %}".into()),
    ];
    vec![Paragraph::of(Style::TableText, runs)].into()
}

/// The documents that were received. Appendices have letters in a plan alone.
fn documents(document: &mut Document, letters: bool) {
    let kind = vec![
        Paragraph::new(Style::TableText, "{{ d.kind }}"),
        Paragraph::of(Style::TableText, vec![Run::Remark("{{ d.file }}".into())]),
    ];
    let columns: [(usize, &str, Cell); 6] = [
        (14, "Appendix", "{{ d.letter }}".into()),
        (23, "Document", kind.into()),
        (18, "Author", "{{ d.author }}".into()),
        (22, "Date", "{{ d.date }}".into()),
        (9, "Pages", "{{ d.pages }}".into()),
        (14, "State", "{{ d.state }}".into()),
    ];
    let columns = columns.into_iter().skip(usize::from(!letters));
    let (mut shares, mut heads, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for (share, head, cell) in columns {
        shares.push(share);
        heads.push(head);
        cells.push(cell);
    }
    document.push(Table::new("Documents received", &shares, &heads).each("d in documents", cells));
}

/// The advice that is missing, also where none was received at all.
fn missing(document: &mut Document) {
    document.when("missing", |document| {
        document.push(Paragraph::new(Style::Heading2, "Not received"));
        document.each("entry in missing", |document| {
            document.paragraph(Style::ListBullet, "{{ entry }}");
        });
    });
}

/// The anchor and heading of what is left for the officer to settle.
const POINTS: (&str, &str) = ("open_points", "Points for the case officer");

/// What is left for the officer to settle.
fn open_points(document: &mut Document) {
    document.when("open_points", |document| {
        document.push(
            Paragraph::new(Style::Heading1, POINTS.1)
                .anchored(POINTS.0)
                .on_new_page(),
        );
        document.paragraph(
            Style::Note,
            "For the officer alone. Delete this part before the document is sent out.",
        );
        document.each("point in open_points", |document| {
            document.paragraph(Style::ListBullet, "{{ point }}");
        });
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use drafting::recipe::load::RESERVED;
    use word::Template;

    use super::*;

    fn folder(id: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../recipes")
            .join(id)
    }

    fn made(id: &str) -> (Recipe, Vec<u8>) {
        let recipe = recipe(id, &folder(id)).unwrap();
        let bytes = template(&recipe).unwrap();
        (recipe, bytes)
    }

    #[test]
    fn templates_are_those_of_the_repository() {
        for id in RECIPES {
            let committed = fs::read(folder(id).join("template.docx")).unwrap();
            assert!(
                made(id).1 == committed,
                "run `cargo xtask templates` and look at recipes/{id}/template.docx"
            );
        }
    }

    #[test]
    fn templates_show_every_field_and_nothing_else() {
        for id in RECIPES {
            let (recipe, bytes) = made(id);
            let shown = Template::open(&bytes).unwrap().placeholders();
            let shown: BTreeSet<&str> = shown
                .iter()
                .map(String::as_str)
                .filter(|name| !RESERVED.contains(name))
                .collect();
            let fields = recipe.fields().filter(|(_, field)| field.form != Form::Index);
            let fields: BTreeSet<&str> = fields.map(|(_, field)| field.key.as_str()).collect();
            assert_eq!(shown, fields, "{id}");
        }
    }

    /// A draft without anything: every value empty, every section with its nil or closed sentence.
    fn empty(recipe: &Recipe) -> serde_json::Value {
        let mut data = serde_json::Map::new();
        for name in RESERVED {
            data.insert(name.to_owned(), "".into());
        }
        let mut sources = serde_json::Map::new();
        for (_, field) in recipe.fields() {
            let value = match field.form {
                Form::Passage(_) | Form::List(_) => serde_json::json!([]),
                _ => "".into(),
            };
            data.insert(field.key.clone(), value);
            sources.insert(field.key.clone(), "".into());
        }
        data.insert("sources".to_owned(), sources.into());
        let sentences = |text: &dyn Fn(&Section) -> String| -> serde_json::Value {
            recipe
                .sections
                .iter()
                .map(|section| (section.id.clone(), text(section)))
                .collect()
        };
        data.insert("nil".to_owned(), sentences(&|section| section.nil.clone()));
        data.insert(
            "closed".to_owned(),
            sentences(&|section| section.closed.clone().unwrap_or_default()),
        );
        data.into()
    }

    #[test]
    fn templates_fill_without_any_content() {
        for id in RECIPES {
            let (recipe, bytes) = made(id);
            let rendered = Template::open(&bytes).unwrap().render(&empty(&recipe)).unwrap();
            assert_eq!(rendered.undefined, BTreeSet::new(), "{id}");
        }
    }
}
