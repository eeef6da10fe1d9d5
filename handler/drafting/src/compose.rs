//! A draft from claims, without a model: every field of the recipe in order, every statement in its source's words.
//!
//! Nothing is written here. A statement is the sentences of one claim, joined; what says the same stands behind it as
//! further evidence. Selection is by the recipe ([`choice`]); values that differ are left open ([`facts`]); what the
//! law wants and no source gives becomes a question ([`queries`]); and every sentence is accounted for ([`coverage`]).

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Case;
use crate::claim::{Claim, ClaimId, Speaker, Status, Strength};
use crate::document::SentenceId;
use crate::draft::{Draft, DraftField, DraftSection, FieldContent, Statement, Support};
use crate::recipe::{Field, Form, Recipe, Role, Section, Select};
use crate::reconcile::Reconciled;

mod choice;
mod coverage;
mod facts;
mod queries;
mod voices;
mod wording;
mod written;

pub use choice::{Placed, placed};
pub(crate) use wording::shown;
pub use written::{Portion, Written, WrittenFields};

/// Composes the draft of a case without a model.
#[must_use]
pub fn compose(recipe: &Recipe, case: &Case, all: &Reconciled) -> Draft {
    compose_written(recipe, case, all, &WrittenFields::new())
}

/// What there is to write: for every field that holds statements, the claims that belong there.
#[must_use]
pub fn portions(recipe: &Recipe, case: &Case, all: &Reconciled) -> Vec<Portion> {
    let behind: BTreeMap<ClaimId, &[ClaimId]> = all
        .merges
        .iter()
        .map(|merge| (merge.kept, merge.same.as_slice()))
        .collect();
    let assigned = choice::assigned(recipe, case, all);
    let fields = recipe.fields().filter(|(section, _)| section.closed.is_none());
    fields
        .filter_map(|(_, field)| {
            let claims = assigned.get(&field.key)?.iter();
            let with_same = |claim: &&Claim| {
                let same = behind.get(&claim.id).copied().unwrap_or(&[]);
                [claim.id]
                    .into_iter()
                    .chain(same.iter().copied())
                    .collect::<Vec<_>>()
            };
            Some(Portion {
                field: field.key.clone(),
                claims: claims.flat_map(with_same).collect(),
            })
        })
        .collect()
}

/// Composes the draft of a case, with what was written in place of the sources' words where something was.
#[must_use]
pub fn compose_written(recipe: &Recipe, case: &Case, all: &Reconciled, written: &WrittenFields) -> Draft {
    let composer = Composer {
        recipe,
        case,
        all,
        written,
        assigned: choice::assigned(recipe, case, all),
        behind: all
            .merges
            .iter()
            .map(|merge| (merge.kept, merge.same.clone()))
            .collect(),
        differing: all
            .conflicts
            .iter()
            .filter(|conflict| conflict.is_open())
            .flat_map(|conflict| &conflict.values)
            .flat_map(|value| value.sentences.clone())
            .collect(),
    };
    let mut sections: Vec<DraftSection> = recipe
        .sections
        .iter()
        .map(|section| composer.section(section))
        .collect();
    thread(recipe, all, &mut sections);
    Draft {
        conflicts: all.conflicts.clone(),
        queries: queries::queries(recipe, case, all, &sections),
        coverage: coverage::coverage(recipe, case, all, &sections),
        taken_out: Vec::new(),
        sections,
    }
}

/// Gives statements of a section their ids: `B.CI.1` in a list, `B.CI.P.1` in a passage beside it, `A.12`.
struct Numbering<'r> {
    section: &'r str,
    next: BTreeMap<String, usize>,
}

impl Numbering<'_> {
    fn next(&mut self, code: Option<&str>) -> String {
        let stem = code.map_or_else(
            || self.section.to_owned(),
            |code| format!("{}.{code}", self.section),
        );
        let number = self.next.entry(stem.clone()).or_default();
        *number += 1;
        format!("{stem}.{number}")
    }
}

