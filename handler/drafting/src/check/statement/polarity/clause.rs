//! What a part of a text denies, lacks and is able to do.

use std::collections::BTreeSet;

use crate::check::statement::Text;
use crate::check::statement::content::is_ordinary;
use crate::check::statement::english::{HELPS, LACKS, NEGATORS, NO_DENIAL};
use crate::check::statement::people::Who;
use crate::check::statement::words::{Token, any, begins_as, clauses, is_stop, sense};

/// The most words that a denial is taken to reach.
const REACH: usize = 4;

/// Words that no evidence needs to have, and that deny nothing.
const NEUTRAL: &[&str] = &[
    "always",
    "sometimes",
    "often",
    "usually",
    "around",
    "approximately",
    "roughly",
    "nearly",
    "now",
    "really",
    "easily",
    "fully",
    "readily",
    "happily",
    "confidently",
    "clearly",
    "definitely",
    "regularly",
    "frequently",
    "certainly",
    "successfully",
    "already",
    "also",
    "too",
    "even",
    "both",
];

/// What is said of a matter that stands before: "is not indicated", "has not been recommended".
const STANDS: &[&str] = &[
    "indicat",
    "recommend",
    "advis",
    "consider",
    "appropriate",
    "suitable",
    "warrant",
    "commission",
    "necessary",
];

/// How words begin by whose denial what is reported behind them is denied.
const REPORTS: &[&str] = &[
    "consider",
    "think",
    "believ",
    "feel",
    "find",
    "see",
    "saw",
    "suggest",
    "indicat",
    "evidenc",
    "sign",
    "read",
    "view",
    "regard",
    "interpret",
    "mean",
    "show",
    "report",
    "mistak",
    "taken",
];

/// Verbs and words by which a denied lack is no lack: "neither is below the normal range".
const COMPARED: &[&str] = &[
    "below", "under", "behind", "lower", "less", "worse", "short", "beyond",
];

/// Words by which a denial is none.
pub(super) struct Turns {
    /// It says that something is below another.
    pub(super) compares: bool,
    /// It says that nobody is more so: "than anybody", "as anyone".
    pub(super) is_best: bool,
    /// It says since when.
    pub(super) dates: bool,
}

impl Turns {
    fn of(tokens: &[Token]) -> Self {
        const BEST: &[&str] = &[
            "than any*",
            "anyone",
            "anybody",
            "best",
            "most",
            "than all",
            "than everyone",
        ];
        Self {
            compares: tokens.iter().any(|token| COMPARED.contains(&token.low.as_str())),
            is_best: any(tokens, BEST).is_some(),
            dates: any(tokens, &["since", "last"]).is_some(),
        }
    }
}

/// Whether something is said to be the same or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    Other,
}

impl Likeness {
    fn of(tokens: &[Token]) -> Option<Self> {
        const OTHER: &[&str] = &["different", "another", "other", "someone else", "somebody else"];
        let same = any(tokens, &["same"]).map(|_| Self::Same);
        same.or_else(|| any(tokens, OTHER).map(|_| Self::Other))
    }
}

/// A part of a text between two breaks.
pub(super) struct Clause {
    pub(super) senses: Vec<String>,
    /// Of each denial, the senses of what it denies, the nearest first, and those before it.
    pub(super) denials: Vec<Denial>,
    /// Senses of words that say a lack.
    pub(super) lacks: BTreeSet<String>,
    /// Senses of words of help.
    pub(super) helps: BTreeSet<String>,
    /// Telling words, as written.
    pub(super) telling: Vec<String>,
    /// Senses of the words that are said to be done: "able to read", "can read".
    pub(super) able: BTreeSet<String>,
    /// Words that a prefix turns round, without it: "familiar" of "unfamiliar".
    pub(super) contraries: Vec<String>,
    pub(super) turns: Turns,
    /// It opens a sentence.
    pub(super) opens_sentence: bool,
    /// It only tells when something is so.
    pub(super) dates: bool,
    /// It says that something is the same, or another.
    pub(super) likeness: Option<Likeness>,
}

