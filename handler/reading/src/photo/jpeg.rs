//! A JPEG as a PDF holds it: as it is.

use super::Picture;
use crate::jpeg::Jpeg;

pub(super) fn picture(bytes: &[u8]) -> Option<Picture> {
    let (width, height, colours) = Jpeg::of(bytes)?.size()?;
    let colours = match colours {
        1 => "/DeviceGray",
        3 => "/DeviceRGB",
        // Inks are no camera's.
        _ => return None,
    };
    Some(Picture {
        width: width.into(),
        height: height.into(),
        coded: format!("/ColorSpace{colours}/BitsPerComponent 8/Filter/DCTDecode"),
        data: bytes.to_vec(),
    })
}
