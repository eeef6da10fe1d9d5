//! A paragraph: a heading, an item of a list, or text.

use drafting::source::{Content, NoticeKind, Rejection};

use super::numbering::{Item, Use};
use super::run::{Field, Gathered, paragraph_ground};
use super::styles::outline;
use super::walk::{Place, Walk};
use super::xml::Element;
use crate::marks;
use crate::normal::Line;

/// A longer heading is a paragraph in a wrong style. Headings are context and no source, so a sentence must not
/// become one.
const LONGEST_HEADING: usize = 150;

impl Walk<'_> {
    /// Reads a paragraph.
    pub(crate) fn paragraph(
        &mut self,
        element: &Element,
        place: Place,
        out: &mut Vec<Content>,
    ) -> Result<(), Rejection> {
        let properties = element.child("pPr");
        let id = properties.and_then(|p| p.value("pStyle"));
        let styles = self.styles;
        let style = styles.of_paragraph(id);
        let mut gathered = Gathered::default();
        let ground = paragraph_ground(properties, style.ground);
        self.inline(element, place.on(ground), &style.face, &mut gathered)?;
        // Code of a field that never ends must not hide the rest of the document.
        self.fields.retain(|field| *field == Field::Result);

        let Gathered {
            line,
            hidden,
            inserted,
            deleted,
            boxes,
        } = gathered;
        let gone = line.text().is_empty() && !(hidden.text().is_empty() && deleted.text().is_empty());
        let used = properties.map_or_else(Use::default, Use::of).or(style.list);
        let item = if gone { None } else { self.numbering.next(used, id) };
        let level = properties
            .and_then(outline)
            .or(style.heading)
            .filter(|level| *level <= 9);
        let contents_line =
            style.name.starts_with("toc ") && line.text().ends_with(|c: char| c.is_ascii_digit());
        if !contents_line {
            content(line, level, item, out);
        }
        for (kind, text) in [
            (NoticeKind::HiddenText, hidden),
            (NoticeKind::TrackedInsertion, inserted),
            (NoticeKind::TrackedDeletion, deleted),
        ] {
            if !text.text().is_empty() {
                self.notice(kind, text.text());
            }
        }
        out.extend(boxes);
        Ok(())
    }
}

/// What a paragraph's line is.
fn content(line: Line, level: Option<u8>, item: Option<Item>, out: &mut Vec<Content>) {
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
