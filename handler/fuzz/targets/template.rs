//! Any bytes as a council's Word template: filled with hostile values, or refused with a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|bytes: &[u8]| {
    let Ok(template) = word::Template::open(bytes) else {
        return;
    };
    let data = template
        .placeholders()
        .into_iter()
        .map(|name| (name, json!("<w:p>{{ x }} & \"\u{1}")));
    let data: serde_json::Map<String, serde_json::Value> = data.collect();
    if let Ok(rendered) = template.render(&data.into()) {
        word::Template::open(&rendered.bytes).expect("what was filled can be opened");
    }
});
