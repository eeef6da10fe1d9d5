//! `devhost`: what `func start` does for a custom handler, without Core Tools.

use clap::Parser;
use devhost::azurite::{Azurite, AzuriteOptions};
use devhost::{DevHost, Deviations, ExitZero, Options};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs the functions of a folder on this machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The folder with `host.json`; looked for upwards from here.
    #[arg(long, alias = "prefix", default_value = ".")]
    script_root: PathBuf,
    /// The port to listen on, on this machine only.
    #[arg(long, short, default_value_t = 7071)]
    port: u16,
    /// Start the storage emulator too, on its usual ports, for as long as this runs.
    #[arg(long)]
    azurite: bool,
    /// Where the emulator keeps its blobs; without it they are forgotten at the end.
    #[arg(long, requires = "azurite")]
    azurite_location: Option<PathBuf>,
    /// Ask for this key wherever Azure would ask for one.
    #[arg(long)]
    enable_auth: Option<String>,
    /// Start over after three crashes, as the platform does in Azure.
    #[arg(long)]
    outer_restart: bool,
    /// Do as hosts before 2026 did when the handler ends with code 0: nothing.
    #[arg(long)]
    exit_zero_black_hole: bool,
}

impl Arguments {
    fn options(&self) -> Options {
        let exit_zero = if self.exit_zero_black_hole {
            ExitZero::BlackHole
        } else {
            ExitZero::Restart
        };
        let deviations = Deviations {
            outer_restart: self.outer_restart,
            exit_zero,
            key: self.enable_auth.clone(),
            ..Deviations::default()
        };
        let mut options = Options::new(script_root(&self.script_root));
        if self.azurite {
            options = options.setting("AzureWebJobsStorage", "UseDevelopmentStorage=true");
        }
        options.port = self.port;
        options.echo = true;
        options.deviations = deviations;
        options
    }
}

/// The folder itself or the nearest one above that holds `host.json`.
fn script_root(folder: &Path) -> PathBuf {
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let nearest = absolute
        .ancestors()
        .find(|above| above.join("host.json").is_file());
    nearest.unwrap_or(&absolute).to_owned()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            let mut text = error.to_string();
            let mut source = error.source();
            while let Some(cause) = source {
                text = format!("{text}: {cause}");
                source = cause.source();
            }
            drop(writeln!(std::io::stderr(), "{text}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let options = AzuriteOptions {
        usual_ports: true,
        location: arguments.azurite_location.clone(),
        certificate: None,
    };
    let emulator = arguments
        .azurite
        .then(|| Azurite::start_with(&options))
        .transpose()?;
    let host = DevHost::start(arguments.options())?;
    show_functions(&host)?;
    let code = tokio::select! {
        stopped = host.wait_stopped() => {
            writeln!(std::io::stderr(), "{stopped}")?;
            ExitCode::FAILURE
        }
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            host.stop();
            ExitCode::SUCCESS
        }
    };
    drop(emulator);
    Ok(code)
}

fn show_functions(host: &DevHost) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nFunctions:\n")?;
    for line in host.functions() {
        writeln!(out, "        {line}\n")?;
    }
    writeln!(out, "Listening on {}; Ctrl-C ends it.\n", host.base_url())
}
