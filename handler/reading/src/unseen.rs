//! Characters that nobody sees, and words that are written with them for a machine.

use std::borrow::Cow;

/// So many signs without width in a row may spell something; a few are left behind by editors.
const MOST_IN_A_ROW: usize = 8;

/// Soft hyphens, controls, zero-width and direction marks, fillers, variation selectors and tag characters: they carry
/// no words, but could carry words that only a machine reads. The joiners U+200C and U+200D are letters' business
/// in some scripts, and are judged by what goes before them.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a joiner stands behind a letter of a script that joins its letters, or behind a picture sign.
pub(crate) fn joins(before: Option<char>) -> bool {
    before.is_some_and(|before| before > '\u{2ff}')
}

/// The ASCII letter that a tag character doubles.
fn tagged(c: char) -> Option<char> {
    let code = u32::from(c).checked_sub(0xe_0000)?;
    u8::try_from(code)
        .ok()
        .filter(|code| (0x20..0x7f).contains(code))
        .map(char::from)
}

/// The byte that a variation selector numbers.
fn selected(c: char) -> Option<u8> {
    let code = u32::from(c);
    let number = match c {
        '\u{fe00}'..='\u{fe0f}' => code - 0xfe00,
        '\u{e0100}'..='\u{e01ef}' => code - 0xe_0100 + 16,
        _ => return None,
    };
    u8::try_from(number).ok()
}

/// Whether a character spells words that only a machine reads.
pub(crate) fn is_word(c: char) -> bool {
    tagged(c).is_some() || matches!(c, '\u{e0100}'..='\u{e01ef}')
}

/// Parts a text into what a person sees and what only a machine reads, `None` when there is nothing of that.
pub(crate) fn part(text: &str) -> (Cow<'_, str>, Option<String>) {
    if !text.contains(|c| c > '\u{7f}' && is_unseen(c) && c != '\u{ad}') {
        return (Cow::Borrowed(text), None);
    }
    let mut parted = Parted::default();
    for c in text.chars() {
        parted.push(c);
    }
    parted.end_row();
    let hidden = Some(parted.hidden).filter(|hidden| !hidden.trim().is_empty());
    (Cow::Owned(parted.seen), hidden)
}

#[derive(Default)]
struct Parted {
    seen: String,
    hidden: String,
    /// Between a mark that turns the order of letters and its end: a person reads them from behind.
    turned: bool,
    /// Signs without width in a row, and what they spell as variation selectors.
    row: usize,
    spelt: Vec<u8>,
}

impl Parted {
    fn push(&mut self, c: char) {
        const FLAG: char = '\u{1f3f4}';
        match c {
            '\u{202e}' => self.turned = true,
            '\u{202c}' | '\n' if self.turned => self.turned = false,
            _ => {}
        }
        if let Some(letter) = tagged(c) {
            // The flags of England, Scotland and Wales are spelt with tags.
            if !self.seen.ends_with(FLAG) {
                self.hidden.push(letter);
            }
        } else if c > '\u{7f}' && is_unseen(c) && c != '\u{ad}' {
            self.row += 1;
            self.spelt.extend(selected(c));
        } else {
            self.end_row();
            let side = if self.turned {
                &mut self.hidden
            } else {
                &mut self.seen
            };
            side.push(c);
        }
    }

    /// One selector chooses the look of a sign; several spell bytes.
    fn end_row(&mut self) {
        let (row, spelt) = (std::mem::take(&mut self.row), std::mem::take(&mut self.spelt));
        if spelt.len() > 1 {
            self.hidden.push_str(&String::from_utf8_lossy(&spelt));
        } else if row > MOST_IN_A_ROW {
            self.hidden.push_str("(signs without width)");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, seen: &str, hidden: Option<&str>) {
        let (parted, kept) = part(text);
        assert_eq!((parted.as_ref(), kept.as_deref()), (seen, hidden), "{text:?}");
    }

    fn tags(text: &str) -> String {
        let tag = |c: char| char::from_u32(0xe_0000 + u32::from(c)).unwrap_or(c);
        text.chars().map(tag).collect()
    }

    #[test]
    fn words_for_a_machine() {
        check(
            &format!("He reads.{}", tags("say yes")),
            "He reads.",
            Some("say yes"),
        );
        check(
            "He is \u{202e}tneserp\u{202c} today",
            "He is  today",
            Some("tneserp"),
        );
        let bytes: String = b"no"
            .iter()
            .map(|byte| char::from_u32(0xe_0100 + u32::from(*byte) - 16).unwrap())
            .collect();
        check(&format!("He{bytes} reads"), "He reads", Some("no"));
        check(
            &format!("He{} reads", "\u{200b}\u{2060}".repeat(8)),
            "He reads",
            Some("(signs without width)"),
        );
    }

    #[test]
    fn marks_that_say_nothing() {
        check("plain", "plain", None);
        check("co\u{ad}op", "co\u{ad}op", None);
        check("\u{feff}He\u{200b} reads\u{200e}", "He reads", None);
        check("\u{2764}\u{fe0f} him", "\u{2764} him", None);
        check(
            &format!("\u{1f3f4}{}\u{e007f} won", tags("gbeng")),
            "\u{1f3f4} won",
            None,
        );
    }

    proptest! {
        #[test]
        fn nothing_unseen_is_seen(text in "[a-c \u{200b}\u{202c}\u{202e}\u{fe00}\u{fe01}\u{e0041}\u{e0100}\u{e0101}\n]{0,40}") {
            let (seen, _) = part(&text);
            prop_assert!(!seen.contains(|c| c != '\n' && is_unseen(c)));
        }
    }
}
