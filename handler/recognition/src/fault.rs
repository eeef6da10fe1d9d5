//! Why a page was not read. Messages hold no word of a page and none of a service's but plain codes.

use std::time::Duration;

use crate::document_intelligence::SERVICE;
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
    /// The time for the run is over.
    #[error("the time for the run was over before the page was read")]
    Deadline,
    /// No answer of the service, or a refusal.
    #[error("{}", SERVICE.told(.0))]
    Service(wire::Fault),
    /// It says that the analysis failed.
    #[error("Document Intelligence could not read the page{}; scan it again", named(.code.as_deref()))]
    Failed {
        /// The service's code, when it is a plain word.
        code: Option<String>,
    },
    /// An answer that is not what the recogniser answers.
    #[error("the answer of text recognition cannot be read")]
    Unreadable,
}

/// A call that the end of the run broke off ends as a wait does that reaches it.
impl From<wire::Fault> for Fault {
    fn from(fault: wire::Fault) -> Self {
        match fault {
            wire::Fault::Broken(wire::Broken::Deadline) => Self::Deadline,
            other => Self::Service(other),
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
            Self::Local(_) | Self::Deadline => true,
            Self::Service(fault) => fault.is_for_all(),
            Self::Slow { .. } | Self::BrokeOff | Self::Failed { .. } | Self::Unreadable => false,
        }
    }

    /// A word for logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Local(_) => "local",
            Self::Slow { .. } => "slow",
            Self::BrokeOff => "broke_off",
            Self::Deadline => "deadline",
            Self::Service(fault) => fault.kind(),
            Self::Failed { .. } => "failed",
            Self::Unreadable => "unreadable",
        }
    }
}
