//! One request of an exporter: sent by the app's own runtime, whichever thread asks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Url, redirect};
use tokio::runtime::Handle;

pub(crate) fn is_loopback(address: &Url) -> bool {
    let host = address.host_str().unwrap_or("");
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// How long one request may take. A receiver that is slower than this is away.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read.
const MOST_BYTES: usize = 64 * 1024;

/// Whoever gives access tokens for Azure Monitor.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// A token that is valid now, if there is one. It is asked for each request, so the implementation caches.
    async fn token(&self) -> Option<String>;
}

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostFault {
    #[error("no answer")]
    Away(#[from] reqwest::Error),
    #[error("no token")]
    NoToken,
    #[error("the answer is too long")]
    TooLong,
    #[error("the app is ending")]
    Ending,
}

impl PostFault {
    fn word(&self) -> &'static str {
        match self {
            Self::Away(fault) if fault.is_timeout() => "timeout",
            Self::Away(fault) if fault.is_connect() => "no-connection",
            Self::Away(_) => "no-answer",
            Self::NoToken => "no-token",
            Self::TooLong => "answer-too-long",
            Self::Ending => "ending",
        }
    }
}

/// Sends what exporters made.
#[derive(Clone)]
pub(crate) struct Post(Arc<Sending>);

struct Sending {
    client: Client,
    runtime: Handle,
    tokens: Option<Arc<dyn Tokens>>,
    /// Whether the last request failed: only a change is logged.
    failing: AtomicBool,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Post(..)")
    }
}

impl Post {
    pub(crate) fn new(to: &Url, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, reqwest::Error> {
        let mut client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .referer(false)
            .user_agent(concat!("golden-thread/", env!("CARGO_PKG_VERSION")));
        if is_loopback(to) {
            client = client.no_proxy();
        }
        Ok(Self(Arc::new(Sending {
            client: client.build()?,
            runtime: Handle::current(),
            tokens,
            failing: AtomicBool::new(false),
        })))
    }

    /// Sends a request and reads the answer; gives its status and body.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<(u16, Bytes), PostFault> {
        let sending = Arc::clone(&self.0);
        // Whoever exports does so on a plain thread, and the client needs the runtime.
        let answer = self
            .0
            .runtime
            .spawn(async move { sending.exchanged(request).await });
        let answer = answer.await.unwrap_or(Err(PostFault::Ending));
        self.0.note(&answer);
        answer
    }
}

impl Sending {
    async fn exchanged(&self, request: Request<Bytes>) -> Result<(u16, Bytes), PostFault> {
        let mut request = reqwest::Request::try_from(request)?;
        if let Some(tokens) = &self.tokens {
            let token = tokens.token().await.ok_or(PostFault::NoToken)?;
            let value = HeaderValue::try_from(format!("Bearer {token}"));
            let mut value = value.map_err(|_| PostFault::NoToken)?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let mut response = self.client.execute(request).await?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await? {
            if body.len() + piece.len() > MOST_BYTES {
                return Err(PostFault::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        Ok((response.status().as_u16(), body.into()))
    }

    /// Logs when telemetry begins to get lost, and when it does no more. Nothing of the answer is logged but its status.
    fn note(&self, answer: &Result<(u16, Bytes), PostFault>) {
        let why = match answer {
            Ok((status, _)) if *status < 300 => None,
            Ok(_) => Some("refused"),
            Err(fault) => Some(fault.word()),
        };
        let status = answer.as_ref().ok().map(|(status, _)| *status);
        match (why, self.failing.swap(why.is_some(), Ordering::Relaxed)) {
            (Some(why), false) => tracing::warn!(why, status, "telemetry cannot be delivered and gets lost"),
            (None, true) => tracing::warn!("telemetry is delivered again"),
            (Some(_), true) | (None, false) => {}
        }
    }
}

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (status, body) = self.send(request).await?;
        Ok(Response::builder().status(status).body(body)?)
    }
}
