//! The command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::app::{RESULTS, report, sample};

fn handler(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_handler"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_clear()
        .output()
        .unwrap()
}

fn draft(sources: &Path, out: &Path) -> Output {
    let (sources, out) = (sources.to_str().unwrap(), out.to_str().unwrap());
    handler(&[
        "draft",
        sources,
        "--recipe",
        "ehcp",
        "--out",
        out,
        "--date",
        "2026-11-02",
    ])
}

fn record(out: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(out.join("record.json")).unwrap()).unwrap()
}

#[test]
fn an_operator_chooses_a_council_s_conventions() {
    let by = |profile: &str| {
        let out = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_handler"))
            .args(["draft", "--date", "2026-11-02", "--out"])
            .arg(out.path())
            .arg(sample("tomas").join("sources"))
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env_clear()
            .env("RECIPE_PROFILES", profile)
            .output()
            .unwrap();
        (out, output)
    };
    let (out, output) = by("ehcp=needs-and-blanks");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let by_council = record(out.path());
    assert_eq!(by_council["recipe"]["profile"], "needs-and-blanks 1.0.0");
    let page = std::fs::read_to_string(out.path().join("report.html")).unwrap();
    assert!(page.contains("needs-and-blanks 1.0.0"));
    for (profile, said) in [
        ("ehcp=others", "the name of no sound profile"),
        ("needs-and-blanks", "`RECIPE_PROFILES` must name"),
    ] {
        let (_, output) = by(profile);
        assert_ne!(output.status.code(), Some(0));
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(said),
            "{output:?}"
        );
    }
}

#[test]
fn a_folder_in_a_plan_out() {
    let out = tempfile::tempdir().unwrap();
    let output = draft(&sample("rowan").join("sources"), out.path());
    let page = std::fs::read_to_string(out.path().join("report.html")).unwrap();
    let reason = "Placed here because the heading that it stands under in its source names this section";
    assert!(page.contains(reason), "why a measure stands in H1 or H2 is told");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for (_, file) in RESULTS {
        assert!(
            std::fs::metadata(out.path().join(file)).unwrap().len() > 1_000,
            "{file}"
        );
    }
    let record = record(out.path());
    assert_eq!(record["date"], "2026-11-02");
    assert!(
        record["sources"]
            .as_array()
            .unwrap()
            .iter()
            .all(|source| source["state"] == "used"),
        "{}",
        record["sources"]
    );
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for out in [&one, &two] {
        assert_eq!(
            draft(&sample("amina").join("sources"), out.path()).status.code(),
            Some(0)
        );
    }
    for file in ["draft.docx", "evidence.docx", "report.html", "queries.docx"] {
        let bytes = |out: &tempfile::TempDir| std::fs::read(out.path().join(file)).unwrap();
        assert!(bytes(&one) == bytes(&two), "{file} differs");
    }
    let without_timings = |out: &tempfile::TempDir| {
        let mut record = record(out.path());
        record["timings"].take();
        record
    };
    assert_eq!(without_timings(&one), without_timings(&two));
}

