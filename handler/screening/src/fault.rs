//! Why a text was not looked at. Messages hold no text that was sent and none of the service's but plain codes.

use std::time::Duration;

use drafting::screening::Category;
use wire::{Broken, Refused, TokenFault};

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 429.
    #[error("the content safety service is over its rate limit; ask again later, or raise its tier")]
    Throttled {
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// It failed (5xx), or gave up waiting (408).
    #[error("the content safety service failed with status {status}; ask again later")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// It cannot be reached, or the connection broke.
    #[error(
        "there was no connection to the content safety service; check `CONTENT_SAFETY_ENDPOINT`, name resolution and firewall"
    )]
    Connection,
    /// One attempt took too long.
    #[error("the content safety service did not answer within {} seconds", .limit.as_secs())]
    TimedOut {
        /// What an attempt may take.
        limit: Duration,
    },
    /// The time for the run is over.
    #[error("the time for the run was over before the content safety service was asked")]
    Deadline,
    /// 401.
    #[error(
        "the content safety service refused the key or token; check that it belongs to `CONTENT_SAFETY_ENDPOINT`"
    )]
    WrongKey,
    /// 403.
    #[error(
        "the content safety service denies access; give this app's identity the role `Cognitive Services User` and check its network rules"
    )]
    NoRights,
    /// 404.
    #[error(
        "`CONTENT_SAFETY_ENDPOINT` is not the address of a content safety service, or its region does not have this function"
    )]
    NotFound,
    /// No token.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// Any other 4xx.
    #[error("the content safety service refuses the request: status {status}{}", named(.code.as_deref()))]
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// The service's code, when it is a plain word.
        code: Option<String>,
    },
    /// 3xx, never followed: it could carry text and key to another place.
    #[error(
        "the content safety service answers with a redirect, which is not followed; set the final address"
    )]
    Redirected,
    /// A success that is not what the service answers.
    #[error("the content safety service's answer cannot be read")]
    Unreadable,
    /// A success that says nothing of a category.
    #[error("the content safety service gave no usable rating for {category}")]
    Unrated {
        /// The category.
        category: Category,
    },
    /// A body over the limit.
    #[error("the content safety service sent more than {limit} bytes")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
    },
}

impl From<wire::Fault> for Fault {
    fn from(fault: wire::Fault) -> Self {
        match fault {
            wire::Fault::Broken(Broken::Token(fault)) => Self::Token(fault),
            wire::Fault::Broken(Broken::Connection { .. }) => Self::Connection,
            wire::Fault::Broken(Broken::TooLarge { limit }) => Self::TooLarge { limit },
            wire::Fault::Broken(Broken::TimedOut { limit }) => Self::TimedOut { limit },
            wire::Fault::Broken(Broken::Deadline) => Self::Deadline,
            wire::Fault::Broken(Broken::Unsendable) | wire::Fault::Refused(Refused::WrongKey) => {
                Self::WrongKey
            }
            wire::Fault::Refused(Refused::Throttled { after }) => Self::Throttled { after },
            wire::Fault::Refused(Refused::Unavailable { status, after }) => {
                Self::Unavailable { status, after }
            }
            wire::Fault::Refused(Refused::NoRights) => Self::NoRights,
            wire::Fault::Refused(Refused::NotFound) => Self::NotFound,
            wire::Fault::Refused(Refused::Redirected) => Self::Redirected,
            wire::Fault::Refused(Refused::BadRequest { status, code }) => Self::BadRequest { status, code },
        }
    }
}

fn named(code: Option<&str>) -> String {
    code.map(|code| format!(", code `{code}`")).unwrap_or_default()
}

impl Fault {
    /// Whether another text would fare alike: no use in sending the others.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        match self {
            Self::Throttled { .. }
            | Self::Unavailable { .. }
            | Self::Connection
            | Self::TimedOut { .. }
            | Self::Deadline
            | Self::WrongKey
            | Self::NoRights
            | Self::NotFound
            | Self::Token(_)
            | Self::Redirected => true,
            Self::BadRequest { .. } | Self::Unreadable | Self::Unrated { .. } | Self::TooLarge { .. } => {
                false
            }
        }
    }

    /// A word for logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::Unavailable { .. } => "unavailable",
            Self::Connection => "connection",
            Self::TimedOut { .. } => "timed_out",
            Self::Deadline => "deadline",
            Self::WrongKey => "wrong_key",
            Self::NoRights => "no_rights",
            Self::NotFound => "not_found",
            Self::Token(_) => "token",
            Self::BadRequest { .. } => "bad_request",
            Self::Redirected => "redirected",
            Self::Unreadable => "unreadable",
            Self::Unrated { .. } => "unrated",
            Self::TooLarge { .. } => "too_large",
        }
    }
}
