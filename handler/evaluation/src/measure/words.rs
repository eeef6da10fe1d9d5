//! The words by which texts are compared.

/// Words that carry no content.
const EMPTY: &str = " a an and are as at be been but by can did do does for from had has have he her him his i if in \
                     into is it its me my no not of on one or our out she so than that the their them then there these \
                     they this to too up us very was we were what when where which who will with would you your s ";

/// All words of a text, in lower case.
pub(super) fn every(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The content words of a text; all its words when it has no others.
pub(crate) fn words(text: &str) -> Vec<String> {
    let all = every(text);
    let content: Vec<String> = all
        .iter()
        .filter(|word| !EMPTY.contains(&format!(" {word} ")))
        .cloned()
        .collect();
    if content.is_empty() { all } else { content }
}

/// The share of words that are within something.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
pub(crate) fn share(of: &[String], within: impl Fn(&str) -> bool) -> f64 {
    if of.is_empty() {
        return 0.0;
    }
    of.iter().filter(|word| within(word)).count() as f64 / of.len() as f64
}

/// Whether `part` stands in `whole` as it is.
pub(super) fn runs_in(part: &[String], whole: &[String]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|run| run == part)
}
