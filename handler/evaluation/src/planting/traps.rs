//! The traps of an annotation, each fallen into on purpose: the wrong answer is put into the draft as a model would have
//! written it, and what stops it is listed.
//!
//! A wrong answer is stopped when the rules find something of standard weight or worse about that very statement, while it
//! is written or in the finished draft, or when it cannot get into the draft at all because there is nothing to cite. What
//! the rules say of the draft's other statements, and of threads that an added statement leaves open, does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use drafting::case::Case;
use drafting::check::statement::{Citation, Reader, Written as Statement};
use drafting::check::{self, CheckedDraft, Judged, Wording, rules};
use drafting::claim::{About, Claim, ClaimId, Slots, Speaker, Status, Strength, Time};
use drafting::compose::{Written, WrittenFields, compose_written};
use drafting::document::{Sentence, SentenceId};
use drafting::draft::{FieldContent, Support};
use drafting::extract::Extracted;
use drafting::finding::{Finding, Severity, Subject};
use drafting::recipe::{Form, Recipe};
use drafting::reconcile::{Reconciled, reconcile};

use crate::gold::{Annotation, Trap};
use crate::measure::drafted::extracted;

use super::locate::Located;
use super::table::Score;

mod answers;

pub use answers::{Expected, Place, Wrong};

/// A trap and what became of its wrong answers.
#[derive(Clone, Debug)]
pub struct Fallen {
    /// Case, kind and number within the kind, as the annotation has them: `rowan/drug_name/2`.
    pub id: String,
    /// The kind.
    pub kind: String,
    /// The wrong answers and what stopped each; none when nobody knows the wrong answer to such a trap.
    pub answers: Vec<Stopped>,
}

/// A wrong answer and what stopped it.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// The wrong answer.
    pub wrong: Wrong,
    /// The rules that found it, each with the worst severity; `cannot be cited` where it had no evidence at all.
    pub by: BTreeMap<String, Severity>,
    /// Whether it was taken out of the draft.
    pub taken_out: bool,
}

impl Stopped {
    /// Whether it was stopped, and as firmly as it must be.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let worst = self.by.values().min();
        match self.wrong.expected {
            Expected::Critical => self.taken_out || worst == Some(&Severity::Critical),
            Expected::Standard => self.taken_out || worst.is_some_and(|worst| *worst <= Severity::Standard),
        }
    }
}

impl Fallen {
    /// Whether each of its wrong answers was stopped, and there is one.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        !self.answers.is_empty() && self.answers.iter().all(Stopped::is_stopped)
    }
}

/// Plants the wrong answers to all traps of a case.
#[must_use]
pub fn planted(recipe: &Recipe, case: &Case, annotation: &Annotation) -> Vec<Fallen> {
    let court = Court::new(recipe, case);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    annotation
        .traps
        .iter()
        .map(|trap| {
            let number = numbers.entry(&trap.kind).or_default();
            *number += 1;
            Fallen {
                id: format!("{}/{}/{number}", case.id, trap.kind),
                kind: trap.kind.clone(),
                answers: answers::wrong(&court, trap, annotation)
                    .into_iter()
                    .map(|wrong| court.tried(wrong, trap))
                    .collect(),
            }
        })
        .collect()
}

/// What the sources of a case say, by their labels.
#[derive(Clone)]
struct Labelled {
    extracted: Vec<Extracted>,
    said: Reconciled,
}

/// A case as it is drafted, to plant in.
struct Court<'a> {
    recipe: &'a Recipe,
    case: &'a Case,
    all: Labelled,
    kept_out: BTreeSet<u16>,
    located: Vec<Located<'a>>,
}

impl<'a> Court<'a> {
    fn new(recipe: &'a Recipe, case: &'a Case) -> Self {
        let (extracted, kept_out) = extracted(recipe, case);
        Self {
            recipe,
            case,
            all: Labelled {
                said: reconcile(recipe, case, extracted.clone()),
                extracted,
            },
            kept_out,
            located: Located::all(case),
        }
    }

