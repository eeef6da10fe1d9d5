//! One request of an exporter: sent by the app's own runtime, whichever thread asks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;
use tokio::time::timeout;
use wire::{Broken, Credential, Stage, Tokens, Url, Wire, is_loopback};

use crate::azure_monitor::AzureMonitor;

/// How long one request may take. A receiver that is slower than this is away.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read.
const MOST_BYTES: usize = 64 * 1024;

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostFault {
    #[error("the request is none")]
    NoRequest(#[from] reqwest::Error),
    #[error("no answer")]
    Broken(#[from] Broken),
    #[error("the app is ending")]
    Ending,
}

impl PostFault {
    fn word(&self) -> &'static str {
        match self {
            Self::Broken(Broken::TimedOut { .. } | Broken::Deadline) => "timeout",
            Self::Broken(Broken::Connection {
                stage: Stage::Connecting,
                ..
            }) => "no-connection",
            Self::NoRequest(_) | Self::Broken(Broken::Connection { .. }) => "no-answer",
            Self::Broken(Broken::Token(_) | Broken::Unsendable) => "no-token",
            Self::Broken(Broken::TooLarge { .. }) => "answer-too-long",
            Self::Ending => "ending",
        }
    }
}

/// Sends what exporters made.
#[derive(Clone)]
pub(crate) struct Post(Arc<Sending>);

struct Sending {
    wire: Wire,
    runtime: Handle,
    /// A token of Azure Monitor; none where nobody signs in.
    credential: Option<Credential>,
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
        let credential = tokens.is_some().then(|| Credential::Entra {
            scope: AzureMonitor::SCOPE.to_owned(),
        });
        Ok(Self(Arc::new(Sending {
            wire: Wire::new(is_loopback(to), PATIENCE, MOST_BYTES, tokens)?,
            runtime: Handle::current(),
            credential,
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
        let request = request.try_into()?;
        let exchange = self.wire.exchange(request, self.credential.as_ref(), false);
        let reply = timeout(PATIENCE, exchange)
            .await
            .unwrap_or(Err(Broken::TimedOut { limit: PATIENCE }))?;
        Ok((reply.status, reply.body.into()))
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
