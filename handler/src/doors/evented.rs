//! `draft-on-event`: a document has arrived, told by Event Grid through a storage queue.
//!
//! Event Grid cannot call an app behind a private endpoint, so that there the blob trigger of `draft-on-upload` stays silent. The
//! names of a case's results cannot be bound to a message of Event Grid, whose form is its own: this door leaves a request, and
//! `draft-queued` drafts.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tracing::Instrument as _;

use super::answer::{Answer, failed};
use super::envelope::{Invocation, invocation};
use super::{Doors, upload};
use crate::workflow::{DraftRequest, Workflow, WorkflowFault};

/// What is read of an event, in the schema of Event Grid.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlobCreated {
    event_type: String,
    subject: String,
}

pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    let span = tracing::info_span!("draft-on-event", invocation = invocation(&headers));
    async move {
        let Ok(text) = Invocation::message(&body, "event") else {
            tracing::error!("the host sent something else than a message");
            return failed();
        };
        match arrived(&doors.workflow, &text).await {
            Ok(()) => Answer::default().into_response(),
            Err(fault) => {
                tracing::error!(%fault, "an event could not be taken; the host tries again");
                failed()
            }
        }
    }
    .instrument(span)
    .await
}

/// Leaves a request for the case whose document the event tells of; a note, where there is none.
pub(super) async fn arrived(workflow: &Workflow, text: &str) -> Result<(), WorkflowFault> {
    let Some(blob) = blob(text) else {
        tracing::warn!("a message on the queue of events tells of no document");
        return workflow
            .refuse_upload(text, "a message on the queue of events that tells of no document")
            .await;
    };
    let (key, name) = match upload::ids(&blob) {
        Ok(ids) => ids,
        Err(reason) => {
            tracing::warn!(reason, "an upload belongs to no case");
            return workflow.refuse_upload(&blob, reason).await;
        }
    };
    if workflow.shelf().get(&key.recipe).is_none() {
        tracing::warn!("an upload for a recipe that is not here");
        return workflow
            .refuse_upload(&blob, "there is no recipe of that name")
            .await;
    }
    workflow.received(&key, 1, None).await;
    let newest = match workflow.state(&key).await {
        // The newest upload has an event of its own.
        Ok(state) if state.outdates(&name) => return Ok(()),
        Ok(state) => state.newest,
        // Storage cannot be looked at: whatever is newest then is drafted.
        Err(fault) => {
            tracing::warn!(%fault, "the case cannot be looked at; a request is left");
            None
        }
    };
    workflow
        .leave(&DraftRequest::new(&key, newest), Duration::ZERO)
        .await
}

/// `container/name` of the blob that an event tells of.
fn blob(text: &str) -> Option<String> {
    let event: BlobCreated = serde_json::from_str(text).ok()?;
    if event.event_type != "Microsoft.Storage.BlobCreated" {
        return None;
    }
    let rest = event.subject.strip_prefix("/blobServices/default/containers/")?;
    let (container, name) = rest.split_once("/blobs/")?;
    Some(format!("{container}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blob_is_read_from_the_subject_of_a_creation() {
        let check = |kind: &str, subject: &str, expected: Option<&str>| {
            let event =
                serde_json::json!({ "eventType": kind, "subject": subject, "data": { "url": "x" }, "id": 1 });
            assert_eq!(blob(&event.to_string()).as_deref(), expected, "{subject}");
        };
        let created = "Microsoft.Storage.BlobCreated";
        let subject = "/blobServices/default/containers/sources/blobs/ehcp/c1/Appendix A.pdf";
        check(created, subject, Some("sources/ehcp/c1/Appendix A.pdf"));
        // A document may be named so.
        let odd = "/blobServices/default/containers/sources/blobs/ehcp/c1/blobs/x.pdf";
        check(created, odd, Some("sources/ehcp/c1/blobs/x.pdf"));
        check("Microsoft.Storage.BlobDeleted", subject, None);
        check(created, "/blobServices/default/containers/sources", None);
        check(created, "sources/blobs/ehcp/c1/x.pdf", None);
        assert_eq!(blob("[]"), None);
        assert_eq!(blob("{}"), None);
    }
}
