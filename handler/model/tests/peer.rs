//! The client against `aimock`, a server of the same interface by other hands, so that it is not checked by our own reading
//! of that interface only. It needs Node and `npm ci` in `handler/model/peer`, so it is not part of the ordinary tests:
//! `cargo xtask judges` runs it, with `cargo test -p model --test peer -- --ignored`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use drafting::prompt::{Prompt, Purpose, Tier};
use model::openai::{BaseUrl, Credential, Deployment, OpenAi, Settings};
use model::{Completion, Fault, LanguageModel, Secret, Stage};
use serde_json::{Value, json};

/// The server, which ends when its standard input does.
struct Peer {
    child: Child,
    url: String,
}

impl Peer {
    fn start() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/peer");
        let mut command = Command::new("node");
        let command = command
            .arg("serve.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "run `npm ci` in {folder}");
        Self {
            child,
            url: url.trim().to_owned(),
        }
    }

    fn client(&self, path: &str, credential: fn(Secret) -> Credential, key: &str) -> OpenAi {
        let base = BaseUrl::parse(&format!("{}{path}", self.url)).unwrap();
        let deployment = Deployment::new(base, credential(Secret::new(key)), "peer-model", "peer-model");
        let mut settings = Settings::new(deployment.clone(), deployment.clone(), deployment);
        settings.timing.attempts = 3;
        settings.timing.attempt = Duration::from_secs(2);
        settings.timing.first_pause = Duration::from_millis(10);
        OpenAi::new(settings, None).unwrap()
    }

    async fn ask(&self, case: &str) -> Result<Completion, Fault> {
        let client = self.client("/openai/v1", Credential::ApiKey, "peer-key");
        client.complete(&prompt(case), soon()).await
    }

    /// The case is answered after so many failed attempts.
    async fn answers(&self, case: &str, retries: u32) -> Completion {
        let completion = self.ask(case).await.unwrap();
        assert_eq!(
            (&completion.value, completion.retries),
            (&answer(), retries),
            "{case}"
        );
        completion
    }

    /// The case ends in a fault of this kind.
    async fn fails(&self, case: &str, kind: &str) -> Fault {
        let fault = self.ask(case).await.unwrap_err();
        assert_eq!(fault.kind(), kind, "{case}: {fault}");
        fault
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

fn prompt(case: &str) -> Prompt {
    Prompt {
        purpose: Purpose::Write,
        tier: Tier::Heavy,
        instructions: "Use only the numbered sources.".to_owned(),
        material: format!("CASE {case}"),
        schema_name: "section",
        schema: json!({"type": "object", "additionalProperties": false, "required": ["text", "source_ids"],
            "properties": {"text": {"type": "string"}, "source_ids": {"type": "array", "items": {"type": "string"}}}}),
        most_tokens: 500,
    }
}

fn answer() -> Value {
    json!({"text": "Bo reads.", "source_ids": ["S1"]})
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

#[tokio::test]
#[ignore = "needs Node and `npm ci` in handler/model/peer; `cargo xtask judges` runs it"]
async fn the_peer_understands_requests_at_every_kind_of_address() {
    let peer = Peer::start();
    let addresses = [
        "/v1",
        "/v1/",
        "/openai/v1",
        "/openai/v1/",
        "/openai/deployments/peer-model?api-version=2024-10-21",
    ];
    for path in addresses {
        for credential in [Credential::ApiKey as fn(Secret) -> Credential, Credential::Bearer] {
            let client = peer.client(path, credential, "peer-key");
            let completion = client.complete(&prompt("plain"), soon()).await.unwrap();
            assert_eq!(completion.value, answer(), "{path}");
            assert_eq!(
                (completion.usage.prompt_tokens, completion.usage.completion_tokens),
                (31, 9),
                "{path}"
            );
        }
    }
    peer.answers("system", 0).await;
}

#[tokio::test]
#[ignore = "needs Node and `npm ci` in handler/model/peer; `cargo xtask judges` runs it"]
async fn the_peers_passing_faults_are_outlived() {
    let peer = Peer::start();
    let begun = Instant::now();
    peer.answers("throttled", 1).await;
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    peer.answers("failing", 1).await;
    peer.answers("prose", 1).await;
}

#[tokio::test]
#[ignore = "needs Node and `npm ci` in handler/model/peer; `cargo xtask judges` runs it"]
async fn the_peers_faults_are_told_apart() {
    let peer = Peer::start();
    peer.fails("unfit", "misfit").await;
    peer.fails("tool", "empty").await;
    peer.fails("cut", "cut_off").await;
    peer.fails("filtered answer", "answer_filtered").await;
    peer.fails("filtered prompt", "prompt_filtered").await;
    peer.fails("too long", "context_too_long").await;
    peer.fails("no quota", "quota_exhausted").await;
    peer.fails("no deployment", "deployment_not_found").await;
    let client = peer.client("/openai/v1", Credential::ApiKey, "another-key");
    assert_eq!(
        client.complete(&prompt("plain"), soon()).await,
        Err(Fault::WrongKey)
    );
}

#[tokio::test]
#[ignore = "needs Node and `npm ci` in handler/model/peer; `cargo xtask judges` runs it"]
async fn the_peers_chaos_never_becomes_an_answer() {
    let peer = Peer::start();
    peer.fails("dropped", "unavailable").await;
    peer.fails("malformed", "not_a_completion").await;
    let broken = peer.fails("disconnected", "connection").await;
    assert!(
        broken == Fault::Connection { stage: Stage::Asking }
            || broken
                == Fault::Connection {
                    stage: Stage::Reading
                }
    );
    peer.fails("slow", "timed_out").await;
}
