//! How often somebody may call.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use who::Pace;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn so_many_at_once_and_then_one_a_share_of_a_minute() {
    let mut pace = Pace::new(10, 100);
    for _ in 0..10 {
        assert_eq!(pace.take("a", SECOND), Ok(()));
    }
    assert_eq!(pace.take("a", SECOND), Err(6 * SECOND));
    assert_eq!(pace.take("b", SECOND), Ok(()), "others have their own");
    assert_eq!(pace.take("a", 6 * SECOND), Err(SECOND));
    assert_eq!(pace.take("a", 7 * SECOND), Ok(()));
    assert_eq!(pace.take("a", 7 * SECOND), Err(6 * SECOND));
    // A minute without a call gives everything back, and no more.
    for _ in 0..10 {
        assert_eq!(pace.take("a", 200 * SECOND), Ok(()));
    }
    assert!(pace.take("a", 200 * SECOND).is_err());
}

#[test]
fn the_longest_idle_are_forgotten_first() {
    let mut pace = Pace::new(2, 3);
    for (caller, at) in [("a", 0), ("b", 10), ("c", 20)] {
        assert_eq!(pace.take(caller, at * SECOND), Ok(()));
    }
    // `a` is full again at 30: whether it is remembered makes no difference to it.
    assert_eq!(pace.take("d", 31 * SECOND), Ok(()));
    assert_eq!(pace.held(), 3);
    // Nobody is full: the one that is nearest to it goes.
    assert_eq!(pace.take("c", 31 * SECOND), Ok(()));
    assert_eq!(pace.take("e", 32 * SECOND), Ok(()));
    assert_eq!(pace.held(), 3);
    assert!(
        pace.take("c", 32 * SECOND).is_err(),
        "who called most is remembered"
    );
}

proptest! {
    #[test]
    fn nobody_calls_more_often_than_allowed(
        a_minute in 1_u32..30,
        calls in prop::collection::vec((0_u64..5_000, 0_u8..4), 1..200),
    ) {
        let mut pace = Pace::new(a_minute, 16);
        let mut now = Duration::ZERO;
        let mut taken: BTreeMap<u8, Vec<Duration>> = BTreeMap::new();
        for (pause, caller) in calls {
            now += Duration::from_millis(pause);
            let of_caller = taken.entry(caller).or_default();
            match pace.take(caller, now) {
                Ok(()) => of_caller.push(now),
                // Who waits as long as said is let in, and not sooner.
                Err(wait) => {
                    prop_assert!(wait > Duration::ZERO && wait <= Duration::from_secs(60));
                    prop_assert!(pace.clone().take(caller, now + wait).is_ok());
                    prop_assert!(pace.clone().take(caller, (now + wait).saturating_sub(Duration::from_nanos(1))).is_err());
                }
            }
        }
        // In any stretch of time: the bucket, and what dripped into it meanwhile.
        for times in taken.values() {
            for (first, from) in times.iter().enumerate() {
                for (last, to) in times.iter().enumerate().skip(first) {
                    let dripped = to.saturating_sub(*from).as_secs_f64() * f64::from(a_minute) / 60.0;
                    let count = u32::try_from(last - first + 1).unwrap();
                    prop_assert!(f64::from(count) <= f64::from(a_minute) + dripped + 1e-6);
                }
            }
        }
    }

    #[test]
    fn memory_is_bounded_whoever_calls(most in 1_usize..20, callers in prop::collection::vec((any::<u16>(), 0_u64..3_000), 1..300)) {
        let mut pace = Pace::new(10, most);
        let mut now = Duration::ZERO;
        for (caller, pause) in callers {
            now += Duration::from_millis(pause);
            prop_assert!(pace.take(caller, now).is_ok() || pace.held() > 0);
            prop_assert!(pace.held() <= most);
        }
    }
}
