//! Any bytes as a record of an earlier run, compared with itself.
#![no_main]

use drafting::record::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(record) = serde_json::from_slice::<Record>(bytes) {
        let _ = serde_json::to_vec(&record).expect("a record has a JSON form");
    }
});
