//! What can go wrong between this process and the storage account, in the words a caller decides by.

use azure_core::error::{Error, ErrorKind};
use azure_core::http::RawResponse;
use azure_core::http::headers::RETRY_AFTER;
use std::time::Duration;

/// Why storage did not do what was asked.
///
/// Messages hold the service's own error code at most, never a blob name or content: the SDK's error chain names
/// the address that was called, so it is dropped here on purpose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The blob, container, queue or message is not there.
    #[error("storage holds no such blob, container, queue or message")]
    NotFound,
    /// The blob is not as the condition wants it: it exists already, or has changed since it was read.
    #[error("the blob exists already or has changed; read it again")]
    Precondition,
    /// Another holder has the lease, or the lease given with the request is no longer valid.
    #[error("the blob is leased by another holder or the lease was lost")]
    Leased,
    /// The account asks for a pause.
    #[error("storage is throttling requests; try again later")]
    Throttled {
        /// How long the service asks to wait, where it says so.
        retry_after: Option<Duration>,
    },
    /// The identity may not do this.
    #[error("storage refused access (`{code}`); check the identity's roles and the account's network rules")]
    Denied {
        /// The service's error code, such as `AuthorizationPermissionMismatch`.
        code: String,
    },
    /// No token could be had for storage.
    #[error("no Entra ID token for storage; check the managed identity, or sign in with `az login`")]
    NoToken,
    /// The service did not answer, or not usefully; trying again can help.
    #[error("storage cannot be reached or is busy; try again")]
    Unavailable,
    /// The blob or message is larger than the service takes.
    #[error("too large for storage; a queue message may have 64 KiB")]
    TooLarge,
    /// Anything else, which a second try will not mend.
    #[error("storage answered `{code}`, which is not expected here")]
    Other {
        /// The service's error code, or a short word for a fault on this side.
        code: String,
    },
}

impl StorageError {
    /// Whether the same request may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Throttled { .. } | Self::NoToken | Self::Unavailable => true,
            Self::NotFound
            | Self::Precondition
            | Self::Leased
            | Self::Denied { .. }
            | Self::TooLarge
            | Self::Other { .. } => false,
        }
    }

    /// A fault on this side of the wire, named by a short fixed word.
    pub(crate) fn local(code: &str) -> Self {
        Self::Other {
            code: code.to_owned(),
        }
    }

    fn from_response(status: u16, code: &str, response: Option<&RawResponse>) -> Self {
        match (status, code) {
            (404, _) => Self::NotFound,
            (409 | 412, code) if code.starts_with("Lease") => Self::Leased,
            (409, "BlobAlreadyExists") | (304 | 412, _) => Self::Precondition,
            (413, _) | (400, "RequestBodyTooLarge" | "MessageTooLarge") => Self::TooLarge,
            (429, _) | (503, "ServerBusy") => Self::Throttled {
                retry_after: response.and_then(retry_after),
            },
            (401 | 403, code) => Self::Denied {
                code: code.to_owned(),
            },
            (408 | 500..=599, _) | (409, "ContainerBeingDeleted" | "QueueBeingDeleted") => Self::Unavailable,
            (status, "") => Self::Other {
                code: format!("HTTP {status}"),
            },
            (_, code) => Self::Other {
                code: code.to_owned(),
            },
        }
    }
}

impl From<Error> for StorageError {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::HttpResponse {
                status,
                error_code,
                raw_response,
            } => Self::from_response(
                u16::from(*status),
                error_code.as_deref().map_or("", service_code),
                raw_response.as_deref(),
            ),
            ErrorKind::Connection | ErrorKind::Io => Self::Unavailable,
            ErrorKind::Credential => Self::NoToken,
            ErrorKind::DataConversion => Self::local("unreadable answer"),
            ErrorKind::Other => Self::local("client fault"),
        }
    }
}

/// The service's codes are single words; anything longer is a description and may quote the request.
fn service_code(code: &str) -> &str {
    if code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        code
    } else {
        ""
    }
}

fn retry_after(response: &RawResponse) -> Option<Duration> {
    let seconds = response.headers().get_optional_str(&RETRY_AFTER)?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::StorageError;

    #[test]
    fn the_service_s_answers_become_decisions() {
        let other = |code: &str| StorageError::Other {
            code: code.to_owned(),
        };
        let denied = |code: &str| StorageError::Denied {
            code: code.to_owned(),
        };
        let check = |status, code, expected: &StorageError| {
            assert_eq!(
                &StorageError::from_response(status, code, None),
                expected,
                "{status} {code}"
            );
        };
        check(404, "ContainerNotFound", &StorageError::NotFound);
        check(409, "BlobAlreadyExists", &StorageError::Precondition);
        check(412, "ConditionNotMet", &StorageError::Precondition);
        check(304, "", &StorageError::Precondition);
        check(409, "LeaseAlreadyPresent", &StorageError::Leased);
        check(412, "LeaseIdMissing", &StorageError::Leased);
        check(412, "LeaseLost", &StorageError::Leased);
        check(429, "", &StorageError::Throttled { retry_after: None });
        check(503, "ServerBusy", &StorageError::Throttled { retry_after: None });
        check(409, "QueueBeingDeleted", &StorageError::Unavailable);
        check(500, "InternalError", &StorageError::Unavailable);
        check(
            403,
            "AuthorizationPermissionMismatch",
            &denied("AuthorizationPermissionMismatch"),
        );
        check(413, "RequestBodyTooLarge", &StorageError::TooLarge);
        check(400, "InvalidHeaderValue", &other("InvalidHeaderValue"));
        check(400, "", &other("HTTP 400"));
    }

    #[test]
    fn a_description_is_no_code() {
        assert_eq!(super::service_code("BlobNotFound"), "BlobNotFound");
        assert_eq!(super::service_code("no blob named `a b.docx`"), "");
    }
}
