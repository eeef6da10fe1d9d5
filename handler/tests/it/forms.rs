//! What one version of the app stored and another reads: what earlier ones wrote is read, and what a newer one wrote is left
//! alone. The samples in `tests/forms` are frozen: a version may add to them, and changes none.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use audit::{Keys, verify};
use azure::Put;
use drafting::hash::Digest;
use serde_json::{Value, json};

use crate::app::{App, blob_event, message, report};
use crate::erasure::{KEY, published};

const RUN: &str = "0123456789abcdef0123456789abcdef";
const STATUS: &str = "ehcp/c1/status.json";

fn sample(name: &str) -> Vec<u8> {
    let forms = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    fs::read(forms.join(name)).unwrap()
}

fn json_of(name: &str) -> Value {
    serde_json::from_slice(&sample(name)).unwrap()
}

async fn put(app: &App, container: &str, name: &str, bytes: Vec<u8>) {
    app.storage
        .put(container, name, bytes, Put::default())
        .await
        .unwrap();
}

async fn bytes(app: &App, container: &str, name: &str) -> Vec<u8> {
    app.storage.get(container, name).await.unwrap().unwrap().bytes
}

async fn with_document(settings: &[(&str, &str)]) -> App {
    let app = App::start(settings).await;
    app.upload("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn what_earlier_versions_stored_is_read() {
    let app = with_document(&[("QUIET_SECONDS", "0")]).await;
    for (name, code) in [("waiting", 202), ("published", 200), ("failed", 500)] {
        put(
            &app,
            "runs",
            STATUS,
            sample(&format!("earlier/status.{name}.json")),
        )
        .await;
        assert_eq!(app.get("drafts/ehcp/c1").await.0, code, "{name}");
        let (_, list) = app.send("GET", "drafts/ehcp", Vec::new()).await;
        assert_eq!(list["cases"][0]["state"], name);
    }
    let approval = "ehcp/c1/versions/001/approval.json";
    put(&app, "published", approval, sample("earlier/approval.json")).await;
    let (code, versions) = app.send("GET", "drafts/ehcp/c1/approvals", Vec::new()).await;
    assert_eq!((code, versions.to_string().contains("An Officer")), (200, true));
    // Messages: of a run that is not archived, of a state that was overtaken, and of a draft that failed.
    let confirmation = message("confirmation", &json_of("earlier/confirmation.json"));
    assert_eq!(app.call("draft-confirmed", &confirmation).await.0, 200);
    let callback = message("callback", &json_of("earlier/callback.json"));
    assert_eq!(app.call("call-back", &callback).await, (200, json!({})));
    let request = message("request", &json_of("earlier/request.json"));
    assert_eq!(app.call("draft-queued", &request).await, (200, json!({})));
    let unnamed = json!({ "recipe": "ehcp", "case": "c1", "asked": true });
    let (_, outputs) = app.call("draft-queued", &message("request", &unnamed)).await;
    assert!(
        outputs["draft"].is_string(),
        "it is drafted from a status of an earlier version"
    );
}

/// Everything that could write a status, or draft in spite of it.
async fn everything_is_tried(app: &App) {
    let request = json!({ "recipe": "ehcp", "case": "c1", "asked": true });
    let confirmation = json!({ "recipe": "ehcp", "case": "c1", "run": RUN });
    let callback = json_of("earlier/callback.json");
    let blob = json!({ "ContainerName": "sources", "BlobName": "ehcp/c1/Appendix B.txt" });
    for (function, payload) in [
        ("draft-queued", message("request", &request)),
        ("draft-on-upload", blob_event("ehcp", "c1", "Appendix B.txt")),
        ("draft-confirmed", message("confirmation", &confirmation)),
        ("call-back", message("callback", &callback)),
        ("poisoned-uploads", message("message", &blob)),
        ("poisoned-requests", message("message", &request)),
        ("poisoned-confirmations", message("message", &confirmation)),
        ("poisoned-callbacks", message("message", &callback)),
        ("sweep", json!({ "Data": {}, "Metadata": {} })),
    ] {
        assert_eq!(app.call(function, &payload).await, (200, json!({})), "{function}");
    }
    for (method, path, code) in [
        ("POST", "drafts/ehcp/c1/replay", 503),
        ("POST", "replays/ehcp", 202),
        ("DELETE", "drafts/ehcp/c1/run", 503),
        ("GET", "drafts/ehcp/c1", 503),
    ] {
        assert_eq!(
            app.send(method, path, Vec::new()).await.0,
            code,
            "{method} {path}"
        );
    }
    assert_eq!(app.request("ehcp", "c1", &json!({})).await.0, 503);
    let erasing = app
        .send(
            "DELETE",
            "drafts/ehcp/c1",
            json!({ "erase": "c1" }).to_string().into_bytes(),
        )
        .await;
    assert_eq!(erasing.0, 409, "its results may be on their way: {erasing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_of_a_newer_version_is_left_alone_by_everybody_and_nothing_is_lost() {
    let settings = [("QUIET_SECONDS", "0"), ("SWEEP_GRACE_SECONDS", "1")];
    let app = with_document(&settings).await;
    for name in ["state", "stage", "outcome", "callback", "form"] {
        let status = sample(&format!("later/status.{name}.json"));
        put(&app, "runs", STATUS, status.clone()).await;
        // Storage counts in whole seconds: more than the sweep's grace has gone by.
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        everything_is_tried(&app).await;
        assert!(
            bytes(&app, "runs", STATUS).await == status,
            "{name} was written over"
        );
    }
    let marks = app.storage.list("drafts", "ehcp/c1/", 10).await.unwrap();
    assert!(marks.is_empty(), "nothing was drafted or told: {}", marks.len());
    // All that was asked for comes again, and ends where the newer version has brought the case on.
    for queue in ["draft-requests", "confirmations", "callbacks"] {
        assert!(
            app.storage.approximate_count(queue).await.unwrap() >= 5,
            "{queue}"
        );
    }
    for queue in [
        "draft-requests-poison",
        "confirmations-poison",
        "callbacks-poison",
    ] {
        assert!(
            app.storage.approximate_count(queue).await.unwrap() >= 1,
            "{queue}"
        );
    }
    put(&app, "runs", STATUS, sample("earlier/status.failed.json")).await;
    assert_eq!(app.send("POST", "drafts/ehcp/c1/replay", Vec::new()).await.0, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_a_newer_version_added_are_kept_where_the_same_is_written_again() {
    let app = with_document(&[("QUIET_SECONDS", "0"), ("LEASE_SECONDS", "15")]).await;
    let mut status = json_of("earlier/status.failed.json");
    status["held"] = json!({ "by": ["x"] });
    put(&app, "runs", STATUS, status.to_string().into_bytes()).await;
    let request = json!({ "recipe": "ehcp", "case": "c1", "asked": true, "areas": ["B", 2] });
    let (_, outputs) = app.call("draft-queued", &message("request", &request)).await;
    assert!(outputs["draft"].is_string());
    assert_eq!(app.confirm(&app.write("c1", &outputs).await).await, 200);
    let now: Value = serde_json::from_slice(&bytes(&app, "runs", STATUS).await).unwrap();
    assert_eq!(
        (&now["state"], &now["held"]),
        (&json!("published"), &status["held"])
    );
    let (_, told) = app.send("GET", "drafts/ehcp/c1", Vec::new()).await;
    assert_eq!(told.get("held"), None, "what is not known is told to nobody");

    app.requests().await;
    let lease = app.storage.acquire_lease("runs", "ehcp/c1/lock.json", 15).await;
    let lease = lease.unwrap().unwrap();
    app.call("draft-queued", &message("request", &request)).await;
    app.storage.release_lease(lease).await.unwrap();
    // It comes again after half a lease.
    let left = app.due("draft-requests").await;
    assert_eq!((left.len(), &left[0]["areas"]), (1, &request["areas"]));
}

#[tokio::test]
async fn messages_of_a_newer_version_go_back_as_they_are() {
    let app = App::start(&[]).await;
    for (kind, function, queue) in [
        ("request", "draft-queued", "draft-requests"),
        ("confirmation", "draft-confirmed", "confirmations"),
        ("callback", "call-back", "callbacks"),
    ] {
        let sent = json_of(&format!("later/{kind}.json"));
        assert_eq!(app.call(function, &message(kind, &sent)).await, (200, json!({})));
        assert_eq!(app.storage.approximate_count(queue).await.unwrap(), 1);
        let poisoned = format!("poisoned-{kind}s");
        assert_eq!(
            app.call(&poisoned, &message("message", &sent)).await,
            (200, json!({}))
        );
        assert_eq!(
            app.storage.approximate_count(queue).await.unwrap(),
            2,
            "{poisoned}"
        );
        // Those on a poison queue stay there when somebody has them replayed.
        let poison = format!("{queue}-poison");
        app.storage
            .send(&poison, &sent.to_string(), Duration::ZERO)
            .await
            .unwrap();
        let (code, replayed) = app.send("POST", "replays/ehcp", Vec::new()).await;
        assert_eq!((code, &replayed["messages"]), (202, &json!(0)), "{kind}");
        assert_eq!(app.messages(&poison).await, [sent]);
    }
    assert!(app.storage.list("runs", "refused/", 10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_keys_versions_and_records_of_a_newer_version_are_left_alone() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    let run = published(&app, "c1", "Appendix B.txt", "Ada Bell").await;

    // A key that is bound to who knows what.
    let headers =
        json!({ "Content-Type": ["application/json"], "Content-Length": ["2"], "Idempotency-Key": ["one"] });
    let (code, ..) = app.http("ehcp", "c1", &headers, Some("{}")).await;
    assert_eq!(code, 202);
    let keys = app.storage.list("runs", "ehcp/c1/keys/", 10).await.unwrap();
    let key = keys[0].name.clone();
    let mut earlier = json_of("earlier/key.json");
    earlier["at"] = json!(jiff::Timestamp::now());
    earlier["body"] = json!(Digest::of(b"{}"));
    put(&app, "runs", &key, earlier.to_string().into_bytes()).await;
    let (code, outputs, _) = app.http("ehcp", "c1", &headers, Some("{}")).await;
    assert_eq!(
        (code, &outputs["res"]["headers"]["location"]),
        (202, &json!("/x")),
        "an earlier version's answer is given again"
    );
    put(&app, "runs", &key, sample("later/key.json")).await;
    assert_eq!(app.http("ehcp", "c1", &headers, Some("{}")).await.0, 503);
    assert!(bytes(&app, "runs", &key).await == sample("later/key.json"));

    // A version that was made of something new: no other takes its number.
    let approval = "ehcp/c1/versions/001/approval.json";
    put(&app, "published", approval, sample("later/approval.json")).await;
    let draft = bytes(&app, "runs", &format!("ehcp/c1/{run}/draft.docx")).await;
    let order = json!({ "run": run, "sha256": Digest::of(&draft), "by": "x", "accepts_critical": true });
    let order = order.to_string().into_bytes();
    assert_eq!(app.send("POST", "drafts/ehcp/c1/approvals", order).await.0, 503);
    let there = app.storage.list("published", "ehcp/c1/", 10).await.unwrap();
    assert_eq!(there.len(), 1);
    assert!(bytes(&app, "published", approval).await == sample("later/approval.json"));

    // A record that says more than this version understands: its run is published by nobody else.
    let record = format!("ehcp/c1/{run}/record.json");
    put(&app, "runs", &record, sample("later/record.json")).await;
    let status = bytes(&app, "runs", STATUS).await;
    let confirmation = json!({ "recipe": "ehcp", "case": "c1", "run": run });
    assert_eq!(
        app.call("draft-confirmed", &message("confirmation", &confirmation))
            .await
            .0,
        200
    );
    assert!(bytes(&app, "runs", &record).await == sample("later/record.json"));
    assert!(bytes(&app, "runs", STATUS).await == status);
    assert!(app.json("drafts", "ehcp/c1/READY.json").await.is_some());

    // A mark of an erasure for a reason that this version does not know: it does not go on with it, and does not draft.
    app.messages("draft-requests").await;
    let erase = json!({ "erase": "c1" }).to_string().into_bytes();
    assert_eq!(app.send("DELETE", "drafts/ehcp/c1", erase).await.0, 200);
    let marks = app.storage.list("runs", "erased/", 10).await.unwrap();
    assert_eq!(
        bytes(&app, "runs", &marks[0].name).await,
        sample("earlier/erased.json").as_slice()
    );
    put(&app, "runs", &marks[0].name, sample("later/erased.json")).await;
    let erase = json!({ "erase": "c1" }).to_string().into_bytes();
    assert_eq!(app.send("DELETE", "drafts/ehcp/c1", erase).await.0, 503);
    let outputs = app
        .upload_and_tell("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    assert_eq!(outputs, json!({}));
    assert!(bytes(&app, "runs", &marks[0].name).await == sample("later/erased.json"));
    assert_eq!(
        app.storage.list("sources", "ehcp/c1/", 10).await.unwrap().len(),
        1
    );
    assert!(
        app.storage.approximate_count("draft-requests").await.unwrap() >= 1,
        "it comes again"
    );
}

#[test]
fn the_audit_log_of_other_versions_verifies_and_a_changed_one_does_not() {
    let keys = Keys::parse(KEY).unwrap();
    let file = "2026/06/01/000000-00000000.jsonl";
    for (name, entries) in [("earlier", 2), ("later", 3)] {
        let log = sample(&format!("{name}/audit.jsonl"));
        let checked = verify(&keys, [(file, log.as_slice())]).unwrap();
        assert_eq!(checked.entries, entries, "{name}");
        let changed = String::from_utf8(log)
            .unwrap()
            .replace("\"pages\":3", "\"pages\":4");
        let changed = changed.replace("\"findings\":3", "\"findings\":4");
        assert!(verify(&keys, [(file, changed.as_bytes())]).is_err(), "{name}");
    }
}
