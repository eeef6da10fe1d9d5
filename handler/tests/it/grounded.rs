//! Drafts that a language model writes, over HTTP, with a scripted model: what comes of it and what it costs.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use evaluation::scripted::Server;
use evaluation::scripted::{Behaviour, Fault, Faults, Latency, Plant, Verdicts, When};
use serde_json::{Value, json};

use crate::app::{App, message, report, sample};

mod read;
mod review;
mod sent;
pub mod stage;

use stage::{Bench, Record, model, of_purpose, sent, settings};

#[tokio::test(flavor = "multi_thread")]
async fn three_cases_are_written_judged_and_never_ready_with_something_critical() {
    let model = model(Behaviour::default()).await;
    for (case, least_words) in [("rowan", 3_900), ("amina", 2_500), ("tomas", 500)] {
        model.forget();
        let record = Bench::of(case).draft(&model, &[]).await;
        assert!(record.words() >= least_words, "{case}: {} words", record.words());
        assert!(
            record.statements().iter().all(|(_, claims)| *claims > 0),
            "{case}"
        );
        assert_eq!(
            record.is_ready(),
            record.critical() == 0,
            "{case}: {:?}",
            record.findings()
        );
        // A scan without text is among the documents of one case, and that is critical whoever drafts.
        let unreadable = record.of_rule("source.unreadable").len();
        assert_eq!(record.critical(), unreadable, "{case}: {:?}", record.findings());
        assert_eq!(unreadable, usize::from(case == "tomas"), "{case}");
        let judged: BTreeSet<&str> = ["label", "write", "judge"].into();
        let usage = record.0["usage"].as_object().unwrap();
        assert!(
            judged.iter().all(|purpose| usage.contains_key(*purpose)),
            "{case}: {usage:?}"
        );
        let asked = model.statistics();
        assert!(
            asked.calls <= 40 && asked.chain <= 8 && asked.failed == 0,
            "{case}: {asked:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_not_asked_again_and_gives_the_same_bytes() {
    let model = model(Behaviour::default()).await;
    let (one, other) = (Bench::of("tomas"), Bench::of("tomas"));
    one.draft(&model, &[]).await;
    other.draft(&model, &[]).await;
    assert!(one.results() == other.results(), "two runs differ");
    let before = one.results();
    model.forget();
    one.draft(&model, &[]).await;
    assert_eq!(model.recorded().len(), 0, "kept answers were asked for again");
    assert!(one.results() == before, "a run from kept answers differs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_pays_only_for_the_rest() {
    let slow = Latency {
        first: Duration::from_millis(400),
        token: Duration::ZERO,
    };
    let model = model(Behaviour {
        latency: slow,
        ..Behaviour::default()
    })
    .await;
    let (whole, killed) = (Bench::of("tomas"), Bench::of("tomas"));
    whole.draft(&model, &[]).await;
    let all = model.recorded().len();
    model.forget();
    let mut child = killed.command(&model, &[]).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while killed.kept() < 3 {
        assert!(Instant::now() < end, "nothing is kept");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let kept = killed.kept();
    assert!(kept < all, "it was not killed in the middle");
    model.forget();
    killed.draft(&model, &[]).await;
    assert_eq!(model.recorded().len(), all - kept);
    assert!(killed.results() == whole.results(), "the draft differs");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_report_is_asked_about_alone() {
    let model = model(Behaviour::default()).await;
    let bench = Bench::of("rowan");
    let added = bench.sources.path().join("Appendix F.pdf");
    std::fs::remove_file(&added).unwrap();
    bench.draft(&model, &[]).await;
    assert_eq!(of_purpose(&model.recorded(), "label"), 5);
    let asked_before: BTreeSet<String> = model.recorded().iter().map(|one| one.body.to_string()).collect();
    model.forget();
    std::fs::copy(sample("rowan").join("sources/Appendix F.pdf"), &added).unwrap();
    bench.draft(&model, &[]).await;
    let recorded = model.recorded();
    assert_eq!(of_purpose(&recorded, "label"), 1);
    assert!(
        recorded
            .iter()
            .all(|one| !asked_before.contains(&one.body.to_string())),
        "something was paid twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_cannot_be_written_leaves_the_others_and_says_why() {
    let model = model(Behaviour {
        faults: vec![Faults::of(
            "write",
            "Cognition and learning: needs",
            When::Always,
            Fault::PromptFiltered,
        )],
        ..Behaviour::default()
    })
    .await;
    let bench = Bench::of("tomas");
    let record = bench.draft(&model, &[]).await;
    assert!(!record.is_ready());
    let unwritten = record.of_rule("run.unwritten");
    assert!(!unwritten.is_empty(), "{:?}", record.findings());
    for finding in &unwritten {
        let message = finding["message"].as_str().unwrap();
        assert!(
            message.contains("content filter") && message.contains("Cognition and learning"),
            "{message}"
        );
        assert!(!message.contains("Tom"), "{message}");
        assert!(finding["subject"]["section"].is_string(), "{finding}");
    }
    assert!(
        of_purpose(&model.recorded(), "judge") >= 2,
        "the other parts are judged"
    );
    let page = String::from_utf8(bench.file("report.html")).unwrap();
    assert!(page.contains("content filter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_who_cannot_be_read_is_no_pass() {
    let stubborn = Verdicts::Silent {
        each: 2,
        stubborn: true,
    };
    let model = model(Behaviour::default()).await;
    for verdicts in [Verdicts::Nonsense, stubborn] {
        model.behave(Behaviour {
            verdicts,
            ..Behaviour::default()
        });
        // Of the sample cases the one that is ready otherwise.
        let record = Bench::of("rowan").draft(&model, &[]).await;
        assert!(!record.is_ready(), "{verdicts:?}");
        let unjudged = record.of_rule("run.unjudged");
        assert!(
            !unjudged.is_empty() && unjudged.iter().all(|one| one["severity"] == "critical"),
            "{verdicts:?}"
        );
        assert!(record.words() > 3_000, "what nobody has judged is kept, marked");
    }
    model.behave(Behaviour {
        verdicts: Verdicts::Silent {
            each: 2,
            stubborn: false,
        },
        ..Behaviour::default()
    });
    let record = Bench::of("rowan").draft(&model, &[]).await;
    assert!(
        record.is_ready(),
        "asked again it answers: {:?}",
        record.of_rule("run.unjudged")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_judge_objects_to_is_mended_or_taken_out_and_listed() {
    let issues = |stubborn| Verdicts::Issues {
        verdict: "not",
        each: if stubborn { 1 } else { 4 },
        stubborn,
    };
    let model = model(Behaviour {
        verdicts: issues(false),
        ..Behaviour::default()
    })
    .await;
    let record = Bench::of("rowan").draft(&model, &[]).await;
    assert!(of_purpose(&model.recorded(), "repair") > 0);
    assert_eq!(record.of_rule("coverage.taken-out").len(), 0);
    model.behave(Behaviour {
        verdicts: issues(true),
        ..Behaviour::default()
    });
    let record = Bench::of("rowan").draft(&model, &[]).await;
    let listed = record.of_rule("coverage.taken-out");
    assert!(!listed.is_empty());
    for finding in listed {
        assert!(finding["message"].as_str().unwrap().contains(".pdf"), "{finding}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_that_is_used_up_is_said() {
    let model = model(Behaviour::default()).await;
    let record = Bench::of("tomas")
        .draft(&model, &[("MODEL_RUN_CALLS", "4")])
        .await;
    assert!(model.recorded().len() <= 4);
    assert!(!record.is_ready());
    let said = |finding: &&Value| {
        finding["message"]
            .as_str()
            .unwrap()
            .contains("budget of model calls")
    };
    assert!(
        record.findings().iter().any(|finding| said(&finding)),
        "{:?}",
        record.findings()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_writer_invents_is_caught_by_code() {
    let model = model(Behaviour::default()).await;
    let name = |stubborn| Plant::OtherName {
        name: "Zebedee Quillfeather".into(),
        stubborn,
    };
    for (plant, stubborn) in [
        (name(false), false),
        (name(true), true),
        (Plant::WrongNumber { stubborn: false }, false),
        (Plant::WrongNumber { stubborn: true }, true),
    ] {
        model.behave(Behaviour {
            plant: Some(plant.clone()),
            ..Behaviour::default()
        });
        let record = Bench::of("tomas").draft(&model, &[]).await;
        assert!(of_purpose(&model.recorded(), "repair") > 0, "{plant:?}");
        assert!(!record.holds("Zebedee"), "{plant:?}");
        assert_eq!(
            record.of_rule("coverage.taken-out").is_empty(),
            !stubborn,
            "{plant:?}: {:?}",
            record.findings()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_the_writer_forgets_is_asked_about() {
    let model = model(Behaviour {
        plant: Some(Plant::Forgets),
        ..Behaviour::default()
    })
    .await;
    let record = Bench::of("tomas").draft(&model, &[]).await;
    assert!(of_purpose(&model.recorded(), "repair") > 0);
    assert_eq!(
        record.of_rule("coverage.left-out").len(),
        0,
        "{:?}",
        record.findings()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn passing_faults_cost_a_retry_and_nothing_else() {
    let model = model(Behaviour {
        faults: vec![
            Faults::of("label", "", When::Nth(1), Fault::Throttled(1)),
            Faults::of("write", "", When::Nth(2), Fault::Broken),
            Faults::of("judge", "", When::Nth(1), Fault::Malformed),
        ],
        ..Behaviour::default()
    })
    .await;
    let (faulty, plain) = (Bench::of("tomas"), Bench::of("tomas"));
    let record = faulty.draft(&model, &[]).await;
    assert_eq!(model.statistics().failed, 3);
    assert_eq!(
        record.of_rule("run.unwritten").len() + record.of_rule("run.unlabelled").len(),
        0
    );
    model.behave(Behaviour::default());
    let undisturbed = plain.draft(&model, &[]).await;
    assert_eq!(record.0["sections"], undisturbed.0["sections"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_services_filter_did_not_look_at_is_told() {
    let model = model(Behaviour {
        faults: vec![Faults::of("judge", "", When::Nth(1), Fault::Unfiltered)],
        ..Behaviour::default()
    })
    .await;
    let record = Bench::of("tomas").draft(&model, &[]).await;
    assert_eq!(
        record.of_rule("run.unfiltered").len(),
        1,
        "{:?}",
        record.findings()
    );
    let written = record.of_rule("run.unwritten").len() + record.of_rule("run.unjudged").len();
    assert_eq!(written, 0, "the answer is used all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_services_filter_looked_at_is_not_told_of() {
    let model = model(Behaviour::default()).await;
    let record = Bench::of("tomas").draft(&model, &[]).await;
    let rules = record.0["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["rule"] == "run.unfiltered");
    assert_eq!(rule.unwrap()["verdict"]["result"], "pass");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_cannot_be_sorted_is_drafted_from_without_a_model_and_said() {
    for fault in [Fault::Refusal, Fault::AnswerFiltered, Fault::CutOff] {
        let model = model(Behaviour {
            faults: vec![Faults::of("label", "number=\"1\"", When::Always, fault)],
            ..Behaviour::default()
        })
        .await;
        let record = Bench::of("tomas").draft(&model, &[]).await;
        assert_eq!(
            record.of_rule("run.unlabelled").len(),
            1,
            "{fault:?}: {:?}",
            record.findings()
        );
        assert!(!record.is_ready() && record.words() > 300, "{fault:?}");
        assert_eq!(record.of_rule("run.unfiltered").len(), 0, "{fault:?}");
    }
}

/// An app over a model, whose cases are complete with their first document.
async fn app(model: &Server, more: &[(&str, &str)]) -> App {
    let own = settings(model);
    let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.push(("QUIET_SECONDS", "0"));
    all.extend(more);
    App::start(&all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_waits_for_a_service_that_is_away_and_pays_nothing_twice() {
    let away = || Behaviour {
        faults: vec![Faults::of("write", "", When::Always, Fault::Throttled(3_600))],
        ..Behaviour::default()
    };
    let model = model(away()).await;
    let app = app(&model, &[]).await;
    let outputs = app
        .upload_and_tell("w1", "Appendix F.txt", report("Orla Finch", "01/02/2018"))
        .await;
    assert!(
        outputs["record"].is_null(),
        "no draft without the writer: {outputs}"
    );
    let status = app.json("runs", "ehcp/w1/status.json").await.unwrap();
    assert_eq!(
        (&status["state"], &status["model_away"]),
        (&json!("waiting"), &json!(true))
    );
    assert_eq!(status["starts"]["count"], 0, "waiting is no start that failed");
    assert_eq!(of_purpose(&model.recorded(), "label"), 1);

    model.behave(Behaviour::default());
    let request = |since: &str| {
        message(
            "request",
            &json!({ "recipe": "ehcp", "case": "w1", "model_away_since": since }),
        )
    };
    let now = jiff::Timestamp::now().to_string();
    let (_, outputs) = app.call("draft-queued", &request(&now)).await;
    let record = Record(crate::app::output_json(&outputs, "record"));
    assert_eq!(
        record.of_rule("run.unwritten").len(),
        0,
        "{:?}",
        record.findings()
    );
    assert_eq!(
        of_purpose(&model.recorded(), "label"),
        0,
        "the labels are not paid for twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_stays_away_costs_the_writing_and_not_the_draft() {
    let model = model(Behaviour {
        faults: vec![Faults::of("write", "", When::Always, Fault::Throttled(3_600))],
        ..Behaviour::default()
    })
    .await;
    for (case, setting) in [
        ("w2", [("MODEL_PATIENCE_SECONDS", "0")]),
        ("w3", [("MODEL_KEEP_ANSWERS", "off")]),
    ] {
        let app = app(&model, &setting).await;
        let outputs = app
            .upload_and_tell(case, "Appendix F.txt", report("Orla Finch", "01/02/2018"))
            .await;
        let record = Record(crate::app::output_json(&outputs, "record"));
        assert!(
            !record.of_rule("run.unwritten").is_empty() && !record.is_ready(),
            "{case}"
        );
    }
    let app = app(&model, &[]).await;
    app.upload("w4", "Appendix F.txt", report("Orla Finch", "01/02/2018"))
        .await;
    let request = json!({ "recipe": "ehcp", "case": "w4", "model_away_since": "2026-01-01T00:00:00Z" });
    let (_, outputs) = app.call("draft-queued", &message("request", &request)).await;
    let record = Record(crate::app::output_json(&outputs, "record"));
    assert!(
        !record.of_rule("run.unwritten").is_empty(),
        "it has waited long enough"
    );
}

/// The files of the case's folder of kept answers.
async fn kept(app: &App, case: &str) -> usize {
    let all = app
        .storage
        .list("runs", &format!("ehcp/{case}/answers/"), 100)
        .await
        .unwrap();
    all.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_door_answers_are_kept_with_the_case_and_nothing_reaches_the_log() {
    let model = model(Behaviour {
        faults: vec![
            Faults::of("label", "", When::Nth(1), Fault::Broken),
            Faults::of("judge", "", When::Nth(1), Fault::PromptFiltered),
        ],
        ..Behaviour::default()
    })
    .await;
    let app = app(&model, &[]).await;
    let text = report("Zqmarkername Bell", "01/02/2018");
    let outputs = app.upload_and_tell("m1", "Zqmarkerfile.txt", text).await;
    let record = Record(crate::app::output_json(&outputs, "record"));
    assert!(record.holds("Zqmarkername"), "{:?}", record.findings());
    assert!(sent(&model).contains("Zqmarkername"), "the model was asked");
    assert!(kept(&app, "m1").await >= 2, "answers are kept");
    let log = app.log();
    assert!(log.contains("drafted"), "{log}");
    for words in [
        "Zqmarker",
        "teaching assistant",
        "understanding long",
        "You sort the sentences",
        "entailed",
    ] {
        assert!(!log.contains(words), "{words} in {log}");
    }
}
