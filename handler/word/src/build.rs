//! Templates made from Rust: a Word document with styles, a header and footer, headings, paragraphs and tables whose
//! words may hold tags.
//!
//! The look is fixed here, calm and accessible: a sans font of 11 points, dark text on white (contrast at least 7 to
//! 1), headings that stay with what follows, header rows that repeat on each page, rows that do not break.

use crate::fault::RenderFault;
use crate::package::Writer;
use crate::support::WORD;
use crate::xml::{DECLARATION, append, escaped};

mod block;
mod style;
mod table;
mod theme;

pub use block::{Block, Paragraph, Run};
pub use style::Style;
pub use table::{Cell, Row, Table};

/// The width between the margins of an A4 page, in twentieths of a point.
pub(crate) const TEXT_WIDTH: usize = PAGE_WIDTH - 2 * MARGIN;
const PAGE_WIDTH: usize = 11_906;
const PAGE_HEIGHT: usize = 16_838;
const MARGIN: usize = 1_134;

/// The namespace of references between parts.
const REFERENCES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// What the parts of a Word document are, less the end.
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// A document that is being made.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Its title, for readers and lists.
    pub title: String,
    /// What stands at the head of every page.
    pub header: Vec<Block>,
    /// What stands at the foot of every page.
    pub footer: Vec<Block>,
    /// What stands in it.
    pub body: Vec<Block>,
}

impl Document {
    /// An empty document.
    #[must_use]
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a paragraph or a table.
    pub fn push(&mut self, block: impl Into<Block>) {
        self.body.push(block.into());
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, style: Style, words: &str) {
        self.push(Paragraph::new(style, words));
    }

    /// Adds paragraphs and tables that only stand there if a condition holds.
    pub fn when(&mut self, condition: &str, blocks: impl FnOnce(&mut Self)) {
        self.paragraph(Style::Normal, &format!("{{%p if {condition} %}}"));
        blocks(self);
        self.paragraph(Style::Normal, "{%p endif %}");
    }

    /// Adds paragraphs and tables once for each entry of a list.
    pub fn each(&mut self, entries: &str, blocks: impl FnOnce(&mut Self)) {
        self.paragraph(Style::Normal, &format!("{{%p for {entries} %}}"));
        blocks(self);
        self.paragraph(Style::Normal, "{%p endfor %}");
    }

    /// The document as a file.
    pub fn bytes(&self) -> Result<Vec<u8>, RenderFault> {
        let mut writer = Writer::new();
        for (name, part) in self.parts() {
            writer.add(name, part.as_bytes())?;
        }
        writer.finish()
    }

    fn parts(&self) -> [(&'static str, String); 13] {
        [
            ("[Content_Types].xml", content_types()),
            ("_rels/.rels", file_relations()),
            (
                "docProps/core.xml",
                crate::Properties::default().core(&self.title),
            ),
            ("word/document.xml", self.main()),
            ("word/_rels/document.xml.rels", relations()),
            ("word/styles.xml", style::part()),
            ("word/numbering.xml", numbering()),
            ("word/settings.xml", settings()),
            ("word/footnotes.xml", footnotes()),
            ("word/fontTable.xml", fonts()),
            ("word/theme/theme1.xml", theme::part()),
            ("word/header1.xml", running("hdr", &self.header)),
            ("word/footer1.xml", running("ftr", &self.footer)),
        ]
    }

    fn main(&self) -> String {
        let body = written(&self.body);
        let counted = self.body.iter().any(Block::ends_section);
        format!(
            "{DECLARATION}<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{REFERENCES}\"><w:body>{body}{}\
             </w:body></w:document>",
            section(counted)
        )
    }
}

/// The form of the pages up to here; `counted` from 1.
fn section(counted: bool) -> String {
    let edges = format!(
        "w:top=\"1701\" w:right=\"{MARGIN}\" w:bottom=\"1247\" w:left=\"{MARGIN}\" \
         w:header=\"567\" w:footer=\"510\" w:gutter=\"0\""
    );
    let numbers = if counted {
        "<w:pgNumType w:start=\"1\"/>"
    } else {
        ""
    };
    format!(
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId5\"/>\
         <w:footerReference w:type=\"default\" r:id=\"rId6\"/>\
         <w:pgSz w:w=\"{PAGE_WIDTH}\" w:h=\"{PAGE_HEIGHT}\"/><w:pgMar {edges}/>{numbers}</w:sectPr>"
    )
}

fn written(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut bookmarks = 0;
    for block in blocks {
        block.write(&mut out, &mut bookmarks);
    }
    out
}

fn running(name: &str, blocks: &[Block]) -> String {
    let blocks = if blocks.is_empty() {
        "<w:p></w:p>".to_owned()
    } else {
        written(blocks)
    };
    format!("{DECLARATION}<w:{name} xmlns:w=\"{WORD}\">{blocks}</w:{name}>")
}

fn content_types() -> String {
    let mut out = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"{}\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{WORD_TYPE}.document.main+xml\"/>",
        crate::properties::CORE_TYPE
    );
    for (_, kind, path) in RELATED {
        let kind = match kind {
            "theme" => theme::CONTENT_TYPE.to_owned(),
            kind => format!("{WORD_TYPE}.{kind}+xml"),
        };
        append(
            &mut out,
            format_args!("<Override PartName=\"/word/{path}\" ContentType=\"{kind}\"/>"),
        );
    }
    out + "</Types>"
}

