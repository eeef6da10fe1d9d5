//! Statements written in other words than their evidence, checked by code alone.
//!
//! A language model writes; nothing it writes is believed. Each rule here compares one statement with the sentences
//! that it cites and with who is who in the case, and says what the sentences do not bear out. The rules are made to
//! be right when they speak: what code cannot tell from a good paraphrase is left to the judge.
//!
//! They know nothing of how a statement came about, and never read more than its own evidence, save to tell whether
//! a capital begins a name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use jiff::civil::Date;

use super::{Findings, rules};
use crate::case::{Case, Source};
use crate::claim::{Claim, Speaker, Status};
use crate::document::{Place, Sentence, SentenceId};
use crate::finding::{Finding, Subject};
use crate::hash::{Digest, Hasher};
use crate::label::speaks_to_machine;
use crate::recipe::{Field, Form, Recipe, Role, Section};

mod agents;
mod aligned;
mod amounts;
mod bounds;
mod classes;
mod clock;
mod composed;
mod conditions;
mod content;
mod dates;
mod english;
mod identifiers;
mod limits;
mod names;
mod number;
mod people;
mod place;
mod polarity;
mod quantity;
mod rates;
mod replaced;
mod sayers;
mod standing;
mod strength;
mod swap;
mod technical;
mod times;
mod voice;
mod words;

use people::Who;
use quantity::Found;
use words::Token;

/// The longest statement that is checked, in bytes. A longer one is no statement.
pub const MOST_BYTES: usize = 6_000;
/// The longest part of one cited sentence that is read, in bytes.
const MOST_EVIDENCE: usize = 20_000;
/// The most sentences of one statement that are read; no plan cites a tenth of it.
const MOST_SENTENCES: usize = 200;

/// Advice of health professionals, by the ids that recipes give it.
const OF_HEALTH: &[&str] = &[
    "medical",
    "camhs",
    "occupational_therapy",
    "physiotherapy",
    "speech_and_language",
    "other",
];

/// A statement and what it cites.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// Its words.
    pub text: &'a str,
    /// The recipe's section that it stands in, where known.
    pub section: Option<&'a str>,
    /// The recipe's area that it stands under, where it has one.
    pub area: Option<&'a str>,
    /// What it cites.
    pub citations: Vec<Citation<'a>>,
}

/// A sentence that a statement cites, or the part of it that is meant.
#[derive(Clone, Copy, Debug)]
pub struct Citation<'a> {
    /// The sentence.
    pub sentence: &'a Sentence,
    /// The words that are meant; the whole sentence when absent.
    pub part: Option<&'a str>,
}

/// What the rules found in the statements of one run. The last check of a draft reads every statement; of one that has not
/// changed since it was written, with the same evidence, this tells what it would find again.
#[derive(Debug, Default)]
pub struct Remembered {
    found: Mutex<BTreeMap<Digest, Remarks>>,
    /// Learning the words of a case means reading all of it.
    who: OnceLock<Arc<Who>>,
}

impl Remembered {
    /// What was found before; otherwise what `look` finds now.
    fn or_look(&self, written: &Written, look: impl FnOnce() -> Remarks) -> Remarks {
        let key = written.digest();
        let known = self.found.lock().map_or(None, |all| all.get(&key).cloned());
        known.unwrap_or_else(|| {
            let found = look();
            if let Ok(mut all) = self.found.lock() {
                all.insert(key, found.clone());
            }
            found
        })
    }
}

impl Written<'_> {
    /// Of all that is looked at, so that any change is looked at anew.
    fn digest(&self) -> Digest {
        let mut all = Hasher::new();
        all.part(self.text.as_bytes());
        for id in [self.section, self.area] {
            all.part(format!("{id:?}").as_bytes());
        }
        for citation in &self.citations {
            let part = format!("{} {:?}", citation.sentence.id, citation.part);
            all.part(part.as_bytes());
        }
        all.finish()
    }
}

/// What the rules know of a case: who is who, what each source is, what its claims are.
#[derive(Debug)]
pub struct Reader<'a> {
    recipe: &'a Recipe,
    case: &'a Case,
    who: Arc<Who>,
    claims: BTreeMap<SentenceId, Vec<&'a Claim>>,
    /// The opening sentences of each source, by its number.
    heads: BTreeMap<u16, Vec<Text>>,
    remembered: Option<Arc<Remembered>>,
}

impl<'a> Reader<'a> {
    /// Learns the names and words of a case. `claims` may be empty; what they say of their sentences is used.
    #[must_use]
    pub fn new(recipe: &'a Recipe, case: &'a Case, claims: impl IntoIterator<Item = &'a Claim>) -> Self {
        Self::knowing(Arc::new(Who::of(recipe, case)), recipe, case, claims)
    }

