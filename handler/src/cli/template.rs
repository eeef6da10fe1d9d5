//! `handler template-keys`: what a Word file asks for, and which of it a recipe fills.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

use drafting::recipe::load::{Files, Names, RESERVED, load};
use drafting::recipe::{Form, Recipe};
use word::{Entry, Inventory, Place, Sort};

use super::say;
use crate::recipes;

/// Lists what the file asks for; with a recipe's folder, what fills it.
pub fn keys(file: &Path, recipe: Option<&Path>) -> ExitCode {
    match listed(file, recipe) {
        Ok(Listed {
            list,
            warnings,
            faults,
        }) => {
            let told = std::io::stdout().lock().write_all(list.as_bytes());
            if let Err(cause) = told
                // Whoever stops reading, as `head` does, wants no more of it.
                && cause.kind() != ErrorKind::BrokenPipe
            {
                say(&format!("error: the list cannot be written: {cause}"));
                return ExitCode::FAILURE;
            }
            for warning in &warnings {
                say(&format!("warning: {}", printable(warning)));
            }
            end(&faults)
        }
        Err(message) => {
            say(&format!("error: {}", printable(&message)));
            ExitCode::FAILURE
        }
    }
}

fn end(faults: &[String]) -> ExitCode {
    for fault in faults {
        say(&format!("error: {}", printable(fault)));
    }
    if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        say("the template cannot be used as it is");
        ExitCode::FAILURE
    }
}

/// What is told of a file.
struct Listed {
    list: String,
    /// What should be known although the file can be used.
    warnings: Vec<String>,
    /// What is wrong.
    faults: Vec<String>,
}

fn listed(file: &Path, recipe: Option<&Path>) -> Result<Listed, String> {
    let bytes =
        std::fs::read(file).map_err(|cause| format!("`{}` cannot be read: {cause}", file.display()))?;
    let filling = recipe.map(|folder| Filling::read(folder, &bytes)).transpose()?;
    let known = |key: &str| filling.as_ref().is_some_and(|filling| filling.names.has(key));
    let inventory = Inventory::read(&bytes, &known)
        .map_err(|fault| format!("`{}` is no template: {fault}", file.display()))?;
    let mut faults: Vec<String> = inventory.faults.iter().map(ToString::to_string).collect();
    if inventory.entries.is_empty() && faults.is_empty() {
        return Err(format!(
            "`{}` is no template: nothing in it asks to be filled. Write `{{{{ name }}}}` where the name is to stand, \
             or use merge fields or content controls with a tag",
            file.display()
        ));
    }
    let mut list = head(&inventory);
    for sorts in [PLACEHOLDERS, STATEMENTS] {
        entries(&mut list, &inventory, sorts, filling.as_ref());
    }
    let shows_banner = inventory
        .entries
        .iter()
        .any(|entry| entry.names.iter().any(|name| name == "banner"));
    let mut warnings = Vec::new();
    if filling.is_none() && !shows_banner {
        warnings.push(format!("{}: {}", file.display(), recipes::NO_BANNER));
    }
    if let Some(filling) = &filling {
        not_shown(&mut list, &inventory, &filling.recipe);
        warnings.extend(filling.warnings.iter().cloned());
        faults.extend(
            filling
                .faults
                .iter()
                .filter(|fault| !faults.iter().any(|own| fault.contains(own)))
                .cloned()
                .collect::<Vec<_>>(),
        );
    }
    Ok(Listed {
        list,
        warnings,
        faults,
    })
}

/// What shows something.
const PLACEHOLDERS: &[Sort] = &[Sort::Key, Sort::MergeField, Sort::Control, Sort::Expression];
/// What steers.
const STATEMENTS: &[Sort] = &[Sort::Loop, Sort::Condition, Sort::Setting];

/// A recipe with this template in the place of its own.
struct Filling {
    recipe: Recipe,
    names: Names,
    /// What is wrong with the two together.
    faults: Vec<String>,
    /// What should be known of the template although it can be used.
    warnings: Vec<String>,
}

