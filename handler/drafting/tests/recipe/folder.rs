//! The folder around `recipe.toml`: its files, its name, its template, its digest.

use std::collections::BTreeSet;

use drafting::recipe::load::{Files, load};

use super::faults::{RECIPE, edited};
use super::{lines, load_small, placeholders, small};

#[test]
fn files() {
    let check = |change: &dyn Fn(&mut Files), expected: &str| {
        let mut files = small();
        change(&mut files);
        let faults = load_small(&files)
            .map(|recipe| recipe.version)
            .expect_err("no fault");
        assert!(
            lines(&faults).contains(&expected.to_owned()),
            "{:?}",
            lines(&faults)
        );
    };
    for name in ["recipe.toml", "lexicon.toml", "template.docx"] {
        let large = |files: &mut Files| _ = files.insert(name.to_owned(), vec![b' '; 1_000_001]);
        check(&large, &format!("{name}: is larger than 1000000 bytes"));
    }
    check(
        &|files| _ = files.remove(RECIPE),
        "recipe.toml: is missing: add it to the folder",
    );
    for name in [
        "guidance/Needs.md",
        "guidance/a/b.md",
        "guidance/.md",
        "needs.md",
        "../recipe.toml",
    ] {
        let add = |files: &mut Files| _ = files.insert(name.to_owned(), b"a".to_vec());
        let message = "is no file of a recipe: a folder holds `recipe.toml`, `lexicon.toml`, `rules.toml`, `template.docx`, \
                       `guidance/*.md` and `profiles/*.toml`, the names of these in `a` to `z`, `0` to `9`, `-` and `_`";
        check(&add, &format!("{name}: {message}"));
    }
    let latin =
        |files: &mut Files| _ = files.insert("guidance/needs.md".to_owned(), b"one\ntwo \xe9".to_vec());
    check(&latin, "guidance/needs.md:2: is not UTF-8 text: save it as UTF-8");
    check(
        &|files| _ = files.insert("guidance/needs.md".to_owned(), Vec::new()),
        "guidance/needs.md: is empty",
    );
    let many =
        |files: &mut Files| files.extend((0..100).map(|at| (format!("guidance/{at}.md"), b"a".to_vec())));
    check(
        &many,
        "recipe.toml: the folder holds 105 files, more than the 100 allowed",
    );
}

/// A model can draft without a lexicon; whoever opens the template says that there is none.
#[test]
fn without_lexicon_and_template() {
    let mut files = small();
    files.retain(|name, _| name != "lexicon.toml" && name != "template.docx");
    let recipe = load_small(&files).expect("a fault");
    assert_eq!(
        lines(&recipe.warnings),
        [
            "lexicon.toml: is missing: without a model nothing can be found",
            "template.docx: is missing: nothing can be rendered",
        ]
    );
}

#[test]
fn folder_name() {
    let faults = load("Small Recipe", &small(), None)
        .map(|recipe| recipe.version)
        .expect_err("no fault");
    let expected = "recipe.toml: the folder's name holds a character that is not allowed: use letters `a` to `z`, \
                    digits, `-` and `_`";
    assert_eq!(lines(&faults), [expected]);
}

#[test]
fn template() {
    let load_with = |names: BTreeSet<String>| load("small", &small(), Some(&names));
    let mut names = placeholders();
    names.insert("hobbies".to_owned());
    let faults = load_with(names)
        .map(|recipe| recipe.version)
        .expect_err("no fault");
    let expected = "template.docx: the placeholder `hobbies` is the key of no field: add the field, map the name or correct it";
    assert_eq!(lines(&faults), [expected]);

    let mut names = placeholders();
    names.retain(|name| name != "needs" && name != "documents");
    let recipe = load_with(names).expect("a fault");
    assert_eq!(
        lines(&recipe.warnings),
        [
            "recipe.toml:77: the template has no placeholder `needs`: the field stands in the report alone",
            "recipe.toml:103: the template has no placeholder `received`: the field stands in the report alone",
        ]
    );
}

#[test]
fn a_template_that_shows_values_cites_them() {
    let mut names = placeholders();
    names.remove("sources");
    let warnings = |names: &BTreeSet<String>| {
        let recipe = load("small", &small(), Some(names)).expect("a fault");
        lines(&recipe.warnings)
    };
    let said = warnings(&names);
    assert!(
        said.iter()
            .any(|warning| warning.starts_with("template.docx: shows values without their citations")),
        "{said:?}"
    );
    names.remove("born");
    assert_eq!(
        warnings(&names).len(),
        1,
        "a template without values has nothing to cite"
    );
}

/// The digest changes with every byte and name of the folder: it is part of what a run is a run of.
#[test]
fn digest() {
    let digest = |files: &Files| load_small(files).expect("a fault").digest;
    let sound = digest(&small());
    assert_eq!(sound, digest(&small()));
    for (file, old, new) in [
        (RECIPE, "\"DRAFT\"", "\"DRAFT.\""),
        ("lexicon.toml", "", "# a note"),
        ("template.docx", "Word", "word"),
        ("guidance/needs.md", "hard", "hard now"),
    ] {
        assert_ne!(sound, digest(&edited(&[(file, old, new)])), "{file}");
    }
}
