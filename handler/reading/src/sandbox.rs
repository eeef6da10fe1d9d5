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
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use crate::Recognised;
use crate::child::{Answer, Job};
use crate::scan::{NoPicture, Page, Picture};

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
    pub async fn read(
        &self,
        bytes: impl AsRef<[u8]>,
    ) -> Result<Result<Reading, Rejection>, ReaderUnavailable> {
        let bytes = bytes.as_ref();
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
        Ok(match self.ask(&Job::Read, bytes).await? {
            Ok(Answer::Ok(reading)) => Ok(reading),
            other => Err(refusal(other)),
        })
    }

    /// The pages of a file that have no text a person sees, and a picture.
    pub async fn scanned(&self, bytes: &[u8]) -> Result<Result<Vec<u32>, Rejection>, ReaderUnavailable> {
        Ok(match self.ask(&Job::Scanned, bytes).await? {
            Ok(Answer::Scanned(pages)) => Ok(pages),
            other => Err(refusal(other)),
        })
    }

    /// A page as a picture fit for recognition, quarter-turned clockwise so many times.
    pub async fn picture(
        &self,
        bytes: &[u8],
        page: u32,
        turn: u8,
    ) -> Result<Result<Result<Picture, NoPicture>, Rejection>, ReaderUnavailable> {
        Ok(match self.ask(&Job::Picture { page, turn }, bytes).await? {
            Ok(Answer::Picture(picture)) => Ok(Ok(picture)),
            Ok(Answer::NoPicture(none)) => Ok(Err(none)),
            other => Err(refusal(other)),
        })
    }

    /// Reads a file with what was recognised on its scanned pages.
    pub async fn read_recognised(
        &self,
        bytes: &[u8],
        pages: Vec<Page>,
    ) -> Result<Result<Recognised, Rejection>, ReaderUnavailable> {
        Ok(match self.ask(&Job::Recognised(pages), bytes).await? {
            Ok(Answer::Recognised(recognised)) => Ok(recognised),
            other => Err(refusal(other)),
        })
    }

    async fn ask(&self, job: &Job, bytes: &[u8]) -> Result<Result<Answer, Rejection>, ReaderUnavailable> {
        let Ok(mut line) = serde_json::to_vec(job) else {
            return Ok(Err(hostile("memory")));
        };
        line.push(b'\n');
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| ReaderUnavailable::Stopped)?;
        let child = self.start()?;
        match tokio::time::timeout(self.limits.time, self.converse(child, &line, bytes)).await {
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

    async fn converse(&self, mut child: Child, line: &[u8], bytes: &[u8]) -> Result<Answer, Rejection> {
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(hostile("the reader crashed"));
        };
        let mut answer = Vec::new();
        let mut limited = stdout.take(self.limits.answer_bytes + 1);
        // A child may die or answer before it has read everything; its end is judged by its status and answer.
        let give = async {
            if stdin.write_all(line).await.is_ok() && stdin.write_all(bytes).await.is_ok() {
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
            (Ok(_), Ok(status)) if status.success() => parsed(answer),
            (_, Ok(status)) => Err(hostile(why(status))),
            (_, Err(_)) => Err(hostile("the reader crashed")),
        }
    }
}

/// The answer of a child: a line, and the file of a picture behind it.
fn parsed(mut answer: Vec<u8>) -> Result<Answer, Rejection> {
    let end = answer
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(answer.len());
    let behind = answer.split_off(end);
    match serde_json::from_slice(&answer) {
        Ok(Answer::Rejected(rejection)) => Err(rejection),
        Ok(Answer::Picture(mut picture)) => {
            picture.png = behind.get(1..).unwrap_or(&[]).to_vec();
            Ok(Answer::Picture(picture))
        }
        Ok(answer) => Ok(answer),
        Err(_) => Err(hostile("the reader crashed")),
    }
}

/// Why there is no answer of the kind that was asked for.
fn refusal(answer: Result<Answer, Rejection>) -> Rejection {
    answer.err().unwrap_or_else(|| hostile("the reader crashed"))
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
