//! Writing statements from claims, and mending them in the words of their sources.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Script;
use super::phrase::{self, Person};
use super::prompt::{Claim, Field, Request};
use super::words::tokens;

/// The most claims and words of a statement that joins several.
const MOST_JOINED: usize = 6;
const MOST_WORDS: usize = 110;

/// What the writer does wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plant {
    /// The first statement of each request that holds a number holds another one.
    WrongNumber {
        /// Mended statements too.
        stubborn: bool,
    },
    /// The first statement of each request speaks of somebody of this name.
    OtherName {
        /// The name.
        name: String,
        /// Mended statements too.
        stubborn: bool,
    },
    /// One claim of each request is passed over without a word.
    Forgets,
}

/// A statement as it is answered.
#[derive(Clone, Debug)]
struct Statement {
    field: u32,
    text: String,
    claims: Vec<u32>,
}

/// The statements of a request.
pub(super) fn answer(script: &Script, request: &Request, plant: Option<&Plant>) -> Value {
    let person = Person::of(request);
    let claims = request.claims();
    let mut statements = Vec::new();
    let mut left_out = BTreeSet::new();
    let fields = request.fields();
    for field in &fields {
        let own: Vec<&Claim> = claims
            .iter()
            .filter(|claim| claim.field == field.number)
            .collect();
        let written = if field.is_list {
            list(script, &person, field, &own)
        } else {
            passage(&person, field, &own)
        };
        let used: BTreeSet<u32> = written
            .iter()
            .flat_map(|one| one.claims.iter().copied())
            .collect();
        left_out.extend(own.iter().map(|claim| claim.id).filter(|id| !used.contains(id)));
        statements.extend(written);
    }
    let used: BTreeSet<u32> = statements
        .iter()
        .flat_map(|one| one.claims.iter().copied())
        .collect();
    left_out.retain(|id| !used.contains(id));
    match plant {
        Some(Plant::Forgets) => forget(&mut statements, &fields),
        Some(plant) => planted(plant, &mut statements),
        None => {}
    }
    json!({"statements": statements.iter().map(entry).collect::<Vec<_>>(), "left_out": reasons(&left_out)})
}

fn entry(one: &Statement) -> Value {
    json!({"field": one.field, "text": one.text, "claims": one.claims})
}

fn reasons(left_out: &BTreeSet<u32>) -> Value {
    left_out
        .iter()
        .map(|id| json!({"claim": id, "reason": "detail"}))
        .collect()
}

/// One matter a statement: the claims that the annotation has as one need are joined, any other stands alone.
fn list(script: &Script, person: &Person, field: &Field, claims: &[&Claim]) -> Vec<Statement> {
    let mut joined: Vec<Vec<&Claim>> = Vec::new();
    let mut by_group: BTreeMap<usize, usize> = BTreeMap::new();
    for claim in claims {
        let group = (claim.kind == "need")
            .then(|| script.group_of(&claim.kind, &claim.text))
            .flatten();
        let place = group.and_then(|group| by_group.get(&group).copied());
        let known = place.and_then(|place| joined.get_mut(place));
        if let Some(known) = known.filter(|known| has_room(known, claim)) {
            known.push(claim);
            continue;
        }
        if let Some(group) = group {
            by_group.insert(group, joined.len());
        }
        joined.push(vec![claim]);
    }
    joined
        .iter()
        .map(|claims| together(person, field.number, claims))
        .collect()
}

fn has_room(known: &[&Claim], claim: &Claim) -> bool {
    let words: usize = known.iter().map(|one| one.text.split(' ').count()).sum();
    known.len() < MOST_JOINED && words + claim.text.split(' ').count() <= MOST_WORDS
}

