//! Tesseract: a program of this machine, one child process a page.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reading::scan::{Picture, Word};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::fault::Fault;
use crate::{Recognised, Recogniser, tsv};

/// Bytes of an answer: some ten times that of a page of small print.
const MOST_BYTES: u64 = 4 << 20;
/// What asking for its version may take.
const ASKING: Duration = Duration::from_secs(10);
/// Below this mean confidence a page may lie on its side.
const POOR: usize = 60;

/// How the program is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// The program.
    pub program: PathBuf,
    /// Its languages, joined by `+`: `eng`, `eng+cym`.
    pub languages: String,
    /// What a page may take.
    pub time: Duration,
    /// Pages at once.
    pub at_once: usize,
}

/// Why the program cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalFault {
    /// It is not there, or is not tesseract.
    #[error(
        "text recognition is on, and tesseract is not there or does not start: install it (Debian: `tesseract-ocr`) or set `OCR_PROGRAM` to where it is"
    )]
    Missing,
    /// It lacks a language.
    #[error(
        "tesseract does not have the language `{0}`: install it (Debian: `tesseract-ocr-{0}`) or change `OCR_LANGUAGES`"
    )]
    Language(String),
}

/// The program, limited.
pub struct Tesseract {
    /// Becomes the program after it has limited itself, as [`crate::limited::run`] does.
    limiter: PathBuf,
    arguments: Vec<OsString>,
    local: Local,
    /// Its version, or why it cannot be used.
    version: Result<String, LocalFault>,
    places: Arc<Semaphore>,
}

impl Tesseract {
    /// The program, asked for its version and languages. One that cannot be used is kept, and every page that it is asked for
    /// says why. `limiter` with `arguments` must call [`crate::limited::run`].
    #[must_use]
    pub fn new(limiter: PathBuf, arguments: Vec<OsString>, local: Local) -> Self {
        let places = Arc::new(Semaphore::new(local.at_once.max(1)));
        let mut tesseract = Self {
            limiter,
            arguments,
            local,
            version: Err(LocalFault::Missing),
            places,
        };
        tesseract.version = tesseract.asked();
        tesseract
    }

    /// Why it cannot be used.
    pub fn check(&self) -> Result<(), LocalFault> {
        self.version.clone().map(|_| ())
    }

    fn asked(&self) -> Result<String, LocalFault> {
        let version = self.told("--version").ok_or(LocalFault::Missing)?;
        let version = version.lines().next().unwrap_or_default().trim();
        let plain = version.len() < 60 && version.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        if !version.starts_with("tesseract ") || !plain {
            return Err(LocalFault::Missing);
        }
        let languages = self.told("--list-langs").ok_or(LocalFault::Missing)?;
        let has = |language: &str| languages.lines().any(|line| line.trim() == language);
        match self.local.languages.split('+').find(|language| !has(language)) {
            Some(language) => Err(LocalFault::Language(language.to_owned())),
            None => Ok(version.to_owned()),
        }
    }

    /// What the program says when it is asked for itself.
    fn told(&self, question: &str) -> Option<String> {
        let mut child = std::process::Command::new(&self.limiter)
            .args(&self.arguments)
            .arg(ASKING.as_secs().to_string())
            .arg(&self.local.program)
            .arg(question)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let end = Instant::now() + ASKING;
        // What it says fits into the pipe, so that it ends unread.
        while child.try_wait().ok()?.is_none() {
            if Instant::now() > end {
                child.kill().ok()?;
                child.wait().ok()?;
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let output = child.wait_with_output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).ok())?
    }

    /// Lets the program work on a picture.
    async fn work(&self, picture: &Picture, arguments: &[&str], deadline: Instant) -> Result<Vec<u8>, Fault> {
        let waiting = tokio::time::timeout_at(deadline.into(), self.places.acquire()).await;
        // Nobody closes the semaphore.
        let _place = waiting.ok().and_then(Result::ok).ok_or(Fault::Deadline)?;
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = self.local.time;
        let cut = if left < limit {
            Fault::Deadline
        } else {
            Fault::Slow { limit }
        };
        tokio::time::timeout(limit.min(left), self.converse(picture, arguments))
            .await
            // The child is killed as it is dropped.
            .unwrap_or(Err(cut))
    }

