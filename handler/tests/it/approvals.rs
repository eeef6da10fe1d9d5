//! Approving: the very bytes that were looked at become the plan, and the audit log says who.

use audit::Keys;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drafting::hash::Digest;
use handler::audit_log::verify;
use serde_json::{Value, json};

use crate::app::{App, output_json, report};
use crate::edits::edited;
use crate::tenant::platform_header;

const KEY: &str = "a-key-that-only-the-tests-know-0123456789";
const SETTINGS: &[(&str, &str)] = &[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)];

/// A published draft of one document: the run and the bytes.
async fn published(app: &App, case: &str, file: &str, text: Vec<u8>) -> (String, Vec<u8>) {
    let outputs = app.upload_and_tell(case, file, text).await;
    let confirmation = app.write(case, &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    let draft = STANDARD.decode(outputs["draft"].as_str().unwrap()).unwrap();
    let run = output_json(&outputs, "record")["run"]
        .as_str()
        .unwrap()
        .to_owned();
    (run, draft)
}

async fn approve(app: &App, case: &str, order: &Value) -> (u16, Value) {
    let path = format!("drafts/ehcp/{case}/approvals");
    app.send("POST", &path, order.to_string().into_bytes()).await
}

async fn plan(app: &App, case: &str) -> Vec<u8> {
    app.get(&format!("drafts/ehcp/{case}/plan.docx")).await.2
}

fn sha256(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}

/// The entries of the audit log, all files together.
async fn log(app: &App) -> Vec<Value> {
    let mut entries = Vec::new();
    for item in app.storage.list("audit", "", 100).await.unwrap() {
        let blob = app.storage.get("audit", &item.name).await.unwrap().unwrap();
        let text = String::from_utf8(blob.bytes).unwrap();
        entries.extend(
            text.lines()
                .map(|line| serde_json::from_str::<Value>(line).unwrap()),
        );
    }
    entries
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_the_reviewed_bytes_are_approved_and_an_earlier_version_can_be_put_back() {
    let app = App::start(SETTINGS).await;
    let (run, draft) = published(&app, "a1", "Appendix D.txt", report("Ada Bell", "01/02/2018")).await;
    assert_eq!(
        app.get("drafts/ehcp/a1/plan.docx").await.0,
        404,
        "nothing is approved by itself"
    );
    let by = "casey.officer@example.org";
    let (code, answer) = approve(
        &app,
        "a1",
        &json!({ "run": run, "sha256": sha256(b"other"), "by": by }),
    )
    .await;
    assert_eq!((code, &answer["code"]), (409, &json!("other-bytes")));
    let order = json!({ "run": run, "sha256": sha256(&draft), "by": by });
    let (code, version) = approve(&app, "a1", &order).await;
    assert_eq!((code, &version["version"]), (201, &json!(1)), "{version}");
    assert_eq!(plan(&app, "a1").await, draft);
    let (_, again) = approve(&app, "a1", &order).await;
    assert_eq!(again["version"], 1, "asked again it is the same version");

    let edit = edited(&draft, &[("long instructions", "long spoken instructions")]);
    let (_, kept) = app.send("PUT", "drafts/ehcp/a1/edit", edit.clone()).await;
    let order = json!({ "edit": kept["edit"], "sha256": sha256(&edit), "by": by });
    let (code, version) = approve(&app, "a1", &order).await;
    assert_eq!((code, &version["version"]), (201, &json!(2)), "{version}");
    assert_eq!(plan(&app, "a1").await, edit);

    let order = json!({ "version": 1, "sha256": sha256(&draft), "by": by });
    let (code, version) = approve(&app, "a1", &order).await;
    assert_eq!(
        (code, &version["version"], &version["of"]),
        (201, &json!(3), &json!({ "version": 1 }))
    );
    assert_eq!(plan(&app, "a1").await, draft);
    assert_eq!(app.get("drafts/ehcp/a1/approvals/2/plan.docx").await.2, edit);
    let (_, _, list) = app.get("drafts/ehcp/a1/approvals").await;
    let list: Value = serde_json::from_slice(&list).unwrap();
    assert_eq!(list["versions"].as_array().unwrap().len(), 3);

    let entries = log(&app).await;
    let events: Vec<&str> = entries
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect();
    for event in [
        "opened",
        "received",
        "drafted",
        "published",
        "edited",
        "approved",
        "rolled_back",
    ] {
        assert!(events.contains(&event), "{event} in {events:?}");
    }
    assert_eq!(events.iter().filter(|event| **event == "approved").count(), 2);
    let all = serde_json::to_string(&entries).unwrap();
    for words in ["Ada", "casey", "\"a1\"", "Appendix"] {
        assert!(!all.contains(words), "{words} in the audit log");
    }
    verify(&app.storage, &Keys::parse(KEY).unwrap()).await.unwrap();
    assert!(!app.log().contains("casey"), "{}", app.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_critical_is_approved_only_by_who_says_so() {
    let app = App::start(SETTINGS).await;
    let mut text = report("Ada Bell", "01/02/2018");
    text.extend(b"\nA teaching assistant will give Ada support for phonics, to be decided by the school.\n");
    let (run, draft) = published(&app, "a2", "Appendix D.txt", text).await;
    let order = json!({ "run": run, "sha256": sha256(&draft), "by": "an officer" });
    let (code, answer) = approve(&app, "a2", &order).await;
    assert_eq!(
        (code, &answer["code"]),
        (409, &json!("critical-findings")),
        "{answer}"
    );
    assert_eq!(app.get("drafts/ehcp/a2/plan.docx").await.0, 404);
    let order = json!({ "run": run, "sha256": sha256(&draft), "by": "an officer", "accepts_critical": true });
    let (code, version) = approve(&app, "a2", &order).await;
    assert_eq!(code, 201, "{version}");
    assert!(version["critical"].as_u64().unwrap() > 0, "{version}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_made_no_draft_is_not_approved() {
    let app = App::start(SETTINGS).await;
    let (run, draft) = published(&app, "a3", "Appendix D.txt", b" ".to_vec()).await;
    let digest = sha256(&draft);
    let id = "0123456789abcdef0123456789abcdef";
    let table = [
        (
            json!({ "run": run, "sha256": digest, "by": "x" }),
            409,
            "not-approvable",
        ),
        (
            json!({ "run": "0123abcd", "sha256": digest, "by": "x" }),
            404,
            "nothing-to-approve",
        ),
        (
            json!({ "edit": id, "sha256": digest, "by": "x" }),
            404,
            "nothing-to-approve",
        ),
        (
            json!({ "version": 7, "sha256": digest, "by": "x" }),
            404,
            "nothing-to-approve",
        ),
        (
            json!({ "run": run, "version": 1, "sha256": digest, "by": "x" }),
            400,
            "body",
        ),
        (json!({ "run": run, "sha256": digest, "by": "  " }), 400, "body"),
        (json!({ "run": "../x", "sha256": digest, "by": "x" }), 400, "body"),
        (json!({ "run": run, "by": "x" }), 400, "body"),
    ];
    for (order, code, name) in table {
        let (got, answer) = approve(&app, "a3", &order).await;
        assert_eq!((got, &answer["code"]), (code, &json!(name)), "{order}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_known_approves_in_their_own_name_and_who_is_refused_is_noted_in_the_audit_log() {
    let app = App::start(&[
        ("PLATFORM_AUTHENTICATION", "on"),
        ("WEBSITE_AUTH_ENABLED", "True"),
        ("QUIET_SECONDS", "0"),
        ("AUDIT_KEY", KEY),
    ])
    .await;
    let (run, draft) = published(&app, "a4", "Appendix D.txt", report("Ada Bell", "01/02/2018")).await;
    let order = json!({ "run": run, "sha256": sha256(&draft), "by": "somebody else" }).to_string();
    let sent = async |roles: &[&str]| {
        let header = platform_header(roles);
        let path = format!("{}/api/drafts/ehcp/a4/approvals", app.base);
        let mut request = app.client.post(path).body(order.clone());
        if !roles.is_empty() {
            request = request.header("x-ms-client-principal", header);
        }
        let response = request.send().await.unwrap();
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    };
    assert_eq!(sent(&[]).await.0, 401);
    assert_eq!(
        sent(&["Drafts.Write"]).await.0,
        403,
        "who drafts does not approve"
    );
    let (code, version) = sent(&["Drafts.Review"]).await;
    assert_eq!(code, 201, "{version}");
    assert_ne!(version["by"], "somebody else");
    let mut events = Vec::new();
    // Incidents are noted beside the answer.
    for _ in 0..50 {
        events = log(&app)
            .await
            .iter()
            .map(|entry| entry["event"].clone())
            .collect();
        if events.contains(&json!("sign_in_failed")) && events.contains(&json!("denied")) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for event in ["sign_in_failed", "denied", "approved"] {
        assert!(events.contains(&json!(event)), "{event} in {events:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_edits_withdraws_and_cancels_stands_in_the_audit_log_as_a_keyed_hash() {
    let app = App::start(&[
        ("PLATFORM_AUTHENTICATION", "on"),
        ("QUIET_SECONDS", "0"),
        ("AUDIT_KEY", KEY),
    ])
    .await;
    let (_, draft) = published(&app, "a4", "Appendix D.txt", report("Ada Bell", "01/02/2018")).await;
    let header = platform_header(&["Drafts.Write"]);
    let sent = async |method: reqwest::Method, path: &str, body: Vec<u8>| {
        let address = format!("{}/api/drafts/ehcp/a4/{path}", app.base);
        let request = app.client.request(method, address).body(body);
        let answer = request
            .header("x-ms-client-principal", &header)
            .send()
            .await
            .unwrap();
        answer.status().as_u16()
    };
    assert_eq!(sent(reqwest::Method::PUT, "edit", draft).await, 200);
    let headers = json!({ "Content-Type": ["application/json"], "Content-Length": ["13"], "X-MS-CLIENT-PRINCIPAL": [&header] });
    let asked = app.http("ehcp", "a4", &headers, Some(r#"{"attempt":2}"#)).await;
    assert_eq!(asked.0, 202, "{asked:?}");
    assert_eq!(sent(reqwest::Method::DELETE, "run", Vec::new()).await, 200);
    assert_eq!(
        sent(reqwest::Method::DELETE, "sources/Appendix%20D.txt", Vec::new()).await,
        202
    );
    let entries = log(&app).await;
    let of = |event: &str| {
        entries
            .iter()
            .rev()
            .find(|entry| entry["event"] == event)
            .unwrap()
    };
    let caller = of("edited")["who"].as_str().unwrap();
    for event in ["received", "edited", "cancelled", "withdrawn"] {
        assert_eq!(of(event)["who"], caller, "{event}");
    }
    assert!(!format!("{entries:?}").contains("aaaaaaaa-0000"), "{entries:?}");
    // Nobody brought what storage told of.
    let uploaded = entries.iter().find(|entry| entry["event"] == "received").unwrap();
    assert_eq!(uploaded.get("who"), None);
}
