//! A content safety service of this machine that answers what it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use screening::{Address, ContentSafety, Credential, Settings, Timing};
use serde_json::{Value, json};
use wire::Secret;

/// What the service got.
#[derive(Clone, Debug)]
pub struct Got {
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Value,
}

/// One answer.
#[derive(Clone)]
pub struct Says {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub delay: Duration,
}

impl Says {
    pub fn body(status: u16, body: &impl ToString) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_string(),
            delay: Duration::ZERO,
        }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// Ratings as the service writes them, in its own order.
pub fn rated(hate: u8, self_harm: u8, sexual: u8, violence: u8) -> Says {
    let one = |category: &str, severity: u8| json!({ "category": category, "severity": severity });
    Says::body(
        200,
        &json!({ "blocklistsMatch": [], "categoriesAnalysis": [
            one("Violence", violence), one("Hate", hate), one("SelfHarm", self_harm), one("Sexual", sexual),
        ]}),
    )
}

type Answering = dyn Fn(&Value) -> Says + Send + Sync;

pub struct Fake {
    pub base: String,
    got: Arc<Mutex<Vec<Got>>>,
}

struct Shared {
    first: Mutex<VecDeque<Says>>,
    then: Box<Answering>,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Fake {
    /// Gives `first` in order, then whatever `then` makes of the body.
    pub async fn start(first: Vec<Says>, then: impl Fn(&Value) -> Says + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::new(Shared {
            first: Mutex::new(first.into()),
            then: Box::new(then),
            got: Arc::clone(&got),
        });
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, got }
    }

    /// One that gives these answers and then rates everything as harmless.
    pub async fn saying(first: Vec<Says>) -> Self {
        Self::start(first, |_| rated(0, 0, 0, 0)).await
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub fn settings(&self) -> Settings {
        let key = Credential::Key(Secret::new("zqkey"));
        let mut settings = Settings::new(Address::parse(&self.base).unwrap(), key);
        settings.timing = Timing {
            attempt: Duration::from_millis(400),
            attempts: 3,
            first_pause: Duration::from_millis(5),
            longest_pause: Duration::from_millis(20),
        };
        settings
    }

    pub fn client(&self) -> ContentSafety {
        ContentSafety::new(self.settings(), None).unwrap()
    }
}

pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    shared.got.lock().unwrap().push(Got {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.clone(),
    });
    let first = shared.first.lock().unwrap().pop_front();
    let says = first.unwrap_or_else(|| (shared.then)(&body));
    tokio::time::sleep(says.delay).await;
    let mut response = (StatusCode::from_u16(says.status).unwrap(), says.body).into_response();
    for (name, value) in says.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}
