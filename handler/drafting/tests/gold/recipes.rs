//! The recipes that are shipped.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use drafting::recipe::Recipe;
use drafting::recipe::load::Files;

static EHCP: LazyLock<Recipe> = LazyLock::new(|| load_recipe("ehcp"));
static ANNUAL_REVIEW: LazyLock<Recipe> = LazyLock::new(|| load_recipe("annual-review"));
static MINUTES: LazyLock<Recipe> = LazyLock::new(|| load_recipe("minutes"));

/// The recipe of the plan.
pub fn ehcp() -> &'static Recipe {
    &EHCP
}

/// The recipe of minutes.
pub fn minutes() -> &'static Recipe {
    &MINUTES
}

/// The recipe of the report of an annual review.
pub fn annual_review() -> &'static Recipe {
    &ANNUAL_REVIEW
}

/// The recipe of the plan by the conventions of a council.
pub fn council() -> Recipe {
    let mut files = files("ehcp");
    let text = String::from_utf8(files.remove("recipe.toml").unwrap()).unwrap();
    let text = text.replacen("\ntitle = ", "\nprofile = \"needs-and-blanks\"\ntitle = ", 1);
    files.insert("recipe.toml".to_owned(), text.into_bytes());
    load("ehcp", &files)
}

fn load_recipe(id: &str) -> Recipe {
    load(id, &files(id))
}

fn load(id: &str, files: &Files) -> Recipe {
    drafting::recipe::load::load(id, files, None).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn files(id: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../recipes")
        .join(id);
    let folders = ["", "guidance", "profiles"].map(|under| folder.join(under));
    let entries = folders
        .iter()
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file());
    let name = |path: &Path| path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
    paths
        .map(|path| (name(&path), fs::read(&path).unwrap()))
        .collect()
}
