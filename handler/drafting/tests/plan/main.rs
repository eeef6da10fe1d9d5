//! The rules that the recipe of the plan brings: what each finds, what it lets pass, when it cannot be assessed, and that
//! a good plan has few false alarms. Examples of the rules of words stand beside them in `rules.toml`.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use drafting::case::{Case, Manifest, Source};
use drafting::check::{self, CheckedDraft, Judged, RuleVerdict};
use drafting::claim::{About, Claim, ClaimId, Slots, Speaker, Strength, Time};
use drafting::document::Document;
use drafting::draft::{Draft, DraftField, DraftSection, FieldContent, Statement, Support};
use drafting::hash::Digest;
use drafting::id::{CaseId, SourceName};
use drafting::recipe::{Form, Recipe, RuleSetting, load};
use drafting::source::{Block, Content, Format, Reading};
use jiff::civil::{Date, date};

mod catalogue;
mod council;
mod gold;
mod numbers;
mod read;
mod whole;

static RECIPE: LazyLock<Recipe> = LazyLock::new(|| load::load("ehcp", &files(), None).unwrap());

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files() -> load::Files {
    files_of("ehcp")
}

/// The files of a recipe of this repository.
fn files_of(id: &str) -> load::Files {
    fn read(root: &Path, folder: &Path, files: &mut load::Files) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let root = root().join("recipes").join(id);
    let mut files = load::Files::new();
    read(&root, &root, &mut files);
    files
}

/// A plan of these fields and statements, every word of which stands in its one source.
struct Plan {
    recipe: Recipe,
    case: Case,
    claims: Vec<Claim>,
    draft: Draft,
}

impl Plan {
    fn of(filled: &[(&str, &str)]) -> Self {
        Self::with(&RECIPE, filled)
    }

    fn with(recipe: &Recipe, filled: &[(&str, &str)]) -> Self {
        let block = |text: &str| Block {
            page: Some(1),
            breaks: Vec::new(),
            content: Content::Paragraph {
                text: text.to_owned(),
                bold: Vec::new(),
            },
        };
        let reading = Reading {
            format: Format::Pdf,
            pages: Some(1),
            blocks: filled.iter().map(|(_, text)| block(text)).collect(),
            notices: Vec::new(),
        };
        let document = Document::number(1, &reading);
        let mut claims = Vec::new();
        let mut fields: BTreeMap<&str, Vec<Statement>> = BTreeMap::new();
        for ((key, text), number) in filled.iter().zip(1..) {
            let select = recipe
                .field(key)
                .unwrap()
                .form
                .select()
                .cloned()
                .unwrap_or_default();
            claims.push(Claim {
                id: ClaimId(number),
                kind: select.kinds.first().map_or("fact", String::as_str).to_owned(),
                area: select.area,
                sentences: document
                    .sentences
                    .iter()
                    .filter(|sentence| sentence.block == number)
                    .map(|sentence| sentence.id)
                    .collect(),
                speaker: Speaker::Professional,
                about: About::Subject,
                strength: Strength::Firm,
                negated: false,
                time: Time::Current,
                status: None,
                slots: Slots::default(),
                fact: None,
                serves: Vec::new(),
                placement: None,
            });
            fields.entry(key).or_default().push(Statement {
                id: format!("s{number}"),
                text: (*text).to_owned(),
                support: Support::Claims(vec![ClaimId(number)]),
                serves: Vec::new(),
                marks: Vec::new(),
            });
        }
        let field = |key: &String, form: &Form| {
            let content = match (fields.remove(key.as_str()), form) {
                (None, _) => FieldContent::Empty,
                (Some(mut all), Form::Fact { .. }) => FieldContent::Value(all.remove(0)),
                (Some(all), _) => FieldContent::Statements(all),
            };
            DraftField {
                key: key.clone(),
                content,
            }
        };
        let mut field = field;
        let sections = recipe.sections.iter().map(|section| DraftSection {
            id: section.id.clone(),
            fields: section
                .fields
                .iter()
                .map(|own| field(&own.key, &own.form))
                .collect(),
        });
        let draft = Draft {
            sections: sections.collect(),
            conflicts: Vec::new(),
            queries: Vec::new(),
            coverage: Vec::new(),
            taken_out: Vec::new(),
        };
        let source = Source {
            number: 1,
            name: SourceName::parse("Advice.pdf").unwrap(),
            digest: Digest::of(b"advice"),
            bytes: 1,
            advice: Some("psychology".into()),
            author_role: None,
            date: Some(date(2026, 9, 1)),
            notices: Vec::new(),
            content: Ok(document),
        };
        Self {
            recipe: recipe.clone(),
            case: Case {
                id: CaseId::parse("c1").unwrap(),
                manifest: Manifest::default(),
                sources: vec![source],
                today: date(2026, 11, 2),
            },
            claims,
            draft,
        }
    }

