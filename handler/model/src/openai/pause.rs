//! How long a service asks to wait in words.

use std::time::Duration;

/// A count of units of `seconds` each.
fn number(text: &str, seconds: f64) -> Option<Duration> {
    let count: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(count * seconds).ok()
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

    proptest! {
        #[test]
        fn no_words_panic(message in ".*") {
            in_words(&message.to_lowercase());
            in_words(&format!("retry after {}", message.to_lowercase()));
        }
    }
}
