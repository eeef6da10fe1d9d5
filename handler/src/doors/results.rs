//! `results`: status, results, lists and recipes, proxied raw by the host under `/api/`.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use drafting::id::{CaseId, RecipeId};
use serde_json::{Value, json};

use super::entrance::Visitor;
use super::problem::{self, Problem};
use super::{Doors, approval, edit, health, links, withdrawal};
use crate::paths::{Artifact, CaseKey, EditFile};
use crate::workflow::{State as CaseStanding, Status, WorkflowFault};

/// The seconds after which a caller should ask again.
const RETRY_AFTER: &str = "5";

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new()
        .merge(health::router())
        .route("/recipes", get(recipes))
        .route("/drafts/{recipe}", get(cases))
        .route("/drafts/{recipe}/{case}", get(status))
        .route("/drafts/{recipe}/{case}/{file}", get(artifact))
        .merge(withdrawal::router())
        .merge(edit::router())
        .merge(approval::router())
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
}

async fn nothing_here() -> Problem {
    Problem::no_such_door()
}

async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
        "this address takes another method",
    )
}

/// The recipes that the caller has a role for.
async fn recipes(State(doors): State<Arc<Doors>>, Extension(visitor): Extension<Visitor>) -> Response {
    let list: Vec<Value> = doors
        .workflow
        .shelf()
        .iter()
        .filter(|(id, _)| visitor.sees(id))
        .map(|(id, recipe)| match recipe {
            Ok(usable) => json!({
                "id": id, "title": usable.recipe.title, "version": usable.recipe.version, "usable": true,
            }),
            Err(faults) => json!({
                "id": id, "usable": false, "faults": faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
            }),
        })
        .collect();
    Json(json!({ "recipes": list })).into_response()
}

fn recipe_id(doors: &Doors, recipe: &str) -> Result<RecipeId, Problem> {
    RecipeId::parse(recipe)
        .ok()
        .filter(|id| doors.workflow.shelf().get(id).is_some())
        .ok_or_else(Problem::no_such_recipe)
}

/// The case that an address names.
pub(super) fn case_key(doors: &Doors, recipe: &str, case: &str) -> Result<CaseKey, Problem> {
    let recipe = recipe_id(doors, recipe)?;
    let case = CaseId::parse(case).map_err(|fault| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "case-id",
            format!("the case's reference {fault}; 80 characters at most"),
        )
    })?;
    Ok(CaseKey { recipe, case })
}

pub(super) fn unavailable(fault: &WorkflowFault) -> Problem {
    tracing::warn!(%fault, "a question could not be answered");
    Problem::passing()
}

async fn cases(State(doors): State<Arc<Doors>>, Path(recipe): Path<String>) -> Result<Response, Problem> {
    let recipe = recipe_id(&doors, &recipe)?;
    let (cases, more) = doors
        .workflow
        .cases(&recipe)
        .await
        .map_err(|fault| unavailable(&fault))?;
    Ok(Json(json!({ "recipe": recipe, "cases": cases, "more": more })).into_response())
}

async fn status(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let key = case_key(&doors, &recipe, &case)?;
    let status = doors
        .workflow
        .status(&key)
        .await
        .map_err(|fault| unavailable(&fault))?;
    let Some(mut status) = status else {
        return unknown(&doors, &key, &headers).await;
    };
    if let CaseStanding::Waiting { missing, .. } = &mut status.state {
        // What has arrived since the status was written is not missing any more.
        let state = doors
            .workflow
            .state(&key)
            .await
            .map_err(|fault| unavailable(&fault))?;
        if state.newest.is_none() {
            return Err(no_such_case());
        }
        *missing = state.missing().into_iter().map(ToString::to_string).collect();
    }
    Ok(standing(&key, &status, &base(&doors, &headers)))
}

/// Nothing has been done for the case yet: is there anything to do?
async fn unknown(doors: &Doors, key: &CaseKey, headers: &HeaderMap) -> Result<Response, Problem> {
    let state = doors
        .workflow
        .state(key)
        .await
        .map_err(|fault| unavailable(&fault))?;
    if state.newest.is_none() {
        return Err(no_such_case());
    }
    let base = base(doors, headers);
    let body = json!({ "recipe": key.recipe, "case": key.case, "state": "received", "links": links::all(&base, key) });
    Ok(running(body))
}

