//! A collector and an Application Insights that keep what they are sent.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::any;

/// One request as it came.
#[derive(Clone)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A receiver on this machine.
pub struct Receiver {
    pub base: String,
    received: Arc<Mutex<Vec<Received>>>,
}

#[derive(Clone)]
struct Kept {
    received: Arc<Mutex<Vec<Received>>>,
    /// The first requests are answered with this.
    first: Arc<Mutex<Vec<StatusCode>>>,
}

async fn keep(State(kept): State<Kept>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let answer = kept.first.lock().unwrap().pop().unwrap_or(StatusCode::OK);
    if answer.is_success() {
        kept.received.lock().unwrap().push(Received {
            path: parts.uri.path().to_owned(),
            headers: parts.headers,
            body,
        });
    }
    answer
}

impl Receiver {
    /// A receiver that answers the first requests with these.
    pub async fn start(first: &[StatusCode]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let kept = Kept {
            received: Arc::default(),
            first: Arc::new(Mutex::new(first.to_vec())),
        };
        let received = Arc::clone(&kept.received);
        let router = Router::new().fallback(any(keep)).with_state(kept);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, received }
    }

    /// What came to a path.
    pub fn received(&self, path: &str) -> Vec<Received> {
        let received = self.received.lock().unwrap();
        received.iter().filter(|one| one.path == path).cloned().collect()
    }
}
