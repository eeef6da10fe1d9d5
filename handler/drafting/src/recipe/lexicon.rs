//! Cues and patterns for finding claims without a model: `lexicon.toml` of a recipe.
//!
//! The engine in [`crate::extract`], [`crate::reconcile`] and [`crate::compose`] knows no word of any document
//! type; all of them stand here. Lists named `words`, `strong`, `says` and so on hold regular expressions. Those
//! of [`Phrases`] and [`Labels`] are matched in lower-case ASCII text in which the names of people are replaced:
//! `subjectname`, `parentname`, `othername` and `staffname`. Those of [`Extracts`] are matched in the text as it
//! was read. `{name}` in any of them stands for the entry `name` of the table `[words]`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::claim::{Speaker, Status};

mod automaton;
pub mod parse;
pub mod phrases;
mod sound;

pub use parse::{parse, parse_with, words_of};
pub use phrases::{Extracts, Labels, Phrases, fold};

/// The lexicon of a recipe, its patterns compiled.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lexicon {
    /// Abbreviations for patterns that recur, already put into their places.
    pub words: BTreeMap<String, String>,
    /// The words of the language that carry no sense of their own, and its numerals.
    pub language: Language,
    /// Which facts of the recipe name the subject of a case.
    pub subject: SubjectKeys,
    /// How people other than the subject are recognised.
    pub people: People,
    /// What stands in the head of a source: its author and date.
    pub document: DocumentHead,
    /// How questions ask for what headings name.
    pub questions: Questions,
    /// What a heading says about what stands under it.
    #[serde(rename = "heading")]
    pub headings: Vec<HeadingRule>,
    /// What the head of a table's column says about its cells.
    #[serde(rename = "column")]
    pub columns: Vec<ColumnRule>,
    /// What can be said in which voice.
    #[serde(rename = "voice")]
    pub voices: Vec<Voice>,
    /// Words that tell the kind of a claim.
    #[serde(rename = "cue")]
    pub cues: Vec<Cues>,
    /// Words that tell everything else about a claim.
    pub signs: Signs,
    /// What sentences are about, finer than areas.
    #[serde(rename = "topic")]
    pub topics: Vec<Topic>,
    /// Area of a claim that needs one, where nothing at all tells it.
    pub fallback_area: Option<String>,
    /// Where the law places measures of an area.
    #[serde(rename = "placement")]
    pub placements: Vec<Placement>,
    /// Values of forms.
    #[serde(rename = "fact")]
    pub facts: Vec<FactRule>,
    /// Values that belong to one of several persons.
    pub person: PersonRule,
    /// The specifics of a claim.
    pub slots: SlotPatterns,
    /// Quantities on which sources can differ.
    #[serde(rename = "attribute")]
    pub attributes: Vec<Attribute>,
    /// What is said beside a statement.
    pub marks: Marks,
    /// Questions to professionals.
    pub queries: Queries,
}

/// Words without a sense of their own, and numerals.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Language {
    /// Words that do not count when two sentences are compared.
    pub stop: Vec<String>,
    /// Numerals in words: `fifteen = "15"`.
    pub numbers: BTreeMap<String, String>,
    /// Endings that are taken off a word before it is compared, the longest first.
    pub endings: Vec<String>,
}

/// The recipe's field keys of the facts that name the subject of a case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SubjectKeys {
    /// Full name.
    pub name: Option<String>,
    /// The name they like to be called by.
    pub preferred_name: Option<String>,
    /// Date of birth.
    pub date_of_birth: Option<String>,
    /// Their number in the register of the health service.
    pub nhs_number: Option<String>,
}

/// How people are recognised by the words around their names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct People {
    /// Titles before a surname: "Dr", "Ms".
    pub titles: Vec<String>,
    /// Sets of pronouns for one person each: those of another set than the subject's cannot mean the subject.
    pub pronouns: Vec<Vec<String>>,
    /// The names of parents and carers.
    pub parents: Extracts,
    /// The names of other people whose data is not the subject's: siblings, friends.
    pub others: Extracts,
    /// Words that `others` may find and that are no names: "Everyone".
    pub no_names: Labels,
    /// What is left out of a statement because it tells who another person is: a name after "his brother".
    pub left_out: Extracts,
}

