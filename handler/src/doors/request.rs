//! `draft-on-request`: `POST /api/drafts/{recipe}/{case}`; [`super::order`] has its body.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use drafting::check::RunOutcome;
use drafting::id::RunId;
use serde_json::{Value, json};
use tracing::Instrument as _;

use super::answer::{Answer, failed};
use super::entrance::Visitor;
use super::envelope::{HttpCall, invocation};
use super::order::Order;
use super::problem::Problem;
use super::{Doors, links};
use crate::paths::CaseKey;
use crate::workflow::{
    Bond, Bound, Callback, CaseState, DraftRequest, Kept, ReferenceFault, Step, SubmissionFault,
    WorkflowFault,
};

/// The door's method and route.
const DOOR: (&str, &str) = ("POST", "/drafts/{recipe}/{case}");
/// The seconds after which a caller should ask for the status.
const RETRY_AFTER: u64 = 5;

/// What a caller is answered, and what the host is given with it.
struct Reply {
    outputs: Answer,
    kept: Kept,
}

impl Reply {
    fn new(status: StatusCode, headers: Vec<(&'static str, String)>, body: Value) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self {
            outputs: Answer::default(),
            kept: Kept {
                status: status.as_u16(),
                headers: headers.collect(),
                body,
            },
        }
    }

    /// What was answered to the same call before.
    fn again(mut kept: Kept) -> Self {
        kept.headers
            .push(("idempotency-replayed".to_owned(), "true".to_owned()));
        Self {
            outputs: Answer::default(),
            kept,
        }
    }

    fn with(self, outputs: Answer) -> Self {
        Self { outputs, ..self }
    }

    fn into_answer(self) -> Answer {
        let Kept {
            status,
            headers,
            body,
        } = self.kept;
        // A status that was kept is one that was answered.
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers: Vec<(&str, String)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        self.outputs.with_http(status, &headers, &body)
    }
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
            Ok((call, visitor)) => taken(&doors, call, &visitor).await,
            Err(problem) => Err(problem),
        };
        match answer {
            Ok(reply) => reply.into_answer().into_response(),
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

async fn taken(doors: &Doors, mut call: HttpCall, visitor: &Visitor) -> Result<Reply, Problem> {
    let param = |name: &str| call.params.get(name).map_or("", String::as_str);
    let key = super::results::case_key(doors, param("recipe"), param("case"))?;
    let mut order = Order::read(&call, &key, doors.workflow.flows())?;
    // The documents are on their way to storage; whoever waits need not hold them twice.
    call.body = None;
    let workflow = &doors.workflow;
    workflow
        .accept(&order.submission)
        .map_err(|fault| submission_problem(&fault))?;
    // A key is kept with its case: none of a case of which there is nothing.
    if let Some(keyed) = order.keyed.as_ref().filter(|_| order.submission.is_empty())
        && let Err(problem) = has_documents(doors, &key).await
    {
        let kept = workflow.answered(&key, keyed).await;
        return kept
            .map_err(|fault| passing(&fault))?
            .map(Reply::again)
            .ok_or(problem);
    }
    let base = links::base(doors.public_base_url.as_deref(), &call.url);
    // Bound before anything is done: of two calls with one key and different bodies, one does nothing.
    let bound = match order.keyed.take() {
        None => None,
        Some(keyed) => match workflow
            .bind(&key, &keyed)
            .await
            .map_err(|fault| passing(&fault))?
        {
            Bond::Do(bound) => Some(bound),
            Bond::Done(kept) => return Ok(Reply::again(kept)),
            Bond::Other => return Err(key_of_another_call()),
        },
    };
    let address = order.callback.take();
    let reply = done(doors, &key, order, &base, visitor).await?;
    if let Some(address) = address {
        let delivery = bound.as_ref().map(Bound::delivery);
        let callback = Callback::new(&key, address, delivery);
        let left = workflow.leave_callback(&callback).await;
        left.map_err(|fault| passing(&fault))?;
    }
    if let Some(bound) = bound.filter(|_| reply.kept.status < 500) {
        workflow.keep_answer(bound, reply.kept.clone()).await;
    }
    Ok(reply)
}

fn key_of_another_call() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency-key-reused",
        "this `Idempotency-Key` was sent with another body; another call needs another key",
    )
}

