//! Blob triggers: looks for blobs that have no receipt, queues an event for each and runs the function for it.

use crate::binding_data::Sys;
use crate::firing::{Firing, blob_address};
use crate::functions::{BlobTrigger, Function, TriggerKind};
use crate::host::Host;
use crate::invocation::send_creating;
use crate::log::Level;
use crate::queue_listener::Worked;
use azure::{BlobItem, Condition, ETag, Message, Put, Storage, StorageError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;

/// Where events go that failed too often, in the account of the blob.
pub(crate) const POISON_QUEUE: &str = "webjobs-blobtrigger-poison";
const RECEIPTS: &str = "azure-webjobs-hosts";
/// A local container with more blobs than this is not a local case any more.
const SCANNED: usize = 100_000;
const PREFIX: &str = "Host.Functions.";

/// The internal queue of blob events, in the host's own account.
pub(crate) fn queue(host: &Host) -> String {
    format!("azure-webjobs-blobtrigger-{}", host.plan.id)
}

/// An event, in the host's own words; the poison queue gets the same.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BlobEvent {
    #[serde(rename = "Type")]
    pub kind: String,
    pub function_id: String,
    pub blob_type: String,
    pub container_name: String,
    pub blob_name: String,
    #[serde(rename = "ETag")]
    pub etag: String,
}

impl BlobEvent {
    pub(crate) fn new(function: &str, container: &str, blob: &str, etag: &str) -> Self {
        Self {
            kind: "BlobTrigger".to_owned(),
            function_id: format!("{PREFIX}{function}"),
            blob_type: "BlockBlob".to_owned(),
            container_name: container.to_owned(),
            blob_name: blob.to_owned(),
            etag: etag.to_owned(),
        }
    }

    fn function<'a>(&self, host: &'a Host) -> Option<&'a Arc<Function>> {
        host.function(self.function_id.strip_prefix(PREFIX).unwrap_or(&self.function_id))
    }

    /// Puts the event where the host looks for it.
    pub(crate) async fn send(&self, host: &Host) -> Result<(), StorageError> {
        let text = serde_json::to_string(self).map_err(|_| StorageError::TooLarge)?;
        send_creating(
            &host.connection("")?.storage,
            &queue(host),
            &STANDARD.encode(text),
        )
        .await
    }
}

/// Looks at the container again and again.
pub(crate) async fn scan(host: Arc<Host>, function: Arc<Function>, trigger: BlobTrigger) {
    let mut seen = HashSet::new();
    while !host.is_draining() {
        host.until_resumed().await;
        if let Err(error) = look(&host, &function, &trigger, &mut seen).await {
            let text = format!(
                "The container of 'Functions.{}' cannot be scanned: {error}",
                function.name
            );
            host.log().host(Level::Warning, text);
        }
        tokio::time::sleep(host.plan.deviations.blob_scan).await;
    }
}

async fn look(
    host: &Host,
    function: &Function,
    trigger: &BlobTrigger,
    seen: &mut HashSet<(String, ETag)>,
) -> Result<(), StorageError> {
    let storage = &host.connection(&trigger.connection)?.storage;
    let pattern = &trigger.pattern;
    let blobs = match storage.list(&pattern.container, &pattern.prefix, SCANNED).await {
        Err(StorageError::NotFound) => return Ok(()),
        blobs => blobs?,
    };
    for blob in blobs {
        let key = (blob.name.clone(), blob.properties.etag.clone());
        if !seen.contains(&key) && pattern.captures(&blob.name).is_some() {
            notify(host, function, &pattern.container, &blob).await?;
            seen.insert(key);
        }
    }
    Ok(())
}

