//! One word put in the place of another: most faults in a text that is nearly its evidence are of this kind.
//!
//! Where a word of a telling class (a number, a month, a period, "may", "not") stands in the statement between the same
//! neighbours as another of its class in the evidence, and never as the evidence has it there, it was changed. This
//! finds what comparing quantities cannot: the number that stands elsewhere in the evidence too.

use super::aligned::{Word, Words, alike, denied_near, trigram};
use super::classes::{CLASSES, Class};
use super::words::is_stop;
use super::{Cited, Remarks};
use crate::check::rules;

pub(super) fn check(words: &Words, cited: &Cited, remarks: &mut Remarks) {
    denials(&words.own, &words.given, remarks);
    numbers(&words.own, &words.given, remarks);
    prefixes(&words.own, &words.given, remarks);
    pronouns(&words.own, &words.given, cited, remarks);
    for class in CLASSES {
        classes(class, &words.own, &words.given, cited, remarks);
    }
}

/// How many words must follow alike for a pronoun to be the same person's.
const SAME_PERSON: usize = 3;

/// "He wakes in the night" told as "she wakes in the night": the words that follow tell whom the source means, even where
/// the statement names somebody to whom "she" would fit.
fn pronouns(own: &[Word], given: &[Vec<Word>], cited: &Cited, remarks: &mut Remarks) {
    let follows = |words: &[Word], at: usize| -> Vec<String> {
        let behind = words.get(at + 1..).unwrap_or_default();
        behind
            .iter()
            .take(SAME_PERSON)
            .map(|word| word.stem.clone())
            .collect()
    };
    for (j, word) in own
        .iter()
        .enumerate()
        .filter(|(_, word)| matches!(word.low.as_str(), "he" | "she") && !cited.who.may_be_subject(&word.low))
    {
        let wanted = follows(own, j);
        let same = |sentence: &Vec<Word>, theirs: bool| {
            sentence.iter().enumerate().any(|(i, other)| {
                let meant = if theirs {
                    other.low == word.low
                } else {
                    matches!(other.low.as_str(), "he" | "she") && other.low != word.low
                };
                meant && follows(sentence, i) == wanted
            })
        };
        let changed = given.iter().any(|sentence| same(sentence, false));
        if wanted.len() == SAME_PERSON && changed && !given.iter().any(|sentence| same(sentence, true)) {
            remarks.add(
                &rules::PRONOUN,
                format!(
                    "\u{201c}{}\u{201d} stands for the subject in the evidence's own words",
                    word.low
                ),
            );
        }
    }
}

/// The same words, denied in one and not in the other.
fn denials(own: &[Word], given: &[Vec<Word>], remarks: &mut Remarks) {
    for (j, word) in own.iter().enumerate() {
        let mut best = 0;
        let mut contrary = false;
        for sentence in given {
            for (i, other) in sentence.iter().enumerate() {
                let Some(score) = trigram(sentence, i, own, j).filter(|score| *score >= best) else {
                    continue;
                };
                // "no doses are missed" and "doses are not missed" deny alike.
                let differs = other.denied != word.denied && denied_near(sentence, i) != denied_near(own, j);
                // "people who do not know him find it hard, those who know him do not": said elsewhere as it is there.
                let elsewhere = !is_stop(&word.low)
                    && own.iter().enumerate().any(|(place, own)| {
                        place.abs_diff(j) > 2 && own.stem == word.stem && own.denied == other.denied
                    });
                contrary = differs && !elsewhere && (score > best || contrary || best == 0);
                best = score;
            }
        }
        if contrary {
            let message = if word.denied {
                format!(
                    "the statement denies \u{201c}{}\u{201d}, the evidence does not",
                    word.low
                )
            } else {
                format!(
                    "the evidence denies \u{201c}{}\u{201d}, the statement does not",
                    word.low
                )
            };
            remarks.add(&rules::NEGATION, message);
        }
    }
}

/// "daily" and "a day" are one period.
fn period(word: &str) -> &str {
    match word {
        "daily" | "days" => "day",
        "weekly" | "weeks" => "week",
        "monthly" | "months" => "month",
        "termly" | "terms" => "term",
        "yearly" | "annually" | "years" => "year",
        "hours" => "hour",
        "minutes" => "minute",
        word => word,
    }
}

/// "six 45-minute sessions" and "6 fortnightly sessions" tell two things.
fn adverb(word: &str) -> bool {
    word.ends_with("ly")
}

