//! Where the service is, as whom it is asked, and its limits.

use std::fmt;
use std::time::Duration;

use wire::{Address, AddressFault, Credential, CredentialFault, LineFault, Terms, Timing, Url};

/// The characters that one request may hold, by the service's documentation.
pub const MOST_CHARACTERS: usize = 10_000;
/// The documents that one request for a shield may hold.
pub const MOST_DOCUMENTS: usize = 5;
/// The version of the interface.
const API_VERSION: &str = "2024-09-01";

/// Everything that the client must be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where.
    pub endpoint: Endpoint,
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
    pub fn new(endpoint: Endpoint, credential: Credential) -> Self {
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

    pub(crate) fn terms(&self) -> Result<Terms, SettingsFault> {
        if self.most_characters == 0 {
            return Err(SettingsFault::Zero);
        }
        Ok(Terms {
            service: "content safety",
            direct: self.endpoint.is_loopback(),
            credential: self.credential.clone(),
            timing: self.timing,
            concurrent: self.concurrent,
            most_bytes: self.most_bytes,
        })
    }
}

/// The address of the resource: `https`, or `http` to this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Address);

impl Endpoint {
    /// Takes an address with or without a slash at its end.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        Address::parse(text).map(Self)
    }

    pub(crate) fn analyze(&self) -> Url {
        self.operation("text:analyze")
    }

    pub(crate) fn shield(&self) -> Url {
        self.operation("text:shieldPrompt")
    }

    fn operation(&self, name: &str) -> Url {
        let mut url = self.0.join(&["contentsafety", name]);
        url.set_query(Some(&format!("api-version={API_VERSION}")));
        url
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.0.is_loopback()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.0.host())
    }
}

/// Settings that no client can be made of.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFault {
    /// A token is wanted and nobody gives tokens.
    #[error(
        "the content safety service is to be asked with a token, but no identity is set up; set one up or set a key"
    )]
    NoTokens,
    /// A key that no header can hold.
    #[error(
        "the key of the content safety service is empty or holds a character that no header may; copy it again"
    )]
    Key,
    /// A limit of zero.
    #[error("the attempts, times and limits of the content safety service must be more than zero")]
    Zero,
    /// The HTTP client could not be made.
    #[error(
        "the HTTP client for the content safety service could not be made; check the certificates of this machine"
    )]
    Client(#[source] reqwest::Error),
}

impl From<LineFault> for SettingsFault {
    fn from(fault: LineFault) -> Self {
        match fault {
            LineFault::Credential(CredentialFault::Key) => Self::Key,
            LineFault::Credential(CredentialFault::NoTokens) => Self::NoTokens,
            LineFault::Zero => Self::Zero,
            LineFault::Client(fault) => Self::Client(fault),
        }
    }
}
