//! Who a statement is about, and whom it names (rules N01, N03, L11).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::english::{KIN, OTHER_PEOPLE, ROLES, SAYS};
use super::words::{Token, any, low, tokens};
use super::{Cited, Evidence, Remarks};
use crate::case::Case;
use crate::check::rules;
use crate::claim::Speaker;
use crate::recipe::Recipe;

/// Sets of pronouns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pronouns {
    He,
    She,
    They,
}

/// The names and the common words of a case.
#[derive(Debug)]
pub(in crate::check) struct Who {
    /// Words of the subject's own names.
    pub subject: BTreeSet<String>,
    pronouns: Option<Pronouns>,
    /// Names of siblings, friends and other children.
    others: BTreeSet<String>,
    /// Names that the sources put beside a role, and the families of those roles: "Mrs Beddoes (teaching assistant)".
    roles: BTreeMap<String, BTreeSet<usize>>,
    /// Words that the sources or the recipe write without a capital: no names.
    pub ordinary: Words,
    /// Words that the sources write with a capital only.
    pub proper: BTreeSet<String>,
}

/// Some thousand words to look up, in one piece of memory: each run holds them while it waits for a model, and a tree of
/// strings takes ten times as much.
#[derive(Debug, Default)]
pub(in crate::check) struct Words {
    /// The words in order, one behind the other.
    text: Box<str>,
    /// Where each ends.
    ends: Box<[u32]>,
}

impl Words {
    fn of(words: HashSet<String>) -> Self {
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        let mut end = 0;
        let ends = words.iter().map(|word| {
            end += u32::try_from(word.len()).unwrap_or(u32::MAX);
            end
        });
        Self {
            ends: ends.collect(),
            text: words.iter().map(String::as_str).collect(),
        }
    }

    fn at(&self, index: usize) -> Option<&str> {
        let place = |index: usize| Some(*self.ends.get(index)? as usize);
        let start = index.checked_sub(1).map_or(Some(0), place)?;
        self.text.get(start..place(index)?)
    }

    pub fn contains(&self, word: &str) -> bool {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.at(middle).map(|found| found.cmp(word)) {
                Some(Ordering::Less) => low = middle + 1,
                Some(Ordering::Equal) => return true,
                Some(Ordering::Greater) | None => high = middle,
            }
        }
        false
    }
}

/// What is being learnt of the case's words.
#[derive(Default)]
struct Learnt {
    ordinary: HashSet<String>,
    proper: HashSet<String>,
}

/// Most words were met before.
fn keep(words: &mut HashSet<String>, word: &str) {
    if !words.contains(word) {
        words.insert(word.to_owned());
    }
}

impl Learnt {
    fn sentence(&mut self, all: &[Token]) {
        for (at, token) in all.iter().enumerate().filter(|(_, token)| token.is_word()) {
            if !token.is_capital() {
                keep(&mut self.ordinary, &token.low);
            } else if !begins(all, at) {
                keep(&mut self.proper, &token.low);
            }
        }
    }

    fn recipe(&mut self, recipe: &Recipe) {
        let titles = recipe.sections.iter().map(|section| section.title.as_str());
        let labels = recipe.fields().map(|(_, field)| field.label.as_str());
        let areas = recipe.areas.iter().map(|area| area.title.as_str());
        let advice = recipe
            .advice
            .iter()
            .flat_map(|advice| [advice.title.as_str(), advice.author.as_str()]);
        let guidance = recipe.guidance.values().map(String::as_str);
        for text in titles.chain(labels).chain(areas).chain(advice).chain(guidance) {
            for token in tokens(text) {
                if !token.is_capital() || text.len() < 200 {
                    self.ordinary.insert(token.low);
                }
            }
        }
    }
}

