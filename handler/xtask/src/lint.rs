//! `cargo xtask lint`: formatting and lints.

use crate::shell::{self, Failure};

/// Fails on any difference in formatting and on any warning.
pub fn run() -> Result<(), Failure> {
    const HINT: &str = "install Rust by rustup, with rustfmt and clippy";
    shell::run(shell::cargo()?.args(["fmt", "--all", "--check"]), HINT)?;
    shell::run(
        shell::cargo()?.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "--deny",
            "warnings",
        ]),
        HINT,
    )
}
