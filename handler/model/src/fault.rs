//! Everything that can go wrong between a prompt and its answer.
//!
//! Messages say what to do and hold no text of a prompt, an answer or a service: only numbers, names of
//! settings, and codes of a narrow alphabet.

use std::fmt;
use std::time::Duration;

use wire::{Broken, Stage, TokenFault};

use crate::completion::Usage;
use crate::filter::Flagged;
use crate::schema::Misfit;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// 429, the service's own or a gateway's: too many requests or tokens a minute.
    #[error("the model service is over its rate limit{}; wait, or raise the deployment's tokens a minute", When(*after))]
    Throttled {
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// The account may spend no more.
    #[error("the quota of the model account is used up; raise it or wait until it is renewed")]
    QuotaExhausted,
    /// The service failed (5xx), or was busy with the same request (408, 409).
    #[error("the model service failed with status {status}; try again later")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// How long the service asked to wait.
        after: Option<Duration>,
    },
    /// The service cannot be reached, or the connection broke.
    #[error(
        "no connection to the model service ({stage}); check the base URL, name resolution, certificate and firewall"
    )]
    Connection {
        /// Where it broke.
        stage: Stage,
    },
    /// One attempt took too long.
    #[error("the model did not answer within {} seconds; try again, or allow an attempt more time", .limit.as_secs())]
    TimedOut {
        /// What an attempt may take.
        limit: Duration,
    },
    /// The time for the work is over, waits included.
    #[error("the time for this work is over; what was answered is kept, so start it again")]
    Deadline,
    /// A budget of the run would be passed.
    #[error("the run's budget of {0} is used up; raise the limit, or give fewer or shorter documents")]
    Budget(Budget),
    /// A budget of money was set, and nobody has said what the tier costs.
    #[error(
        "a limit of money is set but the price of the tier `{tier}` is not; set the price or take the limit away"
    )]
    Unpriced {
        /// The tier.
        tier: &'static str,
    },
    /// The service's filter kept the prompt from the model.
    #[error("the content filter refused the text sent to the model ({}); write this part by hand, or ask for a filter \
             made for case work", Flags(.categories))]
    PromptFiltered {
        /// What it saw.
        categories: Vec<Flagged>,
    },
    /// The service's filter cut off the answer.
    #[error("the content filter refused the model's answer ({}); write this part by hand, or ask for a filter made for \
             case work", Flags(.categories))]
    AnswerFiltered {
        /// What it saw.
        categories: Vec<Flagged>,
        /// What was paid.
        paid: Usage,
    },
    /// The answer reached its most tokens before its end.
    #[error("the model's answer was cut off by its limit of tokens; send less at once or raise the limit")]
    CutOff {
        /// What was paid.
        paid: Usage,
    },
    /// The model declined.
    #[error("the model declined to answer; write this part by hand")]
    Refusal {
        /// What was paid.
        paid: Usage,
    },
    /// An answer without content.
    #[error("the model gave an empty answer")]
    Empty {
        /// What was paid.
        paid: Usage,
    },
    /// Content that is not JSON.
    #[error("the model's answer is no JSON; use a model that keeps to a JSON schema")]
    NotJson {
        /// What was paid.
        paid: Usage,
    },
    /// JSON that does not fit the prompt's schema.
    #[error("the model's answer does not fit its schema ({misfit}); use a model that keeps to a JSON schema")]
    Misfit {
        /// Where and how.
        misfit: Misfit,
        /// What was paid.
        paid: Usage,
    },
    /// A success whose body is no chat completion: a proxy's page, another service.
    #[error("what answers at the base URL is no chat completions service; check the base URL and proxies")]
    NotACompletion,
    /// A body over the limit.
    #[error("the model service sent more than {limit} bytes; check the base URL")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
    },
    /// No such deployment, or no such address.
    #[error(
        "the model service does not know the deployment `{deployment}`; check its name and that the base URL is whole \
             (Azure: it ends in `/openai/v1`); a deployment made just now needs five minutes"
    )]
    DeploymentNotFound {
        /// The name that was asked for.
        deployment: String,
    },
    /// 401: the key or token is wrong.
    #[error(
        "the model service refused the key or token; check the key, the token scope and that both belong to this \
             base URL"
    )]
    WrongKey,
    /// 403, or 401 that says so: known, but not allowed.
    #[error(
        "the model service denies access; give this app's identity the role `Cognitive Services OpenAI User`, check the \
         service's network rules, and use a token where keys are switched off"
    )]
    NoRights,
    /// No token.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// The prompt is longer than the model reads.
    #[error(
        "the text is longer than the model reads; send less at once or use a model with a longer context"
    )]
    ContextTooLong,
    /// Any other 4xx.
    #[error("the model service refuses the request: status {status}{}{}; check the model's settings (a reasoning model \
             refuses `temperature` and `seed`)", Named(" code", .code), Named(" parameter", .parameter))]
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// The service's code, when it is a plain word.
        code: Option<String>,
        /// The parameter that it names, when it is a plain word.
        parameter: Option<String>,
    },
    /// 3xx, never followed: it could carry text and key to another place.
    #[error(
        "the model service answers with a redirect, which is not followed; set the final address as base URL"
    )]
    Redirected,
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Token(fault) => Self::Token(fault),
            Broken::Unsendable => Self::WrongKey,
            Broken::Connection { stage, .. } => Self::Connection { stage },
            Broken::TooLarge { limit } => Self::TooLarge { limit },
            Broken::TimedOut { limit } => Self::TimedOut { limit },
            Broken::Deadline => Self::Deadline,
        }
    }
}