impl Who {
    pub fn of(recipe: &Recipe, case: &Case) -> Self {
        let child = case.manifest.child.as_ref();
        let names = child
            .into_iter()
            .flat_map(|child| child.name.iter().chain(&child.preferred_name));
        let subject: BTreeSet<String> = names
            .flat_map(|name| tokens(name))
            .map(|token| token.low)
            .collect();
        let mut who = Self {
            subject,
            pronouns: child.and_then(|child| child.pronouns.as_deref()).and_then(stated),
            others: BTreeSet::new(),
            roles: BTreeMap::new(),
            ordinary: Words::default(),
            proper: BTreeSet::new(),
        };
        let mut learnt = Learnt::default();
        learnt.recipe(recipe);
        let mut counts: BTreeMap<Pronouns, usize> = BTreeMap::new();
        for document in case
            .sources
            .iter()
            .filter_map(|source| source.content.as_ref().ok())
        {
            for sentence in &document.sentences {
                let all = tokens(super::shortened(&sentence.text));
                learnt.sentence(&all);
                for set in all.iter().filter_map(|token| pronoun(&token.low)) {
                    *counts.entry(set).or_default() += 1;
                }
                for (name, family) in with_role(&all) {
                    who.roles.entry(name).or_default().insert(family);
                }
                who.others
                    .extend(recipe.lexicon.people.others.all(&sentence.text).map(low));
            }
        }
        // Who nobody declared a pronoun for has the one that the sources use by far the most.
        let most = counts
            .iter()
            .max_by_key(|(_, count)| **count)
            .map(|(set, _)| *set);
        who.pronouns = who.pronouns.or(most.filter(|set| *set != Pronouns::They));
        learnt.proper.retain(|word| !learnt.ordinary.contains(word));
        who.proper = learnt.proper.into_iter().collect();
        who.ordinary = Words::of(learnt.ordinary);
        who.others
            .retain(|name| !who.subject.contains(name) && who.proper.contains(name));
        who
    }

    pub fn is_subject(&self, word: &str) -> bool {
        self.subject.contains(word)
    }

    pub fn is_other(&self, word: &str) -> bool {
        self.others.contains(word)
    }

    /// Whether the sources say of somebody of this name that they have a role of the family.
    pub fn has_role(&self, name: &Token, family: usize) -> bool {
        name.is_capital()
            && self
                .roles
                .get(&name.low)
                .is_some_and(|families| families.contains(&family))
    }

    /// Whether the word is the subject's name or a pronoun that may mean the subject.
    pub fn may_be_subject(&self, word: &str) -> bool {
        self.is_subject(word) || pronoun(word).is_some_and(|set| self.pronouns.is_none_or(|own| own == set))
    }
}

/// Names with the roles that stand beside them: "Mrs Beddoes (teaching assistant)", "Tamsin Prosser, SENCO".
fn with_role(all: &[Token]) -> impl Iterator<Item = (String, usize)> {
    /// The most words of a role.
    const LONGEST: usize = 4;
    let names = all.windows(2).enumerate().filter(|(_, pair)| {
        matches!(pair, [name, mark] if name.is_capital() && matches!(mark.low.as_str(), "(" | ","))
    });
    names.flat_map(|(at, pair)| {
        let behind = all.get(at + 2..).unwrap_or_default();
        let role: &[Token] = behind
            .split(Token::is_mark)
            .next()
            .map_or(&[], |role| role.get(..LONGEST).unwrap_or(role));
        let name = pair.first().map_or("", |name| name.low.as_str());
        ROLES
            .iter()
            .enumerate()
            .filter(move |(_, family)| any(role, family).is_some())
            .map(|(family, _)| (name.to_owned(), family))
    })
}

fn stated(text: &str) -> Option<Pronouns> {
    text.split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .find_map(|word| pronoun(&word))
}

/// Whether a sentence that begins with the word says nothing of whom it means.
pub(super) fn is_pronoun(word: &str) -> bool {
    pronoun(word).is_some()
}

