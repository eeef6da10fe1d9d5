//! The model use of one run: its budget, its kept answers, its tally.

pub(crate) mod estimate;
mod kept;
mod ledger;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use drafting::hash::Digest;
use drafting::prompt::{Prompt, Purpose};
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::timeout_at;

pub use ledger::{Limits, PurposeUsage};

use crate::completion::Completion;
use crate::fault::{Budget, Fault};
use crate::ports::{Answers, LanguageModel};
use crate::tier_name;
use kept::Kept;
use ledger::Ledger;

/// How long keeping an answer may take, beyond the deadline if need be: it is paid for, and replaying it is
/// what a run that was cut off lives from.
const KEEPING: Duration = Duration::from_secs(15);

/// The model use of one run. Shared by its tasks behind an `Arc`, dropped with it.
///
/// The same prompt has the same answer for as long as the session and its kept answers live: who wants another
/// answer changes the prompt.
pub struct Session {
    model: Arc<dyn LanguageModel>,
    answers: Option<Arc<dyn Answers>>,
    calls: Semaphore,
    end: End,
    ledger: Mutex<Ledger>,
    away: Mutex<Option<Away>>,
    /// Answers of this session, sealed, unless they are kept with the case: a run mostly waits, and read they are several
    /// times as large. A prompt that is being asked is waited for instead of asked twice.
    asked: Mutex<HashMap<Digest, Arc<Sealed>>>,
}

/// The service did not answer for a reason that passes: it was throttled, down or slow, or the time was over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Away {
    /// How many prompts have no answer for it.
    pub prompts: u32,
    /// How long the service asked to wait, at most.
    pub after: Option<Duration>,
}

/// An answer that is being asked for, or its sealed form; none where it is kept with the case.
type Sealed = OnceCell<Option<Vec<u8>>>;

/// When the session ends, and whose limit that is.
struct End {
    at: Instant,
    fault: Fault,
}

impl Session {
    /// A session that ends at `deadline` or after `limits.wall`, whichever is sooner.
    #[must_use]
    pub fn new(
        model: Arc<dyn LanguageModel>,
        answers: Option<Arc<dyn Answers>>,
        limits: Limits,
        deadline: Instant,
    ) -> Self {
        Self {
            model,
            answers,
            calls: Semaphore::new(limits.concurrent.clamp(1, Semaphore::MAX_PERMITS)),
            end: End::new(limits.wall, deadline),
            ledger: Mutex::new(Ledger::new(limits)),
            away: Mutex::default(),
            asked: Mutex::default(),
        }
    }

    /// The answer to `prompt`: one of this session, a kept one, or the model's.
    pub async fn ask(&self, prompt: &Prompt) -> Result<Completion, Fault> {
        let asked = self.asked(prompt).await;
        if let Err(fault) = &asked {
            self.note(fault);
        }
        asked
    }

    /// Whether prompts are without an answer only because the service was away. Asked again later they may have one;
    /// what was answered is kept.
    #[must_use]
    pub fn away(&self) -> Option<Away> {
        *lock(&self.away)
    }

    fn note(&self, fault: &Fault) {
        if fault.is_passing() {
            let mut away = lock(&self.away);
            let away = away.get_or_insert_default();
            away.prompts += 1;
            away.after = away.after.max(fault.after());
        }
    }

    async fn asked(&self, prompt: &Prompt) -> Result<Completion, Fault> {
        let key = kept::key(&self.model.name(prompt.tier), prompt);
        let cell = Arc::clone(lock(&self.asked).entry(key.clone()).or_default());
        let mut first = None;
        let answer = async {
            let (kept, sealed) = self.answer(prompt, &key).await?;
            first = Some(kept.completion);
            Ok::<_, Fault>(sealed)
        };
        let sealed = cell.get_or_try_init(|| answer).await?;
        if let Some(completion) = first {
            return Ok(completion);
        }
        let again = match sealed {
            Some(sealed) => kept::open(sealed, &key, prompt),
            None => self.kept(prompt, &key).await?,
        };
        match again {
            Some(again) => {
                lock(&self.ledger).repeated(prompt.purpose);
                Ok(again.completion)
            }
            // It could not be sealed, or is not in its place any more.
            None => Ok(self.answer(prompt, &key).await?.0.completion),
        }
    }

