//! The report as a review desk: findings in their places, coverage, the quality of the sources and the rules.

use std::collections::{BTreeMap, BTreeSet};

use drafting::check::{Judged, rules};
use drafting::draft::SentenceUse;
use drafting::finding::{Severity, Subject};
use drafting::recipe::{Recipe, RuleSetting};
use drafting::record::Generated;
use drafting::source::{Format, Rejection};
use jiff::civil::date;

use super::fixture;
use super::page::{Page, flat};
use super::{documents, runs};

#[test]
fn every_finding_stands_once_with_its_rule_weight_and_hint() {
    for (name, run) in runs() {
        let page = Page::of(&run);
        let findings = run.1.checked.findings();
        let shown = page.all().iter().filter(|element| {
            let id = element.attribute("id").and_then(|id| id.strip_prefix("finding-"));
            id.is_some_and(|number| number.parse::<usize>().is_ok())
        });
        assert_eq!(shown.count(), findings.len(), "{name}");
        for (number, finding) in (1..).zip(findings) {
            let at = page.at(&format!("finding-{number}"));
            assert_eq!(at.len(), 1, "{name} {number}");
            let weight = match finding.severity {
                Severity::Critical => "Critical",
                Severity::Standard => "Standard",
                Severity::Info => "For information",
            };
            let message: String = flat(&finding.message).chars().skip(1).collect();
            let hint: String = flat(finding.hint.as_deref().unwrap_or(""))
                .chars()
                .skip(1)
                .collect();
            for words in [weight, finding.rule.as_str(), &message, &hint] {
                assert!(
                    at[0].text.contains(&words.replace('`', "")),
                    "{name} {number}: {words}: {}",
                    at[0].text
                );
            }
        }
    }
}

#[test]
fn a_finding_about_a_statement_stands_in_it() {
    let run = fixture::many(120);
    let page = Page::of(&run);
    let mut about_statements = 0;
    for (number, finding) in (1..).zip(run.1.checked.findings()) {
        let Subject::Statement(id) = &finding.subject else {
            continue;
        };
        about_statements += 1;
        let statement = page.at(&format!("s-{id}"))[0];
        let inside: BTreeSet<_> = page
            .inside(statement)
            .filter_map(|element| element.attribute("id"))
            .collect();
        assert!(
            inside.contains(format!("finding-{number}").as_str()),
            "{id} {number}"
        );
    }
    assert!(about_statements >= 20, "{about_statements}");
}

#[test]
fn the_summary_counts_the_findings_of_each_section() {
    let run = fixture::many(120);
    let page = Page::of(&run);
    let mut expected: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let draft = run.1.checked.draft();
    for finding in run.1.checked.findings() {
        let section = draft.sections.iter().find(|section| {
            let mut fields = section.fields.iter();
            match &finding.subject {
                Subject::Section(id) => section.id == *id,
                Subject::Field(key) => fields.any(|field| field.key == *key),
                Subject::Statement(id) => fields
                    .flat_map(|field| field.content.statements())
                    .any(|statement| statement.id == *id),
                Subject::Case | Subject::Source(_) | Subject::Sentence(_) => false,
            }
        });
        if let Some(section) = section {
            expected.entry(&section.id).or_default()[finding.severity as usize] += 1;
        }
    }
    let tables = page.named(&["table"]);
    let table = tables
        .iter()
        .find(|table| table.attribute("class") == Some("jump"))
        .unwrap();
    let rows: Vec<_> = page
        .inside(table)
        .filter(|element| element.name == "tr")
        .collect();
    assert_eq!(rows.len(), draft.sections.len() + 1);
    for (row, section) in rows[1..].iter().zip(&draft.sections) {
        let cells: Vec<&str> = page
            .inside(row)
            .filter(|cell| cell.name == "td")
            .map(|cell| cell.text.as_str())
            .collect();
        let counts = expected.get(section.id.as_str()).copied().unwrap_or_default();
        let told = counts.map(|count| {
            if count == 0 {
                "\u{2013}".to_owned()
            } else {
                count.to_string()
            }
        });
        assert_eq!(cells[1..4], told.each_ref().map(String::as_str), "{}", section.id);
    }
}

