//! What stands in the fields of a copy, and what is said of sections and sources.

use drafting::case::Source;
use drafting::draft::{DraftField, FieldContent, Statement, Support};
use drafting::recipe::{Advice, Form};
use serde_json::{Map, Value, json};

use super::{Copy, DocumentEntry, StatementEntry, holds_statements};
use crate::citation::{Citation, citations, lines};
use crate::index::Index;
use crate::report::source_state;
use crate::words;

/// What stands in a table where nothing is known.
const NONE: &str = "\u{2013}";

/// Writes the parts of one copy of a draft.
pub(super) struct Writer<'a> {
    pub index: &'a Index<'a>,
    pub copy: Copy,
}

impl Writer<'_> {
    /// The content of every field, by its key.
    pub(super) fn fields(&self) -> Map<String, Value> {
        self.drafted()
            .map(|field| (field.key.clone(), self.content(field)))
            .collect()
    }

    /// The citations of every value, by the key of its field.
    pub(super) fn citations(&self) -> Map<String, Value> {
        let values = self.drafted().filter(|field| !self.holds_statements(field));
        values
            .map(|field| {
                let statements = field.content.statements().iter();
                let mut lines: Vec<String> = Vec::new();
                // Several values of one field often stand in the same sentence.
                for cited in statements.map(|value| self.cited(value)) {
                    if !cited.is_empty() && !lines.contains(&cited) {
                        lines.push(cited);
                    }
                }
                (field.key.clone(), json!(lines.join("\n")))
            })
            .collect()
    }

    fn drafted(&self) -> impl Iterator<Item = &DraftField> {
        self.index.sections().flat_map(|(section, _)| &section.fields)
    }

    fn holds_statements(&self, field: &DraftField) -> bool {
        self.index
            .recipe
            .field(&field.key)
            .is_some_and(|field| holds_statements(&field.form))
    }

    fn content(&self, field: &DraftField) -> Value {
        let nil = self.index.recipe.nil_of(&field.key).unwrap_or_default();
        if self.holds_statements(field) {
            let statements = field.content.statements();
            if statements.is_empty() && !nil.is_empty() {
                return json!([StatementEntry::nil(nil)]);
            }
            return statements
                .iter()
                .map(|statement| json!(self.entry(statement)))
                .collect();
        }
        json!(match &field.content {
            FieldContent::Empty => nil.to_owned(),
            FieldContent::Open(values) => self.open(values),
            FieldContent::Value(value) => value.text.clone(),
            FieldContent::Statements(values) => values
                .iter()
                .map(|value| value.text.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
        })
    }

    fn entry<'a>(&self, statement: &'a Statement) -> StatementEntry<'a> {
        StatementEntry {
            id: &statement.id,
            text: &statement.text,
            marks: &statement.marks,
            serves: &statement.serves,
            sources: self.cited(statement),
        }
    }

    /// What a statement rests on, a line for each place; nothing in the clean copy.
    pub(super) fn cited(&self, statement: &Statement) -> String {
        match (self.copy, &statement.support) {
            (Copy::Clean, _) => String::new(),
            (Copy::Cited, Support::Officer) => self.index.recipe.wording.entered.clone(),
            (Copy::Cited, Support::Claims(_)) => lines(&self.places(statement), &statement.text).join("\n"),
        }
    }

    fn places(&self, statement: &Statement) -> Vec<Citation<'_>> {
        citations(self.index, &self.index.evidence(&statement.support))
    }

    /// What stands in a field that was left open. In both copies: nobody may take silence for agreement.
    fn open(&self, values: &[Statement]) -> String {
        let values: Vec<String> = values
            .iter()
            .map(|value| {
                let mut files: Vec<&str> = self
                    .places(value)
                    .iter()
                    .map(|place| place.source.name.as_str())
                    .collect();
                files.dedup();
                format!("{} ({})", value.text, files.join(", "))
            })
            .collect();
        let wording = &self.index.recipe.wording.differ;
        wording.replace("{values}", &values.join(" / "))
    }

    /// The sentence of each section that holds nothing, by its id.
    pub(super) fn nil(&self) -> Map<String, Value> {
        let has_sources = !self.index.generated.case.sources.is_empty();
        let sections = self.index.sections();
        sections
            .map(|(section, recipe)| {
                let is_filled = |field: &DraftField| !field.content.statements().is_empty();
                let lists = |form: &Form| *form == Form::Index && has_sources;
                let nil = recipe.map_or("", |recipe| {
                    let listed = recipe.fields.iter().any(|field| lists(&field.form));
                    if listed || section.fields.iter().any(is_filled) {
                        ""
                    } else {
                        &recipe.nil
                    }
                });
                let manifest = &self.index.generated.case.manifest;
                let chosen =
                    !nil.is_empty() && manifest.says_none(&section.id) && matches!(self.copy, Copy::Cited);
                let whose = if chosen {
                    " (Chosen by the case officer.)"
                } else {
                    ""
                };
                (section.id.clone(), json!(format!("{nil}{whose}")))
            })
            .collect()
    }

    /// The sources in order of their letters, then of their names; those without a letter last.
    pub(super) fn documents(&self) -> Vec<DocumentEntry<'_>> {
        let sources = self.index.generated.case.sources.iter();
        let mut documents: Vec<DocumentEntry<'_>> = sources.map(|source| self.document(source)).collect();
        documents.sort_by_cached_key(|document| (document.letter == NONE, document.letter.clone()));
        documents
    }

    fn document<'a>(&'a self, source: &'a Source) -> DocumentEntry<'a> {
        let advice = source.advice.as_deref();
        let known = advice.and_then(|id| self.index.recipe.advice(id));
        let pages = source.content.as_ref().ok().and_then(|document| document.pages);
        DocumentEntry {
            letter: self.letter(source, known),
            file: source.name.as_str(),
            kind: known
                .map(|advice| advice.title.as_str())
                .or(advice)
                .unwrap_or(NONE),
            author: source.author_role.as_deref().unwrap_or(NONE),
            date: source.date.map_or_else(|| NONE.to_owned(), words::day),
            pages: pages.map_or_else(|| NONE.to_owned(), |pages| pages.to_string()),
            state: source_state(self.index, source).1,
        }
    }

    /// The letter of an appendix: the one that its file has in its name, else that of its kind; a dash without any.
    fn letter(&self, source: &Source, advice: Option<&Advice>) -> String {
        let own = named_letter(source.name.as_str(), &self.index.recipe.wording.appendix);
        let filed = advice.and_then(|advice| advice.letter.clone());
        own.or(filed).unwrap_or_else(|| NONE.to_owned())
    }
}

