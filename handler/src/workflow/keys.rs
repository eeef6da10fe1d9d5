//! Calls with an idempotency key: what was answered to the first is answered to all that repeat it.
//!
//! A key is bound to the call's body before anything is done, by a blob that only one writer can make; what was answered is
//! written beside it. A call whose first try died between the two is made again: all that it does can be repeated. Keys are
//! kept as digests, with the case, for a day, and no more of them than [`MOST_KEYS`].

use azure::{Condition, ETag, Put, StorageError};
use drafting::hash::Digest;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::form::stored;
use super::{Ticket, Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};

/// How it is called in faults, and the members that every form of it has.
const WHAT: &str = "a kept answer";
const MARKS: &[&str] = &["body", "at"];
/// How long a key is remembered.
const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Keys of one case that are remembered, the newest.
const MOST_KEYS: usize = 200;
/// Keys that are looked at and forgotten at a time.
const MOST_LISTED: usize = 1_000;
/// Other calls with the same key that one may meet.
const MOST_MEETINGS: usize = 4;

/// A key of a caller's, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyedCall {
    key: Digest,
    body: Digest,
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`Idempotency-Key` must be one value of 1 to 255 visible ASCII characters")]
pub struct KeyFault;

impl KeyedCall {
    /// The call with this key and this body.
    pub fn parse(key: &str, body: &[u8]) -> Result<Self, KeyFault> {
        // As a string of a structured field (RFC 9651) it stands in quotation marks, which are not part of it.
        let inner = key
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(key);
        if inner.is_empty() || inner.len() > 255 || !inner.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(KeyFault);
        }
        Ok(Self {
            key: Digest::of(inner.as_bytes()),
            body: Digest::of(body),
        })
    }
}

/// What is kept of a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    body: Digest,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Kept>,
}

/// An answer that is given again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Value,
}

/// A key bound to a body: what the call may do.
#[derive(Debug)]
pub enum Bond {
    /// Do it, and [`Workflow::keep_answer`] what is answered.
    Do(Bound),
    /// It was done: this was answered.
    Done(Kept),
    /// The key is bound to another body.
    Other,
}

/// A key that is bound to a call which is not answered yet.
#[derive(Debug)]
pub struct Bound {
    name: String,
    entry: Entry,
    etag: ETag,
}

impl Bound {
    /// What the callback of the call is known by: the same for every repetition of it, so that a receiver who is called for
    /// two of them knows the second.
    #[must_use]
    pub fn delivery(&self) -> Ticket {
        let at = self.entry.at.to_string();
        Ticket::of(&[&self.name, self.entry.body.as_str(), &at])
    }
}

impl Workflow {
    /// What was answered to the call, if it was done; nothing is bound.
    pub async fn answered(&self, key: &CaseKey, call: &KeyedCall) -> Result<Option<Kept>, WorkflowFault> {
        let Some(blob) = self.storage.get(paths::RUNS, &key.keyed(&call.key)).await? else {
            return Ok(None);
        };
        let entry = match stored::<Entry>(&blob.bytes, WHAT, MARKS) {
            Err(WorkflowFault::Corrupt(_)) => return Ok(None),
            entry => entry?,
        };
        let is_same = entry.body == call.body && now().duration_since(entry.at) < LIFE;
        Ok(entry.answer.filter(|_| is_same))
    }

