//! Any text for the log: what is scrubbed once stays as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = drafting::scrub::scrub(text);
    assert_eq!(drafting::scrub::scrub(&once), once);
});
