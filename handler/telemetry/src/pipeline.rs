//! From spans and numbers to whoever receives them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter as Counting, Histogram as Measuring, Meter, MeterProvider as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider};

use crate::azure_monitor::{self, AzureMonitor};
use crate::names::{Counter, Histogram};
use crate::otlp::{self, Otlp};
use wire::Tokens;

use crate::post::Post;
use crate::value::{Attribute, Label};

/// The name of this instrumentation.
const SCOPE: &str = "golden-thread";

/// Who receives what is told.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// A collector, where one is set.
    pub otlp: Option<Otlp>,
    /// Application Insights, where it is set.
    pub azure_monitor: Option<AzureMonitor>,
    /// The app's name at the platform, where it has one.
    pub app: Option<Label>,
    /// Which instance of the app this is, where the platform says.
    pub instance: Option<Label>,
}

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// The HTTP client.
    #[error("the client for telemetry: {0}")]
    Client(reqwest::Error),
    /// The exporter. Its words can hold the address: they are left out.
    #[error("`OTEL_EXPORTER_OTLP_ENDPOINT` and the other `OTEL_EXPORTER_OTLP_` settings do not go together")]
    Otlp,
}

/// What runs once telling has begun.
pub(crate) struct Pipeline {
    traces: SdkTracerProvider,
    meters: SdkMeterProvider,
    tracer: SdkTracer,
    counters: Vec<Counting<u64>>,
    histograms: Vec<Measuring<f64>>,
}

static PIPELINE: OnceLock<Pipeline> = OnceLock::new();

/// The pipeline, where there is one.
pub(crate) fn running() -> Option<&'static Pipeline> {
    PIPELINE.get()
}

impl Pipeline {
    pub(crate) fn tracer(&self) -> &SdkTracer {
        &self.tracer
    }

    pub(crate) fn counter(&self, counter: Counter) -> Option<&Counting<u64>> {
        self.counters.get(counter as usize)
    }

    pub(crate) fn histogram(&self, histogram: Histogram) -> Option<&Measuring<f64>> {
        self.histograms.get(histogram as usize)
    }

    pub(crate) fn told(attributes: &[Attribute]) -> Vec<KeyValue> {
        attributes.iter().map(|one| one.told()).collect()
    }
}

/// What must be ended before the process does, so that what waits is sent.
#[derive(Debug)]
#[must_use]
pub struct Ending(());

/// Begins to tell, where somebody receives it; within a runtime, by which everything is sent. `tokens` are those of
/// [`AzureMonitor`]. A second call changes nothing.
pub fn start(settings: &Settings, tokens: Option<Arc<dyn Tokens>>) -> Result<Option<Ending>, StartFault> {
    if settings.otlp.is_none() && settings.azure_monitor.is_none() {
        return Ok(None);
    }
    let resource = resource(settings);
    // Every invocation is told: a host that samples for itself marks the others as not sampled.
    let mut traces = SdkTracerProvider::builder()
        .with_sampler(Sampler::AlwaysOn)
        .with_resource(resource.clone());
    let mut meters = SdkMeterProvider::builder().with_resource(resource);
    if let Some(otlp) = &settings.otlp {
        let post = Post::new(otlp.address(), None).map_err(StartFault::Client)?;
        let (spans, metrics) = otlp::exporters(otlp, post).map_err(|_| StartFault::Otlp)?;
        traces = traces.with_span_processor(BatchSpanProcessor::builder(spans).build());
        meters = meters.with_reader(PeriodicReader::builder(metrics).build());
    }
    if let Some(monitor) = &settings.azure_monitor {
        let tokens = tokens.filter(|_| monitor.signs_in());
        let post = Post::new(monitor.address(), tokens).map_err(StartFault::Client)?;
        let (spans, metrics) = azure_monitor::exporters(monitor, settings, post);
        traces = traces.with_span_processor(BatchSpanProcessor::builder(spans).build());
        meters = meters.with_reader(PeriodicReader::builder(metrics).build());
    }
    let (traces, meters) = (traces.build(), meters.build());
    let meter = meters.meter(SCOPE);
    let pipeline = Pipeline {
        tracer: traces.tracer(SCOPE),
        counters: counters(&meter),
        histograms: histograms(&meter),
        traces,
        meters,
    };
    Ok(PIPELINE.set(pipeline).is_ok().then_some(Ending(())))
}

fn counters(meter: &Meter) -> Vec<Counting<u64>> {
    let counter = |counter: &Counter| {
        let said = counter.instrument();
        meter
            .u64_counter(said.name)
            .with_unit(said.unit)
            .with_description(said.meaning)
            .build()
    };
    Counter::ALL.iter().map(counter).collect()
}

fn histograms(meter: &Meter) -> Vec<Measuring<f64>> {
    let histogram = |histogram: &Histogram| {
        let said = histogram.instrument();
        meter
            .f64_histogram(said.name)
            .with_unit(said.unit)
            .with_description(said.meaning)
            .with_boundaries(said.bounds.to_vec())
            .build()
    };
    Histogram::ALL.iter().map(histogram).collect()
}

/// What stands beside everything that is told. Built of what is known here alone: the library would take whatever the
/// environment says.
fn resource(settings: &Settings) -> Resource {
    let mut all = vec![
        KeyValue::new("service.name", SCOPE),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
    ];
    if let Some(app) = settings.app {
        all.push(KeyValue::new("faas.name", app.name()));
        all.push(KeyValue::new("faas.version", env!("CARGO_PKG_VERSION")));
        all.push(KeyValue::new("cloud.provider", "azure"));
        all.push(KeyValue::new("cloud.platform", "azure.functions"));
    }
    if let Some(instance) = settings.instance {
        all.push(KeyValue::new("faas.instance", instance.name()));
        all.push(KeyValue::new("service.instance.id", instance.name()));
    }
    Resource::builder_empty().with_attributes(all).build()
}

impl Ending {
    /// Sends what waits, for as long as `within` at most.
    pub async fn end(self, within: Duration) {
        let ends = [
            ended(move |pipeline| pipeline.meters.shutdown_with_timeout(within)),
            ended(move |pipeline| pipeline.traces.shutdown_with_timeout(within)),
        ];
        let all = async {
            let mut sent = true;
            for end in ends {
                sent &= matches!(end.await, Ok(true));
            }
            sent
        };
        if tokio::time::timeout(within, all).await != Ok(true) {
            tracing::warn!("the last of the telemetry could not be delivered in time");
        }
    }
}

/// Ends one signal, on a thread of its own that nobody waits for longer: those that send do so by this runtime, which must
/// go on meanwhile.
fn ended(
    end: impl FnOnce(&Pipeline) -> OTelSdkResult + Send + 'static,
) -> tokio::sync::oneshot::Receiver<bool> {
    let (done, ended) = tokio::sync::oneshot::channel();
    let begun = std::thread::Builder::new().spawn(move || {
        let sent = running().is_none_or(|pipeline| end(pipeline).is_ok());
        // Nobody waits any more when the time is over.
        done.send(sent).is_ok()
    });
    if let Err(cause) = begun {
        tracing::warn!(%cause, "no thread can be started to deliver the last of the telemetry");
    }
    ended
}
