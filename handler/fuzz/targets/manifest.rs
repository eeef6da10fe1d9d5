//! Any bytes as the `case.json` of a case: read as it is written again, or refused.
#![no_main]

use drafting::case::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) else {
        return;
    };
    let again = serde_json::to_vec(&manifest).expect("a manifest has a JSON form");
    let back: Manifest = serde_json::from_slice(&again).expect("its own form");
    // Keys that are not known are only told of; a number of sixty digits among them may come back as its neighbour.
    assert_eq!(
        (
            &back.child,
            &back.request_date,
            &back.documents,
            &back.values,
            &back.choices,
            &back.withdrawn
        ),
        (
            &manifest.child,
            &manifest.request_date,
            &manifest.documents,
            &manifest.values,
            &manifest.choices,
            &manifest.withdrawn
        )
    );
});
