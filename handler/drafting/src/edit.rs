//! The officer's own edit: the draft as it came back from a word processor, against the record of the run it was made by.
//!
//! The edited file is read like any foreign file, and compared with the archived draft and with its record. What was changed,
//! moved, taken out and put in by hand is told field by field, and every rule that code decides is applied again, to each
//! changed statement with the evidence that it had. Nothing is believed of the file and nothing is changed in it.
//!
//! Two sets of findings are made in the same way, of the draft as it was and as it is now, from what the record holds; only
//! what one has and the other has not is told. What the record does not hold (the sources' other sentences) can so make
//! neither side look worse.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::changes::{Grounds, Quoted, Turnover, turnover};
use crate::check::{self, rules};
use crate::claim::Slots;
use crate::compare::{Piece, pieces, plain};
use crate::draft::{Draft, DraftField, FieldContent, Statement, Support};
use crate::finding::{Finding, Severity, Subject};
use crate::hash::Digest;
use crate::id::{CaseId, RecipeId, RunId};
use crate::recipe::Recipe;
use crate::record::Record;
use crate::source::{Notice, Reading};

mod align;
mod case;
mod lines;
mod place;
mod told;

use lines::Line;

/// The value of `schema` in every edit of this form.
pub const SCHEMA: &str = "golden-thread/edit/1";

/// Paragraphs and cells that an edited draft may have; the longest plans have some two thousand.
const MOST_LINES: usize = 20_000;

/// One of so many statements must stand in the edited file with the words that it had: else it is another document, perhaps
/// about another child.
const LEAST_KEPT: usize = 4;

/// What a person did to a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The run whose draft was edited.
    pub run: RunId,
    /// Its case.
    pub case: CaseId,
    /// Its recipe.
    pub recipe: RecipeId,
    /// Its day of drafting.
    pub date: Date,
    /// SHA-256 of the edited file.
    pub edited: Digest,
    /// Statements in other words than they had, in the draft's order.
    pub changed: Vec<Changed>,
    /// Statements that are gone.
    pub removed: Vec<Removed>,
    /// Text that no statement of the draft has: the officer's own.
    pub added: Vec<Added>,
    /// Statements with the same words in another place, by their ids.
    pub moved: Vec<String>,
    /// Text around the statements (headings, labels, links between statements) that is not as it was.
    pub around: Vec<Around>,
    /// The number of statements with the same words.
    pub unchanged: usize,
    /// What the rules find in the draft as a whole and did not, and the other way round. Findings about a statement that
    /// was changed or added stand with it.
    pub findings: Turnover<Finding>,
    /// The rules that could be applied to the draft and cannot be to its edit, by id, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_assessed: BTreeMap<String, String>,
    /// What the reader noticed in the edited file: tracked changes, comments, hidden text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

/// A statement in other words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its id in the record.
    pub id: String,
    /// Its section.
    pub section: String,
    /// Its field.
    pub field: String,
    /// Its words: what was kept, taken out and put in.
    pub words: Vec<Piece>,
    /// Whether its evidence still bears it.
    pub bearing: Bearing,
    /// What the rules find in it now and did not before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Quoted>,
}

/// Whether the evidence of a statement bears its new words, as far as code can tell. No judge has read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// A rule finds words that the evidence does not bear.
    Lost,
    /// A rule has doubts.
    Doubtful,
    /// No rule finds anything new.
    Stands,
    /// It was the officer's own before.
    Officer,
}

/// A statement that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Its id in the record.
    pub id: String,
    /// Its section.
    pub section: String,
    /// Its field.
    pub field: String,
    /// Its words.
    pub text: String,
    /// The specifics that its evidence gives: who, ratio, duration, frequency, until when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specifics: Vec<String>,
    /// The statements that it served.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub served: Vec<String>,
    /// The statements that serve it and are still there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_serving: Vec<String>,
    /// The statements that it served and that nothing serves now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_alone: Vec<String>,
    /// What it rested on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Quoted>,
}

