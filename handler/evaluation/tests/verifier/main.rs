//! The statement rules against statements that people wrote, right and wrong, and against planted faults.

#![expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn case(name: &str) -> PathBuf {
    let folders = ["gold/cases", "items/cases", "../../tests/cases"];
    let mut cases = folders.iter().map(|folder| tests().join(folder).join(name));
    cases.find(|case| case.exists()).unwrap()
}

fn run(items: &Path, case: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_verify-the-verifier"))
        .args([
            "--items".as_ref(),
            items.as_os_str(),
            "--case".as_ref(),
            case.as_os_str(),
        ])
        .output()
        .unwrap()
}

fn answers(output: &Output) -> Vec<Value> {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn temporary(name: &str, items: &Value) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, items.to_string()).unwrap();
    path
}

/// Kinds of which code finds all but one in fifty; the others need a judge, and are found as far as words tell.
const SURE: &[&str] = &[
    "number",
    "ratio",
    "frequency",
    "duration",
    "date",
    "name",
    "quotation",
    "pronoun",
    "negation",
    "third-party",
];

#[test]
fn statements_that_people_wrote() {
    let sets = [
        "rowan", "amina", "tomas", "leo", "sol", "ivy", "kit", "nadia", "otto", "priya", "bea", "dara",
        "milo",
    ];
    hold(&sets, 460, 480, 95);
}

/// Statements as free as these hide more: a clause in plain words, a matter of another person.
#[test]
fn statements_that_people_wrote_freely() {
    let sets = [
        "freya", "idris", "marek", "noor", "theo", "wren", "hana", "jude", "elowen", "tariq", "bryn", "cai",
        "luca", "anoushka", "saoirse", "mateo", "niamh",
    ];
    hold(&sets, 1_120, 1_000, 82);
}

/// Holds sets of at least so many statements to their share of faults found, all of the sure kinds, and to 3 of 100 alarms;
/// in sets of free statements to 4, which they were written to raise.
fn hold(sets: &[&str], least_correct: usize, least_faults: usize, share: usize) {
    let most = if share < 95 { 4 } else { 3 };
    let (mut correct, mut alarms, mut faults, mut found) = (0, Vec::new(), 0, 0);
    for name in sets {
        let path = tests().join(format!("items/{name}.json"));
        let items: Vec<Value> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for (item, answer) in items.iter().zip(answers(&run(&path, &case(name)))) {
            assert_eq!(item.get("id"), answer.get("id"));
            let expected = item.get("expected").and_then(Value::as_str).unwrap();
            let none = answer
                .get("findings")
                .and_then(Value::as_array)
                .unwrap()
                .is_empty();
            if expected == "correct" {
                correct += 1;
                alarms.extend((!none).then(|| format!("{name} {answer}")));
            } else {
                assert!(!(none && SURE.contains(&expected)), "missed: {name} {item}");
                faults += 1;
                found += usize::from(!none);
            }
        }
    }
    assert!(
        correct >= least_correct && faults >= least_faults,
        "{correct} {faults}"
    );
    assert!(alarms.len() * 100 <= correct * most, "{alarms:#?}");
    assert!(found * 100 >= faults * share, "{found} of {faults}");
}

#[test]
fn odd_items_are_answered() {
    let quote =
        json!([{"document": "APPENDIX B.pdf", "page": null, "quote": "He **rarely** asks for help."}]);
    let items = json!([
        {"id": 7, "statement": "Rowan rarely asks for help.", "section": "ZZ", "area": "unheard_of", "cited": quote},
        {"id": 7, "statement": "Rowan rarely asks for help.", "cited": quote, "more": {"than": "asked"}},
        {"id": "empty", "statement": "Rowan rarely asks for help.", "section": null, "area": null, "cited": []},
        {"id": null, "statement": null, "cited": null},
        {"statement": "Rowan rarely asks for help.", "cited": [{"document": "none.pdf", "page": 900, "quote": "He rarely asks for help."}]},
        {"id": "made up", "statement": "Rowan rarely asks for help.", "cited": [{"document": "Appendix B.pdf", "quote": "He never asks at all."}]},
        {"id": "huge", "statement": "Rowan asks. ".repeat(20_000), "section": "B", "cited": quote},
    ]);
    let answers = answers(&run(&temporary("odd.json", &items), &case("rowan")));
    let rules: Vec<Vec<&str>> = answers
        .iter()
        .map(|answer| {
            let findings = answer["findings"].as_array().unwrap();
            findings
                .iter()
                .map(|finding| finding["rule"].as_str().unwrap())
                .collect()
        })
        .collect();
    assert_eq!(rules[..2], [Vec::<&str>::new(), Vec::new()]);
    for uncited in [&rules[2], &rules[4], &rules[5]] {
        assert_eq!(uncited, &["grounding.uncited"]);
    }
    assert!(!rules[3].is_empty());
    assert_eq!(rules[6], ["grounding.too-long"]);
    assert_eq!(answers[0]["id"], 7);
}

#[test]
fn files_that_are_no_items_are_refused() {
    let path = temporary("broken.json", &json!({"not": "a list"}));
    let output = run(&path, &case("rowan"));
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

/// The table holds what the README says of it: the counts that follow from the cases, tuned and held out.
#[test]
fn planted_faults_are_found() {
    let output = Command::new(env!("CARGO_BIN_EXE_verify-the-verifier"))
        .output()
        .unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    let mut rows = 0;
    for line in table.lines().filter(|line| line.contains("% |")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (n, found): (usize, usize) = (cells[2].parse().unwrap(), cells[3].parse().unwrap());
        let must = [
            "number",
            "ratio",
            "frequency",
            "duration",
            "date",
            "quotation",
            "denial",
        ];
        if cells[1].contains("false alarms") {
            assert!(found * 100 <= n * 3, "{line}");
            rows += 1;
        } else if must.iter().any(|kind| cells[1].contains(kind)) {
            assert!(found * 100 >= n * 98, "{line}");
            rows += 1;
        }
    }
    assert!(rows >= 18, "{table}");
}
