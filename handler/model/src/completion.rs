//! What a model gives back, and what it cost.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An answer that fits the schema of its prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// The answer.
    pub value: Value,
    /// What was paid for it, answers of the same series that did not fit included.
    pub usage: Usage,
    /// How it ended.
    pub finish: Finish,
    /// Whether the service's content filter saw it.
    pub filtered: Filtering,
    /// The model that answered, as the service names it; empty when it does not.
    pub model: String,
    /// How many attempts failed before this one.
    pub retries: u32,
    /// Whether it was taken from the kept answers instead of asked for.
    pub replayed: bool,
}

/// Tokens of one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt, the cached ones included.
    pub prompt_tokens: u64,
    /// Those of them that the service had read before and bills less for.
    pub cached_prompt_tokens: u64,
    /// Tokens of the answer, reasoning included.
    pub completion_tokens: u64,
    /// The service did not say, and the numbers are guessed from the lengths of the texts.
    pub estimated: bool,
}

impl Usage {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            cached_prompt_tokens: self
                .cached_prompt_tokens
                .saturating_add(other.cached_prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_add(other.completion_tokens),
            estimated: self.estimated || other.estimated,
        }
    }
}

/// How an answer ended. Endings that spoil it are faults, see [`Fault`](crate::Fault).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// By itself.
    Stop,
    /// The service did not say, or in a word that is not known here. The answer fits its schema all the same.
    Unsaid,
}

/// What the service's content filter did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filtering {
    /// It saw prompt and answer and let both pass.
    Checked,
    /// It failed: the texts passed unseen. The answer is usable; the caller makes a finding.
    NotRun,
    /// The service reports no filter.
    Unreported,
}

/// What a tier costs, in millionths of the currency (micro-pounds, say) for a million tokens. A price of £1.50
/// for a million tokens is 1 500 000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// A million tokens of prompts.
    pub prompt: u64,
    /// A million tokens of prompts that the service had in its cache.
    pub cached_prompt: u64,
    /// A million tokens of answers.
    pub completion: u64,
}

impl Price {
    /// The cost of `usage` in millionths of the currency, rounded up.
    #[must_use]
    pub fn of(&self, usage: &Usage) -> u64 {
        let cached = usage.cached_prompt_tokens.min(usage.prompt_tokens);
        let parts = [
            (usage.prompt_tokens - cached, self.prompt),
            (cached, self.cached_prompt),
            (usage.completion_tokens, self.completion),
        ];
        let sum: u128 = parts
            .iter()
            .map(|(tokens, price)| u128::from(*tokens) * u128::from(*price))
            .sum();
        u64::try_from(sum.div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }
}
