//! Numbers that tell who somebody is, found by their digits and how those are grouped.

/// The most digits of any of them.
const MOST_DIGITS: usize = 19;

/// One number as it is written: its digits in groups, and where it ends.
struct Written {
    international: bool,
    groups: Vec<Vec<u32>>,
}

impl Written {
    fn digits(&self) -> Vec<u32> {
        self.groups.concat()
    }
}

/// The text with a mark for each number.
pub(super) fn marked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let begins = matches!(c, '0'..='9' | '+' | '(') && !before.is_some_and(|c| c.is_alphanumeric());
        if let Some((end, mark)) = begins.then(|| number(&chars, at)).flatten() {
            out.push_str(mark);
            at = end;
        } else {
            out.push(*c);
            at += 1;
        }
    }
    out
}

/// The longest number that begins here and is one of those that count: where it ends, and its mark.
fn number(chars: &[char], start: usize) -> Option<(usize, &'static str)> {
    let mut written = Written {
        international: chars.get(start) == Some(&'+'),
        groups: Vec::new(),
    };
    let mut longest = None;
    let mut gap = 1;
    let mut digits = 0;
    for (at, c) in chars.iter().enumerate().skip(start) {
        if let Some(digit) = c.to_digit(10) {
            if gap > 0 {
                written.groups.push(Vec::new());
            }
            gap = 0;
            digits += 1;
            written.groups.last_mut()?.push(digit);
            let ends = !chars.get(at + 1).is_some_and(|next| next.is_alphanumeric());
            if let Some(mark) = ends.then(|| mark(&written)).flatten() {
                longest = Some((at + 1, mark));
            }
        } else if matches!(c, ' ' | '\u{a0}' | '-' | '.' | '(' | ')') && gap < 2 || at == start {
            gap += 1;
        } else {
            break;
        }
        if digits >= MOST_DIGITS {
            break;
        }
    }
    // A bracket that is not closed within the number is not its own.
    let open = chars.get(start) == Some(&'(');
    longest.filter(|(end, _)| !open || chars.get(start..*end).is_some_and(|own| own.contains(&')')))
}

fn mark(written: &Written) -> Option<&'static str> {
    let digits = written.digits();
    if is_telephone(written, &digits) {
        Some("[phone]")
    } else if is_nhs(written, &digits) {
        Some("[nhs number]")
    } else if is_card(written, &digits) {
        Some("[card]")
    } else {
        None
    }
}

/// `0` and nine or ten digits, or the same behind `+44` or `0044`, in groups of three or more: `020 7946 0018`,
/// `+44 (0)20 7946 0018`.
fn is_telephone(written: &Written, digits: &[u32]) -> bool {
    let abroad = written.international || digits.starts_with(&[0, 0]);
    let national = if abroad {
        let digits = digits.strip_prefix(&[0, 0]).unwrap_or(digits);
        let Some(national) = digits.strip_prefix(&[4, 4]) else {
            return false;
        };
        national.strip_prefix(&[0]).unwrap_or(national)
    } else {
        let Some(national) = digits.strip_prefix(&[0]) else {
            return false;
        };
        national
    };
    let grouped = written
        .groups
        .iter()
        .skip(if abroad { 3 } else { 0 })
        .all(|group| group.len() >= 3);
    let area = national.first().is_some_and(|digit| *digit != 0);
    (9..=10).contains(&national.len()) && area && grouped
}

/// Ten digits, as one or in groups of three, three and four, the last of which checks the others (modulus 11).
fn is_nhs(written: &Written, digits: &[u32]) -> bool {
    let lengths: Vec<usize> = written.groups.iter().map(Vec::len).collect();
    let [digits @ .., check] = digits else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = (11 - sum % 11) % 11;
    (lengths == [10] || lengths == [3, 3, 4]) && digits.len() == 9 && *check == expected
}

/// Thirteen to nineteen digits, as one or in groups of four or more (the last may be shorter), that satisfy Luhn's sum.
fn is_card(written: &Written, digits: &[u32]) -> bool {
    let [most @ .., _] = written.groups.as_slice() else {
        return false;
    };
    let grouped = most.iter().all(|group| group.len() >= 4);
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { doubled(*digit) } else { *digit })
        .sum();
    (13..=MOST_DIGITS).contains(&digits.len())
        && grouped
        && sum.is_multiple_of(10)
        && digits.iter().any(|digit| *digit != 0)
}