impl People {
    /// The parts of a text that tell who another person is.
    pub fn telling_who<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.left_out.all(text).filter(|part| {
            let first = part
                .split(|c: char| !c.is_alphanumeric())
                .find(|word| !word.is_empty());
            first.is_some_and(|first| !self.no_names.are(&fold(first)))
        })
    }
}

/// Labels in the head of a source.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentHead {
    /// Labels of the author.
    pub author: Labels,
    /// Labels of the date, the most telling first: "date of advice" before "date".
    pub date: Vec<Labels>,
    /// The date in a sentence: "Report dated 3 May 2026".
    pub dated: Extracts,
    /// The author's role in a sentence: "Signed: A. Name, Role".
    pub signed: Extracts,
    /// Words of a role, to tell it from a name.
    pub roles: Phrases,
    /// What tells versions of a file apart and is no part of its name: "final", "v2", "(1)".
    pub version_marks: Phrases,
    /// The number of a version: "v2".
    pub version: Extracts,
    /// A version that others went before: "final".
    pub finished: Phrases,
    /// A version that others come after: "draft".
    pub unfinished: Phrases,
}

/// Words around what a question asks for: "What are the pupil's strengths?"
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Questions {
    /// How the question begins.
    pub asks: Phrases,
    /// Whom it names.
    pub whose: Phrases,
}

/// What a heading says. Of all rules whose words stand in a heading, the first that sets something wins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeadingRule {
    /// What the heading holds.
    pub words: Phrases,
    /// What the heading is, without its number.
    pub whole: Labels,
    /// Only in sources that are written in this voice.
    pub voice: Option<Speaker>,
    /// The kind of all claims under it.
    pub kind: Option<String>,
    /// The kind of claims under it whose own words tell none.
    pub otherwise: Option<String>,
    /// Their area.
    pub area: Option<String>,
    /// The standing of measures under it.
    pub status: Option<Status>,
    /// Who speaks under it.
    pub speaker: Option<Speaker>,
    /// The section that measures under it are placed in.
    pub placement: Option<String>,
    /// Nothing under it is a claim.
    pub aside: bool,
    /// It is the title of the document: no other rule is heeded.
    pub title: bool,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cells {
    /// The area of the row's claims.
    Area,
    /// Specifics of the row's measure: who, how often.
    Specifics,
    /// Whether the row's measure still stands.
    Standing,
    /// A remark on the row: effect, comment. Not part of its claim.
    Remark,
    /// A measurement; its table holds test results.
    Score,
    /// A running number.
    Number,
    /// Labels of a form, or values of one.
    Form,
}

/// What the head of a column says; heads that no rule knows are read as headings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRule {
    /// The head.
    pub words: Labels,
    /// What stands under it.
    pub cells: Cells,
}

/// What can be said in a voice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// The voice.
    pub speaker: Speaker,
    /// The kinds that it can say; a cue of another kind is not heeded.
    pub kinds: Vec<String>,
    /// The kind of a sentence in it that tells none, wherever it stands.
    #[serde(default)]
    pub otherwise: Option<String>,
    /// The kind of a sentence in it that tells none, under a heading that says none either.
    #[serde(default)]
    pub in_area: Option<String>,
}

/// Words that tell a kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cues {
    /// The kind.
    pub kind: String,
    /// Words that are enough by themselves, and against a heading of the kinds in `over`.
    #[serde(default)]
    pub strong: Phrases,
    /// Words that decide where nothing else does.
    #[serde(default)]
    pub weak: Phrases,
    /// Words that hold one of the others and mean the opposite: "no difficulty".
    #[serde(default)]
    pub except: Phrases,
    /// The kind of a claim that denies one of this kind: no diagnosis is health information.
    #[serde(default)]
    pub denied: Option<String>,
    /// Kinds of heading that strong words overrule.
    #[serde(default)]
    pub over: Vec<String>,
}

