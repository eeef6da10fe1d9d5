//! One request over the wire.

use std::sync::Arc;

use wire::{Broken, Method, Reply, Request, Tokens, Wire, posted};

use super::settings::{Deployment, Settings, SettingsFault};
use crate::fault::Fault;

/// The connections to the services of all deployments.
pub(super) struct Exchange(Wire);

impl Exchange {
    pub(super) fn new(settings: &Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, SettingsFault> {
        let direct = settings
            .deployments()
            .iter()
            .all(|deployment| deployment.base.is_loopback());
        Wire::new(direct, settings.timing.attempt, settings.most_bytes, tokens)
            .map(Self)
            .map_err(SettingsFault::Client)
    }

    /// Sends `body` and reads the whole reply. `renew` asks for another token than the one that was refused.
    pub(super) async fn send(&self, to: &Deployment, body: Vec<u8>, renew: bool) -> Result<Reply, Fault> {
        let mut request = posted(to.base.completions(), "application/json", body);
        // Hexadecimal digits and dashes, which every header takes.
        let traceparent = telemetry::traceparent().and_then(|text| text.try_into().ok());
        if let Some(traceparent) = traceparent {
            request.headers_mut().insert("traceparent", traceparent);
        }
        let reply = self.0.exchange(request, Some(&to.credential), renew).await;
        reply.map_err(told)
    }

    /// Asks for the list of models, which costs nothing: whether somebody answers who takes the credential.
    pub(super) async fn look(&self, to: &Deployment) -> Result<(), Fault> {
        let request = Request::new(Method::GET, to.base.models());
        let response = self.0.send(request, Some(&to.credential), false).await;
        match response.map_err(told)?.status().as_u16() {
            401 => Err(Fault::WrongKey),
            403 => Err(Fault::NoRights),
            status @ 500..=599 => Err(Fault::Unavailable { status, after: None }),
            // Not every service has such a list.
            _ => Ok(()),
        }
    }
}

/// The cause of a broken connection goes to the log.
fn told(broken: Broken) -> Fault {
    if let Broken::Connection {
        stage,
        cause: Some(cause),
    } = &broken
    {
        tracing::warn!(%cause, %stage, "the connection to the model failed");
    }
    broken.into()
}
