//! Where things lie in the storage account. Names are made of typed ids only.

use drafting::hash::Digest;
use drafting::id::{CaseId, EditId, RecipeId, RunId, SourceName};

/// The container that documents are uploaded to: `{recipe}/{case}/{document}`.
pub const SOURCES: &str = "sources";
/// The container of the newest results of each case, written by the host's output bindings.
pub const DRAFTS: &str = "drafts";
/// The container of everything about runs: status, lock, archive.
pub const RUNS: &str = "runs";
/// The container of the audit log; nothing in it is ever changed.
pub const AUDIT: &str = "audit";
/// The container of approved plans, in numbered versions.
pub const PUBLISHED: &str = "published";
/// The queue of requests to draft a case.
pub const REQUESTS: &str = "draft-requests";
/// The queue of runs whose results the host was given to write.
pub const CONFIRMATIONS: &str = "confirmations";
/// The manifest of a case, among its sources.
pub const MANIFEST: &str = "case.json";

/// A case of a recipe: every blob about it lies under its own prefix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseKey {
    /// The recipe.
    pub recipe: RecipeId,
    /// The case.
    pub case: CaseId,
}

impl CaseKey {
    /// The prefix of the case in every container, with a final slash.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{}/{}/", self.recipe, self.case)
    }

    /// A source, in [`SOURCES`].
    #[must_use]
    pub fn source(&self, name: &SourceName) -> String {
        format!("{}{name}", self.prefix())
    }

    /// The manifest, in [`SOURCES`].
    #[must_use]
    pub fn manifest(&self) -> String {
        format!("{}{MANIFEST}", self.prefix())
    }

    /// One of the results, in [`DRAFTS`].
    #[must_use]
    pub fn result(&self, file: Artifact) -> String {
        format!("{}{}", self.prefix(), file.file_name())
    }

    /// The end mark of a published run, in [`DRAFTS`].
    #[must_use]
    pub fn ready(&self) -> String {
        format!("{}READY.json", self.prefix())
    }

    /// The mark of a case that failed, in [`DRAFTS`].
    #[must_use]
    pub fn failed(&self) -> String {
        format!("{}FAILED.json", self.prefix())
    }

    /// The newest approved plan, in [`PUBLISHED`].
    #[must_use]
    pub fn plan(&self) -> String {
        format!("{}plan.docx", self.prefix())
    }

    /// Who approved the newest plan, and when, in [`PUBLISHED`].
    #[must_use]
    pub fn current(&self) -> String {
        format!("{}approval.json", self.prefix())
    }

    /// A version of the plan, in [`PUBLISHED`].
    #[must_use]
    pub fn version(&self, number: u32) -> String {
        format!("{}versions/{number:03}/plan.docx", self.prefix())
    }

    /// Who approved a version, and when, in [`PUBLISHED`].
    #[must_use]
    pub fn approval(&self, number: u32) -> String {
        format!("{}versions/{number:03}/approval.json", self.prefix())
    }

    /// The blob that the status door reads, in [`RUNS`].
    #[must_use]
    pub fn status(&self) -> String {
        format!("{}status.json", self.prefix())
    }

    /// The blob whose lease is the lock on the case, in [`RUNS`].
    #[must_use]
    pub fn lock(&self) -> String {
        format!("{}lock.json", self.prefix())
    }

    /// A kept answer of a model, in [`RUNS`]: kept with the case, so that one added report does not pay for the others.
    #[must_use]
    pub fn answer(&self, request: &Digest) -> String {
        format!("{}answers/{request}.json", self.prefix())
    }

    /// A file of an officer's edit, in [`RUNS`].
    #[must_use]
    pub fn edit(&self, edit: &EditId, file: EditFile) -> String {
        format!("{}edits/{edit}/{}", self.prefix(), file.file_name())
    }

    /// A file of the system that was used before, in [`RUNS`].
    #[must_use]
    pub fn migrated(&self, run: &SourceName, folder: &SourceName, file: &SourceName) -> String {
        format!("{}migrated/{run}/{folder}/{file}", self.prefix())
    }

    /// The run whose artifact a blob of [`RUNS`] is, by the blob's name.
    #[must_use]
    pub fn run_of(&self, blob: &str, file: Artifact) -> Option<RunId> {
        let rest = blob.strip_prefix(&self.prefix())?;
        let (run, name) = rest.split_once('/')?;
        (name == file.file_name())
            .then(|| RunId::parse(run).ok())
            .flatten()
    }

    /// One of the artifacts of a run, in [`RUNS`].
    #[must_use]
    pub fn archived(&self, run: &RunId, file: Artifact) -> String {
        format!("{}{run}/{}", self.prefix(), file.file_name())
    }
}

/// A file of an officer's edit, all of which lie under its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditFile {
    /// The draft as it came back.
    Edited,
    /// The page that shows what was changed.
    Page,
    /// The same as JSON; written last, so that its presence says that the others are there.
    Account,
}

impl EditFile {
    /// All three, the account last.
    pub const ALL: [Self; 3] = [Self::Edited, Self::Page, Self::Account];

    /// Its file name.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Edited => "edited.docx",
            Self::Page => "edit.html",
            Self::Account => "edit.json",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Edited => Artifact::Draft.content_type(),
            Self::Page => Artifact::Report.content_type(),
            Self::Account => Artifact::Record.content_type(),
        }
    }

    /// The file of an edit with this name.
    #[must_use]
    pub fn named(file: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.file_name() == file)
    }
}

/// One of the five results of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Artifact {
    /// The clean Word draft.
    Draft,
    /// The Word draft with its citations.
    Evidence,
    /// The review desk.
    Report,
    /// The questions to the authors of the advice, a sheet for each.
    Queries,
    /// The machine's account; written last to the archive, so that its presence says that the others are there.
    Record,
}

impl Artifact {
    /// All five, the record last.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Evidence,
        Self::Report,
        Self::Queries,
        Self::Record,
    ];

    /// Its file name.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Draft => "draft.docx",
            Self::Evidence => "evidence.docx",
            Self::Report => "report.html",
            Self::Queries => "queries.docx",
            Self::Record => "record.json",
        }
    }

    /// The name of its output binding in `function.json` (letters and digits only).
    #[must_use]
    pub fn binding(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Evidence => "evidence",
            Self::Report => "report",
            Self::Queries => "queries",
            Self::Record => "record",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Draft | Self::Evidence | Self::Queries => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            Self::Report => "text/html; charset=utf-8",
            Self::Record => "application/json",
        }
    }

    /// The artifact with this file name.
    #[must_use]
    pub fn named(file: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|artifact| artifact.file_name() == file)
    }
}
