//! The thread from each need to the provision that answers it and the outcomes it is for.

use drafting::draft::Statement;
use drafting::recipe::{Form, Role};
use serde::Serialize;

use crate::index::Index;
use crate::words;

/// How many characters of a statement the thread shows; its link leads to the whole.
const MOST: usize = 110;

/// The thread of a recipe that has one.
#[derive(Serialize)]
pub(super) struct Thread<'a> {
    need: &'a str,
    measure: &'a str,
    outcome: Option<&'a str>,
    areas: Vec<AreaView<'a>>,
}

/// The needs of one field.
#[derive(Serialize)]
struct AreaView<'a> {
    title: &'a str,
    rows: Vec<Row<'a>>,
}

/// A need with what serves it.
#[derive(Serialize)]
struct Row<'a> {
    need: Knot<'a>,
    /// Whether it is a gap that nothing answers it.
    answered_elsewhere: bool,
    measures: Vec<Knot<'a>>,
    outcomes: Vec<Knot<'a>>,
}

/// A statement in the thread.
#[derive(Serialize)]
struct Knot<'a> {
    id: &'a str,
    /// How it begins.
    text: String,
}

/// The thread, unless the recipe has no measures or the draft no needs.
pub(super) fn thread<'a>(index: &Index<'a>) -> Option<Thread<'a>> {
    let title = |role| {
        index
            .recipe
            .kinds
            .iter()
            .find(|kind| kind.role == role)
            .map(|kind| kind.title.as_str())
    };
    let thread = Thread {
        need: title(Role::Need)?,
        measure: title(Role::Measure)?,
        outcome: title(Role::Outcome),
        areas: areas(index),
    };
    (!thread.areas.is_empty()).then_some(thread)
}

fn areas<'a>(index: &Index<'a>) -> Vec<AreaView<'a>> {
    let fields = index.sections().flat_map(|(section, _)| &section.fields);
    fields
        .map(|field| AreaView {
            title: title(index, &field.key),
            rows: field
                .content
                .statements()
                .iter()
                .filter_map(|statement| row(index, statement))
                .collect(),
        })
        .filter(|area| !area.rows.is_empty())
        .collect()
}

fn title<'a>(index: &Index<'a>, key: &'a str) -> &'a str {
    let area = match index.recipe.field(key).map(|field| &field.form) {
        Some(Form::List(select) | Form::Passage(select)) => select.area.as_deref(),
        Some(Form::Fact { .. } | Form::Facts { .. } | Form::Officer | Form::Index) | None => None,
    };
    let area = area
        .and_then(|id| index.recipe.area(id))
        .map(|area| area.title.as_str());
    area.or_else(|| index.label(key)).unwrap_or(key)
}

/// The row of a statement that is a need.
fn row<'a>(index: &Index<'a>, statement: &'a Statement) -> Option<Row<'a>> {
    if !is(index, statement, Role::Need) {
        return None;
    }
    let servants = |role| {
        let all = index.servants(&statement.id).iter();
        all.filter(|servant| is(index, servant, role))
            .map(|servant| Knot::of(servant))
            .collect()
    };
    let (measures, outcomes) = (servants(Role::Measure), servants(Role::Outcome));
    let mut kinds = index
        .claims(&statement.support)
        .filter_map(|claim| index.recipe.kind(&claim.kind));
    Some(Row {
        need: Knot::of(statement),
        answered_elsewhere: kinds.any(|kind| kind.stands_alone),
        measures,
        outcomes,
    })
}

/// Whether a statement rests on a claim of this role.
fn is(index: &Index<'_>, statement: &Statement, role: Role) -> bool {
    let mut kinds = index
        .claims(&statement.support)
        .filter_map(|claim| index.recipe.kind(&claim.kind));
    kinds.any(|kind| kind.role == role)
}

impl<'a> Knot<'a> {
    fn of(statement: &'a Statement) -> Self {
        Self {
            id: &statement.id,
            text: words::beginning(&statement.text, MOST),
        }
    }
}