fn pronoun(word: &str) -> Option<Pronouns> {
    match word {
        "he" | "him" | "his" | "himself" => Some(Pronouns::He),
        "she" | "her" | "hers" | "herself" => Some(Pronouns::She),
        "they" | "them" | "their" | "theirs" | "themself" | "themselves" => Some(Pronouns::They),
        _ => None,
    }
}

/// Whether the token begins a sentence, a cell or a quotation.
pub(super) fn begins(all: &[Token], at: usize) -> bool {
    at.checked_sub(1).and_then(|at| all.get(at)).is_none_or(|before| {
        matches!(
            before.low.as_str(),
            "." | "!" | "?" | ":" | ";" | "\"" | "'" | "(" | "\u{2013}" | "-" | "\u{2022}"
        )
    })
}

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    super::names::check(cited, remarks);
    pronouns(cited, remarks);
    kin(cited, remarks);
    other_people(cited, remarks);
}

const MEN: &[&str] = &[
    "father",
    "dad",
    "brother",
    "uncle",
    "grandfather",
    "grandad",
    "boy",
    "boys",
    "mr",
    "son",
    "stepfather",
    "man",
];
const WOMEN: &[&str] = &[
    "mother",
    "mum",
    "sister",
    "aunt",
    "grandmother",
    "nan",
    "gran",
    "girl",
    "girls",
    "mrs",
    "ms",
    "miss",
    "daughter",
    "stepmother",
    "woman",
];

fn pronouns(cited: &Cited, remarks: &mut Remarks) {
    let Some(own) = cited.who.pronouns else { return };
    let spoken = quoted(&cited.text.tokens);
    for (at, token) in cited.text.tokens.iter().enumerate() {
        if spoken.contains(&at) {
            continue;
        }
        // "she or he" is anybody.
        let beside = |place: usize| {
            let either = |at: usize| {
                cited
                    .text
                    .tokens
                    .get(at)
                    .is_some_and(|token| pronoun(&token.low).is_some())
            };
            cited
                .text
                .tokens
                .get(place)
                .is_some_and(|token| token.low == "or")
                && either(place.wrapping_sub(1))
                && either(place + 1)
        };
        if beside(at + 1) || beside(at.wrapping_sub(1)) {
            continue;
        }
        let set = match token.low.as_str() {
            "boy" | "son" if own == Pronouns::She => Some(Pronouns::He),
            "girl" | "daughter" if own == Pronouns::He => Some(Pronouns::She),
            word => pronoun(word),
        };
        let Some(set) = set.filter(|set| *set != own && *set != Pronouns::They) else {
            continue;
        };
        let people = if set == Pronouns::He { MEN } else { WOMEN };
        let before = cited.text.tokens.get(..at).unwrap_or_default();
        let named = before.iter().any(|token| people.contains(&token.low.as_str()));
        let given = cited.evidence.iter().any(|evidence| {
            evidence
                .whole
                .tokens
                .iter()
                .any(|other| pronoun(&other.low) == Some(set))
                && before.iter().any(|token| {
                    token.is_capital()
                        && !cited.who.is_subject(&token.low)
                        && evidence.whole.tokens.contains(token)
                })
                || stands_so(&evidence.whole.tokens, &cited.text.tokens, at)
        });
        if !named && !given {
            remarks.add(
                &rules::PRONOUN,
                format!("\u{201c}{}\u{201d} is not the subject's pronoun", token.raw),
            );
        }
    }
}

/// Whether a word stands in the evidence between the same neighbours.
fn stands_so(given: &[Token], own: &[Token], at: usize) -> bool {
    let around = |all: &[Token], at: usize| -> Option<[String; 3]> {
        Some([
            all.get(at.checked_sub(1)?)?.low.clone(),
            all.get(at)?.low.clone(),
            all.get(at + 1)?.low.clone(),
        ])
    };
    let wanted = around(own, at);
    wanted.is_some() && (0..given.len()).any(|place| around(given, place) == wanted)
}

