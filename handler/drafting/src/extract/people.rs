//! Who is who: names are replaced by what they are, so that cues need not know them.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Manifest;
use crate::document::Document;
use crate::recipe::lexicon::{Lexicon, fold};

/// What stands in folded text for the names of the subject.
pub const SUBJECT: &str = "subjectname";
/// What stands there for a parent or carer.
pub const PARENT: &str = "parentname";
/// What stands there for a sibling, a friend, another child.
pub const OTHER: &str = "othername";
/// What stands there for a pronoun that cannot be the subject's.
pub const SOMEONE: &str = "someoneelse";
/// What stands there for anybody else who has a title and a surname.
pub const STAFF: &str = "staffname";

/// The people of one source.
pub(crate) struct People {
    names: BTreeMap<String, &'static str>,
    surnames: BTreeSet<String>,
    titles: BTreeSet<String>,
    /// Pronouns that cannot mean the subject.
    strange: BTreeSet<String>,
}

impl People {
    /// Learns the names from the manifest, from the source's own facts, and from the words around names.
    pub fn of(lexicon: &Lexicon, manifest: &Manifest, facts: &[(&str, &str)], document: &Document) -> Self {
        let mut people = Self {
            names: BTreeMap::new(),
            surnames: BTreeSet::new(),
            titles: lexicon.people.titles.iter().map(|title| fold(title)).collect(),
            strange: strange(lexicon, manifest, document),
        };
        for sentence in &document.sentences {
            let others = lexicon.people.others.all(&sentence.text);
            people.learn(others.filter(|name| is_name(lexicon, document, name)), OTHER);
            people.learn(lexicon.people.parents.all(&sentence.text), PARENT);
        }
        for (key, value) in facts {
            if lexicon.person.facts.iter().any(|fact| fact.is_name(key)) {
                people.learn(value.split_whitespace().take(1), PARENT);
            }
        }
        let key = |wanted: &Option<String>| wanted.clone().unwrap_or_default();
        let (name, preferred) = (key(&lexicon.subject.name), key(&lexicon.subject.preferred_name));
        let child = manifest.child.as_ref();
        let given = |wanted: &str| {
            facts
                .iter()
                .find(|(key, _)| *key == wanted)
                .map(|(_, value)| *value)
        };
        let name = child
            .and_then(|child| child.name.as_deref())
            .or_else(|| given(&name));
        let preferred = child
            .and_then(|child| child.preferred_name.as_deref())
            .or_else(|| given(&preferred));
        people.subject(name, preferred);
        people
    }

    fn learn<'t>(&mut self, names: impl Iterator<Item = &'t str>, token: &'static str) {
        for name in names {
            self.names.insert(fold(name), token);
        }
    }

    /// The last word of a full name is a surname, which the family shares; the others name the subject alone.
    fn subject(&mut self, name: Option<&str>, preferred: Option<&str>) {
        let words: Vec<&str> = name.unwrap_or("").split_whitespace().collect();
        if let Some((surname, forenames)) = words.split_last() {
            if forenames.is_empty() {
                self.learn(words.iter().copied(), SUBJECT);
            } else {
                self.surnames.insert(fold(surname));
                self.learn(forenames.iter().copied(), SUBJECT);
            }
        }
        self.learn(preferred.into_iter(), SUBJECT);
    }

    /// Folded text with names replaced.
    pub fn fold(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut before: Option<&'static str> = None;
        let mut titled = false;
        for piece in pieces(text) {
            if !piece.starts_with(is_word) {
                out.push_str(&fold(piece));
                // Names run on over blanks and the full stop of an initial or a title, over nothing else.
                if !piece.chars().all(|c| c == ' ' || c == '.') {
                    (before, titled) = (None, false);
                }
                continue;
            }
            let word = fold(piece);
            let capital = piece.starts_with(char::is_uppercase);
            let token = capital.then(|| self.token(&word, titled, before)).flatten();
            let token = token.or_else(|| self.strange.contains(&word).then_some(SOMEONE));
            titled = capital && (self.titles.contains(&word) || (titled && word.len() == 1));
            match token {
                // A surname or second forename adds nothing to the name before it.
                Some(token) if before == Some(token) => drop_blanks(&mut out),
                Some(token) => out.push_str(token),
                None => out.push_str(&word),
            }
            before = token;
        }
        out
    }

    fn token(&self, word: &str, titled: bool, before: Option<&'static str>) -> Option<&'static str> {
        if self.surnames.contains(word) {
            return Some(if titled { PARENT } else { before.unwrap_or(SUBJECT) });
        }
        if titled && word.len() > 1 {
            return Some(STAFF);
        }
        self.names.get(word).copied()
    }
}

