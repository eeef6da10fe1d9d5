//! `draft-on-upload`: a document or a manifest has arrived.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use drafting::id::{CaseId, RecipeId, SourceName};
use tracing::Instrument as _;

use super::Doors;
use super::answer::{Answer, failed};
use super::envelope::{BlobEvent, Invocation, invocation};
use crate::paths::{self, CaseKey};
use crate::workflow::{DraftRequest, Newest, Step, Workflow, WorkflowFault};

/// The names in the trigger's path pattern `sources/{recipe}/{case}/{document}`.
const CAPTURES: [&str; 3] = ["recipe", "case", "document"];

/// A storage account that says nothing for this long is taken for one that cannot be looked at.
const LONGEST_LOOK: Duration = Duration::from_secs(10);

pub(super) async fn door(State(doors): State<Arc<Doors>>, headers: HeaderMap, body: Bytes) -> Response {
    let span = tracing::info_span!("draft-on-upload", invocation = invocation(&headers));
    async move {
        let event = match Invocation::blob(&body, &CAPTURES) {
            Ok(event) => event,
            Err(fault) => {
                tracing::error!(%fault, "the host sent something else than a blob event");
                return failed();
            }
        };
        drop(body);
        match arrived(&doors.workflow, &event).await {
            Ok(answer) => answer.into_response(),
            Err(fault) => {
                tracing::error!(%fault, "an upload could not be taken; the host tries again");
                failed()
            }
        }
    }
    .instrument(span)
    .await
}

async fn arrived(workflow: &Workflow, event: &BlobEvent) -> Result<Answer, WorkflowFault> {
    let Some(blob) = blob_path(&event.uri) else {
        tracing::error!("a blob event without a usable address");
        workflow
            .refuse_upload(&event.uri, "the upload's address cannot be read")
            .await?;
        return Ok(Answer::default());
    };
    let (key, name) = match parse(&blob, event) {
        Ok(parsed) => parsed,
        Err(reason) => {
            tracing::warn!(reason, "an upload belongs to no case");
            workflow.refuse_upload(&blob, reason).await?;
            return Ok(Answer::default());
        }
    };
    if workflow.shelf().get(&key.recipe).is_none() {
        tracing::warn!("an upload for a recipe that is not here");
        workflow
            .refuse_upload(&blob, "there is no recipe of that name")
            .await?;
        return Ok(Answer::default());
    }
    workflow.received(&key, 1, None).await;
    let step = workflow.uploaded(&key, &name).await?;
    tracing::info!(step = ?step.name(), "an upload was seen to");
    Ok(Answer::of(&key, step))
}

impl Workflow {
    /// Looks at the case because `name` was written.
    async fn uploaded(&self, key: &CaseKey, name: &SourceName) -> Result<Step, WorkflowFault> {
        let looked = tokio::time::timeout(LONGEST_LOOK, self.state(key)).await;
        let request = match looked.unwrap_or(Err(WorkflowFault::TooLong(LONGEST_LOOK))) {
            // The newest upload has an event of its own.
            Ok(state) if state.outdates(name) => return Ok(Step::Settled("not the newest upload")),
            Ok(state) => DraftRequest::new(key, state.newest),
            // Storage cannot be looked at: whatever is newest then is drafted.
            Err(fault) => {
                tracing::warn!(%fault, "the case cannot be looked at; a request is left");
                let request = DraftRequest::new(key, None::<Newest>).again();
                self.leave(&request, Duration::from_secs(10)).await?;
                return Ok(Step::Delayed);
            }
        };
        self.advance(&request).await
    }
}

/// `container/name` of the blob's address, decoded; `None` when it is not in the sources' container.
fn blob_path(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    let decoded: Vec<String> = url
        .path_segments()?
        .map(wire::percent_decode)
        .collect::<Option<Vec<_>>>()?;
    // The emulator's addresses begin with the account's name.
    let start = decoded.iter().take(2).position(|part| part == paths::SOURCES)?;
    Some(decoded.get(start..)?.join("/"))
}

/// The ids of an upload, from its own address. They must be what the host caught too: its captures are greedy,
/// and it builds the output paths from them.
fn parse(blob: &str, event: &BlobEvent) -> Result<(CaseKey, SourceName), &'static str> {
    let (key, name) = ids(blob)?;
    let read = [key.recipe.as_str(), key.case.as_str(), name.as_str()];
    let caught = CAPTURES.map(|name| event.captures.get(name).map_or("", String::as_str));
    if read != caught {
        return Err("the host read the path in another way than it is written");
    }
    Ok((key, name))
}

/// The ids in the path of a blob, `sources/{recipe}/{case}/{document}`.
pub(super) fn ids(blob: &str) -> Result<(CaseKey, SourceName), &'static str> {
    let parts: Vec<&str> = blob.split('/').collect();
    let [paths::SOURCES, recipe, case, document] = parts.as_slice() else {
        return Err("documents lie at sources/{recipe}/{case}/{document}, no deeper and no higher");
    };
    let recipe =
        RecipeId::parse(recipe).map_err(|_| "the recipe's name holds characters that are not allowed")?;
    let case = CaseId::parse(case)
        .map_err(|_| "the case's reference may hold letters, digits, `-` and `_` only, 80 at most")?;
    let name = SourceName::parse(document).map_err(|_| "the document's name is not a plain file name")?;
    Ok((CaseKey { recipe, case }, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(uri: &str, recipe: &str, case: &str, document: &str) -> BlobEvent {
        let captures = [("recipe", recipe), ("case", case), ("document", document)];
        BlobEvent {
            uri: uri.into(),
            captures: captures
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn ids_come_from_the_address_and_must_agree_with_the_captures() {
        let check = |event: BlobEvent, expected: Option<(&str, &str)>| {
            let parsed = blob_path(&event.uri).and_then(|blob| parse(&blob, &event).ok());
            let parsed = parsed.map(|(key, name)| (key.case.to_string(), name.to_string()));
            assert_eq!(
                parsed,
                expected.map(|(case, name)| (case.to_owned(), name.to_owned())),
                "{event:?}"
            );
        };
        let azurite = "http://127.0.0.1:10000/devstoreaccount1/sources/ehcp/c1/Appendix%20A.pdf";
        check(
            event(azurite, "ehcp", "c1", "Appendix A.pdf"),
            Some(("c1", "Appendix A.pdf")),
        );
        let azure = "https://a.blob.core.windows.net/sources/ehcp/EHC-1/%C5%BB.pdf";
        check(event(azure, "ehcp", "EHC-1", "Ż.pdf"), Some(("EHC-1", "Ż.pdf")));
        // Greedy captures of a deeper path.
        let deep = "https://a.blob.core.windows.net/sources/ehcp/c1/sub/x.pdf";
        check(event(deep, "ehcp/c1", "sub", "x.pdf"), None);
        check(
            event(
                "https://a.blob.core.windows.net/sources/ehcp/c%2F1/x.pdf",
                "ehcp",
                "c/1",
                "x.pdf",
            ),
            None,
        );
        check(
            event(
                "https://a.blob.core.windows.net/sources/ehcp/c%201/x.pdf",
                "ehcp",
                "c 1",
                "x.pdf",
            ),
            None,
        );
        check(
            event(
                "https://a.blob.core.windows.net/other/ehcp/c1/x.pdf",
                "ehcp",
                "c1",
                "x.pdf",
            ),
            None,
        );
        check(event(azure, "ehcp", "EHC-2", "Ż.pdf"), None);
        check(event("not an address", "ehcp", "c1", "x.pdf"), None);
    }
}
