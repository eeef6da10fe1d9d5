//! The model's answers in a folder, for whoever drafts the same files again.

use std::io::ErrorKind;
use std::path::PathBuf;

use async_trait::async_trait;
use drafting::hash::Digest;
use model::{Answers, AnswersFault};

/// A folder with a file an answer.
pub(super) struct FolderAnswers(pub PathBuf);

impl FolderAnswers {
    fn file(&self, request: &Digest) -> PathBuf {
        self.0.join(format!("{request}.json"))
    }
}

#[async_trait]
impl Answers for FolderAnswers {
    async fn get(&self, request: &Digest) -> Result<Option<Vec<u8>>, AnswersFault> {
        match tokio::fs::read(self.file(request)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(AnswersFault::new(cause)),
        }
    }

    async fn put(&self, request: &Digest, answer: Vec<u8>) -> Result<(), AnswersFault> {
        tokio::fs::create_dir_all(&self.0)
            .await
            .map_err(AnswersFault::new)?;
        tokio::fs::write(self.file(request), answer)
            .await
            .map_err(AnswersFault::new)
    }
}
