//! What this crate needs of others: a model, and a place for answers.

use std::fmt;
use std::time::Instant;

use async_trait::async_trait;
use drafting::hash::Digest;
use drafting::prompt::{Prompt, Tier};

use crate::completion::{Completion, Price};
use crate::fault::Fault;

/// A language model of two tiers.
#[async_trait]
pub trait LanguageModel: Send + Sync {
    /// Asks once, in one series of attempts: what may be tried again is tried again inside. `deadline` bounds
    /// everything, waits included.
    async fn complete(&self, prompt: &Prompt, deadline: Instant) -> Result<Completion, Fault>;

    /// Whether the service can be reached now and takes the credential, without asking a model anything.
    async fn reachable(&self, _deadline: Instant) -> Result<(), Fault> {
        Ok(())
    }

    /// What answers a tier, with everything that changes its answers. It stands in records, in the fingerprint
    /// of runs and in the keys of kept answers.
    fn name(&self, tier: Tier) -> String;

    /// What a tier costs; none when nobody has said.
    fn price(&self, tier: Tier) -> Option<Price>;
}

/// Where answers of models are kept, for one case. Keys are digests, so a name says nothing.
#[async_trait]
pub trait Answers: Send + Sync {
    /// The bytes kept under `key`, if any.
    async fn get(&self, key: &Digest) -> Result<Option<Vec<u8>>, AnswersFault>;
    /// Keeps `answer` under `key`, over what was there.
    async fn put(&self, key: &Digest, answer: Vec<u8>) -> Result<(), AnswersFault>;
}

/// The store of answers did not work. Its text goes to the log, so it holds no names.
#[derive(Debug, thiserror::Error)]
#[error("the store of kept answers did not work: {0}")]
pub struct AnswersFault(String);

impl AnswersFault {
    /// A fault with the store's own reason, which goes to the log.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}
