//! How often somebody may do something.

use std::collections::BTreeMap;
use std::time::Duration;

/// The time in which the allowance is given.
const MINUTE: Duration = Duration::from_secs(60);

/// A bucket of tokens for each caller: so many calls at once, and then one whenever a share of a minute has passed.
///
/// Of a bucket only the moment is kept at which it will be full again. It holds a fixed number of callers; when one more
/// comes, those whose bucket is full are forgotten, which changes nothing for them, and else the one that is nearest to it.
#[derive(Clone, Debug)]
pub struct Pace<K> {
    each: Duration,
    most: usize,
    full_at: BTreeMap<K, Duration>,
}

impl<K: Ord + Clone> Pace<K> {
    /// So many calls a minute (at least one) for each of so many callers (at least one).
    #[must_use]
    pub fn new(a_minute: u32, most: usize) -> Self {
        Self {
            each: MINUTE / a_minute.max(1),
            most: most.max(1),
            full_at: BTreeMap::new(),
        }
    }

    /// Takes a call at `now`, a time since any fixed moment; else says after what time there will be one.
    pub fn take(&mut self, caller: K, now: Duration) -> Result<(), Duration> {
        let full_at = self.full_at.get(&caller).copied().unwrap_or(now).max(now);
        let after = full_at + self.each;
        let wait = after.saturating_sub(now + MINUTE);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.make_room(&caller, now);
        self.full_at.insert(caller, after);
        Ok(())
    }

    /// How many callers are held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.full_at.len()
    }

    fn make_room(&mut self, caller: &K, now: Duration) {
        if self.full_at.len() < self.most || self.full_at.contains_key(caller) {
            return;
        }
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() < self.most {
            return;
        }
        let nearest = self.full_at.iter().min_by_key(|(_, full_at)| **full_at);
        if let Some(nearest) = nearest.map(|(caller, _)| caller.clone()) {
            self.full_at.remove(&nearest);
        }
    }
}
