//! `evaluate`: how much of a gold annotation stands in the draft that is made without a model and, where one is configured,
//! in the one that is made with it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use drafting::recipe::Recipe;
use evaluation::folder::FolderFault;
use evaluation::gold::folder::{self, GoldCase};
use evaluation::measure::drafted::{self, Drafted};
use evaluation::measure::{Measured, measure, table};
use handler::recipes;
use handler::routine::{Modelled, RoutineFault};
use handler::{application, config};
use serde_json::{Value, json};

/// Drafts cases without a model, and with the one that the settings `MODEL_…` name, and compares the drafts with what a
/// person found.
#[derive(Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct Arguments {
    /// Case folders: `sources/`, `gold.json`, and `case.json` if there is one.
    #[arg(required = true)]
    cases: Vec<PathBuf>,
    /// The recipe's folder, instead of the plan's.
    #[arg(long)]
    recipe: Option<PathBuf>,
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
    #[error("the recipe in `{0}` has faults; see them with `handler check-recipe`")]
    Recipe(PathBuf),
    #[error("the settings have faults: {0}")]
    Settings(String),
    #[error(transparent)]
    Start(#[from] application::StartFault),
    #[error(transparent)]
    Routine(#[from] RoutineFault),
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
    let folder = arguments.recipe.clone().unwrap_or_else(plan);
    let usable = Arc::new(recipes::open(&folder).map_err(|_| Fault::Recipe(folder))?);
    let model = model()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut out = io::stdout().lock();
    let mut all = Vec::new();
    for path in &arguments.cases {
        let gold = folder::case(&usable.recipe, path)?;
        let drafted = drafted::extractive(&usable.recipe, &gold.case);
        let figures = shown(
            arguments,
            &usable.recipe,
            &gold,
            "without a model",
            &drafted,
            &mut all,
        );
        write!(out, "{figures}")?;
        if let Some(model) = &model {
            let drafted = runtime.block_on(drafted::with_model(&usable, &gold.case, model));
            let (drafted, used) = drafted?;
            let name = format!(
                "with a model: {} calls, {} and {} tokens",
                used.calls, used.prompt_tokens, used.completion_tokens
            );
            let figures = shown(arguments, &usable.recipe, &gold, &name, &drafted, &mut all);
            write!(out, "{figures}")?;
        }
    }
    if arguments.json {
        writeln!(out, "{:#}", Value::Array(all))?;
    }
    Ok(())
}

/// The plan's recipe, beside this program's own source.
fn plan() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../recipes/ehcp")
}

fn model() -> Result<Option<Arc<Modelled>>, Fault> {
    let local = config::local(&config::environment, None).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Fault::Settings(faults.join("; "))
    })?;
    Ok(application::model(&local)?)
}

/// The figures of one draft: as text, or put behind `all` for JSON.
fn shown(
    arguments: &Arguments,
    recipe: &Recipe,
    gold: &GoldCase,
    by: &str,
    drafted: &Drafted,
    all: &mut Vec<Value>,
) -> String {
    let measured = measure(
        recipe,
        &gold.case,
        &gold.annotation,
        &drafted.claims,
        &drafted.checked,
    );
    let case = gold.case.id.as_str();
    if arguments.json {
        all.push(json!({ "case": case, "drafter": by, "figures": measured }));
        return String::new();
    }
    let mut text = String::new();
    if arguments.print {
        text += &table::text(recipe, drafted.checked.draft());
        text.push('\n');
    }
    text += &figures(arguments, &format!("{case}, {by}"), &measured);
    text
}

fn figures(arguments: &Arguments, title: &str, measured: &Measured) -> String {
    let figures = if arguments.brief {
        format!("{title}: {}\n", table::row("", measured))
    } else {
        table::table(title, measured) + "\n"
    };
    if arguments.account {
        figures + &measured.account()
    } else {
        figures
    }
}
