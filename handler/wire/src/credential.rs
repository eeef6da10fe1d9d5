//! As whom a service is asked.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::fault::Broken;
use crate::secret::Secret;
use crate::tokens::{TokenFault, Tokens};

/// As whom a service is asked.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A key in the header `ocp-apim-subscription-key`, as Azure's AI services want it.
    Key(Secret),
    /// A key in the header `api-key`, as `Azure OpenAI` wants it.
    ApiKey(Secret),
    /// A key in `Authorization: Bearer`, as others want it.
    Bearer(Secret),
    /// A token of this app's identity.
    Entra {
        /// [`SCOPE`](Credential::SCOPE), or another that the service takes.
        scope: String,
    },
}

/// Why a credential cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialFault {
    /// A key that is empty, or that no header can hold.
    Key,
    /// A token is wanted and nobody gives tokens.
    NoTokens,
}

impl Credential {
    /// The scope that the documentation of Azure's AI services names, `Azure OpenAI` included.
    pub const SCOPE: &str = "https://cognitiveservices.azure.com/.default";

    /// Whether it can be sent at all; `has_tokens` says whether somebody gives tokens.
    pub fn check(&self, has_tokens: bool) -> Result<(), CredentialFault> {
        match self {
            Self::Key(key) | Self::ApiKey(key) | Self::Bearer(key) => {
                let text = key.expose();
                let fits = !text.is_empty() && HeaderValue::from_str(text).is_ok();
                fits.then_some(()).ok_or(CredentialFault::Key)
            }
            Self::Entra { .. } => has_tokens.then_some(()).ok_or(CredentialFault::NoTokens),
        }
    }

    /// Whether a refusal may be over with another token.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        matches!(self, Self::Entra { .. })
    }

    /// The header of a request. `renew` asks for another token than the one that was refused.
    pub(crate) async fn header(
        &self,
        tokens: Option<&dyn Tokens>,
        renew: bool,
    ) -> Result<(HeaderName, HeaderValue), Broken> {
        let (name, text) = match self {
            Self::Key(key) => (
                HeaderName::from_static("ocp-apim-subscription-key"),
                key.expose().to_owned(),
            ),
            Self::ApiKey(key) => (HeaderName::from_static("api-key"), key.expose().to_owned()),
            Self::Bearer(key) => (AUTHORIZATION, bearer(key)),
            Self::Entra { scope } => {
                let tokens = tokens.ok_or(TokenFault::Absent)?;
                let token = if renew {
                    tokens.renewed(scope).await?
                } else {
                    tokens.token(scope).await?
                };
                (AUTHORIZATION, bearer(&token))
            }
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| Broken::Unsendable)?;
        value.set_sensitive(true);
        Ok((name, value))
    }
}

fn bearer(secret: &Secret) -> String {
    format!("Bearer {}", secret.expose())
}
