//! The poison queues: what failed every time ends here, in words, where the case officer looks.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use tracing::Instrument as _;

use super::answer::{Answer, failed};
use super::envelope::{Invocation, invocation};
use super::{Doors, evented, upload};
use crate::paths::{self, CaseKey};
use crate::workflow::{
    Callback, Confirmation, DraftRequest, FailedWork, Failure, PoisonedWork, Workflow, WorkflowFault,
};

/// The pause before a message is looked at again.
const AGAIN: Duration = Duration::from_secs(10);

/// The pause before a message about a case in a newer form is looked at again.
const LATER: Duration = Duration::from_secs(300);

/// The host's message about a blob whose function failed every time.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FailedBlob {
    container_name: String,
    blob_name: String,
}

/// The host tries a blob event five times at once, so that one hiccup of storage can spend them all. Nothing is given
/// up here: a request takes the event's place, whose tries are spread over hours and whose crashes are counted.
pub(super) async fn uploads(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    poisoned(&headers, &body, async |text| {
        let Some(key) = case_of(text) else {
            return refuse(&doors.workflow, text).await;
        };
        tracing::warn!(recipe = %key.recipe, "an upload's event failed every time; a request takes its place");
        doors.workflow.leave(&DraftRequest::new(&key, None), AGAIN).await
    })
    .await
}

/// What a message on a poison queue, or on the one behind it, asked for.
pub(super) fn work(queue: &str, text: &str) -> Option<PoisonedWork> {
    if queue.starts_with(paths::UPLOADS_POISON) {
        return Some(PoisonedWork::Request(DraftRequest::new(&case_of(text)?, None)));
    }
    if queue.starts_with(paths::CONFIRMATIONS) {
        return serde_json::from_str(text).ok().map(PoisonedWork::Confirmation);
    }
    if queue.starts_with(paths::CALLBACKS) {
        return serde_json::from_str(text).ok().map(PoisonedWork::Callback);
    }
    serde_json::from_str(text).ok().map(PoisonedWork::Request)
}

/// An event of Event Grid that failed every time is looked at once more, for the same reason.
pub(super) async fn events(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    poisoned(&headers, &body, async |text| {
        tracing::warn!("an upload's event failed every time; it is looked at once more");
        evented::arrived(&doors.workflow, text).await
    })
    .await
}

fn case_of(text: &str) -> Option<CaseKey> {
    let blob: FailedBlob = serde_json::from_str(text).ok()?;
    let path = format!("{}/{}", blob.container_name, blob.blob_name);
    let (key, _) = upload::ids(&path).ok()?;
    Some(key)
}

pub(super) async fn requests(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    poisoned(&headers, &body, async |text| {
        if doors.workflow.leave_to_newer(paths::REQUESTS, text).await? {
            return Ok(());
        }
        let Ok(request) = serde_json::from_str::<DraftRequest>(text) else {
            return refuse(&doors.workflow, text).await;
        };
        let reason = request
            .failure
            .clone()
            .unwrap_or_else(|| "drafting failed every time".into());
        let failure = Failure {
            key: request.key(),
            reason,
            work: FailedWork::Request(request.newest),
            ticket: request.ticket,
        };
        tell(&doors.workflow, &failure, paths::REQUESTS, text).await
    })
    .await
}

pub(super) async fn confirmations(
    State(doors): State<Arc<Doors>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    poisoned(&headers, &body, async |text| {
        if doors.workflow.leave_to_newer(paths::CONFIRMATIONS, text).await? {
            return Ok(());
        }
        let Ok(confirmation) = serde_json::from_str::<Confirmation>(text) else {
            return refuse(&doors.workflow, text).await;
        };
        let failure = Failure {
            key: confirmation.key(),
            reason: "publishing the results failed every time".into(),
            work: FailedWork::Publication(confirmation.run),
            ticket: None,
        };
        tell(&doors.workflow, &failure, paths::CONFIRMATIONS, text).await
    })
    .await
}

