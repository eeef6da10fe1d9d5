//! Rules that need reading: what counts as an answer, and what becomes of one that does not.

use std::collections::BTreeSet;

use drafting::check::{self, CheckedDraft, Judged, RuleVerdict, Wording};
use drafting::prompt::Prompt;
use drafting::read_rules::{ReadRules, Reading, Readings, Step};
use drafting::recipe::{Recipe, RuleSetting};
use serde_json::{Value, json};

use crate::{FAIL, PASS, Plan, RECIPE};

const NEED: (&str, &str) = ("semh_needs", "He finds it hard to wait for his turn.");
const AGAIN: (&str, &str) = ("cognition_learning_needs", "Waiting for a turn is hard for him.");
const OUTCOME: (&str, &str) = ("semh_outcomes", "By July 2027 he will be happier.");

/// Reads a plan of these statements with the answers that a judge gives one after the other.
fn read(plan: &Plan, answers: &[Result<Value, String>]) -> (Readings, Vec<Prompt>) {
    let (mut work, mut step) = ReadRules::begin(&plan.recipe, &plan.draft);
    let (mut answers, mut asked) = (answers.iter(), Vec::new());
    loop {
        match step {
            Step::Done(readings) => return (readings, asked),
            Step::Ask(prompt) => {
                asked.push(prompt);
                step = work.answer(answers.next().unwrap().clone());
            }
        }
    }
}

fn checked(plan: &Plan, readings: &Readings) -> CheckedDraft {
    check::check_read(
        &plan.recipe,
        &plan.case,
        &plan.claims,
        &BTreeSet::new(),
        Vec::new(),
        plan.draft.clone(),
        Judged::All,
        Wording::Verbatim,
        check::Before {
            readings: Some(readings),
            remembered: None,
        },
    )
}

/// Whether a judge's word counts: an objection to a statement, none, and one to a statement that is not in the draft.
pub fn three_of(recipe: &Recipe, rule: &str, filled: &[(&str, &str)]) -> [bool; 3] {
    let plan = Plan::with(recipe, filled);
    let objection = |statement: &str| {
        Reading::Found(vec![drafting::read_rules::Objection {
            statement: statement.into(),
            words: "words".into(),
            problem: "a problem".into(),
        }])
    };
    [objection("s1"), Reading::Pass, objection("s9")].map(|reading| {
        let (mut readings, _) = read(&plan, &[Err("none".into())]);
        assert!(
            readings.insert(rule.to_owned(), reading).is_some(),
            "{rule} is asked about"
        );
        matches!(
            verdict(&checked(&plan, &readings), rule),
            RuleVerdict::Fail { .. }
        )
    })
}

/// The same, of the plan's own recipe.
pub fn three(rule: &str, filled: &[(&str, &str)]) -> [bool; 3] {
    three_of(&RECIPE, rule, filled)
}

fn verdict(checked: &CheckedDraft, rule: &str) -> RuleVerdict {
    let result = checked
        .results()
        .iter()
        .find(|result| result.rule == rule)
        .unwrap();
    result.verdict.clone()
}

