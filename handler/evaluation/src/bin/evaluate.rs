//! `evaluate`: how much of a gold annotation stands in the draft that is made without a model.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use evaluation::gold::folder::{self, FolderFault};
use evaluation::measure::{Measured, drafted, measure, table};
use serde_json::{Value, json};

/// Drafts cases without a model and compares the drafts with what a person found.
#[derive(Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct Arguments {
    /// Case folders: `sources/`, `gold.json`, and `case.json` if there is one.
    #[arg(required = true)]
    cases: Vec<PathBuf>,
    /// The recipe's folder.
    #[arg(long, default_value = "recipes/ehcp")]
    recipe: PathBuf,
    /// Give JSON instead of tables.
    #[arg(long)]
    json: bool,
    /// Give one line a case.
    #[arg(long)]
    brief: bool,
    /// Also list everything that is not as the annotation has it.
    #[arg(long)]
    account: bool,
    /// Also print the draft.
    #[arg(long)]
    print: bool,
}

/// Why nothing, or not all, could be measured.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Folder(#[from] FolderFault),
    #[error("the figures cannot be written: {0}")]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // With standard error closed too there is nobody left to tell.
            _ = writeln!(io::stderr(), "{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Fault> {
    let recipe = folder::recipe(&arguments.recipe)?;
    let mut out = io::stdout().lock();
    let mut all = Vec::new();
    for path in &arguments.cases {
        let gold = folder::case(&recipe, path)?;
        let drafted = drafted::extractive(&recipe, &gold.case);
        let measured = measure(
            &recipe,
            &gold.case,
            &gold.annotation,
            &drafted.claims,
            &drafted.checked,
        );
        if arguments.json {
            all.push(as_json(gold.case.id.as_str(), &measured));
            continue;
        }
        if arguments.print {
            writeln!(out, "{}", table::text(&recipe, drafted.checked.draft()))?;
        }
        write!(out, "{}", shown(arguments, gold.case.id.as_str(), &measured))?;
    }
    if arguments.json {
        writeln!(out, "{:#}", Value::Array(all))?;
    }
    Ok(())
}

fn shown(arguments: &Arguments, case: &str, measured: &Measured) -> String {
    let figures = if arguments.brief {
        table::row(case, measured) + "\n"
    } else {
        table::table(case, measured) + "\n"
    };
    if arguments.account {
        figures + &measured.account()
    } else {
        figures
    }
}

fn as_json(case: &str, measured: &Measured) -> Value {
    json!({ "case": case, "drafter": "extractive", "figures": measured })
}