#[derive(Clone)]
pub(super) struct Denial {
    /// "not for longer than an hour": a limit, which `amounts` compares.
    pub(super) limits: bool,
    /// "no longer".
    pub(super) ends: bool,
    pub(super) word: String,
    /// What is denied, as written.
    pub(super) what: String,
    /// It says of what stands before that it is not wanted: "is not indicated".
    pub(super) judges: bool,
    pub(super) behind: Vec<String>,
    pub(super) before: Vec<String>,
}

/// The clauses of a text, each with what it denies.
pub(super) fn read(text: &Text, who: &Who) -> Vec<Clause> {
    let parts = clauses(&text.tokens);
    let mut all: Vec<Clause> = parts.iter().map(|part| Clause::of(part, who)).collect();
    in_place_of(&parts, &mut all);
    labelled(&parts, &mut all);
    until(&parts, &mut all);
    rather_than(&parts, &mut all);
    refused_ahead(&parts, &mut all);
    reported(&parts, &mut all);
    listed(&parts, &mut all);
    not_without(&mut all);
    all
}

/// "a card in place of an answer": there is none.
fn in_place_of(parts: &[&[Token]], all: &mut [Clause]) {
    for (part, clause) in parts.iter().zip(all) {
        if any(part, &["in place of", "instead of"]).is_some() {
            clause.lacks.insert("instead".to_owned());
        }
    }
}

/// "Social care: not known": what stands behind a label is denied of it.
fn labelled(parts: &[&[Token]], all: &mut [Clause]) {
    for at in 1..parts.len() {
        let behind_label = parts
            .get(at)
            .and_then(|part| part.first())
            .is_some_and(|token| token.low == ":");
        let denies = |clause: &Clause| !clause.denials.is_empty() && clause.senses.len() < 3;
        if behind_label
            && all.get(at).is_some_and(denies)
            && let Some(label) = all.get_mut(at - 1)
        {
            label.lacks.insert(LISTED.to_owned());
        }
    }
}

/// "does not sleep before midnight" is "sleeps after it".
fn until(parts: &[&[Token]], all: &mut [Clause]) {
    let next = parts.iter().skip(1).map(|part| part.first());
    for (clause, next) in all.iter_mut().zip(next) {
        if next.is_some_and(|token| matches!(token.low.as_str(), "before" | "until" | "unless")) {
            clause.limit();
        }
    }
}

/// "rather than defiance" denies it.
fn rather_than(parts: &[&[Token]], all: &mut [Clause]) {
    let opens = |part: &[Token]| part.first().is_some_and(|token| token.low == "than");
    for (at, pair) in parts.windows(2).enumerate() {
        if let [before, part] = pair
            && opens(part)
            && before.last().is_some_and(|token| {
                token.low == "rather"
                    // "more than he can cope with" is not coped with.
                    || token.low == "more" && any(part, &["can", "could", "able"]).is_some()
            })
            && let Some(clause) = all.get_mut(at + 1)
        {
            clause.lacks.insert("rather".to_owned());
        }
    }
}

/// "Not recommended: rewards for talking."
fn refused_ahead(parts: &[&[Token]], all: &mut [Clause]) {
    for (at, pair) in parts.windows(2).enumerate() {
        let [before, part] = pair else { continue };
        let refuses = before.len() < 4
            && before.iter().any(|token| NEGATORS.contains(&token.low.as_str()))
            && before
                .iter()
                .all(|token| token.is_mark() || is_stop(&token.low) || begins_as(token, STANDS));
        if refuses
            && part.first().is_some_and(|token| token.low == ":")
            && let Some(clause) = all.get_mut(at + 1)
        {
            clause.refuse();
        }
    }
}

/// The denial goes with what is reported: "nothing to suggest that he needs it", "is not to be read as rudeness".
fn reported(parts: &[&[Token]], all: &mut [Clause]) {
    for (at, part) in parts.iter().enumerate().skip(1) {
        let told = part
            .iter()
            .find(|token| !token.is_mark())
            .is_some_and(|token| matches!(token.low.as_str(), "that" | "as"));
        let reports = parts
            .get(at - 1)
            .and_then(|before| before.last())
            .is_some_and(|word| begins_as(word, REPORTS));
        if told
            && reports
            && all
                .get_mut(at - 1)
                .is_some_and(|clause| clause.denials.pop().is_some())
            && let Some(clause) = all.get_mut(at)
        {
            clause.refuse();
        }
    }
}

