//! A content safety service of this machine that judges by words.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use serde_json::{Value, json};

/// Which words mean what: a rating for violence, or an attack that is seen when all of the words are there.
#[derive(Clone, Default)]
pub struct Sees {
    pub violence: Vec<(&'static str, u8)>,
    pub attacks: Vec<&'static [&'static str]>,
    pub down: bool,
}

pub struct Service {
    pub address: String,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

struct Shared {
    sees: Sees,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Service {
    pub async fn start(sees: Sees) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::new(Shared {
            sees,
            asked: Arc::clone(&asked),
        });
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, asked }
    }

    /// The texts that were sent to an operation.
    pub fn sent(&self, operation: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let own = asked.iter().filter(|(path, _)| path.ends_with(operation));
        own.flat_map(|(_, body)| match &body["documents"] {
            Value::Array(documents) => documents.iter().map(text).collect(),
            _ => vec![text(&body["text"])],
        })
        .collect()
    }

    pub fn settings(&self, switch: &'static str) -> [(&'static str, &str); 3] {
        [
            ("CONTENT_SAFETY_ENDPOINT", self.address.as_str()),
            ("CONTENT_SAFETY_KEY", "none"),
            (switch, "on"),
        ]
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    shared
        .asked
        .lock()
        .unwrap()
        .push((uri.path().to_owned(), body.clone()));
    if shared.sees.down {
        let error =
            json!({ "error": { "code": "InternalError", "message": format!("could not read {body}") } });
        return (StatusCode::FORBIDDEN, Json(error)).into_response();
    }
    if let Some(documents) = body["documents"].as_array() {
        let attacks = |text: &str| {
            let all = |words: &&&[&str]| words.iter().all(|word| text.contains(word));
            shared.sees.attacks.iter().any(|words| all(&words))
        };
        let found: Vec<Value> = documents
            .iter()
            .map(|one| json!({ "attackDetected": attacks(one.as_str().unwrap()) }))
            .collect();
        return Json(json!({ "documentsAnalysis": found })).into_response();
    }
    let text = body["text"].as_str().unwrap();
    let seen = shared
        .sees
        .violence
        .iter()
        .filter(|(word, _)| text.contains(word));
    let violence = seen.map(|(_, severity)| *severity).max().unwrap_or(0);
    let one = |category: &str, severity: u8| json!({ "category": category, "severity": severity });
    Json(json!({ "categoriesAnalysis": [
        one("Hate", 0), one("SelfHarm", 0), one("Sexual", 0), one("Violence", violence),
    ]}))
    .into_response()
}
