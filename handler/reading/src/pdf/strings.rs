//! Text strings outside of the page's content.

use hayro_syntax::object::{Dict, String as Bytes};

/// The text under a key.
pub(super) fn text(dict: &Dict<'_>, key: &str) -> Option<String> {
    let text = decoded(dict.get::<Bytes<'_>>(key)?.as_bytes());
    (!text.is_empty()).then_some(text)
}

/// A text string on one line: UTF-16 with a mark, UTF-8 with a mark, or (as far as ASCII goes) `PDFDocEncoding`.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        plain => plain.iter().map(|&byte| char::from(byte)).collect(),
    };
    crate::normal::line(&text)
}

/// The letters and digits of a text alone, to compare what two places say.
pub(super) fn core(text: &str) -> String {
    let line = crate::normal::line(text);
    line.chars()
        .filter(|c| c.is_alphanumeric() || *c == '\u{fffd}')
        .flat_map(char::to_lowercase)
        .collect()
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|&pair| unit(pair)))
        .map(|c| c.unwrap_or('\u{fffd}'))
        .collect()
}
