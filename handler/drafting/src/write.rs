//! Statements written by a model from claims, and kept honest: write, check in code, judge, mend what was flagged.
//!
//! A [`Work`] is the writing of one [`Group`] of fields, as a machine without IO: it says what to ask next and is told the
//! answer, until it is done. It always ends: there is one writing, each judging is repeated once at most, and rounds of
//! mending are bounded. Of each statement the version with the least against it is kept, not the last. What still fails
//! is taken out and listed; it is never kept unmarked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::case::Case;
use crate::check::rules;
use crate::claim::{Claim, ClaimId};
use crate::compose::{Written, WrittenFields};
use crate::finding::{Finding, Severity};
use crate::prompt::Prompt;
use crate::recipe::{Form, Recipe, Role};
use crate::reconcile::Reconciled;

mod group;
mod judge;
mod material;
mod repair;
mod result;
mod writer;

pub use group::{Group, groups};
pub use judge::{Ruling, Verdict};
pub use result::{Finished, finish};

/// How often flagged statements are written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounds {
    /// At least so many second looks, even when nothing was flagged.
    pub least: u8,
    /// At most so many.
    pub most: u8,
}

impl Default for Rounds {
    fn default() -> Self {
        Self { least: 0, most: 3 }
    }
}

/// What the checks in code say of a statement: its field and its words with its claims.
pub type Checking<'a> = dyn Fn(&str, &Written) -> Vec<Finding> + Send + Sync + 'a;

/// What writing needs to know.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The document type.
    pub recipe: &'a Recipe,
    /// The case.
    pub case: &'a Case,
    /// What its sources say.
    pub all: &'a Reconciled,
    /// The checks in code.
    pub checking: &'a Checking<'a>,
    /// How often to mend.
    pub rounds: Rounds,
}

impl<'a> Context<'a> {
    fn claim(&self, id: ClaimId) -> Option<&'a Claim> {
        // Ids are given in order from 1.
        let place = usize::try_from(id.0.checked_sub(1)?).ok()?;
        self.all.claims.get(place).filter(|claim| claim.id == id)
    }

    fn is_threaded(&self, id: ClaimId) -> bool {
        self.claim(id)
            .and_then(|claim| self.recipe.kind(&claim.kind))
            .is_some_and(|kind| matches!(kind.role, Role::Need | Role::Measure | Role::Outcome))
    }
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Ask a model, and tell [`Work::answer`].
    Ask(Prompt),
    /// Nothing more.
    Done(Outcome),
}

/// How the writing of a group ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There are statements.
    Written(Drafted),
    /// There are none, and why; the fields keep their sources' words.
    Failed {
        /// The reason in words for the case officer, without text of a source.
        reason: String,
    },
}

/// The statements of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafted {
    /// The statements by field; every field of the group is named.
    pub fields: WrittenFields,
    /// What no judge has read, and why: the statement by field and place in it.
    pub unjudged: Vec<(String, usize, String)>,
    /// What was taken out or left out.
    pub omitted: Vec<Omitted>,
    /// How many rounds of mending there were.
    pub rounds: u8,
    /// How many statements the first writing had, and how many of them were flagged.
    pub first: (usize, usize),
}

/// What is not in the draft although it belongs there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omitted {
    /// The field where it belongs.
    pub field: String,
    /// What it rests on.
    pub claims: Vec<ClaimId>,
    /// The words that were taken out, where some were written.
    pub text: Option<String>,
    /// Why it is not there.
    pub why: Why,
}

/// Why something is not in the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A statement failed its checks to the end; what was said against it.
    Failed(Vec<String>),
    /// The writer left it out, with its reason.
    LeftOut(String),
    /// The writer passed over it.
    Unused,
}

/// A statement in work.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    field: String,
    written: Written,
    /// What the checks in code say.
    findings: Vec<Finding>,
    /// What the judge says; `None` before it was asked.
    ruling: Option<Ruling>,
    /// The version before the last mending.
    former: Option<Box<Candidate>>,
    /// Whether the mender found nothing true to say instead.
    given_up: bool,
}

