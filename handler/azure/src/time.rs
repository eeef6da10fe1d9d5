//! The SDK's moments as the product's.

use crate::StorageError;
use azure_core::time::OffsetDateTime;
use jiff::Timestamp;

/// Storage's word for never, the last second of 9999, lies a day beyond what a [`Timestamp`] holds: it becomes
/// the last one.
pub(crate) fn timestamp(moment: OffsetDateTime) -> Timestamp {
    Timestamp::from_second(moment.unix_timestamp()).unwrap_or(Timestamp::MAX)
}

/// The moment that an answer has to carry.
pub(crate) fn required(moment: Option<OffsetDateTime>) -> Result<Timestamp, StorageError> {
    moment
        .map(timestamp)
        .ok_or_else(|| StorageError::local("answer without a date"))
}
