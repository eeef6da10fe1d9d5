//! `docs/recipes.md` tells the truth: its example loads, and it names every key.

use std::collections::BTreeSet;

use drafting::recipe::load::{Files, RESERVED, load};

use super::lines;

const DOCS: &str = include_str!("../../../../docs/recipes.md");

fn example() -> Files {
    let blocks = DOCS
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let (rules, blocks): (Vec<&str>, Vec<&str>) = blocks.partition(|block| block.contains("[[rule]]"));
    let guidance =
        ["sorting", "writing", "findings"].map(|name| (format!("guidance/{name}.md"), b"Text.".to_vec()));
    let mut files = Files::from(guidance);
    files.insert("recipe.toml".to_owned(), blocks.join("\n").into_bytes());
    files.insert("rules.toml".to_owned(), rules.join("\n").into_bytes());
    files.insert("lexicon.toml".to_owned(), Vec::new());
    files.insert("template.docx".to_owned(), b"bytes of a Word file".to_vec());
    files
}

#[test]
fn the_example_loads() {
    let recipe = load("inspection", &example(), None)
        .map_err(|faults| lines(&faults))
        .expect("a fault");
    assert_eq!(lines(&recipe.warnings), [""; 0]);
    assert_eq!(recipe.sections.len(), 5);
    assert_eq!(recipe.demands.rules.len(), 1);
}

/// Each table is given a key that it cannot have; the fault names those that it can.
#[test]
fn every_key_is_explained() {
    let mut keys = BTreeSet::new();
    for (old, new) in [
        (
            "title = \"Inspection report\"\n",
            "title = \"Inspection report\"\nx = 1\n",
        ),
        ("[guidance]\n", "[guidance]\nx = 1\n"),
        ("[wording]\n", "[wording]\nx = 1\n"),
        ("[template]\n", "[template]\nx = 1\n"),
        ("[screening]\n", "[screening]\nx = 1\n"),
        ("[screening.from]\n", "[screening.from]\nx = 2\n"),
        ("low = \"warn\"", "low = \"x\""),
        ("[[advice]]\n", "[[advice]]\nx = 1\n"),
        ("[[area]]\n", "[[area]]\nx = 1\n"),
        ("[[kind]]\n", "[[kind]]\nx = 1\n"),
        ("[[section]]\n", "[[section]]\nx = 1\n"),
        ("[[section.field]]\n", "[[section.field]]\nx = 1\n"),
        ("{ kinds = [\"remark\"] }", "{ kinds = [\"remark\"], x = 1 }"),
        ("form = \"officer\"", "form = \"x\""),
        ("value = \"number\"", "value = \"x\""),
        ("role = \"measure\"", "role = \"x\""),
        ("status = [\"advised\"]", "status = [\"x\"]"),
        ("completeness = \"one_document\"", "completeness = \"x\""),
        ("speaker = \"professional\"", "speaker = \"x\""),
        ("= \"off\"", "= \"x\""),
    ] {
        let mut files = example();
        let text = String::from_utf8(files["recipe.toml"].clone()).expect("text");
        assert!(text.contains(old), "{old}");
        files.insert("recipe.toml".to_owned(), text.replacen(old, new, 1).into_bytes());
        keys.extend(allowed(&files));
    }
    assert!(keys.len() > 50, "{keys:?}");
    for key in keys.iter().map(String::as_str).chain(RESERVED) {
        let shown = DOCS.contains(&format!("`{key}`")) || DOCS.contains(&format!("{key} = "));
        assert!(
            shown || DOCS.contains(&format!("[[{key}]]")) || DOCS.contains(&format!("`\"{key}\"`")),
            "{key}"
        );
    }
}

