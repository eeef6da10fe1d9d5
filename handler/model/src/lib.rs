//! Language models: the only door to them.
//!
//! A [`Session`] is the model use of one run. It keeps to budgets, bounds calls at once, replays answers that
//! were kept, and tallies what was used. Behind it stands a [`LanguageModel`]; [`openai::OpenAi`] is the one
//! for services that speak chat completions.
//!
//! What it must not know: storage (answers are kept through the port [`Answers`]), Azure's SDK (tokens come
//! through the port [`Tokens`]), recipes, cases and documents. It never logs or reports a word of a prompt, an
//! answer, or a service's message; keys are [`Secret`]s. It follows no redirect, and speaks `https` only,
//! `http` to this machine excepted.
//!
//! # Faults
//!
//! | what came | fault | tried again within a series | passing |
//! |---|---|---|---|
//! | 429, the service's or a gateway's | [`Fault::Throttled`] | after `retry-after-ms`, `retry-after`, words in the body, or ever longer pauses | yes |
//! | 429 `insufficient_quota`, 402, 403 with a quota | [`Fault::QuotaExhausted`] | no | no |
//! | 408, 409, 5xx | [`Fault::Unavailable`] | likewise | yes |
//! | no connection, or a broken one | [`Fault::Connection`] | likewise | yes |
//! | an attempt without end | [`Fault::TimedOut`] | likewise | yes |
//! | the deadline | [`Fault::Deadline`] | no | yes |
//! | a budget of the run | [`Fault::Budget`], [`Fault::Unpriced`] | never sent | no |
//! | 400 `content_filter` | [`Fault::PromptFiltered`] | no | no |
//! | ending `content_filter` | [`Fault::AnswerFiltered`] | no | no |
//! | ending `length` | [`Fault::CutOff`] | no | no |
//! | a refusal | [`Fault::Refusal`] | no | no |
//! | no content, no JSON, not the schema's | [`Fault::Empty`], [`Fault::NotJson`], [`Fault::Misfit`] | asked once more | no |
//! | a success that is no completion | [`Fault::NotACompletion`] | asked once more | no |
//! | a body over the limit | [`Fault::TooLarge`] | no | no |
//! | 404 | [`Fault::DeploymentNotFound`] | no | no |
//! | 401 | [`Fault::WrongKey`] | once, with another token; never with a key | no |
//! | 403, 401 `PermissionDenied` | [`Fault::NoRights`] | no | no |
//! | no token | [`Fault::Token`] | when its source did not answer | then only |
//! | a prompt that is too long | [`Fault::ContextTooLong`] | no | no |
//! | any other 4xx | [`Fault::BadRequest`] | no | no |
//! | 3xx | [`Fault::Redirected`] | no | no |
//!
//! A success whose content filter did not run is a [`Completion`] with [`Filtering::NotRun`]: usable, and a
//! finding.

mod completion;
mod fault;
mod filter;
pub mod openai;
mod ports;
mod schema;
mod session;

pub use completion::{Completion, Filtering, Finish, Price, Usage};
pub use fault::{Budget, Fault};
pub use filter::{Category, Flagged, Severity};
pub use ports::{Answers, AnswersFault, LanguageModel};
pub use schema::{Misfit, check as check_schema};
pub use session::{Away, Limits, PurposeUsage, Session};
pub use wire::{Secret, Stage, TokenFault, Tokens};

use drafting::prompt::Tier;

/// The tier's name in logs and messages.
fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Heavy => "heavy",
        Tier::Fast => "fast",
        Tier::Judge => "judge",
    }
}
