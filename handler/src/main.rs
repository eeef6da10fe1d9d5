//! The program: served to the Functions host, or used from a command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    handler::cli::run()
}
