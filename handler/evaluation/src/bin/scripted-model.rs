//! `scripted-model`: a language model on this machine that knows the sample cases, for trying the app without a cloud.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use evaluation::folder::FolderFault;
use evaluation::scripted::{Behaviour, Latency, Script, Server, ServerFault};

/// Answers as a language model would, by the gold annotation of sample cases.
#[derive(Parser)]
struct Arguments {
    /// Case folders with a `gold.json`, such as `handler/tests/cases/rowan`.
    #[arg(long = "case", required = true)]
    cases: Vec<PathBuf>,
    /// The port to listen on; 0 for any.
    #[arg(long, default_value_t = 4141)]
    port: u16,
    /// Be as slow as a middling service, times this: 0.8 s and 80 tokens a second.
    #[arg(long, num_args = 0..=1, default_missing_value = "1", default_value_t = 0.0, conflicts_with = "seconds")]
    latency: f64,
    /// Take so many seconds for each answer.
    #[arg(long)]
    seconds: Option<f64>,
    /// Guess tokens from lengths instead of counting them.
    #[arg(long)]
    guess_tokens: bool,
}

#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Folder(#[from] FolderFault),
    #[error(transparent)]
    Server(#[from] ServerFault),
    #[error("the address cannot be written: {0}")]
    Output(#[from] io::Error),
    #[error("`--seconds` must be a number of seconds")]
    Seconds,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // With standard error closed too there is nobody left to tell.
            _ = writeln!(io::stderr(), "{fault}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Fault> {
    let mut script = Script::default();
    for case in &arguments.cases {
        script.add(case)?;
    }
    let latency = match arguments.seconds {
        None => Latency::middling(arguments.latency),
        Some(seconds) => Latency {
            first: Duration::try_from_secs_f64(seconds).map_err(|_| Fault::Seconds)?,
            token: Duration::ZERO,
        },
    };
    let behaviour = Behaviour {
        latency,
        exact_tokens: !arguments.guess_tokens,
        ..Behaviour::default()
    };
    let server = Server::start(script, behaviour, arguments.port).await?;
    writeln!(
        io::stdout(),
        "MODEL_BASE_URL={} MODEL_DEPLOYMENT=scripted MODEL_KEY=none",
        server.base_url()
    )?;
    server.forever().await;
    Ok(())
}
