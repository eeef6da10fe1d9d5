//! The settings of the content safety service. Without [`SCREENING`] and [`PROMPT_SHIELDS`] it is never asked.

use std::time::Duration;

use azure::Identity;
use screening::{Address, MOST_CHARACTERS, Settings};
use wire::{Credential, Secret};

use super::model_settings::identity;
use super::{Fault, Reader};

/// Where Azure AI Content Safety is: `https://name.cognitiveservices.azure.com`.
pub const CONTENT_SAFETY_ENDPOINT: &str = "CONTENT_SAFETY_ENDPOINT";
/// The key of the service. Not set: a token of the app's identity, as in Azure it should be.
pub const CONTENT_SAFETY_KEY: &str = "CONTENT_SAFETY_KEY";
/// The client id of the user-assigned identity that asks the service. Not set: the system's own.
pub const CONTENT_SAFETY_CLIENT_ID: &str = "CONTENT_SAFETY_CLIENT_ID";
/// The scope of the tokens. Default `https://cognitiveservices.azure.com/.default`.
pub const CONTENT_SAFETY_SCOPE: &str = "CONTENT_SAFETY_SCOPE";
/// Characters that one request may hold. Default 10,000, the service's own limit.
pub const CONTENT_SAFETY_CHARACTERS: &str = "CONTENT_SAFETY_CHARACTERS";
/// Requests under way at once on one instance. Default 8; the free tier takes 5 a second.
pub const CONTENT_SAFETY_CONCURRENT_CALLS: &str = "CONTENT_SAFETY_CONCURRENT_CALLS";
/// Seconds that one attempt at a request may take. Default 20.
pub const CONTENT_SAFETY_ATTEMPT_SECONDS: &str = "CONTENT_SAFETY_ATTEMPT_SECONDS";
/// `on` rates everything that a draft says for harm and holds back for a person what the recipe blocks. Default `off`.
pub const SCREENING: &str = "SCREENING";
/// `on` has sources looked at for attacks on models before they are sent to one. Default `off`.
pub const PROMPT_SHIELDS: &str = "PROMPT_SHIELDS";

/// The settings of this file.
pub(super) const SAFETY: [&str; 9] = [
    CONTENT_SAFETY_ENDPOINT,
    CONTENT_SAFETY_KEY,
    CONTENT_SAFETY_CLIENT_ID,
    CONTENT_SAFETY_SCOPE,
    CONTENT_SAFETY_CHARACTERS,
    CONTENT_SAFETY_CONCURRENT_CALLS,
    CONTENT_SAFETY_ATTEMPT_SECONDS,
    SCREENING,
    PROMPT_SHIELDS,
];

/// The content safety service and what it is asked for.
#[derive(Clone, Debug)]
pub struct ContentSafety {
    /// What the client must be told.
    pub settings: Settings,
    /// Whose tokens are sent; none when there is a key.
    pub identity: Option<Identity>,
    /// [`SCREENING`].
    pub screening: bool,
    /// [`PROMPT_SHIELDS`].
    pub shields: bool,
}

