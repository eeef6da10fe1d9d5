//! How far a run is: told from inside the routine to whoever shows it. Stages and numbers only, nothing of a case.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

/// A stage of the routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reading the files.
    Reading,
    /// Finding what they say.
    Extracting,
    /// Writing statements.
    Writing,
    /// Holding the draft to its rules.
    Checking,
    /// Having texts rated for harm.
    Screening,
    /// Making the documents.
    Rendering,
}

impl Stage {
    /// How many there are.
    pub const COUNT: u64 = 6;

    /// Its name, in a sentence and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Extracting => "extracting",
            Self::Writing => "writing",
            Self::Checking => "checking",
            Self::Screening => "screening",
            Self::Rendering => "rendering",
        }
    }

    /// What its parts are called.
    fn parts(self) -> &'static str {
        match self {
            Self::Writing => "areas",
            Self::Reading | Self::Extracting | Self::Checking | Self::Screening | Self::Rendering => {
                "documents"
            }
        }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The stage that it is in.
    pub stage: Stage,
    /// The parts of the stage that are done, where it has parts that are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<u32>,
    /// The parts of the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

impl From<Stage> for Progress {
    fn from(stage: Stage) -> Self {
        Self {
            stage,
            done: None,
            of: None,
        }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stage.name())?;
        match (self.done, self.of) {
            (Some(done), Some(of)) => write!(f, ", {done} of {of} {} done", self.stage.parts()),
            _ => Ok(()),
        }
    }
}

/// Whoever shows how far a run is. Clones tell the same.
#[derive(Clone, Default)]
pub struct Watcher(Option<Arc<dyn Fn(Progress) + Send + Sync>>);

impl Watcher {
    /// A watcher that is told by this function, which must not block.
    pub fn new(tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    /// Nobody watches.
    #[must_use]
    pub fn nobody() -> Self {
        Self(None)
    }

    /// Tells how far the run is.
    pub fn tell(&self, progress: impl Into<Progress>) {
        if let Some(tell) = &self.0 {
            tell(progress.into());
        }
    }

    /// Begins a stage of so many parts, which are done in any order.
    #[must_use]
    pub fn parts(&self, stage: Stage, of: usize) -> Parts<'_> {
        let parts = Parts {
            watcher: self,
            stage,
            of: u32::try_from(of).unwrap_or(u32::MAX),
            done: AtomicU32::new(0),
        };
        parts.tell(0);
        parts
    }
}

/// The parts of a stage.
pub struct Parts<'a> {
    watcher: &'a Watcher,
    stage: Stage,
    of: u32,
    done: AtomicU32,
}

impl Parts<'_> {
    /// One more is done.
    pub fn one_done(&self) {
        self.tell(self.done.fetch_add(1, Ordering::Relaxed).saturating_add(1));
    }

    fn tell(&self, done: u32) {
        self.watcher.tell(Progress {
            stage: self.stage,
            done: Some(done),
            of: Some(self.of),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn parts_are_counted_in_words() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&told);
        let watcher = Watcher::new(move |progress| sink.lock().unwrap().push(progress.to_string()));
        watcher.tell(Stage::Reading);
        let parts = watcher.parts(Stage::Writing, 2);
        parts.one_done();
        parts.one_done();
        let told = told.lock().unwrap().clone();
        let expected = [
            "reading",
            "writing, 0 of 2 areas done",
            "writing, 1 of 2 areas done",
            "writing, 2 of 2 areas done",
        ];
        assert_eq!(told, expected);
        let json = serde_json::to_value(Progress::from(Stage::Reading)).unwrap();
        assert_eq!(json, serde_json::json!({ "stage": "reading" }));
    }
}
