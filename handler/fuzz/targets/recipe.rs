//! Any text as the files of a recipe: loaded, or every fault with its file.
#![no_main]

use drafting::recipe::load::{Files, load};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 4] = ["recipe.toml", "lexicon.toml", "rules.toml", "guidance/writing.md"];

fuzz_target!(|bytes: &[u8]| {
    let parts = bytes.split(|byte| *byte == 0).zip(NAMES);
    let files: Files = parts
        .map(|(part, name)| (name.to_owned(), part.to_vec()))
        .collect();
    if let Err(faults) = load("ehcp", &files, None) {
        assert!(!faults.is_empty());
    }
});
