//! `handler check-recipe` and `handler check-config`.

use std::path::Path;
use std::process::ExitCode;

use drafting::recipe::load::examples;

use super::say;
use crate::application;
use crate::config::{Config, Local, ReadBy};
use crate::recipes::{self, Shelf};

/// Checks one recipe folder.
pub fn recipe(folder: &Path) -> ExitCode {
    // A path such as `.` has no name of its own.
    let folder = match folder.canonicalize() {
        Ok(folder) => folder,
        Err(cause) => {
            say(&format!("error: `{}` cannot be read: {cause}", folder.display()));
            return ExitCode::FAILURE;
        }
    };
    let tried = recipes::open(&folder).and_then(|usable| match examples(&usable.recipe) {
        faults if faults.is_empty() => Ok(usable),
        faults => Err(faults),
    });
    match tried {
        Ok(usable) => {
            for warning in &usable.recipe.warnings {
                say(&format!("warning: {warning}"));
            }
            let recipe = &usable.recipe;
            let fields = recipe.fields().count();
            say(&format!(
                "{} {}: {} sections, {fields} fields, no faults",
                recipe.id,
                recipe.version,
                recipe.sections.len()
            ));
            ExitCode::SUCCESS
        }
        Err(faults) => {
            for fault in &faults {
                say(&format!("error: {fault}"));
            }
            let what = if faults.len() == 1 { "fault" } else { "faults" };
            say(&format!("{} {what}", faults.len()));
            ExitCode::FAILURE
        }
    }
}

/// Whether the program that reads scans is there, where one is set.
fn scans(local: &Local) -> Result<(), String> {
    let Some(ReadBy::Local(tesseract)) = local.scans.as_ref().map(|scans| &scans.by) else {
        return Ok(());
    };
    let program =
        std::env::current_exe().map_err(|cause| format!("the app's own program cannot be found: {cause}"))?;
    application::tesseract(&program, tesseract)
        .check()
        .map_err(|fault| fault.to_string())
}

/// Checks what the function app would be started with. The settings are sound when this is called.
#[expect(
    clippy::needless_pass_by_value,
    reason = "one form for all commands that need the settings"
)]
pub fn config(config: Config) -> ExitCode {
    if let Err(fault) = scans(&config.local) {
        say(&format!("error: {fault}"));
        return ExitCode::FAILURE;
    }
    match Shelf::open(&config.local.recipe_folders, &config.local.profiles) {
        Ok(shelf) => {
            let faulty: Vec<&str> = shelf
                .iter()
                .filter(|(_, recipe)| recipe.is_err())
                .map(|(id, _)| id.as_str())
                .collect();
            if faulty.is_empty() {
                say("the settings have no faults");
                return ExitCode::SUCCESS;
            }
            say(&format!(
                "error: recipes with faults: {}; see `handler check-recipe`",
                faulty.join(", ")
            ));
            ExitCode::FAILURE
        }
        Err(fault) => {
            say(&format!("error: {fault}"));
            ExitCode::FAILURE
        }
    }
}
