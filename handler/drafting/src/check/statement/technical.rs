//! Names of conditions, procedures and medicines: none stands that the evidence does not give (rule N01).
//!
//! No list holds them all, but most are made of the same parts, by which they are told from common words.

use super::words::Token;
use super::{Cited, Evidence, Remarks};
use crate::check::rules;

/// How names of conditions, of procedures and of medicines end; of medicines by the stems of the international
/// nonproprietary names (World Health Organization).
const ENDINGS: &[&str] = &[
    "osis",
    "itis",
    "plegia",
    "paresis",
    "phasia",
    "phagia",
    "praxia",
    "trophy",
    "pathy",
    "agnosia",
    "ectomy",
    "ostomy",
    "aemia",
    "emia",
    "calculia",
    "graphia",
    "lexia",
    "lalia",
    "bullosa",
    "philia",
    "scopy",
    "profen",
    "cillin",
    "mycin",
    "azepam",
    "prazole",
    "oxetine",
    "idone",
    "tamol",
    "olol",
    "azine",
    "statin",
    "triptan",
    "racetam",
    "pentin",
    "phenidate",
    "fetamine",
    "triptyline",
    "barbital",
    "azolam",
    "apine",
    "zepine",
    "ramate",
    "proate",
    "afinil",
    "onidine",
    "formin",
    "thyroidism",
    "stagmus",
];

/// Kinds of a condition of which one excludes the others.
const KINDS: &[&[&str]] = &[
    &["conductive", "sensorineural"],
    &["congenital", "acquired"],
    &["quadriplegic", "diplegic", "hemiplegic"],
    &["hypermobile", "hypertonic", "hypotonic"],
];

/// The fewest letters of such a name.
const SHORTEST: usize = 8;
/// Letters by which two forms of one name agree: "dyslexia" and "dyslexic".
const ALIKE: usize = 5;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    another_kind(cited, remarks);
    let names = cited.text.tokens.iter().filter(|token| is_name(token));
    for name in names.filter(|name| !stands(cited, &name.low)) {
        remarks.add(
            &rules::NAME,
            format!("\u{201c}{}\u{201d} does not stand in the evidence", name.raw),
        );
    }
}

/// "a conductive hearing loss" of a sensorineural one.
fn another_kind(cited: &Cited, remarks: &mut Remarks) {
    for kinds in KINDS {
        let given = |kind: &&&str| cited.evidence_holds(&[kind]);
        let mut own = kinds.iter().filter(|kind| cited.holds(&[kind]));
        if own.any(|kind| !given(&kind)) && kinds.iter().any(|kind| given(&kind)) {
            remarks.add(&rules::NAME, "the evidence has another kind of it".into());
        }
    }
}

fn is_name(token: &Token) -> bool {
    token.low.len() >= SHORTEST && ENDINGS.iter().any(|ending| token.low.ends_with(ending))
}

/// Whether the evidence has the name, another form of it, or an abbreviation that it may be a part of.
fn stands(cited: &Cited, name: &str) -> bool {
    let texts = cited.evidence.iter().flat_map(|evidence: &Evidence| {
        let around = evidence
            .headings
            .iter()
            .chain(&evidence.role)
            .chain(&evidence.before);
        evidence.texts().chain(around)
    });
    texts.flat_map(|text| &text.tokens).any(|token| {
        let other = token.low.as_str();
        name.get(..ALIKE).is_some_and(|head| other.starts_with(head)) || abbreviates(token, name)
    })
}

/// Whether the token is of capitals and has the name's first.
fn abbreviates(token: &Token, name: &str) -> bool {
    let capitals = token.raw.chars().filter(|c| c.is_uppercase()).count();
    capitals > 1
        && token.raw.chars().count() < 8
        && name.chars().next().is_some_and(|first| token.low.contains(first))
}