    /// The same, which keeps what is found in `remembered`, and takes it from there. That must be of the same recipe,
    /// case and claims.
    #[must_use]
    pub fn remembering(
        remembered: &Arc<Remembered>,
        recipe: &'a Recipe,
        case: &'a Case,
        claims: impl IntoIterator<Item = &'a Claim>,
    ) -> Self {
        let who = remembered.who.get_or_init(|| Arc::new(Who::of(recipe, case)));
        Self {
            remembered: Some(Arc::clone(remembered)),
            ..Self::knowing(Arc::clone(who), recipe, case, claims)
        }
    }

    fn knowing(
        who: Arc<Who>,
        recipe: &'a Recipe,
        case: &'a Case,
        claims: impl IntoIterator<Item = &'a Claim>,
    ) -> Self {
        let mut by_sentence: BTreeMap<SentenceId, Vec<&Claim>> = BTreeMap::new();
        for claim in claims {
            for id in &claim.sentences {
                by_sentence.entry(*id).or_default().push(claim);
            }
        }
        Self {
            recipe,
            case,
            who,
            claims: by_sentence,
            heads: case
                .sources
                .iter()
                .map(|source| (source.number, opening(source)))
                .collect(),
            remembered: None,
        }
    }

    /// What the rules find in a statement, about `subject`, at the severities that the recipe sets.
    #[must_use]
    pub fn findings(&self, subject: &Subject, written: &Written) -> Vec<Finding> {
        let remarks = match &self.remembered {
            Some(remembered) => remembered.or_look(written, || self.look(written)),
            None => self.look(written),
        };
        let mut findings = Findings {
            recipe: self.recipe,
            found: Vec::new(),
        };
        for (rule, message) in remarks.0 {
            findings.add(rule, subject.clone(), message, None);
        }
        findings.found
    }

    fn look(&self, written: &Written) -> Remarks {
        let mut remarks = Remarks::default();
        if written.text.len() > MOST_BYTES {
            remarks.add(
                &rules::TOO_LONG,
                format!("the statement is longer than {MOST_BYTES} bytes and was not checked"),
            );
        } else {
            self.remark(written, &mut remarks);
        }
        remarks
    }

    fn remark(&self, written: &Written, remarks: &mut Remarks) {
        let cited = self.cited(written);
        if cited.evidence.is_empty() {
            remarks.add(
                &rules::UNCITED,
                "no sentence of the sources stands behind the statement".into(),
            );
            return;
        }
        if self
            .recipe
            .lexicon
            .people
            .telling_who(written.text)
            .next()
            .is_some()
        {
            remarks.add(
                &rules::THIRD_PARTY,
                "the statement tells who another child or relative is".into(),
            );
        }
        amounts::check(&cited, remarks);
        technical::check(&cited, remarks);
        identifiers::check(&cited, remarks);
        people::check(&cited, remarks);
        voice::check(&cited, remarks);
        sayers::check(&cited, remarks);
        agents::check(&cited, remarks);
        content::check(&cited, remarks);
        place::check(&cited, remarks);
        times::check(&cited, remarks);
        standing::check(&cited, remarks);
        polarity::check(&cited, remarks);
        strength::check(&cited, remarks);
        conditions::check(&cited, remarks);
        let words = aligned::Words::of(&cited);
        swap::check(&words, &cited, remarks);
        replaced::check(&words, &cited, remarks);
    }

    fn cited<'r>(&'r self, written: &Written<'r>) -> Cited<'r> {
        let text = Text::of(written.text);
        let section = written.section.and_then(|id| self.recipe.section(id));
        let evidence: Vec<Evidence> = written
            .citations
            .iter()
            .take(MOST_SENTENCES)
            .filter_map(|citation| self.evidence(citation, &text))
            .collect();
        Cited {
            purpose: section
                .filter(|section| !takes_family(section))
                .and_then(|section| {
                    let roles = [Role::Measure, Role::Need, Role::Outcome];
                    roles
                        .into_iter()
                        .find(|role| holds_role(self.recipe, section, *role))
                }),
            areas: section.map_or(0, |section| areas(section).len()),
            section_areas: section.map(areas).unwrap_or_default(),
            only_area: section.and_then(|section| {
                let areas = areas(section);
                areas.first().copied().filter(|_| areas.len() == 1)
            }),
            section: section.map(|section| section.id.as_str()),
            of_family: section.is_none_or(takes_family),
            today: self.case.today,
            area: written.area.filter(|area| self.recipe.area(area).is_some()),
            raw: written.text,
            text,
            evidence,
            who: &self.who,
        }
    }

