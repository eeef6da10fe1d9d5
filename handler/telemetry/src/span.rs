//! Spans: what was done, within what, and how long it took.

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;

use crate::names::{Key, key};
use crate::pipeline;
use crate::value::{Attribute, Label, Value};

/// On which side of a call a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody waits for the answer.
    Server,
    /// A message or an event is seen to.
    Consumer,
    /// Another service is asked.
    Client,
    /// Neither.
    Internal,
}

impl Kind {
    const fn told(self) -> SpanKind {
        match self {
            Self::Server => SpanKind::Server,
            Self::Consumer => SpanKind::Consumer,
            Self::Client => SpanKind::Client,
            Self::Internal => SpanKind::Internal,
        }
    }
}

/// A span; it ends when it is dropped. Where nothing is told it is nothing.
pub struct Span(Option<Context>);

/// The header of W3C Trace Context. `tracestate` is a stranger's text and is left aside.
struct Header<'a>(&'a str);

impl Extractor for Header<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

impl Span {
    /// A span that belongs to whatever `traceparent` names, else to nothing.
    #[must_use]
    pub fn root(name: &'static str, kind: Kind, traceparent: Option<&str>, attributes: &[Attribute]) -> Self {
        let parent = || {
            let nothing = Context::new();
            traceparent.map_or_else(
                || nothing.clone(),
                |header| TraceContextPropagator::new().extract_with_context(&nothing, &Header(header)),
            )
        };
        Self::begun(|| name.into(), kind, parent, attributes)
    }

    /// A span within the one around it.
    #[must_use]
    pub fn child(name: &'static str, kind: Kind, attributes: &[Attribute]) -> Self {
        Self::begun(|| name.into(), kind, Context::current, attributes)
    }

    /// As [`Self::child`], with a name of two words: what is done, and by whom or for what.
    #[must_use]
    pub fn named(does: &'static str, what: Label, kind: Kind, attributes: &[Attribute]) -> Self {
        let name = || format!("{does} {}", what.name()).into();
        Self::begun(name, kind, Context::current, attributes)
    }

    /// A call of a place (a route or a path with placeholders) by a method. It belongs to the span around `place`, and is
    /// nothing where there is none: what the app does for itself is counted and not traced.
    #[must_use]
    pub fn call(place: &Place, method: &'static str, route: &'static str, attributes: &[Attribute]) -> Self {
        if !place.0.has_active_span() {
            return Self(None);
        }
        let name = || format!("{method} {route}").into();
        Self::begun(name, Kind::Client, || place.0.clone(), attributes)
    }

    fn begun(
        name: impl FnOnce() -> std::borrow::Cow<'static, str>,
        kind: Kind,
        parent: impl FnOnce() -> Context,
        attributes: &[Attribute],
    ) -> Self {
        Self(pipeline::running().map(|pipeline| {
            let parent = parent();
            let tracer = pipeline.tracer();
            let builder = tracer
                .span_builder(name())
                .with_kind(kind.told())
                .with_attributes(attributes.iter().map(|one| one.told()));
            let span = tracer.build_with_context(builder, &parent);
            parent.with_span(span)
        }))
    }

    /// Adds what is known only later.
    pub fn set(&self, key: Key, value: impl Into<Value>) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(Attribute::new(key, value).told());
        }
    }

    /// Marks what was done as failed.
    pub fn fail(&self, why: &'static str) {
        if let Some(context) = &self.0 {
            context
                .span()
                .set_attribute(Attribute::new(key::ERROR_TYPE, why).told());
            context.span().set_status(Status::error(why));
        }
    }

    /// Does the work within this span. It lies on the heap: futures of whole stages are large, and each layer that moves
    /// one would hold its size on the stack.
    pub fn around<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        let work = Box::pin(work);
        let context = self.0.clone();
        async move {
            match context {
                Some(context) => work.with_context(context).await,
                None => work.await,
            }
        }
    }

    /// Does work that is not waited for within this span.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        let _within = self.0.clone().map(Context::attach);
        work()
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(context) = &self.0 {
            context.span().end();
        }
    }
}

/// The value of the header `traceparent` for whoever is asked within the span around this call.
#[must_use]
pub fn traceparent() -> Option<String> {
    let context = Context::current();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| {
        format!(
            "00-{}-{}-{:02x}",
            span.trace_id(),
            span.span_id(),
            span.trace_flags()
        )
    })
}

/// Where something is asked for, for libraries that do it elsewhere.
#[derive(Clone, Debug)]
pub struct Place(Context);

impl Place {
    /// The span around this call.
    #[must_use]
    pub fn here() -> Self {
        Self(Context::current())
    }
}

/// The work within the span around this call, wherever it is done then.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    work.with_current_context()
}

/// As [`carried`], for work that another thread does.
pub fn carrying<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let context = Context::current();
    move || {
        let _within = context.attach();
        work()
    }
}
