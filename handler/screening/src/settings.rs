//! Where the service is, as whom it is asked, and its limits.

use std::time::Duration;

use wire::{Address, Credential, LineFault, Service, Terms, Timing, Url};

/// The characters that one request may hold, by the service's documentation.
pub const MOST_CHARACTERS: usize = 10_000;
/// The documents that one request for a shield may hold.
pub const MOST_DOCUMENTS: usize = 5;
/// What the service is called in messages.
pub(crate) const SERVICE: Service = Service {
    name: "the content safety service",
    setting: "CONTENT_SAFETY_ENDPOINT",
};
/// The version of the interface.
const API_VERSION: &str = "2024-09-01";

/// Everything that the client must be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where: `https`, or `http` to this machine.
    pub endpoint: Address,
    /// As whom.
    pub credential: Credential,
    /// When to wait and when to give up.
    pub timing: Timing,
    /// Characters that one request may hold.
    pub most_characters: usize,
    /// Requests under way at once, for the whole process.
    pub concurrent: usize,
    /// Bytes that are read of one answer.
    pub most_bytes: usize,
}

impl Settings {
    /// The usual times and limits.
    #[must_use]
    pub fn new(endpoint: Address, credential: Credential) -> Self {
        Self {
            endpoint,
            credential,
            timing: Timing {
                attempt: Duration::from_secs(20),
                attempts: 5,
                first_pause: Duration::from_millis(500),
                longest_pause: Duration::from_secs(15),
            },
            most_characters: MOST_CHARACTERS,
            concurrent: 8,
            most_bytes: 256 * 1024,
        }
    }

    pub(crate) fn terms(&self) -> Result<Terms, LineFault> {
        if self.most_characters == 0 {
            return Err(LineFault::Zero(SERVICE.name));
        }
        Ok(Terms {
            service: SERVICE,
            direct: self.endpoint.is_loopback(),
            credential: self.credential.clone(),
            timing: self.timing,
            concurrent: self.concurrent,
            most_bytes: self.most_bytes,
        })
    }
}

/// An operation of the service.
pub(crate) fn operation(endpoint: &Address, name: &str) -> Url {
    let mut url = endpoint.join(&["contentsafety", name]);
    url.set_query(Some(&format!("api-version={API_VERSION}")));
    url
}