    /// The sentences in which the words stand, of a document or of any.
    fn sentences(&self, document: Option<&str>, words: &str) -> Vec<&'a Sentence> {
        let named = |located: &&Located| document.is_none_or(|name| located.is_named(name));
        let found = self.located.iter().filter(named).find_map(|located| {
            let whole = located.find(words, None);
            let cells = || {
                words
                    .split('|')
                    .map(|cell| located.find(cell, None))
                    .collect::<Vec<_>>()
            };
            let all: Vec<Citation> = if whole.is_empty() { cells().concat() } else { whole };
            (!all.is_empty()).then_some(all)
        });
        found
            .into_iter()
            .flatten()
            .map(|citation| citation.sentence)
            .collect()
    }

    /// The claims of these sentences. Where there are none, `all` gets what a model would have made of them for this field.
    fn claims(&self, all: &mut Labelled, field: &str, sentences: &[&Sentence]) -> Vec<ClaimId> {
        let ids: Vec<SentenceId> = sentences.iter().map(|sentence| sentence.id).collect();
        let own = |claim: &&Claim| claim.fact.is_none() && claim.sentences.iter().any(|id| ids.contains(id));
        if !all.said.claims.iter().any(|claim| own(&claim))
            && let Some(first) = ids.first()
        {
            let claim = self.claim(field, &ids);
            let source = all.extracted.iter_mut().find(|one| one.source == first.source);
            if let Some(source) = source {
                source.claims.push(Claim {
                    id: ClaimId(u32::try_from(source.claims.len() + 1).unwrap_or(u32::MAX)),
                    ..claim
                });
            }
            all.said = reconcile(self.recipe, self.case, all.extracted.clone());
        }
        let claims = all.said.claims.iter().filter(own);
        claims.map(|claim| claim.id).collect()
    }

    fn claim(&self, field: &str, sentences: &[SentenceId]) -> Claim {
        let select = self.recipe.field(field).and_then(|field| field.form.select());
        let kind = select
            .and_then(|select| select.kinds.first())
            .cloned()
            .unwrap_or_default();
        let voice = sentences.first().and_then(|id| {
            let source = self
                .case
                .sources
                .iter()
                .find(|source| source.number == id.source)?;
            Some(self.recipe.advice(source.advice.as_deref()?)?.speaker)
        });
        Claim {
            id: ClaimId(0),
            area: select.and_then(|select| select.area.clone()),
            sentences: sentences.to_vec(),
            speaker: voice.unwrap_or(Speaker::Professional),
            about: About::Subject,
            strength: Strength::Firm,
            negated: false,
            time: Time::Current,
            status: (kind == "provision").then_some(Status::Advised),
            slots: Slots::default(),
            fact: None,
            serves: Vec::new(),
            placement: None,
            kind,
        }
    }

    fn tried(&self, wrong: Wrong, trap: &Trap) -> Stopped {
        let mut stopped = match &wrong.place {
            Place::Field(field) => self.written(field, &wrong),
            Place::Twice(field, other) => self.twice(field, other, &wrong),
            Place::Value(field) => self.settled(field, &wrong),
        };
        // What the case itself tells of the trap's document, its words labelled as the field wants them.
        if let (true, Place::Field(field)) = (wrong.by_source, &wrong.place) {
            let mut all = self.all.clone();
            let sentences = self.sentences(trap.document.as_deref(), &trap.quote);
            self.claims(&mut all, field, &sentences);
            let checked = self.checked(&all.said, &WrittenFields::new());
            let about = |finding: &&Finding| self.is_about(&all.said, finding, trap);
            for finding in checked.findings().iter().filter(about) {
                add(&mut stopped.by, finding);
            }
        }
        Stopped { wrong, ..stopped }
    }

    /// Whether a finding is about the document of a trap, or about values one of which the trap gives.
    fn is_about(&self, all: &Reconciled, finding: &Finding, trap: &Trap) -> bool {
        let named = |name: &str| {
            trap.document
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        match &finding.subject {
            Subject::Source(name) => finding.rule.starts_with("source.") && named(name.as_str()),
            Subject::Field(attribute) => {
                let sentences = self.sentences(trap.document.as_deref(), &trap.quote);
                let gives = |id: &SentenceId| sentences.iter().any(|sentence| sentence.id == *id);
                let conflicts = all
                    .conflicts
                    .iter()
                    .filter(|conflict| conflict.attribute == *attribute);
                finding.rule == rules::CONFLICT.id
                    && conflicts
                        .flat_map(|conflict| &conflict.values)
                        .any(|value| value.sentences.iter().any(gives))
            }
            _ => false,
        }
    }

    fn checked(&self, all: &Reconciled, fields: &WrittenFields) -> CheckedDraft {
        let draft = compose_written(self.recipe, self.case, all, fields);
        self.check(all, draft)
    }

    fn check(&self, all: &Reconciled, draft: drafting::draft::Draft) -> CheckedDraft {
        check::check_worded(
            self.recipe,
            self.case,
            &all.claims,
            &self.kept_out,
            Vec::new(),
            draft,
            Judged::All,
            Wording::Written,
        )
    }

    /// A statement of a field, and nothing else in that field.
    fn written(&self, field: &str, wrong: &Wrong) -> Stopped {
        let mut all = self.all.clone();
        let sentences = self.sentences(wrong.document.as_deref(), &wrong.cites);
        let claims = self.claims(&mut all, field, &sentences);
        let mut stopped = Stopped {
            wrong: wrong.clone(),
            by: BTreeMap::new(),
            taken_out: false,
        };
        if claims.is_empty() {
            stopped.by.insert("cannot be cited".into(), Severity::Critical);
            stopped.taken_out = true;
            return stopped;
        }
        let one = Written {
            text: wrong.text.clone(),
            claims,
        };
        for finding in self.objections(&all.said, field, &one) {
            add(&mut stopped.by, &finding);
        }
        let checked = self.checked(&all.said, &[(field.to_owned(), vec![one])].into());
        let id = statement_with(&checked, &wrong.text);
        stopped.taken_out = id.is_none();
        for finding in about(&checked, id.as_deref(), field) {
            add(&mut stopped.by, finding);
        }
        stopped
    }

    /// What is said against a statement while it is written.
    fn objections(&self, all: &Reconciled, field: &str, written: &Written) -> Vec<Finding> {
        let reader = Reader::new(self.recipe, self.case, &all.claims);
        let place = self.recipe.fields().find(|(_, own)| own.key == field);
        let claims = all
            .claims
            .iter()
            .filter(|claim| written.claims.contains(&claim.id));
        let cited = claims.flat_map(|claim| &claim.sentences);
        let statement = Statement {
            text: &written.text,
            section: place.map(|(section, _)| section.id.as_str()),
            area: place.and_then(|(_, field)| field.form.select()?.area.as_deref()),
            citations: cited
                .filter_map(|id| self.sentence(*id))
                .map(|sentence| Citation { sentence, part: None })
                .collect(),
        };
        let subject = Subject::Field(field.to_owned());
        let mut findings = reader.findings(&subject, &statement);
        findings.extend(check::words(self.recipe, field, &subject, &written.text));
        findings
    }

    fn sentence(&self, id: SentenceId) -> Option<&'a Sentence> {
        let source = self
            .case
            .sources
            .iter()
            .find(|source| source.number == id.source)?;
        source.content.as_ref().ok()?.sentence(id)
    }

    /// The same matter written twice, the second time from the trap.
    fn twice(&self, field: &str, (first, document): &(String, String), wrong: &Wrong) -> Stopped {
        let mut all = self.all.clone();
        let of = |all: &mut Labelled, document: Option<&str>, words: &str| {
            let sentences = self.sentences(document, words);
            self.claims(all, field, &sentences)
        };
        // Labelling the second may number the claims of the first anew.
        of(&mut all, Some(document), first);
        let other = of(&mut all, wrong.document.as_deref(), &wrong.cites);
        let one = of(&mut all, Some(document), first);
        let statement = |text: &str, claims| Written {
            text: text.to_owned(),
            claims,
        };
        let both = vec![statement(first, one), statement(&wrong.text, other)];
        let checked = self.checked(&all.said, &[(field.to_owned(), both)].into());
        let id = statement_with(&checked, &wrong.text);
        let mut by = BTreeMap::new();
        for finding in about(&checked, id.as_deref(), field) {
            add(&mut by, finding);
        }
        Stopped {
            wrong: wrong.clone(),
            by,
            taken_out: id.is_none(),
        }
    }

    /// The value of one source as if it were settled.
    fn settled(&self, field: &str, wrong: &Wrong) -> Stopped {
        let mut draft = compose_written(self.recipe, self.case, &self.all.said, &WrittenFields::new());
        let gives = |claim: &&Claim| {
            claim
                .fact
                .as_ref()
                .is_some_and(|fact| fact.key == field && fact.value == wrong.text)
        };
        let claims: Vec<ClaimId> = self
            .all
            .said
            .claims
            .iter()
            .filter(gives)
            .map(|claim| claim.id)
            .collect();
        let own = draft
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.fields)
            .find(|own| own.key == field);
        if let Some(own) = own {
            let known = own.content.statements().first().map(|one| one.id.clone());
            own.content = FieldContent::Value(drafting::draft::Statement {
                id: known.unwrap_or_else(|| "A.99".to_owned()),
                text: wrong.text.clone(),
                support: Support::Claims(claims),
                serves: Vec::new(),
                marks: Vec::new(),
            });
        }
        // Whoever chose silently says nothing of a conflict either.
        draft.conflicts.clear();
        let checked = self.check(&self.all.said, draft);
        let id = statement_with(&checked, &wrong.text);
        let mut by = BTreeMap::new();
        for finding in about(&checked, id.as_deref(), field) {
            add(&mut by, finding);
        }
        Stopped {
            wrong: wrong.clone(),
            by,
            taken_out: id.is_none(),
        }
    }

    /// The list or passage for a kind and an area.
    fn field(&self, kind: &str, area: Option<&str>) -> Option<String> {
        let takes = |form: &Form| {
            form.select().is_some_and(|select| {
                select.kinds.iter().any(|own| own == kind)
                    && area.is_none_or(|area| select.area.as_deref() == Some(area))
            })
        };
        let mut fields = self.recipe.fields().filter(|(_, field)| takes(&field.form));
        fields.next().map(|(_, field)| field.key.clone())
    }

    /// The area of the claims of these words, else the first one.
    fn area(&self, document: Option<&str>, words: &str) -> String {
        let ids: BTreeSet<SentenceId> = self
            .sentences(document, words)
            .iter()
            .map(|sentence| sentence.id)
            .collect();
        let own = self
            .all
            .said
            .claims
            .iter()
            .filter(|claim| claim.sentences.iter().any(|id| ids.contains(id)));
        own.into_iter()
            .find_map(|claim| claim.area.clone())
            .or_else(|| self.recipe.areas.first().map(|area| area.id.clone()))
            .unwrap_or_default()
    }
}

