//! The adapter for Azure AI Content Safety.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use drafting::screening::Ratings;
use futures_util::future::try_join_all;
use wire::{Address, Line, LineFault, Tokens, Url, posted};

use crate::answer::{self, Analyze, ShieldPrompt};
use crate::chunks::{chunks, length};
use crate::fault::Fault;
use crate::settings::{MOST_DOCUMENTS, Settings, operation};
use crate::{Screen, Shield};

/// The client. One for a process: it holds the connections and bounds how many are used at once.
pub struct ContentSafety {
    endpoint: Address,
    most_characters: usize,
    line: Line,
}

impl ContentSafety {
    /// What the interface is called in records.
    pub const NAME: &str = "azure-content-safety 2024-09-01";

    /// A client with these settings; `tokens` is needed when the credential is an identity's.
    pub fn new(settings: Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Self, LineFault> {
        let line = Line::new(settings.terms()?, tokens)?;
        Ok(Self {
            endpoint: settings.endpoint,
            most_characters: settings.most_characters,
            line,
        })
    }

    async fn rated(&self, part: &str, deadline: Instant) -> Result<Ratings, Fault> {
        let body = json(&Analyze::of(part))?;
        self.ask(
            &operation(&self.endpoint, "text:analyze"),
            &body,
            deadline,
            answer::ratings,
        )
        .await
    }

    async fn looked_at(&self, documents: &[&str], deadline: Instant) -> Result<Vec<bool>, Fault> {
        let body = json(&ShieldPrompt::of(documents))?;
        let read = |body: &[u8]| answer::attacks(body, documents.len());
        self.ask(
            &operation(&self.endpoint, "text:shieldPrompt"),
            &body,
            deadline,
            read,
        )
        .await
    }

    async fn ask<T>(
        &self,
        to: &Url,
        body: &[u8],
        deadline: Instant,
        read: impl Fn(&[u8]) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let request = || posted(to.clone(), "application/json", body.to_vec());
        self.line.ask(request, deadline, |reply| read(&reply.body)).await
    }
}

/// Texts always have a JSON form; a fault here would be one of this program and is no pass.
fn json(body: &impl serde::Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(body).map_err(|_| Fault::Unreadable)
}

#[async_trait]
impl Screen for ContentSafety {
    async fn screen(&self, text: &str, deadline: Instant) -> Result<Ratings, Fault> {
        let parts = chunks(text, self.most_characters);
        let rated = try_join_all(parts.into_iter().map(|part| self.rated(part, deadline))).await?;
        Ok(rated.into_iter().fold(Ratings::SAFE, Ratings::worse))
    }
}

#[async_trait]
impl Shield for ContentSafety {
    async fn shield(&self, texts: &[&str], deadline: Instant) -> Result<Vec<bool>, Fault> {
        let parts: Vec<(usize, &str)> = texts
            .iter()
            .enumerate()
            .flat_map(|(place, text)| {
                let parts = chunks(text, self.most_characters);
                parts.into_iter().map(move |part| (place, part))
            })
            .collect();
        let requests = requests(&parts, self.most_characters);
        let looked_at = requests.into_iter().map(async |request| {
            let documents: Vec<&str> = request.iter().map(|(_, part)| *part).collect();
            let attacks = self.looked_at(&documents, deadline).await?;
            let places = request.iter().map(|(place, _)| *place);
            Ok::<_, Fault>(places.zip(attacks).collect::<Vec<_>>())
        });
        let mut found = vec![false; texts.len()];
        for (place, attack) in try_join_all(looked_at).await?.into_iter().flatten() {
            if let Some(known) = found.get_mut(place) {
                *known |= attack;
            }
        }
        Ok(found)
    }

    fn most_characters(&self) -> usize {
        self.most_characters
    }
}

/// The parts in requests, each within the service's count of documents and characters.
fn requests<'p, 't>(parts: &'p [(usize, &'t str)], most: usize) -> Vec<&'p [(usize, &'t str)]> {
    let mut requests = Vec::new();
    let mut rest = parts;
    while !rest.is_empty() {
        let mut characters = 0;
        let fitting = rest.iter().take(MOST_DOCUMENTS).take_while(|(_, part)| {
            characters += length(part);
            characters <= most
        });
        let (request, more) = rest.split_at(fitting.count().max(1));
        requests.push(request);
        rest = more;
    }
    requests
}
