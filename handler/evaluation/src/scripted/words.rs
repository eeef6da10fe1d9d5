//! Finding the words of one text in another, whatever stands between them.

/// Runs of letters and digits, in lower case.
pub(super) fn tokens(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Where `wanted` stands in `all`, word for word.
pub(super) fn position(all: &[(String, u32)], wanted: &[String]) -> Option<usize> {
    if wanted.is_empty() {
        return None;
    }
    all.windows(wanted.len())
        .position(|window| window.iter().zip(wanted).all(|((one, _), other)| one == other))
}

/// The share of `few` that stands in `many`.
pub(super) fn share(few: &[String], many: &[String]) -> f64 {
    let held = few.iter().filter(|word| many.contains(word)).count();
    let (held, all) = (count(held), count(few.len()));
    if all > 0.0 { held / all } else { 0.0 }
}

/// Whether two texts are one, or one is most of the other.
pub(super) fn alike(one: &[String], other: &[String]) -> bool {
    let (few, many) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    few.len() >= 3 && share(few, many) >= 0.9
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
