//! One connection to one storage account.

use crate::shared_key::SharedKeyPolicy;
use crate::told::{Template, Told};
use crate::{Account, StorageError, Tokens};
use azure_core::credentials::TokenCredential;
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions};
use azure_core::time::Duration;
use azure_storage_blob::{BlobClient, BlobContainerClient, BlobServiceClient, BlobServiceClientOptions};
use azure_storage_queue::{QueueClient, QueueServiceClient, QueueServiceClientOptions};
use std::sync::Arc;

/// Tries after the first. The host has its own retries above this; more here would only hide a broken account
/// for as long as the function may run.
const RETRIES: u32 = 3;
/// No further try begins after this long.
const RETRYING_FOR: Duration = Duration::seconds(10);

/// The blobs and queues of one storage account. Clones share one connection pool.
#[derive(Clone)]
pub struct Storage {
    blobs: Arc<BlobServiceClient>,
    queues: Arc<QueueServiceClient>,
}

impl Storage {
    /// A connection to `account`. No request is made yet, so that starting does not depend on the network.
    pub fn connect(account: &Account) -> Result<Self, StorageError> {
        Self::connected(account, None)
    }

    /// As [`Self::connect`]; its calls are told of, by what `template` says of their paths.
    pub fn connect_told(account: &Account, template: Template) -> Result<Self, StorageError> {
        Self::connected(account, Some(template))
    }

    fn connected(account: &Account, template: Option<Template>) -> Result<Self, StorageError> {
        let credential = match account.identity() {
            Some(identity) => Some(
                Tokens::new(identity)
                    .map_err(|_| StorageError::NoToken)?
                    .credential(),
            ),
            None => None,
        };
        Ok(Self {
            blobs: Arc::new(blob_client(account, credential.clone(), template)?),
            queues: Arc::new(queue_client(account, credential, template)?),
        })
    }

    pub(crate) fn container(&self, name: &str) -> BlobContainerClient {
        self.blobs.blob_container_client(name)
    }

    pub(crate) fn blob(&self, container: &str, name: &str) -> BlobClient {
        self.blobs.blob_client(container, name)
    }

    pub(crate) fn queue(&self, name: &str) -> Result<QueueClient, StorageError> {
        Ok(self.queues.queue_client(name)?)
    }

    pub(crate) fn queue_service(&self) -> &QueueServiceClient {
        &self.queues
    }
}

fn blob_client(
    account: &Account,
    credential: Option<Arc<dyn TokenCredential>>,
    template: Option<Template>,
) -> Result<BlobServiceClient, StorageError> {
    let told = template.map(|template| Told::new(account.blob_endpoint(), template));
    let options = BlobServiceClientOptions {
        client_options: client_options(account, told),
        ..Default::default()
    };
    Ok(BlobServiceClient::new(
        account.blob_endpoint().clone(),
        credential,
        Some(options),
    )?)
}

fn queue_client(
    account: &Account,
    credential: Option<Arc<dyn TokenCredential>>,
    template: Option<Template>,
) -> Result<QueueServiceClient, StorageError> {
    let told = template.map(|template| Told::new(account.queue_endpoint(), template));
    let options = QueueServiceClientOptions {
        client_options: client_options(account, told),
        ..Default::default()
    };
    Ok(QueueServiceClient::new(
        account.queue_endpoint().clone(),
        credential,
        Some(options),
    )?)
}

fn client_options(account: &Account, told: Option<Told>) -> ClientOptions {
    let retry = RetryOptions::exponential(ExponentialRetryOptions {
        max_retries: RETRIES,
        max_total_elapsed: RETRYING_FOR,
        ..Default::default()
    });
    let mut options = ClientOptions {
        retry,
        ..Default::default()
    };
    if let Some(told) = told {
        // Per call, so that its retries are part of it.
        options.per_call_policies.push(Arc::new(told));
    }
    if account.identity().is_none() {
        // Per try, so that each retry is signed anew: the signature covers the date.
        options.per_try_policies.push(Arc::new(SharedKeyPolicy));
    }
    options
}
