//! The keys with which a tenant signs tokens, fetched where it publishes them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use who::{Key, KeyRing, KeysFault, LONGEST_ANSWER, Look, Refusal, Tenant, read_keys};

/// How long one fetch may take.
const FETCH: Duration = Duration::from_secs(10);

/// The keys of one tenant. Clones share them.
#[derive(Clone)]
pub struct TenantKeys(Arc<Kept>);

struct Kept {
    client: reqwest::Client,
    address: String,
    ring: Mutex<KeyRing>,
    /// Held while keys are fetched, so that callers who come meanwhile wait for that fetch.
    fetching: tokio::sync::Mutex<()>,
    began: Instant,
}

/// Why keys were not fetched.
#[derive(Debug, thiserror::Error)]
enum FetchFault {
    #[error("the tenant's keys could not be fetched")]
    Unreachable(#[from] reqwest::Error),
    #[error("the tenant's keys were asked for, and the answer had status {0}")]
    Status(u16),
    #[error(transparent)]
    Keys(#[from] KeysFault),
}

impl TenantKeys {
    /// The keys of a tenant; none are fetched until one is asked for.
    pub fn of(tenant: &Tenant) -> Result<Self, reqwest::Error> {
        // An answer that sends elsewhere is not the tenant's.
        let client = reqwest::Client::builder()
            .timeout(FETCH)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self(Arc::new(Kept {
            client,
            address: tenant.keys_address(),
            ring: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
            began: Instant::now(),
        })))
    }

    /// The key with this id.
    pub async fn key(&self, id: &str) -> Result<Key, Refusal> {
        if let Some(known) = self.0.known(id) {
            return known;
        }
        let (kept, asked) = (Arc::clone(&self.0), id.to_owned());
        // On a task of its own: a caller who hangs up does not end a fetch that others wait for.
        let fetch = tokio::spawn(async move { kept.fetched(&asked).await });
        fetch.await.unwrap_or(Err(Refusal::KeysAway))
    }
}

impl Kept {
    /// What is known without fetching; `None` when it is time to fetch.
    fn known(&self, id: &str) -> Option<Result<Key, Refusal>> {
        match self.ring().look(id, self.began.elapsed()) {
            Look::Found(key) => Some(Ok(key)),
            Look::Unknown => Some(Err(Refusal::Key)),
            Look::Away => Some(Err(Refusal::KeysAway)),
            Look::Fetch => None,
        }
    }

    async fn fetched(&self, id: &str) -> Result<Key, Refusal> {
        let one = self.fetching.lock().await;
        if let Some(known) = self.known(id) {
            return known;
        }
        self.ring().begin(self.began.elapsed());
        match self.fetch().await {
            Ok(keys) => self.ring().take(keys),
            Err(fault) => tracing::warn!(%fault, "callers with tokens may have to wait"),
        }
        drop(one);
        // A minute has not passed since the try: there is nothing more to fetch.
        self.known(id).unwrap_or(Err(Refusal::KeysAway))
    }

    async fn fetch(&self) -> Result<std::collections::BTreeMap<String, Key>, FetchFault> {
        let mut response = self.client.get(&self.address).send().await?;
        if !response.status().is_success() {
            return Err(FetchFault::Status(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await? {
            answer.extend_from_slice(&piece);
            if answer.len() > LONGEST_ANSWER {
                break;
            }
        }
        Ok(read_keys(&answer)?)
    }

    fn ring(&self) -> MutexGuard<'_, KeyRing> {
        // Nothing panics while it is held.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