/// A callback that did not arrive: the draft stands, and whoever asked for it does not know.
pub(super) async fn callbacks(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    poisoned(&headers, &body, async |text| {
        if doors.workflow.leave_to_newer(paths::CALLBACKS, text).await? {
            return Ok(());
        }
        let Ok(callback) = serde_json::from_str::<Callback>(text) else {
            return refuse(&doors.workflow, &without_address(text)).await;
        };
        match doors.workflow.keep_undelivered(&callback).await {
            Ok(Some(true)) => {
                let (recipe, tries) = (&callback.recipe, callback.tries);
                tracing::error!(alert = true, %recipe, tries, "a callback could not be delivered");
                crate::measured::called_back(recipe, "failed");
                Ok(())
            }
            Ok(Some(false)) => {
                tracing::warn!("a callback for a case of which nothing is known");
                Ok(())
            }
            Ok(None) => doors.workflow.send(&poison(paths::CALLBACKS), text, AGAIN).await,
            Err(fault) if fault.is_passing() => {
                tracing::warn!(%fault, "what became of a callback could not be written down yet; it comes again");
                doors.workflow.send(&poison(paths::CALLBACKS), text, pause(&fault)).await
            }
            Err(fault) => Err(fault),
        }
    })
    .await
}

/// What is kept of a message that is no callback: its address is somebody's secret.
fn without_address(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(Value::Object(mut message)) => {
            message.remove("address");
            Value::Object(message).to_string()
        }
        _ => format!("a message on the queue `callbacks`, {} bytes", text.len()),
    }
}

/// The pause after a fault that passes. A newer version may take its time to come.
fn pause(fault: &WorkflowFault) -> Duration {
    match fault {
        WorkflowFault::Newer(_) => LATER,
        _ => AGAIN,
    }
}

fn poison(queue: &str) -> String {
    format!("{queue}-poison")
}

/// Nobody knows whose the message is: it is kept where refused uploads are.
async fn refuse(workflow: &Workflow, text: &str) -> Result<(), WorkflowFault> {
    workflow
        .refuse_upload(text, "a message on a poison queue that names no case")
        .await
}

async fn poisoned(
    headers: &HeaderMap,
    body: &[u8],
    see_to: impl AsyncFnOnce(&str) -> Result<(), WorkflowFault>,
) -> Response {
    let span = tracing::info_span!("poisoned", invocation = invocation(headers));
    async move {
        let Ok(text) = Invocation::message(body, "message") else {
            tracing::error!(alert = true, "a poison queue's message cannot be read");
            return failed();
        };
        match see_to(&text).await {
            Ok(()) => Answer::default().into_response(),
            Err(fault) => {
                tracing::error!(alert = true, %fault, "the end of a case could not be written down");
                failed()
            }
        }
    }
    .instrument(span)
    .await
}

async fn tell(workflow: &Workflow, failure: &Failure, queue: &str, text: &str) -> Result<(), WorkflowFault> {
    let Failure { key, reason, .. } = failure;
    let poison = poison(queue);
    match workflow.fail(failure).await {
        Ok(Some(true)) => {
            // The alert rule of the deployment looks for this field.
            tracing::error!(alert = true, recipe = %key.recipe, reason, "a case could not be drafted");
            crate::measured::given_up(&key.recipe);
            Ok(())
        }
        Ok(Some(false)) => {
            tracing::warn!(recipe = %key.recipe, reason, "newer work has overtaken a failure");
            Ok(())
        }
        // What somebody is doing to the case now decides whether it has failed.
        Ok(None) => workflow.send(&poison, text, AGAIN).await,
        Err(fault) if fault.is_passing() => {
            tracing::warn!(%fault, "a failure could not be written down yet; its message comes again");
            workflow.send(&poison, text, pause(&fault)).await
        }
        Err(fault) => Err(fault),
    }
}
