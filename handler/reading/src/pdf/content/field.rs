//! A field of a form: what it holds.

use hayro_syntax::object::{Array, Dict, Name, String as Bytes};

use crate::pdf::strings;

/// Fields inside fields, at most.
const DEEPEST: usize = 16;
/// Flags of a field: several lines, a password, a push button.
const LINES: u32 = 1 << 12;
const PASSWORD: u32 = 1 << 13;
const BUTTON: u32 = 1 << 16;
/// The largest letters that are written into a field, in points.
const LARGEST: f64 = 12.0;

/// What kind of field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words that somebody typed or chose.
    Text,
    /// A tick box or one of several buttons, on or off.
    Tick(bool),
    /// A push button, a signature, a password.
    Other,
}

/// A field of a form.
pub(super) struct Field {
    pub(super) kind: Kind,
    pub(super) value: Option<String>,
    /// Whether its drawing shows the value itself. A list's value may be a code, and is shown as its entry.
    pub(super) is_verbatim: bool,
    lines: bool,
    /// Size of its letters in points; 0 for what fits.
    size: f64,
}

impl Field {
    /// The field that a widget shows. What a widget leaves open its parents say.
    pub(super) fn of(widget: &Dict<'_>) -> Self {
        let family = family(widget);
        let flags = family.iter().find_map(|dict| dict.get::<u32>("Ff")).unwrap_or(0);
        let name = family.iter().find_map(|dict| dict.get::<Name<'_>>("FT"));
        let kind = match name.as_deref() {
            Some(b"Tx") if flags & PASSWORD == 0 => Kind::Text,
            Some(b"Ch") => Kind::Text,
            Some(b"Btn") if flags & BUTTON == 0 => Kind::Tick(is_on(widget)),
            _ => Kind::Other,
        };
        let is_list = name.is_some_and(|name| name.as_ref() == b"Ch");
        let value = family.iter().find_map(chosen).filter(|_| kind == Kind::Text);
        let value = value.map(|value| if is_list { entry(&family, &value) } else { value });
        Self {
            kind,
            value,
            is_verbatim: !is_list,
            lines: !is_list && flags & LINES != 0,
            size: letter_size(&family),
        }
    }

    /// A place of several lines that is no field.
    pub(super) fn lines(annotation: &Dict<'_>) -> Self {
        Self {
            kind: Kind::Text,
            value: None,
            is_verbatim: true,
            lines: true,
            size: letter_size(std::slice::from_ref(annotation)),
        }
    }

    /// The size of its letters in a place of this height.
    pub(super) fn size(&self, height: f64) -> f64 {
        let fitting = if self.lines { LARGEST } else { 0.7 * height };
        let size = if self.size > 0.0 { self.size } else { fitting };
        size.clamp(4.0, LARGEST)
    }

    /// Words in lines of about `letters` letters, and at most `most` lines if need be.
    pub(super) fn wrap(&self, words: &str, letters: f64, most: f64) -> Vec<String> {
        if !self.lines {
            return vec![words.to_owned()];
        }
        #[expect(clippy::cast_precision_loss, reason = "a value has few letters")]
        let least = 1.1 * words.chars().count() as f64 / most.floor().max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of a float saturates"
        )]
        let width = letters.max(least).max(1.0) as usize;
        let mut lines: Vec<String> = Vec::new();
        for word in words.split_whitespace() {
            match lines.last_mut() {
                Some(line) if line.chars().count() + word.chars().count() < width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// A widget, its field, and what that belongs to.
fn family<'a>(widget: &Dict<'a>) -> Vec<Dict<'a>> {
    let parents = std::iter::successors(Some(widget.clone()), |dict| dict.get::<Dict<'a>>("Parent"));
    parents.take(DEEPEST).collect()
}

fn is_on(widget: &Dict<'_>) -> bool {
    widget
        .get::<Name<'_>>("AS")
        .is_some_and(|state| state.as_ref() != b"Off")
}

/// The value: one text, or several that were chosen.
fn chosen(dict: &Dict<'_>) -> Option<String> {
    if let Some(text) = strings::text(dict, "V") {
        return Some(text);
    }
    let several = dict.get::<Array<'_>>("V")?;
    let texts: Vec<String> = several
        .iter::<Bytes<'_>>()
        .map(|text| strings::decoded(text.as_bytes()))
        .collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// What a list shows for a value: the entry whose code it is.
fn entry(family: &[Dict<'_>], value: &str) -> String {
    let options = family.iter().find_map(|dict| dict.get::<Array<'_>>("Opt"));
    let pairs = options.iter().flat_map(Array::iter::<Array<'_>>);
    let shown = pairs.filter_map(|pair| {
        let mut texts = pair
            .iter::<Bytes<'_>>()
            .map(|text| strings::decoded(text.as_bytes()));
        (texts.next()? == value).then(|| texts.next())?
    });
    shown.into_iter().next().unwrap_or_else(|| value.to_owned())
}

/// The number before `Tf` in the instructions by which a field's text is drawn.
fn letter_size(family: &[Dict<'_>]) -> f64 {
    let drawn = family.iter().find_map(|dict| strings::text(dict, "DA"));
    let words: Vec<&str> = drawn.iter().flat_map(|drawn| drawn.split_whitespace()).collect();
    let before = words.windows(2).find(|pair| matches!(pair, [_, "Tf"]));
    let size = before.and_then(|pair| pair.first()?.parse::<f64>().ok());
    size.filter(|size| size.is_finite()).unwrap_or(0.0)
}
