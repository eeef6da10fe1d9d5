//! PDF files: the sample cases, small files made for one trap each, and hostile ones.

use std::path::{Path, PathBuf};

use drafting::source::{Block, Content, Reading, Rejection};
use reading::Limits;
use reading::sandbox::{Sandbox, SandboxLimits};

mod changed;
pub mod forge;
mod forms;
mod hidden;
mod hostile;
mod samples;
mod tables;
mod text;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(here(path)).unwrap()
}

fn read(bytes: &[u8]) -> Result<Reading, Rejection> {
    reading::parse(bytes, &Limits::default())
}

/// A file as the lines that `shown` makes of it.
fn show(bytes: &[u8]) -> Vec<String> {
    crate::shown::shown(&read(bytes).unwrap())
}

/// Reads a file as the product does.
async fn in_child(bytes: Vec<u8>) -> Result<Reading, Rejection> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_reader"));
    Sandbox::new(program, Vec::new(), SandboxLimits::default())
        .read(bytes)
        .await
        .unwrap()
}

fn texts(block: &Block) -> Vec<String> {
    match &block.content {
        Content::Heading { text, .. } | Content::Paragraph { text, .. } => vec![text.clone()],
        Content::ListItem { label, text, .. } => label.iter().chain([text]).cloned().collect(),
        Content::Table { head, rows } => head.iter().chain(rows).flatten().cloned().collect(),
    }
}

fn joined(reading: &Reading) -> String {
    plain(
        &reading
            .blocks
            .iter()
            .flat_map(texts)
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// Words without marks of Markdown, white space collapsed.
fn plain(text: &str) -> String {
    let words = text.replace(['*', '#', '\u{2022}'], " ");
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    [" .", " ,", " ;", " :"]
        .iter()
        .fold(line, |line, mark| line.replace(mark, mark.trim_start()))
}
