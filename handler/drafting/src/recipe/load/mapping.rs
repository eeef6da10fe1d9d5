//! What `[template]` says of the names of a council's own template: that every target is there, and that no name has
//! two.

use std::collections::BTreeSet;

use super::faults::Faults;
use super::form::{Entry, Form, Head};
use super::placeholders::RESERVED;
use super::{Files, RECIPE};
use crate::recipe::Form as FieldForm;
use crate::recipe::mapping::{AREA, Mapping, NUMBER, Name, Target};

/// The names that every template is given and that are one text.
const TEXTS: [&str; 8] = [
    "title",
    "case",
    "date",
    "version",
    "run",
    "banner",
    "disclosure",
    "status",
];

/// The longest name.
const LONGEST: usize = 200;

/// Reads the names; what is wrong with them is among the faults.
pub fn check(form: &Form, faults: &mut Faults) -> Mapping {
    let Some(head) = &form.head else {
        return Mapping::default();
    };
    let mut reading = Reading {
        form,
        head,
        faults,
        seen: BTreeSet::new(),
    };
    let names = head.value.template.map.iter();
    Mapping {
        names: names
            .flat_map(|(name, target)| reading.name(name, target))
            .collect(),
        cite: head.value.template.cite,
    }
}

/// The names that a recipe's template may use as they are written: what whoever opens the template needs to know
/// before the recipe can be loaded whole. A recipe with faults has none of its own.
pub struct Names {
    fields: BTreeSet<String>,
    mapping: Mapping,
}

impl Names {
    /// Reads them from a recipe's files.
    #[must_use]
    pub fn of(files: &Files) -> Self {
        // Whoever loads the recipe finds the same faults and names them.
        let mut faults = Faults::default();
        let text = files
            .get(RECIPE)
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        match text.and_then(|text| Form::parse(text, &mut faults)) {
            Some(form) => Self {
                mapping: check(&form, &mut faults),
                fields: form.field_keys,
            },
            None => Self {
                fields: BTreeSet::new(),
                mapping: Mapping::default(),
            },
        }
    }

    /// Whether a placeholder of this name would be filled.
    #[must_use]
    pub fn has(&self, placeholder: &str) -> bool {
        self.fields.contains(placeholder)
            || TEXTS.contains(&placeholder)
            || self.mapping.get(placeholder).is_some()
    }
}

struct Reading<'a> {
    form: &'a Form,
    head: &'a Entry<Head>,
    faults: &'a mut Faults,
    seen: BTreeSet<String>,
}

impl Reading<'_> {
    fn fault(&mut self, name: &str, message: &str) {
        let line = self.head.line(&format!("template.map.{name}"));
        self.faults.add(RECIPE, line, format!("`{name}` {message}"));
    }

    /// The name, once for each area where it stands for all of them.
    fn name(&mut self, name: &str, target: &Target) -> Vec<Name> {
        if let Err(message) = is_name(name) {
            self.fault(name, message);
            return Vec::new();
        }
        let targets: Vec<(String, Target)> = if name.contains(AREA) {
            let areas = self.form.areas.ids.iter();
            areas
                .map(|area| (name.replace(AREA, area), target.in_area(area)))
                .filter(|(_, target)| self.is_known(target.field()))
                .collect()
        } else {
            vec![(name.to_owned(), target.clone())]
        };
        if targets.is_empty() {
            self.fault(
                name,
                &format!("stands for no field: no area has a `{}`", target.field()),
            );
        }
        targets
            .into_iter()
            .filter_map(|(own, target)| self.single(name, &own, target))
            .collect()
    }

    /// A name of one field. `written` is the entry of the recipe.
    fn single(&mut self, written: &str, own: &str, target: Target) -> Option<Name> {
        if let Err(message) = self.target(own, &target) {
            self.fault(written, &message);
            return None;
        }
        if self.form.field_keys.contains(own) || RESERVED.contains(&own) {
            self.fault(
                written,
                &format!("gives another meaning to `{own}`, which has one of its own"),
            );
        } else if !self.seen.insert(own.to_owned()) {
            self.fault(
                written,
                &format!("maps `{own}` a second time: leave one of the two out"),
            );
        } else {
            return Some(Name::new(own, target));
        }
        None
    }

    fn target(&self, own: &str, target: &Target) -> Result<(), String> {
        let is_numbered = own.contains(NUMBER);
        for key in [Some(target.field()), target.serving()].into_iter().flatten() {
            if !self.is_known(key) {
                return Err(format!("is mapped to `{key}`, which is the key of no field"));
            }
            if (is_numbered || target.serving().is_some()) && self.holds_one(key) {
                return Err(format!(
                    "has a number, and `{key}` is no passage or list whose statements could be counted"
                ));
            }
        }
        if self
            .form
            .fields()
            .any(|field| field.value.key == target.field() && field.value.form == FieldForm::Index)
        {
            let key = target.field();
            return Err(format!(
                "is mapped to `{key}`, the list of sources: loop over `documents` in the template"
            ));
        }
        if target.serving().is_some() && !is_numbered {
            return Err(format!(
                "has no `{NUMBER}`, the number of the statement that is served"
            ));
        }
        Ok(())
    }

    fn is_known(&self, key: &str) -> bool {
        self.form.field_keys.contains(key) || TEXTS.contains(&key)
    }

    /// Whether a key is that of one text. A field with a fault of its own is not blamed twice.
    fn holds_one(&self, key: &str) -> bool {
        let field = self.form.fields().find(|field| field.value.key == key);
        field.map_or(TEXTS.contains(&key), |field| {
            !matches!(field.value.form, FieldForm::Passage(_) | FieldForm::List(_))
        })
    }
}

/// Whether a text can be a name of a template, as the template is read: single spaces, straight quotation marks.
fn is_name(name: &str) -> Result<(), &'static str> {
    let bare = name.replacen(AREA, "a", 1).replacen(NUMBER, "1", 1);
    let tidy = bare.split_whitespace().collect::<Vec<_>>().join(" ") == bare;
    if bare.is_empty() || bare.chars().count() > LONGEST {
        Err("is no name of a placeholder: write 1 to 200 characters")
    } else if bare.contains(['{', '}']) {
        Err("may hold `{area}` once and `{n}` once, and no other braces")
    } else if !tidy
        || bare
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{2018}'..='\u{201f}'))
    {
        Err("is not as a template is read: single spaces, straight quotation marks, no control characters")
    } else {
        Ok(())
    }
}
