//! The officer's own edit of a draft: kept with the case, compared with its record, and never written over in silence.
//!
//! An edit comes by its door, or it is found: whoever edits `drafts/{recipe}/{case}/draft.docx` in place has changed a file that
//! the next draft is written to. So before results go out, and when they are confirmed, the draft that lies there is looked at.
//! It is stale when it is what some run of the case made, whole or cut off; a Word file that no run made is an edit, and is kept
//! under `runs/{recipe}/{case}/edits/{id}/` before anything is written over it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{Event, Note};
use azure::Put;
use drafting::edit::{self, Bearing, Edit, EditFault};
use drafting::hash::Digest;
use drafting::id::{EditId, RunId};
use drafting::record::Record;
use drafting::source::{Reading, Rejection};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Status, Workflow, WorkflowFault, now, status};
use crate::paths::{self, Artifact, CaseKey, EditFile};
use crate::recipes::Usable;
use crate::routine::{self, RoutineFault};
use crate::screened;

/// Runs of a case, the newest, among which the one is looked for that was edited.
const MOST_RUNS: usize = 8;
/// Blobs looked through for the runs of a case.
const MOST_BLOBS: usize = 5_000;
/// Tries to name an edit in the status of a busy case, a second apart.
const MOST_TRIES: usize = 10;
/// What a Word file begins with: a zip archive's mark, or that of one with a password.
const WORD: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

/// An edit of a draft, as status and end mark name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditStamp {
    /// Its id: its files lie under it.
    pub id: EditId,
    /// The run whose draft was edited, where that could be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<RunId>,
    /// When it was kept.
    pub at: Timestamp,
    /// How it came.
    #[serde(flatten)]
    pub origin: Origin,
}

/// How an edit came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "origin")]
pub enum Origin {
    /// By its door, or it was taken away again from where it was found.
    Handed,
    /// It was found where the draft lies, and still lies there.
    Standing,
    /// It was found where the draft lies, and the draft of this run was written there instead.
    SetAside {
        /// The run.
        replaced_by: RunId,
    },
}

/// What the door tells of an edit.
#[derive(Debug, Serialize)]
pub struct KeptEdit {
    /// Its id.
    pub edit: EditId,
    /// The SHA-256 of its bytes, which an approval of it names.
    pub sha256: Digest,
    /// The run whose draft was edited.
    pub run: RunId,
    /// Whether that is the newest run of the case.
    pub newest: bool,
    /// Statements in other words.
    pub changed: usize,
    /// Of those, how many lost their evidence.
    pub lost: usize,
    /// Statements that are gone.
    pub removed: usize,
    /// Texts without evidence.
    pub added: usize,
}

/// Why an edit is not taken.
#[derive(Debug, thiserror::Error)]
pub enum EditRefusal {
    /// More bytes than a document may have.
    #[error("the edited draft has more than {0} MB")]
    TooLarge(u64),
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// It cannot be compared.
    #[error(transparent)]
    Fault(#[from] EditFault),
    /// No such run.
    #[error("no run of this case with that id is archived")]
    NoRun,
    /// The recipe is not usable.
    #[error("the recipe has faults; `handler check-recipe` lists them")]
    Recipe,
    /// Somebody works on the case.
    #[error(
        "the case is being drafted; the edit is kept, send it again in a moment to have it named in the status"
    )]
    Busy,
    /// The workflow.
    #[error(transparent)]
    Workflow(#[from] WorkflowFault),
}

impl From<RoutineFault> for EditRefusal {
    fn from(fault: RoutineFault) -> Self {
        Self::Workflow(fault.into())
    }
}