/// The pronouns that cannot mean the subject: the other sets, when the manifest names one, else when one set stands
/// in the document three times as often as all others together.
fn strange(lexicon: &Lexicon, manifest: &Manifest, document: &Document) -> BTreeSet<String> {
    let sets = &lexicon.people.pronouns;
    let stated = manifest
        .child
        .as_ref()
        .and_then(|child| child.pronouns.as_deref())
        .map(fold);
    let named = |set: &&Vec<String>| {
        stated.as_deref().is_some_and(|stated| {
            stated
                .split('/')
                .any(|word| set.iter().any(|own| own == word.trim()))
        })
    };
    let own = sets.iter().find(named).or_else(|| commonest(sets, document));
    let Some(own) = own else { return BTreeSet::new() };
    sets.iter().filter(|set| *set != own).flatten().cloned().collect()
}

fn commonest<'l>(sets: &'l [Vec<String>], document: &Document) -> Option<&'l Vec<String>> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let words = document
        .sentences
        .iter()
        .flat_map(|sentence| sentence.text.split(|c: char| !c.is_alphabetic()));
    for word in words.map(str::to_lowercase) {
        if let Some(set) = sets.iter().position(|set| set.contains(&word)) {
            *counts.entry(set).or_default() += 1;
        }
    }
    let (set, most) = counts.iter().max_by_key(|(_, count)| **count)?;
    let others: usize = counts
        .iter()
        .filter(|(other, _)| *other != set)
        .map(|(_, count)| count)
        .sum();
    (*most >= 3 * others.max(1)).then(|| sets.get(*set)).flatten()
}

impl crate::recipe::lexicon::PersonFact {
    /// Whether one of its fields holds the person's name.
    fn is_name(&self, key: &str) -> bool {
        self.keys.iter().any(|own| own == key) && key.ends_with("_name")
    }
}

/// Whether a word that stands where a name would is one: no word that begins other sentences, and none that the
/// document also writes without a capital.
fn is_name(lexicon: &Lexicon, document: &Document, word: &str) -> bool {
    let (folded, lower) = (fold(word), word.to_lowercase());
    let common = |text: &str| text.split(|c: char| !is_word(c)).any(|other| other == lower);
    !lexicon.people.no_names.are(&folded) && !document.sentences.iter().any(|sentence| common(&sentence.text))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-'
}

/// Words and what stands between them, in order.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let word = rest.starts_with(is_word);
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c| is_word(c) != word).unwrap_or(rest.len());
        let (piece, left) = rest.split_at(end);
        rest = left;
        Some(piece)
    })
}

fn drop_blanks(out: &mut String) {
    out.truncate(out.trim_end().len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Subject;
    use crate::source::{Block, Content, Format, Reading};

    fn people(text: &str) -> People {
        let lexicon = crate::recipe::lexicon::parse(
            r"
            [people]
            titles = ['Mr', 'Mrs', 'Ms', 'Dr']
            others = ['(?:sister|friend),? ((?-i:[A-Z]\w+))']
            [subject]
            name = 'name'
            ",
        )
        .unwrap();
        let manifest = Manifest {
            child: Some(
                Subject {
                    name: Some("Will Ray Ashdown".into()),
                    preferred_name: Some("Billy".into()),
                    ..Subject::default()
                }
                .into(),
            ),
            ..Manifest::default()
        };
        let block = Block {
            page: None,
            breaks: Vec::new(),
            content: Content::Paragraph {
                text: text.into(),
                bold: Vec::new(),
            },
        };
        let reading = Reading {
            format: Format::Text,
            pages: None,
            blocks: vec![block],
            notices: Vec::new(),
        };
        People::of(&lexicon, &manifest, &[], &Document::number(1, &reading))
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(people("His sister Grace is six.").fold(text), expected);
    }

    #[test]
    fn names_become_what_they_are() {
        check("Will Ashdown will play.", "subjectname will play.");
        check("Billy's friend", "subjectname's friend");
        check("Mrs Ashdown says grace.", "mrs parentname says grace.");
        check(
            "Grace likes Dr. P. Moss\u{2019}s room",
            "othername likes dr. p. staffname's room",
        );
        check("Will, Grace", "subjectname, othername");
        check("", "");
    }
}
