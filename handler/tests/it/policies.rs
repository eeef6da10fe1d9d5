//! Accounts that keep what is deleted: the report says what is still there, and never calls it gone.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use crate::app::App;
use crate::erasure::{KEY, command, entries, published};

/// An emulator that seems to keep versions, soft-deleted blobs and a policy: a proxy adds them to its listings.
#[derive(Clone)]
struct Keeping {
    emulator: String,
    deleted: Arc<Mutex<BTreeSet<String>>>,
    client: reqwest::Client,
}

fn line(name: &str, more: &str, properties: &str) -> String {
    format!(
        "<Blob><Name>ehcp/Zqcase-7/{name}</Name>{more}<Properties><Last-Modified>Sun, 01 Nov 2026 00:00:00 GMT</Last-Modified>\
         <Etag>0x1</Etag><Content-Length>3</Content-Length><BlobType>BlockBlob</BlobType>{properties}</Properties></Blob>"
    )
}

impl Keeping {
    /// What is kept of the container `sources`.
    fn kept(&self) -> String {
        let is_deleted = |what: &str| self.deleted.lock().unwrap().contains(what);
        let mut lines = Vec::new();
        if !is_deleted("version-1") {
            lines.push(line("a.txt", "<VersionId>version-1</VersionId>", ""));
        }
        let deleted = "<VersionId>version-2</VersionId><Deleted>true</Deleted>";
        lines.push(line(
            "a.txt",
            deleted,
            "<RemainingRetentionDays>6</RemainingRetentionDays>",
        ));
        let held = "<VersionId>version-3</VersionId>";
        lines.push(line("b.txt", held, "<LegalHold>true</LegalHold>"));
        lines.concat()
    }

    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let address = parts.uri.path_and_query().unwrap().as_str().to_owned();
        let query = parts.uri.query().unwrap_or("").to_owned();
        if parts.method == "DELETE" && query.contains("versionid=version-") {
            return self.delete(&query);
        }
        let mut sent = self
            .client
            .request(parts.method, format!("{}{address}", self.emulator));
        for (name, value) in &parts.headers {
            if name != "host" {
                sent = sent.header(name, value);
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let answer = sent.body(bytes).send().await.unwrap();
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if !["content-length", "transfer-encoding"].contains(&name.as_str()) {
                response = response.header(name, value);
            }
        }
        let mut bytes = answer.bytes().await.unwrap().to_vec();
        let lists = query.contains("comp=list") && query.contains("include=");
        if lists && parts.uri.path().ends_with("/sources") {
            let text = String::from_utf8(bytes)
                .unwrap()
                .replace("<Blobs/>", "<Blobs></Blobs>");
            bytes = text
                .replacen("<Blobs>", &format!("<Blobs>{}", self.kept()), 1)
                .into_bytes();
        }
        response.body(Body::from(bytes)).unwrap()
    }

    fn delete(&self, query: &str) -> Response {
        let refused = |code: &str| {
            let response = Response::builder().status(409).header("x-ms-error-code", code);
            response.body(Body::empty()).unwrap()
        };
        if query.contains("version-1") {
            self.deleted.lock().unwrap().insert("version-1".into());
            return Response::builder().status(202).body(Body::empty()).unwrap();
        }
        if query.contains("version-2") {
            assert!(query.to_lowercase().contains("deletetype=permanent"), "{query}");
            return refused("FeatureNotSupported");
        }
        refused("BlobImmutableDueToPolicy")
    }
}

async fn keeping(emulator: &str) -> String {
    let origin = url::Url::parse(emulator).unwrap().origin().ascii_serialization();
    let keeping = Keeping {
        emulator: origin.clone(),
        deleted: Arc::default(),
        client: reqwest::Client::new(),
    };
    let answer = async |State(keeping): State<Keeping>, request: Request| keeping.answer(request).await;
    let router = Router::new().fallback(answer).with_state(keeping);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    emulator.replacen(&origin, &address, 1)
}

const ERASE: &[&str] = &[
    "erase",
    "--recipe",
    "ehcp",
    "--case",
    "Zqcase-7",
    "--confirm",
    "Zqcase-7",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_policy_still_holds_after_an_erasure_is_told_with_its_reason_and_never_called_gone() {
    let app = App::start(&[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)]).await;
    published(&app, "Zqcase-7", "Zqfile.txt", "Zqchild Bell").await;
    let blobs = app.azurite.endpoints().0.as_str();
    let connection = app
        .azurite
        .connection_string()
        .replace(blobs, &keeping(blobs).await);
    let leased = app
        .storage
        .acquire_lease("drafts", "ehcp/Zqcase-7/report.html", 60)
        .await;
    let leased = leased.unwrap().unwrap();

    let mut erasing = command(&connection, ERASE);
    let output = tokio::task::spawn_blocking(move || erasing.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&told["complete"], &told["erased"]["earlier_copies"]),
        (&Value::Bool(false), &Value::from(1))
    );
    let remaining = told["remaining"].as_array().unwrap();
    let of = |name: &str, copy: &str| {
        let found = remaining
            .iter()
            .find(|one| one["name"].as_str().unwrap().ends_with(name) && one["copy"] == copy);
        found.unwrap_or_else(|| panic!("{name}, {copy}: {told:#}"))
    };
    assert_eq!(remaining.len(), 3, "{told:#}");
    assert_eq!(of("a.txt", "deleted version")["days_left"], 6);
    assert!(
        of("a.txt", "deleted version")["why"]
            .as_str()
            .unwrap()
            .contains("soft delete")
    );
    assert!(
        of("b.txt", "earlier version")["why"]
            .as_str()
            .unwrap()
            .contains("legal hold")
    );
    assert!(
        of("report.html", "blob")["why"]
            .as_str()
            .unwrap()
            .contains("lease")
    );
    let entries = entries(&app.storage).await;
    // Each process writes a file of its own, so the order of the files says nothing.
    let erased: Vec<&Value> = entries.iter().filter(|one| one["event"] == "erased").collect();
    assert_eq!(
        (erased.len(), &erased[0]["facts"]["stage"]),
        (2, &Value::from("begun"))
    );
    assert_eq!(erased[1]["facts"]["remaining"], 3);

    // What was leased goes when it is asked again.
    app.storage.release_lease(leased).await.unwrap();
    let mut again = command(&app.azurite.connection_string(), ERASE);
    let output = tokio::task::spawn_blocking(move || again.output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success());
    assert!(
        app.storage
            .list("drafts", "ehcp/Zqcase-7/", 10)
            .await
            .unwrap()
            .is_empty()
    );
}
