//! The tenant's keys, and when they are fetched.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use who::{Key, KeyRing, KeysFault, LONGEST_ANSWER, Look, read_keys};

use crate::signer::Signer;

static LISTED: LazyLock<Value> = LazyLock::new(|| Signer::new("a").listed());

/// A key under another id, or with another member changed.
fn listed(name: &str, value: Value) -> Value {
    let mut key = LISTED.clone();
    key[name] = value;
    key
}

fn keys(ids: &[&str]) -> BTreeMap<String, Key> {
    let keys: Vec<Value> = ids.iter().map(|id| listed("kid", json!(id))).collect();
    read_keys(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

#[test]
fn keys_for_signatures_are_read_and_others_passed_over() {
    let check = |answer: Value, expected: Result<Vec<&str>, KeysFault>| {
        let read = read_keys(answer.to_string().as_bytes());
        let ids = read.map(|keys| keys.into_keys().collect::<Vec<_>>());
        assert_eq!(
            ids,
            expected.map(|ids| ids.into_iter().map(str::to_owned).collect()),
            "{answer}"
        );
    };
    let ec = json!({ "kty": "EC", "kid": "ec", "crv": "P-256", "x": "AA", "y": "AA" });
    let secret = json!({ "kty": "oct", "kid": "secret", "k": "AAAA" });
    check(json!({ "keys": [ec, LISTED.clone(), secret, 7] }), Ok(vec!["a"]));
    check(
        json!({ "keys": [listed("use", json!("enc"))] }),
        Err(KeysFault::None),
    );
    check(
        json!({ "keys": [listed("kty", json!("oct"))] }),
        Err(KeysFault::None),
    );
    check(json!({ "keys": [listed("n", json!("%"))] }), Err(KeysFault::None));
    check(
        json!({ "keys": [listed("kid", json!(null))] }),
        Err(KeysFault::None),
    );
    check(json!({ "keys": [] }), Err(KeysFault::None));
    check(json!({ "error": "x" }), Err(KeysFault::Form));
    let long = vec![b' '; LONGEST_ANSWER + 1];
    assert_eq!(read_keys(&long).unwrap_err(), KeysFault::TooLong);
    let many: Vec<Value> = (0..100)
        .map(|n| listed("kid", json!(format!("{n:03}"))))
        .collect();
    assert_eq!(
        read_keys(json!({ "keys": many }).to_string().as_bytes())
            .unwrap()
            .len(),
        64
    );
}

#[test]
fn an_unknown_key_is_fetched_for_at_most_once_a_minute() {
    let mut ring = KeyRing::default();
    let at = Duration::from_secs;
    assert!(matches!(ring.look("a", at(0)), Look::Fetch));
    ring.begin(at(0));
    // The try fails: whose key it is cannot be told until the next.
    assert!(matches!(ring.look("a", at(59)), Look::Away));
    assert!(matches!(ring.look("a", at(60)), Look::Fetch));
    ring.begin(at(60));
    ring.take(keys(&["a"]));
    assert!(matches!(ring.look("a", at(61)), Look::Found(_)));
    assert!(matches!(ring.look("b", at(61)), Look::Unknown));
    assert!(matches!(ring.look("b", at(119)), Look::Unknown));
    assert!(matches!(ring.look("b", at(120)), Look::Fetch));
    // The tenant changes its keys; the old one is gone at once.
    ring.begin(at(120));
    ring.take(keys(&["b"]));
    assert!(matches!(ring.look("b", at(121)), Look::Found(_)));
    assert!(matches!(ring.look("a", at(121)), Look::Unknown));
}

#[test]
fn keys_are_fetched_anew_twice_a_day_and_not_used_for_ever() {
    let mut ring = KeyRing::default();
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    ring.begin(hours(0));
    ring.take(keys(&["a"]));
    assert!(matches!(ring.look("a", hours(12)), Look::Found(_)));
    assert!(matches!(ring.look("a", hours(13)), Look::Fetch));
    ring.begin(hours(13));
    assert!(matches!(ring.look("a", hours(13)), Look::Found(_)));
    assert!(matches!(ring.look("a", hours(36)), Look::Fetch));
    ring.begin(hours(37));
    assert!(matches!(ring.look("a", hours(37)), Look::Away));
}

proptest! {
    #[test]
    fn any_answer_is_read_or_refused(answer in prop::collection::vec(any::<u8>(), 0..200), json in "[{}\\[\\]\":,a-z]{0,60}") {
        prop_assert!(read_keys(&answer).is_err());
        let keys = format!("{{\"keys\":{json}}}");
        prop_assert!(read_keys(keys.as_bytes()).is_err());
    }

    #[test]
    fn whoever_asks_for_what_keys_are_fetched_once_a_minute_at_most(
        asks in prop::collection::vec((0_u64..40_000, "[ab]", any::<bool>()), 1..80),
    ) {
        let mut ring = KeyRing::default();
        let (mut now, mut last) = (Duration::ZERO, None::<Duration>);
        for (pause, id, succeeds) in asks {
            now += Duration::from_millis(pause);
            if let Look::Fetch = ring.look(&id, now) {
                prop_assert!(last.is_none_or(|last| now >= last + Duration::from_secs(60)));
                last = Some(now);
                ring.begin(now);
                if succeeds {
                    ring.take(keys(&["a"]));
                }
                prop_assert!(!matches!(ring.look(&id, now), Look::Fetch));
            }
        }
    }
}
