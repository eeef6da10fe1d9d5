//! A model whose answers a test writes, and a store of answers in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use drafting::hash::Digest;
use drafting::prompt::{Prompt, Tier};
use model::{
    Answers, AnswersFault, Completion, Fault, Filtering, Finish, LanguageModel, Limits, Price, Usage,
};

use crate::fake::fitting;

/// A model that answers everything alike, and counts.
pub struct Scripted {
    pub name: &'static str,
    pub result: Result<Completion, Fault>,
    pub delay: Duration,
    pub price: Option<Price>,
    pub calls: AtomicUsize,
    pub at_once: AtomicUsize,
    pub most_at_once: AtomicUsize,
}

impl Default for Scripted {
    fn default() -> Self {
        Self {
            name: "scripted:one",
            result: Ok(answered()),
            delay: Duration::ZERO,
            price: Some(Price {
                prompt: 1_000_000,
                cached_prompt: 500_000,
                completion: 4_000_000,
            }),
            calls: AtomicUsize::new(0),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        }
    }
}

impl Scripted {
    pub fn called(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl LanguageModel for Scripted {
    async fn complete(&self, _: &Prompt, _: Instant) -> Result<Completion, Fault> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        tokio::time::sleep(self.delay).await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        self.result.clone()
    }

    fn name(&self, _: Tier) -> String {
        self.name.to_owned()
    }

    fn price(&self, _: Tier) -> Option<Price> {
        self.price
    }
}

pub fn answered() -> Completion {
    Completion {
        value: fitting(),
        usage: Usage {
            prompt_tokens: 100,
            cached_prompt_tokens: 40,
            completion_tokens: 20,
            estimated: false,
        },
        finish: Finish::Stop,
        filtered: Filtering::Checked,
        model: "scripted".to_owned(),
        retries: 1,
        replayed: false,
    }
}

pub fn limits() -> Limits {
    Limits {
        wall: Duration::from_secs(60),
        ..Limits::default()
    }
}

/// Answers in memory; `broken` ones fault on every call.
#[derive(Default)]
pub struct Memory {
    pub kept: Mutex<BTreeMap<String, Vec<u8>>>,
    pub broken: bool,
}

#[async_trait]
impl Answers for Memory {
    async fn get(&self, key: &Digest) -> Result<Option<Vec<u8>>, AnswersFault> {
        if self.broken {
            return Err(AnswersFault::new("no space"));
        }
        Ok(self.kept.lock().unwrap().get(key.as_str()).cloned())
    }

    async fn put(&self, key: &Digest, answer: Vec<u8>) -> Result<(), AnswersFault> {
        if self.broken {
            return Err(AnswersFault::new("no space"));
        }
        self.kept.lock().unwrap().insert(key.as_str().to_owned(), answer);
        Ok(())
    }
}
