//! Everything that is read before the host starts: settings, `host.json`, functions, accounts.

use crate::counts::Counts;
use crate::functions::{Function, FunctionFault, TriggerKind, discover};
use crate::host_file::{HostFile, HostFileError};
use crate::keys::Keys;
use crate::launch::Launch;
use crate::log::{Level, Log};
use crate::options::{Deviations, Options};
use crate::settings::{Settings, SettingsError};
use azure::Account;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const DEFAULT_BODY_LIMIT: usize = 104_857_600;

/// Why a host cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// `host.json` is missing or wrong.
    #[error(transparent)]
    HostFile(#[from] HostFileError),
    /// `local.settings.json` is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The script root cannot be read.
    #[error("cannot read the script root")]
    ScriptRoot(#[source] std::io::Error),
    /// The port is taken.
    #[error("cannot listen on port {port}; is another host running?")]
    Port {
        /// The port asked for.
        port: u16,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The system refuses a thread, a runtime or an HTTP client.
    #[error("cannot set up the host")]
    System(#[source] std::io::Error),
}

/// What does not change from life to life.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Under which receipts and the internal queue are kept; the same for the same script root.
    pub id: String,
    pub file: HostFile,
    pub deviations: Deviations,
    /// In the order in which routes are tried.
    pub functions: Vec<Arc<Function>>,
    /// Functions that cannot run, and why.
    pub faulty: Vec<(String, String)>,
    pub keys: Keys,
    /// By connection name; the host's own is the empty one.
    pub accounts: BTreeMap<String, Account>,
    pub address: SocketAddr,
    pub launch: Launch,
    pub log: Log,
    pub counts: Counts,
    /// The largest body of an HTTP request, in bytes.
    pub body_limit: usize,
}

impl Plan {
    pub(crate) fn read(options: Options, listener: &TcpListener) -> Result<Self, StartError> {
        let log = Log::new(options.echo);
        let root = options
            .script_root
            .canonicalize()
            .map_err(StartError::ScriptRoot)?;
        let settings = Settings::load(&root, environment(), &options.settings)?;
        let file = HostFile::load(&root, &settings)?;
        let Loaded {
            functions,
            accounts,
            faulty,
        } = functions(&root, &file, &settings, &log)?;
        let names = functions.iter().map(|function| function.name.as_str());
        let keys = Keys::new(options.deviations.key.as_deref(), names);
        let limit = settings
            .get("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT")
            .and_then(|text| text.parse().ok());
        let address = listener.local_addr().map_err(StartError::System)?;
        Ok(Self {
            id: id(&root),
            launch: Launch::new(&root, &file.custom_handler, &settings, address)
                .map_err(StartError::System)?,
            file,
            deviations: options.deviations,
            functions,
            faulty,
            keys,
            accounts,
            address,
            log,
            counts: Counts::default(),
            body_limit: limit.unwrap_or(DEFAULT_BODY_LIMIT),
        })
    }

    pub(crate) fn initialization_timeout(&self) -> Duration {
        let from_file = self.file.custom_handler.initialization_timeout.map(|span| span.0);
        self.deviations
            .initialization_timeout
            .or(from_file)
            .unwrap_or(Duration::from_secs(30))
    }
}

/// Two hosts on one storage account must not take each other's events.
fn id(root: &Path) -> String {
    let digest = Sha256::digest(root.as_os_str().as_encoded_bytes());
    let short = digest
        .iter()
        .take(6)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("devhost-{short:012x}")
}

fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

type Accounts = BTreeMap<String, Account>;

struct Loaded {
    functions: Vec<Arc<Function>>,
    accounts: Accounts,
    faulty: Vec<(String, String)>,
}

/// The functions that can run, with the accounts they use, and why others cannot, which the log says too.
fn functions(root: &Path, file: &HostFile, settings: &Settings, log: &Log) -> Result<Loaded, StartError> {
    let mut found = discover(root, file, settings).map_err(StartError::ScriptRoot)?;
    let mut accounts = Accounts::new();
    let mut functions = Vec::new();
    for function in found.functions {
        match connect(&mut accounts, settings, &function) {
            Ok(()) => functions.push(Arc::new(function)),
            Err(fault) => found.faults.push((function.name, fault)),
        }
    }
    for (name, fault) in &found.faults {
        log.host(
            Level::Error,
            format!("The '{name}' function is in error: {fault}"),
        );
    }
    for name in &found.disabled {
        log.host(Level::Information, format!("Function '{name}' is disabled."));
    }
    let faults = found.faults.into_iter();
    Ok(Loaded {
        functions,
        accounts,
        faulty: faults.map(|(name, fault)| (name, fault.to_string())).collect(),
    })
}

/// Finds the accounts that a function uses; a blob trigger uses the host's own too.
fn connect(accounts: &mut Accounts, settings: &Settings, function: &Function) -> Result<(), FunctionFault> {
    let mut names = function.connections();
    if matches!(function.trigger.kind, TriggerKind::Blob(_)) {
        names.insert("");
    }
    for name in names {
        if !accounts.contains_key(name) {
            let get = |setting: &str| settings.get(setting).map(str::to_owned);
            let account = Account::from_settings(get, name).map_err(|fault| FunctionFault::Connection {
                connection: name.to_owned(),
                fault,
            })?;
            accounts.insert(name.to_owned(), account);
        }
    }
    Ok(())
}
