//! PDF files changed at random: whatever becomes of the parser, a child answers in time with a sound reading or a
//! reason.

use std::time::{Duration, Instant};

use drafting::document::Document;
use drafting::source::{Reading, Rejection};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use reading::sandbox::SandboxLimits;

use super::forge::{Forge, bold, line, stream};
use super::{bytes, in_child};

/// A change that damage, a bad program or malice may have made.
#[derive(Clone, Debug)]
enum Change {
    /// One byte becomes another.
    Byte(Index, u8),
    /// The file ends here.
    Cut(Index),
    /// Some bytes are written over others.
    Splice(Index, Index, usize),
    /// A number becomes huge, negative or absurd.
    Number(Index, usize),
    /// What one object holds becomes what another holds.
    Object(Index, Index),
}

const NUMBERS: [&str; 8] = [
    "2147483647",
    "-1",
    "99999999999999999999",
    "0",
    "1e308",
    "-2147483648",
    "4294967296",
    "65536",
];

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        1 => any::<Index>().prop_map(Change::Cut),
        2 => (any::<Index>(), any::<Index>(), 1..400_usize).prop_map(|(from, to, length)| Change::Splice(from, to, length)),
        4 => (any::<Index>(), 0..NUMBERS.len()).prop_map(|(at, number)| Change::Number(at, number)),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Object(from, to)),
    ]
}

