//! Any bytes as a file of the audit log: verified by nobody who has not the key.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        for line in text.lines() {
            let _ = audit::Entry::parse(line);
        }
    }
    let keys = audit::Keys::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
        .expect("a key");
    let mut verifier = audit::Verifier::new(&keys);
    let verified = verifier.file("2026/11/22/x.jsonl", bytes);
    assert!(verified.is_err() || bytes.is_empty(), "a chain without the key");
});
