//! What flows rely on: progress, cancelling, keys, forms of an answer, and calls that are made again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evaluation::scripted::{Behaviour, Latency};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, message, output_json, report, sample_files};
use crate::grounded::stage;
use crate::site::{Site, stop};

const QUIET: &[(&str, &str)] = &[("QUIET_SECONDS", "0")];
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn advice() -> Vec<u8> {
    report("Ada Bell", "01/02/2018")
}

/// A call with one document.
fn order(bytes: &[u8]) -> Value {
    json!({ "documents": [{ "name": "Appendix B.txt", "content": STANDARD.encode(bytes) }] })
}

async fn post(app: &App, case: &str, body: &Value, key: Option<&str>) -> (u16, Value, Value) {
    let text = body.to_string();
    let mut headers =
        json!({ "Content-Type": ["application/json"], "Content-Length": [text.len().to_string()] });
    if let Some(key) = key {
        headers["Idempotency-Key"] = json!([key]);
    }
    app.http("ehcp", case, &headers, Some(&text)).await
}

async fn status(app: &App, case: &str) -> (u16, Value) {
    let (code, _, body) = app.get(&format!("drafts/ehcp/{case}")).await;
    (code, serde_json::from_slice(&body).unwrap())
}

async fn until(app: &App, case: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let (_, body) = status(app, case).await;
        if holds(&body) {
            return body;
        }
        assert!(Instant::now() < end, "{body} {}", app.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// An app with a model that takes its time, and a case of several documents.
async fn slow() -> (Arc<App>, evaluation::scripted::Server) {
    let model = stage::model(Behaviour {
        latency: Latency {
            first: Duration::from_secs(4),
            token: Duration::ZERO,
        },
        ..Behaviour::default()
    })
    .await;
    let owned = stage::settings(&model);
    let mut settings: Vec<(&str, &str)> = owned
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    settings.extend([("QUIET_SECONDS", "0"), ("LEASE_SECONDS", "15")]);
    let app = App::start(&settings).await;
    for (name, bytes) in sample_files("tomas") {
        app.upload("c1", &name, bytes).await;
    }
    (Arc::new(app), model)
}

/// A request that is on its way through its door.
fn advancing(app: &Arc<App>, request: Value) -> tokio::task::JoinHandle<(u16, Value)> {
    let app = Arc::clone(app);
    tokio::spawn(async move { app.call("draft-queued", &message("request", &request)).await })
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_a_run_is_can_be_seen_and_is_written_seldom() {
    let (app, _model) = slow().await;
    let run = advancing(&app, json!({ "recipe": "ehcp", "case": "c1", "asked": true }));
    let mut told = Vec::new();
    let mut written = std::collections::BTreeSet::new();
    while !run.is_finished() {
        let (code, body) = status(&app, "c1").await;
        if body["state"] == "running" {
            assert_eq!(code, 202, "{body}");
            let progress = &body["progress"];
            assert!(
                progress["started"].is_string() && progress["attempt"] == 1,
                "{body}"
            );
            told.push(progress["text"].as_str().unwrap().to_owned());
            written.insert(
                app.storage
                    .properties("runs", "ehcp/c1/status.json")
                    .await
                    .unwrap()
                    .unwrap()
                    .etag
                    .as_str()
                    .to_owned(),
            );
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    told.dedup();
    assert_eq!(told[0], "reading");
    assert!(told.iter().any(|one| one.starts_with("extracting, ")), "{told:?}");
    assert!(
        told.iter()
            .any(|one| one.starts_with("writing, ") && one.contains(" areas done")),
        "{told:?}"
    );
    assert!(written.len() <= 12, "written {} times: {told:?}", written.len());
    let (_, outputs) = run.await.unwrap();
    app.confirm(&app.write("c1", &outputs).await).await;
    let (code, body) = status(&app, "c1").await;
    assert_eq!((code, &body["progress"]), (200, &Value::Null), "{body}");
    for own in ["starts", "asked", "cancellation"] {
        assert_eq!(body[own], Value::Null, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_goes_on_is_cancelled_and_a_later_call_drafts_anew() {
    let (app, model) = slow().await;
    let (code, _, _) = post(&app, "c1", &json!({}), None).await;
    assert_eq!(code, 202);
    let request = app.messages("draft-requests").await.remove(0);
    let run = advancing(&app, request.clone());
    until(&app, "c1", |body| body["state"] == "running").await;
    let (code, body) = app.send("DELETE", "drafts/ehcp/c1/run", Vec::new()).await;
    assert_eq!((code, body["state"].as_str()), (200, Some("cancelled")), "{body}");
    let begun = Instant::now();
    // The host is told of success, and given nothing to write.
    assert_eq!(run.await.unwrap(), (200, json!({})));
    assert!(begun.elapsed() < Duration::from_secs(10));
    let asked = model.recorded().len();
    let (code, kind, body) = app.get("drafts/ehcp/c1").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (code, kind.as_str(), body["code"].as_str()),
        (409, "application/problem+json", Some("cancelled")),
        "{body}"
    );
    // Twice is as good as once; what was asked for before stays cancelled.
    assert_eq!(app.send("DELETE", "drafts/ehcp/c1/run", Vec::new()).await.0, 200);
    assert_eq!(
        app.call("draft-queued", &message("request", &request)).await,
        (200, json!({}))
    );
    let last = sample_files("tomas").pop().unwrap().0;
    assert_eq!(
        app.uploaded("c1", &last).await,
        json!({}),
        "the event of an earlier upload"
    );
    assert_eq!(status(&app, "c1").await.0, 409);
    assert_eq!(
        model.recorded().len(),
        asked,
        "the model was asked for a cancelled draft"
    );
    assert!(app.messages("draft-requests-poison").await.is_empty());

    model.behave(Behaviour::default());
    post(&app, "c1", &json!({}), None).await;
    assert_eq!(status(&app, "c1").await.0, 202);
    let outputs = app.draft_and_publish("c1").await;
    assert!(outputs["record"].is_string());
    let (code, body) = status(&app, "c1").await;
    assert_eq!((code, body["state"].as_str()), (200, Some("published")), "{body}");
    // Nothing runs: there is nothing to stop, and what is published stands.
    let (code, body) = app.send("DELETE", "drafts/ehcp/c1/run", Vec::new()).await;
    assert_eq!(
        (code, body["code"].as_str()),
        (409, Some("nothing-to-cancel")),
        "{body}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_while_a_run_goes_on_does_not_end_it_and_is_seen_to_after_it() {
    let (app, model) = slow().await;
    let run = advancing(&app, json!({ "recipe": "ehcp", "case": "c1", "asked": true }));
    until(&app, "c1", |body| body["state"] == "running").await;
    let (code, _, _) = post(&app, "c1", &order(&advice()), None).await;
    assert_eq!(code, 202);
    assert_eq!(status(&app, "c1").await.1["state"], "running");
    let (_, outputs) = run.await.unwrap();
    let first = output_json(&outputs, "record");
    assert_eq!(
        first["sources"].as_array().unwrap().len(),
        sample_files("tomas").len()
    );
    app.confirm(&app.write("c1", &outputs).await).await;
    // The draft that is published now is not the one that was asked for.
    let (code, body) = status(&app, "c1").await;
    assert_eq!((code, body["state"].as_str()), (202, Some("accepted")), "{body}");
    assert_eq!(body["published"], first["run"]);
    model.behave(Behaviour::default());
    app.draft_and_publish("c1").await;
    let (code, body) = status(&app, "c1").await;
    assert_eq!(code, 200, "{body}");
    assert_ne!(body["published"], first["run"]);
}

#[tokio::test]
async fn a_draft_that_waits_is_cancelled_and_a_later_upload_drafts_anew() {
    let app = App::start(&[("QUIET_SECONDS", "2")]).await;
    assert_eq!(app.send("DELETE", "drafts/ehcp/c1/run", Vec::new()).await.0, 404);
    app.upload_and_tell("c1", "Appendix B.txt", advice()).await;
    assert_eq!(status(&app, "c1").await.1["state"], "waiting");
    assert_eq!(app.send("DELETE", "drafts/ehcp/c1/run", Vec::new()).await.0, 200);
    let due = app.due("draft-requests").await;
    assert_eq!(due.len(), 1);
    assert_eq!(
        app.call("draft-queued", &message("request", &due[0])).await,
        (200, json!({}))
    );
    assert_eq!(status(&app, "c1").await.0, 409);
    app.upload_and_tell("c1", "Appendix D.txt", advice()).await;
    assert_eq!(status(&app, "c1").await.1["state"], "waiting");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let outputs = app.draft_and_publish("c1").await;
    assert_eq!(
        output_json(&outputs, "record")["sources"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(status(&app, "c1").await.0, 200);
}

#[tokio::test]
async fn an_older_draft_is_no_answer_to_a_newer_call() {
    let app = App::start(QUIET).await;
    post(&app, "c1", &order(&advice()), None).await;
    assert_eq!(status(&app, "c1").await.1["state"], "accepted");
    app.draft_and_publish("c1").await;
    let (code, first) = status(&app, "c1").await;
    assert_eq!(code, 200);

    post(&app, "c1", &order(&report("Ada Bell", "02/02/2018")), None).await;
    let (code, body) = status(&app, "c1").await;
    assert_eq!(
        (code, body["state"].as_str(), &body["outcome"]),
        (202, Some("accepted"), &Value::Null),
        "{body}"
    );
    assert_eq!(body["published"], first["published"]);
    // Neither in another form.
    let answer = app.ask("GET", "drafts/ehcp/c1", &[("accept", DOCX)]).await;
    assert_eq!(answer.status(), 202);
    app.draft_and_publish("c1").await;
    let (code, second) = status(&app, "c1").await;
    assert_eq!(code, 200);
    assert_ne!(second["published"], first["published"]);

    // A call that changes nothing ends with what there is; cancelled, it leaves it there.
    post(&app, "c1", &json!({}), None).await;
    assert_eq!(status(&app, "c1").await.0, 202);
    assert_eq!(app.draft_and_publish("c1").await, Value::Null);
    assert_eq!(status(&app, "c1").await.0, 200);
    post(&app, "c1", &json!({}), None).await;
    assert_eq!(app.send("DELETE", "drafts/ehcp/c1/run", Vec::new()).await.0, 200);
    let (code, body) = status(&app, "c1").await;
    assert_eq!((code, &body["published"]), (409, &second["published"]));
    assert_eq!(app.get("drafts/ehcp/c1/draft.docx").await.0, 200);
    assert_eq!(app.draft_and_publish("c1").await, Value::Null);
    assert!(app.json("drafts", "ehcp/c1/READY.json").await.is_some());
}

#[tokio::test]
async fn a_call_with_a_key_is_done_once_whoever_repeats_it() {
    let app = App::start(QUIET).await;
    let (code, _, first) = post(&app, "c1", &order(&advice()), Some("flow-7")).await;
    assert_eq!(code, 202);
    let requests = app.messages("draft-requests").await;
    assert_eq!(requests.len(), 1);
    let (code, outputs, again) = post(&app, "c1", &order(&advice()), Some("flow-7")).await;
    assert_eq!((code, &again), (202, &first));
    assert_eq!(outputs["res"]["headers"]["idempotency-replayed"], "true");
    assert_eq!(
        outputs["res"]["headers"]["location"],
        "http://localhost:7071/api/drafts/ehcp/c1"
    );
    assert!(
        app.messages("draft-requests").await.is_empty(),
        "it was asked for twice"
    );

    // Another body is another call, and changes nothing.
    let (code, outputs, body) = post(&app, "c1", &order(b"other"), Some("flow-7")).await;
    assert_eq!(
        (code, body["code"].as_str()),
        (422, Some("idempotency-key-reused"))
    );
    assert_eq!(
        outputs["res"]["headers"]["content-type"],
        "application/problem+json"
    );
    let source = app
        .storage
        .get("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(source.bytes, advice());
    // The same key for another case is another key.
    assert_eq!(post(&app, "c2", &order(b"other"), Some("flow-7")).await.0, 202);
    for bad in ["", " ", "a b", "\u{e9}", &"k".repeat(256)] {
        let (code, _, body) = post(&app, "c1", &json!({}), Some(bad)).await;
        assert_eq!(
            (code, body["code"].as_str()),
            (400, Some("idempotency-key")),
            "{bad:?}"
        );
    }
    // What is kept does not say the key.
    for item in app.storage.list("runs", "ehcp/c1/keys/", 10).await.unwrap() {
        let blob = app.storage.get("runs", &item.name).await.unwrap().unwrap();
        assert!(!item.name.contains("flow-7") && !String::from_utf8(blob.bytes).unwrap().contains("flow-7"));
    }
}

#[tokio::test]
async fn a_call_whose_first_try_died_is_made_again_and_an_old_key_is_forgotten() {
    let app = App::start(QUIET).await;
    let body = json!({ "attempt": 2, "documents": order(&advice())["documents"] });
    post(&app, "c1", &body, Some("k")).await;
    let name = app
        .storage
        .list("runs", "ehcp/c1/keys/", 10)
        .await
        .unwrap()
        .remove(0)
        .name;
    let mut entry = app.json("runs", &name).await.unwrap();
    let put = async |entry: &Value| {
        let bytes = entry.to_string().into_bytes();
        app.storage
            .put("runs", &name, bytes, azure::Put::default())
            .await
            .unwrap();
    };
    // As if the process had died before it answered.
    let answer = entry["answer"].take();
    put(&entry).await;
    assert_eq!(post(&app, "c1", &body, Some("k")).await.0, 202);
    assert_eq!(app.json("runs", &name).await.unwrap()["answer"], answer);
    let outputs = app.draft_and_publish("c1").await;
    assert!(outputs["record"].is_string());
    assert_eq!(
        app.storage
            .list("runs", "ehcp/c1/", 100)
            .await
            .unwrap()
            .iter()
            .filter(|blob| blob.name.ends_with("/record.json"))
            .count(),
        1
    );

    entry["at"] = json!("2026-01-01T00:00:00Z");
    put(&entry).await;
    // What was answered is answered again, also where there is nothing to draft any more.
    let (code, _, _) = post(&app, "c1", &json!({}), Some("empty")).await;
    assert_eq!(code, 202);
    for name in ["Appendix B.txt", "case.json"] {
        app.storage
            .delete("sources", &format!("ehcp/c1/{name}"))
            .await
            .unwrap();
    }
    let (code, outputs, _) = post(&app, "c1", &json!({}), Some("empty")).await;
    assert_eq!(
        (code, &outputs["res"]["headers"]["idempotency-replayed"]),
        (202, &json!("true"))
    );
    assert_eq!(post(&app, "c1", &json!({}), Some("none")).await.0, 409);
    // An array is no object, whatever stands in it.
    let (code, _, problem) = post(&app, "c1", &json!([[], null, 3]), None).await;
    assert_eq!((code, problem["code"].as_str()), (400, Some("body")));
    let (code, _, _) = post(&app, "c1", &order(b"something else"), Some("k")).await;
    assert_eq!(code, 202, "a key is remembered for a day");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_with_one_key_at_once_make_one_draft() {
    let app = Arc::new(App::start(QUIET).await);
    let calls = (0..6).map(|_| {
        let app = Arc::clone(&app);
        tokio::spawn(async move { post(&app, "c1", &order(&advice()), Some("once")).await })
    });
    for call in calls.collect::<Vec<_>>() {
        let (code, _, body) = call.await.unwrap();
        assert_eq!((code, body["state"].as_str()), (202, Some("accepted")));
    }
    app.draft_and_publish("c1").await;
    let runs = app.storage.list("runs", "ehcp/c1/", 100).await.unwrap();
    assert_eq!(
        runs.iter()
            .filter(|blob| blob.name.ends_with("/record.json"))
            .count(),
        1
    );
    assert_eq!(status(&app, "c1").await.0, 200);
}

#[tokio::test]
async fn a_case_is_given_in_the_form_that_is_asked_for() {
    let app = App::start(QUIET).await;
    let forms = async |accept: &str| {
        let answer = app.ask("GET", "drafts/ehcp/c1", &[("accept", accept)]).await;
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), kind)
    };
    post(&app, "c1", &order(&advice()), None).await;
    // While there is no draft, everybody gets the status.
    assert_eq!(forms(DOCX).await, (202, "application/json".into()));
    app.draft_and_publish("c1").await;
    assert_eq!(forms("application/json").await, (200, "application/json".into()));
    assert_eq!(forms(DOCX).await, (200, DOCX.into()));
    assert_eq!(forms("text/html").await, (200, "text/html; charset=utf-8".into()));
    assert_eq!(
        forms("application/pdf").await,
        (406, "application/problem+json".into())
    );

    for (path, accept) in [("drafts/ehcp/c1", DOCX), ("drafts/ehcp/c1/record.json", "*/*")] {
        let answer = app.ask("GET", path, &[("accept", accept)]).await;
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        let known = app
            .ask("GET", path, &[("accept", accept), ("if-none-match", &tag)])
            .await;
        assert_eq!(
            (known.status().as_u16(), known.headers()["etag"].to_str().unwrap()),
            (304, tag.as_str())
        );
        let other = app
            .ask("GET", path, &[("accept", accept), ("if-none-match", "\"x\"")])
            .await;
        assert_eq!(other.status(), 200);
        let head = app.ask("HEAD", path, &[("accept", accept)]).await;
        assert_eq!(
            (head.status().as_u16(), head.headers()["etag"].to_str().unwrap()),
            (200, tag.as_str())
        );
        assert!(head.bytes().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn documents_are_taken_from_where_flows_put_them_and_from_nowhere_else() {
    let app = App::start(QUIET).await;
    let end = Instant::now() + Duration::from_secs(20);
    let put = async |name: &str, bytes: Vec<u8>| {
        while app
            .storage
            .put("incoming", name, bytes.clone(), azure::Put::default())
            .await
            .is_err()
        {
            assert!(Instant::now() < end, "the app makes the container");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    put("ehcp/c1/in/advice 1.txt", advice()).await;
    put("ehcp/c2/secret.txt", report("Ben Ash", "03/04/2019")).await;
    let digest = drafting::hash::Digest::of(&advice());
    let from = |from: &str| json!({ "documents": [{ "name": "Appendix B.txt", "from": from }] });
    let with = |digest: &str| json!({ "documents": [{ "name": "Appendix B.txt", "from": "incoming/ehcp/c1/in/advice 1.txt", "sha256": digest }] });
    for (body, code, name) in [
        // Another case's document, another recipe's, the app's own containers, another account, anything that is no blob.
        (from("incoming/ehcp/c2/secret.txt"), 422, "document-reference"),
        (from("incoming/minutes/c1/a.txt"), 422, "document-reference"),
        (
            from("incoming/ehcp/c1/../c2/secret.txt"),
            422,
            "document-reference",
        ),
        (
            from("incoming/ehcp/c1/%2e%2e/c2/secret.txt"),
            422,
            "document-reference",
        ),
        (from("sources/ehcp/c2/a.txt"), 422, "document-reference"),
        (from("runs/ehcp/c2/status.json"), 422, "document-reference"),
        (
            from("https://evil.example/incoming/ehcp/c1/a.txt"),
            422,
            "document-reference",
        ),
        (
            from("http://169.254.169.254/metadata/identity/oauth2/token"),
            422,
            "document-reference",
        ),
        (
            from("http://localhost:7071/admin/host/keys"),
            422,
            "document-reference",
        ),
        (from("file:///etc/passwd"), 422, "document-reference"),
        (from("incoming/ehcp/c1/nothing.txt"), 422, "document-not-there"),
        (with(&"0".repeat(64)), 409, "document-changed"),
        (with("x"), 400, "document-content"),
        (
            json!({ "documents": [{ "name": "a.txt" }] }),
            400,
            "document-content",
        ),
        (
            json!({ "documents": [{ "name": "a.txt", "content": "eA==", "from": "incoming/ehcp/c1/x" }] }),
            400,
            "document-content",
        ),
    ] {
        let (got, _, answer) = post(&app, "c1", &body, None).await;
        assert_eq!((got, answer["code"].as_str()), (code, Some(name)), "{body}");
        assert!(!answer.to_string().contains("secret"), "{answer}");
    }
    assert!(app.storage.list("sources", "ehcp/", 10).await.unwrap().is_empty());

    assert_eq!(post(&app, "c1", &with(digest.as_str()), None).await.0, 202);
    let copied = app
        .storage
        .get("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(copied.bytes, advice());
    let outputs = app.draft_and_publish("c1").await;
    assert_eq!(
        output_json(&outputs, "record")["sources"][0]["sha256"],
        json!(digest)
    );
    // By the address of the blob, too.
    let address = format!("{}/incoming/ehcp/c1/in/advice%201.txt", app.blobs());
    let body = json!({ "documents": [{ "name": "Appendix D.txt", "from": address }] });
    assert_eq!(post(&app, "c1", &body, None).await.0, 202, "{address}");
}

#[tokio::test]
async fn a_document_by_reference_is_held_to_the_same_limits() {
    let app = App::start(&[
        ("QUIET_SECONDS", "0"),
        ("DOCUMENT_MEGABYTES", "1"),
        ("CASE_DOCUMENTS", "2"),
    ])
    .await;
    let end = Instant::now() + Duration::from_secs(20);
    while app
        .storage
        .put(
            "incoming",
            "ehcp/c1/big.txt",
            vec![b'x'; 1_000_001],
            azure::Put::default(),
        )
        .await
        .is_err()
    {
        assert!(Instant::now() < end);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    app.storage
        .put("incoming", "ehcp/c1/small.txt", advice(), azure::Put::default())
        .await
        .unwrap();
    let one = |name: &str, from: &str| json!({ "name": name, "from": format!("incoming/ehcp/c1/{from}") });
    let both = json!({ "documents": [one("a.txt", "small.txt"), one("b.txt", "big.txt")] });
    let (code, _, answer) = post(&app, "c1", &both, None).await;
    assert_eq!((code, answer["code"].as_str()), (413, Some("too-large")));
    assert!(
        app.storage.list("sources", "ehcp/", 10).await.unwrap().is_empty(),
        "all or nothing"
    );
    let three: Vec<Value> = ["a.txt", "b.txt", "c.txt"]
        .iter()
        .map(|name| one(name, "small.txt"))
        .collect();
    assert_eq!(
        post(&app, "c1", &json!({ "documents": three }), None).await.0,
        413
    );
    let same = json!({ "documents": [one("a.txt", "small.txt"), { "name": "a.txt", "content": "eA==" }] });
    assert_eq!(post(&app, "c1", &same, None).await.2["code"], "document-name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_posts_polls_and_fetches_through_the_host() {
    let site = Site::new().await;
    let host = site.host(QUIET).await;
    let client = reqwest::Client::new();
    let address = format!("{}/api/drafts/ehcp/c1", host.base_url());
    let post = async || {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let call = client
                .post(&address)
                .header("idempotency-key", "run-1")
                .json(&order(&advice()));
            let answer = call.send().await.unwrap();
            assert!(
                answer.headers().contains_key("retry-after"),
                "{}",
                answer.status()
            );
            if answer.status() == 202 {
                return answer.headers()["location"].to_str().unwrap().to_owned();
            }
            // The app is still making its containers.
            assert!(answer.status() == 503 && Instant::now() < end);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    let location = post().await;
    assert_eq!(post().await, location);
    let end = Instant::now() + Duration::from_secs(60);
    let answer = loop {
        let answer = client.get(&location).send().await.unwrap();
        if answer.status() != 202 {
            break answer;
        }
        assert!(answer.headers().contains_key("retry-after") && Instant::now() < end);
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["outcome"]["state"], "needs_review", "{body}");
    let draft = client.get(&location).header("accept", DOCX).send().await.unwrap();
    assert_eq!(
        (
            draft.status().as_u16(),
            draft.headers()["content-type"].to_str().unwrap()
        ),
        (200, DOCX)
    );
    let head = client
        .request(Method::HEAD, format!("{location}/draft.docx"))
        .send()
        .await
        .unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(
        client
            .delete(format!("{location}/run"))
            .send()
            .await
            .unwrap()
            .status(),
        409
    );
    assert_eq!(site.runs("c1").await, 1);
    site.nothing_failed(&host).await;
    stop(host).await;
}
