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
use crate::workflow::DraftRequest;

pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    let span = tracing::info_span!("draft-queued", invocation = invocation(&headers));
    async move {
        let request =
            Invocation::message(&body, "request").map(|text| serde_json::from_str::<DraftRequest>(&text));
        let Ok(Ok(mut request)) = request else {
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
