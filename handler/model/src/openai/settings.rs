//! What the client must be told.

use std::fmt;
use std::time::Duration;

use wire::{Address, AddressFault, Credential, CredentialFault, Secret, Timing, Url};

use crate::completion::Price;

/// Everything the client must be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who answers [`Tier::Heavy`](drafting::prompt::Tier::Heavy).
    pub heavy: Deployment,
    /// Who answers [`Tier::Fast`](drafting::prompt::Tier::Fast); the same as `heavy` where there is only one.
    pub fast: Deployment,
    /// Who answers [`Tier::Judge`](drafting::prompt::Tier::Judge): best a model of another family than `heavy`.
    pub judge: Deployment,
    /// How long and how often.
    pub timing: Timing,
    /// The most bytes of an answer's body that are read. An answer of 30 000 tokens has some 150 KB.
    pub most_bytes: usize,
}

impl Settings {
    /// All tiers with the usual times and limits.
    #[must_use]
    pub fn new(heavy: Deployment, fast: Deployment, judge: Deployment) -> Self {
        Self {
            heavy,
            fast,
            judge,
            timing: Timing {
                attempt: Duration::from_secs(180),
                attempts: 6,
                first_pause: Duration::from_millis(500),
                longest_pause: Duration::from_secs(30),
            },
            most_bytes: 4 * 1024 * 1024,
        }
    }

    /// All of them.
    pub(super) fn deployments(&self) -> [&Deployment; 3] {
        [&self.heavy, &self.fast, &self.judge]
    }

    pub(super) fn check(&self, has_tokens: bool) -> Result<(), SettingsFault> {
        for deployment in self.deployments() {
            deployment.check(has_tokens)?;
        }
        if self.timing.is_never() || self.most_bytes == 0 {
            return Err(SettingsFault::Zero);
        }
        Ok(())
    }
}

/// One deployment of a model, and how to reach it.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Where.
    pub base: BaseUrl,
    /// As whom.
    pub credential: Credential,
    /// What the request calls the model: on Azure the deployment's name, elsewhere the model's.
    pub name: String,
    /// The model behind it, for records: an Azure deployment can have any name. A new version belongs here, so that
    /// answers of the old one are not replayed.
    pub model: String,
    /// What it costs; needed when a run has a limit of money.
    pub price: Option<Price>,
    /// How it chooses words.
    pub sampling: Sampling,
    /// The most tokens of an answer that the model allows; a request for more is cut to it.
    pub most_tokens: Option<u32>,
}

impl Deployment {
    /// A deployment with fixed sampling, no price and no limit of its own.
    pub fn new(
        base: BaseUrl,
        credential: Credential,
        name: impl Into<String>,
        model: impl Into<String>,
    ) -> Self {
        Self {
            base,
            credential,
            name: name.into(),
            model: model.into(),
            price: None,
            sampling: Sampling::Fixed,
            most_tokens: None,
        }
    }

    fn check(&self, has_tokens: bool) -> Result<(), SettingsFault> {
        if self.name.is_empty() || self.model.is_empty() {
            return Err(SettingsFault::Nameless);
        }
        self.credential.check(has_tokens).map_err(|fault| match fault {
            CredentialFault::Key => SettingsFault::Key,
            CredentialFault::NoTokens => SettingsFault::NoTokens,
        })
    }

    /// `family:model:deployment`, and how a reasoning model reasons.
    pub(super) fn label(&self) -> String {
        let family = if self.base.is_azure() {
            "azure-openai"
        } else {
            "openai"
        };
        let how = match self.sampling {
            Sampling::Fixed => String::new(),
            Sampling::Reasoning { effort: None, .. } => ":reasoning".to_owned(),
            Sampling::Reasoning {
                effort: Some(effort), ..
            } => format!(":reasoning-{}", effort.name()),
        };
        format!("{family}:{}:{}{how}", self.model, self.name)
    }
}

/// How a model chooses words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Temperature 0 and a fixed seed: as repeatable as the service makes it.
    Fixed,
    /// A reasoning model, which refuses both.
    Reasoning {
        /// How much it thinks; none leaves it to the service.
        effort: Option<Effort>,
        /// Tokens for thinking, beyond those of the answer: the service counts both against one limit.
        thinking_tokens: u32,
    },
}

/// How much a reasoning model thinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Not at all, where the model allows it.
    None,
    /// Hardly.
    Minimal,
    /// A little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl Effort {
    /// The service's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Reads the service's word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::None, Self::Minimal, Self::Low, Self::Medium, Self::High]
            .into_iter()
            .find(|effort| effort.name() == word)
    }
}

/// The address before `/chat/completions`: `https`, or `http` to this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Address);

/// Hosts of Azure that take the header `api-key`.
const AZURE_HOSTS: [&str; 7] = [
    ".openai.azure.com",
    ".cognitiveservices.azure.com",
    ".services.ai.azure.com",
    ".azure-api.net",
    ".openai.azure.us",
    ".cognitiveservices.azure.us",
    ".openai.azure.cn",
];

impl BaseUrl {
    /// Takes an address with or without a slash at its end; a query (`?api-version=…`) stays.
    pub fn parse(text: &str) -> Result<Self, BaseUrlFault> {
        let address = Address::parse(text).map_err(|fault| match fault {
            AddressFault::Malformed => BaseUrlFault::Malformed,
            AddressFault::NotHttps => BaseUrlFault::NotHttps,
            AddressFault::Credentials => BaseUrlFault::Credentials,
        })?;
        Ok(Self(address))
    }

    pub(super) fn completions(&self) -> Url {
        self.0.join(&["chat", "completions"])
    }

    /// Where the service lists its models, if it does.
    pub(super) fn models(&self) -> Url {
        self.0.join(&["models"])
    }

    /// The key in the header that this host wants.
    #[must_use]
    pub fn credential(&self, key: Secret) -> Credential {
        if self.is_azure() {
            Credential::ApiKey(key)
        } else {
            Credential::Bearer(key)
        }
    }

    /// Whether the host is one of Azure's, its API gateway included.
    #[must_use]
    pub fn is_azure(&self) -> bool {
        let host = self.0.host();
        AZURE_HOSTS.iter().any(|suffix| host.ends_with(suffix))
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.0.is_loopback()
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.0.host())
    }
}

/// What is wrong with a base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlFault {
    /// No URL.
    #[error("the base URL of the model is no URL; write it like `https://name.openai.azure.com/openai/v1`")]
    Malformed,
    /// Neither `https` nor this machine.
    #[error("the base URL of the model must start with `https://`; `http://` is for this machine only")]
    NotHttps,
    /// A name or password inside.
    #[error("the base URL of the model holds a user name or password; set the key by its own setting")]
    Credentials,
}

/// Settings that no client can be made of.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFault {
    /// A token is wanted and nobody gives tokens.
    #[error(
        "the model is to be asked with a token of this app's identity, but no identity is set up; set one up or set a key"
    )]
    NoTokens,
    /// A deployment without a name.
    #[error("a model deployment has no name; set the deployment and its model")]
    Nameless,
    /// A key that no header can hold.
    #[error(
        "the key of the model is empty or holds a character that no header may; copy it again, without line ends"
    )]
    Key,
    /// A limit of zero.
    #[error("the attempts, the time for one and the bytes of an answer must be more than zero")]
    Zero,
    /// The HTTP client could not be made.
    #[error("the HTTP client for the model could not be made; check the certificates of this machine")]
    Client(#[source] reqwest::Error),
}