    /// What was used so far, by purpose.
    #[must_use]
    pub fn usage(&self) -> BTreeMap<Purpose, PurposeUsage> {
        lock(&self.ledger).usage()
    }

    /// The answer, and the same sealed unless it is kept with the case.
    async fn answer(&self, prompt: &Prompt, key: &Digest) -> Result<(Kept, Option<Vec<u8>>), Fault> {
        if let Some(kept) = self.kept(prompt, key).await? {
            lock(&self.ledger).replayed(prompt.purpose, &kept);
            return Ok((kept, None));
        }
        let kept = self.call(prompt).await?;
        let sealed = kept::seal(key, &kept);
        let stored = self.keep(prompt, key, &sealed).await;
        Ok((kept, (!stored).then_some(sealed)))
    }

    /// Asks the model, within the budget and with not too many others.
    async fn call(&self, prompt: &Prompt) -> Result<Kept, Fault> {
        let permit = self.calls.acquire();
        // A semaphore that is never closed always gives.
        let _permit = self.in_time(permit).await?.map_err(|_| Fault::Deadline)?;
        let price = self.model.price(prompt.tier);
        let reserved = lock(&self.ledger).reserve(prompt, price)?;
        let answered = self.in_time(self.model.complete(prompt, self.end.at)).await;
        let result = answered.and_then(|answer| answer);
        let cost = lock(&self.ledger).settle(prompt.purpose, reserved, price, &result);
        Ok(Kept {
            completion: result?,
            cost,
        })
    }

    async fn in_time<F: Future>(&self, work: F) -> Result<F::Output, Fault> {
        timeout_at(self.end.at.into(), work)
            .await
            .map_err(|_| self.end.fault.clone())
    }

    /// The kept answer, if there is one that is whole and still fits. A store that does not work costs the
    /// replay only.
    async fn kept(&self, prompt: &Prompt, key: &Digest) -> Result<Option<Kept>, Fault> {
        let Some(answers) = &self.answers else {
            return Ok(None);
        };
        let bytes = match self.in_time(answers.get(key)).await? {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(None),
            Err(fault) => {
                tracing::warn!(%fault, purpose = prompt.purpose.name(), "a kept answer could not be read");
                lock(&self.ledger).unreadable(prompt.purpose);
                return Ok(None);
            }
        };
        let kept = kept::open(&bytes, key, prompt);
        if kept.is_none() {
            tracing::warn!(
                purpose = prompt.purpose.name(),
                "a kept answer is damaged and is asked for again"
            );
            lock(&self.ledger).unreadable(prompt.purpose);
        }
        Ok(kept)
    }

    /// Whether the answer is kept with the case.
    async fn keep(&self, prompt: &Prompt, key: &Digest, sealed: &[u8]) -> bool {
        let Some(answers) = &self.answers else {
            return false;
        };
        let (purpose, tier) = (prompt.purpose.name(), tier_name(prompt.tier));
        match tokio::time::timeout(KEEPING, answers.put(key, sealed.to_vec())).await {
            Ok(Ok(())) => return true,
            Ok(Err(fault)) => tracing::warn!(%fault, purpose, tier, "an answer could not be kept"),
            Err(_) => tracing::warn!(purpose, tier, "an answer could not be kept in time"),
        }
        false
    }
}

impl End {
    fn new(wall: Duration, deadline: Instant) -> Self {
        match Instant::now().checked_add(wall) {
            Some(at) if at < deadline => Self {
                at,
                fault: Fault::Budget(Budget::Wall),
            },
            Some(_) | None => Self {
                at: deadline,
                fault: Fault::Deadline,
            },
        }
    }
}

/// A task that panicked while it held the lock leaves numbers that are still the best there are.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
