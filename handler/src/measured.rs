//! What telemetry is told of runs: stages and how long they took, outcomes, findings, what rests on evidence, what it cost.
//!
//! Numbers and words of this program only; what is counted here stands in a record as well.

use std::time::Instant;

use drafting::check::{RunOutcome, rules};
use drafting::draft::Support;
use drafting::finding::Severity;
use drafting::id::{RecipeId, RunId};
use drafting::recipe::Recipe;
use drafting::record::Generated;
use telemetry::{Attribute, Counter, Histogram, Id, Kind, Label, Span, add, key, record};

use crate::recipes::{Shelf, Usable};

/// A stage of the routine.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stage {
    Read,
    Extract,
    Identity,
    Shield,
    Label,
    Reconcile,
    Compose,
    Write,
    ReadRules,
    Check,
    Screen,
    Render,
}

impl Stage {
    /// Its name, and that of its span.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Read => ("read", "stage read"),
            Self::Extract => ("extract", "stage extract"),
            Self::Identity => ("identity", "stage identity"),
            Self::Shield => ("shield", "stage shield"),
            Self::Label => ("label", "stage label"),
            Self::Reconcile => ("reconcile", "stage reconcile"),
            Self::Compose => ("compose", "stage compose"),
            Self::Write => ("write", "stage write"),
            Self::ReadRules => ("read-rules", "stage read-rules"),
            Self::Check => ("check", "stage check"),
            Self::Screen => ("screen", "stage screen"),
            Self::Render => ("render", "stage render"),
        }
    }

    /// A stage that waits for others.
    pub(crate) fn around<F: Future>(
        self,
        recipe: &Recipe,
        work: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        let (span, begun) = self.begin(recipe);
        let work = span.around(work);
        async move {
            let done = work.await;
            begun.end();
            drop(span);
            done
        }
    }

    /// A stage that computes.
    pub(crate) fn during<T>(self, recipe: &Recipe, work: impl FnOnce() -> T) -> T {
        let (span, begun) = self.begin(recipe);
        let done = span.during(work);
        begun.end();
        done
    }

    fn begin(self, recipe: &Recipe) -> (Span, Begun) {
        let (stage, name) = self.names();
        let attributes = [of(&recipe.id), Attribute::new(key::STAGE, stage)];
        let span = Span::child(name, Kind::Internal, &attributes);
        (
            span,
            Begun {
                at: Instant::now(),
                attributes,
            },
        )
    }
}

struct Begun {
    at: Instant,
    attributes: [Attribute; 2],
}

impl Begun {
    fn end(self) {
        record(
            Histogram::StageDuration,
            self.at.elapsed().as_secs_f64(),
            &self.attributes,
        );
    }
}

/// Makes the names of recipes and their rules known to telemetry: nothing else that a caller names may be told.
pub(crate) fn know(shelf: &Shelf) {
    let known = |name: &str| {
        let _label = Label::configured(name);
    };
    for rule in rules::ALL {
        known(rule.id);
    }
    for (id, recipe) in shelf.iter() {
        known(id.as_str());
        if let Ok(usable) = recipe {
            let Usable { recipe, .. } = usable.as_ref();
            for rule in &recipe.demands.rules {
                known(&rule.id);
            }
        }
    }
}

fn of(recipe: &RecipeId) -> Attribute {
    Attribute::new(key::RECIPE, Label::known(recipe.as_str()))
}

/// One run, from its sources to its results.
pub(crate) struct Run {
    span: Span,
    recipe: Attribute,
    ended: bool,
}

impl Run {
    pub(crate) fn begin(recipe: &RecipeId, run: &RunId) -> Self {
        let recipe = of(recipe);
        let span = Span::child("draft a case", Kind::Internal, &[recipe]);
        if let Some(id) = Id::parse(run.as_str()) {
            span.set(key::RUN, id);
        }
        Self {
            span,
            recipe,
            ended: false,
        }
    }

