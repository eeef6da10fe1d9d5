//! Calls of storage as telemetry: where with placeholders, how, and what came of it.

use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Method, Request, StatusCode, Url};
use std::sync::Arc;
use std::time::Instant;
use telemetry::{Attribute, Histogram, Place, Span, key, record};

/// Says of a path, such as `runs/a/b/status.json`, which of the caller's kinds of path it is. What is told of a call is
/// a word of the program: a name of a blob cannot be.
pub type Template = fn(&str) -> &'static str;

/// Tells of each call, its retries included.
#[derive(Debug)]
pub(crate) struct Told {
    /// The path of the account's own address, which is none of a blob.
    base: String,
    template: Template,
}

impl Told {
    pub(crate) fn new(endpoint: &Url, template: Template) -> Self {
        Self {
            base: endpoint.path().trim_matches('/').to_owned(),
            template,
        }
    }

    fn template(&self, url: &Url) -> &'static str {
        let path = url.path().trim_start_matches('/');
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        (self.template)(&path.trim_start_matches('/').replace("%2F", "/"))
    }
}

#[async_trait::async_trait]
impl Policy for Told {
    async fn send(&self, ctx: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let (next, rest) = next.split_first().ok_or_else(|| {
            azure_core::Error::with_message(azure_core::error::ErrorKind::Other, "no policy after telling")
        })?;
        let (method, template) = (method(request.method()), self.template(request.url()));
        // What the SDK does on tasks of its own brings along where it was asked for.
        let place = ctx.value::<Place>().cloned().unwrap_or_else(Place::here);
        let mut told = vec![
            Attribute::new(key::HTTP_METHOD, method),
            Attribute::new(key::URL_TEMPLATE, template),
        ];
        let span = Span::call(&place, method, template, &told);
        let begun = Instant::now();
        let answer = span.around(next.send(ctx, request, rest)).await;
        match &answer {
            Ok(response) => {
                let status = response.status();
                span.set(key::HTTP_STATUS, u16::from(status));
                told.push(Attribute::new(key::HTTP_STATUS, u16::from(status)));
                if !is_expected(status) {
                    span.fail("status");
                }
            }
            Err(_) => span.fail("no-answer"),
        }
        record(Histogram::StorageDuration, begun.elapsed().as_secs_f64(), &told);
        answer
    }
}

/// Whether a blob is there, has changed or is leased is asked by trying.
fn is_expected(status: StatusCode) -> bool {
    status.is_success()
        || matches!(
            status,
            StatusCode::NotModified
                | StatusCode::NotFound
                | StatusCode::Conflict
                | StatusCode::PreconditionFailed
        )
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Delete => "DELETE",
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        _ => "_OTHER",
    }
}
