//! A client of chat completions: version 1 of `Azure OpenAI`, and every service that speaks the same. What is true of every
//! service of the cloud (addresses, keys, times, bounded answers) is in [`wire`].
//!
//! | file | what |
//! |---|---|
//! | `settings` | where, who, which deployments |
//! | `series` | attempts: when again, how long between, when not |
//! | `exchange` | one request over the wire |
//! | `request` | the outgoing body |
//! | `answer` | a success's body, to a completion or a fault |
//! | `trouble` | a failure's body, to a fault |
//! | `pause` | how long a service asks to wait in words |
//! | `told` | each attempt as telemetry |

mod answer;
mod exchange;
mod pause;
mod request;
mod series;
mod settings;
mod told;
mod trouble;

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use drafting::prompt::{Prompt, Tier};

pub use settings::{BaseUrl, BaseUrlFault, Deployment, Effort, Sampling, Settings, SettingsFault};
pub use wire::{Credential, Timing};

use crate::completion::{Completion, Price};
use crate::fault::Fault;
use crate::ports::LanguageModel;
use exchange::Exchange;
use series::Series;
use telemetry::Label;
use wire::Tokens;

/// The client. One for a process: it holds the connections.
pub struct OpenAi {
    heavy: Deployment,
    fast: Deployment,
    judge: Deployment,
    timing: Timing,
    exchange: Exchange,
}

impl OpenAi {
    /// A client with these settings; `tokens` is needed when a credential is [`Credential::Entra`].
    pub fn new(settings: Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, SettingsFault> {
        settings.check(tokens.is_some())?;
        let exchange = Exchange::new(&settings, tokens)?;
        for deployment in settings.deployments() {
            // What the settings call a model may be told.
            let _known = Label::configured(&deployment.name);
        }
        Ok(Self {
            heavy: settings.heavy,
            fast: settings.fast,
            judge: settings.judge,
            timing: settings.timing,
            exchange,
        })
    }

    fn deployment(&self, tier: Tier) -> &Deployment {
        match tier {
            Tier::Heavy => &self.heavy,
            Tier::Fast => &self.fast,
            Tier::Judge => &self.judge,
        }
    }
}

#[async_trait]
impl LanguageModel for OpenAi {
    async fn complete(&self, prompt: &Prompt, deadline: Instant) -> Result<Completion, Fault> {
        Series::new(
            &self.exchange,
            self.deployment(prompt.tier),
            self.timing,
            prompt,
            deadline,
        )
        .run()
        .await
    }

    async fn reachable(&self, deadline: Instant) -> Result<(), Fault> {
        let mut asked: Vec<&Deployment> = Vec::new();
        for to in [&self.heavy, &self.fast, &self.judge] {
            if !asked.iter().any(|known| known.base == to.base) {
                let looked = tokio::time::timeout_at(deadline.into(), self.exchange.look(to)).await;
                looked.unwrap_or(Err(Fault::Deadline))?;
                asked.push(to);
            }
        }
        Ok(())
    }

    fn name(&self, tier: Tier) -> String {
        self.deployment(tier).label()
    }

    fn price(&self, tier: Tier) -> Option<Price> {
        self.deployment(tier).price
    }
}
