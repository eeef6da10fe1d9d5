//! One word put in the place of another: most faults in a text that is nearly its evidence are of this kind.
//!
//! Where a word of a telling class (a number, a month, a period, "may", "not") stands in the statement between the same
//! neighbours as another of its class in the evidence, and never as the evidence has it there, it was changed. This
//! finds what comparing quantities cannot: the number that stands elsewhere in the evidence too.

use super::words::{Token, stem};
use super::{Cited, Evidence, Remarks};
use crate::check::rules::{self, Rule};

/// A class of words of which one is easily put for another.
struct Class {
    words: &'static [&'static str],
    rule: &'static Rule,
    /// Changes of the first into the second that keep the sense.
    kept: &'static [(&'static str, &'static str)],
}

const CLASSES: &[Class] = &[
    Class {
        words: &[
            "daily",
            "weekly",
            "fortnightly",
            "monthly",
            "termly",
            "yearly",
            "annually",
            "day",
            "week",
            "fortnight",
            "month",
            "term",
            "year",
            "days",
            "weeks",
            "months",
            "terms",
            "years",
            "hour",
            "hours",
            "minute",
            "minutes",
            "seconds",
            "lesson",
            "half",
        ],
        rule: &rules::NUMBER,
        kept: &[],
    },
    Class {
        words: &[
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "autumn",
            "spring",
            "summer",
            "winter",
        ],
        rule: &rules::NUMBER,
        kept: &[],
    },
    Class {
        words: &[
            "may", "might", "could", "should", "would", "will", "must", "can", "needs", "requires",
        ],
        rule: &rules::STRENGTHENED,
        kept: &[
            ("may", "might"),
            ("may", "could"),
            ("may", "can"),
            ("might", "may"),
            ("might", "could"),
            ("could", "can"),
            ("could", "might"),
            ("could", "may"),
            ("can", "could"),
            ("should", "will"),
            ("would", "will"),
            ("will", "should"),
            ("would", "should"),
            ("should", "would"),
            ("can", "may"),
            ("must", "should"),
            ("must", "will"),
            ("will", "must"),
            ("will", "would"),
            ("needs", "requires"),
            ("requires", "needs"),
            ("can", "will"),
            ("will", "can"),
            ("should", "needs"),
            ("should", "requires"),
            ("needs", "will"),
            ("requires", "will"),
            ("must", "needs"),
            ("needs", "must"),
            ("could", "would"),
            ("would", "could"),
            ("might", "can"),
        ],
    },
    Class {
        words: &[
            "sometimes",
            "often",
            "usually",
            "always",
            "never",
            "rarely",
            "seldom",
            "occasionally",
            "frequently",
            "most",
            "some",
            "all",
            "few",
            "many",
            "every",
        ],
        rule: &rules::STRENGTHENED,
        kept: &[
            ("often", "frequently"),
            ("frequently", "often"),
            ("rarely", "seldom"),
            ("seldom", "rarely"),
            ("sometimes", "occasionally"),
            ("occasionally", "sometimes"),
            ("often", "usually"),
            ("usually", "often"),
            ("all", "every"),
            ("every", "all"),
            ("many", "most"),
            ("most", "many"),
            ("often", "sometimes"),
            ("often", "many"),
            ("many", "some"),
        ],
    },
    Class {
        words: &["he", "she"],
        rule: &rules::PRONOUN,
        kept: &[],
    },
    Class {
        words: &["him", "her", "his"],
        rule: &rules::PRONOUN,
        kept: &[("him", "his"), ("his", "him")],
    },
    Class {
        words: &[
            "mother",
            "father",
            "mum",
            "dad",
            "brother",
            "sister",
            "grandmother",
            "grandfather",
            "nan",
        ],
        rule: &rules::NAME,
        kept: &[
            ("mother", "mum"),
            ("mum", "mother"),
            ("father", "dad"),
            ("dad", "father"),
            ("nan", "grandmother"),
            ("grandmother", "nan"),
        ],
    },
    Class {
        words: &[
            "left",
            "right",
            "both",
            "before",
            "after",
            "above",
            "below",
            "more",
            "less",
            "fewer",
            "increased",
            "decreased",
            "improved",
            "deteriorated",
            "high",
            "low",
            "mild",
            "moderate",
            "severe",
            "profound",
            "morning",
            "afternoon",
            "evening",
            "night",
            "mornings",
            "afternoons",
            "evenings",
        ],
        rule: &rules::DIRECTION,
        kept: &[("less", "fewer"), ("fewer", "less")],
    },
];

/// A word, its stem, whether it is denied, and the number that it is.
struct Word {
    low: String,
    stem: String,
    denied: bool,
    number: Option<i64>,
}

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    let own = read(&cited.text.tokens);
    let given: Vec<Vec<Word>> = cited
        .evidence
        .iter()
        .map(|evidence: &Evidence| read(&evidence.whole.tokens))
        .collect();
    denials(&own, &given, remarks);
    numbers(&own, &given, remarks);
    for class in CLASSES {
        classes(class, &own, &given, cited, remarks);
    }
}

