//! Where the service is, as whom it is asked, and its limits.

use std::time::Duration;

use wire::{Address, Credential, Service, Terms, Timing, Url};

/// What the service is called in messages.
pub(crate) const SERVICE: Service = Service {
    name: "Document Intelligence",
    setting: "DOCUMENT_INTELLIGENCE_ENDPOINT",
};
/// The version of the interface.
const API_VERSION: &str = "2024-11-30";

/// Everything that the client must be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where: `https`, or `http` to this machine.
    pub endpoint: Address,
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
    pub fn new(endpoint: Address, credential: Credential) -> Self {
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
            service: SERVICE,
            direct: self.endpoint.is_loopback(),
            credential: self.credential.clone(),
            timing: self.timing,
            concurrent: self.concurrent,
            most_bytes: self.most_bytes,
        }
    }
}

/// Where pages are sent. Offsets in code points are the only ones that mean the same everywhere.
pub(super) fn analyze(endpoint: &Address) -> Url {
    of_model(
        endpoint,
        "prebuilt-layout:analyze",
        "&stringIndexType=unicodeCodePoint",
    )
}

/// What the service says of the model.
pub(super) fn model(endpoint: &Address) -> Url {
    of_model(endpoint, "prebuilt-layout", "")
}

fn of_model(endpoint: &Address, model: &str, more: &str) -> Url {
    let mut url = endpoint.join(&["documentintelligence", "documentModels", model]);
    url.set_query(Some(&format!("api-version={API_VERSION}{more}")));
    url
}

/// An address that the service names, if it is one of its own.
pub(super) fn own(endpoint: &Address, text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let own =
        url.origin() == endpoint.join(&[]).origin() && url.username().is_empty() && url.password().is_none();
    own.then_some(url)
}
