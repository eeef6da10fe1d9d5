//! The outgoing body.

use drafting::prompt::Prompt;
use serde_json::{Value, json};

use super::settings::{Deployment, Sampling};

/// Any fixed number would do.
const SEED: u64 = 7;

/// The body for `prompt`. `unfit` counts answers of this series that did not fit: the same seed would bring the
/// same answer again.
pub(super) fn body(deployment: &Deployment, prompt: &Prompt, unfit: u64) -> Vec<u8> {
    let mut body = json!({
        "model": deployment.name,
        "messages": [
            {"role": "system", "content": prompt.instructions},
            {"role": "user", "content": prompt.material},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": prompt.schema_name, "strict": true, "schema": prompt.schema},
        },
        "max_completion_tokens": most_tokens(deployment, prompt),
    });
    if let Value::Object(body) = &mut body {
        body.extend(sampling(deployment.sampling, unfit).map(|(name, value)| (name.to_owned(), value)));
    }
    body.to_string().into_bytes()
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
