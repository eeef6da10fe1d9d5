//! A case of the test data: its documents, its manifest, its gold.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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

static EHCP: LazyLock<Recipe> = LazyLock::new(|| load_recipe("ehcp"));
static MINUTES: LazyLock<Recipe> = LazyLock::new(|| load_recipe("minutes"));

/// The recipe of the plan.
pub fn ehcp() -> &'static Recipe {
    &EHCP
}

/// The recipe of minutes.
pub fn minutes() -> &'static Recipe {
    &MINUTES
}

fn load_recipe(id: &str) -> Recipe {
    let folder = here().join("../../recipes").join(id);
    let entries = fs::read_dir(&folder)
        .unwrap()
        .chain(fs::read_dir(folder.join("guidance")).unwrap());
    let paths = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file());
    let name = |path: &Path| path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
    let files = paths
        .map(|path| (name(&path), fs::read(&path).unwrap()))
        .collect();
    drafting::recipe::load::load(id, &files, None).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// A case of this folder, or of the handler's own test cases: the files in `sources/`, with `gold.json` and
/// `case.json` beside it.
pub fn load(recipe: &Recipe, name: &str) -> Gold {
    let own = here().join("tests/gold/cases").join(name);
    let folder = if own.exists() {
        own
    } else {
        here().join("../tests/cases").join(name)
    };
    let json =
        |file: &str| -> Value { serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap() };
    let manifest = serde_json::from_value(json("case.json")).unwrap();
    let sources = folder.join("sources");
    let mut names: Vec<String> = fs::read_dir(&sources)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let sources = names
        .iter()
        .zip(1..)
        .map(|(name, number)| source(recipe, &sources, name, number, &manifest));
    let case = Case {
        id: CaseId::parse(name).unwrap(),
        sources: sources.collect(),
        manifest,
        today: jiff::civil::date(2026, 11, 2),
    };
    Gold {
        case,
        gold: json("gold.json"),
    }
}

fn source(recipe: &Recipe, folder: &Path, file: &str, number: u16, manifest: &Manifest) -> Source {
    let bytes = fs::read(folder.join(file)).unwrap();
    let name = SourceName::parse(file).unwrap();
    let reading = reading::parse(&bytes, &reading::Limits::default());
    let notices = reading
        .as_ref()
        .map(|reading| reading.notices.clone())
        .unwrap_or_default();
    let content = reading.map(|reading| Document::number(number, &reading));
    let listed = manifest.documents.iter().find(|document| document.file == name);
    let head = content
        .as_ref()
        .map(|document| head(recipe, &name, document))
        .unwrap_or_default();
    Source {
        number,
        digest: Digest::of(&bytes),
        bytes: bytes.len() as u64,
        advice: listed.and_then(|listed| listed.advice.clone()).or(head.advice),
        author_role: listed
            .and_then(|listed| listed.author_role.clone())
            .or(head.author_role),
        date: listed.and_then(|listed| listed.date).or(head.date),
        notices,
        content,
        name,
    }
}