/// Words that tell standing, time, certainty, speaker and person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signs {
    /// "not", "never".
    pub negation: Phrases,
    /// "may benefit from".
    pub tentative: Phrases,
    /// "should", "is recommended".
    pub recommended: Phrases,
    /// It was so: "used to", "in the past".
    pub past: Phrases,
    /// A measure that has ended: "was discharged", "stopped".
    pub ended: Phrases,
    /// It has ended, even where it stands among what is advised: "was withdrawn". Not "until July".
    pub stopped: Phrases,
    /// A measure that is in place: "at present", "attends".
    pub in_place: Phrases,
    /// A measure that is advised: "should", "to be provided".
    pub advised: Phrases,
    /// Words in which the author of a text speaks of themself.
    pub first_person: Phrases,
    /// How a measure without a verb begins: "Two sessions of ...".
    pub offers: Phrases,
    /// Cells of a standing column that say no.
    pub no: Phrases,
    /// What speaks to the reader or to a machine.
    pub instruction: Phrases,
    /// The source replaces earlier advice; the group is the date of that.
    pub replaces: Extracts,
    /// What of it such a sentence replaces: "about equipment"; all of it when it names nothing.
    pub replaced_part: Extracts,
    /// The sentence goes on from the one before: "as a result", "this".
    pub continues: Phrases,
    /// The sense turns: "but", "however". What follows weighs more.
    pub turns: Phrases,
    /// The sentence begins with what it concedes: "although". What precedes the comma weighs less.
    pub concedes: Phrases,
    /// The subject's own words, reported.
    pub subject_says: Phrases,
    /// The family's words, reported.
    pub family_says: Phrases,
    /// About somebody else.
    pub others: Phrases,
    /// About the family as a whole.
    pub family: Phrases,
    /// Lines that belong to the paper and not to what it says: signatures, salutations.
    pub formal: Phrases,
    /// How a sentence begins, so that what stands before its colon is no label.
    pub clause: Phrases,
    /// What ends a letter: the lines below it are names and addresses.
    pub closing: Phrases,
    /// What was looked for and not found: of the kind that the lexicon names for what is denied.
    pub ruled_out: Phrases,
    /// Never drafted, whoever says it: names of medicines.
    pub withheld: Phrases,
    /// Words that hide a missing specific: "regular", "as required".
    pub vague: Phrases,
    /// The number of the need that is meant: "for need 2".
    pub refers: Extracts,
    /// Values of a form that say nothing: "n/a".
    pub blank: Labels,
    /// Labels of forms that ask for what no field has; they end the value before them.
    pub other_labels: Labels,
    /// What the subject needs is what should be provided: "needs a quiet place to work". A need and a measure in one.
    pub wanting: Phrases,
    /// A measure for the whole day serves all needs of its area: "throughout the day".
    pub general: Phrases,
}

/// What sentences are about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its id, for the reader of the file.
    pub id: String,
    /// The area it belongs to.
    #[serde(default)]
    pub area: Option<String>,
    /// Its words.
    pub words: Phrases,
}

/// Where measures of an area are placed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The section.
    pub section: String,
    /// The area of the measures.
    pub area: String,
    /// What they say; all others when absent.
    #[serde(default)]
    pub words: Option<Phrases>,
    /// What they must not say.
    #[serde(default)]
    pub except: Phrases,
    /// Only while the subject is younger, in years.
    #[serde(default)]
    pub under_age: Option<i16>,
}

/// How the value of a fact is found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FactRule {
    /// The field's key.
    pub key: String,
    /// Labels before the value.
    pub labels: Labels,
    /// Labels that may mean somebody else's: their first value counts where no other label gives one.
    pub loose_labels: Labels,
    /// Labels that ask for several things at once: only "no" answers all of them.
    pub joint_labels: Labels,
    /// The value in a sentence.
    pub says: Extracts,
    /// Words of a sentence that mean yes, where no form says.
    pub yes: Phrases,
    /// Words of a sentence that mean no, where no form says.
    pub no: Phrases,
    /// Headings and column heads under which every item is a value.
    pub headings: Phrases,
    /// A line above the first heading or form that holds one of these is a value: a letterhead.
    pub letterhead: Phrases,
    /// What is taken off the value: "Year 5" after the name of a school.
    pub strip: Extracts,
    /// The value names no person: what begins with a title is taken off.
    pub impersonal: bool,
    /// The value is a list with this between its parts.
    pub separator: Option<String>,
    /// Only in sources of these kinds of advice; in all when empty.
    pub advice: Vec<String>,
}

