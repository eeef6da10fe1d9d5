//! The cases of a recipe.

use drafting::id::{CaseId, RecipeId};
use serde::Serialize;

use super::{Status, Workflow, WorkflowFault, status};
use crate::paths::{self, CaseKey};

/// Blobs looked through for one list. An archive of six blobs a run makes it some hundred cases.
const MOST_BLOBS: usize = 5_000;
/// Cases in one list.
const MOST_CASES: usize = 100;

/// A case and where it stands.
#[derive(Debug, Serialize)]
pub struct ListedCase {
    /// The case.
    pub case: CaseId,
    /// Where it stands.
    #[serde(flatten)]
    pub status: Status,
}

impl Workflow {
    /// The first cases of a recipe by name, with their status, and whether there are more.
    pub async fn cases(&self, recipe: &RecipeId) -> Result<(Vec<ListedCase>, bool), WorkflowFault> {
        let prefix = format!("{recipe}/");
        let blobs = self.storage.list(paths::RUNS, &prefix, MOST_BLOBS).await?;
        let mut keys: Vec<CaseKey> = blobs
            .iter()
            .filter_map(|blob| blob.name.strip_prefix(&prefix)?.strip_suffix("/status.json"))
            .filter_map(|case| {
                Some(CaseKey {
                    recipe: recipe.clone(),
                    case: CaseId::parse(case).ok()?,
                })
            })
            .collect();
        let more = blobs.len() >= MOST_BLOBS || keys.len() > MOST_CASES;
        keys.truncate(MOST_CASES);
        let mut cases = Vec::new();
        for key in keys {
            if let Some(status) = status::read(&self.storage, &key).await? {
                cases.push(ListedCase {
                    case: key.case,
                    // How often it was started with is no caller's business.
                    status: Status {
                        starts: None,
                        ..status
                    },
                });
            }
        }
        Ok((cases, more))
    }
}
