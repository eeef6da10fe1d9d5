//! The doors that the host's triggers open.

use serde_json::{Value, json};

use crate::app::{App, RESULTS, blob_event, message, output_json, report, sample_files};

const QUIET: &[(&str, &str)] = &[("QUIET_SECONDS", "0")];

#[tokio::test]
async fn an_upload_waits_for_the_quiet_period() {
    let app = App::start(&[("QUIET_SECONDS", "600")]).await;
    let outputs = app
        .upload_and_tell("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    assert_eq!(outputs, json!({}));
    let (status, _, body) = app.get("drafts/ehcp/c1").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, body["state"].as_str()), (202, Some("waiting")), "{body}");
    assert_eq!(app.storage.approximate_count("draft-requests").await.unwrap(), 1);
    // It is not due yet.
    assert!(app.messages("draft-requests").await.is_empty());
}

#[tokio::test]
async fn an_upload_becomes_a_published_draft_and_only_one() {
    let app = App::start(QUIET).await;
    for (name, bytes) in sample_files("rowan") {
        app.upload("EHC-1", &name, bytes).await;
    }
    let last = sample_files("rowan").pop().unwrap().0;
    let outputs = app.uploaded("EHC-1", &last).await;
    let record = output_json(&outputs, "record");
    assert_eq!(record["outcome"]["state"], "needs_review");
    assert_eq!(record["sources"].as_array().unwrap().len(), 6);

    // The host died before it wrote anything: the event comes again and gives the same bytes.
    assert_eq!(app.uploaded("EHC-1", &last).await, outputs);

    let confirmation = app.write("EHC-1", &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    let ready = app.json("drafts", "ehcp/EHC-1/READY.json").await.unwrap();
    assert_eq!(ready["run"], record["run"]);
    let blob = app
        .storage
        .get("drafts", "ehcp/EHC-1/report.html")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(blob.content_type.as_deref(), Some("text/html; charset=utf-8"));

    let (status, _, body) = app.get("drafts/ehcp/EHC-1").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &body["published"]), (200, &record["run"]), "{body}");
    let (status, kind, bytes) = app.get("drafts/ehcp/EHC-1/record.json").await;
    assert_eq!((status, kind.as_str()), (200, "application/json"));
    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), record);

    // Events and requests that come late or twice find everything done.
    assert_eq!(app.uploaded("EHC-1", &last).await, json!({}));
    let request = json!({ "recipe": "ehcp", "case": "EHC-1" });
    assert_eq!(
        app.call("draft-queued", &message("request", &request)).await,
        (200, json!({}))
    );
}

