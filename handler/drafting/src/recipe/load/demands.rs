//! The recipe's own rules: whether what they name is there, and whether each finds what it says it finds.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::{Faults, in_plain_words};
use super::form::Form;
use super::{DEMANDS, Fault, RECIPE};
use crate::check::{demands, rules};
use crate::recipe::Recipe;
use crate::recipe::demands::{Consulted, Demand, Demands, SERVED, Test};
use crate::recipe::lexicon::parse_with;
use crate::recipe::profile::Profile;

/// Reads the rules and checks them against the recipe, where that could be read.
pub fn check(
    text: &str,
    words: &BTreeMap<String, String>,
    form: Option<&Form>,
    faults: &mut Faults,
) -> Demands {
    let demands: Demands = match parse_with(text, words) {
        Ok(demands) => demands,
        Err(found) => {
            for (line, message) in found {
                faults.add(DEMANDS, line, in_plain_words(&message));
            }
            return Demands::default();
        }
    };
    let mut seen = BTreeSet::new();
    for demand in &demands.rules {
        let id = &demand.id;
        if !is_id(id) || !seen.insert(id) || rules::ALL.iter().any(|rule| rule.id == id) {
            fault(
                DEMANDS,
                text,
                demand,
                faults,
                "is no id, or the id of another rule: an id is two words such as `language.plain`",
            );
        }
        if let Some(form) = form {
            names(DEMANDS, text, form, demand, faults);
        }
    }
    demands
}

/// Whether the rules that `recipe.toml` sets are there: in the catalogue, in `rules.toml` or in the chosen profile.
pub fn settings(form: &Form, demands: &Demands, profile: Option<&Profile>, faults: &mut Faults) {
    let Some(head) = &form.head else { return };
    let own = demands
        .rules
        .iter()
        .chain(profile.iter().flat_map(|profile| &profile.demands));
    let own: BTreeSet<&str> = own.map(|demand| demand.id.as_str()).collect();
    for id in head.value.rules.keys() {
        if !rules::ALL.iter().any(|rule| rule.id == id) && !own.contains(id.as_str()) {
            let line = head.line(&format!("rules.{id}"));
            faults.add(RECIPE, line, format!("`{id}` is the id of no rule"));
        }
    }
}

pub fn is_id(id: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    id.split_once('.')
        .is_some_and(|(family, own)| word(family) && word(own))
}

/// A fault at the line of the rule's id.
fn fault(file: &str, text: &str, demand: &Demand, faults: &mut Faults, message: &str) {
    let quoted = format!("\"{}\"", demand.id);
    let line = text
        .lines()
        .position(|line| line.starts_with("id") && line.contains(&quoted));
    faults.add(
        file,
        line.map(|line| line + 1),
        format!("`{}` {message}", demand.id),
    );
}

/// Whether what a rule of this file names is there.
pub fn names(file: &str, text: &str, form: &Form, demand: &Demand, faults: &mut Faults) {
    let facts = match &demand.test {
        Test::Unnamed(keys) | Test::Toward(keys) => keys.iter().collect(),
        Test::NoProfessional(sought) => sought.but.iter().collect(),
        Test::Age(key) => vec![key],
        Test::FromYear(sought) => vec![&sought.born],
        Test::Called(sought) => vec![&sought.name, &sought.preferred],
        Test::Enclosed(sought) => vec![&sought.fact],
        Test::Filled(wanted) => wanted.iter().flatten().collect(),
        Test::Clock(milestones) => {
            let from = milestones.iter().filter_map(|one| one.from.as_ref());
            from.filter(|key| key.as_str() != SERVED).collect()
        }
        Test::WantedWhenEmpty(wanted) => wanted.keys().collect(),
        Test::Beside(pairs) => pairs
            .iter()
            .flat_map(|(needs, strengths)| [needs, strengths])
            .collect(),
        _ => Vec::new(),
    };
    for key in demand.place.fields.iter().chain(facts) {
        if !form.field_keys.contains(key) {
            fault(
                file,
                text,
                demand,
                faults,
                &format!("names `{key}`, which is the key of no field"),
            );
        }
    }
    for id in &demand.place.sections {
        if !form.section_ids.contains(id) {
            fault(
                file,
                text,
                demand,
                faults,
                &format!("names `{id}`, which is the id of no section"),
            );
        }
    }
    if let Test::Consulted(Consulted { advice, .. }) | Test::NotFrom(advice) = &demand.test {
        for id in advice.iter().filter(|id| !form.advice.ids.contains(*id)) {
            fault(
                file,
                text,
                demand,
                faults,
                &format!("names `{id}`, which is the id of no advice"),
            );
        }
    }
}

/// The rules of words that do not find their own examples, or find what they should let pass: a pattern that matches
/// nothing looks like a document without faults. Trying them compiles every pattern, so loading leaves it to whoever
/// changes a recipe.
#[must_use]
pub fn examples(recipe: &Recipe) -> Vec<Fault> {
    let mut faults = Vec::new();
    for demand in recipe
        .demands
        .rules
        .iter()
        .filter(|demand| demands::is_of_words(&demand.test))
    {
        let mut fault = |message: String| {
            faults.push(Fault {
                file: DEMANDS.to_owned(),
                line: None,
                message: format!("`{}` {message}", demand.id),
            });
        };
        if demand.fails.is_empty() || demand.passes.is_empty() {
            fault(
                "needs examples: sentences in `fails` that it finds, and in `passes` that it lets pass"
                    .into(),
            );
        }
        let found = |example: &String| demands::in_words(&recipe.lexicon, demand, example).is_some();
        for example in demand.fails.iter().filter(|example| !found(example)) {
            fault(format!("does not find its example \u{201c}{example}\u{201d}"));
        }
        for example in demand.passes.iter().filter(|example| found(example)) {
            fault(format!(
                "finds its example \u{201c}{example}\u{201d}, which it should let pass"
            ));
        }
    }
    faults
}
