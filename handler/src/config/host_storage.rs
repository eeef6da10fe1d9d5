//! The host's own account, which holds receipts and a queue that name uploads.

use azure::Account;

use super::Source;

/// Where the host keeps what is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostStorage {
    /// In the documents' account.
    Documents,
    /// In an account of its own.
    Own(Account),
    /// Not set where this program can see it, or reached by a key, which this program does not take.
    Unknown,
}

pub(super) fn host_storage(source: Source, documents: &Account) -> HostStorage {
    // An empty connection is the host's own.
    match Account::from_settings(source, "") {
        Ok(account) if account == *documents => HostStorage::Documents,
        Ok(account) => HostStorage::Own(account),
        // The host would not have started with a fault in its own settings: it may use forms that are not taken here.
        Err(_) => HostStorage::Unknown,
    }
}
