//! The managed identity path, against a fake of the endpoint that Azure gives an app.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use azure::{Identity, Tokens};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const SCOPE: &str = "https://cognitiveservices.azure.com/.default";
const CLIENT_ID: &str = "11111111-2222-3333-4444-555555555555";

/// The SDK reads the process's environment, so the half that asks for tokens runs as a child that has it.
#[tokio::test]
async fn a_managed_identity_fetches_a_token_once_and_caches_it() {
    let calls = Arc::new(AtomicUsize::new(0));
    let address = serve(Arc::clone(&calls)).await;
    let child = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "asks_for_tokens", "--nocapture", "--ignored"])
            .env("IDENTITY_ENDPOINT", format!("http://{address}/msi/token"))
            .env("IDENTITY_HEADER", "proof")
            .output()
            .expect("child runs")
    });
    let output = child.await.expect("joined");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(
        calls.load(Ordering::SeqCst),
        1,
        "the second token came from the cache"
    );
}

#[tokio::test]
#[ignore = "the child of the test above, which gives it its environment"]
async fn asks_for_tokens() {
    let tokens = Tokens::new(&Identity::Managed {
        client_id: Some(CLIENT_ID.to_owned()),
    })
    .expect("identity");
    for _ in 0..2 {
        let token = tokens.token(SCOPE).await.expect("token");
        assert_eq!(token.secret(), "marker-token");
        assert_eq!(format!("{token:?}"), "Token(..)");
    }
}

async fn serve(calls: Arc<AtomicUsize>) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    let app = Router::new().route("/msi/token", get(issue)).with_state(calls);
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn issue(
    State(calls): State<Arc<AtomicUsize>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Json<Value> {
    assert_eq!(headers["x-identity-header"], "proof");
    assert_eq!(query["resource"], "https://cognitiveservices.azure.com");
    assert_eq!(query["client_id"], CLIENT_ID);
    calls.fetch_add(1, Ordering::SeqCst);
    let tomorrow = jiff::Timestamp::now().as_second() + 86_400;
    Json(
        json!({ "access_token": "marker-token", "expires_on": tomorrow.to_string(), "token_type": "Bearer",
        "resource": query["resource"] }),
    )
}