    fn evidence(&self, citation: &Citation<'a>, statement: &Text) -> Option<Evidence<'_>> {
        let sentence = citation.sentence;
        let source = self
            .case
            .sources
            .iter()
            .find(|source| source.number == sentence.id.source)?;
        let whole = Text::of(shortened(&sentence.text));
        let part = citation.part.filter(|part| *part != sentence.text);
        let part = part.map(|part| Text::of(shortened(part)));
        let meant = part.as_ref().unwrap_or(&whole);
        let roles = |id: &String| self.recipe.kind(id).map(|kind| kind.role);
        let claims = self.claims.get(&sentence.id).cloned().unwrap_or_default();
        let before = antecedent(source, sentence, meant);
        let mut frame: Vec<Text> = sentence
            .lead
            .iter()
            .map(|lead| Text::of(shortened(lead)))
            .collect();
        if let Place::Cell {
            column_head,
            row_head,
            ..
        } = &sentence.place
        {
            frame.extend(
                column_head
                    .iter()
                    .chain(row_head)
                    .map(|head| Text::of(shortened(head))),
            );
        }
        let headings = sentence
            .headings
            .iter()
            .rev()
            .take(2)
            .map(|heading| Text::of(shortened(heading)));
        let own: BTreeSet<&String> = statement.senses.iter().collect();
        let shared = meant
            .senses
            .iter()
            .filter(|sense| own.contains(sense))
            .collect::<BTreeSet<_>>()
            .len();
        Some(Evidence {
            raw: shortened(&sentence.text),
            whole,
            part,
            frame,
            headings: headings.collect(),
            head: self.heads.get(&source.number).map_or(&[], Vec::as_slice),
            before,
            of_health: source.advice.as_deref().is_some_and(|id| OF_HEALTH.contains(&id)),
            row: row(source, sentence),
            speaker: self.speaker(source),
            year: source.date.map(|date| i64::from(date.year())),
            role: source.author_role.as_deref().map(Text::of),
            roles: claims.iter().filter_map(|claim| roles(&claim.kind)).collect(),
            claims,
            area: place::area_of(self.recipe, source, sentence),
            standing: place::standing_of(self.recipe, sentence),
            addressed: speaks_to_machine(self.recipe, &sentence.text),
            shared,
        })
    }

    /// Who wrote a source. A form for the family that the young person filled in is the young person's.
    fn speaker(&self, source: &Source) -> Speaker {
        let role = source
            .author_role
            .as_deref()
            .map(words::tokens)
            .unwrap_or_default();
        let own = words::any(
            &role,
            &[
                "young person",
                "child",
                "pupil",
                "student",
                "learner",
                "young adult",
            ],
        );
        let shared = words::any(&role, english::FAMILY).is_some();
        let advice = source.advice.as_deref().and_then(|id| self.recipe.advice(id));
        match advice.map_or(Speaker::Professional, |advice| advice.speaker) {
            Speaker::Family if own.is_some() && !shared => Speaker::Subject,
            speaker => speaker,
        }
    }
}

/// The sentence before one that begins with a pronoun: whom it means.
fn antecedent(source: &Source, sentence: &Sentence, part: &Text) -> Option<Text> {
    let first = part.tokens.first()?;
    if !people::is_pronoun(&first.low) {
        return None;
    }
    let document = source.content.as_ref().ok()?;
    let at = usize::try_from(sentence.id.number).ok()?.checked_sub(2)?;
    let before = document.sentences.get(at)?;
    (before.headings == sentence.headings).then(|| Text::of(shortened(&before.text)))
}

/// The first sentences of a source: its title, and who wrote it.
fn opening(source: &Source) -> Vec<Text> {
    const SENTENCES: usize = 12;
    let Ok(document) = &source.content else {
        return Vec::new();
    };
    let first = document.sentences.iter().take(SENTENCES);
    let mut texts: Vec<&String> = first
        .flat_map(|sentence| sentence.headings.first().into_iter().chain([&sentence.text]))
        .collect();
    // They are looked through for names: the title once is enough.
    texts.sort();
    texts.dedup();
    texts.into_iter().map(|text| Text::of(shortened(text))).collect()
}

/// The other cells of a sentence's row.
fn row<'c>(source: &'c Source, sentence: &Sentence) -> Vec<&'c Sentence> {
    let Place::Cell { row: own, .. } = &sentence.place else {
        return Vec::new();
    };
    let Ok(document) = &source.content else {
        return Vec::new();
    };
    let beside = |other: &&Sentence| {
        other.block == sentence.block
            && matches!(&other.place, Place::Cell { row, .. } if row == own)
            && other.id != sentence.id
    };
    document.sentences.iter().filter(beside).take(20).collect()
}

