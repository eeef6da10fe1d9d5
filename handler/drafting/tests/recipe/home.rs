//! The field in which a claim stands.

use drafting::claim::{About, Claim, ClaimId, Fact, Slots, Speaker, Status, Strength, Time};
use drafting::document::SentenceId;

use super::shipped::shipped;

struct Said {
    kind: &'static str,
    area: Option<&'static str>,
    speaker: Speaker,
    status: Option<Status>,
    placement: Option<&'static str>,
}

fn said(kind: &'static str, area: &'static str) -> Said {
    let area = Some(area).filter(|area| !area.is_empty());
    Said {
        kind,
        area,
        speaker: Speaker::Professional,
        status: None,
        placement: None,
    }
}

fn claim(said: &Said) -> Claim {
    Claim {
        id: ClaimId(1),
        kind: said.kind.to_owned(),
        area: said.area.map(str::to_owned),
        sentences: vec![SentenceId { source: 1, number: 1 }],
        speaker: said.speaker,
        about: About::Subject,
        strength: Strength::Firm,
        negated: false,
        time: Time::Current,
        status: said.status,
        slots: Slots::default(),
        fact: None,
        serves: Vec::new(),
        placement: said.placement.map(str::to_owned),
    }
}

#[test]
fn of_a_plan() {
    let recipe = shipped("ehcp");
    let advised = |area| Said {
        status: Some(Status::Advised),
        ..said("provision", area)
    };
    for (said, expected) in [
        (said("need", "semh"), Some("semh_needs")),
        (
            Said {
                speaker: Speaker::Family,
                ..said("need", "semh")
            },
            Some("semh_needs"),
        ),
        (said("need", ""), None),
        (said("diagnosis", "health_care"), Some("health_care_needs")),
        (
            said("strength", "cognition_learning"),
            Some("cognition_learning_strengths"),
        ),
        (said("strength", ""), Some("strengths")),
        (
            Said {
                speaker: Speaker::Family,
                ..said("strength", "cognition_learning")
            },
            Some("strengths"),
        ),
        (advised("health_care"), Some("health_care_provisions")),
        (advised("social_care"), Some("social_care_h2_provisions")),
        (
            Said {
                placement: Some("H1"),
                ..advised("social_care")
            },
            Some("social_care_h1_provisions"),
        ),
        (
            Said {
                placement: Some("H2"),
                ..advised("social_care")
            },
            Some("social_care_h2_provisions"),
        ),
        (
            Said {
                status: Some(Status::InPlace),
                ..advised("semh")
            },
            None,
        ),
        (
            Said {
                status: None,
                ..advised("semh")
            },
            None,
        ),
        (
            Said {
                status: Some(Status::Wished),
                speaker: Speaker::Family,
                ..advised("semh")
            },
            Some("family_views"),
        ),
        (
            Said {
                speaker: Speaker::Subject,
                ..said("view", "")
            },
            Some("child_views"),
        ),
        (said("view", ""), None),
        (said("poem", ""), None),
    ] {
        let home = claim(&said);
        let home = recipe.home(&home).map(|(_, field)| field.key.as_str());
        assert_eq!(home, expected, "{} {:?} {:?}", said.kind, said.area, said.status);
    }
}

#[test]
fn of_a_fact() {
    let recipe = shipped("ehcp");
    for (key, expected) in [
        ("date_of_birth", Some("A")),
        ("semh_needs", None),
        ("shoe_size", None),
    ] {
        let fact = Fact {
            key: key.to_owned(),
            value: "14/03/2017".to_owned(),
        };
        let claim = Claim {
            fact: Some(fact),
            ..claim(&said("fact", ""))
        };
        assert_eq!(
            recipe.home(&claim).map(|(section, _)| section.id.as_str()),
            expected,
            "{key}"
        );
    }
}
