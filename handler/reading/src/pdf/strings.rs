//! Text strings outside of the page's content.

use hayro_syntax::object::{Dict, String as Bytes};

/// The text under a key: UTF-16 with a mark, UTF-8 with a mark, or (as far as ASCII goes) `PDFDocEncoding`.
pub(super) fn text(dict: &Dict<'_>, key: &str) -> Option<String> {
    let string = dict.get::<Bytes<'_>>(key)?;
    let text = match string.as_bytes() {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        plain => plain.iter().map(|&byte| char::from(byte)).collect(),
    };
    let text = crate::normal::line(&text);
    (!text.is_empty()).then_some(text)
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|&pair| unit(pair)))
        .map(|c| c.unwrap_or('\u{fffd}'))
        .collect()
}
