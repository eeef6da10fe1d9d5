//! Denials: none is dropped, none is added (rule G08).
//!
//! A denial is compared by what it denies. Another wording of it ("has difficulty in", "rarely", "needs help to") counts
//! as a denial too, unless it is part of what is denied.

use std::collections::BTreeSet;

use super::content::{Known, is_ordinary};
use super::english::{HELPS, LACKS, NEGATORS, NO_DENIAL};
use super::people::Who;
use super::words::{Token, akin, any, begins_as, clauses, is_stop, sense};
use super::{Cited, Remarks, Text};
use crate::check::rules;

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
struct Turns {
    /// It says that something is below another.
    compares: bool,
    /// It says that nobody is more so: "than anybody", "as anyone".
    is_best: bool,
    /// It says since when.
    dates: bool,
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

/// A part of a text between two breaks.
struct Clause {
    senses: Vec<String>,
    /// Of each denial, the senses of what it denies, the nearest first, and those before it.
    denials: Vec<Denial>,
    /// Senses of words that say a lack.
    lacks: BTreeSet<String>,
    /// Senses of words of help.
    helps: BTreeSet<String>,
    /// Telling words, as written.
    telling: Vec<String>,
    /// Senses of the words that are said to be done: "able to read", "can read".
    able: BTreeSet<String>,
    /// Words that a prefix turns round, without it: "familiar" of "unfamiliar".
    contraries: Vec<String>,
    turns: Turns,
    /// It opens a sentence.
    opens_sentence: bool,
    /// It only tells when something is so.
    dates: bool,
    /// It says that something is the same.
    is_same: bool,
}

#[derive(Clone)]
struct Denial {
    /// "not for longer than an hour": a limit, which `amounts` compares.
    limits: bool,
    /// "no longer".
    ends: bool,
    word: String,
    /// What is denied, as written.
    what: String,
    /// It says of what stands before that it is not wanted: "is not indicated".
    judges: bool,
    behind: Vec<String>,
    before: Vec<String>,
}

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
                let elsewhere = all.iter().chain(&known).any(|other| {
                    other.denials.is_empty() && other.lacks.is_empty() && covers_most(denial, &other.senses)
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

fn read(text: &Text, who: &Who) -> Vec<Clause> {
    let parts = clauses(&text.tokens);
    let mut all: Vec<Clause> = parts.iter().map(|part| Clause::of(part, who)).collect();
    // "does not sleep before midnight" is "sleeps after it".
    let next = parts.iter().skip(1).map(|part| part.first());
    for (clause, next) in all.iter_mut().zip(next) {
        if next.is_some_and(|token| matches!(token.low.as_str(), "before" | "until" | "unless")) {
            clause.limit();
        }
    }
    // "rather than defiance" denies it.
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
    // "Not recommended: rewards for talking."
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
    // "nothing to suggest that he needs it", "I do not consider that she has it", "is not to be read as rudeness".
    for (at, part) in parts.iter().enumerate().skip(1) {
        let told = part
            .iter()
            .find(|token| !token.is_mark())
            .is_some_and(|token| matches!(token.low.as_str(), "that" | "as"));
        let reports = parts
            .get(at - 1)
            .and_then(|before| before.last())
            .is_some_and(|word| begins_as(word, REPORTS));
        // The denial goes with what is reported.
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
    // "cannot ask for help, answer the register or join in": one denial for all of a list.
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
    // "cannot start without a prompt" is "needs a prompt".
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
    all
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
            is_same: any(tokens, &["same"]).is_some(),
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
        .filter(|rest| rest.len() > 4)
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

/// "works hard", "hard-working", "hard floors" are no difficulty.
fn working_hard(tokens: &[Token], token: &Token) -> bool {
    token.low == "hard"
        && tokens
            .iter()
            .any(|other| other.low.starts_with("work") || other.low.starts_with("floor"))
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
        let near = |other: &Clause| {
            !other.denials.is_empty()
                || other.lacks.iter().any(|lack| !clause.senses.contains(lack))
                || other.contraries.iter().any(|contrary| akin(first, contrary))
                || other.helps.iter().any(|help| !clause.senses.contains(help))
        };
        let neighbours = beside
            .into_iter()
            .flatten()
            .any(|other| !other.denials.is_empty() && covers_any(denial, other));
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
    // "is no longer running" of a group that has ended.
    let over = |lack: &String| {
        ["end", "stop", "ceas", "finish", "discontinu", "withdraw", "left"]
            .iter()
            .any(|head| lack.starts_with(head))
    };
    // "is no longer working" of a mother who has given it up.
    let given_up = |other: &&Clause| other.senses.contains(&sense("given"));
    if denial.ends
        && known
            .iter()
            .any(|other| other.lacks.iter().any(over) || given_up(other))
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
    // "neither is below the normal range" of what is within it.
    if clause.turns.compares && !known.iter().any(|other| other.turns.compares) {
        return;
    }
    // "has not met a friend since November" of "last met a friend in November".
    if denial.word == "not"
        && known
            .iter()
            .any(|other| other.turns.dates && covers(denial, &other.senses))
    {
        return;
    }
    // "has never met anyone as tidy" of "tidier than anybody".
    let best = || known.iter().any(|other| other.turns.is_best);
    if clause.turns.is_best && best() {
        return;
    }
    // "whom she does not know" of "unfamiliar".
    let contrary_word = |other: &&&Clause| {
        let senses = || denial.behind.iter().chain(&denial.before);
        other
            .contraries
            .iter()
            .any(|contrary| akin(&denial.what, contrary) || senses().any(|sense| akin(sense, contrary)))
    };
    if known.iter().any(|other| contrary_word(&other)) {
        return;
    }
    // "no absence was unauthorised" of "all absence authorised".
    let doubled = |other: &&&Clause| {
        clause
            .contraries
            .iter()
            .any(|contrary| other.senses.contains(&sense(contrary)))
    };
    // "should not change" of "the same".
    let changes = |sense: &String| {
        ["chang", "differ", "vary", "alter"]
            .iter()
            .any(|head| sense.starts_with(head))
    };
    if denial.behind.first().is_some_and(changes) && known.iter().any(|other| other.is_same) {
        return;
    }
    if known.iter().any(|other| doubled(&other)) {
        return;
    }
    // "without one": what is denied is not named again.
    if known
        .iter()
        .flat_map(|other| &other.denials)
        .any(|other| other.word == denial.word && other.behind.is_empty())
    {
        return;
    }
    let about: Vec<&&Clause> = known
        .iter()
        .filter(|other| covers(denial, &other.senses))
        .collect();
    // What is denied without standing in the evidence is new, and for others to find.
    let contrary = !about.is_empty() && !about.iter().any(|other| negative(other));
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
