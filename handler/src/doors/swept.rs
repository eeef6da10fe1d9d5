//! `sweep`: the timer has fired. Cases that stand still are taken up, and what no recipe keeps any longer is erased.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use super::Doors;
use super::answer::Answer;
use super::envelope::invocation;

/// Always a success: the host does not try a timer again, and the next turn goes on where this one ended.
pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap) -> Response {
    let span = tracing::info_span!("sweep", invocation = invocation(&headers));
    async move {
        match doors.workflow.sweep().await {
            Ok(Some(swept)) => tracing::info!(
                cases = swept.cases,
                taken_up = swept.taken_up,
                whole = swept.whole,
                "the sweep looked for cases that stand still"
            ),
            Ok(None) => tracing::info!("another sweep is at work"),
            Err(fault) => tracing::warn!(%fault, "the sweep was cut short; the next goes on from there"),
        }
        match doors.workflow.retain(jiff::Timestamp::now()).await {
            Ok(retained) => tracing::info!(?retained, "what is kept no longer was looked for"),
            Err(fault) => tracing::warn!(%fault, "what is kept no longer could not all be erased; the next turn goes on"),
        }
        Answer::default().into_response()
    }
    .instrument(span)
    .await
}
