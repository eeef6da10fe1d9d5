//! `POST /api/drafts/{recipe}/{case}/replay` and `POST /api/replays/{recipe}`: what failed is done again.
//!
//! Both leave requests and may be repeated. The second takes `?after=` from the `next` of its answer, and takes up what lies on
//! the host's poison queues as well.

use std::sync::Arc;

use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;

use super::entrance::Visitor;
use super::problem::Problem;
use super::{Doors, links, poisoned, results};
use crate::workflow::Replayed;

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new()
        .route("/drafts/{recipe}/{case}/replay", post(one))
        .route("/replays/{recipe}", post(all))
}

async fn one(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let who = visitor.id();
    let replayed = doors.workflow.replay(&key, who.as_deref()).await;
    match replayed.map_err(|fault| results::unavailable(&fault))? {
        Replayed::Left | Replayed::OnItsWay => {}
        Replayed::NotFailed(standing) => {
            let detail = format!(
                "this case did not fail, it is `{}`; to draft it again, ask for the draft with another `attempt`",
                standing.word()
            );
            return Err(Problem::new(StatusCode::CONFLICT, "not-failed", detail));
        }
        Replayed::NoCase => return Err(results::no_such_case()),
    }
    tracing::info!(recipe = %key.recipe, "a failed case is replayed");
    let base = results::base(&doors, &headers);
    let status = links::status(&base, &key);
    let answer = json!({
        "recipe": key.recipe, "case": key.case, "state": "accepted", "links": links::all(&base, &key),
    });
    Ok(([(header::LOCATION, status)], results::running(answer)).into_response())
}

async fn all(
    State(doors): State<Arc<Doors>>,
    Path(recipe): Path<String>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let recipe = results::recipe_id(&doors, &recipe)?;
    let who = visitor.id();
    let after = results::queried(query.as_deref(), "after");
    let replayed = doors
        .workflow
        .replay_all(&recipe, after.as_deref(), who.as_deref(), poisoned::work)
        .await
        .map_err(|fault| results::no_list(&fault, after.is_some()))?;
    tracing::info!(%recipe, cases = replayed.cases, messages = replayed.messages, "failed cases are replayed");
    let answer = json!({
        "recipe": recipe, "cases": replayed.cases, "messages": replayed.messages, "next": replayed.next,
    });
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}
