//! Azure AI Document Intelligence: a page is sent, its analysis asked for until it is done, and then deleted there.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use async_trait::async_trait;
use model::Tokens;
use reading::scan::Picture;
use reqwest::Url;

use crate::fault::Fault;
use crate::{Recognised, Recogniser};

pub mod layout;
mod settings;
mod wire;

pub use settings::{Credential, Endpoint, EndpointFault, Settings, SettingsFault, Timing};
use wire::{Sent, Wire};

/// The client. One for a process: it holds the connections and bounds how many are used at once.
pub struct DocumentIntelligence {
    endpoint: Endpoint,
    wire: Wire,
}

impl DocumentIntelligence {
    /// What the interface is called in records.
    pub const NAME: &str = "azure-document-intelligence prebuilt-layout 2024-11-30";

    /// A client with these settings; `tokens` is needed when the credential is an identity's.
    pub fn new(settings: Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, SettingsFault> {
        settings.check(tokens.is_some())?;
        let wire = Wire::new(&settings, tokens)?;
        Ok(Self {
            endpoint: settings.endpoint,
            wire,
        })
    }

    /// Asks for an analysis until it is done.
    async fn awaited(
        &self,
        operation: &Url,
        mut pause: Option<std::time::Duration>,
        deadline: Instant,
    ) -> Result<Recognised, Fault> {
        loop {
            self.wire.rest(pause, deadline).await?;
            let answer = self.wire.ask(Sent::Get(operation), deadline).await?;
            match layout::analysis(&answer.body)? {
                layout::Analysis::Done(recognised) => return Ok(recognised),
                layout::Analysis::Under => pause = answer.after,
            }
        }
    }
}

#[async_trait]
impl Recogniser for DocumentIntelligence {
    fn name(&self) -> String {
        Self::NAME.to_owned()
    }

    /// Asks the service what its model is, which is free and takes no page's place.
    async fn reachable(&self, deadline: Instant) -> Result<(), Fault> {
        self.wire.look(self.endpoint.model(), deadline).await
    }

    async fn recognise(&self, picture: &Picture, deadline: Instant) -> Result<Recognised, Fault> {
        let answer = self
            .wire
            .ask(Sent::Page(self.endpoint.analyze(), &picture.png), deadline)
            .await?;
        let operation = answer.operation.ok_or(Fault::Unreadable)?;
        let operation = self.endpoint.own(&operation).ok_or(Fault::Elsewhere)?;
        let recognised = self.awaited(&operation, answer.after, deadline).await;
        // The service would keep it for a day. It has been read, so that a deletion that fails takes nothing away.
        if let Err(fault) = self.wire.once(Sent::Delete(&operation), deadline).await {
            tracing::warn!(
                fault = fault.kind(),
                "an analysis was not deleted at once; the service deletes it within 24 hours"
            );
        }
        recognised
    }
}

/// The time by which waits are counted.
fn now() -> SystemTime {
    SystemTime::now()
}
