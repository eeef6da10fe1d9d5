//! Access tokens: whoever gives them, and why there are none.

use async_trait::async_trait;

use crate::secret::Secret;

/// Whoever gives access tokens: a managed identity, or a person's sign-in.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// A token for `scope` that is valid now. It is called before every attempt, so the implementation caches.
    async fn token(&self, scope: &str) -> Result<Secret, TokenFault>;

    /// A token after the service refused the last one. An implementation whose cache can be passed by does so here.
    async fn renewed(&self, scope: &str) -> Result<Secret, TokenFault> {
        self.token(scope).await
    }
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// No identity is there to ask.
    #[error("this app has no identity to get a token with; give it a managed identity, or set a key")]
    Absent,
    /// The identity exists and was refused.
    #[error("the identity of this app was refused a token; check its client id and the token scope")]
    Refused,
    /// The source of tokens did not answer; later it may.
    #[error("the identity endpoint did not answer; try again in a minute")]
    Unavailable,
}
