//! What takes too long: it ends by the app's own limits, in a draft, a later try or a failure that is told.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use evaluation::scripted::{Behaviour, Latency, Script, Server};
use serde_json::{Value, json};

use crate::app::{App, message, output_json, report};

fn advice() -> Vec<u8> {
    report("Ada Bell", "01/02/2018")
}

/// The readers that an app has started and that still run.
fn readers(app: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{app}/task")).unwrap();
    let children = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok());
    let children: Vec<String> = children.collect();
    children
        .iter()
        .flat_map(|all| all.split_whitespace())
        .map(|pid| pid.parse().unwrap())
        .collect()
}

/// The app under a name of its own, whose readers do what the test says.
///
/// An app begins every reader as its own program, by the path at which it was started. So what stands at that path
/// after the start is what its readers are.
struct Program {
    folder: tempfile::TempDir,
}

impl Program {
    fn new() -> Self {
        // Beside the program itself: a link leads to nothing on another volume.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::hard_link(env!("CARGO_BIN_EXE_handler"), folder.path().join("handler")).unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("handler")
    }

    /// From now on each reader hangs that `first` lets through.
    fn readers_hang(&self, first: &str) {
        let script = format!(
            "#!/bin/sh\necho hung >> {hung}\n{first}exec /bin/sleep 600\n",
            hung = self.hung().display()
        );
        let beside = self.folder.path().join("readers");
        std::fs::write(&beside, script).unwrap();
        std::fs::set_permissions(&beside, Permissions::from_mode(0o755)).unwrap();
        std::fs::rename(beside, self.path()).unwrap();
    }

    /// All of them.
    fn every_reader_hangs(&self) {
        self.readers_hang("");
    }

    /// One of them; the others read.
    fn one_reader_hangs(&self) {
        self.readers_hang(&format!(
            "mkdir {} 2>/dev/null || exec {} \"$@\"\n",
            self.folder.path().join("first").display(),
            env!("CARGO_BIN_EXE_handler")
        ));
    }

    fn hung(&self) -> PathBuf {
        self.folder.path().join("hung")
    }

    /// Readers that were begun since then.
    fn begun(&self) -> usize {
        std::fs::read_to_string(self.hung()).map_or(0, |all| all.lines().count())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_hangs_costs_its_file_and_the_others_are_drafted() {
    let program = Program::new();
    let app = App::start_as(&program.path(), &[("QUIET_SECONDS", "0")]).await;
    program.one_reader_hangs();
    app.upload("c1", "Appendix B.txt", advice()).await;
    app.upload("c1", "Appendix C.txt", advice()).await;
    let begun = Instant::now();
    let outputs = app.uploaded("c1", "Appendix C.txt").await;
    assert_eq!(program.begun(), 2);
    assert!(begun.elapsed() < Duration::from_secs(60));
    let record = output_json(&outputs, "record");
    assert_eq!(record["outcome"]["state"], "needs_review");
    let states = record["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| &source["state"]);
    let (used, unread): (Vec<&Value>, Vec<&Value>) = states.partition(|state| **state == json!("used"));
    assert_eq!(
        (used.len(), unread),
        (
            1,
            vec![&json!({ "unreadable": { "reason": "hostile", "what": "time" } })]
        )
    );
    let told = record["findings"].as_array().unwrap();
    assert!(told.iter().any(|finding| finding["rule"] == "source.unreadable"));
    assert!(readers(app.pid()).is_empty(), "a reader outlives its file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_which_every_reader_hangs_comes_again_and_is_then_given_up_and_told() {
    let program = Program::new();
    let settings = [
        ("QUIET_SECONDS", "0"),
        ("RUN_SECONDS", "10"),
        ("MOST_STARTS", "1"),
        ("LEASE_SECONDS", "15"),
    ];
    let app = App::start_as(&program.path(), &settings).await;
    program.every_reader_hangs();
    let begun = Instant::now();
    let outputs = app.upload_and_tell("c1", "Appendix B.txt", advice()).await;
    assert_eq!(outputs, json!({}));
    assert!(begun.elapsed() < Duration::from_secs(20), "it went over its time");
    // It comes again after a pause, and is begun no more often than it may be.
    assert_eq!(app.storage.approximate_count("draft-requests").await.unwrap(), 1);
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 202);
    assert_eq!(program.begun(), 1);
    // The lock of a run that was cut off ends by itself; until then the case is busy, and asked for again.
    let request = json!({ "recipe": "ehcp", "case": "c1" });
    let end = Instant::now() + Duration::from_secs(60);
    let poisoned = loop {
        assert!(Instant::now() < end, "it is begun again and again: {}", app.log());
        app.call("draft-queued", &message("request", &request)).await;
        if let Some(poisoned) = app.messages("draft-requests-poison").await.first() {
            break poisoned.clone();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    assert_eq!(program.begun(), 1, "it was begun more often than it may be");
    app.call("poisoned-requests", &message("message", &poisoned))
        .await;
    let (status, _, told) = app.get("drafts/ehcp/c1").await;
    assert_eq!(status, 500);
    assert!(String::from_utf8(told).unwrap().contains("several times"));
}

/// An app with a model that answers after the run must have ended.
async fn with_slow_model(more: &[(&str, &str)]) -> (App, Server) {
    let behaviour = Behaviour {
        latency: Latency {
            first: Duration::from_secs(600),
            ..Latency::default()
        },
        ..Behaviour::default()
    };
    let model = Server::start(Script::default(), behaviour, 0).await.unwrap();
    let base = model.base_url();
    let settings = [
        ("MODEL_BASE_URL", base.as_str()),
        ("MODEL_DEPLOYMENT", "scripted"),
        ("MODEL_KEY", "none"),
        ("QUIET_SECONDS", "0"),
        ("RUN_SECONDS", "30"),
    ];
    (App::start(&[&settings[..], more].concat()).await, model)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_slow_up_to_the_deadline_leaves_a_draft_in_the_sources_words_in_time() {
    let (app, _model) = with_slow_model(&[("MODEL_PATIENCE_SECONDS", "0")]).await;
    let begun = Instant::now();
    let outputs = app.upload_and_tell("c1", "Appendix B.txt", advice()).await;
    assert!(begun.elapsed() < Duration::from_secs(35), "it went over its time");
    let record = output_json(&outputs, "record");
    assert_eq!(record["outcome"]["state"], "needs_review");
    assert!(
        record["findings"].to_string().contains("model"),
        "why is not told"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_waits_for_a_model_that_is_slow_up_to_the_deadline_and_says_so() {
    let (app, _model) = with_slow_model(&[]).await;
    assert_eq!(
        app.upload_and_tell("c1", "Appendix B.txt", advice()).await,
        json!({})
    );
    let (status, _, told) = app.get("drafts/ehcp/c1").await;
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(
        (status, told["state"].as_str(), &told["model_away"]),
        (202, Some("waiting"), &json!(true))
    );
    assert_eq!(app.storage.approximate_count("draft-requests").await.unwrap(), 1);
}
