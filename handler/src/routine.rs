//! The routine: from uploads to five results, in memory.
//!
//! It knows nothing of storage, of HTTP or of Azure, and one call knows of one case only. The stages are pure
//! decisions of the crate `drafting`; this module calls them in order and measures them.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use bytes::Bytes;
use drafting::case::{Case, Manifest};
use drafting::changes::{self, Changes};
use drafting::check::{RunOutcome, rules};
use drafting::finding::Subject;
use drafting::id::{CaseId, EditId, RunId};
use drafting::recipe::Recipe;
use drafting::record::{Generated, Record};
use jiff::civil::Date;
use model::{Answers, Away};
use reading::sandbox::ReaderUnavailable;
use render::Documents;
use tokio::sync::Semaphore;

use crate::intake::{self, Upload};
use crate::measured;
use crate::paths::Artifact;
use crate::progress::{Stage, Watcher};
use crate::recipes::Usable;
use crate::screened;

mod day;
mod drafted;
mod prepared;
mod services;

pub use day::today;
pub use drafted::{Ready, drafted};
pub(crate) use prepared::Prepared;
pub use services::{Modelled, Services};

/// What is looked up when it is needed, by whoever knows where.
pub type Lately<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One case to be drafted.
pub struct Input<'a> {
    /// The case.
    pub case: CaseId,
    /// The manifest, if there is one that can be read.
    pub manifest: Option<Manifest>,
    /// Why there is a manifest that cannot be read.
    pub manifest_fault: Option<String>,
    /// Whether some documents were left out because there are too many.
    pub too_many: bool,
    /// The documents.
    pub uploads: Vec<Upload>,
    /// The day of drafting.
    pub today: Date,
    /// The run's id.
    pub run: RunId,
    /// Where the model's answers of this case are kept, if anywhere.
    pub answers: Option<Arc<dyn Answers>>,
    /// When the run must have ended; it reaches every call of the model.
    pub deadline: Instant,
    /// Whether to end with [`RoutineFault::ModelAway`] instead of drafting without what a service that is away did not
    /// answer.
    pub patient: bool,
    /// The record of the draft before, to tell what changed since. It is named in this run's record and is no part of
    /// the run's id.
    pub previous: Option<Box<Record>>,
    /// What a person made of that draft: the report says that nothing of it is in the new one. Looked up when all else is
    /// done, because people edit while a run goes on.
    pub edited: Lately<'a, Option<EditId>>,
}

/// The five results of a run. They are large, and many runs end at once: archive and answer share them.
pub type Artifacts = BTreeMap<Artifact, Bytes>;

/// What the routine gives.
#[derive(Debug)]
pub struct Finished {
    /// How the run ended.
    pub outcome: RunOutcome,
    /// How many findings there are by severity: critical, standard, info.
    pub findings: [usize; 3],
    /// The five results.
    pub artifacts: Artifacts,
}

