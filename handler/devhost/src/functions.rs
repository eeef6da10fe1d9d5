//! `function.json`: which functions there are, what starts each and where its results go.

mod bindings;

pub(crate) use bindings::parse;

use crate::host_file::HostFile;
use crate::routes::RouteTemplate;
use crate::settings::Settings;
use crate::template::{BlobPattern, PathFault, PathTemplate};
use crate::timer::Schedule;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// Why a function is left out; the others run all the same, as in the real host.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FunctionFault {
    #[error("its name is not one the host takes")]
    Name,
    #[error("its `function.json` cannot be read")]
    Unreadable(#[source] std::io::Error),
    #[error("its `function.json` is not valid: {0}")]
    Invalid(#[source] serde_json::Error),
    #[error("it needs exactly one trigger")]
    Triggers,
    #[error("`{0}` is no binding name: letters and digits only, or `$return`")]
    BindingName(String),
    #[error("this host has no binding `{kind}` in direction `{direction}`")]
    Unsupported { kind: String, direction: String },
    #[error("binding `{binding}` has no `{property}`")]
    Lacking { binding: String, property: &'static str },
    #[error("binding `{binding}`: `%{setting}%` is not set")]
    Unset { binding: String, setting: String },
    #[error("the path of binding `{binding}`: {fault}")]
    Path { binding: String, fault: PathFault },
    #[error("the route of binding `{binding}` is not one this host understands")]
    Route { binding: String },
    #[error("the schedule of binding `{binding}` is not six fields of a cron expression, nor a time span")]
    Schedule { binding: String },
    #[error("connection `{connection}`: {fault}")]
    Connection {
        connection: String,
        fault: azure::AccountFault,
    },
}

/// One function.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub name: String,
    pub trigger: Trigger,
    pub inputs: Vec<BlobInput>,
    pub outputs: Vec<Output>,
}

#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    /// The binding's name, under which the request's `Data` holds the value.
    pub name: String,
    pub data_type: DataType,
    pub kind: TriggerKind,
}

#[derive(Clone, Debug)]
pub(crate) enum TriggerKind {
    Blob(BlobTrigger),
    Queue { queue: String, connection: String },
    Http(HttpTrigger),
    Timer { schedule: Schedule, at_start: bool },
}

#[derive(Clone, Debug)]
pub(crate) struct BlobTrigger {
    pub path: String,
    pub pattern: BlobPattern,
    pub connection: String,
    /// Fired by Event Grid's calls only, never by looking.
    pub event_grid: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct HttpTrigger {
    pub route: RouteTemplate,
    /// In capitals; none for all.
    pub methods: Option<BTreeSet<String>>,
    pub auth: AuthLevel,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AuthLevel {
    Anonymous,
    #[default]
    Function,
    Admin,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DataType {
    Binary,
    #[default]
    String,
    Stream,
}

#[derive(Clone, Debug)]
pub(crate) struct BlobInput {
    pub name: String,
    pub data_type: DataType,
    pub path: PathTemplate,
    pub connection: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub name: String,
    pub data_type: DataType,
    pub kind: OutputKind,
}

#[derive(Clone, Debug)]
pub(crate) enum OutputKind {
    Blob { path: PathTemplate, connection: String },
    Queue { queue: PathTemplate, connection: String },
    Http,
}

impl Function {
    /// Whether the host may pass HTTP through untouched: one trigger and one HTTP output, nothing else.
    pub(crate) fn is_raw_http(&self) -> bool {
        let only_http = matches!(
            self.outputs.as_slice(),
            [Output {
                kind: OutputKind::Http,
                ..
            }]
        );
        matches!(self.trigger.kind, TriggerKind::Http(_)) && self.inputs.is_empty() && only_http
    }

    /// The name of the storage connections that the function uses.
    pub(crate) fn connections(&self) -> BTreeSet<&str> {
        let trigger = match &self.trigger.kind {
            TriggerKind::Blob(blob) => Some(blob.connection.as_str()),
            TriggerKind::Queue { connection, .. } => Some(connection.as_str()),
            TriggerKind::Http(_) | TriggerKind::Timer { .. } => None,
        };
        let outputs = self.outputs.iter().filter_map(|output| match &output.kind {
            OutputKind::Blob { connection, .. } | OutputKind::Queue { connection, .. } => {
                Some(connection.as_str())
            }
            OutputKind::Http => None,
        });
        let inputs = self.inputs.iter().map(|input| input.connection.as_str());
        trigger.into_iter().chain(inputs).chain(outputs).collect()
    }
}

/// What was found in the script root.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// In alphabetical order of name, which is the order in which HTTP routes are tried.
    pub functions: Vec<Function>,
    pub faults: Vec<(String, FunctionFault)>,
    pub disabled: Vec<String>,
}

/// Reads the direct sub-folders of `root`; anything deeper is unknown to the host.
pub(crate) fn discover(root: &Path, file: &HostFile, settings: &Settings) -> std::io::Result<Discovery> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        if entry.path().join("function.json").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_by_key(|name| name.to_lowercase());
    let allowed = |name: &String| file.functions.as_ref().is_none_or(|list| list.contains(name));
    let mut found = Discovery::default();
    for name in names.into_iter().filter(allowed) {
        match read(root, &name, settings) {
            Ok(Some(function)) => found.functions.push(function),
            Ok(None) => found.disabled.push(name),
            Err(fault) => found.faults.push((name, fault)),
        }
    }
    Ok(found)
}

fn read(root: &Path, name: &str, settings: &Settings) -> Result<Option<Function>, FunctionFault> {
    if !is_name(name, &['-', '_']) || name.eq_ignore_ascii_case("host") {
        return Err(FunctionFault::Name);
    }
    let path = root.join(name).join("function.json");
    parse(
        name,
        &std::fs::read_to_string(path).map_err(FunctionFault::Unreadable)?,
        settings,
    )
}

/// A letter, then at most 127 letters, digits and `others`.
fn is_name(text: &str, others: &[char]) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || others.contains(&c);
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.len() <= 128 && text.chars().all(fits)
}