impl Workflow {
    /// Takes an edited draft: compares it with the run that it was made of (the one named, else the one it is most like),
    /// keeps it with its account, and names it in the status. May be repeated. `who` hands it in, where callers are known.
    pub async fn take_edit(
        &self,
        key: &CaseKey,
        bytes: Vec<u8>,
        named: Option<&RunId>,
        who: Option<&str>,
    ) -> Result<KeptEdit, EditRefusal> {
        if bytes.len() as u64 > self.local.document_bytes {
            return Err(EditRefusal::TooLarge(self.local.document_bytes / 1_000_000));
        }
        let newest = self.status(key).await?.and_then(|status| status.run);
        let edited = self.parsed(bytes.clone()).await?;
        let edited = edited.map_err(|rejection| EditRefusal::Unreadable(rejection.advice()))?;
        let digest = Digest::of(&bytes);
        let id = EditId::of(&digest);
        let reviewed = self.reviewed(key, named, edited, digest, newest.as_ref()).await?;
        self.keep_edit(key, &id, bytes, Some(&reviewed), who).await?;
        let (edit, _) = reviewed;
        let stamp = EditStamp {
            id: id.clone(),
            of: Some(edit.run.clone()),
            at: now(),
            origin: Origin::Handed,
        };
        self.name_edit(key, stamp).await?;
        Ok(KeptEdit {
            edit: id,
            sha256: edit.edited,
            newest: newest.as_ref() == Some(&edit.run),
            lost: edit
                .changed
                .iter()
                .filter(|one| one.bearing == Bearing::Lost)
                .count(),
            changed: edit.changed.len(),
            removed: edit.removed.len(),
            added: edit.added.len(),
            run: edit.run,
        })
    }

    /// A file of an edit, if there is one.
    pub async fn edit_bytes(
        &self,
        key: &CaseKey,
        edit: &EditId,
        file: EditFile,
    ) -> Result<Option<Vec<u8>>, WorkflowFault> {
        let blob = self.storage.get(paths::RUNS, &key.edit(edit, file)).await?;
        Ok(blob.map(|blob| blob.bytes))
    }

    /// The draft that lies in `drafts/`, when it is no run's: an edit. Empty, cut off and foreign bytes are none. `likely` is
    /// the status of the case, whose runs are looked at first.
    pub(super) async fn edited_in_place(
        &self,
        key: &CaseKey,
        likely: Option<&Status>,
    ) -> Result<Option<Vec<u8>>, WorkflowFault> {
        let there = self
            .storage
            .get(paths::DRAFTS, &key.result(Artifact::Draft))
            .await?;
        let Some(bytes) = there.map(|blob| blob.bytes) else {
            return Ok(None);
        };
        if !WORD.iter().any(|mark| bytes.starts_with(mark)) {
            return Ok(None);
        }
        let (run, published) = likely.map_or((None, None), |status| {
            (status.run.as_ref(), status.published.as_ref())
        });
        for run in [run, published].into_iter().flatten() {
            let name = key.archived(run, Artifact::Draft);
            let draft = self.storage.get(paths::RUNS, &name).await?;
            if draft.is_some_and(|draft| draft.bytes.starts_with(&bytes)) {
                return Ok(None);
            }
        }
        let archived = self.storage.list(paths::RUNS, &key.prefix(), MOST_BLOBS).await?;
        for blob in archived {
            let is_draft = key.run_of(&blob.name, Artifact::Draft).is_some();
            if !is_draft || blob.properties.size < bytes.len() as u64 {
                continue;
            }
            // The same bytes, or the beginning of what a host was writing.
            let draft = self.storage.get(paths::RUNS, &blob.name).await?;
            if draft.is_some_and(|draft| draft.bytes.starts_with(&bytes)) {
                return Ok(None);
            }
        }
        Ok(Some(bytes))
    }

    /// The edit of the draft of `run`, before another is made: the one that lies where the draft lies, else the one that was
    /// handed in.
    pub(super) async fn edit_of(
        &self,
        key: &CaseKey,
        earlier: Option<&Status>,
        run: &RunId,
    ) -> Result<Option<EditId>, WorkflowFault> {
        if let Some(bytes) = self.edited_in_place(key, earlier).await? {
            return Ok(Some(EditId::of(&Digest::of(&bytes))));
        }
        let stamp = earlier.and_then(|status| status.edit.as_ref());
        let of_run = stamp.filter(|stamp| stamp.of.as_ref() == Some(run));
        Ok(of_run.map(|stamp| stamp.id.clone()))
    }

