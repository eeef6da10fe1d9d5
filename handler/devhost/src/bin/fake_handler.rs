//! A handler for the dev host's own tests: does what the setting `FAKE_HANDLER` says and prints what it is sent.
//!
//! The setting is a JSON object: for each function a list of behaviours, taken one a call, the last one for all
//! further calls; `start` names a behaviour at the start. A function that is not named answers `{}`.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The settings of a fake.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Script {
    start: Start,
    functions: BTreeMap<String, Vec<Behaviour>>,
}

/// What happens before it listens.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Start {
    #[default]
    Listen,
    Never,
    Crash,
}

/// What it does with one call.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Behaviour {
    /// Answers 200 with this JSON.
    Answer(Value),
    /// Answers this after so many milliseconds.
    Slow(u64, Value),
    /// Answers with this status and `{}`.
    Status(u16),
    /// Answers 200 with this text and content type.
    Raw(String, String),
    /// Never answers.
    Hang,
    /// Ends with this code.
    Exit(i32),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let text = std::env::var("FAKE_HANDLER").unwrap_or_else(|_| "{}".to_owned());
    let script: Script = serde_json::from_str(&text)?;
    match script.start {
        Start::Listen => {}
        Start::Never => std::future::pending().await,
        Start::Crash => {
            eprintln_line("it crashed on purpose")?;
            std::process::exit(3);
        }
    }
    let port = std::env::var("FUNCTIONS_CUSTOMHANDLER_PORT").map_err(std::io::Error::other)?;
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println_line(&format!("fake handler listens, {}", known_environment()))?;
    let app = Router::new()
        .route("/", get(|| async { StatusCode::NOT_FOUND }))
        .route("/{function}", post(invoked))
        .fallback(echoed)
        .with_state(Arc::new(Mutex::new(script)));
    axum::serve(listener, app).await
}

fn known_environment() -> String {
    let names = [
        "FUNCTIONS_CUSTOMHANDLER_PORT",
        "FUNCTIONS_HTTPWORKER_PORT",
        "FUNCTIONS_CUSTOMHANDLER_WORKER_ID",
        "FUNCTIONS_HTTPWORKER_ID",
        "FUNCTIONS_APP_ROOT_PATH",
    ];
    let set = names
        .iter()
        .filter(|name| std::env::var(name).is_ok_and(|value| !value.is_empty()));
    format!("{} of {} variables set", set.count(), names.len())
}

type Shared = State<Arc<Mutex<Script>>>;

async fn invoked(State(script): Shared, Path(function): Path<String>, request: Request) -> Response {
    let headers: BTreeMap<String, String> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let Ok(body) = axum::body::to_bytes(request.into_body(), usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let seen = serde_json::json!({ "function": function, "headers": headers, "body": body_of(&body) });
    if println_line(&format!("SEEN {seen}")).is_err() {
        std::process::exit(1);
    }
    behave(next(&script, &function)).await
}

fn body_of(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

fn next(script: &Mutex<Script>, function: &str) -> Behaviour {
    let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(list) = script.functions.get_mut(function) else {
        return Behaviour::Answer(serde_json::json!({}));
    };
    let first = list.first().cloned();
    if list.len() > 1 {
        list.remove(0);
    }
    first.unwrap_or(Behaviour::Status(500))
}

async fn behave(behaviour: Behaviour) -> Response {
    let json =
        |value: &Value| ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response();
    match behaviour {
        Behaviour::Answer(value) => json(&value),
        Behaviour::Slow(wait, value) => {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            json(&value)
        }
        Behaviour::Status(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, "{}").into_response()
        }
        Behaviour::Raw(content_type, text) => ([(header::CONTENT_TYPE, content_type)], text).into_response(),
        Behaviour::Hang => std::future::pending().await,
        Behaviour::Exit(code) => std::process::exit(code),
    }
}

/// What raw HTTP functions get: the request as it came, in the answer.
async fn echoed(request: Request) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    let host = request
        .headers()
        .get("host")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
        .to_owned();
    let id = request.headers().contains_key("x-azure-functions-invocationid");
    let body = axum::body::to_bytes(request.into_body(), usize::MAX)
        .await
        .map_or(0, |body| body.len());
    let headers = [
        ("x-line", line),
        ("x-host", host),
        ("x-has-id", id.to_string()),
        ("x-length", body.to_string()),
    ];
    (StatusCode::IM_A_TEAPOT, headers, b"\xff\x00raw".to_vec()).into_response()
}

fn println_line(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{text}")
}

fn eprintln_line(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "{text}")
}
