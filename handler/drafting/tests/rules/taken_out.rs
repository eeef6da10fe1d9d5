//! What the check takes out of a draft is kept beside it: the words, what was against them, and no question about them.

use std::collections::BTreeSet;

use drafting::check::{self, Judged};
use drafting::claim::ClaimId;
use drafting::draft::{FieldContent, Query};

use super::statements::about_rowan;
use super::{NEEDS, case, claim, draft, recipe, statement};

#[test]
fn words_that_were_taken_out_are_kept_with_the_reason() {
    let (recipe, case) = (
        recipe(),
        case(&["Rowan needs help twice weekly.", "Rowan reads well."]),
    );
    let claims = [claim(1, "need", 1, 1), claim(2, "need", 1, 2)];
    let statements = vec![
        statement("B.CI.1", "Rowan needs help daily.", &[1]),
        statement("B.CI.2", "Rowan reads well.", &[2]),
    ];
    let mut draft = draft(&recipe, vec![(NEEDS, FieldContent::Statements(statements))]);
    draft.queries = ["B.CI.1", "B.CI.2"]
        .map(|id| Query {
            statement: Some(id.to_owned()),
            question: "Which provision is needed?".to_owned(),
            ..Query::default()
        })
        .into();
    let checked = check::check(
        &recipe,
        &case,
        &claims,
        &BTreeSet::new(),
        Vec::new(),
        draft,
        Judged::No,
    );
    let [taken_out] = checked.draft().taken_out.as_slice() else {
        panic!("{:?}", checked.draft().taken_out);
    };
    assert_eq!(taken_out.field, NEEDS);
    assert_eq!(taken_out.statement.as_deref(), Some("B.CI.1"));
    assert_eq!(taken_out.text, "Rowan needs help daily.");
    assert_eq!(taken_out.claims, [ClaimId(1)]);
    assert!(
        taken_out.why.iter().any(|why| why.contains("was taken out")),
        "{:?}",
        taken_out.why
    );
    let asked: Vec<Option<&str>> = checked
        .draft()
        .queries
        .iter()
        .map(|query| query.statement.as_deref())
        .collect();
    assert_eq!(
        asked,
        [Some("B.CI.2")],
        "nobody is asked about words that did not hold"
    );
}

/// Whoever takes out a "not" leaves only words of the evidence. In a draft that somebody may have written anew, model or
/// person, that is no proof.
#[test]
fn words_of_the_evidence_alone_do_not_bear_a_statement_out() {
    let (recipe, case) = (
        recipe(),
        about_rowan(&["Rowan does not tell an adult when he is lost."]),
    );
    let found = |text: &str| {
        let draft = draft(
            &recipe,
            vec![(
                NEEDS,
                FieldContent::Statements(vec![statement("B.CI.1", text, &[1])]),
            )],
        );
        let reviewed = check::review(
            &recipe,
            &case,
            &[claim(1, "need", 1, 1)],
            &BTreeSet::new(),
            &draft,
        );
        let rules = reviewed.findings.into_iter().map(|finding| finding.rule);
        rules
            .filter(|rule| rule.starts_with("grounding."))
            .collect::<BTreeSet<_>>()
    };
    let denied = BTreeSet::from(["grounding.negation".to_owned()]);
    assert_eq!(
        found("Rowan does not tell an adult when he is lost."),
        BTreeSet::new()
    );
    assert_eq!(found("Rowan does tell an adult when he is lost."), denied);
    assert_eq!(found("Rowan does tell an adult when he is not lost."), denied);
}
