//! `draft-on-request`: `POST /api/drafts/{recipe}/{case}`.
//!
//! The body is JSON, and may be absent:
//!
//! ```json
//! { "documents": [{ "name": "Appendix A.pdf", "content": "<base64>" }],
//!   "case": { "child": { "name": "..." } },
//!   "attempt": 2,
//!   "wait": true }
//! ```
//!
//! `content` may also be the object that Power Automate makes of a file (`$content-type`, `$content`).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drafting::check::RunOutcome;
use drafting::id::{RunId, SourceName};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::Instrument as _;

use super::answer::{Answer, failed};
use super::envelope::{HttpCall, invocation};
use super::problem::Problem;
use super::{Doors, links};
use crate::paths::CaseKey;
use crate::workflow::{DraftRequest, Step, Submission, SubmissionFault, WorkflowFault};

/// The door's method and route.
const DOOR: (&str, &str) = ("POST", "/drafts/{recipe}/{case}");
/// The seconds after which a caller should ask for the status.
const RETRY_AFTER: u64 = 5;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(default)]
    documents: Vec<InlineDocument>,
    #[serde(default)]
    case: Option<Value>,
    #[serde(default)]
    attempt: Option<u16>,
    #[serde(default)]
    wait: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InlineDocument {
    name: String,
    content: Content,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Base64(String),
    PowerAutomate {
        #[serde(rename = "$content")]
        content: String,
    },
}

pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    let span = tracing::info_span!("draft-on-request", invocation = invocation(&headers));
    async move {
        let called = match doors.entrance.called(DOOR, &body).await {
            Ok(called) => called,
            Err(fault) => {
                tracing::error!(%fault, "the host sent something else than an HTTP call");
                return failed();
            }
        };
        drop(body);
        let answer = match called {
            Ok((call, _)) => taken(&doors, call).await,
            Err(problem) => Err(problem),
        };
        match answer {
            Ok(answer) => answer.into_response(),
            Err(problem) => {
                tracing::warn!(
                    status = problem.status.as_u16(),
                    code = problem.code,
                    "a call was refused"
                );
                problem.count();
                Answer::default()
                    .with_http(problem.status, &problem.headers(), &problem.body())
                    .into_response()
            }
        }
    }
    .instrument(span)
    .await
}

async fn taken(doors: &Doors, mut call: HttpCall) -> Result<Answer, Problem> {
    let param = |name: &str| call.params.get(name).map_or("", String::as_str);
    let key = super::results::case_key(doors, param("recipe"), param("case"))?;
    let order = order(&call)?;
    // The documents are on their way to storage; whoever waits need not hold them twice.
    call.body = None;
    let wait = order.wait
        || call
            .query
            .get("wait")
            .is_some_and(|wait| wait == "true" || wait == "1");
    let documents = order
        .documents
        .into_iter()
        .map(inline)
        .collect::<Result<Vec<_>, _>>()?;
    let submission = Submission {
        documents,
        manifest: order.case,
    };
    doors
        .workflow
        .submit(&key, submission)
        .await
        .map_err(|fault| submission_problem(&fault))?;
    let state = doors
        .workflow
        .state(&key)
        .await
        .map_err(|fault| passing(&fault))?;
    if state.documents.is_empty() && !state.has_withdrawals() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "no-documents",
            "the case has no documents: send them in `documents`, or upload them to `sources` first",
        ));
    }
    let request = DraftRequest {
        asked: true,
        attempt: order.attempt,
        ..DraftRequest::new(&key, None)
    };
    let base = links::base(doors.public_base_url.as_deref(), &call.url);
    if wait {
        let later = DraftRequest {
            newest: state.newest,
            ..request.clone()
        };
        doors
            .workflow
            .remember(&later, doors.workflow.limits().wait)
            .await;
        if let Some(answer) = waited(doors, &key, &request, &base).await? {
            return Ok(answer);
        }
    }
    doors
        .workflow
        .leave(&request, std::time::Duration::ZERO)
        .await
        .map_err(|fault| passing(&fault))?;
    Ok(accepted(&key, &base))
}

fn order(call: &HttpCall) -> Result<Order, Problem> {
    if call.dropped_body() {
        return Err(Problem::new(
            StatusCode::LENGTH_REQUIRED,
            "length-required",
            "the request's body arrived without its length and was lost: send `Content-Length`, `0` for no body",
        ));
    }
    let bad = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "body", detail);
    let text = call
        .text()
        .map_err(|_| bad("the body is not JSON text in UTF-8".into()))?;
    // Some callers begin UTF-8 with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(Order::default());
    }
    serde_json::from_str(text).map_err(|fault| {
        bad(format!(
            "the body is not a request for a draft (line {}, column {}): it may have `documents`, `case`, `attempt`, `wait`",
            fault.line(),
            fault.column()
        ))
    })
}

