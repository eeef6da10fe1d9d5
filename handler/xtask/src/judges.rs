//! `cargo xtask judges`: independent programs look at what the app makes of the sample cases, and at what deploys it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure, file_failure};

mod connector;
mod desk;
mod infra;

/// The packages of Debian and the programs they bring.
const PROGRAMS: &[(&str, &str)] = &[
    ("soffice", "libreoffice-writer-nogui"),
    ("pdftotext", "poppler-utils"),
    ("chromium", "chromium"),
];
/// Python packages, pinned.
const PYTHON: &[&str] = &["python-docx==1.2.0", "openxml-audit==0.8.0"];
/// The sample cases with the day of drafting.
const CASES: &[&str] = &["rowan", "amina", "tomas"];

/// A part of what is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The results of the sample cases, and the client of language models
    Documents,
    /// Templates, workflows, scripts, the image, licences, secrets
    Infra,
    /// The doors' description, the connector, and the running app against both
    Connector,
}

/// Lets the judges of one part look, or of all.
pub fn run(part: Option<Part>) -> Result<(), Failure> {
    let asked = |own: Part| part.is_none_or(|part| part == own);
    if asked(Part::Infra) {
        infra::run()?;
    }
    if asked(Part::Documents) {
        documents()?;
    }
    if asked(Part::Connector) {
        connector::run()?;
    }
    Ok(())
}

/// Drafts the sample cases and lets the judges look at the results.
fn documents() -> Result<(), Failure> {
    install()?;
    let drafts = drafts()?;
    let root = shell::root()?;
    let documents: Vec<PathBuf> = drafts
        .iter()
        .flat_map(|draft| ["draft.docx", "evidence.docx", "queries.docx"].map(|file| draft.join(file)))
        .collect();
    let python = shell::python_packages(&root.join("target/judges/venv"), PYTHON)?.join("python");
    shell::run(
        shell::command(&python)?
            .arg(root.join("handler/word/judges.py"))
            .args(&documents),
        "see above",
    )?;
    shell::run(
        shell::command(&python)?
            .arg(root.join("handler/render/judge_office.py"))
            .args(&drafts),
        "see above",
    )?;
    let mut reports: Vec<PathBuf> = drafts.iter().map(|draft| draft.join("report.html")).collect();
    reports.extend(revisions()?);
    reports.extend(desk::reports()?);
    shell::run(
        shell::command("node")?
            .env("PICTURES", desk::pictures()?)
            .arg(root.join("handler/render/judge.mjs"))
            .args(&reports),
        "install Node.js 20 or later",
    )?;
    model_peer()
}

/// The client of language models against a server of the same interface that others wrote.
fn model_peer() -> Result<(), Failure> {
    let peer = shell::root()?.join("handler/model/peer");
    shell::run(
        shell::command("npm")?
            .current_dir(&peer)
            .args(["ci", "--silent", "--no-audit", "--no-fund"]),
        "install Node.js 20 or later",
    )?;
    let test = [
        "test",
        "--locked",
        "--package",
        "model",
        "--test",
        "peer",
        "--",
        "--ignored",
    ];
    shell::run(shell::cargo()?.args(test), "see above")
}

fn install() -> Result<(), Failure> {
    shell::node_packages()?;
    let missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| !shell::is_there(program) && !found(program))
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        const HINT: &str = "install LibreOffice Writer, poppler-utils and Chromium by hand";
        shell::run(shell::command("apt-get")?.arg("update").arg("-qq"), HINT)?;
        let install = ["install", "-y", "-qq", "--no-install-recommends"];
        shell::run(shell::command("apt-get")?.args(install).args(&missing), HINT)?;
    }
    Ok(())
}

/// `pdftotext` answers `-v` only.
fn found(program: &str) -> bool {
    ["/usr/bin", "/usr/local/bin"]
        .iter()
        .any(|folder| PathBuf::from(folder).join(program).exists())
}

/// The results of the sample cases, made by the command line.
fn drafts() -> Result<Vec<PathBuf>, Failure> {
    let root = shell::root()?;
    let build = ["build", "--locked", "--package", "handler", "--bin", "handler"];
    shell::run(shell::cargo()?.args(build), "install Rust by rustup")?;
    let mut folders = Vec::new();
    for case in CASES {
        let out = folder(case)?;
        let cases = root.join("handler/tests/cases").join(case);
        draft(
            case,
            &[&cases.join("sources"), &cases.join("case.json")],
            &out,
            None,
        )?;
        folders.push(out);
    }
    Ok(folders)
}

/// A folder of the judges' own.
fn folder(name: &str) -> Result<PathBuf, Failure> {
    let folder = shell::root()?.join("target/judges").join(name);
    fs::create_dir_all(&folder).map_err(file_failure(&folder))?;
    Ok(folder)
}

fn draft(case: &str, sources: &[&Path], out: &Path, previous: Option<&Path>) -> Result<(), Failure> {
    let mut draft = shell::command(shell::root()?.join("target/debug/handler"))?;
    draft.arg("draft").args(sources);
    draft.args([
        "--recipe",
        "ehcp",
        "--case",
        case,
        "--date",
        "2026-11-02",
        "--out",
    ]);
    draft.arg(out);
    if let Some(previous) = previous {
        draft.arg("--previous").arg(previous);
    }
    shell::run(&mut draft, "it was built just now")
}

/// A report that tells what changed since the draft before, and the page of an edited draft: the draft of one report fewer.
fn revisions() -> Result<Vec<PathBuf>, Failure> {
    let (before, after, edit) = (folder("before")?, folder("after")?, folder("edit")?);
    let case = shell::root()?.join("handler/tests/cases/rowan");
    let sources = case.join("sources");
    let mut fewer = vec![case.join("case.json")];
    for letter in ["A", "B", "C", "D", "E"] {
        fewer.push(sources.join(format!("Appendix {letter}.pdf")));
    }
    let fewer: Vec<&Path> = fewer.iter().map(PathBuf::as_path).collect();
    draft("rowan", &fewer, &before, None)?;
    let record = before.join("record.json");
    draft(
        "rowan",
        &[&sources, &case.join("case.json")],
        &after,
        Some(&record),
    )?;
    let mut check = shell::command(shell::root()?.join("target/debug/handler"))?;
    check
        .arg("check-edit")
        .arg(before.join("draft.docx"))
        .arg("--record")
        .arg(after.join("record.json"))
        .arg("--out")
        .arg(&edit);
    let status = check.status().map_err(file_failure(&edit))?;
    // 2 is what it says of an edit that lost evidence.
    if !matches!(status.code(), Some(0 | 2)) {
        return Err(Failure::Failed("handler check-edit".into()));
    }
    Ok(vec![after.join("report.html"), edit.join("edit.html")])
}
