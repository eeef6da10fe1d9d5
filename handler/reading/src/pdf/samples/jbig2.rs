//! JBIG2: the coding of office scanners.

use hayro_jbig2::{DecodeSettings, Decoder, Globals, Page};
use hayro_syntax::object::{Dict, Stream};

use super::{Head, MOST_DOTS};

struct Dots {
    most: usize,
    light: Vec<u8>,
}

impl Dots {
    fn push(&mut self, black: bool, count: usize) {
        let count = count.min(self.most.saturating_sub(self.light.len()));
        self.light
            .extend(std::iter::repeat_n(if black { 0 } else { 255 }, count));
    }
}

impl Decoder for Dots {
    fn push_pixel(&mut self, black: bool) {
        self.push(black, 1);
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        self.push(
            black,
            usize::try_from(chunk_count).map_or(0, |count| count.saturating_mul(8)),
        );
    }

    fn next_line(&mut self) {}
}

pub(super) fn lights(bytes: &[u8], head: &Head, parameters: &Dict<'_>) -> Option<Vec<u8>> {
    // Else what is behind a damaged part is left out without a word.
    let settings = DecodeSettings { strict: true };
    let globals = match parameters.get::<Stream<'_>>("JBIG2Globals") {
        Some(stream) => Some(Globals::new(stream.decoded_data().ok()?.as_ref(), &settings).ok()?),
        None => None,
    };
    let page = Page::new_embedded(bytes, globals.as_ref(), &settings).ok()?;
    let dots = |dots: u32| usize::try_from(dots).ok();
    let own = (dots(page.width())?, dots(page.height())?);
    if own != (head.width, head.height) {
        return None;
    }
    let most = (own.0 * own.1).min(MOST_DOTS);
    let mut dots = Dots {
        most,
        light: Vec::with_capacity(most),
    };
    page.decode(&mut dots).ok()?;
    Some(dots.light)
}
