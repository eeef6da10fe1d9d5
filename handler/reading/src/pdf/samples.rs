//! The dots of a picture in a PDF, as grey values.
//!
//! JPEG, CCITT, JBIG2 and plain samples: what scanners write. JPEG 2000 is not read.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

mod fax;
mod jbig2;
mod jpeg;
mod plain;

/// Dots of one picture, at most: A3 at 600 dots an inch.
const MOST_DOTS: usize = 80_000_000;
/// Bytes of one picture when unpacked, at most.
const MOST_BYTES: u64 = 320_000_000;

/// A picture's dots, row by row: how light each is, and how much of it covers what is under it.
pub(super) struct Samples {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) light: Vec<u8>,
    pub(super) cover: Option<Box<Cover>>,
}

/// How much of a picture covers what is under it; it may be coarser or finer than the picture.
pub(super) struct Cover {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) share: Vec<u8>,
}

/// What is known of a picture from its dictionary.
struct Head {
    width: usize,
    height: usize,
    /// Whether small numbers are light.
    inverted: bool,
}

/// The dots of a picture; `fill` is how light a stencil is painted. `None` where it cannot be read.
pub(super) fn samples(stream: &Stream<'_>, fill: Option<f64>) -> Option<Samples> {
    let dict = stream.dict();
    let head = head(dict)?;
    let (width, height) = (head.width, head.height);
    let mut light = lights(stream, &head)?;
    light.resize(width * height, 255);
    if either::<bool>(dict, "ImageMask", "IM") == Some(true) {
        // Dark is where the stencil lets colour through.
        invert(&mut light);
        let shade = crate::raster::dots(fill.unwrap_or(0.0).clamp(0.0, 1.0) * 255.0);
        return Some(Samples {
            width,
            height,
            light: vec![u8::try_from(shade).unwrap_or(255); width * height],
            cover: Some(Box::new(Cover {
                width,
                height,
                share: light,
            })),
        });
    }
    let cover = cover(dict)?;
    Some(Samples {
        width,
        height,
        light,
        cover,
    })
}

/// The mask of a picture; `None` for one that cannot be read.
#[expect(
    clippy::option_option,
    reason = "no mask is not the same as a mask that cannot be read"
)]
fn mask(dict: &Dict<'_>) -> Option<Option<Cover>> {
    let soft = dict.get::<Stream<'_>>("SMask");
    let inverted = soft.is_none();
    let Some(stream) = soft.or_else(|| dict.get::<Stream<'_>>("Mask")) else {
        return Some(None);
    };
    let head = head(stream.dict())?;
    let mut share = lights(&stream, &head)?;
    share.resize(head.width * head.height, 255);
    if inverted {
        // A stencil's 1 is what is left out.
        invert(&mut share);
    }
    Some(Some(Cover {
        width: head.width,
        height: head.height,
        share,
    }))
}

#[expect(
    clippy::option_option,
    reason = "no mask is not the same as a mask that cannot be read"
)]
fn cover(dict: &Dict<'_>) -> Option<Option<Box<Cover>>> {
    mask(dict).map(|mask| mask.map(Box::new))
}

fn head(dict: &Dict<'_>) -> Option<Head> {
    let width = either::<usize>(dict, "Width", "W").filter(|side| *side > 0)?;
    let height = either::<usize>(dict, "Height", "H").filter(|side| *side > 0)?;
    width.checked_mul(height).filter(|dots| *dots <= MOST_DOTS)?;
    let decode = either::<Array<'_>>(dict, "Decode", "D");
    let first = decode.and_then(|decode| decode.iter::<f64>().next());
    Some(Head {
        width,
        height,
        inverted: first.is_some_and(|first| first >= 0.5),
    })
}

/// An entry by its name, or by the short one of inline pictures.
fn either<'a, T: TryFrom<Object<'a>>>(dict: &Dict<'a>, long: &str, short: &str) -> Option<T> {
    let object = dict
        .get::<Object<'a>>(long)
        .or_else(|| dict.get::<Object<'a>>(short))?;
    T::try_from(object).ok()
}

/// How light each dot is.
fn lights(stream: &Stream<'_>, head: &Head) -> Option<Vec<u8>> {
    let mut names = names(stream.dict());
    let data = stream.raw_data();
    let mut light = match names.pop().as_deref() {
        Some(b"DCTDecode" | b"DCT") => jpeg::lights(&unpacked(data.as_ref(), &names)?, head),
        Some(b"CCITTFaxDecode" | b"CCF") => fax::lights(
            &unpacked(data.as_ref(), &names)?,
            head,
            &parameters(stream.dict()),
        ),
        Some(b"JBIG2Decode") => jbig2::lights(
            &unpacked(data.as_ref(), &names)?,
            head,
            &parameters(stream.dict()),
        ),
        Some(b"JPXDecode") => None,
        _ => plain::lights(stream, head),
    }?;
    if head.inverted {
        invert(&mut light);
    }
    Some(light)
}

/// Makes what is light dark, and what is dark light.
fn invert(dots: &mut [u8]) {
    for dot in dots {
        *dot = 255 - *dot;
    }
}

/// The filters of a stream in order.
fn names(dict: &Dict<'_>) -> Vec<Vec<u8>> {
    if let Some(name) = either::<Name<'_>>(dict, "Filter", "F") {
        return vec![name.as_ref().to_vec()];
    }
    let all = either::<Array<'_>>(dict, "Filter", "F");
    let names = all.into_iter().flat_map(|all| {
        let names: Vec<Vec<u8>> = all
            .iter::<Name<'_>>()
            .map(|name| name.as_ref().to_vec())
            .collect();
        names
    });
    names.collect()
}

/// The parameters of the last filter.
fn parameters<'a>(dict: &Dict<'a>) -> Dict<'a> {
    let one = either::<Dict<'a>>(dict, "DecodeParms", "DP");
    let last = || {
        let all = either::<Array<'a>>(dict, "DecodeParms", "DP")?;
        all.iter::<Object<'a>>().last().and_then(Object::into_dict)
    };
    one.or_else(last).unwrap_or_default()
}

/// Undoes the filters before a picture's own; only deflate stands there in practice.
fn unpacked<'d>(data: &'d [u8], before: &[Vec<u8>]) -> Option<std::borrow::Cow<'d, [u8]>> {
    match before {
        [] => Some(data.into()),
        [name] if matches!(name.as_slice(), b"FlateDecode" | b"Fl") => {
            let mut bytes = Vec::new();
            ZlibDecoder::new(data)
                .take(MOST_BYTES)
                .read_to_end(&mut bytes)
                .ok()?;
            Some(bytes.into())
        }
        _ => None,
    }
}
