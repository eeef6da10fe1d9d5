//! The sweep: what stands still because something was lost is taken up again, once, and nothing else is touched.

use std::time::Duration;

use azure::Put;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::app::{App, message, output_json, report};
use crate::site::{Site, stop};

/// A case that stood still for more than a second is taken up.
const SOON: &[(&str, &str)] = &[
    ("QUIET_SECONDS", "0"),
    ("LEASE_SECONDS", "15"),
    ("SWEEP_GRACE_SECONDS", "1"),
];

fn advice() -> Vec<u8> {
    report("Ada Bell", "01/02/2018")
}

/// Storage counts in whole seconds: more than one has gone by.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(2_100)).await;
}

/// What the host sends when the timer fires.
async fn sweep(app: &App) {
    let timer = json!({ "Schedule": { "AdjustForDST": true }, "ScheduleStatus": null, "IsPastDue": false });
    let payload = json!({ "Data": { "timer": timer }, "Metadata": { "sys": { "MethodName": "sweep" } } });
    assert_eq!(app.call("sweep", &payload).await, (200, json!({})));
}

async fn put_status(app: &App, case: &str, status: Value) {
    let (name, bytes) = (
        format!("ehcp/{case}/status.json"),
        status.to_string().into_bytes(),
    );
    app.storage
        .put("runs", &name, bytes, Put::default())
        .await
        .unwrap();
}

async fn state(app: &App, case: &str) -> Value {
    app.json("runs", &format!("ehcp/{case}/status.json"))
        .await
        .unwrap()["state"]
        .clone()
}

