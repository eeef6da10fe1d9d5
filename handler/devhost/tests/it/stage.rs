//! A script root made for one test, and the emulator that all share.

use azure::Storage;
use devhost::azurite::Azurite;
use devhost::{DevHost, Deviations, Options};
use serde_json::{Value, json};
use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tempfile::TempDir;

/// Nothing that is waited for here takes longer on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(30);

fn azurite() -> &'static Azurite {
    static AZURITE: OnceLock<Azurite> = OnceLock::new();
    AZURITE.get_or_init(|| Azurite::start().expect("azurite starts"))
}

pub fn storage() -> Storage {
    azurite().storage().expect("the emulator's account")
}

/// A script root whose handler does what `script` says.
pub struct Stage {
    folder: Arc<TempDir>,
    script: Value,
    with_storage: bool,
    pub deviations: Deviations,
}

impl Stage {
    pub fn new(script: Value) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let deviations = Deviations {
            blob_scan: Duration::from_millis(50),
            queue_poll: Duration::from_millis(50),
            ..Deviations::default()
        };
        Self {
            folder,
            script,
            with_storage: false,
            deviations,
        }
        .host_file(json!({}))
    }

    /// A handler that answers `{}` to everything.
    pub fn plain() -> Self {
        Self::new(json!({}))
    }

    /// A handler that does this, in turn, when `function` is called.
    pub fn doing(function: &str, behaviours: Value) -> Self {
        Self::new(json!({ "functions": { function: behaviours } }))
    }

    /// `host.json` with these members added.
    pub fn host_file(self, members: Value) -> Self {
        let handler = env!("CARGO_BIN_EXE_fake-handler");
        let mut file = json!({ "version": "2.0", "customHandler": {
            "description": { "defaultExecutablePath": handler } } });
        for (name, value) in members.as_object().expect("an object") {
            match (name.as_str(), value.as_object()) {
                ("customHandler", Some(members)) => {
                    file["customHandler"]
                        .as_object_mut()
                        .expect("an object")
                        .extend(members.clone());
                }
                _ => file[name] = value.clone(),
            }
        }
        std::fs::write(self.folder.path().join("host.json"), file.to_string()).expect("written");
        self
    }

    pub fn function(self, name: &str, bindings: Value) -> Self {
        let folder = self.folder.path().join(name);
        std::fs::create_dir(&folder).expect("created");
        std::fs::write(
            folder.join("function.json"),
            json!({ "bindings": bindings }).to_string(),
        )
        .expect("written");
        self
    }

    pub fn http(self, name: &str, route: &str) -> Self {
        let trigger = json!({ "type": "httpTrigger", "direction": "in", "name": "req", "route": route });
        self.function(
            name,
            json!([trigger, { "type": "http", "direction": "out", "name": "res" }]),
        )
    }

    /// Like [`Self::http`], with one more output, so that it is never raw.
    pub fn json_http(self, name: &str, route: &str) -> Self {
        let queue = json!({ "type": "queue", "direction": "out", "name": "q", "queueName": "unused" });
        let trigger = json!({ "type": "httpTrigger", "direction": "in", "name": "req", "route": route });
        self.with_storage().function(
            name,
            json!([trigger, { "type": "http", "direction": "out", "name": "res" }, queue]),
        )
    }

    pub fn queue(self, name: &str, queue: &str) -> Self {
        let trigger =
            json!({ "type": "queueTrigger", "direction": "in", "name": "item", "queueName": queue });
        self.with_storage().function(name, json!([trigger]))
    }

    pub fn with_storage(mut self) -> Self {
        self.with_storage = true;
        self
    }

    pub fn deviating(mut self, change: impl FnOnce(&mut Deviations)) -> Self {
        change(&mut self.deviations);
        self
    }

    /// A host over this root; there can be several, one after the other.
    pub fn start(&self) -> Running {
        let mut options = Options::new(self.folder.path()).setting("FAKE_HANDLER", &self.script.to_string());
        if self.with_storage {
            options = options.setting("AzureWebJobsStorage", &azurite().connection_string());
        }
        options.deviations = self.deviations.clone();
        options.echo = std::env::var_os("ECHO").is_some();
        let host = DevHost::start(options).expect("the host starts");
        Running {
            host,
            _folder: Arc::clone(&self.folder),
        }
    }

    pub async fn ready(&self) -> Running {
        let host = self.start();
        within(host.wait_ready())
            .await
            .expect("the handler becomes ready");
        host
    }
}

/// A host, and the folder it needs.
pub struct Running {
    host: DevHost,
    _folder: Arc<TempDir>,
}

impl Running {
    pub fn kill(self) {
        self.host.kill();
    }

    pub fn stop(self) {
        self.host.stop();
    }
}

impl Deref for Running {
    type Target = DevHost;

    fn deref(&self) -> &DevHost {
        &self.host
    }
}

/// What the handler was sent for a function: headers and body.
fn seen(host: &DevHost, function: &str) -> Vec<Value> {
    let lines = host.log().lines();
    let sent = lines.iter().filter_map(|line| line.text.strip_prefix("SEEN "));
    let sent = sent.map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
    sent.filter(|seen| seen["function"] == function).collect()
}

/// The first call of a function. The handler's output arrives on its own way, perhaps after the call has ended.
pub async fn first(host: &DevHost, function: &str) -> Value {
    let check = async || seen(host, function).first().cloned();
    until(&format!("a call of {function}"), check).await
}

pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, work).await.expect("in time")
}

/// Looks again and again until `check` has an answer.
pub async fn until<T>(what: &str, check: impl AsyncFn() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = check().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LIMIT, looking)
        .await
        .unwrap_or_else(|_| panic!("{what}"))
}

/// Waits until the log holds a text.
pub async fn logged(host: &DevHost, text: &str) {
    if host.log().wait_for(text, LIMIT).await.is_none() {
        let lines: Vec<String> = host.log().lines().iter().map(ToString::to_string).collect();
        panic!("`{text}` is not in the log:\n{}", lines.join("\n"));
    }
}

/// Waits until so many invocations of a function have ended.
pub async fn ended(host: &DevHost, function: &str, count: usize) {
    let check = async || {
        let tally = host.tally(function);
        (tally.succeeded + tally.failed >= count).then_some(())
    };
    until(&format!("{count} runs of {function}"), check).await;
}

/// Whether a process of this id runs.
pub fn lives(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("a client")
}
