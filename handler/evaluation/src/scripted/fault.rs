//! What goes wrong, when told to.

use super::prompt::Request;

/// How a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429, to be tried again after so many seconds.
    Throttled(u32),
    /// 500.
    Broken,
    /// The content filter refuses the prompt.
    PromptFiltered,
    /// The content filter cuts the answer off.
    AnswerFiltered,
    /// The answer is cut off by its limit of tokens.
    CutOff,
    /// The model declines.
    Refusal,
    /// The answer is no JSON.
    Malformed,
    /// It answers as ever, and the content filter did not run.
    Unfiltered,
    /// The connection is never answered.
    Hangs,
}

/// Which of the requests that a fault is for fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The n-th, counted from 1.
    Nth(usize),
    /// The first so many.
    First(usize),
    /// All.
    Always,
    /// All after so many.
    After(usize),
}

/// A fault and the requests it is for.
#[derive(Clone, Debug)]
pub struct Faults {
    /// `label`, `ask_again`, `write`, `judge`, `repair` or `read`; any when none.
    pub purpose: Option<&'static str>,
    /// Words that the material holds; empty for any.
    pub holding: String,
    /// Which of these.
    pub when: When,
    /// What goes wrong.
    pub fault: Fault,
}

impl Faults {
    /// A fault of all requests of a purpose whose material holds some words.
    #[must_use]
    pub fn of(purpose: &'static str, holding: &str, when: When, fault: Fault) -> Self {
        Self {
            purpose: Some(purpose),
            holding: holding.to_owned(),
            when,
            fault,
        }
    }

    /// A fault of any request.
    #[must_use]
    pub fn any(when: When, fault: Fault) -> Self {
        Self {
            purpose: None,
            holding: String::new(),
            when,
            fault,
        }
    }

    /// Whether it is for a request like this.
    pub(super) fn concerns(&self, request: &Request) -> bool {
        self.purpose.is_none_or(|purpose| purpose == request.purpose())
            && request.user.contains(&self.holding)
    }
}

impl When {
    /// Whether the request with this number, from 1, is meant.
    pub(super) fn holds(self, number: usize) -> bool {
        match self {
            Self::Nth(n) => number == n,
            Self::First(n) => number <= n,
            Self::Always => true,
            Self::After(n) => number > n,
        }
    }
}
