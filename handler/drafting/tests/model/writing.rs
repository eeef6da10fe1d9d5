//! Writing a group of fields: whatever a model answers, the loop ends, and nothing is kept that a check objects to.

use std::collections::BTreeSet;

use drafting::case::Case;
use drafting::claim::{ClaimId, Speaker};
use drafting::compose::{Portion, Written, portions};
use drafting::draft::Support;
use drafting::finding::{Finding, Severity, Subject};
use drafting::label;
use drafting::prompt::{Prompt, Purpose};
use drafting::reconcile::{Reconciled, reconcile};
use drafting::write::{self, Context, Drafted, Group, Outcome, Rounds, Step, Why, Work};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::stage::{RECIPE, case, found};

fn all(case: &Case) -> Reconciled {
    let asked = label::prompts(&RECIPE, &case.sources[0], &[]).remove(0);
    let answer = json!({
        "groups": [
            {"kind": "need", "area": "communication_interaction", "items": ["1-2"]},
            {"kind": "provision", "area": "communication_interaction", "items": ["3"]},
            {"kind": "outcome", "area": "communication_interaction", "items": ["4"]},
            {"kind": "strength", "area": "communication_interaction", "items": ["6"]},
        ],
        "speaker": [], "about": [], "strength": [], "negated": [], "time": [], "standing": [],
        "links": [{"from": "3", "to": ["1"]}, {"from": "4", "to": ["1"]}], "instructions": [],
    });
    let labelled = asked
        .read(&RECIPE, case, |_| Speaker::Professional, &answer)
        .unwrap();
    let mut documents = found(case);
    documents.truncate(1);
    let extracted = label::extracted(&RECIPE, documents.remove(0), vec![labelled]);
    reconcile(&RECIPE, case, vec![extracted])
}

fn group(case: &Case, all: &Reconciled) -> Group {
    let mut groups = write::groups(&RECIPE, portions(&RECIPE, case, all));
    assert_eq!(groups.len(), 1, "one area is one group");
    groups.remove(0)
}

/// Code objects critically to a statement that holds the word "BAD", and to "WEAK" at standard severity.
fn objections(_: &str, written: &Written) -> Vec<Finding> {
    let find = |word: &str, severity| {
        written.text.contains(word).then(|| Finding {
            severity,
            rule: "test.word".into(),
            subject: Subject::Case,
            message: format!("it holds {word}"),
            hint: None,
        })
    };
    [find("BAD", Severity::Critical), find("WEAK", Severity::Standard)]
        .into_iter()
        .flatten()
        .collect()
}

/// Plays one group; `model` answers each prompt. Gives what came of it and the purposes that were asked for.
fn play(rounds: Rounds, mut model: impl FnMut(&Prompt) -> Result<Value, String>) -> (Outcome, Vec<Purpose>) {
    let case = case();
    let all = all(&case);
    let group = group(&case, &all);
    let context = Context {
        recipe: &RECIPE,
        case: &case,
        all: &all,
        checking: &objections,
        rounds,
    };
    let (mut work, mut step) = Work::begin(context, &group);
    let mut asked = Vec::new();
    loop {
        match step {
            Step::Done(outcome) => return (outcome, asked),
            Step::Ask(prompt) => {
                asked.push(prompt.purpose);
                assert!(asked.len() <= 40, "the loop does not end: {asked:?}");
                step = work.answer(model(&prompt));
            }
        }
    }
}

/// The claims of the small case: need, provision, outcome, strength.
fn ids() -> Vec<u32> {
    let case = case();
    let all = all(&case);
    let group = group(&case, &all);
    let of = |kind: &str| {
        let claims = group.portions.iter().flat_map(|portion| &portion.claims);
        claims
            .filter_map(|id| all.claims.iter().find(|claim| claim.id == *id))
            .find(|claim| claim.kind == kind)
            .map(|claim| claim.id.0)
            .unwrap()
    };
    ["need", "provision", "outcome", "strength"].map(of).to_vec()
}

/// An answer with one statement for each of the four claims, each in its field.
fn four(texts: [&str; 4]) -> Value {
    let case = case();
    let all = all(&case);
    let group = group(&case, &all);
    let entries: Vec<Value> = ids()
        .iter()
        .zip(texts)
        .filter(|(_, text)| !text.is_empty())
        .map(|(id, text)| {
            let field = group
                .portions
                .iter()
                .position(|portion| portion.claims.contains(&ClaimId(*id)))
                .unwrap();
            json!({"field": field + 1, "text": text, "claims": [id]})
        })
        .collect();
    json!({"statements": entries, "left_out": []})
}

