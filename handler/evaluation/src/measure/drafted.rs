//! A draft to be measured: the one that is made without a model, and the one that is made with one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use drafting::case::Case;
use drafting::check::{CheckedDraft, Judged, check};
use drafting::claim::Claim;
use drafting::compose::compose;
use drafting::extract::{self, Extracted};
use drafting::hash::Digest;
use drafting::id::RunId;
use drafting::identity::strangers;
use drafting::recipe::Recipe;
use drafting::reconcile::reconcile;
use drafting::record::{Generated, UsageRecord};
use handler::progress::Watcher;
use handler::recipes::Usable;
use handler::routine::{self, Modelled, Ready, RoutineFault};

/// A draft with the claims that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// All claims of the run.
    pub claims: Vec<Claim>,
    /// The draft after its checks.
    pub checked: CheckedDraft,
}

/// What each source of a case says, those of strangers left out; and which those are.
pub(crate) fn extracted(recipe: &Recipe, case: &Case) -> (Vec<Extracted>, BTreeSet<u16>) {
    let mut extracted: Vec<Extracted> = case
        .sources
        .iter()
        .filter_map(|source| extract::document(recipe, source, &case.manifest))
        .collect();
    let signs: Vec<_> = extracted.iter().map(Extracted::signs).collect();
    let kept_out: BTreeSet<u16> = strangers(recipe, &case.manifest, &signs)
        .iter()
        .map(|stranger| stranger.source)
        .collect();
    extracted.retain(|one| !kept_out.contains(&one.source));
    (extracted, kept_out)
}

/// Drafts a case without a model, as the app does.
#[must_use]
pub fn extractive(recipe: &Recipe, case: &Case) -> Drafted {
    let (extracted, kept_out) = extracted(recipe, case);
    let all = reconcile(recipe, case, extracted);
    let draft = compose(recipe, case, &all);
    let checked = check(
        recipe,
        case,
        &all.claims,
        &kept_out,
        Vec::new(),
        draft,
        Judged::No,
    );
    Drafted {
        claims: all.claims,
        checked,
    }
}

/// How long a draft with a model may take.
const MOST_TIME: Duration = Duration::from_secs(30 * 60);

/// Drafts a case with a model, by the routine that the app runs. Gives what it used, too.
pub async fn with_model(
    usable: &Arc<Usable>,
    case: &Case,
    model: &Modelled,
) -> Result<(Drafted, UsageRecord), RoutineFault> {
    let ready = Ready {
        case: case.clone(),
        run: RunId::of(&Digest::of(case.id.as_str().as_bytes()), 1),
        early: Vec::new(),
        answers: None,
        deadline: Instant::now() + MOST_TIME,
        patient: false,
    };
    let Generated {
        claims,
        checked,
        usage,
        ..
    } = routine::drafted(usable, ready, Some(model), &Watcher::nobody()).await?;
    let mut used = UsageRecord::default();
    for one in usage.values() {
        used.calls += one.calls;
        used.prompt_tokens += one.prompt_tokens;
        used.completion_tokens += one.completion_tokens;
        used.cost += one.cost;
    }
    Ok((Drafted { claims, checked }, used))
}
