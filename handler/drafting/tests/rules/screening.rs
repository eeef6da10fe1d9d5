//! What is done about ratings: the table of the policy, what is held back, and what was not rated.

use std::collections::{BTreeMap, BTreeSet};

use drafting::check::{self, Judged, RuleVerdict, RunOutcome, Wording};
use drafting::document::SentenceId;
use drafting::draft::{
    Conflict, ConflictValue, Coverage, FieldContent, NotUsed, Query, SentenceUse, TakenOut,
};
use drafting::finding::{Finding, Severity, Subject};
use drafting::hash::Digest;
use drafting::id::RunId;
use drafting::record::{Drafter, Generated};
use drafting::screening::{
    Action, Assessment, Category, HeldKind, Level, Part, Passage, Policy, Ratings, passages, screened,
};

use super::{NEEDS, case, claim, draft, recipe, statement};

const HARM: &str = "Rowan was hit with a belt.";
const CALM: &str = "Rowan reads well.";

/// A draft of two needs that a judge has read, with a question and a conflict about the first, and words taken out.
fn generated() -> Generated {
    let (recipe, case) = (recipe(), case(&[HARM, CALM]));
    let claims = vec![claim(1, "need", 1, 1), claim(2, "need", 1, 2)];
    let first = SentenceId { source: 1, number: 1 };
    let needs = vec![statement("B.CI.1", HARM, &[1]), statement("B.CI.2", CALM, &[2])];
    let mut draft = draft(&recipe, vec![(NEEDS, FieldContent::Statements(needs))]);
    let ask = |statement: Option<&str>, question: &str| Query {
        statement: statement.map(str::to_owned),
        question: question.to_owned(),
        reason: "the law wants it".to_owned(),
        ..Query::default()
    };
    draft.queries = vec![ask(Some("B.CI.1"), "What helps?"), ask(None, "Which school?")];
    draft.conflicts = vec![Conflict {
        attribute: "hours".into(),
        values: vec![ConflictValue {
            value: "a belt".into(),
            sentences: vec![first],
        }],
        decided: None,
    }];
    draft.taken_out = vec![TakenOut {
        field: NEEDS.into(),
        statement: None,
        text: "Rowan was hit daily.".into(),
        claims: Vec::new(),
        why: Vec::new(),
    }];
    draft.coverage = vec![Coverage {
        sentence: first,
        fate: SentenceUse::Used(vec!["B.CI.1".into()]),
    }];
    let none = BTreeSet::new();
    let checked = check::check_worded(
        &recipe,
        &case,
        &claims,
        &none,
        Vec::new(),
        draft,
        Judged::All,
        Wording::Written,
    );
    Generated {
        run: RunId::of(&Digest::of(b"screening"), 1),
        drafter: Drafter::extractive(),
        usage: BTreeMap::new(),
        case,
        kept_out: BTreeSet::new(),
        superseded: BTreeMap::new(),
        claims,
        changes: None,
        checked,
    }
}

fn violence(level: Level) -> Assessment {
    Assessment::Rated(Ratings {
        violence: level,
        ..Ratings::SAFE
    })
}

/// The draft after texts with `word` were rated as violent, and all others as harmless.
pub fn rated(word: &str, level: Level) -> Generated {
    let (recipe, generated) = (recipe(), generated());
    let passages = passages(&recipe, &generated);
    assert!(
        passages.iter().any(|passage| passage.text.contains(word)),
        "{word}"
    );
    let rate = |passage: &Passage| {
        let harmful = passage.text.contains(word);
        violence(if harmful { level } else { Level::Safe })
    };
    let assessments: Vec<Assessment> = passages.iter().map(rate).collect();
    screened(&Policy::default(), generated, &passages, &assessments)
}

/// The draft after no text was rated.
pub fn unrated() -> Generated {
    let (recipe, generated) = (recipe(), generated());
    let passages = passages(&recipe, &generated);
    screened(&Policy::default(), generated, &passages, &[])
}

fn held(generated: &Generated) -> Vec<(HeldKind, &str)> {
    let held = generated.checked.held_back();
    held.iter().map(|one| (one.kind, one.text.as_str())).collect()
}

fn of_rule<'g>(generated: &'g Generated, rule: &str) -> Vec<(&'g Severity, &'g Subject)> {
    let findings = generated.checked.findings().iter();
    findings
        .filter(|finding| finding.rule == rule)
        .map(|finding| (&finding.severity, &finding.subject))
        .collect()
}

pub fn verdict(generated: &Generated, rule: &str) -> RuleVerdict {
    let result = generated
        .checked
        .results()
        .iter()
        .find(|result| result.rule == rule);
    result.unwrap().verdict.clone()
}

#[test]
fn the_usual_policy_warns_blocks_and_alerts() {
    let policy = Policy::default();
    for category in Category::ALL {
        for (level, expected) in [
            (Level::Safe, Action::Approve),
            (Level::Low, Action::Warn),
            (Level::Medium, Action::Block),
            (Level::High, Action::BlockAndAlert),
        ] {
            assert_eq!(policy.action(category, level), expected, "{category} {level}");
        }
    }
}

