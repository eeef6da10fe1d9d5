//! Many events, many uploads, many hands on one case: one draft for each state of each case, and none for being busy lost.
//!
//! `CROWD_CASES` sets how many cases get their events at once (twelve by default, the benchmark takes fifty).

use std::time::{Duration, Instant};

use devhost::DevHost;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::app::{App, message, output_json, report, sample_files};
use crate::site::{Site, stop};

/// Documents of a case, each of which is told twice.
const DOCUMENTS: usize = 3;

fn child(case: usize) -> String {
    format!("Quillon{case}q")
}

fn case(number: usize) -> String {
    format!("crowd-{number}")
}

/// Both events of every document of every case, in an order in which neighbours have nothing to do with each other.
fn events(site: &Site, cases: usize) -> Vec<Value> {
    let (blobs, _) = site.azurite.endpoints();
    let all = cases * DOCUMENTS * 2;
    // Seven has no divisor in common with the numbers that are used here.
    let shuffled = (0..all).map(|at| at * 7 % all);
    let event = |at: usize| {
        let (number, document) = (at / 2 / DOCUMENTS, at / 2 % DOCUMENTS);
        let url = format!(
            "{}/sources/ehcp/{}/Report {document}.txt",
            blobs.as_str().trim_end_matches('/'),
            case(number)
        );
        json!({
            "id": at.to_string(), "eventType": "Microsoft.Storage.BlobCreated", "subject": "/blobServices/default",
            "eventTime": "2026-11-22T00:00:00Z", "dataVersion": "", "metadataVersion": "1",
            "data": { "url": url.replace(' ', "%20"), "eTag": "0x8D", "blobType": "BlockBlob", "contentLength": 1 },
        })
    };
    shuffled.map(event).collect()
}

