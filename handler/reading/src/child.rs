//! The child's side: limit yourself, read standard input, parse, answer.
//!
//! Nothing is started before the limits are set: no threads, no runtime, no log.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use drafting::source::{Reading, Rejection};
use rlimit::{Resource, setrlimit};
use serde::Serialize;

use crate::Limits;

/// The exit code of a child that could not limit itself: it parses nothing.
const NOT_LIMITED: u8 = 3;
/// The exit code of a child that could not read its input or write its answer.
const NO_PIPE: u8 = 4;
/// The exit code by which a child says that its answer did not fit. An allocation that fails aborts instead.
pub(crate) const OUT_OF_MEMORY: u8 = 5;

/// Address space of a child, in bytes. Measured need: 62 MB for a manual of 311 pages.
const MEMORY: u64 = 1 << 30;
/// Processor time of a child, in seconds.
const PROCESSOR: u64 = 10;

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Reading),
    Rejected(Rejection),
}

/// The life of a child.
#[must_use]
pub fn run() -> ExitCode {
    // The parent has judged the size by its own setting.
    let limits = Limits {
        file_bytes: u64::MAX,
        ..Limits::default()
    };
    run_with(|bytes| crate::parse(bytes, &limits))
}

/// The same with another parser. Tests bring parsers that misbehave.
#[must_use]
pub fn run_with(parse: impl FnOnce(&[u8]) -> Result<Reading, Rejection>) -> ExitCode {
    if limit().is_err() {
        return ExitCode::from(NOT_LIMITED);
    }
    let mut bytes = Vec::new();
    if std::io::stdin().lock().read_to_end(&mut bytes).is_err() {
        return ExitCode::from(NO_PIPE);
    }
    let answer = match parse(&bytes) {
        Ok(reading) => Answer::Ok(reading),
        Err(rejection) => Answer::Rejected(rejection),
    };
    let Ok(json) = serde_json::to_vec(&answer) else {
        return ExitCode::from(OUT_OF_MEMORY);
    };
    let mut out = std::io::stdout().lock();
    if out.write_all(&json).and_then(|()| out.flush()).is_err() {
        return ExitCode::from(NO_PIPE);
    }
    ExitCode::SUCCESS
}

/// Takes from this process what a parser does not need: memory, time, files, core dumps. With three descriptors
/// open and no more allowed, it can open neither a file nor a socket.
fn limit() -> std::io::Result<()> {
    let hard = |resource: Resource, most: u64| setrlimit(resource, most, most);
    hard(Resource::CORE, 0)?;
    hard(Resource::FSIZE, 0)?;
    hard(Resource::AS, MEMORY)?;
    setrlimit(Resource::CPU, PROCESSOR, PROCESSOR + 1)?;
    hard(Resource::NOFILE, 3)
}
