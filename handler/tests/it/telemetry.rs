//! What the app tells of its work, from the host's `traceparent` to the calls of models and storage; and its health.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use evaluation::scripted::Behaviour;
use serde_json::{Value, json};

use crate::app::{App, blob_event, message, output_json, report};
use crate::collector::{Collector, Seen};
use crate::grounded::stage::{model, settings};
use crate::tenant::Tenant;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Tells the app of an upload as a host does that traces.
async fn told(app: &App, case: &str) -> Value {
    app.upload(case, "Appendix F.txt", report("Orla Finch", "01/02/2018"))
        .await;
    let response = app
        .client
        .post(format!("{}/draft-on-upload", app.base))
        .header("traceparent", format!("00-{TRACE}-b7ad6b7169203331-00"))
        .header(
            "X-Azure-Functions-InvocationId",
            "0f0e0d0c-0000-4000-8000-000000000001",
        )
        .body(blob_event("ehcp", case, "Appendix F.txt").to_string())
        .send()
        .await
        .unwrap();
    let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    answer["Outputs"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_host_through_every_stage_to_model_and_storage() {
    let (model, collector) = (model(Behaviour::default()).await, Collector::start().await);
    let own = settings(&model);
    let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.push(("QUIET_SECONDS", "0"));
    all.push(("MODEL_PRICE", "2.00 0.50 8.00"));
    all.extend(collector.settings());
    let mut app = App::start(&all).await;
    let outputs = told(&app, "t1").await;
    let record = output_json(&outputs, "record");
    let confirmation = app.write("t1", &outputs).await;
    assert_eq!(app.confirm(&confirmation).await, 200);
    app.get("drafts/ehcp/t1").await;
    // The end sends what waits.
    assert_eq!(app.ended().await, Some(200));

    let spans = collector.spans();
    let one = |name: &str| -> &Seen {
        let found = spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("no span `{name}`: {:?}", names(&spans)))
    };
    let root = one("draft-on-upload");
    assert_eq!(
        (root.trace.as_str(), root.parent.as_str()),
        (TRACE, "b7ad6b7169203331")
    );
    let told = |span: &Seen, key: &str| span.attributes.get(key).cloned().unwrap_or_default();
    assert_eq!(told(root, "faas.trigger"), "datasource");
    assert_eq!(
        told(root, "faas.invocation_id"),
        "0f0e0d0c-0000-4000-8000-000000000001"
    );
    let cold = spans.iter().filter(|span| told(span, "faas.coldstart") == "true");
    assert_eq!(cold.count(), 1, "only one invocation is the first");
    let run = one("draft a case");
    assert_eq!(run.parent, root.id);
    assert_eq!(
        (told(run, "golden_thread.run"), told(run, "golden_thread.recipe")),
        (record["run"].as_str().unwrap().to_owned(), "ehcp".into())
    );
    for stage in [
        "read",
        "extract",
        "identity",
        "label",
        "reconcile",
        "write",
        "compose",
        "read-rules",
        "check",
        "render",
    ] {
        let span = one(&format!("stage {stage}"));
        assert_eq!(
            (&span.parent, told(span, "golden_thread.stage").as_str()),
            (&run.id, stage)
        );
    }
    let calls: Vec<&Seen> = spans.iter().filter(|span| span.name == "chat scripted").collect();
    let stages: BTreeMap<&str, &Seen> = spans.iter().map(|span| (span.id.as_str(), span)).collect();
    let within: BTreeSet<&str> = calls
        .iter()
        .map(|call| stages[call.parent.as_str()].name.as_str())
        .collect();
    assert_eq!(
        within,
        BTreeSet::from(["stage label", "stage write", "stage read-rules"])
    );
    for call in &calls {
        assert_eq!(
            (
                told(call, "gen_ai.operation.name").as_str(),
                told(call, "gen_ai.response.finish_reasons").as_str()
            ),
            ("chat", "stop")
        );
        assert!(told(call, "gen_ai.usage.input_tokens").parse::<u64>().unwrap() > 0);
    }
    assert_eq!(calls.len(), model.recorded().len());
    storage_was_told(&spans, &root.id);
    let http = spans
        .iter()
        .find(|span| told(span, "http.route") == "/drafts/{recipe}/{case}")
        .unwrap();
    assert_eq!(
        (http.name.as_str(), told(http, "faas.trigger").as_str()),
        ("results", "http")
    );
    numbers_were_told(&collector, &record);
}

fn names(spans: &[Seen]) -> BTreeSet<&str> {
    spans.iter().map(|span| span.name.as_str()).collect()
}

fn storage_was_told(spans: &[Seen], root: &str) {
    let storage: Vec<&Seen> = spans
        .iter()
        .filter(|span| span.attributes.contains_key("url.template"))
        .collect();
    let names: BTreeSet<&str> = storage.iter().map(|span| span.name.as_str()).collect();
    for name in [
        "GET sources",
        "GET sources/{recipe}/{case}/{document}",
        "PUT runs/{recipe}/{case}/lock.json",
        "PUT runs/{recipe}/{case}/status.json",
        "PUT runs/{recipe}/{case}/answers/{answer}",
        "PUT runs/{recipe}/{case}/{run}/record.json",
    ] {
        assert!(names.contains(name), "no `{name}`: {names:?}");
    }
    assert!(
        names
            .iter()
            .all(|name| !name.contains("elsewhere") && !name.contains("t1")),
        "{names:?}"
    );
    // Also what the SDK fetches on tasks of its own is part of the trace.
    let fetched = storage
        .iter()
        .find(|span| span.name == "GET sources/{recipe}/{case}/{document}");
    assert_eq!(
        (fetched.unwrap().trace.as_str(), fetched.unwrap().parent.as_str()),
        (TRACE, root)
    );
}

fn numbers_were_told(collector: &Collector, record: &Value) {
    let metrics = collector.metrics();
    let total = |name: &str| -> f64 {
        let points = metrics
            .get(name)
            .unwrap_or_else(|| panic!("no metric `{name}`: {:?}", metrics.keys()));
        points.iter().map(|(_, value)| value).sum()
    };
    let size = |key: &str| f64::from(u32::try_from(record[key].as_array().unwrap().len()).unwrap());
    assert!((total("golden_thread.runs") - 1.0).abs() < 1e-9);
    assert!((total("golden_thread.findings") - size("findings")).abs() < 1e-9);
    assert!((total("golden_thread.queries") - size("queries")).abs() < 1e-9);
    let share = total("golden_thread.run.verified_share");
    assert!(share > 0.0 && share <= 1.0, "{share}");
    let usage = record["usage"].as_object().unwrap().values();
    let cost: f64 = usage.map(|one| one["cost"].as_f64().unwrap()).sum::<f64>() / 1e6;
    assert!((total("golden_thread.run.cost") - cost).abs() < 1e-9 && cost > 0.0);
    let (outcome, _) = &metrics["golden_thread.runs"][0];
    assert_eq!(
        (
            outcome["golden_thread.outcome"].as_str(),
            outcome["golden_thread.recipe"].as_str()
        ),
        (record["outcome"]["state"].as_str().unwrap(), "ehcp")
    );
    assert!(
        metrics["golden_thread.findings"]
            .iter()
            .all(|(of, _)| of["golden_thread.rule"] != "other")
    );
    for name in [
        "golden_thread.statements",
        "golden_thread.stage.duration",
        "golden_thread.run.repair_rounds",
        "gen_ai.client.token.usage",
        "gen_ai.client.operation.duration",
        "http.client.request.duration",
        "faas.invoke_duration",
    ] {
        assert!(
            metrics.contains_key(name),
            "no metric `{name}`: {:?}",
            metrics.keys()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_late_requests_and_failed_sign_ins_are_counted() {
    let collector = Collector::start().await;
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&collector.settings()).await;
    assert_eq!(app.get("recipes").await.0, 401);
    let due = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(90);
    let request = json!({ "recipe": "ehcp", "case": "c1", "due": due });
    app.call("draft-queued", &message("request", &request)).await;
    app.call("draft-on-upload", &blob_event("ehcp", "no case", "a.txt"))
        .await;
    let end = Instant::now() + Duration::from_secs(20);
    let found = loop {
        let metrics = collector.metrics();
        if metrics.contains_key("golden_thread.queue.delay") && metrics.contains_key("golden_thread.refusals")
        {
            break metrics;
        }
        assert!(Instant::now() < end, "{:?}", metrics.keys());
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let reasons = |name: &str| -> BTreeSet<String> {
        let points = found[name].iter();
        points.map(|(of, _)| of["golden_thread.reason"].clone()).collect()
    };
    assert_eq!(
        reasons("golden_thread.sign_in.failures"),
        BTreeSet::from(["nothing-sent".to_owned()])
    );
    assert!(reasons("golden_thread.refusals").contains("sign-in"));
    let late = found["golden_thread.queue.delay"][0].1;
    assert!((90.0..120.0).contains(&late), "{late}");
}

/// The headers with which a model was asked, which answers nobody.
async fn deaf_model() -> (String, Arc<Mutex<Vec<HeaderMap>>>) {
    let asked: Arc<Mutex<Vec<HeaderMap>>> = Arc::default();
    let kept = Arc::clone(&asked);
    let router = Router::new().fallback(async move |headers: HeaderMap| {
        kept.lock().unwrap().push(headers);
        StatusCode::FORBIDDEN
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (base, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_asked_within_the_trace_and_what_fails_is_said_in_a_word() {
    let ((base, asked), collector) = (deaf_model().await, Collector::start().await);
    let mut all = vec![
        ("QUIET_SECONDS", "0"),
        ("MODEL_BASE_URL", base.as_str()),
        ("MODEL_DEPLOYMENT", "writer"),
        ("MODEL_KEY", "none"),
    ];
    all.extend(collector.settings());
    let app = App::start(&all).await;
    told(&app, "t2").await;
    let spans = collector.until("draft-on-upload").await;
    let calls: Vec<&Seen> = spans.iter().filter(|span| span.name == "chat writer").collect();
    assert!(!calls.is_empty(), "{:?}", names(&spans));
    assert!(
        calls
            .iter()
            .all(|call| call.attributes["error.type"] == "no_rights"),
        "{calls:?}"
    );
    let sent: BTreeSet<String> = asked
        .lock()
        .unwrap()
        .iter()
        .map(|headers| headers["traceparent"].to_str().unwrap().to_owned())
        .collect();
    let expected = calls
        .iter()
        .map(|call| format!("00-{TRACE}-{}-01", call.id))
        .collect();
    assert_eq!(sent, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_collector_costs_no_draft_and_the_end_does_not_wait_for_it() {
    // Connections are taken and never answered.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connection =
        format!("InstrumentationKey=00000000-1111-2222-3333-444444444444;IngestionEndpoint={base}/");
    let mut app = App::start(&[
        ("QUIET_SECONDS", "0"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", base.as_str()),
        ("APPLICATIONINSIGHTS_CONNECTION_STRING", connection.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "4"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2"),
    ])
    .await;
    let begun = Instant::now();
    let outputs = told(&app, "t3").await;
    assert!(outputs["draft"].is_string() && begun.elapsed() < Duration::from_secs(15));
    let ending = Instant::now();
    assert_eq!(app.ended().await, Some(200));
    assert!(
        ending.elapsed() < Duration::from_secs(9),
        "{:?}",
        ending.elapsed()
    );
    assert!(
        app.log().contains("could not be delivered in time"),
        "{}",
        app.log()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_receiver_nothing_is_begun() {
    let app = App::start(&[("QUIET_SECONDS", "0")]).await;
    let outputs = told(&app, "t4").await;
    assert!(outputs["draft"].is_string());
    let threads = std::fs::read_dir(format!("/proc/{}/task", app.pid())).unwrap();
    let names: Vec<String> = threads
        .map(|thread| std::fs::read_to_string(thread.unwrap().path().join("comm")).unwrap())
        .collect();
    assert!(
        names.iter().all(|name| !name.contains("OpenTelemetry")),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn health_says_what_is_down_and_to_strangers_nothing() {
    let (base, _) = deaf_model().await;
    let app = App::start(&[
        ("MODEL_BASE_URL", base.as_str()),
        ("MODEL_DEPLOYMENT", "writer"),
        ("MODEL_KEY", "none"),
    ])
    .await;
    let (status, answer) = app.send("GET", "health/dependencies", Vec::new()).await;
    assert_eq!((status, &answer["state"]), (503, &json!("down")), "{answer}");
    let all = &answer["dependencies"];
    for up in ["storage", "queues", "audit-log", "recipes"] {
        assert_eq!(all[up]["state"], "up", "{answer}");
    }
    assert_eq!(
        (
            &all["model"]["state"],
            &all["model"]["why"],
            &all["content-safety"]["state"]
        ),
        (&json!("down"), &json!("no_rights"), &json!("off"))
    );
    assert!(!answer.to_string().contains("127.0.0.1"), "{answer}");
    assert_eq!(all["recognition"]["state"], "off");
    // The cheap one asks nobody.
    assert_eq!(app.get("health").await.0, 200);
    let app = App::start(&[
        ("OCR", "document-intelligence"),
        ("DOCUMENT_INTELLIGENCE_ENDPOINT", base.as_str()),
        ("DOCUMENT_INTELLIGENCE_KEY", "none"),
    ])
    .await;
    let (status, answer) = app.send("GET", "health/dependencies", Vec::new()).await;
    let recognition = &answer["dependencies"]["recognition"];
    assert_eq!((status, &recognition["state"]), (503, &json!("down")), "{answer}");
    assert_eq!(recognition["why"], "no_rights", "{answer}");
    let tenant = Tenant::start(StatusCode::OK).await;
    let app = tenant.app(&[]).await;
    assert_eq!(app.get("health/dependencies").await.0, 401);
    let token = tenant.token(&["Drafts.Review.minutes"]);
    let answer = app
        .ask("GET", "health/dependencies", &[("Authorization", &token)])
        .await;
    assert_eq!(answer.status().as_u16(), 200);
}
