//! The webhook that Event Grid calls for blob triggers.

use crate::blob_trigger::BlobEvent;
use crate::host::Host;
use crate::http::body;
use crate::keys::{BLOBS, Door};
use crate::log::Level;
use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use url::{Host as Name, Url, form_urlencoded};

#[derive(Deserialize)]
struct Event {
    data: EventData,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventData {
    url: String,
    e_tag: String,
}

pub(crate) async fn serve(host: Arc<Host>, request: Request) -> Response {
    if !host.plan.keys.open(Door::Webhook(BLOBS), &request) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let kind = request
        .headers()
        .get("aeg-event-type")
        .and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or("").to_owned();
    let query = request.uri().query().unwrap_or("").to_owned();
    let name = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "functionName");
    let name = name.map(|(_, value)| value.trim_start_matches("Host.Functions.").to_owned());
    let function = name.and_then(|name| host.function(&name).map(|function| function.name.clone()));
    let Some(function) = function else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = match body(&host, request).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    match kind.as_str() {
        "SubscriptionValidation" => validation(&body),
        "Notification" => notification(&host, &function, &body).await,
        "Unsubscribe" => StatusCode::ACCEPTED.into_response(),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn validation(body: &[u8]) -> Response {
    let code = serde_json::from_slice::<Value>(body).ok();
    let code = code
        .as_ref()
        .and_then(|events| events.pointer("/0/data/validationCode")?.as_str());
    match code {
        Some(code) => Json(json!({ "validationResponse": code })).into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Each event is queued; the function runs after the answer.
async fn notification(host: &Host, function: &str, body: &[u8]) -> Response {
    let Ok(events) = serde_json::from_slice::<Vec<Event>>(body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    for Event { data } in events {
        let Some((container, blob)) = place(&data.url) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let event = BlobEvent::new(function, &container, &blob, &data.e_tag);
        if let Err(error) = event.send(host).await {
            host.log().host(
                Level::Error,
                format!("An Event Grid event cannot be queued: {error}"),
            );
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    StatusCode::ACCEPTED.into_response()
}

/// Container and name in a blob's address; the emulator's addresses have the account first.
fn place(address: &str) -> Option<(String, String)> {
    let address = Url::parse(address).ok()?;
    let path = percent_decode_str(address.path())
        .decode_utf8()
        .ok()?
        .into_owned();
    let path = path.trim_start_matches('/');
    let emulated = match address.host()? {
        Name::Domain(name) => !name.contains('.'),
        Name::Ipv4(_) | Name::Ipv6(_) => true,
    };
    let path = if emulated { path.split_once('/')?.1 } else { path };
    let (container, blob) = path.split_once('/')?;
    Some((container.to_owned(), blob.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn addresses_name_container_and_blob() {
        let check = |address: &str, expected: Option<(&str, &str)>| {
            let expected = expected.map(|(container, blob)| (container.to_owned(), blob.to_owned()));
            assert_eq!(place(address), expected, "{address}");
        };
        check(
            "http://127.0.0.1:1/devstoreaccount1/in/a%20b/c.docx",
            Some(("in", "a b/c.docx")),
        );
        check("http://localhost:1/devstoreaccount1/in/c", Some(("in", "c")));
        check(
            "https://acct.blob.core.windows.net/in/a/c.docx",
            Some(("in", "a/c.docx")),
        );
        check("https://acct.blob.core.windows.net/in", None);
        check("nonsense", None);
    }
}
