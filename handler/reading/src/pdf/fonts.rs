//! The fonts of a file: codes to letters and widths by the library, boldness by what the font says of itself.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Name};

/// A font of the file.
pub(super) struct Face<'a> {
    font: Font<'a>,
    pub(super) bold: bool,
    letters: std::cell::RefCell<HashMap<u32, Rc<str>>>,
}

/// One code of a shown string.
pub(super) struct Code {
    /// What it reads as; U+FFFD when the font does not say.
    pub(super) text: Rc<str>,
    /// Its width, in parts of the font size.
    pub(super) advance: f64,
    /// Whether word spacing applies.
    pub(super) is_space: bool,
    /// How many bytes it took.
    pub(super) length: usize,
}

impl Face<'_> {
    /// The code that begins at `at`.
    pub(super) fn code(&self, bytes: &[u8], at: usize) -> Code {
        let (code, length) = self.font.read_code(bytes, at);
        let advance = self.font.code_advance(code).x / f64::from(hayro_font::UNITS_PER_EM);
        Code {
            text: self.text(code),
            advance: if advance.is_finite() { advance } else { 0.0 },
            is_space: code == 32 && length == 1,
            length: length.max(1),
        }
    }

    fn text(&self, code: u32) -> Rc<str> {
        let known = self.letters.borrow().get(&code).cloned();
        known.unwrap_or_else(|| {
            let text: Rc<str> = self.decode(code).unwrap_or_else(|| "\u{fffd}".to_owned()).into();
            self.letters.borrow_mut().insert(code, Rc::clone(&text));
            text
        })
    }

    fn decode(&self, code: u32) -> Option<String> {
        let unicode = match self.font.glyph(self.font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        }?;
        let text = match unicode {
            hayro_cmap::BfString::Char(c) => c.to_string(),
            hayro_cmap::BfString::String(text) => text,
        };
        (!text.is_empty()).then_some(text)
    }
}

/// All fonts met so far, each loaded once.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    faces: HashMap<Vec<u8>, Option<Rc<Face<'a>>>>,
    resolve_font: FontResolverFn,
    resolve_map: CMapResolverFn,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        let resolve_font: FontResolverFn = Arc::new(|query| {
            Some(match query {
                FontQuery::Standard(font) => font.get_font_data(),
                FontQuery::Fallback(fallback) => fallback.pick_standard_font().get_font_data(),
            })
        });
        Self {
            cache: FontCache::new(),
            faces: HashMap::new(),
            resolve_font,
            resolve_map: Arc::new(|_| None),
        }
    }

    /// The font that a font dictionary describes, if it can be loaded.
    pub(super) fn face(&mut self, dict: &Dict<'a>) -> Option<Rc<Face<'a>>> {
        let key = dict
            .obj_id()
            .map_or_else(|| dict.data().to_vec(), |id| format!("{id:?}").into_bytes());
        if let Some(face) = self.faces.get(&key) {
            return face.clone();
        }
        let face = self
            .cache
            .font(dict, &self.resolve_font, &self.resolve_map)
            .map(|font| {
                Rc::new(Face {
                    font,
                    bold: is_bold(dict),
                    letters: std::cell::RefCell::default(),
                })
            });
        self.faces.insert(key, face.clone());
        face
    }
}

fn is_bold(dict: &Dict<'_>) -> bool {
    const FORCE_BOLD: u32 = 1 << 18;
    const WEIGHTS: [&str; 5] = ["bold", "black", "heavy", "demi", "-bd"];
    let name = dict
        .get::<Name<'_>>("BaseFont")
        .map(|name| name.as_str().to_ascii_lowercase());
    if name.is_some_and(|name| WEIGHTS.iter().any(|weight| name.contains(weight))) {
        return true;
    }
    let descendant = dict
        .get::<Array<'_>>("DescendantFonts")
        .and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let described = descendant
        .as_ref()
        .unwrap_or(dict)
        .get::<Dict<'_>>("FontDescriptor");
    described.is_some_and(|descriptor| {
        descriptor
            .get::<f32>("FontWeight")
            .is_some_and(|weight| weight >= 600.0)
            || descriptor
                .get::<u32>("Flags")
                .is_some_and(|flags| flags & FORCE_BOLD != 0)
    })
}