/// Why the routine could give nothing at all. What is wrong with a document or a case is never one of these.
#[derive(Debug, thiserror::Error)]
pub enum RoutineFault {
    /// The reader cannot be started.
    #[error(transparent)]
    Reader(#[from] ReaderUnavailable),
    /// The documents cannot be made.
    #[error(transparent)]
    Render(#[from] render::RenderFault),
    /// Prompts have no answer because the model's service is away, and the caller would rather ask again later.
    #[error("the model's service did not answer {} prompts; what it answered is kept", .0.prompts)]
    ModelAway(Away),
    /// A stage stopped without a result.
    #[error("a stage of the routine stopped; the log has the reason")]
    Stopped,
}

/// Drafts one case.
pub async fn generate(
    usable: &Arc<Usable>,
    input: Input<'_>,
    services: &Services,
    watcher: &Watcher,
) -> Result<Finished, RoutineFault> {
    let mut timings = BTreeMap::new();
    watcher.tell(Stage::Reading);
    let begun = Instant::now();
    let Input {
        case,
        manifest,
        manifest_fault,
        too_many,
        uploads,
        today,
        run,
        answers,
        deadline,
        patient,
        previous,
        edited,
    } = input;
    // What is left after reading scans must do for drafting from them.
    let half = begun + deadline.saturating_duration_since(begun) / 2;
    let reading = intake::read(&services.sandbox, services.scans.as_ref(), uploads, half);
    let sources = measured::Stage::Read.around(&usable.recipe, reading).await?;
    timings.insert(Stage::Reading.name().to_owned(), milliseconds(begun));
    let case = Case {
        id: case,
        manifest: manifest.unwrap_or_default(),
        sources,
        today,
    };
    let mut early = Vec::new();
    if let Some(fault) = manifest_fault {
        early.push(rules::MANIFEST.finding(
            Subject::Case,
            fault,
            Some("mend case.json and upload it again".into()),
        ));
    }
    if too_many {
        let message =
            "there are more documents than a case may have; the last ones by name were left out".into();
        early.push(rules::UNREADABLE.finding(
            Subject::Case,
            message,
            Some("join or remove documents".into()),
        ));
    }
    let begun = Instant::now();
    let ready = Ready {
        case,
        run,
        early,
        answers,
        deadline,
        patient,
    };
    let mut generated = drafted(usable, ready, services.model.as_deref(), watcher).await?;
    generated.drafter = services.drafter();
    timings.insert("drafting".to_owned(), milliseconds(begun));
    if let Some(screen) = &services.screen {
        watcher.tell(Stage::Screening);
        let begun = Instant::now();
        let screening = screened::screened(usable, generated, screen.as_ref(), deadline);
        generated = measured::Stage::Screen.around(&usable.recipe, screening).await;
        timings.insert("screening".to_owned(), milliseconds(begun));
    }
    watcher.tell(Stage::Rendering);
    let edited = match &previous {
        Some(_) => edited.await,
        None => None,
    };
    let usable = Arc::clone(usable);
    blocking(move || {
        let generated = paged(&usable, generated)?;
        let generated = Generated {
            changes: previous.map(|previous| changes(&usable.recipe, &previous, edited, &generated)),
            ..generated
        };
        measured::drafted(&generated, &usable.recipe);
        measured::Stage::Render.during(&usable.recipe, || rendered(&usable, &generated, timings))
    })
    .await?
}

/// The same run, with what its pages come to. They are counted on a first copy: what is found of them stands in the draft.
fn paged(usable: &Usable, generated: Generated) -> Result<Generated, RoutineFault> {
    let pages = render::pages(&usable.recipe, &usable.template, &generated)?;
    let checked = match pages {
        Some(pages) => generated.checked.of_pages(&usable.recipe, pages),
        None => generated.checked,
    };
    Ok(Generated { checked, ..generated })
}

/// What changed since the draft before.
fn changes(recipe: &Recipe, previous: &Record, edited: Option<EditId>, generated: &Generated) -> Changes {
    let now = Record::of(recipe, generated, &BTreeMap::new(), BTreeMap::new());
    let mut changes = changes::between(previous, &now);
    changes.since.edit = edited;
    changes
}

/// As many computations at once as there are processors: more would only hold more memory.
static PROCESSORS: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Semaphore::new(processors)
});

/// Some ten milliseconds of computing: not on the threads that answer the host.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, RoutineFault> {
    // A semaphore that is never closed always gives.
    let _processor = PROCESSORS.acquire().await.map_err(|_| RoutineFault::Stopped)?;
    tokio::task::spawn_blocking(telemetry::carrying(work))
        .await
        .map_err(|_| RoutineFault::Stopped)
}

fn milliseconds(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn rendered(
    usable: &Usable,
    generated: &Generated,
    mut timings: BTreeMap<String, u64>,
) -> Result<Finished, RoutineFault> {
    let begun = Instant::now();
    let documents = render::documents(&usable.recipe, &usable.template, generated)?;
    timings.insert("rendering".to_owned(), milliseconds(begun));
    let record = render::record(&usable.recipe, generated, &documents, timings)?;
    let Documents {
        draft,
        evidence,
        report,
        queries,
    } = documents;
    let artifacts = BTreeMap::from([
        (Artifact::Draft, draft.into()),
        (Artifact::Evidence, evidence.into()),
        (Artifact::Report, report.into()),
        (Artifact::Queries, queries.into()),
        (Artifact::Record, record.into()),
    ]);
    let mut findings = [0; 3];
    for finding in generated.checked.findings() {
        if let Some(count) = findings.get_mut(finding.severity as usize) {
            *count += 1;
        }
    }
    Ok(Finished {
        outcome: generated.checked.outcome().clone(),
        findings,
        artifacts,
    })
}
