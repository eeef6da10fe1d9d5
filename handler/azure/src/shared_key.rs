//! Signing for the storage emulator on this machine.
//!
//! The SDK signs by Entra ID only, which the emulator cannot check without certificates. Its account and key are
//! published by Microsoft and the same for everybody, so they protect nothing and are no secret.

use azure_core::credentials::Secret;
use azure_core::hmac::hmac_sha256;
use azure_core::http::headers::{AUTHORIZATION, HeaderName, Headers};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Body, Context, Request, Url};
use azure_core::time::{OffsetDateTime, to_rfc7231};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const EMULATOR_ACCOUNT: &str = "devstoreaccount1";
pub(crate) const EMULATOR_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const DATE: HeaderName = HeaderName::from_static("x-ms-date");

/// Headers whose values are signed by position, in this order; the length comes third and is the body's.
const BEFORE_LENGTH: [&str; 2] = ["content-encoding", "content-language"];
const AFTER_LENGTH: [&str; 8] = [
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
];

/// Adds the `SharedKey` authorization of the emulator's account to each request.
#[derive(Debug)]
pub(crate) struct SharedKeyPolicy;

#[async_trait::async_trait]
impl Policy for SharedKeyPolicy {
    async fn send(&self, ctx: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        request.insert_header(DATE, to_rfc7231(&OffsetDateTime::now_utc()));
        let signature = hmac_sha256(&string_to_sign(request), &Secret::new(EMULATOR_KEY))?;
        request.insert_header(AUTHORIZATION, format!("SharedKey {EMULATOR_ACCOUNT}:{signature}"));
        let (transport, rest) = next.split_first().ok_or_else(|| {
            azure_core::Error::with_message(azure_core::error::ErrorKind::Other, "no transport after signing")
        })?;
        transport.send(ctx, request, rest).await
    }
}

/// <https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key>, blob and queue form.
fn string_to_sign(request: &Request) -> String {
    let headers = request.headers();
    let value = |name: &&str| header(headers, name);
    let mut lines = vec![request.method().as_ref().to_owned()];
    lines.extend(BEFORE_LENGTH.iter().map(value));
    lines.push(content_length(request.body()));
    lines.extend(AFTER_LENGTH.iter().map(value));
    lines.extend(canonical_headers(headers));
    lines.push(canonical_resource(request.url()));
    lines.join("\n")
}

fn header(headers: &Headers, name: &str) -> String {
    headers
        .get_optional_str(&HeaderName::from(name.to_owned()))
        .unwrap_or("")
        .to_owned()
}

/// A length of zero is signed as nothing.
fn content_length(body: &Body) -> String {
    body.len()
        .filter(|length| *length > 0)
        .map_or_else(String::new, |length| length.to_string())
}

fn canonical_headers(headers: &Headers) -> Vec<String> {
    let service = headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("x-ms-"));
    let sorted: BTreeMap<&str, &str> = service
        .map(|(name, value)| (name.as_str(), value.as_str().trim()))
        .collect();
    sorted
        .into_iter()
        .map(|(name, value)| format!("{name}:{value}"))
        .collect()
}

fn canonical_resource(url: &Url) -> String {
    let mut queries: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in url.query_pairs() {
        queries
            .entry(name.to_lowercase())
            .or_default()
            .push(value.into_owned());
    }
    let path = format!("/{EMULATOR_ACCOUNT}{}", url.path());
    let queries = queries.into_iter().map(|(name, mut values)| {
        values.sort();
        format!("{name}:{}", values.join(","))
    });
    std::iter::once(path)
        .chain(queries)
        .collect::<Vec<_>>()
        .join("\n")
}