/// The places of tokens inside quotation marks.
pub(super) fn quoted(all: &[Token]) -> BTreeSet<usize> {
    let mut inside = false;
    let mut places = BTreeSet::new();
    for (at, token) in all.iter().enumerate() {
        if token.low == "\"" {
            inside = !inside;
        } else if inside {
            places.insert(at);
        }
    }
    places
}

/// How a parent calls who is this to the child.
fn of_the_parent(family: &[&str]) -> Option<&'static [&'static str]> {
    Some(match *family.first()? {
        "grandmother" => &["my mother", "my mum", "my mam", "my parents"],
        "grandfather" => &["my father", "my dad", "my parents"],
        "aunt" => &["my sister", "my sisters"],
        "uncle" => &["my brother", "my brothers"],
        "cousin" => &["my nephew*", "my niece*"],
        _ => return None,
    })
}

/// A relative is named only when the evidence names that relative, or is written by a parent.
fn kin(cited: &Cited, remarks: &mut Remarks) {
    let spoken = quoted(&cited.text.tokens);
    for family in KIN {
        let Some(at) = cited
            .text
            .tokens
            .iter()
            .position(|token| family.contains(&token.low.as_str()))
        else {
            continue;
        };
        if spoken.contains(&at) {
            continue;
        }
        let parent = family.contains(&"mother") || family.contains(&"father");
        let given = cited.evidence.iter().any(|evidence| {
            let texts = || {
                evidence
                    .texts()
                    .chain(&evidence.headings)
                    .chain(&evidence.role)
                    .chain(&evidence.before)
            };
            let holds = |words: &[&str]| texts().any(|text| any(&text.tokens, words).is_some());
            holds(family)
                || parent
                    && (holds(&["parents", "parent", "family", "carer*", "parental"])
                        || evidence.speaker == Speaker::Family && !holds(&["father", "mother", "dad", "mum"]))
                || parent
                    && evidence.speaker == Speaker::Family
                    && holds(&["i", "we", "my", "our", "us", "me"])
                || family.contains(&"mother") && holds(&["mrs", "ms", "maternal"])
                || family.contains(&"father") && holds(&["mr", "paternal"])
                || evidence.speaker == Speaker::Family && of_the_parent(family).is_some_and(&holds)
                || !parent && holds(&["sibling*", "family", "grandparent*", "relative*"])
                // "his brother" of a brother who is called by his name.
                || !parent
                    && evidence
                        .texts()
                        .flat_map(|text| &text.tokens)
                        .any(|token| token.is_capital() && cited.who.is_other(&token.low))
        });
        if !given {
            remarks.add(
                &rules::NAME,
                "the statement names a relative whom the evidence does not".into(),
            );
        }
    }
}

/// A sentence about somebody else does not become one about the subject (sibling, other pupil, a parent's illness).
fn other_people(cited: &Cited, remarks: &mut Remarks) {
    for evidence in &cited.evidence {
        let Some(person) = begins_with_other(cited.who, evidence) else {
            continue;
        };
        let mentioned = cited.text.tokens.iter().any(|token| {
            person.iter().any(|word| same_person(word, &token.low)) || cited.who.is_other(&token.low)
        }) || cited.holds(&[
            "guardian*",
            "carer*",
            "another",
            "others",
            "relative*",
            "family",
            "families",
            "parent*",
            "sibling*",
            "peers",
            "peer",
            "friends",
            "friend",
            "classmate*",
            "children",
        ]);
        let alone = cited
            .evidence
            .iter()
            .all(|other| std::ptr::eq(other, evidence) || other.shared < evidence.shared);
        if !mentioned && evidence.shared >= 2 && alone {
            remarks.add(
                &rules::OTHER_PERSON,
                "the evidence is about somebody else than the subject".into(),
            );
        }
    }
}