/// How the particulars of one of several persons are found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonRule {
    /// What begins the particulars of a person, alone or before a label: "Parent 1", "Mother's".
    pub leads: Extracts,
    /// Their particulars.
    #[serde(rename = "fact")]
    pub facts: Vec<PersonFact>,
}

/// One particular of a person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonFact {
    /// The fields' keys: for the first person, the second, ...
    pub keys: Vec<String>,
    /// Labels before the value.
    pub labels: Labels,
    /// The value in what follows the lead: "Parent 1: Carys Penhallow, mother."
    pub after_lead: Extracts,
    /// The value in a sentence in which the author of a family's form speaks of themself.
    pub says: Extracts,
}

/// Patterns of specifics; the first group of each is the specific.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SlotPatterns {
    /// Role and expertise.
    pub who: Extracts,
    /// Ratio or size of group.
    pub ratio: Extracts,
    /// Length of time.
    pub duration: Extracts,
    /// How often.
    pub frequency: Extracts,
    /// Until when, or when reviewed.
    pub until: Extracts,
}

/// A quantity on which sources can differ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// What it is called: "hours of support each week".
    pub name: String,
    /// Only in claims of these areas; in all when empty.
    #[serde(default)]
    pub areas: Vec<String>,
    /// Its value in a sentence.
    pub says: Extracts,
}

/// What is said beside a statement.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Marks {
    /// It is tentative in its source.
    pub tentative: String,
    /// The family is reported as saying it.
    pub family: String,
    /// The subject is reported as saying it.
    pub subject: String,
    /// The measure is in place now.
    pub in_place: String,
    /// Another source says something else.
    pub differs: String,
    /// Whose words a passage has, behind them, where not all of it is told by professionals: `{who}` stands where the role
    /// of the source's author goes, and its date.
    pub told_by: String,
}

/// The texts of questions; `{statement}` is the statement, `{specifics}` what it lacks, `{words}` its vague words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Queries {
    /// What each specific is called in a question.
    pub who: String,
    /// Likewise.
    pub ratio: String,
    /// Likewise.
    pub duration: String,
    /// Likewise.
    pub frequency: String,
    /// Measures of which the ratio is asked: those that somebody gives.
    pub manned: Phrases,
    /// Measures without times: equipment, a plan, a review.
    pub untimed: Phrases,
    /// Measures that go on all the time, of which no length is asked.
    pub constant: Phrases,
    /// A measure lacks specifics.
    pub specifics: Question,
    /// A measure is vague.
    pub vague: Question,
    /// A need without a measure.
    pub unmet: Question,
    /// A need without an outcome.
    pub aimless: Question,
    /// A measure of which no need is known.
    pub unlinked: Question,
    /// A kind of advice is missing; `{advice}` is its title.
    pub advice: Question,
    /// Sources differ; `{attribute}` is on what.
    pub conflict: Question,
    /// A rule wants a field that no source fills; `{field}` is its label, or those of which one is wanted.
    pub missing: Question,
    /// A source was taken for an earlier version of another; `{older}` and `{newer}` are their names.
    pub version: Question,
}

/// A question and why it is asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Question {
    /// The question, ready to send; not asked when empty.
    pub ask: String,
    /// The rule or law behind it.
    pub reason: String,
}

impl Lexicon {
    /// The cues of a kind.
    #[must_use]
    pub fn cues_of(&self, kind: &str) -> Option<&Cues> {
        self.cues.iter().find(|cues| cues.kind == kind)
    }

    /// What can be said in a voice.
    #[must_use]
    pub fn voice(&self, speaker: Speaker) -> Option<&Voice> {
        self.voices.iter().find(|voice| voice.speaker == speaker)
    }
}
