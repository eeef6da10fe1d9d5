//! Three examples of every rule of the recipes: found, let pass, and a near miss, which passes too. Those of rules of words
//! are the recipe's own.

#![expect(clippy::indexing_slicing, reason = "a test says what is wrong by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use drafting::check::RuleVerdict;
use drafting::hash::Digest;
use drafting::id::SourceName;
use drafting::recipe::demands::{Demand, Test};
use drafting::recipe::{Recipe, load};
use jiff::civil::date;

use crate::council::COUNCIL;
use crate::{Plan, RECIPE, files_of, read};

static REVIEW: LazyLock<Recipe> =
    LazyLock::new(|| load::load("annual-review", &files_of("annual-review"), None).unwrap());

/// Whether the rule finds something in each: in what it must find, what it must let pass, and what it nearly finds.
type Made = [bool; 3];
type Filled<'a> = &'a [(&'a str, &'a str)];

fn found(plan: &Plan, rule: &str) -> bool {
    matches!(plan.verdict(rule), RuleVerdict::Fail { .. })
}

/// Three plans of these fields.
fn three(recipe: &Recipe, rule: &str, filled: [Filled; 3]) -> Made {
    filled.map(|filled| found(&Plan::with(recipe, filled), rule))
}

/// Three changes of a plan of these fields.
fn changed(recipe: &Recipe, rule: &str, filled: Filled, changes: [&dyn Fn(&mut Plan); 3]) -> Made {
    changes.map(|change| {
        let mut plan = Plan::with(recipe, filled);
        change(&mut plan);
        found(&plan, rule)
    })
}

const WORRIES: (&str, &str) = ("semh_needs", "He worries.");
const AIM: (&str, &str) = ("semh_outcomes", "By July 2027 he will read aloud.");

