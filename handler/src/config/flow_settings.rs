//! What flows may ask of the app: documents by reference, and callbacks.

use std::time::Duration;

use azure::{Account, Url};

use super::{Fault, Reader};
use crate::callback::Callbacks;
use crate::incoming::Incoming;

/// Where in the documents' storage account calls may take documents from by reference: `container/folder/…/`, separated by
/// commas. `{recipe}` must be one of the folders and `{case}` should be. Default `incoming/{recipe}/{case}/`.
pub const INCOMING_PREFIXES: &str = "INCOMING_PREFIXES";
/// Hosts that may be called back when a draft has ended: names, or `*.` and an ending, separated by commas. Not set: nobody is
/// called back.
pub const CALLBACK_HOSTS: &str = "CALLBACK_HOSTS";
/// The key that callbacks are signed with, at least 32 random characters, best from a key vault.
pub const CALLBACK_KEY: &str = "CALLBACK_KEY";
/// Seconds before a callback that did not arrive is made again; each pause is twice the one before. Default 10.
pub const CALLBACK_RETRY_SECONDS: &str = "CALLBACK_RETRY_SECONDS";
/// `on` calls back hosts on this machine, by `http` too: for a developer, and only with the storage emulator. Default `off`.
pub const CALLBACK_LOOPBACK: &str = "CALLBACK_LOOPBACK";

/// The settings of this file.
pub const FLOWS: [&str; 5] = [
    INCOMING_PREFIXES,
    CALLBACK_HOSTS,
    CALLBACK_KEY,
    CALLBACK_RETRY_SECONDS,
    CALLBACK_LOOPBACK,
];

/// What flows may ask of the app.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    /// [`INCOMING_PREFIXES`].
    pub incoming: Incoming,
    /// The address of the account's blobs.
    pub account: Option<Url>,
    /// Who may be called back, if anybody.
    pub callbacks: Option<Callbacks>,
}

impl Reader<'_> {
    pub(super) fn flows(&mut self, account: Option<&Account>) -> Flows {
        let incoming = match (self.source)(INCOMING_PREFIXES).map(|text| Incoming::parse(&text)) {
            None => Incoming::default(),
            Some(Ok(incoming)) => incoming,
            Some(Err(fault)) => {
                self.faults.push(Fault::Incoming(fault));
                Incoming::default()
            }
        };
        Flows {
            incoming,
            account: account.map(|account| account.blob_endpoint().clone()),
            callbacks: self.callbacks(account),
        }
    }

    fn callbacks(&mut self, account: Option<&Account>) -> Option<Callbacks> {
        let pause = self.number(CALLBACK_RETRY_SECONDS, 10, 1, 3_600);
        let loopback = self.switch(CALLBACK_LOOPBACK, false);
        if loopback && account.is_some_and(|account| account.identity().is_some()) {
            self.faults.push(Fault::CallbackLoopback);
        }
        let hosts = (self.source)(CALLBACK_HOSTS)?;
        let key = (self.source)(CALLBACK_KEY).unwrap_or_default();
        Callbacks::new(&hosts, &key, loopback, Duration::from_secs(pause))
            .map_err(|fault| self.faults.push(Fault::Callbacks(fault)))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{AUDIT_KEY, PORT, STORAGE, read};

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    /// The faults with these settings, in words.
    fn faults(pairs: &[(&str, &str)]) -> String {
        let pairs = [&[(PORT, "7001"), (AUDIT_KEY, KEY)], pairs].concat();
        let source = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let faults = read(&source).err().unwrap_or_default();
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[test]
    fn nobody_is_called_back_unless_hosts_are_named() {
        let emulator = (STORAGE, "UseDevelopmentStorage=true");
        let cloud = ("DocumentStorage__accountName", "documents");
        let hosts = (CALLBACK_HOSTS, "flows.example.org");
        assert_eq!(faults(&[emulator]), "");
        assert_eq!(faults(&[cloud, hosts, (CALLBACK_KEY, KEY)]), "");
        assert!(faults(&[cloud, hosts]).contains(CALLBACK_KEY));
        assert!(faults(&[cloud, hosts, (CALLBACK_KEY, "SECRET")]).contains(CALLBACK_KEY));
        assert!(faults(&[cloud, (CALLBACK_HOSTS, "10.0.0.1"), (CALLBACK_KEY, KEY)]).contains(CALLBACK_HOSTS));
        assert!(faults(&[cloud, (CALLBACK_LOOPBACK, "on")]).contains(CALLBACK_LOOPBACK));
        assert_eq!(faults(&[emulator, (CALLBACK_LOOPBACK, "on")]), "");
        assert!(faults(&[emulator, (INCOMING_PREFIXES, "sources/{recipe}/")]).contains(INCOMING_PREFIXES));
    }
}
