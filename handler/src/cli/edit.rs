//! `handler check-edit`: a draft that was edited by hand, against its record.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use drafting::edit::{self, Bearing, Edit};
use drafting::hash::Digest;
use drafting::source::Reading;
use reading::sandbox::Sandbox;

use super::{EditArguments, draft, record, runtime, say};
use crate::application;
use crate::config::Local;
use crate::paths::{Artifact, EditFile};
use crate::screened;

/// Exit code of an edit in which a statement has lost its evidence.
const LOST: u8 = 2;

/// Compares and writes the page and its JSON.
pub fn run(arguments: &EditArguments, local: &Local) -> ExitCode {
    match attempt(arguments, local) {
        Ok(edit) => report(&edit, &arguments.out),
        Err(message) => {
            say(&format!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn report(edit: &Edit, out: &Path) -> ExitCode {
    for file in [EditFile::Page, EditFile::Account] {
        say(&out.join(file.file_name()).display().to_string());
    }
    let lost = edit
        .changed
        .iter()
        .filter(|one| one.bearing == Bearing::Lost)
        .count();
    say(&format!(
        "statements: {} changed ({lost} lost their evidence), {} removed, {} moved, {} as they were; {} added without evidence",
        edit.changed.len(),
        edit.removed.len(),
        edit.moved.len(),
        edit.unchanged,
        edit.added.len()
    ));
    if lost > 0 {
        ExitCode::from(LOST)
    } else {
        ExitCode::SUCCESS
    }
}

fn attempt(arguments: &EditArguments, local: &Local) -> Result<Edit, String> {
    let record = record(&arguments.record)?;
    let usable = draft::usable(record.recipe.id.as_str(), local)?;
    let services = application::services(local).map_err(|fault| fault.to_string())?;
    let runtime = runtime().map_err(|cause| format!("no threads can be started: {cause}"))?;
    let bytes = read(&arguments.edited)?;
    let digest = Digest::of(&bytes);
    let edited = parsed(&runtime, &services.sandbox, bytes, &arguments.edited)?;
    let beside = arguments.record.with_file_name(Artifact::Draft.file_name());
    let draft = arguments
        .draft
        .clone()
        .or_else(|| beside.is_file().then_some(beside));
    let original = if let Some(path) = &draft {
        Some(parsed(&runtime, &services.sandbox, read(path)?, path)?)
    } else {
        say("warning: without draft.docx the form's own text counts as added; give it by --draft");
        None
    };
    let edit = edit::review(&usable.recipe, &record, original.as_ref(), &edited, digest)
        .map_err(|fault| fault.to_string())?;
    let edit = match &services.screen {
        Some(screen) => {
            let deadline = Instant::now() + screened::FOR_AN_EDIT;
            runtime.block_on(screened::edited(&usable, edit, screen.as_ref(), deadline))
        }
        None => edit,
    };
    let page = render::edit(&usable.recipe, &edit, None).map_err(|fault| fault.to_string())?;
    let account = serde_json::to_vec_pretty(&edit).map_err(|fault| fault.to_string())?;
    let out = &arguments.out;
    std::fs::create_dir_all(out).map_err(|cause| format!("`{}` cannot be made: {cause}", out.display()))?;
    for (file, bytes) in [(EditFile::Page, page), (EditFile::Account, account)] {
        let path = out.join(file.file_name());
        std::fs::write(&path, bytes)
            .map_err(|cause| format!("`{}` cannot be written: {cause}", path.display()))?;
    }
    Ok(edit)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|cause| format!("`{}` cannot be read: {cause}", path.display()))
}

fn parsed(
    runtime: &tokio::runtime::Runtime,
    sandbox: &Sandbox,
    bytes: Vec<u8>,
    path: &Path,
) -> Result<Reading, String> {
    let read = runtime
        .block_on(sandbox.read(bytes))
        .map_err(|fault| fault.to_string())?;
    read.map_err(|rejection| format!("`{}`: {}", path.display(), rejection.advice()))
}