fn of_the_plan() -> Vec<(&'static str, Made)> {
    let three = |rule: &'static str, filled: [Filled; 3]| (rule, three(&RECIPE, rule, filled));
    let changed = |rule: &'static str, filled: Filled, changes: [&dyn Fn(&mut Plan); 3]| {
        (rule, changed(&RECIPE, rule, filled, changes))
    };
    let born = |day| ("date_of_birth", day);
    let school = ("education_setting", "Ashbourne Lane Primary School, Wickmoor");
    let named = [
        ("name", "Rowan Elias Penhallow"),
        ("preferred_name", "Ro"),
        ("semh_needs", "Rowan worries."),
    ];
    let with_name = |text: &'static str| [&named[..], &[("interests", text)]].concat();
    let hard =
        "Characteristically uncommunicative individuals necessitate differentiated intervention. ".repeat(20);
    let (long, longer) = (
        "He sits and ".repeat(14) + "reads.",
        "He sits and ".repeat(21) + "reads.",
    );
    let threes = ["He is calm, kind and patient."; 6].join(" ");
    let fours = ["He likes trains, boats, planes and cars."; 6].join(" ");
    let two = ["He is calm, kind and patient."; 3].join(" ");
    let enclosed = |answer| [("is_there_a_one_page_profile_received_append", answer)];
    let mentor = ("semh_provisions", "A mentor, every day.");
    vec![
        three(
            "voice.method",
            [
                &[("child_views", "He loves trains.")],
                &[("child_views", "He told his teacher that he loves trains.")],
                &[(
                    "child_views",
                    "His views could not be heard: he was unable to say.",
                )],
            ],
        ),
        three(
            "voice.professional-named",
            [
                &[("semh_provisions", "Mentoring by Mrs Hale, every day.")],
                &[("semh_provisions", "Mentoring by a mentor, every day.")],
                &[
                    ("parent_1_name", "Carys Penhallow"),
                    ("semh_needs", "Mrs Penhallow says that he worries."),
                ],
            ],
        ),
        three(
            "placement.current-setting",
            [
                &[
                    school,
                    (
                        "semh_provisions",
                        "Ashbourne Lane Primary School provides a mentor.",
                    ),
                ],
                &[school, ("semh_provisions", "The school provides a mentor.")],
                &[
                    school,
                    (
                        "semh_provisions",
                        "The school provides a mentor on Ashbourne Lane.",
                    ),
                ],
            ],
        ),
        three(
            "language.one-name",
            [
                &with_name("Ro likes trains."),
                &with_name("Rowan likes trains."),
                &with_name("He likes Ro-Ro ferries."),
            ],
        ),
        three(
            "language.plain-a",
            [
                &[("history", &hard)],
                &[("history", "He likes trains.")],
                &[("history", &long)],
            ],
        ),
        three(
            "language.plain",
            [&[("semh_needs", &longer)], &[WORRIES], &[("semh_needs", &long)]],
        ),
        three(
            "language.unexplained",
            [
                &[("semh_needs", "CAMHS saw him.")],
                &[("history", "Child and adolescent mental health (CAMHS) saw him.")],
                &[("semh_needs", "He takes part in camhswork.")],
            ],
        ),
        three(
            "language.repeated",
            [
                &[
                    ("semh_needs", "He finds it hard to wait for turns."),
                    ("cognition_learning_needs", "He finds it hard to wait for turns."),
                ],
                &[("semh_needs", "He finds it hard to wait for turns."), AIM],
                &[
                    ("semh_needs", "He has autism."),
                    ("communication_interaction_needs", "He has autism."),
                ],
            ],
        ),
        three(
            "language.cadence",
            [
                &[("history", &threes)],
                &[("history", "He reads. He writes. He sings.")],
                &[("history", &two), ("history", &fours)],
            ],
        ),
        three("plan.outcomes", [&[AIM], &[AIM; 5], &[AIM; 12]]),
        three(
            "plan.age",
            [
                &[born("14/03/2017"), ("history", "Rowan is 8 years old.")],
                &[born("14/03/2017"), ("history", "Rowan is 9 years old.")],
                &[
                    born("14/03/2017"),
                    ("history", "Rowan was 8 years old when he moved."),
                ],
            ],
        ),
        three(
            "plan.nhs-number",
            [
                &[("nhs_number_if_available", "943 476 5910")],
                &[("nhs_number_if_available", "943 476 5919")],
                &[("nhs_number_if_available", "9434765919")],
            ],
        ),
        three(
            "plan.pupil-number",
            [
                &[("history", "UPN K999123412002.")],
                &[("history", "UPN K999123412001.")],
                &[("history", "UPN K99912341200.")],
            ],
        ),
        changed(
            "plan.strengths",
            &[WORRIES, ("strengths", "He is kind.")],
            [
                &|plan| plan.claims[1].area = Some("semh".into()),
                &|_| (),
                &|plan| plan.claims[1].area = Some("cognition_learning".into()),
            ],
        ),
        (
            "plan.pages",
            [41, 5, 40].map(|pages| {
                let checked = Plan::of(&[WORRIES]).checked().of_pages(&RECIPE, pages);
                checked
                    .findings()
                    .iter()
                    .any(|finding| finding.rule == "plan.pages")
            }),
        ),
        three(
            "plan.adulthood",
            [
                &[born("31/08/2013"), mentor],
                &[
                    born("14/03/2012"),
                    ("semh_provisions", "Travel training, twice a week."),
                ],
                &[born("01/09/2013"), mentor],
            ],
        ),
        three(
            "plan.adult-outcomes",
            [
                &[
                    born("02/11/2008"),
                    ("semh_outcomes", "By July 2027 she will travel alone."),
                ],
                &[
                    born("02/11/2008"),
                    ("semh_outcomes", "By July 2027 she will finish her course."),
                ],
                &[
                    born("03/11/2008"),
                    ("semh_outcomes", "By July 2027 she will travel alone."),
                ],
            ],
        ),
        changed(
            "plan.enclosed",
            &enclosed("Yes"),
            [
                &|_| (),
                &|plan| plan.case.sources[0].name = SourceName::parse("One_page_profile.pdf").unwrap(),
                &|plan| plan.draft = Plan::of(&enclosed("No")).draft,
            ],
        ),
        changed(
            "plan.index",
            &[WORRIES],
            [
                &|_| (),
                &|plan| plan.case.sources[0].author_role = Some("Psychologist".into()),
                &|plan| {
                    plan.case.sources[0].author_role = Some("Psychologist".into());
                    let mut other = plan.case.sources[0].clone();
                    other.name = SourceName::parse("Advice copy.pdf").unwrap();
                    other.digest = Digest::of(b"other");
                    plan.case.sources.push(other);
                },
            ],
        ),
        changed(
            "plan.sensory-advice",
            &[("sensory_physical_needs", "She has a moderate hearing loss.")],
            [
                &|_| (),
                &|plan| plan.case.sources[0].advice = Some("teacher_of_the_deaf".into()),
                &|plan| {
                    plan.draft = Plan::of(&[("sensory_physical_needs", "She is sensitive to noise.")]).draft;
                },
            ],
        ),
        // Drafted on 2 November 2026.
        changed(
            "source.old",
            &[WORRIES],
            [
                &|plan| plan.case.sources[0].date = Some(date(2025, 11, 1)),
                &|plan| plan.case.sources[0].date = Some(date(2026, 9, 1)),
                &|plan| plan.case.sources[0].date = Some(date(2025, 11, 2)),
            ],
        ),
        changed(
            "plan.clock",
            &[],
            [
                &|plan| plan.case.manifest.request_date = Some(date(2026, 9, 28)),
                &|plan| plan.case.manifest.request_date = Some(date(2026, 10, 26)),
                &|plan| plan.case.manifest.request_date = Some(date(2026, 9, 29)),
            ],
        ),
        // Fifteen days, the day of service being the first: served on 24 October, the last is 7 November.
        changed(
            "plan.representations",
            &[],
            [
                &|plan| plan.case.manifest.served_date = Some(date(2026, 10, 24)),
                &|plan| plan.case.manifest.served_date = Some(date(2026, 11, 2)),
                &|plan| plan.case.manifest.served_date = Some(date(2026, 10, 25)),
            ],
        ),
        three(
            "plan.aspirations",
            [
                &[("aspirations", "He hopes to drive trains."), AIM],
                &[("aspirations", "He hopes to read to his sister."), AIM],
                // What they think counts as well as what they hope for.
                &[("family_views", "He should love reading."), AIM],
            ],
        ),
        ("read.one-place", read::three("read.one-place", &[WORRIES])),
        (
            "read.educates",
            read::three(
                "read.educates",
                &[("health_care_provisions", "A nurse visits, twice a week.")],
            ),
        ),
        (
            "read.section-two",
            read::three(
                "read.section-two",
                &[("social_care_h1_provisions", "A carer helps, twice a week.")],
            ),
        ),
        ("read.outcome-sound", read::three("read.outcome-sound", &[AIM])),
        ("read.blame", read::three("read.blame", &[WORRIES])),
        ("read.policy", read::three("read.policy", &[mentor])),
    ]
}

