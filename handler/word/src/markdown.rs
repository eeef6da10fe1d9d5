//! Markdown as paragraphs of Word: bold, italics, bullets and numbered lists, nested. What is neither is text:
//! a heading in a value must not become a heading of the document, and a link must not become a link.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::content::{Item, Piece, Words};

/// A paragraph of Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its place in a list, if it stands in one.
    pub(crate) item: Option<Item>,
    /// What stands in it.
    pub(crate) pieces: Vec<Piece>,
}

impl Block {
    /// Whether nothing shows in it yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces
            .iter()
            .all(|piece| matches!(piece, Piece::CommentBegin))
    }
}

/// The paragraphs of a source. Lists are counted from `lists` on, so that each list of a value has a number of its
/// own.
pub(crate) fn blocks(source: &str, lists: &mut usize) -> Vec<Block> {
    let mut reader = Reader {
        lists,
        done: Vec::new(),
        current: None,
        open: Vec::new(),
        bold: 0,
        italic: 0,
        links: Vec::new(),
    };
    for event in Parser::new_ext(source, Options::empty()) {
        reader.event(event);
    }
    reader.close();
    reader.done
}

/// A list that is open.
struct OpenList {
    number: usize,
    start: Option<u64>,
    /// Whether the present item still waits for its first paragraph.
    fresh: bool,
}

struct Reader<'a> {
    lists: &'a mut usize,
    done: Vec<Block>,
    /// The block that is being written.
    current: Option<Block>,
    open: Vec<OpenList>,
    bold: usize,
    italic: usize,
    /// The addresses of open links, and how many characters stand before their words.
    links: Vec<(String, usize)>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::Rule => self.close(),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links
                    .push((dest_url.to_string(), self.shown().chars().count()));
            }
            Tag::Heading { .. } => {
                self.close();
                self.bold += 1;
            }
            Tag::List(start) => self.begin_list(start),
            Tag::Item => {
                self.close();
                self.open
                    .iter_mut()
                    .rev()
                    .take(1)
                    .for_each(|list| list.fresh = true);
            }
            _ => self.close(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::Heading(_) => {
                self.close();
                self.bold = self.bold.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.close();
                self.open.pop();
            }
            _ => self.close(),
        }
    }

    fn begin_list(&mut self, start: Option<u64>) {
        self.close();
        self.open.push(OpenList {
            number: *self.lists,
            start,
            fresh: true,
        });
        *self.lists += 1;
    }

    /// After the words of a link its address, unless the words are the address.
    fn end_link(&mut self) {
        if let Some((address, before)) = self.links.pop() {
            let words: String = self.shown().chars().skip(before).collect();
            if !address.is_empty() && words != address && format!("mailto:{words}") != address {
                self.text(&format!(" ({address})"));
            }
        }
    }

    /// The words of the present block.
    fn shown(&self) -> String {
        self.current
            .iter()
            .flat_map(|block| &block.pieces)
            .map(Piece::plain)
            .collect()
    }

    fn text(&mut self, text: &str) {
        let words = Words {
            text: text.to_owned(),
            bold: self.bold > 0,
            italic: self.italic > 0,
        };
        if self.current.is_none() {
            let item = self.item();
            self.current = Some(Block {
                item,
                pieces: Vec::new(),
            });
        }
        if let Some(block) = &mut self.current {
            block.pieces.push(Piece::Words(words));
        }
    }

    /// Ends the present block. Blocks of code end with a line end, which is none of their words.
    fn close(&mut self) {
        if let Some(mut block) = self.current.take() {
            if let Some(Piece::Words(words)) = block.pieces.last_mut() {
                words.text.truncate(words.text.trim_end_matches('\n').len());
            }
            self.done.push(block);
        }
    }

    /// The place in a list of a block that begins here.
    fn item(&mut self) -> Option<Item> {
        let level = self.open.len().checked_sub(1)?;
        let list = self.open.last_mut()?;
        let numbered = std::mem::take(&mut list.fresh);
        Some(Item {
            list: list.number,
            start: list.start,
            level,
            numbered,
        })
    }
}
