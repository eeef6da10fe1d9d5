//! Whether what the app needs is there: asked in bounded time, and not more often than every some seconds.
//!
//! What is told are words of this program: no host, no name, no service's own message.

use std::sync::Arc;
use std::time::{Duration, Instant};

use azure::StorageError;
use screening::Fault as ScreeningFault;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::Workflow;
use crate::paths;

/// How long each is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long what was found is told again: whoever asks without end asks nobody else.
const FRESH: Duration = Duration::from_secs(15);
/// What is rated, and looked at, to see whether the content safety service answers.
const HARMLESS: &str = "The weather is fine today.";

/// How a dependency stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It answers.
    Up,
    /// It is not used.
    Off,
    /// It does not answer, or not usefully.
    Down {
        /// Why, in a word.
        why: &'static str,
        /// What to do.
        hint: &'static str,
    },
}

/// What the app needs of others.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// What it is for.
    pub name: &'static str,
    /// How it stands.
    pub standing: Condition,
    /// Milliseconds that asking took.
    pub ms: u64,
}

/// All of them.
#[derive(Debug)]
pub struct Dependencies {
    /// When they were asked.
    pub asked: Instant,
    /// Each of them.
    pub dependencies: Vec<Dependency>,
}

impl Dependencies {
    /// Whether none is down.
    #[must_use]
    pub fn is_up(&self) -> bool {
        let down = |one: &Dependency| matches!(one.standing, Condition::Down { .. });
        !self.dependencies.iter().any(down)
    }
}

/// What was found the last time. Held while it is asked, so that all who come meanwhile wait for one answer.
pub(super) type Found = Mutex<Option<Arc<Dependencies>>>;

impl Workflow {
    /// The ids of the recipes that have faults.
    #[must_use]
    pub fn faulty_recipes(&self) -> Vec<&str> {
        let faulty = self.shelf.iter().filter(|(_, recipe)| recipe.is_err());
        faulty.map(|(id, _)| id.as_str()).collect()
    }

    /// How everything stands that the app needs.
    pub async fn dependencies(&self) -> Arc<Dependencies> {
        let mut found = self.found.lock().await;
        if let Some(fresh) = found.as_ref().filter(|found| found.asked.elapsed() < FRESH) {
            return Arc::clone(fresh);
        }
        let asked = Arc::new(self.ask_dependencies().await);
        *found = Some(Arc::clone(&asked));
        asked
    }

    async fn ask_dependencies(&self) -> Dependencies {
        let (blobs, queues, audit, model, safety, recognition) = tokio::join!(
            asked("storage", self.ask_container(paths::RUNS)),
            asked("queues", self.ask_queue()),
            asked("audit-log", self.ask_container(paths::AUDIT)),
            asked("model", self.ask_model()),
            asked("content-safety", self.ask_content_safety()),
            asked("recognition", self.ask_recogniser()),
        );
        let recipes = Dependency {
            name: "recipes",
            standing: if self.faulty_recipes().is_empty() {
                Condition::Up
            } else {
                down(
                    "faulty",
                    "run `handler check-recipe` on the folders that `/api/health` names",
                )
            },
            ms: 0,
        };
        Dependencies {
            asked: Instant::now(),
            dependencies: vec![blobs, queues, audit, recipes, model, safety, recognition],
        }
    }

    async fn ask_container(&self, container: &str) -> Condition {
        of_storage(&self.storage.list(container, "", 1).await.map(|_| ()))
    }

    /// Making a queue that is there changes nothing.
    async fn ask_queue(&self) -> Condition {
        of_storage(&self.storage.ensure_queue(paths::REQUESTS).await)
    }

    async fn ask_model(&self) -> Condition {
        let Some(modelled) = &self.services.model else {
            return Condition::Off;
        };
        match modelled.model.reachable(Instant::now() + PATIENCE).await {
            Ok(()) => Condition::Up,
            Err(fault) => down(
                fault.kind(),
                "check `MODEL_BASE_URL`, the identity's role and the service's network rules",
            ),
        }
    }

    async fn ask_recogniser(&self) -> Condition {
        let Some(scans) = &self.services.scans else {
            return Condition::Off;
        };
        match scans.recogniser.reachable(Instant::now() + PATIENCE).await {
            Ok(()) => Condition::Up,
            Err(fault @ recognition::Fault::Local(_)) => {
                down(fault.kind(), "check `OCR_PROGRAM` and `OCR_LANGUAGES`")
            }
            Err(fault) => down(
                fault.kind(),
                "check `DOCUMENT_INTELLIGENCE_ENDPOINT`, the identity's role and the service's network rules",
            ),
        }
    }

    async fn ask_content_safety(&self) -> Condition {
        let deadline = Instant::now() + PATIENCE;
        let shield = self
            .services
            .model
            .as_ref()
            .and_then(|model| model.shield.as_ref());
        let answered = if let Some(screen) = &self.services.screen {
            screen.screen(HARMLESS, deadline).await.map(|_| ())
        } else if let Some(shield) = shield {
            shield.shield(&[HARMLESS], deadline).await.map(|_| ())
        } else {
            return Condition::Off;
        };
        let word = |fault: ScreeningFault| {
            down(
                fault.kind(),
                "check `CONTENT_SAFETY_ENDPOINT`, the identity's role and the service's network rules",
            )
        };
        answered.map_or_else(word, |()| Condition::Up)
    }
}

async fn asked(name: &'static str, asking: impl Future<Output = Condition>) -> Dependency {
    let begun = Instant::now();
    let standing = timeout(PATIENCE, asking).await;
    Dependency {
        name,
        standing: standing.unwrap_or(down(
            "timeout",
            "it did not answer within 5 s; look again in a minute",
        )),
        ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

const fn down(why: &'static str, hint: &'static str) -> Condition {
    Condition::Down { why, hint }
}

fn of_storage(answer: &Result<(), StorageError>) -> Condition {
    const ROLES: &str = "check the identity's roles and the account's network rules";
    const AGAIN: &str = "it is busy or away; look again in a minute";
    match answer {
        Ok(()) => Condition::Up,
        Err(StorageError::Denied { .. }) => down("denied", ROLES),
        Err(StorageError::NoToken) => down("no-token", "check that the app has its identity"),
        Err(StorageError::NotFound) => down(
            "missing",
            "it is made at the start; restart the app if it was deleted",
        ),
        Err(StorageError::Throttled { .. }) => down("throttled", AGAIN),
        Err(StorageError::Unavailable) => down("unavailable", AGAIN),
        Err(
            StorageError::Precondition
            | StorageError::Leased
            | StorageError::TooLarge
            | StorageError::Other { .. },
        ) => down("unexpected", "see the app's log"),
    }
}
