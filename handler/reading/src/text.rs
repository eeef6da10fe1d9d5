//! Plain text: characters, then paragraphs, headings, items and the lines of forms.

use std::borrow::Cow;

use drafting::source::{Content, Format, Reading};
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::{marks, normal, without_pages};

/// Lines longer than this are paragraphs that a program did not wrap, in characters.
const WRAPPED_BELOW: usize = 110;
/// Characters of a heading.
const LONGEST_HEADING: usize = 80;
/// Words of a heading.
const MOST_HEADING_WORDS: usize = 12;

/// Text in Unicode: UTF-8, or UTF-16 with a byte order mark.
pub(crate) fn decode_unicode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((UTF_16LE, rest)),
        [0xfe, 0xff, rest @ ..] => Some((UTF_16BE, rest)),
        _ => None,
    };
    if let Some((encoding, rest)) = wide {
        return encoding.decode_without_bom_handling_and_without_replacement(rest);
    }
    let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(rest).ok().map(Cow::Borrowed)
}

/// Text in Unicode or in the encoding of older Windows programs, if it reads like text.
pub(crate) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = decode_unicode(bytes).unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0);
    reads_like_text(&text).then_some(text)
}

/// No zeros, hardly any controls, and mostly letters, digits and blanks.
fn reads_like_text(text: &str) -> bool {
    let (mut all, mut controls, mut words) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        all += 1;
        match c {
            '\0' => return false,
            '\t' | '\n' | '\r' | '\u{c}' => words += 1,
            c if c.is_control() || c == '\u{fffd}' => controls += 1,
            c if c.is_alphanumeric() || c.is_whitespace() => words += 1,
            _ => {}
        }
    }
    controls * 200 <= all && words * 2 >= all
}

/// Reads plain text.
pub(crate) fn read(text: &str) -> Reading {
    let lines: Vec<String> = text.split(['\n', '\u{c}']).map(normal::line).collect();
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut groups: Vec<&[String]> = lines
        .split(String::is_empty)
        .filter(|group| !group.is_empty())
        .collect();
    // What follows a heading is asked when the heading is read.
    groups.push(&[]);
    let mut out = Vec::new();
    for pair in groups.windows(2) {
        if let [group, next] = pair {
            read_group(group, next, width, &mut out);
        }
    }
    without_pages(Format::Text, out, Vec::new())
}

/// Reads lines without a blank one between them.
fn read_group(group: &[String], next: &[String], width: usize, out: &mut Vec<Content>) {
    let (heading, body) = match group {
        [line, below, rest @ ..] if is_rule(below) => (Some(line), rest),
        [line] if is_heading(line) && carries_text(next) => (Some(line), &[][..]),
        [line, rest @ ..] if is_numbered_heading(line, rest) => (Some(line), rest),
        _ => (None, group),
    };
    if let Some(heading) = heading {
        out.push(Content::Heading {
            level: level(heading),
            text: heading.trim_end_matches(':').to_owned(),
        });
    }
    let mut open: Option<String> = None;
    for line in body.iter().filter(|line| !is_rule(line)) {
        match open.as_mut() {
            Some(text) if goes_on(text, line, width) => {
                text.push(' ');
                text.push_str(line);
            }
            _ => {
                out.extend(open.replace(line.clone()).map(|text| content(&text)));
            }
        }
    }
    out.extend(open.map(|text| content(&text)));
}

/// Whether a line goes on with the paragraph above it: only where lines were wrapped, and the line above is full
/// or the line begins small.
fn goes_on(above: &str, line: &str, width: usize) -> bool {
    let wrapped = width <= WRAPPED_BELOW;
    let begins =
        marks::bullet(line).is_some() || marks::number(line).is_some() || marks::label(line).is_some();
    let last = above.chars().count() % (width + 1);
    let small = line.chars().next().is_some_and(char::is_lowercase);
    let first = line.split(' ').next().map_or(0, |word| word.chars().count());
    wrapped && !begins && (small || last + first >= width.min(60))
}

fn content(line: &str) -> Content {
    if let Some(text) = marks::bullet(line).filter(|text| !text.is_empty()) {
        return Content::ListItem {
            label: None,
            depth: 0,
            text: text.to_owned(),
            bold: Vec::new(),
        };
    }
    if let Some((label, text)) = marks::number(line).filter(|(_, text)| !text.is_empty()) {
        let (label, text) = (Some(label.to_owned()), text.to_owned());
        return Content::ListItem {
            label,
            depth: 0,
            text,
            bold: Vec::new(),
        };
    }
    Content::Paragraph {
        text: line.to_owned(),
        bold: Vec::new(),
    }
}

/// A line drawn with signs.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '=' | '-' | '_' | '*' | '~'))
}

