//! Blob and queue storage, and Entra ID tokens.
//!
//! This is the only crate of the product that names an `azure_*` crate. It knows containers, blobs, queues and
//! identities; it must not know what a case, a recipe or a draft is.
//!
//! Nothing here puts a blob name, a message or a key into an error: errors are logged.

mod account;
mod blobs;
mod connection_string;
mod error;
mod etag;
mod held;
mod leases;
mod queues;
mod shared_key;
mod storage;
mod time;
mod tokens;
mod told;

pub use account::{Account, AccountFault, Identity};
pub use blobs::{Blob, BlobItem, BlobPage, BlobProperties, Condition, Put};
pub use error::StorageError;
pub use etag::ETag;
pub use held::{Copy, Held, HeldBlob};
pub use leases::{Lease, LeaseId};
pub use queues::{Message, decoded};
pub use storage::Storage;
pub use tokens::{Token, TokenError, Tokens};
pub use told::Template;
pub use url::Url;
