//! The routine: from uploads to five results, in memory.
//!
//! It knows nothing of storage, of HTTP or of Azure, and one call knows of one case only. The stages are pure
//! decisions of the crate `drafting`; this module calls them in order and measures them.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use drafting::case::{Case, Manifest, Source};
use drafting::changes::{self, Changes};
use drafting::check::{self, CheckedDraft, Judged, RunOutcome, rules};
use drafting::claim::Claim;
use drafting::extract::{self, Extracted, head};
use drafting::finding::{Finding, Subject};
use drafting::id::{CaseId, EditId, RunId};
use drafting::identity::{self, Signs};
use drafting::prompt::{Purpose, Tier};
use drafting::recipe::Recipe;
use drafting::reconcile::Reconciled;
use drafting::record::{Drafter, Generated, Record, UsageRecord};
use drafting::write::Rounds;
use drafting::{compose, reconcile};
use jiff::civil::Date;
use model::{Answers, Away, LanguageModel, Limits, PurposeUsage, Session};
use reading::sandbox::{ReaderUnavailable, Sandbox};
use render::Documents;
use screening::{ContentSafety, Screen, Shield};
use tokio::sync::Semaphore;

use crate::grounded::{self, Asking};
use crate::intake::{self, Upload};
use crate::measured;
use crate::paths::Artifact;
use crate::progress::{Stage, Watcher};
use crate::recipes::Usable;
use crate::scanned::Scans;
use crate::screened;

/// What the routine needs beside its input.
#[derive(Clone)]
pub struct Services {
    /// Where foreign bytes are parsed.
    pub sandbox: Sandbox,
    /// The language model, where one is configured.
    pub model: Option<Arc<Modelled>>,
    /// Who rates drafts for harm, where that is on.
    pub screen: Option<Arc<dyn Screen>>,
    /// Who reads scanned pages, where that is on.
    pub scans: Option<Scans>,
}

/// A language model and how it is used.
pub struct Modelled {
    /// The kind of client, for the record.
    pub kind: &'static str,
    /// Who answers.
    pub model: Arc<dyn LanguageModel>,
    /// What one run may use.
    pub limits: Limits,
    /// How often flagged statements are written anew.
    pub rounds: Rounds,
    /// Whether answers are kept with the case.
    pub keep_answers: bool,
    /// How long a case waits for a service that is away before it is drafted without what was not answered.
    pub patience: Duration,
    /// Who looks at sources for attacks before they are sent, where that is on.
    pub shield: Option<Arc<dyn Shield>>,
}

impl Services {
    /// Who drafts: for the record and the fingerprint of runs.
    #[must_use]
    pub fn drafter(&self) -> Drafter {
        let model = self.model.as_deref();
        let does = [
            ("text", self.screen.is_some()),
            ("sources", model.is_some_and(|model| model.shield.is_some())),
        ];
        let does: Vec<&str> = does.iter().filter(|(_, on)| *on).map(|(what, _)| *what).collect();
        Drafter {
            screening: (!does.is_empty()).then(|| format!("{}: {}", ContentSafety::NAME, does.join(", "))),
            recognition: self.scans.as_ref().map(|scans| scans.recogniser.name()),
            ..drafter(model)
        }
    }
}

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

