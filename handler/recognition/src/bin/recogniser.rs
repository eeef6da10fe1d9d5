//! The child that limits itself before it becomes the recogniser; for tests of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    recognition::limited::run(std::env::args_os().skip(1))
}
