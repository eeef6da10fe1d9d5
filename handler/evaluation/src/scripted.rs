//! A language model that plays its part by a script: for trying the app without a cloud, and for its tests.
//!
//! It is a real HTTP server that speaks chat completions on this machine. What it says comes from a gold annotation and
//! from the words of the prompts, and is the same for the same prompt. It reads what a model would read and nothing
//! else: it knows no check of the app, so that what it gets past them it gets past by writing well.
//!
//! | file | what |
//! |---|---|
//! | `prompt` | what stands in a request: lines, fields, claims, statements |
//! | `words` | finding the words of one text in another |
//! | `label` | sorting sentences by the annotation |
//! | `write` | writing statements, and mending them |
//! | `phrase` | saying a claim in other words |
//! | `judge` | verdicts as told |
//! | `read` | answers to the rules that need reading |
//! | `fault` | what goes wrong, when told to |
//! | `tally` | what was asked, in which order, and what it took |
//! | `server` | the server |

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::folder::FolderFault;
use crate::gold::{GoldClaim, NeedGroup, Trap};

mod fault;
mod judge;
mod label;
mod phrase;
mod prompt;
mod read;
mod server;
mod tally;
mod words;
mod write;

pub use fault::{Fault, Faults, When};
pub use judge::Verdicts;
pub use read::Readings;
pub use server::{Latency, Server, ServerFault};
pub use tally::{Recorded, Statistics, Tokens};
pub use write::Plant;

use prompt::Request;

/// What the model does with what it is asked.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// How it judges.
    pub verdicts: Verdicts,
    /// How it reads the finished draft.
    pub readings: Readings,
    /// What it writes wrongly.
    pub plant: Option<Plant>,
    /// Which requests fail.
    pub faults: Vec<Faults>,
    /// How long it takes.
    pub latency: Latency,
    /// Whether tokens are counted as `o200k_base` has them; else four bytes are one.
    pub exact_tokens: bool,
}

/// What a person found in one or several cases, as the model's knowledge.
#[derive(Clone, Debug, Default)]
pub struct Script {
    claims: Vec<Known>,
    groups: Vec<NeedGroup>,
    traps: Vec<Trap>,
}

/// A claim of the annotation with who said it.
#[derive(Clone, Debug, Deserialize)]
struct Known {
    #[serde(flatten)]
    claim: GoldClaim,
    #[serde(default)]
    speaker: Option<String>,
    /// The words of its quote.
    #[serde(skip)]
    words: Vec<String>,
}

impl Script {
    /// Reads the `gold.json` of a case folder.
    pub fn read(folder: &Path) -> Result<Self, FolderFault> {
        let mut script = Self::default();
        script.add(folder)?;
        Ok(script)
    }

    /// Adds another case: the model then knows both.
    pub fn add(&mut self, folder: &Path) -> Result<(), FolderFault> {
        let path = folder.join("gold.json");
        let bytes = std::fs::read(&path).map_err(|cause| FolderFault::Unreadable {
            path: path.clone(),
            cause,
        })?;
        let gold = serde_json::from_slice(&bytes).map_err(|cause| FolderFault::Json { path, cause })?;
        self.learn(&gold);
        Ok(())
    }

    fn learn(&mut self, gold: &Value) {
        let annotation = crate::gold::Annotation::read(gold);
        let claims = gold.get("claims").and_then(Value::as_array).into_iter().flatten();
        // What cannot be read the annotation's own reader counts.
        let known = claims.filter_map(|claim| Known::deserialize(claim).ok());
        self.claims.extend(known.map(|known| Known {
            words: words::tokens(&known.claim.quote),
            ..known
        }));
        self.groups.extend(annotation.need_groups);
        self.traps.extend(annotation.traps);
    }

    /// The answer to a request.
    fn answer(&self, request: &Request, behaviour: &Behaviour) -> Value {
        match request.schema_name.as_str() {
            "labels" => label::answer(self, request),
            "statements" => write::answer(self, request, behaviour.plant.as_ref()),
            "mended" => write::mended(request, behaviour.plant.as_ref()),
            "verdicts" => judge::answer(request, behaviour.verdicts),
            "readings" => read::answer(self, request, behaviour.readings),
            _ => json!({}),
        }
    }

    /// The place of the need group that a claim with these words belongs to.
    fn group_of(&self, kind: &str, text: &str) -> Option<usize> {
        let ids: Vec<&str> = self.ids(kind, text);
        self.groups
            .iter()
            .position(|group| group.claims.iter().any(|id| ids.contains(&id.as_str())))
    }

    /// The claims of the annotation that say these words.
    fn ids(&self, kind: &str, text: &str) -> Vec<&str> {
        let text = words::tokens(text);
        self.claims
            .iter()
            .filter(|known| known.claim.kind == kind && words::alike(&known.words, &text))
            .filter_map(|known| known.claim.id.as_deref())
            .collect()
    }
}

#[cfg(test)]
mod tests;