/// The places of all parts of a file; `part` gives the end of one that begins at a place.
fn parts(bytes: &[u8], part: impl Fn(&[u8], usize) -> Option<usize>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match part(bytes, at) {
            Some(end) => {
                found.push((at, end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = bytes[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (digits > 0).then_some(at + digits)
}

fn object(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes[at..].strip_prefix(b" 0 obj")?;
    let end = rest.windows(6).position(|six| six == b"endobj")?;
    Some(at + 6 + end)
}

fn replaced(bytes: &[u8], (from, to): (usize, usize), by: &[u8]) -> Vec<u8> {
    [&bytes[..from], by, &bytes[to..]].concat()
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Byte(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            // The end mark stays, so that the file is not refused for want of it alone.
            Change::Cut(at) => {
                bytes.truncate(at.index(bytes.len()));
                bytes.extend(b"\nstartxref\n0\n%%EOF\n");
            }
            Change::Splice(from, to, length) => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                let piece = bytes[from..bytes.len().min(from + length)].to_vec();
                let end = bytes.len().min(to + piece.len());
                bytes = replaced(&bytes, (to, end), &piece);
            }
            Change::Number(at, by) => {
                let numbers = parts(&bytes, number);
                if !numbers.is_empty() {
                    bytes = replaced(&bytes, numbers[at.index(numbers.len())], NUMBERS[*by].as_bytes());
                }
            }
            Change::Object(from, to) => {
                let objects = parts(&bytes, object);
                if !objects.is_empty() {
                    let (start, end) = objects[from.index(objects.len())];
                    let piece = bytes[start..end].to_vec();
                    bytes = replaced(&bytes, objects[to.index(objects.len())], &piece);
                }
            }
        }
    }
    bytes
}

/// A file with a ruled table, a form, a field, a note, a layer and a form that draws a form, none of it packed, so
/// that changes meet the syntax.
fn forged() -> Vec<u8> {
    let words = [
        bold(60.0, 780.0, "Advice"),
        line(60.0, 760.0, "She reads well and likes to be read to by"),
        line(60.0, 748.0, "her brother."),
        "60 700 200 20 re 60 680 200 20 re 160 680 100 40 re S\n".to_owned(),
        line(64.0, 706.0, "Reading"),
        line(164.0, 706.0, "Daily"),
        "/OC /L BDC ".to_owned() + &line(60.0, 650.0, "In a layer") + "EMC /X Do\n",
        "/Span <</ActualText (other)>> BDC ".to_owned() + &line(60.0, 640.0, "Words") + "EMC\n",
        "q 1 0 0 1 5 5 cm 0.5 g /G gs BT 3 Tr /F 8 Tf 1 0 0 1 60 600 Tm [(a) -200 (b)] TJ T* (c) ' ET Q\n"
            .to_owned(),
    ];
    Forge::page(&words.concat())
        .with_object("<</Type/OCG/Name(L)>>")
        .with_object(&stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Matrix[1 0 0 1 0 0]/Resources<</Font<</F 3 0 R>>/XObject<</X 7 0 R>>>>",
            "BT /F 9 Tf 60 300 Td (Form) Tj ET /X Do",
        ))
        .with_object(&stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Resources<</Font<</F 3 0 R>>>>",
            "BT /F 9 Tf 60 280 Td (Inner) Tj ET",
        ))
        .with_object("<</Type/ExtGState/ca 1/CA 1/BM/Normal>>")
        .with_object("<</Type/Annot/Subtype/Widget/FT/Tx/T(n)/V(Leila)/Rect[60 500 200 520]/DA(/F 10 Tf 0 g)>>")
        .with_object("<</Type/Annot/Subtype/Text/Rect[10 10 20 20]/Contents(A note)>>")
        .with_catalog("/AcroForm<</Fields[9 0 R]/NeedAppearances true>>/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>")
        .with_entries(
            "/Annots[9 0 R 10 0 R]/Resources<</Font<</F 3 0 R/B 4 0 R>>/XObject<</X 6 0 R>>/ExtGState<</G 8 0 R>>/Properties<</L 5 0 R>>>>",
        )
        .bytes()
}

/// Whether every offset that a reading gives is one of its text's.
fn is_sound(reading: &Reading) -> bool {
    let document = Document::number(1, reading);
    document
        .sentences
        .iter()
        .all(|sentence| document.text.get(sentence.span.0..sentence.span.1) == Some(sentence.text.as_str()))
}

async fn timed(bytes: Vec<u8>) -> (Duration, Result<Reading, Rejection>) {
    let start = Instant::now();
    let end = in_child(bytes).await;
    (start.elapsed(), end)
}

/// Reads changed copies of some files in children; how many were still read.
fn check(files: &[Vec<u8>], cases: u32) -> u32 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let readable = std::cell::Cell::new(0_u32);
    let changes = || prop::collection::vec(change(), 1..6);
    let chosen = || (any::<Index>(), changes());
    let mut runner = TestRunner::new(ProptestConfig {
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    });
    // Two at once, as there are two processors at least wherever this runs.
    let outcome = runner.run(&(chosen(), chosen()), |(one, other)| {
        let bytes =
            |(file, changes): &(Index, Vec<Change>)| changed(files[file.index(files.len())].clone(), changes);
        let (one, other) = (runtime.spawn(timed(bytes(&one))), timed(bytes(&other)));
        for (time, end) in runtime.block_on(async { [one.await.unwrap(), other.await] }) {
            prop_assert!(
                time < SandboxLimits::default().time + Duration::from_secs(2),
                "{time:?}"
            );
            if let Ok(reading) = end {
                prop_assert!(is_sound(&reading));
                readable.set(readable.get() + 1);
            }
        }
        Ok(())
    });
    outcome.unwrap();
    readable.get()
}

#[test]
fn changed_files_of_one_page_end_in_a_reading_or_a_reason() {
    let readable = check(&[forged()], 400);
    assert!(
        readable > 80,
        "{readable} of 800 were read: the changes meet nothing but the first lines"
    );
}

#[test]
fn changed_samples_end_in_a_reading_or_a_reason() {
    let files = [
        "rowan/sources/Appendix B.pdf",
        "amina/sources/Appendix G.pdf",
        "tomas/sources/07_Appendix_B.pdf",
    ]
    .map(|path| bytes(&format!("../tests/cases/{path}")));
    check(&files, 250);
}
