//! Writes what the programs gave as XML: each value at its place, in its format, and nothing else than text from
//! it. Also mends what data can leave behind: cells without a paragraph, tables without a row.

use std::collections::{BTreeMap, BTreeSet};

use crate::content::{Content, Item, Piece, Words};
use crate::lists::{Lists, indent};
use crate::mark;
use crate::markdown::Block;
use crate::rows;
use crate::site::{Paragraph, Site};
use crate::support::{Style, Supports};
use crate::xml::{append, push_escaped};

/// A document that is being written.
pub(crate) struct Press<'a> {
    supports: &'a Supports,
    /// The texts of footnotes so far.
    pub(crate) footnotes: Vec<String>,
    /// The texts of comments so far.
    pub(crate) comments: Vec<String>,
    /// Comments that have begun and not ended, by their numbers.
    open_comments: Vec<usize>,
    /// Lists so far.
    pub(crate) lists: Lists,
    /// Expressions that the data has no value for.
    pub(crate) undefined: BTreeSet<String>,
    /// Expressions that showed something in the part that is being written.
    pub(crate) showed: BTreeSet<String>,
}

impl<'a> Press<'a> {
    /// Begins a document.
    pub(crate) fn new(supports: &'a Supports) -> Self {
        Self {
            supports,
            footnotes: Vec::new(),
            comments: Vec::new(),
            open_comments: Vec::new(),
            lists: Lists::default(),
            undefined: BTreeSet::new(),
            showed: BTreeSet::new(),
        }
    }

    /// Writes a part from what its program gave.
    pub(crate) fn part(&mut self, given: &str, sites: &[Site]) -> String {
        let mut out = String::with_capacity(given.len() + given.len() / 2);
        let mut mending = Mending::default();
        let mut rest = given;
        while let Some(at) = rest.find(mark::is_mark) {
            let (xml, sign) = rest.split_at(at);
            out.push_str(xml);
            rest = match sign.strip_prefix(mark::SITE) {
                Some(value) => self.value(&mut out, value, sites),
                None => mending.sign(&mut out, sign),
            };
        }
        out.push_str(rest);
        rows::loosened(&out)
    }

    /// Writes the value that a text begins with; gives what comes after it.
    fn value<'t>(&mut self, out: &mut String, text: &'t str, sites: &[Site]) -> &'t str {
        let (value, rest) = text.split_once(mark::SITE_END).unwrap_or((text, ""));
        let (number, value) = value.split_once(mark::VALUE).unwrap_or((value, ""));
        if let Some(site) = number.parse().ok().and_then(|number: usize| sites.get(number)) {
            self.site(out, site, value);
        }
        rest
    }

    fn site(&mut self, out: &mut String, site: &Site, value: &str) {
        let content = Content::read(value, site.whole.is_some());
        if content.undefined {
            self.undefined.insert(site.expression.clone());
        } else if !value.trim().is_empty() && !self.showed.contains(&site.expression) {
            self.showed.insert(site.expression.clone());
        }
        let mut setting = Setting {
            press: self,
            site,
            out,
            lists: BTreeMap::new(),
        };
        match (&site.paragraph, &site.whole) {
            (Some(paragraph), Some(around)) => setting.whole(&content, paragraph, around),
            (Some(paragraph), None) => setting.divided(&content.blocks, paragraph),
            (None, _) => setting.pieces(&content.joined()),
        }
    }
}

/// A value that is being written at its place.
struct Setting<'s, 'p> {
    press: &'s mut Press<'p>,
    site: &'s Site,
    out: &'s mut String,
    /// The numbers in the document of the value's lists.
    lists: BTreeMap<usize, usize>,
}

impl Setting<'_, '_> {
    /// Paragraphs in the place of the template's.
    fn whole(&mut self, content: &Content, paragraph: &Paragraph, around: &(String, String)) {
        for (at, block) in content.blocks.iter().enumerate() {
            for control in content.controls.iter().filter(|control| control.first == at) {
                begin_control(self.out, &control.key);
            }
            self.open(block, paragraph);
            if at == 0 {
                self.out.push_str(&around.0);
            }
            self.pieces(&block.pieces);
            if at + 1 == content.blocks.len() {
                self.out.push_str(&around.1);
            }
            self.out.push_str("</w:p>");
            for _ in content.controls.iter().filter(|control| control.last == at) {
                self.out.push_str("</w:sdtContent></w:sdt>");
            }
        }
    }