/// "cannot ask for help, answer the register or join in": one denial for all of a list.
fn listed(parts: &[&[Token]], all: &mut [Clause]) {
    for (at, part) in parts.iter().enumerate().skip(1) {
        let listed = part
            .first()
            .is_some_and(|token| matches!(token.low.as_str(), "," | "or" | "nor"))
            && part.get(1).is_some_and(|token| {
                !matches!(
                    token.low.as_str(),
                    "he" | "she" | "they" | "it" | "i" | "but" | "so" | "this"
                )
            });
        let denied = |clause: &Clause| !clause.denials.is_empty() || clause.lacks.contains(LISTED);
        if listed
            && all.get(at - 1).is_some_and(denied)
            && let Some(clause) = all.get_mut(at)
        {
            clause.lacks.insert(LISTED.to_owned());
        }
    }
}

/// "cannot start without a prompt" is "needs a prompt".
fn not_without(all: &mut [Clause]) {
    for sentence in all.chunk_by_mut(|_, next| !next.opens_sentence) {
        let words: Vec<&String> = sentence
            .iter()
            .flat_map(|clause| &clause.denials)
            .map(|denial| &denial.word)
            .collect();
        if words.len() > 1 && words.iter().any(|word| *word == "without") {
            sentence.iter_mut().for_each(Clause::limit);
        }
    }
}

/// What a clause lacks that goes on a list of what is denied.
const LISTED: &str = "not";

impl Clause {
    /// Takes what it says for refused.
    fn refuse(&mut self) {
        self.denials.push(Denial {
            limits: false,
            ends: false,
            word: "not".to_owned(),
            what: self.senses.first().cloned().unwrap_or_default(),
            judges: true,
            behind: self.senses.iter().take(REACH).cloned().collect(),
            before: Vec::new(),
        });
    }

    /// Takes its denials for limits.
    fn limit(&mut self) {
        for denial in &mut self.denials {
            denial.limits = true;
        }
    }

    fn of(tokens: &[Token], who: &Who) -> Self {
        let with = |list: &[&str]| -> BTreeSet<String> {
            tokens
                .iter()
                .filter(|token| begins_as(token, list) && !working_hard(tokens, token))
                .map(|token| sense(&token.low))
                .collect()
        };
        let mut denials = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let next = tokens.get(at + 1).map_or("", |token| token.low.as_str());
            let last = at
                .checked_sub(1)
                .and_then(|at| tokens.get(at))
                .map_or("", |token| token.low.as_str());
            let denies = NEGATORS.contains(&token.low.as_str())
                && !(NO_DENIAL.contains(&next) && next != "longer")
                && !(last == "or" && token.low == "not")
                && !(token.low == "no" && matches!(next, "." | ";" | "one") && next != "one");
            // "without it" names nothing that is denied.
            let names_nothing = token.low == "without"
                && matches!(
                    next,
                    "it" | "one" | "them" | "him" | "her" | "this" | "that" | "any"
                );
            if denies {
                let telling =
                    |t: &&Token| !names_nothing && t.is_word() && !is_stop(&t.low) && !who.is_subject(&t.low);
                let after = tokens.get(at + 1..).unwrap_or_default().iter();
                let mut after: Vec<&Token> = after.filter(telling).take(REACH + 1).collect();
                let ahead = tokens.get(..at).unwrap_or_default().iter().rev();
                let ahead: Vec<&Token> = ahead.filter(telling).take(REACH).collect();
                // "therapy is not indicated" denies the therapy.
                let judges = after.first().is_some_and(|first| begins_as(first, STANDS)) && !ahead.is_empty();
                if judges {
                    after.clear();
                }
                after.truncate(REACH);
                let what = after.first().or(ahead.first()).map_or(token, |what| what);
                let senses = |part: &[&Token]| part.iter().map(|t| sense(&t.low)).collect();
                let (behind, before): (Vec<String>, Vec<String>) = (senses(&after), senses(&ahead));
                denials.push(Denial {
                    limits: limits(tokens),
                    ends: next == "longer",
                    word: token.low.clone(),
                    what: what.low.clone(),
                    judges,
                    behind,
                    before,
                });
            }
        }
        Self {
            senses: tokens
                .iter()
                .filter(|t| t.is_word() && !is_stop(&t.low) && !who.is_subject(&t.low))
                .map(|t| sense(&t.low))
                .collect(),
            denials,
            lacks: with(LACKS),
            helps: with(HELPS),
            telling: said(tokens, who)
                .iter()
                .filter(|t| t.is_word() && !is_ordinary(&t.low) && !NEUTRAL.contains(&t.low.as_str()))
                .map(|t| t.low.clone())
                .collect(),
            able: able(tokens),
            contraries: tokens
                .iter()
                .filter_map(|token| contrary(&token.low))
                .chain(taken_out(tokens))
                .collect(),
            likeness: Likeness::of(tokens),
            turns: Turns::of(tokens),
            dates: tokens.iter().find(|token| !token.is_mark()).is_some_and(|token| {
                matches!(
                    token.low.as_str(),
                    "while" | "when" | "whenever" | "during" | "after"
                )
            }),
            opens_sentence: tokens
                .first()
                .is_some_and(|token| matches!(token.low.as_str(), "." | "!" | "?" | ";")),
        }
    }
}

