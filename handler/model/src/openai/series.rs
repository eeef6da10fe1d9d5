//! One prompt, several attempts.

use std::time::Duration;

use drafting::prompt::Prompt;
use tokio::time::{Instant, sleep};
use wire::{Again, Attempts, Timing, TokenFault};

use super::exchange::Exchange;
use super::settings::Deployment;
use super::told::Call;
use super::{answer, request, trouble};
use crate::completion::{Completion, Usage};
use crate::fault::Fault;
use crate::tier_name;

/// Attempts for one prompt, and what they have shown so far.
pub(super) struct Series<'a> {
    exchange: &'a Exchange,
    deployment: &'a Deployment,
    timing: Timing,
    prompt: &'a Prompt,
    deadline: Instant,
    attempts: Attempts,
    /// Answers that did not fit.
    unfit: u64,
    /// What those cost.
    paid: Usage,
    /// Of the last reply, for the log.
    status: Option<u16>,
}

impl<'a> Series<'a> {
    pub(super) fn new(
        exchange: &'a Exchange,
        deployment: &'a Deployment,
        timing: Timing,
        prompt: &'a Prompt,
        deadline: std::time::Instant,
    ) -> Self {
        Self {
            exchange,
            deployment,
            timing,
            prompt,
            deadline: deadline.into(),
            attempts: Attempts::new(timing, deadline),
            unfit: 0,
            paid: Usage::default(),
            status: None,
        }
    }

    pub(super) async fn run(mut self) -> Result<Completion, Fault> {
        loop {
            let begun = Instant::now();
            let call = Call::begin(self.deployment, self.prompt, self.attempts.failed());
            let result = call.around(self.attempt()).await;
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

    async fn attempt(&mut self) -> Result<Completion, Fault> {
        self.timing.within(self.deadline, self.ask()).await
    }

    async fn ask(&mut self) -> Result<Completion, Fault> {
        self.status = None;
        let body = request::body(self.deployment, self.prompt, self.unfit);
        let renew = self.attempts.renews();
        let reply = self.exchange.send(self.deployment, body, renew).await?;
        self.status = Some(reply.status);
        if reply.is_success() {
            answer::read(&reply.body, self.prompt)
        } else {
            Err(trouble::read(
                reply.status,
                reply.after,
                &reply.body,
                &self.deployment.name,
            ))
        }
    }

    /// The series' cost and failures are the completion's.
    fn completed(&self, completion: Completion) -> Completion {
        Completion {
            usage: completion.usage.and(self.paid),
            retries: self.attempts.failed(),
            ..completion
        }
    }

    /// How long to wait before the next attempt; none when there is none.
    fn pause_after(&mut self, fault: &Fault) -> Option<Duration> {
        let again = self.again(fault);
        let pause = self.attempts.pause(again)?;
        if again == Again::AtOnce {
            self.unfit += 1;
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
            Fault::Empty { .. } | Fault::NotJson { .. } | Fault::Misfit { .. } | Fault::NotACompletion
                if self.unfit == 0 =>
            {
                Again::AtOnce
            }
            Fault::WrongKey if self.deployment.credential.is_renewable() => Again::WithAnotherToken,
            _ => Again::Never,
        }
    }

    fn log(&self, result: &Result<Completion, Fault>, begun: Instant) {
        let purpose = self.prompt.purpose.name();
        let tier = tier_name(self.prompt.tier);
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let attempt = self.attempts.failed() + 1;
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
