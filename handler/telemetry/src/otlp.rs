//! A collector that takes OTLP: protobuf over HTTP.

use std::collections::HashMap;
use std::fmt;

use opentelemetry_otlp::{
    ExporterBuildError, MetricExporter, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use wire::{Url, is_loopback, percent_decode};

use crate::post::Post;

/// A collector.
#[derive(Clone, PartialEq, Eq)]
pub struct Otlp {
    traces: Url,
    metrics: Url,
    headers: Vec<(String, String)>,
}

/// Headers hold keys.
impl fmt::Debug for Otlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Otlp({} headers)", self.headers.len())
    }
}

/// Why settings name no collector. Holds no value of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtlpFault {
    /// No address.
    #[error("must be an address such as `https://collector.example.org:4318`, without query")]
    Address,
    /// Headers that are none.
    #[error("must be headers such as `api-key=abc,tenant=one`")]
    Headers,
    /// Keys in clear text.
    #[error("are only sent by `https`, or to this machine")]
    ClearText,
}

impl Otlp {
    pub(crate) fn address(&self) -> &Url {
        &self.traces
    }

    /// The collector at `base`, to which `/v1/traces` and `/v1/metrics` are added, with headers as
    /// `OTEL_EXPORTER_OTLP_HEADERS` writes them.
    pub fn new(base: &str, headers: Option<&str>) -> Result<Self, OtlpFault> {
        let base = Url::parse(base.trim()).map_err(|_| OtlpFault::Address)?;
        if !matches!(base.scheme(), "http" | "https") || base.query().is_some() || !base.has_host() {
            return Err(OtlpFault::Address);
        }
        let headers: Vec<_> = headers.map(parse).transpose()?.unwrap_or_default();
        if !headers.is_empty() && base.scheme() == "http" && !is_loopback(&base) {
            return Err(OtlpFault::ClearText);
        }
        Ok(Self {
            traces: with(&base, "v1/traces"),
            metrics: with(&base, "v1/metrics"),
            headers,
        })
    }
}

fn with(base: &Url, path: &str) -> Url {
    let mut address = base.clone();
    address.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    address
}

/// `key=value` with commas between, percent-encoded.
fn parse(text: &str) -> Result<Vec<(String, String)>, OtlpFault> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').ok_or(OtlpFault::Headers)?;
        let name = reqwest::header::HeaderName::try_from(name.trim()).map_err(|_| OtlpFault::Headers)?;
        let value = percent_decode(value.trim()).ok_or(OtlpFault::Headers)?;
        reqwest::header::HeaderValue::from_str(&value).map_err(|_| OtlpFault::Headers)?;
        Ok((name.to_string(), value))
    };
    pairs.map(pair).collect()
}

/// The exporters of both signals.
pub(crate) fn exporters(
    otlp: &Otlp,
    post: Post,
) -> Result<(SpanExporter, MetricExporter), ExporterBuildError> {
    let headers: HashMap<String, String> = otlp.headers.iter().cloned().collect();
    let spans = SpanExporter::builder()
        .with_http()
        .with_http_client(post.clone())
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(otlp.traces.as_str())
        .with_headers(headers.clone())
        .build()?;
    let metrics = MetricExporter::builder()
        .with_http()
        .with_http_client(post)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(otlp.metrics.as_str())
        .with_headers(headers)
        .build()?;
    Ok((spans, metrics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_named_as_the_conventions_do() {
        let check = |base: &str, headers: Option<&str>, expected: Result<&str, OtlpFault>| {
            let otlp = Otlp::new(base, headers);
            let traces = otlp
                .as_ref()
                .map(|otlp| otlp.traces.as_str())
                .map_err(|fault| *fault);
            assert_eq!(traces, expected, "{base} {headers:?}");
        };
        check(
            "https://c.example.org",
            None,
            Ok("https://c.example.org/v1/traces"),
        );
        check(
            " https://c.example.org/otlp/ ",
            None,
            Ok("https://c.example.org/otlp/v1/traces"),
        );
        check(
            "http://collector:4318",
            None,
            Ok("http://collector:4318/v1/traces"),
        );
        check("http://collector:4318", Some("a=b"), Err(OtlpFault::ClearText));
        for here in ["127.0.0.1", "[::1]", "localhost"] {
            let base = format!("http://{here}:4318");
            check(&base, Some("a=b"), Ok(&format!("{base}/v1/traces")));
        }
        check("collector:4317", None, Err(OtlpFault::Address));
        check("https://c.example.org?key=x", None, Err(OtlpFault::Address));
        check("https://c.example.org", Some("nothing"), Err(OtlpFault::Headers));
        check("https://c.example.org", Some("a b=c"), Err(OtlpFault::Headers));
        let two = Otlp::new("https://c.example.org", Some("Api-Key=a%20b, tenant=one,")).unwrap();
        let expected = [("api-key", "a b"), ("tenant", "one")];
        assert_eq!(
            two.headers,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert!(!format!("{two:?}").contains("a b"));
    }
}
