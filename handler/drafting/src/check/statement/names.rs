//! Names (rule N01): each is the subject's own or stands in the evidence; one that differs by a slip is another name.

use std::collections::BTreeSet;

use super::english::{KIN, LANGUAGES};
use super::people::begins;
use super::words::Token;
use super::{Cited, Evidence, Remarks};
use crate::check::rules;
use crate::identity::MONTHS;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    names(cited, remarks);
    titles(cited, remarks);
}

/// Verbs by which a capital at the head of a sentence is seen to begin a name.
const DOES: &[&str] = &[
    "is",
    "has",
    "was",
    "will",
    "needs",
    "finds",
    "can",
    "does",
    "requires",
    "likes",
    "enjoys",
    "says",
    "uses",
    "wears",
    "receives",
    "experiences",
    "struggles",
    "may",
    "should",
    "would",
    "attends",
    "had",
    "understands",
    "presents",
    "wants",
    "hopes",
    "loves",
    "takes",
    "lives",
    "knows",
    "gets",
    "did",
    "follows",
    "speaks",
];

fn names(cited: &Cited, remarks: &mut Remarks) {
    let all = &cited.text.tokens;
    let who = cited.who;
    let given: BTreeSet<&str> = cited
        .evidence
        .iter()
        .flat_map(|evidence| {
            evidence
                .texts()
                .chain(&evidence.headings)
                .chain(&evidence.role)
                .chain(&evidence.before)
        })
        .flat_map(|text| text.tokens.iter().map(|token| token.low.as_str()))
        .collect();
    for (at, token) in all.iter().enumerate() {
        let word = token.low.as_str();
        if !token.is_word() || !token.is_capital() || who.is_subject(word) || is_calendar(word) || word == "i"
        {
            continue;
        }
        // Whether it stands around the evidence or in the recipe: a score is that of the test beside it.
        if is_another_test(cited, at) {
            remarks.add(
                &rules::NAME,
                format!(
                    "\u{201c}{}\u{201d} stands for another test of the evidence",
                    token.raw
                ),
            );
            continue;
        }
        if given.contains(word) {
            if who.is_other(word) {
                remarks.add(
                    &rules::THIRD_PARTY,
                    "the statement names another child or relative".into(),
                );
            }
            continue;
        }
        let singular = word.strip_suffix('s').unwrap_or(word);
        if who.ordinary.contains(word)
            || who.ordinary.contains(singular)
            || super::words::is_stop(word)
            || given.contains(singular)
        {
            continue;
        }
        if super::number::read(all, at).is_some() {
            continue;
        }
        // What a family calls a grandparent is compared with the other relatives.
        if KIN.iter().any(|family| family.contains(&word)) {
            continue;
        }
        // "in Spanish and in English" of "in both languages".
        if LANGUAGES.contains(&word)
            && cited.evidence_holds(&["both languages", "two languages", "either language"])
        {
            continue;
        }
        if is_acronym(token) {
            acronym(cited, token, remarks);
            continue;
        }
        let near = who
            .subject
            .iter()
            .map(String::as_str)
            .chain(given.iter().copied().filter(|name| who.proper.contains(*name)))
            .any(|name| nearly(name, word));
        let names_someone = all.get(at + 1).is_some_and(|next| {
            DOES.contains(&next.low.as_str())
                || acts(&next.low)
                    && !word.ends_with('s')
                    && !all.iter().any(|token| who.is_subject(&token.low))
        });
        let possessive = cited.raw.contains(&format!("{}'s", token.raw))
            || cited.raw.contains(&format!("{}\u{2019}s", token.raw));
        let opening = begins(all, at);
        let in_place = opening && !is_common(word) && acts_as_subject(cited, all, at);
        if near
            || who.proper.contains(word)
            || !opening
            || in_place
            || (names_someone || possessive) && !is_common(word)
        {
            remarks.add(
                &rules::NAME,
                format!(
                    "\u{201c}{}\u{201d} does not stand in the evidence{}",
                    token.raw,
                    if near {
                        " and is nearly a name that does"
                    } else {
                        ""
                    }
                ),
            );
        }
    }
}

/// Whether the evidence says of the subject what the statement says of this word: the next word follows the subject
/// there.
fn acts_as_subject(cited: &Cited, all: &[Token], at: usize) -> bool {
    let Some(next) = all.get(at + 1).filter(|token| token.is_word()) else {
        return false;
    };
    cited.evidence.iter().any(|evidence| {
        evidence.whole.tokens.windows(2).any(|pair| {
            matches!(pair, [subject, verb] if cited.who.may_be_subject(&subject.low) && verb.low == next.low)
        })
    })
}

/// Whether a word looks like the verb of somebody who acts.
fn acts(word: &str) -> bool {
    word.len() > 4 && (word.ends_with("ed") || word.ends_with('s') && !word.ends_with("ss"))
}

/// Endings that hardly any name has.
fn is_common(word: &str) -> bool {
    [
        "ing", "tion", "sion", "ness", "ment", "ity", "ance", "ence", "ly", "ism", "ology", "ship", "ure",
        "ics",
    ]
    .iter()
    .any(|ending| word.ends_with(ending))
        || super::content::is_ordinary(word)
}

fn is_calendar(word: &str) -> bool {
    const DAYS: &[&str] = &[
        "sept",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mondays",
        "tuesdays",
        "wednesdays",
        "thursdays",
        "fridays",
        "saturdays",
        "sundays",
        "autumn",
        "spring",
        "summer",
        "winter",
        "year",
        "key",
        "stage",
    ];
    MONTHS.contains(&word) || DAYS.contains(&word)
}

