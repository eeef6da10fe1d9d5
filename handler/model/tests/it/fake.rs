//! A chat completions service on this machine that says what a test tells it to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use drafting::prompt::{Prompt, Purpose, Tier};
use model::openai::{BaseUrl, Credential, Deployment, OpenAi, Settings, Timing};
use model::{Completion, Fault, LanguageModel, Secret};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A request as it came.
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
    pub at: Instant,
}

/// What to answer.
#[derive(Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub delay: Duration,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            ..Self::default()
        }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string())
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// The service; it ends with the test's runtime.
pub struct Fake {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// `script` gets the number of the request, from 0.
    pub async fn start(script: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (record, script) = (Arc::clone(&seen), Arc::new(script));
        let app = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let (record, script) = (Arc::clone(&record), Arc::clone(&script));
            async move {
                let number = {
                    let mut record = record.lock().unwrap();
                    let body = serde_json::from_slice(&body).unwrap();
                    record.push(Seen {
                        path: uri.to_string(),
                        headers,
                        body,
                        at: Instant::now(),
                    });
                    record.len() - 1
                };
                answer(script(number)).await
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, seen }
    }

    /// One reply to everything.
    pub async fn always(reply: Reply) -> Self {
        Self::start(move |_| reply.clone()).await
    }

    /// These replies, the last one for ever.
    pub async fn sequence(replies: Vec<Reply>) -> Self {
        Self::start(move |number| replies[number.min(replies.len() - 1)].clone()).await
    }

    pub fn base(&self) -> BaseUrl {
        base_of(self.address)
    }

    pub fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap()
    }

    /// A client with a key and times for tests.
    pub fn client(&self) -> OpenAi {
        OpenAi::new(
            settings(&self.base(), &Credential::ApiKey(Secret::new("k"))),
            None,
        )
        .unwrap()
    }

    pub async fn complete(&self) -> Result<Completion, Fault> {
        self.client().complete(&prompt(), soon()).await
    }
}

async fn answer(reply: Reply) -> impl IntoResponse {
    tokio::time::sleep(reply.delay).await;
    let headers = reply
        .headers
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    (
        StatusCode::from_u16(reply.status).unwrap(),
        headers.collect::<HeaderMap>(),
        reply.body,
    )
}

/// A server that reads a request, sends `bytes` as they are, and hangs up; every time.
pub async fn raw(bytes: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut read = vec![0; 65536];
            if socket.read(&mut read).await.is_ok() && socket.write_all(&bytes).await.is_ok() {
                socket.shutdown().await.unwrap_or(());
            }
        }
    });
    address
}

pub fn base_of(address: SocketAddr) -> BaseUrl {
    BaseUrl::parse(&format!("http://{address}/openai/v1/")).unwrap()
}

pub fn settings(base: &BaseUrl, credential: &Credential) -> Settings {
    let deployment = |name: &str| Deployment::new(base.clone(), credential.clone(), name, "gpt-4.1");
    let mut settings = Settings::new(deployment("better"), deployment("quicker"), deployment("other"));
    settings.timing = Timing {
        attempt: Duration::from_secs(10),
        attempts: 3,
        first_pause: Duration::from_millis(4),
        longest_pause: Duration::from_millis(10),
    };
    settings
}

pub fn schema() -> Value {
    json!({"type": "object", "additionalProperties": false, "required": ["text", "source_ids"],
        "properties": {"text": {"type": "string"}, "source_ids": {"type": "array", "items": {"type": "string"}}}})
}

pub fn prompt() -> Prompt {
    Prompt {
        purpose: Purpose::Write,
        tier: Tier::Heavy,
        instructions: "Use only the numbered sources.".to_owned(),
        material: "S1: Bo reads. MARKER-PROMPT".to_owned(),
        schema_name: "section",
        schema: schema(),
        most_tokens: 1500,
    }
}

pub fn fitting() -> Value {
    json!({"text": "Bo reads.", "source_ids": ["S1"]})
}

/// A success as Azure writes it, with this content.
pub fn success(content: &Value) -> Value {
    json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1_763_760_000, "model": "gpt-4.1-2025-04-14",
     "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {
       "hate": {"filtered": false, "severity": "safe"}, "self_harm": {"filtered": false, "severity": "low"},
       "jailbreak": {"detected": false, "filtered": false}}}],
     "choices": [{"index": 0, "finish_reason": "stop",
       "message": {"role": "assistant", "content": content, "refusal": null},
       "content_filter_results": {"hate": {"filtered": false, "severity": "safe"},
         "protected_material_text": {"detected": false, "filtered": false}}}],
     "usage": {"prompt_tokens": 412, "completion_tokens": 96, "total_tokens": 508,
       "prompt_tokens_details": {"cached_tokens": 256}}})
}

pub fn good() -> Reply {
    Reply::json(200, &success(&Value::String(fitting().to_string())))
}

pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}
