//! JPEG.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Head, MOST_DOTS};
use crate::jpeg::Jpeg;

/// The longest side that the format can have.
const LONGEST: usize = 65_535;

/// The file says its own size; what differs from the dictionary's is another picture.
pub(super) fn lights(bytes: &[u8], head: &Head) -> Option<Vec<u8>> {
    if !Jpeg::of(bytes)?.is_whole() {
        return None;
    }
    let options = DecoderOptions::default()
        .set_max_width(LONGEST)
        .set_max_height(LONGEST);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let fits = (width, height) == (head.width, head.height) && width * height <= MOST_DOTS;
    if !fits {
        return None;
    }
    let space = match decoder.input_colorspace()? {
        ColorSpace::Luma | ColorSpace::YCbCr => ColorSpace::Luma,
        ColorSpace::CMYK | ColorSpace::YCCK => ColorSpace::CMYK,
        _ => ColorSpace::RGB,
    };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    let dots = decoder.decode().ok()?;
    Some(match space {
        ColorSpace::Luma => dots,
        // Adobe's programs store inks inverted: what is left of the paper.
        ColorSpace::CMYK => dots.chunks_exact(4).map(inks).collect(),
        _ => dots.chunks_exact(3).map(super::plain::luminance).collect(),
    })
}

fn inks(dot: &[u8]) -> u8 {
    let (paper, black) = dot.split_at(3);
    let left =
        u32::from(super::plain::luminance(paper)) * black.iter().map(|part| u32::from(*part)).sum::<u32>();
    u8::try_from(left / 255).unwrap_or(255)
}
