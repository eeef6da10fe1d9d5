//! How often each function ran.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The invocations of one function since this host was started, over its own restarts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All that were begun. What a killed host was doing is never counted as ended.
    pub started: usize,
    /// Answered well, with all outputs written.
    pub succeeded: usize,
    /// Failed for whatever reason.
    pub failed: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(Arc<Mutex<BTreeMap<String, Tally>>>);

impl Counts {
    pub(crate) fn of(&self, function: &str) -> Tally {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(function).copied().unwrap_or_default()
    }

    pub(crate) fn started(&self, function: &str) {
        self.change(function, |tally| tally.started += 1);
    }

    pub(crate) fn ended(&self, function: &str, well: bool) {
        self.change(function, |tally| {
            tally.succeeded += usize::from(well);
            tally.failed += usize::from(!well);
        });
    }

    fn change(&self, function: &str, change: impl FnOnce(&mut Tally)) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(counts.entry(function.to_owned()).or_default());
    }
}
