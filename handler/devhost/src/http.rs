//! The host's port: functions by route, then the admin addresses and the Event Grid webhook.

use crate::admin;
use crate::binding_data::Sys;
use crate::firing::{Call, Firing};
use crate::functions::{AuthLevel, Function, HttpTrigger, TriggerKind};
use crate::handler_client::{RawRequest, end_to_end};
use crate::host::Host;
use crate::http_output::Reply;
use crate::invocation::InvocationFault;
use crate::keys::Door;
use crate::log::Level;
use crate::webhook;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use url::form_urlencoded;
use uuid::Uuid;

pub(crate) fn router(host: Arc<Host>) -> Router {
    Router::new().fallback(serve).with_state(host)
}

async fn serve(State(host): State<Arc<Host>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/admin/") {
        admin::serve(host, request).await
    } else if path.eq_ignore_ascii_case("/runtime/webhooks/blobs") {
        webhook::serve(host, request).await
    } else if path == "/" {
        "Your Functions app is up and running".into_response()
    } else {
        serve_function(host, request).await
    }
}

async fn serve_function(host: Arc<Host>, request: Request) -> Response {
    let Some((function, trigger, params)) = find(&host, &request) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let door = match trigger.auth {
        AuthLevel::Anonymous => None,
        AuthLevel::Function => Some(Door::Function(&function.name)),
        AuthLevel::Admin => Some(Door::Admin),
    };
    if door.is_some_and(|door| !host.plan.keys.open(door, &request)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let handler = &host.plan.file.custom_handler;
    let (proxying, forwarding) = (
        handler.enable_proxying_http_request,
        handler.enable_forwarding_http_request,
    );
    if function.is_raw_http() && (proxying || forwarding) {
        pass(&host, &function, request, proxying).await
    } else {
        call(&host, function, params, request).await
    }
}

type Found = (Arc<Function>, HttpTrigger, Vec<(String, String)>);

/// The first function, in alphabetical order, whose route and methods take the request.
fn find(host: &Host, request: &Request) -> Option<Found> {
    let prefix = host.plan.file.extensions.http.route_prefix.trim_matches('/');
    let path = below(request.uri().path(), prefix)?;
    host.plan.functions.iter().find_map(|function| {
        let TriggerKind::Http(trigger) = &function.trigger.kind else {
            return None;
        };
        let captures = trigger
            .takes(request.method().as_str())
            .then(|| trigger.route.captures(path))??;
        Some((Arc::clone(function), trigger.clone(), captures))
    })
}

fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let path = path.trim_start_matches('/');
    if prefix.is_empty() {
        return Some(path);
    }
    let (head, rest) = path.split_at_checked(prefix.len())?;
    let fits = head.eq_ignore_ascii_case(prefix) && (rest.is_empty() || rest.starts_with('/'));
    fits.then_some(rest)
}

/// The body of a request; the error is what to answer.
pub(crate) async fn body(host: &Host, request: Request) -> Result<Bytes, Response> {
    let limit = host.plan.body_limit;
    to_bytes(request.into_body(), limit)
        .await
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())
}

/// JSON mode. Runs on when the caller hangs up.
async fn call(
    host: &Arc<Host>,
    function: Arc<Function>,
    params: Vec<(String, String)>,
    request: Request,
) -> Response {
    let trace = trace(request.headers());
    let call = match read(host, params, request).await {
        Ok(call) => call,
        Err(response) => return response,
    };
    let mut firing = Firing::http(&function, &call, &Sys::now(&function.name));
    firing.trace = Some(trace);
    let shared = Arc::clone(host);
    let invoked = tokio::spawn(async move {
        let running = shared.running();
        let reply = shared.invoke(&firing).await;
        drop(running);
        reply
    });
    match invoked.await {
        Ok(Ok(reply)) => respond(host, reply),
        Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn read(host: &Host, params: Vec<(String, String)>, request: Request) -> Result<Call, Response> {
    let uri = request.uri().clone();
    let authority = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let authority = authority.map_or_else(|| host.plan.address.to_string(), str::to_owned);
    let mut call = Call {
        url: format!("http://{authority}{uri}"),
        method: request.method().to_string(),
        query: joined(uri.query().unwrap_or("")),
        headers: listed(request.headers()),
        params,
        body: None,
    };
    if content_length(request.headers()) > 0 {
        call.body = Some(body(host, request).await?.to_vec());
    }
    Ok(call)
}

fn content_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn joined(query: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match pairs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.extend([",", value.as_ref()]),
            None => pairs.push((name.into_owned(), value.into_owned())),
        }
    }
    pairs
}

fn listed(headers: &HeaderMap) -> Vec<(String, Vec<String>)> {
    let values = |name| {
        headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    headers
        .keys()
        .map(|name| (in_capitals(name.as_str()), values(name).collect()))
        .collect()
}

/// `content-type` as `Content-Type`, the spelling .NET shows.
fn in_capitals(name: &str) -> String {
    let words = name.split('-').map(|word| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + rest,
        None => String::new(),
    });
    words.collect::<Vec<_>>().join("-")
}

/// The caller's trace, or a new one.
fn trace(headers: &HeaderMap) -> String {
    let given = headers.get("traceparent").and_then(|value| value.to_str().ok());
    given.map_or_else(
        || {
            let span = Uuid::new_v4().simple().to_string();
            format!(
                "00-{}-{}-00",
                Uuid::new_v4().simple(),
                span.get(..16).unwrap_or("")
            )
        },
        str::to_owned,
    )
}

fn respond(host: &Host, reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap_or_else(|_| {
        host.log()
            .host(Level::Error, "The HTTP output has a header that cannot be sent.");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// Raw mode: the request goes to the handler under its own path, and its answer back.
async fn pass(host: &Arc<Host>, function: &Function, request: Request, streaming: bool) -> Response {
    let id = Uuid::new_v4();
    let running = host.running();
    let reason = "This function was programmatically called via the host APIs.";
    let work = async {
        if !host.wait_for_handler().await {
            return Err(InvocationFault::NotReady);
        }
        let raw = match raw(host, request, streaming).await {
            Ok(raw) => raw,
            Err(response) => return Ok(response),
        };
        Ok(passed_back(host.client.pass(id, raw).await?))
    };
    let response = host.recorded(function, id, reason, work).await;
    drop(running);
    response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Proxying streams the body and leaves the host's name out; forwarding copies the host's name and drops bodies
/// without a length.
async fn raw(host: &Host, request: Request, streaming: bool) -> Result<RawRequest, Response> {
    let mut headers = request.headers().clone();
    let path_and_query = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let method = request.method().clone();
    let has_length = content_length(&headers) > 0;
    let body = if streaming {
        headers.remove(HOST);
        let has_body = has_length || headers.contains_key(TRANSFER_ENCODING);
        has_body.then(|| reqwest::Body::wrap_stream(request.into_body().into_data_stream()))
    } else if has_length {
        Some(reqwest::Body::from(body(host, request).await?))
    } else {
        None
    };
    Ok(RawRequest {
        method,
        path_and_query,
        headers,
        body,
    })
}

fn passed_back(answer: reqwest::Response) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = end_to_end(answer.headers());
    *response.body_mut() = Body::from_stream(answer.bytes_stream());
    response
}