/// "uneven" told as "even", or the reverse.
fn prefixes(own: &[Word], given: &[Vec<Word>], remarks: &mut Remarks) {
    const PREFIXES: &[&str] = &["un", "in", "im", "dis", "non", "ir"];
    let without = |word: &str| -> Vec<String> {
        PREFIXES
            .iter()
            .filter_map(|prefix| word.strip_prefix(prefix))
            .filter(|rest| rest.len() > 3)
            .map(str::to_owned)
            .collect()
    };
    let holds = |words: &[Word], low: &str| words.iter().any(|word| word.low == low);
    let in_given = |low: &str| given.iter().any(|sentence| holds(sentence, low));
    let denies = own.iter().chain(given.iter().flatten()).any(|word| word.denied);
    let dropped = given
        .iter()
        .flatten()
        .filter(|word| !holds(own, &word.low))
        .any(|word| {
            without(&word.low)
                .iter()
                .any(|rest| holds(own, rest) && !in_given(rest))
        });
    let put = own.iter().filter(|word| !in_given(&word.low)).any(|word| {
        without(&word.low)
            .iter()
            .any(|rest| in_given(rest) && !holds(own, rest))
    });
    if (dropped || put) && !denies {
        remarks.add(
            &rules::NEGATION,
            "a word has the contrary meaning in the evidence".into(),
        );
    }
}

fn numbers(own: &[Word], given: &[Vec<Word>], remarks: &mut Remarks) {
    for (j, word) in own.iter().enumerate() {
        let Some(n) = word.number else { continue };
        let places = alike(given, own, j, |other| other.number.is_some());
        // "110 (75th percentile)" of "74 (4th) and Word Reading 110 (75th)".
        let pair = |words: &[Word], at: usize| {
            Some((words.get(at.checked_sub(1)?)?.number?, words.get(at)?.number?))
        };
        let paired = pair(own, j).is_some_and(|wanted| {
            given
                .iter()
                .any(|sentence| (0..sentence.len()).any(|at| pair(sentence, at) == Some(wanted)))
        });
        if !paired && !places.is_empty() && places.iter().all(|other| other.number != Some(n)) {
            remarks.add(
                &rules::NUMBER,
                "a number is another in the same place of the evidence".into(),
            );
        }
    }
}

fn classes(class: &Class, own: &[Word], given: &[Vec<Word>], cited: &Cited, remarks: &mut Remarks) {
    for (j, word) in own
        .iter()
        .enumerate()
        .filter(|(_, word)| class.words.contains(&word.low.as_str()))
    {
        let places = alike(given, own, j, |other| class.words.contains(&other.low.as_str()));
        let Some(first) = places.first() else { continue };
        // "I worry that she will" and "worries that she may" fear alike.
        let feared = class.rule.id == rules::STRENGTHENED.id
            && matches!(word.low.as_str(), "may" | "might" | "could")
            && cited.evidence_holds(&[
                "worr*",
                "fear*",
                "afraid",
                "hope*",
                "concern*",
                "frighten*",
                "scared",
                "anxious",
                "dread*",
                "nervous",
                "terrif*",
            ]);
        let forbids = |other: &Word| {
            // "should never", "may not" and "must never" forbid alike.
            class.rule.id == rules::STRENGTHENED.id
                && matches!(other.low.as_str(), "should" | "may")
                && word.low == "must"
                && own.get(j + 1).is_some_and(|next| next.denied)
        };
        let keeps = |other: &&Word| {
            adverb(&other.low) != adverb(&word.low)
                && own.get(j.wrapping_sub(1)).is_some_and(|n| n.number.is_some())
                || period(&other.low) == period(&word.low)
                || other.stem == word.stem && class.rule.id != rules::PRONOUN.id
                || feared
                || forbids(other)
                || class.kept.contains(&(other.low.as_str(), word.low.as_str()))
        };
        // "two years and eight months" of "2 years 8 months", behind another age: each length of time is compared whole.
        let lengths = |word: &str| matches!(word, "years" | "months");
        if lengths(&word.low) && places.iter().all(|other| lengths(&other.low)) {
            continue;
        }
        if places.iter().any(keeps) || cited.text.tokens.len() < 4 {
            continue;
        }
        let weaker = class.rule.id == rules::STRENGTHENED.id
            && matches!(
                word.low.as_str(),
                "may" | "might" | "could" | "sometimes" | "occasionally" | "some" | "few"
            );
        let rule = if weaker { &rules::WEAKENED } else { class.rule };
        remarks.add(
            rule,
            format!(
                "\u{201c}{}\u{201d} stands where the evidence has \u{201c}{}\u{201d}",
                word.low, first.low
            ),
        );
    }
}
