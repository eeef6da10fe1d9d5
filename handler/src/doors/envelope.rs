//! What the host sends to a function with bindings.
//!
//! `Data` holds the inputs and `Metadata` the trigger's facts. Strings in both are JSON inside JSON: the value
//! `c1` arrives as `"\"c1\""`. Binary data (base64) and HTTP objects are not. Keys are read by name; others are
//! ignored, for newer hosts add some.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// Why a payload is not what the host sends. Holds no content.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeFault {
    /// The body is no such JSON.
    #[error("the body is not a payload of the Functions host")]
    Body,
    /// A part is missing or of another kind.
    #[error("the payload has no usable `{0}`")]
    Missing(&'static str),
}

/// The id that the host gave an invocation, for the log.
#[must_use]
pub fn invocation(headers: &HeaderMap) -> &str {
    let id = headers
        .get("x-azure-functions-invocationid")
        .and_then(|id| id.to_str().ok());
    // An id in another form than a GUID's is not the host's.
    id.filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'))
        .unwrap_or("unknown")
}

/// Undoes the host's encoding of a value that is a string to the trigger: JSON inside a JSON string.
fn text(value: &Value) -> Option<String> {
    let outer = value.as_str()?;
    match serde_json::from_str(outer) {
        Ok(Value::String(inner)) => Some(inner),
        // Not encoded twice: an id such as `1234` is JSON by itself.
        _ => Some(outer.to_owned()),
    }
}

/// A blob event: the content is in the payload as well, and not looked at.
#[derive(Debug, PartialEq, Eq)]
pub struct BlobEvent {
    /// The blob's address.
    pub uri: String,
    /// What the trigger's path pattern caught, by name.
    pub captures: BTreeMap<String, String>,
}

/// The payload of one invocation.
pub struct Invocation;

#[derive(Deserialize)]
struct Envelope<D> {
    #[serde(rename = "Data")]
    data: D,
    #[serde(rename = "Metadata", default)]
    metadata: BTreeMap<String, Value>,
}

fn parse<'a, D: Deserialize<'a>>(body: &'a [u8]) -> Result<Envelope<D>, EnvelopeFault> {
    serde_json::from_slice(body).map_err(|_| EnvelopeFault::Body)
}

impl Invocation {
    /// A blob trigger's event with the captures `names`.
    pub fn blob(body: &[u8], names: &[&str]) -> Result<BlobEvent, EnvelopeFault> {
        let envelope: Envelope<IgnoredAny> = parse(body)?;
        let uri = envelope
            .metadata
            .get("Uri")
            .and_then(text)
            .ok_or(EnvelopeFault::Missing("Uri"))?;
        let captures = names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), envelope.metadata.get(*name).and_then(text)?)))
            .collect();
        Ok(BlobEvent { uri, captures })
    }

    /// A queue trigger's message: the text of the binding `name`.
    pub fn message(body: &[u8], name: &'static str) -> Result<String, EnvelopeFault> {
        let envelope: Envelope<BTreeMap<String, Value>> = parse(body)?;
        let value = envelope.data.get(name).ok_or(EnvelopeFault::Missing("message"))?;
        match value {
            Value::String(_) => text(value).ok_or(EnvelopeFault::Missing("message")),
            // A host that sends a JSON message as an object.
            other => Ok(other.to_string()),
        }
    }

    /// When a queue trigger's message was put on its queue, if the host says so.
    #[must_use]
    pub fn inserted(body: &[u8]) -> Option<jiff::Timestamp> {
        let envelope: Envelope<IgnoredAny> = parse(body).ok()?;
        text(envelope.metadata.get("InsertionTime")?)?.parse().ok()
    }

    /// An HTTP trigger's request in the binding `req`.
    pub fn http(body: &[u8]) -> Result<HttpCall, EnvelopeFault> {
        #[derive(Deserialize)]
        struct Data {
            req: HttpCall,
        }
        let envelope: Envelope<Data> = parse(body)?;
        Ok(envelope.data.req)
    }
}

/// An HTTP request as the host hands it on.
#[derive(Debug, Deserialize)]
pub struct HttpCall {
    /// The whole address, query included. Function keys may be in it: never log it.
    #[serde(rename = "Url", default)]
    pub url: String,
    /// Query values by name.
    #[serde(rename = "Query", default)]
    pub query: BTreeMap<String, String>,
    /// Header values by name.
    #[serde(rename = "Headers", default)]
    pub headers: BTreeMap<String, Value>,
    /// What the route caught, by name.
    #[serde(rename = "Params", default)]
    pub params: BTreeMap<String, String>,
    /// The body as text; base64 of it for binary content types. Absent when the request had no length or none.
    #[serde(rename = "Body", default)]
    pub body: Option<Value>,
}

impl HttpCall {
    /// The first value of a header, in any case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.values(name).first().copied()
    }

    /// All values of a header, in any case of its name. One that is no text is an empty one, and counts.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<&str> {
        let named = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let values = named.flat_map(|(_, value)| match value {
            Value::Array(values) => values.as_slice(),
            other => std::slice::from_ref(other),
        });
        values.map(|value| value.as_str().unwrap_or("")).collect()
    }

    /// Whether the host dropped the body: it hands bodies on only when their length was declared.
    #[must_use]
    pub fn dropped_body(&self) -> bool {
        self.body.is_none()
            && self
                .header("content-length")
                .is_none_or(|length| length.trim() != "0")
    }

    /// The body as text; empty when there is none.
    pub fn text(&self) -> Result<String, EnvelopeFault> {
        match &self.body {
            None => Ok(String::new()),
            Some(Value::String(text)) => self.undo_binary(text),
            Some(other) => Ok(other.to_string()),
        }
    }

    /// The host hands these two content types on as base64.
    fn undo_binary(&self, text: &str) -> Result<String, EnvelopeFault> {
        use base64::Engine as _;
        let kind = self.header("content-type").unwrap_or("").to_ascii_lowercase();
        if !(kind.starts_with("application/octet-stream") || kind.starts_with("multipart/")) {
            return Ok(text.to_owned());
        }
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|_| EnvelopeFault::Body)?;
        String::from_utf8(bytes).map_err(|_| EnvelopeFault::Body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_encoded_twice_are_read_once() {
        for (wire, expected) in [
            (r#""\"c1\"""#, Some("c1")),
            (r#""1234""#, Some("1234")),
            (r#""plain""#, Some("plain")),
            (r#""\"a \\\"b\\\"\"""#, Some("a \"b\"")),
            ("7", None),
            ("null", None),
        ] {
            let value: Value = serde_json::from_str(wire).unwrap();
            assert_eq!(text(&value).as_deref(), expected, "{wire}");
        }
    }

    #[test]
    fn a_body_without_length_was_dropped() {
        let call = |json: &str| serde_json::from_str::<HttpCall>(json).unwrap();
        assert!(call(r#"{"Headers":{"Transfer-Encoding":["chunked"]}}"#).dropped_body());
        assert!(!call(r#"{"Headers":{"content-length":["0"]}}"#).dropped_body());
        assert!(!call(r#"{"Headers":{"Content-Length":["2"]},"Body":"{}"}"#).dropped_body());
        assert!(call(r#"{"Headers":{"Content-Length":["2"]}}"#).dropped_body());
    }
}
