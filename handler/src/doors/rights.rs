//! Export and erasure of all that is held about a case, for administrators.
//!
//! `GET /api/drafts/{recipe}/{case}/export` gives one ZIP archive. `DELETE /api/drafts/{recipe}/{case}` with
//! `{"erase": "<the case's reference>"}` erases it everywhere and gives the report, whose SHA-256 stands in the audit log and in
//! the header `x-report-sha256`.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get};
use futures_util::stream;
use serde::Deserialize;

use super::entrance::Visitor;
use super::problem::Problem;
use super::{Doors, results};
use crate::workflow::ExportRefusal;

/// Bytes that are given in one answer: the platform ends a call after some minutes.
const MOST_EXPORTED: u64 = 1_000_000_000;
/// Bytes of a body that names a case.
const MOST_BYTES: usize = 2_000;
/// The seconds after which a busy case may have become free.
const AGAIN: u64 = 30;

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new()
        .route("/drafts/{recipe}/{case}/export", get(export))
        .route("/drafts/{recipe}/{case}", delete(erase))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn export(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let who = visitor.id();
    let export = doors
        .workflow
        .export(&key, who.as_deref(), Some(MOST_EXPORTED))
        .await;
    let export = export.map_err(|refusal| match &refusal {
        ExportRefusal::Nothing => results::no_such_case(),
        ExportRefusal::TooLarge { .. } => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", refusal.to_string())
        }
        ExportRefusal::Workflow(fault) => results::unavailable(fault),
    })?;
    tracing::info!(recipe = %key.recipe, "a case is exported");
    let pieces = stream::unfold(export.pieces, async |mut pieces| {
        pieces.recv().await.map(|piece| (piece, pieces))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"case.zip\""),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    /// The case's reference once more, so that no slip of an address erases anything.
    erase: String,
}

async fn erase(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    Extension(visitor): Extension<Visitor>,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let confirmed = serde_json::from_slice::<Confirmed>(&body);
    if !confirmed.is_ok_and(|confirmed| confirmed.erase == key.case.as_str()) {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "not-confirmed",
            "to erase all that is held about the case, send its reference as JSON: `{\"erase\": \"…\"}`",
        ));
    }
    let who = visitor.id();
    let erased = doors.workflow.erase(&key, who.as_deref()).await;
    let erased = erased.map_err(|fault| results::unavailable(&fault))?;
    let erased = erased.ok_or_else(|| Problem {
        retry_after: Some(AGAIN),
        ..Problem::new(
            StatusCode::CONFLICT,
            "busy",
            "the case is being worked on, and nothing was erased; ask again in a moment",
        )
    })?;
    tracing::info!(recipe = %key.recipe, complete = erased.report.complete, "a case was erased");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (
            HeaderName::from_static("x-report-sha256"),
            erased.sha256.to_string(),
        ),
    ];
    Ok((headers, erased.bytes).into_response())
}
