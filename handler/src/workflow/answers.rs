//! The model's answers of a case, kept with the case.

use std::sync::Arc;

use async_trait::async_trait;
use azure::{Put, Storage};
use drafting::hash::Digest;
use model::{Answers, AnswersFault};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::paths::{self, CaseKey};

/// The kept answers of one case.
pub(super) struct CaseAnswers {
    pub storage: Storage,
    pub key: CaseKey,
    /// Places for those who talk to storage at once: many runs ask for hundreds of answers in one moment, and each talk
    /// holds some ten kilobytes.
    pub places: Arc<Semaphore>,
}

impl CaseAnswers {
    /// A closed semaphore cannot be: nobody closes it.
    async fn place(&self) -> Result<SemaphorePermit<'_>, AnswersFault> {
        self.places.acquire().await.map_err(AnswersFault::new)
    }
}

#[async_trait]
impl Answers for CaseAnswers {
    async fn get(&self, request: &Digest) -> Result<Option<Vec<u8>>, AnswersFault> {
        let _place = self.place().await?;
        let blob = self.storage.get(paths::RUNS, &self.key.answer(request)).await;
        Ok(blob.map_err(AnswersFault::new)?.map(|blob| blob.bytes))
    }

    async fn put(&self, request: &Digest, answer: Vec<u8>) -> Result<(), AnswersFault> {
        let _place = self.place().await?;
        let put = Put {
            content_type: Some("application/json"),
            ..Put::default()
        };
        let name = self.key.answer(request);
        let put = self.storage.put(paths::RUNS, &name, answer, put).await;
        put.map(|_| ()).map_err(AnswersFault::new)
    }
}
