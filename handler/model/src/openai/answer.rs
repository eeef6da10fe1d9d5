//! The body of a success, read to a completion or a fault.

use drafting::prompt::Prompt;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::completion::{Completion, Filtering, Finish, Usage};
use crate::fault::Fault;
use crate::filter::{self, Flagged, Verdict};
use crate::schema;
use crate::session::estimate;

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    model: Option<String>,
    choices: Vec<Choice>,
    /// Read apart: what is wrong with it must not cost the answer.
    #[serde(default)]
    usage: Value,
    #[serde(default)]
    prompt_filter_results: Option<Vec<PromptFilter>>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    finish_reason: Option<String>,
    message: Message,
    #[serde(default)]
    content_filter_results: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct PromptFilter {
    #[serde(default)]
    content_filter_results: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct UsageBody {
    prompt_tokens: u64,
    completion_tokens: u64,
    #[serde(default)]
    prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Deserialize)]
struct PromptDetails {
    #[serde(default)]
    cached_tokens: Option<u64>,
}

/// Reads the body of a success.
pub(super) fn read(body: &[u8], prompt: &Prompt) -> Result<Completion, Fault> {
    let body: Body = serde_json::from_slice(body).map_err(|_| Fault::NotACompletion)?;
    let choice = body.choices.first();
    let paid = usage(&body.usage, choice, prompt);
    let choice = choice.ok_or(Fault::Empty { paid })?;
    let finish = ending(choice, paid)?;
    let value = content(&choice.message, prompt, paid)?;
    Ok(Completion {
        value,
        usage: paid,
        finish,
        filtered: filtering(choice, body.prompt_filter_results.as_deref().unwrap_or_default()),
        model: body.model.unwrap_or_default(),
        retries: 0,
        replayed: false,
    })
}

/// The endings that spoil an answer, refusals among them, come before a look at its content.
fn ending(choice: &Choice, paid: Usage) -> Result<Finish, Fault> {
    let declined = choice
        .message
        .refusal
        .as_ref()
        .is_some_and(|refusal| !refusal.is_empty());
    match choice.finish_reason.as_deref() {
        Some("content_filter") => Err(Fault::AnswerFiltered {
            categories: flagged(choice),
            paid,
        }),
        _ if declined => Err(Fault::Refusal { paid }),
        Some("length") => Err(Fault::CutOff { paid }),
        Some("stop") => Ok(Finish::Stop),
        Some(_) | None => Ok(Finish::Unsaid),
    }
}

fn flagged(choice: &Choice) -> Vec<Flagged> {
    match choice.content_filter_results.as_ref().map(filter::read) {
        Some(Verdict::Ran(flagged)) => flagged,
        Some(Verdict::Failed) | None => Vec::new(),
    }
}

fn content(message: &Message, prompt: &Prompt, paid: Usage) -> Result<Value, Fault> {
    let text = message
        .content
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let text = text.ok_or(Fault::Empty { paid })?;
    let value: Value = serde_json::from_str(text).map_err(|_| Fault::NotJson { paid })?;
    schema::check(&prompt.schema, &value).map_err(|misfit| Fault::Misfit { misfit, paid })?;
    Ok(value)
}

fn filtering(choice: &Choice, prompts: &[PromptFilter]) -> Filtering {
    let of_prompts = prompts
        .iter()
        .filter_map(|prompt| prompt.content_filter_results.as_ref());
    let all = of_prompts.chain(&choice.content_filter_results);
    if all.map(filter::read).any(|verdict| verdict == Verdict::Failed) {
        return Filtering::NotRun;
    }
    match &choice.content_filter_results {
        Some(results) if !results.is_empty() => Filtering::Checked,
        Some(_) | None => Filtering::Unreported,
    }
}

/// A service that does not count is counted for: a budget must not be passed unseen.
fn usage(said: &Value, choice: Option<&Choice>, prompt: &Prompt) -> Usage {
    let Ok(said) = UsageBody::deserialize(said) else {
        let text = choice
            .and_then(|choice| choice.message.content.as_deref())
            .unwrap_or_default();
        return Usage {
            prompt_tokens: estimate::prompt_tokens(prompt),
            cached_prompt_tokens: 0,
            completion_tokens: estimate::tokens(text.len()),
            estimated: true,
        };
    };
    Usage {
        prompt_tokens: said.prompt_tokens,
        cached_prompt_tokens: said
            .prompt_tokens_details
            .as_ref()
            .and_then(|part| part.cached_tokens)
            .unwrap_or(0),
        completion_tokens: said.completion_tokens,
        estimated: false,
    }
}