/// The letter after the word for an appendix in a file's name: `F` of `23_Appendix F(2).docx`.
fn named_letter(file: &str, word: &str) -> Option<String> {
    let file = file.to_lowercase();
    let after = file
        .split_once(&word.to_lowercase())
        .filter(|_| !word.is_empty())?
        .1;
    let mut letters = after.trim_start_matches([' ', '_', '-']).chars();
    let letter = letters.next().filter(char::is_ascii_lowercase)?;
    let ends = letters.next().is_none_or(|next| !next.is_alphanumeric());
    ends.then(|| letter.to_uppercase().collect())
}

#[cfg(test)]
mod tests {
    use super::named_letter;

    #[test]
    fn letters_of_appendices_in_the_names_of_files() {
        for (file, letter) in [
            ("Appendix F.pdf", Some("F")),
            ("23_Appendix F(2).docx", Some("F")),
            ("07_Appendix_B.pdf", Some("B")),
            ("appendix-k EP.pdf", Some("K")),
            ("Appendix.pdf", None),
            ("Appendix EP.pdf", None),
            ("Appendices.pdf", None),
            ("EP report.pdf", None),
        ] {
            assert_eq!(named_letter(file, "Appendix").as_deref(), letter, "{file}");
        }
        assert_eq!(named_letter("Appendix F.pdf", ""), None);
    }
}
