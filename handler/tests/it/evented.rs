//! Uploads that Event Grid tells of through a storage queue, where it cannot reach the app.

use serde_json::{Value, json};

use crate::app::{App, message, output_json, report};

/// An event as Event Grid leaves it in a queue.
fn event(blob: &str) -> Value {
    json!({
        "topic": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/documents",
        "subject": format!("/blobServices/default/containers/sources/blobs/{blob}"),
        "eventType": "Microsoft.Storage.BlobCreated",
        "id": "831e1650-001e-001b-66ab-eeb76e069631",
        "data": {
            "api": "PutBlob", "blobType": "BlockBlob", "contentLength": 524_288, "eTag": "0x8D4BCC2E4835CD0",
            "url": format!("https://documents.blob.core.windows.net/sources/{blob}"),
        },
        "dataVersion": "", "metadataVersion": "1", "eventTime": "2026-11-22T09:30:12.1234567Z",
    })
}

#[tokio::test]
async fn an_event_of_event_grid_in_the_queue_becomes_a_draft() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    app.upload("c1", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let told = message("event", &event("ehcp/c1/Appendix B.txt"));
    assert_eq!(app.call("draft-on-event", &told).await, (200, json!({})));
    let requests = app.messages("draft-requests").await;
    let [request] = requests.as_slice() else {
        panic!("one request for one event: {requests:?}")
    };
    let (_, outputs) = app.call("draft-queued", &message("request", request)).await;
    assert_eq!(
        output_json(&outputs, "record")["sources"][0]["name"],
        "Appendix B.txt"
    );
}

#[tokio::test]
async fn an_event_that_failed_every_time_is_looked_at_once_more() {
    let app = App::start(&[]).await;
    app.upload("c1", "a.txt", report("Ada Bell", "01/02/2018")).await;
    let told = message("message", &event("ehcp/c1/a.txt"));
    assert_eq!(app.call("poisoned-events", &told).await, (200, json!({})));
    assert_eq!(app.messages("draft-requests").await.len(), 1);
}

#[tokio::test]
async fn an_event_that_belongs_to_no_case_leaves_a_note() {
    let app = App::start(&[]).await;
    let strange = [
        event("ehcp/c1/deeper/a.txt"),
        event("ehcp/c 1/a.txt"),
        event("recipes-of-nobody/c1/a.txt"),
        json!({ "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "subject": "" }),
        json!([]),
    ];
    for event in &strange {
        assert_eq!(
            app.call("draft-on-event", &message("event", event)).await,
            (200, json!({}))
        );
    }
    let notes = app.storage.list("runs", "refused/", 10).await.unwrap();
    assert_eq!(notes.len(), strange.len());
    assert!(app.messages("draft-requests").await.is_empty());
}