    async fn converse(&self, picture: &Picture, arguments: &[&str]) -> Result<Vec<u8>, Fault> {
        let mut child = Command::new(&self.limiter)
            .args(&self.arguments)
            .arg((self.local.time.as_secs() + 1).to_string())
            .arg(&self.local.program)
            .args(["stdin", "stdout", "--dpi", &format!("{:.0}", picture.dpi)])
            .args(arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It may say what it reads.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| LocalFault::Missing)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Fault::BrokeOff);
        };
        let mut answer = Vec::new();
        let mut limited = stdout.take(MOST_BYTES + 1);
        let give = async {
            if stdin.write_all(&picture.png).await.is_ok() {
                drop(stdin);
            }
            std::future::pending().await
        };
        let taken = tokio::select! {
            taken = limited.read_to_end(&mut answer) => taken,
            never = give => match never {},
        };
        let within = u64::try_from(answer.len()).is_ok_and(|length| length <= MOST_BYTES);
        if !within {
            return Err(Fault::BrokeOff);
        }
        let ended = child.wait().await.is_ok_and(|status| status.success());
        if taken.is_ok() && ended {
            Ok(answer)
        } else {
            Err(Fault::BrokeOff)
        }
    }

    /// How many quarters clockwise a page that was read poorly is to be turned.
    async fn turn(&self, picture: &Picture, words: &[Word], deadline: Instant) -> u8 {
        let sure: usize = words.iter().map(|word| usize::from(word.confidence)).sum();
        if sure.checked_div(words.len()).is_some_and(|mean| mean >= POOR) {
            return 0;
        }
        // A page on which too little stands to tell which way is up is one that is not turned.
        let arguments = ["-l", "osd", "--psm", "0"];
        match self.work(picture, &arguments, deadline).await {
            Ok(answer) => quarters(&answer),
            Err(_) => 0,
        }
    }
}

/// The turn that the program recommends: `Rotate: 90`.
fn quarters(answer: &[u8]) -> u8 {
    let text = std::str::from_utf8(answer).unwrap_or_default();
    let said = text.lines().find_map(|line| line.strip_prefix("Rotate: "));
    match said.map(str::trim) {
        Some("90") => 1,
        Some("180") => 2,
        Some("270") => 3,
        _ => 0,
    }
}

#[async_trait]
impl Recogniser for Tesseract {
    fn name(&self) -> String {
        let version = self
            .version
            .as_deref()
            .unwrap_or("tesseract, which cannot be used");
        format!("{version}, {}", self.local.languages)
    }

    async fn reachable(&self, _deadline: Instant) -> Result<(), Fault> {
        Ok(self.check()?)
    }

    async fn recognise(&self, picture: &Picture, deadline: Instant) -> Result<Recognised, Fault> {
        self.check()?;
        let arguments = ["-l", &self.local.languages, "--psm", "3", "tsv"];
        let answer = self.work(picture, &arguments, deadline).await?;
        let words = tsv::words(&answer).ok_or(Fault::Unreadable)?;
        let turn = self.turn(picture, &words, deadline).await;
        Ok(Recognised {
            words,
            rules: Vec::new(),
            turn,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::quarters;

    #[test]
    fn a_turn_is_one_of_four() {
        let check = |said: &str, expected| assert_eq!(quarters(said.as_bytes()), expected, "{said}");
        check(
            "Page number: 0\nOrientation in degrees: 270\nRotate: 90\nOrientation confidence: 9\n",
            1,
        );
        check("Rotate: 180\n", 2);
        check("Rotate: 45\n", 0);
        check("", 0);
    }
}
