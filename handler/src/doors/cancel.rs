//! `DELETE /api/drafts/{recipe}/{case}/run`: the draft that runs or waits is stopped, on whichever instance that is.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::delete;

use super::entrance::Visitor;
use super::problem::Problem;
use super::{Doors, results};
use crate::workflow::CancelFault;

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new().route("/drafts/{recipe}/{case}/run", delete(cancel))
}

async fn cancel(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let cancelled = doors.workflow.cancel(&key, visitor.id().as_deref()).await;
    let status = cancelled.map_err(|fault| problem(&fault))?;
    tracing::info!(recipe = %key.recipe, "a draft was cancelled");
    Ok(results::told(&key, &status, &results::base(&doors, &headers)))
}

fn problem(fault: &CancelFault) -> Problem {
    match fault {
        CancelFault::Workflow(fault) => results::unavailable(fault),
        CancelFault::NoSuchCase => results::no_such_case(),
        CancelFault::NothingToCancel => {
            Problem::new(StatusCode::CONFLICT, "nothing-to-cancel", fault.to_string())
        }
    }
}
