//! What the entries of `recipe.toml` mean together: that each name is a name, refers to something that is there,
//! and that nothing can be said that no field takes.

use super::RECIPE;
use super::faults::Faults;
use super::folder::Folder;
use super::form::{Entry, Form};

mod document;
mod reach;
mod sorting;
mod text;

/// One check's view: what was read, and where its faults go.
struct Meaning<'a> {
    form: &'a Form,
    folder: &'a Folder<'a>,
    faults: &'a mut Faults,
}

/// Checks everything that needs more than one key to judge.
pub fn check(form: &Form, folder: &Folder<'_>, faults: &mut Faults) {
    let mut meaning = Meaning { form, folder, faults };
    meaning.head();
    meaning.sorting();
    meaning.document();
    meaning.reach();
}

impl Meaning<'_> {
    fn fault<T>(&mut self, entry: &Entry<T>, path: &str, message: impl Into<String>) {
        self.faults.add(RECIPE, entry.line(path), message);
    }

    fn warn<T>(&mut self, entry: &Entry<T>, path: &str, message: impl Into<String>) {
        self.faults.warn(RECIPE, entry.line(path), message);
    }

    /// A fault unless the text can stand in a document or an id.
    fn text<T>(&mut self, entry: &Entry<T>, path: &str, verdict: Result<(), String>) {
        if let Err(message) = verdict {
            self.fault(entry, path, message);
        }
    }
}
