//! Approving a draft: the very bytes that a person has looked at become the case's plan.
//!
//! Nothing is generated here. A version is the machine's draft of an archived run, or an officer's edit that was checked; who
//! approves names it by its SHA-256, so that what changed meanwhile is not approved unseen. Versions are numbered and are never
//! written over; an earlier one is put back as a new version.

use audit::{Event, Note};
use azure::{Condition, Put, StorageError};
use drafting::check::RunOutcome;
use drafting::edit::Edit;
use drafting::finding::{Finding, Severity, Subject};
use drafting::hash::Digest;
use drafting::id::{EditId, RunId};
use drafting::record::Record;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::form::stored;
use super::status::put_json;
use super::{Workflow, WorkflowFault, now};
use crate::paths::{self, Artifact, CaseKey, EditFile};

/// Versions that one case may have.
const MOST_VERSIONS: u32 = 999;

/// What a version was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approved {
    /// The draft of a run.
    Run(RunId),
    /// An officer's edit.
    Edit(EditId),
    /// An earlier version, put back.
    Version(u32),
}

/// Who approves what.
#[derive(Clone, Debug)]
pub struct Approval {
    /// What.
    pub what: Approved,
    /// The SHA-256 of the bytes that were looked at.
    pub sha256: Digest,
    /// Who, as the caller is known.
    pub by: String,
    /// Whether it is approved although critical findings are open.
    pub accepts_critical: bool,
}

/// One version of the plan: `approval.json` beside its `plan.docx`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1.
    pub version: u32,
    /// What it was made of.
    pub of: Approved,
    /// The SHA-256 of the document.
    pub sha256: Digest,
    /// Who approved it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Critical findings that were open and accepted.
    pub critical: usize,
}

/// Why something cannot be approved.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalRefusal {
    /// There is no such run, edit or version.
    #[error("there is no archived run, edit or version of that id for this case")]
    NotThere,
    /// The run made no draft.
    #[error("that run made no draft")]
    NoDraft,
    /// The edit was never compared with its record.
    #[error("that edit could not be compared with its record; send it again by `PUT .../edit`")]
    Unchecked,
    /// Other bytes than were looked at.
    #[error("its SHA-256 is another than the one given: look at it again before you approve it")]
    Other,
    /// Critical findings are open.
    #[error("{0} critical findings are open; mend them, or approve with `\"accepts_critical\": true`")]
    Critical(usize),
    /// The case is being worked on.
    #[error("the case is being worked on; ask again in a moment")]
    Busy,
    /// Too many versions.
    #[error("a case may have at most {MOST_VERSIONS} versions")]
    TooMany,
    /// The workflow.
    #[error(transparent)]
    Workflow(#[from] WorkflowFault),
}

impl From<StorageError> for ApprovalRefusal {
    fn from(error: StorageError) -> Self {
        Self::Workflow(error.into())
    }
}

fn critical<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> usize {
    let open = findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Critical);
    open.count()
}

/// The critical findings that are open in an edit: those of its draft that it did not settle, and those that it made.
fn critical_in(edit: &Edit, record: &Record) -> usize {
    let touched = |finding: &Finding| match &finding.subject {
        Subject::Statement(id) => {
            edit.changed.iter().any(|one| one.id == *id) || edit.removed.iter().any(|one| one.id == *id)
        }
        _ => false,
    };
    let left = record
        .findings
        .iter()
        .filter(|finding| !touched(finding) && !edit.findings.gone.contains(finding));
    let changed = edit.changed.iter().flat_map(|one| &one.findings);
    let added = edit.added.iter().flat_map(|one| &one.findings);
    critical(left) + critical(&edit.findings.new) + critical(changed.chain(added))
}

impl Workflow {
    /// Approves a document of the case: the version that it is now. Asked again for what is the newest version already, it
    /// gives that one.
    pub async fn approve(&self, key: &CaseKey, approval: &Approval) -> Result<Version, ApprovalRefusal> {
        let work = async {
            let versions = self.versions(key).await?;
            Ok::<_, WorkflowFault>(self.approved(key, approval, &versions).await)
        };
        self.with_lease(key, work).await?.ok_or(ApprovalRefusal::Busy)?
    }

    async fn approved(
        &self,
        key: &CaseKey,
        approval: &Approval,
        versions: &[Version],
    ) -> Result<Version, ApprovalRefusal> {
        let (bytes, critical) = self.reviewed_bytes(key, &approval.what).await?;
        if Digest::of(&bytes) != approval.sha256 {
            return Err(ApprovalRefusal::Other);
        }
        if critical > 0 && !approval.accepts_critical {
            return Err(ApprovalRefusal::Critical(critical));
        }
        if let Some(newest) = versions.last().filter(|newest| newest.sha256 == approval.sha256) {
            self.show(key, newest, bytes).await?;
            return Ok(newest.clone());
        }
        let number = versions.last().map_or(0, |newest| newest.version) + 1;
        if number > MOST_VERSIONS {
            return Err(ApprovalRefusal::TooMany);
        }
        let version = Version {
            version: number,
            of: approval.what.clone(),
            sha256: approval.sha256.clone(),
            by: approval.by.clone(),
            at: now(),
            critical,
        };
        // Noted first: an approval that nobody can find in the log must not be.
        let event = match approval.what {
            Approved::Version(_) => Event::RolledBack,
            Approved::Run(_) | Approved::Edit(_) => Event::Approved,
        };
        let note = Note {
            who: Some(self.audit.person(&approval.by)),
            document: Some(version.sha256.to_string()),
            ..Note::of(event)
        };
        let note = note.with("version", u64::from(number)).with("critical", critical);
        self.note(key, note).await?;
        self.write_version(key, &version, bytes).await?;
        Ok(version)
    }