#[test]
fn one_bad_file_costs_only_itself() {
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let write = |name: &str, bytes: &[u8]| std::fs::write(sources.path().join(name), bytes).unwrap();
    write("Appendix D.txt", &report("Ada Bell", "01/02/2018"));
    write("empty.pdf", b"");
    write("cut.pdf", b"%PDF-1.7\n1 0 obj\n<<");
    write("photo.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00");
    write(
        "old.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on, an OLE file",
    );
    write("bomb.docx", b"PK\x03\x04 not really");
    let output = draft(sources.path(), out.path());
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let record = record(out.path());
    let states: Vec<bool> = record["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["state"] == "used")
        .collect();
    assert_eq!(
        states.iter().filter(|used| **used).count(),
        1,
        "{}",
        record["sources"]
    );
    let unreadable = record["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["rule"] == "source.unreadable")
        .count();
    assert_eq!(unreadable, 5, "{}", record["findings"]);
}

#[test]
fn no_readable_document_is_a_refusal() {
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(sources.path().join("empty.pdf"), b"").unwrap();
    let output = draft(sources.path(), out.path());
    assert_eq!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(record(out.path())["outcome"]["state"], "refused");
}

#[test]
fn what_cannot_be_done_says_what_to_do() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let sources = sample("tomas").join("sources");
    let sources = sources.to_str().unwrap();
    for (arguments, expected) in [
        (vec!["draft", folder, "--out", folder], "no documents"),
        (vec!["draft", "nowhere", "--out", folder], "nowhere"),
        (
            vec!["draft", sources, "--recipe", "none", "--out", folder],
            "`ehcp`",
        ),
        (
            vec!["draft", sources, "--case", "a b", "--out", folder],
            "reference",
        ),
        (vec!["check-config"], "no storage account is set"),
        (vec!["serve"], "FUNCTIONS_CUSTOMHANDLER_PORT"),
    ] {
        let output = handler(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn recipes_are_checked() {
    for recipe in ["ehcp", "minutes", "annual-review"] {
        let output = handler(&["check-recipe", &format!("recipes/{recipe}")]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(!said.contains("warning"), "{said}");
    }
    let broken = tempfile::tempdir().unwrap();
    let folder: PathBuf = broken.path().join("broken");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("recipe.toml"), "title = 1\ncolour = 2\n").unwrap();
    let output = handler(&["check-recipe", folder.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("recipe.toml:2") && said.contains("template.docx"),
        "{said}"
    );
}

#[test]
fn a_name_that_no_draft_has_is_a_fault_of_the_template() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("minutes");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes/minutes");
    std::fs::create_dir_all(folder.join("guidance")).unwrap();
    for under in ["", "guidance"] {
        for entry in std::fs::read_dir(shipped.join(under)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, folder.join(under).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    for (words, fault) in [
        ("{{ title }}", None),
        ("{{ titel }}", Some("`titel`")),
        ("{{ nil.NONE }}", Some("`nil.NONE`")),
        (
            "{% for d in documents %}{{ d.fiel }}{% endfor %}",
            Some("`d.fiel`"),
        ),
    ] {
        let mut template = word::build::Document::new("Test");
        template.paragraph(word::build::Style::Normal, words);
        std::fs::write(folder.join("template.docx"), template.bytes().unwrap()).unwrap();
        let output = handler(&["check-recipe", folder.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = i32::from(fault.is_some());
        assert_eq!(output.status.code(), Some(expected), "{words}: {said}");
        let named = |name| said.contains(&format!("error: template.docx: the placeholder {name}"));
        assert!(fault.is_none_or(named), "{words}: {said}");
    }
}

#[test]
fn a_word_files_keys_are_listed_with_what_fills_them() {
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes/ehcp");
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("council.docx");
    let listed = |file: &Path| {
        let arguments = [
            "template-keys",
            file.to_str().unwrap(),
            "--recipe",
            recipe.to_str().unwrap(),
        ];
        let output = handler(&arguments);
        let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), said(&output.stdout), said(&output.stderr))
    };
    let (code, list, _) = listed(&recipe.join("template.docx"));
    assert_eq!(code, Some(0));
    assert!(
        list.contains("{{ name }}") && list.contains("the field of this key"),
        "{list}"
    );
    let mut template = word::build::Document::new("Test");
    template.paragraph(word::build::Style::Normal, "{{ history }} {{ Name of Child }}");
    std::fs::write(&file, template.bytes().unwrap()).unwrap();
    let (code, list, faults) = listed(&file);
    assert_eq!(code, Some(1), "{list}");
    assert!(list.contains("history") && list.contains("UNKNOWN"), "{list}");
    assert!(faults.contains("Name of Child"), "{faults}");
    let banner = |words: &str| {
        let mut template = word::build::Document::new("Test");
        template.paragraph(word::build::Style::Normal, words);
        std::fs::write(&file, template.bytes().unwrap()).unwrap();
        let (code, _, warnings) = listed(&file);
        assert_eq!(code, Some(0), "{words}: {warnings}");
        warnings.contains("warning: template.docx: the template does not show `{{ banner }}`")
    };
    assert!(banner("{{ name }}") && !banner("{{ banner }} {{ name }}"));
    std::fs::write(&file, "no Word file").unwrap();
    let (code, list, faults) = listed(&file);
    assert_eq!((code, list.as_str()), (Some(1), ""));
    assert!(faults.contains("council.docx"), "{faults}");
}

/// `handler template-keys … | head` ends there, without a word of a fault.
#[test]
fn whoever_stops_reading_gets_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_handler"))
        .args(["template-keys", "recipes/ehcp/template.docx"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_clear()
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
