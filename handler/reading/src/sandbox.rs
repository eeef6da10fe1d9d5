//! The parent's side: one limited child process a file.
//!
//! Every parser of foreign bytes can be brought to hang, to exhaust memory or to overflow its stack, and none of
//! that can be caught in process. So each file is parsed by a child of the same program that begins with an empty
//! environment and limits itself; whatever becomes of it, only that one file is lost.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use drafting::source::{Reading, Rejection};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

/// What one child may use, and how many there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxLimits {
    /// Bytes of a file; a larger one is refused unread. Default 50 MB.
    pub file_bytes: u64,
    /// Bytes of a child's answer. Default 64 MiB: some ten times the text of the longest report taken.
    pub answer_bytes: u64,
    /// Time for one file. Default 30 s; the child's own limit on processor time is shorter.
    pub time: Duration,
    /// Children at once. Default: one a processor.
    pub children: usize,
}

impl Default for SandboxLimits {
    fn default() -> Self {
        Self {
            file_bytes: 50_000_000,
            answer_bytes: 64 << 20,
            time: Duration::from_secs(30),
            children: std::thread::available_parallelism().map_or(2, usize::from),
        }
    }
}

impl SandboxLimits {
    /// The same with another limit on the size of a file.
    #[must_use]
    pub fn with_file_bytes(self, file_bytes: u64) -> Self {
        Self { file_bytes, ..self }
    }
}

/// The reader itself cannot work; nothing is said of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReaderUnavailable {
    /// No child process can be started.
    #[error("the reader's process cannot be started; check memory and the limit on processes")]
    NotStarted,
    /// The reading was stopped from outside.
    #[error("reading was stopped before its end")]
    Stopped,
}

/// Where files are parsed.
#[derive(Clone, Debug)]
pub struct Sandbox {
    program: Arc<PathBuf>,
    arguments: Arc<Vec<OsString>>,
    limits: SandboxLimits,
    places: Arc<Semaphore>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Reading),
    Rejected(Rejection),
}

impl Sandbox {
    /// A sandbox whose children are `program` with `arguments`, which must call [`crate::child::run`].
    #[must_use]
    pub fn new(program: PathBuf, arguments: Vec<OsString>, limits: SandboxLimits) -> Self {
        let places = Arc::new(Semaphore::new(limits.children.max(1)));
        Self {
            program: Arc::new(program),
            arguments: Arc::new(arguments),
            limits,
            places,
        }
    }

    /// Reads one file. A file that brings its reader down is [`Rejection::Hostile`].
    pub async fn read(&self, bytes: Vec<u8>) -> Result<Result<Reading, Rejection>, ReaderUnavailable> {
        if bytes.is_empty() {
            return Ok(Err(Rejection::Empty));
        }
        if bytes.len() as u64 > self.limits.file_bytes {
            let what = format!(
                "{} MB, at most {} MB",
                bytes.len() / 1_000_000,
                self.limits.file_bytes / 1_000_000
            );
            return Ok(Err(Rejection::TooLarge { what }));
        }
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| ReaderUnavailable::Stopped)?;
        let child = self.start()?;
        match tokio::time::timeout(self.limits.time, self.converse(child, bytes)).await {
            Ok(answer) => Ok(answer),
            // The child is killed as it is dropped.
            Err(_) => Ok(Err(hostile("time"))),
        }
    }

    fn start(&self) -> Result<Child, ReaderUnavailable> {
        Command::new(self.program.as_path())
            .args(self.arguments.iter())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A crashing parser may print what it was reading.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| ReaderUnavailable::NotStarted)
    }

    async fn converse(&self, mut child: Child, bytes: Vec<u8>) -> Result<Reading, Rejection> {
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(hostile("the reader crashed"));
        };
        let mut answer = Vec::new();
        let mut limited = stdout.take(self.limits.answer_bytes + 1);
        // A child may die or answer before it has read everything; its end is judged by its status and answer.
        let give = async {
            if stdin.write_all(&bytes).await.is_ok() {
                drop(stdin);
            }
            std::future::pending().await
        };
        let taken = tokio::select! {
            taken = limited.read_to_end(&mut answer) => taken,
            never = give => match never {},
        };
        if answer.len() as u64 > self.limits.answer_bytes {
            return Err(hostile("output"));
        }
        let status = child.wait().await;
        match (taken, status) {
            (Ok(_), Ok(status)) if status.success() => match serde_json::from_slice(&answer) {
                Ok(Answer::Ok(reading)) => Ok(reading),
                Ok(Answer::Rejected(rejection)) => Err(rejection),
                Err(_) => Err(hostile("the reader crashed")),
            },
            (_, Ok(status)) => Err(hostile(why(status))),
            (_, Err(_)) => Err(hostile("the reader crashed")),
        }
    }
}

fn hostile(what: &str) -> Rejection {
    Rejection::Hostile {
        what: what.to_owned(),
    }
}

/// Why a child ended, as far as its status tells. A Rust program aborts when the heap or the stack is exhausted; a
/// panic is an exit code.
fn why(status: ExitStatus) -> &'static str {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    match (status.code(), status.signal()) {
        (Some(code), _) if code == i32::from(crate::child::OUT_OF_MEMORY) => "memory",
        (_, Some(SIGABRT)) => "memory",
        (_, Some(SIGXCPU)) => "time",
        (_, Some(SIGKILL)) => "memory or time",
        _ => "the reader crashed",
    }
}
