//! What the words of a document are held to, as data of its recipe: the file `rules.toml`.
//!
//! Whether a statement follows from its evidence is decided by the catalogue of [`crate::check::rules`], the same for
//! every document. What else a document must and must not say is the business of whoever answers for it: words, limits
//! and severities stand here, so that a council can change them without touching code.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::lexicon::Phrases;
use crate::finding::Severity;

/// The rules of a recipe.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Demands {
    /// Abbreviations for patterns that recur, already put into their places.
    pub words: BTreeMap<String, String>,
    /// The rules in the order of the file.
    #[serde(rename = "rule")]
    pub rules: Vec<Demand>,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Its id, as findings and settings name it: `specificity.delegated`.
    pub id: String,
    /// Its severity, unless the recipe's `[rules]` set another.
    pub severity: Severity,
    /// What it demands, as a sentence.
    pub demand: String,
    /// The law, case or guidance that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// What to do about a finding.
    #[serde(default)]
    pub hint: Option<String>,
    /// Where it looks; everywhere when nothing is named.
    #[serde(default, rename = "in")]
    pub place: PlaceOf,
    /// Whether a writer who keeps to the sources can mend what it finds: such a writer is told.
    #[serde(default)]
    pub mendable: bool,
    /// What it looks for.
    pub test: Test,
    /// Sentences that it must find, for whoever changes it: `handler check-recipe` tries them.
    #[serde(default)]
    pub fails: Vec<String>,
    /// Sentences that it must let pass, near misses among them.
    #[serde(default)]
    pub passes: Vec<String>,
}

/// Sections and fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceOf {
    /// Sections by their ids.
    pub sections: Vec<String>,
    /// Fields by their keys.
    pub fields: Vec<String>,
}

impl PlaceOf {
    /// Whether the field `key` of the section `id` belongs to it.
    #[must_use]
    pub fn holds(&self, id: &str, key: &str) -> bool {
        let anywhere = self.sections.is_empty() && self.fields.is_empty();
        anywhere || self.sections.iter().any(|own| own == id) || self.fields.iter().any(|own| own == key)
    }
}

/// What a rule looks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// No statement holds one of these phrases.
    Without(Without),
    /// Each statement holds one of these phrases.
    With(With),
    /// A field that is filled holds one of these phrases somewhere.
    FieldWith(With),
    /// The sentences are short and their words are plain.
    Plain(Plain),
    /// Each abbreviation stands beside its meaning once, in the whole document.
    Explained(BTreeMap<String, Phrases>),
    /// There are this many statements.
    Count(Count),
    /// No statement names the value of one of these facts.
    Unnamed(Vec<String>),
    /// No statement names a professional: by a title or an initial with a name, or by a surname that the sources give to
    /// one, unless it is one of these facts' values.
    NoProfessional(NoProfessional),
    /// The subject is called by one name throughout: one of these facts.
    Called(Called),
    /// The number's check digit is right.
    CheckDigit(CheckDigit),
    /// What is said of the subject's present age and year group agrees with this date of birth.
    Age(String),
    /// From this year group on, the places together hold one of these phrases.
    FromYear(FromYear),
    /// Where the places hold one of these phrases, advice of one of these kinds is there.
    Consulted(Consulted),
    /// No source is older than this at the day of drafting.
    Recent(Recent),
    /// Nothing is said twice, in the same words or in alike ones.
    Once(Once),
    /// The places together hold so many words.
    Words(Words),
    /// Each filled field of the places holds so many sentences.
    Sentences(Count),
    /// The draft made into a Word file has at most so many pages, by an estimate.
    Pages(Pages),
    /// No statement names a school or other institution, by its name.
    NoInstitution(NoInstitution),
    /// A field of difficulties that is filled, by its key, has this field of strengths beside it filled too, where a source
    /// tells of a strength in its area.
    Beside(BTreeMap<String, String>),
    /// Nothing is typed with these marks.
    FreeOf(Vec<Mark>),
    /// Each of these facts is given. One that no source gives is a question to a person; nothing may be made up for it.
    Filled(Vec<Vec<String>>),
    /// A field that no source fills holds this sentence, by the field's key: the officer enters it.
    WantedWhenEmpty(BTreeMap<String, String>),
    /// Where this fact says yes, the paper that it tells of is among the sources.
    Enclosed(Enclosed),
    /// Every source has what an index must say of it, and none is there twice.
    Indexed(Vec<IndexEntry>),
    /// No statement rests on sources of these kinds of advice.
    NotFrom(Vec<String>),
    /// Not most sentences of a field list three things: a habit of machines, and tiring.
    Cadence(Cadence),
    /// Each statement has a telling word or topic in common with what these fields, by their keys, say.
    Toward(Vec<String>),
    /// The dates that follow from the day of the request, from that of service, or from that of another fact.
    Clock(Vec<Milestone>),
    /// What only a reader can tell: a judge is asked about the finished draft. Without one it is not assessed.
    Read(Read),
}

