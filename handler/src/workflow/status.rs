//! `status.json` of a case: the one blob that the status door reads.

use azure::{Condition, ETag, Put, Storage, StorageError};
use drafting::check::RunOutcome;
use drafting::hash::Digest;
use drafting::id::RunId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ask::Ticket;
use super::form::{Marks, Unknown, stored};
use super::{CallbackStamp, Cancellation, EditStamp, Newest, WorkflowFault};
use crate::paths::{self, CaseKey};
use crate::progress::Progress;

/// Writers that one write may meet before it is given up.
const MOST_MEETINGS: usize = 6;

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Somebody asked for a draft of a case that nothing was done for yet.
    Received,
    /// Documents are there and more may come.
    Waiting {
        /// When it is looked at again, at the latest.
        until: Timestamp,
        /// Documents of the manifest that are not there yet.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<String>,
        /// Whether it is the model's service that is waited for.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        model_away: bool,
    },
    /// It is being drafted.
    Running,
    /// The results are archived and on their way to where callers look.
    Publishing {
        /// How the run ended.
        outcome: RunOutcome,
    },
    /// The results of the run are published.
    Published {
        /// How the run ended.
        outcome: RunOutcome,
    },
    /// Somebody stopped the draft; what was published before stands.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// The app could not draft the case.
    Failed {
        /// Why, in words for the case officer.
        reason: String,
    },
}

/// The status of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
    /// The newest run, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The run whose results are published, which may be an older one than `run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<RunId>,
    /// The newest draft that the officer has edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<EditStamp>,
    /// How far the run is, while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<RunProgress>,
    /// The newest call that asked for a draft, until its request is taken up: an older draft is not the answer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// The newest cancellation. What was asked for before it is not drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<Cancellation>,
    /// What became of the newest callback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<CallbackStamp>,
    /// The newest document when the case was last drafted, or found to be drafted already: what arrived later and has had
    /// no run is seen by it. `None` in what earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Newest>,
    /// When this was written.
    pub updated: Timestamp,
    /// The fingerprint of the inputs that were last started with, and how often they were without an end: a
    /// run that brings its process down every time must not be started for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Starts>,
    /// The state of the blob that this was read from or written as; `None` when there was none. A status is only
    /// written over the one it follows: whoever stood still for longer than its lease lasts, and goes on, must not
    /// write over what was done since.
    #[serde(skip)]
    pub(super) etag: Option<ETag>,
    /// What the status that this follows said, but for what callers may add while somebody works.
    #[serde(skip)]
    pub(super) base: Option<Digest>,
    /// The ticket whose request the writer has taken up.
    #[serde(skip)]
    pub(super) answering: Option<Ticket>,
    /// What a newer version has added: it is kept, and told to nobody.
    #[serde(skip)]
    pub(super) unknown: Unknown,
}

/// How far a run is, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunProgress {
    /// The stage.
    #[serde(flatten)]
    pub now: Progress,
    /// When the run was started.
    pub started: Timestamp,
    /// Which start of this work it is: more than 1 after one that had no end.
    pub attempt: u32,
}

/// A call that asked for a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its ticket, which its request carries.
    pub ticket: Ticket,
    /// Which repetition of an unchanged case is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u16>,
    /// When.
    pub at: Timestamp,
}

impl Asked {
    /// Requests come again for some hours at most: what was not taken up by then was lost.
    const LIFE: SignedDuration = SignedDuration::from_hours(8);

    fn stands(&self) -> bool {
        super::now().duration_since(self.at) < Self::LIFE
    }
}

/// How often the same inputs were started with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starts {
    /// The fingerprint of the inputs.
    pub fingerprint: Digest,
    /// How often, without an end.
    pub count: u32,
}

impl Status {
    /// The status after `earlier`, in a new state.
    #[must_use]
    pub fn after(earlier: Option<&Self>, state: State) -> Self {
        Self {
            state,
            run: earlier.and_then(|status| status.run.clone()),
            published: earlier.and_then(|status| status.published.clone()),
            edit: earlier.and_then(|status| status.edit.clone()),
            progress: None,
            asked: earlier.and_then(|status| status.asked.clone()),
            cancellation: earlier.and_then(|status| status.cancellation.clone()),
            callback: earlier.and_then(|status| status.callback.clone()),
            seen: earlier.and_then(|status| status.seen.clone()),
            updated: super::now(),
            starts: earlier.and_then(|status| status.starts.clone()),
            etag: earlier.and_then(|status| status.etag.clone()),
            base: earlier.and_then(|status| status.base.clone()),
            answering: earlier.and_then(|status| status.answering.clone()),
            unknown: earlier.map(|status| status.unknown.clone()).unwrap_or_default(),
        }
    }

