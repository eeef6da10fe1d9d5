//! Every setting of the app, in one place.
//!
//! Nothing else reads the environment. All faults are reported together. Values of settings are never printed:
//! only their names are.

use std::path::PathBuf;
use std::time::Duration;

use azure::Account;

mod fault;
mod flow_settings;
mod host_storage;
mod limits;
mod model_settings;
mod recipe_settings;
mod scan_settings;
mod screening_settings;
mod sign_in;
mod sweep_settings;
mod telemetry_settings;

pub use fault::Fault;
pub use flow_settings::*;
pub use host_storage::HostStorage;
pub use limits::*;
pub use model_settings::*;
pub use recipe_settings::*;
pub use scan_settings::*;
pub use screening_settings::*;
pub use sign_in::*;
pub use sweep_settings::*;
pub use telemetry_settings::*;

/// The port that the Functions host wants the app on; set by the host.
pub const PORT: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";
/// The folder of `host.json`; set by the host. Recipes are looked for beside it.
pub const APP_ROOT: &str = "FUNCTIONS_APP_ROOT_PATH";
/// How many heaps the C library may make; its own setting, and set by the program itself where nobody has.
pub const HEAPS: &str = "MALLOC_ARENA_MAX";
/// The connection of the documents' storage account, by the host's own naming: `DocumentStorage` holds
/// `UseDevelopmentStorage=true` on a laptop; in Azure `DocumentStorage__accountName` (or
/// `DocumentStorage__blobServiceUri` and `DocumentStorage__queueServiceUri`), `DocumentStorage__credential` and
/// `DocumentStorage__clientId` name an account and a managed identity.
pub const STORAGE: &str = "DocumentStorage";
/// Where callers reach the app, for absolute links: `https://app.example.org`. Default: by the name that the platform gives the
/// app, else the address of each request.
pub const PUBLIC_BASE_URL: &str = "PUBLIC_BASE_URL";
/// The name under which the platform reaches the app, set by Azure and by `func start`. A call that the host proxies names the
/// port of this process instead, which no caller can reach.
const HOST_NAME: &str = "WEBSITE_HOSTNAME";
/// Where recipes are, instead of beside the app.
pub const RECIPES: &str = "RECIPES_PATH";
/// Megabytes that one document may have. Default 50.
pub const DOCUMENT_MEGABYTES: &str = "DOCUMENT_MEGABYTES";
/// Documents that one case may have. Default 60.
pub const CASE_DOCUMENTS: &str = "CASE_DOCUMENTS";
/// The key of the audit log, at least 32 random characters, best from a key vault; behind it, after blanks, earlier keys that
/// are still needed to verify. Must be set unless the storage is the emulator.
pub const AUDIT_KEY: &str = "AUDIT_KEY";
/// How much is logged: `error`, `warn`, `info`, `debug`. Default `info`.
pub const LOG_LEVEL: &str = "LOG_LEVEL";

/// Every setting that a deployer may set, those of signing in, of the model and of content safety aside.
pub const OWN: &[&str] = &[
    STORAGE,
    PUBLIC_BASE_URL,
    RECIPES,
    RECIPE_PROFILES,
    QUIET_SECONDS,
    MANIFEST_HOURS,
    LEASE_SECONDS,
    WAIT_SECONDS,
    RUN_SECONDS,
    MOST_STARTS,
    CONCURRENT_RUNS,
    DOCUMENT_MEGABYTES,
    CASE_DOCUMENTS,
    AUDIT_KEY,
    LOG_LEVEL,
];

/// Every setting, those of signing in, of the model and of content safety included.
pub fn all() -> impl Iterator<Item = &'static str> {
    OWN.iter()
        .copied()
        .chain(SIGN_IN_SETTINGS)
        .chain(MODEL)
        .chain(SAFETY)
        .chain(FLOWS)
        .chain(SWEEP)
        .chain(TELEMETRY)
        .chain(SCANS)
}

