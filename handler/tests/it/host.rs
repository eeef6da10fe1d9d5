//! The whole app under a Functions host, over a real storage emulator.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use azure::{Put, Storage};
use devhost::azurite::Azurite;
use devhost::{DevHost, Deviations, Options};
use serde_json::Value;

use crate::app::{RESULTS, report, sample_files};
use crate::outage::Line;

struct Site {
    storage: Storage,
    azurite: Azurite,
    folder: tempfile::TempDir,
}

/// The app as `cargo xtask dist` assembles it, around the binary of this test run.
fn assemble(folder: &Path) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::create_dir(folder.join("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_handler"), folder.join("bin/handler")).unwrap();
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
    async fn new() -> Self {
        let azurite = tokio::task::spawn_blocking(Azurite::start)
            .await
            .unwrap()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        assemble(folder.path());
        let storage = azurite.storage().unwrap();
        storage.ensure_container("sources").await.unwrap();
        Self {
            storage,
            azurite,
            folder,
        }
    }

    /// A host over the site.
    async fn host(&self, settings: &[(&str, &str)]) -> DevHost {
        self.host_over(&self.azurite.connection_string(), settings).await
    }

    /// A host over a way to the site's storage. Time-outs of minutes are cut to seconds, by the host's named
    /// deviations.
    async fn host_over(&self, connection: &str, settings: &[(&str, &str)]) -> DevHost {
        let mut options = Options::new(self.folder.path())
            .setting("AzureWebJobsStorage", connection)
            .setting("DocumentStorage", connection)
            .setting("LEASE_SECONDS", "15");
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

    async fn upload(&self, case: &str, name: &str, bytes: Vec<u8>) {
        self.storage
            .put("sources", &format!("ehcp/{case}/{name}"), bytes, Put::default())
            .await
            .unwrap();
    }

    /// Waits for a blob of `drafts/`.
    async fn result(&self, host: &DevHost, case: &str, file: &str, limit: u64) -> Vec<u8> {
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

    /// Waits for the end mark and checks that the four results are those it names.
    async fn published(&self, host: &DevHost, case: &str, limit: u64) -> Value {
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
}

async fn stop(host: DevHost) {
    tokio::task::spawn_blocking(move || host.stop()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_become_a_published_plan() {
    let site = Site::new().await;
    let host = site.host(&[("QUIET_SECONDS", "2")]).await;
    for (name, bytes) in sample_files("rowan") {
        site.upload("EHC-1", &name, bytes).await;
    }
    let ready = site.published(&host, "EHC-1", 60).await;
    let record: Value = serde_json::from_slice(&site.result(&host, "EHC-1", "record.json", 1).await).unwrap();
    assert_eq!(
        (&ready["run"], record["sources"].as_array().unwrap().len()),
        (&record["run"], 6)
    );
    // The same by HTTP, through the host's routes.
    let base = host.base_url();
    let status = reqwest::get(format!("{base}/api/drafts/ehcp/EHC-1"))
        .await
        .unwrap();
    assert_eq!(status.status().as_u16(), 200);
    let draft = reqwest::get(format!("{base}/api/drafts/ehcp/EHC-1/draft.docx"))
        .await
        .unwrap();
    assert_eq!(
        draft.bytes().await.unwrap().to_vec(),
        site.result(&host, "EHC-1", "draft.docx", 1).await
    );
    // One draft, however many events there were.
    let archive = site.storage.list("runs", "ehcp/EHC-1/", 100).await.unwrap();
    assert_eq!(
        archive
            .iter()
            .filter(|blob| blob.name.ends_with("/record.json"))
            .count(),
        1
    );
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_by_http_becomes_a_published_plan() {
    use base64::Engine as _;
    let site = Site::new().await;
    let host = site.host(&[]).await;
    let client = reqwest::Client::new();
    let address = format!("{}/api/drafts/ehcp/EHC-2", host.base_url());
    let content = base64::engine::general_purpose::STANDARD.encode(report("Ada Bell", "01/02/2018"));
    let body = serde_json::json!({ "documents": [{ "name": "Appendix D.txt", "content": content }] });
    let answer = client.post(&address).json(&body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(location, address);
    site.published(&host, "EHC-2", 60).await;
    assert_eq!(client.get(&location).send().await.unwrap().status().as_u16(), 200);
    // A body without length is lost in the host: the caller is told.
    let chunks = reqwest::Body::wrap_stream(futures::stream::iter([Ok::<_, std::io::Error>("{}")]));
    assert_eq!(
        client
            .post(&address)
            .body(chunks)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16(),
        411
    );
    assert_eq!(
        client
            .post(format!("{}/api/drafts/ehcp/a.b", host.base_url()))
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16(),
        400
    );
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_or_host_killed_in_the_middle_still_ends_in_one_draft() {
    let site = Site::new().await;
    let settings = [("QUIET_SECONDS", "1")];
    let mut host = site.host(&settings).await;
    for round in 0..3u64 {
        let case = format!("k{round}");
        for (name, bytes) in sample_files("tomas") {
            site.upload(&case, &name, bytes).await;
        }
        tokio::time::sleep(Duration::from_millis(900 + 700 * round)).await;
        if round == 1 {
            tokio::task::spawn_blocking(move || host.kill()).await.unwrap();
            host = site.host(&settings).await;
        } else {
            host.crash_handler();
        }
        site.published(&host, &case, 120).await;
        let archive = site
            .storage
            .list("runs", &format!("ehcp/{case}/"), 100)
            .await
            .unwrap();
        assert_eq!(
            archive
                .iter()
                .filter(|blob| blob.name.ends_with("/record.json"))
                .count(),
            1
        );
    }
    assert_eq!(
        site.storage
            .approximate_count("draft-requests-poison")
            .await
            .unwrap(),
        0
    );
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_blobs_or_queues_delays_the_draft_and_poisons_nothing() {
    for service in ["BlobEndpoint=", "QueueEndpoint="] {
        let site = Site::new().await;
        let connection = site.azurite.connection_string();
        let address = connection
            .split(service)
            .nth(1)
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let target = address
            .trim_start_matches("http://")
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let line = Line::to(target.clone()).await;
        let connection = connection.replace(&target, &format!("127.0.0.1:{}", line.port));
        let host = site.host_over(&connection, &[("QUIET_SECONDS", "1")]).await;
        site.upload("o1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
            .await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        line.cut();
        tokio::time::sleep(Duration::from_secs(20)).await;
        line.mend();
        site.published(&host, "o1", 120).await;
        for queue in [
            "draft-requests-poison",
            "confirmations-poison",
            "webjobs-blobtrigger-poison",
        ] {
            let count = site.storage.approximate_count(queue).await.unwrap_or(0);
            assert_eq!(count, 0, "{queue} after an outage of {service}");
        }
        stop(host).await;
    }
}