/// The case as it lies in storage, if there is anything to draft.
async fn has_documents(doors: &Doors, key: &CaseKey) -> Result<CaseState, Problem> {
    let state = doors.workflow.state(key).await.map_err(|fault| passing(&fault))?;
    if state.documents.is_empty() && !state.has_withdrawals() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "no-documents",
            "the case has no documents: send them in `documents`, or upload them to `sources` first",
        ));
    }
    Ok(state)
}

/// Does what the call asks for, but for the callback. All of it may be done again.
async fn done(
    doors: &Doors,
    key: &CaseKey,
    order: Order,
    base: &str,
    visitor: &Visitor,
) -> Result<Reply, Problem> {
    let workflow = &doors.workflow;
    workflow
        .submit(key, order.submission, visitor.id().as_deref())
        .await
        .map_err(|fault| submission_problem(&fault))?;
    let state = has_documents(doors, key).await?;
    let request = DraftRequest {
        asked: true,
        attempt: order.attempt,
        knows: workflow
            .cancellations(key)
            .await
            .map_err(|fault| passing(&fault))?,
        ..DraftRequest::new(key, None)
    };
    let mut reply = None;
    if order.wait {
        let later = DraftRequest {
            newest: state.newest,
            ..request.clone()
        };
        workflow.remember(&later, workflow.limits().wait).await;
        reply = waited(doors, key, &request, base).await?;
    }
    if let Some(reply) = reply {
        return Ok(reply);
    }
    workflow.ask(request).await.map_err(|fault| passing(&fault))?;
    Ok(accepted(key, base))
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
        SubmissionFault::Reference(ReferenceFault::NotThere) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "document-not-there")
        }
        SubmissionFault::Reference(ReferenceFault::Another) => (StatusCode::CONFLICT, "document-changed"),
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
) -> Result<Option<Reply>, Problem> {
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
            Some(ended(&outcome, Some(&run), key, base).with(Answer::of(key, step)))
        }
        Step::Settled(_) => settled(doors, key, base).await?,
        // The request was put back already.
        Step::Delayed => Some(accepted(key, base)),
        Step::Failed => {
            let problem = Problem::failed("the app could not draft the case; see its status");
            Some(with_problem(&problem, json!({}), key, base))
        }
    })
}

/// The results of this state are published already.
async fn settled(doors: &Doors, key: &CaseKey, base: &str) -> Result<Option<Reply>, Problem> {
    use crate::workflow::State;
    let status = doors
        .workflow
        .status(key)
        .await
        .map_err(|fault| passing(&fault))?;
    Ok(status.and_then(|status| match status.state {
        State::Published { outcome } => {
            let run = status.published.as_ref();
            Some(ended(&outcome, run, key, base))
        }
        State::Cancelled { .. } => Some(with_problem(&Problem::cancelled(), json!({}), key, base)),
        State::Received
        | State::Waiting { .. }
        | State::Running
        | State::Publishing { .. }
        | State::Failed { .. } => None,
    }))
}

/// How a run ended: its status, or the problem that it is with the same members.
fn ended(outcome: &RunOutcome, run: Option<&RunId>, key: &CaseKey, base: &str) -> Reply {
    let body = json!({ "recipe": key.recipe, "case": key.case, "run": run, "outcome": outcome, "links": links::all(base, key) });
    match Problem::of(outcome) {
        None => {
            let headers = vec![
                ("content-type", "application/json".to_owned()),
                ("location", links::status(base, key)),
            ];
            Reply::new(StatusCode::OK, headers, body)
        }
        Some(problem) => with_problem(&problem, body, key, base),
    }
}

fn with_problem(problem: &Problem, status: Value, key: &CaseKey, base: &str) -> Reply {
    let mut headers = problem.headers();
    headers.push(("location", links::status(base, key)));
    Reply::new(problem.status, headers, problem.with(status))
}

fn accepted(key: &CaseKey, base: &str) -> Reply {
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("location", links::status(base, key)),
        ("retry-after", RETRY_AFTER.to_string()),
    ];
    let body = json!({ "recipe": key.recipe, "case": key.case, "state": "accepted", "links": links::all(base, key) });
    Reply::new(StatusCode::ACCEPTED, headers, body)
}
