//! The whole app under a Functions host, over a real storage emulator.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use azure::{Put, Storage};
use devhost::azurite::Azurite;
use devhost::{DevHost, Deviations, Options};
use serde_json::Value;

use crate::app::RESULTS;

/// The app, its host's folder and a storage account of its own.
pub struct Site {
    pub storage: Storage,
    pub azurite: Azurite,
    folder: tempfile::TempDir,
}

/// The app as `cargo xtask dist` assembles it, around the binary of this test run.
fn assemble(folder: &Path) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::create_dir(folder.join("bin")).unwrap();
    // The benchmark tries another build of the same program.
    let program = std::env::var_os("HANDLER_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_handler").into());
    std::os::unix::fs::symlink(program, folder.join("bin/handler")).unwrap();
    std::os::unix::fs::symlink(
        root.join("recipes").canonicalize().unwrap(),
        folder.join("recipes"),
    )
    .unwrap();
    std::fs::copy(root.join("host.json"), folder.join("host.json")).unwrap();
    for entry in std::fs::read_dir(root.join("functions")).unwrap() {
        let from = entry.unwrap().path();
        let to = folder.join(from.file_name().unwrap());
        std::fs::create_dir(&to).unwrap();
        std::fs::copy(from.join("function.json"), to.join("function.json")).unwrap();
    }
}

impl Site {
    pub async fn new() -> Self {
        let azurite = tokio::task::spawn_blocking(Azurite::start)
            .await
            .unwrap()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        assemble(folder.path());
        let storage = azurite.storage().unwrap();
        for container in ["sources", "drafts"] {
            storage.ensure_container(container).await.unwrap();
        }
        storage.ensure_queue("draft-requests").await.unwrap();
        Self {
            storage,
            azurite,
            folder,
        }
    }

    /// A site whose uploads are told by Event Grid alone, as on the Flex Consumption plan.
    pub async fn by_event_grid() -> Self {
        let site = Self::new().await;
        let file = site.folder.path().join("draft-on-upload/function.json");
        let mut function: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        function["bindings"][0]["source"] = "EventGrid".into();
        std::fs::write(file, function.to_string()).unwrap();
        site
    }

    /// A host over the site.
    pub async fn host(&self, settings: &[(&str, &str)]) -> DevHost {
        self.host_over(&self.azurite.connection_string(), settings).await
    }

    /// A host over a way to the site's storage. Time-outs of minutes are cut to seconds, by the host's named
    /// deviations.
    pub async fn host_over(&self, connection: &str, settings: &[(&str, &str)]) -> DevHost {
        let mut options = Options::new(self.folder.path())
            .setting("AzureWebJobsStorage", connection)
            .setting("DocumentStorage", connection)
            .setting("LEASE_SECONDS", "15")
            // Never by itself: a test that is about the sweep calls it.
            .setting("SWEEP_SCHEDULE", "0 0 0 1 1 *");
        for (name, value) in settings {
            options = options.setting(name, value);
        }
        options.deviations = Deviations {
            outer_restart: true,
            visibility: Duration::from_secs(5),
            blob_scan: Duration::from_millis(300),
            queue_poll: Duration::from_millis(300),
            ..Deviations::default()
        };
        let host = DevHost::start(options).unwrap();
        host.wait_ready().await.unwrap();
        host
    }

    pub async fn upload(&self, case: &str, name: &str, bytes: Vec<u8>) {
        self.storage
            .put("sources", &format!("ehcp/{case}/{name}"), bytes, Put::default())
            .await
            .unwrap();
    }

    /// Waits for a blob of `drafts/`.
    pub async fn result(&self, host: &DevHost, case: &str, file: &str, limit: u64) -> Vec<u8> {
        let end = Instant::now() + Duration::from_secs(limit);
        loop {
            if let Ok(Some(blob)) = self.storage.get("drafts", &format!("ehcp/{case}/{file}")).await {
                return blob.bytes;
            }
            if Instant::now() > end {
                let log: Vec<String> = host
                    .log()
                    .lines()
                    .iter()
                    .map(|line| format!("{line:?}"))
                    .collect();
                panic!("no {file} of {case} within {limit} s:\n{}", log.join("\n"));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits for the end mark and checks that the five results are those it names.
    pub async fn published(&self, host: &DevHost, case: &str, limit: u64) -> Value {
        let ready: Value =
            serde_json::from_slice(&self.result(host, case, "READY.json", limit).await).unwrap();
        for (_, file) in RESULTS {
            let bytes = self.result(host, case, file, 1).await;
            assert_eq!(
                ready["sha256"][file],
                drafting::hash::Digest::of(&bytes).as_str(),
                "{file}"
            );
        }
        ready
    }

    /// A small JSON blob, once it is there.
    pub async fn json(&self, container: &str, name: &str) -> Option<Value> {
        // A service that is away for a moment shows nothing.
        let blob = self.storage.get(container, name).await.ok()??;
        Some(serde_json::from_slice(&blob.bytes).unwrap())
    }

    /// Where the case stands, in one word.
    pub async fn standing(&self, case: &str) -> Option<String> {
        let status = self.json("runs", &format!("ehcp/{case}/status.json")).await?;
        Some(status["state"].as_str().unwrap().to_owned())
    }

    /// Waits until the case stands so.
    pub async fn until(&self, case: &str, standing: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.standing(case).await.as_deref() != Some(standing) {
            assert!(Instant::now() < end, "{case} is never {standing}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// How many runs of the case are archived.
    pub async fn runs(&self, case: &str) -> usize {
        let archive = self
            .storage
            .list("runs", &format!("ehcp/{case}/"), 100)
            .await
            .unwrap();
        archive
            .iter()
            .filter(|blob| blob.name.ends_with("/record.json"))
            .count()
    }

    /// Waits until the queue holds nothing, visible or not.
    pub async fn drained(&self, queue: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        // A queue that was never needed is not there.
        while self.storage.approximate_count(queue).await.unwrap_or(0) > 0 {
            assert!(Instant::now() < end, "{queue} is never empty");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// That no case was given up. The host itself may give up an event; what becomes of it has been seen to.
    pub async fn nothing_failed(&self, host: &DevHost) {
        self.drained("webjobs-blobtrigger-poison").await;
        for function in ["poisoned-requests", "poisoned-confirmations"] {
            assert_eq!(host.tally(function).started, 0, "{function}");
        }
        let results = self.storage.list("drafts", "", 1_000).await.unwrap();
        assert!(results.iter().all(|blob| !blob.name.ends_with("FAILED.json")));
    }
}

/// Stops a host.
pub async fn stop(host: DevHost) {
    tokio::task::spawn_blocking(move || host.stop()).await.unwrap();
}