/// Queues the event of a blob's state, once: a receipt remembers it over the host's lives. A host that dies between
/// the two steps sends it again, and the real one may too.
async fn notify(
    host: &Host,
    function: &Function,
    container: &str,
    blob: &BlobItem,
) -> Result<(), StorageError> {
    let storage = &host.connection("")?.storage;
    let etag = blob.properties.etag.as_str();
    let receipt = format!(
        "blobreceipts/{}/{PREFIX}{}/{etag}/{container}/{}",
        host.plan.id, function.name, blob.name
    );
    if storage.properties(RECEIPTS, &receipt).await?.is_some() {
        return Ok(());
    }
    BlobEvent::new(&function.name, container, &blob.name, etag)
        .send(host)
        .await?;
    write_receipt(storage, &receipt).await
}

async fn write_receipt(storage: &Storage, name: &str) -> Result<(), StorageError> {
    let absent = || Put {
        condition: Condition::Absent,
        ..Put::default()
    };
    let mut written = storage.put(RECEIPTS, name, Vec::new(), absent()).await;
    if written == Err(StorageError::NotFound) {
        storage.ensure_container(RECEIPTS).await?;
        written = storage.put(RECEIPTS, name, Vec::new(), absent()).await;
    }
    match written {
        Ok(_) | Err(StorageError::Precondition) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Runs the function that an event is for.
pub(crate) async fn work(host: &Host, body: &[u8]) -> Worked {
    let Ok(event) = serde_json::from_slice::<BlobEvent>(body) else {
        return Worked::Unreadable;
    };
    let Some(function) = event.function(host) else {
        return Worked::Done;
    };
    let TriggerKind::Blob(trigger) = &function.trigger.kind else {
        return Worked::Done;
    };
    match firing(host, function, trigger, &event).await {
        Ok(Some(firing)) if host.invoke(&firing).await.is_ok() => Worked::Done,
        Ok(None) => Worked::Done,
        Ok(Some(_)) => Worked::Failed,
        Err(error) => {
            let text = format!("A blob of 'Functions.{}' cannot be read: {error}", function.name);
            host.log().host(Level::Error, text);
            Worked::Failed
        }
    }
}

/// None for a blob that is gone, or that has changed since: the next scan queues its new state.
async fn firing(
    host: &Host,
    function: &Arc<Function>,
    trigger: &BlobTrigger,
    event: &BlobEvent,
) -> Result<Option<Firing>, StorageError> {
    let connection = host.connection(&trigger.connection)?;
    let Some(captures) = trigger.pattern.captures(&event.blob_name) else {
        return Ok(None);
    };
    let Some(blob) = connection
        .storage
        .get(&event.container_name, &event.blob_name)
        .await?
    else {
        return Ok(None);
    };
    if !trigger.event_grid && blob.etag != ETag::new(&event.etag) {
        return Ok(None);
    }
    let address = blob_address(&connection.blobs, &event.container_name, &event.blob_name);
    Ok(Some(Firing::blob(
        function,
        &address,
        &blob,
        captures,
        &Sys::now(&function.name),
    )))
}

/// A firing for a blob named by hand, `container/name`; none where it is not there.
pub(crate) async fn by_hand(
    host: &Host,
    function: &Arc<Function>,
    trigger: &BlobTrigger,
    path: &str,
) -> Result<Option<Firing>, StorageError> {
    let Some((container, name)) = path.split_once('/') else {
        return Ok(None);
    };
    let storage = &host.connection(&trigger.connection)?.storage;
    let Some(properties) = storage.properties(container, name).await? else {
        return Ok(None);
    };
    let event = BlobEvent::new(&function.name, container, name, properties.etag.as_str());
    firing(host, function, trigger, &event).await
}

/// The account of the blob that an event is about.
pub(crate) fn account_of<'a>(host: &'a Host, message: &Message) -> Option<&'a Storage> {
    let event: BlobEvent = serde_json::from_slice(&message.decoded()?).ok()?;
    match &event.function(host)?.trigger.kind {
        TriggerKind::Blob(trigger) => host
            .connection(&trigger.connection)
            .ok()
            .map(|found| &found.storage),
        TriggerKind::Queue { .. } | TriggerKind::Http(_) | TriggerKind::Timer { .. } => None,
    }
}
