//! Unique pupil numbers (UPN), by which schools and authorities in England know a pupil.
//!
//! Thirteen characters: a check letter, twelve figures (authority, school, year, serial); the last of a temporary number
//! is a letter. The check letter follows from the others (Department for Education, "Unique pupil numbers: a guide for
//! schools and local authorities").

/// Letters in the order of their values: none that looks like a figure.
const LETTERS: &str = "ABCDEFGHJKLMNPQRTUVWXYZ";
/// How many characters follow the check letter.
const FOLLOWING: usize = 12;

/// The numbers in a text that have the form of one, in capitals and without blanks, whatever their check letter.
pub(crate) fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let begins = first.is_ascii_alphabetic() && !before.is_some_and(char::is_alphanumeric);
        let read = if begins { number(rest) } else { None };
        let taken = read.as_ref().map_or(first.len_utf8(), |(_, bytes)| *bytes);
        found.extend(read.map(|(number, _)| number));
        before = Some(first);
        rest = rest.get(taken..).unwrap_or_default();
    }
    found
}

/// The number at the head of a text, and how many bytes it takes. It may be grouped by single blanks, but not behind the
/// check letter: that would be another word.
fn number(text: &str) -> Option<(String, usize)> {
    let mut number = String::new();
    let mut blank = false;
    for (at, c) in text.char_indices() {
        match c {
            ' ' | '\u{a0}' if number.len() > 1 && number.len() <= FOLLOWING && !blank => blank = true,
            _ if number.len() > FOLLOWING => return (!c.is_alphanumeric()).then_some((number, at)),
            '0'..='9' if !number.is_empty() => {
                number.push(c);
                blank = false;
            }
            _ if c.is_ascii_alphabetic() && (number.is_empty() || number.len() == FOLLOWING && !blank) => {
                number.push(c.to_ascii_uppercase());
            }
            _ => return None,
        }
    }
    (number.len() > FOLLOWING).then_some((number, text.len()))
}

/// Whether the check letter of a number follows from its other characters: each times its place in the number, from 2 to
/// 13, together and divided by 23, leaves the letter's value.
pub(crate) fn is_right(number: &str) -> bool {
    let value = |c: char| {
        let of_letter = || LETTERS.find(c).and_then(|at| u32::try_from(at).ok());
        c.to_digit(10).or_else(of_letter)
    };
    let mut chars = number.chars();
    let Some(check) = chars.next() else { return false };
    let values: Option<Vec<u32>> = chars.map(value).collect();
    let Some(values) = values.filter(|values| values.len() == FOLLOWING) else {
        return false;
    };
    let sum: u32 = values.iter().zip(2..).map(|(value, place)| value * place).sum();
    check.is_ascii_alphabetic() && value(check) == Some(sum % 23)
}

#[cfg(test)]
mod tests {
    use super::{is_right, numbers};

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(numbers(text), expected, "{text}");
    }

    #[test]
    fn a_number_is_known_by_its_form() {
        check("UPN: K999123412001.", &["K999123412001"]);
        check("(k9991234 12 001)", &["K999123412001"]);
        check(
            "W99912341200A and K999123412001",
            &["W99912341200A", "K999123412001"],
        );
        // One figure more or less, a word before it, a letter inside, two blanks.
        for text in [
            "K9991234120011",
            "K99912341200",
            "XK999123412001",
            "K99912A412001",
            "K9991234  12001",
            "K 999123412001",
            "K99912341200 A",
            "Room B, 020 7946 0018",
            "",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_check_letter_follows_from_the_others() {
        for (number, right) in [
            ("H801200001001", true),
            ("K999123412001", true),
            ("W99912341200A", true),
            // One figure wrong, two that changed places, a letter that is never used, a letter too few.
            ("K999123412002", false),
            ("K999123421001", false),
            ("W99912341200B", false),
            ("K99912341200I", false),
            ("I999123412001", false),
            ("K99912341200", false),
            ("", false),
        ] {
            assert_eq!(is_right(number), right, "{number}");
        }
    }
}