#[tokio::test]
async fn the_event_of_an_older_upload_ends_with_nothing() {
    let app = App::start(QUIET).await;
    app.upload("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    // Storage counts in whole seconds.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    app.upload("c1", "Appendix A.txt", report("Ada Bell", "01/02/2018"))
        .await;
    assert_eq!(app.uploaded("c1", "Appendix B.txt").await, json!({}));
    assert!(app.uploaded("c1", "Appendix A.txt").await["record"].is_string());
}

#[tokio::test]
async fn a_manifest_says_when_the_case_is_complete() {
    let app = App::start(&[("QUIET_SECONDS", "600")]).await;
    let manifest = json!({ "documents": [{ "file": "Appendix A.txt" }, { "file": "Appendix B.txt" }] });
    app.upload_and_tell("c1", "case.json", manifest.to_string().into_bytes())
        .await;
    app.upload_and_tell("c1", "Appendix A.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let (_, _, body) = app.get("drafts/ehcp/c1").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["missing"], json!(["Appendix B.txt"]), "{body}");
    let outputs = app
        .upload_and_tell("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    assert_eq!(
        output_json(&outputs, "record")["sources"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn an_upload_that_belongs_to_no_case_is_refused_where_it_can_be_seen() {
    let app = App::start(QUIET).await;
    for (recipe, case, name) in [
        ("ehcp", "a b", "x.txt"),
        ("nosuch", "c1", "x.txt"),
        ("ehcp/c1", "sub", "x.txt"),
    ] {
        let (status, outputs) = app.call("draft-on-upload", &blob_event(recipe, case, name)).await;
        assert_eq!((status, outputs), (200, json!({})));
    }
    let refused = app.storage.list("runs", "refused/", 10).await.unwrap();
    assert_eq!(refused.len(), 3);
    for item in refused {
        let note = app.json("runs", &item.name).await.unwrap();
        assert!(
            !note["reason"].as_str().unwrap().is_empty()
                && note["blob"].as_str().unwrap().starts_with("sources/")
        );
    }
}

#[tokio::test]
async fn a_mixed_set_is_mended() {
    let app = App::start(QUIET).await;
    let outputs = app
        .upload_and_tell("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let confirmation = app.write("c1", &outputs).await;
    for (file, bytes) in [
        ("draft.docx", Some(b"of an older run".to_vec())),
        ("report.html", None),
    ] {
        let name = format!("ehcp/c1/{file}");
        match bytes {
            Some(bytes) => drop(
                app.storage
                    .put("drafts", &name, bytes, azure::Put::default())
                    .await
                    .unwrap(),
            ),
            None => assert!(app.storage.delete("drafts", &name).await.unwrap()),
        }
    }
    assert_eq!(app.confirm(&confirmation).await, 200);
    let ready = app.json("drafts", "ehcp/c1/READY.json").await.unwrap();
    for (_, file) in RESULTS {
        let bytes = app
            .storage
            .get("drafts", &format!("ehcp/c1/{file}"))
            .await
            .unwrap()
            .unwrap()
            .bytes;
        assert_eq!(
            ready["sha256"][file],
            drafting::hash::Digest::of(&bytes).as_str(),
            "{file}"
        );
    }
}

#[tokio::test]
async fn a_busy_case_leaves_a_request_and_spends_no_retry() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("LEASE_SECONDS", "15")]).await;
    app.upload("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let lease = app
        .storage
        .acquire_lease("runs", "ehcp/c1/lock.json", 15)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(app.uploaded("c1", "Appendix B.txt").await, json!({}));
    assert_eq!(app.storage.approximate_count("draft-requests").await.unwrap(), 1);
    app.storage.release_lease(lease).await.unwrap();
    assert!(app.uploaded("c1", "Appendix B.txt").await["record"].is_string());
}

#[tokio::test]
async fn what_is_poisoned_is_told_to_the_case_officer() {
    let app = App::start(QUIET).await;
    let request = json!({ "recipe": "ehcp", "case": "c2", "failure": "the recipe has faults" });
    let confirmation = json!({ "recipe": "ehcp", "case": "c3", "run": "0123456789abcdef0123456789abcdef" });
    for (function, text, case) in [
        ("poisoned-requests", request, "c2"),
        ("poisoned-confirmations", confirmation, "c3"),
    ] {
        assert_eq!(
            app.call(function, &message("message", &text)).await,
            (200, json!({}))
        );
        let mark = app
            .json("drafts", &format!("ehcp/{case}/FAILED.json"))
            .await
            .unwrap();
        assert_eq!(mark["outcome"]["state"], "failed");
        let (status, kind, _) = app.get(&format!("drafts/ehcp/{case}")).await;
        assert_eq!((status, kind.as_str()), (500, "application/problem+json"));
    }
    assert_eq!(
        app.call("poisoned-requests", &message("message", &json!("no request")))
            .await,
        (200, json!({}))
    );
    assert_eq!(app.storage.list("runs", "refused/", 10).await.unwrap().len(), 1);
    assert!(app.log().contains("\"alert\":true"));
}

#[tokio::test]
async fn an_event_that_the_host_gave_up_becomes_a_request() {
    let app = App::start(QUIET).await;
    app.upload("c1", "a.txt", report("Ada Bell", "01/02/2018")).await;
    let blob = json!({ "Type": "BlobTrigger", "ContainerName": "sources", "BlobName": "ehcp/c1/a.txt" });
    assert_eq!(
        app.call("poisoned-uploads", &message("message", &blob)).await,
        (200, json!({}))
    );
    assert_eq!(app.storage.approximate_count("draft-requests").await.unwrap(), 1);
    assert!(app.json("drafts", "ehcp/c1/FAILED.json").await.is_none());
    let request = json!({ "recipe": "ehcp", "case": "c1" });
    let (_, outputs) = app.call("draft-queued", &message("request", &request)).await;
    assert!(outputs["record"].is_string());
}

#[tokio::test]
async fn a_run_that_never_ends_is_given_up() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("MOST_STARTS", "2")]).await;
    app.upload("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let outputs = app.uploaded("c1", "Appendix B.txt").await;
    let run = output_json(&outputs, "record")["run"]
        .as_str()
        .unwrap()
        .to_owned();
    // As if every start had killed the process: no archive, and a status that counts the starts.
    for file in RESULTS.map(|(_, file)| file) {
        app.storage
            .delete("runs", &format!("ehcp/c1/{run}/{file}"))
            .await
            .unwrap();
    }
    assert!(
        app.uploaded("c1", "Appendix B.txt").await["record"].is_string(),
        "a first start is not counted against it"
    );
    for file in RESULTS.map(|(_, file)| file) {
        app.storage
            .delete("runs", &format!("ehcp/c1/{run}/{file}"))
            .await
            .unwrap();
    }
    let mut status = app.json("runs", "ehcp/c1/status.json").await.unwrap();
    status["state"] = json!("running");
    status["starts"] = json!({ "fingerprint": fingerprint(&app).await, "count": 2 });
    let bytes = status.to_string().into_bytes();
    app.storage
        .put("runs", "ehcp/c1/status.json", bytes, azure::Put::default())
        .await
        .unwrap();
    assert_eq!(app.uploaded("c1", "Appendix B.txt").await, json!({}));
    let poisoned = app.messages("draft-requests-poison").await;
    assert_eq!(poisoned.len(), 1);
    assert!(poisoned[0]["failure"].as_str().unwrap().contains("several times"));
}

/// The fingerprint of case `c1` as the app counts it: from a copy of the same case that is being started.
async fn fingerprint(app: &App) -> Value {
    use drafting::hash::Digest;
    use drafting::id::{CaseId, SourceName};
    let bytes = app
        .storage
        .get("sources", "ehcp/c1/Appendix B.txt")
        .await
        .unwrap()
        .unwrap()
        .bytes;
    let sources = [(SourceName::parse("Appendix B.txt").unwrap(), Digest::of(&bytes))].into();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../recipes/ehcp")
        .canonicalize()
        .unwrap();
    let usable = handler::recipes::open(&folder).unwrap_or_else(|faults| panic!("{faults:?}"));
    let case = CaseId::parse("c1").unwrap();
    let drafter = drafting::record::Drafter::extractive();
    json!(drafting::record::fingerprint(
        &usable.recipe,
        &case,
        None,
        &sources,
        &drafter
    ))
}

#[tokio::test]
async fn what_is_no_message_goes_to_the_poison_queue() {
    let app = App::start(QUIET).await;
    for (function, binding) in [("draft-queued", "request"), ("draft-confirmed", "confirmation")] {
        for text in [
            json!("x"),
            json!({}),
            json!({ "recipe": "ehcp", "case": "../x", "run": "a" }),
        ] {
            assert_eq!(app.call(function, &message(binding, &text)).await.0, 500);
        }
    }
    for function in ["draft-on-upload", "draft-on-request", "draft-queued"] {
        assert_eq!(app.call(function, &json!({ "Data": {} })).await.0, 500);
    }
}
