//! What a trigger hands over: the value and all that is known by name.

use crate::binding_data::{BindingData, Datum, Sys};
use crate::functions::{DataType, Function, HttpTrigger};
use azure::{Blob, ETag, Message, Url};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Everything but what RFC 3986 leaves unreserved, as .NET writes blob addresses.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// One invocation in the making.
#[derive(Clone, Debug)]
pub(crate) struct Firing {
    pub function: Arc<Function>,
    pub reason: String,
    pub value: Datum,
    pub data: BindingData,
    pub trace: Option<String>,
}

impl Firing {
    fn new(function: &Arc<Function>, reason: String, value: Datum, data: BindingData) -> Self {
        Self {
            function: Arc::clone(function),
            reason,
            value,
            data,
            trace: None,
        }
    }

    /// `captures` are those of the trigger's path.
    pub(crate) fn blob(
        function: &Arc<Function>,
        address: &str,
        blob: &Blob,
        captures: Vec<(String, String)>,
        sys: &Sys,
    ) -> Self {
        let mut data = BindingData::default();
        data.set("Uri", Datum::Text(address.to_owned()));
        data.set("Properties", Datum::Json(blob_properties(&blob.etag, blob)));
        data.set("Metadata", Datum::Json(json!(blob.metadata)));
        let value = content(&blob.bytes, function.trigger.data_type);
        if let Datum::Text(text) = &value {
            data.set_properties_of(text);
        }
        for (name, captured) in captures {
            data.set(&name, Datum::Text(captured));
        }
        data.set("sys", sys.datum());
        Self::new(function, "New blob detected".to_owned(), value, data)
    }

    pub(crate) fn queue(function: &Arc<Function>, message: &Delivery, sys: &Sys) -> Self {
        let mut data = BindingData::default();
        data.set("DequeueCount", Datum::Json(json!(message.dequeue_count)));
        data.set("ExpirationTime", Datum::Moment(message.expires));
        data.set("Id", Datum::Text(message.id.clone()));
        data.set("InsertionTime", Datum::Moment(message.inserted));
        data.set("NextVisibleTime", Datum::Moment(message.next_visible));
        data.set("PopReceipt", Datum::Text(message.pop_receipt.clone()));
        let value = content(&message.body, function.trigger.data_type);
        if let Datum::Text(text) = &value {
            data.set_properties_of(text);
        }
        data.set("sys", sys.datum());
        Self::new(function, "New queue message detected".to_owned(), value, data)
    }

    pub(crate) fn http(function: &Arc<Function>, call: &Call, sys: &Sys) -> Self {
        let mut data = BindingData::default();
        // In this order: what the route caught stands, whatever the body or the query call by the same name.
        if let Some(body) = &call.body {
            data.set_properties_of(&text(body));
        }
        let query = call
            .query
            .iter()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("code"));
        for (name, value) in query.chain(&call.params) {
            data.set(name, Datum::Text(value.clone()));
        }
        let joined = |pairs: &[(String, String)]| {
            let object = pairs
                .iter()
                .map(|(name, value)| (name.clone(), Value::String(value.clone())));
            Datum::Json(Value::Object(object.collect()))
        };
        data.set("Query", joined(&call.query));
        let headers: Vec<_> = call
            .headers
            .iter()
            .map(|(name, values)| (name.clone(), values.join(", ")))
            .collect();
        data.set("Headers", joined(&headers));
        data.set("sys", sys.datum());
        let reason = "This function was programmatically called via the host APIs.".to_owned();
        Self::new(function, reason, Datum::Json(call.object()), data)
    }

    pub(crate) fn timer(function: &Arc<Function>, sys: &Sys) -> Self {
        let mut data = BindingData::default();
        data.set("sys", sys.datum());
        let value = Datum::Json(crate::timer::value());
        Self::new(function, "Timer fired".to_owned(), value, data)
    }

    /// The body of the request to the handler. Inputs come after the trigger's value.
    pub(crate) fn payload(&self, inputs: &[(String, Datum)]) -> Value {
        let mut values = Map::new();
        values.insert(self.function.trigger.name.clone(), self.value.encode());
        values.extend(inputs.iter().map(|(name, datum)| (name.clone(), datum.encode())));
        json!({ "Data": values, "Metadata": self.data.encode() })
    }
}

/// A queue message as a trigger sees it, decoded.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub id: String,
    pub pop_receipt: String,
    pub body: Vec<u8>,
    pub dequeue_count: u32,
    pub inserted: Timestamp,
    pub expires: Timestamp,
    pub next_visible: Timestamp,
}

impl Delivery {
    pub(crate) fn new(message: &Message, body: Vec<u8>) -> Self {
        Self {
            id: message.id.clone(),
            pop_receipt: message.pop_receipt.clone(),
            body,
            dequeue_count: message.dequeue_count,
            inserted: message.inserted,
            expires: message.expires,
            next_visible: message.next_visible,
        }
    }

