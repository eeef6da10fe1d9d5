//! The host's log: what the handler prints, what functions log and what the host says itself.

use jiff::Timestamp;
use std::collections::VecDeque;
use std::fmt;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Older lines are forgotten, so that a host may run for days.
const KEPT: usize = 50_000;

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The usual run of things; the handler's standard output.
    Information,
    /// A line of the handler's standard error that holds the word "warn".
    Warning,
    /// Something failed; the handler's standard error.
    Error,
}

/// Who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// This host.
    Host,
    /// The handler, by printing.
    Handler,
    /// The handler, in the `Logs` of an answer of this function.
    Function(String),
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When it was written.
    pub at: Timestamp,
    /// How grave it is.
    pub level: Level,
    /// Who says it.
    pub source: Source,
    /// What it says.
    pub text: String,
}

impl fmt::Display for LogLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        match &self.source {
            Source::Host | Source::Handler => write!(formatter, "[{at}] {}", self.text),
            Source::Function(name) => write!(formatter, "[{at}] {name}: {}", self.text),
        }
    }
}

/// The log, shared by all who write to it.
#[derive(Clone, Debug)]
pub struct Log {
    lines: Arc<Mutex<VecDeque<LogLine>>>,
    written: Arc<watch::Sender<u64>>,
    echo: bool,
}

impl Log {
    /// An empty log; with `echo`, each line is printed too.
    #[must_use]
    pub fn new(echo: bool) -> Self {
        Self {
            lines: Arc::default(),
            written: Arc::new(watch::Sender::new(0)),
            echo,
        }
    }

    /// All lines that are still kept, oldest first.
    #[must_use]
    pub fn lines(&self) -> Vec<LogLine> {
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// The first line that holds `text`.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<LogLine> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().find(|line| line.text.contains(text)).cloned()
    }

    /// How many lines hold `text`.
    #[must_use]
    pub fn count(&self, text: &str) -> usize {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().filter(|line| line.text.contains(text)).count()
    }

    /// Waits until a line holds `text`; none when `limit` passes first.
    pub async fn wait_for(&self, text: &str, limit: Duration) -> Option<LogLine> {
        let mut written = self.written.subscribe();
        let found = async {
            loop {
                if let Some(line) = self.find(text) {
                    return Some(line);
                }
                if written.changed().await.is_err() {
                    return None;
                }
            }
        };
        tokio::time::timeout(limit, found).await.unwrap_or(None)
    }

    pub(crate) fn host(&self, level: Level, text: impl Into<String>) {
        self.write(level, Source::Host, text.into());
    }

    pub(crate) fn write(&self, level: Level, source: Source, text: String) {
        let line = LogLine {
            at: Timestamp::now(),
            level,
            source,
            text,
        };
        if self.echo {
            print(&line);
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
        drop(lines);
        self.written.send_modify(|count| *count += 1);
    }
}

fn print(line: &LogLine) {
    let mut out = std::io::stdout().lock();
    let colour = match line.level {
        Level::Information => "",
        Level::Warning => "\x1b[33m",
        Level::Error => "\x1b[31m",
    };
    let printed = if colour.is_empty() || !out.is_terminal() {
        writeln!(out, "{line}")
    } else {
        writeln!(out, "{colour}{line}\x1b[0m")
    };
    // Nobody reads the console any more; the log itself is complete.
    drop(printed);
}
