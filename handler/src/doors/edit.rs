//! `PUT /api/drafts/{recipe}/{case}/edit`: the draft comes back as an officer edited it, and is compared with its record.
//!
//! The body is the Word file itself. `?run=` names the run whose draft it was; without it the run is found that the file is
//! most like. The newest edit is at `edit.html`, `edit.json` and `edited.docx` beside the results, any at `edits/{id}/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use drafting::id::{EditId, RunId};
use serde_json::{Value, json};

use super::entrance::Visitor;
use super::problem::Problem;
use super::results::{self, Served};
use super::{Doors, links};
use crate::paths::{CaseKey, EditFile};
use crate::workflow::{EditRefusal, EditStamp, Status};

/// The seconds after which a busy case may have become free.
const AGAIN: u64 = 15;

pub(super) fn router() -> Router<Arc<Doors>> {
    Router::new()
        .route("/drafts/{recipe}/{case}/edit", put(take))
        .route("/drafts/{recipe}/{case}/edits/{id}/{file}", get(file))
}

async fn take(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case)): Path<(String, String)>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let run = run(query.as_deref())?;
    if body.is_empty() {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "body",
            "the body is empty: send the edited Word file itself, with `Content-Length`",
        ));
    }
    let who = visitor.id();
    let kept = doors
        .workflow
        .take_edit(&key, body.to_vec(), run.as_ref(), who.as_deref())
        .await;
    let kept = kept.map_err(|refusal| problem(&refusal))?;
    tracing::info!(run = %kept.run, edit = %kept.edit, "an edited draft was taken");
    let base = results::base(&doors, &headers);
    let page = address(&base, &key, &kept.edit, EditFile::Page);
    let mut answer = json!({
        "recipe": key.recipe, "case": key.case, "links": files(&base, &key, &kept.edit),
    });
    if let (Some(answer), Ok(Value::Object(kept))) = (answer.as_object_mut(), serde_json::to_value(&kept)) {
        answer.extend(kept);
    }
    Ok(([(header::LOCATION, page)], Json(answer)).into_response())
}

/// The run that the address names.
fn run(query: Option<&str>) -> Result<Option<RunId>, Problem> {
    let pairs: BTreeMap<_, _> = url::form_urlencoded::parse(query.unwrap_or("").as_bytes()).collect();
    let run = pairs.get("run").map(|run| RunId::parse(run)).transpose();
    run.map_err(|fault| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "run-id",
            format!("the id of the run {fault}"),
        )
    })
}

async fn file(
    State(doors): State<Arc<Doors>>,
    Path((recipe, case, id, file)): Path<(String, String, String, String)>,
) -> Result<Response, Problem> {
    let key = results::case_key(&doors, &recipe, &case)?;
    let named = EditId::parse(&id).ok().zip(EditFile::named(&file));
    let Some((id, file)) = named else {
        return Err(no_such_edit());
    };
    given(&doors, &key, &id, file).await
}

/// A file of the newest edit.
pub(super) async fn newest(doors: &Doors, key: &CaseKey, file: EditFile) -> Result<Response, Problem> {
    let status = doors.workflow.status(key).await;
    let status = status.map_err(|fault| results::unavailable(&fault))?;
    let Some(edit) = status.and_then(|status| status.edit) else {
        return Err(no_such_edit());
    };
    given(doors, key, &edit.id, file).await
}

async fn given(doors: &Doors, key: &CaseKey, id: &EditId, file: EditFile) -> Result<Response, Problem> {
    let bytes = doors.workflow.edit_bytes(key, id, file).await;
    let bytes = bytes.map_err(|fault| results::unavailable(&fault))?;
    let served = Served {
        content_type: file.content_type(),
        disposition: match file {
            EditFile::Edited => "attachment",
            EditFile::Page | EditFile::Account => "inline",
        },
        name: file.file_name(),
        tag: id.as_str(),
    };
    bytes.map(|bytes| served.with(bytes)).ok_or_else(no_such_edit)
}

fn no_such_edit() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-edit",
        "there is no such edit, or no such file of it: the files are `edited.docx`, `edit.html` and `edit.json`",
    )
}

/// Adds to a status where the newest edit is, and whether the case was drafted again since.
pub(super) fn tell(body: &mut Value, key: &CaseKey, status: &Status, edit: &EditStamp, base: &str) {
    if let Some(told) = body.get_mut("edit").and_then(Value::as_object_mut) {
        told.insert("newest".into(), json!(edit.of.is_some() && edit.of == status.run));
        told.insert("links".into(), files(base, key, &edit.id));
    }
}

fn address(base: &str, key: &CaseKey, id: &EditId, file: EditFile) -> String {
    format!("{}/edits/{id}/{}", links::status(base, key), file.file_name())
}

fn files(base: &str, key: &CaseKey, id: &EditId) -> Value {
    let of = |file| address(base, key, id, file);
    json!({ "page": of(EditFile::Page), "account": of(EditFile::Account), "edited": of(EditFile::Edited) })
}

fn problem(refusal: &EditRefusal) -> Problem {
    let (status, code) = match refusal {
        EditRefusal::Workflow(fault) => return results::unavailable(fault),
        EditRefusal::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        EditRefusal::Unreadable(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unreadable"),
        EditRefusal::Fault(_) => (StatusCode::UNPROCESSABLE_ENTITY, "not-comparable"),
        EditRefusal::NoRun => (StatusCode::NOT_FOUND, "no-such-run"),
        EditRefusal::Recipe => (StatusCode::CONFLICT, "recipe-faulty"),
        EditRefusal::Busy => (StatusCode::CONFLICT, "busy"),
    };
    Problem {
        retry_after: matches!(refusal, EditRefusal::Busy).then_some(AGAIN),
        ..Problem::new(status, code, refusal.to_string())
    }
}
