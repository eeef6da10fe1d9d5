//! `results`: status, results, lists and recipes, proxied raw by the host under `/api/`.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use drafting::id::{CaseId, RecipeId, RunId};
use serde_json::{Value, json};

use super::entrance::Visitor;
use super::problem::{self, Problem};
use super::wanted::Wanted;
use super::{Doors, approval, cancel, edit, health, links, replay, rights, withdrawal};
use crate::paths::{Artifact, CaseKey, EditFile};
use crate::workflow::{CallbackState, ListedCase, Standing, State as CaseStanding, Status, WorkflowFault};

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
        .merge(cancel::router())
        .merge(edit::router())
        .merge(approval::router())
        .merge(rights::router())
        .merge(replay::router())
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

pub(super) fn recipe_id(doors: &Doors, recipe: &str) -> Result<RecipeId, Problem> {
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
    if matches!(fault, WorkflowFault::Erased) {
        return no_such_case();
    }
    tracing::warn!(%fault, "a question could not be answered");
    Problem::passing()
}

/// The cases of a recipe in order of name: `?outcome=` those that stand so, `?callback=` those whose newest callback does,
/// `?after=` from the `next` of an earlier answer.
async fn cases(
    State(doors): State<Arc<Doors>>,
    Path(recipe): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let recipe = recipe_id(&doors, &recipe)?;
    let query = query.as_deref();
    let outcome = queried(query, "outcome")
        .map(|word| standing_of(&word))
        .transpose()?;
    let callback = queried(query, "callback")
        .map(|word| callback_of(&word))
        .transpose()?;
    let wanted = |case: &ListedCase| {
        let called = case.status.callback.as_ref().map(|callback| callback.state);
        outcome.is_none_or(|outcome| outcome == case.standing)
            && callback.is_none_or(|callback| called == Some(callback))
    };
    let after = queried(query, "after");
    let list = doors.workflow.cases(&recipe, wanted, after.as_deref()).await;
    let list = list.map_err(|fault| no_list(&fault, after.is_some()))?;
    let cases: Vec<Value> = list.cases.iter().map(listed).collect();
    Ok(
        Json(json!({ "recipe": recipe, "cases": cases, "more": list.next.is_some(), "next": list.next }))
            .into_response(),
    )
}

/// A value of the query, decoded; the first of its name.
pub(super) fn queried(query: Option<&str>, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query?.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

/// As it is written in the answer, or with the underscore that outcomes have elsewhere.
fn standing_of(word: &str) -> Result<Standing, Problem> {
    let word = word.replace('_', "-");
    let named = Standing::ALL.into_iter().find(|standing| standing.word() == word);
    named.ok_or_else(|| {
        let words = Standing::ALL
            .map(|standing| format!("`{}`", standing.word()))
            .join(", ");
        Problem::new(
            StatusCode::BAD_REQUEST,
            "outcome",
            format!("`outcome` is one of {words}"),
        )
    })
}

fn callback_of(word: &str) -> Result<CallbackState, Problem> {
    match word {
        "delivered" => Ok(CallbackState::Delivered),
        "retrying" => Ok(CallbackState::Retrying),
        "failed" => Ok(CallbackState::Failed),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "callback",
            "`callback` is one of `delivered`, `retrying`, `failed`",
        )),
    }
}

/// A place in a list that storage does not know is the caller's to mend.
pub(super) fn no_list(fault: &WorkflowFault, continued: bool) -> Problem {
    if continued && !fault.is_passing() {
        let detail = "`after` is no `next` of an earlier answer; begin without it";
        return Problem::new(StatusCode::BAD_REQUEST, "after", detail);
    }
    unavailable(fault)
}

fn listed(case: &ListedCase) -> Value {
    let mut body = json!({ "case": case.case, "standing": case.standing });
    if let (Some(body), Ok(Value::Object(status))) =
        (body.as_object_mut(), serde_json::to_value(&case.status))
    {
        body.extend(status.into_iter().filter(is_told));
    }
    body
}

/// What of a status is for callers.
fn is_told((name, _): &(String, Value)) -> bool {
    !["starts", "asked", "cancellation", "seen"].contains(&name.as_str())
}

