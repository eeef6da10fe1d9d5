//! Blob triggers and the outputs of their functions.

use crate::stage::{Stage, client, ended, first, logged, storage, until};
use azure::Put;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::time::Duration;

fn trigger(path: &str) -> Value {
    json!({ "type": "blobTrigger", "direction": "in", "name": "doc", "path": path, "dataType": "binary" })
}

fn blob(name: &str, path: &str) -> Value {
    json!({ "type": "blob", "direction": "out", "name": name, "path": path })
}

async fn upload(container: &str, name: &str, bytes: &[u8]) {
    let storage = storage();
    storage.ensure_container(container).await.expect("container");
    storage
        .put(container, name, bytes.to_vec(), Put::default())
        .await
        .expect("uploaded");
}

async fn content(container: &str, name: &str) -> Option<Vec<u8>> {
    storage()
        .get(container, name)
        .await
        .expect("readable")
        .map(|blob| blob.bytes)
}

#[tokio::test]
async fn an_upload_runs_the_function_once_and_writes_its_outputs() {
    let answer = json!({ "Outputs": { "draft": STANDARD.encode(b"PK\x03\x04"), "note": STANDARD.encode("done"),
        "unknown": "ignored" }, "Logs": ["drafted"], "ReturnValue": null });
    let queue = json!({ "type": "queue", "direction": "out", "name": "note", "queueName": "once-notes" });
    let stage = Stage::doing("draft", json!([{ "answer": answer }]))
        .with_storage()
        .function(
            "draft",
            json!([
                trigger("once-in/{recipe}/{case}/{document}"),
                blob("draft", "once-out/{recipe}/{case}/d.docx"),
                queue
            ]),
        );
    upload("once-in", "ehcp/c 1/Appendix B (2).docx", b"report").await;
    upload("once-in", "ehcp/elsewhere.docx", b"not of the pattern").await;
    let host = stage.ready().await;
    ended(&host, "draft", 1).await;
    assert_eq!(
        content("once-out", "ehcp/c 1/d.docx").await.as_deref(),
        Some(&b"PK\x03\x04"[..])
    );
    let note = storage()
        .receive("once-notes", 1, Duration::from_secs(1))
        .await
        .expect("received")
        .pop();
    assert_eq!(note.expect("a note").decoded().as_deref(), Some(&b"done"[..]));
    let sent = first(&host, "draft").await;
    assert_eq!(sent["body"]["Data"], json!({ "doc": STANDARD.encode("report") }));
    assert_eq!(sent["body"]["Metadata"]["case"], "\"c 1\"");
    let uri = sent["body"]["Metadata"]["Uri"].as_str().expect("an address");
    assert!(
        uri.ends_with("/devstoreaccount1/once-in/ehcp/c%201/Appendix%20B%20%282%29.docx\""),
        "{uri}"
    );
    assert_eq!(sent["headers"]["content-type"], "application/json; charset=utf-8");
    assert_eq!(sent["headers"]["transfer-encoding"], "chunked");
    assert!(sent["headers"]["x-azure-functions-invocationid"].is_string());
    assert!(
        sent["headers"]["traceparent"].is_null(),
        "only HTTP calls have one"
    );
    logged(&host, "drafted").await;
    host.kill();

    let second = stage.ready().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(second.tally("draft").started, 0, "a receipt remembers it");
    upload("once-in", "ehcp/c 1/Appendix B (2).docx", b"another report").await;
    ended(&second, "draft", 1).await;
    assert_eq!(
        first(&second, "draft").await["body"]["Data"]["doc"],
        STANDARD.encode("another report")
    );
}

