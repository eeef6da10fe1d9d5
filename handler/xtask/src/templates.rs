//! The Word templates of the recipes, made from the recipes themselves: headings, labels and placeholders come from
//! `recipe.toml`, so that template and recipe cannot differ. A council that has its own template puts it in the place
//! of ours; `recipes/ehcp` lays out a plan, any other recipe gets the plain layout.

use std::path::Path;
use std::{fs, io};

use drafting::recipe::load::{Fault as RecipeFault, Files, load};
use drafting::recipe::{Area, Field, Form, Recipe, Section};
use word::build::{Cell, Document, Paragraph, Run, Style, Table};

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
const RECIPES: [&str; 2] = ["ehcp", "minutes"];

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
    if recipe.id.as_str() == "ehcp" { ehcp(recipe) } else { plain(recipe) }
}

fn file(path: &Path, error: io::Error) -> Fault {
    Fault::File(path.display().to_string(), error)
}

/// Reads a recipe's form and guidance; a template depends on nothing else of it.
fn recipe(id: &str, folder: &Path) -> Result<Recipe, Fault> {
    let mut files = Files::new();
    let path = folder.join("recipe.toml");
    files.insert("recipe.toml".to_owned(), fs::read(&path).map_err(|error| file(&path, error))?);
    let guidance = folder.join("guidance");
    for entry in fs::read_dir(&guidance).map_err(|error| file(&guidance, error))? {
        let entry = entry.map_err(|error| file(&guidance, error))?;
        let name = format!("guidance/{}", entry.file_name().to_string_lossy());
        files.insert(name, fs::read(entry.path()).map_err(|error| file(&entry.path(), error))?);
    }
    load(id, &files, None).map_err(|faults| match faults.into_iter().next() {
        Some(fault) => Fault::Recipe(fault),
        None => file(folder, io::ErrorKind::InvalidData.into()),
    })
}

/// The sections of the plan that begin a page: the needs, and the provision that answers them.
const NEW_PAGE: [&str; 2] = ["B", "F"];

/// The Education, Health and Care Plan: Sections A to K (SEND Regulations 2014, reg 12), each under its own heading.
pub fn ehcp(recipe: &Recipe) -> Result<Vec<u8>, Fault> {
    let mut plan = begin(recipe, Some("name"));
    front(&mut plan, recipe, &["Personal details", "Sign-off", "Points for the case officer"], "Section ");
    personal_details(&mut plan, recipe);
    for section in &recipe.sections {
        let words = format!("Section {}: {}", section.id, section.title);
        let title = Paragraph::new(Style::Heading1, &words).anchored(&section_anchor(section));
        plan.push(if NEW_PAGE.contains(&section.id.as_str()) { title.on_new_page() } else { title });
        body(&mut plan, section, |plan| plan_fields(plan, recipe, section));
    }
    sign_off(&mut plan);
    open_points(&mut plan);
    Ok(plan.bytes()?)
}

/// Any document: its sections in order, each field by its form.
pub fn plain(recipe: &Recipe) -> Result<Vec<u8>, Fault> {
    let mut document = begin(recipe, None);
    front(&mut document, recipe, &[], "");
    for section in &recipe.sections {
        document.push(Paragraph::new(Style::Heading1, &section.title).anchored(&section_anchor(section)));
        body(&mut document, section, |document| {
            facts(document, &section.title, &section.fields.iter().collect::<Vec<_>>());
            let titled = statement_fields(section).count() > 1;
            for field in statement_fields(section) {
                let title = titled.then_some(field.label.as_str());
                statements(document, field, title);
            }
            if section.fields.iter().any(|field| field.form == Form::Index) {
                documents(document);
            }
        });
    }
    open_points(&mut document);
    Ok(document.bytes()?)
}

/// A document with what stands on every page. `subject` is the key of the field that names whom it is about.
fn begin(recipe: &Recipe, subject: Option<&str>) -> Document {
    let mut document = Document::new(&recipe.title);
    let subject = subject.map_or_else(String::new, |key| format!("{{% if {key} %}}, {{{{ {key} }}}}{{% endif %}}"));
    document.header = vec![
        Paragraph::new(Style::Banner, "{{ banner }}").into(),
        Paragraph::new(Style::Header, &format!("{{{{ title }}}}{subject}\tCase {{{{ case }}}}")).into(),
    ];
    let page = [Run::Text("Draft of {{ date }}\tPage ".into()), Run::Page, Run::Text(" of ".into()), Run::Pages];
    document.footer = vec![Paragraph::of(Style::Footer, page.to_vec()).into()];
    document
}