/// What the command line and the server both need.
#[derive(Clone, Debug)]
pub struct Local {
    /// Where to look for recipes, in order.
    pub recipe_folders: Vec<PathBuf>,
    /// [`RECIPE_PROFILES`].
    pub profiles: Profiles,
    /// Bytes that one document may have.
    pub document_bytes: u64,
    /// Documents that one case may have.
    pub case_documents: usize,
    /// How much is logged.
    pub log_level: tracing::Level,
    /// The language model, where one is configured.
    pub model: Option<Model>,
    /// The content safety service, where it is asked for anything.
    pub content_safety: Option<ContentSafety>,
    /// How scanned pages are read, where they are.
    pub scans: Option<ScanReading>,
}

/// What the function app needs.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the command line needs as well.
    pub local: Local,
    /// The port to listen on.
    pub port: u16,
    /// The documents' storage account.
    pub account: Account,
    /// The host's own.
    pub host_storage: HostStorage,
    /// Where callers reach the app, without a final slash.
    pub public_base_url: Option<String>,
    /// The limits in time and number.
    pub limits: Limits,
    /// [`AUDIT_KEY`].
    pub audit: audit::Keys,
    /// How callers are known.
    pub sign_in: SignIn,
    /// What flows may ask.
    pub flows: Flows,
    /// Who receives traces and metrics.
    pub telemetry: Telemetry,
}

/// What it takes to read the audit log.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    /// The documents' storage account.
    pub account: Account,
    /// [`AUDIT_KEY`].
    pub keys: audit::Keys,
}

/// Where settings come from: the environment, or a map in a test.
pub type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process environment as a source of settings.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    // The one place that reads the environment.
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Reads the settings of the command line. `recipes` is the folder given by hand, looked into first.
pub fn local(source: Source, recipes: Option<PathBuf>) -> Result<Local, Vec<Fault>> {
    let mut reader = Reader::new(source);
    let local = reader.local(recipes);
    reader.finish(local)
}

/// Reads all settings of the function app.
pub fn read(source: Source) -> Result<Config, Vec<Fault>> {
    let mut reader = Reader::new(source);
    let local = reader.local(None);
    let limits = reader.limits();
    let public_base_url = reader.base_url();
    let sign_in = reader.sign_in();
    let telemetry = reader.telemetry();
    if source(PORT).is_none() {
        reader.faults.push(Fault::Missing { setting: PORT });
    }
    let port = u16::try_from(reader.number(PORT, 0, 1, 65_535)).unwrap_or(0);
    let audit = reader.audit();
    let flows = reader.flows(audit.as_ref().map(|audit| &audit.account));
    match audit {
        Some(AuditConfig { account, keys }) => reader.finish(Config {
            local,
            port,
            host_storage: host_storage::host_storage(source, &account),
            account,
            public_base_url,
            limits,
            audit: keys,
            sign_in,
            flows,
            telemetry,
        }),
        None => Err(reader.faults),
    }
}

/// Reads the settings for work on whole cases and for checking them, for which no host is needed.
pub fn administration(source: Source) -> Result<Config, Vec<Fault>> {
    let unserved = |name: &str| match name {
        PORT => Some("1".to_owned()),
        name => source(name),
    };
    read(&unserved)
}

/// Reads what it takes to read the audit log.
pub fn audit(source: Source) -> Result<AuditConfig, Vec<Fault>> {
    let mut reader = Reader::new(source);
    match reader.audit() {
        Some(config) => reader.finish(config),
        None => Err(reader.faults),
    }
}

/// How the platform's reference to a secret begins.
const UNRESOLVED: &str = "@Microsoft.KeyVault(";
/// What writes the log on a laptop, where nothing in it is real.
const DEVELOPMENT_AUDIT_KEY: &str = "development-only-not-a-secret-key";

