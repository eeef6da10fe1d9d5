//! The key of the log.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The least characters of a key: 32 random ones hold more than 128 bits.
const LEAST: usize = 32;

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Too short to be random enough.
    #[error(
        "a key of the audit log has at least {LEAST} characters; make one with `openssl rand -base64 48`"
    )]
    Short,
    /// No key at all.
    #[error("there is no key for the audit log")]
    None,
}

/// The secret that makes hashes of the log: HMAC-SHA-256 (RFC 2104). Never printed.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// A key from its text.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        if text.len() < LEAST {
            return Err(KeyFault::Short);
        }
        Ok(Self(text.as_bytes().to_vec()))
    }

    /// 64 lower-case hexadecimal digits over parts; each part is preceded by its length, so that no two lists of parts
    /// have the same one.
    pub(crate) fn hash(&self, parts: &[&[u8]]) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        let bytes = mac.finalize().into_bytes();
        let digits = |byte: &u8| [byte >> 4, byte & 15];
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
        bytes.iter().flat_map(digits).map(digit).collect()
    }

    /// What tells one key from another without giving it away: 16 hexadecimal digits.
    #[must_use]
    pub fn mark(&self) -> String {
        self.hash(&[b"mark"]).chars().take(16).collect()
    }

    /// What stands for an id in the log. Of the same id it is the same, so that the entries of one case can be found by
    /// whoever has the key.
    #[must_use]
    pub fn pseudonym(&self, parts: &[&str]) -> Pseudonym {
        let mut all: Vec<&[u8]> = vec![b"id"];
        all.extend(parts.iter().map(|part| part.as_bytes()));
        Pseudonym(self.hash(&all).chars().take(32).collect())
    }
}

/// The key that writes, and older ones that can still be verified.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The one that writes.
    pub present: Key,
    /// Those before it.
    pub earlier: Vec<Key>,
}

impl Keys {
    /// Keys with blanks between them, the present one first: after a rotation the old one stays behind it.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        let mut keys = text.split_whitespace().map(Key::parse);
        let present = keys.next().ok_or(KeyFault::None)??;
        Ok(Self {
            present,
            earlier: keys.collect::<Result<_, _>>()?,
        })
    }

    /// The key with this mark.
    pub(crate) fn marked(&self, mark: &str) -> Option<&Key> {
        std::iter::once(&self.present)
            .chain(&self.earlier)
            .find(|key| key.mark() == mark)
    }
}

/// A keyed hash in the place of an id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pseudonym(String);

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