/// A statement of several claims: what one of them says already is not said again.
fn together(person: &Person, field: u32, claims: &[&Claim]) -> Statement {
    let mut said: Vec<String> = Vec::new();
    for claim in claims {
        let text = phrase::claim(person, claim);
        let words = tokens(&text).join(" ");
        if !said.iter().any(|known| tokens(known).join(" ").contains(&words)) {
            said.push(text);
        }
    }
    Statement {
        field,
        text: said.join(" "),
        claims: claims.iter().map(|claim| claim.id).collect(),
    }
}

/// Statements that read as one text, as many as the field has room for.
fn passage(person: &Person, field: &Field, claims: &[&Claim]) -> Vec<Statement> {
    let mut room = field.most_words.unwrap_or(usize::MAX);
    let mut statements = Vec::new();
    for claim in claims {
        let statement = together(person, field.number, &[claim]);
        let words = statement.text.split_whitespace().count();
        if words <= room {
            room -= words;
            statements.push(statement);
        }
    }
    statements
}

/// Flagged statements in the words of their sources, and the claims that nobody used.
pub(super) fn mended(request: &Request, plant: Option<&Plant>) -> Value {
    let claims = request.claims();
    let words = |id: u32| {
        claims
            .iter()
            .find(|claim| claim.id == id)
            .map(|claim| claim.text.clone())
    };
    let mut mended: Vec<(u32, Statement)> = Vec::new();
    for one in request.statements() {
        let text: Vec<String> = one.claims.iter().filter_map(|id| words(*id)).collect();
        let statement = Statement {
            field: 0,
            text: text.join(" "),
            claims: one.claims,
        };
        mended.push((one.number, statement));
    }
    let stubborn = plant.filter(|plant| match plant {
        Plant::WrongNumber { stubborn } | Plant::OtherName { stubborn, .. } => *stubborn,
        Plant::Forgets => false,
    });
    if let Some(plant) = stubborn {
        for (_, statement) in &mut mended {
            planted(plant, std::slice::from_mut(statement));
        }
    }
    let unused: Vec<u32> = request
        .user
        .split_once("<unused>")
        .map_or_else(Vec::new, |(_, rest)| {
            let ids = rest.split('<').next().unwrap_or("").split(' ');
            ids.filter_map(|id| id.parse().ok()).collect()
        });
    let added = claims
        .iter()
        .filter(|claim| unused.contains(&claim.id))
        .map(|claim| {
            entry(&Statement {
                field: claim.field,
                text: claim.text.clone(),
                claims: vec![claim.id],
            })
        });
    let statements = mended
        .iter()
        .map(|(number, one)| json!({"statement": number, "text": one.text, "claims": one.claims}));
    json!({"statements": statements.collect::<Vec<_>>(), "added": added.collect::<Vec<_>>(), "left_out": []})
}

/// Passes over the last statement of a list, and says nothing of its claims.
fn forget(statements: &mut Vec<Statement>, fields: &[Field]) {
    let is_list = |one: &Statement| {
        fields
            .iter()
            .any(|field| field.is_list && field.number == one.field)
    };
    if let Some(place) = statements.iter().rposition(is_list) {
        statements.remove(place);
    }
}

fn planted(plant: &Plant, statements: &mut [Statement]) {
    match plant {
        Plant::WrongNumber { .. } => {
            let with_number = |one: &&mut Statement| one.text.contains(|c: char| c.is_ascii_digit());
            if let Some(statement) = statements.iter_mut().find(with_number) {
                statement.text = other_number(&statement.text);
            }
        }
        Plant::OtherName { name, .. } => {
            if let Some(statement) = statements.first_mut() {
                statement.text = format!("{} This helps {name} too.", statement.text);
            }
        }
        Plant::Forgets => {}
    }
}

/// The first digit of a text as another digit.
fn other_number(text: &str) -> String {
    let mut changed = false;
    text.chars()
        .map(|letter| match letter.to_digit(10) {
            Some(digit) if !changed => {
                changed = true;
                char::from_digit((digit + 3) % 10, 10).unwrap_or(letter)
            }
            _ => letter,
        })
        .collect()
}
