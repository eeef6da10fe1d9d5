//! Whoever asked for a draft is called back, at allowed addresses only, and whatever becomes of that the draft stands.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};

use crate::app::{App, message, report};
use crate::erasure::{entries, published};
use crate::site::{Site, stop};

const KEY: &str = "a-key-for-tests-of-more-than-32-characters";
const SETTINGS: [(&str, &str); 5] = [
    ("QUIET_SECONDS", "0"),
    ("CALLBACK_HOSTS", "localhost, *.example.org"),
    ("CALLBACK_KEY", KEY),
    ("CALLBACK_RETRY_SECONDS", "1"),
    ("CALLBACK_LOOPBACK", "on"),
];

/// A call as it arrived.
#[derive(Clone, Debug)]
struct Call {
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Call {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// Somebody who is called, and answers with these statuses in turn, the last again and again.
#[derive(Clone)]
struct Receiver {
    calls: Arc<Mutex<Vec<Call>>>,
    answers: Arc<Vec<u16>>,
    address: SocketAddr,
}

impl Receiver {
    async fn answering(answers: &[u16]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            calls: Arc::default(),
            answers: Arc::new(answers.to_vec()),
            address: listener.local_addr().unwrap(),
        };
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    fn hook(&self) -> String {
        format!("http://localhost:{}/hook?sig=topsecret", self.address.port())
    }

    fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

async fn take(State(receiver): State<Receiver>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1_000_000).await.unwrap();
    let headers = head.headers.iter();
    let call = Call {
        path: head.uri.to_string(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let mut calls = receiver.calls.lock().unwrap();
    let answer = receiver
        .answers
        .get(calls.len())
        .or(receiver.answers.last())
        .unwrap();
    calls.push(call);
    let status = StatusCode::from_u16(*answer).unwrap();
    (status, [("location", "/elsewhere")]).into_response()
}

fn order(callback: &str) -> Value {
    let content = STANDARD.encode(report("Ada Bell", "01/02/2018"));
    json!({ "callback": callback, "documents": [{ "name": "Appendix B.txt", "content": content }] })
}

async fn stamped(site: &Site, case: &str, state: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(90);
    loop {
        let status = site
            .json("runs", &format!("ehcp/{case}/status.json"))
            .await
            .unwrap_or_default();
        if status["callback"]["state"] == state {
            return status;
        }
        assert!(Instant::now() < end, "never {state}: {status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn repetitions_of_a_call_with_a_key_are_known_by_one_delivery() {
    let app = App::start(&SETTINGS).await;
    let text = order("https://flows.example.org/hook").to_string();
    let delivery = async |key: &str| {
        let length = text.len().to_string();
        let headers = json!({ "Content-Type": ["application/json"], "Content-Length": [length], "Idempotency-Key": [key] });
        assert_eq!(app.http("ehcp", "c1", &headers, Some(&text)).await.0, 202);
        let waiting = app.due("callbacks").await;
        assert_eq!(waiting.len(), 1);
        waiting[0]["delivery"].as_str().unwrap().to_owned()
    };
    let first = delivery("one").await;
    // As if the process had died before it kept what it answered.
    let kept = app
        .storage
        .list("runs", "ehcp/c1/keys/", 10)
        .await
        .unwrap()
        .remove(0)
        .name;
    let mut entry = app.json("runs", &kept).await.unwrap();
    entry["answer"].take();
    let bytes = entry.to_string().into_bytes();
    app.storage
        .put("runs", &kept, bytes, azure::Put::default())
        .await
        .unwrap();
    assert_eq!(delivery("one").await, first);
    assert_ne!(delivery("another").await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_is_called_back_when_the_draft_has_ended_and_again_until_it_arrives() {
    let site = Site::new().await;
    let mut settings = SETTINGS.to_vec();
    settings.push(("PUBLIC_BASE_URL", "https://app.example.org"));
    let host = site.host(&settings).await;
    let (good, bad, sends_on) = (
        Receiver::answering(&[503, 200]).await,
        Receiver::answering(&[400, 200]).await,
        Receiver::answering(&[307]).await,
    );
    let client = reqwest::Client::new();
    for (case, receiver) in [("c1", &good), ("c2", &bad), ("c3", &sends_on)] {
        let address = format!("{}/api/drafts/ehcp/{case}", host.base_url());
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let call = client.post(&address).json(&order(&receiver.hook()));
            let status = call.send().await.unwrap().status();
            if status == 202 {
                break;
            }
            // The app is still making its containers.
            assert!(status == 503 && Instant::now() < end, "{status}");
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
    let status = stamped(&site, "c1", "delivered").await;
    assert_eq!(
        (&status["state"], &status["callback"]["tries"]),
        (&json!("published"), &json!(2)),
        "{status}"
    );
    let calls = good.calls();
    assert_eq!(calls.len(), 2);
    for call in &calls {
        assert_eq!(call.path, "/hook?sig=topsecret");
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
        mac.update(format!("{}.{}", call.header("golden-thread-timestamp"), call.body).as_bytes());
        let bytes = mac.finalize().into_bytes();
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = hex.concat();
        assert_eq!(call.header("golden-thread-signature"), format!("sha256={hex}"));
        let body: Value = serde_json::from_str(&call.body).unwrap();
        assert_eq!(body["delivery"], call.header("golden-thread-delivery"));
        assert_eq!(
            (
                &body["recipe"],
                &body["case"],
                &body["state"],
                &body["outcome"],
                &body["status"]
            ),
            (
                &json!("ehcp"),
                &json!("c1"),
                &json!("published"),
                &json!("needs_review"),
                &json!(200)
            ),
        );
        assert_eq!(body["run"], status["published"]);
        assert_eq!(
            body["links"]["draft"],
            "https://app.example.org/api/drafts/ehcp/c1/draft.docx"
        );
        for word in ["Ada", "Bell", "Appendix"] {
            assert!(!call.body.contains(word), "{}", call.body);
        }
    }
    assert_eq!(
        calls[0].header("golden-thread-delivery"),
        calls[1].header("golden-thread-delivery")
    );

    // What did not arrive can be seen, and costs the draft nothing. A redirect leads nowhere.
    for (case, receiver, code) in [("c2", &bad, "400"), ("c3", &sends_on, "307")] {
        let status = stamped(&site, case, "failed").await;
        assert!(
            status["callback"]["problem"].as_str().unwrap().contains(code),
            "{status}"
        );
        site.published(&host, case, 30).await;
        assert_eq!(receiver.calls().len(), 1);
        let told: Value = reqwest::get(format!("{}/api/drafts/ehcp/{case}", host.base_url()))
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(
            (&told["state"], &told["callback"]["state"]),
            (&json!("published"), &json!("failed"))
        );
        assert!(!told.to_string().contains("topsecret"));
    }
    repeated(&site, &host.base_url(), &bad, &sends_on).await;
    site.drained("callbacks").await;
    site.drained("callbacks-poison").await;
    site.nothing_failed(&host).await;
    assert!(
        !format!("{:?}", host.log().lines()).contains("topsecret"),
        "an address was logged"
    );
    stop(host).await;
}

/// What did not arrive is found in the list and made again when somebody asks for it.
async fn repeated(site: &Site, base: &str, bad: &Receiver, sends_on: &Receiver) {
    let client = reqwest::Client::new();
    let failed = async || -> Vec<String> {
        let list = client.get(format!("{base}/api/drafts/ehcp?callback=failed"));
        let list: Value = list.send().await.unwrap().json().await.unwrap();
        let cases = list["cases"].as_array().unwrap();
        cases
            .iter()
            .map(|case| case["case"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(failed().await, ["c2", "c3"]);
    let replay = client.post(format!("{base}/api/drafts/ehcp/c2/replay"));
    assert_eq!(replay.send().await.unwrap().status(), 202);
    stamped(site, "c2", "delivered").await;
    let calls = bad.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(
        calls[0].header("golden-thread-delivery"),
        calls[1].header("golden-thread-delivery")
    );
    let replay = client.post(format!("{base}/api/drafts/ehcp/c2/replay"));
    assert_eq!(
        replay.send().await.unwrap().status(),
        409,
        "nothing is left to repeat"
    );
    let all = client
        .post(format!("{base}/api/replays/ehcp"))
        .send()
        .await
        .unwrap();
    let all: Value = all.json().await.unwrap();
    assert_eq!((&all["cases"], &all["messages"]), (&json!(1), &json!(0)));
    let end = Instant::now() + Duration::from_secs(60);
    while sends_on.calls().len() < 2 || failed().await != ["c3"] {
        assert!(Instant::now() < end, "it was not called again");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn undelivered(case: &str) -> Value {
    json!({ "recipe": "ehcp", "case": case, "delivery": "0".repeat(64), "since": "2026-11-01T00:00:00Z",
        "address": "https://hooks.example.org/?sig=topsecret", "tries": 8 })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_ended_on_the_poison_queue_is_told_kept_and_repeated_and_its_address_stays_with_the_case()
 {
    let app = App::start(&SETTINGS).await;
    published(&app, "c1", "Appendix B.txt", "Ada Bell").await;
    let poisoned = message("message", &undelivered("c1"));
    assert_eq!(app.call("poisoned-callbacks", &poisoned).await, (200, json!({})));
    let status = app.json("runs", "ehcp/c1/status.json").await.unwrap();
    assert_eq!(
        (
            &status["state"],
            &status["callback"]["state"],
            &status["callback"]["tries"]
        ),
        (&json!("published"), &json!("failed"), &json!(8))
    );
    let kept = app.storage.list("runs", "ehcp/c1/callbacks/", 10).await.unwrap();
    assert_eq!(kept.len(), 1);
    let entries = entries(&app.storage).await;
    let told = entries.iter().find(|one| one["event"] == "failed").unwrap();
    assert_eq!(told["facts"], json!({ "tries": 8, "what": "callback" }));
    // Nothing that is given away holds the address.
    app.storage
        .send("callbacks-poison", &undelivered("c1").to_string(), Duration::ZERO)
        .await
        .unwrap();
    let (_, _, archive) = app.get("drafts/ehcp/c1/export").await;
    let archive = crate::everything::unpacked(&archive);
    assert!(!archive.contains("topsecret") && archive.contains("a secret of the flow's"));
    assert!(archive.contains(r#""tries":8"#), "the message itself is there");
    assert!(
        !app.get("drafts/ehcp/c1")
            .await
            .2
            .windows(9)
            .any(|bytes| bytes == b"topsecret")
    );

    let (status, _) = app.send("POST", "drafts/ehcp/c1/replay", Vec::new()).await;
    assert_eq!(status, 202);
    let left = app.messages("callbacks").await;
    assert_eq!(
        (left.len(), &left[0]["tries"], &left[0]["delivery"]),
        (1, &json!(0), &json!("0".repeat(64)))
    );
    let status = app.json("runs", "ehcp/c1/status.json").await.unwrap();
    assert_eq!(status["callback"]["state"], "retrying");
    assert!(
        app.storage
            .list("runs", "ehcp/c1/callbacks/", 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(app.send("POST", "drafts/ehcp/c1/replay", Vec::new()).await.0, 409);
    assert!(!app.log().contains("topsecret"), "{}", app.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_callback_of_nobody_of_a_busy_case_or_of_an_erased_one_does_no_harm() {
    let app = App::start(&SETTINGS).await;
    let unknown = message("message", &undelivered("c0"));
    assert_eq!(app.call("poisoned-callbacks", &unknown).await, (200, json!({})));
    assert!(
        app.storage
            .list("runs", "ehcp/c0/callbacks/", 10)
            .await
            .unwrap()
            .is_empty()
    );
    let nothing = json!({ "case": "c1", "address": "https://hooks.example.org/?sig=topsecret" });
    app.call("poisoned-callbacks", &message("message", &nothing))
        .await;
    let refused = app.storage.list("runs", "refused/", 10).await.unwrap();
    let note = app.storage.get("runs", &refused[0].name).await.unwrap().unwrap();
    assert!(!String::from_utf8(note.bytes).unwrap().contains("topsecret"));

    published(&app, "c1", "Appendix B.txt", "Ada Bell").await;
    let lease = app
        .storage
        .acquire_lease("runs", "ehcp/c1/lock.json", 15)
        .await
        .unwrap()
        .unwrap();
    let poisoned = message("message", &undelivered("c1"));
    assert_eq!(app.call("poisoned-callbacks", &poisoned).await, (200, json!({})));
    assert_eq!(
        app.storage.approximate_count("callbacks-poison").await.unwrap(),
        1,
        "it comes again"
    );
    app.storage.release_lease(lease).await.unwrap();
    app.call("poisoned-callbacks", &poisoned).await;
    let order = json!({ "erase": "c1" }).to_string().into_bytes();
    let (status, told) = app.send("DELETE", "drafts/ehcp/c1", order).await;
    assert_eq!((status, &told["complete"]), (200, &json!(true)), "{told:#}");
    assert_eq!(app.call("poisoned-callbacks", &poisoned).await, (200, json!({})));
    assert!(app.storage.list("runs", "ehcp/c1/", 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_is_called_whom_the_settings_do_not_name() {
    let app = App::start(&SETTINGS).await;
    for address in [
        "https://evil.example/",
        "https://example.org/",
        "https://example.org.evil.example/",
        "https://hooks.example.org@evil.example/",
        "https://user:pass@hooks.example.org/",
        "https://127.0.0.1/",
        "http://127.0.0.1:10000/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "http://169.254.169.254/metadata/identity/oauth2/token",
        "http://168.63.129.16/machine",
        "https://metadata.google.internal/",
        "file:///etc/passwd",
        "gopher://localhost/",
        "//hooks.example.org/",
        "hooks.example.org",
        "",
    ] {
        let (status, _, body) = app.request("ehcp", "c1", &order(address)).await;
        assert_eq!(
            (status, body["code"].as_str()),
            (422, Some("callback")),
            "{address}"
        );
        assert!(
            address.is_empty() || !body.to_string().contains(address),
            "{body}"
        );
    }
    assert!(
        app.storage.list("sources", "", 10).await.unwrap().is_empty(),
        "nothing was done"
    );
    assert_eq!(app.storage.approximate_count("callbacks").await.unwrap_or(0), 0);
}

#[tokio::test]
async fn without_hosts_nobody_is_called_back() {
    let app = App::start(&[]).await;
    let (status, _, body) = app
        .request("ehcp", "c1", &order("https://hooks.example.org/"))
        .await;
    assert_eq!((status, body["code"].as_str()), (422, Some("callback")));
}
