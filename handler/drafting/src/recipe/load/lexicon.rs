//! The lexicon, and whether what it names is in the recipe.

use super::faults::{Faults, in_plain_words};
use super::form::Form;
use super::{LEXICON, RECIPE};
use crate::recipe::lexicon::{HeadingRule, Lexicon, parse};

/// Reads the lexicon and checks it against the recipe, where that could be read.
pub fn check(text: &str, form: Option<&Form>, faults: &mut Faults) -> Option<Lexicon> {
    match parse(text) {
        Ok(lexicon) => {
            if let Some(form) = form {
                let mut names = Names { text, form, faults };
                names.check(&lexicon);
                names.findable(&lexicon);
            }
            Some(lexicon)
        }
        Err(found) => {
            for (line, message) in found {
                faults.add(LEXICON, line, in_plain_words(&message));
            }
            None
        }
    }
}

struct Names<'a> {
    text: &'a str,
    form: &'a Form,
    faults: &'a mut Faults,
}

impl Names<'_> {
    fn check(&mut self, lexicon: &Lexicon) {
        for heading in &lexicon.headings {
            self.heading(heading);
        }
        for voice in &lexicon.voices {
            self.kinds(voice.kinds.iter().chain(&voice.otherwise).chain(&voice.in_area));
        }
        for cues in &lexicon.cues {
            self.kinds(std::iter::once(&cues.kind).chain(&cues.denied).chain(&cues.over));
        }
        let placements = &lexicon.placements;
        self.areas(lexicon.topics.iter().filter_map(|topic| topic.area.as_ref()));
        self.areas(
            lexicon
                .fallback_area
                .iter()
                .chain(placements.iter().map(|placement| &placement.area)),
        );
        self.areas(lexicon.attributes.iter().flat_map(|attribute| &attribute.areas));
        self.sections(placements.iter().map(|placement| &placement.section));
        self.facts(keys(lexicon));
        let advice = lexicon.facts.iter().flat_map(|fact| &fact.advice);
        self.known(advice, "advice", |form, id| form.advice.ids.contains(id));
    }

    fn heading(&mut self, heading: &HeadingRule) {
        self.kinds(heading.kind.iter().chain(&heading.otherwise));
        self.areas(&heading.area);
        self.sections(&heading.placement);
    }

    fn kinds<'n>(&mut self, ids: impl IntoIterator<Item = &'n String>) {
        self.known(ids, "kind", |form, id| form.kinds.ids.contains(id));
    }

    fn areas<'n>(&mut self, ids: impl IntoIterator<Item = &'n String>) {
        self.known(ids, "area", |form, id| form.areas.ids.contains(id));
    }

    fn sections<'n>(&mut self, ids: impl IntoIterator<Item = &'n String>) {
        self.known(ids, "section", |form, id| form.section_ids.contains(id));
    }

    fn facts<'n>(&mut self, keys: impl IntoIterator<Item = &'n String>) {
        self.known(keys, "fact", |form, key| {
            let sound = form.fields().find(|field| field.value.key == *key);
            sound.map_or(form.field_keys.contains(key), |field| field.value.form.is_fact())
        });
    }

    fn known<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n String>,
        what: &str,
        is_known: impl Fn(&Form, &str) -> bool,
    ) {
        for name in names {
            if !is_known(self.form, name) {
                let line = line_of(self.text, name);
                self.faults.add(
                    LEXICON,
                    line,
                    format!("`{name}` is the name of no {what} of the recipe"),
                );
            }
        }
    }

    /// A fact that the lexicon does not know is found by a model or not at all.
    fn findable(&mut self, lexicon: &Lexicon) {
        if keys(lexicon).next().is_none() {
            return;
        }
        for field in self.form.fields().filter(|field| field.value.form.is_fact()) {
            let key = &field.value.key;
            if !keys(lexicon).any(|found| found == key) {
                let message =
                    format!("the lexicon has no fact `{key}`: without a model only the officer can fill it");
                self.faults.warn(RECIPE, field.line("key"), message);
            }
        }
    }
}

/// The keys of the facts that the lexicon finds.
fn keys(lexicon: &Lexicon) -> impl Iterator<Item = &String> {
    let persons = lexicon.person.facts.iter().flat_map(|fact| &fact.keys);
    lexicon.facts.iter().map(|fact| &fact.key).chain(persons)
}

/// The first line on which the name stands as a text of its own.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let (double, single) = (format!("\"{name}\""), format!("'{name}'"));
    let holds = |line: &str| line.contains(&double) || line.contains(&single);
    text.lines().position(holds).map(|at| at + 1)
}
