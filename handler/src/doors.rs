//! The doors: what the Functions host calls, and what people and flows call through it.
//!
//! Functions with output bindings get the host's JSON envelope at `POST /{function}` and answer in the host's
//! form; the function `results` is proxied raw under `/api/`. Status codes live here and nowhere else.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::workflow::Workflow;

mod answer;
mod confirmed;
mod envelope;
mod links;
mod poisoned;
mod problem;
mod queued;
mod request;
mod results;
mod upload;

pub use envelope::{BlobEvent, EnvelopeFault, HttpCall, Invocation};

/// The host sends a blob's whole content with its event, in base64; an HTTP body may have 100 MB.
const MOST_BODY_BYTES: usize = 400_000_000;

/// What every door is given.
pub struct Doors {
    workflow: Arc<Workflow>,
    public_base_url: Option<String>,
}

impl Doors {
    /// Doors over a workflow.
    #[must_use]
    pub fn new(workflow: Arc<Workflow>, public_base_url: Option<String>) -> Self {
        Self { workflow, public_base_url }
    }

    /// The routes of the app.
    #[must_use]
    pub fn router(self) -> Router {
        Router::new()
            // The host asks this until anything answers.
            .route("/", get(|| async { "Golden Thread" }))
            .route("/draft-on-upload", post(upload::door))
            .route("/draft-on-request", post(request::door))
            .route("/draft-queued", post(queued::door))
            .route("/draft-confirmed", post(confirmed::door))
            .route("/poisoned-uploads", post(poisoned::uploads))
            .route("/poisoned-requests", post(poisoned::requests))
            .route("/poisoned-confirmations", post(poisoned::confirmations))
            .nest("/api", results::router())
            .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
            .with_state(Arc::new(self))
    }
}
