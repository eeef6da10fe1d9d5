//! Which characters the bytes of a web page are.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a page its encoding may be named, in bytes; browsers look at 1024.
const NAMED_WITHIN: usize = 4096;

/// The text of a page, and whether some of it could not be decoded.
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or(&[]);
        return encoding.decode_without_bom_handling(rest);
    }
    // What is valid UTF-8 is that, whatever it is said to be, unless it is said to shift its letters.
    let named = named(bytes);
    let shifts = named.is_some_and(|encoding| !encoding.is_ascii_compatible());
    match std::str::from_utf8(bytes) {
        Ok(text) if !shifts => (Cow::Borrowed(text), false),
        _ => named.unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes),
    }
}

/// The encoding that a page names in a `meta` tag or an XML declaration.
fn named(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..NAMED_WITHIN).unwrap_or(bytes);
    let start: String = start
        .iter()
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let after = |mark: &str| {
        let (_, rest) = start.split_once(mark)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(['"', '\'', ';', '>', ' ', '?', '/'])?;
        Encoding::for_label(rest.get(..end)?.as_bytes())
    };
    let encoding = after("charset").or_else(|| after("encoding"))?;
    // A page whose name for itself could be read is in no encoding of two bytes a letter.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else {
        encoding
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let (text, damaged) = decode(bytes);
        assert!(text.ends_with(expected) && !damaged, "{text}");
    }

    #[test]
    fn encodings() {
        check(b"<p>caf\xe9", "caf\u{e9}");
        check("<p>caf\u{e9}".as_bytes(), "caf\u{e9}");
        check(b"\xff\xfe<\0p\0>\0\xe9\0", "\u{e9}");
        check(b"<meta charset=iso-8859-2>\xe8", "\u{10d}");
        check(
            b"<meta http-equiv=x content='text/html; charset=windows-1251'>\xcf",
            "\u{41f}",
        );
        check(b"<?xml version='1.0' encoding='shift_jis'?>\x82\xa0", "\u{3042}");
        check(b"<meta charset=nonsense>\x80", "\u{20ac}");
        check(b"<meta charset='utf-16'><p>a\xc3\xa9", "\u{e9}");
        assert!(decode(b"<meta charset=utf-8>\xff\xff").1);
    }
}
