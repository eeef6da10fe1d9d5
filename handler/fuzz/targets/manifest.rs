//! Any bytes as the `case.json` of a case: read as it is written again, or refused.
#![no_main]

use drafting::case::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) else {
        return;
    };
    let again = serde_json::to_vec(&manifest).expect("a manifest has a JSON form");
    assert_eq!(serde_json::from_slice::<Manifest>(&again).expect("its own form"), manifest);
});