fn is_acronym(token: &Token) -> bool {
    let capitals = token.raw.chars().filter(|c| c.is_uppercase()).count();
    capitals >= 2 && token.raw.chars().count() <= 7 && token.raw.chars().skip(1).any(char::is_uppercase)
}

/// Short forms that are common property, each with words that it may stand for.
const SHORT: &[(&str, &str)] = &[
    ("ta", "assistant"),
    ("tas", "assistant"),
    ("lsa", "assistant"),
    ("ep", "psycholog"),
    ("salt", "speech"),
    ("slt", "speech"),
    ("sltc", "speech"),
    ("ot", "occupational"),
    ("gp", "gp"),
    ("bsl", "sign"),
    ("tod", "deaf"),
    ("qtod", "deaf"),
    ("csw", "communication"),
    ("senco", "senco"),
    ("sendco", "senco"),
    ("dld", "language"),
    ("camhs", "mental"),
    ("gcse", "gcse"),
    ("gcses", "gcse"),
    ("ehcp", "plan"),
    ("ehc", "plan"),
    ("nhs", "nhs"),
    ("elsa", "emotional"),
    ("it", "it"),
    ("pe", "pe"),
    ("ict", "comput"),
    ("tv", "tv"),
    ("ks", "stage"),
    ("sen", "special"),
    ("send", "special"),
    ("semh", "emotional"),
    ("uk", "uk"),
    ("dt", "design"),
    ("eal", "additional"),
    ("asd", "autis"),
    ("asc", "autis"),
    ("adhd", "attention"),
    ("pt", "physio"),
    ("ihp", "plan"),
    ("ihcp", "plan"),
    ("hcp", "plan"),
];

/// Whether the statement names a test that only stands around its evidence, and not the one that its evidence names:
/// "WISC-V" of a score of the "WIAT-III".
fn is_another_test(cited: &Cited, at: usize) -> bool {
    let Some(name) = test_at(&cited.text.tokens, at) else {
        return false;
    };
    let given: BTreeSet<&str> = cited
        .evidence
        .iter()
        .map(Evidence::part)
        .flat_map(|text| (0..text.tokens.len()).filter_map(|at| test_at(&text.tokens, at)))
        .collect();
    !given.is_empty() && !given.contains(name)
}

/// The name of a test: capitals with an edition joined by a hyphen.
fn test_at(tokens: &[Token], at: usize) -> Option<&str> {
    let name = tokens.get(at)?;
    let is_test = name.raw.len() > 2 && name.raw.chars().all(char::is_uppercase);
    (is_test && tokens.get(at + 1)?.joined).then_some(&name.low)
}

fn acronym(cited: &Cited, token: &Token, remarks: &mut Remarks) {
    let letters = token.low.trim_end_matches('s');
    let texts = || {
        cited
            .evidence
            .iter()
            .flat_map(|evidence| evidence.texts().chain(&evidence.headings))
    };
    let spelt = texts().any(|text| {
        let initials =
            |all: &[&Token]| -> String { all.iter().filter_map(|token| token.low.chars().next()).collect() };
        let words: Vec<&Token> = text.tokens.iter().filter(|token| token.is_word()).collect();
        let telling: Vec<&Token> = words
            .iter()
            .copied()
            .filter(|token| !matches!(token.low.as_str(), "and" | "of" | "the" | "for" | "in"))
            .collect();
        initials(&words).contains(letters) || initials(&telling).contains(letters)
    });
    let common = SHORT
        .iter()
        .filter(|(short, _)| *short == token.low || *short == letters)
        .any(|(_, head)| texts().any(|text| text.tokens.iter().any(|token| token.low.starts_with(head))));
    let author = super::content::is_author(cited, &[letters]);
    if !spelt
        && !common
        && !author
        && !matches!(letters, "ehc" | "ehcp" | "nhs" | "uk" | "sen" | "send" | "ks")
    {
        remarks.add(
            &rules::UNSUPPORTED,
            format!("\u{201c}{}\u{201d} does not stand in the evidence", token.raw),
        );
    }
}

/// "Mr Marsh" where the evidence has "Mrs Marsh".
fn titles(cited: &Cited, remarks: &mut Remarks) {
    const TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor"];
    let titled = |all: &[Token]| -> Vec<(String, String)> {
        all.windows(2)
            .filter_map(|pair| match pair {
                [title, name] if TITLES.contains(&title.low.as_str()) && name.is_capital() => {
                    Some((title.low.clone(), name.low.clone()))
                }
                _ => None,
            })
            .collect()
    };
    let given: Vec<(String, String)> = cited
        .evidence
        .iter()
        .flat_map(|evidence| titled(&evidence.whole.tokens))
        .collect();
    for (title, name) in titled(&cited.text.tokens) {
        let same_name: Vec<_> = given.iter().filter(|(_, other)| *other == name).collect();
        if !same_name.is_empty() && !same_name.iter().any(|(other, _)| *other == title) {
            remarks.add(&rules::NAME, "a person has another title in the evidence".into());
        }
    }
}

/// Whether two names differ by one slip: a letter changed, left out, put in, or two letters swapped. Longer names may
/// differ by two.
fn nearly(name: &str, word: &str) -> bool {
    if name == word || name.chars().count() < 3 {
        return false;
    }
    let most = if name.chars().count() > 5 { 2 } else { 1 };
    distance(name, word) <= most
}

fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(40).collect(), b.chars().take(40).collect());
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut line = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let change = at(&last, j) + usize::from(x != y);
            line.push(change.min(at(&last, j + 1) + 1).min(at(&line, j) + 1));
        }
        last = line;
    }
    last.last().copied().unwrap_or(0)
}
