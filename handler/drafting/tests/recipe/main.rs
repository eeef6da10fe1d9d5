//! Recipes, through the public edge: what is refused, what is kept, and that those shipped are sound.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot begin has failed"
)]

use std::collections::{BTreeMap, BTreeSet};

use drafting::recipe::Recipe;
use drafting::recipe::load::{Fault, Files, load};

mod docs;
mod faults;
mod folder;
mod hostile;
mod mapping;
mod retention;
mod screening;
mod shipped;

/// A small sound recipe. Its `recipe.toml` is a file, so that the lines named by a fault can be looked up.
fn small() -> Files {
    let files = [
        ("recipe.toml", include_str!("small/recipe.toml")),
        ("lexicon.toml", ""),
        ("template.docx", "bytes of a Word file"),
        ("guidance/sorting.md", "Point at the words."),
        ("guidance/needs.md", "Say what is hard."),
    ];
    files
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .collect()
}

/// The placeholders that a template for the small recipe would use.
fn placeholders() -> BTreeSet<String> {
    [
        "title",
        "born",
        "needs",
        "help_at_home",
        "help",
        "documents",
        "sources",
    ]
    .map(str::to_owned)
    .into()
}

fn load_small(files: &Files) -> Result<Recipe, Vec<Fault>> {
    load("small", files, Some(&placeholders()))
}

fn lines(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(Fault::to_string).collect()
}

/// The files of a recipe of this repository.
fn shipped_files(id: &str) -> Files {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../recipes")
        .join(id);
    let mut files = BTreeMap::new();
    for part in ["", "guidance/"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("the recipe's folder") {
            let entry = entry.expect("an entry");
            if entry.file_type().expect("its type").is_file() {
                let name = entry.file_name().into_string().expect("its name");
                files.insert(
                    format!("{part}{name}"),
                    std::fs::read(entry.path()).expect("its bytes"),
                );
            }
        }
    }
    files
}
