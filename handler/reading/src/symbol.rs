//! Characters that are given by a number in a symbol font.

/// The character at a place of a font; `None` for one that is only an ornament. Symbol fonts are placed in the
/// private area U+F000 to U+F0FF.
pub(crate) fn named(font: &str, code: u32) -> Option<char> {
    let private = (0xf000..=0xf0ff).contains(&code);
    let place = if private { code - 0xf000 } else { code };
    match font.trim().to_lowercase().as_str() {
        "symbol" => symbol(place),
        "wingdings" => wingdings(place),
        "wingdings 2" => wingdings_2(place),
        _ if !private => char::from_u32(code),
        _ => None,
    }
}

fn symbol(place: u32) -> Option<char> {
    Some(match place {
        0xa3 => '\u{2264}',
        0xae => '\u{2192}',
        0xb0 => '\u{b0}',
        0xb1 => '\u{b1}',
        0xb3 => '\u{2265}',
        0xb4 => '\u{d7}',
        0xb7 => '\u{2022}',
        0xb9 => '\u{2260}',
        0xbb => '\u{2248}',
        0xbc => '\u{2026}',
        0x20..=0x3f => char::from_u32(place)?,
        _ => return None,
    })
}

fn wingdings(place: u32) -> Option<char> {
    Some(match place {
        0x28 | 0x29 => '\u{260e}',
        0x6c | 0x9f | 0xa7 => '\u{2022}',
        0x6f | 0x71 | 0x72 | 0xa8 => '\u{2610}',
        0xe0 | 0xe8 | 0xf0 => '\u{2192}',
        0xfb => '\u{2718}',
        0xfc => '\u{2714}',
        0xfd => '\u{2612}',
        0xfe => '\u{2611}',
        _ => return None,
    })
}

fn wingdings_2(place: u32) -> Option<char> {
    Some(match place {
        0x4f | 0x53 => '\u{2718}',
        0x50 => '\u{2714}',
        0x51 | 0x54 => '\u{2612}',
        0x52 => '\u{2611}',
        0xa3 | 0x2a => '\u{2610}',
        0x97 => '\u{2022}',
        _ => return None,
    })
}
