//! What the fields leave out: lists that must not be empty, kinds and areas that no field takes.

use super::super::RECIPE;
use super::super::form::Entry;
use super::Meaning;
use crate::recipe::{Area, Field, Form as FieldForm, Kind, Role, Select};

impl Meaning<'_> {
    pub(super) fn reach(&mut self) {
        let form = self.form;
        let lists = [
            ("advice", form.advice.ids.is_empty()),
            ("kind", form.kinds.ids.is_empty()),
            ("section", form.sections.is_empty()),
        ];
        for (list, empty) in lists {
            if empty {
                self.faults.add(RECIPE, None, format!("has no `[[{list}]]`"));
            }
        }
        for entry in &form.sections {
            if let Some(head) = &entry.head
                && head.value.closed.is_none()
                && entry.fields.is_empty()
            {
                self.warn(
                    head,
                    "id",
                    "the section has no field and is not closed: only its nil sentence can stand there",
                );
            }
        }
        for kind in &form.kinds.sound {
            self.kind(kind);
        }
    }

    /// A claim that no field takes is listed in the report and stands nowhere in the document.
    fn kind(&mut self, kind: &Entry<Kind>) {
        let form = self.form;
        let taken = |area: Option<&Area>| form.fields().any(|field| takes(&field.value, &kind.value, area));
        let areas = || form.areas.sound.iter().map(|area| &area.value);
        if !taken(None) && !areas().any(|area| taken(Some(area))) {
            self.warn(
                kind,
                "id",
                format!("no field takes a claim of the kind `{}`", kind.value.id),
            );
            return;
        }
        let threaded = matches!(kind.value.role, Role::Need | Role::Measure | Role::Outcome);
        for area in areas().filter(|area| threaded && !taken(Some(area))) {
            let message = format!(
                "no field takes a claim of the kind `{}` in the area `{}`",
                kind.value.id, area.id
            );
            self.warn(kind, "id", message);
        }
    }
}

/// Whether some claim of the kind and area could stand in the field.
fn takes(field: &Field, kind: &Kind, area: Option<&Area>) -> bool {
    let selects = |select: &Select| {
        let of_area = select.area.is_none() || select.area.as_deref() == area.map(|area| area.id.as_str());
        select.kinds.contains(&kind.id) && of_area
    };
    match &field.form {
        FieldForm::Fact { .. } | FieldForm::Facts { .. } => kind.role == Role::Fact,
        FieldForm::Passage(select) | FieldForm::List(select) => selects(select),
        FieldForm::Officer | FieldForm::Index => false,
    }
}
