//! Plain samples, packed or not: grey, colours, inks, a palette; 1 to 16 bits each.

use hayro_syntax::object::{Name, Object, Stream};

use super::{Head, MOST_BYTES, either};

/// How the numbers of a dot are read.
enum Space {
    /// 1 grey, 3 red-green-blue, 4 inks.
    Light(usize),
    /// Shares of inks: 0 is paper.
    Ink(usize),
    /// How light each colour of the palette is.
    Palette(Vec<u8>),
}

impl Space {
    fn components(&self) -> usize {
        match self {
            Self::Light(count) | Self::Ink(count) => *count,
            Self::Palette(_) => 1,
        }
    }
}

pub(super) fn lights(stream: &Stream<'_>, head: &Head) -> Option<Vec<u8>> {
    let dict = stream.dict();
    let stencil = either::<bool>(dict, "ImageMask", "IM") == Some(true);
    let bits = if stencil {
        1
    } else {
        either::<usize>(dict, "BitsPerComponent", "BPC")?
    };
    let space = if stencil {
        Space::Light(1)
    } else {
        space(&either::<Object<'_>>(dict, "ColorSpace", "CS")?, 0)?
    };
    let row = head
        .width
        .checked_mul(space.components())?
        .checked_mul(bits)?
        .div_ceil(8);
    if u64::try_from(row.checked_mul(head.height)?).ok()? > MOST_BYTES || !matches!(bits, 1 | 2 | 4 | 8 | 16)
    {
        return None;
    }
    let data = stream.decoded_data().ok()?;
    // Lines that are missing would look like white paper.
    if data.len() < row.checked_mul(head.height)? {
        return None;
    }
    let mut light = Vec::with_capacity(head.width * head.height);
    for line in data.chunks(row).take(head.height) {
        let mut numbers = numbers(line, bits, matches!(space, Space::Palette(_)));
        for _ in 0..head.width {
            light.push(dot(&space, &mut numbers));
        }
    }
    Some(light)
}

/// The numbers of a row, spread to 0 to 255, but for places in a palette.
fn numbers(line: &[u8], bits: usize, places: bool) -> impl Iterator<Item = u8> + '_ {
    let count = line.len() * 8 / bits.max(1);
    (0..count).map(move |at| match bits {
        8 => line.get(at).copied().unwrap_or(0),
        16 => line.get(at * 2).copied().unwrap_or(0),
        _ => {
            let byte = line.get(at * bits / 8).copied().unwrap_or(0);
            let most = (1_u8 << bits) - 1;
            let number = (byte >> (8 - bits - (at * bits) % 8)) & most;
            if places { number } else { number * (255 / most) }
        }
    })
}

fn dot(space: &Space, numbers: &mut impl Iterator<Item = u8>) -> u8 {
    let mut next = || numbers.next().unwrap_or(255);
    match space {
        Space::Palette(lights) => lights.get(usize::from(next())).copied().unwrap_or(255),
        Space::Light(1) => next(),
        Space::Light(3) => luminance(&[next(), next(), next()]),
        Space::Light(count) => {
            let inks: Vec<u8> = (0..*count).map(|_| 255 - next()).collect();
            let (paper, black) = inks.split_at(count.saturating_sub(1));
            let black = u32::from(black.first().copied().unwrap_or(255));
            u8::try_from(u32::from(luminance(paper)) * black / 255).unwrap_or(255)
        }
        Space::Ink(count) => 255 - (0..*count).map(|_| next()).max().unwrap_or(0),
    }
}

/// How light a dot of red, green and blue is.
pub(super) fn luminance(dot: &[u8]) -> u8 {
    let sum: u32 = dot
        .iter()
        .zip([299, 587, 114])
        .map(|(part, weight)| u32::from(*part) * weight)
        .sum();
    u8::try_from(sum / 1000).unwrap_or(255)
}

/// The colour space of a picture; `None` for one whose lightness is not known.
fn space(object: &Object<'_>, depth: usize) -> Option<Space> {
    if depth > 2 {
        return None;
    }
    let parts: Vec<Object<'_>> = match object {
        Object::Name(name) => return named(name),
        Object::Array(array) => array.iter::<Object<'_>>().collect(),
        _ => return None,
    };
    let Some(Object::Name(family)) = parts.first() else {
        return None;
    };
    match family.as_ref() {
        b"ICCBased" => match parts.get(1)? {
            Object::Stream(profile) => light(profile.dict().get::<usize>("N")?),
            _ => None,
        },
        b"CalGray" => Some(Space::Light(1)),
        b"CalRGB" => Some(Space::Light(3)),
        b"Separation" => Some(Space::Ink(1)),
        b"DeviceN" => match parts.get(1)? {
            Object::Array(names) => Some(Space::Ink(names.iter::<Name<'_>>().count().max(1))),
            _ => None,
        },
        b"Indexed" | b"I" => palette(&space(parts.get(1)?, depth + 1)?, parts.get(3)?),
        _ => named(family),
    }
}

fn named(name: &Name<'_>) -> Option<Space> {
    match name.as_ref() {
        b"DeviceGray" | b"G" => Some(Space::Light(1)),
        b"DeviceRGB" | b"RGB" => Some(Space::Light(3)),
        b"DeviceCMYK" | b"CMYK" => Some(Space::Light(4)),
        _ => None,
    }
}

fn light(components: usize) -> Option<Space> {
    matches!(components, 1 | 3 | 4).then_some(Space::Light(components))
}

fn palette(base: &Space, table: &Object<'_>) -> Option<Space> {
    let bytes = match table {
        Object::String(text) => text.as_bytes().to_vec(),
        Object::Stream(stream) => stream.decoded_data().ok()?.into_owned(),
        _ => return None,
    };
    if matches!(base, Space::Palette(_)) {
        return None;
    }
    let colours = bytes.chunks_exact(base.components()).take(256);
    Some(Space::Palette(
        colours
            .map(|colour| dot(base, &mut colour.iter().copied()))
            .collect(),
    ))
}
