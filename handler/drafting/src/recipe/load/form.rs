//! The form of `recipe.toml`: TOML, known keys, the right type in each.
//!
//! The document is parsed with recovery and each of its tables is read by itself, so that a fault in one does not
//! hide those of the others. Every entry remembers the lines of its keys.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::RECIPE;
use super::faults::{Faults, in_plain_words};
use super::recognition::Recognition;
use super::retention::Written as Retention;
use super::screening::Screening;
use crate::recipe::mapping::TemplateNames;
use crate::recipe::{
    Advice, Area, Completeness, Field, GeneralGuidance, Kind, RuleSetting, Section, Wording,
};

/// The most tables of one kind (`[[advice]]`, `[[section.field]]` of one section).
const MAX_TABLES: usize = 400;

/// How many unknown keys of one table are named before the rest is left for the next try.
const MAX_UNKNOWN: usize = 20;

/// The keys that stand outside the lists of tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub title: String,
    pub version: String,
    pub completeness: Completeness,
    pub wording: Wording,
    #[serde(default)]
    pub identity: Vec<String>,
    #[serde(default)]
    pub guidance: GeneralGuidance,
    #[serde(default)]
    pub rules: BTreeMap<String, RuleSetting>,
    #[serde(default)]
    pub profile: Option<String>,
    #[serde(default)]
    pub screening: Screening,
    #[serde(default)]
    pub retention: Retention,
    #[serde(default)]
    pub recognition: Recognition,
    #[serde(default)]
    pub template: TemplateNames,
    // Read apart and taken out before; named here so that a misspelt list is told what it could be.
    #[serde(default, rename = "advice")]
    _advice: IgnoredAny,
    #[serde(default, rename = "area")]
    _area: IgnoredAny,
    #[serde(default, rename = "kind")]
    _kind: IgnoredAny,
    #[serde(default, rename = "section")]
    _section: IgnoredAny,
}

/// `recipe.toml` by its tables. A table whose form is wrong is left out; its id is kept, so that whoever refers to
/// it is not blamed.
#[derive(Debug, Default)]
pub struct Form {
    pub head: Option<Entry<Head>>,
    pub advice: Entries<Advice>,
    pub areas: Entries<Area>,
    pub kinds: Entries<Kind>,
    pub sections: Vec<SectionEntry>,
    pub section_ids: BTreeSet<String>,
    pub field_keys: BTreeSet<String>,
}

/// One table and the lines of its keys.
#[derive(Debug)]
pub struct Entry<T> {
    pub value: T,
    lines: BTreeMap<String, usize>,
}

impl<T> Entry<T> {
    /// The line of a key, by its path inside the table (`wording.banner`, `cues.3`), else that of the table.
    pub fn line(&self, path: &str) -> Option<usize> {
        self.lines.get(path).or_else(|| self.lines.get("")).copied()
    }
}

/// The tables of one list.
#[derive(Debug)]
pub struct Entries<T> {
    pub sound: Vec<Entry<T>>,
    pub ids: BTreeSet<String>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self {
            sound: Vec::new(),
            ids: BTreeSet::new(),
        }
    }
}

impl<T: Clone> Entries<T> {
    /// The tables without their lines.
    pub fn values(&self) -> Vec<T> {
        self.sound.iter().map(|entry| entry.value.clone()).collect()
    }
}

/// A section and its fields, read apart.
#[derive(Debug)]
pub struct SectionEntry {
    pub head: Option<Entry<Section>>,
    pub fields: Vec<Entry<Field>>,
}

impl SectionEntry {
    /// The section with its fields.
    pub fn whole(&self) -> Option<Section> {
        let head = self.head.as_ref()?;
        let fields = self.fields.iter().map(|field| field.value.clone()).collect();
        Some(Section {
            fields,
            ..head.value.clone()
        })
    }
}

