//! Patterns that are seen to be sound without being parsed.
//!
//! A recipe has some thousand patterns, and each start of the app would parse them all only to find no fault. Nearly all are
//! words with a few groups and options, which one pass over their bytes can tell. What it does not know goes to the parser.

/// How deep groups may stand in one another; the parser of patterns allows 250.
const DEEPEST: usize = 50;

/// Whether one look tells that the pattern is sound; if not, the parser says. A pattern that is counts no repetitions, so that
/// its automaton grows with its length only.
pub(super) fn is(pattern: &str) -> bool {
    seen(pattern).is_some()
}

fn seen(pattern: &str) -> Option<()> {
    let mut rest = pattern.as_bytes();
    let mut depth = 0_usize;
    // Whether what stands before can be repeated.
    let mut repeats = false;
    while let [first, after @ ..] = rest {
        rest = after;
        repeats = match first {
            b'(' => {
                rest = opened(rest)?;
                depth += 1;
                false
            }
            b')' => {
                depth = depth.checked_sub(1)?;
                true
            }
            b'[' => {
                rest = class(rest)?;
                true
            }
            b'\\' => {
                let [escaped, after @ ..] = rest else { return None };
                rest = after;
                escape(*escaped)?
            }
            b'?' | b'*' | b'+' if repeats => false,
            b'|' | b'^' | b'$' => false,
            b'.' => true,
            literal if is_literal(*literal) => true,
            _ => return None,
        };
        if depth > DEEPEST {
            return None;
        }
    }
    (depth == 0).then_some(())
}

/// What follows the beginning of a group.
fn opened(rest: &[u8]) -> Option<&[u8]> {
    match rest {
        [b'?', b':', rest @ ..] => Some(rest),
        [b'?', ..] => None,
        _ => Some(rest),
    }
}

/// What follows a class of plain letters, digits, spaces and ranges of them.
fn class(rest: &[u8]) -> Option<&[u8]> {
    let mut rest = rest.strip_prefix(b"^").unwrap_or(rest);
    let mut empty = true;
    loop {
        rest = match rest {
            [b']', rest @ ..] if !empty => return Some(rest),
            [from, b'-', to, rest @ ..]
                if from.is_ascii_alphanumeric() && to.is_ascii_alphanumeric() && from <= to =>
            {
                rest
            }
            [one, rest @ ..] if one.is_ascii_alphanumeric() || b" '.,:;/_".contains(one) => rest,
            _ => return None,
        };
        empty = false;
    }
}

/// Whether what an escape stands for can be repeated.
fn escape(escaped: u8) -> Option<bool> {
    match escaped {
        b'b' => Some(false),
        b'd' | b'w' | b's' => Some(true),
        mark if b".()[]?*+|$^/-".contains(&mark) => Some(true),
        _ => None,
    }
}

fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '\",:;-/&%_=<>@!#~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parses(pattern: &str) -> bool {
        let mut parser = regex_syntax::ParserBuilder::new()
            .utf8(false)
            .unicode(false)
            .build();
        parser.parse(pattern).is_ok()
    }

    #[test]
    fn knows_what_recipes_are_made_of() {
        for pattern in [
            "",
            "is (?:not|never) able to",
            r"\d+(?:\.\d+)? ?hours?",
            r"^(?:(?:a|b))$|(c)",
            "child.s [a-z0-9']+ [^a-z]",
            r"\(if different\)",
        ] {
            assert!(is(pattern) && parses(pattern), "{pattern}");
        }
    }

    #[test]
    fn leaves_the_rest_to_the_parser() {
        for pattern in [
            "(",
            ")",
            "a{2}",
            "*",
            "a**",
            "[",
            "[]",
            "[z-a]",
            r"\",
            r"\p{L}",
            "(?i:a)",
            "caf\u{e9}",
            "(?:a",
        ] {
            assert!(!is(pattern), "{pattern}");
        }
        assert!(!is(&"(".repeat(300)) && !is(&format!("{}a{}", "(".repeat(60), ")".repeat(60))));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        #[test]
        fn what_it_takes_for_sound_the_parser_does_too(pattern in r"[ab0 '.()\[\]?*+|\\dwsbp^$:{}<i-]{0,14}") {
            prop_assert!(!is(&pattern) || parses(&pattern), "{pattern}");
        }
    }
}
