//! Logs hold numbers and names of settings, never words of a case and never keys.

use std::io::Write;
use std::process::Command;
use std::sync::{Arc, Mutex};

use drafting::prompt::Prompt;
use model::openai::{Credential, OpenAi};
use model::{LanguageModel, Secret, Session};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::fake::{Fake, Reply, good, prompt, settings, soon, success};
use crate::scripted::{Memory, limits};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Replies of every kind, each with the marker.
fn replies() -> Vec<Reply> {
    let error = |status, code: &str| {
        Reply::json(
            status,
            &json!({"error": {"code": code, "message": "MARKER", "param": "MARKER M"}}),
        )
    };
    vec![
        error(429, "429"),
        Reply::json(200, &success(&json!("MARKER"))),
        good(),
        error(400, "content_filter"),
        error(400, "MARKER M"),
        error(401, "401"),
        error(404, "DeploymentNotFound"),
        Reply::json(
            200,
            &success(&Value::String(json!({"MARKER": "MARKER"}).to_string())),
        ),
        Reply::new(200, "MARKER"),
    ]
}

/// In a process of its own: where other tests reach a line of the log first, `tracing` may take it for one that
/// nobody wants.
#[test]
fn no_text_and_no_key_is_logged() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "logs::calls_of_every_outcome_are_logged", "--ignored"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "it is the child of the test above"]
async fn calls_of_every_outcome_are_logged() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fake = Fake::sequence(replies()).await;
    let client = OpenAi::new(
        settings(&fake.base(), &Credential::ApiKey(Secret::new("MARKER-KEY"))),
        None,
    )
    .unwrap();
    let answers = Arc::new(Memory {
        broken: true,
        ..Memory::default()
    });
    let session = Session::new(
        Arc::new(client) as Arc<dyn LanguageModel>,
        Some(answers),
        limits(),
        soon(),
    );
    for number in 0..6 {
        let asked = session
            .ask(&Prompt {
                material: format!("MARKER {number}"),
                ..prompt()
            })
            .await;
        assert_eq!(asked.is_ok(), number == 0);
    }
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!logged.contains("MARKER"), "{logged}");
    for part in [
        "the model answered purpose=\"write\" tier=\"heavy\" attempt=3 status=200",
        "prompt_tokens=412 completion_tokens=96",
        "status=429",
        "fault=\"prompt_filtered\"",
        "fault=\"deployment_not_found\"",
        "an answer could not be kept",
    ] {
        assert!(logged.contains(part), "{part} in {logged}");
    }
}