/// The words for the person with whom a sentence begins, who is not the subject and does not report on the subject.
fn begins_with_other(who: &Who, evidence: &Evidence) -> Option<Vec<String>> {
    let all = &evidence.part().tokens;
    let first = all.first()?;
    if let Some(people) = means_other(who, evidence, &first.low) {
        return Some(people.iter().map(|word| (*word).to_owned()).collect());
    }
    let titled = titled(all);
    let person: Vec<String> = if !titled.is_empty() {
        if any(all, SAYS).is_some() {
            return None;
        }
        titled.clone()
    } else if who.is_other(&first.low) {
        vec![
            first.low.clone(),
            "brother".into(),
            "sister".into(),
            "cousin".into(),
        ]
    } else {
        let opening = all.get(..3.min(all.len()))?;
        let phrase = OTHER_PEOPLE
            .iter()
            .find(|phrase| super::words::begin(opening, phrase));
        let owned = who.is_subject(&first.low)
            && all
                .get(1)
                .is_some_and(|token| KIN.iter().any(|kin| kin.contains(&token.low.as_str())))
            && !evidence.raw.contains(',');
        match phrase {
            Some(phrase) => phrase.split(' ').skip(1).map(str::to_owned).collect(),
            None if owned => vec![all.get(1)?.low.clone()],
            None => return None,
        }
    };
    let named = who.is_other(&first.low) || !titled.is_empty();
    let said = !named && any(all.get(1..8.min(all.len())).unwrap_or_default(), SAYS).is_some();
    (!said).then_some(person)
}

/// "Mrs Hale has a bad back": the words for her, a parent's among them, for a plan says "his mother".
fn titled(all: &[Token]) -> Vec<String> {
    const ILL: &[&str] = &[
        "has",
        "had",
        "takes",
        "was treated",
        "suffers",
        "is ill",
        "lost",
        "smokes",
        "drinks",
        "finds",
        "struggles",
        "feels",
    ];
    let [title, name, ..] = all else {
        return Vec::new();
    };
    let of_her_own = any(all.get(2..5.min(all.len())).unwrap_or_default(), ILL).is_some();
    if !matches!(title.low.as_str(), "mr" | "mrs" | "ms" | "miss") || !name.is_capital() || !of_her_own {
        return Vec::new();
    }
    let people = if title.low == "mr" { MEN } else { WOMEN };
    people
        .iter()
        .map(|word| (*word).to_owned())
        .chain([name.low.clone()])
        .collect()
}

/// The words for whom a pronoun at the head of a sentence means, when that is not the subject: it is not the subject's
/// pronoun, or the sentence before is about a relative whom it fits.
fn means_other<'w>(who: &Who, evidence: &Evidence, first: &str) -> Option<&'w [&'w str]> {
    let set = pronoun(first).filter(|set| *set != Pronouns::They)?;
    let people = if set == Pronouns::He { MEN } else { WOMEN };
    let own = who.pronouns?;
    if own != set {
        return (own != Pronouns::They).then_some(people);
    }
    let before = &evidence.before.as_ref()?.tokens;
    let opening = before.get(..3.min(before.len()))?;
    let relative = OTHER_PEOPLE.iter().any(|phrase| {
        let person = phrase.rsplit(' ').next().unwrap_or_default();
        super::words::begin(opening, phrase) && people.contains(&person)
    });
    let told = any(before, SAYS).is_some() || before.iter().any(|token| who.is_subject(&token.low));
    (relative && !told).then_some(people)
}

fn same_person(word: &str, token: &str) -> bool {
    word == token || KIN.iter().any(|kin| kin.contains(&word) && kin.contains(&token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_no_others() {
        for own in [&[][..], &["one"], &["a", "ab", "b", "child's", "é"]] {
            let set: HashSet<String> = own.iter().map(ToString::to_string).collect();
            let words = Words::of(set.clone());
            for word in ["", "a", "ab", "abb", "b", "child", "child's", "é", "one", "z"] {
                assert_eq!(words.contains(word), set.contains(word), "{word:?} in {own:?}");
            }
        }
    }
}
