//! Document Intelligence against a service of this machine that answers what it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use reading::scan::Picture;
use recognition::{
    Address, Credential, DocumentIntelligence, Fault, Recognised, Recogniser as _, Settings, Timing,
};
use serde_json::{Value, json};
use wire::{Broken, Refused, Secret};

/// What the service got.
#[derive(Clone, Debug)]
struct Got {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: usize,
}

/// One answer.
#[derive(Clone)]
struct Says {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
    delay: Duration,
}

fn says(status: u16, body: Value) -> Says {
    Says {
        status,
        headers: Vec::new(),
        body,
        delay: Duration::ZERO,
    }
}

impl Says {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

struct Shared {
    answers: Mutex<VecDeque<Says>>,
    got: Arc<Mutex<Vec<Got>>>,
    base: String,
}

struct Fake {
    base: String,
    got: Arc<Mutex<Vec<Got>>>,
}

const RESULT: &str = "/documentintelligence/documentModels/prebuilt-layout/analyzeResults/7f8e";

impl Fake {
    async fn start(answers: Vec<Says>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::new(Shared {
            answers: Mutex::new(answers.into()),
            got: Arc::clone(&got),
            base: base.clone(),
        });
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, got }
    }

    fn client(&self) -> DocumentIntelligence {
        let key = Credential::Key(Secret::new("zqkey"));
        let settings = Settings {
            timing: Timing {
                attempt: Duration::from_millis(400),
                attempts: 3,
                first_pause: Duration::from_millis(5),
                longest_pause: Duration::from_millis(20),
            },
            between: Duration::from_millis(5),
            most_bytes: 20_000,
            ..Settings::new(Address::parse(&self.base).unwrap(), key)
        };
        DocumentIntelligence::new(settings, None).unwrap()
    }

    async fn asked(&self) -> Result<Recognised, Fault> {
        let picture = Picture {
            page: 3,
            width: 2480,
            height: 3508,
            dpi: 300.0,
            rules: Vec::new(),
            png: vec![7; 4321],
        };
        self.client()
            .recognise(&picture, Instant::now() + Duration::from_secs(5))
            .await
    }

    fn methods(&self) -> Vec<Method> {
        self.got
            .lock()
            .unwrap()
            .iter()
            .map(|got| got.method.clone())
            .collect()
    }
}

/// `{base}` in a header becomes the service's own address.
async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    shared.got.lock().unwrap().push(Got {
        method,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.len(),
    });
    let next = shared.answers.lock().unwrap().pop_front();
    let says = next.unwrap_or_else(|| says(204, Value::Null));
    tokio::time::sleep(says.delay).await;
    let mut response = (StatusCode::from_u16(says.status).unwrap(), says.body.to_string()).into_response();
    for (name, value) in says.headers {
        response
            .headers_mut()
            .insert(name, value.replace("{base}", &shared.base).parse().unwrap());
    }
    response
}

fn accepted() -> Says {
    says(202, Value::Null).with(
        "operation-location",
        &format!("{{base}}{RESULT}?api-version=2024-11-30"),
    )
}

fn running() -> Says {
    says(200, json!({ "status": "running" }))
}

fn done() -> Says {
    let word = json!({ "content": "reads", "confidence": 0.5, "polygon": [1, 2, 9, 2, 9, 8, 1, 8], "span": { "offset": 0, "length": 5 } });
    says(
        200,
        json!({ "status": "succeeded", "analyzeResult": { "pages": [{ "pageNumber": 1, "words": [word] }] } }),
    )
}

#[tokio::test]
async fn a_page_is_sent_waited_for_and_deleted() {
    let fake = Fake::start(vec![
        accepted().with("retry-after", "0"),
        running(),
        running(),
        done(),
    ])
    .await;
    let recognised = fake.asked().await.unwrap();
    assert_eq!(
        (recognised.words[0].text.as_str(), recognised.words[0].confidence),
        ("reads", 50)
    );
    assert_eq!(
        fake.methods(),
        [
            Method::POST,
            Method::GET,
            Method::GET,
            Method::GET,
            Method::DELETE
        ]
    );
    let got = fake.got.lock().unwrap().clone();
    assert_eq!(
        got[0].path,
        "/documentintelligence/documentModels/prebuilt-layout:analyze"
    );
    assert_eq!(
        got[0].query,
        "api-version=2024-11-30&stringIndexType=unicodeCodePoint"
    );
    assert_eq!(
        (got[0].body, got[0].headers["content-type"].to_str().unwrap()),
        (4321, "application/octet-stream")
    );
    for one in &got {
        assert_eq!(one.headers["ocp-apim-subscription-key"], "zqkey");
    }
    assert_eq!((got[1].path.as_str(), got[4].path.as_str()), (RESULT, RESULT));
}

