//! A child of [`reading::sandbox::Sandbox`] for tests of this crate: reads one file from its input.

use std::process::ExitCode;

fn main() -> ExitCode {
    reading::child::run()
}
