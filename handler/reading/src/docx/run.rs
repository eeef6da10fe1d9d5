//! What stands inside a paragraph: runs of text, and what is between them.

use drafting::source::{Content, Rejection};

use super::symbol;
use super::walk::{NoteKind, Place, Track, Walk, inner};
use crate::look::{Colour, Face};
use crate::normal::Line;
use crate::unseen;
use crate::xml::{Element, Space};

/// A field is code up to its separator and shown from there to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Code,
    Result,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// What a person sees.
    pub(crate) line: Line,
    pub(crate) hidden: Line,
    pub(crate) inserted: Line,
    pub(crate) deleted: Line,
    /// The blocks of its text boxes.
    pub(crate) boxes: Vec<Content>,
}

impl Walk<'_> {
    /// Reads what stands in a paragraph or a wrapper in it; `face` is how the paragraph's style looks.
    pub(crate) fn inline(
        &mut self,
        parent: &Element,
        place: Place,
        face: &Face,
        out: &mut Gathered,
    ) -> Result<(), Rejection> {
        for element in parent.elements() {
            match (element.space, &*element.name) {
                (Space::Word, "r") => {
                    let face = self.face(element, face);
                    self.run(element, place, &face, out)?;
                }
                (Space::Formula, _) => {
                    let mut formula = String::new();
                    formula_text(element, &mut formula);
                    self.say(&formula, place, face, out);
                }
                _ => {
                    self.prompt(element);
                    if let Some(inner) = inner(element) {
                        self.inline(inner, place.inside(element), face, out)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// How a run looks: its own properties, else its style's and its paragraph's, else the file's.
    fn face(&self, run: &Element, paragraph: &Face) -> Face {
        let properties = run.child("rPr");
        let own = properties.map_or_else(Face::default, Face::of);
        let style = properties.and_then(|p| self.styles.get(p.value("rStyle")?));
        let styled = style.map_or_else(|| paragraph.clone(), |style| style.face.toggled(paragraph));
        own.or(&styled).or(&self.styles.defaults)
    }

    fn run(&mut self, run: &Element, place: Place, face: &Face, out: &mut Gathered) -> Result<(), Rejection> {
        for element in run.elements() {
            match (element.space, &*element.name) {
                (Space::Word, "t") => self.say(&element.text().collect::<String>(), place, face, out),
                (Space::Word, "delText") if place.track == Track::Deleted => {
                    self.say(&element.text().collect::<String>(), place, face, out);
                }
                (Space::Word, "tab" | "ptab") => self.say("\t", place, face, out),
                (Space::Word, "br" | "cr") => self.say("\n", place, face, out),
                (Space::Word, "noBreakHyphen") => self.say("-", place, face, out),
                (Space::Word, "sym") => self.say(&symbol::of(element), place, face, out),
                (Space::Word, "fldChar") => self.field(element, place, face, out),
                (Space::Word, "footnoteReference") => self.refer(NoteKind::Footnote, element, place),
                (Space::Word, "endnoteReference") => self.refer(NoteKind::Endnote, element, place),
                (Space::Word, "drawing" | "pict" | "object") => self.picture(element, place, out)?,
                (Space::Word, "ruby") => {
                    if let Some(base) = element.child("rubyBase") {
                        self.inline(base, place, face, out)?;
                    }
                }
                (Space::Compatibility, _) => {
                    if let Some(inner) = inner(element) {
                        self.run(inner, place, face, out)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Puts text where it belongs. White space is always kept, so that hidden blanks do not join two words.
    fn say(&self, text: &str, place: Place, face: &Face, out: &mut Gathered) {
        if place.track == Track::Deleted || (face.strike == Some(true) && !text.trim().is_empty()) {
            out.deleted.push(text, false);
            return;
        }
        let (text, spelt) = unseen::part(text);
        if let Some(spelt) = spelt {
            out.hidden.push(&spelt, false);
        }
        let text = text.as_ref();
        let unseen = place.hidden || face.is_unseen(place.ground) || self.fields.contains(&Field::Code);
        if unseen && !text.trim().is_empty() {
            out.hidden.push(text, false);
            return;
        }
        out.line.push(text, face.bold == Some(true));
        if place.track == Track::Inserted {
            out.inserted.push(text, false);
        }
    }

    fn field(&mut self, element: &Element, place: Place, face: &Face, out: &mut Gathered) {
        match element.attribute("fldCharType") {
            Some("begin") => {
                if let Some(shown) = element.child("ffData").and_then(form_field) {
                    self.say(&shown, place, face, out);
                }
                self.fields.push(Field::Code);
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    *field = Field::Result;
                }
            }
            Some("end") => drop(self.fields.pop()),
            _ => {}
        }
    }

    fn refer(&mut self, kind: NoteKind, element: &Element, place: Place) {
        let shown = place.track != Track::Deleted && !place.hidden;
        if let Some(id) = element.attribute("id").filter(|_| shown) {
            self.waiting.push((kind, id.to_owned()));
        }
    }
}

/// What a tick box or a list of an older form shows: they have no text of their own.
fn form_field(data: &Element) -> Option<String> {
    if let Some(tick) = data.child("checkBox") {
        let ticked = tick
            .switch("checked")
            .or_else(|| tick.switch("default"))
            .unwrap_or(false);
        return Some(if ticked { "\u{2612}" } else { "\u{2610}" }.to_owned());
    }
    let list = data.child("ddList")?;
    let chosen = list
        .value("result")
        .or_else(|| list.value("default"))
        .unwrap_or("0");
    let entry = list
        .elements()
        .filter(|e| e.is("listEntry"))
        .nth(chosen.parse().ok()?)?;
    entry.attribute("val").map(str::to_owned)
}

/// A formula on one line: "1/2", "5^2".
fn formula_text(element: &Element, out: &mut String) {
    for child in element.elements() {
        match &*child.name {
            "t" if child.space == Space::Formula => out.extend(child.text()),
            "den" => {
                out.push('/');
                formula_text(child, out);
            }
            "sup" => {
                out.push('^');
                formula_text(child, out);
            }
            _ => formula_text(child, out),
        }
    }
}

/// The ground of a paragraph, when its properties or style give one.
pub(crate) fn paragraph_ground(properties: Option<&Element>, style: Option<Colour>) -> Option<Colour> {
    properties
        .and_then(|p| p.child("shd"))
        .and_then(super::format::shading)
        .or(style)
}
