//! `draft-queued`: a request is due.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use telemetry::Histogram;
use tracing::Instrument as _;

use super::Doors;
use super::answer::{Answer, failed};
use super::envelope::{Invocation, invocation};
use crate::paths;
use crate::workflow::{DraftRequest, Workflow};

/// The answer to a message in a newer form, which is put back; none for any other.
pub(super) async fn newer(workflow: &Workflow, queue: &str, text: &str) -> Option<Response> {
    match workflow.leave_to_newer(queue, text).await {
        Ok(false) => None,
        Ok(true) => Some(Answer::default().into_response()),
        Err(fault) => {
            tracing::error!(%fault, "a message in a newer form could not be put back; the host tries again");
            Some(failed())
        }
    }
}

pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    let span = tracing::info_span!("draft-queued", invocation = invocation(&headers));
    async move {
        let Ok(text) = Invocation::message(&body, "request") else {
            tracing::error!("the host sent no message of the queue `draft-requests`");
            return failed();
        };
        if let Some(answer) = newer(&doors.workflow, paths::REQUESTS, &text).await {
            return answer;
        }
        let Ok(mut request) = serde_json::from_str::<DraftRequest>(&text) else {
            // Fails until the host puts it on the poison queue, where it stays to be looked at.
            tracing::error!("a message on the queue `draft-requests` is no request");
            return failed();
        };
        // A cancellation is meant for what was asked for before it.
        request.left = request.left.or_else(|| Invocation::inserted(&body));
        if let Some(due) = request.due {
            let late = jiff::Timestamp::now().duration_since(due).as_secs_f64().max(0.0);
            telemetry::record(Histogram::QueueDelay, late, &[]);
        }
        match doors.workflow.advance(&request).await {
            Ok(step) => {
                tracing::info!(step = ?step.name(), "a request was seen to");
                Answer::of(&request.key(), step).into_response()
            }
            Err(fault) => {
                tracing::error!(%fault, "a request could not be seen to; the host tries again");
                failed()
            }
        }
    }
    .instrument(span)
    .await
}
