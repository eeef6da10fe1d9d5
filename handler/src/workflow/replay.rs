//! Work that failed, done again because a person asks for it: the cause was mended, or was only an outage.
//!
//! A request is left and nothing else is done, so that a replay that is asked for twice is one draft.

use std::time::Duration;

use audit::{Event, Note};
use azure::{Message, StorageError};
use drafting::id::RecipeId;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    Callback, CallbackState, Confirmation, DraftRequest, Standing, State, Status, Workflow, WorkflowFault,
    is_newer, list::ListedCase, status,
};
use crate::paths::{self, CaseKey};

/// Messages taken from a queue at once; the service gives no more.
const AT_ONCE: u8 = 32;
/// How often one replay takes messages from one queue.
const MOST_TAKES: usize = 4;
/// A message that is not dealt with is seen again after this.
const HELD: Duration = Duration::from_secs(60);
/// Cases replayed side by side.
const SIDE_BY_SIDE: usize = 8;

/// What a replay of a case came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// A request was left, or a callback that had not arrived.
    Left,
    /// It is at work already, or has a request.
    OnItsWay,
    /// Its newest work did not fail.
    NotFailed(Standing),
    /// Nothing was ever uploaded for it.
    NoCase,
}

/// What a replay of a recipe came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayedAll {
    /// Cases for which a request was left, or a callback that had not arrived.
    pub cases: usize,
    /// Messages that were taken from poison queues and put where they belong.
    pub messages: usize,
    /// Where the next replay goes on, when there are more cases than one looks at.
    pub next: Option<String>,
}

/// What a message on a poison queue asked for.
#[derive(Clone, Debug)]
pub enum PoisonedWork {
    /// A draft.
    Request(DraftRequest),
    /// A look at a publication.
    Confirmation(Confirmation),
    /// To be told of the end.
    Callback(Callback),
}

impl PoisonedWork {
    fn key(&self) -> CaseKey {
        match self {
            Self::Request(request) => request.key(),
            Self::Confirmation(confirmation) => confirmation.key(),
            Self::Callback(callback) => callback.key(),
        }
    }
}

impl Workflow {
    /// Leaves a request for a case that failed, and the callbacks that did not arrive, whether it failed or not. `who` asks,
    /// where callers are known.
    pub async fn replay(&self, key: &CaseKey, who: Option<&str>) -> Result<Replayed, WorkflowFault> {
        let replayed = self
            .with_lease(key, async {
                let replayed = self.replay_held(key, who).await?;
                let repeated = self.repeat_undelivered(key, who).await?;
                Ok(match replayed {
                    Replayed::NotFailed(_) | Replayed::NoCase if repeated > 0 => Replayed::Left,
                    replayed => replayed,
                })
            })
            .await?;
        // Whoever holds the case is drafting it.
        Ok(replayed.unwrap_or(Replayed::OnItsWay))
    }

    async fn replay_held(&self, key: &CaseKey, who: Option<&str>) -> Result<Replayed, WorkflowFault> {
        let status = match self.status(key).await {
            Err(WorkflowFault::Corrupt(_)) => {
                self.storage.delete(paths::RUNS, &key.status()).await?;
                None
            }
            status => status?,
        };
        match status.as_ref().map(|status| Standing::of(&status.state)) {
            Some(Standing::Failed) | None => {}
            Some(Standing::Waiting | Standing::Running) => return Ok(Replayed::OnItsWay),
            Some(
                standing
                @ (Standing::Ready | Standing::NeedsReview | Standing::Refused | Standing::Cancelled),
            ) => {
                return Ok(Replayed::NotFailed(standing));
            }
        }
        let state = self.state(key).await?;
        if state.newest.is_none() {
            return Ok(Replayed::NoCase);
        }
        self.note_replay(key, who, "case").await?;
        // What failed was to be drafted, complete or not; what has only lost its event may wait for more.
        let request = DraftRequest {
            asked: status.is_some(),
            knows: status.as_ref().map(Status::cancellations),
            ..DraftRequest::new(key, None)
        };
        self.leave(&request, Duration::ZERO).await?;
        let waiting: State = self.waiting(&state);
        status::write(
            &self.storage,
            key,
            &mut Status {
                starts: None,
                ..Status::after(status.as_ref(), waiting)
            },
        )
        .await?;
        Ok(Replayed::Left)
    }

