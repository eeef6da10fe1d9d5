//! Where the service is, as whom it is asked, and its limits.

use std::fmt;
use std::time::Duration;

use wire::{Address, AddressFault, Credential, CredentialFault, LineFault, Terms, Timing, Url};

/// The version of the interface.
const API_VERSION: &str = "2024-11-30";

/// Everything that the client must be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where.
    pub endpoint: Endpoint,
    /// As whom.
    pub credential: Credential,
    /// When to wait and when to give up.
    pub timing: Timing,
    /// The pause before an analysis is asked for again when the service names none.
    pub between: Duration,
    /// Requests under way at once, for the whole process.
    pub concurrent: usize,
    /// Bytes that are read of one answer. A dense page is some 500 kB.
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
                attempt: Duration::from_secs(30),
                attempts: 5,
                first_pause: Duration::from_millis(500),
                longest_pause: Duration::from_secs(15),
            },
            between: Duration::from_secs(1),
            concurrent: 4,
            most_bytes: 16 << 20,
        }
    }

    pub(super) fn terms(&self) -> Terms {
        Terms {
            service: "Document Intelligence",
            direct: self.endpoint.is_loopback(),
            credential: self.credential.clone(),
            timing: self.timing,
            concurrent: self.concurrent,
            most_bytes: self.most_bytes,
        }
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

    pub(super) fn analyze(&self) -> Url {
        // Offsets in code points are the only ones that mean the same everywhere.
        let offsets = "&stringIndexType=unicodeCodePoint";
        self.of_model("prebuilt-layout:analyze", offsets)
    }

    /// What the service says of the model.
    pub(super) fn model(&self) -> Url {
        self.of_model("prebuilt-layout", "")
    }

    fn of_model(&self, model: &str, more: &str) -> Url {
        let mut url = self.0.join(&["documentintelligence", "documentModels", model]);
        url.set_query(Some(&format!("api-version={API_VERSION}{more}")));
        url
    }

    /// An address that the service names, if it is one of its own.
    pub(super) fn own(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let own = url.origin() == self.0.join(&[]).origin()
            && url.username().is_empty()
            && url.password().is_none();
        own.then_some(url)
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
        "Document Intelligence is to be asked with a token, but no identity is set up; set one up or set a key"
    )]
    NoTokens,
    /// A key that no header can hold.
    #[error(
        "the key of Document Intelligence is empty or holds a character that no header may; copy it again"
    )]
    Key,
    /// A limit of zero.
    #[error("the attempts, times and limits of Document Intelligence must be more than zero")]
    Zero,
    /// The HTTP client could not be made.
    #[error(
        "the HTTP client for Document Intelligence could not be made; check the certificates of this machine"
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
