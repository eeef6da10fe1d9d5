//! Denials: none is dropped, none is added (rule G08).
//!
//! A denial is compared by what it denies. Another wording of it ("has difficulty in", "rarely", "needs help to") counts
//! as a denial too, unless it is part of what is denied.

use std::collections::BTreeSet;

use super::content::Known;
use super::people::Who;
use super::words::{akin, sense};
use super::{Cited, Remarks, Text};
use crate::check::rules;
use clause::{Clause, Denial, Likeness, read};

mod clause;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    let own = read(&cited.text, cited.who);
    let given: Vec<Vec<Clause>> = cited
        .evidence
        .iter()
        .map(|evidence| read(evidence.part(), cited.who))
        .collect();
    let all: Vec<&Clause> = given.iter().flatten().collect();
    // Under "What I find hard" things stand without a denial.
    let mut hard = false;
    let mut around: Vec<Clause> = Vec::new();
    let mut known: Vec<&Clause> = Vec::new();
    for (evidence, meant) in cited.evidence.iter().zip(&given) {
        if evidence.part.is_some() {
            around.extend(read(&evidence.whole, cited.who));
        } else {
            known.extend(meant);
        }
        let framed: Vec<Clause> = evidence
            .frame
            .iter()
            .flat_map(|text| read(text, cited.who))
            .collect();
        let lacks = |clause: &Clause| !clause.denials.is_empty() || !clause.lacks.is_empty();
        hard |= framed.iter().any(lacks) && !names(evidence.part(), cited.who);
        around.extend(framed);
        around.extend(evidence.headings.iter().flat_map(|text| read(text, cited.who)));
    }
    known.extend(&around);
    // As many denials on either side: which denies what is told by the words in their places.
    let count = |clauses: &[&Clause]| clauses.iter().map(|clause| clause.denials.len()).sum::<usize>();
    let (denied, given_denied) = (count(&own.iter().collect::<Vec<_>>()), count(&all));
    let words = Known::of(cited);
    let kept = |denial: &Denial| {
        own.iter()
            .flat_map(|clause| &clause.denials)
            .any(|own| same_matter(denial, own))
    };
    for clause in &all {
        let lost = |denial: &&Denial| !denial.limits && (denied < given_denied || !kept(denial));
        for denial in clause.denials.iter().filter(lost) {
            if let Some(what) = missing(denial, clause, &own)
                .filter(|_| denial.judges || !denies_otherwise(denial, &own, &words, cited.who))
            {
                // A single word that stands elsewhere without a denial excuses no statement that denies nothing:
                // "speaks to her" of "does not speak to me", beside "the spoken parts of the test".
                let elsewhere = all.iter().chain(&known).any(|other| {
                    other.denials.is_empty()
                        && other.lacks.is_empty()
                        && (denied > 0 || denial.behind.len() != 1 || !denial.before.is_empty())
                        && covers_most(denial, &other.senses)
                });
                if !elsewhere {
                    remarks.add(
                        &rules::NEGATION,
                        format!("the evidence denies \u{201c}{what}\u{201d}, the statement does not"),
                    );
                }
            }
        }
    }
    for clause in own.iter().filter(|_| denied > given_denied && !hard) {
        for denial in &clause.denials {
            added(denial, clause, &known, remarks);
        }
    }
}

/// Whether the text speaks of the subject.
fn names(text: &Text, who: &Who) -> bool {
    text.tokens.iter().any(|token| who.may_be_subject(&token.low))
}

/// Whether words of its own may carry the denial in the statement: "the sounds are missing from his speech". No list
/// holds them all, so where a sentence covers what is denied and has a telling word that the evidence has not, it is
/// left to the judge.
fn denies_otherwise(denial: &Denial, own: &[Clause], known: &Known, who: &Who) -> bool {
    let sentences = own.chunk_by(|_, next| !next.opens_sentence);
    let mut about = sentences
        .filter(|sentence| sentence.iter().any(|clause| covers(denial, &clause.senses)))
        .peekable();
    let first = denial.behind.first();
    if first.is_some_and(|first| own.iter().any(|clause| clause.able.contains(first))) {
        return false;
    }
    about.peek().is_some()
        && about.all(|sentence| {
            sentence
                .iter()
                .filter(|clause| clause.senses.len() < 2 && !clause.dates || covers(denial, &clause.senses))
                .flat_map(|clause| &clause.telling)
                .any(|word| !who.may_be_subject(word) && !known.holds(word))
        })
}

/// Whether `senses` hold what a denial denies.
fn covers(denial: &Denial, senses: &[String]) -> bool {
    let of = |list: &[String]| list.iter().filter(|sense| senses.contains(sense)).count();
    let near = denial.behind.iter().take(2).any(|sense| senses.contains(sense));
    if denial.behind.is_empty() {
        return denial.before.iter().take(2).any(|sense| senses.contains(sense));
    }
    near && of(&denial.behind) * 2 >= denial.behind.len()
}

/// Whether `senses` hold nearly all that a denial denies: the evidence itself says it without a denial, elsewhere.
fn covers_most(denial: &Denial, senses: &[String]) -> bool {
    let held = denial
        .behind
        .iter()
        .filter(|sense| senses.contains(sense))
        .count();
    let before = || {
        denial
            .before
            .iter()
            .filter(|sense| senses.contains(sense))
            .count()
    };
    covers(denial, senses)
        && held * 3 >= denial.behind.len() * 2
        && (!denial.behind.is_empty() || before() > 1)
}

