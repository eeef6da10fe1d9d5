//! A document that is withdrawn or deleted: the case is drafted without it, and says so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::{App, RESULTS, message, output_json, report};
use crate::site::{Site, stop};

/// A report whose words stand in no other.
fn marked() -> Vec<u8> {
    b"Speech and Language Therapy Advice\n\nName: Ada Bell\nDate of birth: 01/02/2018\nDate of advice: 1 September 2026\n\n\
      Needs\n\nAda has difficulty with saying zanderflute words of four syllables.\n\n\
      Provision\n\nA speech and language therapist will teach Ada quorvix listening 1:1 for 40 minutes every week.\n"
        .to_vec()
}

const MARKERS: [&str; 3] = ["zanderflute", "quorvix", "40 minutes"];

/// The text of every result, the Word files unpacked.
fn texts(outputs: &Value) -> Vec<(&'static str, String)> {
    let of = |binding: &str| STANDARD.decode(outputs[binding].as_str().unwrap()).unwrap();
    RESULTS
        .iter()
        .map(|(binding, file)| {
            let bytes = of(binding);
            let text = if *binding != "report" && *binding != "record" {
                format!(
                    "{:?}",
                    reading::parse(&bytes, &reading::Limits::default()).unwrap()
                )
            } else {
                String::from_utf8(bytes).unwrap()
            };
            (*file, text)
        })
        .collect()
}

