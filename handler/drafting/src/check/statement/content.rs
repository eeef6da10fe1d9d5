//! What a statement says besides its evidence: conditions, roles, equipment, whole clauses.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::english::{LACKS, ORDINARY, ROLES, SENSITIVE, THINGS};
use super::words::{Token, any, clauses, groups, is_stop, place_of, sense, stem};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;
use crate::recipe::Role;

static PLAIN: LazyLock<BTreeSet<String>> = LazyLock::new(|| ORDINARY.split_whitespace().map(sense).collect());

/// Care for a thing or a friend, and not by the council.
const LOOKED_AFTER_SOMETHING: &[&str] = &[
    "looked after the",
    "looked after a",
    "looked after an",
    "looked after his",
    "looked after her",
    "looked after their",
    "looked after its",
    "looked after other",
    "looked after younger",
    "looked after in the",
    "looked after in hospital",
];

/// Whether the word belongs to every plan.
pub(super) fn is_ordinary(word: &str) -> bool {
    is_stop(word) || PLAIN.contains(&sense(word))
}

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    families(cited, remarks);
    clauses_of_their_own(cited, remarks);
}

fn families(cited: &Cited, remarks: &mut Remarks) {
    let given = |family: &[&str]| {
        cited.evidence.iter().any(|evidence| {
            evidence
                .texts()
                .chain(&evidence.headings)
                .chain(&evidence.role)
                .any(|text| any(&text.tokens, family).is_some())
        })
    };
    for family in SENSITIVE {
        if let Some(word) = any(&cited.text.tokens, family)
            && !given(family)
            && !(word.contains("hearing") && given(&["conductive", "sensorineural"]))
            && !(word == "looked after" && cited.holds(LOOKED_AFTER_SOMETHING))
            && !is_spelt_out(cited, word)
        {
            remarks.add(
                &rules::SENSITIVE,
                format!(
                    "\u{201c}{}\u{201d} does not stand in the evidence",
                    word.trim_end_matches('*')
                ),
            );
        }
    }
    if other_deliverer(cited) {
        remarks.add(
            &rules::UNSUPPORTED,
            "the evidence has somebody else do it than the statement".into(),
        );
    }
    for (families, what) in [(ROLES, "role"), (THINGS, "thing")] {
        for (at, family) in families.iter().enumerate() {
            if let Some(word) = any(&cited.text.tokens, family)
                && !given(family)
                // Aids are of many kinds; only those for hearing are told apart.
                && word != "aid"
                && !(family.contains(&"hospital*") && given(&["admitted", "admission*"]))
                && !is_author(cited, family)
                && !(what == "role" && is_called_by_name(cited, at))
                && !is_spelt_out(cited, word)
                && !is_adjective(cited, word)
            {
                remarks.add(
                    &rules::UNSUPPORTED,
                    format!(
                        "the {what} \u{201c}{}\u{201d} does not stand in the evidence",
                        word.trim_end_matches('*')
                    ),
                );
            }
        }
    }
}

/// Whether the evidence calls somebody of the role by name: of "Mrs Beddoes" the sources say elsewhere what she is.
fn is_called_by_name(cited: &Cited, family: usize) -> bool {
    let texts = cited.evidence.iter().flat_map(Evidence::texts);
    texts
        .flat_map(|text| &text.tokens)
        .any(|token| cited.who.has_role(token, family))
}

/// Whether a measure is put into the hands of somebody whom the evidence's own words do not name, although they name another:
/// its author, where the table has an assistant deliver it.
fn other_deliverer(cited: &Cited) -> bool {
    if cited.purpose != Some(Role::Measure) {
        return false;
    }
    let named = |tokens: &[Token]| -> BTreeSet<usize> {
        let families = ROLES.iter().enumerate();
        let teacher = any(tokens, &["class teacher*", "teacher*"]).map(|_| ROLES.len());
        families
            .filter(|(_, family)| any(tokens, family).is_some())
            .map(|(at, _)| at)
            .chain(teacher)
            .collect()
    };
    let own = named(&cited.text.tokens);
    let given: BTreeSet<usize> = cited
        .evidence
        .iter()
        .flat_map(Evidence::texts)
        .flat_map(|text| named(&text.tokens))
        .chain((0..ROLES.len()).filter(|family| is_called_by_name(cited, *family)))
        .collect();
    !own.is_empty() && !given.is_empty() && own.is_disjoint(&given)
}