    /// Leaves requests for the failed cases of a recipe, as far as one look at the list goes, and puts what lies on poison queues
    /// for its cases where it belongs. `read` says what a message on the named queue asked for.
    pub async fn replay_all(
        &self,
        recipe: &RecipeId,
        after: Option<&str>,
        who: Option<&str>,
        read: impl Fn(&str, &str) -> Option<PoisonedWork>,
    ) -> Result<ReplayedAll, WorkflowFault> {
        let mut messages = 0;
        for queue in poison_queues() {
            messages += self.replay_messages(&queue, recipe, who, &read).await?;
        }
        let list = self.cases(recipe, has_failed, after).await?;
        let replays = list
            .cases
            .into_iter()
            .map(|listed| self.replay_listed(recipe, listed, who));
        let cases = stream::iter(replays)
            .buffer_unordered(SIDE_BY_SIDE)
            .try_fold(0, async |sum, left| Ok(sum + usize::from(left)))
            .await?;
        Ok(ReplayedAll {
            cases,
            messages,
            next: list.next,
        })
    }

    async fn replay_listed(
        &self,
        recipe: &RecipeId,
        listed: ListedCase,
        who: Option<&str>,
    ) -> Result<bool, WorkflowFault> {
        let key = CaseKey {
            recipe: recipe.clone(),
            case: listed.case,
        };
        Ok(self.replay(&key, who).await? == Replayed::Left)
    }

    async fn replay_messages(
        &self,
        queue: &str,
        recipe: &RecipeId,
        who: Option<&str>,
        read: impl Fn(&str, &str) -> Option<PoisonedWork>,
    ) -> Result<usize, WorkflowFault> {
        let (mut replayed, mut others) = (0, Vec::new());
        for _ in 0..MOST_TAKES {
            let taken = match self.storage.receive(queue, AT_ONCE, HELD).await {
                Err(StorageError::NotFound) => break,
                taken => taken?,
            };
            if taken.is_empty() {
                break;
            }
            for message in taken {
                match work_of(&message, queue, &read).filter(|work| work.key().recipe == *recipe) {
                    Some(work) => {
                        self.put_where_it_belongs(&work, who).await?;
                        self.dispose(queue, &message).await?;
                        replayed += 1;
                    }
                    None => others.push(message),
                }
            }
        }
        // Those of other recipes, and those that nobody can read, stay where they are.
        for mut message in others {
            let shown = self
                .storage
                .update_visibility(queue, &mut message, Duration::ZERO)
                .await;
            if let Err(error) = shown {
                tracing::warn!(%error, "a message of a poison queue is hidden for a minute");
            }
        }
        Ok(replayed)
    }

    async fn put_where_it_belongs(
        &self,
        work: &PoisonedWork,
        who: Option<&str>,
    ) -> Result<(), WorkflowFault> {
        self.note_replay(&work.key(), who, "message").await?;
        match work {
            PoisonedWork::Request(request) => {
                let request = DraftRequest {
                    tries: 0,
                    model_away_since: None,
                    failure: None,
                    ..request.clone()
                };
                self.leave(&request, Duration::ZERO).await
            }
            PoisonedWork::Confirmation(confirmation) => {
                let first = Confirmation::new(&confirmation.key(), &confirmation.run);
                self.send(paths::CONFIRMATIONS, &first.to_json(), Duration::ZERO)
                    .await
            }
            PoisonedWork::Callback(callback) => self.repeat(callback).await,
        }
    }

    /// A message that somebody else took meanwhile is theirs.
    async fn dispose(&self, queue: &str, message: &Message) -> Result<(), WorkflowFault> {
        match self.storage.delete_message(queue, message).await {
            Ok(()) | Err(StorageError::NotFound | StorageError::Precondition) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn note_replay(
        &self,
        key: &CaseKey,
        who: Option<&str>,
        what: &'static str,
    ) -> Result<(), WorkflowFault> {
        let note = Note {
            who: self.caller(who),
            ..Note::of(Event::Replayed)
        };
        self.note(key, note.with("what", what)).await
    }
}

/// The queues on which the host leaves what failed every time. Where a function that reads one of them fails as well, the host
/// makes another behind it, which nothing reads.
fn poison_queues() -> impl Iterator<Item = String> {
    let queues = [
        format!("{}-poison", paths::REQUESTS),
        format!("{}-poison", paths::CONFIRMATIONS),
        format!("{}-poison", paths::CALLBACKS),
        paths::UPLOADS_POISON.to_owned(),
    ];
    queues
        .into_iter()
        .flat_map(|queue| [queue.clone(), format!("{queue}-poison")])
}

/// Whether something of the case is to be done again: its draft, or telling whoever asked for it.
fn has_failed(case: &ListedCase) -> bool {
    let callback = case.status.callback.as_ref();
    case.standing == Standing::Failed
        || callback.is_some_and(|callback| callback.state == CallbackState::Failed)
}

fn work_of(
    message: &Message,
    queue: &str,
    read: impl Fn(&str, &str) -> Option<PoisonedWork>,
) -> Option<PoisonedWork> {
    let text = String::from_utf8(message.decoded()?).ok()?;
    // One in a newer form stays where it is.
    read(queue, &text).filter(|_| !is_newer(text.as_bytes()))
}