    /// Words inside the template's paragraph, which further paragraphs divide.
    fn divided(&mut self, blocks: &[Block], paragraph: &Paragraph) {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 || block.item.is_some() {
                self.out.push_str("</w:p>");
                self.open(block, paragraph);
            }
            self.pieces(&block.pieces);
        }
    }

    fn open(&mut self, block: &Block, paragraph: &Paragraph) {
        match block.item {
            None => paragraph.open(self.out),
            Some(item) if item.numbered => {
                let list = self.list(item);
                paragraph.open_item(self.out, list, item.level.min(crate::lists::DEEPEST));
            }
            Some(item) => paragraph.open_indented(self.out, indent(item.level)),
        }
    }

    fn list(&mut self, item: Item) -> usize {
        let (lists, numbering) = (&mut self.press.lists, &self.press.supports.numbering);
        *self
            .lists
            .entry(item.list)
            .or_insert_with(|| lists.begin(numbering, item))
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Words(words) => self.words(words),
                Piece::Footnote(note) => self.footnote(note),
                Piece::Citation(note) if self.site.notes => self.footnote(note),
                Piece::Citation(_) => {}
                Piece::CommentBegin => self.comment_begin(),
                Piece::CommentEnd(note) => self.comment_end(note),
                Piece::Field(key, pieces) => self.field(key, pieces),
            }
        }
    }

    fn words(&mut self, words: &Words) {
        if !words.text.is_empty() {
            self.out.push_str("<w:r>");
            self.out.push_str(self.site.style.form(words.bold, words.italic));
            push_text(self.out, &words.text);
            self.out.push_str("</w:r>");
        }
    }

    /// A note where notes may not stand: its words in brackets.
    fn bracketed(&mut self, note: &str) {
        self.words(&Words {
            text: format!(" [{note}]"),
            ..Words::default()
        });
    }

    fn footnote(&mut self, note: &str) {
        if !self.site.notes {
            return self.bracketed(note);
        }
        let id = self.press.supports.footnote + number(self.press.footnotes.len());
        self.press.footnotes.push(note.to_owned());
        let style = self.press.supports.style(Style::FootnoteReference);
        append(
            self.out,
            format_args!(
                "<w:r><w:rPr><w:rStyle w:val=\"{style}\"/></w:rPr><w:footnoteReference w:id=\"{id}\"/></w:r>"
            ),
        );
    }

    fn comment_begin(&mut self) {
        if self.site.notes {
            let at = self.press.comments.len();
            self.press.comments.push(String::new());
            self.press.open_comments.push(at);
            let id = self.press.supports.comment + number(at);
            append(self.out, format_args!("<w:commentRangeStart w:id=\"{id}\"/>"));
        }
    }

    fn comment_end(&mut self, note: &str) {
        if !self.site.notes {
            return self.bracketed(note);
        }
        let Some(at) = self.press.open_comments.pop() else {
            return;
        };
        if let Some(comment) = self.press.comments.get_mut(at) {
            note.clone_into(comment);
        }
        let id = self.press.supports.comment + number(at);
        let style = self.press.supports.style(Style::CommentReference);
        append(
            self.out,
            format_args!(
                "<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:rPr><w:rStyle w:val=\"{style}\"/></w:rPr>\
             <w:commentReference w:id=\"{id}\"/></w:r>"
            ),
        );
    }

    /// A content control in the paragraph. An empty one keeps a run, so that there is a place to type.
    fn field(&mut self, key: &str, pieces: &[Piece]) {
        begin_control(self.out, key);
        let before = self.out.len();
        self.pieces(pieces);
        if self.out.len() == before {
            self.out.push_str("<w:r>");
            self.out.push_str(self.site.style.form(false, false));
            self.out.push_str("<w:t></w:t></w:r>");
        }
        self.out.push_str("</w:sdtContent></w:sdt>");
    }
}

/// A count as a number for ids.
pub(crate) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn begin_control(out: &mut String, key: &str) {
    out.push_str("<w:sdt><w:sdtPr><w:tag w:val=\"");
    push_escaped(out, &control_tag(key));
    out.push_str("\"/></w:sdtPr><w:sdtContent>");
}

/// The most characters that Word takes as the tag of a content control.
const LONGEST_TAG: usize = 64;

/// The tag of the content control of a field: its key or, as Word takes no more than 64 characters, the first 55 of
/// them, `~` and eight digits made from the whole key.
#[must_use]
pub fn control_tag(key: &str) -> String {
    const KEPT: usize = LONGEST_TAG - 9;
    let key = key.replace(['\n', '\t'], " ");
    match key.char_indices().nth(KEPT) {
        Some((end, _)) if key.chars().count() > LONGEST_TAG => {
            format!("{}~{:08x}", key.get(..end).unwrap_or_default(), fingerprint(&key))
        }
        _ => key,
    }
}

/// FNV-1a over the bytes: the same everywhere and for ever, which is all that is asked of it.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Text as the content of a run: line ends and tabs as Word has them.
pub(crate) fn push_text(out: &mut String, text: &str) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push_str("<w:br/>");
        }
        for (at, words) in line.split('\t').enumerate() {
            if at > 0 {
                out.push_str("<w:tab/>");
            }
            if !words.is_empty() {
                out.push_str("<w:t xml:space=\"preserve\">");
                push_escaped(out, words);
                out.push_str("</w:t>");
            }
        }
    }
}

/// Follows the mending signs of a part.
#[derive(Default)]
struct Mending {
    /// Where tables and rows begin that go when nothing is left in them.
    begun: Vec<usize>,
}

impl Mending {
    /// Follows the sign that a text begins with; gives what comes after it.
    fn sign<'t>(&mut self, out: &mut String, text: &'t str) -> &'t str {
        let mut rest = text.chars();
        let sign = rest.next();
        if sign == Some(mark::MEND) {
            match rest.next() {
                Some(mark::MEND_BLOCK) => end_with_paragraph(out),
                Some(mark::MEND_BEGIN) => self.begun.push(out.len()),
                Some(mark::MEND_END) => self.end(out),
                _ => {}
            }
        }
        rest.as_str()
    }

    /// Takes a table without rows, or a row without cells, back.
    fn end(&mut self, out: &mut String) {
        let Some(at) = self.begun.pop() else { return };
        let inside = out.get(at..).unwrap_or_default();
        let child = if inside.starts_with("<w:tbl") {
            "<w:tr"
        } else {
            "<w:tc"
        };
        let holds = inside.match_indices(child).any(|(at, _)| {
            inside
                .get(at + child.len()..)
                .is_some_and(|rest| rest.starts_with([' ', '>']))
        });
        if !holds {
            out.truncate(at);
        }
    }
}

/// A cell, header or text box must end with a paragraph; a content control around one serves too.
fn end_with_paragraph(out: &mut String) {
    if !out.ends_with("</w:p>") && !out.ends_with("</w:sdt>") {
        out.push_str("<w:p></w:p>");
    }
}
