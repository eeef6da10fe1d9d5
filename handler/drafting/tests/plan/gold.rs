//! A good plan, written by a person: few false alarms.

use std::collections::BTreeMap;

use drafting::finding::Severity;
use serde_json::Value;

use crate::{Plan, RECIPE, root};

/// Words on a page of the plan's template, in which tables and headings take their room.
const WORDS_A_PAGE: usize = 300;

/// The fields of our recipe that the numbered keys of the annotated draft belong to.
fn field(key: &str) -> Option<String> {
    let numbered = key
        .rsplit_once('_')
        .filter(|(_, number)| number.parse::<u8>().is_ok());
    let Some((stem, _)) = numbered.filter(|_| RECIPE.field(key).is_none()) else {
        return RECIPE.field(key).map(|field| field.key.clone());
    };
    let plural = match stem {
        "h1_provision" | "h2_provision" => format!("social_care_{stem}s"),
        stem => format!("{stem}s"),
    };
    RECIPE.field(&plural).map(|field| field.key.clone())
}

#[test]
fn a_plan_that_a_person_wrote_has_at_most_one_false_alarm_a_page() {
    let text = std::fs::read_to_string(root().join("handler/tests/cases/rowan/gold_draft.json")).unwrap();
    let gold: Value = serde_json::from_str(&text).unwrap();
    let mut filled: Vec<(String, String)> = Vec::new();
    for (key, entry) in gold["fields"].as_object().unwrap() {
        let key = field(key).unwrap_or_else(|| panic!("{key} has no field"));
        for line in entry["value"]
            .as_str()
            .unwrap()
            .lines()
            .filter(|line| !line.trim().is_empty())
        {
            filled.push((key.clone(), line.trim_start_matches("- ").trim().to_owned()));
        }
    }
    // An outcome that serves several needs is repeated with each; a plan of ours has it once.
    filled.sort();
    filled.dedup();
    let filled: Vec<(&str, &str)> = filled
        .iter()
        .map(|(key, text)| (key.as_str(), text.as_str()))
        .collect();
    let words: usize = filled
        .iter()
        .map(|(_, text)| text.split_whitespace().count())
        .sum();
    let checked = Plan::of(&filled).checked();
    let own: Vec<&str> = RECIPE.demands.rules.iter().map(|rule| rule.id.as_str()).collect();
    let alarms: Vec<_> = checked
        .findings()
        .iter()
        .filter(|finding| own.contains(&finding.rule.as_str()) && finding.severity <= Severity::Standard)
        .collect();
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for alarm in &alarms {
        *by_rule.entry(alarm.rule.as_str()).or_default() += 1;
    }
    println!("{} alarms on {words} words: {by_rule:?}", alarms.len());
    let statements: BTreeMap<_, _> = checked
        .draft()
        .statements()
        .map(|(_, _, statement)| (statement.id.clone(), statement.text.clone()))
        .collect();
    for alarm in &alarms {
        if let drafting::finding::Subject::Statement(id) = &alarm.subject {
            println!("  {}: {} | {}", alarm.rule, alarm.message, statements[id]);
        }
    }
    assert!(alarms.len() <= words / WORDS_A_PAGE, "{by_rule:?}");
    assert!(
        alarms.iter().all(|alarm| alarm.severity != Severity::Critical),
        "{by_rule:?}"
    );
}