const GOOD: [&str; 4] = ["need text", "provision text", "outcome text", "strength text"];

fn passes(prompt: &Prompt) -> Value {
    let count = prompt
        .material
        .lines()
        .filter(|line| line.ends_with(']') && line.contains(" [e"))
        .count();
    json!({"entailed": (1..=count).collect::<Vec<_>>(), "issues": []})
}

fn drafted(outcome: Outcome) -> Drafted {
    match outcome {
        Outcome::Written(drafted) => drafted,
        Outcome::Failed { reason } => unreachable!("{reason}"),
    }
}

fn texts(drafted: &Drafted) -> Vec<&str> {
    drafted
        .fields
        .values()
        .flatten()
        .map(|written| written.text.as_str())
        .collect()
}

#[test]
fn an_area_with_many_claims_is_written_in_parts_and_a_field_never_is() {
    let portion = |field: &str, from: u32, to: u32| Portion {
        field: field.to_owned(),
        claims: (from..=to).map(ClaimId).collect(),
    };
    let portions = vec![
        portion("communication_interaction_needs", 1, 80),
        portion("semh_needs", 81, 85),
        portion("communication_interaction_outcomes", 86, 90),
        portion("communication_interaction_provisions", 91, 110),
    ];
    let groups = write::groups(&RECIPE, portions.clone());
    let shape: Vec<(usize, Vec<&str>)> = groups
        .iter()
        .map(|group| {
            (
                group.portions.len(),
                group.sections.iter().map(String::as_str).collect(),
            )
        })
        .collect();
    assert_eq!(shape, [(1, vec!["B"]), (2, vec!["E", "F"]), (1, vec!["B"])]);
    let all: BTreeSet<ClaimId> = groups
        .iter()
        .flat_map(|group| &group.portions)
        .flat_map(|portion| portion.claims.clone())
        .collect();
    assert_eq!(all.len(), 110);
}

#[test]
fn what_is_right_at_once_takes_two_calls() {
    let (outcome, asked) = play(Rounds::default(), |prompt| {
        Ok(if prompt.purpose == Purpose::Write {
            four(GOOD)
        } else {
            passes(prompt)
        })
    });
    assert_eq!(asked, [Purpose::Write, Purpose::Judge]);
    let drafted = drafted(outcome);
    assert_eq!(texts(&drafted).len(), 4);
    assert_eq!(
        (drafted.unjudged.len(), drafted.omitted.len(), drafted.rounds),
        (0, 0, 0)
    );
}

#[test]
fn only_what_is_flagged_is_written_anew() {
    let (outcome, asked) = play(Rounds::default(), |prompt| {
        Ok(match prompt.purpose {
            Purpose::Write => four(["need BAD", "provision text", "outcome text", "strength text"]),
            Purpose::Repair => {
                assert!(prompt.material.contains("need BAD") && prompt.material.contains("it holds BAD"));
                assert!(!prompt.material.contains("provision text"), "{}", prompt.material);
                json!({"statements": [{"statement": 1, "text": "need mended", "claims": [ids()[0]]}], "added": [], "left_out": []})
            }
            _ => passes(prompt),
        })
    });
    assert_eq!(
        asked,
        [Purpose::Write, Purpose::Judge, Purpose::Repair, Purpose::Judge]
    );
    let drafted = drafted(outcome);
    assert!(texts(&drafted).contains(&"need mended"));
    assert!(drafted.omitted.is_empty());
}

#[test]
fn what_cannot_be_mended_goes_out_and_is_listed() {
    let (outcome, _) = play(Rounds::default(), |prompt| {
        Ok(match prompt.purpose {
            Purpose::Write => four(["need BAD", "provision text", "outcome text", "strength text"]),
            Purpose::Repair => {
                json!({"statements": [{"statement": 1, "text": "still BAD", "claims": [ids()[0]]}], "added": [], "left_out": []})
            }
            _ => passes(prompt),
        })
    });
    let drafted = drafted(outcome);
    assert_eq!(texts(&drafted).len(), 3);
    assert_eq!(drafted.omitted.len(), 1);
    assert_eq!(drafted.omitted[0].why, Why::Failed(vec!["it holds BAD".into()]));
    assert_eq!(drafted.omitted[0].claims, [ClaimId(ids()[0])]);
    assert!(
        drafted.omitted[0]
            .text
            .as_deref()
            .is_some_and(|text| text.ends_with("BAD")),
        "the words that were taken out are kept"
    );
}

