//! The recipes on disk: found, read and checked once at start.
//!
//! A broken recipe does not stop the app: cases of that recipe are refused with its faults, the others work.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drafting::id::RecipeId;
use drafting::recipe::Recipe;
use drafting::recipe::load::{Fault, Files, Names, load_by};
use word::Template;

use crate::config::Profiles;

/// A recipe that can be drafted by: its data and its Word template, both checked.
pub struct Usable {
    /// The data.
    pub recipe: Recipe,
    /// The template, parsed once.
    pub template: Template,
}

/// The recipes of this app by id, each usable or with its faults.
pub struct Shelf(BTreeMap<RecipeId, Result<Arc<Usable>, Vec<Fault>>>);

/// Why recipes cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ShelfFault {
    /// No folder holds a recipe.
    #[error("no recipes found; looked in {looked}; set `RECIPES_PATH`, or give `--recipes`")]
    None {
        /// The folders looked into.
        looked: String,
    },
    /// None has the name that was asked for.
    #[error("there is no recipe `{asked}`; there are {known}")]
    Unknown {
        /// The name.
        asked: String,
        /// Those that are there.
        known: String,
    },
    /// A folder cannot be read.
    #[error("the folder `{folder}` cannot be read: {cause}")]
    Unreadable {
        /// The folder.
        folder: String,
        /// Why.
        cause: std::io::Error,
    },
}

impl Shelf {
    /// Reads the recipes of the first of `folders` that holds any.
    pub fn open(folders: &[PathBuf], profiles: &Profiles) -> Result<Self, ShelfFault> {
        let found = first_with_recipes(folders)?;
        // A profile of a recipe that is misspelt would be one that does not hold.
        for asked in profiles.keys() {
            if !found.iter().any(|(id, _)| id == asked) {
                return Err(unknown(asked.as_str(), &found));
            }
        }
        let opened = found.into_iter().map(|(id, path)| {
            let usable = open_by(&path, profiles.get(&id));
            (id, usable.map(Arc::new))
        });
        Ok(Self(opened.collect()))
    }

    /// Reads one recipe of those that [`Shelf::open`] would read, and leaves the others alone.
    pub fn one(
        folders: &[PathBuf],
        profiles: &Profiles,
        recipe: &str,
    ) -> Result<Result<Arc<Usable>, Vec<Fault>>, ShelfFault> {
        let found = first_with_recipes(folders)?;
        match found.iter().find(|(id, _)| id.as_str() == recipe) {
            Some((id, path)) => Ok(open_by(path, profiles.get(id)).map(Arc::new)),
            None => Err(unknown(recipe, &found)),
        }
    }

    /// The recipe with this id, or its faults; `None` when there is none of that name.
    #[must_use]
    pub fn get(&self, id: &RecipeId) -> Option<&Result<Arc<Usable>, Vec<Fault>>> {
        self.0.get(id)
    }

    /// All recipes in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&RecipeId, &Result<Arc<Usable>, Vec<Fault>>)> {
        self.0.iter()
    }
}

fn unknown(asked: &str, found: &[(RecipeId, PathBuf)]) -> ShelfFault {
    let known: Vec<String> = found.iter().map(|(id, _)| format!("`{id}`")).collect();
    ShelfFault::Unknown {
        asked: asked.to_owned(),
        known: known.join(", "),
    }
}

/// The recipes of the first of `folders` that holds any.
fn first_with_recipes(folders: &[PathBuf]) -> Result<Vec<(RecipeId, PathBuf)>, ShelfFault> {
    for folder in folders {
        let found = recipe_folders(folder)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let looked = folders
        .iter()
        .map(|folder| format!("`{}`", folder.display()))
        .collect::<Vec<_>>();
    Err(ShelfFault::None {
        looked: looked.join(", "),
    })
}

/// The folders inside `folder` that hold a `recipe.toml` and have the name of a recipe.
fn recipe_folders(folder: &Path) -> Result<Vec<(RecipeId, PathBuf)>, ShelfFault> {
    let unreadable = |cause| ShelfFault::Unreadable {
        folder: folder.display().to_string(),
        cause,
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let id = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| RecipeId::parse(name).ok());
        if let (Some(id), true) = (id, path.join("recipe.toml").is_file()) {
            found.push((id, path));
        }
    }
    found.sort();
    Ok(found)
}