    /// What the officer gives for a field of statements.
    fn enter(&mut self, key: &str, text: &str) {
        let mut fields = self
            .draft
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.fields);
        let field = fields.find(|field| field.key == key).unwrap();
        field.content = FieldContent::Statements(vec![Statement {
            id: "own".to_owned(),
            text: text.to_owned(),
            support: Support::Officer,
            serves: Vec::new(),
            marks: Vec::new(),
        }]);
    }

    fn checked(&self) -> CheckedDraft {
        check::check(
            &self.recipe,
            &self.case,
            &self.claims,
            &BTreeSet::new(),
            Vec::new(),
            self.draft.clone(),
            Judged::No,
        )
    }

    fn verdict(&self, rule: &str) -> RuleVerdict {
        let checked = self.checked();
        let result = checked
            .results()
            .iter()
            .find(|result| result.rule == rule)
            .unwrap();
        let findings = checked
            .findings()
            .iter()
            .filter(|finding| finding.rule == rule)
            .count();
        match &result.verdict {
            RuleVerdict::Fail { findings: said } => assert_eq!(*said, findings, "{rule}"),
            _ => assert_eq!(findings, 0, "{rule}"),
        }
        result.verdict.clone()
    }
}

const PASS: RuleVerdict = RuleVerdict::Pass;
const FAIL: RuleVerdict = RuleVerdict::Fail { findings: 1 };

fn check(rule: &str, filled: &[(&str, &str)], expected: &RuleVerdict) {
    assert_eq!(Plan::of(filled).verdict(rule), *expected, "{rule}: {filled:?}");
}

/// Not assessed, for whatever reason.
fn check_open(rule: &str, filled: &[(&str, &str)]) {
    let verdict = Plan::of(filled).verdict(rule);
    assert!(
        matches!(verdict, RuleVerdict::NotAssessed { .. }),
        "{rule}: {verdict:?}"
    );
}

#[test]
fn words_count_where_the_rule_looks_and_nowhere_else() {
    let vague = "Regular movement breaks.";
    check("specificity.vague", &[("semh_provisions", vague)], &FAIL);
    check("specificity.vague", &[("semh_strengths", vague)], &PASS);
    check(
        "placement.outcome-undated",
        &[("semh_outcomes", "He will make friends.")],
        &FAIL,
    );
    check(
        "placement.outcome-undated",
        &[("semh_needs", "He will make friends.")],
        &PASS,
    );
}

#[test]
fn the_method_is_told_somewhere_in_the_field() {
    let said = ("child_views", "He told his teaching assistant with talking mats.");
    check(
        "voice.method",
        &[("child_views", "He loves trains."), said],
        &PASS,
    );
    check("voice.method", &[("child_views", "He loves trains.")], &FAIL);
    check("voice.method", &[], &PASS);
}

#[test]
fn nobody_is_named_who_gives_the_service() {
    let rule = "voice.professional-named";
    let parent = ("parent_1_name", "Carys Penhallow");
    check(
        rule,
        &[("semh_provisions", "Mentoring by Mrs Hale, every day.")],
        &FAIL,
    );
    check(
        rule,
        &[("semh_provisions", "Dr Okoro's clinic, every six months.")],
        &FAIL,
    );
    check(
        rule,
        &[parent, ("semh_needs", "Mrs Penhallow says that he worries.")],
        &PASS,
    );
    check(
        rule,
        &[("semh_provisions", "Mentoring by a mentor, every day.")],
        &PASS,
    );
    // The history and the views name nobody either.
    check(rule, &[("history", "Mrs Hale taught him.")], &FAIL);
    check(rule, &[("history", "H. Trevanion taught him.")], &FAIL);
    check(rule, &[("history", "Plan B. The teacher went home.")], &FAIL);
}

#[test]
fn the_setting_of_today_is_not_planned_for() {
    let rule = "placement.current-setting";
    let school = ("education_setting", "Ashbourne Lane Primary School, Wickmoor");
    check(
        rule,
        &[
            school,
            (
                "semh_provisions",
                "Ashbourne Lane Primary School provides a mentor.",
            ),
        ],
        &FAIL,
    );
    check(
        rule,
        &[
            school,
            (
                "semh_provisions",
                "The school provides a mentor on Ashbourne Lane.",
            ),
        ],
        &PASS,
    );
    check(
        rule,
        &[school, ("history", "He joined Ashbourne Lane Primary School.")],
        &PASS,
    );
    check_open(
        rule,
        &[(
            "semh_provisions",
            "Ashbourne Lane Primary School provides a mentor.",
        )],
    );
}

