//! Enough of Markdown for the plain texts of the cases: headings, paragraphs, lists, tables, bold, italics.

use drafting::source::{Block, Content, Format, Reading};

/// A text as a reader would hand it over.
pub fn reading(text: &str) -> Reading {
    let mut blocks = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if let Some(row) = line.strip_prefix('|') {
            table.push(row.trim_end_matches('|').split('|').map(|cell| plain(cell.trim()).0).collect());
            continue;
        }
        close(&mut blocks, &mut table);
        blocks.extend(content(line));
    }
    close(&mut blocks, &mut table);
    let blocks = blocks.into_iter().map(|content| Block { page: None, breaks: Vec::new(), content }).collect();
    Reading { format: Format::Markdown, pages: None, blocks, notices: Vec::new() }
}

fn close(blocks: &mut Vec<Content>, table: &mut Vec<Vec<String>>) {
    if table.is_empty() {
        return;
    }
    let mut rows = std::mem::take(table);
    let head = rows.remove(0);
    rows.retain(|row| !row.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':'))));
    blocks.push(Content::Table { head: head.iter().any(|cell| !cell.is_empty()).then_some(head), rows });
}

fn content(line: &str) -> Option<Content> {
    if line.trim().is_empty() {
        return None;
    }
    if let Some(hashes) = line.find(|c| c != '#').filter(|hashes| *hashes > 0) {
        let text = plain(line[hashes..].trim()).0;
        return Some(Content::Heading { level: u8::try_from(hashes).unwrap(), text });
    }
    let depth = u8::try_from((line.len() - line.trim_start().len()) / 2).unwrap();
    let line = line.trim_start();
    if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        let (text, bold) = plain(item);
        return Some(Content::ListItem { label: None, depth, text, bold });
    }
    if let Some((number, item)) = line.split_once(". ").filter(|(n, _)| n.len() < 3 && n.chars().all(|c| c.is_ascii_digit())) {
        let (text, bold) = plain(item);
        return Some(Content::ListItem { label: Some(format!("{number}.")), depth, text, bold });
    }
    let (text, bold) = plain(line);
    if bold == [(0, text.len())] && text.split_whitespace().count() < 12 && !text.ends_with('.') {
        return Some(Content::Heading { level: 6, text });
    }
    Some(Content::Paragraph { text, bold })
}

/// The text without stars, and where it was bold.
fn plain(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut out, mut bold, mut from) = (String::new(), Vec::new(), None);
    let mut rest = text;
    while let Some(at) = rest.find('*') {
        out.push_str(&rest[..at]);
        if rest[at..].starts_with("**") {
            match from.take() {
                Some(start) => bold.push((start, out.len())),
                None => from = Some(out.len()),
            }
            rest = &rest[at + 2..];
        } else {
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    (out, bold)
}
