//! The child's side: limit yourself, then become the recogniser.
//!
//! A program for text recognition decodes pictures of strangers in C. So it is started by a child of this program that takes
//! from itself what recognition does not need, with an empty environment, and is replaced by it: limits outlive that.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use rlimit::{Resource, setrlimit};

/// Address space, in bytes. Measured need: 200 MB for a page of A4 at 300 dots an inch.
const MEMORY: u64 = 1 << 31;
/// Open files: its own libraries and language data.
const FILES: u64 = 64;
/// The exit code of a child that could not limit itself: it recognises nothing.
const NOT_LIMITED: u8 = 3;
/// The exit code of a child that could not become the recogniser.
const NOT_STARTED: u8 = 4;

/// The life of a child: seconds of processor time, the program, and its arguments.
#[must_use]
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments;
    let seconds = arguments
        .next()
        .and_then(|text| text.to_str().and_then(|text| text.parse().ok()));
    let (Some(seconds), Some(program)) = (seconds, arguments.next()) else {
        return ExitCode::from(NOT_STARTED);
    };
    if limit(seconds).is_err() {
        return ExitCode::from(NOT_LIMITED);
    }
    // It computes on one processor: pages are read side by side. Only a failure comes back.
    _ = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("OMP_THREAD_LIMIT", "1")
        .exec();
    ExitCode::from(NOT_STARTED)
}

/// Takes memory, time, core dumps and writing to files.
fn limit(seconds: u64) -> std::io::Result<()> {
    let hard = |resource: Resource, most: u64| setrlimit(resource, most, most);
    hard(Resource::CORE, 0)?;
    hard(Resource::FSIZE, 0)?;
    hard(Resource::AS, MEMORY)?;
    hard(Resource::NOFILE, FILES)?;
    setrlimit(Resource::CPU, seconds, seconds.saturating_add(1))
}
