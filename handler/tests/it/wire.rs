//! The golden requests of the Functions host, given to the app as they stand.
//!
//! The dev host's tests make the same files from what triggers a function, so that both sides hold to one text.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::app::{App, RESULTS, output_json, report};

const CASE: &str = "EHC-2026-0417";

fn requests() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wire/requests");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                name,
                serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap(),
            )
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// Takes away whatever an earlier request left of the case.
async fn clear(app: &App) {
    for container in ["sources", "drafts", "runs"] {
        for blob in app.storage.list(container, "ehcp/", 1_000).await.unwrap() {
            app.storage.delete(container, &blob.name).await.unwrap();
        }
    }
}

fn gives_results(outputs: &Value) -> bool {
    RESULTS.iter().all(|(binding, _)| outputs[binding].is_string()) && outputs["confirmation"].is_string()
}

fn http_status(outputs: &Value) -> u64 {
    outputs["res"]["statusCode"].as_u64().unwrap()
}

#[tokio::test]
async fn every_request_of_the_host_is_understood() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let advice = || report("Ada Bell", "01/02/2018");
    for (name, golden) in requests() {
        clear(&app).await;
        let function = golden["function"].as_str().unwrap();
        let document = golden["body"]["Metadata"]["document"]
            .as_str()
            .map(|d| serde_json::from_str::<String>(d).unwrap());
        match name.as_str() {
            "draft-on-upload.empty" => app.upload(CASE, "Appendix C.pdf", Vec::new()).await,
            "draft-on-upload.manifest" => app.upload(CASE, "case.json", b"{}".to_vec()).await,
            _ => {
                app.upload(CASE, document.as_deref().unwrap_or("Appendix B.txt"), advice())
                    .await;
            }
        }
        let (status, outputs) = app.call(function, &golden["body"]).await;
        let row = format!("{name}: {}, {status} {outputs}", golden["row"]);
        match name.as_str() {
            "draft-on-upload.document" | "draft-on-upload.odd-name" => {
                assert!(status == 200 && gives_results(&outputs), "{row}");
                assert_eq!(
                    output_json(&outputs, "record")["sources"][0]["name"],
                    json!(document),
                    "{row}"
                );
            }
            "draft-on-upload.empty" => {
                assert!(gives_results(&outputs), "{row}");
                assert_eq!(
                    output_json(&outputs, "record")["outcome"]["state"],
                    "refused",
                    "{row}"
                );
            }
            "draft-on-upload.manifest" | "draft-on-upload.deeper-folder" => {
                assert_eq!((status, &outputs), (200, &json!({})), "{row}");
            }
            "draft-queued.request" | "draft-queued.second-try" => {
                assert!(status == 200 && gives_results(&outputs), "{row}");
            }
            "draft-queued.not-json" => assert_eq!(status, 500, "{row}"),
            "draft-on-request.query" => {
                assert!(http_status(&outputs) == 200 && gives_results(&outputs), "{row}");
            }
            "draft-on-request.dropped-body" => assert_eq!(http_status(&outputs), 411, "{row}"),
            "draft-on-request.json-body" => assert_eq!(http_status(&outputs), 202, "{row}"),
            "draft-on-request.binary-body" | "draft-on-request.spoilt-body" => {
                assert_eq!(http_status(&outputs), 400, "{row}");
            }
            "draft-confirmed.confirmation" => assert_eq!((status, &outputs), (200, &json!({})), "{row}"),
            "poisoned-uploads.event" => {
                assert_eq!((status, &outputs), (200, &json!({})), "{row}");
                assert!(
                    app.storage.approximate_count("draft-requests").await.unwrap() > 0,
                    "{row}"
                );
            }
            "poisoned-requests.request" | "poisoned-confirmations.confirmation" => {
                assert_eq!((status, &outputs), (200, &json!({})), "{row}");
                assert!(
                    app.json("drafts", &format!("ehcp/{CASE}/FAILED.json"))
                        .await
                        .is_some(),
                    "{row}"
                );
            }
            _ => panic!("a golden request that nobody expects: {row}"),
        }
    }
    // The host's deeper capture left a note, and no case.
    assert_eq!(app.storage.list("runs", "refused/", 10).await.unwrap().len(), 1);
}