impl Form {
    /// Reads the file; `None` when it is not TOML.
    pub fn parse(text: &str, faults: &mut Faults) -> Option<Self> {
        let (document, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader {
            starts: line_starts(text),
            faults,
        };
        for error in &errors {
            reader.fault(error);
        }
        if !errors.is_empty() {
            return None;
        }
        let span = document.span();
        let mut table = document.into_inner();
        let mut form = Self {
            advice: reader.entries(&mut table, "advice"),
            areas: reader.entries(&mut table, "area"),
            kinds: reader.entries(&mut table, "kind"),
            ..Self::default()
        };
        for section in reader.tables(&mut table, "section") {
            let entry = reader.section(section, &mut form.section_ids, &mut form.field_keys);
            form.sections.push(entry);
        }
        form.head = reader.entry(Spanned::new(span, DeValue::Table(table)));
        Some(form)
    }

    /// All sound fields in order.
    pub fn fields(&self) -> impl Iterator<Item = &Entry<Field>> {
        self.sections.iter().flat_map(|section| &section.fields)
    }
}

/// The byte offsets at which lines begin.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

struct Reader<'f> {
    starts: Vec<usize>,
    faults: &'f mut Faults,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn fault(&mut self, error: &Error) {
        let line = error.span().map(|span| self.line(span.start));
        self.faults.add(RECIPE, line, in_plain_words(error.message()));
    }

    /// The tables of the list `key`, taken out of `table`.
    fn tables<'i>(&mut self, table: &mut DeTable<'i>, key: &str) -> Vec<Spanned<DeValue<'i>>> {
        let Some(value) = table.remove(key) else {
            return Vec::new();
        };
        let line = Some(self.line(value.span().start));
        match value.into_inner() {
            DeValue::Array(list) if list.len() <= MAX_TABLES => list.into_iter().collect(),
            DeValue::Array(_) => {
                self.faults
                    .add(RECIPE, line, format!("`{key}` has more than {MAX_TABLES} tables"));
                Vec::new()
            }
            _ => {
                self.faults
                    .add(RECIPE, line, format!("`{key}` is not a list of tables"));
                Vec::new()
            }
        }
    }

    fn entries<T: DeserializeOwned>(&mut self, table: &mut DeTable<'_>, key: &str) -> Entries<T> {
        let mut entries = Entries::default();
        for value in self.tables(table, key) {
            self.own_name(&value, "id", &mut entries.ids);
            entries.sound.extend(self.entry(value));
        }
        entries
    }

    fn section(
        &mut self,
        mut value: Spanned<DeValue<'_>>,
        ids: &mut BTreeSet<String>,
        keys: &mut BTreeSet<String>,
    ) -> SectionEntry {
        self.own_name(&value, "id", ids);
        let fields = match value.get_mut() {
            DeValue::Table(table) => self.tables(table, "field"),
            _ => Vec::new(),
        };
        let mut entry = SectionEntry {
            head: self.entry(value),
            fields: Vec::new(),
        };
        for field in fields {
            self.own_name(&field, "key", keys);
            entry.fields.extend(self.entry(field));
        }
        entry
    }

    /// Keeps the name that others refer to the table by, and sees that it is its own.
    fn own_name(&mut self, table: &Spanned<DeValue<'_>>, key: &str, names: &mut BTreeSet<String>) {
        let Some(value) = table.get_ref().as_table().and_then(|table| table.get(key)) else {
            return;
        };
        let Some(name) = value.get_ref().as_str() else {
            return;
        };
        if !names.insert(name.to_owned()) {
            let line = self.line(value.span().start);
            self.faults.add(
                RECIPE,
                Some(line),
                format!("`{name}` is the {key} of an earlier table: choose another"),
            );
        }
    }

    fn entry<T: DeserializeOwned>(&mut self, mut table: Spanned<DeValue<'_>>) -> Option<Entry<T>> {
        let mut lines = BTreeMap::new();
        self.lines(&table, String::new(), &mut lines);
        for _ in 0..MAX_UNKNOWN {
            match T::deserialize(ValueDeserializer::from(table.clone())) {
                Ok(value) => return Some(Entry { value, lines }),
                Err(error) => {
                    self.fault(&error);
                    if !error.span().is_some_and(|span| drop_key(table.get_mut(), &span)) {
                        return None;
                    }
                }
            }
        }
        None
    }

    fn lines(&self, value: &Spanned<DeValue<'_>>, path: String, lines: &mut BTreeMap<String, usize>) {
        let below = |key: &str| {
            if path.is_empty() {
                key.to_owned()
            } else {
                format!("{path}.{key}")
            }
        };
        match value.get_ref() {
            DeValue::Table(table) => {
                for (key, value) in table {
                    let path = below(key.get_ref());
                    lines.insert(path.clone(), self.line(key.span().start));
                    self.lines(value, path, lines);
                }
            }
            DeValue::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    let path = below(&at.to_string());
                    lines.insert(path.clone(), self.line(value.span().start));
                    self.lines(value, path, lines);
                }
            }
            _ => {}
        }
        lines.entry(path).or_insert_with(|| self.line(value.span().start));
    }
}

/// Takes out the key that stands at `span`, here or deeper. An unknown key is reported at its own place; without
/// it the rest of the table can be read.
fn drop_key(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    match value {
        DeValue::Table(table) => {
            let key = table.keys().find(|key| key.span() == *span);
            let key = key.map(|key| key.get_ref().clone());
            key.is_some_and(|key| table.remove(&*key).is_some())
                || table.iter_mut().any(|(_, value)| drop_key(value.get_mut(), span))
        }
        DeValue::Array(list) => list.iter_mut().any(|value| drop_key(value.get_mut(), span)),
        _ => false,
    }
}