impl Filling {
    fn read(folder: &Path, template: &[u8]) -> Result<Self, String> {
        let unusable = |what: &str| format!("the recipe `{}` {what}", folder.display());
        let folder = folder
            .canonicalize()
            .map_err(|cause| unusable(&format!("cannot be read: {cause}")))?;
        let lines = |faults: Vec<drafting::recipe::load::Fault>| {
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let mut files: Files = recipes::files(&folder).map_err(|faults| lines(faults).join("\n"))?;
        files.insert(recipes::TEMPLATE.to_owned(), template.to_vec());
        let id = recipes::name(&folder);
        let recipe = load(id, &files, None).map_err(|faults| lines(faults).join("\nerror: "))?;
        let (faults, warnings) = match recipes::check(id, &files) {
            Ok(usable) => (Vec::new(), usable.recipe.warnings),
            Err(faults) => (lines(faults), Vec::new()),
        };
        let of_template = warnings.into_iter().filter(|one| one.file == recipes::TEMPLATE);
        Ok(Self {
            recipe,
            names: Names::of(&files),
            faults,
            warnings: lines(of_template.collect()),
        })
    }

    /// What fills a name.
    fn source(&self, name: &str) -> Option<String> {
        if self.recipe.field(name).is_some() {
            return Some("the field of this key".to_owned());
        }
        if RESERVED.contains(&name) {
            return Some("given to every template".to_owned());
        }
        let mapped = self.recipe.mapping.get(name)?;
        let field = mapped.name.target.field();
        Some(match (mapped.number, mapped.name.target.serving()) {
            (None, _) => format!("`{field}`"),
            (Some(number), None) => format!("statement {number} of `{field}`"),
            (Some(number), Some(served)) => {
                format!("those of `{field}` for statement {number} of `{served}`")
            }
        })
    }
}

fn head(inventory: &Inventory) -> String {
    let count = |sorts: &[Sort]| {
        inventory
            .entries
            .iter()
            .filter(|entry| sorts.contains(&entry.sort))
            .count()
    };
    format!(
        "{} placeholders, {} loops, {} conditions\n",
        count(PLACEHOLDERS),
        count(&[Sort::Loop]),
        count(&[Sort::Condition])
    )
}

/// The entries of some sorts, a line each.
fn entries(list: &mut String, inventory: &Inventory, sorts: &[Sort], filling: Option<&Filling>) {
    const WIDEST: usize = 70;
    let entries: Vec<&Entry> = inventory
        .entries
        .iter()
        .filter(|entry| sorts.contains(&entry.sort))
        .collect();
    let width = entries
        .iter()
        .map(|entry| printable(&entry.written).chars().count())
        .max();
    let width = width.unwrap_or(0).min(WIDEST);
    if !entries.is_empty() {
        list.push('\n');
    }
    for entry in entries {
        let line = format!("{:width$}  {:16}", printable(&entry.written), places(entry));
        let status = filling.map_or_else(String::new, |filling| status(entry, filling));
        list.push_str(format!("{line}  {status}").trim_end());
        list.push('\n');
    }
}

/// Where it stands, and how often where that is more than once.
fn places(entry: &Entry) -> String {
    let place = |(place, times): (&Place, &usize)| match times {
        1 => place.name().to_owned(),
        times => format!("{} ({times} times)", place.name()),
    };
    entry.places.iter().map(place).collect::<Vec<_>>().join(", ")
}

/// What fills an entry.
fn status(entry: &Entry, filling: &Filling) -> String {
    let source = |name: &String| match (filling.source(name), entry.sort) {
        (Some(source), _) => source,
        (None, Sort::Control) => "left as it is: map its name to fill it".to_owned(),
        (None, _) => format!("UNKNOWN: nothing fills `{}`", printable(name)),
    };
    let mut sources: Vec<String> = entry.names.iter().map(source).collect();
    sources.dedup();
    sources.join("; ")
}

/// The fields that the template leaves to the report.
fn not_shown(list: &mut String, inventory: &Inventory, recipe: &Recipe) {
    let names: BTreeSet<&str> = inventory
        .entries
        .iter()
        .flat_map(|entry| &entry.names)
        .map(String::as_str)
        .collect();
    let mapped = names
        .iter()
        .filter_map(|name| recipe.mapping.get(name))
        .map(|mapped| mapped.name.target.field());
    let shown: BTreeSet<&str> = mapped.chain(names.iter().copied()).collect();
    let left: Vec<&str> = recipe
        .fields()
        .map(|(_, field)| field)
        .filter(|field| !shown.contains(field.key.as_str()))
        .filter(|field| field.form != Form::Index || !shown.contains("documents"))
        .map(|field| field.key.as_str())
        .collect();
    if !left.is_empty() {
        list.push_str("\nNot shown by the template, and so in the report alone:\n");
    }
    for key in left {
        list.push_str("  ");
        list.push_str(key);
        list.push('\n');
    }
}

/// The text without what would steer a terminal or turn its lines around.
fn printable(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { '?' } else { c }).collect()
}
