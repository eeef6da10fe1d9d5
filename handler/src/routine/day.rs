//! Which day it is where the plans are written.

use jiff::civil::Date;

/// The time in England by the rule of POSIX: an hour ahead of Greenwich from the last Sunday of March to that of October
/// (Summer Time Act 1972, as amended in 2002). A whole database of time zones would be half a megabyte.
const LONDON: &str = "GMT0BST,M3.5.0/1,M10.5.0";

/// The day of drafting: today where the plans are written.
#[must_use]
pub fn today() -> Date {
    let now = jiff::Timestamp::now();
    // Without the zone the date of Greenwich is the next best.
    let zone = jiff::tz::TimeZone::posix(LONDON).unwrap_or(jiff::tz::TimeZone::UTC);
    now.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_change_at_midnight_in_england() {
        let zone = jiff::tz::TimeZone::posix(LONDON).unwrap();
        for (moment, day) in [
            ("2026-01-31T23:59:00Z", "2026-01-31"),
            ("2026-03-29T00:59:00Z", "2026-03-29"),
            ("2026-06-30T23:30:00Z", "2026-07-01"),
            ("2026-10-24T23:30:00Z", "2026-10-25"),
            ("2026-10-25T23:30:00Z", "2026-10-25"),
        ] {
            let moment: jiff::Timestamp = moment.parse().unwrap();
            assert_eq!(moment.to_zoned(zone.clone()).date().to_string(), day, "{moment}");
        }
    }
}
