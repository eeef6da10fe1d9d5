//! The routine: from uploads to four results, in memory.
//!
//! It knows nothing of storage, of HTTP or of Azure, and one call knows of one case only. The stages are pure
//! decisions of the crate `drafting`; this module calls them in order and measures them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use drafting::case::{Case, Manifest, Source};
use drafting::check::{self, CheckedDraft, Judged, RunOutcome, rules};
use drafting::claim::Claim;
use drafting::extract::{self, Extracted, head};
use drafting::finding::{Finding, Subject};
use drafting::id::{CaseId, RunId};
use drafting::identity::{self, Signs};
use drafting::recipe::Recipe;
use drafting::record::{Drafter, Generated};
use drafting::{compose, reconcile};
use jiff::civil::Date;
use reading::sandbox::{ReaderUnavailable, Sandbox};
use render::Documents;

use crate::intake::{self, Upload};
use crate::paths::Artifact;
use crate::recipes::Usable;

/// What the routine needs beside its input.
#[derive(Clone)]
pub struct Services {
    /// Where foreign bytes are parsed.
    pub sandbox: Sandbox,
}

/// One case to be drafted.
#[derive(Debug)]
pub struct Input {
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
}

/// A stage of the routine, for whoever shows progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the files.
    Reading,
    /// Finding claims, joining and ordering them, checking.
    Drafting,
    /// Making the documents.
    Rendering,
}

impl Stage {
    /// Its name in the record's timings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Drafting => "drafting",
            Self::Rendering => "rendering",
        }
    }
}

/// What the routine gives.
#[derive(Debug)]
pub struct Finished {
    /// How the run ended.
    pub outcome: RunOutcome,
    /// How many findings there are by severity: critical, standard, info.
    pub findings: [usize; 3],
    /// The four results.
    pub artifacts: BTreeMap<Artifact, Vec<u8>>,
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
    /// A stage stopped without a result.
    #[error("a stage of the routine stopped; the log has the reason")]
    Stopped,
}

/// The day of drafting: today where the plans are written.
#[must_use]
pub fn today() -> Date {
    let now = jiff::Timestamp::now();
    // The time zone database is compiled in; without the zone the date of Greenwich is the next best.
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap_or(jiff::tz::TimeZone::UTC);
    now.to_zoned(zone).date()
}

/// Drafts one case.
pub async fn generate(
    usable: &Arc<Usable>,
    input: Input,
    services: &Services,
    progress: impl Fn(Stage),
) -> Result<Finished, RoutineFault> {
    let mut timings = BTreeMap::new();
    progress(Stage::Reading);
    let begun = Instant::now();
    let Input {
        case,
        manifest,
        manifest_fault,
        too_many,
        uploads,
        today,
        run,
    } = input;
    let sources = intake::read(&services.sandbox, uploads).await?;
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
    progress(Stage::Drafting);
    let begun = Instant::now();
    let usable = Arc::clone(usable);
    let shared = Arc::clone(&usable);
    // Some ten milliseconds of computing: not on the threads that answer the host.
    let generated = tokio::task::spawn_blocking(move || draft(&shared, case, run, early))
        .await
        .map_err(|_| RoutineFault::Stopped)?;
    timings.insert(Stage::Drafting.name().to_owned(), milliseconds(begun));
    progress(Stage::Rendering);
    tokio::task::spawn_blocking(move || rendered(&usable, &generated, timings))
        .await
        .map_err(|_| RoutineFault::Stopped)?
}

fn milliseconds(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Claims, identity, merging, composing, checking.
fn draft(usable: &Usable, mut case: Case, run: RunId, early: Vec<Finding>) -> Generated {
    let recipe = &usable.recipe;
    let drafter = Drafter::extractive();
    for source in &mut case.sources {
        describe(recipe, &case.manifest, source);
    }
    let mut extracted: Vec<Extracted> = case
        .sources
        .iter()
        .filter_map(|source| extract::document(recipe, source, &case.manifest))
        .collect();
    let signs: Vec<Signs> = extracted.iter().map(Extracted::signs).collect();
    let (kept_out, mut early) = strangers(usable, &case, &signs, early);
    extracted.retain(|extracted| !kept_out.contains(&extracted.source));
    let (claims, checked): (Vec<Claim>, CheckedDraft) = if extracted.is_empty() {
        let reason = if kept_out.is_empty() {
            "none of the documents could be read".to_owned()
        } else {
            "the documents that could be read are not about one and the same person".to_owned()
        };
        (Vec::new(), check::refuse(recipe, &case, &kept_out, early, reason))
    } else {
        let reconciled = reconcile::reconcile(recipe, &case, extracted);
        let draft = compose::compose(recipe, &case, &reconciled);
        early.sort();
        let checked = check::check(
            recipe,
            &case,
            &reconciled.claims,
            &kept_out,
            early,
            draft,
            Judged::No,
        );
        (reconciled.claims, checked)
    };
    Generated {
        run,
        drafter,
        case,
        kept_out,
        claims,
        checked,
    }
}

/// Kind of advice, author's role and date: as the manifest says, else as the source itself does.
fn describe(recipe: &Recipe, manifest: &Manifest, source: &mut Source) {
    let said = manifest
        .documents
        .iter()
        .find(|document| document.file == source.name);
    let own = source
        .content
        .as_ref()
        .ok()
        .map(|document| head::head(recipe, &source.name, document));
    source.advice = said
        .and_then(|said| said.advice.clone())
        .or_else(|| own.as_ref()?.advice.clone());
    source.author_role = said
        .and_then(|said| said.author_role.clone())
        .or_else(|| own.as_ref()?.author_role.clone());
    source.date = said.and_then(|said| said.date).or_else(|| own.as_ref()?.date);
}

/// The sources that are about somebody else, with a finding each.
fn strangers(
    usable: &Usable,
    case: &Case,
    signs: &[Signs],
    mut findings: Vec<Finding>,
) -> (BTreeSet<u16>, Vec<Finding>) {
    let mut kept_out = BTreeSet::new();
    for stranger in identity::strangers(&usable.recipe, &case.manifest, signs) {
        kept_out.insert(stranger.source);
        let Some(source) = case
            .sources
            .iter()
            .find(|source| source.number == stranger.source)
        else {
            continue;
        };
        let labels: Vec<&str> = stranger
            .keys
            .iter()
            .map(|key| {
                usable
                    .recipe
                    .field(key)
                    .map_or(key.as_str(), |field| field.label.as_str())
            })
            .collect();
        let than = if stranger.outvoted {
            "than the other documents or the manifest"
        } else {
            "than another document, and nothing says which is right"
        };
        findings.push(rules::STRANGER.finding(
            Subject::Source(source.name.clone()),
            format!("it gives another {} {than}; it was kept out", labels.join(" and another ")),
            Some("remove it if it is about another child; if it is not, correct it, or give the child's name, date of birth and NHS number in case.json".into()),
        ));
    }
    (kept_out, findings)
}

fn rendered(
    usable: &Usable,
    generated: &Generated,
    mut timings: BTreeMap<String, u64>,
) -> Result<Finished, RoutineFault> {
    let begun = Instant::now();
    let documents = render::documents(&usable.recipe, &usable.template, generated)?;
    timings.insert(Stage::Rendering.name().to_owned(), milliseconds(begun));
    let record = render::record(&usable.recipe, generated, &documents, timings)?;
    let Documents {
        draft,
        evidence,
        report,
    } = documents;
    let artifacts = BTreeMap::from([
        (Artifact::Draft, draft),
        (Artifact::Evidence, evidence),
        (Artifact::Report, report),
        (Artifact::Record, record),
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
