//! Entra ID tokens for other services, such as the model's.

use crate::Identity;
use azure_core::credentials::TokenCredential;
use azure_identity::{
    DeveloperToolsCredential, ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId,
};
use std::fmt;
use std::sync::Arc;

/// Why there is no token. The identity service's own words are dropped: they can hold ids of people and tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no Entra ID token; check that the identity exists and is assigned, or sign in with `az login`")]
pub struct TokenError;

/// A source of tokens for one identity. Tokens are cached and refreshed inside, so keep one per process.
#[derive(Clone)]
pub struct Tokens(Arc<dyn TokenCredential>);

impl Tokens {
    /// A source for `identity`. A managed identity is found through the environment (`IDENTITY_ENDPOINT`).
    pub fn new(identity: &Identity) -> Result<Self, TokenError> {
        let credential: Arc<dyn TokenCredential> = match identity {
            Identity::Managed { client_id } => {
                ManagedIdentityCredential::new(Some(managed(client_id.as_deref()))).map_err(|_| TokenError)?
            }
            Identity::Developer => DeveloperToolsCredential::new(None).map_err(|_| TokenError)?,
        };
        Ok(Self(credential))
    }

    /// A token for a scope such as `https://cognitiveservices.azure.com/.default`.
    pub async fn token(&self, scope: &str) -> Result<Token, TokenError> {
        let token = self.0.get_token(&[scope], None).await.map_err(|_| TokenError)?;
        Ok(Token(token.token.secret().to_owned()))
    }

    pub(crate) fn credential(&self) -> Arc<dyn TokenCredential> {
        Arc::clone(&self.0)
    }
}

fn managed(client_id: Option<&str>) -> ManagedIdentityCredentialOptions {
    ManagedIdentityCredentialOptions {
        user_assigned_id: client_id.map(|id| UserAssignedId::ClientId(id.to_owned())),
        ..Default::default()
    }
}

/// A bearer token. Printing it is safe.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token itself, for the `Authorization` header only.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}