#[test]
fn every_text_that_goes_out_is_rated_once_and_in_each_of_its_places() {
    let (recipe, generated) = (recipe(), generated());
    let passages = passages(&recipe, &generated);
    let of = |text: &str| {
        let found: Vec<&Passage> = passages.iter().filter(|one| one.text == text).collect();
        assert_eq!(found.len(), 1, "{text}");
        found[0].parts.clone()
    };
    let first = generated.claims[0].sentences[0];
    assert_eq!(of(HARM), [Part::Statement("B.CI.1".into()), Part::Quote(first)]);
    assert_eq!(of("What helps?"), [Part::Query(0)]);
    assert_eq!(of("the law wants it"), [Part::Query(0), Part::Query(1)]);
    assert_eq!(of("a belt"), [Part::Conflict(0)]);
    assert_eq!(of("Rowan was hit daily."), [Part::TakenOut(0)]);
    let source = &generated.case.sources[0];
    assert_eq!(of(source.name.as_str()), [Part::Source(1)]);
    let fixed = passages.iter().find(|one| one.parts == [Part::Fixed]).unwrap();
    for words in [&recipe.title, &recipe.wording.banner, &recipe.sections[0].title] {
        assert!(fixed.text.contains(words.as_str()), "{words}");
    }
}

#[test]
fn what_is_blocked_leaves_the_draft_with_all_that_repeats_it_and_is_listed() {
    let generated = rated("belt", Level::Medium);
    let expected = [
        (HeldKind::Statement, HARM),
        (HeldKind::Query, "What helps?"),
        (HeldKind::Conflict, "hours: a belt"),
    ];
    assert_eq!(held(&generated), expected);
    let draft = generated.checked.draft();
    let left: Vec<&str> = draft.statements().map(|(_, _, one)| one.text.as_str()).collect();
    assert_eq!(left, [CALM]);
    assert_eq!(
        (draft.queries.len(), draft.conflicts.len(), draft.taken_out.len()),
        (1, 0, 1)
    );
    assert_eq!(draft.coverage[0].fate, SentenceUse::NotUsed(NotUsed::HeldBack));
    let why = &generated.checked.held_back()[0].why;
    assert_eq!(
        (why[0].category, why[0].severity, why[0].action),
        (Category::Violence, Level::Medium, Action::Block)
    );
    let statement = Subject::Statement("B.CI.1".into());
    assert!(of_rule(&generated, "screening.held-back").contains(&(&Severity::Critical, &statement)));
    assert_eq!(generated.checked.outcome(), &RunOutcome::NeedsReview);
    for finding in generated
        .checked
        .findings()
        .iter()
        .filter(|one| one.rule.starts_with("screening"))
    {
        assert!(!finding.message.contains("belt"), "{}", finding.message);
    }
}

#[test]
fn words_taken_out_before_are_held_back_too() {
    let generated = rated("daily", Level::High);
    assert_eq!(held(&generated), [(HeldKind::TakenOut, "Rowan was hit daily.")]);
    assert_eq!(
        generated.checked.held_back()[0].why[0].action,
        Action::BlockAndAlert
    );
    assert!(generated.checked.draft().taken_out.is_empty());
}

#[test]
fn the_message_of_a_finding_that_is_blocked_is_held_back_and_the_finding_stays() {
    let before = generated().checked.findings().to_vec();
    let first = before.first().unwrap();
    let generated = rated(&first.message, Level::Medium);
    let held = held(&generated);
    assert!(
        held.contains(&(HeldKind::Finding, first.message.as_str())),
        "{held:?}"
    );
    let after = generated.checked.findings();
    assert!(after.iter().all(|finding| finding.message != first.message));
    let same = |finding: &Finding| finding.rule == first.rule && finding.subject == first.subject;
    assert!(after.iter().any(same));
}

#[test]
fn what_is_marked_stays_with_a_finding() {
    let generated = rated("belt", Level::Low);
    assert!(held(&generated).is_empty());
    let noted = of_rule(&generated, "screening.noted");
    assert!(noted.contains(&(&Severity::Standard, &Subject::Statement("B.CI.1".into()))));
    assert_eq!(generated.checked.draft().statements().count(), 2);
    assert_eq!(generated.checked.outcome(), &RunOutcome::Ready);
}

#[test]
fn what_cannot_be_held_back_is_critical() {
    let generated = rated("Advice", Level::Medium);
    assert!(held(&generated).is_empty());
    assert!(!of_rule(&generated, "screening.held-back").is_empty());
    assert_eq!(generated.checked.outcome(), &RunOutcome::NeedsReview);
}

#[test]
fn what_was_not_rated_is_a_finding_and_never_a_pass() {
    let (recipe, generated) = (recipe(), generated());
    assert_eq!(
        generated.checked.outcome(),
        &RunOutcome::Ready,
        "{:?}",
        generated.checked.findings()
    );
    let off = verdict(&generated, "screening.held-back");
    assert!(matches!(off, RuleVerdict::NotAssessed { .. }), "{off:?}");
    let passages = passages(&recipe, &generated);
    let all = |assessment: Assessment| vec![assessment; passages.len()];
    let down = || Assessment::NotAssessed("the service is down".into());
    let mut one = all(violence(Level::Safe));
    *one.last_mut().unwrap() = down();
    for assessments in [all(down()), one, Vec::new()] {
        let screened = screened(&Policy::default(), generated.clone(), &passages, &assessments);
        assert_eq!(
            of_rule(&screened, "screening.not-assessed"),
            [(&Severity::Critical, &Subject::Case)]
        );
        assert_eq!(screened.checked.outcome(), &RunOutcome::NeedsReview);
        assert!(matches!(
            verdict(&screened, "screening.held-back"),
            RuleVerdict::NotAssessed { .. }
        ));
        assert_eq!(screened.checked.draft().statements().count(), 2);
    }
    let whole = screened(
        &Policy::default(),
        generated.clone(),
        &passages,
        &all(violence(Level::Safe)),
    );
    assert_eq!(whole.checked.outcome(), &RunOutcome::Ready);
    for rule in ["screening.held-back", "screening.noted", "screening.not-assessed"] {
        assert_eq!(verdict(&whole, rule), RuleVerdict::Pass, "{rule}");
    }
}