fn of_the_council() -> Vec<(&'static str, Made)> {
    let three = |rule: &'static str, filled: [Filled; 3]| (rule, three(&COUNCIL, rule, filled));
    let long = "word ".repeat(260);
    let views = |text: &'static str| [("child_views", text)];
    let details = [
        ("name", "Rowan Penhallow"),
        ("date_of_birth", "14/03/2017"),
        ("education_setting", "Ashbourne Lane Primary School"),
        ("parent_2_name", "Carys Penhallow"),
    ];
    let first_parent: Vec<_> = details[..3]
        .iter()
        .copied()
        .chain([("parent_1_name", "Carys Penhallow")])
        .collect();
    let enough = "He likes trains, boats and planes, and he waits for them.";
    vec![
        three(
            "council.something",
            [
                &views("He likes it."),
                &[("history", enough)],
                &[("history", "He likes trains and boats and planes and he waits.")],
            ],
        ),
        three("council.details", [&details[..3], &first_parent, &details]),
        three(
            "council.services",
            [
                &[(
                    "gp_and_key_health_professional_where_applicable",
                    "Dr Okoro, Mill Lane Surgery",
                )],
                &[(
                    "gp_and_key_health_professional_where_applicable",
                    "Mill Lane Surgery",
                )],
                &[(
                    "gp_and_key_health_professional_where_applicable",
                    "Mill Lane Doctors",
                )],
            ],
        ),
        three(
            "council.views-words",
            [
                &[("child_views", &long), ("strengths", &long)],
                &views("He likes trains."),
                &[("child_views", &long), ("history", &long)],
            ],
        ),
        three(
            "council.prose",
            [
                &views("- He likes trains."),
                &views("He likes trains."),
                &views("A well-known lover of trains - and of boats."),
            ],
        ),
        three(
            "council.no-quotation-marks",
            [
                &views("He says \u{201c}I like it\u{201d}."),
                &views("He says that he likes it."),
                &views("He says that it's his dad's."),
            ],
        ),
        three(
            "council.communication",
            [
                &[("communication", "Say her name. Wait. Ask again.")],
                &[("communication", "Say her name.")],
                &[("communication", "Say her name. Wait.")],
            ],
        ),
        (
            "council.from-professionals",
            changed(
                &COUNCIL,
                "council.from-professionals",
                &[WORRIES],
                [
                    &|plan| plan.case.sources[0].advice = Some("parent".into()),
                    &|_| (),
                    &|plan| {
                        plan.draft = Plan::of(&[("family_views", "He worries.")]).draft;
                        plan.case.sources[0].advice = Some("parent".into());
                    },
                ],
            ),
        ),
        three("council.ten", [&[WORRIES; 11], &[WORRIES], &[WORRIES; 10]]),
        (
            "council.no-needs",
            changed(
                &COUNCIL,
                "council.no-needs",
                &[],
                [&|plan| plan.enter("semh_needs", "No needs."), &|_| (), &|plan| {
                    plan.enter(
                        "semh_needs",
                        "The advice describes no social, emotional or mental health need.",
                    );
                }],
            ),
        ),
        (
            "council.related",
            read::three_of(
                &COUNCIL,
                "council.related",
                &[("health_care_needs", "He had a cold.")],
            ),
        ),
    ]
}

