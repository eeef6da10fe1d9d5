//! Asking for a draft: the call's ticket stands in the status until its request is taken up, so that whoever asks for the
//! status meanwhile is not given an older draft for an answer.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use azure::StorageError;
use drafting::hash::{Digest, Hasher};
use serde::{Deserialize, Serialize};

use super::status::{self, Asked};
use super::{DraftRequest, State, Status, Workflow, WorkflowFault, now};
use crate::paths::{self, CaseKey};

/// Other writers of the status that a caller may meet.
const MOST_MEETINGS: usize = 8;

/// What a call for a draft and its request are known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticket(Digest);

impl Ticket {
    /// A ticket that nobody else has.
    #[must_use]
    pub fn new() -> Self {
        let state = RandomState::new();
        let random: [u64; 2] = [state.hash_one(0), state.hash_one(1)];
        Self(Digest::of(
            format!("{random:?}{}", jiff::Timestamp::now()).as_bytes(),
        ))
    }

    /// The ticket that is made of these parts, and of no others.
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut all = Hasher::new();
        for part in parts {
            all.part(part.as_bytes());
        }
        Self(all.finish())
    }

    /// The ticket as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.short(32)
    }
}

impl Default for Ticket {
    fn default() -> Self {
        Self::new()
    }
}

impl Workflow {
    /// Asks for a draft: writes the ticket into the status, and leaves the request. One try each: who asks is waiting, and
    /// may ask again, as often as they like.
    pub async fn ask(&self, request: DraftRequest) -> Result<(), WorkflowFault> {
        let key = request.key();
        let ticket = Ticket::new();
        let request = DraftRequest {
            knows: self.announce(&key, &ticket, request.attempt).await?,
            ticket: Some(ticket),
            ..request
        };
        let left = self.leave_once(&request).await;
        if left.is_err() {
            self.revoke(&key, &request).await;
        }
        left
    }

    /// How many cancellations of the case there were: a request that knows of all of them was made after the last.
    pub async fn cancellations(&self, key: &CaseKey) -> Result<Option<u32>, WorkflowFault> {
        match self.status(key).await {
            Ok(status) => Ok(Some(status.map_or(0, |status| status.cancellations()))),
            // The run says what is wrong with it.
            Err(WorkflowFault::Corrupt(_)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Writes the ticket, and says how many cancellations there were.
    async fn announce(
        &self,
        key: &CaseKey,
        ticket: &Ticket,
        attempt: Option<u16>,
    ) -> Result<Option<u32>, WorkflowFault> {
        for _ in 0..MOST_MEETINGS {
            let standing = match self.status(key).await {
                Err(WorkflowFault::Corrupt(_)) => return Ok(None),
                standing => standing?,
            };
            let mut status = standing.unwrap_or_else(|| Status::after(None, State::Received));
            status.asked = Some(Asked {
                ticket: ticket.clone(),
                attempt,
                at: now(),
            });
            match status::write_once(&self.storage, key, &mut status).await {
                Ok(()) => return Ok(Some(status.cancellations())),
                Err(WorkflowFault::Storage(StorageError::Precondition)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(StorageError::Unavailable.into())
    }

    /// Takes a ticket back whose request could not be left. Where that fails too, it ends by itself.
    async fn revoke(&self, key: &CaseKey, request: &DraftRequest) {
        let revoked = match self.status(key).await {
            Ok(status) => self.taken_up(key, status, request).await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = revoked {
            tracing::warn!(%fault, "a ticket whose request could not be left stays for some hours");
        }
    }

    async fn leave_once(&self, request: &DraftRequest) -> Result<(), WorkflowFault> {
        let text = request.to_json();
        match self.storage.send(paths::REQUESTS, &text, Duration::ZERO).await {
            // A queue that somebody deleted is made again.
            Err(StorageError::NotFound) => {
                self.storage.ensure_queue(paths::REQUESTS).await?;
                Ok(self.storage.send(paths::REQUESTS, &text, Duration::ZERO).await?)
            }
            left => Ok(left?),
        }
    }

    /// The request with the ticket that a run of it answers. What the newest call brought lies in storage before its ticket is
    /// written: a run that looks at storage after it has seen the ticket answers that call, too.
    pub(super) fn answering(status: Option<&Status>, request: &DraftRequest) -> DraftRequest {
        let newest = status.and_then(|status| status.asked.as_ref());
        let same = newest.filter(|asked| asked.attempt == request.attempt);
        DraftRequest {
            ticket: same
                .map(|asked| asked.ticket.clone())
                .or_else(|| request.ticket.clone()),
            ..request.clone()
        }
    }

    /// Takes a request up that leads to no run: its ticket leaves the status.
    pub(super) async fn taken_up(
        &self,
        key: &CaseKey,
        status: Option<Status>,
        request: &DraftRequest,
    ) -> Result<(), WorkflowFault> {
        if let Some(mut status) = status
            && status.answer(request.ticket.as_ref())
        {
            status::write(&self.storage, key, &mut status).await?;
        }
        Ok(())
    }
}