#[test]
fn what_to_do_next_begins_with_what_weighs_most() {
    let steps = |run: &(Recipe, Generated)| {
        let page = Page::of(run);
        let lists = page.named(&["ol"]);
        let next = lists.iter().find(|list| list.attribute("class") == Some("next"));
        let links = page.inside(next.unwrap()).filter(|element| element.name == "a");
        links.map(|link| link.text.clone()).collect::<Vec<_>>()
    };
    let rich = steps(&fixture::rich());
    assert_eq!(rich[0], "Open the first of 3 critical findings");
    assert_eq!(rich[1], "See why 2 of 6 files were not drafted from");
    assert_eq!(rich.last().unwrap(), "Answer the questions before you sign");
    assert!(
        rich.iter()
            .any(|step| step.starts_with("Send 4 queries in 3 letters"))
    );
    assert_eq!(
        steps(&fixture::refused()),
        [
            "Open the first of 2 critical findings",
            "See why 2 of 2 files were not drafted from",
            "Look at 5 standard findings"
        ]
    );
}

#[test]
fn each_sentence_says_what_became_of_it() {
    let run = fixture::many(120);
    let page = Page::of(&run);
    let mut fates = [0; 3];
    for entry in &run.1.checked.draft().coverage {
        let row = page.at(&entry.sentence.to_string())[0];
        let cells: Vec<_> = page.inside(row).filter(|cell| cell.name == "td").collect();
        let (fate, words) = match &entry.fate {
            SentenceUse::Used(ids) => (0, format!("Used in {}", ids.join(", "))),
            SentenceUse::Merged(ids) => (1, format!("Merged into {}", ids.join(", "))),
            SentenceUse::NotUsed(_) => (2, "Not used: ".to_owned()),
        };
        fates[fate] += 1;
        assert!(
            cells[2].text.starts_with(&words),
            "{}: {}",
            entry.sentence,
            cells[2].text
        );
    }
    assert!(fates.iter().all(|count| *count > 10), "{fates:?}");
    let total: usize = fates.iter().sum();
    let share = (fates[0] + fates[1]) * 100 / total;
    assert!(page.text(".lead").contains(&format!("({share}%) support them")));
    assert!(page.text(".reasons").contains("no claim was found in it"));
    assert!(page.text(".fate-replaced").contains("Not used: replaced"));
    assert!(page.text(".fate-used").contains("see query 1"));
}

#[test]
fn replaced_words_and_conflicts_stand_beside_the_statement() {
    let page = Page::of(&fixture::many(120));
    assert!(
        page.text("#s-A.1")
            .contains("replaced by a later source Point 3 of advice 1")
    );
    let conflict = page.text(".differs");
    assert!(
        conflict.contains("In conflict: hours of support, place 0: 12 hours (Advice 1.pdf, page 1); 15 hours (Advice 1.pdf, page 1)"),
        "{conflict}"
    );
}

