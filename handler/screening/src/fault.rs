//! Why a text was not looked at. Messages hold no text that was sent and none of the service's but plain codes.

use drafting::screening::Category;

use crate::settings::SERVICE;

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No answer, or a refusal.
    #[error("{}", SERVICE.told(.0))]
    Service(#[from] wire::Fault),
    /// A success that is not what the service answers.
    #[error("the content safety service's answer cannot be read")]
    Unreadable,
    /// A success that says nothing of a category.
    #[error("the content safety service gave no usable rating for {category}")]
    Unrated {
        /// The category.
        category: Category,
    },
}

impl Fault {
    /// Whether another text would fare alike: no use in sending the others.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        match self {
            Self::Service(fault) => fault.is_for_all(),
            Self::Unreadable | Self::Unrated { .. } => false,
        }
    }

    /// A word for logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Service(fault) => fault.kind(),
            Self::Unreadable => "unreadable",
            Self::Unrated { .. } => "unrated",
        }
    }
}
