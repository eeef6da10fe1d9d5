//! App settings: given ones, the environment, then `local.settings.json`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Why `local.settings.json` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("cannot read `local.settings.json`")]
    Unreadable(#[source] std::io::Error),
    /// It is not what it should be.
    #[error("`local.settings.json` is not valid")]
    Invalid(#[source] serde_json::Error),
    /// Core Tools can encrypt it; this host cannot read that.
    #[error("`local.settings.json` is encrypted; run `func settings decrypt`")]
    Encrypted,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LocalFile {
    #[serde(default)]
    is_encrypted: bool,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

/// The settings, looked up without regard to case as .NET's configuration does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings(BTreeMap<String, String>);

impl Settings {
    /// What is `given` comes before the `environment`, and that before the file.
    pub(crate) fn load(
        root: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
        given: &BTreeMap<String, String>,
    ) -> Result<Self, SettingsError> {
        let mut settings = Self::default();
        let defaults = [("AZURE_FUNCTIONS_ENVIRONMENT".to_owned(), "Development".to_owned())];
        for (name, value) in defaults.into_iter().chain(local_values(root)?).chain(environment) {
            settings.set(name, value);
        }
        for (name, value) in given {
            settings.set(name.clone(), value.clone());
        }
        Ok(settings)
    }

    fn set(&mut self, name: String, value: String) {
        self.0.retain(|key, _| !key.eq_ignore_ascii_case(&name));
        self.0.insert(name, value);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `text` with each `%NAME%` replaced; the error is the name that is not set.
    pub(crate) fn expand(&self, text: &str) -> Result<String, String> {
        self.replace(text, |name| Err(name.to_owned()))
    }

    /// `text` with each `%NAME%` replaced, by nothing where it is not set: the host's rule for command lines.
    pub(crate) fn expand_or_remove(&self, text: &str) -> String {
        self.replace(text, |_| Ok(String::new()))
            .unwrap_or_else(|unset| unset)
    }

    fn replace(&self, text: &str, unset: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = next_name(rest) {
            expanded.push_str(before);
            match self.get(name) {
                Some(value) => expanded.push_str(value),
                None => expanded.push_str(&unset(name)?),
            }
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, opened) = text.split_once('%')?;
    let (name, after) = opened.split_once('%')?;
    Some((before, name, after))
}

fn local_values(root: &Path) -> Result<BTreeMap<String, String>, SettingsError> {
    let text = match std::fs::read_to_string(root.join("local.settings.json")) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(SettingsError::Unreadable(error)),
    };
    let text = text.trim_start_matches('\u{feff}');
    let file: LocalFile = serde_json::from_str(text).map_err(SettingsError::Invalid)?;
    if file.is_encrypted {
        Err(SettingsError::Encrypted)
    } else {
        Ok(file.values)
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use std::collections::BTreeMap;

    fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_is_given_beats_the_environment_and_that_the_file() {
        let folder = tempfile::tempdir().expect("folder");
        let file = r#"{ "IsEncrypted": false, "Values": { "A": "file", "B": "file", "C": "file" } }"#;
        std::fs::write(folder.path().join("local.settings.json"), file).expect("written");
        let environment = pairs(&[("b", "environment"), ("C", "environment")]);
        let settings =
            Settings::load(folder.path(), environment, &pairs(&[("C", "given")])).expect("settings");
        assert_eq!(
            [
                settings.get("a"),
                settings.get("B"),
                settings.get("C"),
                settings.get("D")
            ],
            [Some("file"), Some("environment"), Some("given"), None]
        );
        assert_eq!(
            settings
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case("B"))
                .count(),
            1
        );
    }

    #[test]
    fn names_between_percent_signs_are_replaced() {
        let settings = Settings(pairs(&[("QUEUE", "requests")]));
        assert_eq!(settings.expand("a-%queue%-b").as_deref(), Ok("a-requests-b"));
        assert_eq!(settings.expand("%NO%").err().as_deref(), Some("NO"));
        assert_eq!(settings.expand("100%").as_deref(), Ok("100%"));
        assert_eq!(settings.expand_or_remove("--db %NO%%QUEUE%"), "--db requests");
    }
}