/// One of the budgets of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Tokens of prompts.
    PromptTokens,
    /// Tokens of answers.
    CompletionTokens,
    /// Calls.
    Calls,
    /// Money.
    Money,
    /// Time.
    Wall,
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PromptTokens => "prompt tokens",
            Self::CompletionTokens => "completion tokens",
            Self::Calls => "model calls",
            Self::Money => "money",
            Self::Wall => "time",
        })
    }
}

impl Fault {
    /// Whether the same request may succeed later without anyone's doing.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Throttled { .. }
            | Self::Unavailable { .. }
            | Self::Connection { .. }
            | Self::TimedOut { .. }
            | Self::Deadline
            | Self::Token(TokenFault::Unavailable) => true,
            Self::QuotaExhausted
            | Self::Budget(_)
            | Self::Unpriced { .. }
            | Self::PromptFiltered { .. }
            | Self::AnswerFiltered { .. }
            | Self::CutOff { .. }
            | Self::Refusal { .. }
            | Self::Empty { .. }
            | Self::NotJson { .. }
            | Self::Misfit { .. }
            | Self::NotACompletion
            | Self::TooLarge { .. }
            | Self::DeploymentNotFound { .. }
            | Self::WrongKey
            | Self::NoRights
            | Self::Token(TokenFault::Absent | TokenFault::Refused)
            | Self::ContextTooLong
            | Self::BadRequest { .. }
            | Self::Redirected => false,
        }
    }

    /// Whether every prompt would end like this one until someone mends the settings: no use in asking the others.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        matches!(
            self,
            Self::QuotaExhausted
                | Self::Unpriced { .. }
                | Self::DeploymentNotFound { .. }
                | Self::WrongKey
                | Self::NoRights
                | Self::Token(TokenFault::Absent | TokenFault::Refused)
                | Self::NotACompletion
                | Self::Redirected
        )
    }

    /// How long the service asked to wait.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { after } | Self::Unavailable { after, .. } => *after,
            _ => None,
        }
    }

    /// A word for logs and metrics.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Throttled { .. } => "throttled",
            Self::QuotaExhausted => "quota_exhausted",
            Self::Unavailable { .. } => "unavailable",
            Self::Connection { .. } => "connection",
            Self::TimedOut { .. } => "timed_out",
            Self::Deadline => "deadline",
            Self::Budget(_) => "budget",
            Self::Unpriced { .. } => "unpriced",
            Self::PromptFiltered { .. } => "prompt_filtered",
            Self::AnswerFiltered { .. } => "answer_filtered",
            Self::CutOff { .. } => "cut_off",
            Self::Refusal { .. } => "refusal",
            Self::Empty { .. } => "empty",
            Self::NotJson { .. } => "not_json",
            Self::Misfit { .. } => "misfit",
            Self::NotACompletion => "not_a_completion",
            Self::TooLarge { .. } => "too_large",
            Self::DeploymentNotFound { .. } => "deployment_not_found",
            Self::WrongKey => "wrong_key",
            Self::NoRights => "no_rights",
            Self::Token(_) => "token",
            Self::ContextTooLong => "context_too_long",
            Self::BadRequest { .. } => "bad_request",
            Self::Redirected => "redirected",
        }
    }

    /// What was billed for an answer that is of no use.
    #[must_use]
    pub fn paid(&self) -> Option<Usage> {
        match self {
            Self::AnswerFiltered { paid, .. }
            | Self::CutOff { paid }
            | Self::Refusal { paid }
            | Self::Empty { paid }
            | Self::NotJson { paid }
            | Self::Misfit { paid, .. } => Some(*paid),
            _ => None,
        }
    }

    /// Whether the service may have billed an answer that never came through.
    pub(crate) fn may_be_billed(&self) -> bool {
        match self {
            Self::Connection { stage } => *stage != Stage::Connecting,
            Self::TimedOut { .. }
            | Self::Deadline
            | Self::Budget(Budget::Wall)
            | Self::NotACompletion
            | Self::TooLarge { .. } => true,
            _ => false,
        }
    }

    /// The same fault with what was billed before it in its series.
    pub(crate) fn and_paid(mut self, before: Usage) -> Self {
        match &mut self {
            Self::AnswerFiltered { paid, .. }
            | Self::CutOff { paid }
            | Self::Refusal { paid }
            | Self::Empty { paid }
            | Self::NotJson { paid }
            | Self::Misfit { paid, .. } => *paid = paid.and(before),
            _ => {}
        }
        self
    }
}

/// ` and asks to wait 37 seconds`, or nothing.
struct When(Option<Duration>);

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(after) => write!(
                f,
                " and asks to wait {} seconds",
                after.as_millis().div_ceil(1000)
            ),
            None => Ok(()),
        }
    }
}

/// ` code word`, or nothing.
struct Named<'a>(&'static str, &'a Option<String>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(word) => write!(f, "{} `{word}`", self.0),
            None => Ok(()),
        }
    }
}

/// The categories in words.
struct Flags<'a>(&'a [Flagged]);

impl fmt::Display for Flags<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("it does not say why");
        }
        for (index, flagged) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{flagged}")?;
        }
        Ok(())
    }
}