#[test]
fn the_quality_of_the_sources_is_told() {
    let mut run = fixture::child::with_sources();
    run.case.sources[0].date = Some(date(2025, 8, 1));
    run.case.sources[2].date = Some(date(2026, 12, 1));
    run.case
        .manifest
        .documents
        .push(serde_json::from_str(r#"{ "file": "Appendix G.pdf" }"#).unwrap());
    let page = Page::of(&run.finish());
    for (what, item) in [
        (
            "that is missing",
            "Social care advice (SEND Regulations 2014, reg 6(1)(e))",
        ),
        ("Named in case.json and not arrived", "Appendix G.pdf"),
        ("Could not be read", "Appendix E.pdf"),
        ("Kept out", "Appendix F.pdf"),
        ("Without a date", "Appendix B.docx"),
        ("More than a year old", "Appendix A.pdf (14 months)"),
        ("Dated after the day of drafting", "Appendix C.pdf"),
        ("no sentence of it stands in the draft", "Appendix A.pdf"),
        ("Its reader noticed", "Appendix B.docx (2 notices)"),
    ] {
        let weak = page.text(".weak");
        let after = weak.split_once(what).map(|(_, after)| after);
        assert!(after.is_some_and(|after| after.contains(item)), "{what}: {weak}");
    }
    let vague = Page::of(&fixture::many(120)).text(".weak");
    assert!(vague.contains("Vague: the draft asks for specifics"), "{vague}");
    assert!(vague.contains("Advice 1.pdf (15 queries)"), "{vague}");
}

/// The result of a rule in the report of a run.
fn result(page: &Page, rule: &str) -> String {
    let row = page.at(&format!("rule-{rule}"));
    page.inside(row[0])
        .filter(|cell| cell.name == "td")
        .last()
        .unwrap()
        .text
        .clone()
}

#[test]
fn a_rule_that_was_not_applied_never_passes() {
    let mut off = fixture::child::with_sources();
    off.recipe.rules.insert(rules::WORDS.id.into(), RuleSetting::Off);
    let mut judged = fixture::child::with_sources();
    judged.drafter = drafting::record::Drafter::with_model("azure-openai", "a model");
    let mut alone = fixture::Run::new();
    let text = "# Medical advice\nIdris has absence seizures on most days.\n";
    alone.add_source("C.pdf", "medical", "Doctor", Ok((text, Format::Pdf)));
    let mut unread = fixture::Run::new();
    unread.add_source("C.pdf", "medical", "Doctor", Err(Rejection::Empty));
    let pages: BTreeMap<&str, Page> = BTreeMap::from([
        ("rich", Page::of(&fixture::rich())),
        ("off", Page::of(&off.finish())),
        ("judged", Page::of(&judged.finish_judged(Judged::All))),
        ("alone", Page::of(&alone.finish())),
        ("unread", Page::of(&unread.refuse("nothing could be read"))),
        ("empty", Page::of(&fixture::empty())),
    ]);
    for (run, rule, expected) in [
        ("rich", rules::SECTIONS, "Passed"),
        ("rich", rules::UNREADABLE, "1 finding"),
        ("rich", rules::NOT_JUDGED, "1 finding"),
        (
            "rich",
            rules::NUMBER,
            "Not assessed: it is about what a model writes",
        ),
        (
            "rich",
            rules::UNJUDGED,
            "Not assessed: it is about what a model writes",
        ),
        (
            "rich",
            rules::NOT_ARRIVED,
            "Not assessed: case.json names no document",
        ),
        ("off", rules::WORDS, "Not applied: the recipe turns it off"),
        ("judged", rules::NUMBER, "Passed"),
        ("judged", rules::UNJUDGED, "Passed"),
        ("judged", rules::NOT_JUDGED, "Passed"),
        (
            "judged",
            rules::NEED_ALONE,
            "Not assessed: no need stands in the draft",
        ),
        (
            "judged",
            rules::NAMELESS,
            "Assessed in part: nothing found in 5 of 6 files",
        ),
        (
            "judged",
            rules::INSTRUCTION,
            "Assessed in part: nothing found in 4 of 6 files",
        ),
        (
            "alone",
            rules::STRANGER,
            "Not assessed: there is one file and nothing to compare it with",
        ),
        ("alone", rules::INSTRUCTION, "Passed"),
        ("unread", rules::NOTICE, "Not assessed: no file could be read"),
        ("unread", rules::WORDING, "Not assessed: no draft was made"),
        ("empty", rules::UNREADABLE, "Not assessed: no document was given"),
    ] {
        let told = result(&pages[run], rule.id);
        assert!(told.starts_with(expected), "{run} {}: {told}", rule.id);
    }
}

#[test]
fn every_rule_of_the_catalogue_has_its_row() {
    for (name, run) in runs() {
        let page = Page::of(&run);
        for rule in rules::ALL {
            assert_eq!(
                page.at(&format!("rule-{}", rule.id)).len(),
                1,
                "{name} {}",
                rule.id
            );
            assert!(!result(&page, rule.id).is_empty(), "{name} {}", rule.id);
        }
    }
}

#[test]
fn nothing_but_controls_waits_for_the_script() {
    for (name, run) in runs() {
        let page = Page::of(&run);
        for element in page.with("hidden") {
            let words = page.inside(element).filter(|inner| {
                let id = inner.attribute("id").unwrap_or("");
                inner.name == "p" && !id.is_empty() || inner.name == "blockquote"
            });
            assert_eq!(words.count(), 0, "{name}");
            let class = element.attribute("class").or(element.attribute("id"));
            assert!(
                matches!(class, Some("more-tools" | "keys" | "copy" | "show-again")),
                "{name} {class:?}"
            );
        }
    }
}

#[test]
fn size_grows_with_the_draft_and_no_faster() {
    let size = |statements| documents(&fixture::many(statements)).report.len();
    let (none, hundred, thousand) = (size(8), size(108), size(1_008));
    assert!(
        thousand - none < (hundred - none) * 11,
        "{none} {hundred} {thousand}"
    );
}
