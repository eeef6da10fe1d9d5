//! `host.json`: the handler's command, time limits and the triggers' numbers.

use crate::settings::Settings;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::path::Path;
use std::time::Duration;

/// Settings that start with this override the file, level by level.
const OVERRIDE: &str = "AzureFunctionsJobHost__";

/// Why `host.json` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HostFileError {
    /// There is none.
    #[error("no `host.json` here or above; give the folder that holds it with `--script-root`")]
    Missing,
    /// It is not what it should be.
    #[error("`host.json` is not valid")]
    Invalid(#[source] serde_json::Error),
    /// It names no program.
    #[error("`host.json` has no `customHandler.description.defaultExecutablePath`")]
    NoExecutable,
}

/// The parts of the file that this host honours.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HostFile {
    pub custom_handler: CustomHandler,
    pub function_timeout: Limit,
    pub extensions: Extensions,
    /// The functions to load, all where it is absent.
    pub functions: Option<Vec<String>>,
    /// The whole file, with what settings put into it.
    #[serde(skip)]
    pub whole: Value,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CustomHandler {
    pub description: Description,
    pub enable_forwarding_http_request: bool,
    pub enable_proxying_http_request: bool,
    pub initialization_timeout: Option<Span>,
    /// A fixed port for the handler instead of a free one.
    pub port: Option<u16>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Description {
    pub default_executable_path: String,
    pub working_directory: String,
    pub worker_directory: String,
    #[serde(deserialize_with = "arguments")]
    pub arguments: Vec<String>,
    pub default_worker_path: String,
    #[serde(deserialize_with = "arguments")]
    pub worker_arguments: Vec<String>,
    pub use_std_error_stream_for_errors_only: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Extensions {
    pub http: HttpNumbers,
    pub queues: QueueNumbers,
    pub blobs: BlobNumbers,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HttpNumbers {
    pub route_prefix: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct QueueNumbers {
    pub batch_size: u8,
    pub new_batch_threshold: Option<usize>,
    pub max_dequeue_count: u32,
    pub visibility_timeout: Span,
    pub message_encoding: MessageEncoding,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MessageEncoding {
    #[default]
    Base64,
    None,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BlobNumbers {
    pub max_degree_of_parallelism: usize,
    pub poison_blob_threshold: u32,
}

impl Default for HttpNumbers {
    fn default() -> Self {
        Self {
            route_prefix: "api".to_owned(),
        }
    }
}

impl Default for QueueNumbers {
    fn default() -> Self {
        Self {
            batch_size: 16,
            new_batch_threshold: None,
            max_dequeue_count: 5,
            visibility_timeout: Span(Duration::ZERO),
            message_encoding: MessageEncoding::Base64,
        }
    }
}

impl Default for BlobNumbers {
    fn default() -> Self {
        Self {
            max_degree_of_parallelism: 8 * cores(),
            poison_blob_threshold: 5,
        }
    }
}

pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A .NET time span: `[days.]hours:minutes:seconds[.fraction]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub Duration);

impl Span {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (days, clock) = match text.split_once(':')?.0.split_once('.') {
            Some((days, _)) => (days.parse::<u32>().ok()?, text.split_once('.')?.1),
            None => (0, text),
        };
        let mut parts = clock.split(':');
        let hours: u32 = parts.next()?.parse().ok()?;
        let minutes: u32 = parts.next()?.parse().ok()?;
        let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
        let whole = f64::from(days) * 86_400.0 + f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0;
        if parts.next().is_some() || hours > 23 || minutes > 59 {
            return None;
        }
        Duration::try_from_secs_f64(whole + seconds).ok().map(Self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a time span is `hh:mm:ss`"))
    }
}

/// `functionTimeout`: a span, or `-1` for no limit. Thirty minutes on all plans but Consumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit(pub Option<Duration>);

impl Default for Limit {
    fn default() -> Self {
        Self(Some(Duration::from_mins(30)))
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) if text != "-1" => Span::parse(&text)
                .map(|span| Self(Some(span.0)))
                .ok_or_else(|| serde::de::Error::custom("a time span is `hh:mm:ss`, or `-1`")),
            _ => Ok(Self(None)),
        }
    }
}

/// A list, or one string that holds a JSON list, which is how a setting overrides it.
fn arguments<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => serde_json::from_str(&text).map_err(serde::de::Error::custom),
        list => serde_json::from_value(list).map_err(serde::de::Error::custom),
    }
}

impl HostFile {
    pub(crate) fn load(root: &Path, settings: &Settings) -> Result<Self, HostFileError> {
        let text = std::fs::read_to_string(root.join("host.json")).map_err(|_| HostFileError::Missing)?;
        Self::parse(&text, settings)
    }

    fn parse(text: &str, settings: &Settings) -> Result<Self, HostFileError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut file: Value = serde_json::from_str(text).map_err(HostFileError::Invalid)?;
        for (name, value) in settings.iter() {
            if let Some(path) = name.strip_prefix(OVERRIDE) {
                set(&mut file, &path.split("__").collect::<Vec<_>>(), value);
            }
        }
        let whole = file.clone();
        let file: Self = serde_json::from_value(file).map_err(HostFileError::Invalid)?;
        if file.custom_handler.description.default_executable_path.is_empty() {
            return Err(HostFileError::NoExecutable);
        }
        Ok(Self { whole, ..file })
    }
}

/// Sets a value by its path, whose names match without regard to case.
fn set(node: &mut Value, path: &[&str], value: &str) {
    let Some((name, rest)) = path.split_first() else {
        *node = serde_json::from_str(value)
            .ok()
            .filter(|typed: &Value| typed.is_boolean() || typed.is_number())
            .unwrap_or_else(|| Value::String(value.to_owned()));
        return;
    };
    if !node.is_object() {
        *node = Value::Object(Map::new());
    }
    if let Some(object) = node.as_object_mut() {
        let known = object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
        set(
            object
                .entry(known.unwrap_or_else(|| (*name).to_owned()))
                .or_insert(Value::Null),
            rest,
            value,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{HostFile, Settings, Span};
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::time::Duration;

    fn parse(text: &str, settings: &[(&str, &str)]) -> Result<HostFile, super::HostFileError> {
        let given: BTreeMap<String, String> = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let settings = Settings::load(Path::new("/nowhere"), [], &given).expect("settings");
        HostFile::parse(text, &settings)
    }

    #[test]
    fn a_file_is_read_with_the_host_s_defaults_and_overrides() {
        let text = r#"{ "version": "2.0", "functionTimeout": "00:10:00",
            "customHandler": { "description": { "defaultExecutablePath": "bin/handler" },
                "enableProxyingHttpRequest": false },
            "extensions": { "queues": { "batchSize": 2 } } }"#;
        let file = parse(
            text,
            &[
                ("AzureFunctionsJobHost__extensions__queues__maxDequeueCount", "3"),
                (
                    "AzureFunctionsJobHost__customHandler__description__arguments",
                    r#"["--fast"]"#,
                ),
                (
                    "AzureFunctionsJobHost__customhandler__EnableProxyingHttpRequest",
                    "true",
                ),
            ],
        )
        .expect("valid");
        let queues = &file.extensions.queues;
        assert_eq!((queues.batch_size, queues.max_dequeue_count), (2, 3));
        assert_eq!(file.extensions.blobs.poison_blob_threshold, 5);
        assert_eq!(file.extensions.http.route_prefix, "api");
        assert_eq!(file.function_timeout.0, Some(Duration::from_mins(10)));
        assert_eq!(file.custom_handler.description.arguments, ["--fast"]);
        assert!(file.custom_handler.enable_proxying_http_request);
    }

    #[test]
    fn a_file_without_a_program_is_refused() {
        assert!(parse(r#"{ "version": "2.0" }"#, &[]).is_err());
        assert!(parse("{", &[]).is_err());
    }

    #[test]
    fn spans_are_net_s() {
        let check = |text: &str, seconds: Option<f64>| {
            assert_eq!(
                Span::parse(text).map(|span| span.0.as_secs_f64()),
                seconds,
                "{text}"
            );
        };
        check("00:00:30", Some(30.0));
        check("01:02:03.5", Some(3723.5));
        check("1.00:00:00", Some(86_400.0));
        check("00:05", Some(300.0));
        check("99:00:00", None);
        check("5", None);
        check("", None);
    }
}
