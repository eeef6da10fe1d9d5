//! What changed since the draft before, in report and record.

use std::collections::BTreeMap;

use drafting::changes::{SourceChangeKind, StatementChangeKind, between};
use drafting::id::EditId;
use drafting::recipe::Recipe;
use drafting::record::{Generated, Record};
use serde_json::{Value, json};

use super::page::Page;
use super::{documents, fixture};

fn record((recipe, generated): &(Recipe, Generated)) -> Record {
    Record::of(recipe, generated, &BTreeMap::new(), BTreeMap::new())
}

/// The record of a draft before the rich one: what differs is said by `edit`.
fn earlier(edit: impl FnOnce(&mut Value)) -> Record {
    let mut value = serde_json::to_value(record(&fixture::rich())).unwrap();
    value["run"] = json!("00000000000000000000000000000000");
    value["date"] = json!("2026-09-01");
    edit(&mut value);
    serde_json::from_value(value).unwrap()
}

fn statements(value: &mut Value) -> &mut Vec<Value> {
    let fields = value["sections"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .flat_map(|section| section["fields"].as_array_mut().unwrap());
    let mut lists = fields.filter_map(|field| field["content"].get_mut("statements")?.as_array_mut());
    lists.find(|list| list.len() > 1).unwrap()
}

/// The rich run with something of every kind changed since.
pub fn changed() -> (Recipe, Generated) {
    let mut run = fixture::rich();
    let old = earlier(|old| {
        let all = statements(old);
        all[1]["text"] = json!("Zebras <b>were</b> never mentioned anywhere else.");
        for one in old["evidence"].as_object_mut().unwrap().values_mut().take(1) {
            one["quote"] = json!("It was said in other words then.");
            one.as_object_mut().unwrap().remove("page");
        }
        old["sources"][0]["name"] = json!("An old letter.pdf");
        old["sources"][0]["sha256"] = json!("0".repeat(64));
        let finding = old["findings"][0].clone();
        old["findings"][0]["message"] = json!("this was found then");
        old["findings"].as_array_mut().unwrap().push(finding);
        old["queries"].as_array_mut().unwrap().remove(0);
        old["conflicts"].as_array_mut().unwrap().clear();
    });
    run.1.changes = Some(between(&old, &record(&run)));
    run
}

#[test]
fn what_is_not_as_it_was_is_told_and_nothing_else() {
    let now = record(&fixture::rich());
    assert!(between(&earlier(|_| {}), &now).is_empty());
    let changes = between(
        &earlier(|old| {
            let all = statements(old);
            // Numbers of a run are no sign of anything.
            all[0]["id"] = json!("X.9");
            let text = all[0]["text"].as_str().unwrap().to_owned();
            all[0]["text"] = json!(format!("{text} This was said then."));
            all[1]["text"] = json!("Zebras were never mentioned anywhere else.");
            all[1]["support"] = json!("officer");
            old["sources"][0]["sha256"] = json!("0".repeat(64));
            old["findings"].as_array_mut().unwrap().clear();
            let query = old["queries"][0].clone();
            let mut other = query.clone();
            other["question"] = json!("Please say what was settled since.");
            old["queries"].as_array_mut().unwrap().push(other);
        }),
        &now,
    );
    assert_eq!(changes.count(StatementChangeKind::Reworded), 1, "{changes:#?}");
    assert_eq!(changes.count(StatementChangeKind::Gone), 1);
    assert_eq!(changes.count(StatementChangeKind::Added), 1);
    assert_eq!(changes.findings.new.len(), now.findings.len());
    assert_eq!((changes.queries.new.len(), changes.queries.gone.len()), (0, 1));
    assert_eq!(changes.sources.len(), 1);
    assert_eq!(changes.sources[0].kind, SourceChangeKind::Replaced);
}

#[test]
fn a_statement_with_the_same_words_that_lost_evidence_is_told() {
    let now = record(&fixture::rich());
    let changes = between(
        &earlier(|old| {
            for one in old["evidence"].as_object_mut().unwrap().values_mut().take(1) {
                one["quote"] = json!("It was said in other words then.");
            }
        }),
        &now,
    );
    let kinds: Vec<_> = changes.statements.iter().map(|change| change.kind).collect();
    assert!(
        !kinds.is_empty() && kinds.iter().all(|kind| *kind == StatementChangeKind::Evidence),
        "{kinds:?}"
    );
    let lost = &changes.statements[0].evidence_lost;
    assert_eq!(lost[0].quote, "It was said in other words then.");
}

#[test]
fn the_report_shows_what_changed_and_the_record_says_it() {
    assert!(Page::of(&fixture::rich()).at("changes").is_empty());
    let run = changed();
    let text = Page::of(&run).text("#changes");
    assert!(!text.contains("edited by hand"), "{text}");
    assert!(text.contains("Zebras <b>were</b> never"), "{text}");
    assert!(text.contains("1 September 2026"), "{text}");
    let bytes = render::record(&run.0, &run.1, &documents(&run), BTreeMap::new()).unwrap();
    let written: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        written["changes"]["since"]["run"],
        "00000000000000000000000000000000"
    );
    assert_eq!(super::record::Schema::published().fault("", &written), None);
}

#[test]
fn an_edit_of_the_draft_before_is_told() {
    let mut run = changed();
    let changes = run.1.changes.as_mut().unwrap();
    changes.since.edit = Some(EditId::parse("0123456789abcdef0123456789abcdef").unwrap());
    let text = Page::of(&run).text("#changes");
    assert!(
        text.contains("edited by hand") && text.contains("0123456789abcdef0123456789abcdef"),
        "{text}"
    );
    let bytes = render::record(&run.0, &run.1, &documents(&run), BTreeMap::new()).unwrap();
    let written: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(super::record::Schema::published().fault("", &written), None);
}
