//! Examples of the rules about what a model and the services around it did.

use drafting::claim::ClaimId;
use drafting::extract;
use drafting::label;
use drafting::reconcile::{Reconciled, reconcile};
use drafting::screening::Level;
use drafting::write::{Drafted, Group, Omitted, Outcome, Why, finish};
use serde_json::{Value, json};

use super::super::screening::{rated, verdict};
use super::*;

pub(super) fn examples() -> Vec<[Example; 3]> {
    vec![
        unlabelled(),
        unwritten(),
        unjudged(),
        omitted("coverage.taken-out", Why::Failed(vec!["no".into()]), Why::Unused),
        omitted(
            "coverage.left-out",
            Why::LeftOut("told before".into()),
            Why::Failed(Vec::new()),
        ),
        screened("screening.held-back", Level::Medium, Level::Low),
        // What is held back is told as that, and not noted besides.
        screened("screening.noted", Level::Low, Level::Medium),
        unscreened(),
    ]
}

/// What is told as `run.unlabelled` is an answer that cannot be read.
fn unlabelled() -> [Example; 3] {
    let case = statements::about_rowan(&["Rowan needs help."]);
    let asked = label::prompts(&RECIPE, &case.sources[0], &[]).remove(0);
    let unreadable = |answer: &Value| {
        asked
            .read(&RECIPE, &case, |_| Speaker::Professional, answer)
            .is_err()
    };
    let with = |groups: Value| {
        json!({
            "groups": groups, "speaker": [], "about": [], "strength": [], "negated": [], "time": [], "standing": [],
            "links": [], "instructions": [],
        })
    };
    let need = json!([{ "kind": "need", "area": "semh", "items": ["1"] }]);
    // A model that finds nothing has sorted it.
    of(
        "run.unlabelled",
        unreadable(&json!("a need")),
        unreadable(&with(need)),
        unreadable(&with(json!([]))),
    )
}

fn all(case: &Case) -> Reconciled {
    let found = extract::document(&RECIPE, &case.sources[0], &case.manifest).unwrap();
    reconcile(&RECIPE, case, vec![found])
}

/// Whether the rule finds something after this came of a group.
fn after(rule: &str, outcome: Option<Outcome>) -> bool {
    let case = statements::about_rowan(&["Rowan needs help."]);
    let group = Group {
        title: "Communication and interaction".to_owned(),
        sections: vec!["B".to_owned()],
        portions: Vec::new(),
    };
    let groups = outcome.into_iter().map(|outcome| (group.clone(), outcome));
    let finished = finish(&RECIPE, &case, &all(&case), groups.collect());
    let stage = Stage::of(&["Rowan needs help."]).with(|stage| {
        stage.draft = finished.draft;
        stage.earlier = finished.findings;
        stage.wording = Wording::Written;
        stage.claims = all(&case).claims;
    });
    stage.finds(rule)
}

fn unwritten() -> [Example; 3] {
    let rule = "run.unwritten";
    let failed = Outcome::Failed {
        reason: "it was cut off".to_owned(),
    };
    // A part with nothing in it is written.
    of(
        rule,
        after(rule, Some(failed)),
        after(rule, None),
        after(rule, Some(Outcome::Written(Drafted::default()))),
    )
}

fn unjudged() -> [Example; 3] {
    let rule = "run.unjudged";
    let drafted = |change: &dyn Fn(&mut Drafted)| {
        let mut drafted = Drafted::default();
        change(&mut drafted);
        after(rule, Some(Outcome::Written(drafted)))
    };
    let place = (NEEDS.to_owned(), 0, "it was cut off".to_owned());
    of(
        rule,
        drafted(&|drafted| drafted.unjudged.push(place.clone())),
        drafted(&|_| ()),
        // What is not in the draft needs no verdict.
        drafted(&|drafted| drafted.omitted.push(left(Why::Unused))),
    )
}

fn left(why: Why) -> Omitted {
    Omitted {
        field: NEEDS.to_owned(),
        claims: vec![ClaimId(1)],
        text: Some("Rowan needs much help.".to_owned()),
        why,
    }
}

fn omitted(rule: &'static str, found: Why, near: Why) -> [Example; 3] {
    let after = |omitted: Option<Why>| {
        let drafted = Drafted {
            omitted: omitted.map(left).into_iter().collect(),
            ..Drafted::default()
        };
        after(rule, Some(Outcome::Written(drafted)))
    };
    of(rule, after(Some(found)), after(None), after(Some(near)))
}

/// A text about a belt that was rated so.
fn screened(rule: &'static str, found_at: Level, near: Level) -> [Example; 3] {
    let at = |level| found(&rated("belt", level).checked, rule);
    of(rule, at(found_at), at(Level::Safe), at(near))
}

/// All texts but the last were rated; all were; all were, one of them as severe.
fn unscreened() -> [Example; 3] {
    let rule = "screening.not-assessed";
    let whole = rated("belt", Level::Safe);
    assert_eq!(verdict(&whole, rule), RuleVerdict::Pass);
    of(
        rule,
        found(&screening::unrated().checked, rule),
        found(&whole.checked, rule),
        found(&rated("belt", Level::High).checked, rule),
    )
}
