//! From ratings to a draft without what they block.

use std::collections::{BTreeMap, BTreeSet};

use super::weights::Weights;
use super::{Assessment, HeldBack, HeldKind, Part, Passage, Policy, Weighed};
use crate::check::{Screened, remove, rules};
use crate::claim::ClaimId;
use crate::draft::{Draft, NotUsed, Query, SentenceUse, Support};
use crate::finding::{Finding, Subject};
use crate::record::{Evidence, Generated};

/// How many places a finding names.
const MOST_NAMED: usize = 20;

/// Takes out of a draft what its ratings block, and lists it. `assessments` are those of `passages`, in their order; one
/// that is missing counts as not assessed. A draft with something blocked or not assessed is never ready.
#[must_use]
pub fn screened(
    policy: &Policy,
    generated: Generated,
    passages: &[Passage],
    assessments: &[Assessment],
) -> Generated {
    let weights = Weights::of(policy, passages, assessments);
    let verdicts = Verdicts::of(&weights, generated.checked.draft(), &generated.evidence());
    let mut findings = Vec::new();
    for (part, why) in weights.flagged() {
        findings.extend(finding(&generated, &verdicts, part, &why));
    }
    findings.extend(verdicts.held_findings());
    findings.extend(not_assessed(&weights));
    let (draft, mut held) = verdicts.applied(generated.checked.draft().clone());
    let (kept, messages) = messages(&weights, generated.checked.findings());
    if !messages.is_empty() {
        let message = format!("{} messages of findings held back by screening", messages.len());
        findings.push(held_back(Subject::Case, message));
    }
    held.extend(messages);
    findings.extend(kept);
    let screened = Screened {
        draft,
        held,
        findings,
        whole: weights.missing().is_empty(),
    };
    Generated {
        checked: generated.checked.screened(screened),
        ..generated
    }
}

/// Why each part of a draft that can be held back is; an empty list lets it stand.
struct Verdicts {
    statements: BTreeMap<String, Vec<Weighed>>,
    queries: Vec<Vec<Weighed>>,
    conflicts: Vec<Vec<Weighed>>,
    taken_out: Vec<Vec<Weighed>>,
}

impl Verdicts {
    fn of(weights: &Weights, draft: &Draft, evidence: &Evidence) -> Self {
        let mut statements = BTreeMap::new();
        for (_, _, statement) in draft.statements() {
            let own = Part::Statement(statement.id.clone());
            let why = weights.with_quotes(own, evidence.sentences(&statement.support));
            if !why.is_empty() {
                statements.insert(statement.id.clone(), why);
            }
        }
        let about = |query: &Query| {
            let id = query.statement.as_ref()?;
            statements.get(id).cloned()
        };
        let queries = draft.queries.iter().enumerate().map(|(place, query)| {
            let own = weights.with_quotes(Part::Query(place), query.sentences.iter().copied());
            // A question repeats the words that it is about.
            if own.is_empty() {
                about(query).unwrap_or_default()
            } else {
                own
            }
        });
        let queries = queries.collect();
        let conflicts = draft.conflicts.iter().enumerate().map(|(place, conflict)| {
            let shown = conflict.values.iter().flat_map(|value| value.sentences.clone());
            weights.with_quotes(Part::Conflict(place), shown)
        });
        let taken_out = (0..draft.taken_out.len()).map(|place| weights.blocking(&Part::TakenOut(place)));
        Self {
            queries,
            conflicts: conflicts.collect(),
            taken_out: taken_out.collect(),
            statements,
        }
    }

    /// The draft without what is blocked, and that.
    fn applied(self, mut draft: Draft) -> (Draft, Vec<HeldBack>) {
        let mut held = Vec::new();
        for (_, field, statement) in draft.statements() {
            held.extend(self.statements.get(&statement.id).map(|why| HeldBack {
                kind: HeldKind::Statement,
                field: Some(field.key.clone()),
                statement: Some(statement.id.clone()),
                text: statement.text.clone(),
                claims: claims(&statement.support),
                sentences: Vec::new(),
                why: why.clone(),
            }));
        }
        let removed: BTreeSet<String> = self.statements.into_keys().collect();
        held.extend(drained(&mut draft.queries, self.queries, |query, why| HeldBack {
            kind: HeldKind::Query,
            field: None,
            statement: query.statement,
            text: query.question,
            claims: query.claim.into_iter().collect(),
            sentences: query.sentences,
            why,
        }));
        held.extend(drained(&mut draft.conflicts, self.conflicts, |conflict, why| {
            let values: Vec<&str> = conflict.values.iter().map(|one| one.value.as_str()).collect();
            let sentences = conflict.values.iter().flat_map(|one| one.sentences.clone());
            HeldBack {
                kind: HeldKind::Conflict,
                field: None,
                statement: None,
                text: format!("{}: {}", conflict.attribute, values.join(" / ")),
                claims: Vec::new(),
                sentences: sentences.collect(),
                why,
            }
        }));
        held.extend(drained(&mut draft.taken_out, self.taken_out, |one, why| {
            HeldBack {
                kind: HeldKind::TakenOut,
                field: Some(one.field),
                statement: one.statement,
                text: one.text,
                claims: one.claims,
                sentences: Vec::new(),
                why,
            }
        }));
        remove(&mut draft, &removed);
        account(&mut draft, &removed);
        (draft, held)
    }