fn of_the_review() -> Vec<(&'static str, Made)> {
    let three = |rule: &'static str, filled: [Filled; 3]| (rule, three(&REVIEW, rule, filled));
    let held = |day| [("review_date", day)];
    let born = |day| ("date_of_birth", day);
    let all = [
        born("09/01/2013"),
        ("name", "Juno Kettleby"),
        ("plan_date", "03/12/2025"),
        ("review_date", "05/10/2026"),
    ];
    vec![
        three(
            "review.details",
            [&all[..2], &all, &[&all[..], &[("year_group", "Year 9")]].concat()],
        ),
        // Held so many weeks before 2 November 2026.
        three(
            "review.clock",
            [&held("19/10/2026"), &held("30/10/2026"), &held("23/10/2026")],
        ),
        three(
            "review.yearly",
            [&held("29/12/2025"), &held("05/10/2026"), &held("30/12/2025")],
        ),
        three(
            "review.adulthood",
            [
                &[born("31/08/2013"), ("family_views", "We like her school.")],
                &[
                    born("31/08/2013"),
                    ("family_views", "We would like her to find paid work."),
                ],
                &[born("01/09/2013"), ("family_views", "We like her school.")],
            ],
        ),
        three(
            "review.recommendation",
            [
                &[("recommendations", "The meeting was good.")],
                &[("recommendations", "The plan should be amended.")],
                &[(
                    "recommendations",
                    "Those present did not agree: their views differ.",
                )],
            ],
        ),
        (
            "review.index",
            changed(
                &REVIEW,
                "review.index",
                &[("family_views", "We like it.")],
                [
                    &|plan| plan.case.sources[0].advice = None,
                    &|plan| plan.case.sources[0].author_role = Some("SENCo".into()),
                    &|plan| {
                        plan.case.sources[0].author_role = Some("SENCo".into());
                        let mut other = plan.case.sources[0].clone();
                        other.name = SourceName::parse("Letter copy.pdf").unwrap();
                        other.digest = Digest::of(b"other");
                        plan.case.sources.push(other);
                    },
                ],
            ),
        ),
    ]
}

/// Examples of a rule of words: sentences that it finds, and at least two that it lets pass, one of them with a word of those.
fn of_words(demand: &Demand) -> Option<Made> {
    let is_of_words = matches!(
        demand.test,
        Test::Without(_) | Test::With(_) | Test::NoInstitution(_)
    );
    is_of_words.then(|| {
        let words = |text: &String| -> BTreeSet<String> {
            let plain = text.to_lowercase();
            let words = plain.split(|c: char| !c.is_alphanumeric());
            // The beginning of a word stands for it in all its forms.
            words
                .filter(|word| word.len() > 1)
                .map(|word| word.chars().take(5).collect())
                .collect()
        };
        let fails: BTreeSet<String> = demand.fails.iter().flat_map(words).collect();
        let near = |text: &&String| !words(text).is_disjoint(&fails);
        [
            !demand.fails.is_empty(),
            demand.passes.len() < 2,
            !demand.passes.iter().any(|text| near(&text)),
        ]
    })
}

#[test]
fn every_rule_of_the_recipes_has_its_three_examples() {
    let made: Vec<(&str, Made)> = [of_the_plan(), of_the_council(), of_the_review()].concat();
    let wrong: Vec<&(&str, Made)> = made
        .iter()
        .filter(|(_, made)| *made != [true, false, false])
        .collect();
    assert!(wrong.is_empty(), "these are not what they are called: {wrong:?}");
    let made: BTreeMap<&str, Made> = made.into_iter().collect();
    for recipe in [&*COUNCIL, &*RECIPE, &*REVIEW] {
        assert_eq!(load::examples(recipe), []);
        for demand in &recipe.demands.rules {
            let own = of_words(demand).or_else(|| made.get(demand.id.as_str()).copied());
            assert_eq!(own, Some([true, false, false]), "{}: {:?}", recipe.id, demand.id);
            assert!(
                demand.source.is_some() && demand.hint.is_some(),
                "{}: where it comes from, and what to do",
                demand.id
            );
        }
    }
}

#[test]
fn every_recipe_with_rules_is_looked_at() {
    let recipes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recipes");
    let with_rules: BTreeSet<String> = std::fs::read_dir(recipes)
        .unwrap()
        .map(|folder| folder.unwrap().path())
        .filter(|folder| folder.join("rules.toml").exists() || folder.join("profiles").exists())
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        with_rules,
        BTreeSet::from(["annual-review".to_owned(), "ehcp".to_owned()])
    );
}