#[test]
fn long_sentences_and_hard_words_are_told_of() {
    let long = format!("He {} likes trains.", "often and again and again ".repeat(12));
    check("language.plain-a", &[("history", &long)], &FAIL);
    check(
        "language.plain-a",
        &[("history", "He likes trains. He likes them a lot.")],
        &PASS,
    );
    // Each sentence is short, and no word is.
    let hard = "Characteristically uncommunicative individuals necessitate differentiated multidisciplinary intervention. ";
    check("language.plain-a", &[("history", &hard.repeat(20))], &FAIL);
    check(
        "language.plain-a",
        &[("history", &"He went to the sea with his mum. ".repeat(20))],
        &PASS,
    );
}

#[test]
fn an_abbreviation_is_explained_once_anywhere() {
    let rule = "language.unexplained";
    check(rule, &[("semh_needs", "CAMHS saw him.")], &FAIL);
    check(
        rule,
        &[
            ("semh_needs", "CAMHS saw him."),
            ("semh_provisions", "CAMHS visits."),
        ],
        &FAIL,
    );
    let meaning = (
        "history",
        "The child and adolescent mental health service (CAMHS) saw him.",
    );
    check(rule, &[meaning, ("semh_needs", "CAMHS saw him.")], &PASS);
    check(rule, &[("semh_needs", "He takes part in camhswork.")], &PASS);
}

#[test]
fn the_same_words_stand_once() {
    let need = "He finds it hard to wait for his turn.";
    check(
        "language.repeated",
        &[("semh_needs", need), ("cognition_learning_needs", need)],
        &FAIL,
    );
    check(
        "language.repeated",
        &[
            ("semh_needs", need),
            ("cognition_learning_needs", "He finds it hard to wait for a turn."),
        ],
        &PASS,
    );
    check(
        "language.repeated",
        &[
            ("semh_needs", "He has autism."),
            ("communication_interaction_needs", "He has autism."),
        ],
        &PASS,
    );
}

#[test]
fn outcomes_are_counted() {
    let outcome = "By July 2027 he will read.";
    check("plan.outcomes", &[("semh_outcomes", outcome); 2], &FAIL);
    check("plan.outcomes", &[("semh_outcomes", outcome); 3], &PASS);
    check("plan.outcomes", &[("semh_outcomes", outcome); 12], &PASS);
    check("plan.outcomes", &[("semh_outcomes", outcome); 13], &FAIL);
    check("plan.outcomes", &[], &PASS);
}

#[test]
fn age_and_year_follow_from_the_date_of_birth() {
    let rule = "plan.age";
    let born = ("date_of_birth", "14/03/2017");
    for (text, expected) in [
        ("Rowan is 8 years old.", &FAIL),
        ("Rowan is now in Year 4.", &FAIL),
        ("Rowan is 9 years old and is in Year 5.", &PASS),
        ("Rowan was 8 years old when he moved.", &PASS),
        ("By the age of 12 he will travel alone.", &PASS),
        ("His sister, aged 12, helps him.", &PASS),
    ] {
        check(rule, &[born, ("history", text)], expected);
    }
    check_open(rule, &[("history", "Rowan is 8 years old.")]);
}

#[test]
fn a_mistyped_number_is_seen() {
    check(
        "plan.nhs-number",
        &[("nhs_number_if_available", "943 476 5919")],
        &PASS,
    );
    check(
        "plan.nhs-number",
        &[("nhs_number_if_available", "943 476 5910")],
        &FAIL,
    );
    check_open("plan.nhs-number", &[]);
}

#[test]
fn adulthood_is_wanted_from_year_nine_on() {
    let rule = "plan.adulthood";
    let (child, teenager, first_day) = (
        ("date_of_birth", "14/03/2017"),
        ("date_of_birth", "14/03/2012"),
        // In Year 9 by one day.
        ("date_of_birth", "31/08/2013"),
    );
    let unsaid = ("semh_provisions", "A mentor, every day.");
    let said = ("semh_provisions", "Travel training, twice a week for six weeks.");
    check(rule, &[child, unsaid], &PASS);
    check(rule, &[teenager, unsaid], &FAIL);
    check(rule, &[teenager, said], &PASS);
    check(rule, &[first_day, unsaid], &FAIL);
    check(rule, &[("date_of_birth", "01/09/2013"), unsaid], &PASS);
    check_open(rule, &[unsaid]);
}

