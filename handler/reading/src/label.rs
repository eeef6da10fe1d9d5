//! What is printed before the items of a list.

/// Levels of a list.
pub(crate) const LEVELS: usize = 9;

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// What is printed before it; `None` for a bullet.
    pub(crate) label: Option<String>,
    /// Its level, from 0.
    pub(crate) depth: u8,
}

/// How the items on one level of a list are counted and marked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Level {
    /// The first number.
    pub(crate) start: u32,
    /// As Word names it: "decimal", "lowerLetter", "bullet".
    pub(crate) format: String,
    /// What is printed; "%1" to "%9" stand for the numbers of the levels.
    pub(crate) text: String,
    /// The style whose paragraphs are on this level without saying so.
    pub(crate) style: Option<String>,
    /// All numbers of the label are Arabic.
    pub(crate) legal: bool,
}

/// Advances a level, begins the levels above that were never used, and forgets those below.
pub(crate) fn count(counters: &mut [Option<u32>; LEVELS], depth: usize, start: impl Fn(usize) -> u32) {
    for (at, counter) in counters.iter_mut().enumerate() {
        *counter = match at.cmp(&depth) {
            std::cmp::Ordering::Less => Some(counter.unwrap_or_else(|| start(at))),
            std::cmp::Ordering::Equal => Some(counter.map_or_else(|| start(at), |n| n.saturating_add(1))),
            std::cmp::Ordering::Greater => None,
        };
    }
}

/// The label that a level prints: its pattern, with "%1" to "%9" replaced by the counters.
pub(crate) fn label<'f>(
    level: &Level,
    counters: &[Option<u32>; LEVELS],
    format: impl Fn(usize) -> Option<&'f str>,
) -> String {
    let mut label = String::new();
    let mut chars = level.text.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            label.push(c);
            continue;
        }
        let at = chars
            .next()
            .and_then(|digit| digit.to_digit(10))
            .and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
        let Some((at, Some(value))) = at.and_then(|at| Some((at, *counters.get(at)?))) else {
            continue;
        };
        let format = if level.legal {
            "decimal"
        } else {
            format(at).unwrap_or("decimal")
        };
        label.push_str(&printed(value, format));
    }
    crate::normal::line(&label)
}

/// A counter as it is printed.
pub(crate) fn printed(value: u32, format: &str) -> String {
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{value:02}"),
        "lowerLetter" => letters(value),
        "upperLetter" => letters(value).to_ascii_uppercase(),
        "lowerRoman" => roman(value),
        "upperRoman" => roman(value).to_ascii_uppercase(),
        "ordinal" => ordinal(value),
        _ => value.to_string(),
    }
}

fn ordinal(value: u32) -> String {
    let ending = match (value % 10, value % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{value}{ending}")
}

/// a, b, ... z, aa, bb, ...; Word stops at 780.
fn letters(value: u32) -> String {
    let Some(index) = value.checked_sub(1).filter(|index| *index < 780) else {
        return value.to_string();
    };
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or(0));
    (0..=index / 26).map(|_| letter).collect()
}

fn roman(value: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if value == 0 || value > 3999 {
        return value.to_string();
    }
    let mut left = value;
    let mut out = String::new();
    for (worth, sign) in SIGNS {
        while left >= worth {
            out.push_str(sign);
            left -= worth;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_as_printed() {
        for (value, format, expected) in [
            (4, "decimal", "4"),
            (4, "decimalZero", "04"),
            (27, "lowerLetter", "aa"),
            (2, "upperLetter", "B"),
            (1994, "lowerRoman", "mcmxciv"),
            (4, "upperRoman", "IV"),
            (22, "ordinal", "22nd"),
            (112, "ordinal", "112th"),
            (u32::MAX, "lowerLetter", "4294967295"),
            (u32::MAX, "lowerRoman", "4294967295"),
            (7, "chicago", "7"),
        ] {
            assert_eq!(printed(value, format), expected, "{value} {format}");
        }
    }
}
