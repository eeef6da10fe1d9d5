//! Any bytes as what the host sends to a function.
#![no_main]
#![allow(dead_code, unused_imports, missing_docs)]

#[path = "../../src/doors/envelope.rs"]
mod envelope;

use envelope::Invocation;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Invocation::blob(bytes, &["recipe", "case", "document"]);
    if let Ok(call) = Invocation::http(bytes) {
        let _ = (call.header("content-type"), call.dropped_body(), call.text());
    }
    for binding in ["request", "confirmation", "message"] {
        let _ = Invocation::message(bytes, binding);
    }
});