    /// A finding for each statement, and one for each other kind of thing that is held back.
    fn held_findings(&self) -> Vec<Finding> {
        let of_statement = |(id, why): (&String, &Vec<Weighed>)| {
            let message = format!(
                "it is held back: screening rated it, or the words it rests on, {}",
                told(why)
            );
            held_back(Subject::Statement(id.clone()), message)
        };
        let mut findings: Vec<Finding> = self.statements.iter().map(of_statement).collect();
        let others = [
            ("questions", &self.queries),
            ("conflicts between sources", &self.conflicts),
            ("texts that were taken out of the draft", &self.taken_out),
        ];
        for (what, all) in others {
            let held = all.iter().filter(|why| !why.is_empty()).count();
            if held > 0 {
                findings.push(held_back(
                    Subject::Case,
                    format!("{held} {what} held back by screening"),
                ));
            }
        }
        findings
    }
}

/// What is taken out of `all` for a reason, made into something else.
fn drained<T, U>(all: &mut Vec<T>, whys: Vec<Vec<Weighed>>, made: impl Fn(T, Vec<Weighed>) -> U) -> Vec<U> {
    let mut out = Vec::new();
    let mut kept = Vec::new();
    // There are as many reasons as things: they were made from them.
    for (one, why) in std::mem::take(all).into_iter().zip(whys) {
        if why.is_empty() {
            kept.push(one);
        } else {
            out.push(made(one, why));
        }
    }
    *all = kept;
    out
}

fn claims(support: &Support) -> Vec<ClaimId> {
    match support {
        Support::Claims(claims) => claims.clone(),
        Support::Officer => Vec::new(),
    }
}

/// The findings that were there before, without the messages that are blocked, and those messages.
fn messages(weights: &Weights, before: &[Finding]) -> (Vec<Finding>, Vec<HeldBack>) {
    let mut findings = before.to_vec();
    let mut held = Vec::new();
    for (place, finding) in findings.iter_mut().enumerate() {
        let why = weights.blocking(&Part::Finding(place));
        if why.is_empty() {
            continue;
        }
        let withheld = "what was found here is held back by screening".to_owned();
        held.push(HeldBack {
            kind: HeldKind::Finding,
            field: None,
            statement: match &finding.subject {
                Subject::Statement(id) => Some(id.clone()),
                _ => None,
            },
            text: std::mem::replace(&mut finding.message, withheld),
            claims: Vec::new(),
            sentences: Vec::new(),
            why,
        });
        finding.hint = Some("read it in the report under \u{201c}Held back by screening\u{201d}".into());
    }
    (findings, held)
}

/// Says of sentences that support nothing any more why that is.
fn account(draft: &mut Draft, removed: &BTreeSet<String>) {
    for coverage in &mut draft.coverage {
        let (SentenceUse::Used(ids) | SentenceUse::Merged(ids)) = &mut coverage.fate else {
            continue;
        };
        let before = ids.len();
        ids.retain(|id| !removed.contains(id));
        if ids.is_empty() && before > 0 {
            coverage.fate = SentenceUse::NotUsed(NotUsed::HeldBack);
        }
    }
}

/// What a flagged part calls for, where it is not itself held back with a finding of its own.
fn finding(generated: &Generated, verdicts: &Verdicts, part: &Part, why: &[Weighed]) -> Option<Finding> {
    let blocks = why.iter().any(|one| one.action.blocks());
    let (subject, what) = match part {
        Part::Fixed => (Subject::Case, "the recipe's own words were"),
        Part::Source(number) => {
            let name = generated.source(*number)?.name.clone();
            (Subject::Source(name), "its file name or its author's role was")
        }
        Part::Statement(id) if !verdicts.statements.contains_key(id) => {
            (Subject::Statement(id.clone()), "it was")
        }
        Part::Quote(id) if !blocks => (Subject::Sentence(*id), "it was"),
        Part::Query(_) | Part::Conflict(_) | Part::TakenOut(_) | Part::Finding(_) if !blocks => (
            Subject::Case,
            "a question, a conflict, a finding or a text that was taken out was",
        ),
        Part::Statement(_)
        | Part::Quote(_)
        | Part::Query(_)
        | Part::Conflict(_)
        | Part::TakenOut(_)
        | Part::Finding(_) => return None,
    };
    let message = format!("{what} rated {} by screening", told(why));
    Some(if blocks {
        rules::HELD_BACK.finding(
            subject,
            format!("{message}; it cannot be held back"),
            Some("change it before anything is sent on".into()),
        )
    } else {
        let hint = "read it with that in mind before it is sent on".into();
        rules::NOTED.finding(subject, message, Some(hint))
    })
}

fn held_back(subject: Subject, message: String) -> Finding {
    let hint = "read it in the report under \u{201c}Held back by screening\u{201d} and decide whether it belongs in the document";
    rules::HELD_BACK.finding(subject, message, Some(hint.into()))
}

fn told(why: &[Weighed]) -> String {
    let all: Vec<String> = why.iter().map(ToString::to_string).collect();
    all.join(", ")
}

fn not_assessed(weights: &Weights) -> impl Iterator<Item = Finding> {
    weights.missing().iter().map(|(reason, parts)| {
        let statements: Vec<&str> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Statement(id) => Some(id.as_str()),
                _ => None,
            })
            .collect();
        let first = statements.get(..MOST_NAMED);
        let named = match first.filter(|first| first.len() < statements.len()) {
            Some(first) => format!("{} and {} more", first.join(", "), statements.len() - first.len()),
            None => statements.join(", "),
        };
        let named = if named.is_empty() {
            named
        } else {
            format!(", among them {named}")
        };
        rules::UNSCREENED.finding(
            Subject::Case,
            format!(
                "{} parts of the draft were not screened{named}: {reason}",
                parts.len()
            ),
            Some("ask for another attempt at the draft (`attempt` in the request), or read it for harm yourself".into()),
        )
    })
}
