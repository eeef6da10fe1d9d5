//! All that is held of blobs: they themselves, their snapshots and earlier versions, and what is left of deleted ones.

use crate::time::{required, timestamp};
use crate::{Blob, BlobItem, LeaseId, Storage, StorageError};
use azure_storage_blob::models::{
    BlobClientDeleteOptions, BlobContainerClientListBlobsOptions, BlobDeleteType, BlobItem as ListedBlob,
    DeleteSnapshotsOptionType, ListBlobsIncludeItem,
};
use futures::TryStreamExt;
use jiff::Timestamp;

/// Which of its states is held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Copy {
    /// The present one.
    Present,
    /// An earlier version, where the account keeps versions, by its id.
    Version(String),
    /// A snapshot that somebody took, by its moment.
    Snapshot(String),
}

/// A blob, or an earlier state of one.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldBlob {
    /// The whole name, prefix included.
    pub name: String,
    /// Which of its states.
    pub copy: Copy,
    /// Bytes.
    pub size: u64,
    /// When that state was written, to the second.
    pub last_modified: Timestamp,
    /// Whether it was deleted and is kept by the account's soft delete all the same.
    pub deleted: bool,
    /// The days for which the account still keeps it, where it was deleted.
    pub days_left: Option<u32>,
    /// Until when a policy forbids to delete it.
    pub immutable_until: Option<Timestamp>,
    /// Whether a legal hold forbids to delete it.
    pub legal_hold: bool,
}

/// What a look at a prefix gives.
#[derive(Clone, PartialEq, Eq)]
pub struct Held {
    /// All that is held.
    pub blobs: Vec<HeldBlob>,
    /// Whether earlier states and deleted blobs are among them; some accounts do not list these.
    pub with_copies: bool,
}

impl Storage {
    /// All that is held under a prefix. No such container holds nothing.
    pub async fn held(&self, container: &str, prefix: &str) -> Result<Held, StorageError> {
        let all = vec![
            ListBlobsIncludeItem::Snapshots,
            ListBlobsIncludeItem::Versions,
            ListBlobsIncludeItem::Deleted,
            ListBlobsIncludeItem::ImmutabilityPolicy,
            ListBlobsIncludeItem::LegalHold,
        ];
        match self.held_with(container, prefix, Some(all)).await {
            Err(StorageError::Other { .. }) => Ok(Held {
                blobs: self.held_with(container, prefix, None).await?,
                with_copies: false,
            }),
            blobs => Ok(Held {
                blobs: blobs?,
                with_copies: true,
            }),
        }
    }

    async fn held_with(
        &self,
        container: &str,
        prefix: &str,
        include: Option<Vec<ListBlobsIncludeItem>>,
    ) -> Result<Vec<HeldBlob>, StorageError> {
        let options = BlobContainerClientListBlobsOptions {
            prefix: (!prefix.is_empty()).then(|| prefix.to_owned()),
            include,
            ..Default::default()
        };
        let mut listed = self.container(container).list_blobs(Some(options))?;
        let mut blobs = Vec::new();
        loop {
            match listed.try_next().await.map_err(StorageError::from) {
                Ok(Some(blob)) => blobs.push(held(blob)?),
                Ok(None) | Err(StorageError::NotFound) => return Ok(blobs),
                Err(error) => return Err(error),
            }
        }
    }

    /// Looks at every blob whose name starts with `prefix`, however many there are, one after the other. No such container
    /// holds none.
    pub async fn walk(
        &self,
        container: &str,
        prefix: &str,
        mut visit: impl FnMut(BlobItem) + Send,
    ) -> Result<(), StorageError> {
        let options = BlobContainerClientListBlobsOptions {
            prefix: (!prefix.is_empty()).then(|| prefix.to_owned()),
            ..Default::default()
        };
        let mut listed = self.container(container).list_blobs(Some(options))?;
        loop {
            match listed.try_next().await.map_err(StorageError::from) {
                Ok(Some(blob)) => visit(crate::blobs::item(blob)?),
                Ok(None) | Err(StorageError::NotFound) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// The content of one state of a blob, or none where it is gone. What was deleted cannot be read.
    pub async fn get_held(&self, container: &str, blob: &HeldBlob) -> Result<Option<Blob>, StorageError> {
        let client = self.blob(container, &blob.name);
        let client = match &blob.copy {
            Copy::Present => client,
            Copy::Version(id) => client.with_version(id)?,
            Copy::Snapshot(id) => client.with_snapshot(id)?,
        };
        crate::blobs::found(crate::blobs::downloaded(&client).await)
    }

    /// Deletes one state of a blob for good; false where it was gone. Deleting a present blob takes its snapshots with it and,
    /// where the account keeps versions, leaves a version, which is deleted by another call. What soft delete keeps of a
    /// version or a snapshot is deleted only where the account allows it; of a blob itself it never is, and `Other` says so.
    pub async fn delete_held(
        &self,
        container: &str,
        blob: &HeldBlob,
        lease: Option<&LeaseId>,
    ) -> Result<bool, StorageError> {
        let mut options = BlobClientDeleteOptions {
            lease_id: lease.map(|lease| lease.as_str().to_owned()),
            blob_delete_type: blob.deleted.then_some(BlobDeleteType::Permanent),
            ..Default::default()
        };
        match &blob.copy {
            Copy::Present if blob.deleted => return Err(StorageError::local("SoftDeleted")),
            Copy::Present => options.delete_snapshots = Some(DeleteSnapshotsOptionType::Include),
            Copy::Version(id) => options.version_id = Some(id.clone()),
            Copy::Snapshot(id) => options.snapshot = Some(id.clone()),
        }
        let deleted = self.blob(container, &blob.name).delete(Some(options)).await;
        match deleted.map_err(StorageError::from) {
            Ok(_) => Ok(true),
            Err(StorageError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn held(blob: ListedBlob) -> Result<HeldBlob, StorageError> {
    let unreadable = || StorageError::local("unreadable listing");
    let properties = blob.properties.ok_or_else(unreadable)?;
    let current = blob.is_current_version == Some(true);
    let copy = match (blob.snapshot, blob.version_id) {
        (Some(moment), _) => Copy::Snapshot(moment),
        (None, Some(id)) if !current => Copy::Version(id),
        (None, _) => Copy::Present,
    };
    Ok(HeldBlob {
        name: blob.name.ok_or_else(unreadable)?,
        copy,
        size: properties.content_length.unwrap_or(0),
        last_modified: required(properties.last_modified)?,
        deleted: blob.deleted == Some(true),
        days_left: properties
            .remaining_retention_days
            .and_then(|days| u32::try_from(days).ok()),
        immutable_until: properties.immutability_policy_expires_on.map(timestamp),
        legal_hold: properties.legal_hold == Some(true),
    })
}