/// Text that no statement of the draft has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// What findings call it.
    pub id: String,
    /// The section that it stands in, where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The field that it stands in, where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The heading that it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// The text.
    pub text: String,
    /// What the rules of words find in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// Text around the statements that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// What it was; nothing where it is new.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub old: String,
    /// What it is; nothing where it is gone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub new: String,
}

/// Why an edit cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditFault {
    /// The run made no draft.
    #[error("the run made no draft, so that nothing of it can have been edited")]
    NoDraft,
    /// The edited file is no draft of any kind.
    #[error("the edited draft has more than {MOST_LINES} paragraphs and cells")]
    TooLarge,
    /// The edited file holds hardly any of the draft's statements.
    #[error("the file holds hardly any of the draft's statements: is it the edited draft of another case?")]
    Unlike,
    /// The recipe at hand has other sections or fields than the one by which it was drafted.
    #[error(
        "the draft was made by another form of the recipe; draft the case again before its edit is checked"
    )]
    OtherRecipe,
}

/// How many statements of the record stand in the edited file with the same words, less those that do not: of several runs
/// of a case, the one with the most is the one that was edited.
#[must_use]
pub fn likeness(record: &Record, edited: &Reading) -> i64 {
    let text: Vec<String> = lines::of(edited).into_iter().map(|line| line.text).collect();
    let text = text.join("\n");
    let fields = record.sections.iter().flat_map(|section| &section.fields);
    let statements = fields.flat_map(|field| field.content.statements());
    statements
        .map(|statement| {
            if text.contains(&plain(&statement.text)) {
                1
            } else {
                -1
            }
        })
        .sum()
}

/// Compares the edited draft with the record of its run. `original` is the reading of the archived draft; without it the
/// record's own words stand for it.
pub fn review(
    recipe: &Recipe,
    record: &Record,
    original: Option<&Reading>,
    edited: &Reading,
    digest: Digest,
) -> Result<Edit, EditFault> {
    if record.sections.is_empty() {
        return Err(EditFault::NoDraft);
    }
    let ids = |sections: &mut dyn Iterator<Item = String>| sections.collect::<Vec<String>>();
    if ids(&mut record.sections.iter().map(|one| one.id.clone()))
        != ids(&mut recipe.sections.iter().map(|one| one.id.clone()))
    {
        return Err(EditFault::OtherRecipe);
    }
    let new = lines::of(edited);
    if new.len() > MOST_LINES {
        return Err(EditFault::TooLarge);
    }
    let old = original.map_or_else(|| lines::of_record(recipe, record), lines::of);
    let told = told::told(recipe, record, &old, &new);
    let kept = told.statements.iter().filter(|(_, fate)| fate.is_kept()).count();
    if kept * LEAST_KEPT < told.statements.len() {
        return Err(EditFault::Unlike);
    }
    Ok(Reviewing::new(recipe, record).edit(told, edited, digest))
}

struct Reviewing<'a> {
    recipe: &'a Recipe,
    record: &'a Record,
    grounds: Grounds<'a>,
}

impl<'a> Reviewing<'a> {
    fn new(recipe: &'a Recipe, record: &'a Record) -> Self {
        Self {
            recipe,
            record,
            grounds: Grounds::of(record),
        }
    }

