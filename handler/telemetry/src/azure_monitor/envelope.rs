//! What Application Insights is sent: envelopes of requests, dependencies and metrics.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{KeyValue, SpanId};
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, HistogramDataPoint, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::trace::SpanData;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// One item of telemetry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<'a> {
    name: &'static str,
    time: String,
    i_key: &'a str,
    tags: BTreeMap<&'static str, String>,
    data: Data,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    base_type: &'static str,
    base_data: Value,
}

/// What was measured of one set of attributes since the last time.
#[derive(Serialize)]
struct Point<'a> {
    name: &'a str,
    kind: &'static str,
    value: f64,
    count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
}

/// Who sends.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    key: String,
    tags: BTreeMap<&'static str, String>,
}

impl Sender {
    pub(super) fn new(key: &str, app: Option<&'static str>, instance: Option<&'static str>) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let mut tags = BTreeMap::from([
            ("ai.cloud.role", app.unwrap_or("golden-thread").to_owned()),
            ("ai.application.ver", version.to_owned()),
            ("ai.internal.sdkVersion", format!("golden-thread:{version}")),
        ]);
        tags.extend(instance.map(|instance| ("ai.cloud.roleInstance", instance.to_owned())));
        Self {
            key: key.to_owned(),
            tags,
        }
    }

    /// What somebody waited for is a request, anything else a dependency.
    pub(super) fn span(&self, span: &SpanData) -> Envelope<'_> {
        let asked = matches!(span.span_kind, SpanKind::Server | SpanKind::Consumer);
        let failed = matches!(span.status, Status::Error { .. });
        let code = attribute(&span.attributes, "http.response.status_code");
        let code = code.unwrap_or_else(|| if failed { "1" } else { "0" }.to_owned());
        let mut data = Map::from_iter([
            ("ver".to_owned(), json!(2)),
            ("id".to_owned(), json!(span.span_context.span_id().to_string())),
            ("name".to_owned(), json!(span.name)),
            (
                "duration".to_owned(),
                json!(duration(
                    span.end_time.duration_since(span.start_time).unwrap_or_default()
                )),
            ),
            ("success".to_owned(), json!(!failed)),
            ("properties".to_owned(), json!(properties(&span.attributes))),
        ]);
        if asked {
            data.insert("responseCode".to_owned(), code.into());
        } else {
            let outside = span.span_kind == SpanKind::Client;
            data.insert("resultCode".to_owned(), code.into());
            data.insert("type".to_owned(), if outside { "HTTP" } else { "InProc" }.into());
        }
        let (name, base_type) = if asked {
            ("Microsoft.ApplicationInsights.Request", "RequestData")
        } else {
            (
                "Microsoft.ApplicationInsights.RemoteDependency",
                "RemoteDependencyData",
            )
        };
        let mut tags = self.tags.clone();
        tags.insert("ai.operation.id", span.span_context.trace_id().to_string());
        if span.parent_span_id != SpanId::INVALID {
            tags.insert("ai.operation.parentId", span.parent_span_id.to_string());
        }
        if asked {
            tags.insert("ai.operation.name", span.name.to_string());
        }
        Envelope {
            name,
            time: moment(span.start_time),
            i_key: &self.key,
            tags,
            data: Data {
                base_type,
                base_data: Value::Object(data),
            },
        }
    }

    pub(super) fn metrics(&self, metrics: &ResourceMetrics) -> Vec<Envelope<'_>> {
        let all = metrics.scope_metrics().flat_map(ScopeMetrics::metrics);
        all.flat_map(|metric| self.metric(metric)).collect()
    }

    /// One envelope a set of attributes: the service stores the first point of an envelope only.
    fn metric(&self, metric: &Metric) -> Vec<Envelope<'_>> {
        let name = metric.name();
        match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => sum
                .data_points()
                .map(|point| {
                    self.point(
                        sum.time(),
                        point.attributes(),
                        &Point::counted(name, point.value()),
                    )
                })
                .collect(),
            AggregatedMetrics::F64(MetricData::Histogram(histogram)) => histogram
                .data_points()
                .map(|point| {
                    self.point(
                        histogram.time(),
                        point.attributes(),
                        &Point::measured(name, point),
                    )
                })
                .collect(),
            // There are no others: `names` has counters of whole numbers and histograms.
            AggregatedMetrics::U64(_) | AggregatedMetrics::F64(_) | AggregatedMetrics::I64(_) => Vec::new(),
        }
    }

    fn point<'k>(
        &self,
        time: SystemTime,
        attributes: impl Iterator<Item = &'k KeyValue>,
        point: &Point<'_>,
    ) -> Envelope<'_> {
        Envelope {
            name: "Microsoft.ApplicationInsights.Metric",
            time: moment(time),
            i_key: &self.key,
            tags: self.tags.clone(),
            data: Data {
                base_type: "MetricData",
                base_data: json!({ "ver": 2, "metrics": [point], "properties": properties(attributes) }),
            },
        }
    }
}

impl<'a> Point<'a> {
    fn counted(name: &'a str, count: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "nothing is counted that far")]
        let value = count as f64;
        Self {
            name,
            kind: "Aggregation",
            value,
            count: 1,
            min: None,
            max: None,
        }
    }

    fn measured(name: &'a str, point: &HistogramDataPoint<f64>) -> Self {
        Self {
            name,
            kind: "Aggregation",
            value: point.sum(),
            count: point.count(),
            min: point.min(),
            max: point.max(),
        }
    }
}

fn properties<'k>(attributes: impl IntoIterator<Item = &'k KeyValue>) -> BTreeMap<String, String> {
    attributes
        .into_iter()
        .map(|one| (one.key.to_string(), one.value.to_string()))
        .collect()
}

fn attribute(attributes: &[KeyValue], name: &str) -> Option<String> {
    let one = attributes.iter().find(|one| one.key.as_str() == name)?;
    Some(one.value.to_string())
}

fn moment(time: SystemTime) -> String {
    Timestamp::try_from(time)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}

/// `days.hours:minutes:seconds.microseconds`.
fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    format!(
        "{days}.{:02}:{:02}:{:02}.{:06}",
        hours % 24,
        minutes % 60,
        seconds % 60,
        time.subsec_micros()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_service_reads_them() {
        assert_eq!(duration(Duration::from_micros(1_234)), "0.00:00:00.001234");
        assert_eq!(duration(Duration::from_secs(90_061)), "1.01:01:01.000000");
        assert_eq!(moment(SystemTime::UNIX_EPOCH), "1970-01-01T00:00:00Z");
    }
}
