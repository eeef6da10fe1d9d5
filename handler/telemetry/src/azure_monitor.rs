//! Application Insights, by its own wire format: the one that takes Entra ID tokens wherever it is.
//!
//! `POST {ingestion endpoint}/v2.1/track`, a JSON array of envelopes; scope and role are those of Azure Monitor
//! (`https://monitor.azure.com/.default`, *Monitoring Metrics Publisher*).

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use opentelemetry_http::Request;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use wire::{Url, is_loopback};

use crate::pipeline::Settings;
use crate::post::Post;

mod envelope;

use envelope::{Envelope, Sender};

/// Where telemetry goes when the connection string does not say: the service's first address.
const FIRST_ENDPOINT: &str = "https://dc.services.visualstudio.com/";
/// The pauses between tries of one batch. What is then not delivered is lost: more of it is on its way.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// An Application Insights resource.
#[derive(Clone, PartialEq, Eq)]
pub struct AzureMonitor {
    track: Url,
    key: String,
    signs_in: bool,
    client_id: Option<String>,
}

/// The instrumentation key opens the resource where local authentication is on.
impl fmt::Debug for AzureMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureMonitor")
            .field("signs_in", &self.signs_in)
            .finish_non_exhaustive()
    }
}

/// Why a connection string cannot be used. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the connection string of an Application Insights resource, as its overview page shows it")]
pub struct ConnectionStringFault;

impl AzureMonitor {
    /// The scope of tokens.
    pub const SCOPE: &str = "https://monitor.azure.com/.default";

    /// The resource of a connection string (`InstrumentationKey=…;IngestionEndpoint=…`) and, as the host takes it, of an
    /// authentication string (`Authorization=AAD`, `ClientId=…;Authorization=AAD`); without one the key alone is sent.
    pub fn new(connection: &str, authentication: Option<&str>) -> Result<Self, ConnectionStringFault> {
        let key = part(connection, "InstrumentationKey").ok_or(ConnectionStringFault)?;
        if !key.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            return Err(ConnectionStringFault);
        }
        let endpoint = part(connection, "IngestionEndpoint").unwrap_or(FIRST_ENDPOINT);
        let endpoint = Url::parse(endpoint).map_err(|_| ConnectionStringFault)?;
        if endpoint.scheme() != "https" && !(endpoint.scheme() == "http" && is_loopback(&endpoint)) {
            return Err(ConnectionStringFault);
        }
        let authentication = authentication.unwrap_or("");
        Ok(Self {
            track: endpoint.join("v2.1/track").map_err(|_| ConnectionStringFault)?,
            key: key.to_owned(),
            signs_in: part(authentication, "Authorization")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("AAD")),
            client_id: part(authentication, "ClientId").map(str::to_owned),
        })
    }

    pub(crate) fn address(&self) -> &Url {
        &self.track
    }

    /// Whether telemetry is sent with a token of the app's identity.
    #[must_use]
    pub fn signs_in(&self) -> bool {
        self.signs_in
    }

    /// The user-assigned identity that sends; none for the app's own.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }
}

/// The value of a key in `Key=value;Key=value`.
fn part<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name.trim().eq_ignore_ascii_case(key) && !value.trim().is_empty()).then(|| value.trim())
    })
}

/// Sends envelopes.
#[derive(Clone, Debug)]
struct Track {
    post: Post,
    address: String,
    sender: Sender,
}

/// The exporter of traces.
#[derive(Debug)]
pub(crate) struct Spans(Track);

/// The exporter of metrics.
pub(crate) struct Metrics(Track);

/// The exporters of both signals.
pub(crate) fn exporters(monitor: &AzureMonitor, settings: &Settings, post: Post) -> (Spans, Metrics) {
    let track = Track {
        post,
        address: monitor.track.to_string(),
        sender: Sender::new(
            &monitor.key,
            settings.app.map(crate::Label::name),
            settings.instance.map(crate::Label::name),
        ),
    };
    (Spans(track.clone()), Metrics(track))
}

impl Track {
    async fn sent(&self, envelopes: Vec<Envelope<'_>>) -> OTelSdkResult {
        if envelopes.is_empty() {
            return Ok(());
        }
        let failed = |why: &'static str| Err(OTelSdkError::InternalFailure(why.to_owned()));
        let Ok(body) = serde_json::to_vec(&envelopes) else {
            return failed("an envelope has no JSON form");
        };
        let body = Bytes::from(body);
        for pause in PAUSES.into_iter().map(Some).chain([None]) {
            let request = Request::post(&self.address)
                .header("content-type", "application/json")
                .body(body.clone());
            let Ok(request) = request else {
                return failed("the address is none");
            };
            let again = match self.post.send(request).await {
                // 206: some were refused one by one, and would be again.
                Ok((200 | 206, _)) => return Ok(()),
                Ok((status, _)) => matches!(status, 408 | 429 | 500..=599),
                Err(_) => true,
            };
            let (true, Some(pause)) = (again, pause) else {
                break;
            };
            // This is a thread of the exporter's own.
            std::thread::sleep(pause);
        }
        failed("it was not delivered")
    }
}

impl SpanExporter for Spans {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let envelopes = batch.iter().map(|span| self.0.sender.span(span)).collect();
        self.0.sent(envelopes).await
    }
}

impl PushMetricExporter for Metrics {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.0.sent(self.0.sender.metrics(metrics)).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    /// The service adds up what it is sent.
    fn temporality(&self) -> Temporality {
        Temporality::Delta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_string_is_read_as_the_host_reads_it() {
        const KEY: &str = "InstrumentationKey=00000000-1111-2222-3333-444444444444";
        let check =
            |connection: &str, authentication: Option<&str>, expected: Option<(&str, bool, Option<&str>)>| {
                let monitor = AzureMonitor::new(connection, authentication).ok();
                let read = monitor
                    .as_ref()
                    .map(|monitor| (monitor.track.as_str(), monitor.signs_in(), monitor.client_id()));
                assert_eq!(read, expected, "{connection} {authentication:?}");
            };
        let uk = "https://uksouth-1.in.applicationinsights.azure.com/v2.1/track";
        let whole = format!(
            "{KEY};IngestionEndpoint=https://uksouth-1.in.applicationinsights.azure.com/;LiveEndpoint=x"
        );
        check(&whole, None, Some((uk, false, None)));
        check(&whole, Some("Authorization=AAD"), Some((uk, true, None)));
        check(
            &whole,
            Some("ClientId=abc;Authorization=aad"),
            Some((uk, true, Some("abc"))),
        );
        check(
            KEY,
            None,
            Some(("https://dc.services.visualstudio.com/v2.1/track", false, None)),
        );
        for bad in [
            "",
            "InstrumentationKey=",
            "InstrumentationKey=not a key",
            &format!("{KEY};IngestionEndpoint=http://elsewhere.example.org/"),
        ] {
            check(bad, None, None);
        }
        let told = format!("{:?}", AzureMonitor::new(&whole, None));
        assert!(!told.contains("4444"), "{told}");
    }
}