/// A published draft of two documents.
async fn two_documents(app: &App, case: &str) -> Value {
    app.upload(case, "Appendix F.txt", marked()).await;
    let outputs = app
        .upload_and_tell(case, "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let confirmation = app.write(case, &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    outputs
}

#[tokio::test]
async fn nothing_rests_on_a_withdrawn_document_and_the_record_names_it() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let before = two_documents(&app, "c1").await;
    // The sheets of questions repeat only what is asked about.
    for (file, text) in texts(&before)
        .into_iter()
        .filter(|(file, _)| *file != "queries.docx")
    {
        assert!(MARKERS.iter().all(|marker| text.contains(marker)), "{file}");
    }
    let address = "drafts/ehcp/c1/sources/Appendix%20F.txt";
    let body = json!({ "reason": "superseded by a later report" })
        .to_string()
        .into_bytes();
    let (status, answer) = app.send("DELETE", address, body).await;
    assert_eq!(
        (status, answer["state"].as_str()),
        (202, Some("accepted")),
        "{answer}"
    );
    assert!(
        app.storage
            .get("sources", "ehcp/c1/Appendix F.txt")
            .await
            .unwrap()
            .is_none()
    );

    let after = app.draft_and_publish("c1").await;
    for (file, text) in texts(&after) {
        for marker in MARKERS {
            assert!(!text.contains(marker), "{marker} in {file}");
        }
    }
    let (old, record) = (output_json(&before, "record"), output_json(&after, "record"));
    assert_ne!(old["run"], record["run"]);
    let said = &record["withdrawn"][0];
    assert_eq!(said["file"], "Appendix F.txt");
    assert_eq!(said["reason"], "superseded by a later report");
    assert_eq!(said["sha256"], old["sources"][1]["sha256"]);
    assert!(said["date"].is_string());
    assert_eq!(record["changes"]["since"]["run"], old["run"]);
    assert_eq!(record["changes"]["sources"][0]["kind"], "withdrawn");
    let gone = record["changes"]["statements"].as_array().unwrap();
    assert!(
        gone.iter()
            .any(|one| one["kind"] == "gone" && one["withheld"] == true),
        "{gone:#?}"
    );
    let (_, _, html) = app.get("drafts/ehcp/c1/report.html").await;
    assert!(String::from_utf8(html).unwrap().contains("Reason given"));

    // The same again changes nothing; the same bytes uploaded again stay withdrawn, others are drafted from.
    assert_eq!(app.send("DELETE", address, Vec::new()).await.0, 202);
    assert_eq!(app.draft_and_publish("c1").await, Value::Null);
    assert_eq!(
        app.upload_and_tell("c1", "Appendix F.txt", marked()).await,
        json!({})
    );
    let other = [marked(), b"He reads.\n".to_vec()].concat();
    let outputs = app.upload_and_tell("c1", "Appendix F.txt", other).await;
    assert_eq!(
        output_json(&outputs, "record")["sources"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn a_withdrawal_by_hand_counts_and_a_new_manifest_does_not_undo_it() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let before = two_documents(&app, "c1").await;
    let manifest = json!({
        "documents": [{ "file": "Appendix D.txt" }, { "file": "Appendix F.txt" }],
        "withdrawn": [{ "file": "Appendix F.txt" }],
    });
    let outputs = app
        .upload_and_tell("c1", "case.json", manifest.to_string().into_bytes())
        .await;
    let record = output_json(&outputs, "record");
    assert_eq!(record["sources"].as_array().unwrap().len(), 1);
    // It lies there still, and so its digest is known.
    assert_eq!(
        record["withdrawn"][0]["sha256"],
        output_json(&before, "record")["sources"][1]["sha256"]
    );
    assert!(
        !record.to_string().contains("not-arrived\",\"subject"),
        "{record}"
    );
    for (file, text) in texts(&outputs) {
        assert!(MARKERS.iter().all(|marker| !text.contains(marker)), "{file}");
    }
    let body = json!({ "case": { "documents": [{ "file": "Appendix D.txt" }] }, "wait": true });
    let (status, outputs, _) = app.request("ehcp", "c1", &body).await;
    assert_eq!(status, 200);
    assert_eq!(
        output_json(&outputs, "record")["withdrawn"][0]["file"],
        "Appendix F.txt"
    );
    let body = json!({ "case": { "withdrawn": [] }, "wait": true });
    let (_, outputs, _) = app.request("ehcp", "c1", &body).await;
    assert_eq!(
        output_json(&outputs, "record")["sources"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn without_its_last_document_a_case_is_refused_and_no_old_draft_stands() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let outputs = app.upload_and_tell("c1", "Appendix F.txt", marked()).await;
    app.confirm(&app.write("c1", &outputs).await).await;
    let (status, _) = app
        .send("DELETE", "drafts/ehcp/c1/sources/Appendix%20F.txt", Vec::new())
        .await;
    assert_eq!(status, 202);
    let outputs = app.draft_and_publish("c1").await;
    let record = output_json(&outputs, "record");
    assert_eq!(record["outcome"]["state"], "refused");
    assert!(
        record["outcome"]["reason"]
            .as_str()
            .unwrap()
            .contains("withdrawn")
    );
    assert!(app.json("drafts", "ehcp/c1/READY.json").await.is_none());
    // A document comes: the draft is compared with the one before the refusal.
    let outputs = app
        .upload_and_tell("c1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let next = output_json(&outputs, "record");
    assert_eq!(next["changes"]["since"]["run"], record["changes"]["since"]["run"]);
}

#[tokio::test]
async fn a_document_deleted_from_storage_is_missed_and_its_words_are_not_repeated() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    two_documents(&app, "c1").await;
    app.storage
        .delete("sources", "ehcp/c1/Appendix F.txt")
        .await
        .unwrap();
    let request = json!({ "recipe": "ehcp", "case": "c1", "asked": true });
    let (_, outputs) = app.call("draft-queued", &message("request", &request)).await;
    for (file, text) in texts(&outputs) {
        assert!(MARKERS.iter().all(|marker| !text.contains(marker)), "{file}");
    }
    let change = &output_json(&outputs, "record")["changes"]["sources"][0];
    assert_eq!(
        (&change["kind"], &change["name"]),
        (&json!("missing"), &json!("Appendix F.txt"))
    );
}

#[tokio::test]
async fn what_cannot_be_withdrawn_is_said_with_a_stable_code() {
    let app = App::start(&[]).await;
    app.upload("c1", "Appendix F.txt", marked()).await;
    app.upload("c2", "case.json", b"{".to_vec()).await;
    app.upload("c2", "a.txt", marked()).await;
    let long = json!({ "reason": "x".repeat(1_001) }).to_string();
    for (path, body, status, code) in [
        ("ehcp/c1/sources/x.txt", "", 404, "no-such-document"),
        ("ehcp/c1/sources/case.json", "", 400, "document-name"),
        ("ehcp/c1/sources/a%2Fb", "", 400, "document-name"),
        ("ehcp/c.1/sources/x.txt", "", 400, "case-id"),
        ("nosuch/c1/sources/x.txt", "", 404, "no-such-recipe"),
        ("ehcp/c1/sources/Appendix%20F.txt", "[", 400, "body"),
        ("ehcp/c1/sources/Appendix%20F.txt", long.as_str(), 400, "body"),
        ("ehcp/c2/sources/a.txt", "", 409, "manifest"),
    ] {
        let (got, answer) = app.send("DELETE", &format!("drafts/{path}"), body.into()).await;
        assert_eq!(
            (got, answer["code"].as_str()),
            (status, Some(code)),
            "{path} {answer}"
        );
    }
    assert!(
        app.storage
            .get("sources", "ehcp/c2/a.txt")
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_through_the_host_becomes_a_new_draft() {
    let site = Site::new().await;
    let host = site.host(&[("QUIET_SECONDS", "1")]).await;
    site.upload("c1", "Appendix F.txt", marked()).await;
    site.upload("c1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let first = site.published(&host, "c1", 60).await;
    let address = format!("{}/api/drafts/ehcp/c1/sources/Appendix%20F.txt", host.base_url());
    let answer = reqwest::Client::new()
        .delete(address)
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let ready = site.json("drafts", "ehcp/c1/READY.json").await;
        if ready.is_some_and(|ready| ready["run"] != first["run"]) {
            break;
        }
        assert!(std::time::Instant::now() < end, "the case is never drafted again");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    site.published(&host, "c1", 60).await;
    let record = site.json("drafts", "ehcp/c1/record.json").await.unwrap();
    assert!(MARKERS.iter().all(|marker| !record.to_string().contains(marker)));
    site.nothing_failed(&host).await;
    stop(host).await;
}
