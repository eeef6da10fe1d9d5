//! What to run, and where this host is told to differ from the real one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// How to start a host.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder with `host.json` and one folder a function.
    pub script_root: PathBuf,
    /// The port on 127.0.0.1; zero takes a free one.
    pub port: u16,
    /// Settings that come before the environment and `local.settings.json`, for the handler too.
    pub settings: BTreeMap<String, String>,
    /// Print the log to standard output as it grows.
    pub echo: bool,
    /// Where to differ from the real host.
    pub deviations: Deviations,
}

impl Options {
    /// A quiet host on a free port that behaves as the real one does.
    #[must_use]
    pub fn new(script_root: impl Into<PathBuf>) -> Self {
        Self {
            script_root: script_root.into(),
            port: 0,
            settings: BTreeMap::new(),
            echo: false,
            deviations: Deviations::default(),
        }
    }

    /// The same with one more setting.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// Each way to differ from the real host, by name. The default is the real behaviour, but for the polling, which
/// would only make people wait.
#[derive(Clone, Debug)]
pub struct Deviations {
    /// Start the host over after three crashes of the handler, as the platform does in Azure. `func start` ends.
    pub outer_restart: bool,
    /// What a handler that ends with code 0 brings about.
    pub exit_zero: ExitZero,
    /// How long a queue message, a blob event's included, stays hidden when the host that held it died. Ten minutes
    /// in the storage extensions, not configurable there.
    pub visibility: Duration,
    /// Between two scans for new blobs; the real host takes up to a minute.
    pub blob_scan: Duration,
    /// The longest wait between two looks at an empty queue; `extensions.queues.maxPollingInterval` in the real
    /// host, a minute by default.
    pub queue_poll: Duration,
    /// Instead of `functionTimeout` of `host.json`.
    pub function_timeout: Option<Duration>,
    /// Instead of `customHandler.initializationTimeout` of `host.json`.
    pub initialization_timeout: Option<Duration>,
    /// The key that HTTP functions above `anonymous` and the admin addresses ask for. None lets everybody in, as
    /// `func start` does.
    pub key: Option<String>,
}

impl Default for Deviations {
    fn default() -> Self {
        Self {
            outer_restart: false,
            exit_zero: ExitZero::Restart,
            visibility: Duration::from_mins(10),
            blob_scan: Duration::from_secs(1),
            queue_poll: Duration::from_secs(1),
            function_timeout: None,
            initialization_timeout: None,
            key: None,
        }
    }
}

/// What the host does when the handler ends with code 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitZero {
    /// Starts it again without counting a crash: hosts of 2026 and later.
    Restart,
    /// Notices nothing, and every later invocation fails: hosts before 2026.
    BlackHole,
}
