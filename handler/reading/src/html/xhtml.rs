//! Pages written as XML: there any element may close itself, which HTML reads as a begin.

use std::borrow::Cow;

const VOID: [&str; 16] = [
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "basefont",
];

/// The same page with its self-closed elements closed by a tag of their own.
pub(crate) fn closed(text: &str) -> Cow<'_, str> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head: String = start.chars().take(400).collect();
    if !(start.starts_with("<?xml") || head.contains("DTD XHTML") || head.contains("www.w3.org/1999/xhtml")) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = end(tag);
        let (tag, after) = tag.split_at(end);
        match self_closed(tag) {
            Some((open, name)) => {
                out.push_str(open);
                out.push_str("></");
                out.push_str(name);
                out.push('>');
            }
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Where a tag or comment ends.
fn end(tag: &str) -> usize {
    if tag.starts_with("<!--") {
        return tag.find("-->").map_or(tag.len(), |at| at + 3);
    }
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return at + 1,
            // A sign in the text, and no tag.
            (None, b'<') => return at,
            _ => {}
        }
    }
    tag.len()
}

/// A self-closed tag without its end, and its name, when HTML would not take it for closed.
fn self_closed(tag: &str) -> Option<(&str, &str)> {
    let open = tag.strip_suffix("/>")?;
    let inside = open.strip_prefix('<')?;
    let length = inside
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == ':' || c == '-'))
        .unwrap_or(inside.len());
    let name = inside.get(..length).filter(|name| !name.is_empty())?;
    let void = VOID.contains(&name.to_ascii_lowercase().as_str());
    (!void).then_some((open, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(inner: &str, expected: &str) {
        assert_eq!(closed(&format!("<?xml?>{inner}")), format!("<?xml?>{expected}"));
    }

    #[test]
    fn self_closed_elements() {
        check("<title/>a", "<title></title>a");
        check("<a name='x>'/>b<br/>", "<a name='x>'></a>b<br/>");
        check("<!-- <a/> --><p>1 < 2", "<!-- <a/> --><p>1 < 2");
        check("<p", "<p");
        assert_eq!(closed("<title/>a"), "<title/>a");
    }
}
