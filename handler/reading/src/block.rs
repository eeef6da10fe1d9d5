//! A paragraph of a format that marks its headings and lists: a heading, an item of a list, or text.

use drafting::source::Content;

use crate::label::Item;
use crate::marks;
use crate::normal::Line;

/// A longer heading is a paragraph in a wrong style. Headings are context and no source, so a sentence must not
/// become one.
const LONGEST_HEADING: usize = 150;

/// What a paragraph's line is.
pub(crate) fn content(line: Line, level: Option<u8>, item: Option<Item>, out: &mut Vec<Content>) {
    if line.text().is_empty() {
        return;
    }
    if let Some(level) = level.filter(|_| line.text().chars().count() <= LONGEST_HEADING) {
        out.push(Content::Heading {
            level: level.clamp(1, 6),
            text: line.finish().0,
        });
        return;
    }
    if let Some(Item { label, depth }) = item {
        let (text, bold) = line.finish();
        out.push(Content::ListItem {
            label,
            depth,
            text,
            bold,
        });
        return;
    }
    let lines = line.finish_cut(marks::parts_lines).into_iter();
    out.extend(lines.map(|(text, bold)| Content::Paragraph { text, bold }));
}

/// A paragraph without a list's properties may begin with a bullet or number all the same. Inside a cell such marks
/// are left in the text, as a cell is one line.
pub(crate) fn typed(content: Content) -> Content {
    let Content::Paragraph { text, bold } = content else {
        return content;
    };
    let bullet = marks::bullet(&text)
        .filter(|rest| !rest.is_empty())
        .map(|rest| (None, rest));
    let number = || marks::number(&text).filter(|_| !like_heading(&text, &bold));
    let Some((label, rest)) = bullet.or_else(|| number().map(|(label, rest)| (Some(label.to_owned()), rest)))
    else {
        return Content::Paragraph { text, bold };
    };
    let cut = text.len() - rest.len();
    let shift = |&(from, to): &(usize, usize)| (to > cut).then(|| (from.saturating_sub(cut), to - cut));
    let bold = bold.iter().filter_map(shift).collect();
    Content::ListItem {
        label,
        depth: 0,
        text: rest.to_owned(),
        bold,
    }
}

/// A numbered line that is wholly bold, or short and ends no sentence, may be a heading that nobody marked as one;
/// it stays as it is, with its number.
fn like_heading(text: &str, bold: &[(usize, usize)]) -> bool {
    let short = text.chars().count() <= 60 && !text.ends_with(['.', '!', '?', ';', ',']);
    short || bold == [(0, text.len())]
}

/// The heading level of a built-in style. A title stands on the level of chapters.
pub(crate) fn named_heading(name: &str) -> Option<u8> {
    match name {
        "title" => Some(1),
        "subtitle" => Some(2),
        _ => name
            .strip_prefix("heading ")?
            .trim()
            .parse()
            .ok()
            .filter(|level| (1..=9).contains(level)),
    }
}