struct Reader<'a> {
    source: Source<'a>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// A reader that has looked for secrets which are not there: the platform leaves its reference to the vault in their place, which
    /// is long enough for a key, and which anybody may know.
    fn new(source: Source<'a>) -> Self {
        let faults = all()
            .filter(|setting| source(setting).is_some_and(|value| value.trim().starts_with(UNRESOLVED)))
            .map(|setting| Fault::Unresolved { setting })
            .collect();
        Self { source, faults }
    }

    fn finish<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() {
            Ok(value)
        } else {
            Err(self.faults)
        }
    }

    fn number(&mut self, setting: &'static str, default: u64, least: u64, most: u64) -> u64 {
        let Some(text) = (self.source)(setting) else {
            return default;
        };
        match text.trim().parse() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                self.faults.push(Fault::Number { setting, least, most });
                default
            }
        }
    }

    fn seconds(&mut self, setting: &'static str, default: u64, least: u64, most: u64) -> Duration {
        Duration::from_secs(self.number(setting, default, least, most))
    }

    fn audit(&mut self) -> Option<AuditConfig> {
        let account = Account::from_settings(self.source, STORAGE)
            .map_err(|fault| self.faults.push(fault.into()))
            .ok();
        let emulated = account
            .as_ref()
            .is_some_and(|account| account.identity().is_none());
        let text = (self.source)(AUDIT_KEY).or_else(|| emulated.then(|| DEVELOPMENT_AUDIT_KEY.to_owned()));
        let keys = audit::Keys::parse(text.as_deref().unwrap_or_default())
            .map_err(|fault| {
                // Whose account cannot be used has that to mend first.
                if account.is_some() || text.is_some() {
                    self.faults.push(Fault::AuditKey(fault));
                }
            })
            .ok();
        Some(AuditConfig {
            account: account?,
            keys: keys?,
        })
    }

    fn local(&mut self, recipes: Option<PathBuf>) -> Local {
        let document_bytes = self.number(DOCUMENT_MEGABYTES, 50, 1, 1_000) * 1_000_000;
        let case_documents = usize::try_from(self.number(CASE_DOCUMENTS, 60, 1, 1_000)).unwrap_or(60);
        let log_level = self.level();
        let model = self.model();
        let content_safety = self.content_safety();
        let scans = self.scan_reading();
        Local {
            recipe_folders: self.recipe_folders(recipes),
            profiles: self.profiles(),
            document_bytes,
            case_documents,
            log_level,
            model,
            content_safety,
            scans,
        }
    }

    /// In order: given by hand, set, the app root, beside the executable, `./recipes`.
    fn recipe_folders(&self, by_hand: Option<PathBuf>) -> Vec<PathBuf> {
        if let Some(folder) = by_hand.or_else(|| (self.source)(RECIPES).map(PathBuf::from)) {
            return vec![folder];
        }
        let app_root = (self.source)(APP_ROOT).map(|root| PathBuf::from(root).join("recipes"));
        let beside = std::env::current_exe()
            .ok()
            .and_then(|program| program.parent().map(|folder| folder.join("recipes")));
        app_root
            .into_iter()
            .chain(beside)
            .chain([PathBuf::from("recipes")])
            .collect()
    }

    fn level(&mut self) -> tracing::Level {
        match (self.source)(LOG_LEVEL).as_deref() {
            None | Some("info") => tracing::Level::INFO,
            Some("error") => tracing::Level::ERROR,
            Some("warn") => tracing::Level::WARN,
            Some("debug") => tracing::Level::DEBUG,
            Some(_) => {
                self.faults.push(Fault::Level { setting: LOG_LEVEL });
                tracing::Level::INFO
            }
        }
    }

    fn base_url(&mut self) -> Option<String> {
        let Some(text) = (self.source)(PUBLIC_BASE_URL) else {
            return (self.source)(HOST_NAME).and_then(|name| platform_address(name.trim()));
        };
        match url::Url::parse(text.trim()) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() => {
                Some(text.trim().trim_end_matches('/').to_owned())
            }
            _ => {
                self.faults.push(Fault::Address {
                    setting: PUBLIC_BASE_URL,
                });
                None
            }
        }
    }
}

