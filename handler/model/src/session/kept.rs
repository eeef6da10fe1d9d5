//! Kept answers: their keys and their form.

use std::borrow::Cow;

use drafting::hash::{Digest, Hasher};
use drafting::prompt::Prompt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::completion::{Completion, Filtering, Finish, Usage};
use crate::schema;

/// A new form of kept answers gets a new number, so that old ones are asked for again.
const VERSION: u32 = 1;

/// An answer and what it cost when it was made.
pub(super) struct Kept {
    pub(super) completion: Completion,
    pub(super) cost: Option<u64>,
}

/// What is stored: an answer, whose it is, and a sum over both.
#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    version: u32,
    key: Digest,
    sha256: Digest,
    #[serde(borrow)]
    answer: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct Answer<'a> {
    value: Cow<'a, Value>,
    usage: Usage,
    finish: Finish,
    filtered: Filtering,
    model: Cow<'a, str>,
    retries: u32,
    cost: Option<u64>,
}

/// The key of the answer of the model called `model` to `prompt`.
pub(super) fn key(model: &str, prompt: &Prompt) -> Digest {
    let mut hasher = Hasher::new();
    hasher
        .part(&VERSION.to_le_bytes())
        .part(model.as_bytes())
        .part(prompt.digest().as_str().as_bytes());
    hasher.finish()
}

/// The bytes to store; none that can be opened when the answer has no JSON form, which JSON values have.
pub(super) fn seal(key: &Digest, kept: &Kept) -> Vec<u8> {
    let mut bytes = sealed(key, kept).unwrap_or_else(|fault| {
        tracing::error!(%fault, "an answer has no JSON form");
        Vec::new()
    });
    // It is held until the run ends.
    bytes.shrink_to_fit();
    bytes
}

fn sealed(key: &Digest, kept: &Kept) -> serde_json::Result<Vec<u8>> {
    let completion = &kept.completion;
    let answer = serde_json::value::to_raw_value(&Answer {
        value: Cow::Borrowed(&completion.value),
        usage: completion.usage,
        finish: completion.finish,
        filtered: completion.filtered,
        model: Cow::Borrowed(&completion.model),
        retries: completion.retries,
        cost: kept.cost,
    })?;
    serde_json::to_vec(&Envelope {
        version: VERSION,
        key: key.clone(),
        sha256: sum(key, &answer),
        answer: &answer,
    })
}

/// The answer in `bytes`; none when it is damaged, of another prompt, or no longer fits its schema.
pub(super) fn open(bytes: &[u8], key: &Digest, prompt: &Prompt) -> Option<Kept> {
    let envelope: Envelope<'_> = serde_json::from_slice(bytes).ok()?;
    let is_whole =
        envelope.version == VERSION && envelope.key == *key && envelope.sha256 == sum(key, envelope.answer);
    let answer: Answer<'_> = is_whole.then(|| serde_json::from_str(envelope.answer.get()).ok())??;
    schema::check(&prompt.schema, &answer.value).ok()?;
    let completion = Completion {
        value: answer.value.into_owned(),
        usage: answer.usage,
        finish: answer.finish,
        filtered: answer.filtered,
        model: answer.model.into_owned(),
        retries: answer.retries,
        replayed: true,
    };
    Some(Kept {
        completion,
        cost: answer.cost,
    })
}

fn sum(key: &Digest, answer: &RawValue) -> Digest {
    let mut hasher = Hasher::new();
    hasher.part(key.as_str().as_bytes()).part(answer.get().as_bytes());
    hasher.finish()
}
