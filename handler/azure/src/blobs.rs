//! Blobs: read, write under a condition, list, delete.

use crate::time::required;
use crate::{ETag, LeaseId, Storage, StorageError};
use azure_core::http::Etag;
use azure_storage_blob::BlobClient;
use azure_storage_blob::models::{
    AppendBlobClientAppendBlockOptions, AppendBlobClientCreateOptions, BlobClientDeleteOptions,
    BlobClientDownloadOptions, BlobClientGetPropertiesResultHeaders, BlobClientSetPropertiesOptions,
    BlobClientUploadOptions, BlobContainerClientListBlobsOptions, BlobItem as ListedBlob,
    DeleteSnapshotsOptionType,
};
use bytes::Bytes;
use futures::TryStreamExt;
use jiff::Timestamp;
use std::collections::BTreeMap;
use telemetry::Place;

/// A blob with its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Blob {
    /// The whole content.
    pub bytes: Vec<u8>,
    /// The state that was read; all parts of a large blob are of this one state.
    pub etag: ETag,
    /// When that state was written, to the second.
    pub last_modified: Timestamp,
    /// What the writer said the content is.
    pub content_type: Option<String>,
    /// What the writer noted beside it, by name.
    pub metadata: BTreeMap<String, String>,
}

/// What storage knows of a blob without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobProperties {
    /// Bytes.
    pub size: u64,
    /// The present state.
    pub etag: ETag,
    /// When that state was written, to the second.
    pub last_modified: Timestamp,
    /// What the writer said the content is.
    pub content_type: Option<String>,
}

/// One line of a listing.
#[derive(Clone, PartialEq, Eq)]
pub struct BlobItem {
    /// The whole name, prefix included.
    pub name: String,
    /// As [`Storage::properties`] would answer.
    pub properties: BlobProperties,
}

/// A part of a listing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BlobPage {
    /// The blobs, in order of name.
    pub items: Vec<BlobItem>,
    /// Where the next page begins, in the service's own words; none after the last.
    pub next: Option<String>,
}

/// What must hold for a write to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Whatever is there is replaced.
    #[default]
    Always,
    /// Nothing may be there.
    Absent,
    /// The blob must still be in this state.
    Unchanged(ETag),
}

/// How to write a blob.
#[derive(Clone, Debug, Default)]
pub struct Put<'a> {
    /// Stored with the blob; writing without one resets it to `application/octet-stream`.
    pub content_type: Option<&'a str>,
    /// When to write at all. A retried write whose first answer was lost can fail its own condition, so
    /// a caller that gets [`StorageError::Precondition`] reads the blob before it concludes that another wrote.
    pub condition: Condition,
    /// The lease under which the blob is written, where it has one.
    pub lease: Option<&'a LeaseId>,
    /// Noted beside the content; writing without any takes away what was there.
    pub metadata: BTreeMap<String, String>,
}

impl Storage {
    /// The blob's content, or none where there is no such blob.
    pub async fn get(&self, container: &str, name: &str) -> Result<Option<Blob>, StorageError> {
        found(downloaded(&self.blob(container, name)).await)
    }

