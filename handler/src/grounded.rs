//! Drafting with a language model: who is asked what, and in which order.
//!
//! All decisions are the core's ([`drafting::label`], [`drafting::write`]); this module carries prompts to a
//! [`Session`] and answers back. The longest chain of calls that wait for each other is label, ask again, write, judge
//! and, where something is mended, mend and judge once more; then one call about the rules that need reading. A call that fails costs its own source or section, never the
//! run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use drafting::case::Case;
use drafting::check::statement::{Citation, Reader, Remembered, Written as Statement};
use drafting::check::{self, CheckedDraft, Judged, Wording, rules};
use drafting::claim::{ClaimId, Speaker};
use drafting::compose::{self, Written};
use drafting::draft::Draft;
use drafting::extract::Extracted;
use drafting::finding::{Finding, Subject};
use drafting::label::{self, Asked, Labelled};
use drafting::prompt::{Prompt, Purpose};
use drafting::read_rules::{self, ReadRules, Readings};
use drafting::recipe::Recipe;
use drafting::reconcile::{Reconciled, reconcile, sentence};
use drafting::write::{self, Context, Group, Outcome, Rounds, Step, Work};
use futures_util::future::join_all;
use model::{Filtering, Session};
use screening::Shield;
use serde_json::Value;

use crate::measured;
use crate::progress::{Parts, Stage, Watcher};
use crate::recipes::Usable;
use crate::routine::{Prepared, RoutineFault, blocking};
use crate::shielded::Guarded;

/// The session of one run, and whether the service's content filter failed to look at any of it.
pub(crate) struct Asking<'a> {
    session: &'a Session,
    /// Whether to give the run up when the service is away.
    patient: bool,
    unfiltered: AtomicBool,
    /// Who looks at sources before they are sent.
    shield: Option<&'a dyn Shield>,
    deadline: Instant,
    watcher: &'a Watcher,
}

impl<'a> Asking<'a> {
    /// Asks by this session; a patient one rather ends the run than drafts without answers that will come.
    pub(crate) fn new(
        session: &'a Session,
        patient: bool,
        shield: Option<&'a dyn Shield>,
        deadline: Instant,
        watcher: &'a Watcher,
    ) -> Self {
        Self {
            session,
            patient,
            unfiltered: AtomicBool::new(false),
            shield,
            deadline,
            watcher,
        }
    }

    /// Ends the run where an answer is missing that a later try may get: what would be written on it is not worth its price.
    fn wait_for_the_service(&self) -> Result<(), RoutineFault> {
        match self.session.away() {
            Some(away) if self.patient => Err(RoutineFault::ModelAway(away)),
            Some(_) | None => Ok(()),
        }
    }

    async fn ask(&self, prompt: &Prompt) -> Result<Value, String> {
        let answer = self
            .session
            .ask(prompt)
            .await
            .map_err(|fault| fault.to_string())?;
        if answer.filtered == Filtering::NotRun {
            self.unfiltered.store(true, Ordering::Relaxed);
        }
        Ok(answer.value)
    }
}

