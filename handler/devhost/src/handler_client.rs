//! Requests to the handler.

use crate::answer::{Answer, AnswerFault};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use uuid::Uuid;

/// The version this host takes itself for.
pub(crate) const HOST_VERSION: &str = "4.1037.0.0";
const VERSION_HEADER: HeaderName = HeaderName::from_static("x-azure-functions-hostversion");
const INVOCATION_HEADER: HeaderName = HeaderName::from_static("x-azure-functions-invocationid");
const TRACE_HEADER: HeaderName = HeaderName::from_static("traceparent");
/// These belong to one connection and are never passed on.
const HOP_BY_HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallFault {
    #[error("the connection to the handler was refused or broke")]
    Connection,
    #[error(transparent)]
    Answer(#[from] AnswerFault),
}

/// The way to the handler's port.
#[derive(Clone, Debug)]
pub(crate) struct HandlerClient {
    /// `http://127.0.0.1:{port}`.
    pub address: String,
    /// Follows redirects, as the host does with invocations.
    json: reqwest::Client,
    /// Passes redirects on.
    raw: reqwest::Client,
}

/// A raw request on its way to the handler.
pub(crate) struct RawRequest {
    pub method: reqwest::Method,
    pub path_and_query: String,
    pub headers: HeaderMap,
    pub body: Option<reqwest::Body>,
}

impl HandlerClient {
    pub(crate) fn new(port: u16) -> reqwest::Result<Self> {
        let builder = || reqwest::Client::builder().no_proxy();
        Ok(Self {
            address: format!("http://127.0.0.1:{port}"),
            json: builder().build()?,
            raw: builder().redirect(reqwest::redirect::Policy::none()).build()?,
        })
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.raw
    }

    /// One invocation in JSON mode.
    pub(crate) async fn invoke(
        &self,
        function: &str,
        id: Uuid,
        trace: Option<&str>,
        payload: &Value,
    ) -> Result<Answer, CallFault> {
        // A stream has no length, so that the body goes in chunks, as the real host sends it.
        let body = payload.to_string();
        let chunks = futures::stream::iter([Ok::<_, std::convert::Infallible>(body)]);
        let mut request = self
            .json
            .post(format!("{}/{function}", self.address))
            .headers(own_headers(id))
            .header("user-agent", format!("Azure-Functions-Host/{HOST_VERSION}"))
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(reqwest::Body::wrap_stream(chunks));
        if let Some(trace) = trace {
            request = request.header(TRACE_HEADER, trace);
        }
        let response = request.send().await.map_err(|_| CallFault::Connection)?;
        let status = response.status().as_u16();
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let content_type = content_type.map(str::to_owned);
        let body = response.bytes().await.map_err(|_| CallFault::Connection)?;
        Ok(Answer::parse(status, content_type.as_deref(), &body)?)
    }

    /// A request passed on as it came, answered by whatever the handler says.
    pub(crate) async fn pass(&self, id: Uuid, request: RawRequest) -> Result<reqwest::Response, CallFault> {
        let mut headers = end_to_end(&request.headers);
        headers.extend(own_headers(id));
        let url = format!("{}{}", self.address, request.path_and_query);
        let mut passed = self.raw.request(request.method, url).headers(headers);
        if let Some(body) = request.body {
            passed = passed.body(body);
        }
        passed.send().await.map_err(|_| CallFault::Connection)
    }
}

fn own_headers(id: Uuid) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(VERSION_HEADER, HeaderValue::from_static(HOST_VERSION));
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(INVOCATION_HEADER, id);
    }
    headers
}

/// The headers that may be passed on.
pub(crate) fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let kept = headers
        .iter()
        .filter(|(name, _)| !HOP_BY_HOP.contains(&name.as_str()));
    let mut passed = HeaderMap::new();
    for (name, value) in kept {
        passed.append(name.clone(), value.clone());
    }
    passed
}
