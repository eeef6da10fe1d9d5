//! `cargo xtask demo` and `cargo xtask dev`: the function app on this machine.
//!
//! The work is done by the binary `demo`, built with the quick profile together with the app, so that the heavy
//! crates are built once.

use std::io::Write as _;
use std::process::{ChildStdin, ExitStatus, Stdio};

use crate::shell::{self, Failure, file_failure};
use crate::{dist, watch};

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

/// Runs the app in front, and again whenever what it is made of changes. What lies in the storage emulator stays.
pub fn dev() -> Result<(), Failure> {
    prepare()?;
    let (root, dist) = (shell::root()?, dist::folder()?);
    let mut command = shell::command(root.join("target/quick/demo"))?;
    command
        .arg("--app")
        .arg(dist)
        .arg("--only-serve")
        .stdin(Stdio::piped());
    let mut app = command.spawn().map_err(file_failure(&root))?;
    let mut orders = app.stdin.take();
    let mut seen = watch::state(&root)?;
    loop {
        std::thread::sleep(watch::PAUSE);
        if let Some(status) = app.try_wait().map_err(file_failure(&root))? {
            return ended(status);
        }
        let now = watch::state(&root)?;
        if now == seen {
            continue;
        }
        seen = now;
        println!("something changed: building");
        match prepare() {
            Ok(()) => order(&mut orders)?,
            // The person mends it; what was built before goes on running.
            Err(failure) => println!("error: {failure}; the app runs on as it was"),
        }
    }
}

/// Tells the running app to start anew.
fn order(orders: &mut Option<ChildStdin>) -> Result<(), Failure> {
    let Some(pipe) = orders else { return Ok(()) };
    pipe.write_all(b"restart\n")
        .and_then(|()| pipe.flush())
        .map_err(|cause| Failure::File("the app's standard input".into(), cause))
}

fn ended(status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::Failed("demo --only-serve".into()))
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
    dist::assemble(&shell::root()?.join("target/quick/handler")).map(|_| ())
}
