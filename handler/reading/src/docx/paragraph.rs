//! A paragraph: a heading, an item of a list, or text.

use drafting::source::{Content, NoticeKind, Rejection};

use super::numbering::Use;
use super::run::{Field, Gathered, paragraph_ground};
use super::styles::outline;
use super::walk::{Place, Walk};
use crate::block::content;
use crate::xml::Element;

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
