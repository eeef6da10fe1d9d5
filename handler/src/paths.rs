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
/// The container that flows put documents into which they name in a call: `{recipe}/{case}/…`.
pub const INCOMING: &str = "incoming";
/// The queue of requests to draft a case.
pub const REQUESTS: &str = "draft-requests";
/// The queue of runs whose results the host was given to write.
pub const CONFIRMATIONS: &str = "confirmations";
/// The queue of callbacks to whoever asked for one.
pub const CALLBACKS: &str = "callbacks";
/// The queue of Event Grid's events, where it cannot call the app.
pub const EVENTS: &str = "source-events";
/// The queue on which the host leaves blob events that failed every time.
pub const UPLOADS_POISON: &str = "webjobs-blobtrigger-poison";
/// The blob whose lease one sweep holds at a time, in [`RUNS`].
pub const SWEEP_LOCK: &str = "sweep/lock.json";
/// Where the next turn of the sweep begins, in [`RUNS`].
pub const SWEEP_CURSOR: &str = "sweep/cursor.json";
/// The manifest of a case, among its sources.
pub const MANIFEST: &str = "case.json";

/// The containers in which everything about a case lies under the case's prefix.
pub const OF_CASES: [&str; 5] = [SOURCES, INCOMING, DRAFTS, RUNS, PUBLISHED];
/// What the names of queues begin with whose messages name cases: the app's own and the host's, poison queues included. The host
/// spells its queue of uploads in one way and the poison queue of it in another; what begins in either way is looked at.
pub const QUEUES: [&str; 6] = [
    REQUESTS,
    CONFIRMATIONS,
    CALLBACKS,
    EVENTS,
    "azure-webjobs-blobtrigger-",
    "webjobs-blobtrigger-",
];
/// The host's own container, in the host's account.
pub const HOST: &str = "azure-webjobs-hosts";
/// What the names of the host's receipts begin with, in [`HOST`]: one for each state of an upload that it has seen, whose name
/// ends with that of the upload.
pub const RECEIPTS: &str = "blobreceipts/";
/// What the names of notes about refused uploads begin with, in [`RUNS`].
pub const REFUSED: &str = "refused/";
/// The container in which Event Grid keeps events that it could not deliver; they name uploads, of several cases in one blob.
pub const UNDELIVERED: &str = "undelivered-events";
/// When retention was last applied to the end, in [`RUNS`].
pub const RETENTION: &str = "retention.json";

/// What the names of the marks of erased cases begin with, in [`RUNS`].
pub const ERASED: &str = "erased/";

/// The mark of an erased case, in [`RUNS`], by what stands for the case in the audit log.
#[must_use]
pub fn erased(pseudonym: &audit::Pseudonym) -> String {
    format!("{ERASED}{pseudonym}.json")
}

/// The note about an upload that belongs to no case, in [`RUNS`].
#[must_use]
pub fn refused(upload: &Digest) -> String {
    format!("{REFUSED}{}.json", upload.short(32))
}

/// A case of a recipe: every blob about it lies under its own prefix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseKey {
    /// The recipe.
    pub recipe: RecipeId,
    /// The case.
    pub case: CaseId,
}

impl CaseKey {
    /// The case that a blob of [`OF_CASES`] belongs to, and the rest of the blob's name.
    #[must_use]
    pub fn of_blob(name: &str) -> Option<(Self, &str)> {
        let (recipe, rest) = name.split_once('/')?;
        let (case, rest) = rest.split_once('/')?;
        let key = Self {
            recipe: RecipeId::parse(recipe).ok()?,
            case: CaseId::parse(case).ok()?,
        };
        Some((key, rest))
    }

    /// The prefix of the case in every container, with a final slash.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{}/{}/", self.recipe, self.case)
    }

    /// The case's prefix with its container before it, as it stands in addresses and in the names of the host's receipts.
    #[must_use]
    pub fn uploads(&self) -> String {
        format!("{SOURCES}/{}", self.prefix())
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

    /// What became of the call with this idempotency key, in [`RUNS`].
    #[must_use]
    pub fn keyed(&self, key: &Digest) -> String {
        format!("{}{}.json", self.keyed_prefix(), key.short(32))
    }

    /// The prefix of all such, in [`RUNS`].
    #[must_use]
    pub fn keyed_prefix(&self) -> String {
        format!("{}keys/", self.prefix())
    }

    /// A callback that did not arrive, in [`RUNS`], kept so that it can be made again: by the digest of what it is known by.
    #[must_use]
    pub fn undelivered(&self, delivery: &Digest) -> String {
        format!("{}{}.json", self.undelivered_prefix(), delivery.short(32))
    }

    /// The prefix of all such, in [`RUNS`].
    #[must_use]
    pub fn undelivered_prefix(&self) -> String {
        format!("{}callbacks/", self.prefix())
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
