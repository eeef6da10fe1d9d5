//! The tenant's keys, and when they are fetched anew.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jsonwebtoken::DecodingKey;
use serde::Deserialize;

/// The longest answer that is read as keys. A tenant's has about 10 kB.
pub const LONGEST_ANSWER: usize = 256 * 1024;
/// Keys that are kept.
const MOST: usize = 64;
/// How long fetched keys are used without asking again, so that a key that the tenant withdrew is forgotten.
const FRESH: Duration = Duration::from_secs(12 * 60 * 60);
/// How long they are used while they cannot be fetched.
const OLDEST: Duration = Duration::from_secs(36 * 60 * 60);
/// The least time between two tries: a caller who makes keys' names up can cause one try in it.
const PAUSE: Duration = Duration::from_secs(60);

/// What is no set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysFault {
    /// Too long.
    #[error("the tenant's keys are longer than {LONGEST_ANSWER} bytes")]
    TooLong,
    /// Not JSON of keys (RFC 7517).
    #[error("the tenant's answer holds no keys")]
    Form,
    /// Not one that can be used.
    #[error("the tenant's answer holds no RSA key for signatures")]
    None,
}

/// A public key of the tenant.
#[derive(Clone)]
pub struct Key(DecodingKey);

impl Key {
    pub(crate) fn decoding(&self) -> &DecodingKey {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Listed {
    kid: String,
    kty: String,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    n: String,
    e: String,
}

/// The RSA keys for signatures in a tenant's answer, by id. Keys of other kinds are passed over.
pub fn read_keys(answer: &[u8]) -> Result<BTreeMap<String, Key>, KeysFault> {
    if answer.len() > LONGEST_ANSWER {
        return Err(KeysFault::TooLong);
    }
    let set: Set = serde_json::from_slice(answer).map_err(|_| KeysFault::Form)?;
    let keys: BTreeMap<String, Key> = set.keys.into_iter().filter_map(usable).take(MOST).collect();
    if keys.is_empty() {
        return Err(KeysFault::None);
    }
    Ok(keys)
}

fn usable(listed: serde_json::Value) -> Option<(String, Key)> {
    let listed: Listed = serde_json::from_value(listed).ok()?;
    if listed.kty != "RSA" || listed.purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let key = DecodingKey::from_rsa_components(&listed.n, &listed.e).ok()?;
    Some((listed.kid, Key(key)))
}

/// What to do about a key.
#[derive(Clone, Debug)]
pub enum Look {
    /// Use it.
    Found(Key),
    /// Fetch the keys and look again.
    Fetch,
    /// The tenant has no such key.
    Unknown,
    /// The keys cannot be had: whether the tenant has such a key cannot be told.
    Away,
}

/// The keys as last fetched. Times are since any fixed moment.
#[derive(Clone, Debug, Default)]
pub struct KeyRing {
    keys: BTreeMap<String, Key>,
    fetched: Option<Duration>,
    tried: Option<Duration>,
}

impl KeyRing {
    /// Looks for a key.
    #[must_use]
    pub fn look(&self, id: &str, now: Duration) -> Look {
        let age = self.fetched.map(|at| now.saturating_sub(at));
        let key = self.keys.get(id).filter(|_| age.is_some_and(|age| age <= OLDEST));
        let may_try = self.tried.is_none_or(|at| now.saturating_sub(at) >= PAUSE);
        let fresh = age.is_some_and(|age| age <= FRESH);
        match key {
            Some(key) if fresh || !may_try => Look::Found(key.clone()),
            _ if may_try => Look::Fetch,
            _ if self.last_try_gave_keys() => Look::Unknown,
            _ => Look::Away,
        }
    }

    /// Keys are being fetched.
    pub fn begin(&mut self, now: Duration) {
        self.tried = Some(now);
    }

    /// The keys that the try of [`Self::begin`] gave.
    pub fn take(&mut self, keys: BTreeMap<String, Key>) {
        self.keys = keys;
        self.fetched = self.tried;
    }

    fn last_try_gave_keys(&self) -> bool {
        self.fetched.is_some() && self.fetched == self.tried
    }
}
