//! The report of an annual review, written by a model: the same machinery from another recipe.

use std::path::{Path, PathBuf};

use evaluation::scripted::{Behaviour, Script, Server};
use serde_json::Value;

use super::stage::{Bench, Record, of_purpose};

/// An invented review with its annotation.
fn juno() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("drafting/tests/gold/juno")
}

/// The review drafted with a model, and how often it was asked to write and to judge.
async fn drafted(behaviour: Behaviour) -> (Record, [usize; 2]) {
    let script = Script::read(&juno()).unwrap();
    let model = Server::start(script, behaviour, 0).await.unwrap();
    let mut bench = Bench::new();
    bench.recipe = "annual-review";
    for file in ["Annual review report.md", "Letter from parents.md"] {
        bench.copy(&juno().join(file));
    }
    let record = bench.draft(&model, &[]).await;
    let asked = ["write", "judge"].map(|purpose| of_purpose(&model.recorded(), purpose));
    (record, asked)
}

/// The words of a field.
fn field(record: &Record, key: &str) -> String {
    let sections = record.0["sections"].as_array().unwrap().iter();
    let fields = sections.flat_map(|section| section["fields"].as_array().unwrap());
    let field = fields.into_iter().find(|field| field["key"] == key).unwrap();
    let Some(statements) = field["content"]["statements"].as_array() else {
        return String::new();
    };
    let texts = statements
        .iter()
        .map(|statement| statement["text"].as_str().unwrap());
    texts.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_written_judged_and_held_to_its_own_rules() {
    let (record, asked) = drafted(Behaviour::default()).await;
    assert!(asked.iter().all(|calls| *calls > 0), "{asked:?}");
    for rule in [
        "run.unlabelled",
        "run.unwritten",
        "run.unjudged",
        "run.not-judged",
    ] {
        assert_eq!(record.of_rule(rule).len(), 0, "{rule}: {:?}", record.findings());
    }
    for (key, words) in [
        ("progress", "nine lessons out of ten"),
        ("changes", "epilepsy"),
        ("amend_b", "epilepsy"),
        ("amend_e", "July 2028"),
        ("amend_f", "twice weekly for 30 minutes"),
        ("recommendations", "amended"),
    ] {
        assert!(
            field(&record, key).contains(words),
            "{key}: {}",
            field(&record, key)
        );
    }
    // The decision is the authority's, whoever writes.
    assert_eq!(field(&record, "decision"), "");
    let delegated = record.of_rule("review.delegated");
    assert_eq!(delegated.len(), 1, "{:?}", record.findings());
    assert!(!record.is_ready(), "what is left to the school is critical");
    let evidence: &Value = &record.0["evidence"];
    assert!(evidence.as_object().is_some_and(|evidence| evidence.len() > 10));
}
