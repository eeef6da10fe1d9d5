//! A reader that misbehaves as its argument says, inside the limits of a real one.

use std::process::ExitCode;

use drafting::source::{Block, Content, Format, Notice, NoticeKind, Reading, Rejection};

fn main() -> ExitCode {
    let conduct = std::env::args().nth(1).unwrap_or_default();
    match conduct.as_str() {
        "garbage" => say("{\"ok\":{\"format\":\"docx\""),
        "silence" => ExitCode::SUCCESS,
        "flood" => flood(),
        "deaf" => loop_for_ever(),
        conduct => reading::child::run_with(|bytes| misbehave(conduct, bytes)),
    }
}

fn misbehave(conduct: &str, bytes: &[u8]) -> Result<Reading, Rejection> {
    match conduct {
        "hog" => Ok(reading(&hog(bytes))),
        "loop" => loop_for_ever(),
        "deep" => Ok(reading(&deep(0).to_string())),
        "panic" => panic!("as asked"),
        "exit" => std::process::exit(7),
        "report" => Ok(reading(&report())),
        _ => Err(Rejection::Damaged),
    }
}

fn say(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

/// Answers without end, and without reading a byte.
fn flood() -> ExitCode {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let bytes = [b'x'; 1 << 16];
    while out.write_all(&bytes).is_ok() {}
    ExitCode::FAILURE
}

fn loop_for_ever() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

fn hog(bytes: &[u8]) -> String {
    let mut held = Vec::new();
    while held.len() < 4096 {
        held.push(vec![bytes.len() as u8; 1 << 20]);
    }
    format!("{} MB held", held.len())
}

fn deep(depth: u64) -> u64 {
    let weight = [depth; 512];
    if std::hint::black_box(depth) == u64::MAX { 0 } else { deep(depth + 1) + std::hint::black_box(weight)[7] }
}

/// What a child can see and do.
fn report() -> String {
    let file = std::fs::File::open("/etc/passwd").is_ok();
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
    let written = std::fs::write("/tmp/reading-was-here", "x").is_ok();
    let program = std::process::Command::new("/bin/true").status().is_ok();
    let environment = std::env::vars_os().count();
    format!("file {file} socket {socket} written {written} program {program} environment {environment}")
}

fn reading(text: &str) -> Reading {
    let content = Content::Paragraph { text: text.to_owned(), bold: Vec::new() };
    let notice = Notice { kind: NoticeKind::DamagedText, page: None, text: None };
    Reading {
        format: Format::Text,
        pages: None,
        blocks: vec![Block { page: None, breaks: Vec::new(), content }],
        notices: vec![notice],
    }
}
