//! What the web framework answers by itself, as plain text, is told as a problem: an address that it cannot take apart, a body
//! of more bytes than its door takes.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;

/// The answer in the form of all others. Only the framework answers with a client's error in plain text.
pub(super) async fn told(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let status = response.status();
    if !plain || !status.is_client_error() {
        return response;
    }
    let (code, detail) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "the body has more bytes than this address takes"),
        _ => ("address", "a part of the address is not what belongs there"),
    };
    Problem::new(status, code, detail).into_response()
}
