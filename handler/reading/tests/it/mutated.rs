//! Files of every kind, damaged in many ways, each in a child as the app reads it: none hangs, none is answered by anything but
//! its text or a reason, and none harms what comes after it.

use std::io::{Cursor, Read as _, Write as _};
use std::time::{Duration, Instant};

use fastrand::Rng;
use reading::sandbox::{Sandbox, SandboxLimits};
use tokio::task::JoinSet;

/// Damaged files of each kind.
const EACH: u64 = 150;
/// What one file may take: the child's own limit, and what a busy machine adds.
const MOST: Duration = Duration::from_secs(40);

/// What parsers stumble over.
const PIECES: &[&[u8]] = &[
    b"99999999999",
    b"-1",
    b"4294967296",
    b"\0\0\0\0",
    b"\xff\xfe\xff",
    b"<",
    b">>",
    b"]]>",
    b"&x;",
    b"{\\rtf1",
    b"\\bin2147483647 ",
    b"0 0 R",
    b"endstream",
    b"endobj",
    b"obj <<",
    b"</w:p>",
    b"<w:tbl>",
    b"<table><tr><td>",
    b"|||||",
    b"\xed\xa0\x80",
];

/// The bytes after one to six injuries.
fn damaged(whole: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=random.usize(..6) {
        let at = random.usize(..bytes.len().max(1));
        let to = (at + 1 + random.usize(..200)).min(bytes.len());
        match random.usize(..7) {
            0 => bytes.truncate(at),
            1 => bytes.drain(at..to).for_each(drop),
            2 => {
                let part = bytes[at.min(to)..to].to_vec();
                let place = random.usize(..bytes.len().max(1));
                bytes.splice(place..place, part);
            }
            3 | 4 => {
                let piece = PIECES[random.usize(..PIECES.len())];
                let end = (at + piece.len() * random.usize(..2)).min(bytes.len());
                bytes.splice(at.min(end)..end, piece.iter().copied());
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.usize(..8);
                }
            }
        }
    }
    bytes
}

/// An archive in which one part is damaged and all the rest is whole: what a change of the archive's own bytes never reaches.
fn damaged_inside(archive: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let texts: Vec<usize> = (0..old.len())
        .filter(|at| old.by_index(*at).unwrap().name().unwrap().ends_with(".xml"))
        .collect();
    let hurt = texts[random.usize(..texts.len())];
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if at == hurt {
            bytes = damaged(&bytes, random);
        }
        new.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A child for each damaged file of a kind.
async fn check(kind: &str, whole: Vec<u8>) {
    let limits = SandboxLimits {
        time: Duration::from_secs(30),
        ..SandboxLimits::default()
    };
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_reader").into(), Vec::new(), limits);
    let good = sandbox.read(whole.clone()).await.unwrap().unwrap();
    let is_archive = whole.starts_with(b"PK");
    let mut all = JoinSet::new();
    let mut legible = 0;
    for seed in 0..EACH {
        // Every failure can be made again.
        let mut random = Rng::with_seed(seed);
        let bytes = if is_archive && seed % 3 > 0 {
            damaged_inside(&whole, &mut random)
        } else {
            damaged(&whole, &mut random)
        };
        let sandbox = sandbox.clone();
        all.spawn(async move {
            let begun = Instant::now();
            (seed, sandbox.read(bytes).await, begun.elapsed())
        });
        if all.len() >= 2 {
            legible += u64::from(is_legible(kind, all.join_next().await));
        }
    }
    while let Some(read) = all.join_next().await {
        legible += u64::from(is_legible(kind, Some(read)));
    }
    // Files that are all refused at the first byte would try nothing.
    assert!(legible >= EACH / 10, "{kind}: {legible} of {EACH} were read");
    // What came after them all is read as before.
    assert_eq!(sandbox.read(whole).await.unwrap().unwrap(), good, "{kind}");
}

type Answer = (
    u64,
    Result<
        Result<drafting::source::Reading, drafting::source::Rejection>,
        reading::sandbox::ReaderUnavailable,
    >,
    Duration,
);

/// Whether a damaged file gave text; it must be answered, and in time.
fn is_legible(kind: &str, read: Option<Result<Answer, tokio::task::JoinError>>) -> bool {
    let (seed, answer, took) = read.unwrap().unwrap();
    assert!(answer.is_ok(), "{kind} {seed}: {answer:?}");
    assert!(took < MOST, "{kind} {seed}: {took:?}");
    matches!(answer, Ok(Ok(_)))
}

#[tokio::test]
async fn mutated_pdf_files_are_read_or_refused() {
    check("pdf", file("../tests/cases/amina/sources/Appendix G.pdf")).await;
}

#[tokio::test]
async fn mutated_docx_files_are_read_or_refused() {
    check("docx", file("../tests/cases/amina/sources/Appendix A.docx")).await;
}

#[tokio::test]
async fn mutated_odt_files_are_read_or_refused() {
    check("odt", file("tests/data/converted/19_Appendix B.odt")).await;
}

#[tokio::test]
async fn mutated_rtf_files_are_read_or_refused() {
    check("rtf", file("tests/data/converted/19_Appendix B.rtf")).await;
}

#[tokio::test]
async fn mutated_html_files_are_read_or_refused() {
    check("html", file("tests/data/converted/19_Appendix B.html")).await;
}

/// A text with a heading, a list and a table, which Markdown gives a meaning.
const TEXT: &str = "# Advice\n\nName: Ada Bell\n\n## Needs\n\n- Ada reads slowly.\n- She tires \u{201c}by noon\u{201d}.\n\n\
     | Need | Provision | How often |\n|---|---|---|\n| Reading | A teaching assistant, 1:1 | 20 minutes daily |\n\n\
     > She said so.\n\n1. First\n2. Second\n";

#[tokio::test]
async fn mutated_texts_are_read_or_refused() {
    check("text", TEXT.as_bytes().to_vec()).await;
}