/// What a denial of the evidence denies, when the statement says it without any.
fn missing(denial: &Denial, clause: &Clause, own: &[Clause]) -> Option<String> {
    // "has not missed a session" may become "has come to every session".
    let first = denial.behind.first().or(denial.before.first())?;
    let doubled = clause.lacks.contains(first);
    let mut found = None;
    for (at, other) in own.iter().enumerate() {
        if !covers(denial, &other.senses) || doubled && !other.senses.contains(first) {
            continue;
        }
        let beside = [at.checked_sub(1).and_then(|at| own.get(at)), own.get(at + 1)];
        // "is uncomfortable, when told off" of "is not comfortable being told off".
        let turned = |other: &Clause| other.contraries.iter().any(|contrary| akin(first, contrary));
        let near = |other: &Clause| {
            !other.denials.is_empty()
                || other.lacks.iter().any(|lack| !clause.senses.contains(lack))
                || turned(other)
                || other.helps.iter().any(|help| !clause.senses.contains(help))
        };
        let neighbours = beside
            .into_iter()
            .flatten()
            .any(|other| turned(other) || !other.denials.is_empty() && covers_any(denial, other));
        // "a different person will" of "the same person should not".
        if (clause.likeness, other.likeness) == (Some(Likeness::Same), Some(Likeness::Other)) {
            return None;
        }
        if near(other) || neighbours {
            return None;
        }
        found = Some(denial.what.clone());
    }
    found
}

/// Whether two denials may deny the same: a word that either names stands with the other.
fn same_matter(one: &Denial, other: &Denial) -> bool {
    let words = |denial: &'_ Denial| -> BTreeSet<String> {
        denial.behind.iter().chain(&denial.before).cloned().collect()
    };
    other.behind.is_empty() || !words(one).is_disjoint(&words(other))
}

fn covers_any(denial: &Denial, other: &Clause) -> bool {
    other.denials.iter().any(|own| {
        let denied = |sense: &String| denial.behind.contains(sense) || denial.before.contains(sense);
        own.behind.is_empty() || own.behind.iter().any(denied)
    })
}

/// A denial of the statement that the evidence does not make.
fn added(denial: &Denial, clause: &Clause, known: &[&Clause], remarks: &mut Remarks) {
    if has_ended(denial, known)
        || is_told_in_other_words(denial, clause, known)
        || is_turned_round(denial, clause, known)
        || names_nothing_again(denial, known)
    {
        return;
    }
    let negative = |other: &Clause| {
        !other.denials.is_empty()
            || other.lacks.iter().any(|lack| !denial.behind.contains(lack))
            || other
                .helps
                .iter()
                .any(|help| !clause.senses.contains(help) && denial.word == "not")
    };
    let mut about = known
        .iter()
        .filter(|other| covers(denial, &other.senses))
        .peekable();
    // What is denied without standing in the evidence is new, and for others to find.
    let contrary = about.peek().is_some() && !about.any(|other| negative(other));
    if contrary {
        remarks.add(
            &rules::NEGATION,
            format!(
                "the statement denies \u{201c}{}\u{201d}, the evidence does not",
                denial.what
            ),
        );
    }
}

/// "is no longer running" of a group that has ended, "is no longer working" of a mother who has given it up.
fn has_ended(denial: &Denial, known: &[&Clause]) -> bool {
    const OVER: &[&str] = &["end", "stop", "ceas", "finish", "discontinu", "withdraw", "left"];
    let over = |lack: &String| OVER.iter().any(|head| lack.starts_with(head));
    denial.ends
        && known
            .iter()
            .any(|other| other.lacks.iter().any(over) || other.senses.contains(&sense("given")))
}

/// The evidence says the same by a comparison, a date or "the same".
fn is_told_in_other_words(denial: &Denial, clause: &Clause, known: &[&Clause]) -> bool {
    const CHANGES: &[&str] = &["chang", "differ", "vary", "alter"];
    let any = |says: &dyn Fn(&Clause) -> bool| known.iter().any(|other| says(other));
    // "neither is below the normal range" of what is within it.
    clause.turns.compares && !any(&|other| other.turns.compares)
        // "has not met a friend since November" of "last met a friend in November".
        || denial.word == "not" && any(&|other| other.turns.dates && covers(denial, &other.senses))
        // "has never met anyone as tidy" of "tidier than anybody".
        || clause.turns.is_best && any(&|other| other.turns.is_best)
        // "should not change" of "the same".
        || any(&|other| other.likeness == Some(Likeness::Same))
            && denial
                .behind
                .first()
                .is_some_and(|sense| CHANGES.iter().any(|head| sense.starts_with(head)))
}

/// A prefix says it: "whom she does not know" of "unfamiliar", "no absence was unauthorised" of "all absence authorised".
fn is_turned_round(denial: &Denial, clause: &Clause, known: &[&Clause]) -> bool {
    known.iter().any(|other| {
        let here = other.contraries.iter().any(|contrary| {
            let mut senses = denial.behind.iter().chain(&denial.before);
            akin(&denial.what, contrary) || senses.any(|sense| akin(sense, contrary))
        });
        here || clause
            .contraries
            .iter()
            .any(|contrary| other.senses.contains(&sense(contrary)))
    })
}

/// "without one": what is denied is not named again.
fn names_nothing_again(denial: &Denial, known: &[&Clause]) -> bool {
    known
        .iter()
        .flat_map(|other| &other.denials)
        .any(|other| other.word == denial.word && other.behind.is_empty())
}
