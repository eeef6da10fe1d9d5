//! `call-back`: somebody asked to be called when a draft has ended. What they are told holds no word of the case.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tracing::Instrument as _;

use super::answer::{Answer, failed};
use super::envelope::{Invocation, invocation};
use super::problem::Problem;
use super::{Doors, links, queued};
use crate::paths;
use crate::workflow::{Callback, State as Standing, Status, WorkflowFault};

pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    let span = tracing::info_span!("call-back", invocation = invocation(&headers));
    async move {
        let Ok(text) = Invocation::message(&body, "callback") else {
            tracing::error!("the host sent no message of the queue `callbacks`");
            return failed();
        };
        if let Some(answer) = queued::newer(&doors.workflow, paths::CALLBACKS, &text).await {
            return answer;
        }
        let Ok(callback) = serde_json::from_str::<Callback>(&text) else {
            tracing::error!("a message on the queue `callbacks` is no callback");
            return failed();
        };
        match seen_to(&doors, &callback).await {
            Ok(()) => Answer::default().into_response(),
            Err(fault) => {
                tracing::error!(%fault, "a callback could not be seen to; the host tries again");
                failed()
            }
        }
    }
    .instrument(span)
    .await
}

async fn seen_to(doors: &Doors, callback: &Callback) -> Result<(), WorkflowFault> {
    let Some(status) = doors.workflow.callback_due(callback).await? else {
        return Ok(());
    };
    let notice = notice(doors, callback, &status);
    doors.workflow.call_back(callback, notice.to_string()).await
}

/// The status in words and numbers of this program. Reasons can quote names of files, and are left out.
fn notice(doors: &Doors, callback: &Callback, status: &Status) -> Value {
    let (state, outcome) = match &status.state {
        Standing::Received => ("received", None),
        Standing::Waiting { .. } => ("waiting", None),
        Standing::Running => ("running", None),
        Standing::Publishing { outcome } => ("publishing", Some(outcome)),
        Standing::Published { outcome } => ("published", Some(outcome)),
        Standing::Cancelled { .. } => ("cancelled", None),
        Standing::Failed { .. } => ("failed", None),
    };
    let code = match &status.state {
        Standing::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        Standing::Cancelled { .. } => StatusCode::CONFLICT,
        _ => outcome
            .and_then(Problem::of)
            .map_or(StatusCode::OK, |problem| problem.status),
    };
    let word = outcome.and_then(|outcome| Some(serde_json::to_value(outcome).ok()?.get("state")?.clone()));
    let mut notice = json!({
        "recipe": callback.recipe, "case": callback.case, "delivery": callback.delivery.as_str(),
        "state": state, "status": code.as_u16(), "run": status.published,
    });
    if let Some(object) = notice.as_object_mut() {
        object.extend(word.map(|word| ("outcome".to_owned(), word)));
        // An address of a request is only ever sent back to who sent it: here the setting alone counts.
        let base = doors.public_base_url.as_deref();
        object.extend(base.map(|base| ("links".to_owned(), links::all(base, &callback.key()))));
    }
    notice
}
