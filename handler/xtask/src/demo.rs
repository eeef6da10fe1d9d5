//! `cargo xtask demo` and `cargo xtask dev`: the function app on this machine.
//!
//! The work is done by the binary `demo`, built with the quick profile together with the app, so that the heavy
//! crates are built once.

use crate::dist;
use crate::shell::{self, Failure};

/// Uploads the sample case and fetches its results.
pub fn run(keep: bool) -> Result<(), Failure> {
    prepare()?;
    let (root, dist) = (shell::root()?, dist::folder()?);
    let mut command = shell::command(root.join("target/quick/demo"))?;
    command
        .arg("--app")
        .arg(dist)
        .arg("--sample")
        .arg(root.join("handler/tests/cases/rowan/sources"));
    command.arg("--out").arg(root.join("target/demo"));
    if keep {
        command.arg("--keep");
    }
    shell::run(&mut command, "it was built just now")
}

/// Runs the app in front.
pub fn dev() -> Result<(), Failure> {
    prepare()?;
    let (root, dist) = (shell::root()?, dist::folder()?);
    let mut command = shell::command(root.join("target/quick/demo"))?;
    command.arg("--app").arg(dist).arg("--only-serve");
    shell::run(&mut command, "it was built just now")
}

fn prepare() -> Result<(), Failure> {
    shell::node_packages()?;
    let build = [
        "build",
        "--locked",
        "--profile",
        "quick",
        "--package",
        "handler",
        "--bin",
        "handler",
        "--package",
        "xtask",
        "--features",
        "xtask/demo",
        "--bin",
        "demo",
    ];
    shell::run(shell::cargo()?.args(build), "install Rust by rustup")?;
    dist::assemble(false, &shell::root()?.join("target/quick/handler")).map(|_| ())
}
