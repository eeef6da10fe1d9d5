//! Statements that tell of somebody else, for somebody else, of another time or in another place than their evidence.

use drafting::check::statement::{Citation, Reader, Written};
use drafting::finding::Subject;

use super::statements::about_rowan;
use super::*;

/// Where a statement stands, and whose advice it cites.
#[derive(Clone, Copy)]
pub(super) struct At {
    section: &'static str,
    area: Option<&'static str>,
    advice: &'static str,
    kind: Option<&'static str>,
    speaker: Speaker,
}

pub(super) const PROVISION: At = At {
    section: "F",
    area: None,
    advice: "psychology",
    kind: None,
    speaker: Speaker::Professional,
};
pub(super) const NEED: At = At {
    section: "B",
    ..PROVISION
};
pub(super) const VIEWS: At = At {
    section: "A",
    advice: "parent",
    ..PROVISION
};

#[track_caller]
pub(super) fn check(at: At, lines: &[&str], text: &str, expected: &[&str]) {
    let recipe = recipe();
    let mut case = about_rowan(lines);
    for source in &mut case.sources {
        source.advice = Some(at.advice.to_owned());
    }
    let claims: Vec<Claim> = at
        .kind
        .iter()
        .flat_map(|kind| (1..).zip(lines).map(|(number, _)| claim(number, kind, 1, number)))
        .map(|claim| Claim {
            speaker: at.speaker,
            ..claim
        })
        .collect();
    let reader = Reader::new(&recipe, &case, &claims);
    let document = case.sources.first().unwrap().content.as_ref().unwrap();
    let written = Written {
        text,
        section: Some(at.section),
        area: at.area,
        citations: document
            .sentences
            .iter()
            .map(|sentence| Citation { sentence, part: None })
            .collect(),
    };
    let mut broken: Vec<String> = reader
        .findings(&Subject::Statement("1".into()), &written)
        .into_iter()
        .filter(|finding| finding.severity != Severity::Info)
        .map(|finding| finding.rule)
        .collect();
    broken.sort();
    broken.dedup();
    assert_eq!(broken, expected, "{text}");
}

const NONE: &[&str] = &[];
const NUMBER: &[&str] = &["grounding.number"];
const LOST: &[&str] = &["grounding.lost-specific"];
const UNSUPPORTED: &[&str] = &["grounding.unsupported"];
const ATTRIBUTION: &[&str] = &["grounding.attribution"];
const MOVED: &[&str] = &["grounding.moved"];
const HISTORIC: &[&str] = &["grounding.historic"];
const NEGATION: &[&str] = &["grounding.negation"];
const OTHER: &[&str] = &["grounding.other-person"];

#[test]
fn sessions_are_counted_however_they_are_told() {
    let line = &["Reading help, 1:1, for 20 minutes three times each week."];
    let told = |text, expected| check(PROVISION, line, text, expected);
    told(
        "Reading help one to one in three weekly sessions of 20 minutes.",
        NONE,
    );
    told(
        "Reading help one to one in three 20-minute sessions a week.",
        NONE,
    );
    told(
        "Reading help one to one in four weekly sessions of 20 minutes.",
        &["grounding.lost-specific", "grounding.number"],
    );
    told(
        "Reading help in a small group for 20 minutes three times each week.",
        &["grounding.lost-specific", "grounding.number"],
    );
    let six = &["Six weekly visits of one hour."];
    check(
        PROVISION,
        six,
        "A visit of one hour each week, six visits in all.",
        NONE,
    );
    check(
        NEED,
        &["He has twice been lost."],
        "On two occasions Rowan has been lost.",
        NONE,
    );
    check(
        NEED,
        &["He has twice been lost."],
        "On three occasions Rowan has been lost.",
        NUMBER,
    );
    check(
        PROVISION,
        &["He has 25 per cent extra time."],
        "Rowan has a quarter extra time.",
        NONE,
    );
    check(
        PROVISION,
        &["He has 25 per cent extra time."],
        "Rowan has extra time.",
        LOST,
    );
}

#[test]
fn bounds_stand_before_inside_or_behind() {
    let line = &["Taught in a group of no more than eight."];
    check(
        PROVISION,
        line,
        "Taught in a group of eight pupils at most.",
        NONE,
    );
    check(PROVISION, line, "Taught in a group of at least eight.", LOST);
    let attends = &["He can attend for up to five minutes."];
    check(
        NEED,
        attends,
        "Rowan can attend for as long as five minutes.",
        NONE,
    );
}

