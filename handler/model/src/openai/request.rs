//! The outgoing body.

use drafting::prompt::Prompt;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::settings::{Deployment, Sampling};

/// Bytes beside the texts of a prompt: its schema, the names, escapes.
const BESIDE: usize = 8 * 1024;
/// Any fixed number would do.
const SEED: u64 = 7;

/// What is sent. Prompts are long and many are under way at once: they are written once and not copied before.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    response_format: Format<'a>,
    max_completion_tokens: u32,
    #[serde(flatten)]
    sampling: Map<String, Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    json_schema: Form<'a>,
}

#[derive(Serialize)]
struct Form<'a> {
    name: &'a str,
    strict: bool,
    schema: &'a Value,
}

/// The body for `prompt`. `unfit` counts answers of this series that did not fit: the same seed would bring the
/// same answer again.
pub(super) fn body(deployment: &Deployment, prompt: &Prompt, unfit: u64) -> Vec<u8> {
    let message = |role, content| Message { role, content };
    let body = Body {
        model: &deployment.name,
        messages: [
            message("system", prompt.instructions.as_str()),
            message("user", &prompt.material),
        ],
        response_format: Format {
            r#type: "json_schema",
            json_schema: Form {
                name: prompt.schema_name,
                strict: true,
                schema: &prompt.schema,
            },
        },
        max_completion_tokens: most_tokens(deployment, prompt),
        sampling: sampling(deployment.sampling, unfit)
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    };
    let mut bytes = Vec::with_capacity(prompt.instructions.len() + prompt.material.len() + BESIDE);
    if let Err(fault) = serde_json::to_writer(&mut bytes, &body) {
        // Texts and JSON values always have a JSON form; what is cut short the service refuses.
        tracing::error!(%fault, "a request has no JSON form");
    }
    // It is held until the answer comes.
    bytes.shrink_to_fit();
    bytes
}

fn sampling(sampling: Sampling, unfit: u64) -> impl Iterator<Item = (&'static str, Value)> {
    let said = match sampling {
        Sampling::Fixed => [
            Some(("temperature", json!(0))),
            Some(("seed", json!(SEED + unfit))),
        ],
        Sampling::Reasoning { effort, .. } => [
            effort.map(|effort| ("reasoning_effort", json!(effort.name()))),
            None,
        ],
    };
    said.into_iter().flatten()
}

fn most_tokens(deployment: &Deployment, prompt: &Prompt) -> u32 {
    let thinking = match deployment.sampling {
        Sampling::Fixed => 0,
        Sampling::Reasoning { thinking_tokens, .. } => thinking_tokens,
    };
    prompt
        .most_tokens
        .saturating_add(thinking)
        .min(deployment.most_tokens.unwrap_or(u32::MAX))
}
