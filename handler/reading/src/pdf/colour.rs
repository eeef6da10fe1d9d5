//! Colours as far as a reader needs them: how light they are.

use hayro_syntax::object::{Array, Name, Object, Stream};
use hayro_syntax::page::Resources;

/// How the numbers of a colour are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Space {
    /// By their count: 1 grey, 3 red-green-blue, 4 inks.
    ByCount,
    /// The share of an ink: 0 is white.
    Ink,
    /// L*a*b*.
    Lab,
    /// Not readable as lightness.
    Unknown,
}

/// The colour space of this name.
pub(super) fn space(name: &Name<'_>, resources: &Resources<'_>) -> Space {
    match name.as_ref() {
        b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"G" | b"RGB" | b"CMYK" => Space::ByCount,
        b"Pattern" => Space::Unknown,
        _ => resources
            .get_color_space(name)
            .map_or(Space::ByCount, |object| described(&object)),
    }
}

fn described(object: &Object<'_>) -> Space {
    let family = match object {
        Object::Array(array) => first_name(array),
        Object::Name(name) => Some(name.as_ref().to_vec()),
        _ => None,
    };
    match family.as_deref() {
        Some(b"Separation" | b"DeviceN") => Space::Ink,
        Some(b"Lab") => Space::Lab,
        Some(b"Indexed" | b"Pattern" | b"I") => Space::Unknown,
        Some(b"ICCBased") => icc(object),
        _ => Space::ByCount,
    }
}

fn icc(object: &Object<'_>) -> Space {
    let Object::Array(array) = object else {
        return Space::ByCount;
    };
    let profile = array.iter::<Object<'_>>().nth(1).and_then(Object::into_stream);
    let components = profile.and_then(|profile: Stream<'_>| profile.dict().get::<u8>("N"));
    if matches!(components, None | Some(1 | 3 | 4)) {
        Space::ByCount
    } else {
        Space::Unknown
    }
}

fn first_name(array: &Array<'_>) -> Option<Vec<u8>> {
    array
        .iter::<Object<'_>>()
        .next()?
        .into_name()
        .map(|name| name.as_ref().to_vec())
}

/// The luminance of a colour, 0 black to 1 white.
pub(super) fn light(space: Space, numbers: &[f64]) -> Option<f64> {
    match (space, numbers) {
        (Space::ByCount, [grey]) => Some(*grey),
        (Space::ByCount, [red, green, blue]) => Some(0.299 * red + 0.587 * green + 0.114 * blue),
        (Space::ByCount, [cyan, magenta, yellow, black]) => {
            Some((1.0 - black) * (1.0 - 0.299 * cyan - 0.587 * magenta - 0.114 * yellow))
        }
        (Space::Ink, [first, rest @ ..]) => Some(1.0 - rest.iter().fold(*first, |most, ink| most.max(*ink))),
        (Space::Lab, [lightness, ..]) => Some(lightness / 100.0),
        _ => None,
    }
}