#[tokio::test]
async fn whether_it_is_there_is_asked_without_a_page() {
    let fake = Fake::start(vec![
        says(200, json!({ "modelId": "prebuilt-layout" })),
        says(403, Value::Null),
    ])
    .await;
    let client = fake.client();
    let soon = || Instant::now() + Duration::from_secs(5);
    assert_eq!(client.reachable(soon()).await, Ok(()));
    assert_eq!(
        client.reachable(soon()).await,
        Err(Fault::Service(Refused::NoRights.into()))
    );
    let got = fake.got.lock().unwrap().clone();
    assert_eq!(
        (
            &got[0].method,
            got[0].path.as_str(),
            got[0].query.as_str(),
            got[0].body
        ),
        (
            &Method::GET,
            "/documentintelligence/documentModels/prebuilt-layout",
            "api-version=2024-11-30",
            0
        )
    );
    assert_eq!(got[0].headers["ocp-apim-subscription-key"], "zqkey");
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let throttled =
        says(429, json!({ "error": { "code": "429", "message": "Zqmarker" } })).with("retry-after", "0");
    let answers = vec![
        throttled.clone(),
        accepted(),
        says(503, Value::Null),
        throttled,
        running(),
        done(),
    ];
    let fake = Fake::start(answers).await;
    assert!(fake.asked().await.is_ok());
}

#[tokio::test]
async fn faults_have_names_and_hold_no_words() {
    let error = json!({ "error": { "code": "InvalidRequest", "message": "Zqmarker", "innererror": { "code": "InvalidContent" } } });
    let failed = says(
        200,
        json!({ "status": "failed", "error": { "code": "InternalServerError", "message": "Zqmarker" } }),
    );
    let slow = Says {
        delay: Duration::from_secs(2),
        ..accepted()
    };
    for (answers, expected) in [
        (
            vec![says(401, error.clone())],
            Fault::Service(Refused::WrongKey.into()),
        ),
        (
            vec![says(403, error.clone())],
            Fault::Service(Refused::NoRights.into()),
        ),
        (
            vec![says(404, error.clone())],
            Fault::Service(Refused::NotFound.into()),
        ),
        (
            vec![says(400, error.clone())],
            Fault::Service(
                Refused::BadRequest {
                    status: 400,
                    code: Some("InvalidContent".into()),
                }
                .into(),
            ),
        ),
        (
            vec![says(307, Value::Null).with("location", "https://elsewhere.example.org/")],
            Fault::Service(Refused::Redirected.into()),
        ),
        (vec![says(202, Value::Null)], Fault::Unreadable),
        (vec![accepted(), says(200, json!("Zqmarker"))], Fault::Unreadable),
        (
            vec![accepted(), failed],
            Fault::Failed {
                code: Some("InternalServerError".into()),
            },
        ),
        (
            vec![accepted(), says(200, json!("x".repeat(30_000)))],
            Fault::Service(Broken::TooLarge { limit: 20_000 }.into()),
        ),
        (
            vec![slow.clone(), slow.clone(), slow],
            Fault::Service(
                Broken::TimedOut {
                    limit: Duration::from_millis(400),
                }
                .into(),
            ),
        ),
    ] {
        let fake = Fake::start(answers).await;
        let fault = fake.asked().await.unwrap_err();
        assert_eq!(fault, expected);
        assert!(!fault.to_string().contains("Zqmarker"), "{fault}");
    }
}

#[tokio::test]
async fn a_result_on_another_host_is_not_asked_for() {
    for elsewhere in [
        "https://elsewhere.example.org/documentintelligence/x",
        "http://127.0.0.1:1/documentintelligence/x",
        "http://user@{base}/x",
        "/relative",
        "file:///etc/passwd",
    ] {
        let fake = Fake::start(vec![says(202, Value::Null).with("operation-location", elsewhere)]).await;
        assert_eq!(
            fake.asked().await,
            Err(Fault::Service(Refused::Redirected.into())),
            "{elsewhere}"
        );
        assert_eq!(fake.methods(), [Method::POST], "{elsewhere}");
    }
}

#[tokio::test]
async fn the_deadline_ends_the_waiting() {
    let fake = Fake::start(
        (0..500)
            .map(|n| if n == 0 { accepted() } else { running() })
            .collect(),
    )
    .await;
    let picture = Picture {
        page: 1,
        width: 1,
        height: 1,
        dpi: 300.0,
        rules: Vec::new(),
        png: Vec::new(),
    };
    let begun = Instant::now();
    let answer = fake
        .client()
        .recognise(&picture, begun + Duration::from_millis(300))
        .await;
    assert_eq!(answer, Err(Fault::Deadline));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[test]
fn an_address_is_https_or_this_machine() {
    for address in [
        "http://name.example.org",
        "name",
        "https://u:p@name.example.org",
        "ftp://name.example.org",
    ] {
        assert!(Address::parse(address).is_err(), "{address}");
    }
    for address in [
        "https://name.cognitiveservices.azure.com",
        "https://name.cognitiveservices.azure.com/",
        "http://localhost:9",
    ] {
        assert!(Address::parse(address).is_ok(), "{address}");
    }
}
