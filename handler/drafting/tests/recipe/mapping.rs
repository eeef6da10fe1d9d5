//! What a recipe says of the names of somebody else's template.

use std::collections::BTreeSet;

use drafting::recipe::Recipe;
use drafting::recipe::load::{Fault, Names, load};

use super::faults::{RECIPE, edited};
use super::{lines, placeholders};

/// The small recipe with names mapped, and a template that has these besides its own.
fn mapped(map: &str, names: &[&str]) -> Result<Recipe, Vec<Fault>> {
    let head = format!("[template.map]\n{map}\n\n[[area]]\nid = \"learning\"");
    let files = edited(&[(RECIPE, "[[area]]\nid = \"learning\"", &head)]);
    let mut all = placeholders();
    all.extend(names.iter().map(|name| (*name).to_owned()));
    load("small", &files, Some(&all))
}

fn faults(map: &str, names: &[&str]) -> Vec<String> {
    let faults = mapped(map, names)
        .map(|recipe| recipe.version)
        .expect_err("no fault");
    faults.into_iter().map(|fault| fault.message).collect()
}

#[test]
fn names_are_found() {
    let recipe = mapped(
        "\"Date of Birth\" = \"born\"\n\"Need no. {n}.\" = \"needs\"\n\"{area} help {n}\" = { field = \"help\", serving = \"needs\" }\ntoday = \"date\"",
        &["Date of Birth", "Need no. 1.", "Need no. 2.", "care help 1", "learning help 1", "today"],
    )
    .map_err(|faults| lines(&faults))
    .expect("a fault");
    assert_eq!(lines(&recipe.warnings), [""; 0]);
    let found = |name: &str| {
        let mapped = recipe.mapping.get(name)?;
        let target = &mapped.name.target;
        Some((
            target.field().to_owned(),
            target.serving().map(str::to_owned),
            mapped.number,
        ))
    };
    assert_eq!(found("Date of Birth"), Some(("born".to_owned(), None, None)));
    assert_eq!(found("Need no. 12."), Some(("needs".to_owned(), None, Some(12))));
    assert_eq!(found("Need no. 012."), Some(("needs".to_owned(), None, Some(12))));
    assert_eq!(
        found("care help 3"),
        Some(("help".to_owned(), Some("needs".to_owned()), Some(3)))
    );
    for none in [
        "date of birth",
        "Need no. .",
        "Need no. 0.",
        "Need no. 1",
        "Need no. +1.",
        "Need no. 9999.",
        "other help 1",
        "",
    ] {
        assert_eq!(found(none), None, "{none}");
    }
}

#[test]
fn what_is_wrong_with_a_map_is_said() {
    let check = |map: &str, expected: &str| assert_eq!(faults(map, &[]), [expected], "{map}");
    check(
        "a = \"hobbies\"",
        "`a` is mapped to `hobbies`, which is the key of no field",
    );
    check(
        "\"{area}_{n}\" = \"{area}_needs\"",
        "`{area}_{n}` stands for no field: no area has a `{area}_needs`",
    );
    check(
        "\"a {n}\" = \"born\"",
        "`a {n}` has a number, and `born` is no passage or list whose statements could be counted",
    );
    check(
        "a = { field = \"help\", serving = \"needs\" }",
        "`a` has no `{n}`, the number of the statement that is served",
    );
    check(
        "\"a {n}\" = { field = \"help\", serving = \"born\" }",
        "`a {n}` has a number, and `born` is no passage or list whose statements could be counted",
    );
    check(
        "needs = \"help\"",
        "`needs` gives another meaning to `needs`, which has one of its own",
    );
    check(
        "banner = \"help\"",
        "`banner` gives another meaning to `banner`, which has one of its own",
    );
    check(
        "\"{area} {n}\" = \"needs\"\n\"care {n}\" = \"help\"",
        "`{area} {n}` maps `care {n}` a second time: leave one of the two out",
    );
    check(
        "a = \"received\"",
        "`a` is mapped to `received`, the list of sources: loop over `documents` in the template",
    );
    for name in ["a  b", " a", "a\\u0007", "\u{201c}a\u{201d}"] {
        let message =
            "is not as a template is read: single spaces, straight quotation marks, no control characters";
        let found = faults(&format!("\"{name}\" = \"born\""), &[]);
        assert!(
            found.len() == 1 && found.iter().all(|fault| fault.ends_with(message)),
            "{found:?}"
        );
    }
    for name in ["{n} {n}", "a {b}", "{{ a }}"] {
        let found = faults(&format!("\"{name}\" = \"needs\""), &[]);
        assert!(
            found.iter().all(|fault| fault.ends_with("and no other braces")),
            "{found:?}"
        );
    }
    let found = faults("a = 1", &[]);
    assert!(
        found
            .iter()
            .any(|fault| fault.contains("expected the key of a field, or `{ field = ")),
        "{found:?}"
    );
}

#[test]
fn a_fault_names_its_line() {
    let found = mapped("b = \"born\"\na = \"hobbies\"", &[])
        .map(|recipe| recipe.version)
        .expect_err("no fault");
    let text = String::from_utf8(edited(&[])[RECIPE].clone()).expect("text");
    let before = text.lines().take_while(|line| *line != "[[area]]").count();
    assert_eq!(found.first().and_then(|fault| fault.line), Some(before + 3));
}

#[test]
fn the_template_has_every_number_and_every_name() {
    let map = "\"need {n}\" = \"needs\"\n\"born on\" = \"born\"";
    let recipe = mapped(map, &["need 1", "need 2"]).expect("a fault");
    let warnings: Vec<&str> = recipe
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(warnings, ["the template has no placeholder `born on`"]);
    assert_eq!(
        faults(map, &["need 1", "need 3", "born on"]),
        ["has `need {n}` up to 3 and not 2: what belongs there would stand nowhere"]
    );
    assert_eq!(
        faults(map, &["need x", "born on", "need 1"]),
        ["the placeholder `need x` is the key of no field: add the field, map the name or correct it"]
    );
    assert_eq!(
        faults(
            "\"need {n}\" = \"needs\"\n\"need 1{n}\" = \"help\"",
            &["need 1", "need 12"]
        ),
        [
            "has `need {n}` up to 12 and not 2: what belongs there would stand nowhere",
            "the placeholder `need 12` is mapped twice",
        ]
        .get(1..)
        .expect("one"),
    );
}

/// Whoever opens the template knows the names before the recipe is loaded, whatever is wrong with it.
#[test]
fn names_are_known_before() {
    let files = edited(&[(
        RECIPE,
        "[[area]]\nid = \"learning\"",
        "[template.map]\n\"a-b\" = \"born\"\n\n[[area]]\nid = \"learning\"",
    )]);
    let names = Names::of(&files);
    for (name, expected) in [
        ("a-b", true),
        ("born", true),
        ("date", true),
        ("documents", false),
        ("c", false),
    ] {
        assert_eq!(names.has(name), expected, "{name}");
    }
    let damaged = edited(&[(RECIPE, "[[area]]", "[[area")]);
    let none: BTreeSet<bool> = ["a-b", "born"].map(|name| Names::of(&damaged).has(name)).into();
    assert_eq!(none, [false].into());
}
