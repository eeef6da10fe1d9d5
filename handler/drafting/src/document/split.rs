//! Splitting a line of text into sentences.
//!
//! Cautious on purpose: a sentence that is too long costs a little precision, a sentence cut in two loses its
//! sense. A split needs a closing mark, white space, and something that can begin a sentence.

/// Words before a full stop that do not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "approx", "appt", "cf", "dept", "dr", "e.g", "ed", "eg", "etc", "fig", "i.e", "ie", "inc", "jan", "feb",
    "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "jr", "miss", "mr", "mrs", "ms",
    "mx", "no", "nos", "p", "para", "pp", "prof", "ref", "reg", "rev", "sr", "st", "tel", "vs", "wk", "yr",
    "yrs",
];

/// Abbreviations that do end a sentence when a capital letter follows ("at the number. He", "etc. He").
const MAY_END: &[&str] = &[
    "etc", "no", "nos", "inc", "ed", "fig", "wk", "yr", "yrs", "ref", "reg", "mar", "dec",
];

/// The byte ranges of the sentences of `text`, without surrounding white space; empty for blank text.
#[must_use]
pub fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|&(_, c)| c);
    let mut i = 0;
    while let Some(&(offset, c)) = chars.get(i) {
        match c {
            '\u{201c}' => quoted = true,
            '\u{201d}' => quoted = false,
            '"' => quoted = !quoted,
            _ => {}
        }
        if !matches!(c, '.' | '!' | '?') {
            i += 1;
            continue;
        }
        // Take in all closing marks: `?!`, `."`, `.)`, `...`.
        let mut end = i + 1;
        while let Some(mark) = at(end).filter(|c| {
            matches!(
                c,
                '.' | '!' | '?' | '"' | '\u{201d}' | '\u{2019}' | '\'' | ')' | ']'
            )
        }) {
            match mark {
                '"' => quoted = !quoted,
                '\u{201d}' => quoted = false,
                _ => {}
            }
            end += 1;
        }
        let mut next = end;
        while at(next).is_some_and(char::is_whitespace) {
            next += 1;
        }
        let spaced = next > end;
        let opens = at(next).is_some_and(begins_sentence);
        // Inside quotation marks the speaker's sentences stay together: they are one utterance.
        if spaced
            && opens
            && !quoted
            && !(c == '.' && is_abbreviation(text.get(start..offset).unwrap_or(""), at(next)))
        {
            push(
                text,
                &mut ranges,
                start,
                chars.get(end).map_or(text.len(), |&(o, _)| o),
            );
            start = chars.get(next).map_or(text.len(), |&(o, _)| o);
        }
        i = end.max(i + 1);
    }
    push(text, &mut ranges, start, text.len());
    ranges
}

fn push(text: &str, ranges: &mut Vec<(usize, usize)>, start: usize, end: usize) {
    let Some(slice) = text.get(start..end) else { return };
    let trimmed = slice.trim();
    if !trimmed.is_empty() {
        let start = start + (slice.len() - slice.trim_start().len());
        ranges.push((start, start + trimmed.len()));
    }
}

fn begins_sentence(c: char) -> bool {
    c.is_uppercase() || c.is_ascii_digit() || matches!(c, '"' | '\u{201c}' | '\'' | '\u{2018}' | '(' | '[')
}

/// Whether the full stop after `before` belongs to an abbreviation, an initial or a list number.
fn is_abbreviation(before: &str, next: Option<char>) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or("");
    let lower = word.to_lowercase();
    if ABBREVIATIONS.contains(&lower.as_str()) {
        return !(MAY_END.contains(&lower.as_str()) && next.is_some_and(char::is_uppercase));
    }
    let mut letters = word.chars();
    // An initial: "H. Trevanion"; but "vitamin B. He" and "group A. She" are rare enough to lose.
    let initial = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase() && c != 'I');
    // "1. First": the number of a list item at the very start.
    let item = !word.is_empty()
        && word.len() <= 2
        && word == before.trim()
        && word.chars().all(|c| c.is_ascii_digit());
    initial || item
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let got: Vec<&str> = sentences(text).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn splits() {
        check("", &[]);
        check("  \t ", &[]);
        check("One. Two! Three?", &["One.", "Two!", "Three?"]);
        check(
            "Seen by Dr. A. Smith at St. Mary's. He left.",
            &["Seen by Dr. A. Smith at St. Mary's.", "He left."],
        );
        check(
            "He has 12.5 hours. At 9.30 he goes.",
            &["He has 12.5 hours.", "At 9.30 he goes."],
        );
        check(
            "He said, \"I like it. I do.\" Then he left.",
            &["He said, \"I like it. I do.\"", "Then he left."],
        );
        check(
            "She asked “Why? When?” and left. Good.",
            &["She asked “Why? When?” and left.", "Good."],
        );
        check("1. First item. Second.", &["1. First item.", "Second."]);
        check(
            "Some aids, e.g. cushions, help. (He has two.) Fine.",
            &["Some aids, e.g. cushions, help.", "(He has two.)", "Fine."],
        );
        check("no full stop", &["no full stop"]);
        check("Wait... What?! Yes.", &["Wait...", "What?!", "Yes."]);
        check(
            "The answer was no. He went home.",
            &["The answer was no.", "He went home."],
        );
    }

    proptest::proptest! {
        #[test]
        fn ranges_are_ordered_trimmed_and_lose_no_letter(text in "\\PC{0,200}") {
            let ranges = sentences(&text);
            let mut last = 0;
            let mut kept = String::new();
            for (start, end) in ranges {
                assert!(start >= last && end > start);
                let slice = &text[start..end];
                assert_eq!(slice, slice.trim());
                kept.push_str(slice);
                last = end;
            }
            let squeeze = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(squeeze(&kept), squeeze(&text));
        }
    }
}