/// Where the case stands, or its draft or report, by what the caller wants. The answer is for this moment alone.
async fn status(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut response = stands(&doors, &recipe, &case, &headers).await.into_response();
    let own = response.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    own.insert(header::VARY, HeaderValue::from_static("accept"));
    response
}

async fn stands(doors: &Doors, recipe: &str, case: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let key = case_key(doors, recipe, case)?;
    let wanted = Wanted::of(headers).ok_or_else(not_acceptable)?;
    let status = doors
        .workflow
        .status(&key)
        .await
        .map_err(|fault| unavailable(&fault))?;
    let Some(mut status) = status else {
        return unknown(doors, &key, headers).await;
    };
    if let (Wanted::Result(artifact), Some(run)) = (wanted, ready(&status)) {
        return published(doors, &key, run, artifact, headers).await;
    }
    if status.state == CaseStanding::Received && !status.is_asked() {
        return unknown(doors, &key, headers).await;
    }
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
    Ok(standing(&key, &status, &base(doors, headers)))
}

/// The run whose draft can be had: none while something is done for the case, and none of a run without a draft.
fn ready(status: &Status) -> Option<&RunId> {
    let CaseStanding::Published { outcome } = &status.state else {
        return None;
    };
    let has_draft = Problem::of(outcome).is_none() && !status.is_asked();
    status.published.as_ref().filter(|_| has_draft)
}

fn not_acceptable() -> Problem {
    Problem::new(
        StatusCode::NOT_ACCEPTABLE,
        "not-acceptable",
        "a case can be had as `application/json`, `text/html` or a Word document; its results have addresses of their own",
    )
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

pub(super) fn no_such_case() -> Problem {
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

/// What the status says to callers: nothing of how the app counts.
fn body(key: &CaseKey, status: &Status, base: &str) -> Value {
    let mut body = json!({ "recipe": key.recipe, "case": key.case, "links": links::all(base, key) });
    if let (Some(body), Ok(Value::Object(status))) = (body.as_object_mut(), serde_json::to_value(status)) {
        body.extend(status.into_iter().filter(is_told));
    }
    if let (Some(progress), Some(shown)) = (&status.progress, body.get_mut("progress")) {
        shown["text"] = json!(progress.now.to_string());
    }
    if let Some(edit) = &status.edit {
        edit::tell(&mut body, key, status, edit, base);
    }
    body
}

/// The status as the answer to a call that did what it says.
pub(super) fn told(key: &CaseKey, status: &Status, base: &str) -> Response {
    Json(body(key, status, base)).into_response()
}

fn standing(key: &CaseKey, status: &Status, base: &str) -> Response {
    let body = body(key, status, base);
    match &status.state {
        CaseStanding::Waiting { .. } | CaseStanding::Running | CaseStanding::Publishing { .. } => {
            running(body)
        }
        // What is published, or why it is not, is no answer to whoever asked since.
        _ if status.is_asked() => running(accepted(body)),
        CaseStanding::Received => running(body),
        CaseStanding::Published { outcome } => match Problem::of(outcome) {
            None => Json(body).into_response(),
            Some(problem) => problem_with(body, &problem),
        },
        CaseStanding::Cancelled { .. } => problem_with(body, &Problem::cancelled()),
        CaseStanding::Failed { reason } => problem_with(body, &Problem::failed(reason)),
    }
}

/// The status with the state of a draft that was asked for.
fn accepted(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        for of_the_state in ["outcome", "reason", "at"] {
            body.remove(of_the_state);
        }
        body.insert("state".into(), json!("accepted"));
    }
    body
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
    headers: HeaderMap,
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
    published(&doors, &key, &run, artifact, &headers).await
}

/// A result of a published run; only that it is the same, for a caller who has it.
async fn published(
    doors: &Doors,
    key: &CaseKey,
    run: &RunId,
    artifact: Artifact,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("{run}.{}", artifact.binding());
    if is_known(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, format!("\"{tag}\""))]).into_response());
    }
    let bytes = doors
        .workflow
        .result(key, run, artifact)
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
        tag: &tag,
    };
    Ok(served.with(bytes))
}

/// Whether the caller has what is known by this tag (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH);
    let mut tags = values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    tags.any(|given| {
        let given = given.trim();
        let given = given.strip_prefix("W/").unwrap_or(given);
        given == "*" || given.strip_prefix('"').and_then(|given| given.strip_suffix('"')) == Some(tag)
    })
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
