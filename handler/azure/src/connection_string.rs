//! Connection strings, of which only the emulator's are taken.

use crate::account::{Account, AccountFault};
use crate::shared_key::{EMULATOR_ACCOUNT, EMULATOR_KEY};
use url::Url;

/// The account that `text`, the value of the setting `setting`, names.
pub(crate) fn parse(setting: &str, text: &str) -> Result<Account, AccountFault> {
    let parts = Parts::new(text);
    if parts
        .get("UseDevelopmentStorage")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    {
        return Account::emulator(endpoint("10000")?, endpoint("10001")?);
    }
    let is_emulator =
        parts.get("AccountName") == Some(EMULATOR_ACCOUNT) && parts.get("AccountKey") == Some(EMULATOR_KEY);
    if !is_emulator {
        return Err(AccountFault::Key {
            setting: setting.to_owned(),
        });
    }
    let service = |key: &'static str| {
        let text = parts.get(key).ok_or_else(|| AccountFault::NoEndpoint {
            setting: setting.to_owned(),
            key,
        })?;
        Url::parse(text).map_err(|_| AccountFault::Address {
            setting: format!("{setting} ({key})"),
        })
    };
    Account::emulator(service("BlobEndpoint")?, service("QueueEndpoint")?)
}

fn endpoint(port: &str) -> Result<Url, AccountFault> {
    let text = format!("http://127.0.0.1:{port}/{EMULATOR_ACCOUNT}");
    Url::parse(&text).map_err(|_| AccountFault::Address { setting: text })
}

/// `Name=value` pairs between semicolons; names in any case, values may hold `=`.
struct Parts<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parts<'a> {
    fn new(text: &'a str) -> Self {
        let pairs = text.split(';').filter_map(|part| part.split_once('='));
        Self(pairs.map(|(name, value)| (name.trim(), value.trim())).collect())
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}