#[test]
fn values_that_reach_somebody_are_exact() {
    let line = &["We live at QX1 2AB; ring 07700 900142 or write to c.hale@example.org."];
    let told = |text, expected| check(VIEWS, line, text, expected);
    told(
        "Rowan's mother says that they live at QX1 2AB and to ring 07700 900142.",
        NONE,
    );
    told(
        "Rowan's mother says that they live at QX1 2AD.",
        &["grounding.number", "grounding.unsupported"],
    );
    told("Rowan's mother says to ring 07700 900124.", NUMBER);
    told("Rowan's mother says to write to c.hall@example.org.", NUMBER);
}

#[test]
fn who_does_it_does_it() {
    let line = &[
        "A programme written by the speech and language therapist, delivered by a trained teaching assistant.",
    ];
    let told = |text, expected| check(PROVISION, line, text, expected);
    told(
        "A trained teaching assistant will deliver a programme that a speech and language therapist has written.",
        NONE,
    );
    told(
        "A programme written by a teaching assistant, delivered by a trained speech and language therapist.",
        UNSUPPORTED,
    );
    told(
        "A teaching assistant will deliver a programme written by the speech and language therapist.",
        LOST,
    );
}

#[test]
fn words_are_told_as_theirs_who_said_them() {
    let child = At {
        kind: Some("view"),
        speaker: Speaker::Subject,
        ..VIEWS
    };
    let said = &["\"I don't like it when there is shouting.\""];
    check(
        child,
        said,
        "Rowan said: \"I don't like it when there is shouting.\"",
        NONE,
    );
    check(
        child,
        said,
        "Rowan's father said: \"I don't like it when there is shouting.\"",
        ATTRIBUTION,
    );
    check(
        child,
        said,
        "Rowan said that he likes it when there is shouting.",
        NEGATION,
    );
    let ours = &["We want him to have a tutor every week."];
    check(
        VIEWS,
        ours,
        "Rowan's parents want him to have a tutor each week.",
        NONE,
    );
    check(
        VIEWS,
        ours,
        "The nursery wants Rowan to have a tutor each week.",
        ATTRIBUTION,
    );
    let words = &["He says ten words."];
    check(
        At {
            section: "B",
            ..VIEWS
        },
        words,
        "His mother says that Rowan says ten words.",
        NONE,
    );
    check(
        At {
            section: "B",
            ..VIEWS
        },
        words,
        "Rowan says ten words.",
        ATTRIBUTION,
    );
    let titled = &["Mr Penhallow would like Rowan to stay at school."];
    check(
        At {
            section: "A",
            ..PROVISION
        },
        titled,
        "Rowan's father would like him to remain at school.",
        NONE,
    );
    check(
        At {
            section: "A",
            ..PROVISION
        },
        titled,
        "Rowan would like to stay at school.",
        ATTRIBUTION,
    );
}

#[test]
fn what_is_anothers_is_not_the_childs() {
    let line = &["She herself is treated for migraine since last winter."];
    check(
        At {
            section: "A",
            ..PROVISION
        },
        line,
        "His mother is treated for migraine since last winter.",
        &["grounding.name"],
    );
    check(
        NEED,
        line,
        "Rowan is treated for migraine since last winter.",
        OTHER,
    );
    let two = &["His mother is a nurse.", "She has migraine every month."];
    check(
        At {
            section: "A",
            ..PROVISION
        },
        two,
        "Rowan's mother, a nurse, has migraine every month.",
        NONE,
    );
    let titled = &["Mrs Penhallow has a bad back and takes codeine."];
    check(NEED, titled, "Rowan has a bad back and takes codeine.", OTHER);
    check(
        NEED,
        titled,
        "Rowan's mother has a bad back and takes codeine.",
        NONE,
    );
    let wakes = &["He wakes in the night and cries."];
    check(
        VIEWS,
        wakes,
        "Rowan's mother reports that he wakes in the night and cries.",
        NONE,
    );
    check(
        VIEWS,
        wakes,
        "Rowan's mother reports that she wakes in the night and cries.",
        &["grounding.pronoun"],
    );
}

#[test]
fn what_is_looked_into_is_not_there_yet() {
    let sensitive = &["grounding.sensitive"][..];
    for (line, text, expected) in [
        (
            "Assessment for Developmental Coordination Disorder is in progress.",
            "Rowan has Developmental Coordination Disorder.",
            sensitive,
        ),
        (
            "Possible autism spectrum condition: no diagnosis has been made.",
            "Rowan has autism.",
            sensitive,
        ),
        (
            "He has a moderate hearing loss and is waiting for new aids.",
            "Rowan has a moderate hearing loss and is waiting for new aids.",
            NONE,
        ),
        (
            "He has a moderate hearing loss; the results are not yet known.",
            "Rowan has a moderate hearing loss.",
            NONE,
        ),
        (
            "Possible autism spectrum condition: he is on the pathway.",
            "Rowan is on the pathway for a possible autism spectrum condition.",
            NONE,
        ),
    ] {
        check(NEED, &[line], text, expected);
    }
}