    /// The same, when the report of the next draft is about to be made. A fault of storage is met again by what comes next
    /// and cannot do without.
    pub(super) async fn edit_lately(&self, key: &CaseKey, run: Option<RunId>) -> Option<EditId> {
        let run = run?;
        let looked = async {
            let status = self.status(key).await?;
            self.edit_of(key, status.as_ref(), &run).await
        };
        looked.await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "whether the draft before was edited could not be looked up for the report");
            None
        })
    }

    /// Keeps the edit that lies where the draft of `run` goes, and gives its stamp, which is the caller's to write. To be
    /// called under the case's lease.
    pub(super) async fn set_aside(
        &self,
        key: &CaseKey,
        run: &RunId,
        earlier: Option<&Status>,
    ) -> Result<Option<EditStamp>, WorkflowFault> {
        let origin = Origin::SetAside {
            replaced_by: run.clone(),
        };
        match self.edited_in_place(key, earlier).await? {
            Some(bytes) => self.found(key, bytes, origin).await.map(Some),
            None => Ok(None),
        }
    }

    /// Keeps an edit that was found. What cannot be read is kept all the same.
    pub(super) async fn found(
        &self,
        key: &CaseKey,
        bytes: Vec<u8>,
        origin: Origin,
    ) -> Result<EditStamp, WorkflowFault> {
        let digest = Digest::of(&bytes);
        let id = EditId::of(&digest);
        let newest = self.status(key).await?.and_then(|status| status.run);
        let reviewed = match self.parsed(bytes.clone()).await {
            Ok(Ok(edited)) => self.reviewed(key, None, edited, digest, newest.as_ref()).await,
            Ok(Err(rejection)) => Err(EditRefusal::Unreadable(rejection.advice())),
            Err(fault) => Err(fault.into()),
        };
        let reviewed = match reviewed {
            Ok(reviewed) => Some(reviewed),
            Err(EditRefusal::Workflow(fault)) if fault.is_passing() => return Err(fault),
            // Whatever keeps it from being compared must not keep the case from being drafted.
            Err(refusal) => {
                tracing::warn!(reason = %refusal, "an edited draft is kept and could not be compared");
                None
            }
        };
        self.keep_edit(key, &id, bytes, reviewed.as_ref(), None).await?;
        tracing::info!(edit = %id, "an edited draft was found and kept");
        Ok(EditStamp {
            id,
            of: reviewed.map(|(edit, _)| edit.run),
            at: now(),
            origin,
        })
    }

    async fn parsed(&self, bytes: Vec<u8>) -> Result<Result<Reading, Rejection>, WorkflowFault> {
        let read = self.services.sandbox.read(bytes).await;
        read.map_err(|fault| WorkflowFault::Routine(fault.into()))
    }

    /// The edit against its run, and its page.
    async fn reviewed(
        &self,
        key: &CaseKey,
        named: Option<&RunId>,
        edited: Reading,
        digest: Digest,
        newest: Option<&RunId>,
    ) -> Result<(Edit, Vec<u8>), EditRefusal> {
        let Some(Ok(usable)) = self.shelf.get(&key.recipe) else {
            return Err(EditRefusal::Recipe);
        };
        let record = match named {
            Some(run) => self.record(key, run).await?,
            None => self.most_like(key, &edited).await?,
        };
        let record = record.ok_or(EditRefusal::NoRun)?;
        let draft = self.archived_bytes(key, &record.run, Artifact::Draft).await?;
        let original = self.parsed(draft).await?.ok();
        let usable: Arc<Usable> = Arc::clone(usable);
        let newest = newest.cloned();
        let own = Arc::clone(&usable);
        let mut edit = routine::blocking(move || {
            edit::review(&own.recipe, &record, original.as_ref(), &edited, digest).map_err(EditRefusal::from)
        })
        .await??;
        if let Some(screen) = &self.services.screen {
            let deadline = Instant::now() + screened::FOR_AN_EDIT;
            edit = screened::edited(&usable, edit, screen.as_ref(), deadline).await;
        }
        routine::blocking(move || {
            let page = render::edit(&usable.recipe, &edit, newest.as_ref()).map_err(RoutineFault::Render)?;
            Ok((edit, page))
        })
        .await?
    }

    /// The record of the run that the file is most like; of equals the newest.
    async fn most_like(&self, key: &CaseKey, edited: &Reading) -> Result<Option<Box<Record>>, WorkflowFault> {
        let archived = self.storage.list(paths::RUNS, &key.prefix(), MOST_BLOBS).await?;
        let mut runs: Vec<(Timestamp, RunId)> = archived
            .iter()
            .filter_map(|blob| {
                let run = key.run_of(&blob.name, Artifact::Record)?;
                Some((blob.properties.last_modified, run))
            })
            .collect();
        runs.sort();
        let mut best: Option<(i64, Box<Record>)> = None;
        for (_, run) in runs.iter().rev().take(MOST_RUNS) {
            let Some(record) = self.record(key, run).await? else {
                continue;
            };
            let likeness = edit::likeness(&record, edited);
            if !record.sections.is_empty() && best.as_ref().is_none_or(|(most, _)| likeness > *most) {
                best = Some((likeness, record));
            }
        }
        Ok(best.map(|(_, record)| record))
    }

    /// Writes the files of an edit, the account last. One that was found in storage has nobody who handed it in.
    async fn keep_edit(
        &self,
        key: &CaseKey,
        id: &EditId,
        bytes: Vec<u8>,
        reviewed: Option<&(Edit, Vec<u8>)>,
        who: Option<&str>,
    ) -> Result<(), WorkflowFault> {
        let note = Note {
            who: self.caller(who),
            document: Some(Digest::of(&bytes).to_string()),
            ..Note::of(Event::Edited)
        };
        self.note(key, note).await?;
        let account = match reviewed {
            Some((edit, _)) => serde_json::to_vec_pretty(edit),
            None => serde_json::to_vec_pretty(&json!({
                "schema": edit::SCHEMA, "edited": Digest::of(&bytes), "compared": false,
            })),
        };
        let account = account.map_err(|_| WorkflowFault::Corrupt("an edit without JSON form"))?;
        let page = reviewed.map(|(_, page)| page.clone());
        let files = [
            (EditFile::Edited, Some(bytes)),
            (EditFile::Page, page),
            (EditFile::Account, Some(account)),
        ];
        for (file, bytes) in files {
            let Some(bytes) = bytes else { continue };
            let put = Put {
                content_type: Some(file.content_type()),
                ..Put::default()
            };
            self.storage
                .put(paths::RUNS, &key.edit(id, file), bytes, put)
                .await?;
        }
        Ok(())
    }

    async fn name_edit(&self, key: &CaseKey, stamp: EditStamp) -> Result<(), EditRefusal> {
        for _ in 0..MOST_TRIES {
            let written = self.with_lease(key, self.stamp(key, stamp.clone())).await?;
            if written.is_some() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Err(EditRefusal::Busy)
    }

    async fn stamp(&self, key: &CaseKey, stamp: EditStamp) -> Result<(), WorkflowFault> {
        let Some(mut standing) = self.status(key).await? else {
            return Ok(());
        };
        if standing.edit.as_ref().is_some_and(|known| known.id == stamp.id) {
            return Ok(());
        }
        standing.edit = Some(stamp);
        status::write(&self.storage, key, &mut standing).await
    }
}

impl EditStamp {
    /// The stamp, once something else lies where it was found.
    pub(super) fn no_longer_there(self) -> Self {
        match self.origin {
            Origin::Standing => Self {
                origin: Origin::Handed,
                ..self
            },
            Origin::Handed | Origin::SetAside { .. } => self,
        }
    }
}

impl Status {
    /// Whether the draft with these bytes was set aside for this run already.
    pub(super) fn has_set_aside(&self, file: &Digest, run: &RunId) -> bool {
        let origin = Origin::SetAside {
            replaced_by: run.clone(),
        };
        let edit = self.edit.as_ref();
        edit.is_some_and(|edit| edit.id == EditId::of(file) && edit.origin == origin)
    }
}
