//! Profiles: whether each fits the recipe, and the chosen one laid over it.

use std::collections::{BTreeMap, BTreeSet};

use super::demands;
use super::faults::{Faults, in_plain_words};
use super::folder::Folder;
use super::form::Form;
use crate::check::rules;
use crate::recipe::Recipe;
use crate::recipe::demands::Demands;
use crate::recipe::lexicon::{parse_with, words_of};
use crate::recipe::profile::{Chosen, Profile};

/// Reads every profile of the folder, so that one with a fault is told before anybody chooses it.
pub fn check(
    folder: &Folder,
    form: Option<&Form>,
    demands: &Demands,
    faults: &mut Faults,
) -> BTreeMap<String, Profile> {
    let mut words = words_of(folder.lexicon.unwrap_or_default());
    words.extend(words_of(folder.demands.unwrap_or_default()));
    let mut profiles = BTreeMap::new();
    for (name, text) in &folder.profiles {
        let file = format!("profiles/{name}.toml");
        match parse_with::<Profile>(text, &words) {
            Ok(profile) => {
                let mut source = Source {
                    file: &file,
                    text,
                    faults,
                };
                source.check(&profile, form, demands);
                profiles.insert((*name).to_owned(), profile);
            }
            Err(found) => {
                for (line, message) in found {
                    faults.add(&file, line, in_plain_words(&message));
                }
            }
        }
    }
    profiles
}

struct Source<'a> {
    file: &'a str,
    text: &'a str,
    faults: &'a mut Faults,
}

impl Source<'_> {
    fn check(&mut self, profile: &Profile, form: Option<&Form>, demands: &Demands) {
        let mut own = BTreeSet::new();
        for demand in &profile.demands {
            let id = &demand.id;
            if !demands::is_id(id) || !own.insert(id.as_str()) || rules::ALL.iter().any(|rule| rule.id == id)
            {
                self.fault(
                    id,
                    "is no id, or the id of another rule of the profile or the catalogue",
                );
            }
            if let Some(form) = form {
                demands::names(self.file, self.text, form, demand, self.faults);
            }
        }
        for id in profile.rules.keys() {
            let known = rules::ALL.iter().any(|rule| rule.id == id)
                || own.contains(id.as_str())
                || demands.rules.iter().any(|demand| demand.id == *id);
            if !known {
                self.fault(id, "is the id of no rule");
            }
        }
        let Some(form) = form else { return };
        for key in profile
            .limits
            .keys()
            .filter(|key| !form.field_keys.contains(*key))
        {
            self.fault(key, "is the key of no field");
        }
        for id in profile.nil.keys().filter(|id| !form.section_ids.contains(*id)) {
            self.fault(id, "is the id of no section");
        }
    }

    fn fault(&mut self, name: &str, message: &str) {
        let line = self.text.lines().position(|line| line.contains(name));
        self.faults.add(
            self.file,
            line.map(|line| line + 1),
            format!("`{name}` {message}"),
        );
    }
}

/// Lays a profile over a recipe.
pub fn apply(recipe: &mut Recipe, name: String, profile: Profile) {
    for demand in profile.demands {
        match recipe.demands.rules.iter_mut().find(|own| own.id == demand.id) {
            Some(own) => *own = demand,
            None => recipe.demands.rules.push(demand),
        }
    }
    for (id, setting) in profile.rules {
        recipe.rules.entry(id).or_insert(setting);
    }
    for section in &mut recipe.sections {
        if let Some(nil) = profile.nil.get(&section.id) {
            section.nil.clone_from(nil);
        }
        for field in &mut section.fields {
            field.max_words = profile.limits.get(&field.key).copied().or(field.max_words);
        }
    }
    recipe.profile = Some(Chosen {
        name,
        title: profile.title,
        version: profile.version,
    });
}
