//! What the host is answered.
//!
//! Every output is base64 without a `dataType` on its binding: only so do the host's conversions leave the bytes
//! alone. A success is always 200 with a JSON object; an empty answer would hang the invocation until the time-out
//! that kills all others with it.
//!
//! The body is made while it is sent, a piece at a time: results are large, base64 of them larger, and many runs may
//! end at once.

use std::convert::Infallible;
use std::iter;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use drafting::id::RunId;
use futures_util::stream;
use serde_json::{Map, Value, json};

use crate::paths::CaseKey;
use crate::routine::Artifacts;
use crate::workflow::{Confirmation, Step};

/// Bytes that are encoded at a time: a multiple of three, so that no piece but the last is padded.
const PIECE: usize = 48 * 1024;

/// Outputs for the host to write.
#[derive(Default)]
pub struct Answer {
    /// Bindings whose bytes go out as base64. Their names and base64 need no escapes in JSON.
    encoded: Vec<(&'static str, Bytes)>,
    /// The answer to an HTTP caller.
    response: Option<Value>,
}

impl Answer {
    /// The outputs of a step of the workflow.
    #[must_use]
    pub fn of(key: &CaseKey, step: Step) -> Self {
        match step {
            Step::Give { run, artifacts, .. } => Self::default().with_results(key, &run, artifacts),
            Step::Settled(_) | Step::Delayed | Step::Failed => Self::default(),
        }
    }

    fn with_results(mut self, key: &CaseKey, run: &RunId, artifacts: Artifacts) -> Self {
        let confirmation = Confirmation::new(key, run).to_json();
        self.encoded.extend(
            artifacts
                .into_iter()
                .map(|(artifact, bytes)| (artifact.binding(), bytes)),
        );
        self.encoded.push(("confirmation", confirmation.into()));
        self
    }

    /// Adds the answer to an HTTP caller.
    #[must_use]
    pub fn with_http(mut self, status: StatusCode, headers: &[(&str, String)], body: &Value) -> Self {
        let headers: Map<String, Value> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
            .collect();
        self.response =
            Some(json!({ "statusCode": status.as_u16(), "headers": headers, "body": body.to_string() }));
        self
    }

    /// The parts of the body in order.
    fn parts(self) -> Vec<Part> {
        let mut parts = vec![Part::text(r#"{"Outputs":{"#)];
        let mut comma = "";
        for (name, bytes) in self.encoded {
            parts.push(Part::text(format!(r#"{comma}"{name}":""#)));
            parts.push(Part::Encoded(bytes));
            parts.push(Part::text(r#"""#));
            comma = ",";
        }
        if let Some(response) = self.response {
            parts.push(Part::text(format!(r#"{comma}"res":{response}"#)));
        }
        parts.push(Part::text(r#"},"Logs":[],"ReturnValue":null}"#));
        parts
    }
}

/// A part of an answer's body.
enum Part {
    /// Goes out as it is.
    Text(Bytes),
    /// Goes out as base64.
    Encoded(Bytes),
}

impl Part {
    fn text(text: impl Into<Bytes>) -> Self {
        Self::Text(text.into())
    }

    /// Bytes on the wire.
    fn length(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Encoded(bytes) => bytes.len().div_ceil(3) * 4,
        }
    }

    /// What goes out, piece by piece; the bytes are let go with the last.
    fn pieces(self) -> impl Iterator<Item = Bytes> {
        let (whole, mut rest) = match self {
            Self::Text(text) => (Some(text), Bytes::new()),
            Self::Encoded(bytes) => (None, bytes),
        };
        let encoded = iter::from_fn(move || {
            let piece = rest.split_to(rest.len().min(PIECE));
            (!piece.is_empty()).then(|| STANDARD.encode(piece).into())
        });
        whole.into_iter().chain(encoded)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let parts = self.parts();
        // The length is known, and a reader that knows it too makes room once.
        let length: usize = parts.iter().map(Part::length).sum();
        let pieces = parts.into_iter().flat_map(Part::pieces).map(Ok::<_, Infallible>);
        let head = [
            (CONTENT_TYPE, "application/json".to_owned()),
            (CONTENT_LENGTH, length.to_string()),
        ];
        (head, Body::from_stream(stream::iter(pieces))).into_response()
    }
}

/// The invocation failed; the host throws the body away, so the reason must be in the log already.
#[must_use]
pub fn failed() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_json_of_the_length_that_it_says() {
        for size in [0, 1, 2, 3, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 2] {
            let bytes: Bytes = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let mut answer = Answer::default().with_http(StatusCode::OK, &[], &json!({ "a": "\"" }));
            answer.encoded = vec![("draft", bytes.clone()), ("confirmation", Bytes::from("{}"))];
            let response = answer.into_response();
            let length: usize = response.headers()[CONTENT_LENGTH]
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX)
                .await
                .unwrap();
            assert_eq!(body.len(), length);
            let read: Value = serde_json::from_slice(&body).unwrap();
            let draft = read["Outputs"]["draft"].as_str().unwrap();
            assert_eq!(STANDARD.decode(draft).unwrap(), bytes);
            assert_eq!(read["Outputs"]["res"]["body"], r#"{"a":"\""}"#);
            assert_eq!(read["ReturnValue"], Value::Null);
        }
    }
}