#[tokio::test]
async fn five_failures_poison_the_event() {
    let stage = Stage::doing("draft", json!([{ "status": 500 }])).with_storage();
    let host = stage
        .function("draft", json!([trigger("poison-in/{name}")]))
        .ready()
        .await;
    upload("poison-in", "bad.docx", b"x").await;
    ended(&host, "draft", 5).await;
    let storage = storage();
    let message = until("a poisoned event", async || {
        let received = storage
            .receive("webjobs-blobtrigger-poison", 1, Duration::from_secs(30))
            .await;
        received.unwrap_or_default().pop()
    });
    let event: Value = serde_json::from_slice(&message.await.decoded().expect("base64")).expect("JSON");
    assert_eq!(event["FunctionId"], "Host.Functions.draft");
    assert_eq!(
        (&event["ContainerName"], &event["BlobName"]),
        (&json!("poison-in"), &json!("bad.docx"))
    );
    assert_eq!(host.tally("draft").failed, 5);
    assert_eq!(host.log().count("the handler answered HTTP 500"), 5);
}

#[tokio::test]
async fn outputs_are_not_one_step() {
    let answer = json!({ "Outputs": { "good": STANDARD.encode("kept"), "bad": "2026-11-21T23:41:16Z" } });
    let stage = Stage::doing("draft", json!([{ "answer": answer }, { "answer": {} }])).with_storage();
    let bindings = json!([
        trigger("partial-in/{name}"),
        blob("good", "partial-out/{name}.txt"),
        blob("bad", "partial-out/{name}.bad")
    ]);
    upload("partial-in", "a", b"x").await;
    let host = stage.function("draft", bindings).ready().await;
    ended(&host, "draft", 2).await;
    assert_eq!(
        (host.tally("draft").failed, host.tally("draft").succeeded),
        (1, 1)
    );
    assert_eq!(
        content("partial-out", "a.txt").await.as_deref(),
        Some(&b"kept"[..])
    );
    assert_eq!(content("partial-out", "a.bad").await, None);
    logged(&host, "output `bad`").await;
}

#[tokio::test]
async fn inputs_come_beside_the_trigger() {
    let input =
        json!({ "type": "blob", "direction": "in", "name": "also", "path": "inputs-other/{name}.txt" });
    let absent = json!({ "type": "blob", "direction": "in", "name": "absent", "path": "inputs-other/none" });
    upload("inputs-other", "a.txt", "\u{feff}words".as_bytes()).await;
    upload("inputs-in", "a", b"x").await;
    let stage = Stage::plain()
        .with_storage()
        .function("draft", json!([trigger("inputs-in/{name}"), input, absent]));
    let host = stage.ready().await;
    ended(&host, "draft", 1).await;
    let data = &first(&host, "draft").await["body"]["Data"];
    assert_eq!(
        (&data["also"], &data["absent"]),
        (&json!("\"words\""), &json!("null"))
    );
}

#[tokio::test]
async fn event_grid_fires_by_its_webhook_only() {
    let mut binding = trigger("grid-in/{name}");
    binding["source"] = json!("EventGrid");
    let host = Stage::plain()
        .with_storage()
        .function("draft", json!([binding]))
        .ready()
        .await;
    upload("grid-in", "a b.docx", b"x").await;
    let url = format!(
        "{}/runtime/webhooks/blobs?functionName=Host.Functions.draft",
        host.base_url()
    );
    let call = |kind: &'static str, body: Value| {
        client()
            .post(&url)
            .header("aeg-event-type", kind)
            .body(body.to_string())
            .send()
    };
    let validated = call(
        "SubscriptionValidation",
        json!([{ "data": { "validationCode": "c0de" } }]),
    )
    .await
    .expect("sent");
    assert_eq!(
        validated.text().await.expect("text"),
        r#"{"validationResponse":"c0de"}"#
    );
    assert_eq!(host.tally("draft").started, 0, "no scan found it");
    let address = "http://127.0.0.1:10000/devstoreaccount1/grid-in/a%20b.docx";
    let event = json!([{ "eventType": "Microsoft.Storage.BlobCreated",
        "data": { "url": address, "eTag": "0x8D", "blobType": "BlockBlob" } }]);
    assert_eq!(call("Notification", event).await.expect("sent").status(), 202);
    ended(&host, "draft", 1).await;
    assert_eq!(
        first(&host, "draft").await["body"]["Metadata"]["name"],
        "\"a b.docx\""
    );
    assert_eq!(call("Notification", json!({})).await.expect("sent").status(), 400);
    assert_eq!(call("Other", json!([])).await.expect("sent").status(), 400);
}
