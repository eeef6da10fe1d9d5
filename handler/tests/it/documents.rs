//! Documents whose sentences a test can hold to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn rust(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

fn code() -> String {
    let mut all = String::new();
    rust(&root().join("handler"), &mut all);
    all
}

/// What stands in backticks in the last cell of each table row.
fn enforcers(markdown: &str) -> BTreeSet<String> {
    let rows = markdown
        .lines()
        .filter(|line| line.starts_with("| ") && !line.contains("enforced by"));
    rows.filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next())
        .flat_map(|cell| {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_claim_names_a_test_or_setting_that_exists() {
    let security = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let claims = security
        .split("## Claims")
        .nth(1)
        .unwrap()
        .split("## Not claimed")
        .next()
        .unwrap();
    let (code, cargo) = (code(), fs::read_to_string(root().join("Cargo.toml")).unwrap());
    let mut checked = 0;
    for name in enforcers(claims) {
        checked += 1;
        let last = name.rsplit("::").next().unwrap();
        let is_there = [
            format!("fn {last}("),
            format!("mod {last};"),
            format!("struct {last} "),
            format!("\"{name}\""),
        ]
        .iter()
        .any(|form| code.contains(form))
            || cargo.contains(&name);
        assert!(is_there, "SECURITY.md names `{name}`, which is nowhere");
    }
    assert!(checked > 20, "only {checked} names were found");
}

#[test]
fn commands_that_the_documents_name_exist() {
    let main = fs::read_to_string(root().join("handler/xtask/src/main.rs"))
        .unwrap()
        .to_lowercase();
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "handler/ARCHITECTURE.md",
        "infra/README.md",
    ] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for command in text.split("cargo xtask ").skip(1) {
            let command: String = command.chars().take_while(char::is_ascii_lowercase).collect();
            assert!(
                command.is_empty() || main.contains(&format!("\n    {command}")),
                "`cargo xtask {command}` in {document}"
            );
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "handler/ARCHITECTURE.md",
        "infra/README.md",
        "docs/flows.md",
        "docs/recipes.md",
    ] {
        let path = root().join(document);
        let text = fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") || link.starts_with('#') || link.starts_with("mailto:") {
                continue;
            }
            let target = path.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(target.exists(), "{document} links to {link}");
        }
    }
}
