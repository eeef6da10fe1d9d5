//! A tenant on this machine, and callers of the app who have its tokens or say so.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::{App, report};
use signer::{AUDIENCE, Signer, TENANT};

#[path = "../../who/tests/who/signer.rs"]
pub mod signer;

pub static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::new("key-1"));

pub fn now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

/// A tenant that publishes its keys on this machine.
pub struct Tenant {
    pub authority: String,
    pub fetched: Arc<AtomicUsize>,
}

impl Tenant {
    /// A tenant that answers with this status.
    pub async fn start(status: StatusCode) -> Self {
        let fetched = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&fetched);
        let keys = get(move || async move {
            counted.fetch_add(1, Ordering::SeqCst);
            (status, json!({ "keys": [SIGNER.listed()] }).to_string())
        });
        let router = Router::new().route(&format!("/{TENANT}/discovery/v2.0/keys"), keys);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { authority, fetched }
    }

    /// An app that takes this tenant's tokens.
    pub async fn app(&self, more: &[(&str, &str)]) -> App {
        let own = [
            ("SIGN_IN", "required"),
            ("SIGN_IN_TENANT", TENANT),
            ("SIGN_IN_AUDIENCE", AUDIENCE),
            ("SIGN_IN_AUTHORITY", &self.authority),
        ];
        let settings: Vec<_> = own.into_iter().chain(more.iter().copied()).collect();
        App::start(&settings).await
    }

    pub fn claims(&self, roles: &[&str]) -> Value {
        signer::claims(&self.authority, now(), roles)
    }

    pub fn token(&self, roles: &[&str]) -> String {
        format!("Bearer {}", SIGNER.token(&self.claims(roles)))
    }

    /// The token of somebody else with these roles.
    pub fn token_of(&self, object: &str, roles: &[&str]) -> String {
        let mut claims = self.claims(roles);
        claims["oid"] = json!(object);
        format!("Bearer {}", SIGNER.token(&claims))
    }
}

/// What the platform writes of a signed-in person.
pub fn platform_header(roles: &[&str]) -> String {
    let claim = |typ: &str, val: &str| json!({ "typ": typ, "val": val });
    let mut claims = vec![
        claim("oid", "aaaaaaaa-0000-4000-8000-000000000001"),
        claim("tid", TENANT),
        claim("name", "Ottoline Quill"),
    ];
    claims.extend(roles.iter().map(|role| claim("roles", role)));
    STANDARD.encode(json!({ "auth_typ": "aad", "role_typ": "roles", "claims": claims }).to_string())
}

/// Asks the raw door; gives the status and the problem's code, and sees to what every refusal must have.
pub async fn asked(app: &App, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let response = app.ask("GET", path, headers).await;
    let status = response.status().as_u16();
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let (kind, challenge) = (header("content-type"), header("www-authenticate"));
    let body = response.text().await.unwrap();
    if status < 400 {
        return (status, String::new());
    }
    assert_eq!(kind.as_deref(), Some("application/problem+json"), "{path}");
    assert_eq!(
        status == 401,
        challenge.is_some_and(|value| value.starts_with("Bearer")),
        "{path}"
    );
    for (_, sent) in headers {
        assert!(
            !body.contains(sent.trim_start_matches("Bearer ")) || sent.len() < 8,
            "{body}"
        );
    }
    let problem: Value = serde_json::from_str(&body).unwrap();
    (status, problem["code"].as_str().unwrap().to_owned())
}

/// Asks for a draft with these headers of the host's envelope.
pub async fn ordered(
    app: &App,
    recipe: &str,
    case: &str,
    headers: Value,
    body: &Value,
) -> (u16, Value, Value) {
    let text = body.to_string();
    let mut all = json!({ "Content-Type": ["application/json"], "Content-Length": [text.len().to_string()] });
    for (name, value) in headers.as_object().unwrap() {
        all[name] = value.clone();
    }
    app.http(recipe, case, &all, Some(&text)).await
}

pub fn document() -> Value {
    json!({ "documents": [{ "name": "a.txt", "content": STANDARD.encode(report("Ada Bell", "01/02/2018")) }] })
}

/// The events of callers who were not let in, once there are so many: the log comes through a pipe.
pub async fn security(app: &App, count: usize) -> Vec<Value> {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let log = app.log();
        let lines = log.lines().filter_map(|line| serde_json::from_str(line).ok());
        let told: Vec<Value> = lines
            .filter(|line: &Value| line["target"] == "security")
            .collect();
        if told.len() >= count {
            return told;
        }
        assert!(Instant::now() < end, "{} of {count}: {log}", told.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
