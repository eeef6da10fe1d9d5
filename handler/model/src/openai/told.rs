//! A call of a model as telemetry: who was asked for what, how it ended, and what it took. Never a word of prompt or answer.

use drafting::prompt::Prompt;
use telemetry::{Attribute, Histogram, Kind, Label, Span, Value, key, record};
use tokio::time::Instant;

use super::settings::Deployment;
use crate::completion::{Completion, Finish, Usage};
use crate::fault::Fault;

/// What is asked, by the conventions' name.
const OPERATION: &str = "chat";

/// One attempt.
pub(super) struct Call {
    span: Span,
    attributes: Vec<Attribute>,
    begun: Instant,
}

impl Call {
    pub(super) fn begin(to: &Deployment, prompt: &Prompt, failed: u32) -> Self {
        let model = Label::known(&to.name);
        let provider = if to.base.is_azure() {
            "azure.ai.openai"
        } else {
            "openai"
        };
        let attributes = vec![
            Attribute::new(key::OPERATION, OPERATION),
            Attribute::new(key::PROVIDER, provider),
            Attribute::new(key::MODEL, model),
            Attribute::new(key::PURPOSE, prompt.purpose.name()),
        ];
        let span = Span::named(OPERATION, model, Kind::Client, &attributes);
        if failed > 0 {
            span.set(key::RESEND, failed);
        }
        Self {
            span,
            attributes,
            begun: Instant::now(),
        }
    }

    /// Asks within the call's span.
    pub(super) fn around<F: Future>(&self, asking: F) -> impl Future<Output = F::Output> + use<F> {
        self.span.around(asking)
    }

    pub(super) fn end(mut self, result: &Result<Completion, Fault>) {
        let paid = match result {
            Ok(answer) => {
                if answer.finish == Finish::Stop {
                    self.span.set(key::FINISH_REASONS, Value::Words(&["stop"]));
                }
                Some(answer.usage)
            }
            Err(fault) => {
                self.span.fail(fault.kind());
                self.attributes
                    .push(Attribute::new(key::ERROR_TYPE, fault.kind()));
                fault.paid()
            }
        };
        if let Some(paid) = paid {
            self.took(&paid);
        }
        record(
            Histogram::OperationDuration,
            self.begun.elapsed().as_secs_f64(),
            &self.attributes,
        );
    }

    fn took(&self, paid: &Usage) {
        self.span.set(key::INPUT_TOKENS, paid.prompt_tokens);
        self.span.set(key::OUTPUT_TOKENS, paid.completion_tokens);
        for (kind, tokens) in [("input", paid.prompt_tokens), ("output", paid.completion_tokens)] {
            let mut attributes = self.attributes.clone();
            attributes.push(Attribute::new(key::TOKEN_TYPE, kind));
            #[expect(clippy::cast_precision_loss, reason = "no call has that many tokens")]
            record(Histogram::TokenUsage, tokens as f64, &attributes);
        }
    }
}
