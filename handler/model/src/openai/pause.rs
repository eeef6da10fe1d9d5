//! How long to wait before the next attempt.

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

use super::settings::Timing;

/// The wait that headers ask for: `retry-after-ms`, else `retry-after` in seconds or as a date.
#[must_use]
pub fn in_headers(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let milliseconds = text("retry-after-ms").and_then(|text| number(text, 0.001));
    milliseconds.or_else(|| {
        let text = text("retry-after")?;
        number(text, 1.0).or_else(|| until(text, now))
    })
}

/// A count of units of `seconds` each; services send `-1` for "unknown".
fn number(text: &str, seconds: f64) -> Option<Duration> {
    let count: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(count * seconds).ok()
}

/// A date that is over asks for no wait.
fn until(text: &str, now: SystemTime) -> Option<Duration> {
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

/// The wait that a message asks for: `please retry after 37 seconds`, `try again in 1m2.5s`. `message` is in
/// lower case.
pub(super) fn in_words(message: &str) -> Option<Duration> {
    let rest = ["retry after ", "try again in "]
        .iter()
        .find_map(|cue| message.split_once(cue))?
        .1;
    let (first, rest) = step(rest)?;
    let more = std::iter::successors(step(rest), |(_, rest)| step(rest)).map(|(part, _)| part);
    Some(more.fold(first, Duration::saturating_add))
}

/// One number with its unit, and what follows it.
fn step(text: &str) -> Option<(Duration, &str)> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (count, rest) = text.split_at_checked(digits)?;
    let rest = rest.trim_start();
    let letters = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(letters)?;
    let seconds = match unit {
        "ms" | "millisecond" | "milliseconds" => 0.001,
        "s" | "sec" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        _ => return None,
    };
    Some((number(count.trim_end_matches('.'), seconds)?, rest))
}

/// The pause before the next attempt after `failed` failures. One that the service asked for is never
/// shortened, and lengthened by up to a tenth, so that calls that were turned away together do not come back
/// together. A service that asks for next to none is given our own.
pub(super) fn before_next(timing: &Timing, failed: u32, asked: Option<Duration>) -> Duration {
    match asked {
        Some(asked) if asked >= timing.first_pause => {
            let part = asked.min(Duration::from_secs(10)).mul_f64(fastrand::f64() / 10.0);
            asked.saturating_add(part)
        }
        Some(asked) => own(timing, failed).max(asked),
        None => own(timing, failed),
    }
}

/// Twice as long each time, less up to half.
fn own(timing: &Timing, failed: u32) -> Duration {
    let doubled = timing
        .first_pause
        .saturating_mul(1 << failed.saturating_sub(1).min(16));
    doubled
        .min(timing.longest_pause)
        .mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_are_read_from_words() {
        let check = |message: &str, expected: Option<u64>| {
            assert_eq!(
                in_words(message),
                expected.map(Duration::from_millis),
                "{message}"
            );
        };
        check("please retry after 37 seconds. contact us", Some(37_000));
        check("please retry after 1 second.", Some(1_000));
        check("rate limit is exceeded. try again in 9 seconds.", Some(9_000));
        check("please try again in 1.2s.", Some(1_200));
        check("please try again in 20ms. visit", Some(20));
        check("please try again in 6m0s.", Some(360_000));
        check("please try again in 1h2m3.5s", Some(3_723_500));
        check("please retry after a while", None);
        check("please retry after 5", None);
        check("retry after -3 seconds", None);
        check("nothing", None);
    }

    #[test]
    fn waits_are_read_from_headers() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770);
        let check = |headers: &[(&'static str, &str)], expected: Option<u64>| {
            let map = headers.iter().map(|(name, value)| {
                (
                    reqwest::header::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            });
            assert_eq!(
                in_headers(&map.collect(), now),
                expected.map(Duration::from_millis),
                "{headers:?}"
            );
        };
        check(&[("retry-after", "2")], Some(2_000));
        check(&[("retry-after", "0.5")], Some(500));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], Some(7_000));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")], Some(0));
        check(&[("retry-after-ms", "1500"), ("retry-after", "9")], Some(1_500));
        check(&[("retry-after-ms", "-1"), ("retry-after", "9")], Some(9_000));
        check(&[("retry-after", "-1")], None);
        check(&[("retry-after", "NaN")], None);
        check(&[("retry-after", "soon")], None);
        check(&[], None);
    }

    proptest! {
        #[test]
        fn no_words_panic(message in ".*") {
            in_words(&message.to_lowercase());
            in_words(&format!("retry after {}", message.to_lowercase()));
        }

        #[test]
        fn pauses_stay_in_bounds(failed in 0_u32..u32::MAX, asked in proptest::option::of(0_u64..u64::MAX)) {
            let timing = Timing::default();
            let asked = asked.map(Duration::from_secs);
            let pause = before_next(&timing, failed, asked);
            match asked {
                Some(asked) => prop_assert!(pause >= asked),
                None => prop_assert!(pause >= timing.first_pause / 2 && pause <= timing.longest_pause),
            }
        }
    }
}
