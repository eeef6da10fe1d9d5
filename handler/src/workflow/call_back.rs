//! Calling back whoever asked for a draft, once it has ended: a message on a queue of its own looks at the status from time
//! to time, and then calls. Nothing that drafts knows of it, and whatever becomes of a call, the draft stands.

use std::time::Duration;

use azure::StorageError;
use drafting::id::{CaseId, RecipeId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Status, Ticket, Unknown, Workflow, WorkflowFault, now, status};
use crate::callback::{CallFault, CallbackAddress};
use crate::paths::{self, CaseKey};

/// Calls of one callback.
const MOST_TRIES: u32 = 8;
/// A draft that has not ended by then is not waited for any more. Requests come again for some hours at most.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(26);
/// The longest pause between two looks at the status.
const LONGEST_LOOK: u32 = 30;
/// Other writers of the status that a stamp may meet.
const MOST_MEETINGS: usize = 8;

/// The message on the queue `callbacks`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Callback {
    /// The recipe.
    pub recipe: RecipeId,
    /// The case.
    pub case: CaseId,
    /// What the call and its repetitions are known by.
    pub delivery: Ticket,
    /// Who is called. An address can hold a secret of its receiver's: it is never logged or shown.
    pub address: CallbackAddress,
    /// When it was asked for.
    pub since: Timestamp,
    /// How often the status was looked at.
    #[serde(default)]
    pub looks: u32,
    /// How often it was called.
    #[serde(default)]
    pub tries: u32,
    /// On the poison queue: why it is not made any more, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What a newer version has added.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What became of a callback, for the status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackStamp {
    /// Where it stands.
    pub state: CallbackState,
    /// How often it was called.
    pub tries: u32,
    /// When it was called last.
    pub at: Timestamp,
    /// Why the last call did not arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Where a callback stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackState {
    /// It arrived.
    Delivered,
    /// It did not arrive yet, and is made again.
    Retrying,
    /// It did not arrive and is not made again.
    Failed,
}

impl Callback {
    /// A callback for a draft that was just asked for, by what it is known by where the call itself is known.
    #[must_use]
    pub fn new(key: &CaseKey, address: CallbackAddress, delivery: Option<Ticket>) -> Self {
        Self {
            recipe: key.recipe.clone(),
            case: key.case.clone(),
            delivery: delivery.unwrap_or_default(),
            address,
            since: now(),
            looks: 0,
            tries: 0,
            failure: None,
            unknown: Unknown::new(),
        }
    }

    /// The case it is about.
    #[must_use]
    pub fn key(&self) -> CaseKey {
        CaseKey {
            recipe: self.recipe.clone(),
            case: self.case.clone(),
        }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| String::from("{}"))
    }

    /// Runs of seconds are looked at soon, those that wait for something seldom.
    fn pause(&self) -> Duration {
        Duration::from_secs((2 + self.looks).min(LONGEST_LOOK).into())
    }
}

impl Workflow {
    /// Has the draft's end called back. One try to leave the message: who asks is waiting.
    pub async fn leave_callback(&self, callback: &Callback) -> Result<(), WorkflowFault> {
        let (text, delay) = (callback.to_json(), callback.pause());
        match self.storage.send(paths::CALLBACKS, &text, delay).await {
            Err(StorageError::NotFound) => {
                self.storage.ensure_queue(paths::CALLBACKS).await?;
                Ok(self.storage.send(paths::CALLBACKS, &text, delay).await?)
            }
            left => Ok(left?),
        }
    }

    /// The status that is to be told; nothing while the case is worked on, for which the message comes again, and nothing of
    /// a case that is no more.
    pub async fn callback_due(&self, callback: &Callback) -> Result<Option<Status>, WorkflowFault> {
        let key = callback.key();
        let status = match self.status(&key).await {
            // The host's own retries would be spent in a moment.
            Err(fault) if fault.is_passing() => {
                tracing::warn!(%fault, "a callback comes again");
                self.look_later(callback).await?;
                return Ok(None);
            }
            status => status?,
        };
        let Some(status) = status else {
            tracing::warn!("a callback for a case of which nothing is known");
            return Ok(None);
        };
        if !status.is_open() {
            return Ok(Some(status));
        }
        if now().duration_since(callback.since) > LONGEST_WAIT {
            self.give_up_callback(callback, "the draft did not end within a day".into())
                .await?;
            return Ok(None);
        }
        self.look_later(callback).await?;
        Ok(None)
    }

    /// Puts the message back for another look.
    async fn look_later(&self, callback: &Callback) -> Result<(), WorkflowFault> {
        let later = Callback {
            looks: callback.looks.saturating_add(1),
            ..callback.clone()
        };
        self.send(paths::CALLBACKS, &later.to_json(), later.pause()).await
    }

    /// Calls with this body, and again later where that may help. What became of it stands in the status.
    pub async fn call_back(&self, callback: &Callback, body: String) -> Result<(), WorkflowFault> {
        let tries = callback.tries.saturating_add(1);
        let callback = Callback {
            tries,
            ..callback.clone()
        };
        let callbacks = self.flows.callbacks.as_ref();
        let called = match callbacks {
            Some(callbacks) => {
                let (delivery, second) = (callback.delivery.as_str(), now().as_second());
                callbacks.call(&callback.address, delivery, second, body).await
            }
            None => Err(CallFault::NotAllowed),
        };
        let Err(fault) = called else {
            tracing::info!(tries, "a callback arrived");
            crate::measured::called_back(&callback.recipe, "delivered");
            self.forget_undelivered(&callback).await;
            self.tell_callback(&callback, CallbackState::Delivered, None)
                .await;
            return Ok(());
        };
        tracing::warn!(%fault, tries, "a callback did not arrive");
        if let Some(callbacks) = callbacks.filter(|_| fault.is_passing() && tries < MOST_TRIES) {
            crate::measured::called_back(&callback.recipe, "retrying");
            self.tell_callback(&callback, CallbackState::Retrying, Some(fault.to_string()))
                .await;
            let pause = callbacks.pause(tries - 1);
            self.send(paths::CALLBACKS, &callback.to_json(), pause).await
        } else {
            self.give_up_callback(&callback, fault.to_string()).await
        }
    }

    /// Writes into the status what became of the call. It is for people to see: where it cannot be written, nothing else is
    /// kept from happening.
    pub(super) async fn tell_callback(
        &self,
        callback: &Callback,
        state: CallbackState,
        problem: Option<String>,
    ) {
        match self.try_to_tell(callback, state, problem).await {
            Ok(()) => {}
            Err(fault) => tracing::warn!(%fault, "what became of a callback could not be written down"),
        }
    }

    async fn try_to_tell(
        &self,
        callback: &Callback,
        state: CallbackState,
        problem: Option<String>,
    ) -> Result<(), WorkflowFault> {
        let key = callback.key();
        for _ in 0..MOST_MEETINGS {
            let Some(mut status) = self.status(&key).await? else {
                return Ok(());
            };
            status.callback = Some(CallbackStamp {
                state,
                tries: callback.tries,
                at: now(),
                problem: problem.clone(),
            });
            match status::write_once(&self.storage, &key, &mut status).await {
                Err(WorkflowFault::Storage(StorageError::Precondition)) => {}
                written => return written,
            }
        }
        Err(StorageError::Unavailable.into())
    }
}