/// "The principal reason" names nobody.
fn is_adjective(cited: &Cited, word: &str) -> bool {
    const WHAT: &[&str] = &[
        "reason*",
        "aim*",
        "concern*",
        "difficult*",
        "need*",
        "method*",
        "way*",
        "means",
        "source*",
        "area*",
        "mode*",
        "language*",
        "cause*",
        "interest*",
        "goal*",
        "barrier*",
        "form*",
        "focus",
        "strength*",
    ];
    let all = &cited.text.tokens;
    word == "principal*"
        && place_of(all, word)
            .and_then(|at| all.get(at + 1..at + 2))
            .is_some_and(|next| any(next, WHAT).is_some())
}

/// The most words that an initialism stands for.
const INITIALS: usize = 5;

/// Whether the evidence has the initials of the words: "PA" for a personal assistant, "CP" for cerebral palsy.
fn is_spelt_out(cited: &Cited, phrase: &str) -> bool {
    let short = initialisms(cited);
    place_of(&cited.text.tokens, phrase).is_some_and(|at| {
        spelt_out(&cited.text.tokens, &short)
            .iter()
            .any(|words| words.contains(&at))
    })
}

/// The words in capitals of the evidence, lower case, without the ending of several.
fn initialisms<'c>(cited: &'c Cited<'_>) -> BTreeSet<&'c str> {
    let texts = cited
        .evidence
        .iter()
        .flat_map(|evidence| evidence.texts().chain(&evidence.headings));
    texts
        .flat_map(|text| &text.tokens)
        .filter(|token| {
            let bare = token.raw.strip_suffix('s').unwrap_or(&token.raw);
            bare.len() > 1 && bare.chars().all(char::is_uppercase)
        })
        .map(|token| {
            token
                .low
                .strip_suffix('s')
                .filter(|_| token.raw.ends_with('s'))
                .unwrap_or(&token.low)
        })
        .collect()
}

/// Where `tokens` spell out an initialism: each word or hyphenated part gives a letter.
fn spelt_out(tokens: &[Token], short: &BTreeSet<&str>) -> Vec<std::ops::Range<usize>> {
    if short.is_empty() {
        return Vec::new();
    }
    let runs = (0..tokens.len()).flat_map(|at| (2..=INITIALS).map(move |length| at..at + length));
    runs.filter(|run| {
        tokens.get(run.clone()).is_some_and(|words| {
            let initials: String = words.iter().filter_map(|word| word.low.chars().next()).collect();
            words.iter().all(Token::is_word) && short.contains(initials.as_str())
        })
    })
    .collect()
}

/// Whether the words name the author of the evidence: it is written in the first person, or the statement stands where
/// nobody is given anything to do.
pub(super) fn is_author(cited: &Cited, words: &[&str]) -> bool {
    const FIRST: &[&str] = &["i", "my", "me", "we", "our", "us"];
    cited.evidence.iter().any(|evidence| {
        let told = cited.purpose != Some(Role::Measure) || any(&evidence.whole.tokens, FIRST).is_some();
        told && evidence
            .head
            .iter()
            .any(|text| any(&text.tokens, words).is_some())
    })
}

/// A clause most of whose telling words stand nowhere in the evidence was not taken from it. The nearer the rest of the
/// statement is to the words of its evidence, the fewer foreign words tell.
fn clauses_of_their_own(cited: &Cited, remarks: &mut Remarks) {
    let known = Known::of(cited);
    let spoken = super::people::quoted(&cited.text.tokens);
    if !spoken.is_empty() {
        return;
    }
    let parts: Vec<Part> = wide(&cited.text.tokens)
        .into_iter()
        .map(|clause| Part::of(&clause, cited, &known))
        .collect();
    let (all, held) = parts.iter().fold((0, 0), |(all, held), part| {
        (all + part.telling, held + part.telling - part.own.len())
    });
    // Words for words another statement: each clause may share a word with the evidence, and the whole says something else.
    if all >= 6 && held * 3 < all {
        remarks.add(
            &rules::UNSUPPORTED,
            "the evidence has hardly any of its words".into(),
        );
    }
    for part in &parts {
        let rest = all - part.telling;
        let rest_held = held + part.own.len() - part.telling;
        let least = match () {
            () if rest >= 3 && rest_held == rest && (part.is_reason || part.opens && !part.anchored) => 1,
            () if rest >= 3 && rest_held * 4 >= rest * 3 && !part.anchored => 2,
            () if rest == 2 && rest_held == rest && part.opens && !part.anchored => 2,
            () => 3,
        };
        if part.own.len() >= least && part.own.len() * 5 >= part.telling * 4 {
            remarks.add(
                &rules::UNSUPPORTED,
                format!(
                    "the evidence says nothing of \u{201c}{}\u{201d}",
                    part.own.join(", ")
                ),
            );
        }
    }
}

