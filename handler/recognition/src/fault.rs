//! Why a page was not read. Messages hold no word of a page and none of a service's but plain codes.

use std::time::Duration;

use wire::{Broken, Refused, TokenFault};

use crate::tesseract::LocalFault;

/// Why there are no words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The program of this machine cannot be used.
    #[error(transparent)]
    Local(#[from] LocalFault),
    /// It took too long and was stopped.
    #[error("text recognition took longer than {} seconds for the page and was stopped; raise `OCR_PAGE_SECONDS`, or scan the page again more plainly", .limit.as_secs())]
    Slow {
        /// What a page may take.
        limit: Duration,
    },
    /// It ended without an answer: out of memory, or brought down by the picture.
    #[error("text recognition broke off on the page; scan it again, at most 400 dots an inch")]
    BrokeOff,
    /// 429.
    #[error("Document Intelligence is over its rate limit; draft again later, or raise its tier")]
    Throttled {
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// It failed (5xx), or gave up waiting (408).
    #[error("Document Intelligence failed with status {status}; draft again later")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// It cannot be reached, or the connection broke.
    #[error(
        "there was no connection to Document Intelligence; check `DOCUMENT_INTELLIGENCE_ENDPOINT`, name resolution and firewall"
    )]
    Connection,
    /// One attempt took too long.
    #[error("Document Intelligence did not answer within {} seconds", .limit.as_secs())]
    TimedOut {
        /// What an attempt may take.
        limit: Duration,
    },
    /// The time for the run is over.
    #[error("the time for the run was over before the page was read")]
    Deadline,
    /// 401.
    #[error(
        "Document Intelligence refused the key or token; check that it belongs to `DOCUMENT_INTELLIGENCE_ENDPOINT`"
    )]
    WrongKey,
    /// 403.
    #[error(
        "Document Intelligence denies access; give this app's identity the role `Cognitive Services User` and check its network rules"
    )]
    NoRights,
    /// 404.
    #[error("`DOCUMENT_INTELLIGENCE_ENDPOINT` is not the address of a Document Intelligence service")]
    NotFound,
    /// No token.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// Any other 4xx.
    #[error("Document Intelligence refuses the page: status {status}{}", named(.code.as_deref()))]
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// The service's code, when it is a plain word.
        code: Option<String>,
    },
    /// A redirect, or a result on another host: following it could carry key and page to another place.
    #[error("Document Intelligence points to another host, which is not followed; set the final address")]
    Elsewhere,
    /// It says that the analysis failed.
    #[error("Document Intelligence could not read the page{}; scan it again", named(.code.as_deref()))]
    Failed {
        /// The service's code, when it is a plain word.
        code: Option<String>,
    },
    /// An answer that is not what the recogniser answers.
    #[error("the answer of text recognition cannot be read")]
    Unreadable,
    /// A body over the limit.
    #[error("Document Intelligence sent more than {limit} bytes")]
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
            wire::Fault::Refused(Refused::Redirected) => Self::Elsewhere,
            wire::Fault::Refused(Refused::BadRequest { status, code }) => Self::BadRequest { status, code },
        }
    }
}

fn named(code: Option<&str>) -> String {
    code.map(|code| format!(", code `{code}`")).unwrap_or_default()
}

impl Fault {
    /// Whether another page would fare alike: no use in trying the others.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        match self {
            Self::Local(_)
            | Self::Throttled { .. }
            | Self::Unavailable { .. }
            | Self::Connection
            | Self::TimedOut { .. }
            | Self::Deadline
            | Self::WrongKey
            | Self::NoRights
            | Self::NotFound
            | Self::Token(_)
            | Self::Elsewhere => true,
            Self::Slow { .. }
            | Self::BrokeOff
            | Self::BadRequest { .. }
            | Self::Failed { .. }
            | Self::Unreadable
            | Self::TooLarge { .. } => false,
        }
    }

    /// A word for logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Local(_) => "local",
            Self::Slow { .. } => "slow",
            Self::BrokeOff => "broke_off",
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
            Self::Elsewhere => "elsewhere",
            Self::Failed { .. } => "failed",
            Self::Unreadable => "unreadable",
            Self::TooLarge { .. } => "too_large",
        }
    }
}
