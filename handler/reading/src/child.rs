//! The child's side: limit yourself, read standard input, parse, answer.
//!
//! The input is one line that says what is to be done, and the file. The answer is one line, and for a page's picture the
//! picture behind it.
//!
//! Nothing is started before the limits are set: no threads, no runtime, no log.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use drafting::source::{Reading, Rejection};
use rlimit::{Resource, setrlimit};
use serde::{Deserialize, Serialize};

use crate::scan::{NoPicture, Page, Picture};
use crate::{Limits, Recognised};

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

/// What is to be done with a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Job {
    /// Read it.
    Read,
    /// Say which pages are pictures without text.
    Scanned,
    /// Make the picture of a page.
    Picture {
        /// From 1.
        page: u32,
        /// Quarter turns clockwise.
        turn: u8,
    },
    /// Read it with what was recognised on its pages.
    Recognised(Vec<Page>),
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Ok(Reading),
    Rejected(Rejection),
    Scanned(Vec<u32>),
    /// Its file follows on the line.
    Picture(Picture),
    NoPicture(NoPicture),
    Recognised(Recognised),
}

/// The life of a child.
#[must_use]
pub fn run() -> ExitCode {
    // The parent has judged the size by its own setting.
    let limits = Limits {
        file_bytes: u64::MAX,
        ..Limits::default()
    };
    live(|job, bytes| answer(job, bytes, &limits))
}

/// The same with another parser. Tests bring parsers that misbehave.
#[must_use]
pub fn run_with(parse: impl FnOnce(&[u8]) -> Result<Reading, Rejection>) -> ExitCode {
    live(|_, bytes| parse(bytes).map(Answer::Ok))
}

fn answer(job: Job, bytes: &[u8], limits: &Limits) -> Result<Answer, Rejection> {
    match job {
        Job::Read => crate::parse(bytes, limits).map(Answer::Ok),
        Job::Scanned => crate::scanned(bytes, limits).map(Answer::Scanned),
        Job::Picture { page, turn } => Ok(match crate::picture(bytes, limits, page, turn)? {
            Ok(picture) => Answer::Picture(picture),
            Err(none) => Answer::NoPicture(none),
        }),
        Job::Recognised(pages) => crate::parse_recognised(bytes, limits, &pages).map(Answer::Recognised),
    }
}

fn live(work: impl FnOnce(Job, &[u8]) -> Result<Answer, Rejection>) -> ExitCode {
    if limit().is_err() {
        return ExitCode::from(NOT_LIMITED);
    }
    let mut input = Vec::new();
    if std::io::stdin().lock().read_to_end(&mut input).is_err() {
        return ExitCode::from(NO_PIPE);
    }
    let line = input
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(input.len());
    let (line, bytes) = input.split_at(line);
    let Ok(job) = serde_json::from_slice(line) else {
        return ExitCode::from(NO_PIPE);
    };
    let answer = work(job, bytes.get(1..).unwrap_or(&[])).unwrap_or_else(Answer::Rejected);
    let Ok(mut json) = serde_json::to_vec(&answer) else {
        return ExitCode::from(OUT_OF_MEMORY);
    };
    json.push(b'\n');
    let picture = match &answer {
        Answer::Picture(picture) => picture.png.as_slice(),
        _ => &[],
    };
    let mut out = std::io::stdout().lock();
    let said = out
        .write_all(&json)
        .and_then(|()| out.write_all(picture))
        .and_then(|()| out.flush());
    if said.is_err() {
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
