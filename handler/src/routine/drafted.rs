//! From sources that were read to a checked draft, with a model or without, and no documents yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use drafting::case::Case;
use drafting::check::{self, CheckedDraft, Judged};
use drafting::claim::Claim;
use drafting::extract::Extracted;
use drafting::finding::Finding;
use drafting::id::RunId;
use drafting::prompt::Purpose;
use drafting::reconcile::Reconciled;
use drafting::record::{Generated, UsageRecord};
use drafting::{compose, reconcile};
use model::{Answers, PurposeUsage, Session};

use super::prepared::prepare;
use super::services::drafter;
use super::{Modelled, RoutineFault, blocking};
use crate::grounded::{self, Asking};
use crate::measured;
use crate::progress::{Stage, Watcher};
use crate::recipes::Usable;

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
    /// As in [`Input::patient`](super::Input::patient).
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