/// Words without marks, articles and what only carries a denial.
fn read(tokens: &[Token]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut denied = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let low = token.low.as_str();
        let next = tokens.get(at + 1).map_or("", |token| token.low.as_str());
        at += 1;
        if token.is_mark()
            || matches!(
                low,
                "a" | "an" | "the" | "do" | "does" | "did" | "yet" | "any" | "still" | "longer"
            )
        {
            continue;
        }
        if matches!(low, "not" | "never" | "no")
            && !matches!(
                next,
                "more" | "fewer" | "less" | "only" | "later" | "just" | "sooner" | "matter" | "one"
            )
        {
            denied = true;
            continue;
        }
        if low == "some" && words.last().is_none() {
            continue;
        }
        let number = super::number::read(tokens, at - 1);
        let (word, value) = match number {
            Some((n, end)) if !matches!(low, "half") => {
                at = end.max(at);
                ("#".to_owned(), Some(n))
            }
            _ if low == "without" => ("with".to_owned(), None),
            _ => (low.to_owned(), None),
        };
        words.push(Word {
            stem: if value.is_some() {
                word.clone()
            } else {
                stem(&word)
            },
            low: word,
            denied: denied || low == "without",
            number: value,
        });
        denied = false;
    }
    words
}

fn at(words: &[Word], at: Option<usize>) -> &str {
    at.and_then(|at| words.get(at))
        .map_or("", |word| word.stem.as_str())
}

/// How much of what stands around two words is the same: their neighbours, two on each side. None when a direct
/// neighbour differs; at the end of a text more must agree.
fn likeness(a: &[Word], i: usize, b: &[Word], j: usize) -> Option<usize> {
    let back = |n: usize| at(a, i.checked_sub(n)) == at(b, j.checked_sub(n));
    let ahead = |n: usize| at(a, Some(i + n)) == at(b, Some(j + n));
    if !back(1) || !ahead(1) || !(back(2) || ahead(2)) {
        return None;
    }
    let ends = at(a, Some(i + 1)).is_empty() && !(back(2) && back(3));
    let begins = i == 0 && !(ahead(2) && ahead(3));
    let run = |same: &dyn Fn(usize) -> bool| (1..6).take_while(|n| same(*n)).count();
    (!ends && !begins).then(|| run(&back) + run(&ahead))
}

/// Of the words of the evidence that stand where a word of the statement stands, those most alike around.
fn alike<'g>(
    given: &'g [Vec<Word>],
    own: &[Word],
    j: usize,
    wanted: impl Fn(&Word) -> bool,
) -> Vec<&'g Word> {
    let mut best = 0;
    let mut all: Vec<(usize, &Word)> = Vec::new();
    for sentence in given {
        for (i, other) in sentence.iter().enumerate().filter(|(_, other)| wanted(other)) {
            if let Some(score) = likeness(sentence, i, own, j) {
                best = best.max(score);
                all.push((score, other));
            }
        }
    }
    all.into_iter()
        .filter(|(score, _)| *score == best)
        .map(|(_, word)| word)
        .collect()
}

/// How many denials stand near a place.
fn denied_near(words: &[Word], place: usize) -> usize {
    let near = words
        .get(place.saturating_sub(4)..(place + 5).min(words.len()))
        .unwrap_or_default();
    near.iter().filter(|word| word.denied).count()
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
                contrary = differs && (score > best || contrary || best == 0);
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

/// How much is the same around the same word; none when not even its neighbours are.
fn trigram(a: &[Word], i: usize, b: &[Word], j: usize) -> Option<usize> {
    let back = |n: usize| at(a, i.checked_sub(n)) == at(b, j.checked_sub(n));
    let ahead = |n: usize| at(a, Some(i + n)) == at(b, Some(j + n));
    let same = at(a, Some(i)) == at(b, Some(j)) && back(1) && (ahead(1) || ahead(2) && back(2));
    let run = |same: &dyn Fn(usize) -> bool| (1..6).take_while(|n| same(*n)).count();
    same.then(|| 1 + run(&back) + run(&ahead))
}

fn numbers(own: &[Word], given: &[Vec<Word>], remarks: &mut Remarks) {
    for (j, word) in own.iter().enumerate() {
        let Some(n) = word.number else { continue };
        let places = alike(given, own, j, |other| other.number.is_some());
        if !places.is_empty() && places.iter().all(|other| other.number != Some(n)) {
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
        let keeps = |other: &&Word| {
            other.stem == word.stem || class.kept.contains(&(other.low.as_str(), word.low.as_str()))
        };
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
