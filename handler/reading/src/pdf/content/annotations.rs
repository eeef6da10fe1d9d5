//! Form fields and notes that lie on the page.
//!
//! A field's value is part of what a person reads, so it stands where the field is: as drawn, or written here when
//! the file leaves the drawing to the viewer. Notes and mark-up are a reviewer's, and are told apart from the text.

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Page;

use super::field::{Field, Kind};
use super::{Painter, TooMuch, sheet};
use crate::pdf::ink::{Letter, Paint, Read};
use crate::pdf::plane::{Area, Matrix};
use crate::pdf::state::State;
use crate::pdf::strings;

/// The flags that keep an annotation off the screen: hidden, and no view.
const HIDDEN: u32 = 0b10_0010;
/// The width of a letter that is written here, in parts of its size.
const LETTER: f64 = 0.5;
/// The distance of lines that are written here, in parts of the size.
const LEADING: f64 = 1.2;

impl<'a> Painter<'a, '_> {
    /// Reads what lies on the page beside its own content.
    pub(super) fn annotations(&mut self, page: &Page<'a>) -> Result<(), TooMuch> {
        let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
            return Ok(());
        };
        for annotation in annotations.iter::<Dict<'a>>() {
            self.shared.instructions = self.shared.instructions.checked_sub(1).ok_or(TooMuch)?;
            let hidden = annotation
                .get::<u32>("F")
                .is_some_and(|flags| flags & HIDDEN != 0)
                || self.shared.layers.hide(&annotation, b"OC");
            match annotation.get::<Name<'_>>("Subtype").as_deref() {
                Some(b"Widget") => self.field(&annotation, page, hidden)?,
                Some(b"FreeText") if !is_callout(&annotation) => self.typed(&annotation, page, hidden)?,
                Some(b"Stamp") if !hidden => drop(self.appearance(&annotation, page)?),
                Some(b"FileAttachment") => self.ink.attachments += 1,
                Some(b"Link" | b"Popup" | b"Stamp" | b"Screen" | b"Movie" | b"Sound") | None => {}
                Some(_) => self.ink.comments.extend(strings::text(&annotation, "Contents")),
            }
        }
        Ok(())
    }

    /// A field of a form.
    fn field(&mut self, annotation: &Dict<'a>, page: &Page<'a>, hidden: bool) -> Result<(), TooMuch> {
        let field = Field::of(annotation);
        self.filling = true;
        match (&field.kind, field.value.as_deref()) {
            (_, Some(value)) if hidden => self.ink.keep_out(value),
            _ if hidden => {}
            (Kind::Tick(on), _) => {
                self.write(
                    if *on { "\u{2612}" } else { "\u{2610}" },
                    annotation,
                    page,
                    &field,
                )?;
            }
            (Kind::Text, Some(value)) if self.shared.redraws => {
                self.write(value, annotation, page, &field)?;
            }
            (Kind::Text, Some(value)) => {
                let drawn = self.appearance(annotation, page)?;
                if strings::core(&drawn).is_empty() {
                    self.write(value, annotation, page, &field)?;
                } else if field.is_verbatim && strings::core(&drawn) != strings::core(value) {
                    self.ink.keep_out(value);
                }
            }
            _ => drop(self.appearance(annotation, page)?),
        }
        self.filling = false;
        Ok(())
    }

    /// Words typed on the page itself, as people fill in forms that have no fields.
    fn typed(&mut self, annotation: &Dict<'a>, page: &Page<'a>, hidden: bool) -> Result<(), TooMuch> {
        let contents = strings::text(annotation, "Contents");
        if hidden {
            if let Some(words) = contents {
                self.ink.keep_out(&words);
            }
            return Ok(());
        }
        self.filling = true;
        let drawn = self.appearance(annotation, page)?;
        match contents {
            Some(words) if strings::core(&drawn).is_empty() => {
                self.write(&words, annotation, page, &Field::lines(annotation))?;
            }
            Some(words) if strings::core(&drawn) != strings::core(&words) => self.ink.keep_out(&words),
            _ => {}
        }
        self.filling = false;
        Ok(())
    }

    /// Draws an annotation as the file says; the words that it showed.
    fn appearance(&mut self, annotation: &Dict<'a>, page: &Page<'a>) -> Result<String, TooMuch> {
        let before = self.ink.letters.len();
        if let Some((stream, fit)) = drawing(annotation) {
            self.state = State::new(
                Matrix(page.initial_transform(true).as_coeffs()).after(fit),
                sheet(page),
            );
            self.form(&stream, page.resources(), 0)?;
        }
        Ok(self.ink.words_since(before))
    }

    /// Writes words into an annotation's place, in lines of about its width.
    fn write(
        &mut self,
        words: &str,
        annotation: &Dict<'a>,
        page: &Page<'a>,
        field: &Field,
    ) -> Result<(), TooMuch> {
        let Some(place) = annotation.get::<[f64; 4]>("Rect").map(corners) else {
            return Ok(());
        };
        let place = Matrix(page.initial_transform(true).as_coeffs()).cover(place);
        let size = field.size(place.height());
        let lines = field.wrap(
            words,
            place.width() / (LETTER * size),
            place.height() / (LEADING * size),
        );
        let first = match lines.len() {
            1 => f64::midpoint(place.y0, place.y1) + 0.35 * size,
            _ => place.y0 + size,
        };
        let mut y = first;
        for line in lines {
            self.write_line(&line, place, y, size)?;
            y += LEADING * size;
        }
        Ok(())
    }

    fn write_line(&mut self, line: &str, place: Area, y: f64, size: f64) -> Result<(), TooMuch> {
        let count = line.chars().count().max(1);
        self.shared.letters = self.shared.letters.checked_sub(count).ok_or(TooMuch)?;
        #[expect(clippy::cast_precision_loss, reason = "a line has few letters")]
        let step = (LETTER * size).min(place.width().max(1.0) / count as f64);
        let mut x0 = place.x0 + 2.0;
        for c in line.chars() {
            let x1 = x0 + step;
            self.ink.letters.push(Letter {
                c,
                x0,
                x1,
                y,
                size,
                bold: false,
                filled_in: true,
                paint: Paint::Shown(Some(0.0)),
                turn: 0,
                read: Read::WRITTEN,
            });
            x0 = x1;
        }
        Ok(())
    }
}