/// The Word template of a recipe's folder.
pub const TEMPLATE: &str = "template.docx";

/// Reads and checks the recipe in `folder`; its id is the folder's name.
pub fn open(folder: &Path) -> Result<Usable, Vec<Fault>> {
    check(name(folder), &files(folder)?)
}

/// The same with this profile, where one is named, instead of what its `recipe.toml` says.
fn open_by(folder: &Path, profile: Option<&String>) -> Result<Usable, Vec<Fault>> {
    check_by(name(folder), &files(folder)?, profile.map(String::as_str))
}

/// The id of the recipe in a folder.
#[must_use]
pub fn name(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).unwrap_or("")
}

/// The files of a recipe's folder.
pub fn files(folder: &Path) -> Result<Files, Vec<Fault>> {
    read_files(folder, folder)
        .map_err(|cause| vec![fault(".", format!("the folder cannot be read: {cause}"))])
}

fn fault(file: &str, message: String) -> Fault {
    Fault {
        file: file.to_owned(),
        line: None,
        message,
    }
}

/// Checks a recipe's files.
pub fn check(id: &str, files: &Files) -> Result<Usable, Vec<Fault>> {
    check_by(id, files, None)
}

fn check_by(id: &str, files: &Files, profile: Option<&str>) -> Result<Usable, Vec<Fault>> {
    let names = Names::of(files);
    let opened = match files.get(TEMPLATE) {
        Some(bytes) => Template::open_with(bytes, &|name| names.has(name))
            .map_err(|cause| fault(TEMPLATE, cause.to_string())),
        None => Err(fault(TEMPLATE, "the Word template is missing".into())),
    };
    let placeholders = opened.as_ref().ok().map(Template::placeholders);
    match (load_by(id, files, placeholders.as_ref(), profile), opened) {
        (Ok(recipe), Ok(template)) => fillable(Usable { recipe, template }),
        (Ok(_), Err(template)) => Err(vec![template]),
        (Err(faults), Ok(_)) => Err(faults),
        (Err(mut faults), Err(template)) => {
            if !faults.iter().any(|fault| fault.file == template.file) {
                faults.push(template);
            }
            Err(faults)
        }
    }
}

/// What is said of a template without the banner.
pub const NO_BANNER: &str = "the template does not show `{{ banner }}` on its pages: the banner is put at the head of every \
                         draft made with it. Write `{{ banner }}` into the page header to place it yourself";

/// The recipe, unless its template asks for what no draft of it has: every run would end in that fault.
fn fillable(mut usable: Usable) -> Result<Usable, Vec<Fault>> {
    let fault = |message: String| fault(TEMPLATE, message);
    let tried =
        render::tried(&usable.recipe, &usable.template).map_err(|cause| vec![fault(cause.to_string())])?;
    if tried.without_banner {
        usable.recipe.warnings.push(fault(NO_BANNER.to_owned()));
    }
    if tried.undefined.is_empty() {
        return Ok(usable);
    }
    Err(tried
        .undefined
        .iter()
        .map(|name| {
            fault(format!(
                "the placeholder `{name}` is nothing that a draft has: correct the name"
            ))
        })
        .collect())
}

/// Files of one megabyte at most are read whole; `load` refuses larger ones, so one byte more is enough.
const MOST_BYTES: u64 = 1_000_001;

fn read_files(root: &Path, folder: &Path) -> std::io::Result<Files> {
    use std::io::Read as _;
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(read_files(root, &path)?);
            continue;
        }
        let name: Vec<String> = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let mut bytes = Vec::new();
        std::fs::File::open(&path)?
            .take(MOST_BYTES)
            .read_to_end(&mut bytes)?;
        files.insert(name.join("/"), bytes);
    }
    Ok(files)
}
