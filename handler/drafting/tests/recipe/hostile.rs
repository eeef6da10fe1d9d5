//! A recipe comes from a folder that anybody may have edited: whatever it holds, loading ends with a recipe or
//! with faults.

use drafting::recipe::load::load;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{load_small, small};

/// Loads, and sees that a refusal says why.
fn survives(files: &drafting::recipe::load::Files) {
    if let Err(faults) = load_small(files) {
        assert!(!faults.is_empty());
        assert!(
            faults
                .iter()
                .all(|fault| fault.line != Some(0) && !fault.message.is_empty())
        );
    }
}

proptest! {
    #[test]
    fn any_bytes(recipe in vec(any::<u8>(), 0..400), lexicon in vec(any::<u8>(), 0..100), name in ".{0,12}") {
        let mut files = small();
        files.insert("recipe.toml".to_owned(), recipe);
        files.insert("lexicon.toml".to_owned(), lexicon);
        files.insert(name.clone(), Vec::new());
        survives(&files);
        _ = load(&name, &files, None);
    }

    /// Near misses reach further than noise: bytes of a sound recipe taken out, doubled or exchanged.
    #[test]
    fn mutations(edits in vec((any::<prop::sample::Index>(), 0_usize..80, any::<prop::sample::Index>()), 1..6)) {
        let mut files = small();
        let bytes = files.get_mut("recipe.toml").expect("the recipe");
        for (from, length, to) in edits {
            let from = from.index(bytes.len().max(1)).min(bytes.len());
            let end = (from + length).min(bytes.len());
            let cut: Vec<u8> = bytes.drain(from..end).collect();
            let to = to.index(bytes.len() + 1);
            bytes.splice(to..to, cut);
        }
        survives(&files);
    }

    #[test]
    fn changed_lines(picks in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..8)) {
        let mut files = small();
        let text = String::from_utf8(files["recipe.toml"].clone()).expect("text");
        let mut lines: Vec<&str> = text.lines().collect();
        for (one, other) in picks {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            lines.swap(one, other);
        }
        files.insert("recipe.toml".to_owned(), lines.join("\n").into_bytes());
        survives(&files);
    }
}

/// Depth and number that would exhaust a parser without limits.
#[test]
fn great_depth_and_number() {
    for text in [
        format!("a = {}", "[".repeat(300_000)),
        format!("a = {}", "{b=".repeat(200_000)),
        "[[advice]]\n".repeat(80_000),
        "a=1\n".repeat(200_000),
        (0..90_000)
            .map(|at| format!("a{at}=1"))
            .collect::<Vec<_>>()
            .join("\n"),
    ] {
        let mut files = small();
        files.insert("recipe.toml".to_owned(), text.into_bytes());
        assert!(load_small(&files).is_err());
    }
}
