//! A grey picture as a PNG file: signature, header, one stream of rows, end.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::Grey;

/// The file. Writing into memory does not fail; an empty file would be one that no program reads.
pub(super) fn file(grey: &Grey) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let side = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX).to_be_bytes();
    // Eight bits, grey, the only compression, the only filters, not interlaced.
    let mut head = [side(grey.width), side(grey.height)].concat();
    head.extend([8, 0, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &head);
    chunk(&mut file, *b"IDAT", &rows(grey).unwrap_or_default());
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn rows(grey: &Grey) -> std::io::Result<Vec<u8>> {
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::fast());
    for row in grey.dots.chunks(grey.width.max(1)) {
        rows.write_all(&[0])?;
        rows.write_all(row)?;
    }
    rows.finish()
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    file.extend(kind);
    file.extend(data);
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(data);
    file.extend(sum.sum().to_be_bytes());
}
