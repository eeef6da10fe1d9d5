//! A telling word of no class put in the place of another: "near roads" where the source has "near water".
//!
//! The place is told by its neighbours, so this speaks only where the statement is close to its evidence. A word of the
//! same sense, or one that the evidence has elsewhere, is a paraphrase.

use std::collections::BTreeSet;

use super::aligned::{Word, Words, likeness};
use super::content::{Known, is_ordinary};
use super::words::{is_stop, sense};
use super::{Cited, Remarks};
use crate::check::rules;

pub(super) fn check(words: &Words, cited: &Cited, remarks: &mut Remarks) {
    let known = Known::of(cited);
    let own: BTreeSet<&String> = cited.text.senses.iter().collect();
    let foreign = |word: &Word| tells(word, cited) && !known.holds(&word.low);
    for (j, word) in words
        .own
        .iter()
        .enumerate()
        .filter(|(_, word)| word.is_noun && foreign(word))
    {
        let given = words.given.iter().find_map(|sentence| {
            let other = sentence.iter().enumerate().find(|(i, other)| {
                other.is_noun
                    && tells(other, cited)
                    && !word.low.starts_with(other.low.as_str())
                    && !own.contains(&sense(&other.low))
                    && likeness(sentence, *i, &words.own, j).is_some()
            });
            other.map(|(_, other)| other)
        });
        if let Some(other) = given {
            remarks.add(
                &rules::UNSUPPORTED,
                format!(
                    "\u{201c}{}\u{201d} stands where the evidence has \u{201c}{}\u{201d}",
                    word.low, other.low
                ),
            );
        }
    }
}

const APPROXIMATE: &[&str] = &[
    "around", "about", "almost", "some", "just", "real", "genuine", "true", "proper", "full", "whole",
    "entire", "very", "quite", "rather", "fairly", "pretty", "right",
];

/// Whether a word says something of its own.
fn tells(word: &Word, cited: &Cited) -> bool {
    word.number.is_none()
        && word.low.chars().all(char::is_alphabetic)
        // How much, or how: paraphrases change it freely, and it names nothing.
        && !word.low.ends_with("ly")
        && !APPROXIMATE.contains(&word.low.as_str())
        && !is_stop(&word.low)
        && !is_ordinary(&word.low)
        && !cited.who.may_be_subject(&word.low)
}