fn no_such_case() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-case",
        "nothing has been uploaded for this case",
    )
}

pub(super) fn running(body: Value) -> Response {
    (
        StatusCode::ACCEPTED,
        [(header::RETRY_AFTER, RETRY_AFTER)],
        Json(body),
    )
        .into_response()
}

fn standing(key: &CaseKey, status: &Status, base: &str) -> Response {
    let mut body = json!({ "recipe": key.recipe, "case": key.case, "links": links::all(base, key) });
    if let (Some(body), Ok(Value::Object(status))) = (body.as_object_mut(), serde_json::to_value(status)) {
        body.extend(status.into_iter().filter(|(name, _)| name != "starts"));
    }
    if let Some(edit) = &status.edit {
        edit::tell(&mut body, key, status, edit, base);
    }
    match &status.state {
        CaseStanding::Waiting { .. } | CaseStanding::Running | CaseStanding::Publishing { .. } => {
            running(body)
        }
        CaseStanding::Published { outcome } => match Problem::of(outcome) {
            None => Json(body).into_response(),
            Some(problem) => problem_with(body, &problem),
        },
        CaseStanding::Failed { reason } => problem_with(body, &Problem::failed(reason)),
    }
}

fn problem_with(status: Value, problem: &Problem) -> Response {
    (
        problem.status,
        [(header::CONTENT_TYPE, problem::MEDIA_TYPE)],
        Json(problem.with(status)),
    )
        .into_response()
}

/// One of the results of the published run. They come from its archive, so that they are never of two runs.
async fn artifact(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case, file)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let key = case_key(&doors, &recipe, &case)?;
    if let Some(file) = EditFile::named(&file) {
        return edit::newest(&doors, &key, file).await;
    }
    let Some(artifact) = Artifact::named(&file) else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "no-such-result",
            "the results are `draft.docx`, `evidence.docx`, `report.html`, `queries.docx` and `record.json`",
        ));
    };
    let status = doors
        .workflow
        .status(&key)
        .await
        .map_err(|fault| unavailable(&fault))?;
    let Some(run) = status.and_then(|status| status.published) else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "not-published",
            "no results of this case are published yet",
        ));
    };
    let bytes = doors
        .workflow
        .result(&key, &run, artifact)
        .await
        .map_err(|fault| unavailable(&fault))?
        .ok_or_else(not_in_run)?;
    let disposition = match artifact {
        Artifact::Report | Artifact::Record => "inline",
        Artifact::Draft | Artifact::Evidence | Artifact::Queries => "attachment",
    };
    let served = Served {
        content_type: artifact.content_type(),
        disposition,
        name: artifact.file_name(),
        tag: run.as_str(),
    };
    Ok(served.with(bytes))
}

/// A file that is given to a caller.
pub(super) struct Served<'a> {
    pub content_type: &'static str,
    /// `inline` or `attachment`.
    pub disposition: &'static str,
    pub name: &'static str,
    /// What the file is known by: another one has another.
    pub tag: &'a str,
}

impl Served<'_> {
    /// The answer with these bytes.
    pub fn with(&self, bytes: Vec<u8>) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.content_type.to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("{}; filename=\"{}\"", self.disposition, self.name),
            ),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::ETAG, format!("\"{}\"", self.tag)),
        ];
        (headers, bytes).into_response()
    }
}

/// A run of an earlier version of the app has fewer results.
fn not_in_run() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-result",
        "the published run does not have this result; ask for the draft with another `attempt` to get all of them",
    )
}

/// The address of the app: as set, else as the proxying host says it was called.
pub(super) fn base(doors: &Doors, headers: &HeaderMap) -> String {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = value("x-forwarded-host").or_else(|| value("host")).unwrap_or("");
    let scheme = value("x-forwarded-proto").unwrap_or("http");
    links::base(doors.public_base_url.as_deref(), &format!("{scheme}://{host}/"))
}
