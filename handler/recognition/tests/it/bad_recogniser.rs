//! A program that says it is tesseract and misbehaves, as its language says.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--version") {
        return say("tesseract 5.0.0\n");
    }
    if arguments.iter().any(|argument| argument == "--list-langs") {
        return say("List of available languages (5):\nhang\nflood\nhog\nwrite\ngarbage\nquit\nlook\n");
    }
    let language = arguments.iter().skip_while(|argument| *argument != "-l").nth(1);
    match language.map(String::as_str) {
        Some("hang") => loop {
            std::thread::sleep(std::time::Duration::from_secs(1));
        },
        Some("flood") => loop {
            if std::io::stdout().write_all(&[b'x'; 4096]).is_err() {
                return ExitCode::FAILURE;
            }
        },
        Some("hog") => hog(),
        Some("look") => report(),
        Some("write") => write(),
        Some("garbage") => say("not a table"),
        _ => ExitCode::FAILURE,
    }
}

fn say(text: &str) -> ExitCode {
    if std::io::stdout().write_all(text.as_bytes()).is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// More memory than it may have.
fn hog() -> ExitCode {
    let held = vec![0_u8; 3 << 30];
    say(&held.len().to_string())
}

/// Writes a file, and says so where it could.
fn write() -> ExitCode {
    let path = std::env::temp_dir().join(format!("recogniser-was-here-{}", std::process::id()));
    match std::fs::write(&path, b"x").and_then(|()| std::fs::remove_file(&path)) {
        Ok(()) => report(),
        Err(_) => ExitCode::FAILURE,
    }
}

/// What the program is given, as a word.
fn report() -> ExitCode {
    let mut picture = Vec::new();
    let read = std::io::stdin().read_to_end(&mut picture).is_ok();
    let names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
    let word = format!("{read},{},{}", picture.len(), names.join("+"));
    let head =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext";
    say(&format!("{head}\n5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t96.5\t{word}\n"))
}