/// Drafts what was prepared; gives the claims and the checked draft.
pub(crate) async fn draft(
    usable: &Arc<Usable>,
    prepared: &mut Prepared,
    asking: &Asking<'_>,
    rounds: Rounds,
) -> Result<(Reconciled, CheckedDraft), RoutineFault> {
    let mut findings = std::mem::take(&mut prepared.early);
    let mut found = std::mem::take(&mut prepared.extracted);
    let unsent = match asking.shield {
        None => BTreeSet::new(),
        Some(shield) => {
            let guarded = Guarded {
                recipe: &usable.recipe,
                case: &prepared.case,
                shield,
                deadline: asking.deadline,
            };
            let looking = guarded.look(&mut found, &mut findings);
            measured::Stage::Shield.around(&usable.recipe, looking).await
        }
    };
    let labelling = labelled(
        &usable.recipe,
        &prepared.case,
        found,
        &unsent,
        asking,
        &mut findings,
    );
    let documents = measured::Stage::Label.around(&usable.recipe, labelling).await;
    asking.wait_for_the_service()?;
    let case = Arc::clone(&prepared.case);
    let all = {
        let (usable, case) = (Arc::clone(usable), Arc::clone(&case));
        blocking(move || {
            measured::Stage::Reconcile.during(&usable.recipe, || reconcile(&usable.recipe, &case, documents))
        })
        .await?
    };
    let groups = write::groups(&usable.recipe, compose::portions(&usable.recipe, &case, &all));
    let told = (!unsent.is_empty()).then(|| label::told(&all, &unsent));
    let told = told.as_ref().unwrap_or(&all);
    let remembered = Arc::new(Remembered::default());
    let writing = written(
        &usable.recipe,
        &case,
        told,
        &groups,
        &unsent,
        asking,
        rounds,
        &remembered,
    );
    let outcomes = measured::Stage::Write.around(&usable.recipe, writing).await;
    asking.wait_for_the_service()?;
    let (finished, all) = {
        let (usable, case) = (Arc::clone(usable), Arc::clone(&case));
        blocking(move || {
            let groups = groups.into_iter().zip(outcomes).collect();
            let composing = || write::finish(&usable.recipe, &case, &all, groups);
            (measured::Stage::Compose.during(&usable.recipe, composing), all)
        })
        .await?
    };
    asking.watcher.tell(Stage::Checking);
    // The draft has words of sources that must not be sent: nobody reads it but people, and its rules stay unassessed.
    let readings = if unsent.is_empty() {
        let reading = read(&usable.recipe, &finished.draft, asking);
        measured::Stage::ReadRules.around(&usable.recipe, reading).await
    } else {
        Readings::new()
    };
    asking.wait_for_the_service()?;
    if asking.unfiltered.load(Ordering::Relaxed) {
        findings.push(rules::UNFILTERED.finding(
            Subject::Case,
            "the service's content filter did not look at some of what was sent or answered".into(),
            Some("read the draft with that in mind, or ask for it again later".into()),
        ));
    }
    // Where a document was not sent, what was written rests on fewer claims than what is checked.
    let remembered = unsent.is_empty().then_some(remembered);
    let (usable, kept_out) = (Arc::clone(usable), prepared.kept_out.clone());
    let shielded = asking.shield.is_some();
    blocking(move || {
        findings.extend(finished.findings);
        findings.sort();
        let judged = if finished.judged { Judged::All } else { Judged::No };
        let checked = measured::Stage::Check.during(&usable.recipe, || {
            check::check_read(
                &usable.recipe,
                &case,
                &all.claims,
                &kept_out,
                findings,
                finished.draft,
                judged,
                Wording::Written,
                check::Before {
                    readings: Some(&readings),
                    remembered,
                },
            )
        });
        let checked = if shielded { checked.shielded() } else { checked };
        (all, checked)
    })
    .await
}

