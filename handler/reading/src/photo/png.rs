//! A PNG as a PDF can hold it: as it is where nothing shines through, else unpacked and laid on white.

use std::fmt::Write as _;
use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::Picture;

/// Dots of a picture, at most: what is read of pictures in a PDF.
const MOST_DOTS: usize = 80_000_000;

struct Png<'b> {
    width: u32,
    height: u32,
    /// Bits of a number.
    depth: u8,
    /// The kind of colours by PNG's number.
    kind: u8,
    palette: &'b [u8],
    packed: Vec<u8>,
}

pub(super) fn picture(bytes: &[u8]) -> Option<Picture> {
    let png = parts(bytes)?;
    let (coded, data) = match png.kind {
        0 => (png.predicted("/DeviceGray", 1), png.packed),
        2 => (png.predicted("/DeviceRGB", 3), png.packed),
        3 => (png.predicted(&palette(png.palette)?, 1), png.packed),
        4 => (
            "/ColorSpace/DeviceGray/BitsPerComponent 8".to_owned(),
            on_white(&png, 2)?,
        ),
        6 => (
            "/ColorSpace/DeviceRGB/BitsPerComponent 8".to_owned(),
            on_white(&png, 4)?,
        ),
        _ => return None,
    };
    Some(Picture {
        width: png.width,
        height: png.height,
        coded,
        data,
    })
}

impl Png<'_> {
    /// PDF knows PNG's own coding.
    fn predicted(&self, colours: &str, count: u8) -> String {
        let (depth, width) = (self.depth, self.width);
        format!(
            "/ColorSpace{colours}/BitsPerComponent {depth}/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors \
             {count}/BitsPerComponent {depth}/Columns {width}>>"
        )
    }
}

fn palette(colours: &[u8]) -> Option<String> {
    let last = (colours.len() / 3).checked_sub(1)?;
    let mut text = format!("[/Indexed/DeviceRGB {last}<");
    for byte in colours {
        // Writing to a `String` cannot fail.
        _ = write!(text, "{byte:02x}");
    }
    text.push_str(">]");
    Some(text)
}

/// The parts of the file; `None` for an interlaced one, which no camera and no scanner writes.
fn parts(bytes: &[u8]) -> Option<Png<'_>> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let (mut head, mut palette, mut packed): (Option<&[u8]>, &[u8], Vec<u8>) = (None, &[], Vec::new());
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        match kind {
            b"IHDR" => head = Some(data),
            b"PLTE" => palette = data,
            b"IDAT" => packed.extend(data),
            b"IEND" => break,
            _ => {}
        }
        // The checksum is not looked at: the coding has its own.
        rest = after.get(4..)?;
    }
    let (width, head) = head?.split_first_chunk::<4>()?;
    let (height, head) = head.split_first_chunk::<4>()?;
    let [depth, kind, _packing, _filters, interlaced] = *head else {
        return None;
    };
    (interlaced == 0).then_some(Png {
        width: u32::from_be_bytes(*width),
        height: u32::from_be_bytes(*height),
        depth,
        kind,
        palette,
        packed,
    })
}

/// The dots of a picture whose last number of each dot says how much it covers.
fn on_white(png: &Png<'_>, count: usize) -> Option<Vec<u8>> {
    let wide = match png.depth {
        8 => 1,
        16 => 2,
        _ => return None,
    };
    let (width, height) = (
        usize::try_from(png.width).ok()?,
        usize::try_from(png.height).ok()?,
    );
    width.checked_mul(height).filter(|dots| *dots <= MOST_DOTS)?;
    let (dot, row) = (count * wide, width * count * wide);
    let mut unpacking = ZlibDecoder::new(png.packed.as_slice());
    let mut above = vec![0; row];
    let mut line = vec![0; row + 1];
    let mut dots = Vec::new();
    for _ in 0..height {
        unpacking.read_exact(&mut line).ok()?;
        let (filter, coded) = line.split_first_mut()?;
        plain(*filter, coded, &above, dot)?;
        above.copy_from_slice(coded);
        for numbers in coded.chunks_exact(dot) {
            // Of sixteen bits the higher eight are enough.
            let mut numbers = numbers.iter().step_by(wide).copied();
            let colours: Vec<u8> = numbers.by_ref().take(count - 1).collect();
            let cover = u16::from(numbers.next()?);
            let shade = |colour: u8| (u16::from(colour) * cover + 255 * (255 - cover)) / 255;
            dots.extend(
                colours
                    .into_iter()
                    .filter_map(|colour| u8::try_from(shade(colour)).ok()),
            );
        }
    }
    Some(dots)
}

/// Undoes the filter of a line.
fn plain(filter: u8, line: &mut [u8], above: &[u8], dot: usize) -> Option<()> {
    for at in 0..line.len() {
        let before = |from: &[u8]| {
            at.checked_sub(dot)
                .and_then(|at| from.get(at).copied())
                .unwrap_or(0)
        };
        let (left, up, corner) = (before(line), above.get(at).copied()?, before(above));
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => up,
            3 => u8::try_from(u16::midpoint(left.into(), up.into())).ok()?,
            4 => nearest(left, up, corner),
            _ => return None,
        };
        let number = line.get_mut(at)?;
        *number = number.wrapping_add(guess);
    }
    Some(())
}

/// Of the three neighbours the one nearest to left and above less the corner (Paeth).
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let wanted = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |from: u8| (wanted - i16::from(from)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}
