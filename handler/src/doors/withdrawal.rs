//! `DELETE /api/drafts/{recipe}/{case}/sources/{document}`: a document is withdrawn, and the case drafted without it.
//!
//! The body is JSON, and may be absent: `{ "reason": "..." }`. The reason stands in `case.json`, record and report; it is
//! never taken from the address, which logs keep.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::delete;
use drafting::id::SourceName;
use serde::Deserialize;
use serde_json::json;

use super::entrance::Visitor;
use super::problem::Problem;
use super::{Doors, links, results};
use crate::workflow::WithdrawalFault;

/// Bytes of a body that holds one reason.
const MOST_BYTES: usize = 16_000;
/// Characters of a reason.
const MOST_REASON: usize = 1_000;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(default)]
    reason: Option<String>,
}

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new()
        .route("/drafts/{recipe}/{case}/sources/{document}", delete(withdraw))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn withdraw(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case, document)): Path<(String, String, String)>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let name = SourceName::parse(&document)
        .map_err(|fault| Problem::new(StatusCode::BAD_REQUEST, "document-name", fault.to_string()))?;
    let reason = order(&body)?.reason.map(|reason| reason.trim().to_owned());
    let reason = reason.filter(|reason| !reason.is_empty());
    if reason
        .as_ref()
        .is_some_and(|reason| reason.chars().count() > MOST_REASON)
    {
        let detail = format!("a reason has at most {MOST_REASON} characters");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "body", detail));
    }
    let who = visitor.id();
    let withdrawn = doors.workflow.withdraw(&key, &name, reason, who.as_deref()).await;
    withdrawn.map_err(|fault| problem(&fault))?;
    tracing::info!(recipe = %key.recipe, "a document was withdrawn");
    let base = results::base(&doors, &headers);
    let status = links::status(&base, &key);
    let answer = json!({
        "recipe": key.recipe, "case": key.case, "state": "accepted", "links": links::all(&base, &key),
    });
    Ok(([(header::LOCATION, status)], results::running(answer)).into_response())
}

fn order(body: &[u8]) -> Result<Order, Problem> {
    if body.trim_ascii().is_empty() {
        return Ok(Order::default());
    }
    serde_json::from_slice(body).map_err(|fault| {
        let detail = format!(
            "the body is no withdrawal (line {}, column {}): it may have `reason`",
            fault.line(),
            fault.column()
        );
        Problem::new(StatusCode::BAD_REQUEST, "body", detail)
    })
}

fn problem(fault: &WithdrawalFault) -> Problem {
    let (status, code) = match fault {
        WithdrawalFault::Workflow(fault) => return results::unavailable(fault),
        WithdrawalFault::Manifest => (StatusCode::BAD_REQUEST, "document-name"),
        WithdrawalFault::Unreadable(_) => (StatusCode::CONFLICT, "manifest"),
        WithdrawalFault::NotThere => (StatusCode::NOT_FOUND, "no-such-document"),
    };
    Problem::new(status, code, fault.to_string())
}