struct Composer<'a> {
    recipe: &'a Recipe,
    case: &'a Case,
    all: &'a Reconciled,
    written: &'a WrittenFields,
    assigned: BTreeMap<String, Vec<&'a Claim>>,
    behind: BTreeMap<ClaimId, Vec<ClaimId>>,
    /// The sentences that give one value of a conflict.
    differing: BTreeSet<SentenceId>,
}

impl Composer<'_> {
    fn section(&self, section: &Section) -> DraftSection {
        let mut ids = Numbering {
            section: &section.id,
            next: BTreeMap::new(),
        };
        let fields = if section.closed.is_some() {
            &[][..]
        } else {
            &section.fields[..]
        };
        let fields = fields.iter().map(|field| DraftField {
            key: field.key.clone(),
            content: self.content(field, &mut ids),
        });
        DraftSection {
            id: section.id.clone(),
            fields: fields.collect(),
        }
    }

    fn content(&self, field: &Field, ids: &mut Numbering) -> FieldContent {
        let (recipe, case, all) = (self.recipe, self.case, self.all);
        if let Some(written) = self.written.get(&field.key) {
            return self.written_content(field, written, ids);
        }
        match &field.form {
            Form::Fact { .. } => facts::one(recipe, case, all, field, ids),
            Form::Facts { .. } => facts::several(recipe, case, all, field, ids),
            Form::Passage(_) => {
                let claims = choice::within(recipe, case, self.claims(field), field.max_words);
                self.statements(field, &claims, ids)
            }
            Form::List(_) => {
                let claims = choice::by_topic(recipe, case, self.claims(field));
                self.statements(field, &claims, ids)
            }
            Form::Officer => match case.manifest.values.get(&field.key) {
                Some(value) => FieldContent::Value(facts::officer(ids, value)),
                None => FieldContent::Empty,
            },
            // The index of sources is made by whoever renders, from the case itself.
            Form::Index => FieldContent::Empty,
        }
    }

    fn claims(&self, field: &Field) -> &[&Claim] {
        self.assigned.get(&field.key).map_or(&[], Vec::as_slice)
    }

    fn statements(&self, field: &Field, claims: &[&Claim], ids: &mut Numbering) -> FieldContent {
        let mut statements = self.officers(field, ids);
        statements.extend(claims.iter().map(|claim| self.statement(field, claim, ids)));
        self.tell_voices(field, &mut statements);
        non_empty(statements)
    }

    fn written_content(&self, field: &Field, written: &[Written], ids: &mut Numbering) -> FieldContent {
        let mut statements = self.officers(field, ids);
        for one in written {
            let claim = one
                .claims
                .first()
                .and_then(|id| self.all.claims.iter().find(|claim| claim.id == *id));
            let Some(claim) = claim else { continue };
            statements.push(Statement {
                text: one.text.clone(),
                support: Support::Claims(one.claims.clone()),
                ..self.statement(field, claim, ids)
            });
        }
        self.tell_voices(field, &mut statements);
        non_empty(statements)
    }

    /// What the officer gives for a field of statements stands before the others.
    fn officers(&self, field: &Field, ids: &mut Numbering) -> Vec<Statement> {
        let value = self.case.manifest.values.get(&field.key);
        value
            .map(|value| facts::officer(ids, value))
            .into_iter()
            .collect()
    }

    fn statement(&self, field: &Field, claim: &Claim, ids: &mut Numbering) -> Statement {
        let area = |select: &Select| {
            self.recipe
                .area(select.area.as_deref()?)
                .map(|area| area.code.clone())
        };
        let code = match &field.form {
            // The rows of a list are counted from 1; what reads as a passage beside them has numbers of its own.
            Form::Passage(select) => area(select).map(|code| format!("{code}.P")),
            Form::List(select) => area(select),
            Form::Fact { .. } | Form::Facts { .. } | Form::Officer | Form::Index => None,
        };
        let behind = self.behind.get(&claim.id).into_iter().flatten().copied();
        Statement {
            id: ids.next(code.as_deref()),
            text: shown(&self.recipe.lexicon, self.case, claim),
            support: Support::Claims([claim.id].into_iter().chain(behind).collect()),
            serves: Vec::new(),
            marks: self.marks(claim),
        }
    }

    fn marks(&self, claim: &Claim) -> Vec<String> {
        let texts = &self.recipe.lexicon.marks;
        let threaded = self
            .role(claim)
            .is_some_and(|role| matches!(role, Role::Need | Role::Measure | Role::Outcome));
        // "He may guess or copy" is firmly said of a need.
        let kind = self.recipe.kind(&claim.kind);
        let tentative =
            kind.is_some_and(|kind| matches!(kind.role, Role::Measure | Role::Outcome) || kind.stands_alone);
        let differs = claim.sentences.iter().any(|id| self.differing.contains(id));
        let marks = [
            (
                &texts.tentative,
                tentative && claim.strength == Strength::Tentative,
            ),
            (&texts.family, threaded && claim.speaker == Speaker::Family),
            (&texts.subject, threaded && claim.speaker == Speaker::Subject),
            (&texts.in_place, claim.status == Some(Status::InPlace)),
            (&texts.differs, differs),
        ];
        marks
            .into_iter()
            .filter(|(text, holds)| *holds && !text.is_empty())
            .map(|(text, _)| text.clone())
            .collect()
    }

    fn role(&self, claim: &Claim) -> Option<Role> {
        self.recipe.kind(&claim.kind).map(|kind| kind.role)
    }
}

