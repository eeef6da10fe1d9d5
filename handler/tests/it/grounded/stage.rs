//! A scripted model, a folder of documents, and what is made of them.

use std::path::Path;
use std::process::{Command, Output};

use evaluation::scripted::{Behaviour, Recorded, Script, Server};
use serde_json::Value;

use crate::app::sample;

pub const FILES: [&str; 4] = ["draft.docx", "evidence.docx", "report.html", "queries.docx"];

/// A scripted model that knows the sample cases.
pub async fn model(behaviour: Behaviour) -> Server {
    let mut script = Script::default();
    for case in ["rowan", "amina", "tomas"] {
        script.add(&sample(case)).unwrap();
    }
    Server::start(script, behaviour, 0).await.unwrap()
}

pub fn settings(model: &Server) -> [(&'static str, String); 3] {
    [
        ("MODEL_BASE_URL", model.base_url()),
        ("MODEL_DEPLOYMENT", "scripted".into()),
        ("MODEL_KEY", "none".into()),
    ]
}

/// A folder with documents, and what is made of them.
pub struct Bench {
    pub recipe: &'static str,
    pub sources: tempfile::TempDir,
    pub answers: tempfile::TempDir,
    pub out: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        let folder = || tempfile::tempdir().unwrap();
        Self {
            recipe: "ehcp",
            sources: folder(),
            answers: folder(),
            out: folder(),
        }
    }

    /// With all of a sample case, its manifest included.
    pub fn of(case: &str) -> Self {
        let bench = Self::new();
        for entry in std::fs::read_dir(sample(case).join("sources")).unwrap() {
            bench.copy(&entry.unwrap().path());
        }
        bench.copy(&sample(case).join("case.json"));
        bench
    }

    pub fn copy(&self, path: &Path) {
        std::fs::copy(path, self.sources.path().join(path.file_name().unwrap())).unwrap();
    }

    pub fn add(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.sources.path().join(name), bytes).unwrap();
    }

    pub fn command(&self, model: &Server, more: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handler"));
        command
            .arg("draft")
            .arg(self.sources.path())
            .args(["--recipe", self.recipe, "--date", "2026-11-02", "--out"])
            .arg(self.out.path())
            .arg("--answers")
            .arg(self.answers.path())
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env_clear()
            .env("LOG_LEVEL", "debug")
            .envs(settings(model))
            .envs(more.iter().copied());
        command
    }

    /// Drafts; gives the record.
    pub async fn draft(&self, model: &Server, more: &[(&str, &str)]) -> Record {
        let mut command = self.command(model, more);
        let output: Output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        Record(serde_json::from_slice(&self.file("record.json")).unwrap())
    }

    pub fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.out.path().join(name)).unwrap()
    }

    /// The bytes of all results, the record without its timings.
    pub fn results(&self) -> Vec<Vec<u8>> {
        let mut record: Value = serde_json::from_slice(&self.file("record.json")).unwrap();
        record["timings"].take();
        let mut all: Vec<Vec<u8>> = FILES.iter().map(|name| self.file(name)).collect();
        all.push(record.to_string().into_bytes());
        all
    }

    pub fn kept(&self) -> usize {
        std::fs::read_dir(self.answers.path()).unwrap().count()
    }
}

/// What a run left.
pub struct Record(pub Value);

impl Record {
    pub fn is_ready(&self) -> bool {
        self.0["outcome"]["state"] == "ready"
    }

    pub fn findings(&self) -> &Vec<Value> {
        self.0["findings"].as_array().unwrap()
    }

    pub fn of_rule(&self, rule: &str) -> Vec<&Value> {
        self.findings()
            .iter()
            .filter(|finding| finding["rule"] == rule)
            .collect()
    }

    pub fn critical(&self) -> usize {
        self.findings()
            .iter()
            .filter(|finding| finding["severity"] == "critical")
            .count()
    }

    /// Text and number of claims of each statement that is no value of a form.
    pub fn statements(&self) -> Vec<(String, usize)> {
        let sections = self.0["sections"].as_array().unwrap().iter();
        let fields = sections.flat_map(|section| section["fields"].as_array().unwrap());
        let all = fields.filter_map(|field| field["content"]["statements"].as_array());
        all.flatten()
            .map(|one| {
                let claims = one["support"]["claims"].as_array().map_or(0, Vec::len);
                (one["text"].as_str().unwrap().to_owned(), claims)
            })
            .collect()
    }

    pub fn words(&self) -> usize {
        self.statements()
            .iter()
            .map(|(text, _)| text.split_whitespace().count())
            .sum()
    }

    pub fn holds(&self, words: &str) -> bool {
        self.statements().iter().any(|(text, _)| text.contains(words))
    }
}

pub fn of_purpose(recorded: &[Recorded], purpose: &str) -> usize {
    recorded.iter().filter(|one| one.purpose == purpose).count()
}

pub fn sent(model: &Server) -> String {
    model.recorded().iter().map(|one| one.body.to_string()).collect()
}
