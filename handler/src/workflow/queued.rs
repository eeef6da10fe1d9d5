//! Messages that name a case, in the app's own queues and the host's, their poison queues included.
//!
//! Storage shows the first messages that are visible, and hides those that are delayed or being worked on. A delayed request
//! of an erased case is not looked for: it finds the mark of the case when it comes, and does nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use azure::{Message, Storage, StorageError, decoded};

use super::holdings::names_case;
use super::{Workflow, WorkflowFault};
use crate::paths::{self, CaseKey};

/// Messages that one look shows.
const SHOWN: usize = 32;
/// How long messages are held while a queue is gone through.
const HELD: Duration = Duration::from_secs(60);
/// Takes from one queue, of 32 messages each.
const MOST_TAKES: usize = 64;

/// A message that waits.
pub(super) struct Waiting {
    pub queue: String,
    pub text: String,
}

/// What became of the messages that name a case.
#[derive(Default)]
pub(super) struct Removed {
    /// How many were deleted, by queue.
    pub messages: BTreeMap<String, u64>,
    /// How many messages, of whatever case, could not be looked at, by queue.
    pub hidden: BTreeMap<String, u64>,
}

impl Workflow {
    /// The queues that may name cases, each in its account.
    async fn queues(&self) -> Result<Vec<(&Storage, String)>, WorkflowFault> {
        let mut queues = Vec::new();
        for storage in self.accounts() {
            for prefix in paths::QUEUES {
                let names = storage.queue_names(prefix).await?;
                queues.extend(names.into_iter().map(|name| (storage, name)));
            }
        }
        Ok(queues)
    }

    /// The messages that name the case, among those that can be looked at without taking them.
    pub(super) async fn waiting(&self, key: &CaseKey) -> Result<Vec<Waiting>, WorkflowFault> {
        let mut waiting = Vec::new();
        for (storage, queue) in self.queues().await? {
            let shown = storage.peek(&queue).await?;
            let own = shown.iter().filter(|raw| names(raw, key));
            waiting.extend(own.map(|raw| Waiting {
                queue: queue.clone(),
                text: String::from_utf8_lossy(&plain(raw)).into_owned(),
            }));
        }
        Ok(waiting)
    }

    /// Deletes the messages that name the case.
    pub(super) async fn remove_messages(&self, key: &CaseKey) -> Result<Removed, WorkflowFault> {
        let mut removed = Removed::default();
        for (storage, queue) in self.queues().await? {
            let count = remove_from(storage, &queue, key).await?;
            let left = storage.approximate_count(&queue).await?;
            let shown = storage.peek(&queue).await?.len();
            let hidden = if shown < SHOWN {
                left.saturating_sub(shown as u64)
            } else {
                0
            };
            for (place, count) in [(&mut removed.messages, count), (&mut removed.hidden, hidden)] {
                if count > 0 {
                    *place.entry(queue.clone()).or_default() += count;
                }
            }
        }
        Ok(removed)
    }
}

async fn remove_from(storage: &Storage, queue: &str, key: &CaseKey) -> Result<u64, StorageError> {
    let shown = storage.peek(queue).await?;
    // Taking a message counts as a try of it: a queue that is seen whole and holds none is left alone.
    if shown.len() < SHOWN && !shown.iter().any(|raw| names(raw, key)) {
        return Ok(0);
    }
    let (mut removed, mut others) = (0, Vec::new());
    for _ in 0..MOST_TAKES {
        let taken = storage.receive(queue, 32, HELD).await?;
        if taken.is_empty() {
            break;
        }
        for message in taken {
            if names(&message.raw, key) {
                deleted(storage, queue, &message).await?;
                removed += 1;
            } else {
                others.push(message);
            }
        }
    }
    for message in others {
        give_back(storage, queue, message).await?;
    }
    Ok(removed)
}

/// Gives a message of another case back. One that was tried before is sent anew instead: the host gives a message up after some
/// tries, and looking at it is none.
async fn give_back(storage: &Storage, queue: &str, mut message: Message) -> Result<(), StorageError> {
    if message.dequeue_count > 1 {
        storage
            .send_raw(queue, message.raw.clone(), Duration::ZERO)
            .await?;
        return deleted(storage, queue, &message).await;
    }
    match storage
        .update_visibility(queue, &mut message, Duration::ZERO)
        .await
    {
        // It was held for so long that it came back by itself.
        Err(StorageError::NotFound | StorageError::Precondition) => Ok(()),
        given => given,
    }
}

async fn deleted(storage: &Storage, queue: &str, message: &Message) -> Result<(), StorageError> {
    match storage.delete_message(queue, message).await {
        // Somebody else has it by now, and sees to it.
        Err(StorageError::NotFound | StorageError::Precondition) => Ok(()),
        deleted => deleted,
    }
}

fn plain(raw: &str) -> Vec<u8> {
    decoded(raw).unwrap_or_else(|| raw.as_bytes().to_vec())
}

fn names(raw: &str, key: &CaseKey) -> bool {
    names_case(&plain(raw), key)
}
