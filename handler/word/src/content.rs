//! What a value says: paragraphs of words, notes and content controls, read from the text with signs (`mark`) that
//! an expression gave.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

use crate::mark;
use crate::markdown::{self, Block};

/// A list item's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// The list, counted through the value.
    pub(crate) list: usize,
    /// The first number; `None` for bullets.
    pub(crate) start: Option<u64>,
    /// How deep it is nested.
    pub(crate) level: usize,
    /// Whether it shows its number or bullet: only an item's first paragraph does.
    pub(crate) numbered: bool,
}

/// Words of one format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) text: String,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
}

/// Something in a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words.
    Words(Words),
    /// A footnote: its text.
    Footnote(String),
    /// A footnote that is left out where none may stand.
    Citation(String),
    /// Words that a comment begins at.
    CommentBegin,
    /// The end of what the innermost open comment is about: its text.
    CommentEnd(String),
    /// A content control: its key and what stands in it.
    Field(String, Vec<Piece>),
}

impl Piece {
    fn words(text: &str) -> Self {
        Self::Words(Words {
            text: text.to_owned(),
            ..Words::default()
        })
    }

    /// Its words.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::Words(words) => words.text.clone(),
            Self::Footnote(_) | Self::Citation(_) | Self::CommentBegin | Self::CommentEnd(_) => String::new(),
            Self::Field(_, pieces) => pieces.iter().map(Self::plain).collect(),
        }
    }
}

/// A content control around whole paragraphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    pub(crate) key: String,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// What a value says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// Its paragraphs; at least one.
    pub(crate) blocks: Vec<Block>,
    /// Content controls around several of them.
    pub(crate) controls: Vec<Control>,
    /// Whether something in it is not in the data.
    pub(crate) undefined: bool,
    lists: usize,
}

impl Content {
    /// Reads a value; `whole` says whether it may become paragraphs of its own.
    pub(crate) fn read(value: &str, whole: bool) -> Self {
        let mut content = Self {
            blocks: vec![Block::default()],
            ..Self::default()
        };
        content.forms(&mut value.chars().peekable(), whole);
        content
    }

    /// Reads up to the end of the form, or of its part.
    fn forms(&mut self, text: &mut Peekable<Chars<'_>>, whole: bool) {
        let mut plain = String::new();
        while let Some(c) = text.next_if(|c| *c != mark::PART && *c != mark::FORM_END) {
            match c {
                mark::FORM => {
                    self.words(&mut plain);
                    self.form(text, whole);
                }
                mark::UNDEFINED => self.undefined = true,
                c if mark::is_mark(c) => {}
                c => plain.push(c),
            }
        }
        self.words(&mut plain);
    }

    fn words(&mut self, plain: &mut String) {
        if !plain.is_empty() {
            self.push(Piece::words(&std::mem::take(plain)));
        }
    }

    fn push(&mut self, piece: Piece) {
        if let Some(block) = self.blocks.last_mut() {
            block.pieces.push(piece);
        }
    }

    fn form(&mut self, text: &mut Peekable<Chars<'_>>, whole: bool) {
        match text.next() {
            Some(mark::FOOTNOTE) => {
                let note = self.inner(text);
                self.push(Piece::Footnote(note.plain()));
            }
            Some(mark::CITATION) => {
                let note = self.inner(text);
                self.push(Piece::Citation(note.plain()));
            }
            Some(mark::COMMENT) => self.comment(text, whole),
            Some(mark::FIELD) => {
                let key = self.inner(text).plain();
                text.next_if_eq(&mark::PART);
                let content = self.inner(text);
                self.control(key, content, whole);
            }
            Some(mark::MARKDOWN) => {
                let source = self.inner(text);
                self.markdown(&source);
            }
            _ => {}
        }
        text.next_if_eq(&mark::FORM_END);
    }

    fn comment(&mut self, text: &mut Peekable<Chars<'_>>, whole: bool) {
        self.push(Piece::CommentBegin);
        self.forms(text, whole);
        text.next_if_eq(&mark::PART);
        let note = self.inner(text);
        self.push(Piece::CommentEnd(note.plain()));
    }

    /// A part of a form, as content of its own.
    fn inner(&mut self, text: &mut Peekable<Chars<'_>>) -> Self {
        let mut inner = Self {
            blocks: vec![Block::default()],
            lists: self.lists,
            ..Self::default()
        };
        inner.forms(text, true);
        self.lists = inner.lists;
        self.undefined |= inner.undefined;
        inner
    }

    /// All its words, a line for each paragraph.
    fn plain(&self) -> String {
        let words = |block: &Block| block.pieces.iter().map(Piece::plain).collect::<String>();
        self.blocks.iter().map(words).collect::<Vec<_>>().join("\n")
    }

    /// Adds Markdown. Footnotes inside its source come after its last words.
    fn markdown(&mut self, source: &Self) {
        let blocks = markdown::blocks(&source.plain(), &mut self.lists);
        self.append(blocks);
        let pieces = source.blocks.iter().flat_map(|block| &block.pieces);
        for piece in pieces.filter(|piece| matches!(piece, Piece::Footnote(_))) {
            self.push(piece.clone());
        }
    }

    /// Adds paragraphs: the first goes on in the present one unless a list begins.
    fn append(&mut self, blocks: Vec<Block>) {
        for (at, block) in blocks.into_iter().enumerate() {
            match self.blocks.last_mut() {
                Some(last) if at == 0 && (block.item.is_none() || last.is_empty()) => {
                    last.item = last.item.or(block.item);
                    last.pieces.extend(block.pieces);
                }
                _ => self.blocks.push(block),
            }
        }
    }

    /// Adds a content control: in the paragraph if one paragraph is all it holds, else around its paragraphs.
    fn control(&mut self, key: String, content: Self, whole: bool) {
        let several = content.blocks.len() > 1 || content.blocks.iter().any(|block| block.item.is_some());
        if !(several && whole) {
            self.push(Piece::Field(key, content.joined()));
            return;
        }
        if !self.blocks.last().is_some_and(Block::is_empty) {
            self.blocks.push(Block::default());
        }
        let first = self.blocks.len() - 1;
        self.append(content.blocks);
        self.controls.push(Control {
            key,
            first,
            last: self.blocks.len() - 1,
        });
        self.controls
            .extend(content.controls.into_iter().map(|control| Control {
                first: control.first + first,
                last: control.last + first,
                key: control.key,
            }));
    }

    /// All in one paragraph: a line for each of its own.
    pub(crate) fn joined(self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut numbers = BTreeMap::new();
        for (at, block) in self.blocks.into_iter().enumerate() {
            let line = if at > 0 { "\n" } else { "" };
            let lead = block
                .item
                .map_or_else(String::new, |item| lead(item, &mut numbers));
            if !line.is_empty() || !lead.is_empty() {
                pieces.push(Piece::words(&format!("{line}{lead}")));
            }
            pieces.extend(block.pieces);
        }
        pieces
    }
}

/// A list item's number or bullet as words.
fn lead(item: Item, numbers: &mut BTreeMap<usize, u64>) -> String {
    match item.start {
        _ if !item.numbered => String::new(),
        None => "\u{2022} ".to_owned(),
        Some(start) => {
            let number = numbers.entry(item.list).or_insert(start);
            *number += 1;
            format!("{}. ", *number - 1)
        }
    }
}
