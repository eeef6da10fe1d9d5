//! `docs/telemetry.md` names everything that can be told.

use std::path::PathBuf;

use telemetry::{Counter, Histogram, key};

#[test]
fn every_attribute_and_metric_is_explained_with_its_unit() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/telemetry.md");
    let text = std::fs::read_to_string(file).unwrap();
    for key in key::ALL {
        assert!(text.contains(&format!("`{}`", key.name())), "{}", key.name());
    }
    let counters = Counter::ALL.iter().map(|one| (one.name(), one.unit(), "counter"));
    let histograms = Histogram::ALL
        .iter()
        .map(|one| (one.name(), one.unit(), "histogram"));
    for (name, unit, kind) in counters.chain(histograms) {
        let line = format!("| `{name}` | `{unit}` | {kind} |");
        assert!(text.contains(&line), "{line}");
    }
}
