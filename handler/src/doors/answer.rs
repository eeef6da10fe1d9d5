//! What the host is answered.
//!
//! Every output is base64 without a `dataType` on its binding: only so do the host's conversions leave the bytes
//! alone. A success is always 200 with a JSON object; an empty answer would hang the invocation until the time-out
//! that kills all others with it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drafting::id::RunId;
use serde_json::{Map, Value, json};

use crate::paths::CaseKey;
use crate::workflow::{Artifacts, Confirmation, Step};

/// Outputs for the host to write.
#[derive(Default)]
pub struct Answer(Map<String, Value>);

impl Answer {
    /// The outputs of a step of the workflow.
    #[must_use]
    pub fn of(key: &CaseKey, step: &Step) -> Self {
        match step {
            Step::Give { run, artifacts, .. } => Self::default().with_results(key, run, artifacts),
            Step::Settled(_) | Step::Delayed | Step::Failed => Self::default(),
        }
    }

    fn with_results(mut self, key: &CaseKey, run: &RunId, artifacts: &Artifacts) -> Self {
        for (artifact, bytes) in artifacts {
            self.0
                .insert(artifact.binding().into(), Value::String(STANDARD.encode(bytes)));
        }
        let confirmation = Confirmation::new(key, run).to_json();
        self.0.insert(
            "confirmation".into(),
            Value::String(STANDARD.encode(confirmation)),
        );
        self
    }

    /// Adds the answer to an HTTP caller.
    #[must_use]
    pub fn with_http(mut self, status: StatusCode, headers: &[(&str, String)], body: &Value) -> Self {
        let headers: Map<String, Value> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
            .collect();
        let response = json!({ "statusCode": status.as_u16(), "headers": headers, "body": body.to_string() });
        self.0.insert("res".into(), response);
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        Json(json!({ "Outputs": self.0, "Logs": [], "ReturnValue": null })).into_response()
    }
}

/// The invocation failed; the host throws the body away, so the reason must be in the log already.
#[must_use]
pub fn failed() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
