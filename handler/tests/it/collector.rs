//! A collector of telemetry on this machine that keeps what it is sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{Metric, metric, number_data_point};
use prost::Message as _;

type Received = Arc<Mutex<Vec<(String, Bytes)>>>;

pub struct Collector {
    pub base: String,
    received: Received,
}

/// Attributes and what was told of them.
pub type Point = (BTreeMap<String, String>, f64);

/// A span as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub name: String,
    pub trace: String,
    pub id: String,
    pub parent: String,
    pub attributes: BTreeMap<String, String>,
}

async fn keep(State(received): State<Received>, uri: Uri, body: Bytes) {
    received.lock().unwrap().push((uri.path().to_owned(), body));
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .concat()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|any| any.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::BoolValue(flag)) => flag.to_string(),
        Some(any_value::Value::ArrayValue(all)) => {
            let all: Vec<String> = all.values.iter().map(|one| text(Some(one))).collect();
            all.join(",")
        }
        other => format!("{other:?}"),
    }
}

fn attributes(all: &[KeyValue]) -> BTreeMap<String, String> {
    all.iter()
        .map(|one| (one.key.clone(), text(one.value.as_ref())))
        .collect()
}

impl Collector {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let received = Received::default();
        let router = Router::new().fallback(keep).with_state(Arc::clone(&received));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, received }
    }

    /// What sends an app's telemetry here, and soon.
    pub fn settings(&self) -> [(&'static str, &str); 3] {
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", self.base.as_str()),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
        ]
    }

    /// Everything that was sent, as it came.
    pub fn bytes(&self) -> Vec<(String, Bytes)> {
        self.received.lock().unwrap().clone()
    }

    fn at(&self, path: &str) -> Vec<Bytes> {
        let received = self.received.lock().unwrap();
        let own = received.iter().filter(|(to, _)| to == path);
        own.map(|(_, body)| body.clone()).collect()
    }

    pub fn spans(&self) -> Vec<Seen> {
        let batches = self
            .at("/v1/traces")
            .into_iter()
            .map(|body| ExportTraceServiceRequest::decode(body).unwrap());
        let scopes = batches
            .flat_map(|batch| batch.resource_spans)
            .flat_map(|resource| resource.scope_spans);
        scopes
            .flat_map(|scope| scope.spans)
            .map(|span| Seen {
                name: span.name,
                trace: hexadecimal(&span.trace_id),
                id: hexadecimal(&span.span_id),
                parent: hexadecimal(&span.parent_span_id),
                attributes: attributes(&span.attributes),
            })
            .collect()
    }

    /// The spans, once there is one of this name.
    pub async fn until(&self, name: &str) -> Vec<Seen> {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let spans = self.spans();
            if spans.iter().any(|span| span.name == name) {
                return spans;
            }
            assert!(Instant::now() < end, "no span `{name}`");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The last that was told of each metric: of each set of attributes a sum, or a number and a sum.
    pub fn metrics(&self) -> BTreeMap<String, Vec<Point>> {
        let batches = self.at("/v1/metrics").into_iter();
        let batches = batches.map(|body| ExportMetricsServiceRequest::decode(body).unwrap());
        let scopes = batches
            .flat_map(|batch| batch.resource_metrics)
            .flat_map(|resource| resource.scope_metrics);
        scopes
            .flat_map(|scope| scope.metrics)
            .map(|metric| (metric.name.clone(), points(&metric)))
            .collect()
    }
}

fn points(metric: &Metric) -> Vec<Point> {
    match metric.data.as_ref().unwrap() {
        metric::Data::Sum(sum) => sum
            .data_points
            .iter()
            .map(|point| {
                let Some(number_data_point::Value::AsInt(value)) = point.value else {
                    panic!("{metric:?}")
                };
                (
                    attributes(&point.attributes),
                    f64::from(i32::try_from(value).unwrap()),
                )
            })
            .collect(),
        metric::Data::Histogram(histogram) => histogram
            .data_points
            .iter()
            .map(|point| (attributes(&point.attributes), point.sum.unwrap()))
            .collect(),
        other => panic!("{other:?}"),
    }
}