#[test]
fn a_teacher_of_the_deaf_was_asked() {
    let rule = "plan.sensory-advice";
    let need = [("sensory_physical_needs", "She has a moderate hearing loss.")];
    check(rule, &need, &FAIL);
    check(
        rule,
        &[("sensory_physical_needs", "She is sensitive to noise.")],
        &PASS,
    );
    let mut asked = Plan::of(&need);
    asked.case.sources[0].advice = Some("teacher_of_the_deaf".into());
    assert_eq!(asked.verdict(rule), PASS);
}

#[test]
fn old_and_undated_advice_is_told_of() {
    let mut plan = Plan::of(&[("semh_needs", "He worries.")]);
    let mut verdict = |day: Option<Date>| {
        plan.case.sources[0].date = day;
        plan.verdict("source.old")
    };
    assert_eq!(verdict(Some(date(2025, 11, 2))), PASS);
    assert_eq!(verdict(Some(date(2025, 11, 1))), FAIL);
    assert_eq!(verdict(None), FAIL);
}

#[test]
fn the_clock_counts_from_the_request() {
    let mut plan = Plan::of(&[]);
    let mut verdict = |asked: Option<Date>| {
        plan.case.manifest.request_date = asked;
        plan.verdict("plan.clock")
    };
    assert!(matches!(verdict(None), RuleVerdict::NotAssessed { .. }));
    // Drafted on 2 November 2026: six weeks after 14 September are near, none is past.
    assert_eq!(verdict(Some(date(2026, 10, 26))), PASS);
    assert_eq!(verdict(Some(date(2026, 9, 22))), FAIL);
    assert_eq!(verdict(Some(date(2026, 5, 1))), RuleVerdict::Fail { findings: 4 });
}

#[test]
fn a_council_turns_a_rule_off_or_makes_it_weigh_more() {
    let filled = [("semh_provisions", "Regular movement breaks.")];
    let mut recipe = RECIPE.clone();
    recipe.rules.insert("specificity.vague".into(), RuleSetting::Off);
    assert_eq!(
        Plan::with(&recipe, &filled).verdict("specificity.vague"),
        RuleVerdict::Off
    );
    recipe
        .rules
        .insert("specificity.vague".into(), RuleSetting::Critical);
    let checked = Plan::with(&recipe, &filled).checked();
    let finding = checked
        .findings()
        .iter()
        .find(|finding| finding.rule == "specificity.vague");
    assert_eq!(finding.unwrap().severity, drafting::finding::Severity::Critical);
}

#[test]
fn a_rule_that_does_not_find_its_own_examples_is_a_fault() {
    let fault = |from: &str, to: &str| {
        let mut files = files();
        let text = String::from_utf8(files["rules.toml"].clone()).unwrap();
        assert!(text.contains(from), "{from}");
        files.insert("rules.toml".into(), text.replacen(from, to, 1).into_bytes());
        let loaded = load::load("ehcp", &files, None);
        let faults = loaded.map_or_else(|faults| faults, |recipe| load::examples(&recipe));
        faults
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (from, to, said) in [
        (
            "'holistic (?:approach|support|way)', ",
            "",
            "does not find its example",
        ),
        (
            "\"Overalls protect his clothes in art.\"",
            "\"In conclusion.\"",
            "should let pass",
        ),
        (
            "fails = [\"The amount of support",
            "# fails = [\"The amount of support",
            "needs examples",
        ),
        (
            "sections = [\"E\"] }\ntest = { count",
            "sections = [\"Z\"] }\ntest = { count",
            "is the id of no section",
        ),
        (
            "test = { age = \"date_of_birth\" }",
            "test = { age = \"birthday\" }",
            "is the key of no field",
        ),
        (
            "id = \"plan.age\"",
            "id = \"plan.outcomes\"",
            "the id of another rule",
        ),
        (
            "id = \"plan.age\"",
            "id = \"grounding.number\"",
            "the id of another rule",
        ),
        (
            "advice = [\"teacher_of_the_deaf\"]",
            "advice = [\"teacher\"]",
            "is the id of no advice",
        ),
        ("least = 3, most = 12", "least = 3, must = 12", "unknown key"),
        (
            "'holistic (?:approach",
            "'holistic (?:approach(",
            "is not a pattern",
        ),
    ] {
        let faults = fault(from, to);
        assert!(
            faults.contains("rules.toml:") && faults.contains(said),
            "{to}: {faults}"
        );
    }
    assert_eq!(load::examples(&RECIPE), []);
}
