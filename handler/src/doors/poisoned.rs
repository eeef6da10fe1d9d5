//! The poison queues: what failed every time ends here, in words, where the case officer looks.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use drafting::id::{CaseId, RecipeId};
use serde::Deserialize;
use tracing::Instrument as _;

use super::Doors;
use super::answer::{Answer, failed};
use super::envelope::{Invocation, invocation};
use crate::paths::{self, CaseKey};
use crate::workflow::{Confirmation, DraftRequest, Workflow, WorkflowFault};

/// The host's message about a blob whose function failed every time.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FailedBlob {
    container_name: String,
    blob_name: String,
}

pub(super) async fn uploads(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    poisoned(&doors, &headers, &body, |text| {
        let blob: FailedBlob = serde_json::from_str(text).ok()?;
        if blob.container_name != paths::SOURCES {
            return None;
        }
        let mut parts = blob.blob_name.split('/');
        let recipe = RecipeId::parse(parts.next()?).ok()?;
        let case = CaseId::parse(parts.next()?).ok()?;
        Some((
            CaseKey { recipe, case },
            "taking in an upload failed every time".to_owned(),
        ))
    })
    .await
}

pub(super) async fn requests(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    poisoned(&doors, &headers, &body, |text| {
        let request: DraftRequest = serde_json::from_str(text).ok()?;
        let reason = request
            .failure
            .clone()
            .unwrap_or_else(|| "drafting failed every time".into());
        Some((request.key(), reason))
    })
    .await
}

pub(super) async fn confirmations(
    State(doors): State<Arc<Doors>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    poisoned(&doors, &headers, &body, |text| {
        let confirmation: Confirmation = serde_json::from_str(text).ok()?;
        Some((
            confirmation.key(),
            "publishing the results failed every time".into(),
        ))
    })
    .await
}

async fn poisoned(
    doors: &Doors,
    headers: &HeaderMap,
    body: &[u8],
    read: impl Fn(&str) -> Option<(CaseKey, String)>,
) -> Response {
    let span = tracing::info_span!("poisoned", invocation = invocation(headers));
    async move {
        let Ok(text) = Invocation::message(body, "message") else {
            tracing::error!(alert = true, "a poison queue's message cannot be read");
            return failed();
        };
        let told = match read(&text) {
            Some((key, reason)) => tell(&doors.workflow, &key, &reason).await,
            // Nobody knows whose it is: it is kept where refused uploads are.
            None => {
                doors
                    .workflow
                    .refuse_upload(&text, "a message on a poison queue that names no case")
                    .await
            }
        };
        match told {
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

async fn tell(workflow: &Workflow, key: &CaseKey, reason: &str) -> Result<(), WorkflowFault> {
    // The alert rule of the deployment looks for this field.
    tracing::error!(alert = true, recipe = %key.recipe, reason, "a case could not be drafted");
    workflow.fail(key, reason).await
}
