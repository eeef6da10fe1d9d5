//! Lines to sentences: hyphens, lists, page ends, headers and footers.

use super::forge::{Forge, line};
use super::{read, show};

/// Lines from `y` downwards, 12 points apart.
fn lines(x: f64, y: f64, texts: &[&str]) -> String {
    let mut at = y + 12.0;
    let mut next = |text: &&str| {
        at -= 12.0;
        line(x, at, text)
    };
    texts.iter().map(&mut next).collect()
}

fn check(texts: &[&str], expected: &[&str]) {
    assert_eq!(show(&Forge::page(&lines(60.0, 700.0, texts)).bytes()), expected);
}

#[test]
fn hyphens_at_line_ends() {
    check(
        &[
            "She has made good progress in her communi-",
            "cation with adults and in her communication with others.",
        ],
        &[
            "p She has made good progress in her communication with adults and in her communication with others.",
        ],
    );
    // The whole is known from elsewhere, or both its parts are, or the first is one that English sets off.
    check(
        &[
            "Her key-worker meets her each day, and her key-",
            "worker writes it down.",
            "",
            "She needs one-",
        ],
        &[
            "p Her key-worker meets her each day, and her key-worker writes it down.",
            "p She needs one-",
        ],
    );
    check(
        &[
            "She is well known to the team and works with self-",
            "chosen books and a well-",
            "being plan each week",
        ],
        &["p She is well known to the team and works with self-chosen books and a well-being plan each week"],
    );
    check(
        &[
            "The report of the Smith-",
            "Jones Centre and the years 2023-",
            "2024 were read by the school",
        ],
        &["p The report of the Smith-Jones Centre and the years 2023-2024 were read by the school"],
    );
}

#[test]
fn nested_lists() {
    let content = [
        line(60.0, 700.0, "1. She will read"),
        line(80.0, 686.0, "a) with an adult"),
        line(80.0, 672.0, "b) with her brother"),
        line(100.0, 658.0, "- at home"),
        line(60.0, 644.0, "2. She will write"),
    ];
    assert_eq!(
        show(&Forge::page(&content.concat()).bytes()),
        [
            "li0 1. She will read",
            "li1 a) with an adult",
            "li1 b) with her brother",
            "li2 - at home",
            "li0 2. She will write",
        ]
    );
}

const FULL: &str = "She has worked with the same adult since the spring and has learned to ask her for";

#[test]
fn sentences_go_on_over_the_page() {
    let first = lines(60.0, 90.0, &[FULL, FULL]);
    let second = lines(
        60.0,
        780.0,
        &["help with a card. She likes it.", "", "It was seen in May."],
    );
    let bytes = Forge::page(&first).and_page(&second, "").bytes();
    assert_eq!(
        show(&bytes),
        [
            &format!("p {FULL} {FULL} help with a card. She likes it."),
            "p It was seen in May."
        ]
    );
    let reading = read(&bytes).unwrap();
    let first = reading.blocks.first().unwrap();
    assert_eq!(
        first
            .breaks
            .iter()
            .map(|stop| (stop.at, stop.page))
            .collect::<Vec<_>>(),
        [(2 * FULL.len() + 2, 2)]
    );
}

#[test]
fn headers_and_footers_are_left_out() {
    let page = |number: u32, words: &str| {
        line(60.0, 810.0, "Confidential advice")
            + &line(60.0, 700.0, words)
            + &line(60.0, 40.0, "County service")
            + &line(280.0, 40.0, &format!("Page {number} of 3"))
    };
    let bytes = Forge::page(&page(1, "She reads."))
        .and_page(&page(2, "She writes."), "")
        .and_page(&page(3, "She counts."), "")
        .bytes();
    assert_eq!(show(&bytes), ["p She reads.", "p She writes.", "p She counts."]);
}
