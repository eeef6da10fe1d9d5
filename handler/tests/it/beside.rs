//! The commands that look at drafts that were made: what changed between two, and what a person did to one.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::app::report;
use crate::edits::edited;

fn handler(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_handler"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_clear()
        .output()
        .unwrap()
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

/// Drafts the sources in `folder/sources` to `folder/{out}`; gives the path of the record.
fn drafted(folder: &Path, out: &str, more: &[&str]) -> String {
    let (sources, out) = (folder.join("sources"), folder.join(out));
    let fixed = [
        "draft",
        sources.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--date",
        "2026-11-02",
    ];
    let (code, said) = said(&handler(&[&fixed[..], more].concat()));
    assert_eq!(code, Some(0), "{said}");
    out.join("record.json").to_str().unwrap().to_owned()
}

fn json(path: impl AsRef<Path>) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn two_drafts_are_compared_and_the_second_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let sources = folder.path().join("sources");
    std::fs::create_dir(&sources).unwrap();
    std::fs::write(sources.join("Appendix D.txt"), report("Ada Bell", "01/02/2018")).unwrap();
    let old = drafted(folder.path(), "one", &[]);
    let text = String::from_utf8(report("Ada Bell", "01/02/2018")).unwrap();
    let text = text.replace("20 minutes", "25 minutes");
    std::fs::write(sources.join("Appendix D.txt"), text).unwrap();
    let new = drafted(folder.path(), "two", &["--previous", &old]);
    let (code, told) = said(&handler(&["changes", &old, &new]));
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("source replaced: Appendix D.txt") && told.contains("[-20-] [+25+]"),
        "{told}"
    );
    let (_, as_json) = said(&handler(&["changes", &old, &new, "--json"]));
    let told: Value = serde_json::from_str(&as_json).unwrap();
    assert_eq!(told, json(&new)["changes"]);
    let page = std::fs::read_to_string(folder.path().join("two/report.html")).unwrap();
    assert!(page.contains("Since the last draft"));
    // What it was compared with is no part of the run's id, and the same comparison gives the same bytes.
    let alone = drafted(folder.path(), "alone", &[]);
    assert_eq!(json(&alone)["run"], json(&new)["run"]);
    let again = drafted(folder.path(), "again", &["--previous", &old]);
    let bytes = |record: &str| std::fs::read(Path::new(record).with_file_name("report.html")).unwrap();
    assert_eq!(bytes(&again), bytes(&new));
    // Two children are never compared.
    let other = drafted(folder.path(), "other", &["--case", "EHC-2"]);
    assert_eq!(said(&handler(&["changes", &old, &other])).0, Some(1));
    let (code, told) = said(&handler(&["changes", &old, "nowhere.json"]));
    assert!(code == Some(1) && told.contains("nowhere.json"), "{told}");
}

#[test]
fn an_edited_draft_is_checked_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let sources = folder.path().join("sources");
    std::fs::create_dir(&sources).unwrap();
    std::fs::write(sources.join("Appendix D.txt"), report("Ada Bell", "01/02/2018")).unwrap();
    let record = drafted(folder.path(), "one", &[]);
    let draft = std::fs::read(folder.path().join("one/draft.docx")).unwrap();
    let file = folder.path().join("edited.docx");
    let out = folder.path().join("edit");
    let check = |replaced: &[(&str, &str)]| {
        std::fs::write(&file, edited(&draft, replaced)).unwrap();
        let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
        said(&handler(&["check-edit", file, "--record", &record, "--out", out]))
    };
    let (code, told) = check(&[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("0 changed (0 lost their evidence), 0 removed"),
        "{told}"
    );
    let (code, told) = check(&[("20 minutes", "25 minutes")]);
    assert_eq!(code, Some(2), "{told}");
    assert_eq!(json(out.join("edit.json"))["changed"][0]["bearing"], "lost");
    assert!(
        std::fs::read_to_string(out.join("edit.html"))
            .unwrap()
            .contains("Lost its evidence")
    );
}