    /// Binds the key to the call's body, or finds what it is bound to.
    pub async fn bind(&self, key: &CaseKey, call: &KeyedCall) -> Result<Bond, WorkflowFault> {
        let name = key.keyed(&call.key);
        for _ in 0..MOST_MEETINGS {
            let entry = Entry {
                body: call.body.clone(),
                at: now(),
                answer: None,
            };
            match self.put_entry(&name, &entry, Condition::Absent).await {
                Ok(etag) => {
                    self.forget_old_keys(key).await;
                    return Ok(Bond::Do(Bound { name, entry, etag }));
                }
                Err(WorkflowFault::Storage(StorageError::Precondition)) => {}
                Err(fault) => return Err(fault),
            }
            let Some(blob) = self.storage.get(paths::RUNS, &name).await? else {
                continue;
            };
            let standing = match stored::<Entry>(&blob.bytes, WHAT, MARKS) {
                Ok(standing) => Some(standing),
                // Nobody can tell what it was bound to.
                Err(WorkflowFault::Corrupt(_)) => None,
                Err(fault) => return Err(fault),
            };
            let standing = standing.filter(|entry| now().duration_since(entry.at) < LIFE);
            match standing {
                Some(entry) if entry.body != call.body => return Ok(Bond::Other),
                Some(Entry {
                    answer: Some(answer), ..
                }) => return Ok(Bond::Done(answer)),
                // Its first try goes on, or died: whatever it did can be done again.
                Some(entry) => {
                    return Ok(Bond::Do(Bound {
                        name,
                        entry,
                        etag: blob.etag,
                    }));
                }
                None => match self
                    .storage
                    .delete_unchanged(paths::RUNS, &name, &blob.etag)
                    .await
                {
                    Ok(_) | Err(StorageError::Precondition) => {}
                    Err(error) => return Err(error.into()),
                },
            }
        }
        Err(StorageError::Unavailable.into())
    }

    /// Keeps what is answered. Where that fails, a repetition does everything again, to the same end.
    pub async fn keep_answer(&self, bound: Bound, answer: Kept) {
        let entry = Entry {
            answer: Some(answer),
            ..bound.entry
        };
        let condition = Condition::Unchanged(bound.etag);
        match self.put_entry(&bound.name, &entry, condition).await {
            // Another try of the same call has kept its answer.
            Ok(_) | Err(WorkflowFault::Storage(StorageError::Precondition)) => {}
            Err(fault) => tracing::warn!(%fault, "the answer to a call with a key could not be kept"),
        }
    }

    async fn put_entry(
        &self,
        name: &str,
        entry: &Entry,
        condition: Condition,
    ) -> Result<ETag, WorkflowFault> {
        let bytes =
            serde_json::to_vec(entry).map_err(|_| WorkflowFault::Corrupt("a value without JSON form"))?;
        let put = Put {
            content_type: Some("application/json"),
            condition,
            ..Put::default()
        };
        Ok(self.storage.put(paths::RUNS, name, bytes, put).await?)
    }

    /// Forgets what is older than a day, and of the rest what is too many. Another time will do as well.
    async fn forget_old_keys(&self, key: &CaseKey) {
        let listed = self
            .storage
            .list(paths::RUNS, &key.keyed_prefix(), MOST_LISTED)
            .await;
        let mut listed = match listed {
            Ok(listed) => listed,
            Err(error) => {
                tracing::warn!(%error, "old keys could not be looked for");
                return;
            }
        };
        listed.sort_by_key(|item| std::cmp::Reverse(item.properties.last_modified));
        let is_old = |item: &azure::BlobItem| now().duration_since(item.properties.last_modified) >= LIFE;
        let old = listed
            .iter()
            .enumerate()
            .filter(|(at, item)| *at >= MOST_KEYS || is_old(item));
        for (_, item) in old {
            let etag = &item.properties.etag;
            match self.storage.delete_unchanged(paths::RUNS, &item.name, etag).await {
                Ok(_) | Err(StorageError::Precondition) => {}
                Err(error) => {
                    tracing::warn!(%error, "an old key could not be forgotten");
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_ascii_of_bounded_length() {
        let long = "k".repeat(256);
        for bad in ["", "\"\"", " ", "a b", "\u{e9}", "a\n", "a\u{0}", &long] {
            assert_eq!(KeyedCall::parse(bad, b""), Err(KeyFault), "{bad:?}");
        }
        let one = KeyedCall::parse("a1", b"{}").unwrap();
        assert_eq!(one, KeyedCall::parse("\"a1\"", b"{}").unwrap());
        assert_ne!(one, KeyedCall::parse("A1", b"{}").unwrap());
        assert_ne!(one, KeyedCall::parse("a1", b"{ }").unwrap());
        assert!(KeyedCall::parse(&long[1..], b"").is_ok());
    }
}