/// A short line that ends no sentence and begins like one.
fn is_heading(line: &str) -> bool {
    let short = line.chars().count() <= LONGEST_HEADING && line.split(' ').count() <= MOST_HEADING_WORDS;
    let label = marks::label(line).is_some_and(|end| end < line.len());
    let name = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let begins = name.chars().next().is_some_and(char::is_uppercase);
    let greeting = ["Dear ", "Yours ", "Kind "]
        .iter()
        .any(|start| line.starts_with(start));
    let open = !line.ends_with(['.', '!', '?', ';', ',']);
    short && begins && open && !label && !greeting && marks::bullet(line).is_none()
}

/// "1. Heading" straight above its text, and no item of a list: the next line is no item, and is longer.
fn is_numbered_heading(line: &str, rest: &[String]) -> bool {
    let item = |line: &String| marks::number(line).is_some() || marks::bullet(line).is_some();
    let above_text = rest
        .first()
        .is_some_and(|next| next.chars().count() > line.chars().count() && carries_text(rest));
    marks::number(line).is_some() && is_heading(line) && above_text && !rest.iter().any(item)
}

/// A heading stands above text; a name above a role, at the end of a letter, does not.
fn carries_text(group: &[String]) -> bool {
    let words = group.iter().map(|line| line.split(' ').count()).sum::<usize>();
    let marked = |line: &String| marks::bullet(line).is_some() || marks::label(line).is_some();
    words >= 8 || group.iter().any(marked) || group.first().is_some_and(|line| marks::number(line).is_some())
}

/// The level by the number ("2.1" is on the second), else by capitals.
fn level(heading: &str) -> u8 {
    if let Some((label, _)) = marks::number(heading) {
        let steps = label.split('.').filter(|step| !step.is_empty()).count();
        return u8::try_from(steps).unwrap_or(6).clamp(1, 6);
    }
    if heading.chars().any(char::is_lowercase) {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &[&str]) {
        let shown = |block: drafting::source::Block| match block.content {
            Content::Heading { level, text } => format!("h{level} {text}"),
            Content::Paragraph { text, .. } => format!("p {text}"),
            Content::ListItem { label, text, .. } => format!("li {} {text}", label.unwrap_or("*".into())),
            Content::Table { .. } => "table".into(),
        };
        let blocks: Vec<String> = read(input).blocks.into_iter().map(shown).collect();
        assert_eq!(blocks, expected, "{input:?}");
    }

    #[test]
    fn paragraphs() {
        let wrapped = "He reads short texts with support from an adult who sits\nbeside him. He likes to count.\n\nHe sleeps well.";
        check(
            wrapped,
            &[
                "p He reads short texts with support from an adult who sits beside him. He likes to count.",
                "p He sleeps well.",
            ],
        );
        check(
            "One line that a program did not wrap, which is long enough to be sure of that because nobody sees so many signs.\nAnother one.\r\n",
            &[
                "p One line that a program did not wrap, which is long enough to be sure of that because nobody sees so many signs.",
                "p Another one.",
            ],
        );
        check(
            "Name: Leila\nBorn: 3 May 2011\n",
            &["p Name: Leila", "p Born: 3 May 2011"],
        );
    }

    #[test]
    fn headings() {
        let text = "ADVICE\n\nHe is a boy of eight who likes to read alone.\n\nStrengths and needs:\n\n- reads\n- counts\n";
        check(
            text,
            &[
                "h1 ADVICE",
                "p He is a boy of eight who likes to read alone.",
                "h2 Strengths and needs",
                "li * reads",
                "li * counts",
            ],
        );
        check(
            "1. Background\nHe lives with his mother, who speaks Dari at home.\n",
            &[
                "h1 1. Background",
                "p He lives with his mother, who speaks Dari at home.",
            ],
        );
        check(
            "2.1 Reading\n\nHe reads books for children of six years now.",
            &[
                "h2 2.1 Reading",
                "p He reads books for children of six years now.",
            ],
        );
        check("Title\n=====\nText.", &["h2 Title", "p Text."]);
    }

    #[test]
    fn no_headings() {
        check(
            "J. Smith\n\nEducational Psychologist\n",
            &["p J. Smith", "p Educational Psychologist"],
        );
        check(
            "1. Reads\n2. Writes well and at length\n",
            &["li 1. Reads", "li 2. Writes well and at length"],
        );
        check("He reads well\n", &["p He reads well"]);
    }

    #[test]
    fn encodings() {
        let wide: Vec<u8> = "\u{feff}Caf\u{e9}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [&b"Caf\xc3\xa9"[..], b"\xef\xbb\xbfCaf\xc3\xa9", b"Caf\xe9", &wide] {
            assert_eq!(
                decode(bytes).map(|text| normal::line(&text)).as_deref(),
                Some("Caf\u{e9}"),
                "{bytes:?}"
            );
        }
        for bytes in [
            &b"\x00\x01\x02\x03"[..],
            b"\x8f\x9d\x81\x90\x01\x02",
            b"\xff\xfe\x00\xd8",
        ] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