fn non_empty(statements: Vec<Statement>) -> FieldContent {
    if statements.is_empty() {
        FieldContent::Empty
    } else {
        FieldContent::Statements(statements)
    }
}

/// Turns links between claims into links between statements.
fn thread(recipe: &Recipe, all: &Reconciled, sections: &mut [DraftSection]) {
    let claims: BTreeMap<ClaimId, &Claim> = all.claims.iter().map(|claim| (claim.id, claim)).collect();
    let role = |claim: &Claim| recipe.kind(&claim.kind).map(|kind| kind.role);
    let mut needs: BTreeMap<ClaimId, String> = BTreeMap::new();
    for statement in statements(sections) {
        let Support::Claims(ids) = &statement.support else {
            continue;
        };
        for id in ids.iter().filter(|id| {
            claims
                .get(id)
                .is_some_and(|claim| role(claim) == Some(Role::Need))
        }) {
            needs.insert(*id, statement.id.clone());
        }
    }
    for statement in statements(sections) {
        let Support::Claims(ids) = &statement.support else {
            continue;
        };
        let Some(first) = ids.first().and_then(|id| claims.get(id)) else {
            continue;
        };
        // A statement of several measures serves what each of them serves; a need among its claims serves nothing.
        let alike = ids
            .iter()
            .filter_map(|id| claims.get(id))
            .filter(|claim| role(claim) == role(first));
        let mut serves: Vec<String> = alike
            .flat_map(|claim| &claim.serves)
            .filter_map(|id| needs.get(id).cloned())
            .collect();
        let mut seen = BTreeSet::new();
        serves.retain(|id| *id != statement.id && seen.insert(id.clone()));
        statement.serves = serves;
    }
}

fn statements(sections: &mut [DraftSection]) -> impl Iterator<Item = &mut Statement> {
    sections
        .iter_mut()
        .flat_map(|section| &mut section.fields)
        .flat_map(|field| match &mut field.content {
            FieldContent::Empty => &mut [][..],
            FieldContent::Value(statement) => std::slice::from_mut(statement),
            FieldContent::Open(statements) | FieldContent::Statements(statements) => statements,
        })
}
