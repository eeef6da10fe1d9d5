//! The server: chat completions on this machine.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::fault::Fault;
use super::prompt::Request;
use super::tally::{Recorded, Statistics, Tokens, labels};
use super::{Behaviour, Script};

/// How long an answer takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    /// Before the first token.
    pub first: Duration,
    /// For each token.
    pub token: Duration,
}

impl Latency {
    /// That of a middling service: 0.8 s, then 80 tokens a second; times `scale`.
    #[must_use]
    pub fn middling(scale: f64) -> Self {
        Self {
            first: Duration::from_millis(800).mul_f64(scale.max(0.0)),
            token: Duration::from_micros(12_500).mul_f64(scale.max(0.0)),
        }
    }

    fn of(self, tokens: u64) -> Duration {
        self.first
            + self
                .token
                .saturating_mul(u32::try_from(tokens).unwrap_or(u32::MAX))
    }
}

/// The server cannot be started.
#[derive(Debug, thiserror::Error)]
#[error("no server can be started on port {port}: {cause}")]
pub struct ServerFault {
    port: u16,
    cause: io::Error,
}

/// A model that listens; it ends when this is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    script: Script,
    behaviour: Mutex<Behaviour>,
    started: Instant,
    recorded: Mutex<Vec<Recorded>>,
    /// How many requests each fault was for.
    met: Mutex<HashMap<usize, usize>>,
    /// Answers by body: many runs of one case ask the same.
    answers: Mutex<HashMap<Bytes, Arc<Answer>>>,
    /// A group's name by the label of a field.
    groups: Mutex<HashMap<String, String>>,
}

/// An answer ready to be sent.
struct Answer {
    value: Value,
    tokens: Tokens,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Starts on a port of this machine; 0 takes any that is free.
    pub async fn start(script: Script, behaviour: Behaviour, port: u16) -> Result<Self, ServerFault> {
        let fault = |cause| ServerFault { port, cause };
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        let shared = Arc::new(Shared {
            script,
            behaviour: Mutex::new(behaviour),
            started: Instant::now(),
            recorded: Mutex::default(),
            met: Mutex::default(),
            answers: Mutex::default(),
            groups: Mutex::default(),
        });
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .route("/statistics", get(statistics).delete(forget))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            if let Err(fault) = axum::serve(listener, router).await {
                // The port is gone; whoever asks finds no connection.
                drop(fault);
            }
        });
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    /// What the setting `MODEL_BASE_URL` has to be.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Behaves otherwise from now on, and forgets what was recorded.
    pub fn behave(&self, behaviour: Behaviour) {
        *lock(&self.shared.behaviour) = behaviour;
        lock(&self.shared.answers).clear();
        self.shared.forget();
    }

    /// Forgets what was recorded.
    pub fn forget(&self) {
        self.shared.forget();
    }

    /// What was asked, in the order of its ends.
    #[must_use]
    pub fn recorded(&self) -> Vec<Recorded> {
        lock(&self.shared.recorded).clone()
    }

    /// The figures of what was asked.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        Statistics::of(&lock(&self.shared.recorded))
    }

    /// Serves until the process is ended.
    pub async fn forever(mut self) {
        if (&mut self.task).await.is_err() {
            // It was aborted: there is nothing left to wait for.
        }
    }
}

impl Shared {
    fn forget(&self) {
        lock(&self.recorded).clear();
        lock(&self.met).clear();
    }

    /// The fault that this request meets, if any.
    fn fault(&self, request: &Request) -> Option<Fault> {
        let behaviour = lock(&self.behaviour);
        let mut met = lock(&self.met);
        let concerning = behaviour
            .faults
            .iter()
            .enumerate()
            .filter(|(_, faults)| faults.concerns(request));
        let mut fault = None;
        for (place, faults) in concerning {
            let number = met.entry(place).or_default();
            *number += 1;
            if faults.when.holds(*number) {
                fault = fault.or(Some(faults.fault));
            }
        }
        fault
    }

    fn answer(&self, body: &Bytes, request: &Request) -> Arc<Answer> {
        if let Some(known) = lock(&self.answers).get(body) {
            return Arc::clone(known);
        }
        let behaviour = lock(&self.behaviour).clone();
        let value = self.script.answer(request, &behaviour);
        let count = |text: &str| count(text, behaviour.exact_tokens);
        let answer = Arc::new(Answer {
            tokens: Tokens {
                instructions: count(&request.system),
                material: count(&request.user),
                schema: count(&request.schema.to_string()),
                completion: count(&value.to_string()),
            },
            value,
        });
        lock(&self.answers).insert(body.clone(), Arc::clone(&answer));
        answer
    }

