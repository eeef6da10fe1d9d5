//! Any text as a caller's credentials: nobody is let in by what was never signed.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = who::platform_principal(text, None);
    let _ = who::read_keys(text.as_bytes());
    if let Ok(token) = who::Token::parse(text) {
        assert!(!token.key_id().is_empty());
    }
});
