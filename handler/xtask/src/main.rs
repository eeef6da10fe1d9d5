//! The commands of the repository: `cargo xtask <command>`.

#![expect(clippy::print_stdout, reason = "these are commands for people at a terminal")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod connector;
mod demo;
mod dist;
mod fuzz;
mod judges;
mod lint;
mod sbom;
mod shell;
mod templates;
mod test;
mod watch;

use shell::Failure;

/// Commands of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Upload the sample case to a function app on this machine, and fetch its five results
    Demo {
        /// Leave the app running afterwards, until Ctrl-C
        #[arg(long)]
        keep: bool,
    },
    /// Run the function app on this machine, in front, over Azurite; build and start it anew whenever its sources change
    Dev,
    /// Every test: the crates, Azurite, the dev host
    Test,
    /// Formatting and lints
    Lint,
    /// Assemble the function app in `target/dist`
    Dist {
        /// For the Flex Consumption plan, in `target/flex` and `target/golden-thread.zip`: the blob trigger gets
        /// `"source": "EventGrid"`
        #[arg(long)]
        flex: bool,
        /// Build with the release profile instead of the quick one
        #[arg(long)]
        release: bool,
        /// Build the package for Azure twice, from nothing the second time, and compare the zips
        #[arg(long)]
        twice: bool,
    },
    /// Try readers, payloads, templates and recipes with bytes that libFuzzer makes up
    Fuzz {
        /// Which targets; all of them when none is named
        targets: Vec<String>,
        /// How long each, in seconds
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Make the Power Platform connector anew from `docs/openapi.json`
    Connector(connector::Target),
    /// Check the results of the sample cases, the doors and the connector, and what builds and deploys the app, with independent programs (installs what is
    /// missing)
    Judges {
        /// Which part; all of them when none is named
        #[arg(value_enum)]
        part: Option<judges::Part>,
    },
    /// List what the program is made of, as `CycloneDX`, in `target/sbom.json`
    Sbom,
    /// Measure the release build, each figure beside its limit (installs what is missing)
    Bench {
        /// Which parts; all of them when none is named
        #[arg(value_enum)]
        parts: Vec<bench::Part>,
    },
    /// Compare drafts of annotated cases with what a person found; with a model where one is configured
    Evaluate {
        /// What `evaluate` takes: case folders and its options; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<String>,
    },
    /// Plant faults in correct statements and count those that the checks in code find
    VerifyTheVerifier {
        /// What the program takes; `--help` lists it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Make the Word templates of the recipes anew
    Templates,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo { keep } => demo::run(keep),
        Command::Dev => demo::dev(),
        Command::Test => test::run(),
        Command::Lint => lint::run(),
        Command::Fuzz { targets, seconds } => fuzz::run(&targets, seconds),
        Command::Dist { flex, release, twice } => dist::run(dist::Wanted { flex, release, twice }),
        Command::Connector(target) => connector::run(&target),
        Command::Judges { part } => judges::run(part),
        Command::Sbom => sbom::run(),
        Command::Bench { parts } => bench::run(&parts),
        Command::Evaluate { arguments } => evaluation("evaluate", &arguments),
        Command::VerifyTheVerifier { arguments } => evaluation("verify-the-verifier", &arguments),
        Command::Templates => write_templates(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a program of the crate `evaluation`. Cargo's own words go to standard error, so that what the program prints can
/// be read by machines.
fn evaluation(program: &str, arguments: &[String]) -> Result<(), Failure> {
    let here = std::env::current_dir().map_err(|cause| Failure::File("the current folder".into(), cause))?;
    let manifest = shell::root()?.join("Cargo.toml");
    let mut run = shell::cargo()?;
    // Paths among the arguments are meant from where the person stands.
    run.current_dir(here)
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(manifest);
    run.args(["--package", "evaluation", "--bin", program, "--"])
        .args(arguments);
    shell::quiet(&mut run, "see above")
}

fn write_templates() -> Result<(), Failure> {
    templates::write(&shell::root()?).map_err(|fault| Failure::Other(fault.to_string()))
}
