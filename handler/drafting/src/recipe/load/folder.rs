//! The files of the folder: which may be there, which must, how large, and that text is text.

use std::collections::BTreeMap;

use super::faults::Faults;
use super::{DEMANDS, Files, LEXICON, RECIPE, TEMPLATE};

/// The most bytes of one file. The longest guidance is a few thousand words, a template with a crest less than half
/// of this.
const MAX_BYTES: usize = 1_000_000;

/// The most files of a folder.
const MAX_FILES: usize = 100;

/// The files by their part in the recipe, text decoded. What is absent or unreadable is empty or `None`, and has
/// left a fault.
#[derive(Debug, Default)]
pub struct Folder<'a> {
    /// `recipe.toml`.
    pub recipe: Option<&'a str>,
    /// `lexicon.toml`.
    pub lexicon: Option<&'a str>,
    /// `rules.toml`.
    pub demands: Option<&'a str>,
    /// `template.docx`.
    pub template: &'a [u8],
    /// The guidance texts by their names inside `guidance/`.
    pub guidance: BTreeMap<&'a str, &'a str>,
    /// The profiles by their names inside `profiles/`, without the ending.
    pub profiles: BTreeMap<&'a str, &'a str>,
}

impl<'a> Folder<'a> {
    /// Sorts the files into their parts.
    pub fn check(files: &'a Files, faults: &mut Faults) -> Self {
        let mut folder = Self::default();
        if files.len() > MAX_FILES {
            let message = format!(
                "the folder holds {} files, more than the {MAX_FILES} allowed",
                files.len()
            );
            faults.add(RECIPE, None, message);
            return folder;
        }
        for (name, bytes) in files {
            folder.sort(name, bytes, faults);
        }
        Self::missing(files, faults);
        folder
    }

    /// Without `recipe.toml` there is no recipe. Whoever opens the template says that there is none, and a recipe
    /// without a lexicon can be drafted with a model.
    fn missing(files: &Files, faults: &mut Faults) {
        let has = |name: &str| files.contains_key(name);
        if !has(RECIPE) {
            faults.add(RECIPE, None, "is missing: add it to the folder");
        }
        if !has(LEXICON) {
            faults.warn(LEXICON, None, "is missing: without a model nothing can be found");
        }
        if !has(TEMPLATE) {
            faults.warn(TEMPLATE, None, "is missing: nothing can be rendered");
        }
    }

    fn sort(&mut self, name: &'a str, bytes: &'a [u8], faults: &mut Faults) {
        if bytes.len() > MAX_BYTES {
            faults.add(name, None, format!("is larger than {MAX_BYTES} bytes"));
            return;
        }
        match (name, name.strip_prefix("guidance/")) {
            (RECIPE, _) => self.recipe = text(name, bytes, faults),
            (LEXICON, _) => self.lexicon = text(name, bytes, faults),
            (DEMANDS, _) => self.demands = text(name, bytes, faults),
            (TEMPLATE, _) => self.template = bytes,
            (_, Some(guidance)) if is_guidance(guidance) => {
                if let Some(text) = text(name, bytes, faults) {
                    self.guidance.insert(guidance, text);
                }
            }
            _ => match profile(name) {
                Some(profile) => {
                    if let Some(text) = text(name, bytes, faults) {
                        self.profiles.insert(profile, text);
                    }
                }
                None => faults.add(
                    name,
                    None,
                    "is no file of a recipe: a folder holds `recipe.toml`, `lexicon.toml`, `rules.toml`, `template.docx`, \
                     `guidance/*.md` and `profiles/*.toml`, the names of these in `a` to `z`, `0` to `9`, `-` and `_`",
                ),
            },
        }
    }
}

fn is_guidance(name: &str) -> bool {
    name.strip_suffix(".md").is_some_and(is_plain)
}

/// The name of the profile in this file.
fn profile(name: &str) -> Option<&str> {
    let stem = name.strip_prefix("profiles/")?.strip_suffix(".toml")?;
    is_plain(stem).then_some(stem)
}

fn is_plain(stem: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    !stem.is_empty() && stem.chars().all(plain)
}

/// The bytes as text, or a fault at the line of the first byte that is not UTF-8.
fn text<'a>(name: &str, bytes: &'a [u8], faults: &mut Faults) -> Option<&'a str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() && name != LEXICON => {
            faults.add(name, None, "is empty");
            None
        }
        Ok(text) => Some(text),
        Err(fault) => {
            let sound = bytes.iter().take(fault.valid_up_to());
            let line = 1 + sound.filter(|byte| **byte == b'\n').count();
            faults.add(name, Some(line), "is not UTF-8 text: save it as UTF-8");
            None
        }
    }
}