/// The number of a rule in a prompt, by words of its question.
fn number(prompt: &Prompt, words: &str) -> usize {
    let line = prompt.material.lines().find(|line| line.contains(words)).unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

/// Passes everything, but for one rule.
fn answers(prompt: &Prompt, rule: usize, pass: bool, issues: &Value) -> Value {
    let rules = prompt
        .material
        .lines()
        .filter(|line| line.contains(" (statements "))
        .count();
    let one = |at: usize| {
        if at == rule {
            json!({"rule": at, "pass": pass, "issues": issues})
        } else {
            json!({"rule": at, "pass": true, "issues": []})
        }
    };
    json!({"answers": (1..=rules).map(one).collect::<Vec<_>>()})
}

/// What one answer about "say again" comes to: read, or asked again.
fn check(issues: &Value, pass: bool, expected: Option<&Reading>) {
    let plan = Plan::of(&[NEED, AGAIN, OUTCOME]);
    let (_, asked) = read(&plan, &[Err("no answer yet".into())]);
    let prompt = asked.first().unwrap();
    let rule = number(prompt, "say again");
    let answer = answers(prompt, rule, pass, issues);
    let (readings, asked) = read(&plan, &[Ok(answer.clone()), Ok(answer)]);
    let got = readings.get("read.one-place").unwrap();
    if let Some(expected) = expected {
        assert_eq!((got, asked.len()), (expected, 1), "{issues}");
    } else {
        assert!(matches!(got, Reading::Unreadable { .. }), "{issues}: {got:?}");
        assert_eq!(asked.len(), 2, "{issues}");
        // Only what could not be read is asked again.
        assert_eq!(
            asked.last().unwrap().material.matches(" (statements ").count(),
            1,
            "{issues}"
        );
    }
    assert_eq!(*readings.get("read.outcome-sound").unwrap(), Reading::Pass);
}

#[test]
fn only_words_that_stand_in_a_statement_that_the_rule_looks_at_count() {
    let issue = |statement: usize, words: &str| json!([{"statement": statement, "words": words, "problem": "said before"}]);
    let found = Reading::Found(vec![drafting::read_rules::Objection {
        statement: "s1".into(),
        words: "hard to WAIT".into(),
        problem: "said before".into(),
    }]);
    check(&json!([]), true, Some(&Reading::Pass));
    // The needs stand in the order of the plan: cognition first.
    check(&issue(2, "hard to WAIT"), false, Some(&found));
    check(&issue(2, "hard to weight"), false, None);
    check(&issue(2, "ard to wait"), false, None);
    check(&issue(2, ""), false, None);
    check(&issue(1, "hard to WAIT"), false, None);
    check(&issue(3, "be happier"), false, None);
    check(&issue(0, "hard to wait"), false, None);
    check(&issue(2, "hard to wait"), true, None);
    check(&json!([]), false, None);
}

#[test]
fn an_answer_that_is_missing_or_given_twice_is_none() {
    let plan = Plan::of(&[NEED]);
    for answer in [
        json!({"answers": []}),
        json!({"answers": [{"rule": 1, "pass": true, "issues": []}, {"rule": 1, "pass": true, "issues": []}]}),
        json!({"answers": [{"rule": 9, "pass": true, "issues": []}]}),
        json!("yes"),
        json!(null),
    ] {
        let (readings, asked) = read(&plan, &[Ok(answer.clone()), Ok(answer.clone())]);
        assert_eq!(asked.len(), 2, "{answer}");
        assert!(
            matches!(readings.get("read.one-place"), Some(Reading::Unreadable { .. })),
            "{answer}"
        );
    }
}

#[test]
fn a_call_that_fails_is_not_repeated_and_no_pass() {
    let plan = Plan::of(&[NEED]);
    let (readings, asked) = read(&plan, &[Err("the content filter refused it".into())]);
    assert_eq!(asked.len(), 1);
    let checked = checked(&plan, &readings);
    assert!(
        matches!(verdict(&checked, "read.one-place"), RuleVerdict::NotAssessed { reason } if reason.contains("filter"))
    );
    let found = checked
        .findings()
        .iter()
        .filter(|finding| finding.rule == "read.one-place");
    assert_eq!(found.count(), 1, "a person must make up for it");
}

#[test]
fn what_holds_nothing_or_is_off_is_not_asked_about() {
    let plan = Plan::of(&[("history", "He was born at home.")]);
    let (readings, asked) = read(&plan, &[]);
    assert!(asked.is_empty() && readings.values().all(|reading| *reading == Reading::Pass));
    let mut recipe = RECIPE.clone();
    for rule in ["read.one-place", "read.blame"] {
        recipe.rules.insert(rule.into(), RuleSetting::Off);
    }
    let (readings, asked) = read(&Plan::with(&recipe, &[NEED]), &[]);
    assert!(asked.is_empty() && !readings.contains_key("read.one-place"));
}

#[test]
fn a_draft_is_held_to_what_was_read() {
    let plan = Plan::of(&[NEED, OUTCOME]);
    let objection = |statement: &str| {
        Reading::Found(vec![drafting::read_rules::Objection {
            statement: statement.into(),
            words: "happier".into(),
            problem: "nobody can see it".into(),
        }])
    };
    let with = |reading| {
        let (mut readings, _) = read(&plan, &[Err("none".into())]);
        readings.insert("read.outcome-sound".into(), reading);
        checked(&plan, &readings)
    };
    let rule = "read.outcome-sound";
    assert_eq!(verdict(&with(Reading::Pass), rule), PASS);
    let found = with(objection("s2"));
    assert_eq!(verdict(&found, rule), FAIL);
    let finding = found
        .findings()
        .iter()
        .find(|finding| finding.rule == rule)
        .unwrap();
    assert_eq!(finding.message, "nobody can see it (\u{201c}happier\u{201d})");
    // A statement that was taken out since needs no objection.
    assert_eq!(verdict(&with(objection("s9")), rule), PASS);
    // And a judge who was never asked is no pass.
    let none = plan.verdict(rule);
    assert!(matches!(none, RuleVerdict::NotAssessed { .. }), "{none:?}");
}
