//! What the Word template asks for, against the fields that the recipe has.

use std::collections::BTreeSet;

use super::faults::Faults;
use super::form::Form;
use super::{RECIPE, TEMPLATE};
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
/// citations.
pub fn check(form: &Form, names: &BTreeSet<String>, faults: &mut Faults) {
    for name in names {
        if !form.field_keys.contains(name) && !RESERVED.contains(&name.as_str()) {
            let message =
                format!("the placeholder `{name}` is the key of no field: add the field or correct the name");
            faults.add(TEMPLATE, None, message);
        }
    }
    let is_shown = |field: &Field| field.form.is_fact() && names.contains(&field.key);
    if !names.contains("sources") && form.fields().any(|field| is_shown(&field.value)) {
        let message = "shows values without their citations: write `{{ field(\"name\", name) }}{{ footnote(sources.name) }}`, \
                       where `name` is the key of the field";
        faults.warn(TEMPLATE, None, message);
    }
    for field in form.fields() {
        let key = &field.value.key;
        let listed = field.value.form == FieldForm::Index && names.contains("documents");
        if !names.contains(key) && !listed {
            let message =
                format!("the template has no placeholder `{key}`: the field stands in the report alone");
            faults.warn(RECIPE, field.line("key"), message);
        }
    }
}