#[test]
fn the_better_version_is_kept_and_not_the_last() {
    let (outcome, _) = play(Rounds::default(), |prompt| {
        Ok(match prompt.purpose {
            Purpose::Write => four(["need WEAK", "provision text", "outcome text", "strength text"]),
            Purpose::Repair => {
                json!({"statements": [{"statement": 1, "text": "worse BAD", "claims": [ids()[0]]}], "added": [], "left_out": []})
            }
            _ => passes(prompt),
        })
    });
    let drafted = drafted(outcome);
    assert!(texts(&drafted).contains(&"need WEAK"), "{drafted:?}");
    assert!(drafted.omitted.is_empty());
}

#[test]
fn a_need_that_no_statement_takes_up_is_asked_for_and_then_listed() {
    let (outcome, asked) = play(Rounds::default(), |prompt| {
        Ok(match prompt.purpose {
            Purpose::Write => four(["", "provision text", "outcome text", "strength text"]),
            Purpose::Repair => {
                assert!(
                    prompt
                        .material
                        .contains(&format!("<unused>{}</unused>", ids()[0]))
                );
                json!({"statements": [], "added": [], "left_out": []})
            }
            _ => passes(prompt),
        })
    });
    assert_eq!(
        asked
            .iter()
            .filter(|purpose| **purpose == Purpose::Repair)
            .count(),
        1,
        "no gain, no further round"
    );
    let drafted = drafted(outcome);
    assert_eq!(drafted.omitted.len(), 1);
    assert_eq!(drafted.omitted[0].why, Why::Unused);
}

#[test]
fn a_verdict_that_is_missing_is_asked_for_again_and_never_passes() {
    for silent in [
        Ok(json!({"entailed": [], "issues": []})),
        Ok(json!({"verdict": "all fine"})),
        Err("the judge's answer was withheld by a content filter".to_owned()),
    ] {
        let (outcome, asked) = play(Rounds::default(), |prompt| match prompt.purpose {
            Purpose::Write => Ok(four(GOOD)),
            _ => silent.clone(),
        });
        assert_eq!(asked, [Purpose::Write, Purpose::Judge, Purpose::Judge]);
        assert_eq!(drafted(outcome).unjudged.len(), 4);
    }
}

#[test]
fn both_passed_and_objected_to_is_objected_to() {
    let (outcome, _) = play(Rounds { least: 0, most: 0 }, |prompt| {
        Ok(match prompt.purpose {
            Purpose::Write => four(GOOD),
            _ => {
                json!({"entailed": [1, 2, 3, 4], "issues": [{"statement": 1, "verdict": "partly", "words": "text", "evidence": "", "problem": "adds"}]})
            }
        })
    });
    assert_eq!(drafted(outcome).omitted.len(), 1);
}

#[test]
fn a_group_that_cannot_be_written_says_why() {
    let (outcome, _) = play(Rounds::default(), |_| Err("the service was busy".into()));
    assert_eq!(
        outcome,
        Outcome::Failed {
            reason: "the service was busy".into()
        }
    );
    for nothing in [
        json!({}),
        json!({"statements": [], "left_out": []}),
        json!({"statements": [{"field": 9, "text": "x", "claims": [1]}], "left_out": []}),
    ] {
        let (outcome, _) = play(Rounds::default(), |_| Ok(nothing.clone()));
        assert!(matches!(outcome, Outcome::Failed { .. }), "{nothing}");
    }
}

#[test]
fn a_second_look_can_be_demanded() {
    let (_, asked) = play(Rounds { least: 2, most: 3 }, |prompt| {
        Ok(if prompt.purpose == Purpose::Write {
            four(GOOD)
        } else {
            passes(prompt)
        })
    });
    assert_eq!(
        asked,
        [Purpose::Write, Purpose::Judge, Purpose::Judge, Purpose::Judge]
    );
}

#[test]
fn a_failed_group_stands_in_its_sources_words_and_is_never_judged() {
    let case = case();
    let all = all(&case);
    let group = group(&case, &all);
    let outcome = Outcome::Failed {
        reason: "the service was busy".into(),
    };
    let finished = write::finish(&RECIPE, &case, &all, vec![(group, outcome)]);
    assert!(!finished.judged);
    assert!(
        finished
            .findings
            .iter()
            .all(|finding| finding.severity == Severity::Critical)
    );
    let sections: BTreeSet<&Subject> = finished.findings.iter().map(|finding| &finding.subject).collect();
    assert!(sections.contains(&Subject::Section("B".into())), "{sections:?}");
    assert!(
        finished
            .draft
            .statements()
            .any(|(_, _, statement)| statement.text.contains("finds it hard to follow"))
    );
}