    /// The name of the group of fields that a request is about: the first label that was seen of it.
    fn group(&self, request: &Request) -> Option<String> {
        let labels = labels(request);
        let mut groups = lock(&self.groups);
        let known = labels.iter().find_map(|label| groups.get(label).cloned());
        let name = known.or_else(|| labels.first().cloned())?;
        for label in labels {
            groups.insert(label, name.clone());
        }
        Some(name)
    }
}

async fn statistics(State(shared): State<Arc<Shared>>) -> Response {
    let statistics = Statistics::of(&lock(&shared.recorded));
    axum::Json(statistics).into_response()
}

async fn forget(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.forget();
    StatusCode::NO_CONTENT
}

async fn complete(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let begun = shared.started.elapsed();
    let json: Option<Value> = serde_json::from_slice(&body).ok();
    let Some((json, request)) = json.and_then(|json| Some((json.clone(), Request::read(&json)?))) else {
        return failure(StatusCode::BAD_REQUEST, "invalid_request_error", &json!({}));
    };
    let fault = shared.fault(&request);
    let latency = lock(&shared.behaviour).latency;
    let answer = shared.answer(&body, &request);
    let mut tokens = answer.tokens;
    if fault.is_some_and(Fault::is_before_answer) {
        tokens = Tokens::default();
    } else {
        tokio::time::sleep(latency.of(tokens.completion)).await;
    }
    let group = shared.group(&request);
    let too_long = answer.tokens.completion > request.most_tokens;
    let fault = fault.or(too_long.then_some(Fault::CutOff));
    lock(&shared.recorded).push(Recorded {
        purpose: request.purpose(),
        body: json,
        answer: fault
            .is_none_or(|fault| fault == Fault::Unfiltered)
            .then(|| answer.value.clone()),
        fault,
        tokens,
        begun,
        ended: shared.started.elapsed(),
        group,
    });
    match fault {
        Some(Fault::Hangs) => std::future::pending().await,
        fault => response(fault, &answer),
    }
}

impl Fault {
    fn is_before_answer(self) -> bool {
        matches!(
            self,
            Self::Throttled(_) | Self::Broken | Self::PromptFiltered | Self::Hangs
        )
    }
}

fn response(fault: Option<Fault>, answer: &Answer) -> Response {
    let text = answer.value.to_string();
    match fault {
        None => completion(answer, &json!({"role": "assistant", "content": text}), "stop"),
        Some(Fault::Throttled(seconds)) => {
            let mut response = failure(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", &json!({}));
            response.headers_mut().insert("retry-after", seconds.into());
            response
        }
        Some(Fault::Broken | Fault::Hangs) => {
            failure(StatusCode::INTERNAL_SERVER_ERROR, "server_error", &json!({}))
        }
        Some(Fault::PromptFiltered) => {
            let seen = json!({"violence": {"filtered": true, "severity": "medium"}});
            let inner = json!({"code": "ResponsibleAIPolicyViolation", "content_filter_result": seen});
            failure(StatusCode::BAD_REQUEST, "content_filter", &inner)
        }
        Some(Fault::AnswerFiltered) => completion(
            answer,
            &json!({"role": "assistant", "content": half(&text)}),
            "content_filter",
        ),
        Some(Fault::CutOff) => completion(
            answer,
            &json!({"role": "assistant", "content": half(&text)}),
            "length",
        ),
        Some(Fault::Refusal) => completion(
            answer,
            &json!({"role": "assistant", "content": null, "refusal": "I cannot help with that."}),
            "stop",
        ),
        Some(Fault::Malformed) => completion(
            answer,
            &json!({"role": "assistant", "content": half(&text)}),
            "stop",
        ),
        Some(Fault::Unfiltered) => {
            let error = json!({"error": {"code": "content_filter_error", "message": "The contents are not filtered"}});
            choice(
                answer,
                &json!({
                    "index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop",
                    "content_filter_results": error,
                }),
            )
        }
    }
}

fn half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}

fn completion(answer: &Answer, message: &Value, finish: &str) -> Response {
    choice(
        answer,
        &json!({"index": 0, "message": message, "finish_reason": finish}),
    )
}

fn choice(answer: &Answer, choice: &Value) -> Response {
    let tokens = answer.tokens;
    let body = json!({
        "id": "chatcmpl-scripted", "object": "chat.completion", "created": 0, "model": "scripted",
        "choices": [choice],
        "usage": {
            "prompt_tokens": tokens.prompt(), "completion_tokens": tokens.completion,
            "total_tokens": tokens.prompt() + tokens.completion,
        },
    });
    axum::Json(body).into_response()
}

fn failure(status: StatusCode, code: &str, inner: &Value) -> Response {
    let error = json!({"message": "the scripted model was told to fail", "type": code, "code": code, "innererror": inner});
    (status, axum::Json(json!({"error": error}))).into_response()
}

fn count(text: &str, exact: bool) -> u64 {
    let tokens = if exact {
        bpe_openai::o200k_base().count(text)
    } else {
        text.len().div_ceil(4)
    };
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
