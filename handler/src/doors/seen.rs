//! Every invocation as a span: what called which function, and what came of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use telemetry::{Attribute, Histogram, Id, Kind, Span, key, record};

use super::envelope::invocation;
use super::{PREFIX, table};

/// A function of the host and what calls it.
struct Called {
    function: &'static str,
    trigger: &'static str,
    /// The door's route, where people and flows call it.
    route: Option<&'static str>,
}

/// Functions that get the host's envelope, with their triggers by the conventions' names.
const FUNCTIONS: [(&str, &str); 12] = [
    ("draft-on-upload", "datasource"),
    ("draft-on-request", "http"),
    ("draft-queued", "pubsub"),
    ("draft-confirmed", "pubsub"),
    ("draft-on-event", "pubsub"),
    ("call-back", "pubsub"),
    ("poisoned-uploads", "pubsub"),
    ("poisoned-events", "pubsub"),
    ("poisoned-requests", "pubsub"),
    ("poisoned-confirmations", "pubsub"),
    ("poisoned-callbacks", "pubsub"),
    ("sweep", "timer"),
];

impl Called {
    fn of(request: &Request) -> Self {
        let path = request
            .extensions()
            .get::<MatchedPath>()
            .map_or("", MatchedPath::as_str);
        let named = |(function, _): &&(&str, &str)| path.strip_prefix('/') == Some(*function);
        if let Some((function, trigger)) = FUNCTIONS.iter().find(named) {
            return Self {
                function,
                trigger,
                route: None,
            };
        }
        let row = path
            .strip_prefix(PREFIX)
            .and_then(|route| table::row(request.method().as_str(), route));
        Self {
            function: "results",
            trigger: "http",
            route: row.map(|row| row.route),
        }
    }

    fn kind(&self) -> Kind {
        if self.trigger == "http" {
            Kind::Server
        } else {
            Kind::Consumer
        }
    }
}

/// Whether this process has seen nothing yet.
static COLD: AtomicBool = AtomicBool::new(true);

/// Stands around every door.
pub(super) async fn seen(request: Request, next: Next) -> Response {
    let called = Called::of(&request);
    let mut attributes = vec![
        Attribute::new(key::FAAS_INVOKED, called.function),
        Attribute::new(key::FAAS_TRIGGER, called.trigger),
    ];
    let span = Span::root(
        called.function,
        called.kind(),
        traceparent(request.headers()),
        &attributes,
    );
    span.set(key::FAAS_COLDSTART, COLD.swap(false, Ordering::Relaxed));
    if let Some(id) = Id::parse(invocation(request.headers())) {
        span.set(key::FAAS_INVOCATION, id);
    }
    if let Some(route) = called.route {
        span.set(key::HTTP_ROUTE, route);
        span.set(key::HTTP_METHOD, method(&request));
    }
    let begun = Instant::now();
    let response = span.around(next.run(request)).await;
    let status = response.status();
    span.set(key::HTTP_STATUS, status.as_u16());
    if status.is_server_error() {
        span.fail("status");
    }
    attributes.push(Attribute::new(key::HTTP_STATUS, status.as_u16()));
    record(
        Histogram::InvokeDuration,
        begun.elapsed().as_secs_f64(),
        &attributes,
    );
    response
}

fn traceparent(headers: &HeaderMap) -> Option<&str> {
    headers.get("traceparent").and_then(|value| value.to_str().ok())
}

/// The method in a word of this program: whoever calls can write any.
fn method(request: &Request) -> &'static str {
    const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
    let method = request.method().as_str();
    METHODS
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("_OTHER")
}
