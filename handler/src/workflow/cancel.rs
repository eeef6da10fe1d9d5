//! Stopping a draft that runs or waits, on whichever instance that is.
//!
//! The status is the mark: whoever runs looks at it every few seconds and cannot write over it, and each request that was
//! made before the cancellation ends with nothing when its turn comes. What arrives or is asked for afterwards is drafted.

use audit::{Event, Note};
use azure::StorageError;
use drafting::hash::{Digest, Hasher};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::status;
use super::{CaseState, DraftRequest, State, Status, Workflow, WorkflowFault};
use crate::paths::CaseKey;

/// Other writers of the status that a cancellation may meet.
const MOST_MEETINGS: usize = 8;

/// A cancellation, by which requests know whether it is meant for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Counts the cancellations of the case from 1.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// What lay in storage then: what arrives later makes another state.
    pub inputs: Digest,
}

impl Cancellation {
    /// Whether it is meant for the request. One of a call knows how many cancellations there were when it was made; one of an
    /// upload, which names the newest document, is cancelled as long as nothing else has arrived; so is a message that somebody
    /// put on the queue before.
    pub(super) fn stops(&self, request: &DraftRequest, state: &CaseState) -> bool {
        if let Some(known) = request.knows {
            return known < self.number;
        }
        let of_an_upload = request.newest.is_some();
        let before = request.left.is_none_or(|left| left <= self.at);
        (of_an_upload || before) && inputs(state) == self.inputs
    }
}

/// What lies in storage, by the states of its blobs.
fn inputs(state: &CaseState) -> Digest {
    let mut all = Hasher::new();
    for document in &state.documents {
        all.part(document.name.as_str().as_bytes())
            .part(document.etag.as_str().as_bytes());
    }
    let modified = state.manifest_modified.map(|at| at.to_string());
    all.part(modified.unwrap_or_default().as_bytes());
    let manifest = state.manifest_digest.as_ref().map_or("", Digest::as_str);
    all.part(manifest.as_bytes());
    all.finish()
}

/// Why a draft cannot be cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelFault {
    /// There is nothing of this case.
    #[error("nothing has been uploaded for this case")]
    NoSuchCase,
    /// Nothing runs or waits.
    #[error("no draft of this case runs or waits; what is published stands")]
    NothingToCancel,
    /// The workflow.
    #[error(transparent)]
    Workflow(#[from] WorkflowFault),
}

