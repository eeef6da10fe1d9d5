//! Addresses that callers are given.

use serde_json::{Value, json};

use crate::paths::{Artifact, CaseKey};

/// The address of the app as callers see it, without a final slash.
///
/// `configured` is the setting; else the address of the request is used. An address from a request is only ever
/// sent back to who sent it.
#[must_use]
pub fn base(configured: Option<&str>, request_url: &str) -> String {
    if let Some(base) = configured {
        return base.to_owned();
    }
    match url::Url::parse(request_url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.origin().ascii_serialization(),
        _ => String::new(),
    }
}

/// The address of a case's status.
#[must_use]
pub fn status(base: &str, key: &CaseKey) -> String {
    format!("{base}/api/drafts/{}/{}", key.recipe, key.case)
}

/// The addresses of a case's status and results.
#[must_use]
pub fn all(base: &str, key: &CaseKey) -> Value {
    let status = status(base, key);
    let mut links = json!({ "status": status });
    if let Some(object) = links.as_object_mut() {
        for artifact in Artifact::ALL {
            object.insert(
                artifact.binding().into(),
                Value::String(format!("{status}/{}", artifact.file_name())),
            );
        }
    }
    links
}
