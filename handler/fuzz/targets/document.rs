//! Any bytes as a report of any kind: text with sound places, or a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(reading) = reading::parse(bytes, &reading::Limits::default()) else {
        return;
    };
    let document = drafting::document::Document::number(1, &reading);
    for sentence in &document.sentences {
        let (start, end) = sentence.span;
        assert_eq!(document.text.get(start..end), Some(sentence.text.as_str()));
    }
});
