//! The model's answers of a case, kept with the case.

use async_trait::async_trait;
use azure::{Put, Storage};
use drafting::hash::Digest;
use model::{Answers, AnswersFault};

use crate::paths::{self, CaseKey};

/// The kept answers of one case.
pub(super) struct CaseAnswers {
    pub storage: Storage,
    pub key: CaseKey,
}

#[async_trait]
impl Answers for CaseAnswers {
    async fn get(&self, request: &Digest) -> Result<Option<Vec<u8>>, AnswersFault> {
        let blob = self.storage.get(paths::RUNS, &self.key.answer(request)).await;
        Ok(blob.map_err(AnswersFault::new)?.map(|blob| blob.bytes))
    }

    async fn put(&self, request: &Digest, answer: Vec<u8>) -> Result<(), AnswersFault> {
        let put = Put {
            content_type: Some("application/json"),
            ..Put::default()
        };
        let name = self.key.answer(request);
        let put = self.storage.put(paths::RUNS, &name, answer, put).await;
        put.map(|_| ()).map_err(AnswersFault::new)
    }
}
