//! The case before anybody drafts from it: its sources described, and those about somebody else kept out.

use std::collections::BTreeSet;
use std::sync::Arc;

use drafting::case::{Case, Manifest, Source};
use drafting::check::rules;
use drafting::extract::{self, Extracted, head};
use drafting::finding::{Finding, Subject};
use drafting::identity::{self, Signs};
use drafting::recipe::Recipe;

use crate::measured;
use crate::recipes::Usable;

/// What is ready to be drafted from: read, described, and without documents about somebody else.
pub(crate) struct Prepared {
    /// The case with all its sources.
    pub case: Arc<Case>,
    /// What was found in those that are drafted from, without a model.
    pub extracted: Vec<Extracted>,
    /// The sources that are about somebody else.
    pub kept_out: BTreeSet<u16>,
    /// The findings so far.
    pub early: Vec<Finding>,
}

/// Describes the sources, finds what can be found without a model, and keeps out what is about somebody else.
pub(super) fn prepare(usable: &Usable, mut case: Case, early: Vec<Finding>) -> Prepared {
    let recipe = &usable.recipe;
    let mut extracted: Vec<Extracted> = measured::Stage::Extract.during(recipe, || {
        for source in &mut case.sources {
            describe(recipe, &case.manifest, source);
        }
        let sources = case.sources.iter();
        sources
            .filter_map(|source| extract::document(recipe, source, &case.manifest))
            .collect()
    });
    let signs: Vec<Signs> = extracted.iter().map(Extracted::signs).collect();
    let (kept_out, early) =
        measured::Stage::Identity.during(recipe, || strangers(usable, &case, &signs, early));
    extracted.retain(|extracted| !kept_out.contains(&extracted.source));
    Prepared {
        case: Arc::new(case),
        extracted,
        kept_out,
        early,
    }
}

/// Kind of advice, author's role and date: as the manifest says, else as the source itself does.
fn describe(recipe: &Recipe, manifest: &Manifest, source: &mut Source) {
    let said = manifest
        .documents
        .iter()
        .find(|document| document.file == source.name);
    let own = source
        .content
        .as_ref()
        .ok()
        .map(|document| head::head(recipe, &source.name, document));
    source.advice = said
        .and_then(|said| said.advice.clone())
        .or_else(|| own.as_ref()?.advice.clone());
    source.author_role = said
        .and_then(|said| said.author_role.clone())
        .or_else(|| own.as_ref()?.author_role.clone());
    source.date = said.and_then(|said| said.date).or_else(|| own.as_ref()?.date);
}

/// The sources that are about somebody else, with a finding each, and one for each that does not say whom it is about.
fn strangers(
    usable: &Usable,
    case: &Case,
    signs: &[Signs],
    mut findings: Vec<Finding>,
) -> (BTreeSet<u16>, Vec<Finding>) {
    let mut kept_out = BTreeSet::new();
    for stranger in identity::strangers(&usable.recipe, &case.manifest, signs) {
        kept_out.insert(stranger.source);
        let Some(source) = case
            .sources
            .iter()
            .find(|source| source.number == stranger.source)
        else {
            continue;
        };
        let labels: Vec<&str> = stranger
            .keys
            .iter()
            .map(|key| {
                usable
                    .recipe
                    .field(key)
                    .map_or(key.as_str(), |field| field.label.as_str())
            })
            .collect();
        let than = if stranger.outvoted {
            "than the other documents or the manifest"
        } else {
            "than another document, and nothing says which is right"
        };
        findings.push(rules::STRANGER.finding(
            Subject::Source(source.name.clone()),
            format!("it gives another {} {than}; it was kept out", labels.join(" and another ")),
            Some("remove it if it is about another child; if it is not, correct it, or give the child's name, date of birth and NHS number in case.json".into()),
        ));
    }
    findings.extend(identity::unnamed(&usable.recipe, case, signs, &kept_out));
    (kept_out, findings)
}
