//! Approving, and what was approved.
//!
//! `POST /api/drafts/{recipe}/{case}/approvals` with `{"run": "…"}`, `{"edit": "…"}` or `{"version": 2}`, and always `sha256` of
//! the file that was looked at, and `by`; 201 with the version. `GET` lists the versions;
//! `GET /api/drafts/{recipe}/{case}/plan.docx` is the newest, `…/approvals/{version}/plan.docx` any.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use drafting::hash::Digest;
use drafting::id::{EditId, RunId};
use serde::Deserialize;
use serde_json::json;

use super::Doors;
use super::entrance::Visitor;
use super::problem::Problem;
use super::results::{self, Served};
use crate::paths::{Artifact, CaseKey};
use crate::workflow::{Approval, ApprovalRefusal, Approved};

/// The seconds after which a busy case may have become free.
const AGAIN: u64 = 5;
/// The most characters of a name.
const LONGEST_NAME: usize = 200;

/// Bytes of a body that names a document.
const MOST_BYTES: usize = 16_000;

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new()
        .route("/drafts/{recipe}/{case}/approvals", get(list).post(approve))
        .route(
            "/drafts/{recipe}/{case}/approvals/{version}/plan.docx",
            get(version),
        )
        .route("/drafts/{recipe}/{case}/plan.docx", get(plan))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(default)]
    run: Option<RunId>,
    #[serde(default)]
    edit: Option<EditId>,
    #[serde(default)]
    version: Option<u32>,
    sha256: Digest,
    /// Who approves; where callers are known it is the caller, whatever stands here.
    #[serde(default)]
    by: String,
    #[serde(default)]
    accepts_critical: bool,
}

impl Order {
    fn what(&self) -> Option<Approved> {
        match (&self.run, &self.edit, self.version) {
            (Some(run), None, None) => Some(Approved::Run(run.clone())),
            (None, Some(edit), None) => Some(Approved::Edit(edit.clone())),
            (None, None, Some(version)) => Some(Approved::Version(version)),
            _ => None,
        }
    }
}

async fn approve(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    Extension(visitor): Extension<Visitor>,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let bad = |detail: &'static str| Problem::new(StatusCode::BAD_REQUEST, "body", detail);
    let order: Order = serde_json::from_slice(&body).map_err(|_| {
        bad("the body must be JSON with `run`, `edit` or `version`, the `sha256` of the file that was looked at, and `by`")
    })?;
    let what = order
        .what()
        .ok_or_else(|| bad("give one of `run`, `edit` and `version`"))?;
    let known = visitor.id();
    let by = known.as_deref().unwrap_or(order.by.trim());
    if by.is_empty() || by.chars().count() > LONGEST_NAME || by.chars().any(char::is_control) {
        return Err(bad("`by` must name who approves, in at most 200 characters"));
    }
    let approval = Approval {
        what,
        sha256: order.sha256,
        by: by.to_owned(),
        accepts_critical: order.accepts_critical,
    };
    let version = doors.workflow.approve(&key, &approval).await;
    let version = version.map_err(|refusal| problem(&refusal))?;
    tracing::info!(version = version.version, "a document was approved");
    Ok((StatusCode::CREATED, Json(json!(version))).into_response())
}

async fn list(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let versions = doors.workflow.versions(&key).await;
    let versions = versions.map_err(|fault| results::unavailable(&fault))?;
    Ok(Json(json!({ "recipe": key.recipe, "case": key.case, "versions": versions })).into_response())
}

async fn plan(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    given(&doors, &key, None).await
}

async fn version(
    State(doors): State<Arc<Doors>>,
    // Not a number in the type: the framework's refusal of another would quote it.
    Path((recipe, case, version)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let version = version.parse().map_err(|_| not_approved())?;
    given(&doors, &key, Some(version)).await
}

fn not_approved() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not-approved",
        "no such version of this case's plan was approved",
    )
}

async fn given(doors: &Doors, key: &CaseKey, version: Option<u32>) -> Result<Response, Problem> {
    let bytes = doors.workflow.plan(key, version).await;
    let bytes = bytes.map_err(|fault| results::unavailable(&fault))?;
    let bytes = bytes.ok_or_else(not_approved)?;
    let digest = Digest::of(&bytes);
    let served = Served {
        content_type: Artifact::Draft.content_type(),
        disposition: "attachment",
        name: "plan.docx",
        tag: digest.short(32),
    };
    Ok(served.with(bytes))
}

fn problem(refusal: &ApprovalRefusal) -> Problem {
    let (status, code) = match refusal {
        ApprovalRefusal::NotThere => (StatusCode::NOT_FOUND, "nothing-to-approve"),
        ApprovalRefusal::NoDraft | ApprovalRefusal::Unchecked | ApprovalRefusal::TooMany => {
            (StatusCode::CONFLICT, "not-approvable")
        }
        ApprovalRefusal::Other => (StatusCode::CONFLICT, "other-bytes"),
        ApprovalRefusal::Critical(_) => (StatusCode::CONFLICT, "critical-findings"),
        ApprovalRefusal::Busy => {
            return Problem {
                retry_after: Some(AGAIN),
                ..Problem::new(StatusCode::CONFLICT, "busy", refusal.to_string())
            };
        }
        ApprovalRefusal::Workflow(fault) => return results::unavailable(fault),
    };
    Problem::new(status, code, refusal.to_string())
}
