//! The body of `POST /api/drafts/{recipe}/{case}`, which may be absent:
//!
//! ```json
//! { "documents": [{ "name": "Appendix A.pdf", "content": "<base64>" },
//!                 { "name": "Appendix B.pdf", "from": "incoming/ehcp/EHC-1/b.pdf", "sha256": "..." }],
//!   "case": { "child": { "name": "..." } },
//!   "attempt": 2,
//!   "wait": true,
//!   "callback": "https://flows.example.org/hook" }
//! ```
//!
//! `content` may also be the object that Power Automate makes of a file (`$content-type`, `$content`).

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drafting::hash::Digest;
use drafting::id::SourceName;
use serde::Deserialize;
use serde_json::Value;

use super::envelope::HttpCall;
use super::problem::Problem;
use crate::callback::CallbackAddress;
use crate::config::Flows;
use crate::paths::CaseKey;
use crate::workflow::{KeyedCall, Reference, Submission};

/// The header that makes repetitions of a call one call.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(default)]
    documents: Vec<Document>,
    #[serde(default)]
    case: Option<Value>,
    #[serde(default)]
    attempt: Option<u16>,
    #[serde(default)]
    wait: bool,
    #[serde(default)]
    callback: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    #[serde(default)]
    content: Option<Content>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    sha256: Option<Digest>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Base64(String),
    PowerAutomate {
        #[serde(rename = "$content")]
        content: String,
    },
}

/// What a call asks for.
pub(super) struct Order {
    pub submission: Submission,
    pub attempt: Option<u16>,
    pub wait: bool,
    pub callback: Option<CallbackAddress>,
    /// What repetitions of the call are known by, where the caller wants that.
    pub keyed: Option<KeyedCall>,
}

impl Order {
    /// Reads a call for this case.
    pub fn read(call: &HttpCall, key: &CaseKey, flows: &Flows) -> Result<Self, Problem> {
        if call.dropped_body() {
            return Err(Problem::new(
                StatusCode::LENGTH_REQUIRED,
                "length-required",
                "the request's body arrived without its length and was lost: send `Content-Length`, `0` for no body",
            ));
        }
        let text = call
            .text()
            .map_err(|_| bad("body", "the body is not JSON text in UTF-8"))?;
        let keyed = keyed(call, text.as_bytes())?;
        let body = body(&text)?;
        drop(text);
        let mut submission = Submission {
            manifest: body.case,
            ..Submission::default()
        };
        for document in body.documents {
            taken(document, &mut submission, key, flows)?;
        }
        let wait = call.query.get("wait");
        Ok(Self {
            submission,
            attempt: body.attempt,
            wait: body.wait || wait.is_some_and(|wait| wait == "true" || wait == "1"),
            callback: body
                .callback
                .map(|address| callback(&address, flows))
                .transpose()?,
            keyed,
        })
    }
}

fn bad(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

fn unprocessable(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

fn keyed(call: &HttpCall, body: &[u8]) -> Result<Option<KeyedCall>, Problem> {
    let key = match call.values(IDEMPOTENCY_KEY).as_slice() {
        [] => return Ok(None),
        [one] => KeyedCall::parse(one.trim(), body),
        _ => KeyedCall::parse("", body),
    };
    key.map(Some)
        .map_err(|fault| bad("idempotency-key", fault.to_string()))
}

fn body(text: &str) -> Result<Body, Problem> {
    // Some callers begin UTF-8 with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(Body::default());
    }
    // What is derived would take an array for an object as well, its members by their places.
    if !text.trim_start().starts_with('{') {
        return Err(bad("body", "the body is not a JSON object"));
    }
    serde_json::from_str(text).map_err(|fault| {
        let place = format!("line {}, column {}", fault.line(), fault.column());
        bad(
            "body",
            format!(
                "the body is not a request for a draft ({place}): it may have `documents`, `case`, `attempt`, `wait`, `callback`"
            ),
        )
    })
}

fn taken(
    document: Document,
    submission: &mut Submission,
    key: &CaseKey,
    flows: &Flows,
) -> Result<(), Problem> {
    let name = SourceName::parse(&document.name).map_err(|fault| bad("document-name", fault.to_string()))?;
    match (document.content, document.from) {
        (Some(content), None) if document.sha256.is_none() => {
            submission.documents.push((name, inline(content)?));
        }
        (None, Some(from)) => {
            let sha256 = document.sha256;
            if sha256.as_ref().is_some_and(|digest| !digest.is_whole()) {
                return Err(bad(
                    "document-content",
                    "a document's `sha256` is not 64 lower-case hexadecimal digits",
                ));
            }
            let account = flows.account.as_ref().ok_or_else(Problem::passing)?;
            let place = flows
                .incoming
                .place(&from, key, account)
                .map_err(|fault| unprocessable("document-reference", fault.to_string()))?;
            submission.references.push(Reference { name, place, sha256 });
        }
        _ => {
            return Err(bad(
                "document-content",
                "a document has either `content` or `from`, and `sha256` only with `from`",
            ));
        }
    }
    Ok(())
}

fn inline(content: Content) -> Result<Vec<u8>, Problem> {
    let (Content::Base64(text) | Content::PowerAutomate { content: text }) = content;
    STANDARD
        .decode(text.trim())
        .map_err(|_| bad("document-content", "a document's `content` is not base64"))
}

fn callback(address: &str, flows: &Flows) -> Result<CallbackAddress, Problem> {
    let Some(callbacks) = &flows.callbacks else {
        return Err(unprocessable(
            "callback",
            "this app calls nobody back; ask for the status instead",
        ));
    };
    callbacks
        .address(address)
        .map_err(|fault| unprocessable("callback", fault.to_string()))
}
