//! What a recipe says is done about text that a service rates as harmful.

use drafting::recipe::Recipe;
use drafting::recipe::load::{Fault, load};
use drafting::screening::{Action, Category, Level, Policy};

use super::faults::{RECIPE, edited};
use super::{lines, placeholders};

/// The small recipe with a table of its own.
fn with(table: &str) -> Result<Recipe, Vec<Fault>> {
    let head = format!("{table}\n\n[[area]]\nid = \"learning\"");
    let files = edited(&[(RECIPE, "[[area]]\nid = \"learning\"", &head)]);
    load("small", &files, Some(&placeholders()))
}

#[test]
fn a_recipe_without_a_word_about_it_has_the_usual_policy() {
    assert_eq!(
        with("").map_err(|faults| lines(&faults)).unwrap().screening,
        Policy::default()
    );
}

#[test]
fn severities_call_for_what_the_recipe_says_from_where_it_says() {
    let table =
        "[screening]\nlow = \"approve\"\nmedium = \"warn\"\n[screening.from]\nhate = 2\nself_harm = 6";
    let policy = with(table).map_err(|faults| lines(&faults)).unwrap().screening;
    let check = |category, level, expected| assert_eq!(policy.action(category, level), expected);
    check(Category::Hate, Level::Low, Action::Approve);
    check(Category::Hate, Level::Medium, Action::Warn);
    check(Category::Hate, Level::High, Action::BlockAndAlert);
    check(Category::SelfHarm, Level::Medium, Action::Approve);
    check(Category::SelfHarm, Level::High, Action::BlockAndAlert);
}

#[test]
fn every_fault_is_named_with_its_line() {
    let check = |table: &str, expected: &str| {
        let faults = with(table).map(|recipe| recipe.version).unwrap_err();
        let told = lines(&faults);
        assert!(
            told.iter().any(|line| line.contains(expected)),
            "{table}: {told:?}"
        );
        assert!(faults.iter().all(|fault| fault.line.is_some()), "{told:?}");
    };
    check("[screening]\nlow = \"pass\"", "pass");
    check("[screening]\nlower = \"warn\"", "lower");
    check(
        "[screening]\nmedium = \"approve\"",
        "`medium` does less than `low`",
    );
    check("[screening]\nhigh = \"warn\"", "`high` does less than `medium`");
    check(
        "[screening.from]\nhate = 3",
        "`hate` counts from 2 (low), 4 (medium) or 6 (high) on",
    );
    check("[screening.from]\nhate = 0", "`hate` counts from");
    check("[screening.from]\nhate = -2", "`hate` counts from");
    check("[screening.from]\nrudeness = 2", "rudeness");
}