/// Every document once more, by hand: of equal events of Event Grid the host itself passes over the second.
async fn tell_again(host: &DevHost, cases: usize) {
    let address = format!("{}/admin/functions/draft-on-upload", host.base_url());
    let client = reqwest::Client::new();
    for at in (0..cases * DOCUMENTS).rev() {
        let input = format!(
            "sources/ehcp/{}/Report {}.txt",
            case(at / DOCUMENTS),
            at % DOCUMENTS
        );
        let fired = client
            .post(&address)
            .json(&json!({ "input": input }))
            .send()
            .await
            .unwrap();
        assert_eq!(fired.status().as_u16(), 202);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicate_events_in_a_crowd_and_out_of_order_are_one_draft_a_case_of_its_own_documents() {
    let cases: usize = std::env::var("CROWD_CASES").map_or(12, |cases| cases.parse().unwrap());
    let site = Site::by_event_grid().await;
    let host = site.host(&[("QUIET_SECONDS", "2")]).await;
    for number in 0..cases {
        for document in 0..DOCUMENTS {
            let text = report(&child(number), "01/02/2018");
            let text = [text, format!("\nThis is report {document}.\n").into_bytes()].concat();
            site.upload(&case(number), &format!("Report {document}.txt"), text)
                .await;
        }
    }
    let events = events(&site, cases);
    let begun = Instant::now();
    let address = format!(
        "{}/runtime/webhooks/blobs?functionName=Host.Functions.draft-on-upload",
        host.base_url()
    );
    let told = reqwest::Client::new()
        .post(address)
        .header("aeg-event-type", "Notification")
        .json(&events)
        .send()
        .await
        .unwrap();
    assert_eq!(told.status().as_u16(), 202);
    tell_again(&host, cases).await;
    for number in 0..cases {
        site.published(&host, &case(number), 300).await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    for queue in ["draft-requests", "draft-requests-poison"] {
        site.drained(queue).await;
    }
    for number in 0..cases {
        let case = case(number);
        assert_eq!(site.runs(&case).await, 1, "{case} is doubled");
        let record = site
            .json("drafts", &format!("ehcp/{case}/record.json"))
            .await
            .unwrap();
        assert_eq!(record["sources"].as_array().unwrap().len(), DOCUMENTS);
        let text = record.to_string();
        let others = (0..cases).filter(|other| *other != number);
        assert!(
            text.contains(&child(number)) && others.map(child).all(|other| !text.contains(&other)),
            "{case}"
        );
    }
    site.nothing_failed(&host).await;
    let seen_to = host.tally("draft-on-upload").started;
    assert!(seen_to >= cases * DOCUMENTS * 2, "{seen_to}");
    println!("EVENTS {seen_to} CASES {cases} SECONDS {seconds:.1}");
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn six_uploads_one_after_the_other_are_one_draft() {
    let site = Site::new().await;
    // Longer than a busy machine may stand still between two uploads.
    let host = site.host(&[("QUIET_SECONDS", "10")]).await;
    for document in 0..6 {
        let name = format!("Report {document}.txt");
        site.upload("six", &name, report("Ada Bell", "01/02/2018")).await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    site.published(&host, "six", 60).await;
    site.drained("draft-requests").await;
    let record = site.json("drafts", "ehcp/six/record.json").await.unwrap();
    assert_eq!(
        (
            record["sources"].as_array().unwrap().len(),
            site.runs("six").await
        ),
        (6, 1)
    );
    site.nothing_failed(&host).await;
    stop(host).await;
}

/// Sees to the requests of `c1` as a host with several instances does, until there are none; gives the last results.
async fn until_quiet(apps: &[&App]) -> Value {
    let (mut last, end) = (Value::Null, Instant::now() + Duration::from_secs(90));
    let storage = &apps[0].storage;
    while storage.approximate_count("draft-requests").await.unwrap() > 0 {
        assert!(Instant::now() < end, "requests go round for ever");
        let taken = taken(apps[0]).await;
        let bodies: Vec<Value> = taken.iter().map(|request| message("request", request)).collect();
        let calls = bodies.iter().zip(apps.iter().cycle());
        let calls = calls.map(|(body, app)| app.call("draft-queued", body));
        for (status, outputs) in join_all(calls).await {
            assert_eq!(status, 200);
            if outputs["record"].is_string() {
                assert_eq!(apps[0].confirm(&apps[0].write("c1", &outputs).await).await, 200);
                last = outputs;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(
        apps[0].messages("draft-requests-poison").await.is_empty(),
        "a case was given up for being busy"
    );
    last
}

/// The visible requests, taken for good.
async fn taken(app: &App) -> Vec<Value> {
    let held = app
        .storage
        .receive("draft-requests", 32, Duration::from_secs(60))
        .await
        .unwrap();
    for message in &held {
        app.storage
            .delete_message("draft-requests", message)
            .await
            .unwrap();
    }
    held.iter()
        .map(|message| serde_json::from_slice(&message.decoded().unwrap()).unwrap())
        .collect()
}

async fn runs(app: &App) -> usize {
    let archive = app.storage.list("runs", "ehcp/c1/", 1_000).await.unwrap();
    archive
        .iter()
        .filter(|blob| blob.name.ends_with("/record.json"))
        .count()
}

fn sources(outputs: &Value) -> Vec<String> {
    let record = output_json(outputs, "record");
    let sources = record["sources"].as_array().unwrap();
    sources
        .iter()
        .map(|source| source["name"].as_str().unwrap().to_owned())
        .collect()
}

const BUSY: &[(&str, &str)] = &[
    ("QUIET_SECONDS", "0"),
    ("LEASE_SECONDS", "15"),
    ("MOST_STARTS", "2"),
];

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_that_are_told_of_every_upload_make_one_draft() {
    let first = App::start(BUSY).await;
    let second = first.another(BUSY).await;
    let files = sample_files("tomas");
    for (name, bytes) in files.clone() {
        first.upload("c1", &name, bytes).await;
    }
    let events = files
        .iter()
        .flat_map(|(name, _)| [first.uploaded("c1", name), second.uploaded("c1", name)]);
    let mut given = Vec::new();
    for outputs in join_all(events).await {
        if outputs["record"].is_string() {
            given.push(outputs);
        }
    }
    assert!(!given.is_empty(), "nobody drafted");
    for outputs in &given {
        assert_eq!(first.confirm(&first.write("c1", outputs).await).await, 200);
        assert_eq!(outputs["record"], given[0]["record"], "two drafts of one state");
    }
    until_quiet(&[&first, &second]).await;
    assert_eq!(
        (runs(&first).await, first.get("drafts/ehcp/c1").await.0),
        (1, 200)
    );
}

/// Begins a run of a case of some size; gives the task, once it is at work.
async fn begun(app: &std::sync::Arc<App>) -> tokio::task::JoinHandle<Value> {
    let files = sample_files("rowan");
    for (name, bytes) in files.clone() {
        app.upload("c1", &name, bytes).await;
    }
    let (running, last) = (std::sync::Arc::clone(app), files.last().unwrap().0.clone());
    let run = tokio::spawn(async move { running.uploaded("c1", &last).await });
    let end = Instant::now() + Duration::from_secs(30);
    while app
        .json("runs", "ehcp/c1/status.json")
        .await
        .is_none_or(|status| status["state"] != "running")
    {
        assert!(Instant::now() < end, "it never runs");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_during_a_run_is_in_the_next_draft() {
    let app = std::sync::Arc::new(App::start(BUSY).await);
    let run = begun(&app).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let late = report("Rowan Hale", "14/03/2017");
    assert_eq!(
        app.upload_and_tell("c1", "Appendix Z.txt", late).await,
        json!({}),
        "the case is busy"
    );
    let first = run.await.unwrap();
    assert_eq!(sources(&first).len(), 6);
    assert_eq!(app.confirm(&app.write("c1", &first).await).await, 200);
    let last = until_quiet(&[&app]).await;
    assert!(sources(&last).contains(&"Appendix Z.txt".to_owned()));
    assert_eq!((runs(&app).await, app.get("drafts/ehcp/c1").await.0), (2, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_withdrawn_or_deleted_during_a_run_is_not_in_the_next_draft() {
    let app = std::sync::Arc::new(App::start(BUSY).await);
    let run = begun(&app).await;
    // Deleted behind the app's back, and withdrawn by its door.
    app.storage
        .delete("sources", "ehcp/c1/Appendix A.pdf")
        .await
        .unwrap();
    assert_eq!(
        app.send("DELETE", "drafts/ehcp/c1/sources/Appendix%20B.pdf", Vec::new())
            .await
            .0,
        202
    );
    let first = run.await.unwrap();
    // The run had read all there was; or it had not, and came to nothing.
    if first["record"].is_string() {
        assert_eq!(sources(&first).len(), 6);
        assert_eq!(app.confirm(&app.write("c1", &first).await).await, 200);
    }
    let last = until_quiet(&[&app]).await;
    let left: Vec<String> = ["C", "D", "E", "F"]
        .map(|letter| format!("Appendix {letter}.pdf"))
        .into();
    assert_eq!(sources(&last), left);
    assert_eq!(app.get("drafts/ehcp/c1").await.0, 200);
    let ready = app.json("drafts", "ehcp/c1/READY.json").await.unwrap();
    assert_eq!(ready["run"], output_json(&last, "record")["run"]);
}