/// The address of an app of this name. A host that stands on this machine speaks plain HTTP.
fn platform_address(name: &str) -> Option<String> {
    let url = url::Url::parse(&format!("https://{name}/")).ok()?;
    let local = match url.host()? {
        url::Host::Domain(host) => host == "localhost",
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
    };
    let address = url.origin().ascii_serialization();
    Some(match address.strip_prefix("https") {
        Some(rest) if local => format!("http{rest}"),
        _ => address,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn defaults_hold_with_the_least_that_is_needed() {
        let config = read(&source(&[
            (PORT, "7001"),
            (STORAGE, "UseDevelopmentStorage=true"),
        ]))
        .unwrap();
        assert_eq!(
            (config.port, config.limits.quiet),
            (7001, Duration::from_secs(120))
        );
        assert_eq!(
            (config.limits.most_starts, config.local.document_bytes),
            (5, 50_000_000)
        );
    }

    #[test]
    fn the_app_is_reached_where_the_setting_says_or_else_by_the_platforms_name() {
        let least = [(PORT, "7001"), (STORAGE, "UseDevelopmentStorage=true")];
        let check = |pairs: &[(&'static str, &'static str)], expected: Option<&str>| {
            let config = read(&source(&[&least, pairs].concat())).unwrap();
            assert_eq!(config.public_base_url.as_deref(), expected, "{pairs:?}");
        };
        let named = (HOST_NAME, "app.azurewebsites.net");
        check(&[], None);
        check(&[named], Some("https://app.azurewebsites.net"));
        check(&[(HOST_NAME, "localhost:7071")], Some("http://localhost:7071"));
        check(&[(HOST_NAME, "127.0.0.1:17071")], Some("http://127.0.0.1:17071"));
        check(&[(HOST_NAME, "no name")], None);
        let set = (PUBLIC_BASE_URL, "https://plans.example.org/");
        check(&[named, set], Some("https://plans.example.org"));
    }

    #[test]
    fn a_real_account_needs_a_key_for_the_audit_log() {
        let account = ("DocumentStorage__accountName", "documents");
        let with = |key: &'static str| read(&source(&[(PORT, "7001"), account, (AUDIT_KEY, key)]));
        for key in ["", "SECRET-and-short"] {
            let faults = with(key).unwrap_err();
            let [fault] = faults.as_slice() else {
                unreachable!("{faults:?}")
            };
            let text = fault.to_string();
            assert!(text.contains(AUDIT_KEY) && !text.contains("SECRET"), "{text}");
        }
        assert!(with("0123456789abcdef0123456789abcdef").is_ok());
    }

    #[test]
    fn a_reference_to_a_vault_that_was_not_resolved_is_no_key() {
        let reference = "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/audit-key/)";
        let settings = [
            (PORT, "7001"),
            ("DocumentStorage__accountName", "documents"),
            (AUDIT_KEY, reference),
        ];
        let with = source(&settings);
        let read = read(&with).unwrap_err();
        let audit = audit(&with).unwrap_err();
        for faults in [read, audit] {
            let [fault @ Fault::Unresolved { setting: AUDIT_KEY }] = faults.as_slice() else {
                unreachable!("{faults:?}")
            };
            assert!(!fault.to_string().contains("SecretUri"), "{fault}");
        }
    }

    #[test]
    fn all_faults_come_at_once_and_without_values() {
        let settings = [
            (QUIET_SECONDS, "SECRET1"),
            (LEASE_SECONDS, "61"),
            (LOG_LEVEL, "SECRET2"),
            (PUBLIC_BASE_URL, "ftp://SECRET3"),
            (
                STORAGE,
                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=SECRET4",
            ),
        ];
        let faults = read(&source(&settings)).unwrap_err();
        let text = faults
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        for name in [
            QUIET_SECONDS,
            LEASE_SECONDS,
            LOG_LEVEL,
            PUBLIC_BASE_URL,
            STORAGE,
            PORT,
        ] {
            assert!(text.contains(name), "{name} in {text}");
        }
        assert!(!text.contains("SECRET"), "{text}");
    }
}