/// Drafts by a request and publishes.
async fn published(app: &App, case: &str, request: &Value) {
    let (_, outputs) = app.call("draft-queued", &message("request", request)).await;
    let confirmation = app.write(case, &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
}

#[tokio::test]
async fn an_upload_whose_event_was_lost_is_drafted_once() {
    let app = App::start(SOON).await;
    app.upload("c1", "Appendix B.txt", advice()).await;
    sweep(&app).await;
    assert!(
        app.messages("draft-requests").await.is_empty(),
        "its event may still come"
    );
    a_while().await;
    sweep(&app).await;
    sweep(&app).await;
    let left = app.requests().await;
    assert_eq!(left, [json!({ "recipe": "ehcp", "case": "c1" })]);
    assert_eq!(state(&app, "c1").await, "waiting");
    published(&app, "c1", &left[0]).await;
    a_while().await;
    sweep(&app).await;
    assert!(app.messages("draft-requests").await.is_empty());
    // The same bytes again: their event finds nothing to do, and the sweep does not look for their run.
    assert_eq!(
        app.upload_and_tell("c1", "Appendix B.txt", advice()).await,
        json!({})
    );
    a_while().await;
    sweep(&app).await;
    assert!(app.messages("draft-requests").await.is_empty());
    // And their event lost: there is nothing to draft, which is found out once.
    app.upload("c1", "Appendix B.txt", advice()).await;
    a_while().await;
    sweep(&app).await;
    let again = app.requests().await;
    assert_eq!(again.len(), 1);
    let (_, outputs) = app.call("draft-queued", &message("request", &again[0])).await;
    // It was said to wait: its results go out again.
    app.confirm(&app.write("c1", &outputs).await).await;
    a_while().await;
    sweep(&app).await;
    assert!(app.messages("draft-requests").await.is_empty());
    assert_eq!(state(&app, "c1").await, "published");
}

#[tokio::test]
async fn a_run_that_was_never_confirmed_is_published() {
    let app = App::start(SOON).await;
    // The host died before it wrote anything, and the confirmation with it.
    let outputs = app.upload_and_tell("c1", "Appendix B.txt", advice()).await;
    let run = output_json(&outputs, "record")["run"].clone();
    app.storage
        .delete("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap();
    a_while().await;
    sweep(&app).await;
    sweep(&app).await;
    let left = app.messages("confirmations").await;
    assert_eq!(left.len(), 1);
    assert_eq!(app.confirm(&left[0]).await, 200);
    assert_eq!(
        app.json("drafts", "ehcp/c1/READY.json").await.unwrap()["run"],
        run
    );
    assert_eq!(app.get("drafts/ehcp/c1/draft.docx").await.0, 200);
}

#[tokio::test]
async fn what_is_overdue_or_died_is_asked_for_again_and_what_is_busy_or_failed_is_left_alone() {
    let settings = [SOON, &[("RUN_SECONDS", "10")]].concat();
    let app = App::start(&settings).await;
    let long_ago = "2026-01-01T00:00:00Z";
    let listing = json!({ "documents": [{ "file": "Appendix B.txt" }, { "file": "Appendix C.txt" }] });
    for case in ["overdue", "died", "busy", "failed", "unreadable"] {
        app.upload(case, "Appendix B.txt", advice()).await;
        app.upload(case, "case.json", listing.to_string().into_bytes())
            .await;
    }
    put_status(
        &app,
        "overdue",
        json!({ "state": "waiting", "until": long_ago, "updated": long_ago }),
    )
    .await;
    put_status(&app, "unreadable", json!({ "state": "nonsense" })).await;
    for case in ["died", "busy"] {
        put_status(&app, case, json!({ "state": "running", "updated": long_ago })).await;
    }
    let told = json!({ "state": "failed", "reason": "a reason", "updated": "2099-01-01T00:00:00Z" });
    put_status(&app, "failed", told).await;
    let held = app
        .storage
        .acquire_lease("runs", "ehcp/busy/lock.json", 60)
        .await
        .unwrap()
        .unwrap();
    a_while().await;
    sweep(&app).await;
    let left = app.requests().await;
    let mut cases: Vec<&str> = left
        .iter()
        .map(|request| request["case"].as_str().unwrap())
        .collect();
    cases.sort_unstable();
    assert_eq!(cases, ["died", "overdue", "unreadable"]);
    app.storage.release_lease(held).await.unwrap();
    // What is missing is told where callers look.
    let (_, _, told) = app.get("drafts/ehcp/overdue").await;
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(
        (told["state"].as_str(), &told["missing"]),
        (Some("waiting"), &json!(["Appendix C.txt"]))
    );
}

#[tokio::test]
async fn a_manifest_past_its_deadline_is_drafted_and_says_what_is_missing() {
    let app = App::start(&[SOON, &[("MANIFEST_HOURS", "0")]].concat()).await;
    let listing = json!({ "documents": [{ "file": "Appendix B.txt" }, { "file": "Appendix C.txt" }] });
    app.upload("c1", "case.json", listing.to_string().into_bytes())
        .await;
    app.upload("c1", "Appendix B.txt", advice()).await;
    a_while().await;
    sweep(&app).await;
    let left = app.requests().await;
    let (_, outputs) = app.call("draft-queued", &message("request", &left[0])).await;
    let findings = output_json(&outputs, "record")["findings"].to_string();
    assert!(findings.contains("Appendix C.txt"), "{findings}");
}

#[tokio::test]
async fn a_turn_is_bounded_the_next_goes_on_and_two_at_once_leave_nothing_twice() {
    let app = App::start(&[SOON, &[("SWEEP_CASES", "2"), ("LOG_LEVEL", "info")]].concat()).await;
    let second = app.another(SOON).await;
    for number in 0..5 {
        app.upload(&format!("EHC-{number}"), "Appendix B.txt", advice())
            .await;
    }
    // Nothing of what belongs to no recipe here is looked at.
    app.storage
        .put("sources", "minutiae/c1/x.txt", advice(), Put::default())
        .await
        .unwrap();
    a_while().await;
    sweep(&app).await;
    assert_eq!(app.messages("draft-requests").await.len(), 2);
    let mut left = 2;
    for _ in 0..4 {
        join_all([sweep(&app), sweep(&second), sweep(&app)]).await;
        left += app.messages("draft-requests").await.len();
    }
    assert_eq!(left, 5);
    for log in [app.log(), second.log()] {
        assert!(!log.contains("EHC-") && !log.contains("Appendix"), "{log}");
    }
    let audit = app.storage.list("audit", "", 10).await.unwrap();
    let mut swept = 0;
    for file in audit {
        let text = app.storage.get("audit", &file.name).await.unwrap().unwrap().bytes;
        let text = String::from_utf8(text).unwrap();
        swept += text.matches(r#""event":"swept""#).count();
        assert!(!text.contains("EHC-"));
    }
    assert_eq!(swept, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_host_the_schedule_and_the_admin_address_sweep() {
    let site = Site::new().await;
    let mut settings = vec![
        ("QUIET_SECONDS", "0"),
        ("SWEEP_GRACE_SECONDS", "1"),
        // Events of uploads are lost.
        ("AzureWebJobs.draft-on-upload.Disabled", "true"),
    ];
    let host = site.host(&settings).await;
    site.upload("s1", "Appendix D.txt", advice()).await;
    a_while().await;
    let address = format!("{}/admin/functions/sweep", host.base_url());
    let fired = reqwest::Client::new()
        .post(&address)
        .body(r#"{"input":""}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(fired.status().as_u16(), 202);
    site.published(&host, "s1", 60).await;
    assert_eq!((host.tally("sweep").succeeded, site.runs("s1").await), (1, 1));
    stop(host).await;

    settings.push(("SWEEP_SCHEDULE", "* * * * * *"));
    let host = site.host(&settings).await;
    site.upload("s2", "Appendix D.txt", advice()).await;
    site.published(&host, "s2", 60).await;
    site.nothing_failed(&host).await;
    assert_eq!((host.tally("sweep").failed, site.runs("s2").await), (0, 1));
    stop(host).await;
}