/// The first page: what this is, how it was made, what it holds.
fn front(document: &mut Document, recipe: &Recipe, others: &[&str], prefix: &str) {
    document.paragraph(Style::Title, "{{ title }}");
    if recipe.field("name").is_some() {
        document.paragraph(Style::Subtitle, "{{ name }}");
    }
    let rows = [
        ("Case", "{{ case }}"),
        ("Drafted on", "{{ date }}"),
        ("Status", "{{ status }}"),
        ("Recipe and run", "version {{ version }}, run {{ run }}"),
    ];
    let mut table = Table::new("About this draft", [26, 74], ["About this draft", "Details"]).labelled();
    for (label, value) in rows {
        table = table.row([label.into(), value.into()]);
    }
    document.push(table);
    document.paragraph(Style::Note, "{{ disclosure }}");
    contents(document, recipe, others, prefix);
}

fn contents(document: &mut Document, recipe: &Recipe, others: &[&str], prefix: &str) {
    document.push(Paragraph::new(Style::Heading4, "Contents"));
    let mut link = |anchor: String, words: String| {
        document.push(Paragraph::of(Style::Contents, vec![Run::Link { anchor, words }]));
    };
    let (before, after) = others.split_at(others.len().min(1));
    for title in before {
        link(anchor(title), (*title).to_owned());
    }
    for section in &recipe.sections {
        let id = if prefix.is_empty() { String::new() } else { format!("{prefix}{}: ", section.id) };
        link(section_anchor(section), format!("{id}{}", section.title));
    }
    for title in after {
        link(anchor(title), (*title).to_owned());
    }
}

fn anchor(title: &str) -> String {
    title.to_lowercase().replace([' ', '-'], "_")
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
}

/// The fields of a section that hold statements.
fn statement_fields(section: &Section) -> impl Iterator<Item = &Field> {
    section.fields.iter().filter(|field| matches!(field.form, Form::Passage(_) | Form::List(_)))
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
    let mut table = Table::new(title, [38, 62], [title, "Details"]).labelled();
    for field in values {
        table = table.row([field.label.as_str().into(), fact(&field.key)]);
    }
    document.push(table);
}

fn fact(key: &str) -> Cell {
    format!("{{{{ field(\"{key}\", {key}) }}}}").as_str().into()
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
        document.push(Paragraph::new(Style::Heading3, title));
    }
    document.when(key, |document| match field.form {
        Form::List(_) => rows(document, key, &field.label, "Statement", None),
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
        None => Table::new(summary, [14, 86], ["No.", heading]).each(&entries, [id, words]),
        Some(serves) => Table::new(summary, [14, 66, 20], ["No.", heading, serves])
            .each(&entries, [id, words, "{{ s.serves | join(\", \") }}".into()]),
    });
}

/// The fields of a section of the plan: those of an area stand under the area's heading.
fn plan_fields(plan: &mut Document, recipe: &Recipe, section: &Section) {
    for field in section.fields.iter().filter(|field| area(recipe, field).is_none()) {
        plan_field(plan, section, field);
    }
    let areas = areas(recipe, section);
    for (area, fields) in &areas {
        area_fields(plan, area, fields, areas.len() > 1);
    }
}

/// The area that a field's key begins with.
fn area<'r>(recipe: &'r Recipe, field: &Field) -> Option<&'r Area> {
    recipe.areas.iter().find(|area| field.key.starts_with(&format!("{}_", area.id)))
}

/// The areas of a section with their fields, in the recipe's order.
fn areas<'r>(recipe: &'r Recipe, section: &'r Section) -> Vec<(&'r Area, Vec<&'r Field>)> {
    let fields = |wanted: &Area| -> Vec<&Field> {
        section.fields.iter().filter(|field| area(recipe, field).is_some_and(|area| area.id == wanted.id)).collect()
    };
    recipe.areas.iter().map(|area| (area, fields(area))).filter(|(_, fields)| !fields.is_empty()).collect()
}

fn plan_field(plan: &mut Document, section: &Section, field: &Field) {
    match field.form {
        Form::Index => documents(plan),
        Form::Officer => facts(plan, &section.title, &[field]),
        Form::Passage(_) | Form::List(_) => {
            plan.push(Paragraph::new(Style::Heading2, &field.label));
            statements(plan, field, None);
        }
        Form::Fact { .. } | Form::Facts { .. } => {}
    }
}

/// The lists of the plan by the end of their keys: what the column of statements, and that of the ids they answer, is
/// called, and what is said when there is none.
const LISTS: [(&str, &str, Option<&str>, &str); 3] = [
    ("_needs", "Need", None, "No needs of this kind are identified in the advice received."),
    ("_outcomes", "Outcome", Some("Needs served"), "No outcomes of this kind are given in the advice received."),
    ("_provisions", "Provision", Some("Meets needs"), "No provision of this kind is advised in the advice received."),
];

/// An area's strengths and list. Outside the sections of needs, an area that has neither is left out.
fn area_fields(plan: &mut Document, area: &Area, fields: &[&Field], titled: bool) {
    let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    let needs = format!("{}_needs", area.id);
    let condition = if keys.contains(&needs.as_str()) { None } else { Some(format!("{} or {needs}", keys.join(" or "))) };
    if let Some(condition) = &condition {
        plan.paragraph(Style::Normal, &format!("{{%p if {condition} %}}"));
    }
    if titled {
        plan.push(Paragraph::new(Style::Heading2, &area.title));
    }
    for field in fields {
        area_field(plan, area, field, if titled { Style::Heading3 } else { Style::Heading2 });
    }
    if condition.is_some() {
        plan.paragraph(Style::Normal, "{%p endif %}");
    }
}

