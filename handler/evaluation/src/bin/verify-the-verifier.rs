//! Plants faults in correct statements and counts which the statement rules find, by code alone.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use drafting::check::statement::Reader;
use drafting::recipe::Recipe;
use evaluation::folder::{self, FolderFault};
use evaluation::planting::case;
use evaluation::planting::items::{Bench, Item};
use evaluation::planting::run::{measure, write_between};

/// Verifies the statement rules with planted faults, or checks the statements of a file.
#[derive(Parser)]
struct Arguments {
    /// Cases with a gold annotation to plant faults in; all sample cases when none is named.
    #[arg(long, num_args = 1..)]
    cases: Vec<PathBuf>,
    /// A file of statements to check; needs `--case`.
    #[arg(long, requires = "case")]
    items: Option<PathBuf>,
    /// The case of the statements: a folder with `case.json` and `sources/`.
    #[arg(long)]
    case: Option<PathBuf>,
    /// A Markdown file to put the table into, between its markers.
    #[arg(long)]
    write: Option<PathBuf>,
    /// The recipe's folder.
    #[arg(long)]
    recipe: Option<PathBuf>,
    /// Lists what was missed and what was found wrongly, on standard error.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(output) => match std::io::stdout().write_all(output.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(fault) => {
            let said = writeln!(std::io::stderr(), "error: {fault}");
            ExitCode::from(if said.is_ok() { 2 } else { 3 })
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(arguments: &Arguments) -> Result<String, FolderFault> {
    let folder = arguments
        .recipe
        .clone()
        .unwrap_or_else(|| root().join("recipes/ehcp"));
    let recipe = folder::recipe(&folder)?;
    if let (Some(items), Some(folder)) = (&arguments.items, &arguments.case) {
        return answers(&recipe, items, folder);
    }
    let mut list = String::new();
    let table = measure(&recipe, &arguments.cases, &root(), &mut list)?;
    if arguments.list {
        // What cannot be told is not worth a failure of what was measured.
        std::io::stderr()
            .write_all(list.as_bytes())
            .map_err(|cause| FolderFault::Unreadable {
                path: "standard error".into(),
                cause,
            })?;
    }
    if let Some(path) = &arguments.write {
        write_between(path, &table)?;
    }
    Ok(table)
}

fn answers(recipe: &Recipe, items: &Path, folder: &Path) -> Result<String, FolderFault> {
    let items: Vec<Item> = folder::json(items)?;
    let case = case::read(recipe, folder)?;
    let claims = case::claims(recipe, &case);
    let reader = Reader::new(recipe, &case, &claims);
    let bench = Bench::new(&reader, &case);
    let answers: Vec<_> = items.iter().map(|item| bench.answer(item)).collect();
    let text = serde_json::to_string_pretty(&answers).map_err(|cause| FolderFault::Json {
        path: "the answer".into(),
        cause,
    })?;
    Ok(text + "\n")
}