    fn edit(&self, told: told::Told, edited: &Reading, digest: Digest) -> Edit {
        let mut added = told.added;
        for (number, one) in added.iter_mut().enumerate() {
            let section = one.section.as_deref().unwrap_or("?");
            one.id = format!("{section}.own.{}", number + 1);
        }
        let fates: BTreeMap<&str, &told::Fate> = told
            .statements
            .iter()
            .map(|(id, fate)| (id.as_str(), fate))
            .collect();
        let (case, kept_out) = case::of(self.recipe, self.record);
        let claims = &self.record.claims;
        let before = self.draft(&BTreeMap::new(), &[]);
        let after = self.draft(&fates, &added);
        let was = check::review(self.recipe, &case, claims, &kept_out, &before);
        let is = check::review(self.recipe, &case, claims, &kept_out, &after);
        let key = |finding: &Finding| {
            (
                finding.rule.clone(),
                finding.subject.clone(),
                finding.message.clone(),
            )
        };
        let mut findings = turnover(&was.findings, &is.findings, key, key);
        for one in &mut added {
            one.findings = self.words(one);
        }
        let own: BTreeSet<String> = added.iter().map(|one| one.id.clone()).collect();
        let changed = self.changed(&fates, &findings.new);
        let apart = |finding: &Finding| match &finding.subject {
            Subject::Statement(id) => {
                own.contains(id)
                    || matches!(
                        fates.get(id.as_str()),
                        Some(told::Fate::Changed(_) | told::Fate::Removed)
                    )
            }
            _ => false,
        };
        findings.new.retain(|finding| !apart(finding));
        findings.gone.retain(|finding| !apart(finding));
        let with = |wanted: fn(&told::Fate) -> bool| {
            let all = told.statements.iter().filter(move |(_, fate)| wanted(fate));
            all.map(|(id, _)| id.clone()).collect::<Vec<String>>()
        };
        Edit {
            schema: SCHEMA.into(),
            run: self.record.run.clone(),
            case: self.record.case.clone(),
            recipe: self.record.recipe.id.clone(),
            date: self.record.date,
            edited: digest,
            changed,
            removed: self.removed(&fates),
            added,
            moved: with(|fate| matches!(fate, told::Fate::Moved)),
            unchanged: with(|fate| matches!(fate, told::Fate::Same | told::Fate::Moved)).len(),
            around: told.around,
            findings,
            not_assessed: is
                .not_assessed
                .into_iter()
                .filter(|(rule, _)| !was.not_assessed.contains_key(rule))
                .collect(),
            notices: edited.notices.clone(),
        }
    }

    /// The draft of the record with these fates of its statements and this text of the officer's own.
    fn draft(&self, fates: &BTreeMap<&str, &told::Fate>, added: &[Added]) -> Draft {
        let mut sections = self.record.sections.clone();
        for section in &mut sections {
            for field in &mut section.fields {
                let own = added.iter().filter(|one| one.field.as_ref() == Some(&field.key));
                field.content = content(field, fates, own);
            }
        }
        Draft {
            taken_out: Vec::new(),
            sections,
            conflicts: self.record.conflicts.clone(),
            queries: Vec::new(),
            coverage: Vec::new(),
        }
    }

    fn statements(&self) -> impl Iterator<Item = (&'a str, &'a str, &'a Statement)> + use<'a> {
        let sections = self.record.sections.iter();
        sections.flat_map(|section| {
            section.fields.iter().flat_map(move |field| {
                let all = field.content.statements().iter();
                all.map(move |statement| (section.id.as_str(), field.key.as_str(), statement))
            })
        })
    }

    fn evidence(&self, statement: &Statement) -> Vec<Quoted> {
        self.grounds.evidence(statement).into_iter().collect()
    }

    fn changed(&self, fates: &BTreeMap<&str, &told::Fate>, new: &[Finding]) -> Vec<Changed> {
        let all = self.statements().filter_map(|(section, field, statement)| {
            let Some(told::Fate::Changed(text)) = fates.get(statement.id.as_str()) else {
                return None;
            };
            let subject = Subject::Statement(statement.id.clone());
            let findings: Vec<Finding> = new
                .iter()
                .filter(|finding| finding.subject == subject)
                .cloned()
                .map(reworded)
                .collect();
            Some(Changed {
                id: statement.id.clone(),
                section: section.to_owned(),
                field: field.to_owned(),
                words: pieces(&plain(&statement.text), text),
                bearing: bearing(statement, &findings),
                findings,
                evidence: self.evidence(statement),
            })
        });
        all.collect()
    }

    fn removed(&self, fates: &BTreeMap<&str, &told::Fate>) -> Vec<Removed> {
        let is_gone = |id: &str| matches!(fates.get(id), Some(told::Fate::Removed));
        let serving = |id: &str| -> Vec<String> {
            let left = self.statements().filter(|(_, _, other)| {
                other.serves.iter().any(|served| served == id) && !is_gone(&other.id)
            });
            left.map(|(_, _, other)| other.id.clone()).collect()
        };
        let gone = self
            .statements()
            .filter(|(_, _, statement)| is_gone(&statement.id));
        gone.map(|(section, field, statement)| Removed {
            id: statement.id.clone(),
            section: section.to_owned(),
            field: field.to_owned(),
            text: statement.text.clone(),
            specifics: self.specifics(statement),
            served: statement.serves.clone(),
            left_serving: serving(&statement.id),
            left_alone: statement
                .serves
                .iter()
                .filter(|served| !is_gone(served) && serving(served).is_empty())
                .cloned()
                .collect(),
            evidence: self.evidence(statement),
        })
        .collect()
    }

    fn specifics(&self, statement: &Statement) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for claim in self.grounds.claims(statement) {
            let Slots {
                who,
                ratio,
                duration,
                frequency,
                until,
            } = &claim.slots;
            for value in [who, ratio, duration, frequency, until].into_iter().flatten() {
                if !found.contains(value) {
                    found.push(value.clone());
                }
            }
        }
        found
    }

