//! The doors: what the Functions host calls, and what people and flows call through it.
//!
//! Functions with output bindings get the host's JSON envelope at `POST /{function}` and answer in the host's
//! form; the function `results` is proxied raw under `/api/`. Status codes live here and nowhere else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::workflow::Workflow;

mod answer;
mod approval;
mod call_back;
mod cancel;
mod confirmed;
#[cfg(test)]
mod described;
mod edit;
mod entrance;
mod envelope;
mod evented;
mod health;
mod incident;
mod links;
mod order;
mod poisoned;
mod problem;
mod queued;
mod replay;
mod request;
mod results;
mod rights;
mod seen;
mod swept;
mod table;
mod upload;
mod wanted;
mod withdrawal;

pub use entrance::{Entrance, Visitor};
pub use envelope::{BlobEvent, EnvelopeFault, HttpCall, Invocation};
pub use incident::{Denial, Incident, What};

/// The host sends a blob's whole content with its event, in base64; an HTTP body may have 100 MB.
const MOST_BODY_BYTES: usize = 400_000_000;

/// What answers from the first moment on: the host asks `/` every 25 ms until anything answers, while recipes are
/// still being read. Any other call waits until the doors are there.
pub fn front(doors: watch::Receiver<Option<Router>>) -> Router {
    Router::new()
        .route("/", get(|| async { "Golden Thread" }))
        .fallback(move |request| through(doors.clone(), request))
}

async fn through(mut doors: watch::Receiver<Option<Router>>, request: Request) -> Response {
    let opened = doors.wait_for(Option::is_some).await.map(|doors| doors.clone());
    match opened {
        Ok(Some(doors)) => doors.oneshot(request).await.into_response(),
        // The app is ending because its recipes or its account cannot be used.
        Ok(None) | Err(_) => problem::Problem::passing().into_response(),
    }
}

/// Where the host proxies raw calls to: `routePrefix` in `host.json`.
const PREFIX: &str = "/api";

/// What every door is given.
pub struct Doors {
    workflow: Arc<Workflow>,
    entrance: Entrance,
    public_base_url: Option<String>,
}

impl Doors {
    /// Doors over a workflow, behind an entrance.
    #[must_use]
    pub fn new(workflow: Arc<Workflow>, entrance: Entrance, public_base_url: Option<String>) -> Self {
        Self {
            workflow,
            entrance,
            public_base_url,
        }
    }

    /// The routes of the app.
    pub fn router(self) -> Router {
        let doors = Arc::new(self);
        let guard = middleware::from_fn_with_state(Arc::clone(&doors), entrance::guard);
        Router::new()
            .route("/draft-on-upload", post(upload::door))
            .route("/draft-on-event", post(evented::door))
            .route("/draft-on-request", post(request::door))
            .route("/draft-queued", post(queued::door))
            .route("/draft-confirmed", post(confirmed::door))
            .route("/call-back", post(call_back::door))
            .route("/poisoned-uploads", post(poisoned::uploads))
            .route("/poisoned-events", post(poisoned::events))
            .route("/poisoned-requests", post(poisoned::requests))
            .route("/poisoned-confirmations", post(poisoned::confirmations))
            .route("/poisoned-callbacks", post(poisoned::callbacks))
            .route("/sweep", post(swept::door))
            .nest(
                PREFIX,
                results::router()
                    .route_layer(guard)
                    .layer(middleware::map_response(problem::in_own_words)),
            )
            .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
            .layer(middleware::from_fn(seen::seen))
            .with_state(doors)
    }
}
