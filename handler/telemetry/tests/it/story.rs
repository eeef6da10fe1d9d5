//! Spans and numbers, from the calls of this crate to the bytes of both receivers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::StatusCode;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span as Sent;
use prost::Message as _;
use serde_json::Value;
use telemetry::{
    Attribute, AzureMonitor, Counter, Histogram, Id, Kind, Label, Otlp, Settings, Span, Tokens, add, carried,
    carrying, key, record, start, traceparent,
};
use wire::{Secret, TokenFault};

use crate::fake::Receiver;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const RUN: &str = "1f3870be274f6c49b3e31a0c6728957f";

struct OneToken;

#[async_trait]
impl Tokens for OneToken {
    async fn token(&self, scope: &str) -> Result<Secret, TokenFault> {
        assert_eq!(scope, AzureMonitor::SCOPE);
        Ok(Secret::new("an-access-token"))
    }
}

/// What an app does: an invocation with a stage in it, which asks a model.
async fn work() {
    let recipe = Attribute::new(key::RECIPE, Label::configured("ehcp"));
    let header = format!("00-{TRACE}-b7ad6b7169203331-00");
    let root = Span::root(
        "draft-queued",
        Kind::Consumer,
        Some(&header),
        &[Attribute::new(key::FAAS_TRIGGER, "pubsub")],
    );
    root.set(key::FAAS_COLDSTART, true);
    let stages = async {
        let stage = Span::child("stage write", Kind::Internal, &[recipe]);
        let asked = async {
            let call = Span::named("chat", Label::configured("gpt-writer"), Kind::Client, &[]);
            call.set(key::INPUT_TOKENS, 1_200_u64);
            call.set(key::RUN, Id::parse(RUN).unwrap());
            call.set(key::FINISH_REASONS, telemetry::Value::Words(&["stop"]));
            call.fail("throttled");
            let told = call.around(async { traceparent() }).await;
            assert!(told.unwrap().starts_with(&format!("00-{TRACE}-")));
        };
        // On a task of its own, and on another thread, it is still the same trace.
        stage
            .around(async { tokio::spawn(carried(asked)).await.unwrap() })
            .await;
        let computed = stage.during(|| {
            carrying(|| Span::child("stage check", Kind::Internal, &[]).set(key::OUTCOME, "ready"))
        });
        tokio::task::spawn_blocking(computed).await.unwrap();
    };
    root.around(stages).await;
    add(Counter::Runs, 1, &[recipe, Attribute::new(key::OUTCOME, "ready")]);
    add(Counter::Runs, 2, &[recipe, Attribute::new(key::OUTCOME, "ready")]);
    record(
        Histogram::StageDuration,
        0.25,
        &[Attribute::new(key::STAGE, "write")],
    );
}

fn attributes(all: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Option<AnyValue>| match value.as_ref().and_then(|any| any.value.as_ref()).unwrap() {
        any_value::Value::StringValue(text) => text.clone(),
        any_value::Value::IntValue(number) => number.to_string(),
        any_value::Value::BoolValue(flag) => flag.to_string(),
        other => format!("{other:?}"),
    };
    all.iter()
        .map(|one| (one.key.clone(), text(&one.value)))
        .collect()
}

fn spans(collector: &Receiver) -> BTreeMap<String, Sent> {
    let mut found = BTreeMap::new();
    for request in collector.received("/v1/traces") {
        assert_eq!(request.headers["content-type"], "application/x-protobuf");
        assert_eq!(request.headers["api-key"], "abc");
        let batch = ExportTraceServiceRequest::decode(request.body).unwrap();
        for resource in batch.resource_spans {
            let of = attributes(&resource.resource.unwrap().attributes);
            assert_eq!(
                (of["service.name"].as_str(), of["faas.name"].as_str()),
                ("golden-thread", "func-council")
            );
            let sent = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
            found.extend(sent.map(|span| (span.name.clone(), span)));
        }
    }
    found
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_reaches_both_receivers_whole_before_the_end() {
    // The first tries fail: what passes is tried again.
    let collector = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE]).await;
    let monitor = Receiver::start(&[StatusCode::TOO_MANY_REQUESTS]).await;
    // Before anything is started nothing is told, and nothing fails.
    work_without_a_receiver().await;
    let connection = format!(
        "InstrumentationKey=00000000-1111-2222-3333-444444444444;IngestionEndpoint={}/",
        monitor.base
    );
    let settings = Settings {
        otlp: Some(Otlp::new(&collector.base, Some("api-key=abc")).unwrap()),
        azure_monitor: Some(AzureMonitor::new(&connection, Some("Authorization=AAD")).unwrap()),
        app: Some(Label::configured("func-council")),
        instance: Some(Label::configured("instance-1")),
    };
    let ending = start(&settings, Some(Arc::new(OneToken))).unwrap().unwrap();
    assert!(start(&settings, None).unwrap().is_none(), "it is started once");
    work().await;
    ending.end(Duration::from_secs(20)).await;

    let sent = spans(&collector);
    let names: Vec<&str> = sent.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["chat gpt-writer", "draft-queued", "stage check", "stage write"]
    );
    for span in sent.values() {
        assert_eq!(hexadecimal(&span.trace_id), TRACE, "{}", span.name);
        assert!(span.events.is_empty() && span.trace_state.is_empty());
    }
    let parent = |name: &str| hexadecimal(&sent[name].parent_span_id);
    let id = |name: &str| hexadecimal(&sent[name].span_id);
    assert_eq!(parent("draft-queued"), "b7ad6b7169203331");
    assert_eq!(parent("stage write"), id("draft-queued"));
    assert_eq!(parent("chat gpt-writer"), id("stage write"));
    assert_eq!(parent("stage check"), id("stage write"));
    let call = attributes(&sent["chat gpt-writer"].attributes);
    assert_eq!(
        (
            call["gen_ai.usage.input_tokens"].as_str(),
            call["error.type"].as_str(),
            call["golden_thread.run"].as_str()
        ),
        ("1200", "throttled", RUN)
    );
    assert!(call["gen_ai.response.finish_reasons"].contains("stop"));
    metrics_arrived(&collector);
    monitor_was_told(&monitor);
}

