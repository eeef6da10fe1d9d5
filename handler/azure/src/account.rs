//! Which storage account, and as whom: read from the settings by the Functions host's own naming.

use crate::connection_string;
use url::{Host, Url};

/// A storage account and the way to sign for it.
///
/// The emulator's key is public, so it is only ever sent to this machine; everything else goes by Entra ID over
/// https. Neither can be built otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    blob: Url,
    queue: Url,
    access: Access,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Access {
    EmulatorKey,
    Entra(Identity),
}

/// Who this process is towards Entra ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The identity that Azure gave the app.
    Managed {
        /// The client id of a user-assigned identity; none means the system-assigned one.
        client_id: Option<String>,
    },
    /// Whoever is signed in to the Azure CLI or the Azure Developer CLI on this machine.
    Developer,
}

impl Identity {
    /// The identity of an app that says nothing else: the managed one in Azure, the developer's elsewhere.
    pub fn ambient(get: impl Fn(&str) -> Option<String>) -> Self {
        if setting(&get, "IDENTITY_ENDPOINT").is_some() {
            Self::Managed {
                client_id: setting(&get, "AZURE_CLIENT_ID"),
            }
        } else {
            Self::Developer
        }
    }
}

/// Why the settings name no account. Holds names of settings, never their values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// Nothing is set for the connection.
    #[error(
        "no storage account is set: set `{connection}__accountName`, or `{connection}=UseDevelopmentStorage=true` for the emulator"
    )]
    Missing {
        /// The connection's name.
        connection: String,
    },
    /// Only one of the two addresses is set.
    #[error("`{setting}` is missing: both the blob and the queue service are needed")]
    Half {
        /// The setting to add.
        setting: String,
    },
    /// A connection string with a key that is not the emulator's.
    #[error(
        "`{setting}` holds a connection string: keys are not taken; set `{setting}__accountName` and give the app's identity a role"
    )]
    Key {
        /// The setting.
        setting: String,
    },
    /// An emulator's connection string without an address.
    #[error("the connection string in `{setting}` has no `{key}`")]
    NoEndpoint {
        /// The setting.
        setting: String,
        /// The part that is missing.
        key: &'static str,
    },
    /// No address, or not an https one.
    #[error("`{setting}` is no https address of a storage service")]
    Address {
        /// The setting.
        setting: String,
    },
    /// Not the name of a storage account.
    #[error("`{setting}` is no storage account's name: 3 to 24 lower-case letters and digits")]
    Name {
        /// The setting.
        setting: String,
    },
    /// An emulator somewhere else.
    #[error("the emulator's public key is only used on this machine: its address must be a loopback one")]
    EmulatorElsewhere,
    /// A kind of credential that is not taken.
    #[error("`{setting}` must be `managedidentity` or be left out")]
    Credential {
        /// The setting.
        setting: String,
    },
}

impl Account {
    /// The emulator on this machine.
    pub fn emulator(blob: Url, queue: Url) -> Result<Self, AccountFault> {
        if !(is_loopback(&blob) && is_loopback(&queue)) {
            return Err(AccountFault::EmulatorElsewhere);
        }
        Ok(Self {
            blob: bare(blob),
            queue: bare(queue),
            access: Access::EmulatorKey,
        })
    }

    /// An account in Azure.
    pub fn cloud(blob: Url, queue: Url, identity: Identity) -> Result<Self, AccountFault> {
        for (address, name) in [(&blob, "blobServiceUri"), (&queue, "queueServiceUri")] {
            if address.scheme() != "https" || address.query().is_some() {
                return Err(AccountFault::Address {
                    setting: name.to_owned(),
                });
            }
        }
        Ok(Self {
            blob: bare(blob),
            queue: bare(queue),
            access: Access::Entra(identity),
        })
    }

    /// The account that the settings give under the name `connection`, empty for the host's own.
    ///
    /// As the host does, a setting `AzureWebJobs{connection}` comes before `{connection}`, and a setting of
    /// exactly that name before those that start with it and `__`.
    pub fn from_settings(
        get: impl Fn(&str) -> Option<String>,
        connection: &str,
    ) -> Result<Self, AccountFault> {
        let connection = if connection.is_empty() {
            "AzureWebJobsStorage"
        } else {
            connection
        };
        for name in [&format!("AzureWebJobs{connection}"), connection] {
            if let Some(text) = setting(&get, name) {
                return connection_string::parse(name, &text);
            }
            if let Some(account) = by_identity(&get, name)? {
                return Ok(account);
            }
        }
        Err(AccountFault::Missing {
            connection: connection.to_owned(),
        })
    }

    /// Where blobs are.
    #[must_use]
    pub fn blob_endpoint(&self) -> &Url {
        &self.blob
    }

    /// Where queues are.
    #[must_use]
    pub fn queue_endpoint(&self) -> &Url {
        &self.queue
    }

    /// Who signs; none for the emulator.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        match &self.access {
            Access::EmulatorKey => None,
            Access::Entra(identity) => Some(identity),
        }
    }
}

fn by_identity(get: impl Fn(&str) -> Option<String>, name: &str) -> Result<Option<Account>, AccountFault> {
    let account = setting(&get, &format!("{name}__accountName"));
    let address = |service: &str| match setting(&get, &format!("{name}__{service}ServiceUri")) {
        Some(text) => parse_address(&format!("{name}__{service}ServiceUri"), &text).map(Some),
        None => account
            .as_deref()
            .map(|account| account_address(name, account, service))
            .transpose(),
    };
    match (address("blob")?, address("queue")?) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(AccountFault::Half {
            setting: format!("{name}__blobServiceUri"),
        }),
        (Some(_), None) => Err(AccountFault::Half {
            setting: format!("{name}__queueServiceUri"),
        }),
        (Some(blob), Some(queue)) => Account::cloud(blob, queue, identity(&get, name)?).map(Some),
    }
}

/// An account's name is 3 to 24 lower-case letters and digits; anything else could name another host.
fn account_address(name: &str, account: &str, service: &str) -> Result<Url, AccountFault> {
    let setting = format!("{name}__accountName");
    let letters = account
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !(letters && (3..=24).contains(&account.len())) {
        return Err(AccountFault::Name { setting });
    }
    parse_address(&setting, &format!("https://{account}.{service}.core.windows.net"))
}

fn parse_address(name: &str, text: &str) -> Result<Url, AccountFault> {
    let fault = || AccountFault::Address {
        setting: name.to_owned(),
    };
    let address = Url::parse(text).map_err(|_| fault())?;
    if address.scheme() == "https" && address.query().is_none() {
        Ok(address)
    } else {
        Err(fault())
    }
}

fn identity(get: impl Fn(&str) -> Option<String>, name: &str) -> Result<Identity, AccountFault> {
    let client_id = setting(&get, &format!("{name}__clientId"));
    match setting(&get, &format!("{name}__credential")) {
        Some(kind) if kind.eq_ignore_ascii_case("managedidentity") => Ok(Identity::Managed { client_id }),
        Some(_) => Err(AccountFault::Credential {
            setting: format!("{name}__credential"),
        }),
        None => Ok(match (Identity::ambient(&get), client_id) {
            (Identity::Managed { .. }, Some(id)) => Identity::Managed { client_id: Some(id) },
            (ambient, _) => ambient,
        }),
    }
}

/// A setting that is there and says something.
fn setting(get: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    get(name).filter(|value| !value.trim().is_empty())
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Without a slash at the end, which would become part of every blob's path.
fn bare(mut address: Url) -> Url {
    let path = address.path().trim_end_matches('/').to_owned();
    address.set_path(&path);
    address
}
