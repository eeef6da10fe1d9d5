//! The flow's lines to headings, paragraphs and list items.

use drafting::recognised::WordRead;
use drafting::source::{Block, Content};

use super::flow::{Flow, Line, Part, Table, Usual};
use super::table;
use super::words::{Words, plain};
use crate::marks;

/// Text with more words than this is no heading, however large.
const HEADING_WORDS: usize = 30;
/// Larger than the body by this factor is a heading's size.
const LARGER: f64 = 1.07;

/// What a group of lines is.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// Its style: larger letters go before, then bold ones.
    Heading(Style),
    Text,
    /// The label as printed (`None` for a bullet), and how many letters it takes with the space behind it.
    Item {
        label: Option<String>,
        length: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Style {
    size: f64,
    bold: bool,
}

/// A block, and for each of its texts (that of a paragraph or item, or of each cell of a table, row by row) which words
/// were recognised on a picture.
pub(super) struct Told {
    pub(super) block: Block,
    pub(super) read: Vec<Vec<WordRead>>,
}

#[derive(Debug)]
struct Group {
    kind: Kind,
    lines: Vec<Line>,
}

enum Chunk {
    Group(Group),
    Table(Vec<Table>),
}

/// The blocks of a file.
pub(super) fn blocks(flow: Flow) -> Vec<Told> {
    let usual = flow.usual();
    let mut words = Words::default();
    for part in &flow.parts {
        learn(part, &mut words);
    }
    let mut chunks = chunks(flow.parts, usual);
    promote(&mut chunks, usual);
    let styles = styles(&chunks);
    let mut depths: Vec<f64> = Vec::new();
    let mut blocks = Vec::new();
    for chunk in &chunks {
        match chunk {
            Chunk::Table(parts) => {
                depths.clear();
                blocks.extend(table::blocks(parts, &words));
            }
            Chunk::Group(group) => blocks.extend(group.block(&words, &styles, &mut depths)),
        }
    }
    blocks
}

fn learn(part: &Part, words: &mut Words) {
    match part {
        Part::Line(line) => words.learn(&line.text()),
        Part::Table(table) => {
            let lines = table.rows.iter().flat_map(|row| row.cells.iter().flatten());
            lines.for_each(|line| words.learn(&line.text()));
        }
    }
}

fn chunks(parts: Vec<Part>, usual: Usual) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for part in parts {
        match (part, chunks.last_mut()) {
            (Part::Table(next), Some(Chunk::Table(tables)))
                if tables.last().is_some_and(|last| table::goes_on(last, &next)) =>
            {
                tables.push(next);
            }
            (Part::Table(table), _) => chunks.push(Chunk::Table(vec![table])),
            (Part::Line(line), Some(Chunk::Group(group))) if group.accepts(&line, usual) => {
                group.lines.push(line);
            }
            (Part::Line(line), _) => chunks.push(Chunk::Group(Group {
                kind: kind(&line, usual),
                lines: vec![line],
            })),
        }
    }
    for chunk in &mut chunks {
        if let Chunk::Group(group) = chunk {
            group.settle();
        }
    }
    chunks
}

fn kind(line: &Line, usual: Usual) -> Kind {
    let text = line.text();
    let bold = line.is_bold();
    let style = Style {
        size: (line.size * 2.0).round() / 2.0,
        bold,
    };
    let worded = text.chars().filter(|c| c.is_alphabetic()).count() > 1;
    if worded && line.size > LARGER * usual.size + 0.2 && !line.is_filled_in() {
        return Kind::Heading(style);
    }
    if bold && is_numbered_heading(&text) && line.size > 0.9 * usual.size {
        return Kind::Heading(style);
    }
    item(&text).unwrap_or(Kind::Text)
}

/// "3. Strengths", "2.1 Home": a number and a few words that are no sentence.
fn is_numbered_heading(text: &str) -> bool {
    let Some((label, rest)) = marks::number(text) else {
        return false;
    };
    label.starts_with(|c: char| c.is_ascii_digit())
        && rest.starts_with(char::is_uppercase)
        && !rest.ends_with(['.', ':', ';', ','])
        && rest.split_whitespace().count() <= 12
}

/// The kind of a line that begins with a list's mark.
fn item(text: &str) -> Option<Kind> {
    let length = |rest: &str| text.chars().count() - rest.chars().count();
    if let Some(rest) = marks::bullet(text).or_else(|| odd_bullet(text)) {
        return (!rest.is_empty()).then(|| Kind::Item {
            label: None,
            length: length(rest),
        });
    }
    let (label, rest) = marks::number(text)?;
    let closed = label.ends_with(['.', ')', ':']) || label.contains('.');
    (closed && !rest.is_empty()).then(|| Kind::Item {
        label: Some(label.to_owned()),
        length: length(rest),
    })
}