#[test]
fn written_statements_keep_their_evidence_and_their_links() {
    let case = case();
    let all = all(&case);
    let (outcome, _) = play(Rounds::default(), |prompt| {
        Ok(if prompt.purpose == Purpose::Write {
            four(GOOD)
        } else {
            passes(prompt)
        })
    });
    let finished = write::finish(&RECIPE, &case, &all, vec![(group(&case, &all), outcome)]);
    assert!(
        finished.judged && finished.findings.is_empty(),
        "{:?}",
        finished.findings
    );
    let find = |text: &str| {
        finished
            .draft
            .statements()
            .find(|(_, _, statement)| statement.text == text)
            .map(|(_, _, statement)| statement.clone())
            .unwrap()
    };
    let (need, provision) = (find("need text"), find("provision text"));
    assert_eq!(provision.serves, std::slice::from_ref(&need.id));
    assert_eq!(need.support, Support::Claims(vec![ClaimId(ids()[0])]));
}

/// One answer of a model that does what it likes.
fn anything() -> impl Strategy<Value = Result<Value, String>> {
    let text = prop::sample::select(vec!["fine", "BAD", "WEAK", "", "  "]);
    let entry = (0_usize..6, text.clone(), prop::collection::vec(0_u32..12, 0..4))
        .prop_map(|(field, text, claims)| json!({"field": field, "text": text, "claims": claims}));
    let anew = (0_usize..6, text, prop::collection::vec(0_u32..12, 0..4)).prop_map(
        |(statement, text, claims)| json!({"statement": statement, "text": text, "claims": claims}),
    );
    let issue = (0_usize..6, prop::sample::select(vec!["partly", "not", "contradicts", "unsure"]))
        .prop_map(|(statement, verdict)| json!({"statement": statement, "verdict": verdict, "words": "", "evidence": "", "problem": "p"}));
    let left = (0_u32..12).prop_map(|claim| json!({"claim": claim, "reason": "detail"}));
    prop_oneof![
        1 => Just(Err("no answer".to_owned())),
        1 => Just(Ok(json!("nonsense"))),
        8 => (
            prop::collection::vec(entry.clone(), 0..6),
            prop::collection::vec(left.clone(), 0..3),
        ).prop_map(|(statements, left_out)| Ok(json!({"statements": statements, "left_out": left_out}))),
        8 => (
            prop::collection::vec(0_usize..6, 0..6),
            prop::collection::vec(issue, 0..3),
        ).prop_map(|(entailed, issues)| Ok(json!({"entailed": entailed, "issues": issues}))),
        8 => (
            prop::collection::vec(anew, 0..6),
            prop::collection::vec(entry, 0..3),
            prop::collection::vec(left, 0..3),
        ).prop_map(|(statements, added, left_out)| Ok(json!({"statements": statements, "added": added, "left_out": left_out}))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_a_model_answers_the_loop_ends_and_keeps_nothing_bad(
        answers in prop::collection::vec(anything(), 1..40),
        least in 0_u8..4,
    ) {
        let mut next = answers.iter().cycle();
        let (outcome, _) = play(Rounds { least, most: 3 }, |_| next.next().unwrap().clone());
        if let Outcome::Written(drafted) = outcome {
            let known: BTreeSet<u32> = ids().into_iter().collect();
            for written in drafted.fields.values().flatten() {
                prop_assert!(!written.text.contains("BAD"));
                prop_assert!(!written.text.trim().is_empty());
                prop_assert!(!written.claims.is_empty());
                prop_assert!(written.claims.iter().all(|id| known.contains(&id.0)));
            }
            let kept: BTreeSet<ClaimId> = drafted.fields.values().flatten().flat_map(|w| w.claims.clone()).collect();
            let listed: BTreeSet<ClaimId> = drafted.omitted.iter().flat_map(|o| o.claims.clone()).collect();
            for id in ids().iter().take(3) {
                prop_assert!(kept.contains(&ClaimId(*id)) || listed.contains(&ClaimId(*id)), "claim {id} is nowhere");
            }
        }
    }
}
