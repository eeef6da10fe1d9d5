//! Rich text files, as Word, LibreOffice and WordPad write them (RTF 1.9.1).
//!
//! What a person sees in Word is text; deleted, struck and hidden text, comments, pictures and embedded objects are
//! told in notices. Headers and footers are left out. Numbers of lists are those that the writer printed beside each
//! item. Not seen through: text boxes placed off the page.

use drafting::source::{Format, Notice, NoticeKind, Reading, Rejection};
use encoding_rs::{Encoding, WINDOWS_1252};

use crate::Limits;
use crate::kind::hostile;
use crate::story::Story;

mod charset;
mod destination;
mod head;
mod say;
mod state;
mod table;
mod token;
mod word;

use state::{Destination, State, Tables};
use table::{Definition, Stack};
use token::{Token, Tokens};

/// Groups in groups; Word's own files have some 20.
const DEEPEST: usize = 1000;

/// Reads a file that begins like RTF.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, Rejection> {
    let mut reader = Reader::new(limits.text_chars);
    let mut tokens = Tokens::of(bytes);
    for token in &mut tokens {
        reader.token(token)?;
        if reader.outer.is_empty() {
            break;
        }
    }
    if !reader.outer.is_empty() {
        return Err(Rejection::Damaged);
    }
    let trailing = !tokens.is_done();
    let (blocks, mut notices) = reader.finish()?;
    if trailing {
        notices.push(Notice {
            kind: NoticeKind::HiddenText,
            page: None,
            text: None,
        });
    }
    Ok(crate::without_pages(Format::Rtf, blocks, notices))
}

/// What a note or text box interrupts.
struct Interrupted {
    stack: Stack,
    label: Option<String>,
}

/// The state of a reading.
struct Reader {
    story: Story,
    tables: Tables,
    state: State,
    /// The states of the groups around the one at hand.
    outer: Vec<State>,
    /// What was printed before the item at hand.
    label: Option<String>,
    stack: Stack,
    definition: Definition,
    nested: Definition,
    /// In the definition of a nested row.
    is_nested: bool,
    interrupted: Vec<Interrupted>,
    encoding: &'static Encoding,
    /// Bytes that are not decoded yet: a character may take several.
    bytes: Vec<u8>,
    /// The first half of a character outside the basic plane.
    half: Option<u16>,
    /// Characters still to be skipped after a `\u`.
    skip: usize,
    head: head::Entry,
    tick: destination::Tick,
    /// A group has just begun; `Some(true)` after its `\*`.
    begun: Option<bool>,
    /// Characters that may still come.
    left: usize,
    unknown_page: bool,
}

impl Reader {
    fn new(left: usize) -> Self {
        Self {
            story: Story::default(),
            tables: Tables::default(),
            state: State::default(),
            outer: Vec::new(),
            label: None,
            stack: Stack::default(),
            definition: Definition::default(),
            nested: Definition::default(),
            is_nested: false,
            interrupted: Vec::new(),
            encoding: WINDOWS_1252,
            bytes: Vec::new(),
            half: None,
            skip: 0,
            head: head::Entry::default(),
            tick: destination::Tick::default(),
            begun: None,
            left,
            unknown_page: false,
        }
    }

    fn token(&mut self, token: Token<'_>) -> Result<(), Rejection> {
        match token {
            Token::Text(bytes) => self.text(bytes),
            Token::Byte(byte) => self.byte(byte),
            other => {
                self.flush()?;
                match other {
                    Token::Open => self.open(),
                    Token::Close => self.close(),
                    Token::Word(name, number) => self.begin_or_word(name, number),
                    Token::Sign(sign) => self.sign(sign),
                    Token::Text(_) | Token::Byte(_) => Ok(()),
                }
            }
        }
    }

    fn open(&mut self) -> Result<(), Rejection> {
        if self.outer.len() >= DEEPEST {
            return Err(hostile("the depth of its nesting"));
        }
        self.outer.push(self.state);
        self.state.aside = false;
        self.begun = Some(false);
        self.skip = 0;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Rejection> {
        self.skip = 0;
        self.begun = None;
        if self.state.aside {
            self.end_aside()?;
        }
        let inner = self.state.destination;
        if let Some(state) = self.outer.pop() {
            self.state = state;
        }
        if inner == Destination::Code && self.state.destination != Destination::Code {
            self.end_code()?;
        }
        Ok(())
    }

    /// A word right after a group's begin may say what the group is for.
    fn begin_or_word(&mut self, name: &str, number: Option<i32>) -> Result<(), Rejection> {
        if self.skip > 0 && name != "u" {
            self.skip -= 1;
            return Ok(());
        }
        let starred = self.begun.take();
        if self.begin(name, starred)? {
            return Ok(());
        }
        if starred == Some(true) {
            self.state.destination = Destination::Skip;
            return Ok(());
        }
        match self.state.destination {
            Destination::Skip => Ok(()),
            Destination::Fonts | Destination::Colours | Destination::Styles => {
                self.head_word(name, number);
                Ok(())
            }
            _ => self.word(name, number),
        }
    }

    fn finish(mut self) -> Result<(Vec<drafting::source::Content>, Vec<Notice>), Rejection> {
        self.flush()?;
        self.end_paragraph();
        self.stack.leave(&mut self.story)?;
        if self.unknown_page {
            self.story.tell(NoticeKind::DamagedText, "");
        }
        self.story.finish()
    }
}
