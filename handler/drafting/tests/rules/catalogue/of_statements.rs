//! Examples of the rules about the shape of a draft, its golden thread and what no statement may hold.

use super::*;

const PROVISION: &str = "communication_interaction_provisions";
const OUTCOME: &str = "communication_interaction_outcomes";

pub(super) fn examples() -> Vec<[Example; 3]> {
    vec![
        sections(),
        closed(),
        words(
            "structure.leftover",
            NEEDS,
            [
                "Name [INSERT NAME] here",
                "Name it here.",
                "She enjoys DT [design]",
            ],
        ),
        words(
            "language.withheld",
            NEEDS,
            [
                "He takes melatonin.",
                "He takes medicine for sleep.",
                "He has a melon at noon.",
            ],
        ),
        limits(),
        thread(
            "thread.need-without-provision",
            [&[], &["B.CI.1"]],
            [&["B.CI.1"], &[]],
            "need",
        ),
        // A need that only its diagnosis names stands by itself.
        thread(
            "thread.provision-without-need",
            [&[], &["B.CI.1"]],
            [&["B.CI.1"], &[]],
            "need",
        ),
        thread(
            "thread.outcome-without-need",
            [&["B.CI.1"], &[]],
            [&["B.CI.1"], &["B.CI.1"]],
            "need",
        ),
        thread(
            "thread.need-without-outcome",
            [&["B.CI.1"], &[]],
            [&["B.CI.1"], &["B.CI.1"]],
            "need",
        ),
        thread(
            "thread.outcome-without-provision",
            [&[], &["B.CI.1"]],
            [&["B.CI.1"], &["B.CI.1"]],
            "need",
        ),
        not_judged(),
    ]
}

fn changed(rule: &str, change: impl FnOnce(&mut Draft)) -> bool {
    Stage::of(&["Rowan needs help."])
        .with(|stage| change(&mut stage.draft))
        .finds(rule)
}

fn sections() -> [Example; 3] {
    let rule = "structure.sections";
    of(
        rule,
        changed(rule, |draft| draft.sections.swap(1, 2)),
        changed(rule, |_| ()),
        // An empty section is there.
        changed(rule, |draft| {
            draft.sections[3]
                .fields
                .iter_mut()
                .for_each(|field| field.content = FieldContent::Empty);
        }),
    )
}

fn closed() -> [Example; 3] {
    let rule = "structure.closed";
    let holds = |section: &str| {
        changed(rule, |draft| {
            let section = draft.sections.iter_mut().find(|own| own.id == section).unwrap();
            let value = Statement {
                support: Support::Officer,
                ..statement("X.1", "Ashbourne Lane", &[])
            };
            section.fields.push(DraftField {
                key: "placement".into(),
                content: FieldContent::Value(value),
            });
        })
    };
    of(rule, holds("I"), changed(rule, |_| ()), holds("J"))
}

/// Statements of a field: one that the rule finds, one that it lets pass, and a near miss.
fn words(rule: &'static str, key: &str, texts: [&str; 3]) -> [Example; 3] {
    let [found, passing, near] = texts.map(|text| {
        Stage::of(&[text])
            .filled(key, vec![statement("B.CI.1", text, &[1])])
            .finds(rule)
    });
    of(rule, found, passing, near)
}

fn limits() -> [Example; 3] {
    let rule = "structure.words";
    let most = RECIPE.field("communication").unwrap().max_words.unwrap();
    let finds = |words: usize| {
        let text = vec!["wait"; words].join(" ");
        Stage::of(&[&text])
            .filled("communication", vec![statement("A.1", &text, &[1])])
            .finds(rule)
    };
    of(rule, finds(most + 1), finds(5), finds(most))
}

/// A need, a provision and an outcome, which serve these; what is found, and what passes. As a near miss the need is a
/// diagnosis, or nothing is there at all.
fn thread(rule: &'static str, found: [&[&str]; 2], passing: [&[&str]; 2], kind: &str) -> [Example; 3] {
    let finds = |[provision, outcome]: [&[&str]; 2], kind: &str| {
        let lines = [
            "He finds words slowly.",
            "A therapist helps him.",
            "He will speak.",
        ];
        let serving = |id: &str, text: &str, claim: u32, serves: &[&str]| {
            vec![Statement {
                serves: serves.iter().map(|id| (*id).to_owned()).collect(),
                ..statement(id, text, &[claim])
            }]
        };
        let stage = Stage::of(&lines).with(|stage| {
            kind.clone_into(&mut stage.claims[0].kind);
            "provision".clone_into(&mut stage.claims[1].kind);
            "outcome".clone_into(&mut stage.claims[2].kind);
        });
        stage
            .filled(NEEDS, vec![statement("B.CI.1", lines[0], &[1])])
            .filled(PROVISION, serving("F.CI.1", lines[1], 2, provision))
            .filled(OUTCOME, serving("E.CI.1", lines[2], 3, outcome))
            .finds(rule)
    };
    // A diagnosis asks for nothing by itself; where there is no need, there is no thread to follow.
    let near = if rule.starts_with("thread.need") {
        finds(found, "diagnosis")
    } else {
        Stage::of(&["He will speak."])
            .filled(OUTCOME, vec![statement("E.CI.1", "He will speak.", &[1])])
            .finds(rule)
    };
    of(rule, finds(found, kind), finds(passing, kind), near)
}

fn not_judged() -> [Example; 3] {
    let rule = "run.not-judged";
    let judged = |judged, lines: &[&str]| {
        let stage = Stage::of(lines);
        let checked = check::check(
            &stage.recipe,
            &stage.case,
            &stage.claims,
            &stage.kept_out,
            Vec::new(),
            stage.draft.clone(),
            judged,
        );
        found(&checked, rule)
    };
    // An empty draft that a judge has looked at is judged.
    of(
        rule,
        judged(Judged::No, &["Rowan needs help."]),
        judged(Judged::All, &["Rowan needs help."]),
        judged(Judged::All, &[]),
    )
}
