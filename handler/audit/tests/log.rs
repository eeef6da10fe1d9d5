//! A log that is written, and what becomes of it in bad hands.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use audit::{Break, Chain, Entry, Event, Head, Key, KeyFault, Keys, Note, verify};
use jiff::Timestamp;
use proptest::prelude::*;

const KEY: &str = "a-key-that-only-the-tests-know-0123456789";
const OTHER: &str = "another-key-that-only-the-tests-know-98765";

fn keys() -> Keys {
    Keys::parse(KEY).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// A file with so many entries behind its opening.
fn file(name: &str, key: &str, entries: u64, heads: Vec<Head>) -> (String, Vec<Entry>) {
    let key = Key::parse(key).unwrap();
    let case = key.pseudonym(&["ehcp", "EHC-1"]);
    let (mut chain, first) = Chain::begin(key, name, at(1_000), heads).unwrap();
    let mut all = vec![first];
    for number in 0..entries {
        let note = Note {
            case: Some(case.clone()),
            run: Some("0123abcd".into()),
            ..Note::of(Event::Drafted)
                .with("critical", number)
                .with("outcome", "needs_review")
        };
        all.push(chain.next(note, at(1_001)).unwrap());
    }
    assert_eq!(chain.len(), entries + 1);
    (all.iter().map(|entry| entry.line().unwrap()).collect(), all)
}

fn head(name: &str, entry: &Entry) -> Head {
    Head {
        file: name.into(),
        number: entry.number,
        hash: entry.hash.clone(),
    }
}

fn broken(files: &[(&str, &str)]) -> Option<(String, u64, Break)> {
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
    verify(&keys(), files)
        .err()
        .map(|broken| (broken.file, broken.line, broken.how))
}

#[test]
fn an_audit_log_as_written_is_whole() {
    let (first, entries) = file("a", KEY, 3, vec![]);
    let (second, _) = file("b", KEY, 2, vec![head("a", &entries[3])]);
    let files = [("a", first.as_bytes()), ("b", second.as_bytes())];
    let checked = verify(&keys(), files).unwrap();
    assert_eq!((checked.files, checked.entries), (2, 7));
    assert!(!first.contains("EHC-1"), "ids are hashed: {first}");
}

/// What was done, the files as they are then, and what is found.
type Row<'t> = (&'t str, Vec<(&'t str, &'t str)>, (&'t str, u64, Break));

#[test]
fn the_first_broken_link_is_named() {
    let (text, entries) = file("a", KEY, 3, vec![]);
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    let changed = text.replacen("\"critical\":1", "\"critical\":0", 1);
    let without = joined(&[lines[0], lines[1], lines[3]]);
    let swapped = joined(&[lines[0], lines[2], lines[1], lines[3]]);
    let short = joined(&lines[..2]);
    let (seen, _) = file("b", KEY, 0, vec![head("a", &entries[3])]);
    let (forged, _) = file("a", OTHER, 3, vec![]);
    let (others, _) = file("a", KEY, 3, vec![head("z", &entries[0])]);
    let spaced = text.replacen("\"number\":2", "\"number\": 2", 1);
    let table: Vec<Row> = vec![
        ("a word changed", vec![("a", &changed)], ("a", 3, Break::Hash)),
        (
            "an entry taken out",
            vec![("a", &without)],
            (
                "a",
                3,
                Break::Number {
                    expected: 2,
                    found: 3,
                },
            ),
        ),
        (
            "two swapped",
            vec![("a", &swapped)],
            (
                "a",
                2,
                Break::Number {
                    expected: 1,
                    found: 2,
                },
            ),
        ),
        (
            "the end cut off",
            vec![("a", &short), ("b", &seen)],
            ("a", 0, Break::CutShort(3)),
        ),
        (
            "half a line",
            vec![("a", &text[..text.len() - 5])],
            ("a", 4, Break::CutOff),
        ),
        ("the file gone", vec![("b", &seen)], ("a", 0, Break::Gone)),
        (
            "under another name",
            vec![("c", &text)],
            ("c", 1, Break::Previous),
        ),
        (
            "by another key",
            vec![("a", &forged)],
            ("a", 1, Break::UnknownKey),
        ),
        (
            "without its opening",
            vec![("a", lines[1])],
            ("a", 1, Break::CutOff),
        ),
        (
            "emptied",
            vec![("a", ""), ("b", &seen)],
            ("a", 0, Break::CutShort(3)),
        ),
        (
            "written anew",
            vec![("a", &others), ("b", &seen)],
            ("z", 0, Break::Gone),
        ),
        ("written otherwise", vec![("a", &spaced)], ("a", 3, Break::Hash)),
    ];
    for (what, files, (name, line, how)) in table {
        assert_eq!(broken(&files), Some((name.to_owned(), line, how)), "{what}");
    }
}

#[test]
fn a_file_written_anew_is_seen_by_those_that_saw_it() {
    let (_, entries) = file("a", KEY, 3, vec![]);
    let (anew, _) = file(
        "a",
        KEY,
        4,
        vec![Head {
            file: "a".into(),
            number: 0,
            hash: "0".into(),
        }],
    );
    let (seen, _) = file("b", KEY, 0, vec![head("a", &entries[2])]);
    assert_eq!(
        broken(&[("a", &anew), ("b", &seen)]),
        Some(("a".into(), 0, Break::Replaced(0)))
    );
}

#[test]
fn an_audit_file_whose_writer_was_killed_before_its_first_entry_breaks_nothing() {
    let (text, _) = file("a", KEY, 3, vec![]);
    let checked = verify(&keys(), [("a", text.as_bytes()), ("b", &b""[..])]).unwrap();
    assert_eq!((checked.files, checked.entries), (2, 4));
}

#[test]
fn a_rotated_key_still_verifies_what_it_wrote() {
    let (old, _) = file("a", KEY, 2, vec![]);
    let (new, _) = file("b", OTHER, 2, vec![]);
    let files = || [("a", old.as_bytes()), ("b", new.as_bytes())];
    let both = Keys::parse(&format!("{OTHER} {KEY}")).unwrap();
    assert!(verify(&both, files()).is_ok());
    assert!(verify(&Keys::parse(OTHER).unwrap(), files()).is_err());
    assert_eq!(Keys::parse("short").unwrap_err(), KeyFault::Short);
    assert_eq!(Keys::parse(" ").unwrap_err(), KeyFault::None);
    assert!(!format!("{both:?}").contains("key-that"), "keys are not printed");
}

proptest! {
    #[test]
    fn any_changed_byte_is_found(place in 0_usize..2_000, bit in 0_u8..8) {
        let (text, _) = file("a", KEY, 4, vec![]);
        let mut bytes = text.into_bytes();
        let place = place % bytes.len();
        bytes[place] ^= 1 << bit;
        prop_assert!(verify(&keys(), [("a", bytes.as_slice())]).is_err());
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 1..400)) {
        prop_assert!(verify(&keys(), [("a", bytes.as_slice())]).is_err());
    }
}
