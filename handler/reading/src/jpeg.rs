//! What a JPEG says of itself around its dots.

use memchr::memmem;

/// A JPEG up to its dots.
pub(crate) struct Jpeg<'b> {
    /// The head of its frame: precision, height, width, components.
    frame: &'b [u8],
    /// From its first dots on.
    dots: &'b [u8],
}

impl<'b> Jpeg<'b> {
    /// Reads up to the first dots.
    pub(crate) fn of(bytes: &'b [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
        let mut frame = None;
        loop {
            let [0xff, marker, after @ ..] = rest else {
                return None;
            };
            match marker {
                // Filling.
                0xff => rest = rest.get(1..)?,
                // Marks without a length.
                0x01 | 0xd0..=0xd7 => rest = after,
                0xd9 => return None,
                _ => {
                    let (length, _) = after.split_first_chunk::<2>()?;
                    let length = usize::from(u16::from_be_bytes(*length)).max(2);
                    let (part, more) = after.split_at_checked(length)?;
                    rest = more;
                    match marker {
                        0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => frame = part.get(2..),
                        0xda => return frame.map(|frame| Self { frame, dots: more }),
                        _ => {}
                    }
                }
            }
        }
    }

    /// Width, height and the number of its colours.
    pub(crate) fn size(&self) -> Option<(u16, u16, u8)> {
        let [_precision, h1, h0, w1, w0, colours, ..] = *self.frame else {
            return None;
        };
        Some((
            u16::from_be_bytes([w1, w0]),
            u16::from_be_bytes([h1, h0]),
            colours,
        ))
    }

    /// Whether its end is there: among dots the mark of the end cannot stand. Decoders fill what is missing with grey.
    pub(crate) fn is_whole(&self) -> bool {
        memmem::find(self.dots, b"\xff\xd9").is_some()
    }
}