    /// The document's bytes, and how many critical findings are open in it.
    async fn reviewed_bytes(
        &self,
        key: &CaseKey,
        what: &Approved,
    ) -> Result<(Vec<u8>, usize), ApprovalRefusal> {
        match what {
            Approved::Run(run) => {
                let record = self.record(key, run).await?.ok_or(ApprovalRefusal::NotThere)?;
                if !matches!(record.outcome, RunOutcome::Ready | RunOutcome::NeedsReview) {
                    return Err(ApprovalRefusal::NoDraft);
                }
                let bytes = self.archived_bytes(key, run, Artifact::Draft).await?;
                Ok((bytes, critical(&record.findings)))
            }
            Approved::Edit(edit) => {
                let bytes = self.edit_bytes(key, edit, EditFile::Edited).await?;
                let bytes = bytes.ok_or(ApprovalRefusal::NotThere)?;
                let account = self.edit_bytes(key, edit, EditFile::Account).await?;
                let account = account.and_then(|bytes| serde_json::from_slice::<Edit>(&bytes).ok());
                let account = account.ok_or(ApprovalRefusal::Unchecked)?;
                let record = self.record(key, &account.run).await?;
                let record = record.ok_or(ApprovalRefusal::Unchecked)?;
                Ok((bytes, critical_in(&account, &record)))
            }
            Approved::Version(number) => {
                let mark = self.storage.get(paths::PUBLISHED, &key.approval(*number)).await?;
                let mark = mark.and_then(|blob| serde_json::from_slice::<Version>(&blob.bytes).ok());
                let mark = mark.ok_or(ApprovalRefusal::NotThere)?;
                let plan = self.storage.get(paths::PUBLISHED, &key.version(*number)).await?;
                let bytes = plan.ok_or(ApprovalRefusal::NotThere)?.bytes;
                Ok((bytes, mark.critical))
            }
        }
    }

    /// The versions of the case's plan, the oldest first.
    pub async fn versions(&self, key: &CaseKey) -> Result<Vec<Version>, WorkflowFault> {
        let mut versions = Vec::new();
        for number in 1..=MOST_VERSIONS {
            let Some(blob) = self.storage.get(paths::PUBLISHED, &key.approval(number)).await? else {
                break;
            };
            versions.push(stored(&blob.bytes, "approval.json", &["version", "sha256"])?);
        }
        Ok(versions)
    }

    /// The document of a version; of the newest when none is named.
    pub async fn plan(&self, key: &CaseKey, version: Option<u32>) -> Result<Option<Vec<u8>>, WorkflowFault> {
        let name = version.map_or_else(|| key.plan(), |number| key.version(number));
        let blob = self.storage.get(paths::PUBLISHED, &name).await?;
        Ok(blob.map(|blob| blob.bytes))
    }

    /// The document first and its mark last: a version without a mark is none, and its number is used again for what is
    /// approved then.
    async fn write_version(
        &self,
        key: &CaseKey,
        version: &Version,
        bytes: Vec<u8>,
    ) -> Result<(), ApprovalRefusal> {
        let put = Put {
            content_type: Some(Artifact::Draft.content_type()),
            ..Put::default()
        };
        let name = key.version(version.version);
        self.storage
            .put(paths::PUBLISHED, &name, bytes.clone(), put)
            .await?;
        let mark = serde_json::to_vec_pretty(version)
            .map_err(|_| WorkflowFault::Corrupt("a value without JSON form"))?;
        let put = Put {
            content_type: Some("application/json"),
            condition: Condition::Absent,
            ..Put::default()
        };
        let name = key.approval(version.version);
        self.storage.put(paths::PUBLISHED, &name, mark, put).await?;
        self.show(key, version, bytes).await
    }

    /// What stands where readers look: the newest version.
    async fn show(&self, key: &CaseKey, version: &Version, bytes: Vec<u8>) -> Result<(), ApprovalRefusal> {
        let put = Put {
            content_type: Some(Artifact::Draft.content_type()),
            ..Put::default()
        };
        self.storage
            .put(paths::PUBLISHED, &key.plan(), bytes, put)
            .await?;
        put_json(&self.storage, paths::PUBLISHED, &key.current(), version).await?;
        Ok(())
    }
}
