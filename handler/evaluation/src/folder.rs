//! Folders on disk: a case (`sources/`, `case.json`) and a recipe.

use std::fs;
use std::path::{Path, PathBuf};

use drafting::case::{Case, Manifest, Source};
use drafting::document::Document;
use drafting::extract::head::{Head, head};
use drafting::hash::Digest;
use drafting::id::{CaseId, SourceName};
use drafting::recipe::{Recipe, load};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderFault {
    /// A file or folder cannot be read.
    #[error("`{path}` cannot be read: {cause}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file is not the JSON that it should be.
    #[error("`{path}` is not what it should be: {cause}")]
    Json {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: serde_json::Error,
    },
    /// A name cannot be a case's or a document's.
    #[error("`{path}` has a name that the app does not take; rename it")]
    Name {
        /// Which.
        path: PathBuf,
    },
    /// There is no case.
    #[error("no case was found under `{path}`")]
    NoCase {
        /// Where.
        path: PathBuf,
    },
    /// The recipe has faults.
    #[error("the recipe in `{path}` has faults; see them with `handler check-recipe`")]
    Recipe {
        /// Which.
        path: PathBuf,
    },
}

/// The day on which a case is drafted that gives no date at all.
const ANY_DAY: Date = jiff::civil::date(2026, 11, 2);

/// Reads a recipe folder.
pub fn recipe(folder: &Path) -> Result<Recipe, FolderFault> {
    let fault = || FolderFault::Recipe {
        path: folder.to_owned(),
    };
    let id = folder
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(fault)?;
    let mut files = load::Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in entries(&next)? {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).ok().and_then(Path::to_str);
            files.insert(name.ok_or_else(fault)?.replace('\\', "/"), bytes(&path)?);
        }
    }
    load::load(id, &files, None).map_err(|_| fault())
}

/// Reads a case folder; its documents are parsed in this process, so that it is for test data only.
pub fn case(recipe: &Recipe, folder: &Path) -> Result<Case, FolderFault> {
    let manifest_path = folder.join("case.json");
    let manifest = if manifest_path.exists() {
        manifest(json(&manifest_path)?, &manifest_path)?
    } else {
        Manifest::default()
    };
    let mut sources = Vec::new();
    for (path, number) in entries(&folder.join("sources"))?.iter().zip(1..) {
        sources.push(source(recipe, path, number, &manifest)?);
    }
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("case");
    let id = CaseId::parse(name).map_err(|_| FolderFault::Name {
        path: folder.to_owned(),
    })?;
    let dates = manifest.documents.iter().filter_map(|listed| listed.date);
    let today = dates.chain(manifest.request_date).max().unwrap_or(ANY_DAY);
    Ok(Case {
        id,
        sources,
        manifest,
        today,
    })
}

/// The manifest; of one that does not fit, what does: documents with a name that the app does not take are left out.
fn manifest(mut json: Value, path: &Path) -> Result<Manifest, FolderFault> {
    let sound = |listed: &Value| {
        let file = listed.get("file").and_then(Value::as_str);
        file.is_some_and(|file| SourceName::parse(file).is_ok())
    };
    if let Some(listed) = json.get_mut("documents").and_then(Value::as_array_mut) {
        listed.retain(sound);
    }
    serde_json::from_value(json).map_err(|cause| FolderFault::Json {
        path: path.to_owned(),
        cause,
    })
}

/// Reads a JSON file.
pub fn json<T: DeserializeOwned>(path: &Path) -> Result<T, FolderFault> {
    serde_json::from_slice(&bytes(path)?).map_err(|cause| FolderFault::Json {
        path: path.to_owned(),
        cause,
    })
}

/// Reads a file, its path in the fault.
pub fn bytes(path: &Path) -> Result<Vec<u8>, FolderFault> {
    fs::read(path).map_err(|cause| FolderFault::Unreadable {
        path: path.to_owned(),
        cause,
    })
}

/// What lies in a folder in order of names, without what begins with a dot.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FolderFault> {
    let fault = |cause| FolderFault::Unreadable {
        path: folder.to_owned(),
        cause,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn source(recipe: &Recipe, path: &Path, number: u16, manifest: &Manifest) -> Result<Source, FolderFault> {
    let fault = || FolderFault::Name {
        path: path.to_owned(),
    };
    let file = path
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(fault)?;
    let name = SourceName::parse(file).map_err(|_| fault())?;
    let bytes = bytes(path)?;
    let reading = reading::parse(&bytes, &reading::Limits::default());
    let notices = reading
        .as_ref()
        .map_or_else(|_| Vec::new(), |reading| reading.notices.clone());
    let content = reading.map(|reading| Document::number(number, &reading));
    let listed = manifest.documents.iter().find(|document| document.file == name);
    let head = content
        .as_ref()
        .map_or_else(|_| Head::default(), |document| head(recipe, &name, document));
    Ok(Source {
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
    })
}
