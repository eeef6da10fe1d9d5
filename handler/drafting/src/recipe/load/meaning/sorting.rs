//! The head, and the lists that claims and sources are sorted by: advice, areas, kinds.

use std::collections::{BTreeMap, BTreeSet};

use super::super::form::{Entry, Head};
use super::{Meaning, text};
use crate::recipe::{Advice, Completeness, Form as FieldForm, Role};

/// The most cues of one kind of advice.
const MAX_CUES: usize = 200;

impl Meaning<'_> {
    pub(super) fn head(&mut self) {
        let Some(head) = &self.form.head else { return };
        self.text(head, "title", text::line(&head.value.title));
        self.text(head, "version", text::version(&head.value.version));
        self.wording(head);
        self.identity(head);
        self.general(head);
    }

    fn wording(&mut self, head: &Entry<Head>) {
        let wording = &head.value.wording;
        self.text(head, "wording.banner", text::line(&wording.banner));
        self.text(head, "wording.disclosure", text::wording(&wording.disclosure));
        self.text(head, "wording.refused", text::wording(&wording.refused));
        let (sheets, lines) = (&wording.sheets, &wording.sign_off);
        for (path, line) in [
            ("wording.differ", &wording.differ),
            ("wording.entered", &wording.entered),
            ("wording.not_linked", &wording.not_linked),
        ] {
            self.text(head, path, text::line(line));
        }
        for (key, words) in sheets.texts() {
            self.text(head, &format!("wording.sheets.{key}"), text::wording(words));
        }
        for line in lines {
            self.text(head, "wording.sign_off", text::line(line));
        }
        for (path, text, name, what) in [
            (
                "wording.refused",
                &wording.refused,
                "{reason}",
                "the reason stands",
            ),
            ("wording.differ", &wording.differ, "{values}", "the values stand"),
            (
                "wording.sheets.title",
                &sheets.title,
                "{to}",
                "the role of who is asked stands",
            ),
        ] {
            if text.matches(name).count() != 1 {
                self.fault(head, path, format!("must hold `{name}` once: it is where {what}"));
            }
        }
    }

    fn identity(&mut self, head: &Entry<Head>) {
        let mut seen = BTreeSet::new();
        for (at, key) in head.value.identity.iter().enumerate() {
            let path = format!("identity.{at}");
            let field = self.form.fields().find(|field| field.value.key == *key);
            if !self.form.field_keys.contains(key) {
                self.fault(head, &path, format!("`{key}` is the key of no field"));
            } else if field.is_some_and(|field| !matches!(field.value.form, FieldForm::Fact { .. })) {
                self.fault(
                    head,
                    &path,
                    format!("`{key}` is no fact: only a single value tells two subjects apart"),
                );
            }
            if !seen.insert(key) {
                self.fault(head, &path, format!("`{key}` stands here twice"));
            }
        }
        if seen.is_empty() && head.value.completeness == Completeness::Quiet {
            let message = "`identity` is empty: a document about somebody else cannot be noticed";
            self.warn(head, "identity", message);
        }
    }

    fn general(&mut self, head: &Entry<Head>) {
        let lists = [
            ("reading", &head.value.guidance.reading),
            ("writing", &head.value.guidance.writing),
        ];
        for (list, names) in lists {
            for (at, name) in names.iter().enumerate() {
                self.guidance(head, &format!("guidance.{list}.{at}"), name);
            }
        }
    }

    /// A fault unless the guidance file is there.
    pub(super) fn guidance<T>(&mut self, entry: &Entry<T>, path: &str, name: &str) {
        if !self.folder.guidance.contains_key(name) {
            self.fault(
                entry,
                path,
                format!("`guidance/{name}` is not there, or could not be read"),
            );
        }
    }

    pub(super) fn sorting(&mut self) {
        let form = self.form;
        let mut cues = BTreeMap::new();
        for entry in &form.advice.sound {
            self.advice(entry);
            self.cues(entry, &mut cues);
        }
        let mut codes = BTreeSet::new();
        for entry in &form.areas.sound {
            let area = &entry.value;
            self.text(entry, "id", text::id(&area.id));
            self.text(entry, "title", text::line(&area.title));
            self.text(entry, "code", text::code(&area.code));
            if !codes.insert(&area.code) {
                self.fault(
                    entry,
                    "code",
                    format!("`{}` is the code of an earlier area", area.code),
                );
            }
        }
        for entry in &form.kinds.sound {
            let kind = &entry.value;
            self.text(entry, "id", text::id(&kind.id));
            self.text(entry, "title", text::line(&kind.title));
            if kind.stands_alone && kind.role != Role::Need {
                self.fault(
                    entry,
                    "stands_alone",
                    "only a kind with the role `need` can stand alone",
                );
            }
        }
    }

    fn advice(&mut self, entry: &Entry<Advice>) {
        let advice = &entry.value;
        self.text(entry, "id", text::id(&advice.id));
        self.text(entry, "title", text::line(&advice.title));
        self.text(entry, "author", text::line(&advice.author));
        if let Some(letter) = &advice.letter
            && !matches!(letter.as_bytes(), [b'A'..=b'Z'])
        {
            self.fault(entry, "letter", "is no letter from `A` to `Z`");
        }
        if let Some(law) = &advice.required {
            self.text(entry, "required", text::line(law));
        }
        if let Some(area) = &advice.area {
            self.area(entry, "area", area);
        }
        if let Some(other) = &advice.stands_for {
            self.stands_for(entry, other);
        }
    }

    fn stands_for(&mut self, entry: &Entry<Advice>, other: &str) {
        let kinds = &self.form.advice;
        let target = kinds.sound.iter().find(|kind| kind.value.id == other);
        if !kinds.ids.contains(other) {
            self.fault(entry, "stands_for", format!("`{other}` is the id of no advice"));
        } else if target.is_some_and(|kind| kind.value.required.is_none()) {
            self.fault(
                entry,
                "stands_for",
                format!("`{other}` is not required, so nothing can stand for it"),
            );
        } else if entry.value.required.is_some() {
            self.fault(
                entry,
                "stands_for",
                "advice that is itself required cannot stand for another",
            );
        }
    }

    /// A cue that two kinds share would tell nothing.
    fn cues<'e>(&mut self, entry: &'e Entry<Advice>, seen: &mut BTreeMap<&'e str, &'e str>) {
        if entry.value.cues.len() > MAX_CUES {
            self.fault(entry, "cues", format!("has more than {MAX_CUES} cues"));
        }
        for (at, cue) in entry.value.cues.iter().enumerate() {
            let path = format!("cues.{at}");
            self.text(entry, &path, text::cue(cue));
            if let Some(owner) = seen.insert(cue, &entry.value.id) {
                self.fault(entry, &path, format!("`{cue}` is a cue of `{owner}` already"));
            }
        }
    }

    /// A fault unless the area is there.
    pub(super) fn area<T>(&mut self, entry: &Entry<T>, path: &str, id: &str) {
        if !self.form.areas.ids.contains(id) {
            self.fault(entry, path, format!("`{id}` is the id of no area"));
        }
    }
}
