//! Who receives traces and metrics. Without one of these settings nothing is told.
//!
//! They are the names that the Functions host and OpenTelemetry have for them, so that one setting serves the host and the
//! app. Further settings of OpenTelemetry (`OTEL_BSP_…`, `OTEL_METRIC_EXPORT_INTERVAL`, `OTEL_EXPORTER_OTLP_TIMEOUT`) are
//! read by its library.

use azure::Identity;
use telemetry::{AzureMonitor, Label, Otlp, OtlpFault, Settings};

use super::{Fault, Reader};

/// The address of a collector that takes OTLP by HTTP: `https://collector.example.org:4318`.
pub const OTEL_EXPORTER_OTLP_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// Headers for it, such as a key: `api-key=abc,tenant=one`.
pub const OTEL_EXPORTER_OTLP_HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
/// The connection string of an Application Insights resource.
pub const APPLICATIONINSIGHTS_CONNECTION_STRING: &str = "APPLICATIONINSIGHTS_CONNECTION_STRING";
/// `Authorization=AAD`, with `ClientId=…;` before it for a user-assigned identity, where the resource takes no keys.
pub const APPLICATIONINSIGHTS_AUTHENTICATION_STRING: &str = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

/// What the platform calls the app, and its instance; set by the platform.
const SITE: &str = "WEBSITE_SITE_NAME";
const INSTANCE: &str = "WEBSITE_INSTANCE_ID";

/// The settings of this file.
pub(super) const TELEMETRY: [&str; 4] = [
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_HEADERS,
    APPLICATIONINSIGHTS_CONNECTION_STRING,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING,
];

/// Who receives traces and metrics.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// A collector, Application Insights, both or none.
    pub receivers: Settings,
    /// Whose tokens Application Insights is sent; none where it takes the key of the connection string.
    pub identity: Option<Identity>,
}

impl Reader<'_> {
    /// Who receives telemetry.
    pub(super) fn telemetry(&mut self) -> Telemetry {
        let source = self.source;
        let headers = source(OTEL_EXPORTER_OTLP_HEADERS);
        let otlp = source(OTEL_EXPORTER_OTLP_ENDPOINT).map(|base| Otlp::new(&base, headers.as_deref()));
        let otlp = otlp.transpose().unwrap_or_else(|fault| {
            let setting = match fault {
                OtlpFault::Address => OTEL_EXPORTER_OTLP_ENDPOINT,
                OtlpFault::Headers | OtlpFault::ClearText => OTEL_EXPORTER_OTLP_HEADERS,
            };
            self.faults.push(Fault::Collector { setting, fault });
            None
        });
        let authentication = source(APPLICATIONINSIGHTS_AUTHENTICATION_STRING);
        let azure_monitor = source(APPLICATIONINSIGHTS_CONNECTION_STRING)
            .map(|connection| AzureMonitor::new(&connection, authentication.as_deref()));
        let azure_monitor = azure_monitor.transpose().unwrap_or_else(|fault| {
            self.faults.push(Fault::ApplicationInsights(fault));
            None
        });
        let identity = azure_monitor
            .as_ref()
            .filter(|monitor: &&AzureMonitor| monitor.signs_in())
            .map(|monitor| match (Identity::ambient(source), monitor.client_id()) {
                (Identity::Managed { .. }, Some(id)) => Identity::Managed {
                    client_id: Some(id.to_owned()),
                },
                (ambient, _) => ambient,
            });
        Telemetry {
            receivers: Settings {
                otlp,
                azure_monitor,
                app: source(SITE).map(|name| Label::configured(&name)),
                instance: source(INSTANCE).map(|name| Label::configured(&name)),
            },
            identity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PORT, STORAGE, read};

    #[test]
    fn without_a_receiver_nothing_is_told_and_faults_name_the_setting_only() {
        let with = |more: &[(&str, &str)]| {
            let more: Vec<(String, String)> = more
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            read(&move |name: &str| match name {
                PORT => Some("7001".to_owned()),
                STORAGE => Some("UseDevelopmentStorage=true".to_owned()),
                _ => more
                    .iter()
                    .find(|(key, _)| key == name)
                    .map(|(_, value)| value.clone()),
            })
        };
        let none = with(&[]).unwrap().telemetry;
        assert!(none.receivers.otlp.is_none() && none.receivers.azure_monitor.is_none());
        let both = with(&[
            (OTEL_EXPORTER_OTLP_ENDPOINT, "http://127.0.0.1:4318"),
            (OTEL_EXPORTER_OTLP_HEADERS, "api-key=SECRET"),
            (
                APPLICATIONINSIGHTS_CONNECTION_STRING,
                "InstrumentationKey=00000000-1111-2222-3333-444444444444",
            ),
            (APPLICATIONINSIGHTS_AUTHENTICATION_STRING, "Authorization=AAD"),
        ]);
        let both = both.unwrap();
        assert!(both.telemetry.receivers.otlp.is_some() && both.telemetry.identity.is_some());
        assert!(!format!("{both:?}").contains("SECRET"));
        for (name, value) in [
            (OTEL_EXPORTER_OTLP_ENDPOINT, "grpc://SECRET"),
            (APPLICATIONINSIGHTS_CONNECTION_STRING, "InstrumentationKey=SECRET"),
        ] {
            let faults = with(&[(name, value)]).unwrap_err();
            let text = faults[0].to_string();
            assert!(
                faults.len() == 1 && text.contains(name) && !text.contains("SECRET"),
                "{text}"
            );
        }
    }
}
