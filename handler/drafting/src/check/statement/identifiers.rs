//! Values by which somebody is reached or known: e-mail addresses, postcodes, telephone, NHS and pupil numbers (rule
//! N04).
//!
//! One letter or figure wrong is somebody else's, so each stands in the evidence as it is.

use super::{Cited, Remarks};
use crate::check::rules;
use crate::pupil_number;

/// The fewest figures of a telephone or NHS number.
const FIGURES: usize = 7;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    for (kind, read) in [
        ("e-mail address", addresses as fn(&str) -> Vec<String>),
        ("postcode", postcodes),
        ("pupil number", pupil_number::numbers),
        ("number", figures),
    ] {
        let given: Vec<String> = cited
            .evidence
            .iter()
            .flat_map(|evidence| read(evidence.raw))
            .collect();
        if read(cited.raw).iter().any(|own| !given.contains(own)) {
            remarks.add(
                &rules::NUMBER,
                format!("the {kind} is not in the evidence as it is written"),
            );
        }
    }
}

fn addresses(text: &str) -> Vec<String> {
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | ';' | '|'));
    words
        .filter(|word| word.contains('@'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect()
}

/// "QY2 8NN", with or without the blank.
fn postcodes(text: &str) -> Vec<String> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let pairs = words.windows(2).filter_map(|pair| match pair {
        [outward, inward] => Some(format!("{outward}{inward}")),
        _ => None,
    });
    let alone = words.iter().map(|word| (*word).to_owned());
    pairs.chain(alone).filter(|code| is_postcode(code)).collect()
}

fn is_postcode(code: &str) -> bool {
    let shape: String = code
        .chars()
        .map(|c| match c {
            'A'..='Z' => 'A',
            '0'..='9' => '9',
            _ => '-',
        })
        .collect();
    ["A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA"].contains(&shape.as_str())
}

/// Runs of at least seven figures, however they are grouped; dates and years are shorter or joined by other marks.
fn figures(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut run = String::new();
    for c in text.chars().chain(['|']) {
        match c {
            '0'..='9' => run.push(c),
            ' ' | '\u{a0}' if !run.is_empty() => {}
            _ => {
                if run.len() >= FIGURES {
                    all.push(std::mem::take(&mut run));
                }
                run.clear();
            }
        }
    }
    all
}
