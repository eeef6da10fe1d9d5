//! A case from a folder: `case.json`, `sources/`, and `gold.json` where there is one.

use std::fs;
use std::path::{Path, PathBuf};

use drafting::case::{Case, Manifest, Source};
use drafting::claim::Claim;
use drafting::document::Document;
use drafting::extract;
use drafting::extract::head::head;
use drafting::hash::Digest;
use drafting::id::{CaseId, SourceName};
use drafting::recipe::{Recipe, load};
use drafting::reconcile::reconcile;

/// What can be wrong with the files of a case or a recipe.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not hold the JSON that it should.
    #[error("`{path}` is not the JSON that is wanted: {source}")]
    Json {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// The recipe is not sound.
    #[error("the recipe in `{path}` is not sound; see `handler check-recipe`")]
    Recipe {
        /// Its folder.
        path: PathBuf,
    },
    /// There is nothing to check.
    #[error("no case was found under `{path}`")]
    NoCase {
        /// Where.
        path: PathBuf,
    },
}

/// Reads a file, its path in the fault.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    fs::read(path).map_err(|source| Fault::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// Reads a JSON file.
///
/// # Errors
/// When it cannot be read or is not what is wanted.
pub fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Fault> {
    serde_json::from_slice(&bytes(path)?).map_err(|source| Fault::Json {
        path: path.to_owned(),
        source,
    })
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let unreadable = |source| Fault::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Loads the recipe of a folder.
///
/// # Errors
/// When a file cannot be read or the recipe is not sound.
pub fn recipe(folder: &Path) -> Result<Recipe, Fault> {
    let mut all = load::Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in files(&next)? {
            if path.is_dir() {
                folders.push(path);
            } else if let Some(name) = path.strip_prefix(folder).ok().and_then(Path::to_str) {
                all.insert(name.replace('\\', "/"), bytes(&path)?);
            }
        }
    }
    let id = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("ehcp");
    load::load(id, &all, None).map_err(|_| Fault::Recipe {
        path: folder.to_owned(),
    })
}

/// Reads the case of a folder. Files that are no sources (a name that is refused) are passed over.
///
/// # Errors
/// When the manifest or a source cannot be read from disk.
pub fn read(recipe: &Recipe, folder: &Path) -> Result<Case, Fault> {
    let manifest: Manifest = json(&folder.join("case.json"))?;
    let named = files(&folder.join("sources"))?.into_iter().filter_map(|path| {
        let name = SourceName::parse(path.file_name()?.to_str()?).ok()?;
        Some((name, path))
    });
    let mut sources = Vec::new();
    for ((name, path), number) in named.zip(1..) {
        sources.push(source(recipe, name, &bytes(&path)?, number, &manifest));
    }
    let id = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let today = sources.iter().filter_map(|source| source.date).max();
    Ok(Case {
        id: CaseId::parse(id)
            .or_else(|_| CaseId::parse("case"))
            .map_err(|_| Fault::NoCase {
                path: folder.to_owned(),
            })?,
        manifest,
        sources,
        today: today.unwrap_or(jiff::civil::Date::ZERO),
    })
}

fn source(recipe: &Recipe, name: SourceName, bytes: &[u8], number: u16, manifest: &Manifest) -> Source {
    let reading = reading::parse(bytes, &reading::Limits::default());
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
        digest: Digest::of(bytes),
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

/// The claims of a case, found without a model: what the rules know of its sentences.
#[must_use]
pub fn claims(recipe: &Recipe, case: &Case) -> Vec<Claim> {
    let extracted = case
        .sources
        .iter()
        .filter_map(|source| extract::document(recipe, source, &case.manifest))
        .collect();
    reconcile(recipe, case, extracted).claims
}
