//! How much of a gold annotation stands in the drafts that are made without a model.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot begin has failed"
)]
#![expect(clippy::cast_precision_loss, reason = "counts of sentences")]

mod behaviours;
mod case;
mod measure;

use std::fmt::Write as _;

use drafting::compose::compose;
use drafting::extract::{self, Extracted};
use drafting::identity::strangers;
use drafting::recipe::Recipe;
use drafting::reconcile::reconcile;
use measure::Measured;

/// Drafts a case and measures it.
fn measured(recipe: &Recipe, name: &str) -> Measured {
    let gold = case::load(recipe, name);
    let sources = gold.case.sources.iter();
    let extracted: Vec<Extracted> = sources
        .filter_map(|source| extract::document(recipe, source, &gold.case.manifest))
        .collect();
    let signs: Vec<_> = extracted.iter().map(Extracted::signs).collect();
    assert_eq!(strangers(recipe, &gold.case.manifest, &signs), [], "{name}");
    let all = reconcile(recipe, &gold.case, extracted);
    let draft = compose(recipe, &gold.case, &all);
    let measured = measure::measure(recipe, &gold.case, &gold.gold, &all, &draft);
    behaviours::sound(
        recipe,
        &behaviours::Made {
            case: gold.case,
            all,
            draft,
        },
    );
    measured
}

/// A line of the table.
fn row(name: &str, m: &Measured) -> String {
    format!(
        "{name:6} needs {:14} provisions {:14} outcomes {:14} areas {:14} facts {:13} precision {:14} linked {:13} rightly {:14} words {}\n",
        m.needs.to_string(),
        m.provisions.to_string(),
        m.outcomes.to_string(),
        m.areas.to_string(),
        m.facts.to_string(),
        m.precision.to_string(),
        m.links.to_string(),
        m.link_precision.to_string(),
        m.words,
    )
}

/// The three sample cases reach what the drafter promises.
#[test]
fn sample_cases() {
    let mut table = String::new();
    for name in ["rowan", "amina", "tomas"] {
        let measured = measured(case::ehcp(), name);
        table.push_str(&row(name, &measured));
        for (what, score, least) in [
            ("needs", measured.needs, 0.75),
            ("provisions", measured.provisions, 0.75),
            ("outcomes", measured.outcomes, 0.75),
            ("facts", measured.facts, 0.9),
            ("precision", measured.precision, 0.7),
        ] {
            assert!(
                score.share() >= least,
                "{name}: {what} {score}\n{}",
                measured.account()
            );
        }
        assert!(measured.words.share() <= 0.6, "{name}: words {}", measured.words);
        // A friend's name inside the child's own quoted words stays: a quotation is not changed.
        let own: Vec<&String> = measured
            .traps
            .iter()
            .filter(|trap| !trap.starts_with("third_party_data"))
            .collect();
        assert!(own.is_empty(), "{name}: {own:#?}");
    }
    println!("{table}");
}

/// Reports of other kinds: a clinic's letter without headings, plans and forms as tables, a young person at college,
/// headings that are not marked as such. They say little else than what counts, so that their drafts are longer.
#[test]
fn other_reports() {
    let mut table = String::new();
    for name in ["leo", "nadia", "ivy", "sol", "kit"] {
        let measured = measured(case::ehcp(), name);
        _ = write!(table, "{}", row(name, &measured));
        for (what, score, least) in [
            ("claims", measured.recall(), 0.85),
            ("facts", measured.facts, 0.9),
            ("precision", measured.precision, 0.8),
        ] {
            assert!(
                score.share() >= least,
                "{name}: {what} {score}\n{}",
                measured.account()
            );
        }
        assert!(measured.traps.is_empty(), "{name}: {:#?}", measured.traps);
    }
    println!("{table}");
}