    pub(crate) fn around<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        self.span.around(work)
    }

    /// How it ended: by its outcome, or in a word why it has none.
    pub(crate) fn end(mut self, outcome: Result<&RunOutcome, &'static str>) {
        self.tell(outcome);
    }

    fn tell(&mut self, outcome: Result<&RunOutcome, &'static str>) {
        self.ended = true;
        let word = match outcome {
            Ok(RunOutcome::Ready) => "ready",
            Ok(RunOutcome::NeedsReview) => "needs_review",
            Ok(RunOutcome::Refused { .. }) => "refused",
            Ok(RunOutcome::Failed { .. }) => "failed",
            Err(why) => {
                self.span.fail(why);
                why
            }
        };
        self.span.set(key::OUTCOME, word);
        add(
            Counter::Runs,
            1,
            &[self.recipe, Attribute::new(key::OUTCOME, word)],
        );
    }
}

/// A run is dropped where it stands when its time is over or its lease is lost.
impl Drop for Run {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(Err("cut-off"));
        }
    }
}

/// A case that the app gave up.
pub(crate) fn given_up(recipe: &RecipeId) {
    let outcome = Attribute::new(key::OUTCOME, "given_up");
    add(Counter::Runs, 1, &[of(recipe), outcome]);
}

/// What became of a call to whoever asked for one.
pub(crate) fn called_back(recipe: &RecipeId, became: &'static str) {
    let outcome = Attribute::new(key::OUTCOME, became);
    add(Counter::Callbacks, 1, &[of(recipe), outcome]);
}

/// What came of a run that has results.
pub(crate) fn drafted(generated: &Generated, recipe: &Recipe) {
    let recipe = of(&recipe.id);
    let checked = &generated.checked;
    for finding in checked.findings() {
        let severity = match finding.severity {
            Severity::Critical => "critical",
            Severity::Standard => "standard",
            Severity::Info => "info",
        };
        let rule = Attribute::new(key::RULE, Label::known(&finding.rule));
        add(
            Counter::Findings,
            1,
            &[recipe, rule, Attribute::new(key::SEVERITY, severity)],
        );
    }
    let omitted = |rule: &&str| [rules::LEFT_OUT.id, rules::UNCLAIMED.id].contains(rule);
    let omissions = checked.findings().iter().map(|finding| finding.rule.as_str());
    count(Counter::Omissions, omissions.filter(omitted).count(), &[recipe]);
    count(Counter::Queries, checked.draft().queries.len(), &[recipe]);
    let resting = checked.draft().statements();
    let resting = resting.filter(|(_, _, statement)| matches!(statement.support, Support::Claims(_)));
    verified(resting.count(), checked.draft().taken_out.len(), recipe);
    let micros: u64 = generated.usage.values().map(|usage| usage.cost).sum();
    if micros > 0 {
        #[expect(clippy::cast_precision_loss, reason = "no run costs that much")]
        record(Histogram::RunCost, micros as f64 / 1_000_000.0, &[recipe]);
    }
}

/// Statements by whether their evidence stood up to the check.
fn verified(kept: usize, taken_out: usize, recipe: Attribute) {
    let is = |verified: bool| [recipe, Attribute::new(key::VERIFIED, verified)];
    count(Counter::Statements, kept, &is(true));
    count(Counter::Statements, taken_out, &is(false));
    if kept + taken_out > 0 {
        #[expect(clippy::cast_precision_loss, reason = "a draft has some hundred statements")]
        let share = kept as f64 / (kept + taken_out) as f64;
        record(Histogram::VerifiedShare, share, &[recipe]);
    }
}

/// Rounds of mending that the statements of one area took.
pub(crate) fn repaired(recipe: &Recipe, rounds: u32) {
    record(Histogram::RepairRounds, rounds.into(), &[of(&recipe.id)]);
}

fn count(counter: Counter, number: usize, attributes: &[Attribute]) {
    add(counter, number as u64, attributes);
}
