//! What the host sends, damaged in many ways: every call is answered, nothing of it is quoted or written where it does not belong,
//! and the app drafts as before.

use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::app::{App, blob_event, message, output_json, report};

/// Damaged calls of each function.
const EACH: u64 = 150;
/// Calls that are made at once.
const AT_ONCE: usize = 8;
/// A word that every payload holds where people write, and that no answer and no log may repeat.
const MARKER: &str = "Zqmarker";

/// A value that is not what stood there.
fn other(random: &mut Rng) -> Value {
    let deep = (0..60).fold(json!(1), |inner, _| json!([inner]));
    let all = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("../../other/case"),
        json!("%2e%2e%2f"),
        json!("\"unbalanced"),
        json!("{\"a\":"),
        json!(format!("{MARKER} {}", "x".repeat(5000))),
        json!([]),
        json!({}),
        deep,
        json!("\u{0}\u{202e}\u{feff}"),
    ];
    all[random.usize(..all.len())].clone()
}

/// How many values a payload has, itself among them.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(all) => 1 + all.iter().map(count).sum::<usize>(),
        Value::Object(all) => 1 + all.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

/// Changes the value that is the `at`th, counted from the outside.
fn change(value: &mut Value, at: &mut usize, random: &mut Rng) {
    if *at == 0 {
        *value = other(random);
        *at = usize::MAX;
        return;
    }
    *at -= 1;
    match value {
        Value::Array(all) => {
            for inner in all {
                if *at == usize::MAX {
                    return;
                }
                change(inner, at, random);
            }
        }
        Value::Object(all) => {
            let drops = random.usize(..4) == 0;
            for key in all.keys().cloned().collect::<Vec<_>>() {
                if *at == usize::MAX {
                    return;
                }
                if *at == 0 && drops {
                    all.remove(&key);
                    *at = usize::MAX;
                    return;
                }
                change(all.get_mut(&key).unwrap(), at, random);
            }
        }
        _ => {}
    }
}

/// The payload after one to three changes of its values, or of its bytes.
fn damaged(payload: &Value, seed: u64) -> Vec<u8> {
    // Every failure can be made again.
    let mut random = Rng::with_seed(seed);
    if seed.is_multiple_of(4) {
        let mut bytes = payload.to_string().into_bytes();
        for _ in 0..=random.usize(..4) {
            let at = random.usize(..bytes.len().max(1));
            bytes[at] ^= 1 << random.usize(..8);
        }
        bytes.truncate(bytes.len() - random.usize(..30) * random.usize(..2));
        return bytes;
    }
    let mut payload = payload.clone();
    for _ in 0..=random.usize(..3) {
        let mut at = random.usize(..count(&payload));
        change(&mut payload, &mut at, &mut random);
    }
    payload.to_string().into_bytes()
}

/// A call of each function as the host makes it. None is of a case that has documents.
fn calls() -> Vec<(&'static str, Value)> {
    let case = json!({ "recipe": "ehcp", "case": "h1" });
    let request = json!({ "recipe": "ehcp", "case": "h1", "attempt": 1, "tries": 0 });
    let confirmation = json!({ "recipe": "ehcp", "case": "h1", "run": "0123456789abcdef", "second": true });
    let blob = json!({ "FunctionId": "f", "BlobType": "BlockBlob", "ContainerName": "sources",
        "BlobName": format!("ehcp/h1/{MARKER}.txt"), "ETag": "x" });
    let http = json!({ "Data": { "req": {
        "Url": "http://localhost:7071/api/drafts/ehcp/h1", "Method": "POST", "Query": {},
        "Headers": { "Content-Type": ["application/json"] }, "Params": case,
        "Identities": [{ "AuthenticationType": null, "Claims": [] }],
        "Body": json!({ "documents": [{ "name": format!("{MARKER}.xyz"), "content": "!!" }] }).to_string(),
    } }, "Metadata": {} });
    vec![
        (
            "draft-on-upload",
            blob_event("ehcp", "h1", &format!("{MARKER}.txt")),
        ),
        ("draft-queued", message("request", &request)),
        ("draft-confirmed", message("confirmation", &confirmation)),
        ("poisoned-requests", message("message", &request)),
        ("poisoned-confirmations", message("message", &confirmation)),
        ("poisoned-uploads", message("message", &blob)),
        ("draft-on-request", http),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn mutated_calls_of_every_function_are_answered_and_leave_nothing_behind() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("LOG_LEVEL", "info")]).await;
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap();
    let calls = calls();
    let functions: Vec<&str> = calls.iter().map(|(function, _)| *function).collect();
    let mut all = tokio::task::JoinSet::new();
    for (function, payload) in &calls {
        for seed in 0..EACH {
            let call = client
                .post(format!("{}/{function}", app.base))
                .header("content-type", "application/json; charset=utf-8")
                .header(
                    "X-Azure-Functions-InvocationId",
                    "0f0e0d0c-0000-4000-8000-000000000001",
                )
                .body(damaged(payload, seed));
            let function = (*function).to_owned();
            all.spawn(async move {
                let answer = call
                    .send()
                    .await
                    .unwrap_or_else(|fault| panic!("{function} {seed}: {fault}"));
                let status = answer.status().as_u16();
                (function, seed, status, answer.text().await.unwrap())
            });
            if all.len() >= AT_ONCE {
                judge(all.join_next().await);
            }
        }
    }
    while let Some(answered) = all.join_next().await {
        judge(Some(answered));
    }
    let log = app.log();
    assert!(!log.contains("panicked"), "{log}");
    assert!(!log.contains(MARKER), "{functions:?}");
    for container in ["sources", "drafts", "runs"] {
        for blob in app.storage.list(container, "", 1000).await.unwrap() {
            // A message that names no case is kept where an operator looks.
            let refused = container == "runs" && blob.name.starts_with("refused/");
            assert!(
                refused || blob.name.starts_with("ehcp/h"),
                "{container}/{}",
                blob.name
            );
            assert!(!blob.name.contains(".."), "{container}/{}", blob.name);
        }
    }
    let outputs = app
        .upload_and_tell("good", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    assert_eq!(output_json(&outputs, "record")["case"], "good");
}

fn judge(answered: Option<Result<(String, u64, u16, String), tokio::task::JoinError>>) {
    let (function, seed, status, body) = answered.unwrap().unwrap();
    let is_answer = match serde_json::from_str::<Value>(&body) {
        Ok(answer) if status == 200 => answer["Outputs"].is_object(),
        Ok(_) => matches!(status, 400..=599),
        // The host quotes nothing of a failed call, and an empty body ends it.
        Err(_) => status >= 400,
    };
    assert!(is_answer, "{function} {seed}: {status} {body}");
    assert!(!body.contains(MARKER), "{function} {seed}: {body}");
}
