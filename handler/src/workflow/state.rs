//! A case as it lies in storage: its documents, its manifest, and which of them came last.

use std::cmp::Ordering;

use azure::{ETag, Storage};
use drafting::case::Manifest;
use drafting::hash::Digest;
use drafting::id::SourceName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::WorkflowFault;
use crate::paths::{self, CaseKey};

/// The document that arrived last: by time of writing, then by name (storage counts in whole seconds).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newest {
    /// When it was written.
    pub modified: Timestamp,
    /// Its name.
    pub name: String,
}

impl PartialOrd for Newest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Newest {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.modified, &self.name).cmp(&(other.modified, &other.name))
    }
}

/// One document of a case, not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: SourceName,
    /// When it was written.
    pub modified: Timestamp,
    /// Its state when it was listed.
    pub etag: ETag,
    /// The number of its bytes.
    pub bytes: u64,
}

/// A case as it lies in storage.
#[derive(Clone, Debug)]
pub struct CaseState {
    /// The documents in order of their names.
    pub documents: Vec<Listed>,
    /// The manifest, if there is one and it can be read.
    pub manifest: Option<Manifest>,
    /// Why there is a manifest and it cannot be read.
    pub manifest_fault: Option<String>,
    /// The digest of the manifest's bytes.
    pub manifest_digest: Option<Digest>,
    /// When the manifest was written.
    pub manifest_modified: Option<Timestamp>,
    /// What arrived last, the manifest included; `None` when nothing is there.
    pub newest: Option<Newest>,
    /// Whether there are more documents than a case may have.
    pub too_many: bool,
}

impl CaseState {
    /// Whether something was written after the document `name`, which then has an event of its own that will see
    /// both. Storage counts in whole seconds: of two in one second either may have come last, and neither is passed
    /// over.
    #[must_use]
    pub fn outdates(&self, name: &SourceName) -> bool {
        let own = if name.as_str() == paths::MANIFEST {
            self.manifest_modified
        } else {
            self.documents
                .iter()
                .find(|document| document.name == *name)
                .map(|document| document.modified)
        };
        own.is_some_and(|own| self.newest.as_ref().is_some_and(|newest| newest.modified > own))
    }

    /// Whether the officer has withdrawn the document of this name.
    fn withdraws(&self, name: &SourceName) -> bool {
        self.manifest
            .as_ref()
            .is_some_and(|manifest| manifest.expects_no_more(name))
    }

    /// Whether the officer has withdrawn any document.
    #[must_use]
    pub fn has_withdrawals(&self) -> bool {
        self.manifest
            .as_ref()
            .is_some_and(|manifest| !manifest.withdrawn.is_empty())
    }

    /// The documents that the manifest names and that are not there, less those that were withdrawn.
    #[must_use]
    pub fn missing(&self) -> Vec<&SourceName> {
        let expected = self.manifest.iter().flat_map(|manifest| &manifest.documents);
        expected
            .map(|d| &d.file)
            // A manifest that lists itself is there.
            .filter(|name| name.as_str() != paths::MANIFEST)
            .filter(|name| !self.withdraws(name))
            .filter(|name| !self.documents.iter().any(|d| d.name == **name))
            .collect()
    }
}

/// A manifest larger than this is not read; a thousand documents fit into a fraction of it.
const MOST_MANIFEST_BYTES: usize = 1_000_000;
/// Blobs looked at under the prefix of a case, which may have folders below it that are not its own. One answer of
/// storage holds as many.
const MOST_LISTED: usize = 5_000;

pub(super) async fn read(storage: &Storage, key: &CaseKey, most: usize) -> Result<CaseState, WorkflowFault> {
    let prefix = key.prefix();
    let listed = storage.list(paths::SOURCES, &prefix, MOST_LISTED).await?;
    let cut = listed.len() >= MOST_LISTED;
    let mut documents = Vec::new();
    let mut newest: Option<Newest> = None;
    let mut manifest_there = None;
    for item in listed {
        // Blobs in sub-folders are no documents of this case; their own upload is refused by its door.
        let Some(name) = item
            .name
            .strip_prefix(&prefix)
            .and_then(|name| SourceName::parse(name).ok())
        else {
            continue;
        };
        let this = Newest {
            modified: item.properties.last_modified,
            name: name.as_str().to_owned(),
        };
        newest = newest.max(Some(this));
        if name.as_str() == paths::MANIFEST {
            manifest_there = Some(item.properties);
        } else {
            documents.push(Listed {
                name,
                modified: item.properties.last_modified,
                etag: item.properties.etag,
                bytes: item.properties.size,
            });
        }
    }
    let too_many = cut || documents.len() > most;
    documents.truncate(most);
    let mut state = CaseState {
        documents,
        manifest: None,
        manifest_fault: None,
        manifest_digest: None,
        manifest_modified: manifest_there.as_ref().map(|there| there.last_modified),
        newest,
        too_many,
    };
    // One that is too large to be a manifest could be larger than memory: its state stands for what it holds.
    if let Some(there) = manifest_there
        .as_ref()
        .filter(|there| !is_manifest_size(there.size))
    {
        state.manifest_digest = Some(Digest::of(there.etag.as_str().as_bytes()));
        state.manifest_fault = Some(too_large());
    } else if manifest_there.is_some()
        && let Some(blob) = storage.get(paths::SOURCES, &key.manifest()).await?
    {
        state.manifest_digest = Some(Digest::of(&blob.bytes));
        match parse_manifest(&blob.bytes) {
            Ok(manifest) => state.manifest = Some(manifest),
            Err(fault) => state.manifest_fault = Some(fault),
        }
    }
    Ok(state)
}

/// Whether a blob of so many bytes may be a manifest. Anybody who may upload could upload another.
pub(super) fn is_manifest_size(bytes: u64) -> bool {
    bytes <= MOST_MANIFEST_BYTES as u64
}

/// What is said of a manifest that is not read.
pub(super) fn too_large() -> String {
    format!("case.json has more than {MOST_MANIFEST_BYTES} bytes")
}

/// Reads `case.json`. The fault says where it is broken, and nothing of what it holds.
pub fn parse_manifest(bytes: &[u8]) -> Result<Manifest, String> {
    if bytes.len() > MOST_MANIFEST_BYTES {
        return Err(too_large());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|fault| {
        let kind = match fault.classify() {
            serde_json::error::Category::Data => "a value is not of the kind that its key wants",
            _ => "it is not JSON",
        };
        format!(
            "case.json cannot be read: {kind} (line {}, column {})",
            fault.line(),
            fault.column()
        )
    })
}