/// The claims of each source by the model's labels; what it does not label, or must not be sent, keeps what was found
/// without it.
async fn labelled(
    recipe: &Recipe,
    case: &Case,
    found: Vec<Extracted>,
    unsent: &BTreeSet<u16>,
    asking: &Asking<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<Extracted> {
    let (found, kept): (Vec<Extracted>, Vec<Extracted>) = found
        .into_iter()
        .partition(|found| !unsent.contains(&found.source));
    let parts = asking.watcher.parts(Stage::Extracting, found.len());
    let sources = join_all(
        found
            .into_iter()
            .map(async |found| counted(&parts, source(recipe, case, found, asking)).await),
    )
    .await;
    let mut documents = Vec::new();
    for (extracted, fault) in sources {
        findings.extend(fault.map(|fault| unlabelled(case, extracted.source, &fault)));
        documents.push(extracted);
    }
    if let Some(asked) = label::again(recipe, case, &documents) {
        if let Ok(more) = ask(recipe, case, &asked, asking).await {
            label::add(recipe, &mut documents, &more);
        } else {
            // The sentences stay unclaimed, and the check of the coverage lists each. Why stands in the lines before, without
            // the service's own words.
            tracing::warn!("sentences that were passed over were not asked about");
        }
    }
    documents.extend(kept);
    documents.sort_by_key(|document| document.source);
    label::settle(recipe, case, &mut documents);
    documents
}

/// Does one part of a stage and tells that it is done.
async fn counted<T>(parts: &Parts<'_>, work: impl Future<Output = T>) -> T {
    let done = work.await;
    parts.one_done();
    done
}

/// One source, in parts when it is long. A part that fails makes the whole source stand as it was found without a model.
async fn source(
    recipe: &Recipe,
    case: &Case,
    found: Extracted,
    asking: &Asking<'_>,
) -> (Extracted, Option<String>) {
    let prompts = case
        .sources
        .iter()
        .find(|source| source.number == found.source)
        .map(|source| label::prompts(recipe, source, &found.instructions))
        .unwrap_or_default();
    let answers = join_all(prompts.iter().map(|asked| ask(recipe, case, asked, asking))).await;
    match answers.into_iter().collect::<Result<Vec<Labelled>, String>>() {
        Ok(labelled) => (label::extracted(recipe, found, labelled), None),
        Err(fault) => (found, Some(fault)),
    }
}

async fn ask(recipe: &Recipe, case: &Case, asked: &Asked, asking: &Asking<'_>) -> Result<Labelled, String> {
    let answer = asking.ask(&asked.prompt).await?;
    let voice = |number: u16| voice(recipe, case, number);
    asked
        .read(recipe, case, voice, &answer)
        .map_err(|fault| fault.to_string())
}

/// Whose voice a source has where nothing else is said.
fn voice(recipe: &Recipe, case: &Case, number: u16) -> Speaker {
    let source = case.sources.iter().find(|source| source.number == number);
    source
        .and_then(|source| recipe.advice(source.advice.as_deref()?))
        .map_or(Speaker::Professional, |advice| advice.speaker)
}

fn unlabelled(case: &Case, number: u16, fault: &str) -> Finding {
    let source = case.sources.iter().find(|source| source.number == number);
    rules::UNLABELLED.finding(
        source.map_or(Subject::Case, |source| Subject::Source(source.name.clone())),
        format!("the model could not sort it: {fault}; its claims were found without a model"),
        Some("ask for the draft again, or read it beside the draft yourself".into()),
    )
}

/// Writes all groups at once.
#[expect(clippy::too_many_arguments, reason = "all that writing rests on")]
async fn written(
    recipe: &Recipe,
    case: &Case,
    all: &Reconciled,
    groups: &[Group],
    unsent: &BTreeSet<u16>,
    asking: &Asking<'_>,
    rounds: Rounds,
    remembered: &Arc<Remembered>,
) -> Vec<Outcome> {
    let reader = Reader::remembering(remembered, recipe, case, &all.claims);
    let checking = |field: &str, written: &Written| objections(recipe, case, all, &reader, field, written);
    let context = Context {
        recipe,
        case,
        all,
        checking: &checking,
        rounds,
    };
    let kept_back: BTreeSet<ClaimId> = all
        .claims
        .iter()
        .filter(|claim| label::rests_on(claim, unsent))
        .map(|claim| claim.id)
        .collect();
    let parts = asking.watcher.parts(Stage::Writing, groups.len());
    let writing = groups.iter().map(async |group| {
        let mut claims = group.portions.iter().flat_map(|portion| &portion.claims);
        if claims.any(|id| kept_back.contains(id)) {
            parts.one_done();
            let reason = "a document that it rests on was not sent to the model".to_owned();
            return Outcome::Failed { reason };
        }
        counted(&parts, group_written(context, group, asking)).await
    });
    join_all(writing).await
}

async fn group_written(context: Context<'_>, group: &Group, asking: &Asking<'_>) -> Outcome {
    let (mut work, mut step) = Work::begin(context, group);
    let mut repairs = 0;
    loop {
        match step {
            Step::Done(outcome) => {
                measured::repaired(context.recipe, repairs);
                return outcome;
            }
            Step::Ask(prompt) => {
                repairs += u32::from(prompt.purpose == Purpose::Repair);
                step = work.answer(asking.ask(&prompt).await);
            }
        }
    }
}

/// What the judge says of the rules that need reading, all in one call.
async fn read(recipe: &Recipe, draft: &Draft, asking: &Asking<'_>) -> Readings {
    let (mut work, mut step) = ReadRules::begin(recipe, draft);
    loop {
        match step {
            read_rules::Step::Done(readings) => return readings,
            read_rules::Step::Ask(prompt) => step = work.answer(asking.ask(&prompt).await),
        }
    }
}

/// What code finds in a written statement.
fn objections(
    recipe: &Recipe,
    case: &Case,
    all: &Reconciled,
    reader: &Reader,
    field: &str,
    written: &Written,
) -> Vec<Finding> {
    let place = recipe.fields().find(|(_, own)| own.key == field);
    let claims = all
        .claims
        .iter()
        .filter(|claim| written.claims.contains(&claim.id));
    let sentences = claims.flat_map(|claim| &claim.sentences);
    let citations = sentences
        .filter_map(|id| sentence(case, *id))
        .map(|sentence| Citation { sentence, part: None });
    let statement = Statement {
        text: &written.text,
        section: place.map(|(section, _)| section.id.as_str()),
        area: place.and_then(|(_, field)| field.form.select()?.area.as_deref()),
        citations: citations.collect(),
    };
    let subject = Subject::Field(field.to_owned());
    let mut findings = reader.findings(&subject, &statement);
    findings.extend(check::words(recipe, field, &subject, &written.text));
    findings
}
