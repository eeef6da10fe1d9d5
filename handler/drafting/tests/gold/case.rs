//! A case of the test data: its documents, its manifest, its gold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use drafting::case::{Case, Manifest, Source};
use drafting::document::Document;
use drafting::extract::head::head;
use drafting::hash::Digest;
use drafting::id::{CaseId, SourceName};
use drafting::recipe::Recipe;
use serde_json::Value;

/// A case and what should come of it.
pub struct Gold {
    pub case: Case,
    pub gold: Value,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A recipe of the repository.
pub fn recipe(id: &str) -> Recipe {
    let folder = here().join("../../recipes").join(id);
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap().chain(fs::read_dir(folder.join("guidance")).unwrap()) {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    drafting::recipe::load::load(id, &files, None)
        .unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// A case of this folder: `cases/{name}/*.md` with `gold.json` and `case.json` beside them, or in the handler's
/// own test cases.
pub fn load(recipe: &Recipe, name: &str) -> Gold {
    let own = here().join("tests/gold/cases").join(name);
    let shared = here().join("../tests/cases").join(name);
    let json = |file: &str| -> Value {
        let path = if own.join(file).exists() { own.join(file) } else { shared.join(file) };
        serde_json::from_slice(&fs::read(&path).unwrap_or_else(|_| panic!("{}", path.display()))).unwrap()
    };
    let (manifest, gold) = (json("case.json"), json("gold.json"));
    let mut names: Vec<String> = fs::read_dir(&own).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|extension| extension == "md"));
    names.sort();
    let manifest = parsed(&manifest);
    let sources = names.iter().zip(1..).map(|(name, number)| source(recipe, &own, name, number, &manifest, &gold));
    let case = Case {
        id: CaseId::parse(name).unwrap(),
        sources: sources.collect(),
        manifest,
        today: jiff::civil::date(2026, 11, 2),
    };
    Gold { case, gold }
}

/// The manifest without the keys that only the test data has.
fn parsed(json: &Value) -> Manifest {
    serde_json::from_value(json.clone()).unwrap()
}

fn source(recipe: &Recipe, folder: &Path, file: &str, number: u16, manifest: &Manifest, gold: &Value) -> Source {
    let bytes = fs::read(folder.join(file)).unwrap();
    let document = Document::number(number, &super::markdown::reading(std::str::from_utf8(&bytes).unwrap()));
    let stem = file.trim_end_matches(".md");
    let listed = manifest.documents.iter().find(|document| document.file.as_str().starts_with(&format!("{stem}.")));
    let known = gold["documents"].as_array().into_iter().flatten().find(|known| known["file"] == stem);
    let name = listed.map_or_else(|| SourceName::parse(file).unwrap(), |listed| listed.file.clone());
    let head = head(recipe, &name, &document);
    let _ = known;
    Source {
        number,
        digest: Digest::of(&bytes),
        bytes: bytes.len() as u64,
        advice: listed.and_then(|listed| listed.advice.clone()).or(head.advice),
        author_role: listed.and_then(|listed| listed.author_role.clone()).or(head.author_role),
        date: listed.and_then(|listed| listed.date).or(head.date),
        notices: Vec::new(),
        content: Ok(document),
        name,
    }
}
