//! Signs in the stream between the expressions of a template and the XML that is made of them.
//!
//! They are control characters that XML does not allow. Data is cleaned of them before it meets the template and a
//! part that holds one is refused, so that no value can forge a sign.

/// Begins a place where a value stands; its number follows.
pub(crate) const SITE: char = '\u{1}';
/// Ends the number; the value follows.
pub(crate) const VALUE: char = '\u{2}';
/// Ends the value.
pub(crate) const SITE_END: char = '\u{3}';
/// Begins a form inside a value; a letter for its kind follows.
pub(crate) const FORM: char = '\u{4}';
/// Separates the two parts of a form.
pub(crate) const PART: char = '\u{5}';
/// Ends a form.
pub(crate) const FORM_END: char = '\u{6}';
/// Stands for a value that the data does not have.
pub(crate) const UNDEFINED: char = '\u{7}';
/// Begins a mending sign; one of the letters below follows.
pub(crate) const MEND: char = '\u{8}';

/// What stands before must end with a paragraph: the end of a cell whose content depends on the data.
pub(crate) const MEND_BLOCK: char = 'p';
/// A table or row begins that goes when nothing is left in it.
pub(crate) const MEND_BEGIN: char = 'b';
/// It ends.
pub(crate) const MEND_END: char = 'e';

/// A footnote: its text.
pub(crate) const FOOTNOTE: char = 'f';
/// A citation: its text. A footnote, left out where none may stand.
pub(crate) const CITATION: char = 'q';
/// A comment: the words it is about, then its text.
pub(crate) const COMMENT: char = 'c';
/// A content control: its tag, then its content.
pub(crate) const FIELD: char = 's';
/// Markdown: its source.
pub(crate) const MARKDOWN: char = 'm';

/// Whether a character is one of the signs.
pub(crate) fn is_mark(c: char) -> bool {
    ('\u{1}'..='\u{8}').contains(&c)
}

/// The text with line ends as `\n` and without the characters that XML does not allow.
///
/// The signs that turn the direction of text go too: with one, a value could show itself or the words after it
/// backwards. The vertical tab and the form feed, which Word's own texts have for a line and a page break, become line ends.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_return = false;
    for c in text.chars() {
        match c {
            '\n' if after_return => {}
            '\r' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\n' | '\t' => out.push(c),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            _ => out.push(c),
        }
        after_return = c == '\r';
    }
    out
}
