//! Azure AI Document Intelligence: a page is sent, its analysis asked for until it is done, and then deleted there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reading::scan::Picture;
use wire::{Line, Method, Refused, Reply, Request, Tokens, Url, posted};

use crate::fault::Fault;
use crate::{Recognised, Recogniser};

pub mod layout;
mod settings;

pub(crate) use settings::SERVICE;
pub use settings::Settings;
pub use wire::{Address, Credential, LineFault, Timing};

/// The client. One for a process: it holds the connections and bounds how many are used at once.
pub struct DocumentIntelligence {
    endpoint: Address,
    /// The pause before an analysis is asked for again when the service names none.
    between: Duration,
    line: Line,
}

impl DocumentIntelligence {
    /// What the interface is called in records.
    pub const NAME: &str = "azure-document-intelligence prebuilt-layout 2024-11-30";

    /// A client with these settings; `tokens` is needed when the credential is an identity's.
    pub fn new(settings: Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, LineFault> {
        let line = Line::new(settings.terms(), tokens)?;
        Ok(Self {
            endpoint: settings.endpoint,
            between: settings.between,
            line,
        })
    }

    async fn ask(&self, request: impl Fn() -> Request, deadline: Instant) -> Result<Reply, Fault> {
        self.line.ask(request, deadline, Ok).await
    }

    /// Asks for an analysis until it is done.
    async fn awaited(
        &self,
        operation: &Url,
        mut pause: Option<Duration>,
        deadline: Instant,
    ) -> Result<Recognised, Fault> {
        loop {
            self.rest(pause, deadline).await?;
            let get = || Request::new(Method::GET, operation.clone());
            let reply = self.ask(get, deadline).await?;
            match layout::analysis(&reply.body)? {
                layout::Analysis::Done(recognised) => return Ok(recognised),
                layout::Analysis::Under => pause = reply.after,
            }
        }
    }

    /// Waits before an analysis is asked for again.
    async fn rest(&self, asked: Option<Duration>, deadline: Instant) -> Result<(), Fault> {
        let pause = asked
            .unwrap_or(self.between)
            .max(self.between.min(Duration::from_millis(100)));
        let next = Instant::now().checked_add(pause).filter(|next| *next < deadline);
        tokio::time::sleep_until(next.ok_or(Fault::Deadline)?.into()).await;
        Ok(())
    }
}

#[async_trait]
impl Recogniser for DocumentIntelligence {
    fn name(&self) -> String {
        Self::NAME.to_owned()
    }

    /// Asks the service what its model is, which is free and takes no page's place.
    async fn reachable(&self, deadline: Instant) -> Result<(), Fault> {
        let look = Request::new(Method::GET, settings::model(&self.endpoint));
        self.line.beside(look, deadline).await?;
        Ok(())
    }

    async fn recognise(&self, picture: &Picture, deadline: Instant) -> Result<Recognised, Fault> {
        let page = || {
            posted(
                settings::analyze(&self.endpoint),
                "application/octet-stream",
                picture.png.clone(),
            )
        };
        let accepted = self.ask(page, deadline).await?;
        let operation = named_operation(&accepted).ok_or(Fault::Unreadable)?;
        let own = settings::own(&self.endpoint, operation);
        // Following it could carry key and page to another place.
        let operation = own.ok_or(wire::Fault::from(Refused::Redirected))?;
        let recognised = self.awaited(&operation, accepted.after, deadline).await;
        // The service would keep it for a day. It has been read, so that a deletion that fails takes nothing away.
        let deletion = Request::new(Method::DELETE, operation);
        if let Err(fault) = self.line.once(deletion, deadline).await {
            tracing::warn!(
                fault = fault.kind(),
                "an analysis was not deleted at once; the service deletes it within 24 hours"
            );
        }
        recognised
    }
}

/// Where the analysis will be.
fn named_operation(accepted: &Reply) -> Option<&str> {
    accepted.headers.get("operation-location")?.to_str().ok()
}