    /// Whether a draft was asked for whose request is not taken up yet. An older draft is no answer to it.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked.as_ref().is_some_and(Asked::stands)
    }

    /// Whether it will say something else without anybody doing anything.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.state {
            State::Received | State::Waiting { .. } | State::Running | State::Publishing { .. } => true,
            State::Published { .. } | State::Cancelled { .. } | State::Failed { .. } => self.is_asked(),
        }
    }

    /// How many cancellations there were.
    pub(super) fn cancellations(&self) -> u32 {
        self.cancellation.as_ref().map_or(0, |last| last.number)
    }

    /// The request of this ticket is taken up; says whether it was the newest.
    pub(super) fn answer(&mut self, ticket: Option<&Ticket>) -> bool {
        let newest = self.asked.as_ref().map(|asked| &asked.ticket);
        if ticket.is_none() || newest != ticket {
            return false;
        }
        self.asked = None;
        self.answering = ticket.cloned();
        true
    }

    /// What it says, but for what callers may add while somebody works on the case.
    fn core(&self) -> Result<Digest, WorkflowFault> {
        let core = Self {
            asked: None,
            callback: None,
            ..self.clone()
        };
        Ok(Digest::of(&core.stored()?))
    }

    /// What is written, with what a newer version has added.
    fn stored(&self) -> Result<Vec<u8>, WorkflowFault> {
        #[derive(Serialize)]
        struct Whole<'s> {
            #[serde(flatten)]
            status: &'s Status,
            #[serde(flatten)]
            unknown: &'s Unknown,
        }
        json(&Whole {
            status: self,
            unknown: &self.unknown,
        })
    }

    /// Goes on from what callers have added meanwhile.
    fn adopt(&mut self, there: Self) {
        self.etag = there.etag;
        self.callback = there.callback;
        self.asked = there
            .asked
            .filter(|asked| Some(&asked.ticket) != self.answering.as_ref());
    }
}

/// The members that every form of a status has.
const MARKS: Marks = &["state", "updated"];
/// All members that this version knows, whatever the state.
const KNOWN: [&str; 18] = [
    "asked",
    "at",
    "callback",
    "cancellation",
    "edit",
    "form",
    "missing",
    "model_away",
    "outcome",
    "progress",
    "published",
    "reason",
    "run",
    "seen",
    "starts",
    "state",
    "until",
    "updated",
];

/// What a newer version has added.
fn unknown(bytes: &[u8]) -> Result<Unknown, WorkflowFault> {
    let mut all: Unknown =
        serde_json::from_slice(bytes).map_err(|_| WorkflowFault::Corrupt("status.json"))?;
    all.retain(|name, _| !KNOWN.contains(&name.as_str()));
    Ok(all)
}

pub(super) async fn read(storage: &Storage, key: &CaseKey) -> Result<Option<Status>, WorkflowFault> {
    let Some(blob) = storage.get(paths::RUNS, &key.status()).await? else {
        return Ok(None);
    };
    let mut status: Status = stored(&blob.bytes, "status.json", MARKS)?;
    status.unknown = unknown(&blob.bytes)?;
    let base = Some(status.core()?);
    Ok(Some(Status {
        etag: Some(blob.etag),
        base,
        ..status
    }))
}

/// Writes the status over the one it follows. Callers may add to that while somebody works on the case; whoever works
/// there goes on from it. Anything else that was written meanwhile is newer.
pub(super) async fn write(
    storage: &Storage,
    key: &CaseKey,
    status: &mut Status,
) -> Result<(), WorkflowFault> {
    let core = status.core()?;
    for _ in 0..MOST_MEETINGS {
        match write_once(storage, key, status).await {
            Err(WorkflowFault::Storage(StorageError::Precondition)) => {}
            written => return written,
        }
        let there = read(storage, key).await?.ok_or(WorkflowFault::LostLease)?;
        // An answer was lost on its way: what is there is this.
        let landed = there.base.as_ref() == Some(&core);
        let follows = match &status.base {
            Some(base) => there.base.as_ref() == Some(base),
            None => there.state == State::Received,
        };
        if !landed && !follows {
            return Err(WorkflowFault::LostLease);
        }
        let answered = there.asked.is_some();
        status.adopt(there);
        if landed && answered == status.asked.is_some() {
            status.base = Some(core);
            return Ok(());
        }
    }
    Err(WorkflowFault::LostLease)
}