fn inline(document: InlineDocument) -> Result<(SourceName, Vec<u8>), Problem> {
    let bad = |code, detail: String| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let name = SourceName::parse(&document.name).map_err(|fault| bad("document-name", fault.to_string()))?;
    let (Content::Base64(text) | Content::PowerAutomate { content: text }) = document.content;
    let bytes = STANDARD
        .decode(text.trim())
        .map_err(|_| bad("document-content", "a document's `content` is not base64".into()))?;
    Ok((name, bytes))
}

fn submission_problem(fault: &SubmissionFault) -> Problem {
    let (status, code) = match fault {
        SubmissionFault::Workflow(fault) => return passing(fault),
        SubmissionFault::Manifest(_) => (StatusCode::BAD_REQUEST, "manifest"),
        SubmissionFault::ReservedName | SubmissionFault::SameName => {
            (StatusCode::BAD_REQUEST, "document-name")
        }
        SubmissionFault::TooLarge(_) | SubmissionFault::TooMany(_) => {
            (StatusCode::PAYLOAD_TOO_LARGE, "too-large")
        }
    };
    Problem::new(status, code, fault.to_string())
}

fn passing(fault: &WorkflowFault) -> Problem {
    tracing::warn!(%fault, "a call could not be seen to");
    Problem::passing()
}

/// Runs the request while the caller waits; `None` when it is not done in time, and goes on by the queue.
async fn waited(
    doors: &Doors,
    key: &CaseKey,
    request: &DraftRequest,
    base: &str,
) -> Result<Option<Answer>, Problem> {
    let workflow = Arc::clone(&doors.workflow);
    let asked = request.clone();
    // On a task of its own: cut off, it still ends and archives, and the queued request finds what it made.
    let work =
        tokio::spawn(telemetry::carried(async move { workflow.advance(&asked).await }).in_current_span());
    let step = match tokio::time::timeout(doors.workflow.limits().wait, work).await {
        Err(_) => return Ok(None),
        Ok(Err(_)) => return Err(Problem::passing()),
        Ok(Ok(step)) => step.map_err(|fault| passing(&fault))?,
    };
    Ok(match step {
        Step::Give {
            ref run, ref outcome, ..
        } => {
            let (run, outcome) = (run.clone(), outcome.clone());
            Some(ended(Answer::of(key, step), &outcome, Some(&run), key, base))
        }
        Step::Settled(_) => settled(doors, key, base).await?,
        // The request was put back already.
        Step::Delayed => Some(accepted(key, base)),
        Step::Failed => {
            let problem = Problem::failed("the app could not draft the case; see its status");
            Some(with_problem(Answer::default(), &problem, json!({}), key, base))
        }
    })
}

/// The results of this state are published already.
async fn settled(doors: &Doors, key: &CaseKey, base: &str) -> Result<Option<Answer>, Problem> {
    use crate::workflow::State;
    let status = doors
        .workflow
        .status(key)
        .await
        .map_err(|fault| passing(&fault))?;
    Ok(status.and_then(|status| match status.state {
        State::Published { outcome } => {
            let run = status.published.as_ref();
            Some(ended(Answer::default(), &outcome, run, key, base))
        }
        _ => None,
    }))
}

/// Adds how a run ended: its status, or the problem that it is with the same members.
fn ended(answer: Answer, outcome: &RunOutcome, run: Option<&RunId>, key: &CaseKey, base: &str) -> Answer {
    let body = json!({ "recipe": key.recipe, "case": key.case, "run": run, "outcome": outcome, "links": links::all(base, key) });
    match Problem::of(outcome) {
        None => {
            let headers = [
                ("content-type", "application/json".to_owned()),
                ("location", links::status(base, key)),
            ];
            answer.with_http(StatusCode::OK, &headers, &body)
        }
        Some(problem) => with_problem(answer, &problem, body, key, base),
    }
}

fn with_problem(answer: Answer, problem: &Problem, status: Value, key: &CaseKey, base: &str) -> Answer {
    let mut headers = problem.headers();
    headers.push(("location", links::status(base, key)));
    answer.with_http(problem.status, &headers, &problem.with(status))
}

fn accepted(key: &CaseKey, base: &str) -> Answer {
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("location", links::status(base, key)),
        ("retry-after", RETRY_AFTER.to_string()),
    ];
    let body = json!({ "recipe": key.recipe, "case": key.case, "state": "accepted", "links": links::all(base, key) });
    Answer::default().with_http(StatusCode::ACCEPTED, &headers, &body)
}
