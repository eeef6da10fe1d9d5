//! A reader that misbehaves as its argument says, inside the limits of a real one.

#![expect(clippy::panic, reason = "one of the ways to misbehave")]

use std::io::Write as _;
use std::process::ExitCode;

use drafting::source::{Block, Content, Format, Reading, Rejection};

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
    let said = std::io::stdout().lock().write_all(text.as_bytes());
    if said.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Answers without end, and without reading a byte.
fn flood() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let bytes = [b'x'; 4096];
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
        held.push(vec![bytes.first().copied().unwrap_or(1); 1 << 20]);
    }
    format!("{} MB held", held.len())
}

fn deep(depth: u64) -> u64 {
    let weight = [depth; 64];
    if std::hint::black_box(depth) == u64::MAX {
        0
    } else {
        deep(depth + 1) + std::hint::black_box(weight).iter().sum::<u64>()
    }
}

/// What a child can see and do.
fn report() -> String {
    let file = std::fs::File::open("/etc/passwd").is_ok();
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
    let written = std::fs::write("/tmp/reading-was-here", "x").is_ok();
    let program = std::process::Command::new("/bin/true")
        .status()
        .is_ok_and(|status| status.success());
    let environment = std::env::vars_os().count();
    format!("file {file} socket {socket} written {written} program {program} environment {environment}")
}

fn reading(text: &str) -> Reading {
    let content = Content::Paragraph {
        text: text.to_owned(),
        bold: Vec::new(),
    };
    Reading {
        format: Format::Text,
        pages: None,
        blocks: vec![Block {
            page: None,
            breaks: Vec::new(),
            content,
        }],
        notices: Vec::new(),
    }
}
