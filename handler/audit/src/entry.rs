//! One line of the log.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::key::Pseudonym;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A file of the log was begun.
    Opened,
    /// A document arrived, or a call asked for a draft.
    Received,
    /// A call was refused.
    Denied,
    /// A draft was made.
    Drafted,
    /// No draft was made, with the reason in the results.
    Refused,
    /// A person or flow stopped a draft.
    Cancelled,
    /// The app could not draft the case.
    Failed,
    /// The results were published where callers look.
    Published,
    /// A document was withdrawn.
    Withdrawn,
    /// An edited draft came back.
    Edited,
    /// What goes out was screened.
    Screened,
    /// A person approved a document.
    Approved,
    /// An approved document was put back to an earlier version.
    RolledBack,
    /// All that is held about a case was exported.
    Exported,
    /// All that is held about a case was erased.
    Erased,
    /// A caller could not be identified.
    SignInFailed,
    /// A case that stood still was taken up again by the sweep.
    Swept,
    /// A person asked for work that had failed to be done again.
    Replayed,
    /// What a newer version of the app notes and this one has no word for. Never written.
    #[serde(other)]
    Newer,
}

/// A number, or a word of this program. No text of a case can become one: words are constants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// A number.
    Number(u64),
    /// A word.
    Word(Cow<'static, str>),
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Fact {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<&'static str> for Fact {
    fn from(word: &'static str) -> Self {
        Self::Word(Cow::Borrowed(word))
    }
}

/// What is to be written: an entry without its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What happened.
    pub event: Event,
    /// The case, as [`crate::Key::pseudonym`] of recipe and case.
    pub case: Option<Pseudonym>,
    /// Who, as the pseudonym of the principal.
    pub who: Option<Pseudonym>,
    /// The run's id, a fingerprint.
    pub run: Option<String>,
    /// The SHA-256 of the document that it is about.
    pub document: Option<String>,
    /// Numbers and words.
    pub facts: BTreeMap<Cow<'static, str>, Fact>,
}

impl Note {
    /// A note of an event and nothing else.
    #[must_use]
    pub fn of(event: Event) -> Self {
        Self {
            event,
            case: None,
            who: None,
            run: None,
            document: None,
            facts: BTreeMap::new(),
        }
    }

    /// With a number or a word.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.facts.insert(Cow::Borrowed(name), fact.into());
        self
    }
}

/// The last entry of another file when this one was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The file's name in the container.
    pub file: String,
    /// The entry's number.
    pub number: u64,
    /// The entry's hash.
    pub hash: String,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in its file, from 0.
    pub number: u64,
    /// When, to the second.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Pseudonym>,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Pseudonym>,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The SHA-256 of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Numbers and words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Cow<'static, str>, Fact>,
    /// Of a file's first entry: what was seen of other files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<Head>,
    /// Of a file's first entry: the mark of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The hash of the entry before; of the first, of the file's name.
    pub previous: String,
    /// The keyed hash of all the above.
    pub hash: String,
}

/// An entry without a JSON form. Strings and numbers always have one, so that nothing else may be signed in its place.
#[derive(Debug, thiserror::Error)]
#[error("an entry of the audit log cannot be written as JSON; report it as a fault of this program")]
pub struct Unwritable(#[from] serde_json::Error);

impl Entry {
    /// What the hash is made over: the entry as it is written, without its own hash.
    pub(crate) fn signed(&self) -> Result<String, Unwritable> {
        let bare = Self {
            hash: String::new(),
            ..self.clone()
        };
        Ok(serde_json::to_string(&bare)?)
    }

    /// The line, with its end.
    pub fn line(&self) -> Result<String, Unwritable> {
        let mut line = serde_json::to_string(self)?;
        line.push('\n');
        Ok(line)
    }

    /// The entry of a line without its end; `None` when it is none. A newer version's may have members that this one passes
    /// over.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let entry: Self = serde_json::from_str(line).ok()?;
        entry.signed_in(line).is_some().then_some(entry)
    }

    /// What the hash of the entry of this line was made over: the line as it stands there, whatever this version knows of it,
    /// without the hash, which is always its last member.
    pub(crate) fn signed_in(&self, line: &str) -> Option<String> {
        let bare = line.strip_suffix("\"}")?.strip_suffix(&self.hash)?;
        bare.ends_with(",\"hash\":\"").then(|| format!("{bare}\"}}"))
    }
}