impl Candidate {
    fn new(context: &Context, field: &str, written: Written) -> Self {
        let mut findings = (context.checking)(field, &written);
        findings.retain(|finding| finding.severity <= Severity::Standard);
        Self {
            field: field.to_owned(),
            written,
            findings,
            ruling: None,
            former: None,
            given_up: false,
        }
    }

    /// What is against it: nothing is 0; what must not be kept is 100 or more.
    fn weight(&self) -> u32 {
        let code: u32 = self
            .findings
            .iter()
            .map(|finding| match finding.severity {
                Severity::Critical => 100,
                Severity::Standard => 5,
                Severity::Info => 0,
            })
            .sum();
        let judged = match &self.ruling {
            None | Some(Ruling::Entailed) => 0,
            // Not known to be wrong: kept, with a critical finding.
            Some(Ruling::Unjudged { .. }) => 50,
            Some(Ruling::Issue { verdict, .. }) => match verdict {
                Verdict::Partly => 100,
                Verdict::Not => 150,
                Verdict::Contradicts => 200,
            },
        };
        code + judged
    }

    fn is_kept(&self) -> bool {
        self.weight() < 100
    }

    /// Whether it is worth a round of mending. Words that a plan should not use are mended along with what is, and alone are
    /// left to a person: a round takes two calls, and the officer a moment.
    /// So is a friend's name in the child's own story and views, which the officer may know to leave.
    fn is_worth_a_round(&self, recipe: &Recipe) -> bool {
        let judged = matches!(self.ruling, Some(Ruling::Issue { .. }));
        let form = recipe.field(&self.field).map(|field| &field.form);
        let told = matches!(form, Some(Form::Passage(select)) if select.area.is_none());
        let of_evidence = |finding: &Finding| {
            finding.severity == Severity::Critical
                || finding.rule.starts_with(rules::OF_EVIDENCE)
                    && !(told && finding.rule == rules::THIRD_PARTY.id)
        };
        judged || self.findings.iter().any(of_evidence)
    }

    /// What is said against it, for the writer.
    fn complaints(&self) -> Vec<String> {
        let code = self.findings.iter().map(|finding| finding.message.clone());
        let judged = match &self.ruling {
            Some(Ruling::Issue { complaint, .. }) => Some(complaint.clone()),
            None | Some(Ruling::Entailed | Ruling::Unjudged { .. }) => None,
        };
        code.chain(judged).collect()
    }
}

/// Where the work stands.
#[derive(Clone, Debug)]
enum State {
    Writing,
    /// The candidates that the judge was asked about, and whether for the second time.
    Judging {
        asked: Vec<usize>,
        again: bool,
    },
    /// The candidates that were to be mended.
    Mending {
        asked: Vec<usize>,
    },
    Over,
}

/// The writing of one group.
pub struct Work<'a> {
    context: Context<'a>,
    group: &'a Group,
    state: State,
    round: u8,
    candidates: Vec<Candidate>,
    left_out: BTreeMap<ClaimId, String>,
    first: (usize, usize),
    /// What was against the whole before the last mending: without a gain there is no further round.
    against: u32,
}

impl<'a> Work<'a> {
    /// Begins; the step is what to ask first.
    #[must_use]
    pub fn begin(context: Context<'a>, group: &'a Group) -> (Self, Step) {
        let work = Self {
            context,
            group,
            state: State::Writing,
            round: 0,
            candidates: Vec::new(),
            left_out: BTreeMap::new(),
            first: (0, 0),
            against: 0,
        };
        let prompt = writer::prompt(&context, group);
        (work, Step::Ask(prompt))
    }

