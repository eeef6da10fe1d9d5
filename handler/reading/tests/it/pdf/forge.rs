//! Small PDF files, forged for a test.

use std::fmt::Write as _;

/// A file of these objects, the first of which is the catalog, with a table of their places.
pub fn file(objects: &[String]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(text.len());
        writeln!(text, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let start = text.len();
    write!(text, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(text, "{place:010} 00000 n ").unwrap();
    }
    write!(
        text,
        "trailer\n<</Root 1 0 R /Size {}>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    )
    .unwrap();
    text.into_bytes()
}

pub fn stream(dict: &str, content: &str) -> String {
    format!(
        "<<{dict}/Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// A file of `pages` pages that share one content.
pub fn pages(pages: usize, content: &str, more: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages)
        .map(|n| format!("{} 0 R", n + 5 + more.len()))
        .collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>/XObject<</X 5 0 R>>>>>>"
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        stream("", content),
    ];
    objects.extend(more.iter().cloned());
    objects.extend((0..pages).map(|_| "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_owned()));
    file(&objects)
}

/// One line of words.
pub const WORDS: &str = "BT /F 10 Tf 60 700 Td (She reads.) Tj ET";

/// The instructions that write a line in plain letters of 10 points; `y` grows upwards.
pub fn line(x: f64, y: f64, text: &str) -> String {
    written("F", x, y, text)
}

/// The same in bold.
pub fn bold(x: f64, y: f64, text: &str) -> String {
    written("B", x, y, text)
}

fn written(font: &str, x: f64, y: f64, text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    format!("BT /{font} 10 Tf {x} {y} Td ({text}) Tj ET\n")
}

/// A file being put together: its catalog is object 1, its fonts 3 (F, plain) and 4 (B, bold).
#[derive(Clone, Default)]
pub struct Forge {
    catalog: String,
    objects: Vec<String>,
    pages: Vec<(String, String)>,
}

impl Forge {
    /// Of one page.
    pub fn page(content: &str) -> Self {
        Self::default().and_page(content, "")
    }

    /// And another page, with more entries of its dictionary.
    pub fn and_page(mut self, content: &str, entries: &str) -> Self {
        self.pages.push((content.to_owned(), entries.to_owned()));
        self
    }

    /// With more entries of its last page.
    pub fn with_entries(mut self, entries: &str) -> Self {
        self.pages.last_mut().unwrap().1.push_str(entries);
        self
    }

    /// With more entries of its catalog.
    pub fn with_catalog(mut self, entries: &str) -> Self {
        self.catalog.push_str(entries);
        self
    }

    /// With another object; the first is number 5.
    pub fn with_object(mut self, object: &str) -> Self {
        self.objects.push(object.to_owned());
        self
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let first = 5 + self.objects.len();
        let kids: Vec<String> = (0..self.pages.len())
            .map(|n| format!("{} 0 R", first + 2 * n))
            .collect();
        let font =
            |name: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>");
        let mut objects = vec![
            format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog),
            format!(
                "<</Type/Pages/Count {}/Kids[{}]/MediaBox[0 0 595 842]>>",
                kids.len(),
                kids.join(" ")
            ),
            font("Helvetica"),
            font("Helvetica-Bold"),
        ];
        objects.extend(self.objects.iter().cloned());
        for (n, (content, entries)) in self.pages.iter().enumerate() {
            let resources = if entries.contains("/Resources") {
                ""
            } else {
                "/Resources<</Font<</F 3 0 R/B 4 0 R>>>>"
            };
            objects.push(format!(
                "<</Type/Page/Parent 2 0 R{resources}/Contents {} 0 R{entries}>>",
                first + 2 * n + 1
            ));
            objects.push(stream("", content));
        }
        file(&objects)
    }
}
