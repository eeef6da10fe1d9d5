//! How many tokens a text has, before the service has counted.

use drafting::prompt::Prompt;

/// What services add around two messages and a schema.
const FRAME: u64 = 64;

/// Tokens of `bytes` bytes of text: English has four and more bytes a token.
pub(crate) fn tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(4)
}

/// Tokens of a prompt, its schema included.
pub(crate) fn prompt_tokens(prompt: &Prompt) -> u64 {
    let schema = prompt.schema.to_string().len();
    tokens(prompt.instructions.len() + prompt.material.len() + schema) + FRAME
}
