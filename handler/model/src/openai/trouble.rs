//! The body of a failure, read to a fault.
//!
//! Three forms are in use: `{"error": {…}}` of the service, `{"statusCode", "message"}` of Azure API
//! Management, and a flat `{"message"}` of Bedrock. Some proxies send HTML. The message decides and is never
//! passed on: services repeat parts of the request in it.

use std::time::Duration;

use serde_json::{Map, Value};

use super::pause;
use crate::fault::Fault;
use crate::filter::{self, Flagged, Verdict};

/// What a failure's body says, whichever its form.
#[derive(Default)]
struct Trouble {
    code: Option<String>,
    kind: Option<String>,
    parameter: Option<String>,
    /// In lower case, for looking up words.
    message: String,
    categories: Vec<Flagged>,
}

/// Reads a failure. `asked` is the wait that its headers ask for.
pub(super) fn read(status: u16, asked: Option<Duration>, body: &[u8], deployment: &str) -> Fault {
    let trouble = parse(body);
    let after = asked.or_else(|| pause::in_words(&trouble.message));
    match status {
        300..=399 => Fault::Redirected,
        401 if trouble.says("permissiondenied") => Fault::NoRights,
        401 => Fault::WrongKey,
        402 => Fault::QuotaExhausted,
        403 if trouble.message.contains("quota") => Fault::QuotaExhausted,
        403 => Fault::NoRights,
        404 => Fault::DeploymentNotFound {
            deployment: deployment.to_owned(),
        },
        429 if trouble.says("insufficient_quota") => Fault::QuotaExhausted,
        429 => Fault::Throttled { after },
        408 | 409 | 500..=599 => Fault::Unavailable { status, after },
        _ => trouble.bad_request(status),
    }
}

impl Trouble {
    /// Whether code or type is this word, in lower case.
    fn says(&self, word: &str) -> bool {
        [&self.code, &self.kind]
            .into_iter()
            .flatten()
            .any(|said| said.eq_ignore_ascii_case(word))
    }

    fn bad_request(self, status: u16) -> Fault {
        if self.says("content_filter") || self.says("content_policy_violation") || self.says("invalid_prompt")
        {
            return Fault::PromptFiltered {
                categories: self.categories,
            };
        }
        if status == 413 || self.says("context_length_exceeded") || self.speaks_of_length() {
            return Fault::ContextTooLong;
        }
        Fault::BadRequest {
            status,
            code: self.code.and_then(plain),
            parameter: self.parameter.and_then(plain),
        }
    }

    /// Services without a code for it: vLLM, llama.cpp, Bedrock.
    fn speaks_of_length(&self) -> bool {
        [
            "maximum context length",
            "context window",
            "exceeds the available context",
            "input is too long",
        ]
        .iter()
        .any(|words| self.message.contains(words))
    }
}

/// A word that cannot be text of a case: codes and names of parameters have a narrow alphabet.
fn plain(word: String) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-[]".contains(c);
    (!word.is_empty() && word.len() <= 64 && word.chars().all(is_plain)).then_some(word)
}

fn parse(body: &[u8]) -> Trouble {
    let Ok(Value::Object(root)) = serde_json::from_slice::<Value>(body) else {
        return Trouble::default();
    };
    let error = root.get("error").and_then(Value::as_object).unwrap_or(&root);
    Trouble {
        code: word(error, "code"),
        kind: word(error, "type"),
        parameter: word(error, "param"),
        message: message(&root, error).to_lowercase(),
        categories: categories(error),
    }
}

/// Codes come as words and as numbers.
fn word(error: &Map<String, Value>, name: &str) -> Option<String> {
    match error.get(name)? {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn message<'a>(root: &'a Map<String, Value>, error: &'a Map<String, Value>) -> &'a str {
    let said = error
        .get("message")
        .or_else(|| root.get("error"))
        .or_else(|| root.get("Message"));
    said.and_then(Value::as_str).unwrap_or_default()
}

fn categories(error: &Map<String, Value>) -> Vec<Flagged> {
    let inner = error.get("innererror");
    let results = inner.and_then(|inner| {
        inner
            .get("content_filter_result")
            .or(inner.get("content_filter_results"))
    });
    match results.and_then(Value::as_object).map(filter::read) {
        Some(Verdict::Ran(flagged)) => flagged,
        Some(Verdict::Failed) | None => Vec::new(),
    }
}
