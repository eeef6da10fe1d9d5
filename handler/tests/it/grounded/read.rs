//! The rules that need reading: asked in one call about the finished draft, and never passed without an answer.

use evaluation::scripted::{Behaviour, Fault, Faults, Readings, Server, When};
use serde_json::Value;

use super::stage::{Bench, Record, model, of_purpose};

/// The rules of the recipe that need reading, with what each came to.
fn verdicts(record: &Record) -> Vec<(String, String)> {
    let rules = record.0["rules"].as_array().unwrap().iter();
    let read = rules.filter(|rule| rule["rule"].as_str().unwrap().starts_with("read."));
    read.map(|rule| {
        let verdict = rule["verdict"]["result"].as_str().unwrap();
        (rule["rule"].as_str().unwrap().to_owned(), verdict.to_owned())
    })
    .collect()
}

fn found(record: &Record) -> Vec<&Value> {
    let all = record.findings().iter();
    all.filter(|finding| finding["rule"].as_str().unwrap().starts_with("read."))
        .collect()
}

fn came_to(record: &Record, result: &str) -> usize {
    verdicts(record)
        .iter()
        .filter(|(_, verdict)| verdict == result)
        .count()
}

async fn read(model: &Server, readings: Readings) -> Record {
    model.behave(Behaviour {
        readings,
        ..Behaviour::default()
    });
    Bench::of("rowan").draft(model, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_asked_in_one_call_that_costs_little() {
    let model = model(Behaviour::default()).await;
    model.behave(Behaviour {
        exact_tokens: true,
        ..Behaviour::default()
    });
    let record = Bench::of("rowan").draft(&model, &[]).await;
    assert_eq!(verdicts(&record).len(), 6);
    assert_eq!(came_to(&record, "pass"), 6, "{:?}", found(&record));
    assert!(record.is_ready(), "{:?}", record.findings());
    let statistics = model.statistics();
    let read = statistics.purposes["read"];
    assert_eq!(read.calls, 1);
    assert!(
        read.tokens.prompt() <= 10_000 && read.tokens.completion <= 700,
        "{read:?}"
    );
    assert!(statistics.calls <= 28 && statistics.chain <= 7, "{statistics:?}");
    assert!(
        statistics.prompt_tokens <= 110_000 && statistics.completion_tokens <= 18_000,
        "{statistics:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_quotes_the_statement_that_it_is_about() {
    let model = model(Behaviour::default()).await;
    let record = read(&model, Readings::Objects).await;
    let found = found(&record);
    assert!(
        !found.is_empty() && found.len() == came_to(&record, "fail"),
        "{found:?}"
    );
    let statements = record.statements();
    for finding in found {
        let message = finding["message"].as_str().unwrap();
        let (_, words) = message.split_once('\u{201c}').unwrap();
        let words = words.split('\u{201d}').next().unwrap();
        assert!(
            statements.iter().any(|(text, _)| text.contains(words)),
            "{message}"
        );
        assert!(finding["subject"]["statement"].is_string(), "{finding}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invented_quotation_is_asked_again_and_then_not_assessed() {
    let model = model(Behaviour::default()).await;
    let record = read(&model, Readings::Invents { stubborn: false }).await;
    assert_eq!(of_purpose(&model.recorded(), "read"), 2);
    assert_eq!(
        came_to(&record, "pass"),
        6,
        "asked again it answers: {:?}",
        found(&record)
    );
    for readings in [Readings::Invents { stubborn: true }, Readings::Silent] {
        let record = read(&model, readings).await;
        assert_eq!(of_purpose(&model.recorded(), "read"), 2, "{readings:?}");
        assert_eq!(came_to(&record, "not_assessed"), 6, "{readings:?}");
        let found = found(&record);
        assert_eq!(found.len(), 6, "{found:?}");
        for finding in found {
            assert!(
                finding["message"].as_str().unwrap().contains("not assessed"),
                "{finding}"
            );
        }
        assert!(!record.holds("words that nobody wrote"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_is_no_pass() {
    let model = model(Behaviour {
        faults: vec![Faults::of("read", "", When::Always, Fault::PromptFiltered)],
        ..Behaviour::default()
    })
    .await;
    let record = Bench::of("rowan").draft(&model, &[]).await;
    assert_eq!(came_to(&record, "not_assessed"), 6);
    let found = found(&record);
    assert_eq!(found.len(), 6);
    assert!(
        found[0]["message"].as_str().unwrap().contains("content filter"),
        "{found:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_model_they_are_not_assessed_and_nothing_is_found() {
    let model = model(Behaviour::default()).await;
    let bench = Bench::of("rowan");
    let none = [
        ("MODEL_BASE_URL", ""),
        ("MODEL_DEPLOYMENT", ""),
        ("MODEL_KEY", ""),
    ];
    let mut command = bench.command(&model, &[]);
    for (name, _) in none {
        command.env_remove(name);
    }
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let record = Record(serde_json::from_slice(&bench.file("record.json")).unwrap());
    assert_eq!(model.recorded().len(), 0);
    assert_eq!(came_to(&record, "not_assessed"), 6);
    assert_eq!(found(&record).len(), 0);
}
