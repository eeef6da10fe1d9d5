//! What the handler answers to an invocation, and when that counts as success.

use serde_json::{Map, Value};

/// Why an answer fails the invocation. Never holds what the handler wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AnswerFault {
    #[error("the handler answered HTTP {0}; its body and logs are ignored")]
    Status(u16),
    #[error(
        "the handler answered success with an empty body or `null`: the real host would hang until \
         functionTimeout and then kill the handler with all it is doing; answer a JSON object"
    )]
    Nothing,
    #[error("the handler answered `{0}`, but only `application/json` is read")]
    ContentType(String),
    #[error("the handler's answer is not valid JSON")]
    Malformed,
    #[error("the handler's answer is no JSON object with `Outputs`, `Logs` and `ReturnValue`")]
    Shape,
}

/// A successful answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// By binding name; none where the answer has no outputs at all.
    pub outputs: Option<Map<String, Value>>,
    pub logs: Vec<String>,
    pub return_value: Value,
}

impl Answer {
    pub(crate) fn parse(status: u16, content_type: Option<&str>, body: &[u8]) -> Result<Self, AnswerFault> {
        if !(200..300).contains(&status) {
            return Err(AnswerFault::Status(status));
        }
        if body.trim_ascii().is_empty() {
            return Err(AnswerFault::Nothing);
        }
        if !content_type.is_some_and(is_json) {
            return Err(AnswerFault::ContentType(
                content_type.unwrap_or("no content type").to_owned(),
            ));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Self::from_object(object),
            Ok(Value::Null) => Err(AnswerFault::Nothing),
            Ok(_) => Err(AnswerFault::Shape),
            Err(_) => Err(AnswerFault::Malformed),
        }
    }

    /// The three known names match without regard to case; others are ignored.
    fn from_object(object: Map<String, Value>) -> Result<Self, AnswerFault> {
        let mut answer = Self::default();
        for (name, value) in object {
            match name.to_ascii_lowercase().as_str() {
                "outputs" => answer.outputs = outputs(value)?,
                "logs" => answer.logs = logs(value)?,
                "returnvalue" => answer.return_value = value,
                _ => {}
            }
        }
        Ok(answer)
    }

    /// The outputs of a function without a `$return` binding: a return value that is an object adds to them.
    pub(crate) fn with_returned(mut self) -> Self {
        if let Value::Object(returned) = self.return_value.take() {
            self.outputs.get_or_insert_default().extend(returned);
        }
        self
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or("").trim();
    ["application/json", "text/json"]
        .iter()
        .any(|json| essence.eq_ignore_ascii_case(json))
}

fn outputs(value: Value) -> Result<Option<Map<String, Value>>, AnswerFault> {
    match value {
        Value::Null => Ok(None),
        Value::Object(outputs) => Ok(Some(outputs)),
        _ => Err(AnswerFault::Shape),
    }
}

fn logs(value: Value) -> Result<Vec<String>, AnswerFault> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(lines) => lines.into_iter().map(log).collect(),
        _ => Err(AnswerFault::Shape),
    }
}

fn log(line: Value) -> Result<String, AnswerFault> {
    match line {
        Value::String(text) => Ok(text),
        Value::Null => Ok(String::new()),
        Value::Array(_) | Value::Object(_) => Err(AnswerFault::Shape),
        scalar => Ok(scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, AnswerFault};
    use proptest::prelude::*;
    use serde_json::json;

    const JSON: Option<&str> = Some("application/json; charset=utf-8");

    #[test]
    fn success_is_a_json_object_with_its_content_type() {
        let check = |status, content_type, body: &str, expected: Result<(), AnswerFault>| {
            let answer = Answer::parse(status, content_type, body.as_bytes());
            assert_eq!(answer.map(|_| ()), expected, "{status} {content_type:?} {body}");
        };
        check(
            200,
            JSON,
            r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#,
            Ok(()),
        );
        check(201, Some("text/json"), "{}", Ok(()));
        check(200, JSON, "", Err(AnswerFault::Nothing));
        check(204, None, "", Err(AnswerFault::Nothing));
        check(200, JSON, "null", Err(AnswerFault::Nothing));
        check(
            200,
            Some("text/plain"),
            "{}",
            Err(AnswerFault::ContentType("text/plain".to_owned())),
        );
        check(
            200,
            None,
            "{}",
            Err(AnswerFault::ContentType("no content type".to_owned())),
        );
        check(200, JSON, "{", Err(AnswerFault::Malformed));
        check(200, JSON, "[]", Err(AnswerFault::Shape));
        check(200, JSON, r#"{"Outputs":[]}"#, Err(AnswerFault::Shape));
        check(200, JSON, r#"{"Logs":[{}]}"#, Err(AnswerFault::Shape));
        check(500, JSON, "{}", Err(AnswerFault::Status(500)));
        check(304, JSON, "{}", Err(AnswerFault::Status(304)));
    }

    #[test]
    fn known_names_match_in_any_case() {
        let body = br#"{"outputs":{"a":1},"LOGS":["x",2],"returnValue":{"b":2},"other":0}"#;
        let answer = Answer::parse(200, JSON, body).expect("success");
        assert_eq!(answer.logs, ["x", "2"]);
        let outputs = answer.with_returned().outputs.expect("outputs");
        assert_eq!(serde_json::Value::Object(outputs), json!({ "a": 1, "b": 2 }));
    }

    proptest! {
        #[test]
        fn any_body_is_an_answer_or_a_fault(status in 100u16..600, body in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(answer) = Answer::parse(status, JSON, &body) {
                prop_assert!((200..300).contains(&status) && answer.logs.len() < 60);
            }
        }
    }
}
