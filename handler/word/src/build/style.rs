//! The styles of a made document.

use crate::support::WORD;
use crate::xml::DECLARATION;

/// Almost black: contrast with white 14 to 1.
const INK: &str = "1D2B3A";
/// The blue of headings: contrast with white 8.6 to 1.
pub(super) const ACCENT: &str = "1F4E79";
/// Lesser text: contrast with white 7.6 to 1.
const QUIET: &str = "44546A";
/// The red of the banner: contrast with its ground 8.9 to 1.
const WARNING: &str = "7A1F1F";
const WARNING_GROUND: &str = "FBEFEF";
const NOTE_GROUND: &str = "F3F6F9";
/// The ground of header cells.
pub(super) const HEAD_GROUND: &str = "E3EAF1";
/// Lines in tables.
pub(super) const LINE: &str = "B8C4D0";

/// The style of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Running text.
    Normal,
    /// The document's title.
    Title,
    /// A line beneath the title.
    Subtitle,
    /// A section's heading.
    Heading1,
    /// An area's heading.
    Heading2,
    /// A part's heading.
    Heading3,
    /// A heading beneath these.
    Heading4,
    /// The text of a table.
    TableText,
    /// The text of a table's header row.
    TableHead,
    /// Words about a table or section.
    Caption,
    /// An item of a list.
    ListBullet,
    /// An entry of the contents.
    Contents,
    /// A box with a remark.
    Note,
    /// The warning on every page of a draft.
    Banner,
    /// What stands at the head of each page.
    Header,
    /// What stands at the foot of each page.
    Footer,
}

impl Style {
    /// Its id.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Title => "Title",
            Self::Subtitle => "Subtitle",
            Self::Heading1 => "Heading1",
            Self::Heading2 => "Heading2",
            Self::Heading3 => "Heading3",
            Self::Heading4 => "Heading4",
            Self::TableText => "TableText",
            Self::TableHead => "TableHead",
            Self::Caption => "Caption",
            Self::ListBullet => "ListBullet",
            Self::Contents => "Contents",
            Self::Note => "Note",
            Self::Banner => "Banner",
            Self::Header => "Header",
            Self::Footer => "Footer",
        }
    }
}

/// A style's definition: id, name, paragraph properties, run properties.
type Definition = (&'static str, &'static str, String, String);

/// The styles as a part.
pub(super) fn part() -> String {
    let paragraphs: String = definitions().iter().map(paragraph_style).collect();
    format!(
        "{DECLARATION}<w:styles xmlns:w=\"{WORD}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:eastAsia=\"Arial\" w:cs=\"Arial\"/>\
         <w:color w:val=\"{INK}\"/><w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>\
         <w:lang w:val=\"en-GB\" w:eastAsia=\"en-GB\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:after=\"140\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault>\
         </w:docDefaults>{paragraphs}{CHARACTERS}{}</w:styles>",
        table_style()
    )
}

