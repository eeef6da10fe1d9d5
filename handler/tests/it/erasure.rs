//! Erasing a case: nothing of it is left anywhere, nothing brings it back, and the audit log proves it.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use azure::{Put, Storage};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drafting::hash::Digest;
use serde_json::{Value, json};

use crate::app::{App, RESULTS, blob_event, message, output_json, report};
use crate::everything::{everything, places, signed};
use crate::site::{Site, stop};
use crate::tenant::platform_header;

pub const KEY: &str = "a-key-that-only-the-tests-know-0123456789";
const SETTINGS: &[(&str, &str)] = &[("QUIET_SECONDS", "0"), ("AUDIT_KEY", KEY)];
/// Words that stand in nothing but the case that is erased.
const MARKERS: [&str; 4] = ["Zqcase-7", "Zqchild", "Zqfile", "Zqanswer"];

fn confirmed(case: &str) -> Vec<u8> {
    json!({ "erase": case }).to_string().into_bytes()
}

/// Publishes a case of one document and gives its run.
pub async fn published(app: &App, case: &str, file: &str, child: &str) -> String {
    let outputs = app.upload_and_tell(case, file, report(child, "01/02/2018")).await;
    let confirmation = app.write(case, &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    // The second look would be another message.
    app.messages("confirmations").await;
    confirmation["run"].as_str().unwrap().to_owned()
}

/// The entries of the audit log.
pub async fn entries(storage: &Storage) -> Vec<Value> {
    let mut entries = Vec::new();
    for item in storage.list("audit", "", 1_000).await.unwrap() {
        let blob = storage.get("audit", &item.name).await.unwrap().unwrap();
        let text = String::from_utf8(blob.bytes).unwrap();
        entries.extend(
            text.lines()
                .map(|line| serde_json::from_str::<Value>(line).unwrap()),
        );
    }
    entries
}

async fn put(storage: &Storage, container: &str, name: &str, text: &str) {
    storage.ensure_container(container).await.unwrap();
    let bytes = text.as_bytes().to_vec();
    storage.put(container, name, bytes, Put::default()).await.unwrap();
}

/// All that a case can leave behind, beside its draft.
async fn traces(app: &App, case: &str, run: &str) {
    let prefix = format!("ehcp/{case}");
    let draft = app
        .storage
        .get("runs", &format!("{prefix}/{run}/draft.docx"))
        .await;
    let draft = draft.unwrap().unwrap().bytes;
    let order =
        json!({ "run": run, "sha256": Digest::of(&draft), "by": "An Officer", "accepts_critical": true });
    let path = format!("drafts/ehcp/{case}");
    let approved = app
        .send(
            "POST",
            &format!("{path}/approvals"),
            order.to_string().into_bytes(),
        )
        .await;
    assert_eq!(approved.0, 201, "{approved:?}");
    let edited = app.send("PUT", &format!("{path}/edit"), draft).await;
    assert_eq!(edited.0, 200, "{edited:?}");
    put(
        &app.storage,
        "runs",
        &format!("{prefix}/answers/a.json"),
        "Zqanswer",
    )
    .await;
    let blobs = app.azurite.endpoints().0.as_str().to_owned();
    let sources = app
        .storage
        .list("sources", &format!("{prefix}/"), 1)
        .await
        .unwrap();
    let source = format!("/sources/{}", sources[0].name);
    signed(&blobs, "PUT", &source, "comp=snapshot").await;
    app.upload(case, "deeper/Zqfile.txt", b"Zqchild".to_vec()).await;
    let undelivered = json!([{ "eventType": "Microsoft.Storage.BlobCreated", "deadLetterReason": "MaxDeliveryAttemptsExceeded",
        "subject": format!("/blobServices/default/containers/sources/blobs/{prefix}/Zqfile.txt"),
        "data": { "url": format!("https://a.blob.core.windows.net/sources/{prefix}/Zqfile.txt") } }]);
    let name = format!("topic/subscription/2026/11/22/9/{run}.json");
    put(
        &app.storage,
        "undelivered-events",
        &name,
        &undelivered.to_string(),
    )
    .await;
    let event = blob_event("ehcp", case, "deeper/Zqfile.txt");
    assert_eq!(app.call("draft-on-upload", &event).await.0, 200);
    let receipt = "blobreceipts/goldenthread-1/Host.Functions.draft-on-upload/\"0x8DD\"";
    put(
        &app.storage,
        "azure-webjobs-hosts",
        &format!("{receipt}/{}", &source[1..]),
        "",
    )
    .await;
}

/// Messages of every kind that name a case.
async fn queues(app: &App, case: &str, run: &str) {
    let request = json!({ "recipe": "ehcp", "case": case, "newest": { "modified": "2026-01-01T00:00:00Z", "name": "Zqfile.txt" } });
    let confirmation = json!({ "recipe": "ehcp", "case": case, "run": run });
    let event = json!({ "Type": "BlobTrigger", "FunctionId": "Host.Functions.draft-on-upload", "BlobType": "BlockBlob",
        "ContainerName": "sources", "BlobName": format!("ehcp/{case}/Zqfile.txt"), "ETag": "\"0x8DD\"" });
    let told = json!({ "eventType": "Microsoft.Storage.BlobCreated",
        "subject": format!("/blobServices/default/containers/sources/blobs/ehcp/{case}/Zqfile.txt"),
        "data": { "url": format!("https://a.blob.core.windows.net/sources/ehcp/{case}/Zqfile.txt") } });
    let callback = json!({ "recipe": "ehcp", "case": case, "delivery": "0".repeat(64), "since": "2026-01-01T00:00:00Z",
        "address": "https://hooks.example.org/" });
    for (queue, text) in [
        ("callbacks", &callback),
        ("callbacks-poison", &callback),
        ("draft-requests", &request),
        ("draft-requests-poison", &request),
        ("confirmations", &confirmation),
        ("confirmations-poison", &confirmation),
        ("webjobs-blobtrigger-poison", &event),
        ("azure-webjobs-blobtrigger-goldenthread-1", &event),
        ("webjobs-blobtrigger-goldenthread-1", &event),
        ("source-events-poison", &told),
    ] {
        app.storage.ensure_queue(queue).await.unwrap();
        app.storage
            .send(queue, &text.to_string(), Duration::ZERO)
            .await
            .unwrap();
    }
}

/// Of all that is held, what names or holds one of these words, in order.
async fn about(app: &App, words: &[&str]) -> Vec<(String, String)> {
    let found = everything(&app.storage, app.azurite.endpoints().0.as_str()).await;
    let stands = |one: &(String, String)| !places(std::slice::from_ref(one), words).is_empty();
    let mut about: Vec<_> = found.into_iter().filter(stands).collect();
    about.sort();
    about
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_erased_case_nothing_is_left_but_hashes_in_the_audit_log_and_its_neighbour_is_untouched() {
    let app = App::start(SETTINGS).await;
    let mut runs = Vec::new();
    for (case, file, child) in [
        ("Zqcase-7", "Zqfile.txt", "Zqchild Bell"),
        ("Zqcase-70", "Other.txt", "Vxother Bell"),
    ] {
        let run = published(&app, case, file, child).await;
        traces(&app, case, &run).await;
        runs.push((case, run));
    }
    for (case, run) in &runs {
        queues(&app, case, run).await;
    }
    // What the neighbour was given under the erased child's words by the helper above is the neighbour's.
    let neighbour = about(&app, &["Zqcase-70"]).await;
    assert!(neighbour.len() > 25, "{}", neighbour.len());
    let own = about(&app, &["Zqcase-7"]).await;
    for place in [
        "sources/",
        "drafts/",
        "runs/ehcp",
        "runs/refused",
        "published/",
        "azure-webjobs-hosts/",
        "undelivered-events/",
        "Snapshot",
    ] {
        assert!(own.iter().any(|(at, _)| at.contains(place)), "{place}");
    }
    assert_eq!(own.iter().filter(|(at, _)| at.starts_with("queue ")).count(), 10);

    for wrong in [
        &b""[..],
        b"{}",
        &confirmed("Zqcase-70"),
        br#"{"erase": "Zqcase-7", "x": 1}"#,
    ] {
        let (status, problem) = app.send("DELETE", "drafts/ehcp/Zqcase-7", wrong.to_vec()).await;
        assert_eq!((status, &problem["code"]), (400, &json!("not-confirmed")));
    }
    assert_eq!(about(&app, &["Zqcase-7"]).await.len(), own.len());
    let address = format!("{}/api/drafts/ehcp/Zqcase-7", app.base);
    let answer = app
        .client
        .delete(address)
        .body(confirmed("Zqcase-7"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let sha256 = answer.headers()["x-report-sha256"].to_str().unwrap().to_owned();
    let bytes = answer.bytes().await.unwrap();
    let told: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        (&told["complete"], &told["remaining"]),
        (&json!(true), &json!([])),
        "{told:#}"
    );
    assert_eq!(
        told["erased"]["messages"].as_object().unwrap().len(),
        10,
        "{told:#}"
    );
    assert_eq!(
        (&told["erased"]["receipts"], &told["erased"]["blobs"]["sources"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(
        about(&app, &["Zqcase-7", "Zqanswer"])
            .await
            .iter()
            .filter(|(at, _)| !at.contains("Zqcase-70"))
            .count(),
        0
    );
    assert_eq!(about(&app, &["Zqchild Bell"]).await, []);
    assert_eq!(about(&app, &["Zqcase-70"]).await, neighbour);

    // The proof: the report's own digest, and no name.
    let erased: Vec<Value> = entries(&app.storage)
        .await
        .into_iter()
        .filter(|one| one["event"] == "erased")
        .collect();
    assert_eq!((erased.len(), &erased[0]["facts"]["stage"]), (2, &json!("begun")));
    assert_eq!(
        (erased[1]["document"].as_str(), &erased[1]["facts"]["remaining"]),
        (Some(sha256.as_str()), &json!(0))
    );
    assert_eq!(Digest::of(&bytes).as_str(), sha256);
    // Once more: nothing is there, and that is told as well.
    let (status, again) = app
        .send("DELETE", "drafts/ehcp/Zqcase-7", confirmed("Zqcase-7"))
        .await;
    assert_eq!(
        (status, &again["complete"], &again["erased"]["blobs"]),
        (200, &json!(true), &json!({}))
    );
    assert_eq!(app.get("drafts/ehcp/Zqcase-7").await.0, 404);
    assert!(!app.log().contains("Zq"), "{}", app.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_for_an_erased_case_does_nothing_and_a_new_document_begins_a_new_case() {
    let app = App::start(SETTINGS).await;
    let outputs = app
        .upload_and_tell("Zqcase-7", "Zqfile.txt", report("Zqchild Bell", "01/02/2018"))
        .await;
    let (status, problem) = app
        .send("DELETE", "drafts/ehcp/Zqcase-7", confirmed("Zqcase-7"))
        .await;
    assert_eq!(
        (status, &problem["code"]),
        (409, &json!("busy")),
        "the host is writing the results"
    );
    let confirmation = app.write("Zqcase-7", &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    // The second look is delayed already, and so is a request.
    let request = json!({ "recipe": "ehcp", "case": "Zqcase-7", "asked": true });
    let text = request.to_string();
    let delay = Duration::from_secs(4);
    app.storage.send("draft-requests", &text, delay).await.unwrap();
    let (status, told) = app
        .send("DELETE", "drafts/ehcp/Zqcase-7", confirmed("Zqcase-7"))
        .await;
    assert_eq!((status, &told["complete"]), (200, &json!(true)), "{told:#}");
    assert!(
        told["not_seen"].to_string().contains("`draft-requests`"),
        "{told:#}"
    );

    // A host that writes late, and everything else that can still come.
    let confirmation = app.write("Zqcase-7", &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    for (function, payload) in [
        ("draft-on-upload", blob_event("ehcp", "Zqcase-7", "Zqfile.txt")),
        ("draft-queued", message("request", &request)),
        ("poisoned-requests", message("message", &request)),
        ("poisoned-confirmations", message("message", &confirmation)),
        (
            "poisoned-uploads",
            message(
                "message",
                &json!({ "ContainerName": "sources", "BlobName": "ehcp/Zqcase-7/Zqfile.txt" }),
            ),
        ),
    ] {
        assert_eq!(app.call(function, &payload).await, (200, json!({})), "{function}");
    }
    let order = json!({ "run": confirmation["run"], "sha256": Digest::of(b"x"), "by": "x" }).to_string();
    let approving = app
        .send("POST", "drafts/ehcp/Zqcase-7/approvals", order.into_bytes())
        .await;
    assert_eq!(approving.0, 404);
    // The delayed one, and the request that took the poisoned upload's place, come and are gone.
    let end = Instant::now() + Duration::from_secs(60);
    while app.storage.approximate_count("draft-requests").await.unwrap() > 0 {
        assert!(Instant::now() < end);
        for held in app
            .storage
            .receive("draft-requests", 32, Duration::from_secs(60))
            .await
            .unwrap()
        {
            let request: Value = serde_json::from_slice(&held.decoded().unwrap()).unwrap();
            assert_eq!(
                app.call("draft-queued", &message("request", &request)).await,
                (200, json!({}))
            );
            app.storage.delete_message("draft-requests", &held).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(about(&app, &MARKERS).await, []);

    let outputs = app
        .upload_and_tell("Zqcase-7", "Appendix B.txt", report("Ada Bell", "01/02/2018"))
        .await;
    let record = output_json(&outputs, "record");
    assert_eq!(
        (record["sources"].as_array().unwrap().len(), record.get("changes")),
        (1, None)
    );
    assert!(!record.to_string().contains("Zqchild"));
    assert_eq!(app.confirm(&app.write("Zqcase-7", &outputs).await).await, 200);
    assert_eq!(app.get("drafts/ehcp/Zqcase-7").await.0, 200);
    // With its documents taken away by hand it is not taken for the erased one.
    app.storage
        .delete("sources", "ehcp/Zqcase-7/Appendix B.txt")
        .await
        .unwrap();
    assert_eq!(
        app.call("draft-queued", &message("request", &request)).await.0,
        200
    );
    assert_eq!(app.get("drafts/ehcp/Zqcase-7/draft.docx").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_place_that_the_sweep_keeps_names_no_erased_case() {
    let mut settings = SETTINGS.to_vec();
    settings.push(("SWEEP_CASES", "1"));
    let app = App::start(&settings).await;
    published(&app, "Zqcase-7", "Zqfile.txt", "Zqchild Bell").await;
    published(&app, "Zzcase-8", "Other.txt", "Vxother Bell").await;
    // A turn of one case ends within the listing, and its place is a name.
    let place = async || {
        assert_eq!(
            app.call("sweep", &json!({ "Data": {}, "Metadata": {} })).await.0,
            200
        );
        let cursor = app.json("runs", "sweep/cursor.json").await.unwrap();
        cursor["after"].as_str().unwrap_or_default().to_owned()
    };
    let end = Instant::now() + Duration::from_secs(60);
    while !place().await.contains("Zqcase-7") {
        assert!(
            Instant::now() < end,
            "the sweep keeps no such place any more: this tests nothing"
        );
    }
    let (status, told) = app
        .send("DELETE", "drafts/ehcp/Zqcase-7", confirmed("Zqcase-7"))
        .await;
    assert_eq!((status, &told["complete"]), (200, &json!(true)), "{told:#}");
    assert_eq!(about(&app, &MARKERS).await, []);
    // A message that comes late makes a lock of that name for a moment.
    let request = json!({ "recipe": "ehcp", "case": "Zqcase-7", "asked": true });
    app.call("draft-queued", &message("request", &request)).await;
    let before = app.json("runs", "sweep/cursor.json").await.unwrap();
    assert_eq!(before.get("after"), None, "{before}");
    assert!(!place().await.contains("Zqcase-7"));
    assert_eq!(about(&app, &MARKERS).await, []);
}

/// The command line over an app's account.
pub fn command(connection: &str, arguments: &[&str]) -> Command {
    let recipes = concat!(env!("CARGO_MANIFEST_DIR"), "/../recipes");
    let mut command = Command::new(env!("CARGO_BIN_EXE_handler"));
    command
        .args(arguments)
        .env_clear()
        .env("DocumentStorage", connection)
        .env("AzureWebJobsStorage", connection)
        .env("RECIPES_PATH", recipes)
        .env("LEASE_SECONDS", "15")
        .env("AUDIT_KEY", KEY);
    command
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
async fn an_erasure_killed_in_the_middle_blocks_the_case_and_is_brought_to_its_end() {
    let app = App::start(SETTINGS).await;
    published(&app, "Zqcase-7", "Zqfile.txt", "Zqchild Bell").await;
    for number in 0..600 {
        put(
            &app.storage,
            "runs",
            &format!("ehcp/Zqcase-7/answers/{number}.json"),
            "Zqanswer",
        )
        .await;
    }
    let connection = app.azurite.connection_string();
    let mut child = command(&connection, ERASE).stdout(Stdio::null()).spawn().unwrap();
    while app
        .storage
        .list("runs", "ehcp/Zqcase-7/answers/", 1_000)
        .await
        .unwrap()
        .len()
        == 600
    {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it was done before it could be killed"
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_ne!(about(&app, &["Zqanswer"]).await, []);

    // Half of it is there; nobody drafts from that. A document that comes now waits for its turn.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let later = app
        .upload_and_tell("Zqcase-7", "New.txt", report("Ada Bell", "01/02/2018"))
        .await;
    assert_eq!(later, json!({}));
    let mut finished = command(&connection, &["retention"]);
    // The killed one's lease ends by itself.
    tokio::time::sleep(Duration::from_secs(16)).await;
    let output = tokio::task::spawn_blocking(move || finished.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("1 unfinished"), "{said}");
    assert_eq!(about(&app, &["Zqchild", "Zqfile", "Zqanswer"]).await, []);
    let there = app.storage.list("sources", "ehcp/Zqcase-7/", 10).await.unwrap();
    assert_eq!(
        there.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(),
        ["ehcp/Zqcase-7/New.txt"]
    );
    let (_, outputs) = app
        .call(
            "draft-queued",
            &message("request", &json!({ "recipe": "ehcp", "case": "Zqcase-7" })),
        )
        .await;
    assert!(output_json(&outputs, "record")["run"].is_string());

    app.confirm(&app.write("Zqcase-7", &outputs).await).await;
    let mut again = command(&connection, ERASE);
    let output = tokio::task::spawn_blocking(move || again.output().unwrap())
        .await
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(about(&app, &["Zqcase-7"]).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn export_and_erasure_need_the_administrator_of_the_recipe_and_stand_in_the_audit_log() {
    let app = App::start(&[
        ("PLATFORM_AUTHENTICATION", "on"),
        ("WEBSITE_AUTH_ENABLED", "True"),
        ("QUIET_SECONDS", "0"),
        ("AUDIT_KEY", KEY),
        ("CALLS_PER_MINUTE", "3"),
    ])
    .await;
    published(&app, "Zqcase-7", "Zqfile.txt", "Zqchild Bell").await;
    let asked = async |method: &str, roles: &[&str]| {
        let path = if method == "GET" { "/export" } else { "" };
        let address = format!("{}/api/drafts/ehcp/Zqcase-7{path}", app.base);
        let mut request = app
            .client
            .request(method.parse().unwrap(), address)
            .body(confirmed("Zqcase-7"));
        if !roles.is_empty() {
            request = request.header("x-ms-client-principal", platform_header(roles));
        }
        request.send().await.unwrap().status().as_u16()
    };
    for method in ["GET", "DELETE"] {
        assert_eq!(asked(method, &[]).await, 401);
        assert_eq!(asked(method, &["Drafts.Administer.minutes"]).await, 404);
        assert_eq!(asked(method, &["Drafts.Write", "Drafts.Review"]).await, 403);
    }
    assert_eq!(asked("GET", &["Drafts.Administer.ehcp"]).await, 200);
    assert_eq!(asked("DELETE", &["Drafts.Administer"]).await, 200);
    assert_eq!(asked("GET", &["Drafts.Administer"]).await, 404);
    assert_eq!(
        asked("GET", &["Drafts.Administer"]).await,
        429,
        "administrators are counted"
    );
    let entries = entries(&app.storage).await;
    let who: Vec<(&str, bool)> = entries
        .iter()
        .filter(|one| matches!(one["event"].as_str(), Some("exported" | "erased")))
        .map(|one| (one["event"].as_str().unwrap(), one["who"].is_string()))
        .collect();
    assert_eq!(who, [("exported", true), ("erased", true), ("erased", true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_host_an_erased_case_leaves_neither_receipts_nor_results() {
    let site = Site::new().await;
    let host = site.host(&[("QUIET_SECONDS", "0")]).await;
    for (case, child) in [("Zqcase-7", "Zqchild Bell"), ("Zqcase-70", "Vxother Bell")] {
        site.upload(case, "Appendix D.txt", report(child, "01/02/2018"))
            .await;
        site.published(&host, case, 60).await;
    }
    let address = format!("{}/api/drafts/ehcp/Zqcase-7", host.base_url());
    let client = reqwest::Client::new();
    let archive = client.get(format!("{address}/export")).send().await.unwrap();
    assert_eq!(archive.headers()["content-type"], "application/zip");
    let archive = archive.bytes().await.unwrap();
    assert!(crate::everything::unpacked(&archive).contains("Zqchild"));
    let answer = client
        .delete(&address)
        .body(confirmed("Zqcase-7"))
        .send()
        .await
        .unwrap();
    let told: Value = answer.json().await.unwrap();
    assert_eq!(
        (&told["complete"], &told["erased"]["receipts"]),
        (&json!(true), &json!(1)),
        "{told:#}"
    );
    // The second look at the publication is delayed by 45 s: it comes, finds the mark, and is gone.
    site.drained("confirmations").await;
    let found = everything(&site.storage, site.azurite.endpoints().0.as_str()).await;
    assert_eq!(places(&found, &MARKERS), []);
    for (_, file) in RESULTS {
        let there = site
            .storage
            .get("drafts", &format!("ehcp/Zqcase-70/{file}"))
            .await
            .unwrap();
        assert!(there.is_some(), "{file}");
    }
    site.nothing_failed(&host).await;
    stop(host).await;
}

/// The draft of a run, from its outputs.
pub fn draft(outputs: &Value) -> Vec<u8> {
    STANDARD.decode(outputs["draft"].as_str().unwrap()).unwrap()
}