/// Writes the status over the very one it follows.
pub(super) async fn write_once(
    storage: &Storage,
    key: &CaseKey,
    status: &mut Status,
) -> Result<(), WorkflowFault> {
    let put = Put {
        content_type: Some("application/json"),
        condition: status
            .etag
            .clone()
            .map_or(Condition::Absent, Condition::Unchanged),
        ..Put::default()
    };
    let etag = storage
        .put(paths::RUNS, &key.status(), status.stored()?, put)
        .await?;
    status.etag = Some(etag);
    status.base = Some(status.core()?);
    Ok(())
}

/// JSON that people can read too.
fn json(value: &impl Serialize) -> Result<Vec<u8>, WorkflowFault> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|_| WorkflowFault::Corrupt("a value without JSON form"))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes a small JSON blob, readable by people.
pub(super) async fn put_json(
    storage: &Storage,
    container: &str,
    name: &str,
    value: &impl Serialize,
) -> Result<(), WorkflowFault> {
    let put = Put {
        content_type: Some("application/json"),
        ..Put::default()
    };
    storage.put(container, name, json(value)?, put).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::workflow::CallbackState;

    /// A status in which nothing is left out.
    fn full(state: State) -> Status {
        let digest = Digest::of(b"");
        let run = RunId::parse("0123456789abcdef0123456789abcdef").unwrap();
        let at = Timestamp::UNIX_EPOCH;
        Status {
            run: Some(run.clone()),
            published: Some(run),
            edit: Some(
                serde_json::from_value(
                    serde_json::json!({ "id": &digest.as_str()[..32], "at": at, "origin": "handed" }),
                )
                .unwrap(),
            ),
            progress: Some(RunProgress {
                now: crate::progress::Stage::Reading.into(),
                started: at,
                attempt: 1,
            }),
            asked: Some(Asked {
                ticket: Ticket::new(),
                attempt: None,
                at,
            }),
            cancellation: Some(Cancellation {
                number: 1,
                at,
                inputs: digest.clone(),
            }),
            callback: Some(CallbackStamp {
                state: CallbackState::Failed,
                tries: 1,
                at,
                problem: None,
            }),
            seen: Some(Newest {
                modified: at,
                name: "a.txt".into(),
            }),
            starts: Some(Starts {
                fingerprint: digest,
                count: 1,
            }),
            ..Status::after(None, state)
        }
    }

    #[test]
    fn every_member_of_a_status_is_known_and_no_other() {
        let (outcome, at) = (RunOutcome::Ready, Timestamp::UNIX_EPOCH);
        let states = [
            State::Received,
            State::Waiting {
                until: at,
                missing: vec!["a.txt".into()],
                model_away: true,
            },
            State::Running,
            State::Publishing {
                outcome: outcome.clone(),
            },
            State::Published { outcome },
            State::Cancelled { at },
            State::Failed {
                reason: "a reason".into(),
            },
        ];
        let mut members = BTreeSet::from(["form".to_owned()]);
        for state in states {
            let bytes = full(state.clone()).stored().unwrap();
            assert_eq!(unknown(&bytes).unwrap(), Unknown::new(), "{state:?}");
            let object: Unknown = serde_json::from_slice(&bytes).unwrap();
            members.extend(object.into_keys());
        }
        assert_eq!(members.iter().map(String::as_str).collect::<Vec<_>>(), KNOWN);
    }

    #[test]
    fn what_a_newer_version_added_goes_on_into_the_next_status() {
        let mut status = full(State::Running);
        status
            .unknown
            .insert("held".into(), serde_json::json!({ "by": "x" }));
        let next = Status::after(Some(&status), State::Received).stored().unwrap();
        let read: Status = stored(&next, "status.json", MARKS).unwrap();
        assert_eq!(
            (read.state, unknown(&next).unwrap()),
            (State::Received, status.unknown)
        );
    }
}
