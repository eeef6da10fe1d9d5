//! Whatever settings and headers hold, they are read or refused.

use proptest::prelude::*;
use telemetry::{AzureMonitor, Id, Otlp};

proptest! {
    #[test]
    fn an_id_holds_nothing_but_digits_and_hyphens(text in "[0-9a-fA-F-]{0,60}|.{0,60}") {
        if let Some(id) = Id::parse(&text) {
            prop_assert_eq!(id.to_string(), text.to_lowercase());
            prop_assert!(text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'));
        }
    }

    #[test]
    fn settings_are_read_or_refused_and_print_no_key(base in ".{0,40}|https://[a-z.]{1,20}", headers in ".{0,40}|[a-z]{1,5}=zqkey[%0-9a-f]{0,6}") {
        if let Ok(otlp) = Otlp::new(&base, Some(&headers)) {
            let told = format!("{otlp:?}");
            prop_assert!(!told.contains("zqkey"));
        }
    }

    #[test]
    fn connection_strings_are_read_or_refused(text in "(InstrumentationKey|IngestionEndpoint|[A-Za-z]{0,9})=[^;]{0,40};?.{0,40}", authentication in ".{0,40}") {
        if let Ok(monitor) = AzureMonitor::new(&text, Some(&authentication)) {
            prop_assert!(monitor.client_id().is_none_or(|id| authentication.contains(id)));
        }
    }
}
