//! How long a recipe says that cases are kept.

use drafting::recipe::load::{Fault, load};
use drafting::recipe::{Recipe, Retention};

use super::faults::{RECIPE, edited};
use super::{lines, placeholders};

/// The small recipe with a table of its own.
fn with(table: &str) -> Result<Recipe, Vec<Fault>> {
    let head = format!("{table}\n\n[[area]]\nid = \"learning\"");
    let files = edited(&[(RECIPE, "[[area]]\nid = \"learning\"", &head)]);
    load("small", &files, Some(&placeholders()))
}

#[test]
fn what_a_recipe_does_not_name_is_kept() {
    let retention = |table| with(table).map_err(|faults| lines(&faults)).unwrap().retention;
    assert!(!retention("").is_limited());
    let some = retention("[retention]\nsources = 365\ndrafts = 90");
    let expected = Retention {
        sources: Some(365),
        drafts: Some(90),
        ..Retention::default()
    };
    assert_eq!((some, some.is_limited()), (expected, true));
}

#[test]
fn days_that_cannot_be_meant_are_faults_with_their_line() {
    for (table, name) in [
        ("[retention]\nruns = 0", "`runs`"),
        ("[retention]\npublished = -1", "`published`"),
        ("[retention]\nsources = 36501", "`sources`"),
        ("[retention]\ndrafts = \"90\"", "expected i64"),
        ("[retention]\narchive = 1", "archive"),
    ] {
        let faults = lines(&with(table).unwrap_err()).join("\n");
        assert!(
            faults.contains(name) && faults.contains("recipe.toml:"),
            "{table}: {faults}"
        );
    }
}
