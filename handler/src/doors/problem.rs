//! Errors for HTTP callers: `application/problem+json` (RFC 9457) with a stable code.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use drafting::check::RunOutcome;
use serde_json::{Value, json};
use telemetry::{Attribute, Counter, add, key};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem that a caller can act on.
#[derive(Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable code, such as `case-id`.
    pub code: &'static str,
    /// What is wrong and what to do, without anything of the request's content.
    pub detail: String,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// How to sign in, for the header `WWW-Authenticate` (RFC 6750).
    pub challenge: Option<&'static str>,
}

impl Problem {
    /// A problem that repeating the same request will not mend.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            retry_after: None,
            challenge: None,
        }
    }

    /// A passing fault of the app.
    #[must_use]
    pub fn passing() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: "unavailable",
            detail: "the app cannot reach its storage now; try again".into(),
            retry_after: Some(30),
            challenge: None,
        }
    }

    /// Nothing is at the address.
    #[must_use]
    pub fn no_such_door() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no-such-door",
            "there is nothing at this address",
        )
    }

    /// No such recipe, or none for this caller: the two are told alike.
    #[must_use]
    pub fn no_such_recipe() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no-such-recipe",
            "there is no recipe of that name; `GET /api/recipes` lists them",
        )
    }

    /// Its JSON form.
    #[must_use]
    pub fn body(&self) -> Value {
        json!({
            "type": format!("urn:golden-thread:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        })
    }

    /// Its JSON form with the members of a status, so that a flow sees both.
    #[must_use]
    pub fn with(&self, status: Value) -> Value {
        let mut body = self.body();
        if let (Some(body), Value::Object(status)) = (body.as_object_mut(), status) {
            for (name, value) in status {
                body.entry(name).or_insert(value);
            }
        }
        body
    }

    /// The problem that a run without a draft is; `None` where there is a draft.
    #[must_use]
    pub fn of(outcome: &RunOutcome) -> Option<Self> {
        match outcome {
            RunOutcome::Ready | RunOutcome::NeedsReview => None,
            RunOutcome::Refused { reason } => Some(Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "refused",
                reason.clone(),
            )),
            RunOutcome::Failed { stage } => Some(Self::failed(stage.clone())),
        }
    }

    /// Somebody stopped the draft.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "cancelled",
            "the draft was cancelled; ask for it again, or upload something, to have it made",
        )
    }

    /// The app gave the case up.
    #[must_use]
    pub fn failed(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", reason)
    }

    /// Counts it among the refusals.
    pub fn count(&self) {
        add(Counter::Refusals, 1, &[Attribute::new(key::REASON, self.code)]);
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("content-type", MEDIA_TYPE.to_owned())];
        headers.extend(
            self.retry_after
                .map(|seconds| ("retry-after", seconds.to_string())),
        );
        headers.extend(
            self.challenge
                .map(|challenge| ("www-authenticate", challenge.to_owned())),
        );
        headers
    }
}

/// What the framework refuses by itself is told in the app's words: its own are plain text and quote what was sent.
pub async fn in_own_words(response: Response) -> Response {
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let own = kind.is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
    if !refused || own {
        return response;
    }
    let status = response.status();
    let (code, detail) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "the body has more bytes than this address takes"),
        StatusCode::BAD_REQUEST => ("address", "a part of the address is not what belongs there"),
        _ => (
            "request",
            "the request cannot be taken as it is: look at its address, its length and its type",
        ),
    };
    Problem::new(status, code, detail).into_response()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.count();
        let mut response = (self.status, Json(self.body())).into_response();
        for (name, value) in self.headers() {
            if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