async fn work_without_a_receiver() {
    let span = Span::root("draft-queued", Kind::Consumer, None, &[]);
    span.around(async { assert_eq!(traceparent(), None) }).await;
    add(Counter::Runs, 1, &[]);
    let ended = start(&Settings::default(), None).unwrap();
    assert!(ended.is_none(), "without a receiver nothing is started");
}

fn metrics_arrived(collector: &Receiver) {
    let last = collector.received("/v1/metrics").pop().unwrap();
    let batch = ExportMetricsServiceRequest::decode(last.body).unwrap();
    let scopes = batch
        .resource_metrics
        .into_iter()
        .flat_map(|resource| resource.scope_metrics);
    let all: BTreeMap<String, _> = scopes
        .flat_map(|scope| scope.metrics)
        .map(|metric| (metric.name.clone(), metric))
        .collect();
    let Some(Data::Sum(runs)) = &all["golden_thread.runs"].data else {
        unreachable!("{:?}", all.keys())
    };
    let point = &runs.data_points[0];
    assert_eq!(format!("{:?}", point.value), "Some(AsInt(3))");
    assert_eq!(attributes(&point.attributes)["golden_thread.recipe"], "ehcp");
    assert_eq!(all["golden_thread.runs"].unit, "{run}");
    let Some(Data::Histogram(durations)) = &all["golden_thread.stage.duration"].data else {
        unreachable!("{:?}", all.keys())
    };
    assert_eq!(
        (durations.data_points[0].count, durations.data_points[0].sum),
        (1, Some(0.25))
    );
}

/// The wire format of Application Insights, as its own SDKs send it.
fn monitor_was_told(monitor: &Receiver) {
    let mut envelopes: Vec<Value> = Vec::new();
    for request in monitor.received("/v2.1/track") {
        assert_eq!(request.headers["authorization"], "Bearer an-access-token");
        assert_eq!(request.headers["content-type"], "application/json");
        envelopes.extend(serde_json::from_slice::<Vec<Value>>(&request.body).unwrap());
    }
    let of = |kind: &str, name: &str| -> Value {
        let found = envelopes.iter().find(|one| {
            let data = &one["data"]["baseData"];
            one["data"]["baseType"] == kind && (data["name"] == name || data["metrics"][0]["name"] == name)
        });
        found.unwrap_or(&Value::Null).clone()
    };
    let request = of("RequestData", "draft-queued");
    assert_eq!(request["name"], "Microsoft.ApplicationInsights.Request");
    assert_eq!(request["iKey"], "00000000-1111-2222-3333-444444444444");
    let tags = &request["tags"];
    assert_eq!(
        (tags["ai.operation.id"].as_str(), tags["ai.cloud.role"].as_str()),
        (Some(TRACE), Some("func-council"))
    );
    assert_eq!(tags["ai.operation.parentId"], "b7ad6b7169203331");
    let data = &request["data"]["baseData"];
    assert_eq!(
        (&data["ver"], &data["success"]),
        (&Value::from(2), &Value::from(true))
    );
    assert!(data["duration"].as_str().unwrap().starts_with("0.00:00:"));
    assert_eq!(data["properties"]["faas.trigger"], "pubsub");
    let call = of("RemoteDependencyData", "chat gpt-writer");
    let stage = of("RemoteDependencyData", "stage write");
    assert_eq!(
        call["tags"]["ai.operation.parentId"],
        stage["data"]["baseData"]["id"]
    );
    assert_eq!(
        (
            &call["data"]["baseData"]["success"],
            &call["data"]["baseData"]["type"]
        ),
        (&Value::from(false), &Value::from("HTTP"))
    );
    let runs = of("MetricData", "golden_thread.runs");
    let point = &runs["data"]["baseData"]["metrics"][0];
    assert_eq!(
        (&point["value"], &point["kind"]),
        (&Value::from(3.0), &Value::from("Aggregation"))
    );
    let durations = of("MetricData", "golden_thread.stage.duration");
    let point = &durations["data"]["baseData"]["metrics"][0];
    assert_eq!(
        (&point["value"], &point["count"]),
        (&Value::from(0.25), &Value::from(1))
    );
}