fn paragraph_style((id, name, paragraph, run): &Definition) -> String {
    let (default, based) = match *id {
        "Normal" => (" w:default=\"1\"", ""),
        _ => ("", "<w:basedOn w:val=\"Normal\"/>"),
    };
    let next = if id.starts_with("Heading") || *id == "Title" {
        "<w:next w:val=\"Normal\"/>"
    } else {
        ""
    };
    format!(
        "<w:style w:type=\"paragraph\"{default} w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{based}{next}<w:qFormat/>\
         <w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
}

fn spacing(before: u32, after: u32) -> String {
    format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/>")
}

fn tight(after: u32) -> String {
    format!("<w:spacing w:before=\"0\" w:after=\"{after}\" w:line=\"259\" w:lineRule=\"auto\"/>")
}

fn face(bold: bool, colour: &str, half_points: u32) -> String {
    let bold = if bold { "<w:b/><w:bCs/>" } else { "" };
    format!(
        "{bold}<w:color w:val=\"{colour}\"/><w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/>"
    )
}

pub(super) fn edge(side: &str, colour: &str, eighths: u32, space: u32) -> String {
    format!("<w:{side} w:val=\"single\" w:sz=\"{eighths}\" w:space=\"{space}\" w:color=\"{colour}\"/>")
}

fn boxed(line: &str, ground: &str) -> String {
    let edges = ["top", "left", "bottom", "right"]
        .map(|side| edge(side, line, 4, 4))
        .concat();
    format!("<w:pBdr>{edges}</w:pBdr><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{ground}\"/>")
}

fn heading(level: u32, line: &str, before: u32, after: u32) -> String {
    let outline = level - 1;
    format!(
        "<w:keepNext/><w:keepLines/>{line}{}<w:outlineLvl w:val=\"{outline}\"/>",
        spacing(before, after)
    )
}

fn definitions() -> Vec<Definition> {
    let underline = format!("<w:pBdr>{}</w:pBdr>", edge("bottom", ACCENT, 12, 4));
    let right = super::TEXT_WIDTH;
    let running = format!(
        "<w:tabs><w:tab w:val=\"right\" w:pos=\"{right}\"/></w:tabs>\
         <w:spacing w:before=\"0\" w:after=\"60\" w:line=\"240\" w:lineRule=\"auto\"/>"
    );
    let bullets = format!("<w:numPr><w:numId w:val=\"1\"/></w:numPr>{}", spacing(0, 80));
    let (warning, note) = (boxed(WARNING, WARNING_GROUND), boxed(LINE, NOTE_GROUND));
    let inset = "<w:ind w:left=\"113\" w:right=\"113\"/>";
    vec![
        ("Normal", "Normal", String::new(), String::new()),
        (
            "Title",
            "Title",
            format!("<w:keepNext/>{}", tight(80)),
            face(true, ACCENT, 52),
        ),
        ("Subtitle", "Subtitle", spacing(0, 240), face(false, INK, 32)),
        (
            "Heading1",
            "heading 1",
            heading(1, &underline, 400, 180),
            face(true, ACCENT, 32),
        ),
        (
            "Heading2",
            "heading 2",
            heading(2, "", 320, 100),
            face(true, ACCENT, 26),
        ),
        (
            "Heading3",
            "heading 3",
            heading(3, "", 220, 80),
            face(true, INK, 23),
        ),
        (
            "Heading4",
            "heading 4",
            heading(4, "", 180, 60),
            face(true, QUIET, 22),
        ),
        ("TableText", "Table Text", tight(40), face(false, INK, 21)),
        (
            "TableHead",
            "Table Head",
            format!("<w:keepNext/>{}", tight(40)),
            face(true, INK, 21),
        ),
        ("Caption", "caption", spacing(0, 120), face(false, QUIET, 20)),
        ("ListBullet", "List Bullet", bullets, String::new()),
        ("Contents", "Contents", tight(50), face(false, INK, 21)),
        (
            "Note",
            "Note",
            format!("{note}{}{inset}", spacing(160, 160)),
            face(false, INK, 20),
        ),
        (
            "Banner",
            "Banner",
            format!("{warning}{}{inset}<w:jc w:val=\"center\"/>", tight(120)),
            face(true, WARNING, 19),
        ),
        ("Header", "header", running.clone(), face(false, QUIET, 18)),
        ("Footer", "footer", running, face(false, QUIET, 18)),
        ("FootnoteText", "footnote text", tight(20), face(false, INK, 18)),
        ("CommentText", "annotation text", tight(40), face(false, INK, 20)),
    ]
}

const CHARACTERS: &str = "<w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\">\
     <w:name w:val=\"Default Paragraph Font\"/><w:uiPriority w:val=\"1\"/><w:semiHidden/></w:style>\
     <w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/>\
     <w:rPr><w:color w:val=\"1F4E79\"/><w:u w:val=\"single\"/></w:rPr></w:style>\
     <w:style w:type=\"character\" w:styleId=\"Remark\"><w:name w:val=\"Remark\"/>\
     <w:rPr><w:color w:val=\"44546A\"/><w:sz w:val=\"19\"/><w:szCs w:val=\"19\"/></w:rPr></w:style>\
     <w:style w:type=\"character\" w:styleId=\"FootnoteReference\"><w:name w:val=\"footnote reference\"/>\
     <w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style>\
     <w:style w:type=\"character\" w:styleId=\"CommentReference\"><w:name w:val=\"annotation reference\"/>\
     <w:rPr><w:sz w:val=\"16\"/><w:szCs w:val=\"16\"/></w:rPr></w:style>\
     <w:style w:type=\"numbering\" w:default=\"1\" w:styleId=\"NoList\"><w:name w:val=\"No List\"/></w:style>";

fn table_style() -> String {
    let edges = ["top", "bottom", "insideH"]
        .map(|side| edge(side, LINE, 4, 0))
        .concat();
    format!(
        "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/>\
         <w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/></w:tblPr></w:style>\
         <w:style w:type=\"table\" w:styleId=\"PlanTable\"><w:name w:val=\"Plan Table\"/><w:basedOn w:val=\"TableNormal\"/>\
         <w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar><w:top w:w=\"60\" w:type=\"dxa\"/>\
         <w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"30\" w:type=\"dxa\"/>\
         <w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>"
    )
}