/// A remark with an arrow to what it is about.
fn is_callout(annotation: &Dict<'_>) -> bool {
    annotation
        .get::<Name<'_>>("IT")
        .is_some_and(|intent| intent.as_ref() == b"FreeTextCallout")
}

fn corners([x0, y0, x1, y1]: [f64; 4]) -> Area {
    Area::around([(x0, y0), (x1, y1)])
}

/// The drawing of an annotation in its present state, and how it is fitted into its place.
fn drawing<'a>(annotation: &Dict<'a>) -> Option<(Stream<'a>, Matrix)> {
    let stream = match annotation.get::<Dict<'a>>("AP")?.get::<Object<'a>>("N")? {
        Object::Stream(stream) => stream,
        Object::Dict(states) => states.get::<Stream<'a>>(annotation.get::<Name<'_>>("AS")?)?,
        _ => return None,
    };
    let place = corners(annotation.get::<[f64; 4]>("Rect")?);
    let inner = corners(stream.dict().get::<[f64; 4]>("BBox")?);
    let matrix = stream.dict().get::<[f64; 6]>("Matrix");
    let inner = Matrix(matrix.unwrap_or(Matrix::IDENTITY.0)).cover(inner);
    if inner.size() <= 0.0 {
        return None;
    }
    let (sx, sy) = (place.width() / inner.width(), place.height() / inner.height());
    let (x, y) = (place.x0 - sx * inner.x0, place.y0 - sy * inner.y0);
    Some((stream, Matrix([sx, 0.0, 0.0, sy, x, y])))
}
