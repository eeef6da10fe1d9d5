//! Signing by Entra ID: a managed identity's token over https, against the emulator.
//!
//! The emulator speaks https with a certificate made for this test, and takes any token whose claims are those of
//! storage. A child process trusts the certificate through `SSL_CERT_FILE`, as any program that reads the machine's
//! certificates would: nothing in the crate can be told to trust less.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use azure::{Account, Identity, Put, Storage, StorageError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devhost::azurite::{Azurite, AzuriteOptions};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was asked of the identity endpoint.
type Asked = Arc<Mutex<Vec<String>>>;

#[tokio::test]
async fn storage_is_reached_by_token_over_https_only() {
    let folder = tempfile::tempdir().expect("folder");
    let (certificate, key) = certificate(folder.path());
    let options = AzuriteOptions {
        certificate: Some((certificate.clone(), key)),
        ..AzuriteOptions::default()
    };
    let started = tokio::task::spawn_blocking(move || Azurite::start_with(&options)).await;
    let azurite = started.expect("joined").expect("azurite starts");
    let asked = Asked::default();
    let identity = identity_endpoint(Arc::clone(&asked)).await;

    let trusting = child("stores_by_token", &azurite, identity, Some(&certificate)).await;
    assert!(trusting.status.success(), "{}", text(&trusting));
    let resources = asked.lock().expect("lock").clone();
    assert!(!resources.is_empty() && resources.len() <= 2, "{resources:?}");
    assert!(
        resources
            .iter()
            .all(|resource| resource == "https://storage.azure.com"),
        "{resources:?}"
    );

    let wary = child("meets_a_stranger", &azurite, identity, None).await;
    assert!(wary.status.success(), "{}", text(&wary));
}

#[tokio::test]
#[ignore = "a child of the test above, which gives it its environment"]
async fn stores_by_token() {
    let storage = storage();
    storage.ensure_container("bearer").await.expect("container");
    storage
        .put(
            "bearer",
            "ehcp/c1/Appendix B.docx",
            b"words".to_vec(),
            Put::default(),
        )
        .await
        .expect("put");
    let blob = storage
        .get("bearer", "ehcp/c1/Appendix B.docx")
        .await
        .expect("get");
    assert_eq!(blob.expect("is there").bytes, b"words");
    let lease = storage
        .acquire_lease("bearer", "lock.json", 15)
        .await
        .expect("asked");
    storage
        .release_lease(lease.expect("free"))
        .await
        .expect("released");
    storage.ensure_queue("bearer").await.expect("queue");
    storage.send("bearer", "{}", Duration::ZERO).await.expect("sent");
    let messages = storage.receive("bearer", 1, Duration::from_secs(5)).await;
    assert_eq!(
        messages.expect("received")[0].decoded().as_deref(),
        Some(&b"{}"[..])
    );
}

#[tokio::test]
#[ignore = "a child of the test above, which gives it its environment"]
async fn meets_a_stranger() {
    let met = storage().ensure_container("stranger").await;
    assert_eq!(met, Err(StorageError::Unavailable));
}

/// As the app connects: from its settings.
fn storage() -> Storage {
    let account = Account::from_settings(|name| std::env::var(name).ok(), "Docs").expect("an account");
    assert_eq!(account.identity(), Some(&Identity::Managed { client_id: None }));
    Storage::connect(&account).expect("connected")
}

async fn child(
    test: &'static str,
    azurite: &Azurite,
    identity: SocketAddr,
    certificate: Option<&Path>,
) -> Output {
    let (blob, queue) = azurite.endpoints();
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command
        .args(["--exact", test, "--nocapture", "--ignored"])
        .env("IDENTITY_ENDPOINT", format!("http://{identity}/msi/token"))
        .env("IDENTITY_HEADER", "proof")
        .env("Docs__blobServiceUri", blob.as_str())
        .env("Docs__queueServiceUri", queue.as_str())
        .env("Docs__credential", "managedidentity")
        .env_remove("SSL_CERT_DIR")
        .env_remove("SSL_CERT_FILE");
    if let Some(certificate) = certificate {
        command.env("SSL_CERT_FILE", certificate);
    }
    let ran = tokio::task::spawn_blocking(move || command.output()).await;
    ran.expect("joined").expect("the child runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A certificate for this machine and its key, as files.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("certificate");
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).expect("written");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    (certificate, key)
}

async fn identity_endpoint(asked: Asked) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    let app = Router::new().route("/msi/token", get(issue)).with_state(asked);
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn issue(
    State(asked): State<Asked>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Json<Value> {
    assert_eq!(headers["x-identity-header"], "proof");
    asked.lock().expect("lock").push(query["resource"].clone());
    let now = jiff::Timestamp::now().as_second();
    let expires = now + 86_400;
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({ "aud": "https://storage.azure.com", "iss": "https://sts.windows.net/11111111-2222-3333-4444-555555555555/",
        "iat": now - 60, "nbf": now - 60, "exp": expires });
    let token = format!(
        "{}.{}.{}",
        part(json!({ "alg": "RS256", "typ": "JWT" })),
        part(claims),
        URL_SAFE_NO_PAD.encode("unsigned")
    );
    Json(
        json!({ "access_token": token, "expires_on": expires.to_string(), "token_type": "Bearer",
        "resource": query["resource"] }),
    )
}