impl Reader<'_> {
    /// The service; `None` when it is asked for nothing, or when something is wrong with its settings, which is then
    /// reported.
    pub(super) fn content_safety(&mut self) -> Option<ContentSafety> {
        let source = self.source;
        let faults = self.faults.len();
        let screening = self.switch(SCREENING, false);
        let shields = self.switch(PROMPT_SHIELDS, false);
        let most_characters = self.count(CONTENT_SAFETY_CHARACTERS, MOST_CHARACTERS, 100_000);
        let concurrent = self.count(CONTENT_SAFETY_CONCURRENT_CALLS, 8, 64);
        let attempt = self.number(CONTENT_SAFETY_ATTEMPT_SECONDS, 20, 1, 300);
        let endpoint = source(CONTENT_SAFETY_ENDPOINT).map(|text| Address::parse(&text));
        let endpoint = match endpoint {
            Some(Ok(endpoint)) => Some(endpoint),
            Some(Err(fault)) => {
                self.faults.push(Fault::ContentSafetyEndpoint(fault));
                None
            }
            None if screening || shields => {
                let setting = if screening { SCREENING } else { PROMPT_SHIELDS };
                self.faults.push(Fault::NoContentSafety { setting });
                None
            }
            None => None,
        };
        let endpoint = endpoint.filter(|_| screening || shields)?;
        if self.faults.len() > faults {
            return None;
        }
        let key = source(CONTENT_SAFETY_KEY).map(|key| Secret::new(key.trim().to_owned()));
        let identity = key.is_none().then(|| identity(source, CONTENT_SAFETY_CLIENT_ID));
        let scope = || source(CONTENT_SAFETY_SCOPE).unwrap_or_else(|| Credential::SCOPE.into());
        let credential = key.map_or_else(|| Credential::Entra { scope: scope() }, Credential::Key);
        let mut settings = Settings {
            most_characters,
            concurrent,
            ..Settings::new(endpoint, credential)
        };
        settings.timing.attempt = Duration::from_secs(attempt);
        Some(ContentSafety {
            settings,
            identity,
            screening,
            shields,
        })
    }

    fn count(&mut self, setting: &'static str, default: usize, most: u64) -> usize {
        let least = if default >= 100 { 100 } else { 1 };
        let number = self.number(setting, default as u64, least, most);
        usize::try_from(number).unwrap_or(default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::local;

    const ENDPOINT: (&str, &str) = (
        CONTENT_SAFETY_ENDPOINT,
        "https://name.cognitiveservices.azure.com",
    );

    fn with(pairs: &[(&str, &str)]) -> Result<Option<ContentSafety>, String> {
        let source = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        local(&source, None)
            .map(|local| local.content_safety)
            .map_err(|faults| {
                let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
                all.join("\n")
            })
    }

    #[test]
    fn a_service_that_is_asked_for_nothing_is_not_set_up() {
        assert!(with(&[]).unwrap().is_none());
        assert!(with(&[ENDPOINT]).unwrap().is_none());
        assert!(
            with(&[ENDPOINT, (SCREENING, "off"), (PROMPT_SHIELDS, "off")])
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn an_endpoint_and_a_switch_are_enough() {
        let safety = with(&[ENDPOINT, (SCREENING, "on")]).unwrap().unwrap();
        assert_eq!((safety.screening, safety.shields), (true, false));
        assert!(matches!(safety.identity, Some(Identity::Developer)));
        assert!(matches!(safety.settings.credential, Credential::Entra { .. }));
        assert_eq!(safety.settings.most_characters, 10_000);
        let keyed = with(&[ENDPOINT, (PROMPT_SHIELDS, "on"), (CONTENT_SAFETY_KEY, "k")])
            .unwrap()
            .unwrap();
        assert!(keyed.shields && keyed.identity.is_none());
    }

    #[test]
    fn what_is_wrong_is_named_without_values() {
        for (pairs, expected) in [
            (vec![(SCREENING, "on")], CONTENT_SAFETY_ENDPOINT),
            (vec![(PROMPT_SHIELDS, "on")], PROMPT_SHIELDS),
            (vec![ENDPOINT, (SCREENING, "SECRET")], SCREENING),
            (
                vec![(CONTENT_SAFETY_ENDPOINT, "http://SECRET.example.org")],
                CONTENT_SAFETY_ENDPOINT,
            ),
            (
                vec![(CONTENT_SAFETY_CHARACTERS, "SECRET")],
                CONTENT_SAFETY_CHARACTERS,
            ),
            (
                vec![(CONTENT_SAFETY_CONCURRENT_CALLS, "0")],
                CONTENT_SAFETY_CONCURRENT_CALLS,
            ),
            (
                vec![(CONTENT_SAFETY_ATTEMPT_SECONDS, "0")],
                CONTENT_SAFETY_ATTEMPT_SECONDS,
            ),
        ] {
            let told = with(&pairs).unwrap_err();
            assert!(told.contains(expected) && !told.contains("SECRET"), "{told}");
        }
    }
}
