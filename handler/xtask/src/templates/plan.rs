//! The layout of the Education, Health and Care Plan.

use drafting::recipe::{Area, Field, Form, Recipe, Section};
use word::build::{Document, Paragraph, Run, Style, Table};

use super::{
    Fault, POINTS, begin, body, documents, fact, fact_when, facts, front, open_points, passage, rows,
    section_anchor, statements,
};

/// The section of the plan that begins a page: the needs, which the rest answers.
const NEW_PAGE: &str = "B";

/// The Education, Health and Care Plan: Sections A to K (SEND Regulations 2014, reg 12), each under its own heading.
pub fn ehcp(recipe: &Recipe) -> Result<Vec<u8>, Fault> {
    let mut plan = begin(recipe, Some("name"));
    front(&mut plan, recipe);
    contents(&mut plan, recipe);
    personal_details(&mut plan, recipe);
    for section in &recipe.sections {
        let title =
            Paragraph::new(Style::Heading1, &section_heading(section)).anchored(&section_anchor(section));
        plan.push(if section.id == NEW_PAGE {
            title.on_new_page()
        } else {
            title
        });
        body(&mut plan, section, |plan| plan_fields(plan, recipe, section));
    }
    sign_off(&mut plan);
    open_points(&mut plan);
    Ok(plan.bytes()?)
}

/// Links to what the plan holds. Readers' own navigation follows the headings.
fn contents(plan: &mut Document, recipe: &Recipe) {
    let link = |anchor: &str, words: &str| {
        let run = Run::Link {
            anchor: anchor.to_owned(),
            words: words.to_owned(),
        };
        Paragraph::of(Style::Contents, vec![run])
    };
    plan.push(Paragraph::of(Style::Contents, vec![Run::Bold("Contents".into())]).with_next());
    plan.push(link(PERSONAL.0, PERSONAL.1));
    for section in &recipe.sections {
        plan.push(link(&section_anchor(section), &section_heading(section)));
    }
    plan.push(link(SIGN_OFF.0, SIGN_OFF.1));
    plan.when("open_points", |plan| plan.push(link(POINTS.0, POINTS.1)));
}

/// Parts of the plan that are no sections: anchor and heading.
const PERSONAL: (&str, &str) = ("personal_details", "Personal details");
const SIGN_OFF: (&str, &str) = ("sign_off", "Sign-off");

fn section_heading(section: &Section) -> String {
    format!("Section {}: {}", section.id, section.title)
}

/// The fields of a section of the plan: those of an area stand under the area's heading.
fn plan_fields(plan: &mut Document, recipe: &Recipe, section: &Section) {
    for field in section
        .fields
        .iter()
        .filter(|field| area(recipe, field).is_none())
    {
        plan_field(plan, section, field);
    }
    let areas = areas(recipe, section);
    for (area, fields) in &areas {
        area_fields(plan, area, fields, areas.len() > 1);
    }
}

/// The area that a field's key begins with.
fn area<'r>(recipe: &'r Recipe, field: &Field) -> Option<&'r Area> {
    recipe
        .areas
        .iter()
        .find(|area| field.key.starts_with(&format!("{}_", area.id)))
}

/// The areas of a section with their fields, in the recipe's order.
fn areas<'r>(recipe: &'r Recipe, section: &'r Section) -> Vec<(&'r Area, Vec<&'r Field>)> {
    let fields = |wanted: &Area| -> Vec<&Field> {
        section
            .fields
            .iter()
            .filter(|field| area(recipe, field).is_some_and(|area| area.id == wanted.id))
            .collect()
    };
    recipe
        .areas
        .iter()
        .map(|area| (area, fields(area)))
        .filter(|(_, fields)| !fields.is_empty())
        .collect()
}

fn plan_field(plan: &mut Document, section: &Section, field: &Field) {
    match field.form {
        Form::Index => documents(plan, true),
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
    (
        "_needs",
        "Need",
        None,
        "No needs of this kind are identified in the advice received.",
    ),
    (
        "_outcomes",
        "Outcome",
        Some("Needs served"),
        "No outcomes of this kind are given in the advice received.",
    ),
    (
        "_provisions",
        "Provision",
        Some("Meets needs"),
        "No provision of this kind is advised in the advice received.",
    ),
];

/// An area's strengths and list. Outside the sections of needs, an area that has neither is left out.
fn area_fields(plan: &mut Document, area: &Area, fields: &[&Field], titled: bool) {
    let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    let needs = format!("{}_needs", area.id);
    let condition = if keys.contains(&needs.as_str()) {
        None
    } else {
        Some(format!("{} or {needs}", keys.join(" or ")))
    };
    if let Some(condition) = &condition {
        plan.paragraph(Style::Normal, &format!("{{%p if {condition} %}}"));
    }
    if titled {
        plan.push(Paragraph::new(Style::Heading2, &area.title));
    }
    for field in fields {
        area_field(
            plan,
            area,
            field,
            if titled { Style::Heading3 } else { Style::Heading2 },
        );
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
    plan.when(key, |plan| {
        rows(plan, key, &format!("{}: {heading}", area.title), heading, serves);
    });
    plan.when(&format!("not {key}"), |plan| plan.paragraph(Style::Caption, nil));
}

/// Whom the plan is about, before its sections: the facts, by whom they are about.
fn personal_details(plan: &mut Document, recipe: &Recipe) {
    plan.push(
        Paragraph::new(Style::Heading1, PERSONAL.1)
            .anchored(PERSONAL.0)
            .on_new_page(),
    );
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
    plan.paragraph(Style::Heading2, "Child or young person");
    facts(plan, "Child or young person", &child);
    plan.paragraph(Style::Heading2, "Parents or carers");
    plan.push(parent_table(&parents));
    plan.paragraph(Style::Heading2, "Setting and services");
    facts(plan, "Setting and services", &services);
}

/// Both parents side by side: fields that end alike share a row.
fn parent_table(fields: &[&Field]) -> Table {
    let mut table = Table::new(
        "Parents or carers",
        &[22, 39, 39],
        &["Detail", "Parent or carer 1", "Parent or carer 2"],
    )
    .labelled();
    for field in fields {
        let Some(detail) = field.key.strip_prefix("parent_1_") else {
            continue;
        };
        let twin = format!("parent_2_{detail}");
        let second = fields
            .iter()
            .find(|other| other.key.starts_with(&twin))
            .map_or("".into(), |twin| fact_when(&twin.key, " and parent_2_name"));
        let label = field.label.rsplit(": ").next().unwrap_or(&field.label);
        table = table.row([capital(label).as_str().into(), fact(&field.key), second]);
    }
    table
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Lines that persons fill in. The software signs nothing and assumes no agreement (reg 12(2)).
fn sign_off(plan: &mut Document) {
    plan.push(Paragraph::new(Style::Heading1, SIGN_OFF.1).anchored(SIGN_OFF.0));
    plan.push(
        Paragraph::new(
            Style::Normal,
            "To be completed by hand when the plan is final. Nothing below is filled in by software.",
        )
        .with_next(),
    );
    let heads = [
        "Signed by",
        "Officer of the local authority",
        "Responsible commissioning body, for Section G",
    ];
    let mut table = Table::new("Sign-off", &[22, 39, 39], &heads).labelled().roomy();
    for label in ["Name", "Role", "Signature", "Date"] {
        table = table.row([label.into(), "".into(), "".into()]);
    }
    plan.push(table);
}
