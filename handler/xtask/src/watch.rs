//! Whether what the app is made of has changed: dates and sizes, looked at again and again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::shell::{Failure, file_failure};

/// How often it is looked.
pub const PAUSE: Duration = Duration::from_millis(800);

/// What goes into the app.
const MADE_OF: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "functions",
    "handler",
    "host.json",
    "local.settings.json",
    "recipes",
];
/// Folders that others write into.
const ASIDE: &[&str] = &["node_modules", "target", "tests"];

/// Date and size of every file that goes into the app.
pub type State = BTreeMap<PathBuf, (SystemTime, u64)>;

/// How things stand now.
pub fn state(root: &Path) -> Result<State, Failure> {
    let mut state = State::new();
    for part in MADE_OF {
        look(&root.join(part), &mut state)?;
    }
    Ok(state)
}

fn look(path: &Path, state: &mut State) -> Result<(), Failure> {
    // Editors write files anew: one that is gone this moment is there the next.
    let Ok(about) = fs::metadata(path) else {
        return Ok(());
    };
    if !about.is_dir() {
        let modified = about.modified().map_err(file_failure(path))?;
        state.insert(path.to_path_buf(), (modified, about.len()));
        return Ok(());
    }
    // And a folder can go while it is looked at.
    let Ok(entries) = fs::read_dir(path) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.map_err(file_failure(path))?;
        if !ASIDE.iter().any(|aside| entry.file_name() == *aside) {
            look(&entry.path(), state)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_source_is_seen_and_one_of_a_build_is_not() {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("handler/src/main.rs", "");
        let before = state(root.path()).unwrap();
        write("handler/tests/it/x.rs", "");
        write("handler/model/peer/node_modules/x.js", "");
        write("target/x", "");
        assert_eq!(state(root.path()).unwrap(), before);
        write("handler/src/main.rs", "fn main() {}");
        let after = state(root.path()).unwrap();
        assert_ne!(after, before);
        write("recipes/new/recipe.toml", "");
        assert_ne!(state(root.path()).unwrap(), after);
    }
}
