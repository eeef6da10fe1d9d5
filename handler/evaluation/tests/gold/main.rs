//! How much of a gold annotation stands in the drafts that are made without a model: floors for every figure, so that a
//! change that makes drafts worse fails here. `cargo run -p evaluation --bin evaluate` prints the same figures.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot begin has failed; the figures are for whoever runs it"
)]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use drafting::finding::Severity;
use drafting::recipe::Recipe;
use evaluation::measure::{Measured, drafted, measure, table};
use evaluation::{folder, gold};

static EHCP: LazyLock<Recipe> = LazyLock::new(|| folder::recipe(&here("../../recipes/ehcp")).unwrap());

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The least that a case reaches, as shares.
struct Floors {
    groups: f64,
    recall: f64,
    precision: f64,
    facts: f64,
    /// Links to a right need, and links that are right.
    links: (f64, f64),
    /// The most words of the sources in the draft.
    words: f64,
}

/// Drafts the case in this folder, prints its figures, and compares them with the floors.
fn check(folder: &str, floors: &Floors) {
    let gold = gold::folder::case(&EHCP, &here(folder)).unwrap();
    let drafted = drafted::extractive(&EHCP, &gold.case);
    let grave =
        drafted.checked.findings().iter().find(|finding| {
            finding.severity == Severity::Critical && finding.rule.starts_with("grounding.un")
        });
    assert_eq!(grave, None, "{folder}");
    let measured = measure(
        &EHCP,
        &gold.case,
        &gold.annotation,
        &drafted.claims,
        &drafted.checked,
    );
    let row = table::row(gold.case.id.as_str(), &measured);
    println!("{row}");
    let account = || measured.account();
    let reached = [
        ("groups", measured.groups(), floors.groups),
        ("claims", measured.recall(), floors.recall),
        ("precision", measured.precision, floors.precision),
        ("facts", measured.facts, floors.facts),
        ("omissions listed", measured.omissions, 0.5),
        ("linked", measured.links, floors.links.0),
        ("rightly linked", measured.link_precision, floors.links.1),
    ];
    for (what, score, least) in reached {
        assert!(score.share() >= least, "{what} {score}\n{row}\n{}", account());
    }
    assert!(measured.words.share() <= floors.words, "words\n{row}");
    assert_eq!(measured.unreadable, 0, "{row}");
    unspoilt(&measured, &row);
}

/// Nothing is invented, and no trap is fallen into that code can avoid.
fn unspoilt(measured: &Measured, row: &str) {
    assert_eq!(measured.inventions, [""; 0], "{row}");
    assert_eq!(measured.traps, [""; 0], "{row}");
}

/// What the drafter promises for whole cases of reports.
#[test]
fn sample_cases() {
    for name in ["rowan", "amina", "tomas"] {
        check(
            &format!("../tests/cases/{name}"),
            &Floors {
                groups: 0.95,
                recall: 0.85,
                precision: 0.9,
                facts: 0.95,
                links: (0.65, 0.55),
                words: 0.605,
            },
        );
    }
}

/// Reports of other kinds: a clinic's letter without headings, plans and forms as tables, a young person at college,
/// headings that are not marked as such, two versions of one report, questions and answers. They say little else than
/// what counts, so that their drafts are longer.
#[test]
fn other_reports() {
    for name in ["leo", "nadia", "ivy", "sol", "kit", "bea", "otto", "priya"] {
        check(
            &format!("tests/gold/cases/{name}"),
            &Floors {
                groups: 0.9,
                recall: 0.9,
                precision: 0.83,
                facts: 0.85,
                links: (0.4, 0.4),
                words: 0.85,
            },
        );
    }
}
