//! What the Word template asks for, against the fields that the recipe has.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::form::Form;
use super::{RECIPE, TEMPLATE};
use crate::recipe::mapping::Mapping;
use crate::recipe::{Field, Form as FieldForm};

/// The names that the renderer gives to every template besides the keys of the fields, so that no field can be
/// called by them.
///
/// | name | what it is |
/// |---|---|
/// | `title`, `version` | those of the recipe |
/// | `case`, `run`, `date` | the case's reference, the run's id, the day of drafting |
/// | `banner`, `disclosure` | the recipe's wording |
/// | `status` | the outcome of the run in words |
/// | `nil`, `closed` | the sentence of an empty or closed section, by section id |
/// | `documents` | the sources with kind, author's role and date |
/// | `missing` | required advice that is absent |
/// | `open_points` | queries, conflicts and findings for the officer |
/// | `sign_off` | the lines that the officer signs |
/// | `sources` | by the key of a field with a value: its citations, for a footnote |
pub const RESERVED: [&str; 15] = [
    "title",
    "case",
    "date",
    "version",
    "run",
    "banner",
    "disclosure",
    "status",
    "nil",
    "closed",
    "documents",
    "missing",
    "open_points",
    "sign_off",
    "sources",
];

/// A placeholder without a field would stay empty for ever: a fault. A field without a placeholder is drafted and
/// checked and then not shown in the Word document: a warning, for the report shows it. So are values without their
/// citations, and mapped names that the template does not have.
pub fn check(form: &Form, mapping: &Mapping, names: &BTreeSet<String>, faults: &mut Faults) {
    let mut shown: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut numbers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for name in names {
        if form.field_keys.contains(name) || RESERVED.contains(&name.as_str()) {
            continue;
        }
        let mapped: Vec<_> = mapping.all(name).collect();
        match mapped.as_slice() {
            [] => faults.add(TEMPLATE, None, unknown(name)),
            [mapped] => {
                shown.insert(mapped.name.target.field());
                numbers
                    .entry(mapped.name.written())
                    .or_default()
                    .extend(mapped.number);
            }
            _ => faults.add(
                TEMPLATE,
                None,
                format!("the placeholder `{name}` is mapped twice"),
            ),
        }
    }
    numbered(&numbers, faults);
    for name in mapping
        .names
        .iter()
        .filter(|name| !numbers.contains_key(&name.written()))
    {
        let name = name.written();
        let line = form
            .head
            .as_ref()
            .and_then(|head| head.line(&format!("template.map.{name}")));
        faults.warn(RECIPE, line, format!("the template has no placeholder `{name}`"));
    }
    let is_shown = |field: &Field| field.form.is_fact() && shown.contains(field.key.as_str());
    if !mapping.cite && !names.contains("sources") && form.fields().any(|field| is_shown(&field.value)) {
        let message = "shows values without their citations: write `{{ field(\"name\", name) }}{{ footnote(sources.name) }}`, \
                       where `name` is the key of the field, or set `cite` under `[template]`";
        faults.warn(TEMPLATE, None, message);
    }
    for field in form.fields() {
        let key = &field.value.key;
        let listed = field.value.form == FieldForm::Index && names.contains("documents");
        if !shown.contains(key.as_str()) && !listed {
            let message =
                format!("the template has no placeholder `{key}`: the field stands in the report alone");
            faults.warn(RECIPE, field.line("key"), message);
        }
    }
}

fn unknown(name: &str) -> String {
    format!("the placeholder `{name}` is the key of no field: add the field, map the name or correct it")
}

/// What is behind a number that the template leaves out would be lost.
fn numbered(numbers: &BTreeMap<String, BTreeSet<usize>>, faults: &mut Faults) {
    for (name, numbers) in numbers {
        let last = numbers.last().copied().unwrap_or_default();
        if let Some(number) = (1..last).find(|number| !numbers.contains(number)) {
            let message =
                format!("has `{name}` up to {last} and not {number}: what belongs there would stand nowhere");
            faults.add(TEMPLATE, None, message);
        }
    }
}
