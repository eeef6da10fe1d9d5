//! One prompt, several attempts.

use std::time::Duration;

use drafting::prompt::Prompt;
use tokio::time::{Instant, sleep, timeout_at};

use super::exchange::Wire;
use super::settings::{Credential, Deployment, Timing};
use super::told::Call;
use super::{answer, pause, request, trouble};
use crate::completion::{Completion, Usage};
use crate::fault::Fault;
use crate::ports::TokenFault;
use crate::tier_name;

/// Attempts for one prompt, and what they have shown so far.
pub(super) struct Series<'a> {
    wire: &'a Wire,
    deployment: &'a Deployment,
    timing: &'a Timing,
    prompt: &'a Prompt,
    deadline: Instant,
    /// Attempts that failed.
    failed: u32,
    /// Answers that did not fit.
    unfit: u64,
    /// What those cost.
    paid: Usage,
    /// The token was refused and another one has been asked for.
    renewed: bool,
    /// The next attempt asks for another token.
    renew: bool,
    /// Of the last reply, for the log.
    status: Option<u16>,
}

/// What to do after a fault.
enum Again {
    /// Nothing.
    Never,
    /// Wait as long as the service asks, or ever longer, and try.
    Later(Option<Duration>),
    /// Ask the model once more.
    Once,
    /// Try once with another token.
    WithAnotherToken,
}

impl<'a> Series<'a> {
    pub(super) fn new(
        wire: &'a Wire,
        deployment: &'a Deployment,
        timing: &'a Timing,
        prompt: &'a Prompt,
        deadline: std::time::Instant,
    ) -> Self {
        Self {
            wire,
            deployment,
            timing,
            prompt,
            deadline: deadline.into(),
            failed: 0,
            unfit: 0,
            paid: Usage::default(),
            renewed: false,
            renew: false,
            status: None,
        }
    }

    pub(super) async fn run(mut self) -> Result<Completion, Fault> {
        loop {
            let begun = Instant::now();
            let call = Call::begin(self.deployment, self.prompt, self.failed);
            let result = call.around(self.attempt(begun)).await;
            call.end(&result);
            self.log(&result, begun);
            match result {
                Ok(completion) => return Ok(self.completed(completion)),
                Err(fault) => match self.pause_after(&fault) {
                    Some(pause) => sleep(pause).await,
                    None => return Err(fault.and_paid(self.paid)),
                },
            }
        }
    }

    /// One attempt, within its own time and the deadline.
    async fn attempt(&mut self, begun: Instant) -> Result<Completion, Fault> {
        let own_end = begun.checked_add(self.timing.attempt).unwrap_or(self.deadline);
        if begun >= self.deadline {
            return Err(Fault::Deadline);
        }
        let cut = self.cut(own_end);
        timeout_at(own_end.min(self.deadline), self.ask())
            .await
            .unwrap_or(Err(cut))
    }

    /// What to say when time runs out at `own_end` or at the deadline, whichever is sooner.
    fn cut(&self, own_end: Instant) -> Fault {
        if own_end < self.deadline {
            Fault::TimedOut {
                limit: self.timing.attempt,
            }
        } else {
            Fault::Deadline
        }
    }

    async fn ask(&mut self) -> Result<Completion, Fault> {
        self.status = None;
        let body = request::body(self.deployment, self.prompt, self.unfit);
        let renew = std::mem::take(&mut self.renew);
        let reply = self.wire.send(self.deployment, body, renew).await?;
        self.status = Some(reply.status);
        if (200..300).contains(&reply.status) {
            answer::read(&reply.body, self.prompt)
        } else {
            Err(trouble::read(
                reply.status,
                reply.asked,
                &reply.body,
                &self.deployment.name,
            ))
        }
    }

    /// The series' cost and failures are the completion's.
    fn completed(&self, completion: Completion) -> Completion {
        Completion {
            usage: completion.usage.and(self.paid),
            retries: self.failed,
            ..completion
        }
    }

    /// How long to wait before the next attempt; none when there is none.
    fn pause_after(&mut self, fault: &Fault) -> Option<Duration> {
        self.failed += 1;
        let pause = match self.again(fault) {
            Again::Later(asked) => pause::before_next(self.timing, self.failed, asked),
            Again::Once if self.unfit == 0 => {
                self.unfit = 1;
                Duration::ZERO
            }
            Again::WithAnotherToken if !self.renewed => {
                (self.renewed, self.renew) = (true, true);
                Duration::ZERO
            }
            Again::Never | Again::Once | Again::WithAnotherToken => return None,
        };
        let next = Instant::now().checked_add(pause)?;
        if self.failed >= self.timing.attempts || next >= self.deadline {
            return None;
        }
        self.paid = self.paid.and(fault.paid().unwrap_or_default());
        Some(pause)
    }

    fn again(&self, fault: &Fault) -> Again {
        match fault {
            Fault::Throttled { after } | Fault::Unavailable { after, .. } => Again::Later(*after),
            Fault::Connection { .. } | Fault::TimedOut { .. } | Fault::Token(TokenFault::Unavailable) => {
                Again::Later(None)
            }
            Fault::Empty { .. } | Fault::NotJson { .. } | Fault::Misfit { .. } | Fault::NotACompletion => {
                Again::Once
            }
            Fault::WrongKey if matches!(self.deployment.credential, Credential::Entra { .. }) => {
                Again::WithAnotherToken
            }
            _ => Again::Never,
        }
    }

    fn log(&self, result: &Result<Completion, Fault>, begun: Instant) {
        let purpose = self.prompt.purpose.name();
        let tier = tier_name(self.prompt.tier);
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let attempt = self.failed + 1;
        let status = self.status;
        match result {
            Ok(answer) => {
                let (prompt_tokens, completion_tokens) =
                    (answer.usage.prompt_tokens, answer.usage.completion_tokens);
                tracing::info!(
                    purpose,
                    tier,
                    attempt,
                    status,
                    ms,
                    prompt_tokens,
                    completion_tokens,
                    "the model answered"
                );
            }
            Err(fault) => {
                tracing::warn!(
                    purpose,
                    tier,
                    attempt,
                    status,
                    ms,
                    fault = fault.kind(),
                    "the model did not answer"
                );
            }
        }
    }
}