#[test]
fn every_key_of_the_lexicon_is_explained() {
    let tables = [
        "x = 1",
        "[language]\nx = 1",
        "[subject]\nx = 1",
        "[people]\nx = 1",
        "[document]\nx = 1",
        "[questions]\nx = 1",
        "[[heading]]\nx = 1",
        "[[column]]\nx = 1",
        "[[column]]\nwords = ['a']\ncells = 'x'",
        "[[voice]]\nx = 1",
        "[[cue]]\nx = 1",
        "[signs]\nx = 1",
        "[[topic]]\nx = 1",
        "[[placement]]\nx = 1",
        "[[fact]]\nx = 1",
        "[person]\nx = 1",
        "[[person.fact]]\nx = 1",
        "[slots]\nx = 1",
        "[[attribute]]\nx = 1",
        "[marks]\nx = 1",
        "[queries]\nx = 1",
        "[queries.vague]\nx = 1",
    ];
    let (_, docs) = DOCS.split_once("## The lexicon").expect("the chapter");
    let explained = |key: &String| {
        [format!("[{key}]"), format!("[person.{key}]"), format!("`{key}`")]
            .iter()
            .any(|shown| docs.contains(shown))
    };
    let mut missing = Vec::new();
    for table in tables {
        let mut files = example();
        files.insert("lexicon.toml".to_owned(), table.as_bytes().to_vec());
        missing.extend(allowed(&files).into_iter().filter(|key| !explained(key)));
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_key_of_the_rules_is_explained() {
    const RULE: &str = "[[rule]]\nid = 'a.b'\nseverity = 'info'\ndemand = 'x'\n";
    let tests = [
        ("without", "phrases = ['a']"),
        ("with", "phrases = ['a']"),
        ("plain", ""),
        ("count", "most = 1"),
        ("no_professional", "titles = ['Dr']"),
        ("from_year", "year = 9\nborn = 'x'\nphrases = ['a']"),
        ("consulted", "phrases = ['a']\nadvice = ['x']"),
        ("recent", "months = 1"),
        ("once", "least_words = 1"),
        ("words", ""),
        ("read", "question = 'x'"),
        ("sentences", "most = 1"),
        ("called", "name = 'x'\npreferred = 'x'"),
        ("enclosed", "fact = 'x'\nphrases = ['a']"),
    ];
    let tests = tests.map(|(test, keys)| format!("{RULE}[rule.test.{test}]\n{keys}\nx = 1"));
    let tables = [
        "[[rule]]\nx = 1".to_owned(),
        format!("{RULE}in = {{ x = 1 }}"),
        format!("{RULE}[rule.test.x]"),
        format!("{RULE}[rule.test]\ncheck_digit = 'x'"),
        format!("{RULE}[rule.test]\nfree_of = ['x']"),
        format!("{RULE}[rule.test]\nindexed = ['x']"),
        format!("{RULE}[rule.test]\nclock = [{{ weeks = 1, due = 'x', x = 1 }}]"),
        format!("{RULE}[rule.test.without]\nphrases = ['a']\nunless_slots = ['x']"),
    ];
    let (_, docs) = DOCS.split_once("## `rules.toml`").expect("the chapter");
    let mut missing = Vec::new();
    for table in tables.into_iter().chain(tests) {
        let mut files = example();
        files.insert("rules.toml".to_owned(), table.into_bytes());
        let keys = allowed(&files).into_iter();
        missing.extend(
            keys.filter(|key| !docs.contains(&format!("`{key}`")) && !docs.contains(&format!("{key} = "))),
        );
    }
    let mut files = example();
    let profile = "title = 'x'\nversion = '1.0.0'\nx = 1";
    files.insert("profiles/a.toml".to_owned(), profile.as_bytes().to_vec());
    missing.extend(
        allowed(&files)
            .into_iter()
            .filter(|key| !docs.contains(&format!("`{key}`"))),
    );
    assert_eq!(missing, [""; 0]);
}

/// What may stand where a fault says that something else does.
fn allowed(files: &Files) -> Vec<String> {
    let faults = load("inspection", files, None)
        .map(|recipe| recipe.version)
        .expect_err("no fault");
    let lines = lines(&faults).join(" ");
    let (_, allowed) = lines.split_once("expected").expect("what is allowed");
    allowed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
