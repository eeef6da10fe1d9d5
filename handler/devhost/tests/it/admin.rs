//! What operators ask the host for: to hold back and go on, what is configured, what is wrong, and its keys.

use crate::stage::{Running, Stage, client, ended, storage, until};
use devhost::Source;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// The status and, where there is one, the JSON of an answer.
async fn ask(host: &Running, method: Method, path: &str, key: &str, body: &str) -> (u16, Value) {
    let request = client().request(method, format!("{}{path}", host.base_url()));
    let request = request.header("x-functions-key", key).body(body.to_owned());
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

async fn get(host: &Running, path: &str) -> (u16, Value) {
    ask(host, Method::GET, path, "", "").await
}

async fn post(host: &Running, path: &str) -> (u16, Value) {
    ask(host, Method::POST, path, "", "").await
}

#[tokio::test]
async fn a_drained_host_takes_no_message_until_it_is_resumed() {
    let storage = storage();
    storage.ensure_queue("drained").await.expect("queue");
    let send = async || {
        storage
            .send("drained", "work", Duration::ZERO)
            .await
            .expect("sent");
    };
    let stage = Stage::doing("worker", json!([{ "slow": [700, {}] }, { "answer": {} }]));
    let host = stage
        .queue("worker", "drained")
        .http("hello", "hello")
        .ready()
        .await;
    let draining = async || get(&host, "/admin/host/drain/status").await.1["state"].clone();
    let is = async |wanted: &str| (draining().await == wanted).then_some(());
    assert_eq!(draining().await, "Disabled");
    send().await;
    until("the first call", async || {
        (host.tally("worker").started == 1).then_some(())
    })
    .await;
    assert_eq!(post(&host, "/admin/host/drain").await.0, 202);
    assert_eq!(draining().await, "InProgress", "what runs goes on");
    until("the end of what ran", async || is("Completed").await).await;
    assert_eq!(host.tally("worker").succeeded, 1);
    send().await;
    // People are still answered, and some polls go by.
    assert_eq!(get(&host, "/api/hello").await.0, 200);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(
        (host.tally("worker").started, draining().await),
        (1, json!("Completed"))
    );
    let (status, resumed) = post(&host, "/admin/host/resume").await;
    assert_eq!((status, &resumed["state"]), (200, &json!("Running")));
    ended(&host, "worker", 2).await;
    assert_eq!(draining().await, "Disabled");
}

#[tokio::test]
async fn configuration_and_faults_are_told() {
    let broken = json!([{ "type": "httpTrigger", "direction": "in", "name": "bad_name" }]);
    let stage = Stage::plain().host_file(json!({ "functionTimeout": "00:01:00" }));
    let host = stage
        .function("broken", broken)
        .http("hello", "hello")
        .ready()
        .await;
    let (status, config) = get(&host, "/admin/host/config").await;
    assert_eq!((status, &config["functionTimeout"]), (200, &json!("00:01:00")));
    assert_eq!(config["version"], "2.0");
    let (status, told) = get(&host, "/admin/functions/hello/status").await;
    assert_eq!((status, told), (200, json!({ "errors": null })));
    let (status, told) = get(&host, "/admin/functions/broken/status").await;
    assert!(
        status == 200 && told["errors"][0].as_str().expect("a fault").contains("bad_name"),
        "{told}"
    );
    assert_eq!(get(&host, "/admin/functions/nobody/status").await.0, 404);
    assert_eq!(get(&host, "/admin/functions/hello").await.1["name"], "hello");
    assert_eq!(get(&host, "/admin/functions/nobody").await.0, 404);
    assert_eq!(get(&host, "/admin/host/nothing").await.0, 404);
}

#[tokio::test]
async fn each_key_opens_what_it_is_for_and_can_be_changed() {
    let stage = Stage::plain()
        .json_http("hello", "hello")
        .json_http("other", "other");
    let host = stage
        .deviating(|deviations| deviations.key = Some("m4ster".to_owned()))
        .ready()
        .await;
    let key = async |path: &str| {
        let (status, told) = ask(&host, Method::GET, path, "m4ster", "").await;
        assert_eq!(status, 200, "{path}");
        told["value"].as_str().expect("a key").to_owned()
    };
    let own = key("/admin/functions/hello/keys/default").await;
    let whole = key("/admin/host/keys/default").await;
    let webhook = key("/admin/host/systemkeys/blobs_extension").await;
    let opens = async |path: &str, given: &str| ask(&host, Method::GET, path, given, "").await.0 != 401;
    for (given, hello, other, blobs, admin) in [
        ("m4ster", true, true, true, true),
        (whole.as_str(), true, true, false, false),
        (own.as_str(), true, false, false, false),
        (webhook.as_str(), false, false, true, false),
        ("", false, false, false, false),
        ("wrong", false, false, false, false),
    ] {
        let found = (
            opens("/api/hello", given).await,
            opens("/api/other", given).await,
            opens("/runtime/webhooks/blobs", given).await,
            opens("/admin/host/status", given).await,
        );
        assert_eq!(found, (hello, other, blobs, admin), "{given}");
    }

    let changed = "/admin/functions/hello/keys/default";
    let body = r#"{"name":"default","value":"n3w"}"#;
    assert_eq!(ask(&host, Method::PUT, changed, &own, body).await.0, 401);
    assert_eq!(ask(&host, Method::PUT, changed, "m4ster", "no").await.0, 400);
    assert_eq!(ask(&host, Method::PUT, changed, "m4ster", body).await.0, 200);
    assert!(opens("/api/hello", "n3w").await && !opens("/api/hello", &own).await);
    let (status, made) = ask(&host, Method::POST, "/admin/host/functionkeys/more", "m4ster", "").await;
    assert_eq!(status, 201);
    assert!(opens("/api/other", made["value"].as_str().expect("a key")).await);
    let (_, all) = ask(&host, Method::GET, "/admin/host/keys", "m4ster", "").await;
    assert_eq!(all["keys"].as_array().expect("keys").len(), 2);
    let delete = async |path: &str| ask(&host, Method::DELETE, path, "m4ster", "").await.0;
    assert_eq!(delete("/admin/host/keys/more").await, 204);
    assert_eq!(delete("/admin/host/keys/more").await, 404);
    assert_eq!(delete("/admin/host/keys/_master").await, 400);
    assert_eq!(delete("/admin/functions/nobody/keys/default").await, 404);
    assert!(!opens("/api/other", made["value"].as_str().expect("a key")).await);
    let body = r#"{"value":"an0ther"}"#;
    assert_eq!(
        ask(&host, Method::PUT, "/admin/host/keys/_master", "m4ster", body)
            .await
            .0,
        200
    );
    assert!(opens("/admin/host/status", "an0ther").await && !opens("/admin/host/status", "m4ster").await);
    // The handler of this test says what it is sent; the host says nothing of keys.
    let log = host.log().lines();
    let mut own = log.iter().filter(|line| line.source != Source::Handler);
    assert!(own.all(|line| !line.text.contains(&whole)), "a key was logged");
}
