//! The draft: statements in the recipe's sections and fields, each with the claims that support it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::claim::ClaimId;
use crate::document::SentenceId;

/// One sentence, list item or field value of the draft.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Its id in the draft: `B.CI.1`, `F.CI.3`, `A.12`.
    pub id: String,
    /// Its words.
    pub text: String,
    /// The claims that support it. A statement without claims is [`Support::Officer`] or fails the check.
    pub support: Support,
    /// The ids of the statements it serves: for a provision or outcome, the needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<String>,
    /// What should be known when reading it: "tentative in the source", "in place now", "reported by the
    /// family". Short, from the recipe's wording.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement")
            .field("id", &self.id)
            .field("support", &self.support)
            .field("serves", &self.serves)
            .finish_non_exhaustive()
    }
}

/// What a statement rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Claims, and through them sentences of the sources.
    Claims(Vec<ClaimId>),
    /// A value that the case officer entered in the manifest.
    Officer,
}

/// What stands in one field of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldContent {
    /// No source gives anything.
    Empty,
    /// One value.
    Value(Statement),
    /// Sources give different values: the field is left open and all are shown.
    Open(Vec<Statement>),
    /// Statements in order.
    Statements(Vec<Statement>),
}

/// One field of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftField {
    /// Its key in the recipe.
    pub key: String,
    /// What stands in it.
    pub content: FieldContent,
}

/// One section of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSection {
    /// Its id in the recipe: `A`, `H1`.
    pub id: String,
    /// Its fields in the recipe's order; none in a closed section or an index.
    pub fields: Vec<DraftField>,
}

/// Different values of the same thing in different sources. Nothing is silently chosen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What they are values of: a field's key, or words such as "hours of support each week".
    pub attribute: String,
    /// The values, each with the claims that give it.
    pub values: Vec<ConflictValue>,
    /// What the officer decided, where the officer has: the conflict is settled, and stays to be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
}

impl fmt::Debug for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conflict")
            .field("attribute", &self.attribute)
            .field("values", &self.values)
            .finish_non_exhaustive()
    }
}

impl Conflict {
    /// Whether nobody has decided it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.decided.is_none()
    }
}

/// One of the values in conflict.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictValue {
    /// The value in the source's words.
    pub value: String,
    /// The claims or, for a value inside a longer claim, the sentences that give it.
    pub sentences: Vec<SentenceId>,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for ConflictValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConflictValue")
            .field("sentences", &self.sentences)
            .finish_non_exhaustive()
    }
}

/// A question to a professional for what the document needs and no source gives.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// What is asked for.
    #[serde(default)]
    pub kind: QueryKind,
    /// The kind of advice whose author is asked, one of the recipe's; `None` where no one in particular is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The source whose author is asked, by its number: the one that says what the question is about, or the advice that
    /// could not be read. `None` where no source is any one's to answer for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_of: Option<u16>,
    /// The statement it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The field that it is about, where nothing stands in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The claim whose words that statement has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// What the sources say of it: the sentences of the claim, or those that give the values in conflict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<SentenceId>,
    /// The question, ready to send.
    pub question: String,
    /// Why it is asked: the rule or the law behind it.
    pub reason: String,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("kind", &self.kind)
            .field("to", &self.to)
            .field("statement", &self.statement)
            .field("claim", &self.claim)
            .field("sentences", &self.sentences)
            .finish_non_exhaustive()
    }
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryKind {
    /// Who, in what ratio, how often or how long: a measure lacks it.
    Specifics,
    /// What vague words of a measure mean.
    Vague,
    /// A measure for a need that has none.
    Unmet,
    /// An outcome for a need that has none.
    Aimless,
    /// The need that a measure serves.
    Unlinked,
    /// Advice that was not received or could not be read.
    Advice,
    /// Whether one document is an earlier version of another.
    Version,
    /// Which of several values is right.
    Conflict,
    /// What the document wants and no source gives.
    Missing,
    /// Something else. Also what a record from before this field holds.
    #[default]
    Other,
}

/// Words that were drafted and taken out again, because what they rest on does not support them. They stand nowhere in
/// the document; a person sees them in the report and decides.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOut {
    /// The field where they stood.
    pub field: String,
    /// The statement's id, where it had one when it was taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The words.
    pub text: String,
    /// The claims that they were said to rest on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimId>,
    /// What was found against them.
    pub why: Vec<String>,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for TakenOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakenOut")
            .field("field", &self.field)
            .field("statement", &self.statement)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// What became of a sentence of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentenceUse {
    /// It supports these statements.
    Used(Vec<String>),
    /// It says what another sentence says, which supports these statements.
    Merged(Vec<String>),
    /// It was not used.
    NotUsed(NotUsed),
}

/// Why a sentence was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotUsed {
    /// It names, dates or introduces something: no claim.
    Context,
    /// It was so, and is no longer.
    Past,
    /// A later source replaces it.
    Superseded,
    /// It is about somebody else.
    OtherPerson,
    /// It describes support already in place; the recipe draws on what is advised.
    InPlace,
    /// It is one value of a conflict that is left open.
    Conflict,
    /// It speaks to the reader or to a machine, not about the case.
    Instruction,
    /// A statement of it failed its checks and was taken out: a person should write it.
    TakenOut,
    /// Screening for harm holds back what was made of it: the officer decides.
    HeldBack,
    /// It is detail beneath the statements of its kind that were chosen.
    Detail,
    /// It looks like a need, a recommendation or an outcome and no claim was made of it: a person should look.
    Unclaimed,
}

/// What became of one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The sentence.
    pub sentence: SentenceId,
    /// What became of it.
    pub fate: SentenceUse,
}

/// A draft before it was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The sections in the recipe's order, every one of them.
    pub sections: Vec<DraftSection>,
    /// Different values of the same thing.
    pub conflicts: Vec<Conflict>,
    /// Questions to professionals.
    pub queries: Vec<Query>,
    /// What became of every sentence of every source that was drafted from.
    pub coverage: Vec<Coverage>,
    /// What was drafted and taken out again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_out: Vec<TakenOut>,
}

impl FieldContent {
    /// The statements that stand in the field, values in conflict included.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        match self {
            Self::Empty => &[],
            Self::Value(statement) => std::slice::from_ref(statement),
            Self::Open(statements) | Self::Statements(statements) => statements,
        }
    }
}

impl Draft {
    /// All statements with the section and field they stand in, in order.
    pub fn statements(&self) -> impl Iterator<Item = (&DraftSection, &DraftField, &Statement)> {
        self.sections.iter().flat_map(|section| {
            section.fields.iter().flat_map(move |field| {
                field
                    .content
                    .statements()
                    .iter()
                    .map(move |statement| (section, field, statement))
            })
        })
    }
}
