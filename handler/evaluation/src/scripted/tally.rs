//! What was asked, in which order, and what it took.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::Fault;
use super::prompt::Request;

/// Tokens of one request and its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// What is the same from call to call.
    pub instructions: u64,
    /// Sentences, claims, statements.
    pub material: u64,
    /// The form of the answer.
    pub schema: u64,
    /// The answer.
    pub completion: u64,
}

impl Tokens {
    /// What is billed for the prompt.
    #[must_use]
    pub fn prompt(&self) -> u64 {
        self.instructions + self.material + self.schema
    }
}

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// `label`, `ask_again`, `write`, `judge`, `repair` or `read`.
    pub purpose: &'static str,
    /// The body as it came.
    pub body: Value,
    /// What was answered; nothing where it failed without an answer.
    pub answer: Option<Value>,
    /// What went wrong.
    pub fault: Option<Fault>,
    /// What it took.
    pub tokens: Tokens,
    /// When it came, since the server's start.
    pub begun: Duration,
    /// When it was answered.
    pub ended: Duration,
    /// Which fields it is about, for calls that depend on one another.
    pub(super) group: Option<String>,
}

/// The calls of one purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPurpose {
    /// How many.
    pub calls: u64,
    /// Their tokens.
    pub tokens: Tokens,
}

/// What a run asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Calls, failed ones included.
    pub calls: u64,
    /// Those that failed.
    pub failed: u64,
    /// The most calls that were open at once.
    pub most_at_once: u64,
    /// The longest chain of calls that depend on one another.
    pub chain: u64,
    /// Tokens of all prompts.
    pub prompt_tokens: u64,
    /// Tokens of all answers.
    pub completion_tokens: u64,
    /// By purpose.
    pub purposes: BTreeMap<String, OfPurpose>,
}

impl Statistics {
    /// The figures of what was recorded for one run.
    pub(super) fn of(recorded: &[Recorded]) -> Self {
        let mut all = Self {
            chain: chain(recorded),
            most_at_once: most_at_once(recorded),
            ..Self::default()
        };
        for one in recorded {
            all.calls += 1;
            all.failed += u64::from(one.fault.is_some());
            all.prompt_tokens += one.tokens.prompt();
            all.completion_tokens += one.tokens.completion;
            let own = all.purposes.entry(one.purpose.to_owned()).or_default();
            own.calls += 1;
            own.tokens.instructions += one.tokens.instructions;
            own.tokens.material += one.tokens.material;
            own.tokens.schema += one.tokens.schema;
            own.tokens.completion += one.tokens.completion;
        }
        all
    }
}

/// All labels are asked for at once, then what was passed over, then all groups of fields at once; the calls of one group
/// wait for one another. The finished draft is read at the end.
fn chain(recorded: &[Recorded]) -> u64 {
    let answered = || recorded.iter().filter(|one| one.fault.is_none());
    let any = |purpose: &str| u64::from(answered().any(|one| one.purpose == purpose));
    let mut groups: BTreeMap<&str, u64> = BTreeMap::new();
    for group in answered().filter_map(|one| one.group.as_deref()) {
        *groups.entry(group).or_default() += 1;
    }
    any("label") + any("ask_again") + groups.values().max().copied().unwrap_or(0) + any("read")
}

fn most_at_once(recorded: &[Recorded]) -> u64 {
    let open_at = |at: Duration| {
        recorded
            .iter()
            .filter(|one| one.begun <= at && at < one.ended)
            .count()
    };
    let most = recorded.iter().map(|one| open_at(one.begun)).max().unwrap_or(0);
    u64::try_from(most).unwrap_or(u64::MAX)
}

/// The labels of the fields that a request about statements is about.
pub(super) fn labels(request: &Request) -> BTreeSet<String> {
    let fields = request.fields().into_iter().map(|field| field.label);
    fields
        .chain(
            request
                .statements()
                .into_iter()
                .map(|one| one.label)
                .filter(|label| !label.is_empty()),
        )
        .collect()
}
