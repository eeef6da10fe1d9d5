//! What people upload: names, folders and manifests of every kind.

use serde_json::{Value, json};

use crate::app::{App, ODD_NAMES, blob_event, output_json, report};

fn advice() -> Vec<u8> {
    report("Ada Bell", "01/02/2018")
}

fn source_names(outputs: &Value) -> Vec<String> {
    let record = output_json(outputs, "record");
    let sources = record["sources"].as_array().unwrap();
    sources
        .iter()
        .map(|source| source["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_document_may_have_any_name() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let long = "ż".repeat(251) + ".txt";
    for (number, name) in ODD_NAMES.into_iter().chain([long.as_str()]).enumerate() {
        let outputs = app.upload_and_tell(&format!("c{number}"), name, advice()).await;
        assert_eq!(source_names(&outputs), [name]);
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_read_leaves_a_note() {
    let app = App::start(&[]).await;
    for address in [
        "not an address",
        "http://127.0.0.1:1/devstoreaccount1/sources/ehcp/c1/%+5.txt",
        "http://127.0.0.1:1/devstoreaccount1/sources/ehcp/c1/%ff.txt",
        "http://127.0.0.1:1/devstoreaccount1/sources/ehcp/c2/x.txt",
    ] {
        let mut event = blob_event("ehcp", "c1", "x.txt");
        event["Metadata"]["Uri"] = json!(json!(address).to_string());
        assert_eq!(app.call("draft-on-upload", &event).await, (200, json!({})));
    }
    assert_eq!(app.storage.list("runs", "refused/", 10).await.unwrap().len(), 4);
    assert_eq!(app.storage.list("runs", "ehcp/", 10).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_manifest_that_is_too_large_is_not_read_and_keeps_no_case_from_being_drafted() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    app.upload("c1", "Report B.txt", advice()).await;
    let outputs = app
        .upload_and_tell("c1", "case.json", vec![b' '; 1_000_001])
        .await;
    assert_eq!(source_names(&outputs), ["Report B.txt"]);
    let said = output_json(&outputs, "record")["findings"].to_string();
    assert!(said.contains("case.json has more than 1000000 bytes"), "{said}");
    // What is there under its name is not read to be compared with what comes, and not mended by a withdrawal.
    let (code, problem) = app
        .send("DELETE", "drafts/ehcp/c1/sources/Report%20B.txt", Vec::new())
        .await;
    assert_eq!((code, problem["code"].as_str()), (409, Some("manifest")));
    let body = json!({ "case": { "child": { "name": "Ada Bell" } } });
    assert_eq!(app.request("ehcp", "c1", &body).await.0, 202);
    let manifest = app.json("sources", "ehcp/c1/case.json").await.unwrap();
    assert_eq!(manifest["child"]["name"], "Ada Bell");
}

#[tokio::test]
async fn folders_below_a_case_hide_none_of_its_documents() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("CASE_DOCUMENTS", "3")]).await;
    for number in 0..8 {
        app.upload(
            "c1",
            &format!("Archive/{number}.txt"),
            report("Quillon Zarpent", "05/06/2014"),
        )
        .await;
    }
    app.upload("c1", "Report B.txt", advice()).await;
    let outputs = app.upload_and_tell("c1", "Report C.txt", advice()).await;
    assert_eq!(source_names(&outputs), ["Report B.txt", "Report C.txt"]);
}

#[tokio::test]
async fn a_manifest_may_come_first_or_last_and_in_any_shape() {
    let app = App::start(&[("QUIET_SECONDS", "600")]).await;
    let listing = json!({ "documents": [{ "file": "Appendix B.txt" }, { "file": "case.json" }] }).to_string();
    let marked = [b"\xef\xbb\xbf".as_slice(), listing.as_bytes()].concat();
    for (case, manifest) in [("plain", listing.into_bytes()), ("marked", marked)] {
        app.upload(case, "Appendix B.txt", advice()).await;
        let last = app.upload_and_tell(case, "case.json", manifest.clone()).await;
        assert_eq!(source_names(&last), ["Appendix B.txt"], "{case}");
        let first = format!("{case}-first");
        assert_eq!(
            app.upload_and_tell(&first, "case.json", manifest).await,
            json!({})
        );
        let then = app.upload_and_tell(&first, "Appendix B.txt", advice()).await;
        assert_eq!(source_names(&then), ["Appendix B.txt"], "{first}");
    }
}

#[tokio::test]
async fn a_manifest_that_cannot_be_read_is_a_finding_and_keeps_nothing_back() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    for (case, manifest) in [
        ("c1", b"{ \"documents\": [\xff] }".as_slice()),
        ("c2", b""),
        ("c3", b"\xff\xfe{\0}\0"),
        ("c4", b"[]"),
    ] {
        app.upload(case, "Appendix B.txt", advice()).await;
        let outputs = app.upload_and_tell(case, "case.json", manifest.to_vec()).await;
        let findings = output_json(&outputs, "record")["findings"].to_string();
        assert!(findings.contains("case.json"), "{case}: {findings}");
    }
}

#[tokio::test]
async fn a_case_whose_documents_were_taken_away_is_not_waited_for() {
    let app = App::start(&[("QUIET_SECONDS", "600")]).await;
    app.upload_and_tell("c1", "Appendix B.txt", advice()).await;
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 202);
    app.storage
        .delete("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap();
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 404);
}
