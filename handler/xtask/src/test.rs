//! `cargo xtask test`: every test.

use crate::shell::{self, Failure};

/// Builds and runs all tests of the workspace. Those over Azurite and the dev host start both themselves.
pub fn run() -> Result<(), Failure> {
    shell::node_packages()?;
    recogniser()?;
    shell::run(
        shell::cargo()?.args(["test", "--workspace", "--locked"]),
        "install Rust by rustup",
    )
}

/// Reads scans in the tests, which fail without it.
fn recogniser() -> Result<(), Failure> {
    const HINT: &str = "install tesseract by hand (Debian: `tesseract-ocr`, Homebrew: `tesseract`)";
    if shell::is_there("tesseract") {
        return Ok(());
    }
    shell::run(shell::command("apt-get")?.args(["update", "-qq"]), HINT)?;
    let install = ["install", "-y", "-qq", "--no-install-recommends", "tesseract-ocr"];
    shell::run(shell::command("apt-get")?.args(install), HINT)
}
