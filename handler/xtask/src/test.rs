//! `cargo xtask test`: every test.

use crate::shell::{self, Failure};

/// Builds and runs all tests of the workspace. Those over Azurite and the dev host start both themselves.
pub fn run() -> Result<(), Failure> {
    shell::node_packages()?;
    shell::run(
        shell::cargo()?.args(["test", "--workspace", "--locked"]),
        "install Rust by rustup",
    )
}
