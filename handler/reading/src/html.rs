//! Web pages: HTML and XHTML, as programs for text save them and as browsers do.
//!
//! What a person sees in a browser is text; what styles in the file itself hide, comments in the code, deleted
//! passages, pictures and embedded objects are told in notices. Scripts are not run, and no address in the file is
//! ever opened: what a style sheet elsewhere hides or a script would add is not known.

use drafting::source::{Format, Notice, NoticeKind, Reading, Rejection};

use crate::Limits;

mod charset;
mod css;
mod face;
mod forms;
mod list;
mod note;
mod place;
mod selector;
mod table;
mod tree;
mod walk;
mod xhtml;

use tree::Tree;
use walk::Walk;

/// Whether a text begins like a web page. A page without its head begins with a tag of a block, and closes one.
pub(crate) fn is(start: &str) -> bool {
    const FIRST: [&str; 19] = [
        "html", "head", "body", "meta", "title", "style", "div", "p", "h1", "h2", "h3", "table", "span",
        "font", "article", "section", "main", "ul", "ol",
    ];
    let mut rest = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    while let Some(after) = rest.strip_prefix("<!--") {
        rest = after.split_once("-->").map_or("", |(_, rest)| rest).trim_start();
    }
    let small: String = rest.to_ascii_lowercase();
    if small.starts_with("<!doctype html") || small.starts_with("<html") {
        return true;
    }
    if small.starts_with("<?xml") {
        return small.contains("<html");
    }
    let name = small.strip_prefix('<').map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        rest.get(..end).unwrap_or("")
    });
    name.is_some_and(|name| FIRST.contains(&name)) && small.contains("</")
}

/// Reads a web page.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, Rejection> {
    let (text, damaged) = charset::decode(bytes);
    let text = xhtml::closed(&text);
    let tree = Tree::parse(&text)?;
    let sheet = css::Sheet::of(&tree)?;
    let (blocks, mut notices) = Walk::new(&tree, &sheet, limits.text_chars).read()?;
    if damaged {
        notices.push(Notice {
            kind: NoticeKind::DamagedText,
            page: None,
            text: None,
        });
    }
    Ok(crate::without_pages(Format::Html, blocks, notices))
}
