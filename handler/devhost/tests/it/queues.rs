//! Queue triggers: delivery, retries, poison, how many at once.

use crate::stage::{Stage, ended, first, logged, storage, until};
use serde_json::{Value, json};
use std::time::Duration;

async fn send(queue: &str, texts: &[&str]) {
    let storage = storage();
    storage.ensure_queue(queue).await.expect("queue");
    for text in texts {
        storage.send(queue, text, Duration::ZERO).await.expect("sent");
    }
}

async fn count(queue: &str) -> u64 {
    match storage().approximate_count(queue).await {
        // The host has not made it yet.
        Err(azure::StorageError::NotFound) => 0,
        counted => counted.expect("counted"),
    }
}

fn queues(numbers: &Value) -> Value {
    json!({ "extensions": { "queues": numbers } })
}

#[tokio::test]
async fn a_message_is_delivered_and_deleted() {
    let host = Stage::plain().queue("worker", "plain").ready().await;
    send("plain", &[r#"{"case":"c1","n":2}"#]).await;
    ended(&host, "worker", 1).await;
    let body = &first(&host, "worker").await["body"];
    assert_eq!(body["Data"]["item"], r#""{\"case\":\"c1\",\"n\":2}""#);
    assert_eq!(
        (&body["Metadata"]["case"], &body["Metadata"]["n"]),
        (&json!("\"c1\""), &json!("2"))
    );
    until("an empty queue", async || {
        (count("plain").await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_message_that_fails_too_often_is_poisoned_and_told_to_the_poison_function() {
    let stage = Stage::doing("worker", json!([{ "status": 503 }]))
        .host_file(queues(&json!({ "maxDequeueCount": 2 })));
    let host = stage
        .queue("worker", "bad")
        .queue("worker-poison", "bad-poison")
        .ready()
        .await;
    send("bad", &["words"]).await;
    ended(&host, "worker-poison", 1).await;
    assert_eq!(
        (host.tally("worker").failed, host.tally("worker").started),
        (2, 2)
    );
    assert_eq!(
        first(&host, "worker-poison").await["body"]["Data"]["item"],
        "\"words\""
    );
    logged(&host, "Moving message to queue 'bad-poison'").await;
}

#[tokio::test]
async fn what_is_no_base64_is_poisoned_unread() {
    let host = Stage::plain().queue("worker", "odd").ready().await;
    let storage = storage();
    storage.ensure_queue("odd").await.expect("queue");
    storage
        .send_raw("odd", "not base64!".to_owned(), Duration::ZERO)
        .await
        .expect("sent");
    let poisoned = until("poisoned", async || {
        storage
            .receive("odd-poison", 1, Duration::from_secs(30))
            .await
            .unwrap_or_default()
            .pop()
    });
    assert_eq!(poisoned.await.raw, "not base64!");
    assert_eq!(host.tally("worker").started, 0);
}

#[tokio::test]
async fn without_an_encoding_messages_are_plain_text() {
    let stage = Stage::plain()
        .host_file(queues(&json!({ "messageEncoding": "none" })))
        .queue("worker", "bare");
    let host = stage.ready().await;
    let storage = storage();
    storage.ensure_queue("bare").await.expect("queue");
    storage
        .send_raw("bare", "plain words".to_owned(), Duration::ZERO)
        .await
        .expect("sent");
    ended(&host, "worker", 1).await;
    assert_eq!(
        first(&host, "worker").await["body"]["Data"]["item"],
        "\"plain words\""
    );
}

#[tokio::test]
async fn no_more_run_at_once_than_the_file_says() {
    let numbers = json!({ "batchSize": 1, "newBatchThreshold": 0 });
    send("narrow", &["1", "2", "3"]).await;
    let stage = Stage::doing("worker", json!([{ "slow": [200, {}] }])).host_file(queues(&numbers));
    let host = stage.queue("worker", "narrow").ready().await;
    ended(&host, "worker", 3).await;
    let (mut running, mut most) = (0_i32, 0);
    for line in host.log().lines() {
        running +=
            i32::from(line.text.starts_with("Executing '")) - i32::from(line.text.starts_with("Executed '"));
        most = most.max(running);
    }
    assert_eq!(most, 1);
}

#[tokio::test]
async fn a_message_is_held_for_as_long_as_the_work_takes() {
    send("held", &["long"]).await;
    let stage = Stage::doing("worker", json!([{ "slow": [4000, {}] }])).queue("worker", "held");
    let host = stage
        .deviating(|deviations| deviations.visibility = Duration::from_secs(2))
        .ready()
        .await;
    ended(&host, "worker", 1).await;
    until("an empty queue", async || {
        (count("held").await == 0).then_some(())
    })
    .await;
    assert_eq!(host.tally("worker").started, 1);
}

#[tokio::test]
async fn hosts_that_die_over_a_message_spend_its_tries() {
    send("deadly", &["once"]).await;
    let stage = Stage::doing("worker", json!([{ "slow": [60_000, {}] }]));
    let stage = stage
        .host_file(queues(&json!({ "maxDequeueCount": 1 })))
        .queue("worker", "deadly");
    let stage = stage.deviating(|deviations| deviations.visibility = Duration::from_secs(2));
    let host = stage.ready().await;
    first(&host, "worker").await;
    host.kill();
    let second = stage.ready().await;
    logged(&second, "Moving message to queue 'deadly-poison'").await;
    until("poisoned", async || {
        (count("deadly-poison").await == 1).then_some(())
    })
    .await;
    assert_eq!(second.tally("worker").started, 0, "it was not tried again");
}
