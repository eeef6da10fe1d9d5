//! A text in parts that a service takes.

use drafting::document::split_sentences;

/// How the service counts. Characters outside the basic plane count twice here, so that no way of counting is passed.
pub(crate) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text in parts of at most `most` characters that together are the whole text: ends of sentences where there are
/// some, else white space, else anywhere. A text without words has no part.
#[must_use]
pub fn chunks(text: &str, most: usize) -> Vec<&str> {
    // One character may count twice.
    let most = most.max(2);
    let mut parts = Vec::new();
    let mut start = 0;
    let mut end = 0;
    let ends = split_sentences(text).into_iter().map(|(_, end)| end);
    for next in ends.chain([text.len()]) {
        let whole = text.get(start..next).unwrap_or_default();
        if length(whole) > most {
            parts.extend(text.get(start..end));
            start = end;
            start = long(text, start, next, most, &mut parts);
        }
        end = next;
    }
    parts.extend(text.get(start..));
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Cuts off full parts from `start` until what is left before `end` fits; gives where that begins.
fn long<'t>(text: &'t str, mut start: usize, end: usize, most: usize, parts: &mut Vec<&'t str>) -> usize {
    while let Some(rest) = text.get(start..end).filter(|rest| length(rest) > most) {
        let cut = start + cut(rest, most);
        parts.extend(text.get(start..cut));
        start = cut;
    }
    start
}

/// Where to cut a text that is too long: behind the last white space within the limit, else at the limit.
fn cut(text: &str, most: usize) -> usize {
    let mut count = 0;
    let mut space = None;
    for (at, c) in text.char_indices() {
        count += c.len_utf16();
        if count > most {
            return space.unwrap_or(at);
        }
        if c.is_whitespace() {
            space = Some(at + c.len_utf8());
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_cut_at_the_ends_of_sentences() {
        let check = |text: &str, most: usize, expected: &[&str]| {
            assert_eq!(chunks(text, most), expected, "{text} at {most}");
        };
        check("", 10, &[]);
        check(" \n ", 10, &[]);
        check("She reads. He writes.", 100, &["She reads. He writes."]);
        check("She reads. He writes.", 12, &["She reads.", " He writes."]);
        check("one two three four", 9, &["one two ", "three ", "four"]);
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check("😀😀😀", 2, &["😀", "😀", "😀"]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_part_is_too_long(text in "(\\PC|[ .\n]|She reads\\. ){0,200}", most in 2_usize..60) {
            let parts = chunks(&text, most);
            prop_assert!(parts.iter().all(|part| length(part) <= most));
            let words = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(words(&parts.concat()), words(&text));
        }
    }
}
