//! What a run may use and has used.

use std::collections::BTreeMap;
use std::time::Duration;

use drafting::prompt::{Prompt, Purpose};
use serde::{Deserialize, Serialize};

use super::estimate;
use super::kept::Kept;
use crate::completion::{Completion, Price, Usage};
use crate::fault::{Budget, Fault};
use crate::tier_name;

/// What one run may use. Replayed answers cost nothing and count towards none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tokens of prompts.
    pub prompt_tokens: u64,
    /// Tokens of answers.
    pub completion_tokens: u64,
    /// Calls of the model; attempts inside one call are one.
    pub calls: u64,
    /// Money, in millionths of the currency of the prices; none for no limit. A limit needs prices.
    pub money: Option<u64>,
    /// Time from the start of the session.
    pub wall: Duration,
    /// Calls at once, one at least.
    pub concurrent: usize,
}

impl Default for Limits {
    /// Ceilings against work that runs away, no forecast.
    fn default() -> Self {
        Self {
            prompt_tokens: 3_000_000,
            completion_tokens: 600_000,
            calls: 600,
            money: None,
            wall: Duration::from_secs(15 * 60),
            concurrent: 8,
        }
    }
}

/// What was used for one purpose. There is no time in it, so that records of the same work are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurposeUsage {
    /// Answers that the model gave.
    pub calls: u64,
    /// Answers that were taken from the kept ones, or were asked for twice in this session.
    pub replayed: u64,
    /// Calls that ended in a fault.
    pub failed: u64,
    /// Attempts that failed before an answer came.
    pub retries: u64,
    /// Kept answers that were damaged or could not be read, and were asked for again.
    pub unreadable: u64,
    /// Answers whose tokens the service did not count and this crate guessed.
    pub estimated: u64,
    /// Tokens of prompts. Kept answers count with what was paid when they were made; so do all sums below.
    pub prompt_tokens: u64,
    /// Those of them that the service had in its cache.
    pub cached_prompt_tokens: u64,
    /// Tokens of answers.
    pub completion_tokens: u64,
    /// Money in millionths of the currency of the prices, as far as there were prices.
    pub cost: u64,
    /// Answers of tiers without a price: `cost` lacks them.
    pub unpriced: u64,
}

impl PurposeUsage {
    fn add(&mut self, usage: &Usage, cost: Option<u64>) {
        self.estimated += u64::from(usage.estimated);
        self.prompt_tokens = self.prompt_tokens.saturating_add(usage.prompt_tokens);
        self.cached_prompt_tokens = self
            .cached_prompt_tokens
            .saturating_add(usage.cached_prompt_tokens);
        self.completion_tokens = self.completion_tokens.saturating_add(usage.completion_tokens);
        self.cost = self.cost.saturating_add(cost.unwrap_or(0));
        self.unpriced += u64::from(cost.is_none());
    }
}

/// An amount taken from the budgets before a call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Amount {
    prompt_tokens: u64,
    completion_tokens: u64,
    money: u64,
}

impl Amount {
    fn of(usage: &Usage, price: Option<Price>) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            money: price.map_or(0, |price| price.of(usage)),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_add(other.completion_tokens),
            money: self.money.saturating_add(other.money),
        }
    }

    fn less(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_sub(other.prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_sub(other.completion_tokens),
            money: self.money.saturating_sub(other.money),
        }
    }
}

/// The budgets and the tally of one session.
pub(super) struct Ledger {
    limits: Limits,
    calls: u64,
    /// Spent, and set aside for calls under way.
    taken: Amount,
    usage: BTreeMap<Purpose, PurposeUsage>,
}

impl Ledger {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            calls: 0,
            taken: Amount::default(),
            usage: BTreeMap::new(),
        }
    }

    pub(super) fn usage(&self) -> BTreeMap<Purpose, PurposeUsage> {
        self.usage.clone()
    }

    /// Sets aside the most that `prompt` should take. What a call that is never settled (its task was dropped)
    /// has set aside stays taken: the service may have billed it.
    pub(super) fn reserve(&mut self, prompt: &Prompt, price: Option<Price>) -> Result<Amount, Fault> {
        if self.limits.money.is_some() && price.is_none() {
            return Err(Fault::Unpriced {
                tier: tier_name(prompt.tier),
            });
        }
        let most = Usage {
            prompt_tokens: estimate::prompt_tokens(prompt),
            completion_tokens: u64::from(prompt.most_tokens),
            ..Usage::default()
        };
        let amount = Amount::of(&most, price);
        let taken = self.taken.and(amount);
        if let Some(budget) = self.passed(taken) {
            return Err(Fault::Budget(budget));
        }
        self.calls += 1;
        self.taken = taken;
        Ok(amount)
    }

    fn passed(&self, taken: Amount) -> Option<Budget> {
        let budgets = [
            (self.calls >= self.limits.calls, Budget::Calls),
            (
                taken.prompt_tokens > self.limits.prompt_tokens,
                Budget::PromptTokens,
            ),
            (
                taken.completion_tokens > self.limits.completion_tokens,
                Budget::CompletionTokens,
            ),
            (
                self.limits.money.is_some_and(|most| taken.money > most),
                Budget::Money,
            ),
        ];
        budgets
            .into_iter()
            .find_map(|(is_passed, budget)| is_passed.then_some(budget))
    }

    /// Books what a call took instead of what was set aside, and gives its cost.
    pub(super) fn settle(
        &mut self,
        purpose: Purpose,
        reserved: Amount,
        price: Option<Price>,
        result: &Result<Completion, Fault>,
    ) -> Option<u64> {
        let paid = match result {
            Ok(answer) => Some(answer.usage),
            Err(fault) => fault.paid(),
        };
        let cost = paid.and_then(|paid| price.map(|price| price.of(&paid)));
        match (result, paid) {
            (_, Some(paid)) => self.taken = self.taken.less(reserved).and(Amount::of(&paid, price)),
            (Err(fault), None) if fault.may_be_billed() => {}
            (_, None) => self.taken = self.taken.less(reserved),
        }
        let entry = self.entry(purpose);
        match result {
            Ok(answer) => {
                entry.calls += 1;
                entry.retries += u64::from(answer.retries);
            }
            Err(_) => entry.failed += 1,
        }
        if let Some(paid) = paid {
            entry.add(&paid, cost);
        }
        cost
    }

    pub(super) fn replayed(&mut self, purpose: Purpose, kept: &Kept) {
        let entry = self.entry(purpose);
        entry.replayed += 1;
        entry.add(&kept.completion.usage, kept.cost);
    }

    /// The same prompt again in one session: nothing more was paid.
    pub(super) fn repeated(&mut self, purpose: Purpose) {
        self.entry(purpose).replayed += 1;
    }

    pub(super) fn unreadable(&mut self, purpose: Purpose) {
        self.entry(purpose).unreadable += 1;
    }

    fn entry(&mut self, purpose: Purpose) -> &mut PurposeUsage {
        self.usage.entry(purpose).or_default()
    }
}
