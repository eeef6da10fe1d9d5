//! Leases: at most one holder of a blob at a time.

use crate::{Condition, Put, Storage, StorageError};
use azure_core::Uuid;
use azure_storage_blob::models::{
    BlobClientAcquireLeaseOptions, BlobClientDeleteOptions, DeleteSnapshotsOptionType,
};

/// The proof of a lease, to be sent with writes to the leased blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseId(String);

impl LeaseId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A lease that is held until it is released or its time is up.
#[derive(Clone)]
pub struct Lease {
    /// The proof of it.
    pub id: LeaseId,
    /// Whether there was no such blob before it was leased.
    pub created: bool,
    container: String,
    name: String,
}

impl Storage {
    /// Takes the lease on a blob for 15 to 60 seconds; none where somebody holds it.
    ///
    /// A blob that is not there is created empty.
    pub async fn acquire_lease(
        &self,
        container: &str,
        name: &str,
        seconds: u8,
    ) -> Result<Option<Lease>, StorageError> {
        let mut taken = self.take_lease(container, name, seconds).await;
        let created = taken == Err(StorageError::NotFound);
        if created {
            self.create_empty(container, name).await?;
            taken = self.take_lease(container, name, seconds).await;
        }
        match taken {
            Ok(id) => Ok(Some(Lease {
                id,
                created,
                container: container.to_owned(),
                name: name.to_owned(),
            })),
            Err(StorageError::Leased) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn create_empty(&self, container: &str, name: &str) -> Result<(), StorageError> {
        let absent = Put {
            condition: Condition::Absent,
            ..Put::default()
        };
        match self.put(container, name, Vec::new(), absent).await {
            Ok(_) | Err(StorageError::Precondition | StorageError::Leased) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn take_lease(&self, container: &str, name: &str, seconds: u8) -> Result<LeaseId, StorageError> {
        // The id is ours, so that a retry after a lost answer finds its own lease and not a stranger's.
        let id = Uuid::new_v4().to_string();
        let options = BlobClientAcquireLeaseOptions {
            proposed_lease_id: Some(id.clone()),
            ..Default::default()
        };
        self.blob(container, name)
            .acquire_lease(i32::from(seconds), Some(options))
            .await?;
        Ok(LeaseId(id))
    }

    /// Starts the lease's time anew. [`StorageError::Leased`] where it was lost: the holder must stop.
    pub async fn renew_lease(&self, lease: &Lease) -> Result<(), StorageError> {
        self.blob(&lease.container, &lease.name)
            .renew_lease(lease.id.0.clone(), None)
            .await?;
        Ok(())
    }

    /// Gives the lease back. One that was lost meanwhile is given back already.
    pub async fn release_lease(&self, lease: Lease) -> Result<(), StorageError> {
        let released = self
            .blob(&lease.container, &lease.name)
            .release_lease(lease.id.0, None)
            .await;
        match released.map_err(StorageError::from) {
            Ok(_) | Err(StorageError::Leased | StorageError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Deletes the leased blob, and the lease with it. False where somebody else has taken it over or it is gone.
    pub async fn delete_leased(&self, lease: Lease) -> Result<bool, StorageError> {
        let options = BlobClientDeleteOptions {
            lease_id: Some(lease.id.0),
            delete_snapshots: Some(DeleteSnapshotsOptionType::Include),
            ..Default::default()
        };
        let deleted = self
            .blob(&lease.container, &lease.name)
            .delete(Some(options))
            .await;
        match deleted.map_err(StorageError::from) {
            Ok(_) => Ok(true),
            Err(StorageError::Leased | StorageError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