fn area_field(plan: &mut Document, area: &Area, field: &Field, style: Style) {
    let key = &field.key;
    let Some((end, heading, serves, nil)) = LISTS.into_iter().find(|(end, ..)| key.ends_with(end)) else {
        plan.when(key, |plan| {
            plan.push(Paragraph::new(style, "Strengths"));
            passage(plan, key);
        });
        return;
    };
    if end == "_needs" {
        plan.push(Paragraph::new(style, "Needs"));
    }
    plan.when(key, |plan| rows(plan, key, &format!("{}: {heading}", area.title), heading, serves));
    plan.when(&format!("not {key}"), |plan| plan.paragraph(Style::Caption, nil));
}

/// Whom the plan is about, before its sections: the facts, by whom they are about.
fn personal_details(plan: &mut Document, recipe: &Recipe) {
    plan.push(Paragraph::new(Style::Heading1, "Personal details").anchored("personal_details").on_new_page());
    let (mut child, mut parents, mut services) = (Vec::new(), Vec::new(), Vec::new());
    let mut past_parents = false;
    for (_, field) in recipe.fields().filter(|(_, field)| field.form.is_fact()) {
        let parent = field.key.starts_with("parent_1_") || field.key.starts_with("parent_2_");
        past_parents |= parent;
        match (parent, past_parents) {
            (true, _) => parents.push(field),
            (false, false) => child.push(field),
            (false, true) => services.push(field),
        }
    }
    facts(plan, "Child or young person", &child);
    plan.paragraph(Style::TableText, "");
    plan.push(parent_table(&parents));
    plan.paragraph(Style::TableText, "");
    facts(plan, "Setting and services", &services);
}

/// Both parents side by side: fields that end alike share a row.
fn parent_table(fields: &[&Field]) -> Table {
    let mut table = Table::new(
        "Parents or carers",
        [22, 39, 39],
        ["Parents or carers", "Parent or carer 1", "Parent or carer 2"],
    )
    .labelled();
    for field in fields {
        let Some(detail) = field.key.strip_prefix("parent_1_") else { continue };
        let twin = format!("parent_2_{detail}");
        let second = fields.iter().find(|other| other.key.starts_with(&twin)).map_or("".into(), |twin| fact(&twin.key));
        let label = field.label.rsplit(": ").next().unwrap_or(&field.label);
        table = table.row([capital(label).as_str().into(), fact(&field.key), second]);
    }
    table
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The advice that was received, and what is missing of it.
fn documents(document: &mut Document) {
    let kind = vec![
        Paragraph::new(Style::TableText, "{{ d.kind }}"),
        Paragraph::of(Style::TableText, vec![Run::Remark("{{ d.file }}".into())]),
    ];
    let cells: [Cell; 6] = [
        "{{ d.letter }}".into(),
        kind.into(),
        "{{ d.author }}".into(),
        "{{ d.date }}".into(),
        "{{ d.pages }}".into(),
        "{{ d.state }}".into(),
    ];
    document.push(
        Table::new(
            "Documents received",
            [12, 31, 20, 15, 9, 13],
            ["Appendix", "Document", "Author", "Date", "Pages", "State"],
        )
        .each("d in documents", cells),
    );
    document.when("missing", |document| {
        document.push(Paragraph::new(Style::Heading2, "Not received"));
        document.each("entry in missing", |document| document.paragraph(Style::ListBullet, "{{ entry }}"));
    });
}

/// Lines that persons fill in. The software signs nothing and assumes no agreement (reg 12(2)).
fn sign_off(plan: &mut Document) {
    plan.push(Paragraph::new(Style::Heading1, "Sign-off").anchored("sign_off"));
    plan.push(
        Paragraph::new(
            Style::Normal,
            "To be completed by hand when the plan is final. Nothing below is filled in by software.",
        )
        .with_next(),
    );
    let heads = ["Signed by", "Officer of the local authority", "Responsible commissioning body, for Section G"];
    let mut table = Table::new("Sign-off", [22, 39, 39], heads).labelled().roomy();
    for label in ["Name", "Role", "Signature", "Date"] {
        table = table.row([label.into(), "".into(), "".into()]);
    }
    plan.push(table);
}

/// What is left for the officer to settle.
fn open_points(document: &mut Document) {
    document.when("open_points", |document| {
        let title = "Points for the case officer";
        document.push(Paragraph::new(Style::Heading1, title).anchored(&anchor(title)).on_new_page());
        document.paragraph(Style::Note, "For the officer alone. Delete this page before the document is sent out.");
        document.each("point in open_points", |document| document.paragraph(Style::ListBullet, "{{ point }}"));
    });
}