    /// The blob's size, state and type, or none where there is no such blob.
    pub async fn properties(
        &self,
        container: &str,
        name: &str,
    ) -> Result<Option<BlobProperties>, StorageError> {
        let answer = match self
            .blob(container, name)
            .get_properties(None)
            .await
            .map_err(StorageError::from)
        {
            Ok(answer) => answer,
            Err(StorageError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(BlobProperties {
            size: answer
                .content_length()?
                .ok_or_else(|| StorageError::local("answer without a size"))?,
            etag: tag(answer.etag()?)?,
            last_modified: required(answer.last_modified()?)?,
            content_type: answer.content_type()?,
        }))
    }

    /// Writes a blob and says the state it is in now. `Bytes` are shared with the caller and not copied.
    pub async fn put(
        &self,
        container: &str,
        name: &str,
        bytes: impl Into<Bytes>,
        put: Put<'_>,
    ) -> Result<ETag, StorageError> {
        let bytes: Bytes = bytes.into();
        let answer = self
            .blob(container, name)
            .upload(bytes.into(), Some(upload_options(put)))
            .await?;
        tag(answer.etag)
    }

    /// Begins a blob that only grows; [`StorageError::Precondition`] where there is a blob of that name.
    pub async fn begin(&self, container: &str, name: &str, content_type: &str) -> Result<(), StorageError> {
        let options = AppendBlobClientCreateOptions {
            blob_content_type: Some(content_type.to_owned()),
            if_none_match: Some(Etag::from("*")),
            ..Default::default()
        };
        let blob = self.blob(container, name).append_blob_client();
        blob.create(Some(options)).await?;
        Ok(())
    }

    /// Adds bytes (at most 4 MB) to a blob that was begun, when it has `at` bytes now. [`StorageError::Precondition`] where
    /// it has not: another wrote, or an answer was lost and the bytes are there, which a caller finds by reading.
    pub async fn append(
        &self,
        container: &str,
        name: &str,
        bytes: impl Into<Bytes>,
        at: u64,
    ) -> Result<(), StorageError> {
        let bytes: Bytes = bytes.into();
        let options = AppendBlobClientAppendBlockOptions {
            append_position: i64::try_from(at).ok(),
            ..Default::default()
        };
        let blob = self.blob(container, name).append_blob_client();
        let length = bytes.len() as u64;
        blob.append_block(bytes.into(), length, Some(options)).await?;
        Ok(())
    }

    /// Changes what the blob is said to be; the content stays, the state changes.
    pub async fn set_content_type(
        &self,
        container: &str,
        name: &str,
        content_type: &str,
    ) -> Result<(), StorageError> {
        let options = BlobClientSetPropertiesOptions {
            blob_content_type: Some(content_type.to_owned()),
            ..Default::default()
        };
        self.blob(container, name).set_properties(Some(options)).await?;
        Ok(())
    }

    /// Deletes a blob with its snapshots; false where there was none.
    pub async fn delete(&self, container: &str, name: &str) -> Result<bool, StorageError> {
        self.delete_if(container, name, None).await
    }

    /// Deletes a blob that is still in this state; another state is [`StorageError::Precondition`].
    pub async fn delete_unchanged(
        &self,
        container: &str,
        name: &str,
        etag: &ETag,
    ) -> Result<bool, StorageError> {
        self.delete_if(container, name, Some(etag)).await
    }

    async fn delete_if(
        &self,
        container: &str,
        name: &str,
        etag: Option<&ETag>,
    ) -> Result<bool, StorageError> {
        let options = BlobClientDeleteOptions {
            delete_snapshots: Some(DeleteSnapshotsOptionType::Include),
            if_match: etag.map(ETag::header),
            ..Default::default()
        };
        match self
            .blob(container, name)
            .delete(Some(options))
            .await
            .map_err(StorageError::from)
        {
            Ok(_) => Ok(true),
            Err(StorageError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// At most `limit` blobs whose names start with `prefix`, in order of name. No such container is an error.
    pub async fn list(
        &self,
        container: &str,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<BlobItem>, StorageError> {
        let options = BlobContainerClientListBlobsOptions {
            prefix: (!prefix.is_empty()).then(|| prefix.to_owned()),
            maxresults: i32::try_from(limit.clamp(1, 5000)).ok(),
            ..Default::default()
        };
        let mut listed = self.container(container).list_blobs(Some(options))?;
        let mut items = Vec::new();
        while items.len() < limit {
            let Some(blob) = listed.try_next().await? else {
                break;
            };
            items.push(item(blob)?);
        }
        Ok(items)
    }

    /// One answer of storage to a listing: at most `limit` blobs (5,000) whose names start with `prefix`, in order of name,
    /// from where an earlier page ended on. It may hold fewer, or none, and have a page after it all the same.
    pub async fn page(
        &self,
        container: &str,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<BlobPage, StorageError> {
        let options = BlobContainerClientListBlobsOptions {
            prefix: (!prefix.is_empty()).then(|| prefix.to_owned()),
            maxresults: i32::try_from(limit.clamp(1, 5000)).ok(),
            marker: after.map(str::to_owned),
            ..Default::default()
        };
        let mut pages = self.container(container).list_blobs(Some(options))?.into_pages();
        let Some(answer) = pages.try_next().await? else {
            return Ok(BlobPage::default());
        };
        let answer = answer.into_model()?;
        Ok(BlobPage {
            next: answer.next_marker.filter(|next| !next.is_empty()),
            items: answer
                .blob_items
                .into_iter()
                .map(item)
                .collect::<Result<_, _>>()?,
        })
    }

    /// Creates the container unless it exists.
    pub async fn ensure_container(&self, container: &str) -> Result<(), StorageError> {
        match self
            .container(container)
            .create(None)
            .await
            .map_err(StorageError::from)
        {
            Err(StorageError::Other { code }) if code == "ContainerAlreadyExists" => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Ok(()),
        }
    }
}

pub(crate) async fn downloaded(client: &BlobClient) -> Result<Blob, StorageError> {
    let mut options = BlobClientDownloadOptions::default();
    // The SDK downloads on tasks of its own.
    options.method_options.context.insert(Place::here());
    let answer = client.download(Some(options)).await?;
    Ok(Blob {
        etag: tag(answer.properties.etag)?,
        last_modified: required(answer.properties.last_modified)?,
        content_type: answer.properties.content_type,
        metadata: answer.properties.metadata.into_iter().collect(),
        bytes: answer.body.collect().await?.to_vec(),
    })
}

/// None where there is no such blob.
pub(crate) fn found(blob: Result<Blob, StorageError>) -> Result<Option<Blob>, StorageError> {
    match blob {
        Ok(blob) => Ok(Some(blob)),
        Err(StorageError::NotFound) => Ok(None),
        // Parts are read under the first part's tag: somebody wrote in between.
        Err(StorageError::Precondition) => Err(StorageError::Unavailable),
        Err(error) => Err(error),
    }
}

fn upload_options(put: Put<'_>) -> BlobClientUploadOptions<'static> {
    let (if_match, if_none_match) = match put.condition {
        Condition::Always => (None, None),
        Condition::Absent => (None, Some(Etag::from("*"))),
        Condition::Unchanged(etag) => (Some(etag.header()), None),
    };
    BlobClientUploadOptions {
        blob_content_type: put.content_type.map(str::to_owned),
        if_match,
        if_none_match,
        lease_id: put.lease.map(|lease| lease.as_str().to_owned()),
        metadata: (!put.metadata.is_empty()).then(|| put.metadata.into_iter().collect()),
        ..Default::default()
    }
}

pub(crate) fn item(blob: ListedBlob) -> Result<BlobItem, StorageError> {
    let unreadable = || StorageError::local("unreadable listing");
    let properties = blob.properties.ok_or_else(unreadable)?;
    Ok(BlobItem {
        name: blob.name.ok_or_else(unreadable)?,
        properties: BlobProperties {
            size: properties.content_length.ok_or_else(unreadable)?,
            etag: tag(properties.etag)?,
            last_modified: required(properties.last_modified)?,
            content_type: properties.content_type,
        },
    })
}

fn tag(etag: Option<Etag>) -> Result<ETag, StorageError> {
    etag.map(ETag::from)
        .ok_or_else(|| StorageError::local("answer without an entity tag"))
}
