//! Footnotes and comments as entries of their parts.

use crate::press::{number, push_text};
use crate::support::{Style, Supports};
use crate::xml::{append, push_escaped};

/// Footnotes, numbered from the first free number on.
pub(crate) fn footnotes(notes: &[String], supports: &Supports) -> String {
    let (text, reference) = (
        supports.style(Style::FootnoteText),
        supports.style(Style::FootnoteReference),
    );
    let mut out = String::new();
    for (at, note) in notes.iter().enumerate() {
        let id = supports.footnote + number(at);
        append(&mut out, format_args!("<w:footnote w:id=\"{id}\">"));
        out.push_str(&paragraph(
            text,
            reference,
            "<w:footnoteRef/>",
            &format!(" {note}"),
        ));
        out.push_str("</w:footnote>");
    }
    out
}

/// Comments, numbered from the first free number on; without a date, for a rendering has no clock.
pub(crate) fn comments(notes: &[String], author: &str, supports: &Supports) -> String {
    let (text, reference) = (
        supports.style(Style::CommentText),
        supports.style(Style::CommentReference),
    );
    let initials: String = author
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .collect();
    let mut out = String::new();
    for (at, note) in notes.iter().enumerate() {
        let id = supports.comment + number(at);
        append(&mut out, format_args!("<w:comment w:id=\"{id}\" w:author=\""));
        push_escaped(&mut out, author);
        out.push_str("\" w:initials=\"");
        push_escaped(&mut out, &initials);
        out.push_str("\">");
        out.push_str(&paragraph(text, reference, "<w:annotationRef/>", note));
        out.push_str("</w:comment>");
    }
    out
}

fn paragraph(style: &str, reference: &str, sign: &str, text: &str) -> String {
    let mut out = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>\
         <w:r><w:rPr><w:rStyle w:val=\"{reference}\"/></w:rPr>{sign}</w:r><w:r>"
    );
    push_text(&mut out, text);
    out.push_str("</w:r></w:p>");
    out
}
