//! A photo or picture of a page, uploaded by itself. It is made the one page of a PDF, so that it is found, drawn and read as
//! any scanned page is.

use std::fmt::Write as _;

mod jpeg;
mod png;

/// The longer side of the sheet in points, that of A4: how large the page was is not known.
const LONGER: f64 = 842.0;

/// A picture as a PDF tells of it.
struct Picture {
    width: u32,
    height: u32,
    /// Colours, bits and coding, as entries of a dictionary.
    coded: String,
    data: Vec<u8>,
}

/// The picture as a PDF of one page; `None` for bytes that are no JPEG or PNG that is read.
pub(crate) fn page(bytes: &[u8]) -> Option<Vec<u8>> {
    let picture = jpeg::picture(bytes).or_else(|| png::picture(bytes))?;
    (picture.width > 0 && picture.height > 0).then(|| sheet(&picture))
}

fn sheet(picture: &Picture) -> Vec<u8> {
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let scale = LONGER / width.max(height);
    let (x, y) = (width * scale, height * scale);
    let paint = format!("{x:.2} 0 0 {y:.2} 0 0 cm /P Do");
    let head = format!(
        "<</Type/XObject/Subtype/Image/Width {}/Height {}{}/Length {}>>",
        picture.width,
        picture.height,
        picture.coded,
        picture.data.len()
    );
    let objects: [(String, Option<&[u8]>); 5] = [
        ("<</Type/Catalog/Pages 2 0 R>>".to_owned(), None),
        ("<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(), None),
        (
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {x:.2} {y:.2}]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>"
            ),
            None,
        ),
        (format!("<</Length {}>>", paint.len()), Some(paint.as_bytes())),
        (head, Some(&picture.data)),
    ];
    file(&objects)
}

fn file(objects: &[(String, Option<&[u8]>)]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = String::new();
    for (number, (dict, stream)) in (1..).zip(objects) {
        // Writing to a `String` cannot fail.
        _ = writeln!(places, "{:010} 00000 n ", file.len());
        file.extend(format!("{number} 0 obj\n{dict}\n").as_bytes());
        if let Some(stream) = stream {
            file.extend(b"stream\n");
            file.extend(*stream);
            file.extend(b"\nendstream\n");
        }
        file.extend(b"endobj\n");
    }
    let (start, count) = (file.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<</Root 1 0 R/Size {count}>>\nstartxref\n{start}\n%%EOF\n"
    );
    file.extend(end.as_bytes());
    file
}