    /// Takes the answer to what was asked last; `Err` holds the reason why there is none, in words for the case officer.
    pub fn answer(&mut self, answer: Result<Value, String>) -> Step {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Writing => self.written(answer),
            State::Judging { asked, again } => self.judged(asked, again, answer),
            State::Mending { asked } => self.mended(&asked, answer),
            State::Over => Step::Done(self.end()),
        }
    }

    fn written(&mut self, answer: Result<Value, String>) -> Step {
        let written = match answer.map(|answer| writer::read(&self.context, self.group, &answer)) {
            Ok(Ok(written)) => written,
            Ok(Err(fault)) => {
                return Step::Done(Outcome::Failed {
                    reason: fault.to_string(),
                });
            }
            Err(reason) => return Step::Done(Outcome::Failed { reason }),
        };
        self.left_out = written.left_out;
        for (field, one) in written.statements {
            self.candidates.push(Candidate::new(&self.context, &field, one));
        }
        let flagged = self
            .candidates
            .iter()
            .filter(|one| !one.findings.is_empty())
            .count();
        self.first = (self.candidates.len(), flagged);
        self.judge((0..self.candidates.len()).collect(), false)
    }

    /// Asks the judge about some candidates. Those in which code has already found something critical are not worth it
    /// before they were mended; without another round, they go out.
    fn judge(&mut self, places: Vec<usize>, again: bool) -> Step {
        let worth = |place: &usize| {
            let candidate = self.candidates.get(*place);
            candidate.is_some_and(|one| one.findings.iter().all(|f| f.severity != Severity::Critical))
        };
        let asked: Vec<usize> = places.into_iter().filter(worth).collect();
        let statements: Vec<(&str, &Written)> = asked
            .iter()
            .filter_map(|place| self.candidates.get(*place))
            .map(|one| (one.field.as_str(), &one.written))
            .collect();
        if statements.is_empty() {
            return self.decide();
        }
        let prompt = judge::prompt(&self.context, &statements, self.round, again);
        self.state = State::Judging { asked, again };
        Step::Ask(prompt)
    }

    fn judged(&mut self, asked: Vec<usize>, again: bool, answer: Result<Value, String>) -> Step {
        let statements: Vec<&Written> = asked
            .iter()
            .filter_map(|place| self.candidates.get(*place))
            .map(|one| &one.written)
            .collect();
        let (rulings, reason) = match answer {
            Ok(answer) => (
                judge::read(&statements, &answer),
                "the judge gave no verdict that could be read, twice".to_owned(),
            ),
            Err(reason) => (vec![None; statements.len()], reason),
        };
        let mut missing = Vec::new();
        for (place, ruling) in asked.into_iter().zip(rulings) {
            let Some(candidate) = self.candidates.get_mut(place) else {
                continue;
            };
            match ruling {
                Some(ruling) => candidate.ruling = Some(ruling),
                None if again => {
                    candidate.ruling = Some(Ruling::Unjudged {
                        reason: reason.clone(),
                    });
                }
                None => missing.push(place),
            }
        }
        if missing.is_empty() {
            self.decide()
        } else {
            self.judge(missing, true)
        }
    }

    /// After a judging: keep the better versions, then mend what is flagged or end.
    fn decide(&mut self) -> Step {
        for candidate in &mut self.candidates {
            if let Some(former) = candidate
                .former
                .take()
                .filter(|former| former.weight() <= candidate.weight())
            {
                *candidate = *former;
            }
        }
        if self.first.1 == 0 && self.round == 0 {
            self.first.1 = self.candidates.iter().filter(|one| one.weight() > 0).count();
        }
        let flagged: Vec<usize> = (0..self.candidates.len())
            .filter(|place| {
                self.candidates
                    .get(*place)
                    .is_some_and(|one| !one.given_up && !one.complaints().is_empty())
            })
            .collect();
        let unused = self.unused();
        let against = self.against(unused.len());
        let gained = self.round == 0 || against < self.against;
        self.against = against;
        let forced = self.round < self.context.rounds.least;
        let worth = flagged
            .iter()
            .filter_map(|place| self.candidates.get(*place))
            .any(|one| one.is_worth_a_round(self.context.recipe));
        let settled = (!worth && unused.is_empty()) || !gained;
        if self.round >= self.context.rounds.most || (settled && !forced) {
            return Step::Done(self.end());
        }
        self.round += 1;
        if flagged.is_empty() && unused.is_empty() {
            // A second look that was asked for: everything is judged once more.
            return self.judge((0..self.candidates.len()).collect(), false);
        }
        let statements: Vec<&Candidate> = flagged
            .iter()
            .filter_map(|place| self.candidates.get(*place))
            .collect();
        let prompt = repair::prompt(&self.context, self.group, &statements, &unused);
        self.state = State::Mending { asked: flagged };
        Step::Ask(prompt)
    }

    fn mended(&mut self, asked: &[usize], answer: Result<Value, String>) -> Step {
        let unused = self.unused();
        let read = answer.map(|answer| repair::read(&self.context, self.group, asked.len(), &answer));
        let Ok(Ok(mended)) = read else {
            // Nothing was mended; what stands is kept or taken out as it is.
            return Step::Done(self.end());
        };
        let mut to_judge = Vec::new();
        for (place, written) in asked.iter().zip(mended.statements) {
            let Some(candidate) = self.candidates.get_mut(*place) else {
                continue;
            };
            let Some(written) = written else {
                candidate.given_up = true;
                continue;
            };
            // The same words have the same faults in code; a judge may see them otherwise the second time.
            if written == candidate.written && matches!(candidate.ruling, Some(Ruling::Entailed)) {
                candidate.given_up = true;
                continue;
            }
            let mut next = Candidate::new(&self.context, &candidate.field, written);
            std::mem::swap(candidate, &mut next);
            candidate.former = Some(Box::new(next));
            to_judge.push(*place);
        }
        for (field, written) in mended.added {
            self.candidates
                .push(Candidate::new(&self.context, &field, written));
            to_judge.push(self.candidates.len() - 1);
        }
        let left_out = mended.left_out.into_iter().filter(|(id, _)| unused.contains(id));
        self.left_out.extend(left_out);
        self.judge(to_judge, false)
    }

    fn against(&self, unused: usize) -> u32 {
        let statements: u32 = self.candidates.iter().map(Candidate::weight).sum();
        statements + 20 * u32::try_from(unused).unwrap_or(u32::MAX / 40)
    }

    /// The claims of the thread that stand in no statement and that nobody left out with a reason.
    fn unused(&self) -> Vec<ClaimId> {
        let used: BTreeSet<ClaimId> = self
            .candidates
            .iter()
            .flat_map(|one| one.written.claims.iter().copied())
            .collect();
        let claims = self.group.portions.iter().flat_map(|portion| &portion.claims);
        claims
            .copied()
            .filter(|id| {
                !used.contains(id) && !self.left_out.contains_key(id) && self.context.is_threaded(*id)
            })
            .collect()
    }

    fn end(&mut self) -> Outcome {
        let mut drafted = Drafted {
            rounds: self.round,
            first: self.first,
            ..Drafted::default()
        };
        let unused = self.unused();
        let mut kept: BTreeSet<ClaimId> = BTreeSet::new();
        for portion in &self.group.portions {
            drafted.fields.insert(portion.field.clone(), Vec::new());
        }
        for mut candidate in std::mem::take(&mut self.candidates) {
            if let Some(former) = candidate
                .former
                .take()
                .filter(|former| former.weight() <= candidate.weight())
            {
                candidate = *former;
            }
            if !candidate.is_kept() {
                drafted.omitted.push(Omitted {
                    why: Why::Failed(candidate.complaints()),
                    field: candidate.field,
                    claims: candidate.written.claims,
                    text: Some(candidate.written.text),
                });
                continue;
            }
            kept.extend(candidate.written.claims.iter().copied());
            let field = drafted.fields.entry(candidate.field.clone()).or_default();
            match candidate.ruling {
                Some(Ruling::Unjudged { reason }) => {
                    drafted.unjudged.push((candidate.field, field.len(), reason));
                }
                None => {
                    drafted
                        .unjudged
                        .push((candidate.field, field.len(), "no judge has read it".to_owned()));
                }
                Some(Ruling::Entailed | Ruling::Issue { .. }) => {}
            }
            field.push(candidate.written);
        }
        for portion in &self.group.portions {
            for id in portion
                .claims
                .iter()
                .filter(|id| !kept.contains(id) && self.context.is_threaded(**id))
            {
                let why = match self.left_out.get(id) {
                    Some(reason) => Why::LeftOut(reason.clone()),
                    None if unused.contains(id) => Why::Unused,
                    None => continue,
                };
                drafted.omitted.push(Omitted {
                    field: portion.field.clone(),
                    claims: vec![*id],
                    text: None,
                    why,
                });
            }
        }
        Outcome::Written(drafted)
    }
}

/// Whether a field holds one matter a statement.
fn is_list(form: &Form) -> bool {
    matches!(form, Form::List(_))
}
