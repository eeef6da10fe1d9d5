//! The host's admin addresses: what there is, how it is, fire a function by hand.

use crate::binding_data::Sys;
use crate::blob_trigger;
use crate::firing::{Delivery, Firing};
use crate::functions::{Function, TriggerKind};
use crate::handler_client::HOST_VERSION;
use crate::host::Host;
use crate::http::body;
use crate::keys::{self, Door, Scope};
use crate::log::Level;
use crate::supervisor::Order;
use axum::Json;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    input: String,
}

pub(crate) async fn serve(host: Arc<Host>, request: Request) -> Response {
    if !host.plan.keys.open(Door::Admin, &request) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let path = request
        .uri()
        .path()
        .trim_start_matches("/admin/")
        .trim_end_matches('/')
        .to_owned();
    let parts: Vec<&str> = path.split('/').collect();
    match (request.method().clone(), parts.as_slice()) {
        (Method::GET, ["host", "status"]) => Json(status(&host)).into_response(),
        (Method::GET | Method::POST, ["host", "ping"]) => StatusCode::OK.into_response(),
        (Method::POST, ["host", "restart"]) => {
            host.order(Order::Restart);
            StatusCode::ACCEPTED.into_response()
        }
        (Method::GET, ["host", "config"]) => Json(&host.plan.file.whole).into_response(),
        (Method::POST, ["host", "drain"]) => {
            host.hold();
            StatusCode::ACCEPTED.into_response()
        }
        (Method::GET, ["host", "drain", "status"]) => Json(drained(&host)).into_response(),
        (Method::POST, ["host", "resume"]) => {
            host.resume();
            Json(json!({ "state": state(&host) })).into_response()
        }
        (_, ["host", "keys" | "functionkeys", name @ ..]) if name.len() < 2 => {
            keys::serve(&host, Scope::Host, name.first().copied(), request).await
        }
        (_, ["host", "systemkeys", name @ ..]) if name.len() < 2 => {
            keys::serve(&host, Scope::System, name.first().copied(), request).await
        }
        (_, ["functions", function, "keys", name @ ..]) if name.len() < 2 => {
            keys::serve(&host, Scope::Function(function), name.first().copied(), request).await
        }
        (Method::GET, ["functions"]) => Json(functions(&host)).into_response(),
        (Method::GET, ["functions", name]) => match host.function(name) {
            Some(function) => Json(told(function)).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        (Method::GET, ["functions", name, "status"]) => function_status(&host, name),
        (Method::POST, ["functions", name]) => fire(&host, name, request).await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn state(host: &Host) -> &'static str {
    if host.handler.borrow().ready {
        "Running"
    } else {
        "Starting"
    }
}

/// How far draining is: completed when nothing runs any more.
fn drained(host: &Host) -> Value {
    let outstanding = host.outstanding();
    let state = match (host.is_held(), outstanding) {
        (false, _) => "Disabled",
        (true, 0) => "Completed",
        (true, _) => "InProgress",
    };
    json!({ "state": state, "outstandingInvocations": outstanding, "outstandingRetries": 0 })
}

/// What keeps a function from running, if anything does.
fn function_status(host: &Host, name: &str) -> Response {
    let faults = host.plan.faulty.iter();
    let mut faults = faults.filter(|(faulty, _)| faulty.eq_ignore_ascii_case(name));
    match (faults.next(), host.function(name)) {
        (Some((_, fault)), _) => Json(json!({ "errors": [fault] })).into_response(),
        (None, Some(_)) => Json(json!({ "errors": null })).into_response(),
        (None, None) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn told(function: &Function) -> Value {
    json!({ "name": function.name, "trigger": function.trigger_name() })
}

fn status(host: &Host) -> Value {
    let state = state(host);
    json!({
        "id": host.plan.id,
        "state": state,
        "version": HOST_VERSION,
        "versionDetails": HOST_VERSION,
        "instanceId": host.plan.id,
        "processUptime": u64::try_from(host.started.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

fn functions(host: &Host) -> Value {
    let listed = host.plan.functions.iter().map(|function| told(function));
    listed.collect()
}

async fn fire(host: &Arc<Host>, name: &str, request: Request) -> Response {
    let Some(function) = host.function(name).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = match body(host, request).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let Ok(Input { input }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if matches!(function.trigger.kind, TriggerKind::Http(_)) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let host = Arc::clone(host);
    tokio::spawn(async move { fire_by_hand(&host, &function, &input).await });
    StatusCode::ACCEPTED.into_response()
}

/// What goes wrong here is in the log; the caller has its 202 long since.
async fn fire_by_hand(host: &Arc<Host>, function: &Arc<Function>, input: &str) {
    let running = host.running();
    let sys = Sys::now(&function.name);
    let firing = match &function.trigger.kind {
        TriggerKind::Blob(trigger) => blob_trigger::by_hand(host, function, trigger, input).await,
        TriggerKind::Queue { .. } => Ok(Some(Firing::queue(function, &Delivery::by_hand(input), &sys))),
        TriggerKind::Timer { .. } => Ok(Some(Firing::timer(function, &sys))),
        TriggerKind::Http(_) => Ok(None),
    };
    let complaint = match firing {
        Ok(Some(firing)) => host.invoke(&firing).await.err().map(|fault| fault.to_string()),
        Ok(None) => Some("there is no such blob".to_owned()),
        Err(error) => Some(error.to_string()),
    };
    if let Some(complaint) = complaint {
        host.log().host(
            Level::Error,
            format!("Called by hand, 'Functions.{}': {complaint}", function.name),
        );
    }
    drop(running);
}