/// Phrases that must not stand in a statement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Without {
    /// The phrases.
    pub phrases: Phrases,
    /// Only at the beginning of the statement.
    #[serde(default)]
    pub begins: bool,
    /// Not where one of these stands in the statement too.
    #[serde(default)]
    pub unless: Phrases,
    /// Not where the statement gives one of these specifics, which the phrase would hide.
    #[serde(default)]
    pub unless_slots: Vec<Slot>,
    /// Words in quotation marks count as well; else they are somebody's own.
    #[serde(default)]
    pub quoted: bool,
}

/// A specific of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// Who provides it.
    Who,
    /// Ratio or size of group.
    Ratio,
    /// How long.
    Duration,
    /// How often.
    Frequency,
    /// Until when.
    Until,
}

/// Phrases of which one must stand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct With {
    /// The phrases.
    pub phrases: Phrases,
    /// Only where one of these stands too; everywhere when empty.
    #[serde(default)]
    pub only: Phrases,
}

/// Limits of plain writing.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    /// The most words of one sentence.
    #[serde(default)]
    pub most_words: Option<usize>,
    /// The most words of a section's sentences on average.
    #[serde(default)]
    pub mean_words: Option<f64>,
    /// The highest grade of a section by the formula of Flesch and Kincaid (US Navy, 1975).
    #[serde(default)]
    pub grade: Option<f64>,
    /// Sections with fewer words are not measured.
    #[serde(default)]
    pub least: usize,
}

/// How many statements or sentences there may be.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// At least so many, where there are any.
    #[serde(default)]
    pub least: usize,
    /// At most so many.
    pub most: usize,
    /// In each field, not in all places together.
    #[serde(default)]
    pub each_field: bool,
}

/// How many words there may be, all statements of the places together.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// At least so many.
    #[serde(default)]
    pub least: usize,
    /// At most so many.
    #[serde(default)]
    pub most: Option<usize>,
}

/// How something can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A bullet, a dash or a number at the head of a line.
    Bullets,
    /// More than one line.
    LineBreaks,
    /// Double quotation marks.
    QuotationMarks,
}

/// A paper that is said to be enclosed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enclosed {
    /// The fact that says so.
    pub fact: String,
    /// What its name or its headings say.
    pub phrases: Phrases,
}

/// What an index says of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexEntry {
    /// The kind of advice.
    Kind,
    /// The role of its author.
    Author,
    /// Its date.
    Date,
}

/// The names of the subject.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// The fact that is the whole name.
    pub name: String,
    /// The fact that is the name they like to be called.
    pub preferred: String,
}

/// Names of professionals.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoProfessional {
    /// What stands before a name: `Dr`, `Mrs`.
    pub titles: Vec<String>,
    /// Facts whose values may be named: the parents.
    #[serde(default)]
    pub but: Vec<String>,
}

/// How many pages there may be.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// At most so many.
    pub most: usize,
}

/// Names of institutions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoInstitution {
    /// What ends such a name: `School`, `Academy`.
    pub kinds: Vec<String>,
    /// What may stand before these in capitals and is no name: `Primary`, `Forest`.
    pub ordinary: Vec<String>,
}

/// A number with a check digit or letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckDigit {
    /// NHS number, modulus 11 (NHS Data Dictionary): the values of the places that are numbers.
    NhsNumber,
    /// Unique pupil number, modulus 23 (Department for Education): wherever one stands in the places or in a source.
    PupilNumber,
}

/// What is wanted from a year group on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromYear {
    /// The year group of the English school system, by age at the last 31 August.
    pub year: u8,
    /// The fact that is the date of birth.
    pub born: String,
    /// What must stand somewhere in the places.
    pub phrases: Phrases,
    /// From this age on instead, in years.
    #[serde(default)]
    pub age: Option<i16>,
}

/// Who must be consulted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consulted {
    /// What calls for it.
    pub phrases: Phrases,
    /// The kinds of advice of which one must be there.
    pub advice: Vec<String>,
}

/// How old advice may be.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recent {
    /// Months.
    pub months: i32,
}

/// When the same words count as said twice.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Once {
    /// Statements with fewer words are not compared.
    pub least_words: usize,
    /// The share of the shorter statement's telling words from which on two of one section say the same, when their numbers
    /// agree too; the same words alone when absent.
    #[serde(default)]
    pub alike: Option<f64>,
}

/// A question to a judge.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Which of the statements break the rule, for somebody who knows nothing but the question and the statements.
    pub question: String,
}

/// How often three things in a row may be listed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cadence {
    /// So many sentences of a field may list three things, whatever their share.
    pub most: usize,
    /// The share of a field's sentences that may.
    pub share: f64,
}

/// A day of the statutory timetable.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// The day from which it is counted: [`SERVED`] of the manifest, or a fact; that of the request when absent.
    #[serde(default)]
    pub from: Option<String>,
    /// Weeks after that day.
    #[serde(default)]
    pub weeks: i32,
    /// Days after that day, beside the weeks.
    #[serde(default)]
    pub days: i32,
    /// What is due then.
    pub due: String,
    /// Whether `due` names the last day of a time, and nothing that must be done by then.
    #[serde(default)]
    pub ends: bool,
    /// How many days before it is said to be near.
    #[serde(default)]
    pub near: i32,
}

/// What a milestone names that is counted from the day on which the draft was served, as the manifest does.
pub const SERVED: &str = "served_date";