    /// What the admin address makes of a text: no message was ever in a queue.
    pub(crate) fn by_hand(text: &str) -> Self {
        let now = Timestamp::now();
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            pop_receipt: String::new(),
            body: text.as_bytes().to_vec(),
            dequeue_count: 0,
            inserted: now,
            expires: now,
            next_visible: now,
        }
    }
}

/// An HTTP request to a function in JSON mode.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    pub url: String,
    pub method: String,
    /// Repeated names joined by commas.
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, Vec<String>)>,
    /// The captures of the route.
    pub params: Vec<(String, String)>,
    /// None where the request had no `Content-Length` above zero: the host then drops the body.
    pub body: Option<Vec<u8>>,
}

impl Call {
    /// The trigger's value.
    fn object(&self) -> Value {
        let texts = |pairs: &[(String, String)]| {
            let object = pairs
                .iter()
                .map(|(name, value)| (name.clone(), Value::String(value.clone())));
            Value::Object(object.collect())
        };
        let headers = self
            .headers
            .iter()
            .map(|(name, values)| (name.clone(), json!(values)));
        let mut object = json!({
            "Url": self.url,
            "Method": self.method,
            "Query": texts(&self.query),
            "Headers": Value::Object(headers.collect()),
            "Params": texts(&self.params),
            "Identities": [{ "AuthenticationType": null, "Claims": [] }],
        });
        if let (Some(body), Some(fields)) = (&self.body, object.as_object_mut()) {
            fields.insert("Body".to_owned(), Value::String(self.body_text(body)));
        }
        object
    }

    /// Only two content types count as binary; everything else is read as text, whatever that does to it.
    fn body_text(&self, body: &[u8]) -> String {
        use base64::Engine;
        let content_type = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let content_type = content_type
            .and_then(|(_, values)| values.first())
            .map_or("", String::as_str);
        let content_type = content_type.to_ascii_lowercase();
        if content_type.starts_with("application/octet-stream") || content_type.starts_with("multipart/") {
            base64::engine::general_purpose::STANDARD.encode(body)
        } else {
            text(body)
        }
    }
}

impl HttpTrigger {
    /// Whether the trigger takes requests of this method.
    pub(crate) fn takes(&self, method: &str) -> bool {
        self.methods
            .as_ref()
            .is_none_or(|methods| methods.contains(method))
    }
}

/// Bytes as .NET's reader of text hands them over, or untouched.
pub(crate) fn content(bytes: &[u8], data_type: DataType) -> Datum {
    match data_type {
        DataType::Binary => Datum::Bytes(bytes.to_vec()),
        DataType::String | DataType::Stream => Datum::Text(text(bytes)),
    }
}

/// UTF-8 without its mark; what is none becomes U+FFFD and is lost.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8_lossy(bytes).into_owned()
}

/// A blob's address with every segment escaped.
pub(crate) fn blob_address(endpoint: &Url, container: &str, name: &str) -> String {
    let path: Vec<String> = name
        .split('/')
        .map(|segment| utf8_percent_encode(segment, ESCAPED).to_string())
        .collect();
    format!(
        "{}/{container}/{}",
        endpoint.as_str().trim_end_matches('/'),
        path.join("/")
    )
}

/// A part of the SDK's properties; handlers should take none of it for granted.
fn blob_properties(etag: &ETag, blob: &Blob) -> Value {
    json!({
        "LastModified": blob.last_modified.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        "BlobType": 0,
        "LeaseState": 0,
        "LeaseStatus": 1,
        "ContentLength": blob.bytes.len(),
        "ContentType": blob.content_type.as_deref().unwrap_or("application/octet-stream"),
        "ETag": etag.as_str(),
        "IsServerEncrypted": true,
    })
}

#[cfg(test)]
mod tests {
    use super::{Call, blob_address, text};
    use serde_json::json;

    #[test]
    fn addresses_are_escaped_by_segment() {
        let endpoint = "http://127.0.0.1:1/devstoreaccount1".parse().expect("address");
        assert_eq!(
            blob_address(&endpoint, "in", "a b/Å (2)#.docx"),
            "http://127.0.0.1:1/devstoreaccount1/in/a%20b/%C3%85%20%282%29%23.docx"
        );
    }

    #[test]
    fn a_body_is_text_but_for_two_content_types() {
        let check = |content_type: &str, body: &[u8], expected: &str| {
            let headers = vec![("Content-Type".to_owned(), vec![content_type.to_owned()])];
            let call = Call {
                headers,
                body: Some(body.to_vec()),
                ..Call::default()
            };
            assert_eq!(call.object()["Body"], json!(expected), "{content_type}");
        };
        check("application/json", b"{}", "{}");
        check("application/octet-stream", b"PK\x03\x04", "UEsDBA==");
        check("multipart/form-data; boundary=x", b"PK\x03\x04", "UEsDBA==");
        check("application/pdf", b"\xffPDF", "\u{fffd}PDF");
        assert_eq!(text(b"\xef\xbb\xbfhello"), "hello");
        assert!(Call::default().object().get("Body").is_none());
    }
}