    fn words(&self, added: &Added) -> Vec<Finding> {
        let subject = Subject::Statement(added.id.clone());
        let field = added.field.as_deref();
        field.map_or_else(Vec::new, |field| {
            check::words(self.recipe, field, &subject, &added.text)
        })
    }
}

/// What stands in a field after the edit. The officer's own text stands beside the statements, or in a field that has none.
fn content<'e>(
    field: &DraftField,
    fates: &BTreeMap<&str, &told::Fate>,
    own: impl Iterator<Item = &'e Added>,
) -> FieldContent {
    let mut statements: Vec<Statement> = Vec::new();
    for statement in field.content.statements() {
        let text = match fates.get(statement.id.as_str()) {
            Some(told::Fate::Removed) => continue,
            Some(told::Fate::Changed(text)) => text.clone(),
            Some(told::Fate::Same | told::Fate::Moved) | None => plain(&statement.text),
        };
        statements.push(Statement {
            text,
            ..statement.clone()
        });
    }
    statements.extend(own.map(|added| Statement {
        id: added.id.clone(),
        text: added.text.clone(),
        support: Support::Officer,
        serves: Vec::new(),
        marks: Vec::new(),
    }));
    match &field.content {
        _ if statements.is_empty() => FieldContent::Empty,
        FieldContent::Value(_) if statements.len() == 1 => {
            statements.pop().map_or(FieldContent::Empty, FieldContent::Value)
        }
        FieldContent::Open(_) => FieldContent::Open(statements),
        FieldContent::Empty | FieldContent::Value(_) | FieldContent::Statements(_) => {
            FieldContent::Statements(statements)
        }
    }
}

fn bearing(statement: &Statement, findings: &[Finding]) -> Bearing {
    let of_evidence = |finding: &&Finding| finding.rule.starts_with(rules::OF_EVIDENCE);
    let worst = findings
        .iter()
        .filter(of_evidence)
        .map(|finding| finding.severity)
        .min();
    match (&statement.support, worst) {
        (Support::Officer, _) => Bearing::Officer,
        (Support::Claims(_), Some(Severity::Critical)) => Bearing::Lost,
        (Support::Claims(_), Some(Severity::Standard)) => Bearing::Doubtful,
        (Support::Claims(_), Some(Severity::Info) | None) => Bearing::Stands,
    }
}

/// A finding in words that fit a draft of which nothing is taken out.
fn reworded(mut finding: Finding) -> Finding {
    if finding.rule == rules::WORDING.id || finding.rule == rules::UNCITED.id {
        finding.message = "it holds words that are not in the sentences that it rests on".into();
    }
    finding
}
