//! CCITT: the coding of fax machines.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};
use hayro_syntax::object::Dict;

use super::{Head, MOST_DOTS};

struct Rows {
    columns: usize,
    count: usize,
    light: Vec<u8>,
}

impl Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        if self.light.len() >= self.columns * self.count {
            return;
        }
        let start = self.light.len();
        self.light.resize(start + self.columns, 255);
        let place = |change: &u32| usize::try_from(*change).unwrap_or(self.columns).min(self.columns);
        for span in changes.chunks(2) {
            let from = span.first().map_or(0, place);
            let to = span.get(1).map_or(self.columns, place);
            if let Some(dark) = self.light.get_mut(start + from..start + to.max(from)) {
                dark.fill(0);
            }
        }
    }
}

pub(super) fn lights(bytes: &[u8], head: &Head, parameters: &Dict<'_>) -> Option<Vec<u8>> {
    let columns = parameters.get::<u32>("Columns").unwrap_or(1728);
    let flag = |name: &str, usual| parameters.get::<bool>(name).unwrap_or(usual);
    let mut rows = Rows {
        columns: usize::try_from(columns).ok()?,
        count: head.height,
        light: Vec::new(),
    };
    if rows.columns != head.width || rows.columns.checked_mul(rows.count)? > MOST_DOTS {
        return None;
    }
    let settings = DecodeSettings {
        columns,
        rows: u32::try_from(head.height).ok()?,
        end_of_block: flag("EndOfBlock", true),
        end_of_line: flag("EndOfLine", false),
        rows_are_byte_aligned: flag("EncodedByteAlign", false),
        encoding: match parameters.get::<i32>("K").unwrap_or(0) {
            ..0 => EncodingMode::Group4,
            0 => EncodingMode::Group3_1D,
            1.. => EncodingMode::Group3_2D,
        },
        strict: false,
    };
    // A damaged end loses lines of the page: then nothing is read.
    hayro_ccitt::decode(bytes, &mut rows, &mut DecoderContext::new(settings)).ok()?;
    if rows.light.len() < rows.columns * rows.count {
        return None;
    }
    if flag("BlackIs1", false) {
        super::invert(&mut rows.light);
    }
    Some(rows.light)
}