#[test]
fn other_children_are_named_nowhere() {
    let line = &[
        "His sister Nia likes swimming.",
        "A grant for activities with Nia.",
    ];
    let third = &["grounding.third-party"][..];
    check(
        At {
            section: "A",
            ..PROVISION
        },
        line,
        "Rowan's sister Nia likes swimming; a grant for activities with Nia.",
        third,
    );
    check(
        At {
            section: "A",
            ..PROVISION
        },
        line,
        "Rowan's sister likes swimming; a grant for activities with his sister.",
        NONE,
    );
    check(
        At {
            section: "H2",
            ..PROVISION
        },
        line,
        "A grant for activities with Nia, who likes swimming.",
        third,
    );
    check(
        At {
            section: "H2",
            ..PROVISION
        },
        line,
        "A grant for activities with his sister, who likes swimming.",
        NONE,
    );
}

#[test]
fn a_word_is_not_put_for_another() {
    let line = &["He has no sense of danger near water or dogs."];
    let hopes = &["He wants to be an architect or a gardener."];
    check(
        NEED,
        hopes,
        "Rowan wants to be an astronomer or a gardener.",
        UNSUPPORTED,
    );
    check(
        NEED,
        line,
        "Rowan has no sense of danger near water or dogs.",
        NONE,
    );
    let falls = &["He falls on uneven ground."];
    check(NEED, falls, "Rowan falls on ground that is uneven.", NONE);
    check(NEED, falls, "Rowan falls on even ground.", NEGATION);
    let masks = &["He masks his distress at school and shouts at home."];
    check(
        NEED,
        masks,
        "Rowan masks his distress at home and shouts at school.",
        &["grounding.direction"],
    );
    check(
        NEED,
        masks,
        "At school Rowan hides his distress; at home he shouts.",
        NONE,
    );
    let uses = &["He can use a card."];
    check(
        NEED,
        uses,
        "Rowan always uses a card.",
        &["grounding.strengthened"],
    );
    check(
        NEED,
        &["He uses a card whenever he is upset."],
        "Rowan always uses a card when he is upset.",
        NONE,
    );
}

#[test]
fn clauses_come_from_the_evidence() {
    let line = &["He completes wooden puzzles meant for older children."];
    check(
        NEED,
        line,
        "Rowan completes wooden puzzles meant for older children.",
        NONE,
    );
    check(
        NEED,
        line,
        "Rowan completes wooden puzzles meant for older children because of nightmares.",
        UNSUPPORTED,
    );
    check(
        NEED,
        line,
        "Rowan completes wooden puzzles meant for older children and is beginning to juggle.",
        UNSUPPORTED,
    );
    check(
        NEED,
        line,
        "Puzzles made of wood for children older than he is are completed by Rowan.",
        NONE,
    );
}

#[test]
fn each_stands_in_its_own_section() {
    let measure = At {
        kind: Some("provision"),
        ..PROVISION
    };
    let need = At {
        kind: Some("need"),
        ..PROVISION
    };
    let given = &["A daily check-in with his teacher."];
    check(
        measure,
        given,
        "Rowan will have a daily check-in with his teacher.",
        NONE,
    );
    check(
        At {
            section: "B",
            ..measure
        },
        given,
        "Rowan will have a daily check-in with his teacher.",
        MOVED,
    );
    check(
        At {
            section: "B",
            ..measure
        },
        given,
        "Rowan has a daily check-in with his teacher.",
        NONE,
    );
    let lack = &["He cannot use money safely."];
    check(need, lack, "Rowan cannot use money safely.", MOVED);
    check(
        At { section: "D", ..need },
        lack,
        "Rowan cannot use money safely.",
        NONE,
    );
    check(
        need,
        lack,
        "Because Rowan cannot use money safely, he will need help with it.",
        NONE,
    );
    let school = At {
        section: "C",
        advice: "education",
        ..PROVISION
    };
    check(
        school,
        &["He works on a task for six minutes."],
        "Rowan works on a task for six minutes.",
        MOVED,
    );
    check(
        school,
        &["He is tired after six minutes."],
        "Rowan is tired after six minutes.",
        NONE,
    );
}

#[test]
fn what_is_over_stays_over() {
    check(
        NEED,
        &["A worker visited in June.", "It has not been repeated."],
        "A worker visits.",
        HISTORIC,
    );
    check(
        NEED,
        &["A worker visited in June.", "It has not been repeated."],
        "A worker visited in June, not since.",
        NONE,
    );
    let group = &["A study group ran but has ended."];
    check(NEED, group, "The study group is no longer running.", NONE);
    check(NEED, group, "Rowan attends a study group.", HISTORIC);
}
