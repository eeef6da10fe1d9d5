//! Why there is no answer. Nothing here holds a word of a request or an answer but plain codes.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::tokens::TokenFault;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No answer came through.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// An answer came, and it is a refusal.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl Fault {
    /// A word for logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Broken(broken) => broken.kind(),
            Self::Refused(refused) => refused.kind(),
        }
    }

    /// Whether another request would fare alike: no use in sending the others.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        match self {
            Self::Broken(broken) => !matches!(broken, Broken::TooLarge { .. }),
            Self::Refused(refused) => !matches!(refused, Refused::BadRequest { .. }),
        }
    }
}

/// Why no answer came through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// No token.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// A key or token that no header can hold.
    #[error("the key or token holds a character that no header may")]
    Unsendable,
    /// The service cannot be reached, or the connection broke.
    #[error("there was no connection ({stage})")]
    Connection {
        /// Where it broke.
        stage: Stage,
        /// The innermost cause, for the log: it names certificates, hosts and sockets, never bodies.
        cause: Option<String>,
    },
    /// A body over the limit.
    #[error("more than {limit} bytes came")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
    },
    /// One attempt took too long.
    #[error("there was no answer within {} seconds", .limit.as_secs())]
    TimedOut {
        /// What an attempt may take.
        limit: Duration,
    },
    /// The time for everything is over, waits included.
    #[error("the time was over")]
    Deadline,
}

impl Broken {
    pub(crate) fn connection(error: &reqwest::Error, stage: Stage) -> Self {
        let stage = if error.is_connect() {
            Stage::Connecting
        } else {
            stage
        };
        let mut cause = error.source();
        while let Some(inner) = cause.and_then(std::error::Error::source) {
            cause = Some(inner);
        }
        Self::Connection {
            stage,
            cause: cause.map(ToString::to_string),
        }
    }

    /// A word for logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Unsendable => "wrong_key",
            Self::Connection { .. } => "connection",
            Self::TooLarge { .. } => "too_large",
            Self::TimedOut { .. } => "timed_out",
            Self::Deadline => "deadline",
        }
    }

    /// What the log may say besides.
    pub(crate) fn cause(&self) -> Option<&str> {
        match self {
            Self::Connection { cause, .. } => cause.as_deref(),
            _ => None,
        }
    }
}

/// Where a connection broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before a request could be sent.
    Connecting,
    /// While it was sent, or before the answer began.
    Asking,
    /// In the middle of the answer.
    Reading,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "could not connect",
            Self::Asking => "broke before the answer",
            Self::Reading => "broke in the middle of the answer",
        })
    }
}

/// What an answer that is no success says, as Azure's AI services answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// 429.
    #[error("too many requests")]
    Throttled {
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// It failed (5xx), or gave up waiting (408).
    #[error("the service failed with status {status}")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// 401.
    #[error("the key or token was refused")]
    WrongKey,
    /// 403.
    #[error("access was denied")]
    NoRights,
    /// 404.
    #[error("nothing is at the address")]
    NotFound,
    /// 3xx, never followed: it could carry what is sent, and the key, to another place.
    #[error("the answer is a redirect")]
    Redirected,
    /// Any other status that is no success.
    #[error("the request was refused with status {status}")]
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// The service's code, when it is a plain word.
        code: Option<String>,
    },
}

impl Refused {
    pub(crate) fn of(status: u16, after: Option<Duration>, body: &[u8]) -> Self {
        match status {
            300..=399 => Self::Redirected,
            401 => Self::WrongKey,
            403 => Self::NoRights,
            404 => Self::NotFound,
            429 => Self::Throttled { after },
            408 | 500..=599 => Self::Unavailable { status, after },
            _ => Self::BadRequest {
                status,
                code: code_in(body),
            },
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::Unavailable { .. } => "unavailable",
            Self::WrongKey => "wrong_key",
            Self::NoRights => "no_rights",
            Self::NotFound => "not_found",
            Self::Redirected => "redirected",
            Self::BadRequest { .. } => "bad_request",
        }
    }
}

/// The code in a failure's body. The message repeats what was sent and is not read.
fn code_in(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    code(value.get("error").unwrap_or(&value))
}

/// The code of an error as Azure's AI services write it, its innermost one, when it is a plain word.
#[must_use]
pub fn code(error: &Value) -> Option<String> {
    let inner = error.get("innererror").and_then(|inner| inner.get("code"));
    let code = inner.or_else(|| error.get("code"))?.as_str()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    (!code.is_empty() && code.len() <= 64 && code.chars().all(is_plain)).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn statuses_are_what_they_mean() {
        let check = |status: u16, body: &str, expected: Refused| {
            assert_eq!(Refused::of(status, None, body.as_bytes()), expected, "{status}");
        };
        check(302, "", Refused::Redirected);
        check(401, "", Refused::WrongKey);
        check(403, "", Refused::NoRights);
        check(404, "", Refused::NotFound);
        check(429, "", Refused::Throttled { after: None });
        for status in [408, 500, 503] {
            check(status, "", Refused::Unavailable { status, after: None });
        }
        let coded = |code: Option<&str>| Refused::BadRequest {
            status: 400,
            code: code.map(str::to_owned),
        };
        check(
            400,
            r#"{"error":{"code":"InvalidRequest"}}"#,
            coded(Some("InvalidRequest")),
        );
        check(
            400,
            r#"{"error":{"code":"InvalidRequest","innererror":{"code":"InvalidContent"}}}"#,
            coded(Some("InvalidContent")),
        );
        check(400, r#"{"error":{"code":"He cried all day"}}"#, coded(None));
        check(400, "<html>", coded(None));
    }

    proptest! {
        #[test]
        fn no_body_panics_and_codes_are_plain(body in ".*", code in ".{0,80}") {
            Refused::of(400, None, body.as_bytes());
            let body = serde_json::json!({ "error": { "code": code } }).to_string();
            if let Refused::BadRequest { code: Some(code), .. } = Refused::of(400, None, body.as_bytes()) {
                prop_assert!(code.len() <= 64 && code.is_ascii() && !code.contains(' '));
            }
        }
    }
}