fn shortened(text: &str) -> &str {
    let mut end = text.len().min(MOST_EVIDENCE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

fn fields(section: &Section) -> impl Iterator<Item = &Field> {
    section.fields.iter()
}

/// The areas that the fields of a section name.
fn areas(section: &Section) -> BTreeSet<&str> {
    let named = fields(section).filter_map(|field| field.form.select()?.area.as_deref());
    named.collect()
}

fn holds_role(recipe: &Recipe, section: &Section, role: Role) -> bool {
    fields(section)
        .filter_map(|field| field.form.select())
        .any(|select| {
            select
                .kinds
                .iter()
                .any(|kind| recipe.kind(kind).is_some_and(|kind| kind.role == role))
        })
}

/// Whether the section is the place for what the family and the subject themselves say.
fn takes_family(section: &Section) -> bool {
    fields(section).any(|field| match &field.form {
        Form::Fact { .. } | Form::Facts { .. } => true,
        Form::Passage(select) | Form::List(select) => {
            select.speakers.contains(&Speaker::Family) || select.speakers.contains(&Speaker::Subject)
        }
        Form::Officer | Form::Index => false,
    })
}

/// A text as the rules read it.
#[derive(Clone, Debug)]
struct Text {
    pub tokens: Vec<Token>,
    pub senses: Vec<String>,
    pub quantities: Vec<Found>,
    /// Frequencies that two of them make together.
    pub composed: Vec<Found>,
}

impl Text {
    fn of(text: &str) -> Self {
        let tokens = words::tokens(text);
        let quantities = quantity::scan(&tokens);
        Self {
            senses: words::senses(&tokens),
            composed: composed::of(&tokens, &quantities),
            quantities,
            tokens,
        }
    }
}

/// A cited sentence as the rules read it.
struct Evidence<'a> {
    /// The sentence as read.
    pub raw: &'a str,
    /// The words that are meant, where they are not the whole sentence.
    pub part: Option<Text>,
    /// The whole sentence.
    pub whole: Text,
    /// Its column and row heads, its bold lead.
    pub frame: Vec<Text>,
    /// The nearest two headings.
    pub headings: Vec<Text>,
    /// The opening of its source, which tells who wrote it.
    pub head: &'a [Text],
    /// The other cells of its row.
    pub row: Vec<&'a Sentence>,
    /// Who wrote its source.
    pub speaker: Speaker,
    /// The year of its source.
    pub year: Option<i64>,
    /// The role of its source's author.
    pub role: Option<Text>,
    /// What its source says with it.
    pub claims: Vec<&'a Claim>,
    /// What these claims are.
    pub roles: Vec<Role>,
    /// Its source is a health professional's advice.
    pub of_health: bool,
    /// The sentence before it, when it begins with a pronoun.
    pub before: Option<Text>,
    /// The area that its headings name.
    pub area: Option<&'a str>,
    /// Where its headings say that measures under them stand.
    pub standing: Option<Status>,
    /// It speaks to whoever drafts.
    pub addressed: bool,
    /// How many senses its meant words share with the statement.
    pub shared: usize,
}

impl Evidence<'_> {
    /// The words that are meant.
    fn part(&self) -> &Text {
        self.part.as_ref().unwrap_or(&self.whole)
    }

    /// The sentence and what frames it.
    fn texts(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.whole).chain(&self.part).chain(&self.frame)
    }
}

/// A statement with its evidence.
struct Cited<'a> {
    pub raw: &'a str,
    pub text: Text,
    /// What its section holds: needs, measures or outcomes; none where the family is heard.
    pub purpose: Option<Role>,
    /// Its section.
    pub section: Option<&'a str>,
    /// How many areas its section divides.
    pub areas: usize,
    pub section_areas: BTreeSet<&'a str>,
    /// The area of its section, when it has no other.
    pub only_area: Option<&'a str>,
    /// It stands where the family and the subject are heard.
    pub of_family: bool,
    pub area: Option<&'a str>,
    /// The day of drafting.
    pub today: Date,
    pub evidence: Vec<Evidence<'a>>,
    pub who: &'a Who,
}

impl Cited<'_> {
    /// Whether any cited sentence, or what frames it, holds one of the phrases.
    fn evidence_holds(&self, phrases: &[&str]) -> bool {
        self.evidence
            .iter()
            .flat_map(Evidence::texts)
            .any(|text| words::any(&text.tokens, phrases).is_some())
    }

    /// Whether the statement holds one of the phrases.
    fn holds(&self, phrases: &[&str]) -> bool {
        words::any(&self.text.tokens, phrases).is_some()
    }
}

/// What was found: each rule and message once.
#[derive(Clone, Debug, Default)]
struct Remarks(Vec<(&'static rules::Rule, String)>);

impl Remarks {
    fn add(&mut self, rule: &'static rules::Rule, message: String) {
        if !self
            .0
            .iter()
            .any(|(own, said)| own.id == rule.id && *said == message)
        {
            self.0.push((rule, message));
        }
    }
}
