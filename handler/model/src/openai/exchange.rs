//! One request over the wire.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Response, redirect};

use super::pause;
use super::settings::{Credential, Deployment, Settings, SettingsFault};
use crate::fault::{Fault, Stage};
use crate::ports::{TokenFault, Tokens};

/// What came back.
pub(super) struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The wait that the headers ask for.
    pub asked: Option<Duration>,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// The connections, and where tokens come from.
pub(super) struct Wire {
    client: Client,
    tokens: Option<Arc<dyn Tokens>>,
    most_bytes: usize,
}

impl Wire {
    pub(super) fn new(settings: &Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, SettingsFault> {
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(settings.timing.connect)
            .referer(false)
            .user_agent(concat!("golden-thread/", env!("CARGO_PKG_VERSION")));
        if settings
            .deployments()
            .iter()
            .all(|deployment| deployment.base.is_loopback())
        {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(SettingsFault::Client)?;
        Ok(Self {
            client,
            tokens,
            most_bytes: settings.most_bytes,
        })
    }

    /// Sends `body` and reads the whole reply. `renew` asks for another token than the one that was refused.
    pub(super) async fn send(&self, to: &Deployment, body: Vec<u8>, renew: bool) -> Result<Reply, Fault> {
        let (name, value) = self.authorization(&to.credential, renew).await?;
        let mut request = self
            .client
            .post(to.base.completions().clone())
            .header(CONTENT_TYPE, "application/json")
            .header(name, value)
            .body(body);
        if let Some(traceparent) = telemetry::traceparent() {
            request = request.header("traceparent", traceparent);
        }
        let response = request
            .send()
            .await
            .map_err(|error| broken(&error, Stage::Asking))?;
        Ok(Reply {
            status: response.status().as_u16(),
            asked: pause::in_headers(response.headers(), SystemTime::now()),
            body: self.bounded(response).await?,
        })
    }

    /// Asks for the list of models, which costs nothing: whether somebody answers who takes the credential.
    pub(super) async fn look(&self, to: &Deployment) -> Result<(), Fault> {
        let (name, value) = self.authorization(&to.credential, false).await?;
        let request = self.client.get(to.base.models()).header(name, value);
        let response = request
            .send()
            .await
            .map_err(|error| broken(&error, Stage::Asking))?;
        match response.status().as_u16() {
            401 => Err(Fault::WrongKey),
            403 => Err(Fault::NoRights),
            status @ 500..=599 => Err(Fault::Unavailable { status, after: None }),
            // Not every service has such a list.
            _ => Ok(()),
        }
    }

    async fn authorization(
        &self,
        credential: &Credential,
        renew: bool,
    ) -> Result<(HeaderName, HeaderValue), Fault> {
        let (name, text) = match credential {
            Credential::ApiKey(key) => (HeaderName::from_static("api-key"), key.expose().to_owned()),
            Credential::Bearer(key) => (AUTHORIZATION, format!("Bearer {}", key.expose())),
            Credential::Entra { scope } => {
                let tokens = self.tokens.as_ref().ok_or(TokenFault::Absent)?;
                let token = if renew {
                    tokens.renewed(scope).await?
                } else {
                    tokens.token(scope).await?
                };
                (AUTHORIZATION, format!("Bearer {}", token.expose()))
            }
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| Fault::WrongKey)?;
        value.set_sensitive(true);
        Ok((name, value))
    }

    /// The body, as long as it is within the limit: a length that is announced is not believed.
    async fn bounded(&self, mut response: Response) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| broken(&error, Stage::Reading))?
        {
            if body.len() + chunk.len() > self.most_bytes {
                return Err(Fault::TooLarge {
                    limit: self.most_bytes,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// The innermost cause goes to the log: it names certificates, hosts and sockets, never bodies.
fn broken(error: &reqwest::Error, stage: Stage) -> Fault {
    let stage = if error.is_connect() {
        Stage::Connecting
    } else {
        stage
    };
    let mut cause = error.source();
    while let Some(inner) = cause.and_then(std::error::Error::source) {
        cause = Some(inner);
    }
    if let Some(cause) = cause {
        tracing::warn!(%cause, %stage, "the connection to the model failed");
    }
    Fault::Connection { stage }
}