/// What is ready to be drafted from: read, described, and without documents about somebody else.
pub(crate) struct Prepared {
    /// The case with all its sources.
    pub case: Arc<Case>,
    /// What was found in those that are drafted from, without a model.
    pub extracted: Vec<Extracted>,
    /// The sources that are about somebody else.
    pub kept_out: BTreeSet<u16>,
    /// The findings so far.
    pub early: Vec<Finding>,
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

/// The time in England by the rule of POSIX: an hour ahead of Greenwich from the last Sunday of March to that of October
/// (Summer Time Act 1972, as amended in 2002). A whole database of time zones would be half a megabyte.
const LONDON: &str = "GMT0BST,M3.5.0/1,M10.5.0";

/// The day of drafting: today where the plans are written.
#[must_use]
pub fn today() -> Date {
    let now = jiff::Timestamp::now();
    // Without the zone the date of Greenwich is the next best.
    let zone = jiff::tz::TimeZone::posix(LONDON).unwrap_or(jiff::tz::TimeZone::UTC);
    now.to_zoned(zone).date()
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

/// A case whose sources were read, with what was found until then.
pub struct Ready {
    /// The case.
    pub case: Case,
    /// The run's id.
    pub run: RunId,
    /// The findings so far.
    pub early: Vec<Finding>,
    /// Where the model's answers of this case are kept, if anywhere.
    pub answers: Option<Arc<dyn Answers>>,
    /// When the run must have ended.
    pub deadline: Instant,
    /// As in [`Input::patient`].
    pub patient: bool,
}

/// Drafts a case that was read: claims, statements, findings, and no documents yet.
pub async fn drafted(
    usable: &Arc<Usable>,
    ready: Ready,
    model: Option<&Modelled>,
    watcher: &Watcher,
) -> Result<Generated, RoutineFault> {
    let Ready {
        case,
        run,
        early,
        answers,
        deadline,
        patient,
    } = ready;
    watcher.tell(Stage::Extracting);
    let shared = Arc::clone(usable);
    let mut prepared = blocking(move || prepare(&shared, case, early)).await?;
    let mut usage = BTreeMap::new();
    let (drafted, checked) = match model {
        Some(modelled) if !prepared.extracted.is_empty() => {
            let session = Session::new(Arc::clone(&modelled.model), answers, modelled.limits, deadline);
            let asking = Asking::new(&session, patient, modelled.shield.as_deref(), deadline, watcher);
            let (all, checked) = grounded::draft(usable, &mut prepared, &asking, modelled.rounds).await?;
            usage = used(&session);
            (Drafted::of(all), checked)
        }
        _ => {
            watcher.tell(Stage::Writing);
            let shared = Arc::clone(usable);
            let early = std::mem::take(&mut prepared.early);
            let extracted = std::mem::take(&mut prepared.extracted);
            let (case, kept_out) = (Arc::clone(&prepared.case), prepared.kept_out.clone());
            blocking(move || draft(&shared, &case, &kept_out, extracted, early)).await?
        }
    };
    Ok(Generated {
        run,
        drafter: drafter(model),
        usage,
        case: Arc::unwrap_or_clone(prepared.case),
        kept_out: prepared.kept_out,
        superseded: drafted.superseded,
        claims: drafted.claims,
        checked,
        changes: None,
    })
}

/// What a draft was made from, besides the case.
#[derive(Default)]
struct Drafted {
    claims: Vec<Claim>,
    superseded: BTreeMap<u16, u16>,
}

impl Drafted {
    fn of(all: Reconciled) -> Self {
        Self {
            superseded: all.superseded_sources(),
            claims: all.claims,
        }
    }
}

/// Who drafts: for the record and the fingerprint of runs.
fn drafter(model: Option<&Modelled>) -> Drafter {
    let Some(modelled) = model else {
        return Drafter::extractive();
    };
    let tiers = [
        ("writing", Tier::Heavy),
        ("sorting", Tier::Fast),
        ("judging", Tier::Judge),
    ];
    let names: Vec<String> = tiers
        .iter()
        .map(|(name, tier)| format!("{name} {}", modelled.model.name(*tier)))
        .collect();
    let rounds = format!("rounds {}-{}", modelled.rounds.least, modelled.rounds.most);
    Drafter::with_model(modelled.kind, format!("{}, {rounds}", names.join(", ")))
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

/// What was asked of the model. Kept answers count as those that were asked for.
fn used(session: &Session) -> BTreeMap<Purpose, UsageRecord> {
    let record = |used: PurposeUsage| UsageRecord {
        calls: used.calls + used.replayed,
        prompt_tokens: used.prompt_tokens,
        completion_tokens: used.completion_tokens,
        cost: used.cost,
    };
    session
        .usage()
        .into_iter()
        .map(|(purpose, used)| (purpose, record(used)))
        .collect()
}

/// Describes the sources, finds what can be found without a model, and keeps out what is about somebody else.
fn prepare(usable: &Usable, mut case: Case, early: Vec<Finding>) -> Prepared {
    let recipe = &usable.recipe;
    let mut extracted: Vec<Extracted> = measured::Stage::Extract.during(recipe, || {
        for source in &mut case.sources {
            describe(recipe, &case.manifest, source);
        }
        let sources = case.sources.iter();
        sources
            .filter_map(|source| extract::document(recipe, source, &case.manifest))
            .collect()
    });
    let signs: Vec<Signs> = extracted.iter().map(Extracted::signs).collect();
    let (kept_out, early) =
        measured::Stage::Identity.during(recipe, || strangers(usable, &case, &signs, early));
    extracted.retain(|extracted| !kept_out.contains(&extracted.source));
    Prepared {
        case: Arc::new(case),
        extracted,
        kept_out,
        early,
    }
}

/// A draft in the words of the sources, or the reason why there is none.
fn draft(
    usable: &Usable,
    case: &Case,
    kept_out: &BTreeSet<u16>,
    extracted: Vec<Extracted>,
    mut early: Vec<Finding>,
) -> (Drafted, CheckedDraft) {
    let recipe = &usable.recipe;
    if extracted.is_empty() {
        let reason = if case.sources.is_empty() && !case.manifest.withdrawn.is_empty() {
            "all documents of the case were withdrawn"
        } else if kept_out.is_empty() {
            "none of the documents could be read"
        } else {
            "the documents that could be read are not about one and the same person"
        };
        return (
            Drafted::default(),
            check::refuse(recipe, case, kept_out, early, reason.to_owned()),
        );
    }
    let reconciled =
        measured::Stage::Reconcile.during(recipe, || reconcile::reconcile(recipe, case, extracted));
    let draft = measured::Stage::Compose.during(recipe, || compose::compose(recipe, case, &reconciled));
    early.sort();
    let checked = measured::Stage::Check.during(recipe, || {
        check::check(
            recipe,
            case,
            &reconciled.claims,
            kept_out,
            early,
            draft,
            Judged::No,
        )
    });
    (Drafted::of(reconciled), checked)
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

/// The sources that are about somebody else, with a finding each, and one for each that does not say whom it is about.
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
    findings.extend(identity::unnamed(&usable.recipe, case, signs, &kept_out));
    (kept_out, findings)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_change_at_midnight_in_england() {
        let zone = jiff::tz::TimeZone::posix(LONDON).unwrap();
        for (moment, day) in [
            ("2026-01-31T23:59:00Z", "2026-01-31"),
            ("2026-03-29T00:59:00Z", "2026-03-29"),
            ("2026-06-30T23:30:00Z", "2026-07-01"),
            ("2026-10-24T23:30:00Z", "2026-10-25"),
            ("2026-10-25T23:30:00Z", "2026-10-25"),
        ] {
            let moment: jiff::Timestamp = moment.parse().unwrap();
            assert_eq!(moment.to_zoned(zone.clone()).date().to_string(), day, "{moment}");
        }
    }
}
