//! The command line.

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use drafting::record::Record;

use crate::config::{self, Config, Local};
use crate::{application, logs};

mod answers;
mod audit;
mod changes;
mod check;
mod draft;
mod edit;
mod heaps;
mod migrate;
mod rights;
mod template;

/// The hidden command under which the program parses one file for itself, in a child process.
pub const READER: &str = "read-document";

/// The hidden command under which the program limits itself and then becomes the one that recognises text.
pub const RECOGNISER: &str = "recognise-page";

/// Drafts structured documents from source documents, every statement traced to its words.
#[derive(Parser)]
#[command(name = "handler", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the Functions host (what `host.json` starts; the default)
    Serve,
    /// Draft one case from files on this machine
    Draft(DraftArguments),
    /// Say what changed from one draft of a case to another
    Changes(ChangesArguments),
    /// Compare a draft that was edited by hand with its record, and check it again
    CheckEdit(EditArguments),
    /// Check a recipe folder and list all its faults
    CheckRecipe {
        /// The folder that holds `recipe.toml`
        folder: PathBuf,
    },
    /// List what a Word file asks for: every placeholder, loop and condition, where and how often
    TemplateKeys {
        /// The Word file (.docx)
        file: PathBuf,
        /// A recipe's folder: say what it fills, what nothing fills, and what the file does not show
        #[arg(long)]
        recipe: Option<PathBuf>,
    },
    /// Write all that is held about a case into one ZIP archive
    Export {
        #[command(flatten)]
        case: CaseArguments,
        /// The archive (.zip)
        #[arg(long)]
        out: PathBuf,
    },
    /// Erase all that is held about a case, and print the report
    Erase {
        #[command(flatten)]
        case: CaseArguments,
        /// The case's reference once more
        #[arg(long)]
        confirm: String,
    },
    /// Erase what the recipes keep no longer
    Retention {
        /// List what is due, and erase nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Copy what the council's earlier system kept in its five containers into this app's; nothing is deleted there
    Migrate(MigrateArguments),
    /// Check the settings in the environment, and list all their faults
    CheckConfig,
    /// Parse one file from standard input, under limits (used by the program itself)
    #[command(name = READER, hide = true)]
    ReadDocument,
    /// Become the program that recognises text, under limits (used by the program itself)
    #[command(name = RECOGNISER, hide = true)]
    RecognisePage {
        /// Seconds of processor time, the program and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check that it is as it was written, and name the first broken link
    Verify,
}

#[derive(clap::Args)]
struct CaseArguments {
    /// The recipe
    #[arg(long)]
    recipe: String,
    /// The case's reference
    #[arg(long)]
    case: String,
}

#[derive(clap::Args)]
struct DraftArguments {
    /// The documents, or a folder of them; a `case.json` among them is the manifest
    #[arg(required = true)]
    sources: Vec<PathBuf>,
    /// The recipe
    #[arg(long, default_value = "ehcp")]
    recipe: String,
    /// The folder for the five results; made if it is not there
    #[arg(long)]
    out: PathBuf,
    /// The day of drafting (YYYY-MM-DD) instead of today
    #[arg(long)]
    date: Option<jiff::civil::Date>,
    /// The case's reference
    #[arg(long, default_value = "case")]
    case: String,
    /// Where recipes are, instead of beside the program or in `./recipes`
    #[arg(long)]
    recipes: Option<PathBuf>,
    /// A folder to keep the model's answers in, so that drafting the same files again asks for nothing twice
    #[arg(long)]
    answers: Option<PathBuf>,
    /// The record.json of the draft before: the report then says what changed since
    #[arg(long)]
    previous: Option<PathBuf>,
}

#[derive(clap::Args)]
struct EditArguments {
    /// The draft as it was edited
    edited: PathBuf,
    /// The record.json of the run whose draft it was
    #[arg(long)]
    record: PathBuf,
    /// The draft.docx of that run, as it was made, unless it lies beside the record
    #[arg(long)]
    draft: Option<PathBuf>,
    /// The folder for edit.html and edit.json; made if it is not there
    #[arg(long)]
    out: PathBuf,
    /// Where recipes are, instead of beside the program or in `./recipes`
    #[arg(long)]
    recipes: Option<PathBuf>,
}

#[derive(clap::Args)]
struct MigrateArguments {
    /// The storage account of the earlier system
    #[arg(long)]
    from: String,
    /// The recipe of its cases
    #[arg(long, default_value = "ehcp")]
    recipe: String,
    /// The table (CSV) that says whose case each run was; without one, a table to fill in is printed
    #[arg(long)]
    cases: Option<PathBuf>,
    /// Say what would be copied to where, and copy nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(clap::Args)]
struct ChangesArguments {
    /// The record.json of the earlier draft
    old: PathBuf,
    /// The record.json of the later draft of the same case
    new: PathBuf,
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command line: exit code 0 a draft (or nothing to complain of), 2 refused, 1 failed.
#[must_use]
pub fn run() -> ExitCode {
    match Arguments::parse().command.unwrap_or(Command::Serve) {
        // First, and before any thread is started: the child limits itself.
        Command::ReadDocument => reading::child::run(),
        Command::RecognisePage { arguments } => recognition::limited::run(arguments.into_iter()),
        Command::Serve => with_config(config::read, serve),
        Command::Audit(AuditCommand::Verify) => audit::verify(),
        Command::Export { case, out } => rights::export(&case, &out),
        Command::Erase { case, confirm } => rights::erase(&case, &confirm),
        Command::Retention { dry_run } => rights::retention(dry_run),
        Command::Migrate(arguments) => migrate::run(&arguments),
        // Whoever checks has the app's settings and no host, which would set the port.
        Command::CheckConfig => with_config(config::administration, check::config),
        Command::Changes(arguments) => changes::run(&arguments),
        Command::CheckEdit(arguments) => {
            match config::local(&config::environment, arguments.recipes.clone()) {
                Ok(local) => edit::run(&arguments, &local),
                Err(faults) => complain(&faults),
            }
        }
        Command::CheckRecipe { folder } => check::recipe(&folder),
        Command::TemplateKeys { file, recipe } => template::keys(&file, recipe.as_deref()),
        Command::Draft(arguments) => match config::local(&config::environment, arguments.recipes.clone()) {
            Ok(local) => draft::run(&arguments, &local),
            Err(faults) => complain(&faults),
        },
    }
}

fn with_config(
    read: impl Fn(config::Source) -> Result<Config, Vec<config::Fault>>,
    command: impl Fn(Config) -> ExitCode,
) -> ExitCode {
    match read(&config::environment) {
        Ok(config) => command(config),
        Err(faults) => complain(&faults),
    }
}

fn serve(config: Config) -> ExitCode {
    heaps::one();
    logs::start(config.local.log_level);
    let Local { log_level, .. } = config.local;
    tracing::debug!(%log_level, "starting");
    let result = match runtime() {
        Ok(runtime) => runtime.block_on(application::serve(config)),
        Err(cause) => Err(application::StartFault::System {
            what: "no threads can be started",
            cause,
        }),
    };
    match result {
        // Asked to stop: an exit code of 0 would be taken by older hosts for a handler that still runs.
        Ok(()) => ExitCode::from(200),
        Err(fault) => {
            say(&format!("error: {fault}"));
            ExitCode::FAILURE
        }
    }
}

/// The most threads that answer: they move bytes and wait, and what computes has threads of its own.
const MOST_WORKERS: usize = 4;
/// How long a thread that computes is kept without work. Each holds its own working memory of the patterns that it has
/// looked for, and a new thread begins a new one: there are few, and they stay.
const THREADS_STAY: Duration = Duration::from_secs(24 * 60 * 60);

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.min(MOST_WORKERS))
        .max_blocking_threads(cores)
        .thread_keep_alive(THREADS_STAY)
        .enable_all()
        .build()
}

fn complain(faults: &[impl ToString]) -> ExitCode {
    for fault in faults {
        say(&format!("error: {}", fault.to_string()));
    }
    ExitCode::FAILURE
}

/// Reads a record that a run of this program wrote.
fn record(path: &Path) -> Result<Record, String> {
    let bytes =
        std::fs::read(path).map_err(|cause| format!("`{}` cannot be read: {cause}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|fault| {
        format!(
            "`{}` is no record of this program (line {}, column {})",
            path.display(),
            fault.line(),
            fault.column()
        )
    })
}

/// Says something to whoever sits at the terminal.
#[expect(clippy::print_stderr, reason = "this is the command line's voice")]
fn say(text: &str) {
    eprintln!("{text}");
}

/// Prints what was asked for. Whoever stops reading, as `head` does, wants no more of it.
fn print(text: &str) {
    let told = writeln!(std::io::stdout(), "{text}");
    if let Err(fault) = told
        && fault.kind() != ErrorKind::BrokenPipe
    {
        say(&format!("standard output cannot be written to: {fault}"));
    }
}
