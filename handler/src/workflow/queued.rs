//! Messages that name a case, in the app's own queues and the host's, their poison queues included.
//!
//! Storage shows the first messages that are visible, and hides those that are delayed or being worked on. A delayed request
//! of an erased case is not looked for: it finds the mark of the case when it comes, and does nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use azure::{Message, Storage, StorageError, decoded};
use serde_json::Value;

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

impl Waiting {
    /// What is shown of it to others: of a callback no address, which is a secret of the flow's that asked for it.
    pub fn shown(&self) -> String {
        if !self.queue.starts_with(paths::CALLBACKS) {
            return self.text.clone();
        }
        match serde_json::from_str(&self.text) {
            Ok(Value::Object(mut message)) => {
                message.remove("address");
                Value::Object(message).to_string()
            }
            _ => String::from("a message that is no callback"),
        }
    }
}

/// What became of the messages that name a case.
#[derive(Default)]
pub(super) struct Removed {
    /// How many were deleted, by queue.
    pub messages: BTreeMap<String, u64>,
    /// How many messages, of whatever case, could not be looked at, by queue.
    pub hidden: BTreeMap<String, u64>,
    /// What the names of queues begin with that the app's identity may not look at, and why.
    pub refused: Vec<(String, String)>,
}

/// The queues of all accounts.
struct Queues<'s> {
    all: Vec<(&'s Storage, String)>,
    refused: Vec<(String, String)>,
}

impl Workflow {
    /// The queues that may name cases, each in its account.
    async fn queues(&self) -> Result<Queues<'_>, WorkflowFault> {
        let mut queues = Queues {
            all: Vec::new(),
            refused: Vec::new(),
        };
        for storage in self.accounts() {
            for prefix in paths::QUEUES {
                match storage.queue_names(prefix).await {
                    Ok(names) => queues.all.extend(names.into_iter().map(|name| (storage, name))),
                    Err(error @ StorageError::Denied { .. }) => {
                        queues.refused.push((format!("{prefix}…"), error.to_string()));
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(queues)
    }

    /// The messages that name the case, among those that can be looked at without taking them, and what could not be.
    pub(super) async fn messages_waiting(
        &self,
        key: &CaseKey,
    ) -> Result<(Vec<Waiting>, Vec<(String, String)>), WorkflowFault> {
        let queues = self.queues().await?;
        let mut waiting = Vec::new();
        for (storage, queue) in queues.all {
            let shown = storage.peek(&queue).await?;
            let own = shown.iter().filter(|raw| names(raw, key));
            waiting.extend(own.map(|raw| Waiting {
                queue: queue.clone(),
                text: String::from_utf8_lossy(&plain(raw)).into_owned(),
            }));
        }
        Ok((waiting, queues.refused))
    }

    /// Deletes the messages that name the case.
    pub(super) async fn remove_messages(&self, key: &CaseKey) -> Result<Removed, WorkflowFault> {
        let queues = self.queues().await?;
        let mut removed = Removed {
            refused: queues.refused,
            ..Removed::default()
        };
        for (storage, queue) in queues.all {
            let (count, hidden) = remove_from(storage, &queue, key).await?;
            for (place, count) in [(&mut removed.messages, count), (&mut removed.hidden, hidden)] {
                if count > 0 {
                    *place.entry(queue.clone()).or_default() += count;
                }
            }
        }
        Ok(removed)
    }
}

/// How many messages of the case were deleted, and how many of whatever case were not seen.
async fn remove_from(storage: &Storage, queue: &str, key: &CaseKey) -> Result<(u64, u64), StorageError> {
    let shown = storage.peek(queue).await?;
    let all = storage.approximate_count(queue).await?;
    // Taking a message counts as a try of it: a queue that is seen whole and holds none is left alone.
    if shown.len() < SHOWN && !shown.iter().any(|raw| names(raw, key)) {
        return Ok((0, all.saturating_sub(shown.len() as u64)));
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
    let seen = removed + others.len() as u64;
    for message in others {
        give_back(storage, queue, message).await?;
    }
    Ok((removed, all.saturating_sub(seen)))
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
