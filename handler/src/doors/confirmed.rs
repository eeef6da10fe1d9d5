//! `draft-confirmed`: the host was given results to write.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use super::answer::{Answer, failed};
use super::envelope::{Invocation, invocation};
use super::{Doors, queued};
use crate::paths;
use crate::workflow::Confirmation;

pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    let span = tracing::info_span!("draft-confirmed", invocation = invocation(&headers));
    async move {
        let Ok(text) = Invocation::message(&body, "confirmation") else {
            tracing::error!("the host sent no message of the queue `confirmations`");
            return failed();
        };
        if let Some(answer) = queued::newer(&doors.workflow, paths::CONFIRMATIONS, &text).await {
            return answer;
        }
        let Ok(confirmation) = serde_json::from_str::<Confirmation>(&text) else {
            tracing::error!("a message on the queue `confirmations` is no confirmation");
            return failed();
        };
        match doors.workflow.confirm(&confirmation).await {
            Ok(()) => {
                tracing::info!(run = %confirmation.run, "a publication was looked at");
                Answer::default().into_response()
            }
            Err(fault) => {
                tracing::error!(%fault, "a publication could not be looked at; the host tries again");
                failed()
            }
        }
    }
    .instrument(span)
    .await
}
