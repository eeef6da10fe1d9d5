//! What was read on a scan.

use drafting::recognised::{PageRead, Recognition, WordRead};

use super::*;

/// The case whose first source was read on a scan: one line, whose words were read with these confidences.
pub fn scanned(words: &[(&str, u8)]) -> Case {
    let line: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let line = line.join(" ");
    let mut case = case(&[&line]);
    let mut at = 0;
    let read: Vec<WordRead> = words
        .iter()
        .map(|(word, confidence)| {
            let start = at;
            at += word.len() + 1;
            WordRead {
                start,
                end: start + word.len(),
                confidence: *confidence,
                handwritten: false,
            }
        })
        .collect();
    let block = Block {
        page: Some(1),
        breaks: Vec::new(),
        content: Content::Paragraph {
            text: line,
            bold: Vec::new(),
        },
    };
    let reading = Reading {
        format: Format::Pdf,
        pages: Some(1),
        blocks: vec![block],
        notices: Vec::new(),
    };
    let recognition = Recognition {
        by: "tesseract 5".to_owned(),
        pages: vec![PageRead {
            page: 1,
            words: words.len(),
            mean: 90,
            lowest: 40,
            handwritten: 0,
        }],
        words: Vec::new(),
    };
    let document = Document::number(1, &reading).recognised(&reading, recognition, &[vec![read]]);
    case.sources[0].content = Ok(document);
    case
}

pub fn checked(recipe: &Recipe, case: &Case, judged: Judged) -> CheckedDraft {
    let text = case.sources[0].content.as_ref().unwrap().sentences[0]
        .text
        .clone();
    let filled = vec![(
        NEEDS,
        FieldContent::Statements(vec![statement("X.1", &text, &[1])]),
    )];
    let draft = draft(recipe, filled);
    let claims = [claim(1, "need", 1, 1)];
    check::check(recipe, case, &claims, &BTreeSet::new(), Vec::new(), draft, judged)
}

pub const LINE: [(&str, u8); 6] = [
    ("Rowan", 95),
    ("needs", 96),
    ("help", 96),
    ("for", 97),
    ("20", 96),
    ("minutes.", 95),
];

pub fn with(at: usize, confidence: u8) -> Vec<(&'static str, u8)> {
    let mut words = LINE.to_vec();
    words[at].1 = confidence;
    words
}

#[test]
fn a_number_that_was_not_read_surely_is_critical() {
    let recipe = recipe();
    let found = |words: &[(&str, u8)], rule: &str| {
        let checked = checked(&recipe, &scanned(words), Judged::No);
        // It stands in the draft all the same: a person decides.
        assert_eq!(text_of(&checked).len(), 1);
        let finding = checked.findings().iter().find(|finding| finding.rule == rule);
        finding.map(|finding| {
            (
                finding.severity,
                finding.message.clone(),
                finding.hint.clone().unwrap_or_default(),
            )
        })
    };
    let (severity, message, hint) = found(&with(4, 85), "recognition.doubtful-fact").unwrap();
    assert_eq!(severity, Severity::Critical);
    assert!(
        message.contains("\u{201c}20\u{201d} (85 %)") && hint.contains("Appendix D.pdf, page 1"),
        "{message}; {hint}"
    );
    assert_eq!(found(&with(4, 85), "recognition.doubtful"), None);
    let (severity, message, _) = found(&with(2, 60), "recognition.doubtful").unwrap();
    assert!(
        severity == Severity::Standard && message.contains("\u{201c}help\u{201d} (60 %)"),
        "{message}"
    );
    assert_eq!(found(&with(2, 85), "recognition.doubtful"), None);
    assert_eq!(found(&LINE, "recognition.doubtful-fact"), None);
}

#[test]
fn what_rests_on_a_scan_is_never_ready() {
    let mut recipe = recipe();
    // Nothing but the scan stands in the way.
    for rule in rule_ids(&recipe) {
        recipe.rules.insert(rule, RuleSetting::Off);
    }
    let plain = checked(&recipe, &case(&["Rowan needs help for 20 minutes."]), Judged::All);
    assert_eq!((plain.findings().len(), plain.outcome()), (0, &RunOutcome::Ready));
    let scan = checked(&recipe, &scanned(&LINE), Judged::All);
    assert_eq!(scan.outcome(), &RunOutcome::NeedsReview);
}

fn rule_ids(recipe: &Recipe) -> Vec<String> {
    let own = recipe.demands.rules.iter().map(|rule| rule.id.clone());
    let catalogue = check::rules::ALL.iter().map(|rule| rule.id.to_owned());
    catalogue.chain(own).collect()
}

#[test]
fn each_source_says_how_it_was_read_and_rules_say_where_nothing_was() {
    let recipe = recipe();
    let scan = checked(&recipe, &scanned(&LINE), Judged::No);
    let told = scan
        .findings()
        .iter()
        .find(|finding| finding.rule == "source.recognised")
        .unwrap();
    assert!(
        told.message.contains("page 1") && told.message.contains("tesseract 5"),
        "{}",
        told.message
    );
    let plain = checked(&recipe, &case(&["Rowan needs help."]), Judged::No);
    for rule in [
        "source.recognised",
        "recognition.doubtful",
        "recognition.doubtful-fact",
    ] {
        let verdict = |checked: &CheckedDraft| {
            let result = checked
                .results()
                .iter()
                .find(|result| result.rule == rule)
                .unwrap();
            result.verdict.clone()
        };
        assert!(
            matches!(verdict(&plain), check::RuleVerdict::NotAssessed { .. }),
            "{rule}"
        );
        assert!(
            !matches!(verdict(&scan), check::RuleVerdict::NotAssessed { .. }),
            "{rule}"
        );
    }
}
