//! Markdown: text with headings marked by "#" or tables drawn with "|".

use drafting::source::{Content, Format, Notice, NoticeKind, Reading};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::block::typed;
use crate::normal::{Line, line};
use crate::{NOTICE_CHARS, marks, without_pages};

/// Whether text is Markdown. A lone hash is not enough of a sign, so a heading must stand above something.
pub(crate) fn is(text: &str) -> bool {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let followed = lines
            .peek()
            .is_some_and(|next| next.trim().is_empty() || !next.starts_with('#'));
        if (is_heading(line) && followed) || is_table_rule(line) {
            return true;
        }
    }
    false
}

fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - text.len())) && text.starts_with(' ') && !text.trim().is_empty()
}

/// The line under the head of a table: "| --- | :-: |".
fn is_table_rule(line: &str) -> bool {
    line.contains("---") && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// Reads Markdown.
pub(crate) fn read(text: &str) -> Reading {
    let mut walk = Walk::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        walk.event(event);
    }
    walk.flush();
    without_pages(Format::Markdown, walk.out, walk.notices)
}

/// What stands before an item.
enum Mark {
    Bullet,
    Number(String),
}

#[derive(Default)]
struct Walk {
    out: Vec<Content>,
    notices: Vec<Notice>,
    line: Line,
    bold: usize,
    /// Struck text is taken back: it is told of and kept out.
    struck: Option<String>,
    /// Pictures around the text at hand, which is then not shown.
    pictures: usize,
    heading: Option<u8>,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// What stands before the text of the item at hand.
    item: Option<Mark>,
    head: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
    row: Vec<String>,
}

impl Walk {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::SoftBreak => self.line.wrap(),
            Event::HardBreak => self.line.push("\n", false),
            Event::Rule => self.flush(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(number(*level));
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.flush();
                let next = self.lists.last_mut().and_then(Option::as_mut);
                self.item = Some(next.map_or(Mark::Bullet, |next| Mark::Number(next_label(next))));
            }
            Tag::Strong => self.bold += 1,
            Tag::Strikethrough => self.struck = Some(String::new()),
            Tag::Image { .. } => {
                self.tell(NoticeKind::Picture, "");
                self.pictures += 1;
            }
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::Table(_) | Tag::HtmlBlock | Tag::BlockQuote(_) => {
                self.flush();
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strikethrough => {
                if let Some(struck) = self.struck.take() {
                    self.tell(NoticeKind::TrackedDeletion, &line(&struck));
                }
            }
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Image => self.pictures = self.pictures.saturating_sub(1),
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.line).finish().0),
            TagEnd::TableHead => self.head = Some(std::mem::take(&mut self.row)),
            TagEnd::TableRow => self.rows.push(std::mem::take(&mut self.row)),
            TagEnd::Table => self.table(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Heading(_) | TagEnd::Item => {
                self.flush();
                (self.heading, self.item) = (None, None);
            }
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.struck {
            Some(struck) => struck.push_str(text),
            None if self.pictures == 0 => self.line.push(text, self.bold > 0),
            None => {}
        }
    }

    /// A table without body rows is kept as a row: heads are context and no source.
    fn table(&mut self) {
        let head = self
            .head
            .take()
            .filter(|cells| cells.iter().any(|cell| !cell.is_empty()));
        let rows = std::mem::take(&mut self.rows);
        let (head, rows) = if rows.is_empty() {
            (None, head.into_iter().collect())
        } else {
            (head, rows)
        };
        if !rows.is_empty() {
            self.out.push(Content::Table { head, rows });
        }
    }

    /// Ends the block at hand.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.text().is_empty() {
            return;
        }
        let heading = self.heading.take();
        if let Some(level) = heading {
            self.out.push(Content::Heading {
                level,
                text: line.finish().0,
            });
        } else if let Some(mark) = self.item.take() {
            let label = match mark {
                Mark::Bullet => None,
                Mark::Number(label) => Some(label),
            };
            let (text, bold) = line.finish();
            let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
            self.out.push(Content::ListItem {
                label,
                depth,
                text,
                bold,
            });
        } else {
            let lines = line.finish_cut(marks::parts_lines).into_iter();
            self.out
                .extend(lines.map(|(text, bold)| typed(Content::Paragraph { text, bold })));
        }
    }

    /// Tags are no text; what stands between them is, but for comments, which nobody sees.
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some((before, tag)) = rest.split_once('<') {
            self.line.push(before, self.bold > 0);
            let (inside, after) = match tag.strip_prefix("!--") {
                Some(comment) => comment.split_once("-->").unwrap_or((comment, "")),
                None => tag.split_once('>').unwrap_or((tag, "")),
            };
            if tag.starts_with("!--") {
                self.tell(NoticeKind::HiddenText, &line(inside));
            } else {
                self.line.push(" ", false);
            }
            rest = after;
        }
        self.line.push(rest, self.bold > 0);
    }

    fn tell(&mut self, kind: NoticeKind, text: &str) {
        let text: String = text.chars().take(NOTICE_CHARS).collect();
        self.notices.push(Notice {
            kind,
            page: None,
            text: (!text.is_empty()).then_some(text),
        });
    }
}

fn next_label(next: &mut u64) -> String {
    let label = format!("{next}.");
    *next = next.saturating_add(1);
    label
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
