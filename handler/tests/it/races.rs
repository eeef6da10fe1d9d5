//! Work that comes late, twice, or after something newer: it changes nothing that is newer.

use std::time::Duration;

use azure::Put;
use serde_json::{Value, json};

use crate::app::{App, RESULTS, message, output_json, report, sample_files};

const AT_ONCE: &[(&str, &str)] = &[("QUIET_SECONDS", "0"), ("LEASE_SECONDS", "15")];
const STATUS: &str = "ehcp/c1/status.json";

fn advice() -> Vec<u8> {
    report("Ada Bell", "01/02/2018")
}

/// Drafts and publishes case `c1`; gives the confirmation.
async fn published(app: &App) -> Value {
    let outputs = app.upload_and_tell("c1", "Appendix B.txt", advice()).await;
    let confirmation = app.write("c1", &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    confirmation
}

async fn put_status(app: &App, status: &Value) {
    let bytes = status.to_string().into_bytes();
    app.storage
        .put("runs", STATUS, bytes, Put::default())
        .await
        .unwrap();
}

async fn poison(app: &App, request: &Value) {
    assert_eq!(
        app.call("poisoned-requests", &message("message", request)).await,
        (200, json!({}))
    );
}

async fn is_there(app: &App, file: &str) -> bool {
    app.storage
        .get("drafts", &format!("ehcp/c1/{file}"))
        .await
        .unwrap()
        .is_some()
}

/// What is in storage of the newest document of `c1`, as requests name it.
async fn newest(app: &App) -> Value {
    let blob = app
        .storage
        .properties("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap()
        .unwrap();
    json!({ "modified": blob.last_modified, "name": "Appendix B.txt" })
}

#[tokio::test]
async fn a_run_that_stood_still_writes_over_nothing() {
    let app = std::sync::Arc::new(App::start(AT_ONCE).await);
    for (name, bytes) in sample_files("rowan") {
        app.upload("c1", &name, bytes).await;
    }
    let last = sample_files("rowan").pop().unwrap().0;
    let (running, name) = (std::sync::Arc::clone(&app), last.clone());
    let run = tokio::spawn(async move { running.uploaded("c1", &name).await });
    while app
        .json("runs", STATUS)
        .await
        .is_none_or(|status| status["state"] != "running")
    {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    app.signal("STOP");
    // Meanwhile another instance has taken the case over.
    let newer =
        json!({ "state": "waiting", "until": "2030-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z" });
    put_status(&app, &newer).await;
    app.signal("CONT");
    assert_eq!(run.await.unwrap(), json!({}), "nothing for the host to write");
    assert_eq!(app.json("runs", STATUS).await.unwrap(), newer);
    assert_eq!(app.storage.approximate_count("draft-requests").await.unwrap(), 1);
}

#[tokio::test]
async fn an_old_failure_does_not_take_a_newer_draft_away() {
    let app = App::start(AT_ONCE).await;
    published(&app).await;
    let old = json!({ "modified": "2026-01-01T00:00:00Z", "name": "Appendix B.txt" });
    poison(&app, &json!({ "recipe": "ehcp", "case": "c1", "newest": old })).await;
    // A folder below the case is none of its documents.
    let blob = json!({ "ContainerName": "sources", "BlobName": "ehcp/c1/deeper/x.txt" });
    app.call("poisoned-uploads", &message("message", &blob)).await;
    let confirmation = json!({ "recipe": "ehcp", "case": "c1", "run": "0123456789abcdef0123456789abcdef" });
    app.call("poisoned-confirmations", &message("message", &confirmation))
        .await;
    assert!(is_there(&app, "READY.json").await && !is_there(&app, "FAILED.json").await);
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 200);
    assert_eq!(app.storage.list("runs", "refused/", 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_failure_is_not_hidden_by_the_confirmation_of_an_older_run() {
    let app = App::start(AT_ONCE).await;
    let mut confirmation = published(&app).await;
    let request = json!({ "recipe": "ehcp", "case": "c1", "newest": newest(&app).await });
    poison(&app, &request).await;
    confirmation["second"] = json!(true);
    assert_eq!(app.confirm(&confirmation).await, 200);
    assert!(!is_there(&app, "READY.json").await && is_there(&app, "FAILED.json").await);
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 500);
}

#[tokio::test]
async fn a_failure_of_a_busy_case_is_told_when_it_is_free() {
    let app = App::start(AT_ONCE).await;
    app.upload("c1", "Appendix B.txt", advice()).await;
    let lease = app
        .storage
        .acquire_lease("runs", "ehcp/c1/lock.json", 15)
        .await
        .unwrap()
        .unwrap();
    let request = json!({ "recipe": "ehcp", "case": "c1" });
    poison(&app, &request).await;
    assert!(!is_there(&app, "FAILED.json").await);
    assert_eq!(
        app.storage
            .approximate_count("draft-requests-poison")
            .await
            .unwrap(),
        1
    );
    app.storage.release_lease(lease).await.unwrap();
    poison(&app, &request).await;
    assert!(is_there(&app, "FAILED.json").await);
}

#[tokio::test]
async fn an_old_event_does_not_bring_back_what_a_repetition_replaced() {
    let app = App::start(AT_ONCE).await;
    published(&app).await;
    let again = json!({ "recipe": "ehcp", "case": "c1", "asked": true, "attempt": 2 });
    let (_, outputs) = app.call("draft-queued", &message("request", &again)).await;
    let run = output_json(&outputs, "record")["run"].clone();
    assert!(run.as_str().unwrap().ends_with("-2"));
    app.confirm(&app.write("c1", &outputs).await).await;
    assert_eq!(app.uploaded("c1", "Appendix B.txt").await, json!({}));
    assert_eq!(
        app.json("drafts", "ehcp/c1/READY.json").await.unwrap()["run"],
        run
    );
    // More digits than a run's id has room for.
    for attempt in [json!(10_000_000), json!(-1), json!("2")] {
        assert_eq!(
            app.request("ehcp", "c1", &json!({ "attempt": attempt })).await.0,
            400
        );
    }
}

#[tokio::test]
async fn an_archive_that_cannot_be_written_is_no_start_that_stopped_the_app() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("MOST_STARTS", "2")]).await;
    let outputs = app.upload_and_tell("c1", "Appendix B.txt", advice()).await;
    let run = output_json(&outputs, "record")["run"]
        .as_str()
        .unwrap()
        .to_owned();
    for file in RESULTS.map(|(_, file)| file) {
        app.storage
            .delete("runs", &format!("ehcp/c1/{run}/{file}"))
            .await
            .unwrap();
    }
    let held = app
        .storage
        .acquire_lease("runs", &format!("ehcp/c1/{run}/report.html"), 60)
        .await
        .unwrap()
        .unwrap();
    for _ in 0..4 {
        assert_eq!(app.uploaded("c1", "Appendix B.txt").await, json!({}));
    }
    app.storage.release_lease(held).await.unwrap();
    assert!(app.uploaded("c1", "Appendix B.txt").await["record"].is_string());
    assert!(app.messages("draft-requests-poison").await.is_empty());
}

#[tokio::test]
async fn a_status_that_cannot_be_read_is_told_and_replaced() {
    let app = App::start(AT_ONCE).await;
    put_status(&app, &json!({ "state": "nonsense" })).await;
    assert_eq!(
        app.upload_and_tell("c1", "Appendix B.txt", advice()).await,
        json!({})
    );
    let poisoned = app.messages("draft-requests-poison").await;
    poison(&app, &poisoned[0]).await;
    let (status, kind, _) = app.get("drafts/ehcp/c1").await;
    assert_eq!((status, kind.as_str()), (500, "application/problem+json"));
    // Asked for again, it is drafted.
    assert!(app.uploaded("c1", "Appendix B.txt").await["record"].is_string());
}

#[tokio::test]
async fn a_caller_who_waits_leaves_a_request_that_would_end_the_work() {
    use base64::Engine as _;
    let app = App::start(&[("WAIT_SECONDS", "1")]).await;
    let content = base64::engine::general_purpose::STANDARD.encode(advice());
    let body = json!({ "wait": true, "documents": [{ "name": "Appendix B.txt", "content": content }] });
    // The host dies before it writes what it is given here.
    let (status, outputs, answer) = app.request("ehcp", "c1", &body).await;
    assert!(matches!(status, 200 | 202), "{answer}");
    assert_eq!(
        outputs["res"]["headers"]["location"],
        "http://localhost:7071/api/drafts/ehcp/c1"
    );
    let requests = app.due("draft-requests").await;
    let (_, outputs) = app.call("draft-queued", &message("request", &requests[0])).await;
    assert!(outputs["record"].is_string(), "{}", app.log());
    app.confirm(&app.write("c1", &outputs).await).await;
    for request in &requests {
        assert_eq!(
            app.call("draft-queued", &message("request", request)).await,
            (200, json!({}))
        );
    }
}
