//! The sections and their fields.

use std::collections::BTreeSet;

use super::super::form::{Entry, SectionEntry};
use super::super::placeholders::RESERVED;
use super::{Meaning, text};
use crate::recipe::{Field, Form as FieldForm, Role, Section, Select};

impl Meaning<'_> {
    pub(super) fn document(&mut self) {
        let form = self.form;
        for entry in &form.sections {
            if let Some(head) = &entry.head {
                self.section(head, entry);
            }
            for field in &entry.fields {
                self.field(field);
            }
        }
        self.unread();
    }

    fn section(&mut self, head: &Entry<Section>, entry: &SectionEntry) {
        let section = &head.value;
        self.text(head, "id", text::code(&section.id));
        self.text(head, "title", text::line(&section.title));
        if let Some(source) = &section.source {
            self.text(head, "source", text::line(source));
        }
        if let Some(guidance) = &section.guidance {
            self.guidance(head, "guidance", guidance);
        }
        match &section.closed {
            Some(closed) => {
                self.text(head, "closed", text::wording(closed));
                self.closed(head, entry);
            }
            None => self.text(head, "nil", text::wording(&section.nil)),
        }
    }

    fn closed(&mut self, head: &Entry<Section>, entry: &SectionEntry) {
        if !head.value.nil.is_empty() {
            self.fault(
                head,
                "nil",
                "a closed section has no nil sentence: `closed` stands in its place",
            );
        }
        for field in &entry.fields {
            self.fault(field, "key", "a closed section has no fields");
        }
    }

    fn field(&mut self, entry: &Entry<Field>) {
        let field = &entry.value;
        self.text(entry, "key", text::id(&field.key));
        self.text(entry, "label", text::line(&field.label));
        if RESERVED.contains(&field.key.as_str()) {
            let message = format!(
                "`{}` means something else in every template: choose another key",
                field.key
            );
            self.fault(entry, "key", message);
        }
        let prose = match &field.form {
            FieldForm::Passage(select) => {
                self.select(entry, "form.passage", select);
                true
            }
            FieldForm::List(select) => {
                self.select(entry, "form.list", select);
                true
            }
            FieldForm::Fact { .. } | FieldForm::Facts { .. } => {
                self.fact_kind(entry);
                false
            }
            FieldForm::Officer | FieldForm::Index => false,
        };
        if field.max_words == Some(0) || (field.max_words.is_some() && !prose) {
            self.fault(
                entry,
                "max_words",
                "is for a passage or a list, and more than none",
            );
        }
    }

    /// A fact needs a kind that claims of it can have.
    fn fact_kind(&mut self, entry: &Entry<Field>) {
        let kinds = &self.form.kinds;
        let sound = kinds.sound.len() == kinds.ids.len();
        if sound && !kinds.sound.iter().any(|kind| kind.value.role == Role::Fact) {
            self.fault(entry, "form", "is a fact, and no kind has the role `fact`");
        }
    }

    fn select(&mut self, entry: &Entry<Field>, form: &str, select: &Select) {
        if select.kinds.is_empty() {
            self.fault(entry, &format!("{form}.kinds"), "names no kind of claim");
        }
        let mut seen = BTreeSet::new();
        for (at, kind) in select.kinds.iter().enumerate() {
            let path = format!("{form}.kinds.{at}");
            self.selected_kind(entry, &path, kind);
            if !seen.insert(kind) {
                self.fault(entry, &path, format!("`{kind}` stands here twice"));
            }
        }
        if let Some(area) = &select.area {
            self.area(entry, &format!("{form}.area"), area);
        }
        if let Some(section) = &select.placement
            && !self.form.section_ids.contains(section)
        {
            self.fault(
                entry,
                &format!("{form}.placement"),
                format!("`{section}` is the id of no section"),
            );
        }
        if !select.status.is_empty() && !self.has_role(select, Role::Measure) {
            self.fault(
                entry,
                &format!("{form}.status"),
                "none of the kinds has the role `measure`, so none has a status",
            );
        }
    }

    fn selected_kind(&mut self, entry: &Entry<Field>, path: &str, id: &str) {
        let kinds = &self.form.kinds;
        if !kinds.ids.contains(id) {
            self.fault(entry, path, format!("`{id}` is the id of no kind"));
        } else if kinds
            .sound
            .iter()
            .any(|kind| kind.value.id == id && kind.value.role == Role::Fact)
        {
            self.fault(
                entry,
                path,
                format!("`{id}` is a fact: a field takes it by its own key, with `fact` or `facts`"),
            );
        }
    }

    /// Whether one of the kinds has the role, or its kind could not be read.
    fn has_role(&self, select: &Select, role: Role) -> bool {
        select.kinds.iter().any(|id| {
            let sound = self.form.kinds.sound.iter().find(|kind| kind.value.id == *id);
            sound.is_none_or(|kind| kind.value.role == role)
        })
    }

    /// Guidance that nothing refers to would be kept up and never read.
    fn unread(&mut self) {
        let head = self.form.head.as_ref();
        let sections = || self.form.sections.iter().map(|section| section.head.as_ref());
        if head.is_none() || sections().any(|section| section.is_none()) {
            return;
        }
        let general = head.map(|head| &head.value.guidance);
        let general = general
            .into_iter()
            .flat_map(|guidance| guidance.reading.iter().chain(&guidance.writing));
        let own = sections()
            .flatten()
            .filter_map(|section| section.value.guidance.as_ref());
        let read: BTreeSet<&str> = general.chain(own).map(String::as_str).collect();
        for name in self.folder.guidance.keys().filter(|name| !read.contains(*name)) {
            let message = "is read by nobody: name it in a section or under `[guidance]`, or delete it";
            self.faults.add(&format!("guidance/{name}"), None, message);
        }
    }
}