fn add(by: &mut BTreeMap<String, Severity>, finding: &Finding) {
    // An added statement leaves its need or its outcome without a partner: that is not what stops it.
    if finding.severity == Severity::Info || finding.rule.starts_with("thread.") {
        return;
    }
    let worst = by.entry(finding.rule.clone()).or_insert(finding.severity);
    *worst = finding.severity.min(*worst);
}

fn statement_with(checked: &CheckedDraft, text: &str) -> Option<String> {
    let mut all = checked.draft().statements();
    all.find(|(_, _, statement)| statement.text == text)
        .map(|(_, _, statement)| statement.id.clone())
}

fn about<'c>(checked: &'c CheckedDraft, id: Option<&str>, field: &str) -> impl Iterator<Item = &'c Finding> {
    checked
        .findings()
        .iter()
        .filter(move |finding| match &finding.subject {
            Subject::Statement(own) => Some(own.as_str()) == id,
            Subject::Field(own) => own == field,
            _ => false,
        })
}

/// How many traps of each kind there are, and how many are stopped, in Markdown.
#[must_use]
pub fn markdown(all: &[Fallen]) -> String {
    let mut kinds: BTreeMap<&str, (Score, BTreeSet<&str>)> = BTreeMap::new();
    for trap in all {
        let (score, by) = kinds.entry(&trap.kind).or_default();
        score.add(trap.is_stopped());
        by.extend(
            trap.answers
                .iter()
                .flat_map(|stopped| stopped.by.keys().map(String::as_str)),
        );
    }
    let mut out = String::from("| trap | n | stopped | by |\n|---|---|---|---|\n");
    for (kind, (score, by)) in kinds {
        let by: Vec<String> = by.into_iter().map(|rule| format!("`{rule}`")).collect();
        // Writing to a string cannot fail.
        _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            kind.replace('_', " "),
            score.all,
            score.found,
            by.join(", ")
        );
    }
    out
}
