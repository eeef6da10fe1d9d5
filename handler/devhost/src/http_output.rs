//! What the caller of an HTTP function gets.

use crate::answer::Answer;
use crate::functions::DataType;
use crate::outputs::{OutputValue, net_text};
use serde_json::{Map, Value};

/// Why an HTTP output fails the invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HttpOutputFault {
    #[error("the HTTP output must be an object with `statusCode`, `headers` and `body`")]
    Shape,
    #[error("the HTTP output's headers must be an object of plain values")]
    Headers,
    #[error("the HTTP output's status is none")]
    Status,
}

/// A reply, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    fn plain(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    /// A success without content.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The reply that the output binding called `name` makes of an answer.
    pub(crate) fn from_answer(answer: &Answer, name: &str) -> Result<Self, HttpOutputFault> {
        if name == "$return" {
            return returned(&answer.return_value);
        }
        let Some(outputs) = &answer.outputs else {
            return Ok(Self::empty(200));
        };
        let Some(value) = outputs.get(name) else {
            return Ok(Self::plain(200, "application/json; charset=utf-8", "{}"));
        };
        let object = match OutputValue::new(value.clone(), DataType::String) {
            OutputValue::Json(Value::Object(object)) => object,
            OutputValue::Json(Value::String(text)) => {
                serde_json::from_str(&text).map_err(|_| HttpOutputFault::Shape)?
            }
            _ => return Err(HttpOutputFault::Shape),
        };
        from_object(&object)
    }
}

/// Without names: bytes stay bytes, an object with a known name is a reply, everything else is the body.
fn returned(value: &Value) -> Result<Reply, HttpOutputFault> {
    match OutputValue::new(value.clone(), DataType::String) {
        OutputValue::Bytes(bytes) => Ok(Reply::plain(200, "application/octet-stream", bytes)),
        OutputValue::Date(_) => Ok(text_reply(value)),
        OutputValue::Json(Value::Null) => Ok(Reply::empty(200)),
        OutputValue::Json(Value::Object(object)) if is_reply(&object) => from_object(&object),
        OutputValue::Json(other) => Ok(text_reply(&other)),
    }
}

fn text_reply(value: &Value) -> Reply {
    let json = value.is_object() || value.is_array();
    let content_type = if json {
        "application/json; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    };
    Reply::plain(200, content_type, net_text(value))
}

fn is_reply(object: &Map<String, Value>) -> bool {
    ["statusCode", "status", "body", "headers"]
        .iter()
        .any(|name| member(object, name).is_some())
}

fn from_object(object: &Map<String, Value>) -> Result<Reply, HttpOutputFault> {
    let mut headers = headers(member(object, "headers"))?;
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        headers.push(("content-type".to_owned(), "text/plain; charset=utf-8".to_owned()));
    }
    let status = status(member(object, "statusCode").or_else(|| member(object, "status")))?;
    let body = member(object, "body")
        .map(net_text)
        .unwrap_or_default()
        .into_bytes();
    Ok(Reply {
        status,
        headers,
        body,
    })
}

fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// A number or the text of one; other texts count as 200.
fn status(value: Option<&Value>) -> Result<u16, HttpOutputFault> {
    let number = match value {
        Some(Value::Number(number)) => number.as_u64().ok_or(HttpOutputFault::Status)?,
        Some(Value::String(text)) => text.trim().parse().unwrap_or(200),
        _ => 200,
    };
    u16::try_from(number)
        .ok()
        .filter(|status| (100..1000).contains(status))
        .ok_or(HttpOutputFault::Status)
}

fn headers(value: Option<&Value>) -> Result<Vec<(String, String)>, HttpOutputFault> {
    let object = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(object)) => object,
        Some(_) => return Err(HttpOutputFault::Headers),
    };
    let plain = |value: &Value| !matches!(value, Value::Null | Value::Array(_) | Value::Object(_));
    if !object.values().all(plain) {
        return Err(HttpOutputFault::Headers);
    }
    Ok(object
        .iter()
        .map(|(name, value)| (name.clone(), net_text(value)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::{HttpOutputFault, Reply};
    use crate::answer::Answer;
    use serde_json::{Value, json};

    fn answer(body: &Value) -> Answer {
        Answer::parse(200, Some("application/json"), body.to_string().as_bytes()).expect("an answer")
    }

    #[test]
    fn a_named_output_is_a_reply_object() {
        let check = |output: Value, expected: Result<(u16, &str, &str), HttpOutputFault>| {
            let reply = Reply::from_answer(&answer(&json!({ "Outputs": { "res": output } })), "res");
            let seen = reply.map(|reply| {
                let content_type = reply
                    .headers
                    .iter()
                    .find(|(name, _)| name == "content-type")
                    .cloned();
                let body = String::from_utf8(reply.body).expect("text");
                (
                    reply.status,
                    content_type.map(|(_, value)| value).unwrap_or_default(),
                    body,
                )
            });
            assert_eq!(seen, expected.map(|(s, c, b)| (s, c.to_owned(), b.to_owned())));
        };
        let plain = "text/plain; charset=utf-8";
        check(json!({ "statusCode": 202, "body": "ok" }), Ok((202, plain, "ok")));
        check(
            json!({ "StatusCode": "404", "status": 500, "Body": null }),
            Ok((404, plain, "")),
        );
        check(json!({ "status": "odd" }), Ok((200, plain, "")));
        check(
            json!({ "headers": { "content-type": "a/b" }, "body": { "a": 1 } }),
            Ok((200, "a/b", "{\n  \"a\": 1\n}")),
        );
        check(json!("{\"statusCode\": 201}"), Ok((201, plain, "")));
        check(Value::Null, Err(HttpOutputFault::Shape));
        check(json!("hello!"), Err(HttpOutputFault::Shape));
        check(json!("aGVsbG8="), Err(HttpOutputFault::Shape));
        check(json!({ "headers": { "x": null } }), Err(HttpOutputFault::Headers));
        check(json!({ "statusCode": 70_000 }), Err(HttpOutputFault::Status));
    }

    #[test]
    fn missing_outputs_have_their_own_replies() {
        let body = |value: &Value| Reply::from_answer(&answer(value), "res").expect("reply").body;
        assert_eq!(body(&json!({ "Outputs": { "other": 1 } })), b"{}");
        assert_eq!(body(&json!({ "Outputs": null })), b"");
        assert_eq!(body(&json!({})), b"");
    }

    #[test]
    fn a_returned_value_may_be_bytes() {
        let reply = |value: Value| {
            Reply::from_answer(&answer(&json!({ "ReturnValue": value })), "$return").expect("reply")
        };
        assert_eq!(reply(json!("UEsDBA==")).body, b"PK\x03\x04");
        assert_eq!(reply(json!({ "statusCode": 418, "body": "tea" })).status, 418);
        assert_eq!(reply(json!("plain words")).body, b"plain words");
        assert_eq!(reply(Value::Null), Reply::empty(200));
    }
}