impl From<StorageError> for CancelFault {
    fn from(error: StorageError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Workflow {
    /// Stops the draft that runs or waits and all that was asked for until now; gives the status after it. May be repeated. `who`
    /// asks, where callers are known.
    pub async fn cancel(&self, key: &CaseKey, who: Option<&str>) -> Result<Status, CancelFault> {
        let mut noted = false;
        for _ in 0..MOST_MEETINGS {
            let earlier = self.status(key).await?;
            let state = self.state(key).await?;
            if earlier.is_none() && state.newest.is_none() {
                return Err(CancelFault::NoSuchCase);
            }
            let mut status = match next(earlier, &state)? {
                Next::Done(status) => return Ok(*status),
                Next::Write(status) => status,
            };
            // Noted first: what the log does not know is not done.
            if !noted {
                let note = Note {
                    who: self.caller(who),
                    ..Note::of(Event::Cancelled)
                };
                self.note(key, note).await?;
                noted = true;
            }
            match status::write_once(&self.storage, key, &mut status).await {
                Ok(()) => return Ok(*status),
                Err(WorkflowFault::Storage(StorageError::Precondition)) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        Err(StorageError::Unavailable.into())
    }
}

enum Next {
    Done(Box<Status>),
    Write(Box<Status>),
}

/// The status after a cancellation of what this one says.
fn next(earlier: Option<Status>, state: &CaseState) -> Result<Next, CancelFault> {
    let asked = earlier.as_ref().is_some_and(Status::is_asked);
    let at = Timestamp::now();
    let stopped = State::Cancelled { at: super::now() };
    let standing = match earlier.as_ref().map(|status| &status.state) {
        None | Some(State::Received | State::Waiting { .. } | State::Running) => stopped,
        // That draft is made, and on its way; what was asked for after it is not.
        Some(publishing @ State::Publishing { .. }) if asked => publishing.clone(),
        Some(State::Published { .. } | State::Failed { .. } | State::Cancelled { .. }) if asked => stopped,
        Some(State::Cancelled { .. }) => {
            return earlier
                .map(|status| Next::Done(Box::new(status)))
                .ok_or(CancelFault::NothingToCancel);
        }
        Some(State::Publishing { .. } | State::Published { .. } | State::Failed { .. }) => {
            return Err(CancelFault::NothingToCancel);
        }
    };
    let number = earlier.as_ref().map_or(0, Status::cancellations) + 1;
    let mut status = Status::after(earlier.as_ref(), standing);
    status.asked = None;
    status.starts = None;
    status.cancellation = Some(Cancellation {
        number,
        at,
        inputs: inputs(state),
    });
    Ok(Next::Write(Box::new(status)))
}

#[cfg(test)]
mod tests {
    use azure::ETag;
    use drafting::check::RunOutcome;
    use drafting::id::{CaseId, RecipeId, SourceName};

    use super::super::{Newest, state::Listed};
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn state(etag: &str) -> CaseState {
        CaseState {
            documents: vec![Listed {
                name: SourceName::parse("a.pdf").unwrap(),
                modified: at(900),
                etag: ETag::new(etag),
                bytes: 1,
            }],
            manifest: None,
            manifest_fault: None,
            manifest_digest: None,
            manifest_modified: None,
            newest: None,
            too_many: false,
        }
    }

    fn request() -> DraftRequest {
        let key = CaseKey {
            recipe: RecipeId::parse("ehcp").unwrap(),
            case: CaseId::parse("c1").unwrap(),
        };
        DraftRequest::new(&key, None)
    }

    #[test]
    fn a_cancellation_is_meant_for_what_was_asked_for_before_it() {
        let second = Cancellation {
            number: 2,
            at: at(1_000),
            inputs: inputs(&state("1")),
        };
        let check = |request: DraftRequest, etag: &str, expected: bool| {
            assert_eq!(second.stops(&request, &state(etag)), expected, "{request:?}");
        };
        let knowing = |number| DraftRequest {
            knows: Some(number),
            ..request()
        };
        check(knowing(0), "1", true);
        check(knowing(1), "2", true);
        check(knowing(2), "1", false);
        let uploaded = || DraftRequest {
            newest: Some(Newest {
                modified: at(900),
                name: "a.pdf".into(),
            }),
            // However late its event came.
            left: Some(at(2_000)),
            ..request()
        };
        check(uploaded(), "1", true);
        check(uploaded(), "2", false);
        let by_hand = |second| DraftRequest {
            left: Some(at(second)),
            ..request()
        };
        check(by_hand(999), "1", true);
        check(by_hand(1_001), "1", false);
        check(by_hand(999), "2", false);
    }

    #[test]
    fn what_can_be_cancelled() {
        let ready = RunOutcome::NeedsReview;
        let waiting = State::Waiting {
            until: at(1),
            missing: Vec::new(),
            model_away: false,
        };
        let publishing = State::Publishing {
            outcome: ready.clone(),
        };
        let published = State::Published { outcome: ready };
        let failed = State::Failed { reason: "x".into() };
        for (standing, asked, expected) in [
            (State::Received, false, Some("cancelled")),
            (waiting, false, Some("cancelled")),
            (State::Running, false, Some("cancelled")),
            (State::Running, true, Some("cancelled")),
            (publishing.clone(), false, None),
            (publishing, true, Some("publishing")),
            (published.clone(), false, None),
            (published, true, Some("cancelled")),
            (failed.clone(), false, None),
            (failed, true, Some("cancelled")),
        ] {
            let mut status = Status::after(None, standing);
            status.asked = asked.then(|| super::super::Asked {
                ticket: super::super::Ticket::new(),
                attempt: None,
                at: super::super::now(),
            });
            let after = match next(Some(status.clone()), &state("1")) {
                Ok(Next::Write(after)) => Some(after),
                Ok(Next::Done(_)) => panic!("{status:?}"),
                Err(_) => None,
            };
            let told = after.as_ref().map(|after| {
                assert!(after.asked.is_none() && after.starts.is_none() && after.cancellations() == 1);
                serde_json::to_value(&after.state).unwrap()["state"].clone()
            });
            assert_eq!(told, expected.map(Into::into), "{status:?}");
            // Again it is the same cancellation.
            if let Some(after) = after.filter(|after| matches!(after.state, State::Cancelled { .. })) {
                assert!(matches!(next(Some(*after), &state("1")), Ok(Next::Done(_))));
            }
        }
    }
}
