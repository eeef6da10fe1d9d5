//! `handler draft`: the same routine, from files to files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use drafting::check::RunOutcome;
use drafting::hash::Digest;
use drafting::id::{CaseId, RunId, SourceName};
use drafting::record::{Drafter, fingerprint};
use drafting::source::Rejection;
use indicatif::{ProgressBar, ProgressStyle};
use model::Answers;

use super::answers::FolderAnswers;
use super::{DraftArguments, runtime, say};
use crate::application;
use crate::config::Local;
use crate::intake::{self, Taken, Upload};
use crate::paths::MANIFEST;
use crate::progress::{Progress, Stage, Watcher};
use crate::recipes::{Shelf, Usable};
use crate::routine::{self, Finished, Input};
use crate::workflow::parse_manifest;

/// What a run with a model may take. Whoever waits at a terminal can end it sooner.
const MOST_TIME: Duration = Duration::from_secs(30 * 60);

/// Exit code of a run that made no draft.
const REFUSED: u8 = 2;

/// Drafts and writes the five results.
pub fn run(arguments: &DraftArguments, local: &Local) -> ExitCode {
    match attempt(arguments, local) {
        Ok(finished) => report(&finished, &arguments.out),
        Err(message) => {
            say(&format!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn report(finished: &Finished, out: &Path) -> ExitCode {
    for artifact in finished.artifacts.keys() {
        say(&out.join(artifact.file_name()).display().to_string());
    }
    let [critical, standard, info] = finished.findings;
    say(&format!(
        "findings: {critical} critical, {standard} standard, {info} info"
    ));
    match &finished.outcome {
        RunOutcome::Ready => say("ready"),
        RunOutcome::NeedsReview => say("needs review: read report.html before you use the draft"),
        RunOutcome::Refused { reason } => {
            say(&format!("refused: {reason}"));
            return ExitCode::from(REFUSED);
        }
        RunOutcome::Failed { stage } => {
            say(&format!("failed: {stage}"));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Messages are for the terminal of the person who named the files, so they may name them.
fn attempt(arguments: &DraftArguments, local: &Local) -> Result<Finished, String> {
    let usable = usable(&arguments.recipe, local)?;
    let case = CaseId::parse(&arguments.case).map_err(|fault| format!("the case's reference {fault}"))?;
    let files = files(&arguments.sources)?;
    let services = application::services(local).map_err(|fault| fault.to_string())?;
    let input = input(&usable, case, files, arguments, local, &services.drafter())?;
    let bar = ProgressBar::new(Stage::COUNT).with_style(style());
    let shown = bar.clone();
    let watcher = Watcher::new(move |progress: Progress| {
        shown.set_message(progress.to_string());
        shown.set_position(progress.stage as u64);
    });
    let runtime = runtime().map_err(|cause| format!("no threads can be started: {cause}"))?;
    let finished = runtime.block_on(routine::generate(&usable, input, &services, &watcher));
    bar.finish_and_clear();
    let finished = finished.map_err(|fault| fault.to_string())?;
    write(&finished, &arguments.out)?;
    Ok(finished)
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:24} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar())
}

pub(super) fn usable(recipe: &str, local: &Local) -> Result<Arc<Usable>, String> {
    Shelf::one(&local.recipe_folders, &local.profiles, recipe)
        .map_err(|fault| fault.to_string())?
        .map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
            format!("the recipe `{recipe}` has faults:{}", faults.concat())
        })
}

/// The files named, and those directly in the folders named.
fn files(sources: &[PathBuf]) -> Result<BTreeMap<String, PathBuf>, String> {
    let mut files = BTreeMap::new();
    for source in sources {
        let unreadable = |cause: std::io::Error| format!("`{}` cannot be read: {cause}", source.display());
        let paths = if source.is_dir() {
            let entries = std::fs::read_dir(source).map_err(unreadable)?;
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
                .map_err(unreadable)?
        } else {
            vec![source.clone()]
        };
        for path in paths.into_iter().filter(|path| !path.is_dir()) {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or("")
                .to_owned();
            // What an editor or a file manager leaves behind.
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            if files.insert(name.clone(), path).is_some() {
                return Err(format!("two files are called `{name}`"));
            }
        }
    }
    Ok(files)
}

fn input(
    usable: &Usable,
    case: CaseId,
    mut files: BTreeMap<String, PathBuf>,
    arguments: &DraftArguments,
    local: &Local,
    drafter: &Drafter,
) -> Result<Input<'static>, String> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|cause| format!("`{}` cannot be read: {cause}", path.display()))
    };
    let manifest = files.remove(MANIFEST).map(|path| read(&path)).transpose()?;
    if files.is_empty() {
        return Err("there are no documents to draft from".into());
    }
    let too_many = files.len() > local.case_documents;
    let mut uploads = Vec::new();
    for (name, path) in files.into_iter().take(local.case_documents) {
        let name = SourceName::parse(&name).map_err(|fault| format!("`{}`: {fault}", path.display()))?;
        let size = std::fs::metadata(&path)
            .map_err(|cause| format!("`{}` cannot be read: {cause}", path.display()))?
            .len();
        uploads.push(if size > local.document_bytes {
            let what = format!(
                "{} MB, at most {} MB",
                size / 1_000_000,
                local.document_bytes / 1_000_000
            );
            let digest = Digest::of(&size.to_le_bytes());
            Upload {
                name: name.into(),
                digest,
                size,
                bytes: Err(Rejection::TooLarge { what }),
            }
        } else {
            Upload::new(name, read(&path)?)
        });
    }
    let manifest_digest = manifest.as_ref().map(|bytes| Digest::of(bytes));
    let (manifest, manifest_fault) = match manifest.map(|bytes| parse_manifest(&bytes)) {
        None => (None, None),
        Some(Ok(manifest)) => (Some(manifest), None),
        Some(Err(fault)) => (None, Some(fault)),
    };
    let Taken {
        uploads,
        manifest,
        digests,
    } = intake::take(uploads, manifest);
    let print = fingerprint(&usable.recipe, &case, manifest_digest.as_ref(), &digests, drafter);
    let previous = arguments.previous.as_deref().map(super::record).transpose()?;
    Ok(Input {
        case,
        manifest,
        manifest_fault,
        too_many,
        uploads,
        today: arguments.date.unwrap_or_else(routine::today),
        run: RunId::of(&print, 1),
        answers: arguments
            .answers
            .as_ref()
            .map(|folder| Arc::new(FolderAnswers(folder.clone())) as Arc<dyn Answers>),
        deadline: Instant::now() + MOST_TIME,
        patient: false,
        previous: previous.map(Box::new),
        edited: Box::pin(std::future::ready(None)),
    })
}

fn write(finished: &Finished, out: &Path) -> Result<(), String> {
    std::fs::create_dir_all(out).map_err(|cause| format!("`{}` cannot be made: {cause}", out.display()))?;
    for (artifact, bytes) in &finished.artifacts {
        let path = out.join(artifact.file_name());
        std::fs::write(&path, bytes)
            .map_err(|cause| format!("`{}` cannot be written: {cause}", path.display()))?;
    }
    Ok(())
}
