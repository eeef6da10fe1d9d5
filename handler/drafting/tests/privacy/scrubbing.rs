//! Foreign text for a log: what tells who somebody is becomes a mark, and ordinary numbers stay.

use drafting::scrub::{message, scrub};
use proptest::prelude::*;

/// Invented identifiers, or those that their issuers keep for examples, each with its mark.
const IDENTIFIERS: [(&str, &str); 31] = [
    ("ada.bell+send@school.example.org", "[email]"),
    ("o'neill@example.co.uk", "[email]"),
    ("020 7946 0018", "[phone]"),
    ("(020) 7946 0018", "[phone]"),
    ("0161 496 0000", "[phone]"),
    ("0161-496-0000", "[phone]"),
    ("01632 960001", "[phone]"),
    ("07700 900123", "[phone]"),
    ("07700900123", "[phone]"),
    ("+44 7700 900123", "[phone]"),
    ("+44 (0)20 7946 0018", "[phone]"),
    ("+447700900123", "[phone]"),
    ("0044 7700 900123", "[phone]"),
    ("4111 1111 1111 1111", "[card]"),
    ("4111-1111-1111-1111", "[card]"),
    ("4111111111111111", "[card]"),
    ("3782 822463 10005", "[card]"),
    ("999 000 0018", "[nhs number]"),
    ("9990000018", "[nhs number]"),
    ("999-000-0018", "[nhs number]"),
    ("SW1A 1AA", "[postcode]"),
    ("m1 1ae", "[postcode]"),
    ("EC1A1BB", "[postcode]"),
    ("AB 12 34 56 C", "[national insurance number]"),
    ("AB123456C", "[national insurance number]"),
    ("K999123412001", "[pupil number]"),
    ("k9991234 12 001", "[pupil number]"),
    ("W99912341200A", "[pupil number]"),
    ("date of birth: 01/02/2018", "[date of birth]"),
    ("DOB 1st February 2018", "[date of birth]"),
    ("born on 2018-02-01", "[date of birth]"),
];

/// What a log needs, and what only looks alike.
const ORDINARY: [&str; 22] = [
    "20 minutes",
    "10,000 characters of 12,345",
    "2026-11-22T12:05:47.123456Z",
    "on 2 September 2026 at 10:30",
    "01-02-2018 20 minutes",
    "01/02/2018",
    "0f0e0d0c-0000-4000-8000-000000000001",
    "12345678-1234-4123-8123-123456789012",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "run 1f3870be274f6c49-2",
    "status 503 after 1500 ms, attempt 3 of 5",
    "127.0.0.1:10000",
    "192.168.100.100",
    "version 0.1.0 of 2024-09-01",
    "999 000 0019",
    "4111 1111 1111 1112",
    "B.CI.1, F.CI.3",
    "d2.14 and 1:1 for 20 minutes twice weekly",
    "1 2 3 4 5 6 7 8 9 10 11 12",
    "K9991234120011",
    "part B1 of 2",
    "[email] and [phone]",
];

#[test]
fn identifiers_become_marks_wherever_they_stand() {
    for (identifier, mark) in IDENTIFIERS {
        for (before, after) in [
            ("", ""),
            ("said (", ")."),
            ("20 minutes, ", ", 20"),
            ("\u{201c}", "\u{201d}\n"),
        ] {
            assert_eq!(
                scrub(&format!("{before}{identifier}{after}")),
                format!("{before}{mark}{after}")
            );
        }
    }
}

#[test]
fn ordinary_numbers_stay() {
    for text in ORDINARY {
        assert_eq!(scrub(text), text);
    }
}

#[test]
fn a_message_of_a_program_loses_what_it_quotes() {
    let check = |text: &str, expected: &str| assert_eq!(message(text), expected, "{text}");
    check(
        "index out of bounds: the len is 3 but the index is 5",
        "index out of bounds: the len is 3 but the index is 5",
    );
    check(
        "byte index 1 is not a char boundary; it is inside 'é' (bytes 0..2) of `été with \"Zq\" Bell`",
        "byte index 1 is not a char boundary; it is inside [withheld]",
    );
    check(
        "called `Result::unwrap()` on an `Err` value: Zq { name: \"Ada\" }",
        "called [withheld] }",
    );
    check("no quotes, 07700 900123", "no quotes, [phone]");
    check("one ` only", "one [withheld] only");
    assert!(message(&"a".repeat(10_000)).len() <= 300);
}

proptest! {
    #[test]
    fn what_is_scrubbed_stays_as_it_is(text in "(\\PC|[0-9+() .@-]|[A-Z]{1,2}[0-9]|dob |born ){0,60}") {
        let once = scrub(&text);
        prop_assert_eq!(scrub(&once), once);
    }

    #[test]
    fn no_identifier_survives_among_other_words(
        before in "[a-z ,;:!?\n]{0,20}", after in "[a-z ,;:!?\n]{0,20}", which in 0_usize..IDENTIFIERS.len(),
    ) {
        let (identifier, mark) = IDENTIFIERS.into_iter().nth(which).expect("one of them");
        let text = format!("{before} {identifier}, {after}");
        let scrubbed = scrub(&text);
        prop_assert!(scrubbed.contains(mark), "{}", scrubbed);
        prop_assert!(!scrubbed.contains(identifier), "{}", scrubbed);
    }

    #[test]
    fn nothing_panics(text in "\\PC*") {
        prop_assert!(message(&text).chars().count() <= 300 * 4 && scrub(&text).len() <= 400 + 4 * text.len());
    }

    #[test]
    fn whole_numbers_with_units_stay(number in 0_u32..100_000) {
        let text = format!("{number} minutes");
        prop_assert_eq!(scrub(&text), text);
    }
}
