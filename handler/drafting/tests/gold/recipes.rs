//! The recipes that are shipped.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use drafting::recipe::Recipe;

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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../recipes")
        .join(id);
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
