//! Loading a recipe: every fault at once, with file and line.
//!
//! Four steps that each add their faults to one list: the folder ([`folder`]), the form of `recipe.toml`
//! ([`form`]), what its entries mean together ([`meaning`]) and what the Word template asks for
//! ([`placeholders`]). A step never stops at its first fault, and a later one does not repeat what an earlier
//! one found. This module knows nothing of disks and archives: files come in as bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::lexicon::words_of;
use super::mapping::Mapping;
use super::profile::Profile;
use super::{Recipe, Retention};
use crate::hash::{Digest, Hasher};
use crate::id::RecipeId;
use crate::recognised::Trust;
use crate::screening::Policy;

mod demands;
mod faults;
mod folder;
mod form;
mod lexicon;
mod mapping;
mod meaning;
mod placeholders;
mod profile;
mod recognition;
mod retention;
mod screening;

pub use demands::examples;
use faults::Faults;
use folder::Folder;
use form::{Form, SectionEntry};
pub use mapping::Names;
pub use placeholders::RESERVED;

/// The files of a recipe folder by their path inside it, with `/` between the parts.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The file that says what the document holds.
const RECIPE: &str = "recipe.toml";
/// The file that says how claims are found without a model.
const LEXICON: &str = "lexicon.toml";
/// The file that says what the words of the document are held to.
const DEMANDS: &str = "rules.toml";
/// The Word template.
const TEMPLATE: &str = "template.docx";

/// One fault of a recipe, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, by its path inside the folder.
    pub file: String,
    /// The line, from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong, and what to do about it.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// Loads the recipe `id` from its files. `placeholders` are the names that its Word template uses, `None`
/// when the template could not be opened (the caller adds that fault).
pub fn load(id: &str, files: &Files, placeholders: Option<&BTreeSet<String>>) -> Result<Recipe, Vec<Fault>> {
    load_by(id, files, placeholders, None)
}

/// Loads a recipe with the profile of this name, where one is given, instead of what `recipe.toml` says.
pub fn load_by(
    id: &str,
    files: &Files,
    placeholders: Option<&BTreeSet<String>>,
    set: Option<&str>,
) -> Result<Recipe, Vec<Fault>> {
    let mut faults = Faults::default();
    let id = faults.keep(
        RECIPE,
        RecipeId::parse(id).map_err(|fault| format!("the folder's name {fault}")),
    );
    let folder = Folder::check(files, &mut faults);
    let form = folder.recipe.and_then(|text| Form::parse(text, &mut faults));
    let lexicon = lexicon::check(folder.lexicon.unwrap_or_default(), form.as_ref(), &mut faults);
    let demands = demands::check(
        folder.demands.unwrap_or_default(),
        &words_of(folder.lexicon.unwrap_or_default()),
        form.as_ref(),
        &mut faults,
    );
    let mut profiles = profile::check(&folder, form.as_ref(), &demands, &mut faults);
    let mut profile = None;
    let mut mapping = Mapping::default();
    let mut policy = Policy::default();
    let mut kept = Retention::default();
    let mut trust = Trust::default();
    if let Some(form) = &form {
        profile = chosen(form, set, &mut profiles, &mut faults);
        demands::settings(
            form,
            &demands,
            profile.as_ref().map(|(_, profile)| profile),
            &mut faults,
        );
        meaning::check(form, &folder, &mut faults);
        mapping = mapping::check(form, &mut faults);
        policy = screening::check(form, &mut faults);
        kept = retention::check(form, &mut faults);
        trust = recognition::check(form, &mut faults);
        if let Some(names) = placeholders {
            placeholders::check(form, &mapping, names, &mut faults);
        }
    }
    // Each of these is absent only with a fault.
    let (Some(id), Some(form), Some(lexicon)) = (id, form, lexicon) else {
        return Err(faults.all());
    };
    let Some(head) = form.head else {
        return Err(faults.all());
    };
    let warnings = faults.end()?;
    let mut recipe = Recipe {
        id,
        title: head.value.title,
        version: head.value.version,
        digest: digest(files, set),
        completeness: head.value.completeness,
        wording: head.value.wording,
        identity: head.value.identity,
        advice: form.advice.values(),
        areas: form.areas.values(),
        kinds: form.kinds.values(),
        sections: form.sections.iter().filter_map(SectionEntry::whole).collect(),
        rules: head.value.rules,
        screening: policy,
        retention: kept,
        trust,
        demands,
        profile: None,
        lexicon,
        guidance: folder
            .guidance
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
        general: head.value.guidance,
        mapping,
        template: folder.template.to_vec(),
        warnings,
    };
    if let Some((name, profile)) = profile {
        profile::apply(&mut recipe, name, profile);
    }
    Ok(recipe)
}

/// The profile that is set, else the one that `recipe.toml` names.
fn chosen(
    form: &Form,
    set: Option<&str>,
    profiles: &mut BTreeMap<String, Profile>,
    faults: &mut Faults,
) -> Option<(String, Profile)> {
    let head = form.head.as_ref()?;
    let name = set.map(str::to_owned).or_else(|| head.value.profile.clone())?;
    if let Some(profile) = profiles.remove(&name) {
        return Some((name, profile));
    }
    let known: Vec<&str> = profiles.keys().map(String::as_str).collect();
    faults.add(
        RECIPE,
        head.line("profile").filter(|_| set.is_none()),
        format!(
            "`{name}` is the name of no sound profile in `profiles/`: there are {}",
            known.join(", ")
        ),
    );
    None
}

/// The digest of all files with their names, so that a file that is renamed counts as changed, and of the profile that is
/// set: by another one the same sources give another draft.
fn digest(files: &Files, set: Option<&str>) -> Digest {
    let mut hasher = Hasher::new();
    for (name, bytes) in files {
        hasher.part(name.as_bytes()).part(bytes);
    }
    if let Some(profile) = set {
        hasher.part(b"profile").part(profile.as_bytes());
    }
    hasher.finish()
}