/// A clause: how many telling words it has, and which of them the evidence has not.
struct Part {
    telling: usize,
    own: Vec<String>,
    /// It gives a reason.
    is_reason: bool,
    /// It is joined to what goes before by a word, and says something whole that no denial says in other words.
    opens: bool,
    /// It has a word of every plan, or an amount, that the evidence has too: it may tell the same in other words.
    anchored: bool,
}

impl Part {
    fn of(clause: &[Token], cited: &Cited, known: &Known) -> Self {
        let telling: Vec<&Token> = clause
            .iter()
            .filter(|token| {
                token.is_word() && !is_ordinary(&token.low) && !cited.who.may_be_subject(&token.low)
            })
            .filter(|token| super::number::read(std::slice::from_ref(token), 0).is_none())
            .collect();
        let own: Vec<String> = telling
            .iter()
            .filter(|token| !known.holds(&token.low))
            .map(|token| token.raw.clone())
            .collect();
        let mut words = clause.iter().filter(|token| token.is_word());
        let joined = words.next().is_some_and(|token| {
            matches!(
                token.low.as_str(),
                "and" | "because" | "which" | "but" | "so" | "although" | "after"
            )
        });
        let opens = joined
            && words.count() >= 3
            && !telling
                .iter()
                .any(|token| LACKS.iter().any(|head| token.low.starts_with(head)));
        let anchored = clause.iter().any(|token| {
            !is_stop(&token.low) && !cited.who.may_be_subject(&token.low) && known.holds(&token.low)
        });
        Self {
            telling: telling.len(),
            own,
            is_reason: is_reason(clause),
            opens,
            anchored,
        }
    }
}

/// "because of nightmares": short, and yet something of its own.
fn is_reason(clause: &[Token]) -> bool {
    clause.first().is_some_and(|token| token.low == "because")
}

/// Clauses, those of one or two words joined with what goes before.
fn wide(all: &[Token]) -> Vec<Vec<Token>> {
    let mut parts: Vec<Vec<Token>> = Vec::new();
    for clause in clauses(all) {
        match parts.last_mut() {
            Some(last) if clause.iter().filter(|token| token.is_word()).count() < 4 && !is_reason(clause) => {
                last.extend(clause.iter().cloned());
            }
            _ => parts.push(clause.to_vec()),
        }
    }
    parts
}

/// What the evidence and its headings say: words by their stems and by what they may mean.
pub(super) struct Known {
    stems: BTreeSet<String>,
    groups: BTreeSet<usize>,
    /// Words of the statement that spell out initials of the evidence.
    spelt_out: BTreeSet<String>,
}

impl Known {
    pub fn of(cited: &Cited) -> Self {
        let texts = cited
            .evidence
            .iter()
            .flat_map(|evidence| evidence.texts().chain(&evidence.headings).chain(&evidence.role));
        let mut known = Self {
            stems: BTreeSet::new(),
            groups: BTreeSet::new(),
            spelt_out: spelt_out(&cited.text.tokens, &initialisms(cited))
                .into_iter()
                .filter_map(|run| cited.text.tokens.get(run))
                .flatten()
                .map(|token| token.low.clone())
                .collect(),
        };
        for token in texts
            .flat_map(|text| &text.tokens)
            .filter(|token| token.is_word())
        {
            let stem = stem(&token.low);
            if !is_stop(&token.low) {
                known.groups.extend(groups(&stem));
            }
            known.stems.insert(stem);
        }
        known
    }

    /// Whether the evidence has the word, one of the same sense, or one that begins as it does.
    pub fn holds(&self, word: &str) -> bool {
        let own = stem(word);
        let head: String = own.chars().take(5).collect();
        let near = head.chars().count() == 5
            && self
                .stems
                .range(head.clone()..)
                .next()
                .is_some_and(|other| other.starts_with(&head));
        // "dislikes" of "does not like": whether it is denied is for `polarity` to tell.
        let turned = ["un", "dis", "in", "im"]
            .iter()
            .filter_map(|prefix| word.strip_prefix(prefix))
            .any(|rest| rest.len() > 3 && self.stems.contains(&stem(rest)));
        near || turned
            || self.spelt_out.contains(word)
            || self.stems.contains(&own)
            || groups(&own).iter().any(|group| self.groups.contains(group))
    }
}
