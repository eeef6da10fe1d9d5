//! Paragraphs and what stands in them.

use super::style::Style;
use super::table::Table;
use crate::press::push_text;
use crate::xml::{append, escaped};

/// A paragraph or a table.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

impl From<Paragraph> for Block {
    fn from(paragraph: Paragraph) -> Self {
        Self::Paragraph(paragraph)
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl Block {
    pub(super) fn write(&self, out: &mut String, bookmarks: &mut usize) {
        match self {
            Self::Paragraph(paragraph) => paragraph.write(out, bookmarks),
            Self::Table(table) => table.write(out, bookmarks),
        }
    }

    pub(super) fn ends_section(&self) -> bool {
        match self {
            Self::Paragraph(paragraph) => paragraph.ends_section(),
            Self::Table(_) => false,
        }
    }
}

/// A paragraph.
#[derive(Clone, Debug)]
pub struct Paragraph {
    style: Style,
    runs: Vec<Run>,
    anchor: Option<String>,
    new_page: bool,
    with_next: bool,
    last_of_section: bool,
}

/// Something in a paragraph.
#[derive(Clone, Debug)]
pub enum Run {
    /// Words, with tags if need be. Tabs and line ends count.
    Text(String),
    /// Words in bold.
    Bold(String),
    /// Words in small grey: a remark on the words before.
    Remark(String),
    /// Words that lead to a paragraph of the document, by its anchor.
    Link {
        /// The anchor.
        anchor: String,
        /// The words.
        words: String,
    },
    /// The number of the page.
    Page,
    /// How many pages there are.
    Pages,
    /// The words of the outermost heading that the page stands under. Word fills it in; other programs leave it empty.
    HeadingAbove,
}

impl Paragraph {
    /// A paragraph of words in one format.
    #[must_use]
    pub fn new(style: Style, words: &str) -> Self {
        Self::of(style, vec![Run::Text(words.to_owned())])
    }

    /// A paragraph of several runs.
    #[must_use]
    pub fn of(style: Style, runs: Vec<Run>) -> Self {
        Self {
            style,
            runs,
            anchor: None,
            new_page: false,
            with_next: false,
            last_of_section: false,
        }
    }

    /// The same with a name that links can lead to.
    #[must_use]
    pub fn anchored(mut self, name: &str) -> Self {
        self.anchor = Some(name.to_owned());
        self
    }

    /// The same at the top of a page.
    #[must_use]
    pub fn on_new_page(mut self) -> Self {
        self.new_page = true;
        self
    }

    /// The same on one page with what follows.
    #[must_use]
    pub fn with_next(mut self) -> Self {
        self.with_next = true;
        self
    }

    /// The same as the last of its section: what follows begins a page, and its pages are counted from 1.
    #[must_use]
    pub fn last_of_section(mut self) -> Self {
        self.last_of_section = true;
        self
    }

    pub(super) fn ends_section(&self) -> bool {
        self.last_of_section
    }

    pub(super) fn write(&self, out: &mut String, bookmarks: &mut usize) {
        let section = if self.last_of_section {
            super::section(true)
        } else {
            String::new()
        };
        let flag = |wanted: bool, xml: &'static str| if wanted { xml } else { "" };
        append(
            out,
            format_args!(
                "<w:p><w:pPr><w:pStyle w:val=\"{}\"/>{}{}{section}</w:pPr>",
                self.style.id(),
                flag(self.with_next, "<w:keepNext/>"),
                flag(self.new_page, "<w:pageBreakBefore/>")
            ),
        );
        let number = *bookmarks;
        if let Some(anchor) = &self.anchor {
            let anchor = escaped(anchor);
            append(
                out,
                format_args!("<w:bookmarkStart w:id=\"{number}\" w:name=\"{anchor}\"/>"),
            );
        }
        self.runs.iter().for_each(|run| run.write(out));
        if self.anchor.is_some() {
            append(out, format_args!("<w:bookmarkEnd w:id=\"{number}\"/>"));
            *bookmarks += 1;
        }
        out.push_str("</w:p>");
    }
}

impl Run {
    fn write(&self, out: &mut String) {
        match self {
            Self::Text(words) => run(out, "", words),
            Self::Bold(words) => run(out, "<w:rPr><w:b/><w:bCs/></w:rPr>", words),
            Self::Remark(words) => run(out, "<w:rPr><w:rStyle w:val=\"Remark\"/></w:rPr>", words),
            Self::Link { anchor, words } => {
                append(
                    out,
                    format_args!("<w:hyperlink w:anchor=\"{}\" w:history=\"1\">", escaped(anchor)),
                );
                run(out, "<w:rPr><w:rStyle w:val=\"Hyperlink\"/></w:rPr>", words);
                out.push_str("</w:hyperlink>");
            }
            Self::Page => field(out, "PAGE", "1"),
            Self::Pages => field(out, "NUMPAGES", "1"),
            Self::HeadingAbove => field(out, "STYLEREF 1", ""),
        }
    }
}

fn run(out: &mut String, properties: &str, words: &str) {
    out.push_str("<w:r>");
    out.push_str(properties);
    push_text(out, words);
    out.push_str("</w:r>");
}

/// A field that Word keeps up to date, with what it shows until then.
fn field(out: &mut String, code: &str, shown: &str) {
    append(
        out,
        format_args!("<w:fldSimple w:instr=\" {code} \"><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>"),
    );
}