/// The parts that the main part refers to: number, kind, path.
const RELATED: [(&str, &str, &str); 8] = [
    ("rId1", "styles", "styles.xml"),
    ("rId2", "numbering", "numbering.xml"),
    ("rId3", "settings", "settings.xml"),
    ("rId4", "footnotes", "footnotes.xml"),
    ("rId5", "header", "header1.xml"),
    ("rId6", "footer", "footer1.xml"),
    ("rId7", "fontTable", "fontTable.xml"),
    ("rId8", "theme", "theme/theme1.xml"),
];

fn relations() -> String {
    let entries = RELATED
        .map(|(id, kind, path)| relation(id, &format!("{REFERENCES}/{kind}"), path))
        .concat();
    relationships(&entries)
}

fn file_relations() -> String {
    const CORE: &str =
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    let main = relation(
        "rId1",
        &format!("{REFERENCES}/officeDocument"),
        "word/document.xml",
    );
    relationships(&(main + &relation("rId2", CORE, "docProps/core.xml")))
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!(
        "<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{}\"/>",
        escaped(target)
    )
}

fn relationships(entries: &str) -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         {entries}</Relationships>"
    )
}

/// The bullets of the list style.
fn numbering() -> String {
    format!(
        "{DECLARATION}<w:numbering xmlns:w=\"{WORD}\"><w:abstractNum w:abstractNumId=\"0\">\
         <w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>\
         <w:numFmt w:val=\"bullet\"/><w:pStyle w:val=\"ListBullet\"/><w:lvlText w:val=\"\u{2022}\"/>\
         <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"357\" w:hanging=\"357\"/></w:pPr></w:lvl></w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
    )
}

fn settings() -> String {
    const MODE: &str = "<w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>";
    format!(
        "{DECLARATION}<w:settings xmlns:w=\"{WORD}\"><w:zoom w:percent=\"100\"/>\
         <w:defaultTabStop w:val=\"720\"/><w:characterSpacingControl w:val=\"doNotCompress\"/>\
         <w:footnotePr><w:footnote w:id=\"-1\"/><w:footnote w:id=\"0\"/></w:footnotePr>\
         <w:compat>{MODE}</w:compat><w:themeFontLang w:val=\"en-GB\"/>\
         <w:decimalSymbol w:val=\".\"/><w:listSeparator w:val=\",\"/></w:settings>"
    )
}

fn fonts() -> String {
    format!(
        "{DECLARATION}<w:fonts xmlns:w=\"{WORD}\"><w:font w:name=\"Arial\"><w:panose1 w:val=\"020B0604020202020204\"/>\
         <w:charset w:val=\"00\"/><w:family w:val=\"swiss\"/><w:pitch w:val=\"variable\"/></w:font></w:fonts>"
    )
}

fn footnotes() -> String {
    crate::support::Kind::Footnotes.empty()
}