/// Where words may stand that carry a denial: not in front of the subject, as in "in the view of the school she", and nowhere
/// when a thing is said to be there: "there have been times when".
fn said<'t>(tokens: &'t [Token], who: &Who) -> &'t [Token] {
    let words = tokens.iter().position(|token| !token.is_mark()).unwrap_or(0);
    let tokens = tokens.get(words..).unwrap_or_default();
    let opens = |list: &[&str]| {
        tokens
            .first()
            .is_some_and(|token| list.contains(&token.low.as_str()))
    };
    if opens(&["there"])
        && tokens
            .get(1)
            .is_some_and(|verb| matches!(verb.low.as_str(), "is" | "are" | "was" | "were" | "has" | "have"))
    {
        return &[];
    }
    if opens(&[
        "in",
        "at",
        "on",
        "for",
        "by",
        "according",
        "during",
        "after",
        "since",
        "from",
        "with",
    ]) {
        let subject = tokens.iter().position(|token| who.may_be_subject(&token.low));
        return subject.and_then(|at| tokens.get(at..)).unwrap_or(tokens);
    }
    tokens
}

/// What is said to be out: "when the aids are out".
fn taken_out(tokens: &[Token]) -> impl Iterator<Item = String> {
    tokens.windows(3).filter_map(|window| match window {
        [what, is, out]
            if matches!(is.low.as_str(), "is" | "are" | "was" | "were")
                && matches!(out.low.as_str(), "out" | "off" | "away" | "missing") =>
        {
            Some(what.low.clone())
        }
        _ => None,
    })
}

/// The word without the prefix that turns it round.
fn contrary(word: &str) -> Option<String> {
    ["un", "in", "im", "dis", "ir", "non"]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix))
        .filter(|rest| rest.len() > 4 || *rest == "used")
        .map(str::to_owned)
}

/// The senses of words behind "can" and "able to", with no denial between.
fn able(tokens: &[Token]) -> BTreeSet<String> {
    let words = tokens.windows(3).filter_map(|window| match window {
        [can, word, _] if can.low == "can" && word.is_word() => Some(word),
        [able, to, word] if able.low == "able" && to.low == "to" => Some(word),
        _ => None,
    });
    words
        .filter(|word| !is_stop(&word.low))
        .map(|word| sense(&word.low))
        .collect()
}

/// Whether a clause ends in what is compared: "for longer", before "than an hour".
fn limits(tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|token| {
        matches!(
            token.low.as_str(),
            "longer" | "more" | "less" | "fewer" | "greater" | "higher" | "lower" | "older" | "later"
        )
    })
}

/// "works hard", "hard-working", "hard floors" are no difficulty.
fn working_hard(tokens: &[Token], token: &Token) -> bool {
    token.low == "hard"
        && tokens
            .iter()
            .any(|other| other.low.starts_with("work") || other.low.starts_with("floor"))
}