/// A sign of a symbol font, or the letter o, alone at the start.
fn odd_bullet(text: &str) -> Option<&str> {
    let sign = |c: char| {
        matches!(
            c,
            '\u{fffd}' | 'o' | '\u{2014}' | '\u{2713}' | '\u{2714}' | '\u{e000}'..='\u{f8ff}'
        )
    };
    text.strip_prefix(sign)?.strip_prefix(' ')
}

/// Whether a text ends where a sentence may end.
fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | ')' | '\u{201d}' | '\u{2019}')
    });
    end.ends_with(['.', '!', '?', ':', ';'])
}

impl Group {
    /// Whether a line goes on with this group.
    fn accepts(&self, line: &Line, usual: Usual) -> bool {
        let Some(last) = self.lines.last() else {
            return false;
        };
        if (line.size - last.size).abs() > 0.06 * last.size + 0.2 {
            return false;
        }
        let next = kind(line, usual);
        match (&self.kind, &next) {
            (Kind::Heading(own), Kind::Heading(other)) => own == other && heading_goes_on(last, line),
            (Kind::Heading(_), _) | (_, Kind::Heading(_) | Kind::Item { label: None, .. }) => false,
            (
                _,
                Kind::Item {
                    label: Some(label), ..
                },
            ) if self.begins_item(last, line, label, usual) => false,
            _ if last.region != line.region => goes_over(last, line),
            _ => self.goes_on(last, line, usual),
        }
    }

    /// Whether a line that begins with a number or letter is an item of its own, and not a wrapped line.
    fn begins_item(&self, last: &Line, line: &Line, label: &str, usual: Usual) -> bool {
        let follows = match &self.kind {
            Kind::Item { label: Some(own), .. } => follows(own, label),
            _ => false,
        };
        follows
            || last.region != line.region
            || last.ends_early(line)
            || (line.x0 - last.x0).abs() > 3.0
            || line.y - last.y > (usual.leading + 0.15) * line.size
    }

    fn goes_on(&self, last: &Line, line: &Line, usual: Usual) -> bool {
        let step = (line.y - last.y) / line.size.max(1.0);
        if !(0.5..=usual.leading + 0.22).contains(&step) {
            return false;
        }
        let text = last.text();
        if parts_word(&text) {
            return true;
        }
        let (ended, lower) = (ends_sentence(&text), starts_lower(line));
        let early = last.ends_early(line);
        if early && last.is_bold() != line.is_bold() && !lower {
            return false;
        }
        let indented = match (&self.kind, self.lines.len()) {
            // The second line of an item shows where its text hangs.
            (Kind::Item { .. }, 1) => false,
            _ => line.x0 > last.x0 + 6.0 && line.x0 < last.x0 + 60.0,
        };
        if (indented && ended) || (early && ended && !lower) {
            return false;
        }
        let much = last.x1 < last.right - 0.2 * (last.right - last.x0);
        !(early && much && !lower)
    }

    /// Makes large text that is too long for a heading a paragraph.
    fn settle(&mut self) {
        if let Kind::Heading(_) = self.kind {
            let text = self.text();
            let words = text.split_whitespace().count();
            if words > HEADING_WORDS || (words > 14 && ends_sentence(&text)) {
                self.kind = Kind::Text;
            }
        }
    }

    fn text(&self) -> String {
        self.lines.iter().map(Line::text).collect::<Vec<_>>().join(" ")
    }

    fn block(&self, words: &Words, styles: &[Style], depths: &mut Vec<f64>) -> Option<Told> {
        let first = self.lines.first()?;
        let skip = if let Kind::Item { length, .. } = self.kind {
            length
        } else {
            0
        };
        let lines = self.lines.iter().enumerate().map(|(at, line)| {
            let letters = line.letters.get(if at == 0 { skip } else { 0 }..).unwrap_or(&[]);
            (line.page, letters)
        });
        let running = words.join(lines);
        if running.text.is_empty() {
            return None;
        }
        let depth = if matches!(self.kind, Kind::Item { .. }) {
            depth(depths, first.x0)
        } else {
            0
        };
        let content = match &self.kind {
            Kind::Heading(style) => {
                depths.clear();
                let place = styles.iter().position(|other| other == style).unwrap_or(0);
                Content::Heading {
                    level: u8::try_from(place + 1).unwrap_or(6).min(6),
                    text: running.text,
                }
            }
            Kind::Text => {
                depths.clear();
                Content::Paragraph {
                    text: running.text,
                    bold: running.bold,
                }
            }
            Kind::Item { label, .. } => Content::ListItem {
                label: label.clone(),
                depth,
                text: running.text,
                bold: running.bold,
            },
        };
        Some(Told {
            block: Block {
                page: Some(first.page),
                breaks: running.breaks,
                content,
            },
            read: vec![running.read],
        })
    }
}

