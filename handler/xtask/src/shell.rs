//! Running other programs, and knowing where the repository is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a command of the repository stopped.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A program is not there.
    #[error("`{program}` cannot be started: {hint}")]
    Missing {
        /// The program.
        program: String,
        /// How to get it.
        hint: &'static str,
    },
    /// A program ended with a failure.
    #[error("`{0}` failed")]
    Failed(String),
    /// A file or folder.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// The root of the repository.
pub fn root() -> Result<PathBuf, Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure::Other("the repository's root cannot be found".into()))
}

/// A command that runs in the root of the repository.
pub fn command(program: impl AsRef<OsStr>) -> Result<Command, Failure> {
    let mut command = Command::new(program);
    command.current_dir(root()?);
    Ok(command)
}

/// Cargo, as it runs us.
pub fn cargo() -> Result<Command, Failure> {
    // The only setting that these commands read: cargo names itself in it.
    command(option_env!("CARGO").unwrap_or("cargo"))
}

/// Runs a command to its end, showing it first; a failure is ours too.
pub fn run(command: &mut Command, hint: &'static str) -> Result<(), Failure> {
    let shown = shown(command);
    println!("$ {shown}");
    quiet(command, hint)
}

/// Runs a command to its end without a word of ours: what it prints is for machines.
pub fn quiet(command: &mut Command, hint: &'static str) -> Result<(), Failure> {
    let status = command.status().map_err(|_| missing(command, hint))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Failed(shown(command)))
    }
}

/// Runs a command to its end and gives what it printed; a failure is ours too.
pub fn output(command: &mut Command, hint: &'static str) -> Result<String, Failure> {
    let result = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|_| missing(command, hint))?;
    if !result.status.success() {
        return Err(Failure::Failed(shown(command)));
    }
    Ok(String::from_utf8_lossy(&result.stdout).into_owned())
}

/// Whether a program is there and answers to `--version`.
#[must_use]
pub fn is_there(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn missing(command: &Command, hint: &'static str) -> Failure {
    Failure::Missing {
        program: command.get_program().to_string_lossy().into_owned(),
        hint,
    }
}

fn shown(command: &Command) -> String {
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    std::iter::once(program)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Node's packages as the lock file has them; installed once.
pub fn node_packages() -> Result<(), Failure> {
    if root()?.join("node_modules/.bin/azurite").exists() {
        return Ok(());
    }
    run(
        command("npm")?.args(["ci", "--no-audit", "--no-fund"]),
        "install Node.js 20 or later, with npm",
    )
}

/// An environment of Python with these packages, made once; gives the folder of its programs.
pub fn python_packages(folder: &Path, packages: &[&str]) -> Result<PathBuf, Failure> {
    let programs = folder.join("bin");
    if !programs.join("python").exists() {
        run(
            command("python3")?.args(["-m", "venv"]).arg(folder),
            "install Python 3.11 or later",
        )?;
    }
    let mut install = command(programs.join("pip"))?;
    install.args(["install", "--quiet", "--disable-pip-version-check"]);
    run(install.args(packages), "see above")?;
    Ok(programs)
}

/// A file or folder that cannot be used.
pub fn file_failure(path: &Path) -> impl FnOnce(std::io::Error) -> Failure + '_ {
    move |cause| Failure::File(path.display().to_string(), cause)
}
