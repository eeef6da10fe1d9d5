//! Where the service is, as whom it is asked, and its limits.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use model::Secret;
use reqwest::Url;
use reqwest::header::HeaderValue;

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
            timing: Timing::default(),
            concurrent: 4,
            most_bytes: 16 << 20,
        }
    }

    pub(super) fn check(&self, has_tokens: bool) -> Result<(), SettingsFault> {
        match &self.credential {
            Credential::Key(key)
                if HeaderValue::from_str(key.expose()).is_err() || key.expose().is_empty() =>
            {
                return Err(SettingsFault::Key);
            }
            Credential::Entra { .. } if !has_tokens => return Err(SettingsFault::NoTokens),
            Credential::Key(_) | Credential::Entra { .. } => {}
        }
        let zero = self.timing.attempts == 0
            || self.timing.attempt.is_zero()
            || self.concurrent == 0
            || self.most_bytes == 0;
        if zero { Err(SettingsFault::Zero) } else { Ok(()) }
    }
}

/// When to wait and when to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// What one attempt may take.
    pub attempt: Duration,
    /// The most attempts for a request, the first included.
    pub attempts: u32,
    /// The pause after the first failure when the service names none; each further one is twice as long.
    pub first_pause: Duration,
    /// The longest such pause.
    pub longest_pause: Duration,
    /// The pause before an analysis is asked for again when the service names none.
    pub between: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(30),
            attempts: 5,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(15),
            between: Duration::from_secs(1),
        }
    }
}

/// As whom the service is asked.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A key of the resource.
    Key(Secret),
    /// A token of this app's identity.
    Entra {
        /// `https://cognitiveservices.azure.com/.default`.
        scope: String,
    },
}

impl Credential {
    /// The scope that the documentation names.
    pub const SCOPE: &str = "https://cognitiveservices.azure.com/.default";
}

/// The address of the resource: `https`, or `http` to this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    analyze: Url,
    model: Url,
}

impl Endpoint {
    /// Takes an address with or without a slash at its end.
    pub fn parse(text: &str) -> Result<Self, EndpointFault> {
        let mut url = Url::parse(text.trim()).map_err(|_| EndpointFault::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointFault::Credentials);
        }
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(EndpointFault::NotHttps);
        }
        url.set_fragment(None);
        url.set_query(Some(&format!("api-version={API_VERSION}")));
        let mut analyze = under(&url, "prebuilt-layout:analyze")?;
        // Offsets in code points are the only ones that mean the same everywhere.
        analyze
            .query_pairs_mut()
            .append_pair("stringIndexType", "unicodeCodePoint");
        let model = under(&url, "prebuilt-layout")?;
        Ok(Self { analyze, model })
    }

    /// What the service says of the model.
    pub(super) fn model(&self) -> &Url {
        &self.model
    }

    pub(super) fn analyze(&self) -> &Url {
        &self.analyze
    }

    /// An address that the service names, if it is one of its own.
    pub(super) fn own(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let own =
            url.origin() == self.analyze.origin() && url.username().is_empty() && url.password().is_none();
        own.then_some(url)
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.analyze)
    }
}

/// An address of the service's models.
fn under(endpoint: &Url, model: &str) -> Result<Url, EndpointFault> {
    let mut url = endpoint.clone();
    url.path_segments_mut()
        .map_err(|()| EndpointFault::Malformed)?
        .pop_if_empty()
        .extend(["documentintelligence", "documentModels", model]);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.analyze.host_str().unwrap_or_default())
    }
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointFault {
    /// No URL.
    #[error("it is no URL; write it like `https://name.cognitiveservices.azure.com`")]
    Malformed,
    /// Neither `https` nor this machine.
    #[error("it must start with `https://`; `http://` is for this machine only")]
    NotHttps,
    /// A name or password inside.
    #[error("it holds a user name or password; set the key by its own setting")]
    Credentials,
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