/// Whether a text ends in a hyphen behind a word.
fn parts_word(text: &str) -> bool {
    let word = text.strip_suffix(['-', '\u{2010}', '\u{ad}']);
    word.is_some_and(|word| word.ends_with(char::is_alphanumeric))
}

fn starts_lower(line: &Line) -> bool {
    line.letters
        .iter()
        .find(|letter| letter.c.is_alphanumeric())
        .is_some_and(|letter| letter.c.is_lowercase())
}

fn heading_goes_on(last: &Line, line: &Line) -> bool {
    let step = (line.y - last.y) / line.size.max(1.0);
    last.region == line.region && (0.5..1.6).contains(&step) && (!last.ends_early(line) || starts_lower(line))
}

/// Whether a paragraph goes over the end of a page or column.
fn goes_over(last: &Line, line: &Line) -> bool {
    let text = plain(&last.letters);
    let flush = !ends_sentence(&text);
    let cut = text.ends_with(['-', '\u{2010}', '\u{ad}', ',']);
    last.is_bold() == line.is_bold() && (starts_lower(line) || cut || (flush && !last.ends_early(line)))
}

/// Whether `next` is the label after `label`: "2." after "1.", "b)" after "a)".
fn follows(label: &str, next: &str) -> bool {
    let core = |label: &str| label.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let (label, next) = (core(label), core(next));
    if let (Ok(label), Ok(next)) = (label.parse::<u32>(), next.parse::<u32>()) {
        return next == label + 1;
    }
    match (label.as_bytes(), next.as_bytes()) {
        ([a], [b]) => a.checked_add(1) == Some(*b),
        _ => false,
    }
}

/// How deep an item stands among those above it.
fn depth(depths: &mut Vec<f64>, x: f64) -> u8 {
    depths.retain(|outer| *outer < x - 4.0);
    let depth = u8::try_from(depths.len()).unwrap_or(u8::MAX);
    depths.push(x);
    depth
}

/// Where no letters are larger than the body's but for a title, short bold lines are the headings.
fn promote(chunks: &mut [Chunk], usual: Usual) {
    let sized = chunks
        .iter()
        .filter(|chunk| {
            matches!(
                chunk,
                Chunk::Group(Group {
                    kind: Kind::Heading(_),
                    ..
                })
            )
        })
        .count();
    if sized > 2 {
        return;
    }
    let plain_next: Vec<bool> = chunks
        .iter()
        .skip(1)
        .map(|chunk| !is_bold_line(chunk))
        .chain([false])
        .collect();
    for (chunk, plain_next) in chunks.iter_mut().zip(plain_next) {
        if plain_next
            && is_bold_line(chunk)
            && let Chunk::Group(group) = chunk
        {
            group.kind = Kind::Heading(Style {
                size: usual.size,
                bold: true,
            });
        }
    }
}

fn is_bold_line(chunk: &Chunk) -> bool {
    let Chunk::Group(group) = chunk else { return false };
    let text = group.text();
    group.kind == Kind::Text
        && group.lines.len() <= 2
        && group.lines.iter().all(Line::is_bold)
        && !group.lines.iter().any(Line::is_filled_in)
        && text.chars().any(char::is_alphabetic)
        && !text.trim_end().ends_with(['.', ':', ';', ','])
        && text.split_whitespace().count() <= 14
}

/// The styles of all headings, the weightiest first.
fn styles(chunks: &[Chunk]) -> Vec<Style> {
    let mut styles: Vec<Style> = Vec::new();
    for chunk in chunks {
        if let Chunk::Group(Group {
            kind: Kind::Heading(style),
            ..
        }) = chunk
            && !styles.contains(style)
        {
            styles.push(*style);
        }
    }
    styles.sort_by(|a, b| b.size.total_cmp(&a.size).then(b.bold.cmp(&a.bold)));
    styles
}
